"""Shapefiles: short names that are explained, no value lost, readable in what planners use."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
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
from layers.formats.delimited import flat_rows
from layers.formats.shapefile import (
    NAME_BYTES,
    TEXT_BYTES,
    short_names,
    truncate,
    truncate_list,
    write,
)

IDENTIFIERS = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,14}(_[a-z0-9]{1,14}){0,4}", fullmatch=True))


@pytest.fixture(scope="module")
def exported(atlas, tmp_path_factory) -> dict[str, Path]:
    """All layers in all systems: a folder for each."""
    folder = tmp_path_factory.mktemp("导出")
    return {crs: written(folder / crs, write(packed(atlas, crs))) for crs in SYSTEMS}


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("crs", SYSTEMS)
@pytest.mark.parametrize("layer", KINDS)
def test_all_rows_come_back(atlas, exported, layer, crs):
    """As text a null and an empty string are the same; long texts are cut; lists are joined."""
    sheet = packed(atlas, crs, [layer]).sheets[0]
    read = pyogrio.read_dataframe(exported[crs] / file_name(layer, ".shp")).set_index("id")
    assert read.crs == sheet.features.crs
    short = short_names(c.name for c in sheet.columns)
    assert list(read.columns) == [*list(short.values())[1:], "geometry"]
    rows = flat_rows(sheet).set_index("id")
    assert sorted(read.index) == sorted(rows.index)
    read = read.loc[rows.index]
    for column in sheet.columns[1:]:
        expected, found = rows[column.name], read[short[column.name]]
        if column.kind in ("text", "list"):
            cut = truncate if column.kind == "text" else truncate_list
            assert found.fillna("").tolist() == expected.fillna("").map(cut).tolist()
        else:
            assert found.isna().tolist() == expected.isna().tolist()
            assert found.dropna().tolist() == pytest.approx(expected.dropna().tolist(), rel=1e-12)
    written_shapes, shapes = read.geometry.to_numpy(), rows.geometry.to_numpy()
    there = ~shapely.is_missing(shapes)
    assert (~shapely.is_missing(written_shapes) == there).all()
    assert shapely.equals(written_shapes[there], shapes[there]).all()


@pytest.mark.parametrize("layer", KINDS)
def test_what_was_shortened_or_cut_stands_beside_it(atlas, exported, layer):
    sheet = packed(atlas, layers=[layer]).sheets[0]
    names = rows_of((exported["4490"] / file_name(layer, "_fields.csv")).read_bytes())
    assert names[0] == ["短字段名", "字段名", "名称", "类型", "单位", "含义"]
    assert [row[1:3] for row in names[1:]] == [[c.name, c.title] for c in sheet.columns]
    lost = {
        (row["id"], column.name): row[column.name]
        for row in flat_rows(sheet).to_dict("records")
        for column in sheet.columns
        if isinstance(row[column.name], str) and len(row[column.name].encode()) > TEXT_BYTES
    }
    path = exported["4490"] / file_name(layer, "_cut.csv")
    assert path.exists() == bool(lost)
    if lost:
        found = rows_of(path.read_bytes())[1:]
        assert {(row[0], row[2]): row[3] for row in found} == lost


@pytest.mark.parametrize("layer", KINDS)
def test_null_numbers_are_listed(atlas, exported, layer):
    """ArcGIS reads them as 0, so that a reader needs to know."""
    sheet = packed(atlas, layers=[layer]).sheets[0]
    numbers = [c.name for c in sheet.columns if c.kind in ("integer", "number")]
    null = {
        (row["id"], name)
        for row in sheet.features.to_dict("records")
        for name in numbers
        if pd.isna(row[name])
    }
    path = exported["4490"] / file_name(layer, "_null.csv")
    assert path.exists() == bool(null)
    if null:
        assert {(row[0], row[2]) for row in rows_of(path.read_bytes())[1:]} == null


def test_no_code_of_a_list_is_cut(exported):
    read = pyogrio.read_dataframe(exported["4490"] / "future_industries.shp")
    codes = read["adcodes"].str.split(",").explode()
    assert (codes.str.len() == 6).all()
    assert read["adcodes"].str.len().max() > TEXT_BYTES - 7


@given(st.lists(st.text("冀a1", max_size=9), max_size=60))
def test_a_cut_list_has_as_many_whole_items_as_fit(items):
    text = ",".join(items)
    kept = truncate_list(text)
    whole = [",".join(items[:n]) for n in range(len(items) + 1)]
    assert kept == max((w for w in whole if len(w.encode()) <= TEXT_BYTES), key=len)


def test_something_is_cut(exported):
    """Otherwise the test above says nothing."""
    assert (exported["4490"] / "bases_cut.csv").exists()
    assert not (exported["4490"] / "clusters_cut.csv").exists()


def test_a_very_long_text_is_kept_in_whole(atlas):
    files = write(changed(packed(atlas, layers=["regions"]), note=["长" * 40_000]))
    assert rows_of(files["regions_cut.csv"])[-1][1:] == ["note", "note", "长" * 40_000]


def test_file_names_and_headers_are_plain(atlas, exported):
    names = [path.name for path in exported["4490"].iterdir()]
    assert all(name.isascii() for name in names)
    assert {name.rpartition(".")[2] for name in names} == {"shp", "shx", "dbf", "prj", "cpg", "csv"}
    date = atlas.records.atlas.date
    for path in exported["4490"].glob("*.dbf"):
        year, month, day = path.read_bytes()[1:4]
        assert f"{1900 + year}-{month:02}-{day:02}" == date  # of the data, not of the writing
    assert {p.read_text("utf-8") for p in exported["4490"].glob("*.cpg")} == {"UTF-8"}


@given(IDENTIFIERS)
def test_short_names_are_short_different_and_the_same_again(names):
    short = short_names(names)
    assert list(short) == list(dict.fromkeys(names))
    assert len(set(short.values())) == len(short)
    assert all(n.isascii() and 0 < len(n) <= NAME_BYTES for n in short.values())
    assert short_names(names) == short
    assert all(short[n] == n for n in names if len(n) <= NAME_BYTES)


def test_short_names_of_the_layers_can_be_read(atlas):
    short: dict[str, str] = {}
    for sheet in packed(atlas).sheets:
        made = short_names(c.name for c in sheet.columns)
        # A column has the same short name in every layer.
        assert all(short.setdefault(name, value) == value for name, value in made.items())
    years = [short[f"revenue_yi_{year}"] for year in atlas.records.atlas.years]
    assert years == ["rev_yi2023", "rev_yi2025", "rev_yi2027"]
    assert short["geometry_status"] == "geome_stat"


def test_many_names_of_one_beginning():
    names = [f"administrative_{'x' * n}" for n in range(1, 40)]
    assert len(set(short_names(names).values())) == len(names)


@given(st.text())
def test_a_cut_text_is_the_longest_beginning_that_fits(text):
    kept = truncate(text * 5)
    assert (text * 5).startswith(kept)
    assert len(kept.encode()) <= TEXT_BYTES
    rest = (text * 5)[len(kept) :]
    assert not rest or len((kept + rest[0]).encode()) > TEXT_BYTES


@settings(max_examples=40)
@given(HOSTILE)
def test_any_text_survives(atlas, texts):
    """But for what a DBF table cannot hold: control characters, blanks at the ends, long texts."""
    made = changed(packed(atlas, layers=["regions"]), note=texts)
    files = write(made)
    expected = [truncate(v).strip(" ") for v in flat_rows(made.sheets[0])["note"]]
    assert read_back(files)["note"].fillna("").tolist() == expected


def read_back(files: dict[str, bytes]) -> pd.DataFrame:
    """Read a layer from memory, through GDAL's own zip reader."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            if not name.endswith(".csv"):
                archive.writestr(name, data)
    return pyogrio.read_dataframe(buffer.getvalue())


def test_a_layer_without_geometry_keeps_its_type_and_rows(atlas, tmp_path):
    made = with_geometry(packed(atlas, layers=["targets"]), [None] * 7)
    path = written(tmp_path / "t", write(made)) / "targets.shp"
    assert pyogrio.read_info(path)["geometry_type"] == "Polygon"
    read = pyogrio.read_dataframe(path)
    assert read.geometry.isna().all()
    assert read["id"].tolist() == made.sheets[0].features["id"].tolist()
    assert read["name"].tolist() == made.sheets[0].features["name"].tolist()


def test_null_shapes_do_not_move_the_extent(atlas, exported):
    made = packed(atlas, layers=["targets"]).sheets[0].features
    assert made.geometry.isna().any()
    info = pyogrio.read_info(exported["4490"] / "targets.shp")
    assert info["total_bounds"] == pytest.approx(made.total_bounds)


@pytest.mark.qgis
@pytest.mark.parametrize("crs", SYSTEMS)
def test_ogrinfo_reads_names_and_system(exported, program, crs):
    command = [program("ogrinfo"), "-ro", "-geom=NO", str(exported[crs] / "clusters.shp"), "-al"]
    about = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    assert "Feature Count: 17" in about
    assert f'ID["EPSG",{crs}]' in about
    assert "name (String) = 保定新能源汽车和智能网联汽车产业集群" in about
    assert "rev_yi2027 (Integer64) = 2500" in about


@pytest.mark.qgis
@pytest.mark.parametrize("crs", SYSTEMS)
def test_qgis_reads_every_layer(atlas, exported, absent, crs):
    sheets = packed(atlas, crs).sheets
    found = qgis([exported[crs] / f"{sheet.name}.shp" for sheet in sheets], absent)
    for seen, sheet in zip(found, sheets, strict=True):
        check_in_qgis(seen, sheet, f"EPSG:{crs}")
