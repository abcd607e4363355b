"""冀图 Jitu: the page, as a table of contents."""

from __future__ import annotations

import streamlit as st

from app import (
    atlas_map,
    display,
    downloads,
    filters,
    headline,
    notices,
    page,
    panel,
    search,
    sheets,
    state,
)
from layers.summary import summarise

page.settings()
atlas, assets = page.atlas()
state.read_address(atlas)

page.header(atlas)
warnings = st.container()
figures = st.container()
view = filters.choose(atlas)
focus, options = state.focus(), state.display()

with figures:
    if not notices.empty(atlas, view):
        headline.show(summarise(atlas, view))

left, right = st.columns([7, 3])
with left:
    zoomed = panel.zoomed_to(focus)
    atlas_map.show(atlas, assets, view, focus, options, zoom_to=zoomed)
    notices.whole_layers(view)
    notices.without_county(atlas, view)
with right:
    search.show(atlas)
    with st.container(horizontal=True):
        display.show(atlas, view, options)
        downloads.show(atlas, view)
    panel.show(atlas, view, focus)

sheets.show(atlas, view, focus, options.versus)
unknown = state.write_address(atlas, view, focus)
with warnings:
    notices.ignored_words(unknown)
