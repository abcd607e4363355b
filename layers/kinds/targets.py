"""All quantitative targets (规划目标), one row each; most have no geometry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from data.models import Cluster, Statement, Target
from geo.places import Places
from layers.atlas import Atlas
from layers.columns import Column
from layers.kind import Click, Fact, Kind, Row, TableValues, common_facts
from layers.portrayal import legend, panes
from layers.portrayal.drawing import Drawing
from layers.portrayal.legend import LegendEntry
from layers.portrayal.style import NamedStyle, Style
from layers.shared import clusters
from layers.shared.attributes import city_values, industry_values, source_values
from layers.shared.figures import figure_text
from layers.shared.frame import frame

_COLUMNS = (
    Column("scope", "范围", "text", "数值所说的范围。"),
    Column("indicator", "指标", "text", "文件所写的指标。"),
    Column("comparator", "用语", "text", "文件用语，…为数值所在。"),
    Column("value", "数值", "number", "文件所写的数值，单位见“单位”。"),
    Column("value_high", "数值上限", "number", "文件给出区间时的上限。"),
    Column("value_text", "文字数值", "text", "以文字表示的数量（一批、若干）。"),
    Column("unit", "单位", "text", "数值的单位。"),
    Column("threshold", "门槛", "text", "计数所依的门槛（千亿级等）。"),
    Column("year", "年份", "integer", "数值所指的年份。"),
    Column("period", "时段", "text", "不指单一年份时的时段。"),
    Column("baseline", "基数", "text", "基数及其单位与年份，以文件所给为限。"),
)
_STYLE = NamedStyle("neighbour-plan", Style(stroke="#8a5a2b", weight=1.2, dash=(4, 3)))
_KEY = "neighbour-plan"
_INDICATORS = {"revenue": "营业收入", "servers": "运营服务器"}


def _build(places: Places) -> gpd.GeoDataFrame:
    """One row per target: the clusters' and every other.

    Only a target of a neighbouring province has a polygon (the province's); the others' geometry is
    null: a figure for the whole province or a cluster would repeat that outline in every row.
    """
    rows = []
    for document, cluster in places.records.clusters():
        rows += [_of_cluster(places, document, cluster, target) for target in cluster.targets]
    rows += [
        _statement(places, document, statement)
        for document, statement in places.records.statements()
        if statement.kind == "target"
    ]
    return frame(rows, _COLUMNS)


def _of_cluster(places: Places, document: str, cluster: Cluster, target: Target) -> dict[str, Any]:
    city = places.gazetteer.resolve(cluster.city)
    return {
        "id": KIND.feature_id(f"{cluster.id}-{target.indicator}-{target.year}"),
        "layer": KIND.id,
        "name": f"{cluster.name} {_INDICATORS[target.indicator]}",
        "role": "目标",
        "tier": cluster.tier,
        "cluster_id": cluster.id,
        **industry_values(places.records, document, cluster),
        **city_values(places.records, [city.city_adcode]),
        **source_values(places.records, document, cluster.locator),
        "scope": cluster.name,
        "indicator": _INDICATORS[target.indicator],
        "comparator": target.comparator,
        "value": target.value,
        "unit": target.unit,
        "year": target.year,
        "geometry": None,
    }


def _statement(places: Places, document: str, statement: Statement) -> dict[str, Any]:
    neighbours = places.boundaries.neighbours
    outline = neighbours[neighbours["name"] == statement.place].geometry
    baseline = None
    if statement.baseline_value is not None:
        year = f"（{statement.baseline_year}年）" if statement.baseline_year else ""
        baseline = f"{statement.baseline_value:g}{statement.baseline_unit or ''}{year}"
    return {
        "id": KIND.feature_id(statement.id),
        "layer": KIND.id,
        "name": f"{statement.scope} {statement.indicator}",
        "role": "目标",
        "city": statement.place,
        "geometry_status": "administrative" if len(outline) else None,
        "note": statement.note,
        **industry_values(places.records, document, statement),
        **source_values(places.records, document, statement.locator),
        "scope": statement.scope,
        "indicator": statement.indicator,
        "comparator": statement.comparator,
        "value": statement.value,
        "value_high": statement.value_high,
        "value_text": statement.value_text,
        "unit": statement.unit,
        "threshold": statement.threshold,
        "year": statement.year,
        "period": statement.period,
        "baseline": baseline,
        "geometry": outline.iloc[0] if len(outline) else None,
    }


def _columns(_years: Sequence[int]) -> tuple[Column, ...]:
    return _COLUMNS


def _draw(atlas: Atlas, row: Row, _: int) -> Drawing:
    neighbours = atlas.places.boundaries.neighbours
    members = tuple(neighbours.index[neighbours["name"] == row["city"]])
    return Drawing(style=_STYLE, pane=panes.BACKDROP, legend_keys=(_KEY,), members=members)


def _legend(_atlas: Atlas) -> Iterable[LegendEntry]:
    yield LegendEntry(legend.LAYOUT, _KEY, "邻省市规划目标", legend.always(_STYLE))


def _facts(_atlas: Atlas, row: Row) -> list[Fact]:
    return [
        *common_facts(row),
        ("范围", row["scope"]),
        ("指标", row["indicator"]),
        ("目标", figure_text(row)),
        ("年份", f"{row['year']}年" if pd.notna(row["year"]) else row["period"]),
        ("基数", row["baseline"]),
    ]


def _profile_text(_atlas: Atlas, row: Row) -> str:
    when = f"{row['year']}年" if pd.notna(row["year"]) else ""
    return f"{row['name']}　{when}{figure_text(row)}"


def _record_id(atlas: Atlas, rest: str) -> str:
    # A cluster's target is a part of its cluster's record: <cluster>-<indicator>-<year>.
    stem = rest.rsplit("-", 2)[0]
    return stem if stem in {c.id for _, c in atlas.records.clusters()} else rest


def _figures(_atlas: Atlas, rows: pd.DataFrame, _: int) -> Mapping[str, Sequence[Any]]:
    return {"figure": [figure_text(row) for row in rows.to_dict("records")]}


KIND = Kind(
    id="targets",
    title="规划目标",
    description="各文件的定量目标，每个目标一行；多数没有图形",
    position=100,
    build=_build,
    columns=_columns,
    geometry="none",
    draw=_draw,
    filters=clusters.FILTERS,
    by_year=True,
    legend=_legend,
    click=Click(70),
    facts=_facts,
    record_id=_record_id,
    table=(
        "scope", "indicator", "figure", "year", "period", "baseline", "note", "document_title",
        "locator",
    ),
    table_values=TableValues((Column("figure", "目标", "text", "数值连同文件用语。"),), _figures),
    summary_facts=("目标", "年份", "产业", "城市"),
    profile="规划目标",
    profile_text=_profile_text,
    map_title=None,
)  # fmt: skip
