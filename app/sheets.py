"""What stands below the map: tables, charts, documents, crosswalk and consistency."""

from __future__ import annotations

import streamlit as st

from app import charts, consistency, crosswalk, sources, tables
from app.language import say
from layers.catalogue import Atlas
from layers.view import View


def show(atlas: Atlas, view: View) -> None:
    """Draw the sheets; table and chart show the view, the others the whole atlas."""
    table, chart, documents, words, agreement = st.tabs(
        [say("表格"), say("图表"), say("资料来源"), say("产业对照"), say("一致性")]
    )
    with table:
        tables.show(atlas, view)
    with chart:
        charts.targets_by_year(atlas, view)
    with documents:
        sources.show(atlas)
    with words:
        crosswalk.show(atlas)
    with agreement:
        consistency.show(atlas)
