"""Geodesic measures of geometry in longitude and latitude.

The measures refer to the ellipsoid and need no projection. Each function takes a GeoSeries and
returns a Series with the same index.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import Geod

from geo.crs import ELLIPSOID

_GEOD = Geod(ellps=ELLIPSOID)


def area_km2(geometry: gpd.GeoSeries) -> pd.Series:
    """Return geodesic areas.

    Parameters
    ----------
    geometry
        Polygons or multipolygons in longitude and latitude, in degrees.

    Returns
    -------
    pandas.Series
        Areas in km², as floats, named ``area_km2``, with the index of `geometry`. 0 for a missing
        or empty polygon.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> cell = gpd.GeoSeries([shapely.box(116, 39, 117, 40)], crs="EPSG:4490")
    >>> area_km2(cell).round(1).tolist()
    [9549.5]
    """
    return pd.Series(
        # PROJ subtracts a hole only if its ring runs against the shell. Files do not guarantee it.
        [
            abs(_GEOD.geometry_area_perimeter(g)[0]) / 1e6 if g else 0.0
            for g in shapely.orient_polygons(geometry.to_numpy())
        ],
        index=geometry.index,
        name="area_km2",
        dtype=float,
    )
