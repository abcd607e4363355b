"""The map on the page: a constant base and one message per view; two of them to compare years."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from app import language, state
from app.assets import Assets
from app.state import Display, Focus
from layers import basemap as basemaps
from layers.catalogue import Atlas
from layers.map import base_map, difference
from layers.scene import difference as scene_difference
from layers.scene import extent
from layers.view import View

TIANDITU_KEY = "JITU_TIANDITU_KEY"
HEIGHT = 600

_KEY, _VERSUS_KEY = "map", "map-versus"
_SYNC = "_map_sync"


def tianditu_key() -> str | None:
    """Return the configured key of 天地图, ``None`` where there is none."""
    return os.environ.get(TIANDITU_KEY, "").strip() or None


def show(
    atlas: Atlas,
    assets: Assets,
    view: View,
    focus: Focus,
    options: Display,
    *,
    zoom_to: str | None = None,
) -> None:
    """Show the view on the map; a click puts its point into the focus.

    With a year to compare, a second map shows it and moves with the first. 天地图 lies below if it
    is chosen and its key configured. `zoom_to` is the id of a feature to move to.
    """
    versus = options.versus
    key = tianditu_key()
    shared = {"sheet": options.structure, "badge": versus is not None}
    shared["basemap"] = _tianditu(key) if options.basemap and key else None
    fit = extent(atlas, zoom_to) if zoom_to else None
    views = {_KEY: view}
    if versus is not None:
        views[_VERSUS_KEY] = replace(view, year=versus)
    # One column too is a column: so the first map keeps its place on the page, and its frame.
    for column, (name, shown) in zip(st.columns(len(views)), views.items(), strict=True):
        with column:
            selected = [focus.feature] if focus.feature else []
            diff = scene_difference(atlas, shown, selected=selected, at=focus.at, fit=fit)
            _map(assets, name, {**diff, **shared})


def _map(assets: Assets, key: str, diff: Mapping[str, Any]) -> None:
    in_english = language.chosen() == language.ENGLISH
    scene = assets.scene_in_english if in_english else assets.scene
    st_folium(
        base_map(assets.bounds, atlas=assets.atlas, scene=scene, sync=_sync()),
        key=key,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=["last_clicked"],
        feature_group_to_add=difference(diff),
        on_change=partial(_clicked, key),
    )


def _tianditu(key: str) -> dict[str, Any]:
    found = basemaps.tianditu(key)
    return {**found, "attribution": language.gloss(found["attribution"])}


def _sync() -> str:
    """Return the name under which the maps of this page, and of no other, tell their moves."""
    name: str = st.session_state.setdefault(_SYNC, f"jitu-{secrets.token_hex(8)}")
    return name


def _clicked(key: str) -> None:
    point = (st.session_state.get(key) or {}).get("last_clicked")
    if point:
        state.look_at(at=(round(point["lng"], 5), round(point["lat"], 5)))
