"""What the planner should know about the page at hand: faults, ignored words, empty results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from app.language import gloss, listed, say
from data.faults import Fault
from layers.catalogue import LAYERS, Atlas
from layers.markup import plain
from layers.query import Unknown, filter_titles
from layers.view import View, ids, select


def faults(found: Sequence[Fault]) -> None:
    """Show the faults of the data in place of the page."""
    st.title(say("数据有误，页面未能生成"))
    st.write(
        say(
            "共 {n} 处。请按下表修改数据文件后刷新页面；命令 `jitu check` 给出同样的清单。",
            n=len(found),
        )
    )
    st.dataframe(
        [
            {
                say("文件"): f.file,
                say("记录"): f.record,
                say("问题"): f.message,
                say("处理"): f.remedy,
            }
            for f in found
        ],
        hide_index=True,
    )


def unwritable(folder: str, reason: str) -> None:
    """Say that the map's data files cannot be written."""
    st.error(
        say(
            "地图文件无法写入 {folder}：{reason}。请给该目录写权限后刷新页面。",
            folder=plain(folder),
            reason=plain(reason),
        )
    )


def ignored_words(unknown: Sequence[Unknown]) -> None:
    """Say which words of the address name nothing."""
    if unknown:
        named = listed(plain(f"{u.parameter}={u.value}") for u in unknown)
        st.warning(
            say("地址中有不认识的参数，已忽略：{words}", words=named), icon=":material/link_off:"
        )


def whole_layers(view: View) -> None:
    """Say which shown layers a filter leaves whole because they have no values for it."""
    filters = {
        "industry": say("产业"),
        "tier": say("集群层级"),
        "city": say("城市"),
        "county": say("县(市、区)"),
    }
    for name, title in filters.items():
        whole = [
            gloss(LAYERS[layer].title)
            for layer in view.layers
            if name in view.filters_ignored_by(layer)
        ]
        if whole:
            st.caption(
                say(
                    "“{filter}”筛选不涉及{layers}，这些图层完整显示。",
                    filter=title,
                    layers=listed(whole),
                )
            )


def without_county(atlas: Atlas, view: View) -> None:
    """Say how much of the chosen counties' cities is placed in the city alone, so not shown."""
    if not view.counties:
        return
    cities = {c.city_adcode for c in atlas.library.counties if c.adcode in view.counties}
    wider = replace(view, counties=())
    count = sum(
        not counties and not cities.isdisjoint(of)
        for layer in view.layers
        for counties, of in select(atlas, layer, wider)[["adcodes", "city_adcodes"]].to_numpy()
    )
    if count:
        st.caption(say("另有 {n} 项在文件中只写明到所属设区市，不计入县级筛选。", n=count))


def empty(atlas: Atlas, view: View) -> bool:
    """Explain a view without clusters, and offer the way out; return whether there was need."""
    if ids(atlas, "clusters", view):
        return False
    chosen = listed(plain(gloss(title, atlas)) for title in filter_titles(atlas, view))
    st.info(
        say("没有集群同时符合所选条件：{filters}。请减少条件，或清除筛选。", filters=chosen),
        icon=":material/search_off:",
    )
    return True
