"""Charts of the clusters shown."""

from __future__ import annotations

import itertools

import altair as alt
import pandas as pd
import streamlit as st

from layers.catalogue import Atlas
from layers.markup import plain
from layers.view import View, select

_CHOSEN = "#9e1b32"
_OTHERS = ("#c3c9d1", "#8b96a3", "#5b6673")


def targets_by_year(atlas: Atlas, view: View) -> None:
    """Show revenue targets by cluster and year; clusters without a target are named, not drawn."""
    clusters = select(atlas, "clusters", view)
    years = atlas.library.atlas.years
    long = pd.concat(
        pd.DataFrame(
            {
                "集群": clusters["name"].str.removesuffix("产业集群"),
                "年份": f"{year}年",
                "亿元": clusters[f"revenue_yi_{year}"],
                "用语": clusters[f"revenue_comparator_{year}"],
            }
        )
        for year in years
    ).dropna(subset=["亿元"])
    if long.empty:
        st.caption("所示集群在文件中没有营业收入目标。")
        return
    long["亿元"] = long["亿元"].astype(int)
    order = long[long["年份"] == f"{view.year}年"].sort_values("亿元", ascending=False)["集群"]
    names = [f"{year}年" for year in years]
    greys = itertools.cycle(_OTHERS)
    tints = [_CHOSEN if year == view.year else next(greys) for year in years]
    base = alt.Chart(long).encode(
        y=alt.Y("集群:N", sort=list(order), title=None, axis=alt.Axis(labelLimit=240)),
        yOffset=alt.YOffset("年份:N", sort=names),
        x=alt.X("亿元:Q", title="营业收入目标（亿元，文件用语为“预计超”或“预计突破”）"),
        tooltip=["集群", "年份", "用语", alt.Tooltip("亿元:Q", format=",")],
    )
    bars = base.mark_bar().encode(
        color=alt.Color(
            "年份:N",
            scale=alt.Scale(domain=names, range=tints),
            legend=alt.Legend(title=None, orient="top"),
        ),
    )
    figures = base.mark_text(align="left", dx=3, fontSize=11).encode(
        text=alt.Text("亿元:Q", format=",")
    )
    line = (
        alt.Chart(pd.DataFrame({"亿元": [1000]}))
        .mark_rule(strokeDash=[4, 3], color="#151b23")
        .encode(x="亿元:Q")
    )
    st.altair_chart((bars + figures + line).properties(height=62 * long["集群"].nunique() + 40))
    without = clusters[clusters[[f"revenue_yi_{y}" for y in years]].isna().all(axis=1)]["name"]
    note = "虚线为 1,000 亿元。"
    if len(without):
        note += (
            f"文件未给营业收入目标的集群（{len(without)} 个）：{'、'.join(map(plain, without))}。"
        )
    st.caption(note)
