"""The filter panel: from widgets to a view."""

from __future__ import annotations

import streamlit as st

from app import state
from layers.catalogue import LAYERS, Atlas
from layers.query import choices
from layers.view import View


def choose(atlas: Atlas) -> View:
    """Draw the filter widgets and return the view they stand for."""
    options = choices(atlas)
    present = {i for ids in atlas.frames["clusters"]["industries"] for i in ids}
    present |= {i for ids in atlas.frames["regions"]["industries"] for i in ids}
    chosen = set(st.session_state[state.INDUSTRIES])
    st.segmented_control(
        "目标年",
        atlas.library.atlas.years,
        key=state.YEAR,
        required=True,
        format_func=lambda year: f"{year}年",
        width="stretch",
    )
    st.multiselect(
        "产业",
        [i for i in options["industry"] if i in present or i in chosen],
        key=state.INDUSTRIES,
        format_func=options["industry"].__getitem__,
        placeholder="全部产业",
        select_all=False,
    )
    st.multiselect(
        "城市",
        list(options["city"]),
        key=state.CITIES,
        format_func=options["city"].__getitem__,
        placeholder="全部城市",
        select_all=False,
    )
    st.pills(
        "集群层级",
        list(options["tier"]),
        key=state.TIERS,
        selection_mode="multi",
        format_func=options["tier"].__getitem__,
    )
    st.pills(
        "图层",
        list(LAYERS),
        key=state.LAYERS,
        selection_mode="multi",
        format_func=options["layer"].__getitem__,
        wrap=True,
    )
    view = View(
        year=st.session_state[state.YEAR],
        industries=tuple(st.session_state[state.INDUSTRIES]),
        tiers=tuple(st.session_state[state.TIERS]),
        cities=tuple(st.session_state[state.CITIES]),
        layers=tuple(st.session_state[state.LAYERS]),
    )
    if view.is_filtered:
        st.button("清除筛选", on_click=state.clear_filters, icon=":material/filter_alt_off:")
    return view
