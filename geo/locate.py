"""Find the features at a point.

The module only queries geometry. What the page says about a point is in
:mod:`layers.reading.details`.
"""

from __future__ import annotations

import geopandas as gpd
import shapely


def features_at(features: gpd.GeoDataFrame, lon: float, lat: float) -> gpd.GeoDataFrame:
    """Return the features at a point.

    Parameters
    ----------
    features
        Any columns, with geometry in longitude and latitude.
    lon, lat
        The point in degrees, in the CRS of `features`.

    Returns
    -------
    geopandas.GeoDataFrame
        The rows whose geometry covers the point or has it on its border, in their order.
    """
    hits = features.sindex.query(shapely.Point(lon, lat), predicate="intersects")
    return features.iloc[sorted(hits)]
