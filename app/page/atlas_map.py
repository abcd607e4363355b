"""The map on the page: one small message per view; two maps to compare years."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TypedDict

import streamlit as st

from app.page import language, state
from app.page.assets import Assets
from app.page.session import Display, Focus
from layers.atlas import Atlas
from layers.catalogue import DIVISIONS
from layers.reading.lists import headline_list_ids
from layers.reading.view import View
from layers.web import tianditu as basemaps
from layers.web.scene import feature_extent, message

TIANDITU_KEY = "JITU_TIANDITU_KEY"
HEIGHT = 600

_KEY, _COMPARE_KEY = "map", "map-compare"
# The message names the module that draws. The address is relative, so that it also works behind a
# path prefix. The script is sent with every message: so it is short.
_SCRIPT = """export default async (map) =>
  (await import(new URL(`./app/static/${map.data.module}`, document.baseURI))).default(map);"""
_component = st.components.v2.component("jitu_map", js=_SCRIPT, isolate_styles=False)


class Basemap(TypedDict):
    """What the browser needs to draw the base map of 天地图."""

    tiles: list[str]  # URL templates, the lowest layer first
    subdomains: str
    attribution: str


class MapMessage(TypedDict):
    """What a map needs to show a view."""

    choice: Mapping[str, int | list[str]]  # year, layers and filters
    selected: list[str]  # ids of the features to emphasise
    at: list[float] | None  # a point to mark: longitude, latitude
    fit: list[list[float]] | None  # bounds to move to: [[south, west], [north, east]]
    sheet: bool  # whether the layout is drawn as a diagram
    badge: bool  # whether the year is written on the map
    basemap: Basemap | None


def tianditu_key() -> str | None:
    """Return the configured key of 天地图, or ``None``."""
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
    """Show the view on the map; a click sets the focus to its point.

    Parameters
    ----------
    atlas
        The atlas.
    assets
        The map's files.
    view
        What the page shows.
    focus
        What the planner looks at.
    options
        How the view is displayed.
    zoom_to
        The id of a feature to move to.
    """
    maps = messages(atlas, view, focus, options, zoom_to=zoom_to)
    # A single map stands in a column, too, so that it keeps its place when a second one appears.
    for column, (key, sent) in zip(st.columns(len(maps)), maps.items(), strict=True):
        with column:
            _map(assets, key, sent)


def messages(
    atlas: Atlas, view: View, focus: Focus, options: Display, *, zoom_to: str | None = None
) -> dict[str, MapMessage]:
    """Return the message to each map of the page.

    A year to compare with is shown on a second map, which moves with the first. The base map of
    天地图 is shown if it is chosen and its key is configured.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows.
    focus
        What the planner looks at.
    options
        How the view is displayed.
    zoom_to
        The id of a feature to move to.

    Returns
    -------
    dict
        Key of the map → its message; one or two entries.
    """
    compare_year = options.compare_year
    key = tianditu_key()
    basemap = _tianditu(key) if options.basemap and key else None
    fit = feature_extent(atlas, zoom_to) if zoom_to else None
    emphasised = _emphasised(atlas, view, focus)
    views = {_KEY: view}
    if compare_year is not None:
        views[_COMPARE_KEY] = replace(view, year=compare_year)
    scenes = {
        name: message(shown, selected=emphasised, at=focus.at, fit=fit)
        for name, shown in views.items()
    }
    return {
        name: MapMessage(
            choice=scene["choice"],
            selected=scene["selected"],
            at=scene["at"],
            fit=scene["fit"],
            sheet=options.layout_diagram,
            badge=compare_year is not None,
            basemap=basemap,
        )
        for name, scene in scenes.items()
    }


def _emphasised(atlas: Atlas, view: View, focus: Focus) -> list[str]:
    """Return the ids in focus: a feature, a profile's county or city, or all of a list."""
    if focus.feature:
        return [focus.feature]
    level, _, adcode = (focus.profile or "").partition(":")
    division = DIVISIONS.get(level)
    if division:
        return [division.feature_id(adcode)]
    return headline_list_ids(atlas, view, focus.profile or "")


def _map(assets: Assets, key: str, message: MapMessage) -> None:
    _component(
        data={"module": assets.in_language(language.chosen()).module, **message},
        key=key,
        height=HEIGHT,
        on_clicked_change=partial(_clicked, key),
        on_picked_change=partial(_picked, key),
    )


def _tianditu(key: str) -> Basemap:
    found = basemaps.tianditu(key)
    return Basemap(
        tiles=found["tiles"],
        subdomains=found["subdomains"],
        attribution=language.gloss(found["attribution"]),
    )


def _clicked(key: str) -> None:
    lon, lat = st.session_state[key].clicked
    state.look_at(at=(round(lon, 5), round(lat, 5)))


def _picked(key: str) -> None:
    state.look_at(feature=st.session_state[key].picked)
