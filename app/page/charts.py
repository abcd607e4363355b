"""Charts of what is shown, which choose on the map and mark what is chosen there.

A chart has the focus in its key: a new focus is a new chart, in which nothing is selected. So a
click is always news, also on what was chosen before one went Back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from app.page import picking, state
from app.page.language import gloss, listed, say
from app.page.state import Focus
from layers.catalogue import LAYERS, Atlas
from layers.kinds.clusters import THOUSAND_YI
from layers.markup import escape_markdown
from layers.portrayal.style import INDUSTRY_COLOURS
from layers.reading.counts import (
    COUNTY_LAYERS,
    by_county,
    by_industry_and_city,
    crossed_layers,
    shared_counties,
)
from layers.reading.details import feature
from layers.reading.view import View, select

INK, PALE = "#151b23", "#5b6673"
FAINT = 0.3  # opacity of what is beside the point
_CHOICE = "choice"  # name of the charts' selection
_MOST = 15  # counties in the chart
_SLOT_PX = 18  # height of a line or bar of a cluster
_ROLE_COLOURS = ("#9e1b32", "#dc9aa6", "#2f6690", "#8fb3cc")  # in the order of COUNTY_LAYERS
_HEAT = ("#f8e9eb", "#9e1b32")
_PALEST = 4  # the darkest square of the matrix holds at least so many


def show(atlas: Atlas, view: View, focus: Focus) -> None:
    """Show the charts: targets by year, counties by what lies there, industries by city."""
    targets, counties = st.columns([3, 2], gap="large")
    with targets:
        _targets_by_year(atlas, view, focused_cluster(atlas, focus))
    with counties:
        _counties(atlas, view, _focused_county(focus))
    _industries_by_city(atlas, view, focus)


def focused_cluster(atlas: Atlas, focus: Focus) -> str | None:
    """Return the cluster that the focus speaks of, as its feature's id."""
    row = feature(atlas, focus.feature) if focus.feature else None
    cluster = row["cluster_id"] if row else None
    return f"clusters:{cluster}" if isinstance(cluster, str) else None


def drawn(chart: alt.LayerChart, key: str, focused: str | None, description: str) -> None:
    """Draw a chart whose data have an ``id``; a click looks at the feature of that id."""
    key = f"{key}-{focused}"
    st.altair_chart(
        chart.properties(description=description)
        .configure_view(stroke=None)
        .configure_axis(aria=False)
        .configure_legend(aria=False),
        key=key,
        height=chart.height,  # the page keeps its place while a new chart is drawn
        on_select=lambda: _look(key),
    )


def choice() -> alt.Parameter:
    """Return the selection of one ``id`` by a click, for :func:`drawn`."""
    return alt.selection_point(name=_CHOICE, fields=["id"], on="click")


def halo(text: alt.Chart) -> alt.Chart:
    """Return the white ground of a text that lines would cross, to lie below the text."""
    ground = text.copy()
    ground.mark.stroke, ground.mark.strokeWidth = "white", 4
    return ground


def heading(text: str) -> None:
    """Write a chart's heading."""
    st.markdown(f"**{escape_markdown(text)}**")


def industry_colours(atlas: Atlas, industries: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return (names, colours of the map) of industries, in the records's order."""
    wanted = set(industries)
    shown = [i for i in atlas.records.industries if i.id in wanted]
    names = [gloss(i.name, atlas) for i in shown]
    return names, [INDUSTRY_COLOURS.get(i.id, INDUSTRY_COLOURS["future"]) for i in shown]


def _look(key: str) -> None:
    chosen = st.session_state[key].selection.get(_CHOICE)
    if chosen:
        state.look_at(feature=chosen[0]["id"])


def _focused_county(focus: Focus) -> str | None:
    """Return the code of the county that was chosen as a feature or by its profile."""
    for key in (focus.feature, focus.profile):
        kind, _, code = (key or "").partition(":")
        if kind in ("admin-counties", "county"):
            return code
    return None


# -- targets -----------------------------------------------------------------------------------


def _targets_by_year(atlas: Atlas, view: View, focused: str | None) -> None:
    """Show revenue targets by cluster and year; clusters without a target are named, not drawn."""
    heading(say("各集群分年营业收入目标（亿元，文件用语为“预计超”或“预计突破”）"))
    years = atlas.records.atlas.years
    clusters = select(atlas, "clusters", view)
    has_target = clusters[[f"revenue_yi_{y}" for y in years]].notna().any(axis=1)
    with_target, without = clusters[has_target], clusters["name"][~has_target]
    if with_target.empty:
        st.caption(say("所示集群在文件中没有营业收入目标。"))
        return
    with_target = with_target.sort_values("revenue_yi", ascending=False, kind="stable")
    drawn(
        _bars(atlas, with_target, view.year, focused),
        "chart-targets",
        focused,
        say("{n} 个集群的分年营业收入目标条形图，点击选择集群", n=len(with_target)),
    )
    note = say(
        "颜色同地图图例，深色为所选目标年；虚线为 1,000 亿元。点击条形，在地图上查看该集群。"
    )
    if len(without):
        note += say(
            "文件未给营业收入目标的集群（{n} 个）：{clusters}。",
            n=len(without),
            clusters=listed(escape_markdown(gloss(name)) for name in without),
        )
    st.caption(note)


def _bars(atlas: Atlas, clusters: pd.DataFrame, year: int, focused: str | None) -> alt.LayerChart:
    """Draw a cluster as its name, in as many lines as it needs, and a bar per year below."""
    years = atlas.records.atlas.years
    names, bars = [], []
    industries = {i.id: gloss(i.name, atlas) for i in atlas.records.industries}
    for row in clusters.drop(columns="geometry").to_dict("records"):
        weight = FAINT if focused in set(clusters["id"]) and focused != row["id"] else 1.0
        shared = {"id": row["id"], "name": gloss(row["name"]), "chosen": row["id"] == focused}
        for n, line in enumerate(_lines(shared["name"])):
            names.append({**shared, "slot": f"name{n}", "text": line})
        for y in (y for y in years if pd.notna(row[f"revenue_yi_{y}"])):
            value = int(row[f"revenue_yi_{y}"])
            wording = gloss(row[f"revenue_comparator_{y}"])
            bars.append(
                {
                    **shared,
                    "slot": str(y),
                    "year": gloss(f"{y}年"),
                    "yi": value,
                    "wording": wording,
                    "industry": industries[row["industries"][0]],
                    "weight": weight * (1.0 if y == year else 0.45),
                    "text": f"{gloss(f'{y}年')}  {value:,}",
                    "this_year": y == year,
                    "said": say(
                        "{name}，{year}：{wording} {n:,} 亿元",
                        name=shared["name"],
                        year=gloss(f"{y}年"),
                        wording=wording,
                        n=value,
                    ),
                }
            )
    slots = sorted({name["slot"] for name in names}) + [str(y) for y in years]
    longest = max(bar["yi"] for bar in bars)
    place = alt.Y("id:N", axis=None, scale=alt.Scale(domain=list(clusters["id"]), padding=0.1))
    slot = alt.YOffset("slot:N", scale=alt.Scale(domain=slots, paddingInner=0.08))
    length = alt.X(
        "yi:Q",
        title=None,
        scale=alt.Scale(domain=[0, longest * 1.25], nice=False),
        axis=None,
    )
    domain, colours = industry_colours(atlas, {i[0] for i in clusters["industries"]})
    base = alt.Chart(pd.DataFrame(bars)).encode(x=length, y=place, yOffset=slot)
    bar = base.mark_bar(
        stroke=INK, strokeWidth=alt.ExprRef("datum.chosen ? 1.2 : 0"), cursor="pointer"
    ).encode(
        x=length.axis(tickCount=5, format=",d"),
        color=alt.Color(
            "industry:N",
            scale=alt.Scale(domain=domain, range=colours),
            legend=None,
        ),
        opacity=alt.Opacity("weight:Q", scale=None, legend=None),
        description="said:N",
        tooltip=[
            alt.Tooltip("name", title=say("集群")),
            alt.Tooltip("industry", title=say("产业")),
            alt.Tooltip("year", title=say("年份")),
            alt.Tooltip("wording", title=say("用语")),
            alt.Tooltip("yi", title=say("亿元"), format=","),
        ],
    )
    figure = base.mark_text(
        align="left",
        dx=4,
        dy=4,  # Vega places texts in bands within bands that much above the bars' middle
        fontSize=11,
        aria=False,
        fill=INK,
        fontWeight=alt.ExprRef("datum.this_year ? 700 : 400"),
    ).encode(text="text:N")
    title = (
        alt.Chart(pd.DataFrame(names))
        .mark_text(
            align="left",
            fontSize=12,
            aria=False,
            cursor="pointer",
            fill=alt.ExprRef("datum.chosen ? '#9e1b32' : '#151b23'"),
            fontWeight=alt.ExprRef("datum.chosen ? 700 : 500"),
        )
        .encode(x=alt.value(0), text="text:N", y=place, yOffset=slot)
    )
    at_top = alt.Axis(
        orient="top",
        values=[THOUSAND_YI],
        labelExpr=json.dumps(say("{n:,} 亿元", n=THOUSAND_YI), ensure_ascii=False),
        domain=False,
        grid=False,
        ticks=False,
    )
    line = (
        alt.Chart(pd.DataFrame({"yi": [THOUSAND_YI]}))
        .mark_rule(strokeDash=[4, 3], color=INK, opacity=0.6, aria=False)
        .encode(x=alt.X("yi:Q", title=None, axis=at_top))
    )
    height = len(clusters) * (len(slots) * _SLOT_PX + 10)
    return alt.LayerChart(
        layer=[line, halo(figure), halo(title), bar.add_params(choice()), figure, title],
        resolve={"axis": {"x": "independent"}},
        height=height,
    )


def _lines(glossed: str) -> list[str]:
    """Return a name, and its gloss on a line of its own."""
    return glossed.replace(" (", "\n(").split("\n")


# -- counties ----------------------------------------------------------------------------------


def _counties(atlas: Atlas, view: View, focused: str | None) -> None:
    """Show the counties with the most clusters, bases and projects, by role."""
    heading(say("集群、基地与项目最多的县(市、区)"))
    counts = by_county(atlas, view)
    if not counts:
        st.caption(say("所示图层没有落到县(市、区)的核心承载区、辐射区域、基地或项目。"))
        return
    most = dict(list(counts.items())[:_MOST])
    if focused is not None and focused in counts:
        most[focused] = counts[focused]
    st.markdown(_shared(atlas, view))
    drawn(
        _stacks(atlas, most, focused),
        "chart-counties",
        focused and f"admin-counties:{focused}",
        say("集群、基地与项目最多的 {n} 个县(市、区)条形图，点击选择县(市、区)", n=len(most)),
    )
    note = say(
        "每个集群、基地、项目在一个县(市、区)只计一次，含由区内开发区承担的；"
        "既是核心承载区又是辐射区域的，计入核心承载区。点击条形，在地图上查看该县(市、区)。"
    )
    if len(counts) > len(most):
        note += say("另有 {n} 个县(市、区)未列。", n=len(counts) - len(most))
    absent = [gloss(LAYERS[i].title) for i in COUNTY_LAYERS if i not in view.layers]
    if absent:
        note += say("未打开而未计入的图层：{layers}。", layers=listed(absent))
    st.caption(note)


def _shared(atlas: Atlas, view: View) -> str:
    """Say which counties are part of two or more clusters, of whatever layers are shown."""
    shared = shared_counties(atlas, view)
    if not shared:
        return say("所示集群中没有县(市、区)涉及两个及以上集群。")
    names = atlas.places.boundaries.counties["name"]
    return say(
        "涉及两个及以上集群的县(市、区)（{n} 个）：{counties}。",
        n=len(shared),
        counties=listed(escape_markdown(gloss(names[adcode])) for adcode in shared),
    )


def _stacks(
    atlas: Atlas, counts: Mapping[str, Mapping[str, int]], focused: str | None
) -> alt.LayerChart:
    names = _county_names(atlas, counts)
    titles = {layer: gloss(LAYERS[layer].title) for layer in COUNTY_LAYERS}
    rows = [
        {
            "id": f"admin-counties:{adcode}",
            "county": names[adcode],
            "role": titles[layer],
            "order": order,
            "n": n,
            "weight": FAINT if focused in counts and adcode != focused else 1.0,
            "said": say("{name}，{role}：{n}", name=names[adcode], role=titles[layer], n=n),
        }
        for adcode, own in counts.items()
        for order, (layer, n) in enumerate(own.items())
        if n
    ]
    totals = [
        {
            "id": f"admin-counties:{adcode}",
            "county": names[adcode],
            "n": sum(own.values()),
            "chosen": adcode == focused,
        }
        for adcode, own in counts.items()
    ]
    place = alt.Y(
        "county:N",
        title=None,
        scale=alt.Scale(domain=[names[adcode] for adcode in counts]),
        axis=alt.Axis(labelLimit=150, ticks=False, domain=False, labelFontSize=12),
    )
    present = {row["role"] for row in rows}
    shown = [layer for layer in COUNTY_LAYERS if titles[layer] in present]
    colours = dict(zip(COUNTY_LAYERS, _ROLE_COLOURS, strict=True))
    bars = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(cursor="pointer")
        .encode(
            x=alt.X("n:Q", title=None, axis=None),
            y=place,
            order="order:O",
            color=alt.Color(
                "role:N",
                scale=alt.Scale(
                    domain=[titles[layer] for layer in shown],
                    range=[colours[layer] for layer in shown],
                ),
                legend=alt.Legend(title=None, orient="top", columns=2, labelLimit=150),
            ),
            opacity=alt.Opacity("weight:Q", scale=None, legend=None),
            description="said:N",
            tooltip=[
                alt.Tooltip("county", title=say("县(市、区)")),
                alt.Tooltip("role", title=gloss("角色")),
                alt.Tooltip("n", title=say("数量")),
            ],
        )
        .add_params(choice())
    )
    figures = (
        alt.Chart(pd.DataFrame(totals))
        .mark_text(
            align="left",
            dx=4,
            fontSize=11,
            aria=False,
            fill=INK,
            fontWeight=alt.ExprRef("datum.chosen ? 700 : 400"),
        )
        .encode(x="n:Q", y=place, text="n:Q")
    )
    return alt.LayerChart(layer=[bars, figures], height=26 * len(counts))


def _county_names(atlas: Atlas, adcodes: Iterable[str]) -> dict[str, str]:
    """Return code → name; counties of one name tell their cities."""
    wanted = set(adcodes)
    counties = [c for c in atlas.records.counties if c.adcode in wanted]
    names = [c.name for c in counties]
    return {
        c.adcode: c.name
        if names.count(c.name) == 1
        else say("{name}（{about}）", name=c.name, about=c.city)
        for c in counties
    }


# -- industries and cities ---------------------------------------------------------------------


def _industries_by_city(atlas: Atlas, view: View, focus: Focus) -> None:
    """Show how many things each industry has in each city; a cell lists what they are."""
    heading(say("产业与城市"))
    cells = by_industry_and_city(atlas, view)
    if not cells:
        st.caption(say("所示图层没有同时带有产业与城市的要素。"))
        return
    # The view is in the key: another view has other cells, and none of them is chosen.
    key = f"chart-matrix-{hash(view)}"
    matrix, things = st.columns([3, 2], gap="large")
    with matrix:
        event: Any = st.altair_chart(
            _heat(atlas, view, cells),
            key=key,
            on_select=state.use,
        )
        st.caption(
            say(
                "计入所示图层：{layers}。一个集群只计一次；跨产业、跨城市的要素在每格各计一次。",
                layers=listed(gloss(LAYERS[i].title) for i in crossed_layers(view)),
            )
        )
    with things:
        chosen = event.selection.get(_CHOICE)
        cell = (chosen[0]["industry"], chosen[0]["city"]) if chosen else None
        if cell is not None and cell in cells:
            _things(atlas, cell, cells[cell], focus)
        else:
            st.caption(say("点击方格，在此列出其中的集群、基地与项目及其来源。"))


def _heat(
    atlas: Atlas, view: View, cells: Mapping[tuple[str, str], tuple[str, ...]]
) -> alt.LayerChart:
    industries = {i.id: gloss(i.name, atlas) for i in atlas.records.industries}
    cities = {code: gloss(name) for code, name in atlas.records.cities.items()}
    present = {industry for industry, _ in cells}
    rows = [i for i in industries if i in present]
    columns = [c for c in cities if not view.cities or c in view.cities]
    most = max(map(len, cells.values()))
    table = pd.DataFrame(
        [
            {
                "industry": industry,
                "city": city,
                "industry_name": industries[industry],
                "city_name": cities[city],
                "n": len(things),
                "said": say(
                    "{name}，{role}：{n}",
                    name=industries[industry],
                    role=cities[city],
                    n=len(things),
                ),
            }
            for (industry, city), things in cells.items()
        ]
    )
    base = alt.Chart(table).encode(
        x=alt.X(
            "city:N",
            title=None,
            scale=alt.Scale(domain=columns, padding=0.04),
            axis=_names_axis(cities, orient="top", labelAngle=-90, labelLimit=160),
        ),
        y=alt.Y(
            "industry:N",
            title=None,
            scale=alt.Scale(domain=rows, padding=0.06),
            axis=_names_axis(
                {code: "\n".join(_lines(name)) for code, name in industries.items()},
                labelLimit=150,
            ),
        ),
    )
    selected = _choice_of_cell()
    squares = base.mark_rect(cornerRadius=2, cursor="pointer", strokeWidth=2).encode(
        color=alt.Color(
            "n:Q",
            scale=alt.Scale(domain=[0, max(most, _PALEST)], range=list(_HEAT), nice=False),
            legend=None,
        ),
        stroke=alt.condition(selected, alt.value(INK), alt.value("transparent"), empty=False),
        description="said:N",
        tooltip=[
            alt.Tooltip("industry_name", title=say("产业")),
            alt.Tooltip("city_name", title=say("城市")),
            alt.Tooltip("n", title=say("数量")),
        ],
    )
    numbers = base.mark_text(
        fontSize=12,
        aria=False,
        fill=alt.ExprRef(f"datum.n > {max(most, _PALEST) / 2} ? '#ffffff' : '{INK}'"),
    ).encode(text="n:Q")
    return alt.LayerChart(
        layer=[squares.add_params(selected), numbers],
        description=say("各产业在各城市的要素数量，点击方格列出要素"),
        height=34 * len(rows),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        config=alt.Config(
            view=alt.ViewConfig(stroke="#e3e7eb", fill="#f8f9fa"),
            axis=alt.AxisConfig(
                aria=False, ticks=False, domain=False, grid=False, labelFontSize=12
            ),
        ),
    )


def _choice_of_cell() -> alt.Parameter:
    """Return the selection of a cell of the matrix by a click."""
    return alt.selection_point(name=_CHOICE, fields=["industry", "city"], on="click")


def _names_axis(names: Mapping[str, str], **options: Any) -> alt.Axis:
    """Return an axis of codes that shows their names, all of them."""
    table = json.dumps(names, ensure_ascii=False)
    label = f"split({table}[datum.value], '\\n')"
    raised = -7 if any("\n" in name for name in names.values()) else 0
    return alt.Axis(labelExpr=label, labelOverlap=False, labelOffset=raised, **options)


def _things(atlas: Atlas, cell: tuple[str, str], things: tuple[str, ...], focus: Focus) -> None:
    """List the things of a cell; choosing one looks at it."""
    industry, city = cell
    records = atlas.records
    where = say(
        "{industry} · {city}：{n} 项，选择一行在地图上查看",
        industry=gloss(records.industry_by_id[industry].name, atlas),
        city=gloss(records.cities[city]),
        n=len(things),
    )
    st.caption(escape_markdown(where))
    rows = [row for thing in things if (row := feature(atlas, thing)) is not None]
    key = f"cell-{industry}-{city}-{focus.feature}"
    st.dataframe(
        [
            {
                gloss("名称"): gloss(row["name"], atlas),
                gloss("角色"): gloss(row["role"]),
                say("来源"): f"{row['document']} {row['locator']}",
            }
            for row in rows
        ],
        key=key,
        hide_index=True,
        height=min(400, 38 + 35 * len(rows)),
        on_select=lambda: picking.look_at(key, things),
        selection_mode=picking.MODES,
        selection_default=picking.chosen(focus.feature, things),
        alt=where,
    )
