"""Geometry in another coordinate reference system: one way for exports and API."""

from __future__ import annotations

import geopandas as gpd
import shapely

from geo.crs import Crs


def project(features: gpd.GeoDataFrame, crs: Crs) -> gpd.GeoDataFrame:
    """Return features in another system, with valid outlines.

    Parameters
    ----------
    features
        Any columns, with geometry in a system that it names. A geometry may be missing.
    crs
        The system of the result.

    Returns
    -------
    geopandas.GeoDataFrame
        The rows in `crs`, in the order x (east), y (north).
    """
    projected = features.to_crs(crs.name)
    shapes = [mend(shape) for shape in projected.geometry]
    return projected.set_geometry(gpd.GeoSeries(shapes, index=features.index, crs=crs.name))


def mend(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """Return a valid geometry; an outline may cross itself after its vertices have moved.

    Parameters
    ----------
    shape
        A geometry, or ``None``. A valid geometry is returned as it is.

    Examples
    --------
    >>> bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> mend(bow).area, mend(bow).is_valid
    (2.0, True)
    """
    if shape is None or shapely.is_valid(shape):
        return shape
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)
