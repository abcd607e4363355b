"""File Geodatabase: what ArcGIS's planners get, read by GDAL and QGIS."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from packages import HOSTILE, SYSTEMS, changed, check_in_qgis, packed, qgis, written

from layers.catalogue import KINDS
from layers.columns import STYLED
from layers.formats.companions import reading_tables
from layers.formats.delimited import map_texts
from layers.formats.export import export
from layers.formats.filegeodatabase import FOLDER, write
from layers.formats.metadata import xml_text
from layers.formats.package import lists_as_text
from layers.reading.view import View

# A geodatabase stores coordinates on a grid: 1e-9 degrees, 0.1 mm.
GRID = {"4490": 1e-8, "4547": 1e-3, "4526": 1e-3}


@pytest.fixture(scope="module")
def exported(atlas, tmp_path_factory) -> dict[str, Path]:
    """All layers in all systems: a geodatabase for each."""
    folder = tmp_path_factory.mktemp("导出")
    for crs in SYSTEMS:
        (folder / crs / FOLDER).mkdir(parents=True)
        for name, data in write(packed(atlas, crs)).items():
            (folder / crs / name).write_bytes(data)
    return {crs: folder / crs / FOLDER for crs in SYSTEMS}


@pytest.mark.parametrize("crs", SYSTEMS)
@pytest.mark.parametrize("layer", KINDS)
def test_all_rows_come_back(atlas, exported, layer, crs):
    """Order, nulls, types and system; lists are joined by commas."""
    sheet = packed(atlas, crs, [layer]).sheets[0]
    rows = lists_as_text(sheet.features, sheet.columns)
    read = pyogrio.read_dataframe(exported[crs], layer=sheet.name)
    assert read.crs == rows.crs
    assert pyogrio.read_info(exported[crs], layer=sheet.name)["geometry_type"] == (
        sheet.geometry_type
    )
    assert list(read.columns[:-1]) == [c.name for c in (*sheet.columns, *STYLED)]
    for name in rows.columns.drop("geometry"):
        assert read[name].isna().tolist() == rows[name].isna().tolist(), name
        assert read[name].dropna().tolist() == rows[name].dropna().tolist(), name
    there = rows.geometry.notna()
    assert (read.geometry.notna() == there).all()
    found, expected = read.geometry[there].to_numpy(), rows.geometry[there].to_numpy()
    assert (shapely.distance(found, expected) < GRID[crs]).all()
    # Slivers thinner than the grid may close, so vertices are not compared one by one.
    moved = shapely.area(shapely.symmetric_difference(found, expected))
    assert (moved <= GRID[crs] * shapely.length(expected)).all()
    assert shapely.is_valid(found).all()


def test_there_is_a_table_for_each_record_that_no_layer_shows(atlas, exported):
    for table in reading_tables(packed(atlas)):
        read = pyogrio.read_dataframe(exported["4490"], layer=table.name)
        cells = read.astype(object).where(read.notna(), None)
        assert cells.to_numpy().tolist() == [list(row) for row in table.rows]


def test_it_is_zipped_as_arcgis_unpacks_it(atlas):
    made = export(atlas, ["clusters"], View(2025), "gdb")
    assert made.name.endswith(".gdb.zip")
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        folders = {name.partition("/")[0] for name in archive.namelist() if "/" in name}
        assert folders == {FOLDER}
        assert "说明.txt" in archive.namelist()


@settings(max_examples=15)
@given(HOSTILE)
def test_any_text_survives(atlas, tmp_path_factory, texts):
    made = changed(packed(atlas, layers=["regions"]), note=texts)
    folder = tmp_path_factory.mktemp("x") / "x.gdb"
    files = {name.rpartition("/")[2]: data for name, data in write(made).items()}
    read = pyogrio.read_dataframe(written(folder, files), layer="regions")["note"]
    expected = map_texts(made.sheets[0].features, ["note"], xml_text)["note"]
    assert read.fillna("").tolist() == expected.tolist()


@pytest.mark.qgis
def test_ogrinfo_reads_titles_and_nulls(exported, program):
    command = [program("ogrinfo"), "-ro", "-geom=NO", str(exported["4547"]), "clusters"]
    about = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    assert "Feature Count: 17" in about
    assert 'ID["EPSG",4547]' in about
    assert 'revenue_yi_2027: Integer (0.0), alternative name="2027年营业收入目标（亿元）"' in about
    assert "revenue_yi_2027 (Integer) = 2500" in about
    assert "revenue_yi_2027 (Integer) = (null)" in about


@pytest.mark.qgis
@pytest.mark.parametrize("crs", SYSTEMS)
def test_qgis_reads_every_layer(atlas, exported, absent, crs):
    sheets = packed(atlas, crs).sheets
    found = qgis([f"{exported[crs]}|layername={sheet.name}" for sheet in sheets], absent)
    for seen, sheet in zip(found, sheets, strict=True):
        check_in_qgis(seen, sheet, f"EPSG:{crs}")
