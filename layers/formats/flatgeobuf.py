"""FlatGeobuf: one file per layer, with a spatial index and its metadata, for maps on the web."""

from __future__ import annotations

import io

from layers.formats import metadata
from layers.formats.delimited import plain_rows
from layers.formats.package import Package, Sheet

LIMITS = (
    "列表以英文逗号连接；要素按空间索引排序，次序与页面不同。",
    "空间索引容不下无图形的要素：含这类要素的图层（如规划目标）不带索引，要素一个不少。",
)


def write(package: Package) -> dict[str, bytes]:
    """Return ``.fgb`` for each sheet."""
    return {f"{sheet.name}.fgb": _fgb(sheet, package) for sheet in package.sheets}


def _fgb(sheet: Sheet, package: Package) -> bytes:
    import pyogrio  # loads GDAL, which a view of the page does not need

    buffer = io.BytesIO()
    pyogrio.write_dataframe(
        plain_rows(sheet),
        buffer,
        layer=sheet.name,
        driver="FlatGeobuf",
        use_arrow=True,
        # One type, whatever the selection: polygons always leave as MultiPolygon.
        promote_to_multi=set(sheet.features.geom_type.dropna()) != {"Point"},
        layer_options={
            # GDAL refuses a feature without geometry where there is an index.
            "SPATIAL_INDEX": "NO" if sheet.features.geometry.isna().any() else "YES",
            "TITLE": sheet.title,
            "DESCRIPTION": metadata.metadata_text(package.metadata),
        },
        layer_metadata={"metadata_xml": metadata.metadata_xml(package.metadata).decode()},
    )
    return buffer.getvalue()
