"""Every layer in a database: from the running API and from each file format, by Debian's GDAL.

The tests start a private PostgreSQL in a temporary folder. It listens on a Unix socket only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_ogc import Fixed, no_page, serving

from app.serving.server import Front
from layers.catalogue import KINDS, columns_of
from layers.formats.export import FORMATS, build_package
from layers.reading.view import View, select

pytestmark = pytest.mark.qgis

DIRECT = {"NO_PROXY": "*", "no_proxy": "*", "LC_ALL": "C.UTF-8"}
TYPES = {
    "text": "character varying",
    "list": "ARRAY",
    "integer": "integer",
    "number": "double precision",
}
VIEW = View(2027)


class Database:
    """A database with PostGIS, and ogr2ogr to fill it."""

    def __init__(self, socket: Path, psql: str, ogr2ogr: str) -> None:
        self.socket, self.psql, self.ogr2ogr = socket, psql, ogr2ogr

    def query(self, sql: str) -> list[list[str]]:
        """The rows of a query, as text."""
        command = [self.psql, "-h", str(self.socket), "-U", "jitu", "-d", "postgres"]
        answer = run(*command, "-v", "ON_ERROR_STOP=1", "-AtF", "|", "-c", sql)
        return [line.split("|") for line in answer.splitlines()]

    def load(self, schema: str, source: str, *options: str) -> None:
        """Load all layers of a source; one that exists is appended to."""
        self.query(f"create schema if not exists {schema}")
        target = f"PG:host={self.socket} user=jitu dbname=postgres active_schema={schema}"
        run(self.ogr2ogr, "-f", "PostgreSQL", "-append", target, source, *options,
            "-lco", "GEOMETRY_NAME=geometry")  # fmt: skip

    def columns(self, schema: str, table: str) -> dict[str, str]:
        """Name of a column → its type."""
        return dict(
            self.query(
                "select column_name, data_type from information_schema.columns "  # noqa: S608
                f"where table_schema = '{schema}' and table_name = '{table}'"
            )
        )


def run(*command: str, **options: object) -> str:
    made = subprocess.run(  # type: ignore[call-overload]
        command, capture_output=True, check=False, encoding="utf-8", timeout=120,
        env=os.environ | DIRECT, **options,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "ERROR" not in made.stderr, made.stderr
    return str(made.stdout)


@pytest.fixture(scope="module")
def database(program, absent) -> Iterator[Database]:
    """A PostgreSQL of these tests alone, with the extension postgis."""
    psql, ogr2ogr = program("psql"), program("ogr2ogr")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    pg_ctl = shutil.which("pg_ctl", path=versions[-1] if versions else None)
    if pg_ctl is None:
        absent("PostgreSQL is not installed (Debian's package postgresql)")
    if not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        absent("PostGIS is not installed (Debian's package postgresql-postgis)")
    # PostgreSQL refuses to run as root, and its user cannot enter pytest's own folders.
    who = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="jitu-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if who:
            shutil.chown(folder, **who)
        server = [pg_ctl, "-D", str(folder / "data")]
        alone = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(*server, "init", "-o", "-U jitu -A trust -E UTF8 --no-sync", cwd=folder, **who)
        start = [*server, "-w", "-l", str(folder / "log"), "-o", alone, "start"]
        # Not through a pipe, which the server would keep open.
        subprocess.run(start, check=True, cwd=folder, stdout=subprocess.DEVNULL, **who)
        try:
            made = Database(folder, psql, ogr2ogr)
            made.query("create extension postgis")
            yield made
        finally:
            run(*server, "-m", "immediate", "stop", cwd=folder, **who)


@pytest.fixture(scope="module")
def base(atlas) -> Iterator[str]:
    """The address of a running API."""
    with serving(Front(no_page, Fixed(atlas))) as address:
        yield f"{address}/ogc"


def table(layer: str) -> str:
    return layer.replace("-", "_")


def check(
    database: Database, schema: str, atlas, views: list[View], *, placed_only: bool = False
) -> None:
    """All features of the views are there, each valid and of the type that its kind declares."""
    for layer, kind in KINDS.items():
        shown = [select(atlas, layer, view) for view in views]
        placed = sum(int(rows.geometry.notna().sum()) for rows in shown)
        found = database.query(
            "select count(*), count(geometry), "  # noqa: S608
            "count(*) filter (where not st_isvalid(geometry)), "
            f"string_agg(distinct geometrytype(geometry), ',') from {schema}.{table(layer)}"
        )
        count = placed if placed_only else sum(map(len, shown))
        assert found == [[str(count), str(placed), "0", kind.geometry_type.upper()]], layer


def test_the_api_fills_a_database(database, atlas, base):
    """With the declared type of each geometry and each column, whatever the rows hold."""
    database.load("api", f"OAPIF:{base}")
    check(database, "api", atlas, [VIEW])
    declared = dict(
        database.query(
            "select f_table_name, type from geometry_columns where f_table_schema = 'api'"
        )
    )
    for layer, kind in KINDS.items():
        assert declared[table(layer)] == kind.geometry_type.upper()
        found = database.columns("api", table(layer))
        columns = columns_of(layer, atlas.records.atlas.years)
        own = {"ogc_fid": "integer", "geometry": "USER-DEFINED"}
        assert found == {c.name: TYPES[c.kind] for c in columns} | own, layer


def test_a_filtered_view_of_the_api_goes_on_top(database, atlas, base):
    """A city's features are appended to the province's, although bases have one place there."""
    database.load("filtered", f"OAPIF:{base}")
    city = View(2027, cities=("130100",))
    for layer in KINDS:
        if len(select(atlas, layer, city)):
            address = f"{base}/collections/{layer}/items?city=130100&limit=1000&f=json"
            database.load("filtered", address, "-nln", table(layer))
    check(database, "filtered", atlas, [VIEW, city])


@pytest.mark.parametrize("format_id", ["gpkg", "geojson", "shp", "kml", "csv", "fgb"])
def test_each_vector_format_fills_a_database(database, atlas, tmp_path, format_id):
    spec = FORMATS[format_id]
    for name, content in spec.write(build_package(atlas, list(KINDS), VIEW, spec)).items():
        (tmp_path / name).write_bytes(content)
    if spec.together or format_id == "fgb":  # GDAL reads a folder of these as one source
        database.load(format_id, str(next(tmp_path.glob("*.gpkg"), tmp_path)))
    else:
        for layer, kind in KINDS.items():
            file = tmp_path / f"{table(layer)}.{spec.suffix}"
            # A shapefile does not tell Polygon from MultiPolygon.
            told = ["-nlt", kind.geometry_type] if format_id == "shp" else []
            database.load(format_id, str(file), "-nln", table(layer), *told)
    # A FlatGeobuf has only features with geometry, and says so.
    check(database, format_id, atlas, [VIEW], placed_only=format_id == "fgb")
