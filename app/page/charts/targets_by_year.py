"""The chart of revenue targets: a cluster's name, and below it one bar per target year."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from app.page.charts import shared
from app.page.charts.shared import ACCENT, INK, ColourScale
from app.page.language import gloss, join_list, say
from layers.atlas import Atlas
from layers.kinds.clusters import KIND as CLUSTERS
from layers.markup import escape_markdown
from layers.reading.view import View, select
from layers.shared.figures import THOUSAND_YI

_SLOT_PX = 18  # height of a bar, or of a line of a name
_BETWEEN_PX = 10  # space between two clusters
_OTHER_YEAR = 0.45  # opacity of bars of other years than the view's, as a share
_ROOM = 1.25  # length of the axis, as a multiple of the longest bar; the figures need the rest


def show(atlas: Atlas, view: View, focused: str | None) -> None:
    """Show revenue targets by cluster and year; clusters without a target are named below.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows.
    focused
        The id of the cluster in focus.
    """
    shared.heading(say("各集群分年营业收入目标（亿元，文件用语为“预计超”或“预计突破”）"))
    table = targets_table(atlas, view, focused)
    if not table.bars:
        st.caption(say("所示集群在文件中没有营业收入目标。"))
        return
    shared.show_chart(
        chart(table),
        "chart-targets",
        focused,
        say("{n} 个集群的分年营业收入目标条形图，点击选择集群", n=len(table.clusters)),
    )
    note = say(
        "颜色同地图图例，深色为所选目标年；虚线为 1,000 亿元。点击条形，在地图上查看该集群。"
    )
    if table.without_target:
        note += say(
            "文件未给营业收入目标的集群（{n} 个）：{clusters}。",
            n=len(table.without_target),
            clusters=join_list(escape_markdown(gloss(name)) for name in table.without_target),
        )
    st.caption(note)


# -- the table ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class NameLine:
    """One line of a cluster's name.

    Attributes
    ----------
    id
        The cluster's id as a feature.
    name
        The cluster's name in the page's language.
    chosen
        Whether the cluster is in focus.
    slot
        The place of the line among the cluster's lines and bars.
    text
        The line.
    """

    id: str
    name: str
    chosen: bool
    slot: str
    text: str


@dataclass(frozen=True)
class Bar:
    """A cluster's target of one year.

    Attributes
    ----------
    id, name, chosen
        As in :class:`NameLine`.
    slot
        The year as text, which is the bar's place among the cluster's lines and bars.
    year
        The year in the page's language.
    yi
        The target in 亿元.
    wording
        The document's wording before the figure (预计超, 预计突破).
    industry
        The name of the cluster's first industry, which decides the colour.
    weight
        The opacity, from 0 to 1.
    text
        Year and figure, written beside the bar.
    this_year
        Whether the year is the view's.
    said
        The whole target as a text for screen readers.
    """

    id: str
    name: str
    chosen: bool
    slot: str
    year: str
    yi: int
    wording: str
    industry: str
    weight: float
    text: str
    this_year: bool
    said: str


@dataclass(frozen=True)
class TargetsTable:
    """The data of the chart.

    Attributes
    ----------
    bars, names
        The rows, cluster by cluster.
    clusters
        The ids of the clusters with a target, from top to bottom: the largest target of the view's
        year first.
    slots
        The places within each cluster, from top to bottom.
    colours
        The industries' colours.
    without_target
        The names of the clusters that have no target in any year.
    """

    bars: tuple[Bar, ...]
    names: tuple[NameLine, ...]
    clusters: tuple[str, ...]
    slots: tuple[str, ...]
    colours: ColourScale
    without_target: tuple[str, ...]


def targets_table(atlas: Atlas, view: View, focused: str | None) -> TargetsTable:
    """Return the data of the chart, with texts in the page's language.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows.
    focused
        The id of the cluster in focus.

    Returns
    -------
    TargetsTable
        Without rows if no cluster has a target.
    """
    years = atlas.records.atlas.years
    clusters = select(atlas, CLUSTERS.id, view)
    has_target = clusters[[f"revenue_yi_{y}" for y in years]].notna().any(axis=1)
    drawn = clusters[has_target].sort_values("revenue_yi", ascending=False, kind="stable")
    ids = tuple(drawn["id"])
    names: list[NameLine] = []
    bars: list[Bar] = []
    for row in drawn.drop(columns="geometry").to_dict("records"):
        names += _name_lines(row, focused)
        bars += _bars(atlas, row, view.year, focused, ids)
    return TargetsTable(
        bars=tuple(bars),
        names=tuple(names),
        clusters=ids,
        slots=(*sorted({name.slot for name in names}), *(str(y) for y in years)),
        colours=shared.industry_colours(atlas, {own[0] for own in drawn["industries"]}),
        without_target=tuple(clusters["name"][~has_target]),
    )


def _name_lines(row: Mapping[str, Any], focused: str | None) -> list[NameLine]:
    name = gloss(row["name"])
    return [
        NameLine(row["id"], name, row["id"] == focused, slot=f"name{n}", text=line)
        for n, line in enumerate(shared.name_lines(name))
    ]


def _bars(
    atlas: Atlas,
    row: Mapping[str, Any],
    view_year: int,
    focused: str | None,
    shown: Collection[str],
) -> Iterator[Bar]:
    name = gloss(row["name"])
    weight = shared.weight(row["id"], focused, shown)
    industry = gloss(atlas.records.industry_by_id[row["industries"][0]].name, atlas)
    for y in atlas.records.atlas.years:
        if pd.isna(row[f"revenue_yi_{y}"]):
            continue
        value, year = int(row[f"revenue_yi_{y}"]), gloss(f"{y}年")
        wording = gloss(row[f"revenue_comparator_{y}"])
        yield Bar(
            id=row["id"],
            name=name,
            chosen=row["id"] == focused,
            slot=str(y),
            year=year,
            yi=value,
            wording=wording,
            industry=industry,
            weight=weight * (1.0 if y == view_year else _OTHER_YEAR),
            text=f"{year}  {value:,}",
            this_year=y == view_year,
            said=say(
                "{name}，{year}：{wording} {n:,} 亿元",
                name=name,
                year=year,
                wording=wording,
                n=value,
            ),
        )


# -- encodings ---------------------------------------------------------------------------------


def _place(table: TargetsTable) -> dict[str, Any]:
    """Return the encodings of the vertical place: the cluster, and the slot within it."""
    return {
        "y": alt.Y("id:N", axis=None, scale=alt.Scale(domain=list(table.clusters), padding=0.1)),
        "yOffset": alt.YOffset(
            "slot:N", scale=alt.Scale(domain=list(table.slots), paddingInner=0.08)
        ),
    }


def _length(table: TargetsTable) -> alt.X:
    """Return the encoding of a bar's length by its target, without an axis."""
    longest = max(bar.yi for bar in table.bars)
    scale = alt.Scale(domain=[0, longest * _ROOM], nice=False)
    return alt.X("yi:Q", title=None, scale=scale, axis=None)


def _look(table: TargetsTable) -> dict[str, Any]:
    """Return the encodings of a bar's colour, opacity and texts."""
    return {
        "color": alt.Color("industry:N", scale=table.colours.scale(), legend=None),
        "opacity": shared.weight_encoding(),
        "description": "said:N",
        "tooltip": [
            alt.Tooltip("name", title=say("集群")),
            alt.Tooltip("industry", title=say("产业")),
            alt.Tooltip("year", title=say("年份")),
            alt.Tooltip("wording", title=say("用语")),
            alt.Tooltip("yi", title=say("亿元"), format=","),
        ],
    }


# -- layers ------------------------------------------------------------------------------------


def _bar_layer(table: TargetsTable, base: alt.Chart) -> alt.Chart:
    layer: alt.Chart = base.mark_bar(
        stroke=INK, strokeWidth=alt.ExprRef("datum.chosen ? 1.2 : 0"), cursor="pointer"
    ).encode(x=_length(table).axis(tickCount=5, format=",d"), **_look(table))
    return layer


def _figure_layer(base: alt.Chart) -> alt.Chart:
    """Return year and figure beside each bar."""
    layer: alt.Chart = base.mark_text(
        align="left",
        dx=4,
        dy=4,  # Vega places texts in bands within bands that much above the bars' middle
        fontSize=11,
        aria=False,
        fill=INK,
        fontWeight=shared.bold_if("this_year"),
    ).encode(text="text:N")
    return layer


def _name_layer(table: TargetsTable) -> alt.Chart:
    """Return the clusters' names, above their bars."""
    layer: alt.Chart = (
        alt.Chart(shared.data_frame(table.names))
        .mark_text(
            align="left",
            fontSize=12,
            aria=False,
            cursor="pointer",
            fill=alt.ExprRef(f"datum.chosen ? '{ACCENT}' : '{INK}'"),
            fontWeight=shared.bold_if("chosen", otherwise=500),
        )
        .encode(x=alt.value(0), text="text:N", **_place(table))
    )
    return layer


def _thousand_layer() -> alt.Chart:
    """Return the dashed line at 1,000 亿元, named at its top."""
    axis = alt.Axis(
        orient="top",
        values=[THOUSAND_YI],
        labelExpr=json.dumps(shared.thousand_text(), ensure_ascii=False),
        domain=False,
        grid=False,
        ticks=False,
    )
    layer: alt.Chart = (
        alt.Chart(pd.DataFrame({"yi": [THOUSAND_YI]}))
        .mark_rule(strokeDash=[4, 3], color=INK, opacity=0.6, aria=False)
        .encode(x=alt.X("yi:Q", title=None, axis=axis))
    )
    return layer


def chart(table: TargetsTable) -> alt.LayerChart:
    """Return the chart.

    Parameters
    ----------
    table
        The data, with at least one bar.

    Returns
    -------
    altair.LayerChart
        Selects the ``id`` of a cluster by click.
    """
    base = alt.Chart(shared.data_frame(table.bars)).encode(x=_length(table), **_place(table))
    bars = _bar_layer(table, base).add_params(shared.click_selection("id"))
    figures, names = _figure_layer(base), _name_layer(table)
    return alt.LayerChart(
        layer=[_thousand_layer(), shared.halo(figures), shared.halo(names), bars, figures, names],
        resolve={"axis": {"x": "independent"}},
        height=len(table.clusters) * (len(table.slots) * _SLOT_PX + _BETWEEN_PX),
    )
