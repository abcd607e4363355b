"""CSV that Excel, QGIS and GDAL open alike: BOM, CRLF, everything quoted, no live formulas.

Beside each table stand its types (``.csvt``) and its coordinate system (``.prj``), which GDAL and
QGIS read by themselves. The geometry is text (WKT) in the last column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

from layers.formats.metadata import xml_text
from layers.formats.package import Package, Sheet, flat

GEOMETRY = "WKT"
LIMITS = (
    "第一行是字段名，中文名称、单位与含义见字段说明.csv；列表以英文逗号连接；空值与空文本不分；没有图形的要素排在最后。",
    "图形是最后一列的 WKT 文本，长于 Excel 单元格的上限：用 Excel 另存会截断图形。",
    "以 = + - @ 等开头的文本前加了英文单引号，防止被当作公式。",
    "双击用 Excel 打开会去掉代码开头的 0，请用“数据—自文本”导入并把代码列设为文本，或改用 XLSX。",
)

_TYPES = {"text": "String", "list": "String", "integer": "Integer", "number": "Real"}
# What spreadsheets take for the start of a formula. Text that looks guarded already is guarded
# again, so that taking one quote away always gives back what was there.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def write(package: Package) -> dict[str, bytes]:
    """Return ``.csv``, ``.csvt`` and, where there is geometry, ``.prj`` for each sheet."""
    files = {}
    for sheet in package.sheets:
        types = [_TYPES[c.kind] for c in sheet.columns] + ["WKT"] * sheet.has_geometry
        files[f"{sheet.name}.csv"] = _csv(sheet)
        files[f"{sheet.name}.csvt"] = ",".join(f'"{t}"' for t in types).encode() + b"\r\n"
        if sheet.has_geometry:
            # Not Esri's dialect: here QGIS needs the EPSG code to know the system.
            files[f"{sheet.name}.prj"] = CRS(sheet.crs.name).to_wkt("WKT1_GDAL").encode()
    return files


def table(header: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    r"""Return a table as CSV; ``None`` becomes an empty cell, numbers stay numbers.

    >>> table(["名称", "数值"], [["=1+1", -2], [None, 3.5]]).decode("utf-8-sig")
    '"名称","数值"\r\n"\'=1+1","-2"\r\n"","3.5"\r\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([_guarded(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def plain_rows(sheet: Sheet) -> gpd.GeoDataFrame:
    """Return a sheet's rows as formats hold them that know no lists and no control characters."""
    rows = flat(sheet.features, sheet.columns)
    texts = [c.name for c in sheet.columns if c.kind in ("text", "list")]
    return mapped(rows, texts, xml_text)


def mapped(
    rows: gpd.GeoDataFrame, names: Iterable[str], change: Callable[[str], str]
) -> gpd.GeoDataFrame:
    """Return `rows` with the texts of some columns changed; what is null stays null, as text."""
    changed = {n: rows[n].map(change, na_action="ignore").astype("str") for n in names}
    return rows.assign(**changed)


def placed_first(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the same rows, those without geometry last.

    Readers judge by the first row: QGIS takes a KML or CSV file for a table without system, and
    GDAL reckons a shapefile's extent from 0, 0.
    """
    return rows.sort_values("geometry", key=pd.isna, kind="stable")


def _csv(sheet: Sheet) -> bytes:
    rows = placed_first(plain_rows(sheet))
    cells = rows[[c.name for c in sheet.columns]].astype(object)
    if sheet.has_geometry:
        # All digits: what is read back is what was written.
        cells[GEOMETRY] = shapely.to_wkt(rows.geometry.to_numpy(), rounding_precision=-1)
    return table(list(cells), cells.itertuples(index=False))


def _guarded(value: object) -> object:
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    return None if pd.isna(value) else value
