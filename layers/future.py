"""Layer of the future industries that a document guides to named places."""

from __future__ import annotations

import geopandas as gpd

from layers.columns import columns_of
from layers.frame import frame
from layers.ground import Ground
from layers.sources import cities, industries, joined, period, source


def future_industries(ground: Ground) -> gpd.GeoDataFrame:
    """One row per future industry with guided places: the union of these places.

    Columns: ``columns_of`` the layer. Future industries without a place are listed, not drawn.
    """
    library = ground.library
    rows = []
    for document, future in library.future():
        if future.places is None:
            continue
        places = ground.gazetteer.resolve_list(future.places.places)
        adcodes = tuple(sorted({a for p in places for a in p.adcodes}))
        footprint = ground.footprints.of_counties(adcodes)
        rows.append(
            {
                "id": f"future-industries:{future.id}",
                "layer": "future-industries",
                "name": future.name,
                "role": "未来产业",
                **industries(library, document, future.industry),
                **cities(library, (p.city_adcode for p in places)),
                "adcodes": adcodes,
                "geometry_status": footprint.status,
                "note": "；".join(dict.fromkeys(p.note for p in places if p.note)) or None,
                **source(library, document, future.locator),
                "places": joined(future.places.places, is_open=future.places.open),
                "fields": joined(future.fields, is_open=future.fields_open),
                "period": period(library, document),
                "geometry": footprint.geometry,
            }
        )
    return frame(rows, columns_of("future-industries", library.atlas.years))
