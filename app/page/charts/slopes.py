"""The chart of two target years: one line per cluster from its first target to its second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt
import streamlit as st

from app.page.charts import shared
from app.page.charts.shared import INK, ColourScale
from app.page.language import gloss, say
from layers.atlas import Atlas
from layers.reading.comparison import Growth, TargetChange
from layers.shared.figures import THOUSAND_YI

_HEIGHT_PX = 420
_LABEL_PX = 15  # height of a label
_NAME_SHARE = 0.35  # width of the level line's name, as a share of the way between the years
_ACROSS = (-0.35, 2.4)  # the horizontal axis, in units of the way between the years
_ROOM = 1.1  # height of the vertical axis, as a multiple of the largest target


def show(atlas: Atlas, growth: Growth, focused: str | None) -> None:
    """Show the chart.

    Parameters
    ----------
    atlas
        The atlas.
    growth
        The targets of the two years, in 亿元.
    focused
        The id of the cluster in focus.
    """
    shared.show_chart(
        chart(slope_table(atlas, growth, focused)),
        "chart-slopes",
        focused,
        say(
            "各集群 {start} 年与 {end} 年目标的斜线图，点击选择集群",
            start=growth.start,
            end=growth.end,
        ),
    )
    st.caption(say("颜色同地图图例；虚线为 1,000 亿元。"))


# -- the table ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Where things stand across the chart, in units of the way between the years.

    Attributes
    ----------
    before, after
        Where the labels begin, on both sides.
    first, second
        The two years.
    """

    before: float = -0.07
    first: float = 0.0
    second: float = 1.0
    after: float = 1.07


_COLUMNS = Columns()


@dataclass(frozen=True, kw_only=True)
class Slope(Columns):
    """A cluster's targets of both years.

    Attributes
    ----------
    id
        The cluster's id as a feature.
    name
        The cluster's name in the page's language.
    industry
        The name of the cluster's first industry, which decides the colour.
    start, end
        The targets in 亿元.
    start_at, end_at
        The heights of the labels, in 亿元 on the vertical axis.
    start_text, end_text
        The labels.
    weight
        The opacity, from 0 to 1.
    chosen
        Whether the cluster is in focus.
    """

    id: str
    name: str
    industry: str
    start: int
    end: int
    start_at: float
    end_at: float
    start_text: str
    end_text: str
    weight: float
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class LevelLine(Columns):
    """A level line across the chart; `start` is its value in 亿元."""

    start: int


@dataclass(frozen=True)
class LevelName:
    """The name of a level line: `text`, at `start` (亿元) and `at` (share of the way)."""

    start: float
    at: float
    text: str


@dataclass(frozen=True)
class YearHead:
    """The title of a year: `text`, at `at` across the chart."""

    at: float
    text: str


@dataclass(frozen=True)
class SlopeTable:
    """The data of the chart.

    Attributes
    ----------
    slopes
        One row per cluster with a target in both years.
    colours
        The industries' colours.
    years
        The titles of the two years.
    level, level_name
        The line at 1,000 亿元 and its name.
    top
        The upper end of the vertical axis, in 亿元.
    """

    slopes: tuple[Slope, ...]
    colours: ColourScale
    years: tuple[YearHead, YearHead]
    level: LevelLine
    level_name: LevelName
    top: float


def slope_table(atlas: Atlas, growth: Growth, focused: str | None) -> SlopeTable:
    """Return the data of the chart, with texts in the page's language.

    Parameters
    ----------
    atlas
        The atlas.
    growth
        The targets of the two years, in 亿元.
    focused
        The id of the cluster in focus.

    Returns
    -------
    SlopeTable
        A cluster without a target in one of the years is left out.
    """
    changes = [
        (c, c.start_yi, c.end_yi)
        for c in growth.changes
        if c.start_yi is not None and c.end_yi is not None
    ]
    targets = [(start, end) for _, start, end in changes]
    top = max([THOUSAND_YI, *(max(pair) for pair in targets)]) * _ROOM
    gap = top * _LABEL_PX / _HEIGHT_PX
    share, height = beside(THOUSAND_YI, targets, gap)
    return SlopeTable(
        slopes=_slopes(atlas, changes, gap, focused),
        colours=shared.industry_colours(atlas, (c.industry for c, _, _ in changes)),
        years=(
            YearHead(_COLUMNS.first, gloss(f"{growth.start}年")),
            YearHead(_COLUMNS.second, gloss(f"{growth.end}年")),
        ),
        level=LevelLine(start=THOUSAND_YI),
        level_name=LevelName(height, share, shared.thousand_text()),
        top=top,
    )


def _slopes(
    atlas: Atlas, changes: Sequence[tuple[TargetChange, int, int]], gap: float, focused: str | None
) -> tuple[Slope, ...]:
    """Return the rows of clusters with their two targets; labels are at least `gap` apart."""
    starts = apart([start for _, start, _ in changes], gap)
    ends = apart([end for _, _, end in changes], gap)
    shown = {c.id for c, _, _ in changes}
    return tuple(
        Slope(
            id=c.id,
            name=gloss(c.name),
            industry=gloss(atlas.records.industry_by_id[c.industry].name, atlas),
            start=start,
            end=end,
            start_at=start_at,
            end_at=end_at,
            start_text=f"{start:,}",
            end_text=f"{end:,}  {_short(c.name)}",
            weight=shared.weight(c.id, focused, shown),
            chosen=c.id == focused,
        )
        for (c, start, end), start_at, end_at in zip(changes, starts, ends, strict=True)
    )


def apart(values: Sequence[float], gap: float) -> list[float]:
    """Return heights for labels, moved down where two of them would overlap.

    Parameters
    ----------
    values
        The heights that the labels stand for.
    gap
        The least distance between two labels.

    Returns
    -------
    list of float
        One height per value, in the same order.

    Examples
    --------
    >>> apart([1200, 1150, 2000, 1200], 100)
    [1200, 1000, 2000, 1100]
    """
    heights = dict.fromkeys(range(len(values)), 0.0)
    above = float("inf")
    for n in sorted(heights, key=lambda n: -values[n]):
        heights[n] = above = min(values[n], above - gap)
    return list(heights.values())


def beside(level: float, slopes: Sequence[tuple[float, float]], gap: float) -> tuple[float, float]:
    """Return where the name of a level line crosses the fewest slopes.

    Parameters
    ----------
    level
        The value of the line.
    slopes
        The two values of each slope.
    gap
        The height of the name, which stands above or below the line.

    Returns
    -------
    share, value : float
        The middle of the name: as a share of the way between the years, and as a value.

    Examples
    --------
    >>> beside(1000, [(1000, 2000)], 100)
    (0.5, 1050.0)
    >>> beside(1000, [(1000, 1300)], 100)
    (0.5, 950.0)
    """

    def crossed(place: tuple[float, float]) -> int:
        share, value = place
        ends = (share - _NAME_SHARE / 2, share + _NAME_SHARE / 2)
        across = [sorted(start + (end - start) * e for e in ends) for start, end in slopes]
        return sum(low < value + gap / 2 and value - gap / 2 < high for low, high in across)

    tenths = (5, 6, 4, 7, 3, 8, 2)  # the middle first
    places = [(n / 10, level + way * gap / 2) for n in tenths for way in (1, -1)]
    return min(places, key=crossed)


def _short(name: str) -> str:
    """Return a cluster's name as a label: the Chinese one without 产业集群, or its gloss."""
    chinese, _, english = gloss(name).partition(" (")
    return english.removesuffix(")") or chinese.removesuffix("产业集群")


# -- encodings ---------------------------------------------------------------------------------


def _along(field: str) -> alt.X:
    """Return the encoding of the place across by a field in units of the way between the years."""
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=list(_ACROSS), nice=False), axis=None)


def _up(field: str, top: float) -> alt.Y:
    """Return the encoding of the height by a field in 亿元."""
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=None)


def _colour(table: SlopeTable) -> alt.Color:
    return alt.Color("industry:N", scale=table.colours.scale(), legend=None)


def _tooltip(table: SlopeTable) -> list[alt.Tooltip]:
    first, second = table.years
    return [
        alt.Tooltip("name", title=say("集群")),
        alt.Tooltip("start", title=first.text, format=","),
        alt.Tooltip("end", title=second.text, format=","),
    ]


# -- layers ------------------------------------------------------------------------------------


def _slope_layer(table: SlopeTable, base: alt.Chart) -> alt.Chart:
    layer: alt.Chart = base.mark_rule(
        strokeWidth=alt.ExprRef("datum.chosen ? 4 : 2"), cursor="pointer"
    ).encode(
        x=_along("first"),
        x2="second:Q",
        y=_up("start", table.top),
        y2="end:Q",
        description="name:N",
        tooltip=_tooltip(table),
    )
    return layer


def _leader_layers(table: SlopeTable, base: alt.Chart) -> list[alt.Chart]:
    """Return the thin lines from the ends of the slopes to their labels."""
    return [
        base.mark_rule(strokeWidth=0.8, aria=False).encode(
            x=_along(at), x2=f"{to}:Q", y=_up(own, table.top), y2=f"{own}_at:Q"
        )
        for at, to, own in (("first", "before", "start"), ("second", "after", "end"))
    ]


def _label_layers(table: SlopeTable, base: alt.Chart) -> list[alt.Chart]:
    """Return the labels on both sides."""
    sides: tuple[tuple[str, str, Literal["left", "right"], int], ...] = (
        ("before", "start", "right", -3),
        ("after", "end", "left", 3),
    )
    return [
        base.mark_text(
            align=align,
            dx=dx,
            fontSize=11,
            aria=False,
            cursor="pointer",
            limit=alt.ExprRef("width * 0.5"),
            fontWeight=shared.bold_if("chosen"),
        ).encode(
            x=_along(at),
            y=_up(f"{own}_at", table.top),
            text=f"{own}_text:N",
            color=alt.value(INK),
            opacity=alt.value(1),
        )
        for at, own, align, dx in sides
    ]


def _year_layer(table: SlopeTable) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(shared.data_frame(table.years))
        .mark_text(fontSize=12, fontWeight=700, aria=False, fill=INK, baseline="top")
        .encode(x=_along("at"), y=alt.value(0), text="text:N")
    )
    return layer


def _level_layer(table: SlopeTable) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(shared.data_frame([table.level]))
        .mark_rule(strokeDash=[4, 3], color=INK, opacity=0.5, aria=False)
        .encode(x=_along("first"), x2="second:Q", y=_up("start", table.top))
    )
    return layer


def _level_name_layer(table: SlopeTable) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(shared.data_frame([table.level_name]))
        .mark_text(fontSize=11, aria=False, fill=INK)
        .encode(x=_along("at"), y=_up("start", table.top), text="text:N")
    )
    return layer


def chart(table: SlopeTable) -> alt.LayerChart:
    """Return the chart.

    Parameters
    ----------
    table
        The data.

    Returns
    -------
    altair.LayerChart
        Selects the ``id`` of a cluster by click.
    """
    base = alt.Chart(shared.data_frame(table.slopes)).encode(
        opacity=shared.weight_encoding(), color=_colour(table)
    )
    name = _level_name_layer(table)
    return alt.LayerChart(
        layer=[
            _level_layer(table),
            _slope_layer(table, base).add_params(shared.click_selection("id")),
            *_leader_layers(table, base),
            *_label_layers(table, base),
            _year_layer(table),
            shared.halo(name),
            name,
        ],
        height=_HEIGHT_PX,
    )
