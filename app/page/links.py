"""Buttons in the page's HTML that set the focus: to a feature, a profile or a list."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import streamlit as st

from app.page import state
from app.page.assets import versioned_address
from app.page.language import as_html, gloss, join_list, say
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kind import Citation
from layers.markup import escape_html
from layers.shared.vocabulary import FORMS

_KEY = "links"
# One listener serves all buttons, so that a button costs no element of Streamlit's. This script
# is sent with every run of the page: so it is short.
_SCRIPT = """export default async (links) =>
  (await import(new URL(`./app/static/${links.data.module}`, document.baseURI))).default(links);"""
_component = st.components.v2.component("jitu_links", js=_SCRIPT, isolate_styles=False)


def listen() -> None:
    """Start the listener that serves the buttons of the page."""
    _component(
        data={"module": versioned_address("page/links.js")}, key=_KEY, on_chosen_change=_choose
    )


def button(key: str, markup: str) -> str:
    """Return a button that sets the focus.

    Parameters
    ----------
    key
        A feature's id, or the key of a profile or a list.
    markup
        The button's label, as HTML.

    Returns
    -------
    str
        The button, as HTML.
    """
    return f'<button data-look="{escape_html(key)}">{markup}</button>'


def cited(
    atlas: Atlas,
    sources: Iterable[Citation],
    *,
    within: str | None = None,
    with_form: bool = False,
) -> str:
    """Return where something is written: each document once, with the places in it.

    A document's short title is a button that opens its profile, which has the full title.

    Parameters
    ----------
    atlas
        The atlas.
    sources
        The places, those of one document next to each other.
    within
        The id of the document on whose own profile this stands; its title is left out.
    with_form
        Whether to say if a document is a digest or a full text.

    Returns
    -------
    str
        The sources, as HTML.
    """
    found = []
    for document, places in itertools.groupby(sources, key=lambda source: source.document):
        title = ""
        if document is not None and document != within:
            record = atlas.records.document_by_id[document]
            title = button(f"document:{document}", as_html(f"《{gloss(record.short_title)}》"))
            title += as_html(say("（{form}）", form=gloss(FORMS[record.form]))) if with_form else ""
        found.append(title + as_html(join_list(p.locator for p in places if p.locator)))
    return "；".join(found)


def _choose() -> None:
    key = st.session_state[_KEY].chosen
    if key.partition(":")[0] in KINDS:
        state.look_at(feature=key)
    else:
        state.look_at(profile=key)
