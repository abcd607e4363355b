"""The tables under the map: the rows that the map shows, one table per layer."""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa
import streamlit as st

from app.page import language, picking, state
from app.page.language import gloss, say
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.columns import Column
from layers.reading.tables import readable
from layers.reading.view import View, ids, kept, layer_of_year

_TABLE, _TABS = "table", "tables"


def show(atlas: Atlas, view: View) -> None:
    """Show one table per shown layer; choosing a row opens its feature.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    """
    if not view.layers:
        st.caption(say("没有打开的图层。"))
        return
    titles = [gloss(KINDS[layer].title) for layer in view.layers]
    tabs = st.tabs(titles, key=_TABS, on_change=state.use)
    for tab, layer in zip(tabs, view.layers, strict=True):
        if tab.open:
            with tab:
                _table(atlas, layer, view)


def _table(atlas: Atlas, layer: str, view: View) -> None:
    shown = kept(atlas, layer, view)
    if not shown:
        st.caption(say("当前筛选下该图层没有要素。"))
        return
    st.caption(say("{n} 个要素", n=len(shown)))
    key = f"{_TABLE}-{layer}"
    whole, figures = _whole(atlas, layer, view.year, language.chosen())
    st.dataframe(
        whole.take(shown),
        key=key,
        hide_index=True,
        height=min(460, 38 + 35 * len(shown)),
        on_select=lambda: picking.look_at(key, ids(atlas, layer, view)),
        selection_mode=picking.MODES,
        column_config={name: st.column_config.NumberColumn(format="localized") for name in figures},
        placeholder="—",
        alt=say("{layer}表", layer=gloss(KINDS[layer].title)),
    )


@lru_cache(maxsize=64)
def _whole(atlas: Atlas, layer: str, year: int, _language: str) -> tuple[pa.Table, tuple[str, ...]]:
    """Return the table of a whole layer as sent to the browser, and the names of numeric columns.

    Views take rows of this cached table. Building it for each view would dominate the time of a
    filter change.
    """
    cells, columns = readable(atlas, layer, layer_of_year(atlas, layer, year), year)
    said = cells.map(lambda value: gloss(value, atlas) if isinstance(value, str) else value)
    table = said.rename(columns={column.name: _title(column) for column in columns})
    figures = tuple(table.select_dtypes("number").columns)
    return _compact(pa.Table.from_pandas(table, preserve_index=False)), figures


def _compact(table: pa.Table) -> pa.Table:
    """Return a smaller table for transfer: 32-bit offsets, without pandas metadata."""
    types = [pa.string() if pa.types.is_large_string(t) else t for t in table.schema.types]
    return table.cast(pa.schema(zip(table.column_names, types, strict=True)))


def _title(column: Column) -> str:
    return gloss(column.title) + (gloss(f"（{column.unit}）") if column.unit else "")
