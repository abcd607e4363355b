"""What stands below the map: tables, charts, comparison, documents, crosswalk, consistency."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from app.page import (
    about,
    charts,
    compare,
    consistency,
    crosswalk,
    session,
    sources,
    state,
    tables,
)
from app.page.language import say
from app.page.session import Focus
from layers.atlas import Atlas
from layers.reading.view import View

# The browser needs 1.5 MB of scripts for a table, and would load them before it draws the map. So
# the first run of a session draws the tabs after the map has had time to appear.
HEAD_START_S = 0.8

_TABS = "sheets"


def show(atlas: Atlas, view: View, focus: Focus, compare_year: int | None) -> None:
    """Draw the tab that is open; the others cost nothing until they are opened.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows.
    focus
        What the planner looks at.
    compare_year
        The target year to compare with, if any.
    """
    if not session.current().tabs_drawn:
        time.sleep(HEAD_START_S)
        session.current().tabs_drawn = True
    sheets: dict[str, Callable[[], None]] = {
        say("表格"): lambda: tables.show(atlas, view),
        say("图表"): lambda: charts.show(atlas, view, focus),
        say("年份对比"): lambda: compare.years(atlas, view, compare_year),
        say("集群对比"): lambda: compare.clusters(atlas, view, focus),
        say("关于图层"): lambda: about.show(atlas, view),
        say("资料来源"): lambda: sources.show(atlas),
        say("产业对照"): lambda: crosswalk.show(atlas),
        say("一致性"): lambda: consistency.show(atlas),
    }
    tabs = st.tabs(list(sheets), key=_TABS, on_change=state.use)
    for tab, draw in zip(tabs, sheets.values(), strict=True):
        if tab.open:
            with tab:
                draw()
