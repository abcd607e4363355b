"""Build a layer's GeoDataFrame from rows, with fixed columns and types, in CGCS2000 lon/lat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.crs import CGCS2000
from layers.columns import COMMON, Column
from layers.kind import Row
from layers.portrayal.status import STATUS_TITLES

# What every row says; its geometry may be ``None``.
REQUIRED = ("id", "layer", "name", "role", "locator", "geometry")
_DTYPES = {"text": "str", "list": "object", "integer": "Int64", "number": "Float64"}


def frame(rows: Sequence[Row], columns: Sequence[Column]) -> gpd.GeoDataFrame:
    """Return a layer with one row per feature: common columns, own columns and ``geometry``.

    Parameters
    ----------
    rows
        Values by column name; a missing column is null. ``geometry`` is in lon/lat (CGCS2000) or
        ``None``.
    columns
        The layer's own columns, in order, which follow :data:`layers.columns.COMMON`.

    Raises
    ------
    KeyError
        A row has a column that the layer does not define, or lacks one of `REQUIRED`.
    ValueError
        A row with geometry has no known geometry status.
    """
    columns = (*COMMON, *columns)
    names = [c.name for c in columns]
    for row in rows:
        _check(row, {*names, "geometry"})
    data = {
        c.name: pd.Series([_value(row.get(c.name), c) for row in rows], dtype=_DTYPES[c.kind])
        for c in columns
    }
    return gpd.GeoDataFrame(data, geometry=[row["geometry"] for row in rows], crs=CGCS2000)


def _check(row: Row, known: set[str]) -> None:
    unknown = set(row) - known
    if unknown:
        raise KeyError(f"undefined columns {sorted(unknown)}")
    missing = [name for name in REQUIRED if name not in row]
    if missing:
        raise KeyError(f"row {row.get('id')!r} lacks {', '.join(missing)}")
    status = row.get("geometry_status")
    if row["geometry"] is not None and status not in STATUS_TITLES:
        allowed = ", ".join(STATUS_TITLES)
        raise ValueError(f"row {row['id']!r}: geometry_status {status!r}; one of: {allowed}")


def _value(value: Any, column: Column) -> Any:
    if column.kind == "list":
        return tuple(value or ())
    return value
