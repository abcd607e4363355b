"""Build a layer's GeoDataFrame from rows: fixed columns, fixed types, lon/lat in CGCS2000."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.crs import CGCS2000
from layers.columns import Column

_DTYPES = {"text": "str", "list": "object", "integer": "Int64", "number": "Float64"}


def frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> gpd.GeoDataFrame:
    """Return a layer: `columns` in order and ``geometry``, one row per feature.

    Raises
    ------
    KeyError
        A row has a column that the layer does not define: nothing is dropped silently.
    """
    names = [c.name for c in columns]
    for row in rows:
        unknown = set(row) - {*names, "geometry"}
        if unknown:
            raise KeyError(f"undefined columns {sorted(unknown)}")
    data = {
        c.name: pd.Series([_value(row.get(c.name), c) for row in rows], dtype=_DTYPES[c.kind])
        for c in columns
    }
    return gpd.GeoDataFrame(data, geometry=[row["geometry"] for row in rows], crs=CGCS2000)


def _value(value: Any, column: Column) -> Any:
    if column.kind == "list":
        return tuple(value or ())
    return value
