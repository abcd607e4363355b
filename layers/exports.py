"""Files a planner takes away: one per layer, zipped when there are several."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from layers.catalogue import LAYERS, Atlas
from layers.geojson import geojson
from layers.query import filter_titles
from layers.view import View

FORMATS = ("geojson",)
# A zip entry needs a date; a constant one keeps the bytes the same.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LONGEST_FILTER = 40
_GEOJSON = "application/geo+json"


@dataclass(frozen=True)
class Export:
    """A file to hand over."""

    name: str
    media_type: str
    data: bytes


def export(atlas: Atlas, layer: str, view: View) -> Export:
    """Return one layer as `view` shows it, as GeoJSON."""
    return Export(*bundle_name(atlas, [layer], view), geojson(atlas, layer, view))


def bundle(atlas: Atlas, layers: Sequence[str], view: View) -> Export:
    """Return one layer's file, or a zip of one file per layer where there are several."""
    files = [export(atlas, layer, view) for layer in layers]
    if len(files) == 1:
        return files[0]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.data)
    return Export(*bundle_name(atlas, layers, view), buffer.getvalue())


def bundle_name(atlas: Atlas, layers: Sequence[str], view: View) -> tuple[str, str]:
    """Return name and media type of a bundle, without building it."""
    if len(layers) == 1:
        return file_name(atlas, LAYERS[layers[0]].title, view, "geojson"), _GEOJSON
    return file_name(atlas, f"{len(layers)}个图层", view, "zip"), "application/zip"


def file_name(atlas: Atlas, subject: str, view: View, suffix: str) -> str:
    """Return a readable file name: province, subject, year, filter."""
    titles = filter_titles(atlas, view)
    chosen = "-".join(titles)
    if len(chosen) > _LONGEST_FILTER:
        chosen = f"{titles[0]}等{len(titles)}项"
    parts = ["冀图", atlas.library.atlas.province + subject, f"{view.year}年", chosen]
    return re.sub(r"[^\w.·-]", "", "_".join(p for p in parts if p)) + f".{suffix}"
