"""Core zones of the clusters (核心承载区), one feature per place that a document names."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from layers.atlas import Atlas
from layers.kind import Click, Kind, Row
from layers.kinds.clusters import KIND as CLUSTERS
from layers.portrayal import legend, panes, style
from layers.portrayal.drawing import Drawing
from layers.portrayal.legend import LegendEntry
from layers.portrayal.status import STATUS_TITLES
from layers.portrayal.style import NamedStyle
from layers.shared import cluster_areas, clusters
from layers.shared.cluster_areas import AreaRole

_ROLE = AreaRole("clusters-core", "core", "核心承载区", CLUSTERS)


def _draw(atlas: Atlas, row: Row, _: int) -> Drawing:
    looks = style.core(clusters.colour_family(atlas, row), row["geometry_status"])
    return _ROLE.drawing(atlas, row, looks, panes.CORE)


def _legend(_atlas: Atlas) -> Iterable[LegendEntry]:
    yield LegendEntry(
        legend.CLUSTER_AREAS,
        "part:core",
        _ROLE.title,
        lambda family: style.core(family, "administrative"),
    )
    for status in ("supplied", "host-county"):
        yield LegendEntry(
            legend.STATUS, f"status:{status}", STATUS_TITLES[status], _of_status(status)
        )


def _of_status(status: str) -> Callable[[str], NamedStyle]:
    return lambda family: style.core(family, status)


KIND = Kind(
    id=_ROLE.layer,
    title=_ROLE.title,
    description="文件点名的核心承载区，逐处一个要素",
    position=20,
    build=_ROLE.build,
    columns=cluster_areas.columns,
    geometry="polygon",
    draw=_draw,
    filters=clusters.FILTERS,
    shown_first=True,
    cluster="part",
    county_colour="#9e1b32",
    legend=_legend,
    click=Click(10),
    facts=_ROLE.facts,
    targets=_ROLE.targets,
    targets_title=cluster_areas.TARGETS_TITLE,
    belongs_to=_ROLE.belongs_to,
    table=cluster_areas.TABLE,
    table_values=_ROLE.table_values,
    summary_facts=cluster_areas.SUMMARY_FACTS,
    profile=_ROLE.title,
    profile_text=_ROLE.profile_text,
    county_sections=_ROLE.county_sections,
    in_zone=_ROLE.in_zone,
    map_title="产业集群空间布局图",
)
