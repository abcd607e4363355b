"""The map on the page: a constant base and one message per view."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from app import language, state
from app.assets import Assets
from app.state import Focus
from layers.catalogue import Atlas
from layers.map import base_map, difference
from layers.scene import difference as scene_difference
from layers.view import View

_KEY = "map"
HEIGHT = 600


def show(atlas: Atlas, assets: Assets, view: View, focus: Focus) -> None:
    """Show the view on the map; a click puts its point into the focus."""
    selected = [focus.feature] if focus.feature else []
    in_english = language.chosen() == language.ENGLISH
    scene = assets.scene_in_english if in_english else assets.scene
    st_folium(
        base_map(assets.bounds, atlas=assets.atlas, scene=scene),
        key=_KEY,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=["last_clicked"],
        feature_group_to_add=difference(
            scene_difference(atlas, view, selected=selected, at=focus.at)
        ),
        on_change=_clicked,
    )


def _clicked() -> None:
    point = (st.session_state.get(_KEY) or {}).get("last_clicked")
    if point:
        state.look_at(at=(round(point["lng"], 5), round(point["lat"], 5)))
