"""The map on the page: one small message per view; two maps to compare years."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from app.page import language, state
from app.page.assets import Assets
from app.page.state import Display, Focus
from layers.catalogue import Atlas
from layers.reading.lists import members
from layers.reading.view import View
from layers.web import tianditu as basemaps
from layers.web.scene import feature_extent, message

TIANDITU_KEY = "JITU_TIANDITU_KEY"
HEIGHT = 600

_KEY, _COMPARE_KEY = "map", "map-compare"
# The message names the module that draws; the address is relative, so that it also holds behind a
# path prefix. It travels with every message: so it is short.
_SCRIPT = """export default async (map) =>
  (await import(new URL(`./app/static/${map.data.module}`, document.baseURI))).default(map);"""
_component = st.components.v2.component("jitu_map", js=_SCRIPT, isolate_styles=False)


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

    `zoom_to` is the id of a feature to move to.
    """
    message = messages(atlas, view, focus, options, zoom_to=zoom_to)
    # One column too is a column: so the first map keeps its place on the page.
    for column, (key, found) in zip(st.columns(len(message)), message.items(), strict=True):
        with column:
            _map(assets, key, found)


def messages(
    atlas: Atlas, view: View, focus: Focus, options: Display, *, zoom_to: str | None = None
) -> dict[str, dict[str, Any]]:
    """Return what the map is message, by its key.

    With a year to compare, a second map shows it and moves with the first. 天地图 lies below if it
    is chosen and its key configured.
    """
    compare_year = options.compare_year
    key = tianditu_key()
    shared: dict[str, Any] = {"sheet": options.layout_diagram, "badge": compare_year is not None}
    shared["basemap"] = _tianditu(key) if options.basemap and key else None
    fit = feature_extent(atlas, zoom_to) if zoom_to else None
    emphasised = _emphasised(atlas, view, focus)
    views = {_KEY: view}
    if compare_year is not None:
        views[_COMPARE_KEY] = replace(view, year=compare_year)
    return {
        name: message(shown, selected=emphasised, at=focus.at, fit=fit) | shared
        for name, shown in views.items()
    }


def _emphasised(atlas: Atlas, view: View, focus: Focus) -> list[str]:
    """Return what is looked at: a feature, a profile's county or city, all that is on a list."""
    if focus.feature:
        return [focus.feature]
    kind, _, adcode = (focus.profile or "").partition(":")
    division = {"county": "admin-counties", "city": "admin-cities"}.get(kind)
    return [f"{division}:{adcode}"] if division else members(atlas, view, focus.profile or "")


def _map(assets: Assets, key: str, message: Mapping[str, Any]) -> None:
    _component(
        data={"module": assets.in_language(language.chosen()).module, **message},
        key=key,
        height=HEIGHT,
        on_clicked_change=partial(_clicked, key),
    )


def _tianditu(key: str) -> dict[str, Any]:
    found = basemaps.tianditu(key)
    return {**found, "attribution": language.gloss(found["attribution"])}


def _clicked(key: str) -> None:
    lon, lat = st.session_state[key].clicked
    state.look_at(at=(round(lon, 5), round(lat, 5)))
