"""GeoJSON (RFC 7946): WGS84, right-hand rings, at most 7 decimals, the same bytes every time."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping

from geo.crs import WGS84
from layers.catalogue import LAYERS, Atlas
from layers.view import View, select

DECIMALS = 7


def geojson(atlas: Atlas, layer: str, view: View) -> bytes:
    """Return `layer` as `view` shows it, as a readable UTF-8 FeatureCollection.

    One feature stands on a line. Foreign members give title, filter, data version, attribution
    and disclaimer. Nothing depends on the clock: the same view of the same data is the same bytes.
    """
    features = select(atlas, layer, view).to_crs(WGS84)
    head = {
        "type": "FeatureCollection",
        "name": layer,
        **metadata(atlas, layer, view),
        "count": len(features),
    }
    if not features.geometry.isna().all():
        head["bbox"] = [round(float(v), DECIMALS) for v in features.total_bounds]
    lines = [_line(feature) for feature in _features(features)]
    opening = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    body = ",\n".join(lines)
    return f'{opening},\n "features": [\n{body}\n]}}\n'.encode()


def metadata(atlas: Atlas, layer: str, view: View) -> dict[str, Any]:
    """Return what an export says about itself: title, filter, version, attribution, disclaimer."""
    library = atlas.library
    spec = LAYERS[layer]
    ids = set(select(atlas, layer, view)["document"].dropna())
    return {
        "title": f"{library.atlas.province}{spec.title}",
        "description": spec.description,
        "filter": {
            "year": view.year,
            "industries": list(view.industries),
            "tiers": list(view.tiers),
            "cities": list(view.cities),
            "not_applicable": list(view.filters_ignored_by(layer)),
        },
        "data_version": library.data_version,
        "documents": [
            {"id": d.id, "title": d.title, "form": d.form} for d in library.documents if d.id in ids
        ],
        "attribution": library.atlas.attribution,
        "disclaimer": library.atlas.disclaimer,
    }


def _features(features: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    shapes = shapely.orient_polygons(_on_grid(features.geometry.to_numpy()), exterior_cw=False)
    columns = [c for c in features.columns if c != features.geometry.name]
    records = features[columns].astype(object).to_dict("records")
    return [
        {
            "type": "Feature",
            "id": record["id"],
            "properties": {name: _plain(value) for name, value in record.items()},
            "geometry": _rounded(mapping(shape)) if shape is not None else None,
        }
        for record, shape in zip(records, shapes, strict=True)
    ]


def _on_grid(shapes: np.ndarray) -> np.ndarray:
    """Round all coordinates; a sliver that would cross over itself is mended on the way."""
    rounded: np.ndarray = shapely.transform(shapes, lambda xy: xy.round(DECIMALS))
    crossed = ~shapely.is_valid(rounded) & ~shapely.is_missing(rounded)
    rounded[crossed] = shapely.set_precision(shapes[crossed], 10**-DECIMALS)
    return rounded


def _line(feature: dict[str, Any]) -> str:
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return list(value)
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
