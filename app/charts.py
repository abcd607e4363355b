"""Charts of the clusters shown."""

from __future__ import annotations

import itertools

import altair as alt
import pandas as pd
import streamlit as st

from app.language import gloss, listed, say
from layers.catalogue import Atlas
from layers.markup import plain
from layers.view import View, select

_CHOSEN = "#9e1b32"
_OTHERS = ("#c3c9d1", "#8b96a3", "#5b6673")
# A name and its gloss stand on a line each.
_AXIS = alt.Axis(labelLimit=280, labelExpr="split(datum.label, '\\n')")


def targets_by_year(atlas: Atlas, view: View) -> None:
    """Show revenue targets by cluster and year; clusters without a target are named, not drawn."""
    clusters = select(atlas, "clusters", view)
    years = atlas.library.atlas.years
    cluster, when, target, wording = say("集群"), say("年份"), say("亿元"), say("用语")
    long = pd.concat(
        pd.DataFrame(
            {
                cluster: clusters["name"].map(_short),
                when: gloss(f"{year}年"),
                target: clusters[f"revenue_yi_{year}"],
                wording: clusters[f"revenue_comparator_{year}"].map(gloss, na_action="ignore"),
            }
        )
        for year in years
    ).dropna(subset=[target])
    if long.empty:
        st.caption(say("所示集群在文件中没有营业收入目标。"))
        return
    long[target] = long[target].astype(int)
    this_year = long[long[when] == gloss(f"{view.year}年")]
    order = this_year.sort_values(target, ascending=False)[cluster]
    names = [gloss(f"{year}年") for year in years]
    greys = itertools.cycle(_OTHERS)
    tints = [_CHOSEN if year == view.year else next(greys) for year in years]
    base = alt.Chart(long).encode(
        y=alt.Y(f"{cluster}:N", sort=list(order), title=None, axis=_AXIS),
        yOffset=alt.YOffset(f"{when}:N", sort=names),
        x=alt.X(f"{target}:Q", title=say("营业收入目标（亿元，文件用语为“预计超”或“预计突破”）")),
        tooltip=[cluster, when, wording, alt.Tooltip(f"{target}:Q", format=",")],
    )
    bars = base.mark_bar().encode(
        color=alt.Color(
            f"{when}:N",
            scale=alt.Scale(domain=names, range=tints),
            legend=alt.Legend(title=None, orient="top"),
        ),
    )
    figures = base.mark_text(align="left", dx=3, fontSize=11).encode(
        text=alt.Text(f"{target}:Q", format=",")
    )
    line = (
        alt.Chart(pd.DataFrame({target: [1000]}))
        .mark_rule(strokeDash=[4, 3], color="#151b23")
        .encode(x=f"{target}:Q")
    )
    st.altair_chart((bars + figures + line).properties(height=62 * long[cluster].nunique() + 40))
    without = clusters[clusters[[f"revenue_yi_{y}" for y in years]].isna().all(axis=1)]["name"]
    note = say("虚线为 1,000 亿元。")
    if len(without):
        note += say(
            "文件未给营业收入目标的集群（{n} 个）：{clusters}。",
            n=len(without),
            clusters=listed(plain(gloss(name)) for name in without),
        )
    st.caption(note)


def _short(name: str) -> str:
    """Return a cluster's name as the axis shows it."""
    return gloss(name).replace(" (", "\n(").removesuffix("产业集群")
