"""冀图 Jitu: the page, as a table of contents."""

from __future__ import annotations

import streamlit as st

from app.page import (
    atlas_map,
    display,
    downloads,
    filters,
    frame,
    headline,
    links,
    notices,
    panel,
    search,
    state,
    tabs,
)
from layers.reading.counts import shared_counties
from layers.reading.summary import summarise

frame.configure_page()
atlas, assets = frame.load_atlas()
state.read_address(atlas)
view, focus, options = state.view(), state.focus(), state.display()

above, bar = st.container(), filters.bar()
left, right = st.columns([7, 3])

with left:  # the map first of all: what comes early is sent early
    zoomed = panel.zoomed_to(focus)
    atlas_map.show(atlas, assets, view, focus, options, zoom_to=zoomed)
    notices.whole_layers(view)
    notices.without_county(atlas, view)

with above:
    frame.show_header(atlas)
    links.listen()
    notices.ignored_words(state.write_address(atlas, view, focus))
    if not notices.empty_view(atlas, view):
        headline.show(summarise(atlas, view), len(shared_counties(atlas, view)))
with bar:
    filters.show(atlas, view)
with right:
    filters.chips(atlas, view)
    search.show(atlas)
    with st.container(horizontal=True):
        display.show(atlas, view, options)
        downloads.show(atlas, view)
    with panel.place():
        panel.show(atlas, view, focus)

tabs.show(atlas, view, focus, options.compare_year)
