"""A layer's table for human readers: the columns that its kind chooses, with codes in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from layers.atlas import Atlas
from layers.catalogue import KINDS, columns_of
from layers.columns import Column
from layers.shared.vocabulary import CODE_WORDS


def readable(
    atlas: Atlas, layer: str, rows: pd.DataFrame, year: int
) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """Return the table of a layer's rows for human readers, and its columns with their titles.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The id of a layer.
    rows
        Rows of that layer, with or without ``geometry``.
    year
        The target year of the column ``revenue_yi``.

    Returns
    -------
    tuple
        The cells, under the columns' names, in the order of `rows`; and the columns.
    """
    kind = KINDS[layer]
    known = {c.name: _of_year(c, year) for c in columns_of(layer, atlas.records.atlas.years)}
    table = pd.DataFrame(rows.drop(columns="geometry", errors="ignore"))
    for name, words in CODE_WORDS.items():
        if name in table:
            table[name] = [words.get(code, code) for code in table[name]]
    if kind.table_values:
        table = table.assign(**kind.table_values.values(atlas, table, year))
        known |= {c.name: c for c in kind.table_values.columns}
    columns = tuple(known[found] for name in kind.table for found in _expanded(name, known))
    return table[[c.name for c in columns]], columns


def _of_year(column: Column, year: int) -> Column:
    """Put the year into the title of the column that depends on the target year."""
    if column.name == "revenue_yi":
        return replace(column, title=f"{year}年营业收入目标")
    return replace(column, title="用语") if column.name == "revenue_comparator" else column


def _expanded(name: str, known: Mapping[str, Column]) -> Iterator[str]:
    """Yield the columns that a name stands for: ``*`` at its end matches any ending."""
    stem = name.removesuffix("*")
    yield from [c for c in known if c.startswith(stem)] if stem != name else [name]
