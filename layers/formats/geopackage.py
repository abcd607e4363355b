"""GeoPackage 1.3 export: all sheets in one file that QGIS opens with styles, labels and titles.

Beside the tables, the file holds their styles (``layer_styles``: QML and SLD), the Chinese titles
of the columns (``gpkg_data_columns``), the metadata as XML (``gpkg_metadata``) and three tables for
human readers: description, columns and sources. Its date is the date of the data, so the bytes do
not depend on the clock.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pandas as pd

from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.columns import STYLED, Column
from layers.formats.metadata import Metadata, metadata_text, metadata_xml
from layers.formats.package import Package, Sheet, lists_as_text
from layers.formats.qml import arrange, qml, titles_qml
from layers.formats.sld import sld
from layers.reading.drawings import DrawnFeature, class_title

FILE_NAME = "jitu.gpkg"
LIMITS = (
    "列表以英文逗号连接。",
    "样式按 QGIS 3.22 及以上编写，打开即用；其他软件可用 layer_styles 表中的 SLD。",
    "SLD 中目标增长的圆不分大小。",
    "注记由软件自动避让，位置与页面略有不同；底图（邻省、海域）不在文件内。",
)

_TEMPORARY = "x.gpkg"
_GEOMETRY = "geom"

# Tables of GeoPackage 1.3, annex F.8 and F.9, and the table in which QGIS stores styles.
_TABLES = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
"""
_EXTENSIONS = {
    "gpkg_schema": ("gpkg_data_columns", "gpkg_data_column_constraints"),
    "gpkg_metadata": ("gpkg_metadata", "gpkg_metadata_reference"),
}
# The tables for human readers.
_READABLE: dict[str, tuple[Column, ...]] = {
    "jitu_readme": (Column("line", "说明", "text", "说明文字的一行"),),
    "jitu_fields": (
        Column("table_name", "表", "text", "表名"),
        Column("table_title", "图层", "text", "表的中文名"),
        Column("column_name", "字段", "text", "字段名"),
        Column("title", "中文名", "text", "字段的中文名"),
        Column("unit", "单位", "text", "数值的单位"),
        Column("kind", "类型", "text", "值的类型"),
        Column("meaning", "含义", "text", "字段的含义"),
    ),
    "jitu_sources": (
        Column("document", "文件编号", "text", "文件的编号"),
        Column("title", "文件", "text", "文件的标题"),
        Column("citation", "引用", "text", "标题、性质、发布机构与日期"),
        Column("locator", "文件位置", "text", "内容在文件中的位置"),
    ),
}
_ISO_19115_3 = "http://standards.iso.org/iso/19115/-3/mdb/2.0"


def write(package: Package) -> dict[str, bytes]:
    """Return one file with all sheets.

    Parameters
    ----------
    package
        The export.
    """
    sheets = sorted(package.sheets, key=_depth)
    stamp = f"{package.metadata.date}T00:00:00.000Z"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _TEMPORARY
        for sheet in sheets:
            _write_table(path, package, sheet)
        with closing(sqlite3.connect(path)) as database:
            with database:
                _add_companion_tables(database, sheets, package, stamp)
            database.execute("VACUUM")
        return {FILE_NAME: path.read_bytes()}


def styled_rows(package: Package, sheet: Sheet) -> pd.DataFrame:
    """Return a sheet's rows with lists as text and the columns for styles and labels.

    Parameters
    ----------
    package
        The export.
    sheet
        One of its sheets.

    Returns
    -------
    DataFrame
        The columns of the sheet, then :data:`layers.columns.STYLED`, then the geometry in the
        sheet's CRS.
    """
    year = package.metadata.year
    drawn = [sheet.drawn.get(i) for i in sheet.features["id"]]
    added = {
        "style": [d and d.style_class for d in drawn],
        "style_title": [d and class_title(package.atlas, d) for d in drawn],
        "label": [d and label_text(d, year) for d in drawn],
    }
    features = lists_as_text(sheet.features, sheet.columns)
    text = {name: pd.Series(v, features.index, dtype="str") for name, v in added.items()}
    order = [c.name for c in (*sheet.columns, *STYLED)]
    return features.assign(**text)[[*order, features.geometry.name]]


def label_text(drawn: DrawnFeature, year: int) -> str | None:
    """Return a feature's label on the map for a year: its name and the year's figure.

    Parameters
    ----------
    drawn
        The feature.
    year
        The target year.
    """
    found = drawn.drawing.label
    if found is None:
        return None
    figure = found.by_year.get(year)
    return f"{found.text}\n{figure}" if figure else found.text


def _depth(sheet: Sheet) -> int:
    """Return a sheet's rank from the top of the map: points, circles, outlines, fills, tables."""
    shown = [sheet.drawn[i] for i in sheet.features["id"] if i in sheet.drawn]
    if not shown:
        return 4
    symbols = [d.drawing.symbol for d in shown if d.drawing.symbol]
    if any(symbol.design.shares_place for symbol in symbols):
        return 0
    if any(symbol.rings for symbol in symbols):
        return 1
    return 3 if any(d.drawing.style.style.fill for d in shown) else 2


def _write_table(path: Path, package: Package, sheet: Sheet) -> None:
    import pyogrio  # here, because it loads GDAL, which the page itself does not need

    pyogrio.write_dataframe(
        styled_rows(package, sheet),
        path,
        layer=sheet.name,
        driver="GPKG",
        geometry_type=sheet.geometry_type,
        dataset_options={"VERSION": "1.3"},
        layer_options={
            "FID": "fid",
            "IDENTIFIER": sheet.title,
            "DESCRIPTION": KINDS[sheet.layer].description,
            "GEOMETRY_NAME": _GEOMETRY,
        },
    )


def _add_companion_tables(
    database: sqlite3.Connection, sheets: Sequence[Sheet], package: Package, stamp: str
) -> None:
    """Add metadata, styles, titles and readable tables to the layers' own tables."""
    metadata = package.metadata
    for statement in _TABLES.split(";\n"):
        database.execute(statement)
    for name, own in _EXTENSIONS.items():
        definition = f"http://www.geopackage.org/spec131/#extension_{name.removeprefix('gpkg_')}"
        rows = [(table, None, name, definition, "read-write") for table in own]
        _insert(database, "gpkg_extensions", rows)
    tables = {s.name: (*s.columns, *STYLED) for s in sheets} | _READABLE
    _insert(
        database,
        "gpkg_data_columns",
        [
            (name, c.name, c.title_with_unit, c.title_with_unit, c.meaning, None, None)
            for name, columns in tables.items()
            for c in columns
        ],
    )
    xml = metadata_xml(metadata).decode()
    _insert(database, "gpkg_metadata", [(1, "dataset", _ISO_19115_3, "text/xml", xml)])
    reference = ("geopackage", None, None, None, stamp, 1, None)
    _insert(database, "gpkg_metadata_reference", [reference])
    _write_styles(database, package.atlas, sheets, stamp)
    _write_readable(database, sheets, metadata)
    database.execute("UPDATE gpkg_contents SET last_change = ?", [stamp])


def _write_styles(
    database: sqlite3.Connection, atlas: Atlas, sheets: Sequence[Sheet], stamp: str
) -> None:
    found = database.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
    geometry = dict(found.fetchall())
    arrangement = arrange(sheets)
    styles: list[tuple[str, str, str, str | None, str]] = [
        (
            sheet.name,
            geometry.get(sheet.name, ""),
            qml(atlas, sheet, arrangement),
            sld(atlas, sheet),
            sheet.title,
        )
        for sheet in sheets
    ]
    styles += [(name, "", titles_qml(columns), None, "") for name, columns in _READABLE.items()]
    _insert(
        database,
        "layer_styles",
        [
            (number, "", "", name, column, "jitu", own, other, 1, title, "", None, stamp)
            for number, (name, column, own, other, title) in enumerate(styles, 1)
        ],
    )
    _register(database, "layer_styles", "layer_styles", "QGIS 与 SLD 样式")


def _write_readable(
    database: sqlite3.Connection, sheets: Sequence[Sheet], metadata: Metadata
) -> None:
    """Add the tables for human readers: description, columns and sources."""
    _table(
        database,
        "jitu_readme",
        "说明",
        "这份数据是什么、怎样筛选、坐标系、来源与声明",
        [(line,) for line in metadata_text(metadata).splitlines() if line],
    )
    _table(
        database,
        "jitu_fields",
        "字段",
        "各表的字段、中文名、单位与含义",
        [
            (sheet.name, sheet.title, c.name, c.title, c.unit, c.kind_title, c.meaning)
            for sheet in sheets
            for c in (*sheet.columns, *STYLED)
        ],
    )
    _table(
        database,
        "jitu_sources",
        "来源",
        "所依据的文件及其位置",
        [
            (source.id, source.title, source.citation, locator)
            for source in metadata.sources
            for locator in source.locators or (None,)
        ],
    )


def _table(
    database: sqlite3.Connection,
    name: str,
    identifier: str,
    description: str,
    rows: Iterable[tuple[str | None, ...]],
) -> None:
    """Create a table whose columns are all text."""
    texts = ", ".join(f"{c.name} TEXT" for c in _READABLE[name])
    database.execute(f"CREATE TABLE {name} (fid INTEGER PRIMARY KEY NOT NULL, {texts})")
    _insert(database, name, [(number, *row) for number, row in enumerate(rows, 1)])
    _register(database, name, identifier, description)


def _register(database: sqlite3.Connection, name: str, identifier: str, description: str) -> None:
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description) "
        "VALUES (?, 'attributes', ?, ?)",
        [name, identifier, description],
    )


def _insert(
    database: sqlite3.Connection, table: str, rows: Sequence[tuple[str | int | None, ...]]
) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 (our names)
