"""Layer of the future industries that a document guides to named members."""

from __future__ import annotations

import geopandas as gpd

from geo.places import Places
from layers.attributes import cities, industries, joined, period, source
from layers.columns import columns_of
from layers.frame import frame


def future_industries(places: Places) -> gpd.GeoDataFrame:
    """One row per future industry with guided members: the union of these members.

    Columns: ``columns_of`` the layer. Future industries without a place are listed, not drawn.
    """
    records = places.records
    rows = []
    for document, future in records.future():
        if future.places is None:
            continue
        members = places.gazetteer.resolve_list(future.places.places)
        adcodes = tuple(sorted({a for p in members for a in p.adcodes}))
        footprint = places.footprints.of_counties(adcodes)
        rows.append(
            {
                "id": f"future-industries:{future.id}",
                "layer": "future-industries",
                "name": future.name,
                "role": "未来产业",
                **industries(records, document, future.industry),
                **cities(records, (p.city_adcode for p in members)),
                "adcodes": adcodes,
                "geometry_status": footprint.status,
                "note": "；".join(dict.fromkeys(p.note for p in members if p.note)) or None,
                **source(records, document, future.locator),
                "places": joined(future.places.places, is_open=future.places.open),
                "fields": joined(future.fields, is_open=future.fields_open),
                "period": period(records, document),
                "geometry": footprint.geometry,
            }
        )
    return frame(rows, columns_of("future-industries", records.atlas.years))
