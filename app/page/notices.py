"""What the planner should know about the page at hand: faults, ignored words, empty results."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import streamlit as st

from app.page import language
from app.page.language import CHINESE, gloss, listed, say
from data.faults import Fault, Phrase
from layers.catalogue import LAYERS, Atlas
from layers.markup import escape_markdown, safe
from layers.reading.query import Unknown, filter_titles
from layers.reading.view import View, ids, select

_CHINESE = Path(__file__).resolve().parent / "chinese.toml"


def faults(found: Sequence[Fault]) -> None:
    """Show the faults of the data in place of the page."""
    st.title(say("数据有误，页面未能生成"))
    st.write(
        say(
            "共 {n} 处。请按下表修改数据文件后刷新页面；命令 `jitu check` 给出同样的清单（英文）。",
            n=len(found),
        )
    )
    titles = (say("数据文件"), say("记录"), say("问题"), say("处理"))
    head = "".join(f'<th scope="col">{safe(title)}</th>' for title in titles)
    body = "".join(
        f'<tr><th scope="row">{safe(f.file)}</th><td>{safe(fault_text(f.record))}</td>'
        f"<td>{safe(fault_text(f.message))}</td><td>{safe(fault_text(f.remedy))}</td></tr>"
        for f in found
    )
    st.html(
        f'<div class="jitu-wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def fault_text(text: str) -> str:
    """Return what a fault says in the chosen language; names and values stay as they are."""
    if not isinstance(text, Phrase) or language.chosen() != CHINESE:
        return text
    template = _phrases().get(text.template)
    if template is None:
        return say("{text}（英文原文）", text=text)
    return template.format(**{name: _value(value) for name, value in text.values.items()})


def _value(value: object) -> object:
    if isinstance(value, tuple):
        return listed(value)
    return fault_text(value) if isinstance(value, str) else value


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, str]:
    """Return template → Chinese of everything that a fault may say."""
    tables = tomllib.loads(_CHINESE.read_text(encoding="utf-8"))
    return {template: chinese for table in tables.values() for template, chinese in table.items()}


def unwritable(folder: str, reason: str) -> None:
    """Say that the map's data files cannot be written."""
    st.error(
        say(
            "地图文件无法写入 {folder}：{reason}。请给该目录写权限后刷新页面。",
            folder=escape_markdown(folder),
            reason=escape_markdown(reason),
        )
    )


def ignored_words(unknown: Sequence[Unknown]) -> None:
    """Say which words of the address name nothing."""
    if unknown:
        named = listed(escape_markdown(f"{u.parameter}={u.value}") for u in unknown)
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
    cities = {c.city_adcode for c in atlas.records.counties if c.adcode in view.counties}
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
    chosen = listed(escape_markdown(gloss(title, atlas)) for title in filter_titles(atlas, view))
    st.info(
        say("没有集群同时符合所选条件：{filters}。请减少条件，或清除筛选。", filters=chosen),
        icon=":material/search_off:",
    )
    return True
