"""Comparison: the targets of two years, and two clusters side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Literal

import altair as alt
import pandas as pd
import streamlit as st

from app.page import charts, picking, state
from app.page.language import gloss, listed, marked, say
from app.page.state import Focus
from layers.catalogue import Atlas
from layers.columns import spans
from layers.kinds.clusters import THOUSAND_YI
from layers.markup import escape_markdown
from layers.reading.comparison import Fact, Growth, growth_table, side_by_side
from layers.reading.view import View, select

_TABLE = "compare-years"
_SLOPE_PX = 420  # height of the slope chart
_LABEL_PX = 15  # height of a label in it
_NAME_SHARE = 0.35  # width of the level line's name, as a share of the way between the years
# Where things stand across the slope chart: labels before, the two years, labels after.
_PLACES = {"before": -0.07, "first": 0.0, "second": 1.0, "after": 1.07}


# -- two years ---------------------------------------------------------------------------------


def years(atlas: Atlas, view: View, compare_year: int | None) -> None:
    """Show the targets of the view's year and of another one, and what changes between them."""
    if compare_year is None or compare_year == view.year:
        _offer(atlas, view)
        return
    start, end = sorted((view.year, compare_year))
    if (start, end) not in spans(atlas.records.atlas.years):
        st.caption(say("图集没有 {start} 年与 {end} 年之间的变化数据。", start=start, end=end))
        return
    growth = growth_table(atlas, view, start, end)
    if not growth.changes:
        st.caption(say("所示集群在这两年都没有营业收入目标。"))
        return
    st.html(f'<section class="jitu-growth">{_headline(growth)}</section>')
    focused = charts.focused_cluster(atlas, state.focus())
    slope, table = st.columns([2, 3], gap="large")
    with slope:
        charts.drawn(
            _slopes(atlas, growth, focused),
            "chart-slopes",
            focused,
            say("各集群 {start} 年与 {end} 年目标的斜线图，点击选择集群", start=start, end=end),
        )
        st.caption(say("颜色同地图图例；虚线为 1,000 亿元。"))
    with table:
        _table(growth, focused)
        _notes(growth)


def _offer(atlas: Atlas, view: View) -> None:
    """Offer the other years to compare with."""
    st.caption(say("选择对比年，比较两个目标年的营业收入目标。"))
    with st.container(horizontal=True):
        for year in atlas.records.atlas.years:
            if year != view.year:
                st.button(
                    say("{year}年与{other}年对比", year=view.year, other=year),
                    on_click=partial(state.change_display, compare_year=year),
                )


def _headline(growth: Growth) -> str:
    """Return what the change comes to: clusters at 1,000 亿元, and the totals."""
    thousand = say(
        "目标达千亿元的集群（文件用语为“预计超”或“预计突破”）："
        "{start}年 {before} 个 → {end}年 {after} 个",
        start=growth.start,
        end=growth.end,
        before=growth.start_thousand,
        after=growth.end_thousand,
    )
    newly = (
        say("新增：{clusters}", clusters=listed(gloss(name) for name in growth.newly_thousand))
        if growth.newly_thousand
        else say("没有新增")
    )
    lines = [f"<p><b>{marked(thousand)}</b></p>", f"<p>{marked(newly)}</p>"]
    if growth.with_both:
        total = say(
            "两年均有目标的 {count} 个集群合计：预计超 {before:,} 亿元 → 预计超 {after:,} 亿元"
            "（{difference:+,} 亿元，{percent:+.1f}%）",
            count=growth.with_both,
            before=growth.start_total_yi,
            after=growth.end_total_yi,
            difference=growth.difference_yi,
            percent=growth.percent,
        )
        lines.append(f"<p>{marked(total)}</p>")
    return "".join(lines)


def _table(growth: Growth, focused: str | None) -> None:
    ids = [c.id for c in growth.changes]
    key = f"{_TABLE}-{focused}"
    start, end = gloss(f"{growth.start}年"), gloss(f"{growth.end}年")
    crossing = say("达千亿元")
    table = pd.DataFrame(
        [
            {
                say("集群"): gloss(c.name),
                start: _target(c.start_wording, c.start_yi),
                end: _target(c.end_wording, c.end_yi),
                say("增量（亿元）"): c.difference_yi,
                say("增幅（%）"): c.percent,
                crossing: say("新增") if c.reaches_thousand else None,
                gloss("来源"): c.source,
            }
            for c in growth.changes
        ]
    )
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        height=3 + 35 * (len(table) + 1),
        on_select=lambda: picking.look_at(key, ids),
        selection_mode=picking.MODES,
        selection_default=picking.chosen(focused, ids),
        column_config={
            say("集群"): st.column_config.TextColumn(width="medium"),
            say("增量（亿元）"): st.column_config.NumberColumn(format="localized"),
            say("增幅（%）"): st.column_config.NumberColumn(format="%.1f"),
        },
        placeholder="—",
        alt=say("{start} 年与 {end} 年目标对比表", start=growth.start, end=growth.end),
    )


def _target(wording: str | None, value: int | None) -> str | None:
    return None if value is None else f"{gloss(wording or '')} {value:,}".strip()


def _notes(growth: Growth) -> None:
    note = say(
        "单位：亿元。增量与增幅由文件目标值相减得出，供比较，不是文件数值；"
        "合计只计两年均有目标的集群，缺目标的不补。"
    )
    if growth.without:
        note += say(
            "两年均无目标的集群（{n} 个）：{clusters}。",
            n=len(growth.without),
            clusters=listed(escape_markdown(gloss(name)) for name in growth.without),
        )
    st.caption(note)


def _slopes(atlas: Atlas, growth: Growth, focused: str | None) -> alt.LayerChart:
    """Draw a line per cluster from its target of one year to that of the other."""
    changes = [
        (c, c.start_yi, c.end_yi)
        for c in growth.changes
        if c.start_yi is not None and c.end_yi is not None
    ]
    top = max([THOUSAND_YI, *(max(start, end) for _, start, end in changes)]) * 1.1
    gap = top * _LABEL_PX / _SLOPE_PX
    starts = apart([start for _, start, _ in changes], gap)
    ends = apart([end for _, _, end in changes], gap)
    dim = focused in {c.id for c, _, _ in changes}
    rows = [
        {
            "id": c.id,
            "name": gloss(c.name),
            "industry": gloss(atlas.records.industry_by_id[c.industry].name, atlas),
            "start": start,
            "end": end,
            "start_at": start_at,
            "end_at": end_at,
            "start_text": f"{start:,}",
            "end_text": f"{end:,}  {_short(c.name)}",
            "weight": charts.FAINT if dim and c.id != focused else 1.0,
            "chosen": c.id == focused,
            **_PLACES,
        }
        for (c, start, end), start_at, end_at in zip(changes, starts, ends, strict=True)
    ]
    domain, colours = charts.industry_colours(atlas, (c.industry for c, _, _ in changes))
    across = alt.Scale(domain=[-0.35, 2.4], nice=False)
    upward = alt.Scale(domain=[0, top], nice=False)

    def along(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=across, axis=None)

    def up(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", scale=upward, axis=None)

    base = alt.Chart(pd.DataFrame(rows)).encode(
        opacity=alt.Opacity("weight:Q", scale=None, legend=None),
        color=alt.Color("industry:N", scale=alt.Scale(domain=domain, range=colours), legend=None),
    )
    lines = base.mark_rule(
        strokeWidth=alt.ExprRef("datum.chosen ? 4 : 2"), cursor="pointer"
    ).encode(
        x=along("first"),
        x2="second:Q",
        y=up("start"),
        y2="end:Q",
        description="name:N",
        tooltip=[
            alt.Tooltip("name", title=say("集群")),
            alt.Tooltip("start", title=gloss(f"{growth.start}年"), format=","),
            alt.Tooltip("end", title=gloss(f"{growth.end}年"), format=","),
        ],
    )
    leaders = [
        base.mark_rule(strokeWidth=0.8, aria=False).encode(
            x=along(at), x2=f"{to}:Q", y=up(own), y2=f"{own}_at:Q"
        )
        for at, to, own in (("first", "before", "start"), ("second", "after", "end"))
    ]
    sides: tuple[tuple[str, str, Literal["left", "right"], int], ...] = (
        ("before", "start", "right", -3),
        ("after", "end", "left", 3),
    )
    texts = [
        base.mark_text(
            align=align,
            dx=dx,
            fontSize=11,
            aria=False,
            cursor="pointer",
            limit=alt.ExprRef("width * 0.5"),
            fontWeight=alt.ExprRef("datum.chosen ? 700 : 400"),
        ).encode(
            x=along(at),
            y=up(f"{own}_at"),
            text=f"{own}_text:N",
            color=alt.value(charts.INK),
            opacity=alt.value(1),
        )
        for at, own, align, dx in sides
    ]
    heads = pd.DataFrame(
        {
            "at": [_PLACES["first"], _PLACES["second"]],
            "text": [gloss(f"{growth.start}年"), gloss(f"{growth.end}年")],
        }
    )
    years_at_top = (
        alt.Chart(heads)
        .mark_text(fontSize=12, fontWeight=700, aria=False, fill=charts.INK, baseline="top")
        .encode(x=along("at"), y=alt.value(0), text="text:N")
    )
    thousand = (
        alt.Chart(pd.DataFrame({"start": [THOUSAND_YI], **{k: [v] for k, v in _PLACES.items()}}))
        .mark_rule(strokeDash=[4, 3], color=charts.INK, opacity=0.5, aria=False)
        .encode(x=along("first"), x2="second:Q", y=up("start"))
    )
    share, value = beside(THOUSAND_YI, [(start, end) for _, start, end in changes], gap)
    said = say("{n:,} 亿元", n=THOUSAND_YI)
    its_name = (
        alt.Chart(pd.DataFrame({"start": [value], "at": [share], "text": [said]}))
        .mark_text(fontSize=11, aria=False, fill=charts.INK)
        .encode(x=along("at"), y=up("start"), text="text:N")
    )
    above = (*leaders, *texts, years_at_top, charts.halo(its_name), its_name)
    return alt.LayerChart(
        layer=[thousand, lines.add_params(charts.choice()), *above],
        height=_SLOPE_PX,
    )


def apart(values: Sequence[float], gap: float) -> list[float]:
    """Return places for labels at these values, at least `gap` apart, moved down where needed.

    >>> apart([1200, 1150, 2000, 1200], 100)
    [1200, 1000, 2000, 1100]
    """
    places = dict.fromkeys(range(len(values)), 0.0)
    above = float("inf")
    for n in sorted(places, key=lambda n: -values[n]):
        places[n] = above = min(values[n], above - gap)
    return list(places.values())


def beside(level: float, slopes: Sequence[tuple[float, float]], gap: float) -> tuple[float, float]:
    """Return where a level line's name crosses the fewest slopes: share of the way, and value.

    It stands above or below its line, as high as `gap`.

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


# -- two clusters ------------------------------------------------------------------------------


def clusters(atlas: Atlas, view: View, focus: Focus) -> None:
    """Show two clusters side by side; at first the one in focus and the next."""
    names = select(atlas, "clusters", view).set_index("id")["name"].to_dict()
    if len(names) < 2:
        st.caption(say("所示集群不足两个，无法对比。"))
        return
    ids = list(names)
    focused = charts.focused_cluster(atlas, focus)
    first = ids.index(focused) if focused in names else 0
    titles = {key: gloss(name) for key, name in names.items()}
    sides = []
    for column, title, index in zip(
        st.columns(2), (say("集群甲"), say("集群乙")), (first, (first + 1) % len(ids)), strict=True
    ):
        with column:
            sides.append(
                st.selectbox(
                    title,
                    ids,
                    index=index,
                    key=f"compare-{hash((title, index, *ids))}",
                    format_func=titles.__getitem__,
                )
            )
    left, right = sides
    if left == right:
        st.caption(say("两边是同一个集群。"))
    st.html(_facts(atlas, [titles[side] for side in sides], side_by_side(atlas, left, right)))


def _facts(atlas: Atlas, names: Sequence[str], facts: Iterable[Fact]) -> str:
    """Return the facts as a table; a row whose sides differ is marked."""
    different = say("不同")

    def row(fact: Fact) -> str:
        mark = f' <abbr title="{different}">≠</abbr>' if fact.differs else ""
        cells = "".join(
            f"<td>{marked(gloss(text, atlas)) if text else '—'}</td>"
            for text in (fact.left, fact.right)
        )
        kind = ' class="differs"' if fact.differs else ""
        label = marked(gloss(fact.label, atlas))
        return f'<tr{kind}><th scope="row">{label}{mark}</th>{cells}</tr>'

    head = "".join(f'<th scope="col">{marked(name)}</th>' for name in names)
    body = "".join(map(row, facts))
    return (
        f'<table class="jitu-compare"><thead><tr><td></td>{head}</tr></thead>'
        f'<tbody>{body}</tbody></table><p class="jitu-compare-note">'
        f"{marked(say('≠ 表示两边不同；— 表示文件没有说明。'))}</p>"
    )
