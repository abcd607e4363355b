"""Cities (设区市), as the boundary file divides the province."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd

from geo.footprints import visual_centre
from geo.places import Places
from layers.atlas import Atlas
from layers.kind import Click, Kind, Row
from layers.portrayal import legend, lettering, panes
from layers.portrayal.drawing import Drawing, Label
from layers.portrayal.legend import LegendEntry
from layers.portrayal.style import NamedStyle, Style
from layers.shared import divisions
from layers.shared.attributes import city_values

_STYLE = NamedStyle("admin-city", Style(stroke="#5f6873", weight=1.1, opacity=0.75))
_KEY = "admin:city"


def _build(places: Places) -> gpd.GeoDataFrame:
    """One row per city.

    A city that a carved-out one (雄安新区) lies in answers to both in the city filter, since its
    polygon covers both.
    """
    counties = places.boundaries.counties
    rows = []
    for adcode, members in counties.groupby("prefecture_adcode", sort=True):
        codes = tuple(sorted(members.index))
        carved = sorted(set(members["city"]) - set(members["prefecture"]))
        rows.append(
            {
                "id": KIND.feature_id(str(adcode)),
                "layer": KIND.id,
                "name": members["prefecture"].iloc[0],
                "role": "设区市",
                **city_values(places.records, members["city_adcode"]),
                "adcodes": codes,
                "geometry_status": "administrative",
                "note": f"含{'、'.join(carved)}" if carved else None,
                "locator": divisions.SOURCE,
                "adcode": adcode,
                "geometry": places.boundaries.union(codes),
            }
        )
    return divisions.division_frame(rows)


def _draw(_atlas: Atlas, row: Row, _: int) -> Drawing:
    point = visual_centre(row["geometry"])
    name = row["name"].removesuffix("市")
    label = Label(lettering.CITY, name, (point.x, point.y), 5, "#4b535d")
    return Drawing(style=_STYLE, pane=panes.DIVISIONS, legend_keys=(_KEY,), label=label)


def _legend(_atlas: Atlas) -> Iterable[LegendEntry]:
    yield LegendEntry(legend.DIVISIONS, _KEY, "设区市界", legend.always(_STYLE))


KIND = Kind(
    id="admin-cities",
    title="设区市",
    description="设区市政区",
    position=110,
    build=_build,
    columns=divisions.columns,
    geometry="polygon",
    draw=_draw,
    filters=frozenset({"city"}),
    shown_first=True,
    division="city",
    legend=_legend,
    click=Click(90),
    facts=divisions.facts,
    table=("name", "adcode", "area_km2", "note"),
    summary_facts=("行政区划代码", "图上面积（测算）"),
    map_title=None,
)
