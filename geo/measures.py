"""Measures on lon/lat geometry: a GeoDataFrame or GeoSeries in, a Series with its index out."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import Geod

from geo.crs import ELLIPSOID

_GEOD = Geod(ellps=ELLIPSOID)


def area_km2(geometry: gpd.GeoSeries) -> pd.Series:
    """Return geodesic areas in km², named ``area_km2``.

    Parameters
    ----------
    geometry
        Polygons in lon/lat degrees. No projection is involved, so no zone distorts the result.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> cell = gpd.GeoSeries([shapely.box(116, 39, 117, 40)], crs="EPSG:4490")
    >>> area_km2(cell).round(1).tolist()
    [9549.5]
    """
    return pd.Series(
        # A hole counts as one only if it runs against its shell, which files do not promise.
        [
            abs(_GEOD.geometry_area_perimeter(g)[0]) / 1e6 if g else 0.0
            for g in shapely.orient_polygons(geometry.to_numpy())
        ],
        index=geometry.index,
        name="area_km2",
        dtype=float,
    )
