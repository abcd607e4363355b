"""The page's state: a view, a focus and display options, mirrored in the address and in widgets.

The address is read when it differs from the one last seen (a link, Back, Forward). It is written
when the state differs from what was read. So every change is one step of the browser's history.

Widgets show the state and do not hold it. Streamlit identifies a choice by its label, and labels
change with the language and the counts. A widget gets its value before it is drawn
(:func:`mirror`), and reports a choice by a callback. The state itself stands in
:mod:`app.page.session`. Modules below this one take values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

import streamlit as st

from app.page import language, session
from app.page.session import Address, Display, Focus
from layers.atlas import Atlas
from layers.reading.details import feature_row
from layers.reading.lists import LISTS
from layers.reading.profile import subjects
from layers.reading.query import Unknown, filter_options, parameters_of, view_from
from layers.reading.view import View

# Keys of widgets, which stand in app.page.frame, app.page.filters and app.page.search. The keys of
# filters and options are the names of the fields that they show.
LANGUAGE, SEARCH = "language", "search"
YEAR, LAYERS = "year", "layers"
INDUSTRIES, TIERS, CITIES, COUNTIES = "industries", "tiers", "cities", "counties"
COMPARE_YEAR, LAYOUT_DIAGRAM, BASEMAP = "compare_year", "layout_diagram", "basemap"
# Parameters of the address besides those of the view. A display option's parameter is its key.
FEATURE, AT, PROFILE = "feature", "at", "profile"

_FORMER_NAMES = {COMPARE_YEAR: "versus", LAYOUT_DIAGRAM: "structure"}  # in links saved before
_FIELDS = {"industry": INDUSTRIES, "tier": TIERS, "city": CITIES, "county": COUNTIES}
_YES = "1"

_OptionParameters = Mapping[str, list[tuple[str, str]]]  # option → (parameter as written, value)


# -- the address of the browser ----------------------------------------------------------------


def read_address(atlas: Atlas) -> None:
    """Set the state from the address, if the address is new.

    On a slow network a widget may be used before the browser has received the address of the
    previous use. The browser then reports an address that has been overwritten since, and the
    state stays as it is.

    Parameters
    ----------
    atlas
        The atlas whose features, filters and profiles an address may name.
    """
    state, address, is_stale = session.current(), _address(), _is_stale()
    state.widget_used = False
    if is_stale:
        return
    state.overwritten_addresses = []
    if state.address_seen != address:
        view, focus, display, unknown = parse(atlas, address)
        st.session_state[LANGUAGE] = language.chosen()
        state.address_seen = address
        state.unknown_values = unknown
        state.address_written = _with_language(address_parameters(atlas, view, focus, display))
        state.view, state.focus, state.display = view, focus, display


def _address() -> dict[str, tuple[str, ...]]:
    return {name: tuple(st.query_params.get_all(name)) for name in st.query_params}


def _is_stale() -> bool:
    """Whether the browser, used since the latest run, reports an overwritten address."""
    state = session.current()
    return state.widget_used and _address() in state.overwritten_addresses


def settle_language() -> None:
    """Settle the language of this run: by a new address, otherwise as it was chosen."""
    state = session.current()
    is_new = state.address_seen != _address() and not _is_stale()
    language.activate(None if is_new else state.language)
    state.language = language.chosen()


def write_address(atlas: Atlas, view: View, focus: Focus) -> tuple[Unknown, ...]:
    """Write the state to the address, as one new step of the history, if the state has changed.

    Parameters
    ----------
    atlas
        The atlas.
    view, focus
        What this run of the page shows.

    Returns
    -------
    tuple of Unknown
        The values in the address that name nothing.
    """
    state = session.current()
    parameters = _with_language(address_parameters(atlas, view, focus, display()))
    if parameters != state.address_written:
        st.query_params.from_dict(parameters)
        if state.address_seen is not None:
            state.overwritten_addresses.append(state.address_seen)
        state.address_written = parameters
        state.address_seen = {name: (value,) for name, value in parameters.items()}
        state.unknown_values = ()
    return state.unknown_values


# -- the state ---------------------------------------------------------------------------------


def view() -> View:
    """Return the view that is chosen.

    Raises
    ------
    LookupError
        The address has not been read yet (:func:`read_address`).
    """
    chosen = session.current().view
    if chosen is None:
        raise LookupError("the page's address has not been read")
    return chosen


def focus() -> Focus:
    """Return what the planner looks at."""
    return session.current().focus


def display() -> Display:
    """Return how the view is displayed."""
    return session.current().display


def mirror(key: str, value: object, labels: object = None) -> None:
    """Set the value of a widget before it is drawn.

    The value is set only if the widget shows another one, so that none of several quick clicks is
    lost. Streamlit keeps a value by its label: if the labels have changed, a value that is not
    empty is set again.

    Parameters
    ----------
    key
        The widget's key.
    value
        The value that the widget is to show: ``None``, one option, or a list of options in any
        order.
    labels
        The labels of the widget's options, in any form that can be compared.
    """
    known = session.current().widget_labels
    is_unused = key not in st.session_state
    # A new widget shows nothing; setting that would send all its options twice.
    if not (is_unused and value is None):
        shown = st.session_state.get(key)
        is_same = (
            set(shown) == set(value)
            if isinstance(shown, list) and isinstance(value, list)
            else not is_unused and shown == value
        )
        if not is_same or (value and known.get(key) != labels):
            st.session_state[key] = value
    known[key] = labels  # last, as Streamlit may end the run where a value is set


# -- callbacks of widgets ----------------------------------------------------------------------


def use() -> None:
    """Record that a widget was used: the callback of widgets that change nothing in the state."""
    session.current().widget_used = True


def _choose(
    *,
    view: View | None = None,
    focus: Focus | None = None,
    display: Display | None = None,
    language: str | None = None,
) -> None:
    """Set what a widget has chosen; a repetition of the present state is no use of the widget.

    Streamlit also calls a callback if a widget was given a value that the browser has not received
    yet.
    """
    state = session.current()
    chosen = {"view": view, "focus": focus, "display": display, "language": language}
    for name, value in chosen.items():
        if value is not None and getattr(state, name) != value:
            setattr(state, name, value)
            use()


def change(**changes: Any) -> None:
    """Change fields of the view.

    Parameters
    ----------
    **changes
        Fields of :class:`~layers.reading.view.View` and their new values.
    """
    _choose(view=replace(view(), **changes))
    if display().compare_year == view().year:
        change_display(compare_year=None)


def change_display(**changes: Any) -> None:
    """Change display options.

    Parameters
    ----------
    **changes
        Fields of :class:`~app.page.session.Display` and their new values.
    """
    _choose(display=replace(display(), **changes))


def take_display(key: str) -> None:
    """Set a display option to what its widget shows.

    Parameters
    ----------
    key
        The widget's key, which is the name of the option.
    """
    change_display(**{key: st.session_state[key]})


def look_at(
    *,
    feature: str | None = None,
    at: tuple[float, float] | None = None,
    profile: str | None = None,
) -> None:
    """Set the focus to a feature, a point or a profile; without any of them, to nothing.

    Parameters
    ----------
    feature
        A feature's id.
    at
        A point: longitude and latitude in degrees.
    profile
        The key of a profile or of a list.
    """
    _choose(focus=Focus(feature, at, profile))


def filter_industries(industries: Iterable[str]) -> None:
    """Filter by these industries alone.

    Parameters
    ----------
    industries
        Ids of industries.
    """
    change(industries=tuple(industries))


def filter_city(adcode: str) -> None:
    """Filter by this city and by no other place; if that is the filter already, remove it.

    Parameters
    ----------
    adcode
        The city's code.
    """
    chosen = () if view().cities == (adcode,) and not view().counties else (adcode,)
    change(cities=chosen, counties=())


def filter_county(adcode: str) -> None:
    """Filter by this county and by no other place; if that is the filter already, remove it.

    Parameters
    ----------
    adcode
        The county's code.
    """
    chosen = () if view().counties == (adcode,) and not view().cities else (adcode,)
    change(counties=chosen, cities=())


def remove_filter(parameter: str, value: str) -> None:
    """Remove one value from a filter.

    Parameters
    ----------
    parameter
        The filter's parameter: ``industry``, ``tier``, ``city`` or ``county``.
    value
        The value to remove.
    """
    kept = tuple(v for v in view().filters[parameter] if v != value)
    change(**{_FIELDS[parameter]: kept})


def choose_language() -> None:
    """Set the page's language to what its widget shows."""
    _choose(language=st.session_state[LANGUAGE])


def clear_filters() -> None:
    """Remove all filters; year, layers and focus stay."""
    change(**dict.fromkeys(_FIELDS.values(), ()))


# -- addresses as values -----------------------------------------------------------------------


def parse(atlas: Atlas, address: Address) -> tuple[View, Focus, Display, tuple[Unknown, ...]]:
    """Return what an address names.

    A compared year that is the view's own says nothing and is left out. The display options may
    also have the names of links that were saved before: ``versus`` and ``structure``.

    Parameters
    ----------
    atlas
        The atlas.
    address
        Parameter → its values, each of which may be a list separated by commas.

    Returns
    -------
    view, focus, display
        What the address names; the defaults where it names nothing.
    unknown : tuple of Unknown
        The values that name nothing.
    """
    parameters = {
        name: [v for text in texts for v in text.split(",") if v] for name, texts in address.items()
    }
    languages = parameters.pop(language.PARAMETER, [])
    features, points = parameters.pop(FEATURE, []), parameters.pop(AT, [])
    profiles = parameters.pop(PROFILE, [])
    options = _display_parameters(parameters)
    view, unknown = view_from(atlas, parameters)
    unknown += tuple(
        Unknown(language.PARAMETER, v, tuple(language.TITLES))
        for v in languages
        if v not in language.TITLES
    )
    unknown += tuple(
        Unknown(name, "", ())
        for name in parameters
        if name not in filter_options(atlas) and not parameters[name]
    )
    display, unknown_options = _parse_display(atlas, view, options)
    focus, unknown_focus = _parse_focus(atlas, features, points, profiles)
    return view, focus, display, (*unknown, *unknown_options, *unknown_focus)


def _display_parameters(parameters: dict[str, list[str]]) -> _OptionParameters:
    """Take the display options out of `parameters`, under their present and their former names."""
    return {
        option.name: [
            (name, value)
            for name in (option.name, _FORMER_NAMES.get(option.name))
            if name is not None
            for value in parameters.pop(name, [])
        ]
        for option in fields(Display)
    }


def _parse_display(
    atlas: Atlas, view: View, options: _OptionParameters
) -> tuple[Display, tuple[Unknown, ...]]:
    years = tuple(filter_options(atlas)["year"])
    allowed = {name: years if name == COMPARE_YEAR else (_YES,) for name in options}
    unknown = tuple(
        Unknown(parameter, value, allowed[name])
        for name, written in options.items()
        for parameter, value in written
        if value not in allowed[name]
    )
    values = {name: [value for _, value in written] for name, written in options.items()}
    others = (int(v) for v in values[COMPARE_YEAR] if v in years and int(v) != view.year)
    display = Display(next(others, None), _YES in values[LAYOUT_DIAGRAM], _YES in values[BASEMAP])
    return display, unknown


def _parse_focus(
    atlas: Atlas, features: list[str], points: list[str], profiles: list[str]
) -> tuple[Focus, tuple[Unknown, ...]]:
    unknown: tuple[Unknown, ...] = ()
    chosen = next((f for f in features if feature_row(atlas, f) is not None), None)
    if features and chosen is None:
        unknown += (Unknown(FEATURE, features[0], ()),)
    point = _point(points)
    if points and point is None:
        unknown += (Unknown(AT, ",".join(points), ()),)
    subject = next((p for p in profiles if p in LISTS or p in subjects(atlas)), None)
    if profiles and subject is None:
        unknown += (Unknown(PROFILE, profiles[0], ()),)
    return Focus(chosen, point, subject), unknown


def address_parameters(atlas: Atlas, view: View, focus: Focus, display: Display) -> dict[str, str]:
    """Return the parameters of the address that names a state; the inverse of :func:`parse`.

    Parameters
    ----------
    atlas
        The atlas.
    view, focus, display
        The state.

    Returns
    -------
    dict
        Parameter → value, of what is not the default. The language is not among them.
    """
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


def _with_language(parameters: dict[str, str]) -> dict[str, str]:
    """Add the page's language, unless it is Chinese."""
    chosen = language.chosen()
    if chosen == language.CHINESE:
        return parameters
    return {**parameters, language.PARAMETER: chosen}


def _point(texts: list[str]) -> tuple[float, float] | None:
    try:
        lon, lat = (float(t) for t in texts)
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None
