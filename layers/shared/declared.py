"""The declared form of a layer's rows, in which they leave for files and the API.

Readers take the type of a layer from its first features. So all geometry of a layer has the type
that its kind declares, whatever is selected, and rows without geometry come last. The types of the
columns are declared by :mod:`layers.columns` and set by :mod:`layers.shared.frame`.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from layers.kind import GeometryType

_MULTI = {"MultiPolygon": shapely.multipolygons, "MultiPoint": shapely.multipoints}


def declared_form(rows: gpd.GeoDataFrame, geometry_type: GeometryType) -> gpd.GeoDataFrame:
    """Return the same rows, with geometry of one type and those without geometry last.

    Parameters
    ----------
    rows
        Rows of one layer, in any CRS; their order is otherwise kept.
    geometry_type
        The type that the layer's kind declares. Single geometries become multi where it says so.

    Raises
    ------
    ValueError
        A geometry is not of that type.
    """
    placed_first = rows.sort_values(rows.geometry.name, key=pd.isna, kind="stable")
    shapes = placed_first.geometry.to_numpy().copy()
    single = shapely.get_type_id(shapes) == _type_id(geometry_type.removeprefix("Multi"))
    if geometry_type in _MULTI and single.any():
        shapes[single] = _MULTI[geometry_type](shapes[single][:, None])
    there = ~shapely.is_missing(shapes)
    other = there & (shapely.get_type_id(shapes) != _type_id(geometry_type))
    if other.any():
        raise ValueError(f"{shapes[other][0].geom_type} where the layer has {geometry_type}")
    return placed_first.set_geometry(gpd.GeoSeries(shapes, index=placed_first.index, crs=rows.crs))


def _type_id(name: str) -> int:
    return int(shapely.GeometryType[name.upper()])
