"""GeoPackage 1.3 export: all sheets in one file that QGIS opens with styles, labels and titles.

Beside the tables, the file holds their styles (``layer_styles``: QML and SLD), the Chinese titles
of the columns (``gpkg_data_columns``), the metadata as XML (``gpkg_metadata``) and the tables of
:mod:`layers.formats.companions`. Its date is the date of the data, so the bytes do not depend on
the clock.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from layers.atlas import Atlas
from layers.columns import STYLED
from layers.formats.companions import Table, reading_tables
from layers.formats.metadata import metadata_xml
from layers.formats.package import Package, Sheet, styled_rows
from layers.formats.qml import arrange, qml, titles_qml
from layers.formats.sld import sld

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
_ISO_19115_3 = "http://standards.iso.org/iso/19115/-3/mdb/2.0"


def write(package: Package) -> dict[str, bytes]:
    """Return one file with all sheets.

    Parameters
    ----------
    package
        The export.
    """
    sheets = drawing_order(package.sheets)
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


def drawing_order(sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    """Return sheets as they lie on the map, the top first.

    Parameters
    ----------
    sheets
        The sheets of an export.
    """
    return tuple(sorted(sheets, key=_depth))


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
            "DESCRIPTION": package.metadata.described(sheet.layer),
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
    readable = reading_tables(replace(package, sheets=tuple(sheets)))
    tables = {s.name: (*s.columns, *STYLED) for s in sheets}
    tables |= {table.name: table.columns for table in readable}
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
    _write_styles(database, package.atlas, sheets, readable, stamp)
    for table in readable:
        _write_table_of_text(database, table)
    database.execute("UPDATE gpkg_contents SET last_change = ?", [stamp])


def _write_styles(
    database: sqlite3.Connection,
    atlas: Atlas,
    sheets: Sequence[Sheet],
    readable: Sequence[Table],
    stamp: str,
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
    styles += [(table.name, "", titles_qml(table.columns), None, "") for table in readable]
    _insert(
        database,
        "layer_styles",
        [
            (number, "", "", name, column, "jitu", own, other, 1, title, "", None, stamp)
            for number, (name, column, own, other, title) in enumerate(styles, 1)
        ],
    )
    _register(database, "layer_styles", "layer_styles", "QGIS 与 SLD 样式")


def _write_table_of_text(database: sqlite3.Connection, table: Table) -> None:
    texts = ", ".join(f"{c.name} TEXT" for c in table.columns)
    database.execute(f"CREATE TABLE {table.name} (fid INTEGER PRIMARY KEY NOT NULL, {texts})")
    _insert(database, table.name, [(n, *row) for n, row in enumerate(table.rows, 1)])
    _register(database, table.name, table.title, table.description)


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
