"""The headline figures of what is shown."""

from __future__ import annotations

import streamlit as st

from layers.markup import safe
from layers.summary import Summary


def show(summary: Summary) -> None:
    """Show the figures as one strip; a sum names the clusters it stands on."""
    total = f"{summary.revenue_yi:,} 亿元" if summary.revenue_yi is not None else "—"
    stands_on = (
        f"{summary.with_target} 个集群有目标" if summary.with_target else "所示集群无该年目标"
    )
    figures = [
        ("产业集群", f"{summary.clusters} 个", f"其中重点支持 {summary.key_clusters} 个"),
        (
            "涉及县(市、区)",
            f"{summary.counties_direct} 个",
            f"另经开发区所在涉及 {summary.counties_through_zones} 个",
        ),
        (f"{summary.year}年营业收入合计预计超", total, stands_on),
        (
            "预计达千亿元及以上",
            f"{summary.at_least_thousand} 个",
            f"{summary.year}年目标 ≥ 1,000 亿元",
        ),
    ]
    cells = "".join(
        f"<div><dt>{safe(label)}</dt><dd>{safe(value)}</dd><p>{safe(note)}</p></div>"
        for label, value, note in figures
    )
    st.html(f'<dl class="jitu-headline">{cells}</dl>')
