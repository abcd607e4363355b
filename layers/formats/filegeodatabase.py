"""File Geodatabase export (``.gdb``), for ArcGIS: Chinese aliases, real nulls, long texts.

GDAL's driver writes it. The layers are feature classes, :mod:`layers.formats.companions` tables.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from layers.columns import STYLED, Column
from layers.formats.companions import reading_tables
from layers.formats.delimited import map_texts
from layers.formats.geojson import on_grid
from layers.formats.metadata import xml_text
from layers.formats.package import Package, styled_rows
from layers.shared.declared import declared_form

FOLDER = "jitu.gdb"
LIMITS = (
    "供 ArcGIS 使用：解压后添加 jitu.gdb；也可用 QGIS 打开。列表以英文逗号连接。",
    "字段别名为中文；空值是真正的空值。不带样式，可按 style_title（图例）字段分类设色。",
)

_TYPES = {"text": pa.string(), "list": pa.string(), "integer": pa.int32(), "number": pa.float64()}
_ALIAS = b"GDAL:OGR:alternative_name"
_GEOMETRY = "SHAPE"
# A geodatabase stores coordinates on a grid, on which slivers could cross themselves.
_DECIMALS_DEGREES, _DECIMALS_METRES = 9, 4
# Otherwise GDAL draws random identifiers, and the same view would not give the same bytes.
_SAME_IDENTIFIERS = {"OPENFILEGDB_REPRODUCIBLE_UUID": "YES"}


def write(package: Package) -> dict[str, bytes]:
    """Return the files of a geodatabase, each name with its folder.

    Parameters
    ----------
    package
        The export.
    """
    import pyogrio  # here, because it loads GDAL, which the page itself does not need

    pyogrio.set_gdal_config_options(_SAME_IDENTIFIERS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FOLDER
        for sheet in package.sheets:
            columns = (*sheet.columns, *STYLED)
            rows = styled_rows(package, sheet)
            texts = [c.name for c in columns if c.kind in ("text", "list")]
            cells = map_texts(rows, texts, xml_text)[[c.name for c in columns]]
            decimals = _DECIMALS_METRES if sheet.crs.zone else _DECIMALS_DEGREES
            rounded = on_grid(rows.geometry.to_numpy(), decimals)
            shapes = declared_form(
                rows.set_geometry(gpd.GeoSeries(rounded, rows.index, crs=rows.crs)),
                sheet.geometry_type,
            ).geometry.to_wkb()
            _write(
                path, _table(cells, columns, shapes), sheet.name, sheet.title,
                {"geometry_type": sheet.geometry_type, "crs": sheet.crs.name},
            )  # fmt: skip
        for table in reading_tables(package):
            cells = pd.DataFrame(table.rows, columns=[c.name for c in table.columns])
            _write(path, _table(cells, table.columns), table.name, table.title, {})
        return {f"{FOLDER}/{file.name}": file.read_bytes() for file in sorted(path.iterdir())}


def _table(
    cells: pd.DataFrame, columns: Sequence[Column], shapes: pd.Series | None = None
) -> pa.Table:
    """Return rows with declared types and the titles of the columns as their aliases."""
    fields = [
        pa.field(c.name, _TYPES[c.kind], metadata={_ALIAS: c.title_with_unit.encode()})
        for c in columns
    ]
    arrays = [pa.array(cells[f.name], f.type, from_pandas=True) for f in fields]
    if shapes is not None:
        fields.append(
            pa.field(_GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
        )
        arrays.append(pa.array(shapes, pa.binary(), from_pandas=True))
    return pa.table(arrays, schema=pa.schema(fields))


def _write(path: Path, rows: pa.Table, name: str, title: str, shape: Mapping[str, Any]) -> None:
    import pyogrio

    pyogrio.write_arrow(
        rows,
        path,
        layer=name,
        driver="OpenFileGDB",
        geometry_name=_GEOMETRY if shape else None,
        layer_options={"LAYER_ALIAS": title},
        **shape,
    )
