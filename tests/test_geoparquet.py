"""GeoParquet: types, lists and metadata as they are."""

from __future__ import annotations

import io
import json

import geopandas as gpd
import geoparquet_validator
import pytest
import shapely
from hypothesis import given, settings
from packages import (
    HOSTILE,
    SYSTEMS,
    changed,
    file_name,
    packed,
    with_geometry,
)
from pyarrow import parquet

from layers.catalogue import KINDS
from layers.formats import metadata
from layers.formats.geoparquet import write


@pytest.mark.parametrize("crs", SYSTEMS)
@pytest.mark.parametrize("layer", KINDS)
def test_all_rows_come_back(atlas, layer, crs):
    """Everything: order, nulls, types, lists, system."""
    made = packed(atlas, crs, [layer])
    rows = made.sheets[0].features
    read = gpd.read_parquet(io.BytesIO(write(made)[file_name(layer, ".parquet")]))
    assert read.crs == rows.crs
    assert list(read.columns) == list(rows.columns)
    lists = {c.name for c in made.sheets[0].columns if c.kind == "list"}
    for name in rows.columns.drop("geometry"):
        if name in lists:
            assert [tuple(v) for v in read[name]] == rows[name].tolist()
        else:
            assert read[name].dtype == rows[name].dtype
            assert read[name].equals(rows[name])
    assert shapely.equals_identical(
        read.geometry.to_numpy(), rows.geometry.to_numpy()
    ).tolist() == (rows.geometry.notna().tolist())
    assert (read.geometry.isna() == rows.geometry.isna()).all()


@pytest.mark.parametrize("layer", KINDS)
def test_the_file_is_geoparquet(atlas, layer):
    made = packed(atlas, layers=[layer])
    file = parquet.ParquetFile(io.BytesIO(write(made)[file_name(layer, ".parquet")]))
    geo = json.loads(file.schema_arrow.metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    assert geo["version"] == "1.1.0"
    assert column["encoding"] == "WKB"
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4490}
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert column["bbox"] == pytest.approx(made.sheets[0].features.total_bounds.tolist())
    group = file.metadata.row_group(0)
    assert {group.column(i).compression for i in range(group.num_columns)} == {"ZSTD"}
    # Lists of text, even where all are empty.
    assert str(file.schema_arrow.field("adcodes").type) == "list<element: string>"


@pytest.mark.parametrize("layer", KINDS)
def test_a_validator_finds_no_fault(atlas, layer):
    name = file_name(layer, ".parquet")
    report = geoparquet_validator.check_bytes(name, write(packed(atlas, layers=[layer]))[name])
    assert geoparquet_validator.failed(report) == []
    passed = {found["id"] for found in report["outcomes"] if found["status"] == "pass"}
    assert {"/conf/core/geo-metadata", "/conf/covering/bbox-column-nesting"} <= passed


def test_a_row_without_geometry_has_no_box(atlas):
    made = packed(atlas, layers=["targets"])
    boxes = parquet.read_table(io.BytesIO(write(made)["targets.parquet"]))["bbox"]
    shapes = made.sheets[0].features.geometry
    assert boxes.is_null().to_pylist() == shapes.isna().tolist()
    assert [tuple(b.values()) for b in boxes.drop_null().to_pylist()] == [
        shape.bounds for shape in shapes.dropna()
    ]


def test_the_file_says_what_it_is(atlas):
    made = packed(atlas, layers=["clusters"])
    schema = parquet.read_schema(io.BytesIO(write(made)["clusters.parquet"]))
    assert json.loads(schema.metadata[b"jitu"]) == {
        **metadata.metadata_json(made.metadata),
        "text": metadata.metadata_text(made.metadata),
        "xml": metadata.metadata_xml(made.metadata).decode(),
    }


def test_a_layer_without_geometry_keeps_its_rows(atlas):
    made = with_geometry(packed(atlas, layers=["targets"]), [None] * 5)
    data = write(made)["targets.parquet"]
    read = gpd.read_parquet(io.BytesIO(data))
    assert read["id"].tolist() == made.sheets[0].features["id"].tolist()
    assert read.geometry.isna().all()
    geo = json.loads(parquet.read_schema(io.BytesIO(data)).metadata[b"geo"])
    assert "bbox" not in geo["columns"]["geometry"]


def test_a_bounding_box_is_read_without_the_rest(atlas):
    data = write(packed(atlas, layers=["admin-counties"]))["admin_counties.parquet"]
    read = gpd.read_parquet(io.BytesIO(data), bbox=(114.4, 37.9, 114.7, 38.2))
    assert 0 < len(read) < 40
    assert "长安区" in set(read["name"])


@settings(max_examples=40)
@given(HOSTILE)
def test_any_text_survives(atlas, texts):
    made = changed(packed(atlas, layers=["regions"]), note=texts)
    read = gpd.read_parquet(io.BytesIO(write(made)["regions.parquet"]))
    assert read["note"].tolist() == texts
