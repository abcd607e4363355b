"""The filter bar: from widgets to a view."""

from __future__ import annotations

import streamlit as st

from app import state
from app.language import gloss, say
from layers.catalogue import LAYERS, Atlas
from layers.query import choices
from layers.view import View

_BAR = "filters"  # the style sheet puts the bar below the map on a phone


def choose(atlas: Atlas) -> View:
    """Draw the filter widgets and return the view they stand for."""
    options = {
        parameter: {value: gloss(title, atlas) for value, title in titles.items()}
        for parameter, titles in choices(atlas).items()
    }
    with st.container(key=_BAR):
        year, industry, city, tier = st.columns([3, 4, 4, 3])
        with year:
            st.segmented_control(
                say("目标年"),
                atlas.library.atlas.years,
                key=state.YEAR,
                required=True,
                format_func=lambda value: options["year"][str(value)],
                width="stretch",
            )
        with industry:
            st.multiselect(
                say("产业"),
                _industries(atlas),
                key=state.INDUSTRIES,
                format_func=options["industry"].__getitem__,
                placeholder=say("全部产业"),
                select_all=False,
            )
        with city:
            st.multiselect(
                say("城市"),
                list(options["city"]),
                key=state.CITIES,
                format_func=options["city"].__getitem__,
                placeholder=say("全部城市"),
                select_all=False,
            )
        with tier:
            st.pills(
                say("集群层级"),
                list(options["tier"]),
                key=state.TIERS,
                selection_mode="multi",
                format_func=options["tier"].__getitem__,
            )
        _layers_and_reset(options["layer"])
    return View(
        year=st.session_state[state.YEAR],
        industries=tuple(st.session_state[state.INDUSTRIES]),
        tiers=tuple(st.session_state[state.TIERS]),
        cities=tuple(st.session_state[state.CITIES]),
        layers=tuple(st.session_state[state.LAYERS]),
    )


def _industries(atlas: Atlas) -> list[str]:
    """Return the industries that something on the map has, and those a link has chosen."""
    present = set(st.session_state[state.INDUSTRIES])
    for frame in atlas.frames.values():
        present.update(i for ids in frame["industries"] for i in ids)
    return [i.id for i in atlas.library.industries if i.id in present]


def _layers_and_reset(titles: dict[str, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.pills(
            say("图层"),
            list(LAYERS),
            key=state.LAYERS,
            selection_mode="multi",
            format_func=titles.__getitem__,
            label_visibility="collapsed",
            wrap=True,
        )
        filtered = (st.session_state[key] for key in (state.INDUSTRIES, state.TIERS, state.CITIES))
        st.button(
            say("清除筛选"),
            on_click=state.clear_filters,
            icon=":material/filter_alt_off:",
            disabled=not any(filtered),
        )
