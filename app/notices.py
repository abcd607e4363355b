"""What the planner should know about the page at hand: faults, ignored words, empty results."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.faults import Fault
from layers.catalogue import LAYERS, Atlas
from layers.markup import plain
from layers.query import Unknown, filter_titles
from layers.view import View, select

_FILTERS = {"industry": "产业", "tier": "集群层级", "city": "城市"}


def faults(found: Sequence[Fault]) -> None:
    """Show the faults of the data in place of the page."""
    st.title("数据有误，页面未能生成")
    st.write(
        f"共 {len(found)} 处。请按下表修改数据文件后刷新页面；命令 `jitu check` 给出同样的清单。"
    )
    st.dataframe(
        [{"文件": f.file, "记录": f.record, "问题": f.message, "处理": f.remedy} for f in found],
        hide_index=True,
    )


def unwritable(folder: str, reason: str) -> None:
    """Say that the map's data files cannot be written."""
    st.error(f"地图文件无法写入 {plain(folder)}：{plain(reason)}。请给该目录写权限后刷新页面。")


def ignored_words(unknown: Sequence[Unknown]) -> None:
    """Say which words of the address name nothing."""
    if unknown:
        named = "、".join(plain(f"{u.parameter}={u.value}") for u in unknown)
        st.warning(f"地址中有不认识的参数，已忽略：{named}", icon=":material/link_off:")


def whole_layers(view: View) -> None:
    """Say which shown layers a filter leaves whole because they have no values for it."""
    for name, title in _FILTERS.items():
        whole = [
            LAYERS[layer].title for layer in view.layers if name in view.filters_ignored_by(layer)
        ]
        if whole:
            st.caption(f"“{title}”筛选不涉及{'、'.join(whole)}，这些图层完整显示。")


def empty(atlas: Atlas, view: View) -> bool:
    """Explain a view without clusters, and offer the way out; return whether there was need."""
    if len(select(atlas, "clusters", view)):
        return False
    chosen = "、".join(plain(t) for t in filter_titles(atlas, view))
    st.info(
        f"没有集群同时符合所选条件：{chosen}。请减少条件，或清除筛选。",
        icon=":material/search_off:",
    )
    return True
