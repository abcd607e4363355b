"""CSV: what Excel, QGIS and pandas make of it, and no cell that runs."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from packages import (
    HOSTILE,
    SYSTEMS,
    changed,
    check_in_qgis,
    file_name,
    packed,
    qgis,
    with_geometry,
    written,
)
from pyproj import CRS

from layers.catalogue import KINDS
from layers.formats.delimited import flat_rows, write

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.fixture(scope="module")
def exported(atlas, tmp_path_factory) -> dict[str, Path]:
    """All layers in all systems: a folder for each."""
    folder = tmp_path_factory.mktemp("导出")
    return {crs: written(folder / crs, write(packed(atlas, crs))) for crs in SYSTEMS}


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def unguarded(text: str) -> str:
    """What a reader does who knows the rule: a quote before a formula's start is ours."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(STARTS) else text


@pytest.mark.parametrize("layer", KINDS)
def test_all_rows_come_back(atlas, exported, layer):
    """Null and empty are the same, lists are joined by commas, geometry is WKT."""
    sheet = packed(atlas, layers=[layer]).sheets[0]
    rows = flat_rows(sheet)
    found = read((exported["4490"] / file_name(layer, ".csv")).read_bytes())
    assert len(found) == len(rows)
    assert list(found[0]) == [*(c.name for c in sheet.columns), "WKT"]
    for column in sheet.columns:
        values = [unguarded(row[column.name]) for row in found]
        expected = rows[column.name]
        if column.kind in ("text", "list"):
            assert values == expected.fillna("").tolist()
        else:
            numbers = [float(v) if v else None for v in values]
            assert numbers == expected.astype(object).where(expected.notna(), None).tolist()
    for row, shape in zip(found, rows.geometry, strict=True):
        assert row["WKT"] == "" if shape is None else shapely.from_wkt(row["WKT"]).equals(shape)


def test_bytes_are_what_excel_expects(exported):
    for path in exported["4490"].glob("*.csv"):
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.endswith(b"\r\n")
        lines = data.decode("utf-8-sig").split("\r\n")
        assert all(line.startswith('"') and line.endswith('"') for line in lines[:-1])


@pytest.mark.parametrize("layer", KINDS)
def test_types_stand_beside_it(exported, layer):
    """GDAL's types, one for each column: codes stay text."""
    header = read((exported["4490"] / file_name(layer, ".csv")).read_bytes())[0]
    (types,) = csv.reader(
        (exported["4490"] / file_name(layer, ".csvt")).read_text("ascii").splitlines()
    )
    named = dict(zip(header, types, strict=True))
    assert (named["document"], named["adcodes"], named["WKT"]) == ("String", "String", "WKT")
    if layer == "clusters":
        assert named["revenue_yi_2025"] == "Integer"
    if layer == "clusters-core":
        assert (named["zone_area_km2"], named["zone_code"]) == ("Real", "String")


@pytest.mark.parametrize("crs", SYSTEMS)
def test_the_system_stands_beside_it(exported, crs):
    text = (exported[crs] / "clusters.prj").read_text("ascii")
    assert text.endswith(f'AUTHORITY["EPSG","{crs}"]]')


def test_a_table_without_geometry_keeps_its_column_and_system(atlas):
    files = write(with_geometry(packed(atlas, layers=["targets"]), [None] * 3))
    assert set(files) == {"targets.csv", "targets.csvt", "targets.prj"}
    assert [row["WKT"] for row in read(files["targets.csv"])] == [""] * 3


@settings(max_examples=60)
@given(HOSTILE)
def test_no_text_becomes_a_formula_and_none_is_lost(atlas, texts):
    made = changed(packed(atlas, layers=["regions"]), note=texts, name=texts)
    found = read(write(made)["regions.csv"])
    expected = flat_rows(made.sheets[0])
    for name in ("note", "name"):
        assert not [row for row in found if row[name].startswith(STARTS)]
        assert [unguarded(row[name]) for row in found] == expected[name].tolist()


def test_negative_numbers_stay_numbers(atlas):
    made = changed(packed(atlas, layers=["targets"]), value=[-1.5, None, 2.0])
    assert [row["value"] for row in read(write(made)["targets.csv"])] == ["-1.5", "", "2.0"]


def test_pandas_keeps_codes_when_told(exported):
    found = pd.read_csv(exported["4490"] / "clusters.csv", dtype={"document": str})
    assert set(found["document"]) == {"001"}
    assert found.loc[7, "revenue_yi_2025"] == 2100


@pytest.mark.qgis
@pytest.mark.parametrize("crs", SYSTEMS)
def test_ogrinfo_reads_types_and_geometry(exported, program, crs):
    command = [program("ogrinfo"), "-ro", str(exported[crs] / "clusters.csv"), "-al"]
    about = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    assert "Feature Count: 17" in about
    assert "name (String) = 保定新能源汽车和智能网联汽车产业集群" in about
    assert "document (String) = 001" in about
    assert "revenue_yi_2027 (Integer) = 2500" in about
    assert about.count("POLYGON ((") + about.count("MULTIPOLYGON (((") >= 17
    assert CRS(f"EPSG:{crs}").name in about


@pytest.mark.qgis
@pytest.mark.parametrize("crs", SYSTEMS)
def test_qgis_reads_every_layer(atlas, exported, absent, crs):
    sheets = packed(atlas, crs).sheets
    found = qgis([exported[crs] / f"{sheet.name}.csv" for sheet in sheets], absent)
    for seen, sheet in zip(found, sheets, strict=True):
        check_in_qgis(seen, sheet, f"EPSG:{crs}")
