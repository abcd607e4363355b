"""Notices on the page: data faults, ignored parameters, filters without effect, empty results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations

import streamlit as st

from app.page import language
from app.page.language import CHINESE, gloss, join_list, say
from data.faults import Fault, Phrase
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kinds.clusters import KIND as CLUSTERS
from layers.markup import escape_html, escape_markdown
from layers.reading.query import Unknown, filter_titles
from layers.reading.view import View, ids, select


def faults(found: Sequence[Fault]) -> None:
    """Show the faults of the data in place of the page.

    Parameters
    ----------
    found
        The faults.
    """
    st.title(say("数据有误，页面未能生成"))
    st.write(
        say(
            "共 {n} 处。请按下表修改数据文件后刷新页面；命令 `jitu check` 给出同样的清单（英文）。",
            n=len(found),
        )
    )
    titles = (say("数据文件"), say("记录"), say("问题"), say("处理"))
    head = "".join(f'<th scope="col">{escape_html(title)}</th>' for title in titles)
    body = "".join(map(_fault_row, found))
    st.html(
        f'<div class="jitu-wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _fault_row(fault: Fault) -> str:
    texts = map(fault_text, (fault.record, fault.message, fault.remedy))
    cells = "".join(f"<td>{escape_html(text)}</td>" for text in texts)
    return f'<tr><th scope="row">{escape_html(fault.file)}</th>{cells}</tr>'


def fault_text(text: str) -> str:
    """Return the text of a fault in the chosen language.

    Parameters
    ----------
    text
        An English text. A plain ``str``, such as a name, is returned unchanged; a
        :class:`data.faults.Phrase` is translated.
    """
    if not isinstance(text, Phrase) or language.chosen() != CHINESE:
        return text
    template = _phrases().gettext(text.template)
    if not template:
        return say("{text}（英文原文）", text=text)
    return template.format(**{name: _value(value) for name, value in text.values.items()})


def _value(value: object) -> object:
    if isinstance(value, tuple):
        return join_list(value)
    return fault_text(value) if isinstance(value, str) else value


class _Untranslated(NullTranslations):
    """A fallback that returns an empty text for a text without translation."""

    def gettext(self, message: str) -> str:  # noqa: ARG002
        return ""


@lru_cache(maxsize=1)
def _phrases() -> GNUTranslations:
    """Return the Chinese translations of the texts of faults."""
    found = language.translations("faults", CHINESE)
    found.add_fallback(_Untranslated())
    return found


def unwritable(folder: str, reason: str) -> None:
    """Report that the map's files cannot be written.

    Parameters
    ----------
    folder, reason
        The folder, and the error of the operating system.
    """
    st.error(
        say(
            "地图文件无法写入 {folder}：{reason}。请给该目录写权限后刷新页面。",
            folder=escape_markdown(folder),
            reason=escape_markdown(reason),
        )
    )


def ignored_words(unknown: Sequence[Unknown]) -> None:
    """Report parameters of the address that are unknown and were ignored.

    Parameters
    ----------
    unknown
        The unknown parameters and values.
    """
    if unknown:
        named = join_list(escape_markdown(f"{u.parameter}={u.value}") for u in unknown)
        st.warning(
            say("地址中有不认识的参数，已忽略：{words}", words=named), icon=":material/link_off:"
        )


def whole_layers(view: View) -> None:
    """Report for each filter the shown layers on which it has no effect.

    Parameters
    ----------
    view
        The view.
    """
    filters = {
        "industry": say("产业"),
        "tier": say("集群层级"),
        "city": say("城市"),
        "county": say("县(市、区)"),
    }
    for name, title in filters.items():
        whole = [
            gloss(KINDS[layer].title)
            for layer in view.layers
            if name in view.filters_ignored_by(layer)
        ]
        if whole:
            st.caption(
                say(
                    "“{filter}”筛选不涉及{layers}，这些图层完整显示。",
                    filter=title,
                    layers=join_list(whole),
                )
            )


def without_county(atlas: Atlas, view: View) -> None:
    """Report how many features a county filter hides because they are placed in a city alone.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view; without chosen counties nothing is shown.
    """
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


def empty_view(atlas: Atlas, view: View) -> bool:
    """Explain a view that shows no cluster.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.

    Returns
    -------
    bool
        Whether the view shows no cluster, so that the notice was shown.
    """
    if ids(atlas, CLUSTERS.id, view):
        return False
    chosen = join_list(escape_markdown(gloss(title, atlas)) for title in filter_titles(atlas, view))
    st.info(
        say("没有集群同时符合所选条件：{filters}。请减少条件，或清除筛选。", filters=chosen),
        icon=":material/search_off:",
    )
    return True
