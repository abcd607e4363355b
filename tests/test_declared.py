"""One declared schema for each layer: what is selected changes rows, never types."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from layers.catalogue import KINDS
from layers.formats.export import export
from layers.reading.view import View, select
from layers.shared.declared import declared_form

WHOLE = View(2025)
# Every layer has rows in this city; here no target has geometry and no base has several places.
FILTERED = View(2025, cities=("130700",))
SHAPES = {"Point": shapely.Point(115, 38), "Polygon": shapely.box(115, 38, 116, 39)}
SHAPES |= {
    "MultiPoint": shapely.MultiPoint([(115, 38), (116, 39)]),
    "MultiPolygon": shapely.MultiPolygon([SHAPES["Polygon"], shapely.box(117, 38, 118, 39)]),
}
TYPES = {
    "bases": "MultiPoint", "projects": "MultiPoint", "growth": "Point",
    **dict.fromkeys(set(KINDS) - {"bases", "projects", "growth"}, "MultiPolygon"),
}  # fmt: skip


@pytest.fixture(scope="module")
def exported(atlas, tmp_path_factory):
    """Make all layers of a view in a format; return their folder."""
    folder = tmp_path_factory.mktemp("导出")

    def make(format_id: str, view: View) -> Path:
        place = folder / f"{format_id}{'筛选' if view.is_filtered else ''}"
        if not place.exists():
            place.mkdir()
            made = export(atlas, list(KINDS), view, format_id)
            if made.name.endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
                    archive.extractall(place)
            else:
                (place / f"jitu.{format_id}").write_bytes(made.data)
        return place

    return make


def test_the_filtered_view_is_the_hard_case(atlas):
    assert all(len(select(atlas, layer, FILTERED)) for layer in KINDS)
    assert select(atlas, "targets", FILTERED).geometry.isna().all()
    assert set(select(atlas, "bases", FILTERED).geom_type) == {"Point"}


@pytest.mark.parametrize("format_id", ["gpkg", "shp", "fgb", "csv", "kml"])
@pytest.mark.parametrize("layer", KINDS)
def test_a_filtered_export_has_the_schema_of_the_whole(exported, format_id, layer):
    def schema(view: View) -> tuple[list[str], list[str], str]:
        name = layer.replace("-", "_")
        place = exported(format_id, view)
        path = place / ("jitu.gpkg" if format_id == "gpkg" else f"{name}.{format_id}")
        info = pyogrio.read_info(path, layer=name if format_id == "gpkg" else 0)
        return list(info["fields"]), list(info["ogr_types"]), info["geometry_type"]

    whole = schema(WHOLE)
    assert schema(FILTERED) == whole
    types = {"csv": "Unknown", "kml": "Unknown", "shp": TYPES[layer].replace("MultiPoly", "Poly")}
    assert whole[2] == types.get(format_id, TYPES[layer])


@pytest.mark.parametrize("layer", KINDS)
def test_a_filtered_table_has_the_schema_of_the_whole(exported, layer):
    def schema(view: View) -> tuple[list, object]:
        book = openpyxl.load_workbook(exported("xlsx", view) / "jitu.xlsx", read_only=True)
        cells = next(book[KINDS[layer].title].iter_rows(max_row=1, values_only=True))
        path = exported("parquet", view) / f"{layer.replace('-', '_')}.parquet"
        return list(cells), parquet.read_schema(path).remove_metadata()

    assert schema(FILTERED) == schema(WHOLE)


@pytest.mark.qgis
@pytest.mark.parametrize("format_id", ["gpkg", "shp", "fgb", "geojson"])
def test_a_filtered_export_appends_to_the_whole(atlas, exported, program, tmp_path, format_id):
    """As a planner adds a part to a database that was made from the whole."""
    database = tmp_path / "plans.gpkg"
    # A shapefile has one type for polygons and multi-polygons.
    promote = ["-nlt", "PROMOTE_TO_MULTI"] if format_id == "shp" else []

    def load(view: View) -> None:
        place = exported(format_id, view)
        ours = {f"{layer.replace('-', '_')}.{format_id}" for layer in KINDS} | {"jitu.gpkg"}
        for path in sorted(p for p in place.iterdir() if p.name in ours):
            command = [program("ogr2ogr"), "-q", "-append", *promote, str(database), str(path)]
            made = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
            assert made.stderr == "", path.name

    load(WHOLE)
    tables = {row[0] for row in pyogrio.list_layers(database)}
    counts = {layer: pyogrio.read_info(database, layer=layer)["features"] for layer in tables}
    load(FILTERED)
    for layer in KINDS:
        table = layer.replace("-", "_")
        info = pyogrio.read_info(database, layer=table)
        added = select(atlas, layer, FILTERED)
        if format_id == "fgb":  # which has no rows without geometry
            added = added[added.geometry.notna()]
        assert info["features"] == counts[table] + len(added), layer


@given(st.lists(st.sampled_from([None, "Polygon", "MultiPolygon"])))
def test_placed_rows_come_first_and_nothing_else_moves(names):
    shapes = [name and SHAPES[name] for name in names]
    rows = gpd.GeoDataFrame({"id": range(len(shapes))}, geometry=shapes, crs="EPSG:4490")
    made = declared_form(rows, "MultiPolygon")
    placed = [i for i, shape in enumerate(shapes) if shape is not None]
    assert made["id"].tolist() == [*placed, *(i for i in range(len(shapes)) if i not in placed)]
    assert set(made.geom_type.dropna()) <= {"MultiPolygon"}
    assert all(made.geometry[i].equals(shapes[i]) for i in placed)
    assert made.crs == rows.crs
    assert rows.geometry.tolist() == shapes


@pytest.mark.parametrize(
    ("shape", "declared"),
    [("Point", "MultiPolygon"), ("MultiPoint", "Point"), ("Polygon", "MultiPoint")],
)
def test_another_type_is_a_fault(shape, declared):
    rows = gpd.GeoDataFrame(geometry=[SHAPES[shape]], crs="EPSG:4490")
    with pytest.raises(ValueError, match=f"{shape} where the layer has {declared}"):
        declared_form(rows, declared)
