"""FlatGeobuf export: one file per layer, with spatial index and metadata, for web maps."""

from __future__ import annotations

import io

from layers.formats import metadata
from layers.formats.delimited import flat_rows
from layers.formats.package import Package, Sheet

LIMITS = (
    "列表以英文逗号连接；要素按空间索引排序，次序与页面不同。",
    "不含没有图形的要素（如多数规划目标）：有的软件遇到空图形即停止读取；这些要素请用其他格式。",
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

    rows = flat_rows(sheet)
    buffer = io.BytesIO()
    pyogrio.write_dataframe(
        rows[rows.geometry.notna()],
        buffer,
        layer=sheet.name,
        driver="FlatGeobuf",
        use_arrow=True,
        geometry_type=sheet.geometry_type,
        layer_options={
            "TITLE": sheet.title,
            "DESCRIPTION": metadata.metadata_text(package.metadata),
        },
        layer_metadata={"metadata_xml": metadata.metadata_xml(package.metadata).decode()},
    )
    return buffer.getvalue()
