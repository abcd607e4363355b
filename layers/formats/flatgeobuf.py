"""FlatGeobuf export: one file per layer, with spatial index and metadata, for web maps."""

from __future__ import annotations

import io

from layers.formats import metadata
from layers.formats.delimited import flat_rows
from layers.formats.package import Package, Sheet

LIMITS = (
    "列表以英文逗号连接；要素按空间索引排序，次序与页面不同。",
    "空间索引容不下无图形的要素：含这类要素的图层（如规划目标）不带索引，要素一个不少。",
)


def write(package: Package) -> dict[str, bytes]:
    """Return one ``.fgb`` file per sheet.

    Parameters
    ----------
    package
        The export.
    """
    return {f"{sheet.name}.fgb": _fgb(sheet, package) for sheet in package.sheets}


def _fgb(sheet: Sheet, package: Package) -> bytes:
    import pyogrio  # here, because it loads GDAL, which the page itself does not need

    buffer = io.BytesIO()
    pyogrio.write_dataframe(
        flat_rows(sheet),
        buffer,
        layer=sheet.name,
        driver="FlatGeobuf",
        use_arrow=True,
        geometry_type=sheet.geometry_type,
        layer_options={
            # With a spatial index, GDAL rejects features without geometry.
            "SPATIAL_INDEX": "NO" if sheet.features.geometry.isna().any() else "YES",
            "TITLE": sheet.title,
            "DESCRIPTION": metadata.metadata_text(package.metadata),
        },
        layer_metadata={"metadata_xml": metadata.metadata_xml(package.metadata).decode()},
    )
    return buffer.getvalue()
