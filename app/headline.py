"""The headline figures of what is shown."""

from __future__ import annotations

import streamlit as st

from app.language import marked, say
from layers.summary import Summary


def show(summary: Summary, shared: int) -> None:
    """Show the figures as one strip; a sum names the clusters it stands on.

    `shared` is the number of counties that are part of several clusters.
    """
    revenue = summary.revenue_yi
    total = "—" if revenue is None else say("{n:,} 亿元", n=revenue)
    stands_on = (
        say("{n} 个集群有目标", n=summary.with_target)
        if summary.with_target
        else say("所示集群无该年目标")
    )
    figures = [
        (
            say("产业集群"),
            say("{n} 个", n=summary.clusters),
            say("其中重点支持 {n} 个", n=summary.key_clusters),
        ),
        (
            say("涉及县(市、区)"),
            say("{n} 个", n=summary.counties_direct),
            say("另经开发区所在涉及 {n} 个", n=summary.counties_through_zones)
            + (say("；{n} 个属多个集群（见图表）", n=shared) if shared else ""),
        ),
        (say("{year}年营业收入合计预计超", year=summary.year), total, stands_on),
        (
            say("预计达千亿元及以上"),
            say("{n} 个", n=summary.at_least_thousand),
            say("{year}年目标 ≥ 1,000 亿元", year=summary.year),
        ),
    ]
    cells = "".join(
        f"<div><dt>{marked(label)}</dt><dd>{marked(value)}</dd><p>{marked(note)}</p></div>"
        for label, value, note in figures
    )
    st.html(f'<dl class="jitu-headline">{cells}</dl>')
