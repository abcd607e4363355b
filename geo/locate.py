"""Which features contain a point."""

from __future__ import annotations

import geopandas as gpd
import shapely


def containing(features: gpd.GeoDataFrame, lon: float, lat: float) -> gpd.GeoDataFrame:
    """Return the rows of `features` whose geometry covers the point (lon, lat in degrees)."""
    hits = features.sindex.query(shapely.Point(lon, lat), predicate="intersects")
    return features.iloc[sorted(hits)]
