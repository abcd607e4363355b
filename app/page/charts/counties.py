"""The chart of the counties with the most clusters, bases and projects, by role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import altair as alt
import streamlit as st

from app.page.charts import shared
from app.page.charts.shared import INK, ColourScale
from app.page.language import gloss, join_list, say
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kinds.admin_counties import KIND as COUNTIES
from layers.markup import escape_markdown
from layers.reading.counts import COUNTY_LAYERS, counts_by_county, shared_counties
from layers.reading.view import View

_MOST = 15  # counties in the chart
_BAR_PX = 26  # height of a bar, with the space below it


def show(atlas: Atlas, view: View, focused: str | None) -> None:
    """Show the counties with the most clusters, bases and projects, by role.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows.
    focused
        The code of the county in focus, which is shown even if others have more.
    """
    shared.heading(say("集群、基地与项目最多的县(市、区)"))
    table = county_table(atlas, view, focused)
    if not table.totals:
        st.caption(say("所示图层没有落到县(市、区)的核心承载区、辐射区域、基地或项目。"))
        return
    st.markdown(shared_counties_text(atlas, view))
    shared.show_chart(
        chart(table),
        "chart-counties",
        focused and COUNTIES.feature_id(focused),
        say(
            "集群、基地与项目最多的 {n} 个县(市、区)条形图，点击选择县(市、区)", n=len(table.totals)
        ),
    )
    st.caption(_note(table, view))


def _note(table: CountyTable, view: View) -> str:
    """Return how the chart counts, and what it leaves out."""
    note = say(
        "每个集群、基地、项目在一个县(市、区)只计一次，含由区内开发区承担的；"
        "既是核心承载区又是辐射区域的，计入核心承载区。点击条形，在地图上查看该县(市、区)。"
    )
    if table.unlisted:
        note += say("另有 {n} 个县(市、区)未列。", n=table.unlisted)
    absent = [gloss(KINDS[i].title) for i in COUNTY_LAYERS if i not in view.layers]
    if absent:
        note += say("未打开而未计入的图层：{layers}。", layers=join_list(absent))
    return note


def shared_counties_text(atlas: Atlas, view: View) -> str:
    """Return which counties are part of two or more of the clusters in the view.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows; its layers do not matter.

    Returns
    -------
    str
        A sentence, as Markdown.
    """
    found = shared_counties(atlas, view)
    if not found:
        return say("所示集群中没有县(市、区)涉及两个及以上集群。")
    names = atlas.places.boundaries.counties["name"]
    return say(
        "涉及两个及以上集群的县(市、区)（{n} 个）：{counties}。",
        n=len(found),
        counties=join_list(escape_markdown(gloss(names[adcode])) for adcode in found),
    )


# -- the table ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class CountyBar:
    """How many things a county has in one role: one part of its bar.

    Attributes
    ----------
    id
        The county's id as a feature.
    county
        The county's name.
    role
        The title of the layer that the things belong to, in the page's language.
    order
        The place of the role in the bar, from 0.
    n
        The number of things.
    weight
        The opacity, from 0 to 1.
    said
        The count as a text for screen readers.
    """

    id: str
    county: str
    role: str
    order: int
    n: int
    weight: float
    said: str


@dataclass(frozen=True)
class CountyTotal:
    """How many things a county has in all roles: the figure beside its bar.

    Attributes
    ----------
    id, county
        As in :class:`CountyBar`.
    n
        The number of things.
    chosen
        Whether the county is in focus.
    """

    id: str
    county: str
    n: int
    chosen: bool


@dataclass(frozen=True)
class CountyTable:
    """The data of the chart.

    Attributes
    ----------
    bars
        The rows of the bars, county by county.
    totals
        One row per county, from top to bottom: the most things first, a county in focus last if it
        is not among these.
    roles
        The colours of the roles that occur.
    unlisted
        The number of counties that have something and are not in the chart.
    """

    bars: tuple[CountyBar, ...]
    totals: tuple[CountyTotal, ...]
    roles: ColourScale
    unlisted: int


def county_table(atlas: Atlas, view: View, focused: str | None) -> CountyTable:
    """Return the data of the chart, with texts in the page's language.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows.
    focused
        The code of the county in focus.

    Returns
    -------
    CountyTable
        Without rows if no county has anything.
    """
    counts = counts_by_county(atlas, view)
    most = dict(list(counts.items())[:_MOST])
    if focused is not None and focused in counts:
        most[focused] = counts[focused]
    names = _county_names(atlas, most)
    titles = {layer: gloss(KINDS[layer].title) for layer in COUNTY_LAYERS}
    bars = tuple(
        CountyBar(
            id=COUNTIES.feature_id(adcode),
            county=names[adcode],
            role=titles[layer],
            order=order,
            n=n,
            weight=shared.weight(adcode, focused, most),
            said=say("{name}，{role}：{n}", name=names[adcode], role=titles[layer], n=n),
        )
        for adcode, own in most.items()
        for order, (layer, n) in enumerate(own.items())
        if n
    )
    totals = tuple(
        CountyTotal(
            COUNTIES.feature_id(adcode), names[adcode], sum(own.values()), adcode == focused
        )
        for adcode, own in most.items()
    )
    return CountyTable(bars, totals, _role_colours(bars, titles), len(counts) - len(most))


def _role_colours(bars: Iterable[CountyBar], titles: dict[str, str]) -> ColourScale:
    """Return the colours of the roles that occur; `titles` are layer → role, in their order."""
    present = {bar.role for bar in bars}
    pairs = [
        (title, KINDS[layer].county_colour or INK)
        for layer, title in titles.items()
        if title in present
    ]
    return ColourScale([title for title, _ in pairs], [colour for _, colour in pairs])


def _county_names(atlas: Atlas, adcodes: Iterable[str]) -> dict[str, str]:
    """Return code → name; counties that share a name also show their cities."""
    wanted = set(adcodes)
    counties = [c for c in atlas.records.counties if c.adcode in wanted]
    names = [c.name for c in counties]
    return {
        c.adcode: c.name
        if names.count(c.name) == 1
        else say("{name}（{about}）", name=c.name, about=c.city)
        for c in counties
    }


# -- encodings ---------------------------------------------------------------------------------


def _place(table: CountyTable) -> alt.Y:
    """Return the encoding of the vertical place by the county, with its name as label."""
    return alt.Y(
        "county:N",
        title=None,
        scale=alt.Scale(domain=[total.county for total in table.totals]),
        axis=alt.Axis(labelLimit=150, ticks=False, domain=False, labelFontSize=12),
    )


def _role(table: CountyTable) -> alt.Color:
    """Return the encoding of the colour by the role, with a legend."""
    return alt.Color(
        "role:N",
        scale=table.roles.scale(),
        legend=alt.Legend(title=None, orient="top", columns=2, labelLimit=150),
    )


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("county", title=say("县(市、区)")),
        alt.Tooltip("role", title=gloss("角色")),
        alt.Tooltip("n", title=say("数量")),
    ]


# -- layers ------------------------------------------------------------------------------------


def _bar_layer(table: CountyTable) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(shared.data_frame(table.bars))
        .mark_bar(cursor="pointer")
        .encode(
            x=alt.X("n:Q", title=None, axis=None),
            y=_place(table),
            order="order:O",
            color=_role(table),
            opacity=shared.weight_encoding(),
            description="said:N",
            tooltip=_tooltip(),
        )
    )
    return layer


def _total_layer(table: CountyTable) -> alt.Chart:
    layer: alt.Chart = (
        alt.Chart(shared.data_frame(table.totals))
        .mark_text(
            align="left",
            dx=4,
            fontSize=11,
            aria=False,
            fill=INK,
            fontWeight=shared.bold_if("chosen"),
        )
        .encode(x="n:Q", y=_place(table), text="n:Q")
    )
    return layer


def chart(table: CountyTable) -> alt.LayerChart:
    """Return the chart.

    Parameters
    ----------
    table
        The data, with at least one county.

    Returns
    -------
    altair.LayerChart
        Selects the ``id`` of a county by click.
    """
    bars = _bar_layer(table).add_params(shared.click_selection("id"))
    return alt.LayerChart(layer=[bars, _total_layer(table)], height=_BAR_PX * len(table.totals))
