"""The page's state: a view, a focus and display options, mirrored in the address and in widgets.

The address is read when it differs from the one last seen (a link, Back, Forward) and written when
the state differs from what was read, so that every change is one step of the browser's history.
Widgets show the state and do not hold it: Streamlit knows a choice by its label, and labels change
with language and counts. Before a widget is drawn it is given its value (:func:`mirror`); what is
chosen there comes back by a callback. Below this module everything takes values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import streamlit as st

from app.page import language
from layers.catalogue import Atlas
from layers.reading.details import feature
from layers.reading.lists import LISTS
from layers.reading.profile import subjects
from layers.reading.query import Unknown, filter_options, parameters_of, view_from
from layers.reading.view import View

# Keys of widgets, which stand in app.page.frame, app.page.filters and app.page.search. Those of filters and options
# are the names of the fields that they show.
LANGUAGE, SEARCH = "language", "search"
YEAR, LAYERS = "year", "layers"
INDUSTRIES, TIERS, CITIES, COUNTIES = "industries", "tiers", "cities", "counties"
COMPARE_YEAR, LAYOUT_DIAGRAM, BASEMAP = "compare_year", "layout_diagram", "basemap"
# Parameters of the address beside those of the view; display options have their keys' names.
FEATURE, AT, PROFILE = "feature", "at", "profile"
# Entries of the session.
_VIEW, _FOCUS, _DISPLAY = "_view", "_focus", "_display"
_ADDRESS, _WORDS, _UNKNOWN = "_address", "_words", "_unknown"
_UNSEEN, _USED, _SPOKEN = "_unseen", "_used", "_spoken"

_FIELDS = {"industry": INDUSTRIES, "tier": TIERS, "city": CITIES, "county": COUNTIES}
_YES = "1"


@dataclass(frozen=True)
class Focus:
    """What the planner looks at: a feature's id, a point (lon, lat), a profile's or list's key."""

    feature: str | None = None
    at: tuple[float, float] | None = None
    profile: str | None = None


@dataclass(frozen=True)
class Display:
    """How the view is displayed: a second target year, the layout diagram, the base map."""

    compare_year: int | None = None
    layout_diagram: bool = False
    basemap: bool = False


def read_address(atlas: Atlas) -> None:
    """Set the state from the address where it is new.

    On a slow network a widget may be used before the browser has got the address of the use before.
    It then tells one of those that have been written over since, and the state holds.
    """
    address, is_stale = _address(), _is_stale()
    st.session_state[_USED] = False
    if is_stale:
        return
    st.session_state[_UNSEEN] = []
    if st.session_state.get(_ADDRESS) != address:
        view, focus, display, unknown = parse(atlas, address)
        st.session_state.update(
            {
                _ADDRESS: address,
                _UNKNOWN: unknown,
                _WORDS: _with_language(words(atlas, view, focus, display)),
                LANGUAGE: language.chosen(),
                _VIEW: view,
                _FOCUS: focus,
                _DISPLAY: display,
            }
        )


def _address() -> dict[str, tuple[str, ...]]:
    return {name: tuple(st.query_params.get_all(name)) for name in st.query_params}


def _is_stale() -> bool:
    """Whether the browser, used since, tells an address that has been written over."""
    used = st.session_state.get(_USED, False)
    return used and _address() in st.session_state[_UNSEEN]


def settle_language() -> None:
    """Settle the language of this run: by a new address, else as it was chosen."""
    is_new = st.session_state.get(_ADDRESS) != _address() and not _is_stale()
    language.settle(None if is_new else st.session_state[_SPOKEN])
    st.session_state[_SPOKEN] = language.chosen()


def write_address(atlas: Atlas, view: View, focus: Focus) -> tuple[Unknown, ...]:
    """Put the state into the address, as one new step of the history, if it has changed.

    Return the words of the address that name nothing.
    """
    current = _with_language(words(atlas, view, focus, display()))
    if current != st.session_state[_WORDS]:
        st.query_params.from_dict(current)
        st.session_state[_UNSEEN].append(st.session_state[_ADDRESS])
        st.session_state[_WORDS] = current
        st.session_state[_ADDRESS] = {name: (value,) for name, value in current.items()}
        st.session_state[_UNKNOWN] = ()
    unknown: tuple[Unknown, ...] = st.session_state[_UNKNOWN]
    return unknown


def view() -> View:
    """Return the view that is chosen."""
    chosen: View = st.session_state[_VIEW]
    return chosen


def focus() -> Focus:
    """Return what the planner looks at."""
    chosen: Focus = st.session_state[_FOCUS]
    return chosen


def display() -> Display:
    """Return how the view is displayed."""
    chosen: Display = st.session_state[_DISPLAY]
    return chosen


def mirror(key: str, value: object, labels: object = None) -> None:
    """Give the widget of this key its value, before it is drawn.

    It is told only what it does not show yet, so that of quick clicks none is lost. As its value is
    kept by its labels, changed `labels` are a reason to tell it again, if it has one.
    """
    if key not in st.session_state and value is None:
        st.session_state[f"_{key}_labels"] = labels
        return  # nothing is what a new widget shows; to say so would send all its options twice
    shown = st.session_state.get(key)
    same = (
        set(shown) == set(value)
        if isinstance(shown, list) and isinstance(value, list)
        else key in st.session_state and shown == value
    )
    if not same or (value and st.session_state.get(f"_{key}_labels") != labels):
        st.session_state[key] = value
    st.session_state[f"_{key}_labels"] = labels


def use() -> None:
    """Note that a widget was used (the callback of widgets that change nothing here)."""
    st.session_state[_USED] = True


def _set(entry: str, value: object) -> None:
    """Set an entry of the session; what only repeats it is no use of a widget.

    Streamlit calls back, too, when a widget was given a value that the browser has not got yet.
    """
    if st.session_state[entry] != value:
        st.session_state[entry] = value
        use()


def change(**changes: Any) -> None:
    """Change fields of the view (a widget's callback)."""
    _set(_VIEW, replace(view(), **changes))
    if display().compare_year == view().year:
        change_display(compare_year=None)


def change_display(**changes: Any) -> None:
    """Change display options (a widget's callback)."""
    _set(_DISPLAY, replace(display(), **changes))


def take_display(key: str) -> None:
    """Take a display option from the widget that has its name as key (the widget's callback)."""
    change_display(**{key: st.session_state[key]})


def look_at(
    *,
    feature: str | None = None,
    at: tuple[float, float] | None = None,
    profile: str | None = None,
) -> None:
    """Look at a feature, a point or a profile (a widget's callback)."""
    _set(_FOCUS, Focus(feature, at, profile))


def filter_industries(industries: Iterable[str]) -> None:
    """Filter by these industries alone (a widget's callback)."""
    change(industries=tuple(industries))


def filter_city(adcode: str) -> None:
    """Filter by this city and no other place, or no longer (a widget's callback)."""
    chosen = () if view().cities == (adcode,) and not view().counties else (adcode,)
    change(cities=chosen, counties=())


def filter_county(adcode: str) -> None:
    """Filter by this county and no other place, or no longer (a widget's callback)."""
    chosen = () if view().counties == (adcode,) and not view().cities else (adcode,)
    change(counties=chosen, cities=())


def remove_filter(parameter: str, value: str) -> None:
    """Take one value out of a filter (a widget's callback)."""
    kept = tuple(v for v in view().filters[parameter] if v != value)
    change(**{_FIELDS[parameter]: kept})


def choose_language() -> None:
    """Change the page's language (a widget's callback)."""
    _set(_SPOKEN, st.session_state[LANGUAGE])


def clear_filters() -> None:
    """Take all filters away (a widget's callback); year, layers and focus stay."""
    change(**dict.fromkeys(_FIELDS.values(), ()))


def parse(
    atlas: Atlas, address: Mapping[str, tuple[str, ...]]
) -> tuple[View, Focus, Display, tuple[Unknown, ...]]:
    """Return the view, focus and display an address names, and the words that name nothing.

    A second year that is the view's own says nothing and is left out.
    """
    words = {
        name: [v for text in texts for v in text.split(",") if v] for name, texts in address.items()
    }
    languages = words.pop(language.PARAMETER, [])
    features, points = words.pop(FEATURE, []), words.pop(AT, [])
    profiles = words.pop(PROFILE, [])
    options = {option.name: words.pop(option.name, []) for option in fields(Display)}
    view, unknown = view_from(atlas, words)
    unknown += tuple(
        Unknown(language.PARAMETER, v, tuple(language.TITLES))
        for v in languages
        if v not in language.TITLES
    )
    unknown += tuple(
        Unknown(name, "", ())
        for name in words
        if name not in filter_options(atlas) and not words[name]
    )
    years = filter_options(atlas)["year"]
    for name, values in options.items():
        allowed = tuple(years) if name == COMPARE_YEAR else (_YES,)
        unknown += tuple(Unknown(name, v, allowed) for v in values if v not in allowed)
    others = (int(v) for v in options[COMPARE_YEAR] if v in years and int(v) != view.year)
    display = Display(next(others, None), _YES in options[LAYOUT_DIAGRAM], _YES in options[BASEMAP])
    chosen = next((f for f in features if feature(atlas, f) is not None), None)
    if features and chosen is None:
        unknown += (Unknown(FEATURE, features[0], ()),)
    point = _point(points)
    if points and point is None:
        unknown += (Unknown(AT, ",".join(points), ()),)
    subject = next((p for p in profiles if p in LISTS or p in subjects(atlas)), None)
    if profiles and subject is None:
        unknown += (Unknown(PROFILE, profiles[0], ()),)
    return view, Focus(chosen, point, subject), display, unknown


def words(atlas: Atlas, view: View, focus: Focus, display: Display) -> dict[str, str]:
    """Return the address's parameters for view, focus and display; the inverse of :func:`parse`."""
    named = {name: ",".join(values) for name, values in parameters_of(atlas, view).items()}
    if focus.feature:
        named[FEATURE] = focus.feature
    if focus.at:
        named[AT] = f"{focus.at[0]:.5f},{focus.at[1]:.5f}"
    if focus.profile:
        named[PROFILE] = focus.profile
    if display.compare_year:
        named[COMPARE_YEAR] = str(display.compare_year)
    named |= {name: _YES for name in (LAYOUT_DIAGRAM, BASEMAP) if getattr(display, name)}
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
