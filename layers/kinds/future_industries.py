"""Future industries (未来产业) that a document gives to named places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd

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
from layers.portrayal import legend, panes
from layers.portrayal.drawing import Drawing
from layers.portrayal.legend import LegendEntry
from layers.portrayal.palette import INDUSTRY_COLOURS
from layers.portrayal.style import NamedStyle, Style
from layers.shared.attributes import (
    city_values,
    industry_values,
    join_words,
    planning_period,
    source_values,
)
from layers.shared.frame import frame

_COLUMNS = (
    Column("places", "地区", "text", "文件所写的地区，以、连接。"),
    Column("places_role", "地区角色", "text", "文件对这些地区的用语：支持引导、引领等。"),
    Column("carriers", "其他承载", "text", "文件一并点名、但不落到单一地点的承载，以、连接。"),
    Column("fields", "聚焦领域", "text", "文件所写的领域，以、连接。"),
    Column("period", "规划期", "text", "所据文件的规划期。"),
)
_STYLE = NamedStyle(
    "future",
    Style(INDUSTRY_COLOURS["future"], 0.10, stroke=INDUSTRY_COLOURS["future"], weight=0.8),
)
_KEY = "future"


def _columns(_years: Sequence[int]) -> tuple[Column, ...]:
    return _COLUMNS


def _build(places: Places) -> gpd.GeoDataFrame:
    """One row per future industry with guided places: the union of these places.

    Future industries without a place are listed among the unmapped records, not drawn.
    """
    records = places.records
    rows = []
    for document, future in records.future():
        if future.places is None:
            continue
        guided = places.gazetteer.resolve_list(future.places.places)
        adcodes = tuple(sorted({a for p in guided for a in p.adcodes}))
        footprint = places.footprints.of_counties(adcodes)
        rows.append(
            {
                "id": KIND.feature_id(future.id),
                "layer": KIND.id,
                "name": future.name,
                "role": KIND.title,
                **industry_values(records, document, future),
                **city_values(records, (p.city_adcode for p in guided)),
                "adcodes": adcodes,
                "geometry_status": footprint.status,
                "note": "；".join(dict.fromkeys(p.note for p in guided if p.note)) or None,
                **source_values(records, document, future.locator),
                "places": join_words(future.places.places, is_open=future.places.open),
                "places_role": future.role,
                "carriers": join_words(future.carriers),
                "fields": join_words(future.fields, is_open=future.fields_open),
                "period": planning_period(records, document),
                "geometry": footprint.geometry,
            }
        )
    return frame(rows, _COLUMNS)


def _draw(_atlas: Atlas, _row: Row, _: int) -> Drawing:
    """Unions of cities lie on each other: the more a city is named, the darker it is."""
    return Drawing(style=_STYLE, pane=panes.BACKDROP, legend_keys=(_KEY,))


def _legend(_atlas: Atlas) -> Iterable[LegendEntry]:
    yield LegendEntry(legend.LAYOUT, _KEY, "未来产业所列地区", legend.always(_STYLE))


def _facts(_atlas: Atlas, row: Row) -> list[Fact]:
    return [
        *common_facts(row),
        ("地区", _places_text(row)),
        ("其他承载", row["carriers"]),
        ("聚焦领域", row["fields"]),
    ]


def _places_text(row: Row) -> str:
    return f"{row['places']}（{row['places_role']}）"


KIND = Kind(
    id="future-industries",
    title="未来产业",
    description="文件支持引导到市的未来产业，每个产业一个要素",
    position=70,
    build=_build,
    columns=_columns,
    geometry="polygon",
    draw=_draw,
    filters=frozenset({"industry", "city"}),
    legend=_legend,
    click=Click(60),
    facts=_facts,
    table=("name", "places", "places_role", "carriers", "fields", "document_title", "locator"),
    summary_facts=("地区", "聚焦领域"),
    profile="未来产业",
    county_sections=(CountySection("未来产业（所在城市）", is_in_county),),
    searched=True,
    map_title="产业空间布局图",
    sheet_table=SheetTable(
        "未来产业", ("产业", "地区"), lambda row: (row["name"], _places_text(row))
    ),
)
