"""The panel of a profile or a list: headings, and entries with their sources."""

from __future__ import annotations

import streamlit as st

from app.page import document_facts, links
from app.page.language import as_html, gloss, say
from layers.atlas import Atlas
from layers.reading.profile import Entry, Profile


def show(atlas: Atlas, profile: Profile) -> None:
    """Show the profile of a subject, or a list behind a headline figure.

    Parameters
    ----------
    atlas
        The atlas.
    profile
        The profile or list.
    """
    kind, _, code = profile.key.partition(":")
    about, nothing = "", say("所收文件没有提到。")
    if kind == "view":
        lead, nothing = say("按当前筛选，地图上已描出；点击名称看详情。"), say("当前筛选下没有。")
    elif kind == "document":
        lead, about = say("规划文件"), _about(atlas, code)
    else:
        lead = say("{kind}的规划角色", kind=gloss(profile.kind))
    within = code if kind == "document" else None
    sections = "".join(
        f"<h4>{as_html(gloss(heading))}　{len(entries)}</h4>"
        f"<ul>{_items(atlas, entries, within)}</ul>"
        for heading, entries in profile.sections
    )
    st.html(
        f'<section class="jitu-profile"><h3>{as_html(gloss(profile.title, atlas))}</h3>'
        f"<p>{as_html(lead)}</p>{about}{sections or f'<p>{as_html(nothing)}</p>'}</section>"
    )


def _about(atlas: Atlas, document: str) -> str:
    facts = document_facts.facts(atlas.records.document_by_id[document])
    rows = "".join(
        f"<dt>{as_html(label)}</dt><dd>{as_html(text)}</dd>"
        for label, text in facts.items()
        if text
    )
    return f"<dl>{rows}</dl><p>{as_html(document_facts.where_to_read())}</p>"


def _items(atlas: Atlas, entries: tuple[Entry, ...], within: str | None) -> str:
    return "".join(
        f"<li>{_named(atlas, entry)}"
        f"<small>{links.cited(atlas, entry.citations, within=within)}</small></li>"
        for entry in entries
    )


def _named(atlas: Atlas, entry: Entry) -> str:
    text = as_html(gloss(entry.text, atlas))
    return links.button(entry.feature, text) if entry.feature else text
