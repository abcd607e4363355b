"""Vineyards (葡萄产区): an invented kind of layer, written as CONTRIBUTING says."""

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
from layers.portrayal.style import NamedStyle, Style
from layers.shared.attributes import city_values
from layers.shared.frame import frame

_COLUMNS = (Column("hectares", "种植面积", "integer", "虚构的种植面积。", "公顷"),)
_STYLE = NamedStyle("vineyard", Style("#7b1fa2", 0.4, stroke="#4a148c", weight=1.7))
_LEGEND_KEY = "vineyard"


def _columns(_years: Sequence[int]) -> tuple[Column, ...]:
    return _COLUMNS


def _build(places: Places) -> gpd.GeoDataFrame:
    rows = []
    for county, hectares in (("怀来县", 12_345), ("昌黎县", 678)):
        place = places.gazetteer.resolve(county)
        footprint = places.footprints.of(place)
        rows.append(
            {
                "id": KIND.feature_id(place.code),
                "layer": KIND.id,
                "name": f"{county}产区",
                "role": "葡萄产区",
                "industries": ("food",),
                "industry_names": places.records.industry_by_id["food"].name,
                **city_values(places.records, [place.city_adcode]),
                "adcodes": place.adcodes,
                "geometry_status": footprint.status,
                "locator": "虚构",
                "hectares": hectares,
                "geometry": footprint.geometry,
            }
        )
    return frame(rows, _COLUMNS)


def _draw(_atlas: Atlas, row: Row, _: int) -> Drawing:
    point = visual_centre(row["geometry"])
    label = Label(lettering.REGION, row["name"], (point.x, point.y), 3, "#4a148c")
    return Drawing(style=_STYLE, pane=panes.OUTLINE, legend_keys=(_LEGEND_KEY,), label=label)


def _legend(_atlas: Atlas) -> Iterable[LegendEntry]:
    yield LegendEntry(legend.LAYOUT, _LEGEND_KEY, "葡萄产区范围", legend.always(_STYLE))


def _facts(_atlas: Atlas, row: Row) -> list[Fact]:
    return [*common_facts(row), ("种植面积", f"{row['hectares']:,} 公顷")]


KIND = Kind(
    id="wine-regions",
    title="葡萄产区",
    description="虚构的葡萄产区，每个产区一个要素",
    position=105,
    build=_build,
    columns=_columns,
    geometry="polygon",
    draw=_draw,
    filters=frozenset({"industry", "city"}),
    shown_first=True,
    county_colour="#7b1fa2",
    legend=_legend,
    click=Click(15),
    facts=_facts,
    table=("name", "hectares", "city", "locator"),
    summary_facts=("种植面积", "城市"),
    profile="葡萄产区",
    county_sections=(CountySection("葡萄产区", is_in_county),),
    searched=True,
    sheet_table=SheetTable(
        "葡萄产区一览", ("产区", "城市"), lambda row: (row["name"], row["city"])
    ),
)
