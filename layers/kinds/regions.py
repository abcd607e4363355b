"""Development regions (新兴产业区域): one polygon per region that a document draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd

from geo.footprints import visual_centre
from geo.places import Places
from layers.atlas import Atlas
from layers.columns import Column
from layers.kind import (
    Click,
    CountySection,
    Fact,
    Kind,
    Row,
    SheetTable,
    common_facts,
    is_in_county,
)
from layers.portrayal import legend, lettering, panes
from layers.portrayal.drawing import Drawing, Label
from layers.portrayal.legend import LegendEntry
from layers.portrayal.palette import REGION_COLOURS, ink
from layers.portrayal.style import NamedStyle, band
from layers.shared.attributes import city_values, industry_values, join_words, source_values
from layers.shared.frame import frame

_COLUMNS = (
    Column("members", "成员", "text", "成员市，以、连接。"),
    Column("focus", "重点发展", "text", "文件所写的重点发展产业，以、连接。"),
    Column("integrated", "深化融合", "text", "深化融合的领域，以、连接。"),
    Column("frontier", "前沿技术研究", "text", "前沿技术，以、连接。"),
)


def _columns(_years: Sequence[int]) -> tuple[Column, ...]:
    return _COLUMNS


def _build(places: Places) -> gpd.GeoDataFrame:
    """One polygon per development region: the union of its members."""
    rows = []
    for document, region in places.records.regions():
        members = places.gazetteer.resolve_list(region.members)
        adcodes = tuple(sorted({a for p in members for a in p.adcodes}))
        footprint = places.footprints.of_counties(adcodes)
        rows.append(
            {
                "id": KIND.feature_id(region.id),
                "layer": KIND.id,
                "name": region.name,
                "role": "发展区域",
                **industry_values(places.records, document, region),
                **city_values(places.records, (p.city_adcode for p in members)),
                "adcodes": adcodes,
                "geometry_status": footprint.status,
                "note": "；".join(p.note for p in members if p.note) or None,
                **source_values(places.records, document, region.locator),
                "members": join_words(p.name for p in members),
                "focus": join_words(region.industries, is_open=region.industries_open),
                "frontier": join_words(region.frontier, is_open=region.frontier_open),
                "integrated": join_words(region.integrated, is_open=region.integrated_open),
                "geometry": footprint.geometry,
            }
        )
    return frame(rows, _COLUMNS)


def _style(index: int) -> NamedStyle:
    """Return the style of the region with this place in its document."""
    tint = index % len(REGION_COLOURS)
    return band(f"region-{tint}", REGION_COLOURS[tint])


def _draw(atlas: Atlas, row: Row, number: int) -> Drawing:
    region = {KIND.feature_id(r.id): r for _, r in atlas.records.regions()}[row["id"]]
    colour = ink(REGION_COLOURS[number % len(REGION_COLOURS)], 4.5)
    point = visual_centre(row["geometry"])
    return Drawing(
        style=_style(number),
        pane=panes.BACKDROP,
        legend_keys=(f"region:{row['id']}",),
        label=Label(lettering.REGION, region.short_name, (point.x, point.y), 3, colour),
    )


def _legend(atlas: Atlas) -> Iterable[LegendEntry]:
    names = atlas.frames[KIND.id][["id", "name"]].itertuples(index=False)
    for number, (feature_id, name) in enumerate(names):
        swatch = legend.always(_style(number))
        yield LegendEntry(legend.LAYOUT, f"region:{feature_id}", name, swatch)


def _facts(_atlas: Atlas, row: Row) -> list[Fact]:
    return [
        *common_facts(row),
        ("成员", row["members"]),
        ("重点发展", row["focus"]),
        ("深化融合", row["integrated"]),
        ("前沿技术研究", row["frontier"]),
    ]


KIND = Kind(
    id="regions",
    title="新兴产业区域",
    description="文件划定的引领区与发展区域",
    position=60,
    build=_build,
    columns=_columns,
    geometry="polygon",
    draw=_draw,
    filters=frozenset({"industry", "city"}),
    legend=_legend,
    click=Click(50),
    facts=_facts,
    table=("name", "members", "focus", "integrated", "document_title", "locator"),
    summary_facts=("成员", "重点发展"),
    profile="新兴产业区域",
    county_sections=(CountySection("新兴产业区域", is_in_county),),
    searched=True,
    map_title="产业空间布局图",
    sheet_table=SheetTable(
        "新兴产业区域", ("单元", "成员"), lambda row: (row["name"], row["members"])
    ),
)
