"""Comparisons: the targets of two years, and two clusters side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from app.page import picking, state
from app.page.charts import slopes
from app.page.charts.shared import focused_cluster
from app.page.language import as_html, gloss, join_list, say
from app.page.session import Focus
from layers.atlas import Atlas
from layers.kinds.clusters import KIND as CLUSTERS
from layers.markup import escape_markdown
from layers.reading.comparison import ComparedFact, Growth, growth_table, side_by_side
from layers.reading.view import View, select
from layers.shared.figures import year_spans

_TABLE = "compare-years"


# -- two years ---------------------------------------------------------------------------------


def years(atlas: Atlas, view: View, compare_year: int | None) -> None:
    """Show the targets of the view's year and of another one, and the changes between them.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows.
    compare_year
        The other year; without one, the page offers those that can be compared.
    """
    if compare_year is None or compare_year == view.year:
        _offer(atlas, view)
        return
    start, end = sorted((view.year, compare_year))
    if (start, end) not in year_spans(atlas.records.atlas.years):
        st.caption(say("图集没有 {start} 年与 {end} 年之间的变化数据。", start=start, end=end))
        return
    growth = growth_table(atlas, view, start, end)
    if not growth.changes:
        st.caption(say("所示集群在这两年都没有营业收入目标。"))
        return
    st.html(f'<section class="jitu-growth">{_headline(growth)}</section>')
    focused = focused_cluster(atlas, state.focus())
    left, right = st.columns([2, 3], gap="large")
    with left:
        slopes.show(atlas, growth, focused)
    with right:
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
    """Return the change in figures, as HTML: clusters at 1,000 亿元, and the totals."""
    thousand = say(
        "目标达千亿元的集群（文件用语为“预计超”或“预计突破”）："
        "{start}年 {before} 个 → {end}年 {after} 个",
        start=growth.start,
        end=growth.end,
        before=growth.start_thousand,
        after=growth.end_thousand,
    )
    newly = (
        say("新增：{clusters}", clusters=join_list(gloss(name) for name in growth.newly_thousand))
        if growth.newly_thousand
        else say("没有新增")
    )
    lines = [f"<p><b>{as_html(thousand)}</b></p>", f"<p>{as_html(newly)}</p>"]
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
        lines.append(f"<p>{as_html(total)}</p>")
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
            clusters=join_list(escape_markdown(gloss(name)) for name in growth.without),
        )
    st.caption(note)


# -- two clusters ------------------------------------------------------------------------------


def clusters(atlas: Atlas, view: View, focus: Focus) -> None:
    """Show two clusters side by side; at first the one in focus and the next.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows; only its clusters can be compared.
    focus
        What the planner looks at.
    """
    names = select(atlas, CLUSTERS.id, view).set_index("id")["name"].to_dict()
    if len(names) < 2:
        st.caption(say("所示集群不足两个，无法对比。"))
        return
    ids = list(names)
    focused = focused_cluster(atlas, focus)
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


def _facts(atlas: Atlas, names: Sequence[str], facts: Iterable[ComparedFact]) -> str:
    """Return the facts as a table; a row whose sides differ is marked."""
    different = say("不同")

    def row(fact: ComparedFact) -> str:
        mark = f' <abbr title="{different}">≠</abbr>' if fact.differs else ""
        cells = "".join(
            f"<td>{as_html(gloss(text, atlas)) if text else '—'}</td>"
            for text in (fact.left, fact.right)
        )
        kind = ' class="differs"' if fact.differs else ""
        label = as_html(gloss(fact.label, atlas))
        return f'<tr{kind}><th scope="row">{label}{mark}</th>{cells}</tr>'

    head = "".join(f'<th scope="col">{as_html(name)}</th>' for name in names)
    body = "".join(map(row, facts))
    return (
        f'<table class="jitu-compare"><thead><tr><td></td>{head}</tr></thead>'
        f'<tbody>{body}</tbody></table><p class="jitu-compare-note">'
        f"{as_html(say('≠ 表示两边不同；— 表示文件没有说明。'))}</p>"
    )
