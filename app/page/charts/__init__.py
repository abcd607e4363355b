"""Charts of what the page shows: they choose on the map and mark what is chosen there.

Each chart has a module of its own with the same four parts: a table of rows, the encodings of the
rows' fields, the layers that use them, and a function that puts the layers together. What the
charts have in common stands in :mod:`app.page.charts.shared`.
"""

from __future__ import annotations

import streamlit as st

from app.page.charts import counties, industries_by_city, shared, targets_by_year
from app.page.session import Focus
from layers.atlas import Atlas
from layers.reading.view import View


def show(atlas: Atlas, view: View, focus: Focus) -> None:
    """Show the charts: targets by year, counties by role, industries by city.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows; only that is counted.
    focus
        What the planner looks at; its bars are marked.
    """
    left, right = st.columns([3, 2], gap="large")
    with left:
        targets_by_year.show(atlas, view, shared.focused_cluster(atlas, focus))
    with right:
        counties.show(atlas, view, shared.focused_county(focus))
    industries_by_city.show(atlas, view, focus)
