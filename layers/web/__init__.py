"""What the browser draws: the scene as JSON, the empty Leaflet map and its base map."""
