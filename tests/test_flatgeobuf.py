"""FlatGeobuf: indexed, all rows with geometry, with its metadata inside."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from pathlib import Path

import geopandas as gpd
import pyogrio
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

from layers.catalogue import KINDS
from layers.formats import metadata
from layers.formats.delimited import flat_rows
from layers.formats.flatgeobuf import write
from layers.formats.package import Sheet

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def exported(atlas, tmp_path_factory) -> dict[str, Path]:
    """All layers in all systems: a folder for each."""
    folder = tmp_path_factory.mktemp("导出")
    return {crs: written(folder / crs, write(packed(atlas, crs))) for crs in SYSTEMS}


def drawn(sheet: Sheet) -> gpd.GeoDataFrame:
    rows = flat_rows(sheet)
    return rows[rows.geometry.notna()]


@pytest.mark.parametrize("crs", SYSTEMS)
@pytest.mark.parametrize("layer", KINDS)
def test_all_rows_come_back(atlas, exported, layer, crs):
    """In another order, lists joined by commas, without the rows that have no geometry."""
    rows = drawn(packed(atlas, crs, [layer]).sheets[0]).set_index("id")
    read = pyogrio.read_dataframe(exported[crs] / file_name(layer, ".fgb")).set_index("id")
    assert sorted(read.index) == sorted(rows.index)
    assert read.crs == rows.crs
    read = read.loc[rows.index]
    assert list(read.columns) == list(rows.columns)
    for name in rows.columns.drop("geometry"):
        assert read[name].isna().tolist() == rows[name].isna().tolist()
        assert read[name].dropna().tolist() == rows[name].dropna().tolist()
    assert shapely.equals(read.geometry.to_numpy(), rows.geometry.to_numpy()).all()


@pytest.mark.parametrize("layer", KINDS)
def test_it_is_indexed(exported, layer):
    info = pyogrio.read_info(exported["4490"] / file_name(layer, ".fgb"))
    assert info["capabilities"]["fast_spatial_filter"]
    points = {"bases": "MultiPoint", "projects": "MultiPoint", "growth": "Point"}
    assert info["geometry_type"] == points.get(layer, "MultiPolygon")


def test_it_says_what_it_is(atlas):
    made = packed(atlas, layers=["clusters"])
    info = pyogrio.read_info(write(made)["clusters.fgb"])
    assert info["layer_metadata"] == {
        "TITLE": "产业集群",
        "DESCRIPTION": metadata.metadata_text(made.metadata),
        "metadata_xml": metadata.metadata_xml(made.metadata).decode(),
    }


def test_a_layer_without_geometry_is_empty_and_keeps_its_type(atlas):
    """A reader in JavaScript stops at a row without geometry."""
    files = write(with_geometry(packed(atlas, layers=["targets"]), [None] * 5))
    assert len(pyogrio.read_dataframe(files["targets.fgb"])) == 0
    assert pyogrio.read_info(files["targets.fgb"])["geometry_type"] == "MultiPolygon"


@settings(max_examples=40)
@given(HOSTILE)
def test_any_text_survives(atlas, texts):
    made = changed(packed(atlas, layers=["regions"]), note=texts)
    read = pyogrio.read_dataframe(write(made)["regions.fgb"]).set_index("id")["note"]
    assert read.to_dict() == flat_rows(made.sheets[0]).set_index("id")["note"].to_dict()


def test_the_reference_reader_reads_every_layer(atlas, exported, program, absent):
    """The one in JavaScript, which web maps use."""
    if not (ROOT / "node_modules" / "flatgeobuf").is_dir():
        absent("FlatGeobuf's reader is not installed (npm ci)")
    layers = {str(exported["4490"] / file_name(layer, ".fgb")): layer for layer in KINDS}
    command = [program("node"), str(ROOT / "tests" / "read_flatgeobuf.mjs"), *layers]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    assert {layers[path]: count for path, count in json.loads(out).items()} == {
        layer: len(drawn(packed(atlas, "4490", [layer]).sheets[0])) for layer in KINDS
    }


@pytest.mark.qgis
@pytest.mark.parametrize("crs", SYSTEMS)
def test_ogrinfo_reads_names_and_system(exported, program, crs):
    command = [program("ogrinfo"), "-ro", "-geom=NO", str(exported[crs] / "clusters.fgb"), "-al"]
    about = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    assert "Feature Count: 17" in about
    assert f'ID["EPSG",{crs}]' in about
    assert "name (String) = 保定新能源汽车和智能网联汽车产业集群" in about


@pytest.mark.qgis
@pytest.mark.parametrize("crs", SYSTEMS)
def test_qgis_reads_every_layer(atlas, exported, absent, crs):
    sheets = packed(atlas, crs).sheets
    found = qgis([exported[crs] / f"{sheet.name}.fgb" for sheet in sheets], absent)
    for seen, sheet in zip(found, sheets, strict=True):
        check_in_qgis(seen, dataclasses.replace(sheet, features=drawn(sheet)), f"EPSG:{crs}")
