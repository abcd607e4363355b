"""The page's state: one view and one focus, held by the widgets and mirrored in the address.

The address is read when it differs from the one last seen (a link, Back, Forward) and written when
the state differs from what was read, so that every change is one step of the browser's history.
Below this module nothing reads ``st.session_state``: everything takes values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import streamlit as st

from app import language
from layers.catalogue import Atlas
from layers.details import feature
from layers.profile import subjects
from layers.query import Unknown, choices, view_from, words_for
from layers.view import View

# Widget keys; the widgets themselves stand in app.page, app.filters, app.panel and app.search.
LANGUAGE = "language"
YEAR, INDUSTRIES, TIERS, CITIES, LAYERS = "year", "industries", "tiers", "cities", "layers"
FEATURE, AT, PROFILE, SEARCH = "feature", "at", "profile", "search"
_ADDRESS, _WORDS, _UNKNOWN = "_address", "_words", "_unknown"


@dataclass(frozen=True)
class Focus:
    """What the planner looks at: a feature's id, a point (lon, lat) on the map, a profile's key."""

    feature: str | None = None
    at: tuple[float, float] | None = None
    profile: str | None = None


def read_address(atlas: Atlas) -> None:
    """Set the widgets from the address where it is new."""
    address = {name: tuple(st.query_params.get_all(name)) for name in st.query_params}
    if st.session_state.get(_ADDRESS) != address:
        view, focus, unknown = parse(atlas, address)
        st.session_state.update(
            {
                _ADDRESS: address,
                _UNKNOWN: unknown,
                _WORDS: _with_language(words(atlas, view, focus)),
                LANGUAGE: language.chosen(),
                YEAR: view.year,
                INDUSTRIES: list(view.industries),
                TIERS: list(view.tiers),
                CITIES: list(view.cities),
                LAYERS: list(view.layers),
                FEATURE: focus.feature,
                AT: focus.at,
                PROFILE: focus.profile,
                SEARCH: None,
            }
        )


def write_address(atlas: Atlas, view: View, focus: Focus) -> tuple[Unknown, ...]:
    """Put the state into the address, as one new step of the history, if it has changed.

    Return the words of the address that name nothing.
    """
    current = _with_language(words(atlas, view, focus))
    if current != st.session_state[_WORDS]:
        st.query_params.from_dict(current)
        st.session_state[_WORDS] = current
        st.session_state[_ADDRESS] = {name: (value,) for name, value in current.items()}
        st.session_state[_UNKNOWN] = ()
    unknown: tuple[Unknown, ...] = st.session_state[_UNKNOWN]
    return unknown


def focus() -> Focus:
    """Return what the planner looks at."""
    return Focus(*(st.session_state.get(key) for key in (FEATURE, AT, PROFILE)))


def look_at(
    *,
    feature: str | None = None,
    at: tuple[float, float] | None = None,
    profile: str | None = None,
) -> None:
    """Look at a feature, a point or a profile (a widget's callback)."""
    focused = {FEATURE: feature, AT: at, PROFILE: profile, SEARCH: None}
    st.session_state.update(focused)


def filter_industries(industries: Iterable[str]) -> None:
    """Filter by these industries alone (a widget's callback)."""
    st.session_state[INDUSTRIES], st.session_state[SEARCH] = list(industries), None


def choose_language() -> None:
    """Change the page's language (a widget's callback); the address keeps the rest."""
    language.choose(st.session_state[LANGUAGE])


def clear_filters() -> None:
    """Take all filters away (a widget's callback); year, layers and focus stay."""
    for key in (INDUSTRIES, TIERS, CITIES):
        st.session_state[key] = []


def parse(
    atlas: Atlas, address: Mapping[str, tuple[str, ...]]
) -> tuple[View, Focus, tuple[Unknown, ...]]:
    """Return the view and focus an address names, and the words that name nothing."""
    words = {
        name: [v for text in texts for v in text.split(",") if v] for name, texts in address.items()
    }
    languages = words.pop(language.PARAMETER, [])
    features, points = words.pop(FEATURE, []), words.pop(AT, [])
    profiles = words.pop(PROFILE, [])
    view, unknown = view_from(atlas, words)
    unknown += tuple(
        Unknown(language.PARAMETER, v, tuple(language.TITLES))
        for v in languages
        if v not in language.TITLES
    )
    unknown += tuple(
        Unknown(name, "", ()) for name in words if name not in choices(atlas) and not words[name]
    )
    chosen = next((f for f in features if feature(atlas, f) is not None), None)
    if features and chosen is None:
        unknown += (Unknown(FEATURE, features[0], ()),)
    point = _point(points)
    if points and point is None:
        unknown += (Unknown(AT, ",".join(points), ()),)
    subject = next((p for p in profiles if p in subjects(atlas)), None)
    if profiles and subject is None:
        unknown += (Unknown(PROFILE, profiles[0], ()),)
    return view, Focus(chosen, point, subject), unknown


def words(atlas: Atlas, view: View, focus: Focus) -> dict[str, str]:
    """Return the address's parameters for a view and a focus; the inverse of :func:`parse`."""
    named = {name: ",".join(values) for name, values in words_for(atlas, view).items()}
    if focus.feature:
        named[FEATURE] = focus.feature
    if focus.at:
        named[AT] = f"{focus.at[0]:.5f},{focus.at[1]:.5f}"
    if focus.profile:
        named[PROFILE] = focus.profile
    return named


def _with_language(words: dict[str, str]) -> dict[str, str]:
    """Add the page's language, unless it is Chinese."""
    chosen = language.chosen()
    return words if chosen == language.CHINESE else {**words, language.PARAMETER: chosen}


def _point(texts: list[str]) -> tuple[float, float] | None:
    try:
        lon, lat = (float(t) for t in texts)
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None
