"""冀图 Jitu: the page, as a table of contents."""

from __future__ import annotations

import streamlit as st

from app import atlas_map, downloads, filters, headline, notices, page, panel, search, sheets, state
from layers.summary import summarise

page.settings()
atlas, assets = page.atlas()
state.read_address(atlas)

page.header(atlas)
warnings = st.container()
figures = st.container()
view = filters.choose(atlas)
focus = state.focus()

with figures:
    if not notices.empty(atlas, view):
        headline.show(summarise(atlas, view))

left, right = st.columns([7, 3])
with left:
    atlas_map.show(atlas, assets, view, focus)
    notices.whole_layers(view)
with right:
    search.show(atlas)
    downloads.show(atlas, view)
    panel.show(atlas, view, focus)

sheets.show(atlas, view)
unknown = state.write_address(atlas, view, focus)
with warnings:
    notices.ignored_words(unknown)
