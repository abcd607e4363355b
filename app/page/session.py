"""What the page remembers of one browser session between two runs of its script.

Streamlit keeps the value of each widget itself, under the widget's key. Everything else that must
outlive a run stands in one :class:`Session`, under one key of ``st.session_state``. Its fields are
read and set in :mod:`app.page.state`, and by the panel and the tabs for what is theirs alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from layers.reading.query import Unknown
from layers.reading.view import View

KEY = "jitu-session"

Address = Mapping[str, tuple[str, ...]]  # parameter → its values, in the order of the address


@dataclass(frozen=True)
class Focus:
    """What the planner looks at.

    Attributes
    ----------
    feature
        A feature's id, such as ``clusters:001-key-03``.
    at
        A point: longitude and latitude in degrees.
    profile
        The key of a profile or of a list, such as ``county:130730`` or ``view:clusters``.
    """

    feature: str | None = None
    at: tuple[float, float] | None = None
    profile: str | None = None


@dataclass(frozen=True)
class Display:
    """How the view is displayed.

    Attributes
    ----------
    compare_year
        A second target year, which a second map shows.
    layout_diagram
        Whether the layout is drawn as on a planner's sheet (规划图式).
    basemap
        Whether the base map of 天地图 is shown.
    """

    compare_year: int | None = None
    layout_diagram: bool = False
    basemap: bool = False


@dataclass
class Session:
    """The state of one browser session.

    Attributes
    ----------
    view, focus, display
        What the page shows. There is no view before the first address is read.
    language
        The language of the latest run, or the one chosen since; ``None`` before the first run.
    address_seen
        The address as it was last read or written; ``None`` before the first run.
    address_written
        The parameters of the address that stand for the present state.
    overwritten_addresses
        The addresses that were replaced since the browser last reported a current one. A slow
        browser may still report one of these.
    unknown_values
        The values in the address that name nothing.
    widget_used
        Whether a widget has been used since the latest run.
    widget_labels
        Widget key → the labels that its value was last set with.
    zoom_target
        The id of the feature that the map was last asked to move to.
    tabs_drawn
        Whether the tabs below the map have been drawn in this session.
    """

    view: View | None = None
    focus: Focus = Focus()
    display: Display = Display()
    language: str | None = None
    address_seen: Address | None = None
    address_written: Mapping[str, str] = field(default_factory=dict)
    overwritten_addresses: list[Address] = field(default_factory=list)
    unknown_values: tuple[Unknown, ...] = ()
    widget_used: bool = False
    widget_labels: dict[str, object] = field(default_factory=dict)
    zoom_target: str | None = None
    tabs_drawn: bool = False


def current() -> Session:
    """Return the session of the browser that this run is for; a new one at its first run."""
    session: Session = st.session_state.setdefault(KEY, Session())
    return session
