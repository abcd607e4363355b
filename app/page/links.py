"""Buttons in the page's HTML that look at something: a feature, a profile, a list."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import streamlit as st

from app.page import state
from app.page.assets import versioned
from app.page.language import gloss, listed, marked, say
from layers.attributes import FORMS
from layers.catalogue import LAYERS, Atlas
from layers.markup import safe
from layers.reading.details import Citation

_KEY = "links"
# One listener answers them all, so that a button costs no element of Streamlit's. This script
# travels with every run of the page: so it is short.
_SCRIPT = """export default async (links) =>
  (await import(new URL(`./app/static/${links.data.module}`, document.baseURI))).default(links);"""
_component = st.components.v2.component("jitu_links", js=_SCRIPT, isolate_styles=False)


def listen() -> None:
    """Have the buttons of the page answered."""
    _component(data={"module": versioned("page/links.js")}, key=_KEY, on_chosen_change=_choose)


def button(key: str, markup: str) -> str:
    """Return a button, labelled with `markup`, that looks at a feature's id or a profile's key."""
    return f'<button data-look="{safe(key)}">{markup}</button>'


def cited(
    atlas: Atlas,
    sources: Iterable[Citation],
    *,
    within: str | None = None,
    with_form: bool = False,
) -> str:
    """Return as HTML where something is written: each document once, with the places in it.

    A document's short title is a button that looks at its profile, where it is told in full. On
    that profile (`within`) it goes without saying. `with_form` tells a digest from a full text.
    """
    found = []
    for document, places in itertools.groupby(sources, key=lambda source: source.document):
        title = ""
        if document is not None and document != within:
            record = atlas.records.document_by_id[document]
            title = button(f"document:{document}", marked(f"《{gloss(record.short_title)}》"))
            title += marked(say("（{form}）", form=gloss(FORMS[record.form]))) if with_form else ""
        found.append(title + marked(listed(p.locator for p in places if p.locator)))
    return "；".join(found)


def _choose() -> None:
    key = st.session_state[_KEY].chosen
    if key.partition(":")[0] in LAYERS:
        state.look_at(feature=key)
    else:
        state.look_at(profile=key)
