"""CSV that Excel, QGIS and GDAL read alike: BOM, CRLF, all cells quoted, formulas disabled.

Each table comes with its column types (``.csvt``) and its coordinate system (``.prj``), which GDAL
and QGIS read automatically. The geometry is WKT in the last column. The module also prepares rows
for the other formats that have no lists.
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
from layers.formats.package import Package, Sheet, lists_as_text

GEOMETRY = "WKT"
LIMITS = (
    "第一行是字段名，中文名称、单位与含义见字段说明.csv；列表以英文逗号连接；空值与空文本不分；没有图形的要素排在最后。",
    "图形是最后一列的 WKT 文本，长于 Excel 单元格的上限：用 Excel 另存会截断图形。",
    "以 = + - @ 等开头的文本前加了英文单引号，防止被当作公式。",
    "双击用 Excel 打开会去掉代码开头的 0，请用“数据—自文本”导入并把代码列设为文本，或改用 XLSX。",
)

_TYPES = {"text": "String", "list": "String", "integer": "Integer", "number": "Real"}
# Spreadsheets take these characters for the start of a formula. Text that already starts with a
# quote gets another one, so that removing one quote always restores the original.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def write(package: Package) -> dict[str, bytes]:
    """Return ``.csv``, ``.csvt`` and ``.prj`` for each sheet.

    Parameters
    ----------
    package
        The export.
    """
    files = {}
    for sheet in package.sheets:
        types = [*(_TYPES[c.kind] for c in sheet.columns), "WKT"]
        files[f"{sheet.name}.csv"] = _csv(sheet)
        files[f"{sheet.name}.csvt"] = ",".join(f'"{t}"' for t in types).encode() + b"\r\n"
        # QGIS needs the EPSG code to identify the system, and Esri's dialect of WKT has none.
        files[f"{sheet.name}.prj"] = CRS(sheet.crs.name).to_wkt("WKT1_GDAL").encode()
    return files


def csv_table(header: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    r"""Return a table as CSV (UTF-8 with BOM).

    Parameters
    ----------
    header
        The titles of the columns.
    rows
        The cells of each row. Null becomes an empty cell; text that a spreadsheet would take for a
        formula gets a leading quote.

    Examples
    --------
    >>> csv_table(["名称", "数值"], [["=1+1", -2], [None, 3.5]]).decode("utf-8-sig")
    '"名称","数值"\r\n"\'=1+1","-2"\r\n"","3.5"\r\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([_guarded(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def flat_rows(sheet: Sheet) -> gpd.GeoDataFrame:
    """Return a sheet's rows for formats without lists and without control characters.

    Parameters
    ----------
    sheet
        A sheet of an export.

    Returns
    -------
    GeoDataFrame
        The rows with lists as text, as in :func:`layers.formats.package.lists_as_text`, and
        without the characters that XML 1.0 forbids.
    """
    rows = lists_as_text(sheet.features, sheet.columns)
    texts = [c.name for c in sheet.columns if c.kind in ("text", "list")]
    return map_texts(rows, texts, xml_text)


def map_texts(
    rows: gpd.GeoDataFrame, names: Iterable[str], change: Callable[[str], str]
) -> gpd.GeoDataFrame:
    """Return rows with a function applied to the texts of some columns.

    Parameters
    ----------
    rows
        The rows.
    names
        The names of text columns.
    change
        Called with each text. Null stays null.
    """
    changed = {n: rows[n].map(change, na_action="ignore").astype("str") for n in names}
    return rows.assign(**changed)


def _csv(sheet: Sheet) -> bytes:
    rows = flat_rows(sheet)
    cells = rows[[c.name for c in sheet.columns]].astype(object)
    # All digits, so that a reader gets the exact coordinates.
    cells[GEOMETRY] = shapely.to_wkt(rows.geometry.to_numpy(), rounding_precision=-1)
    return csv_table(list(cells), cells.itertuples(index=False))


def _guarded(value: object) -> object:
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    return None if pd.isna(value) else value
