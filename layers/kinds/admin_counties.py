"""Counties (县级政区): counties, county-level cities and districts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.places import Places
from layers.atlas import Atlas
from layers.columns import Column
from layers.kind import Click, Kind, Row, TableValues
from layers.portrayal import legend, lettering, panes
from layers.portrayal.drawing import Drawing, Label
from layers.portrayal.legend import LegendEntry
from layers.portrayal.style import NamedStyle, Style
from layers.shared import divisions
from layers.shared.attributes import city_values
from layers.shared.clusters import cluster_places

_STYLE = NamedStyle("admin-county", Style(stroke="#9aa2ab", weight=0.7, opacity=0.8))
_KEY = "admin:county"
_LABEL_ZOOM = 8


def _build(places: Places) -> gpd.GeoDataFrame:
    """One row per county."""
    rows = [
        {
            "id": KIND.feature_id(str(adcode)),
            "layer": KIND.id,
            "name": county["name"],
            "role": KIND.title,
            **city_values(places.records, [county["city_adcode"]]),
            "adcodes": (adcode,),
            "geometry_status": "administrative",
            "locator": divisions.SOURCE,
            "adcode": adcode,
            "geometry": county.geometry,
        }
        for adcode, county in places.boundaries.counties.sort_index().iterrows()
    ]
    return divisions.division_frame(rows)


def _draw(atlas: Atlas, row: Row, _: int) -> Drawing:
    county = atlas.places.boundaries.counties.loc[row["adcode"]]
    at = (float(county["lon"]), float(county["lat"]))
    label = Label(lettering.COUNTY, row["name"], at, 9, "#6b737c", min_zoom=_LABEL_ZOOM)
    return Drawing(style=_STYLE, pane=panes.DIVISIONS, legend_keys=(_KEY,), label=label)


def _legend(_atlas: Atlas) -> Iterable[LegendEntry]:
    yield LegendEntry(legend.DIVISIONS, _KEY, "县级界", legend.always(_STYLE))


def _clusters(atlas: Atlas, rows: pd.DataFrame, _: int) -> Mapping[str, Sequence[Any]]:
    """Return how many clusters each county is a part of, and their short names."""
    found: dict[str, dict[str, None]] = {}
    parts = [
        (part, cluster)
        for _, cluster in atlas.records.clusters()
        for part in cluster_places(atlas.places, cluster)
    ]
    # Clusters of which a county is a core zone come first.
    for part, cluster in sorted(parts, key=lambda pair: pair[0].role != "core"):
        for adcode in part.place.adcodes:
            found.setdefault(adcode, {})[cluster.short_name] = None
    names = [tuple(found.get(adcode, ())) for adcode in rows["adcode"]]
    return {
        "clusters": [len(own) for own in names],
        "cluster_names": ["、".join(own) or None for own in names],
    }


KIND = Kind(
    id="admin-counties",
    title="县级政区",
    description="县、县级市、市辖区",
    position=120,
    build=_build,
    columns=divisions.columns,
    geometry="polygon",
    draw=_draw,
    filters=frozenset({"city"}),
    shown_first=True,
    division="county",
    legend=_legend,
    click=Click(80),
    facts=divisions.facts,
    lists_counties=False,
    table=("name", "city", "clusters", "cluster_names", "adcode", "area_km2"),
    table_values=TableValues(
        (
            Column("clusters", "涉及集群数", "integer", "该县(市、区)所属集群的个数。"),
            Column("cluster_names", "涉及集群", "text", "这些集群的简称，以、连接。"),
        ),
        _clusters,
    ),
    summary_facts=("城市", "行政区划代码", "图上面积（测算）"),
    map_title=None,
)
