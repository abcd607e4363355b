"""Layers of the spatial layout: 一核两极四带 with 两翼, and the development regions."""

from __future__ import annotations

import geopandas as gpd

from geo.places import Places
from layers.attributes import cities, industries, joined, source
from layers.columns import columns_of
from layers.frame import frame

KINDS = {"belt": "四带", "wing": "两翼", "pole": "两极", "core": "一核"}


def layout(places: Places) -> gpd.GeoDataFrame:
    """One dissolved polygon per layout unit, in drawing order: belts, wings, poles, core.

    Columns: ``columns_of`` the layer. Where no document says which members belong, membership and
    geometry status read ``inferred`` and the note gives the reason.
    """
    order = list(KINDS)
    units = sorted(places.records.layout(), key=lambda item: order.index(item[1].kind))
    rows = []
    for number, (document, unit) in enumerate(units, start=1):
        members = places.gazetteer.resolve_list(unit.members)
        adcodes = tuple(sorted({a for p in members for a in p.adcodes}))
        stated = unit.membership == "stated"
        footprint = places.footprints.of_counties(
            adcodes, "administrative" if stated else "inferred"
        )
        notes = [unit.reason, *(p.note for p in members)]
        rows.append(
            {
                "id": f"layout:{unit.id}",
                "layer": "layout",
                "name": unit.name,
                "role": KINDS[unit.kind],
                **cities(places.records, (p.city_adcode for p in members)),
                "adcodes": adcodes,
                "geometry_status": footprint.status,
                "note": "；".join(n for n in notes if n) or None,
                **source(places.records, document, unit.locator),
                "kind": unit.kind,
                "membership": unit.membership,
                "members": joined(p.name for p in members),
                "draw_order": number,
                "geometry": footprint.geometry,
            }
        )
    return frame(rows, columns_of("layout", places.records.atlas.years))


def regions(places: Places) -> gpd.GeoDataFrame:
    """One polygon per development region."""
    rows = []
    for document, region in places.records.regions():
        members = places.gazetteer.resolve_list(region.members)
        adcodes = tuple(sorted({a for p in members for a in p.adcodes}))
        footprint = places.footprints.of_counties(adcodes)
        terms = (*region.industries, *region.integrated)
        rows.append(
            {
                "id": f"regions:{region.id}",
                "layer": "regions",
                "name": region.name,
                "role": "发展区域",
                **industries(places.records, document, terms),
                **cities(places.records, (p.city_adcode for p in members)),
                "adcodes": adcodes,
                "geometry_status": footprint.status,
                "note": "；".join(p.note for p in members if p.note) or None,
                **source(places.records, document, region.locator),
                "members": joined(p.name for p in members),
                "focus": joined(region.industries, is_open=region.industries_open),
                "frontier": joined(region.frontier, is_open=region.frontier_open),
                "integrated": joined(region.integrated, is_open=region.integrated_open),
                "geometry": footprint.geometry,
            }
        )
    return frame(rows, columns_of("regions", places.records.atlas.years))
