"""The choice of a row in a table: by its box, or by a click anywhere in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from app.page import state

MODES: Final = ("single-row", "single-cell")


def look_at(key: str, ids: Sequence[str]) -> None:
    """Set the focus to the feature of the row that was chosen in a table: a widget's callback.

    Parameters
    ----------
    key
        The key of the table.
    ids
        The ids of the features, in the order of the table's rows.
    """
    selection = st.session_state[key].selection
    picked = [*selection.rows, *(row for row, _ in selection.cells)]
    state.look_at(feature=ids[picked[0]] if picked else None)


def chosen(focused: str | None, ids: Sequence[str]) -> Any:
    """Return the selection that a table starts with: the row in focus.

    The table needs the focus in its key, so that a new focus makes a new table.

    Parameters
    ----------
    focused
        The id of the feature in focus.
    ids
        The ids of the features, in the order of the table's rows.

    Returns
    -------
    dict or None
        The default selection of :func:`streamlit.dataframe`; ``None`` if no row is in focus.
    """
    return {"selection": {"rows": [ids.index(focused)]}} if focused in ids else None
