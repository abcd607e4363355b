"""The change between target years (目标增长): one point per cluster with targets.

Differences are those of the documents' figures, whose wording (预计超, 突破) makes them lower
bounds: the layer keeps the wording beside them, and nothing is interpolated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import geopandas as gpd
import pandas as pd

from geo.places import Places
from layers.atlas import Atlas
from layers.columns import Column, revenue_columns
from layers.kind import Fact, Kind, Row, common_facts
from layers.portrayal import legend, lettering, panes, symbols, targets
from layers.portrayal.drawing import Drawing, Label, Ring, Symbol
from layers.portrayal.legend import LegendEntry
from layers.portrayal.palette import INDUSTRY_COLOURS, ink
from layers.portrayal.style import NamedStyle, Style
from layers.shared import clusters, points
from layers.shared.attributes import city_values
from layers.shared.clusters import cluster_places, figure_values
from layers.shared.figures import THOUSAND_YI, year_spans
from layers.shared.frame import frame

_NOTE = "增长为文件目标值之差；文件用语为“预计超”“预计突破”，差值供比较，不是文件数值"
_STYLE = NamedStyle("growth", Style())


def _columns(years: Sequence[int]) -> tuple[Column, ...]:
    columns = [column for y in years for column in revenue_columns(y)]
    for a, b in year_spans(years):
        columns += [
            Column(
                f"change_yi_{a}_{b}",
                f"{a}—{b}年目标增量",
                "integer",
                "两年目标值之差，由本项目计算。",
                "亿元",
            ),
            Column(
                f"change_percent_{a}_{b}",
                f"{a}—{b}年目标增幅",
                "number",
                "增量占前一年目标值的百分比，由本项目计算。",
                "%",
            ),
        ]
    reached = Column(
        "year_reaching_1000_yi", "达千亿元目标年", "integer", "目标值首次达到1,000亿元的目标年。"
    )
    return (*columns, reached, *points.COLUMNS)


def _build(places: Places) -> gpd.GeoDataFrame:
    """One row per cluster with a revenue target: its targets and what changes between them.

    A change is null where either year has no target. The point stands for the cluster's first core
    place.
    """
    years = places.records.atlas.years
    rows = []
    for document, cluster in places.records.clusters():
        own = figure_values(cluster)
        yi = {y: own[f"revenue_yi_{y}"] for y in years if f"revenue_yi_{y}" in own}
        if not yi:
            continue
        members = cluster_places(places, cluster)
        seat = members[0].place
        rows.append(
            {
                **clusters.cluster_values(places, document, cluster),
                "id": KIND.feature_id(cluster.id),
                "layer": KIND.id,
                "name": cluster.name,
                "role": KIND.title,
                **city_values(places.records, (p.place.city_adcode for p in members)),
                "adcodes": seat.adcodes,
                **points.values(places, [seat]),
                "note": f"{_NOTE}；{points.note(places, [seat])}",
                **{f"revenue_yi_{y}": value for y, value in yi.items()},
                **{f"revenue_comparator_{y}": own[f"revenue_comparator_{y}"] for y in yi},
                **_changes(yi, years),
                "year_reaching_1000_yi": min((y for y in yi if yi[y] >= THOUSAND_YI), default=None),
            }
        )
    return frame(rows, _columns(years))


def _changes(yi: Mapping[int, int], years: Sequence[int]) -> dict[str, float]:
    changes: dict[str, float] = {}
    for start, end in year_spans(years):
        if start in yi and end in yi:
            change = yi[end] - yi[start]
            changes[f"change_yi_{start}_{end}"] = change
            changes[f"change_percent_{start}_{end}"] = round(100 * change / yi[start], 1)
    return changes


def _draw(atlas: Atlas, row: Row, _: int) -> Drawing:
    """Circles for the targets, and a label that says all the cluster's does, and the change.

    The label comes first and has the same text, so that it takes the place of the cluster's.
    """
    industry = clusters.colour_family(atlas, row)
    colour = INDUSTRY_COLOURS[industry]
    years = atlas.records.atlas.years
    given = {y: row[f"revenue_yi_{y}"] for y in years if pd.notna(row[f"revenue_yi_{y}"])}
    rings = tuple(
        Ring(year, targets.radius_px(value), fill, bool(value >= THOUSAND_YI))
        for (year, value), fill in zip(
            given.items(), targets.fills(colour, len(given)), strict=True
        )
    )
    at = (row["geometry"].x, row["geometry"].y)
    wording, change = clusters.target_labels(atlas, row), _change(atlas, row)
    by_year = {y: "\n".join(line for line in (wording.get(y), change) if line) for y in years}
    name = clusters.cluster_record(atlas, row).short_name
    return Drawing(
        style=_STYLE,
        pane=panes.OUTLINE,
        legend_keys=(f"industry:{industry}", KIND.id),
        class_suffix=industry,
        symbol=Symbol(symbols.CIRCLES, at, colour, rings),
        label=Label(lettering.CIRCLES, name, at, 1, ink(colour), by_year),
    )


def _change(atlas: Atlas, row: Row) -> str | None:
    """Say what changes from the first target year to the last, or within the years that have one.

    Only figures of the layer's columns are used.
    """
    for start, end in reversed(year_spans(atlas.records.atlas.years)):
        change = row[f"change_yi_{start}_{end}"]
        if pd.notna(change):
            percent = row[f"change_percent_{start}_{end}"]
            return f"{change:+,}亿元 {percent:+g}%".replace("-", "−")
    return None


def _facts(atlas: Atlas, row: Row) -> list[Fact]:
    facts = common_facts(row)
    for start, end in year_spans(atlas.records.atlas.years):
        change, percent = (row[f"change_{unit}_{start}_{end}"] for unit in ("yi", "percent"))
        if pd.notna(change):
            facts.append((f"{start}—{end}年目标增量", f"{change:+,} 亿元，{percent:+g}%"))
    return facts


def _legend(atlas: Atlas) -> Iterable[LegendEntry]:
    years = atlas.records.atlas.years
    yield LegendEntry(
        legend.GROWTH,
        KIND.id,
        "营业收入目标（圆面积，亿元）",
        legend.always(_STYLE),
        symbols.CIRCLES,
        notes=(
            f"由内向外：{years[0]}—{years[-1]}年各目标年",
            "粗环：所选目标年",
            "★：该年目标达千亿元",
            f"增减：{years[0]}—{years[-1]}年",
        ),
    )


KIND = Kind(
    id="growth",
    title="目标增长",
    description=(
        "集群营业收入目标在目标年之间的变化，每个有目标的集群一个点；差值由文件目标值相减"
    ),
    position=40,
    build=_build,
    columns=_columns,
    geometry="point",
    draw=_draw,
    filters=clusters.FILTERS,
    cluster="mark",
    legend=_legend,
    facts=_facts,
    targets=clusters.targets,
    table=(
        "name", "tier", "industry_names", "revenue_yi_*", "change_yi_*", "change_percent_*",
        "year_reaching_1000_yi", "locator",
    ),
    map_title="产业集群目标增长图",
)  # fmt: skip
