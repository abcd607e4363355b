"""GeoJSON export (RFC 7946): WGS84 lon/lat, right-hand rings, at most 7 decimals."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping

from layers.formats import metadata
from layers.formats.package import Package

DECIMALS = 7
LIMITS = ("始终为 WGS84 经纬度（RFC 7946）；空列表写为 null。",)


def write(package: Package) -> dict[str, bytes]:
    """Return one FeatureCollection per sheet, in UTF-8 with one feature per line.

    Foreign members hold the metadata, both as JSON and as ISO 19115-3 XML.

    Parameters
    ----------
    package
        The export.
    """
    files = {}
    for sheet in package.sheets:
        head: dict[str, Any] = {
            "type": "FeatureCollection",
            "name": sheet.name,
            **metadata.metadata_json(package.metadata),
            "metadata_xml": metadata.metadata_xml(package.metadata).decode(),
            "count": len(sheet.features),
        }
        if sheet.has_geometry:
            head["bbox"] = [round(float(v), DECIMALS) for v in sheet.features.total_bounds]
        lines = [_line(feature) for feature in features(sheet.features)]
        opening = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
        body = ",\n".join(lines)
        text = f'{opening},\n "features": [\n{body}\n]}}\n'
        files[f"{sheet.name}.geojson"] = text.encode()
    return files


def features(rows: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return rows as GeoJSON features.

    Parameters
    ----------
    rows
        Rows with a column ``id``, in WGS84 lon/lat.

    Returns
    -------
    list of dict
        Features with ``type, id, properties, geometry``. Lists stay lists, an empty list and null
        become ``None``, and coordinates have at most 7 decimals.
    """
    rounded = on_grid(rows.geometry.to_numpy(), DECIMALS)
    shapes = shapely.orient_polygons(rounded, exterior_cw=False)
    columns = [c for c in rows.columns if c != rows.geometry.name]
    records = rows[columns].astype(object).to_dict("records")
    return [
        {
            "type": "Feature",
            "id": record["id"],
            "properties": {name: _plain(value) for name, value in record.items()},
            "geometry": _rounded(mapping(shape)) if shape is not None else None,
        }
        for record, shape in zip(records, shapes, strict=True)
    ]


def on_grid(shapes: np.ndarray, decimals: int) -> np.ndarray:
    """Return geometry with rounded coordinates, slivers that would then cross themselves repaired.

    Parameters
    ----------
    shapes
        An array of geometries or ``None``.
    decimals
        The number of decimals that are kept, in the unit of the coordinates.
    """
    rounded: np.ndarray = shapely.transform(shapes, lambda xy: xy.round(decimals))
    crossed = ~shapely.is_valid(rounded) & ~shapely.is_missing(rounded)
    rounded[crossed] = shapely.set_precision(shapes[crossed], 10**-decimals)
    return rounded


def _line(feature: dict[str, Any]) -> str:
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return list(value) or None  # GDAL takes a column with an empty list for JSON
    return None if pd.isna(value) else value


def _rounded(value: Any) -> Any:
    """Round the coordinates of a GeoJSON geometry, at any depth."""
    if isinstance(value, dict):
        return {
            "type": value["type"],
            "coordinates": _rounded(value["coordinates"]),
        }
    if isinstance(value, float | int):
        return round(float(value), DECIMALS)
    return [_rounded(item) for item in value]
