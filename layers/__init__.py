"""What is shown: layers, the view on them, styles, the map and the exports."""
