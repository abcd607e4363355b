"""Rows of tables that are chosen: by their box, or by a click anywhere in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from app.page import state

MODES: Final = ("single-row", "single-cell")


def look_at(key: str, ids: Sequence[str]) -> None:
    """Look at the feature of the row that was chosen in a table (a widget's callback)."""
    selection = st.session_state[key].selection
    picked = [*selection.rows, *(row for row, _ in selection.cells)]
    state.look_at(feature=ids[picked[0]] if picked else None)


def chosen(focused: str | None, ids: Sequence[str]) -> Any:
    """Return the selection of the row in focus, for a table whose key holds the focus."""
    return {"selection": {"rows": [ids.index(focused)]}} if focused in ids else None
