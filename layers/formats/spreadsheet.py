"""Excel export: a workbook with a description, layers, other records, fields and sources.

It is made for reading and calculating. Numbers are numbers, codes are text, and no cell is a
formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geo.crs import WGS84
from layers.catalogue import KINDS
from layers.columns import Column
from layers.formats import metadata
from layers.formats.companions import Table, record_tables
from layers.formats.delimited import flat_rows
from layers.formats.metadata import Metadata
from layers.formats.package import Package, Sheet
from layers.shared.vocabulary import CODE_WORDS, FORMS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FILE = "jitu.xlsx"
# Excel counts UTF-16 code units: a rare character such as 𠮷 counts as two.
CELL_UNITS, TITLE_UNITS = 32_767, 31
LIMITS = (
    "没有图形，只有属性；点要素另有代表点经纬度（WGS84）。",
    "层级、几何状态、类别等代码已换成中文；列表以英文逗号连接。",
)

_ABOUT, _FIELDS, _SOURCES, _XML = "说明", "字段说明", "资料来源", "元数据XML"
_POINT = (
    Column("lon", "代表点经度", "number", "所在地代表点的经度（WGS84）。", "°"),
    Column("lat", "代表点纬度", "number", "所在地代表点的纬度（WGS84）。", "°"),
)
_DECIMALS = 7
_NARROWEST, _WIDEST, _PAGE = 8, 44, 110


@dataclass(frozen=True)
class _Table:
    """A worksheet before it is written: wanted name, columns, and cells, ``None`` for empty."""

    title: str
    columns: tuple[Column, ...]
    rows: list[list[Any]]


def write(package: Package) -> dict[str, bytes]:
    """Return one workbook with all sheets.

    Parameters
    ----------
    package
        The export.
    """
    from xlsxwriter import Workbook  # here, because the page itself does not need it

    tables = [_layer(sheet) for sheet in package.sheets]
    tables += [_records(table) for table in record_tables(package)]
    tables += [_fields(tables), _sources(package.metadata)]
    titles = _titles([_ABOUT, *(table.title for table in tables), _XML])
    cut = [
        note
        for title, table in zip(titles[1:-1], tables, strict=True)
        for note in _cuts(title, table)
    ]
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        about = package.metadata
        book.set_properties(
            {
                "title": metadata.xml_text(about.title),
                "comments": metadata.xml_text(about.disclaimer),
                "created": datetime.fromisoformat(about.date),
            }
        )
        _lines(book, titles[0], [*metadata.metadata_text(about).split("\n"), *cut])
        for title, table in zip(titles[1:-1], tables, strict=True):
            _write(book, title, table)
        _xml(book.add_worksheet(titles[-1]), metadata.metadata_xml(about).decode())
    return {FILE: buffer.getvalue()}


def _layer(sheet: Sheet) -> _Table:
    """Return a sheet's rows with codes in words, the name first, and lon/lat of points."""
    rows = flat_rows(sheet)
    for name, words in CODE_WORDS.items():
        if name in rows:
            rows[name] = [words.get(code, code) for code in rows[name]]
    columns = sorted(sheet.columns, key=lambda c: c.name != "name")
    if KINDS[sheet.layer].has_symbols:
        points = rows.geometry.to_crs(WGS84).representative_point()
        rows = rows.assign(lon=points.x.round(_DECIMALS), lat=points.y.round(_DECIMALS))
        columns += _POINT
    cells = rows[[c.name for c in columns]].astype(object)
    return _Table(sheet.title, tuple(columns), cells.where(cells.notna(), None).to_numpy().tolist())


def _fields(tables: Sequence[_Table]) -> _Table:
    rows = [
        [table.title, c.name, c.title, c.kind_title, c.unit, c.meaning]
        for table in tables
        for c in table.columns
    ]
    return _Table(_FIELDS, _texts("工作表", "字段", "名称", "类型", "单位", "含义"), rows)


def _records(table: Table) -> _Table:
    return _Table(table.title, table.columns, [list(row) for row in table.rows])


def _sources(about: Metadata) -> _Table:
    rows = [
        [s.id, s.title, FORMS[s.form], s.publisher, s.published, locator]
        for s in about.sources
        for locator in s.locators or (None,)
    ]
    headings = ("文件编号", "文件", "形式", "发布机构", "发布日期", "文件位置")
    return _Table(_SOURCES, _texts(*headings), rows)


def _texts(*titles: str) -> tuple[Column, ...]:
    return tuple(Column(title, title, "text", "") for title in titles)


def _titles(wanted: Iterable[str]) -> list[str]:
    r"""Return valid names for worksheets: unique, without []:*?/\, at most 31 characters."""
    titles: list[str] = []
    for title in wanted:
        stem = re.sub(r"[\[\]:*?/\\]", " ", metadata.xml_text(title)).strip("' ") or "_"
        name, number = _cut(stem, TITLE_UNITS), 1
        while name.casefold() in {t.casefold() for t in titles}:
            number += 1
            name = f"{_cut(stem, TITLE_UNITS - 4)}({number})"
        titles.append(name)
    return titles


def _cut(text: str, units: int) -> str:
    """Return the longest beginning of a text with at most `units` UTF-16 code units.

    >>> _cut("𠮷林", 2), _cut("𠮷林", 1)
    ('𠮷', '')
    """
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore")


def _text(value: str) -> str:
    """Return a text for a cell: line feeds only, and at most 32,767 code units."""
    return _cut(re.sub("\r\n?", "\n", metadata.xml_text(value)), CELL_UNITS)


def _cuts(title: str, table: _Table) -> Iterator[str]:
    for number, row in enumerate(table.rows, 2):
        for column, value in zip(table.columns, row, strict=True):
            if isinstance(value, str) and _cut(value, CELL_UNITS) != value:
                yield (
                    f"注意：工作表“{title}”第{number}行“{column.title}”超出单元格的"
                    f"{CELL_UNITS:,}个字符，已截断；全文见其他格式。"
                )


def _lines(book: Workbook, title: str, lines: Sequence[str]) -> None:
    """Write a worksheet of text with one line per row; the first line is the heading."""
    sheet = book.add_worksheet(title)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, _PAGE)
    heading = book.add_format({"bold": True, "font_size": 14, "text_wrap": True})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, _text(line), body if number else heading)


def _write(book: Workbook, title: str, table: _Table) -> None:
    """Write a table with frozen headings, a filter, fitting column widths and wrapped text.

    Text is written as strings, so that Excel makes neither formulas nor links of it.
    """
    sheet = book.add_worksheet(title)
    heading = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#e8edf3", "bottom": 1}
    )
    text = book.add_format({"text_wrap": True, "valign": "top"})
    numbers: dict[str, Format] = {}
    for x, column in enumerate(table.columns):
        sheet.write_string(0, x, _text(column.title_with_unit), heading)
        sheet.set_column(x, x, _width([column.title_with_unit, *(row[x] for row in table.rows)]))
    for y, row in enumerate(table.rows, 1):
        for x, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            if value in (None, ""):
                continue
            if isinstance(value, str):
                sheet.write_string(y, x, _text(value), text)
            else:
                pattern = _pattern(column, value)
                if pattern not in numbers:
                    numbers[pattern] = book.add_format({"num_format": pattern, "valign": "top"})
                sheet.write_number(y, x, value, numbers[pattern])
    # Codes are text that looks like numbers: suppress Excel's warning on each of them.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _pattern(column: Column, value: float) -> str:
    """Return the number format; integers without a unit, such as years, are not grouped."""
    if column.kind == "integer" and not column.unit:
        return "0"
    return "#,##0" if float(value).is_integer() else "#,##0.0#####"


def _width(values: Iterable[object]) -> int:
    """Return a column's width in characters; a Chinese character counts as two."""
    lines = (line for v in values if v is not None for line in str(v).split("\n"))
    longest = max(len(line.encode("gb18030")) for line in lines)
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _xml(sheet: Worksheet, xml: str) -> None:
    """Write XML into consecutive cells of a column; their concatenation is the document."""
    sheet.set_column(0, 0, _PAGE)
    row = 0
    while xml:
        chunk = _cut(xml, CELL_UNITS)
        sheet.write_string(row, 0, chunk)
        xml, row = xml[len(chunk) :], row + 1
