"""Industry clusters: whole extents with targets and projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import shapely

from data.models import Cluster
from geo.footprints import weakest_status
from geo.places import Places
from layers.atlas import Atlas
from layers.columns import Column, revenue_columns
from layers.kind import Click, Kind, Row
from layers.portrayal import legend, lettering, panes, style
from layers.portrayal.drawing import Drawing, Label
from layers.portrayal.legend import LegendEntry
from layers.portrayal.palette import INDUSTRY_COLOURS, family, ink
from layers.portrayal.style import NamedStyle, Style
from layers.shared import clusters
from layers.shared.attributes import city_values, join_words
from layers.shared.clusters import ClusterPlace, cluster_places
from layers.shared.frame import frame

_COLUMNS = (
    Column("number", "序号", "integer", "在文件同层级清单中的序号。"),
    Column("chains", "产业链", "text", "文件点名的产业链，以、连接。"),
    Column("links", "产业链环节", "text", "文件列出的产业链环节，以、连接。"),
    Column("directions", "主攻方向", "text", "主攻方向，以、连接。"),
    Column("fields", "布局领域", "text", "布局或聚焦的领域，以、连接。"),
    Column("products", "重点产品与技术", "text", "产品与技术，以、连接。"),
    Column("positioning", "定位（转述）", "text", "集群定位，由本项目转述，不是文件原句。"),
    Column("core_places", "核心承载区", "text", "文件所写的核心承载区，以、连接。"),
    Column("radiation_places", "辐射区域", "text", "文件所写的辐射区域，以、连接。"),
    Column("projects", "推进重点项目数", "integer", "项目年份推进的重点项目数。", "个"),
    Column("projects_year", "项目年份", "integer", "推进这些项目的年份。"),
    Column(
        "investment_yi",
        "项目总投资约数",
        "integer",
        "这些项目的总投资（约），不是当年投资额。",
        "亿元",
    ),
)

_YEAR_COLUMNS = (
    Column("year", "目标年", "integer", "筛选所选的目标年。"),
    Column("revenue_yi", "目标年营业收入", "integer", "该年营业收入目标；文件未给则为空。", "亿元"),
    Column("revenue_comparator", "目标年用语", "text", "文件在数值前的用语。"),
)


def _columns(years: Sequence[int]) -> tuple[Column, ...]:
    targets: list[Column] = []
    for y in years:
        targets += [
            *revenue_columns(y),
            Column(
                f"servers_wan_{y}",
                f"{y}年服务器目标",
                "integer",
                "该年运行服务器目标；文件未给则为空。",
                "万台",
            ),
            Column(f"servers_comparator_{y}", f"{y}年服务器用语", "text", "文件在数值前的用语。"),
        ]
    return (*_COLUMNS, *targets, *_YEAR_COLUMNS)


def _build(places: Places) -> gpd.GeoDataFrame:
    """One row per cluster: its whole extent, targets and projects.

    Revenue stands on this layer alone, so that a sum over it counts each cluster once. ``year``,
    ``revenue_yi`` and ``revenue_comparator`` stay null until a view fills them.
    """
    rows = []
    for document, cluster in places.records.clusters():
        members = cluster_places(places, cluster)
        rows.append(
            {
                **clusters.cluster_values(places, document, cluster),
                "id": KIND.feature_id(cluster.id),
                "layer": KIND.id,
                "name": cluster.name,
                "role": KIND.title,
                **city_values(places.records, (p.place.city_adcode for p in members)),
                "adcodes": tuple(sorted({a for p in members for a in p.place.adcodes})),
                "geometry_status": weakest_status([p.footprint.status for p in members]),
                "note": _note(members),
                "geometry": shapely.union_all([p.footprint.geometry for p in members]),
                **clusters.figure_values(cluster),
                **_lists(cluster),
            }
        )
    return frame(rows, _columns(places.records.atlas.years))


def _note(members: list[ClusterPlace]) -> str | None:
    drawn = [p.place.name for p in members if p.footprint.status == "host-county"]
    notes = [p.place.note for p in members if p.place.kind == "city" and p.place.note]
    if drawn:
        notes.append(f"{'、'.join(drawn)}以所在县(区)示意")
    return "；".join(notes) or None


def _lists(cluster: Cluster) -> dict[str, Any]:
    core, radiation = cluster.core, cluster.radiation
    return {
        "number": cluster.number,
        "chains": join_words(cluster.chains, is_open=cluster.chains_open),
        "links": join_words(cluster.links, is_open=cluster.links_open),
        "directions": join_words(cluster.directions),
        "fields": join_words(cluster.fields, is_open=cluster.fields_open),
        "products": join_words(cluster.products, is_open=cluster.products_open),
        "positioning": cluster.positioning,
        "core_places": join_words(core.places, is_open=core.open) if core else cluster.seat,
        "radiation_places": join_words(radiation.places, is_open=radiation.open)
        if radiation
        else None,
    }


def _outline(industry: str) -> NamedStyle:
    """Return the outline around everything that a cluster names."""
    line = Style(stroke=ink(INDUSTRY_COLOURS[industry]), weight=1.2, opacity=0.55)
    return NamedStyle(f"cluster-{industry}", line)


def _draw(atlas: Atlas, row: Row, _: int) -> Drawing:
    industry, record = clusters.colour_family(atlas, row), clusters.cluster_record(atlas, row)
    targets = clusters.target_labels(atlas, row)
    return Drawing(
        style=_outline(industry),
        pane=panes.OUTLINE,
        legend_keys=(f"industry:{industry}", "part:extent"),
        label=Label(
            lettering.CLUSTER,
            record.short_name,
            clusters.seat_point(atlas, record),
            2 if targets else 4,
            ink(INDUSTRY_COLOURS[industry]),
            targets,
        ),
    )


def _legend(atlas: Atlas) -> Iterable[LegendEntry]:
    """Return an entry per colour family, named after its first industry, and the extent's."""
    titles = {family(i): i.name for i in reversed(atlas.records.industries)}
    titles["future"] = "未来产业"
    for industry in dict.fromkeys(family(i) for i in atlas.records.industries):
        swatch = legend.always(style.core(industry, "administrative"))
        yield LegendEntry(legend.INDUSTRIES, f"industry:{industry}", titles[industry], swatch)
    yield LegendEntry(legend.CLUSTER_AREAS, "part:extent", "集群整体范围", _outline, rank=1)


KIND = Kind(
    id="clusters",
    title="产业集群",
    description="集群整体范围（核心承载区与辐射区域之并），含分年营业收入目标",
    position=10,
    build=_build,
    columns=_columns,
    geometry="polygon",
    draw=_draw,
    filters=clusters.FILTERS,
    shown_first=True,
    cluster="whole",
    legend=_legend,
    click=Click(30),
    facts=clusters.facts,
    targets=clusters.targets,
    table=(
        "name", "tier", "industry_names", "city", "revenue_comparator", "revenue_yi",
        "projects", "investment_yi", "core_places", "radiation_places", "locator",
    ),
    summary_facts=(),  # the one-file page has a table of its own for clusters
    profile="产业集群",
    searched=True,
    map_title="产业集群空间布局图",
)  # fmt: skip
