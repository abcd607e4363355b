"""GeoJSON exports: RFC 7946, complete, readable, and the same bytes every time."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from geojson_validator import validate_geometries, validate_structure
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from layers.catalogue import KINDS
from layers.formats.export import export
from layers.reading.view import View, select

ROOT = Path(__file__).resolve().parent.parent
VIEW = View(2025)
COUNTS = {
    "clusters": 17,
    "clusters-core": 27,
    "clusters-radiation": 35,
    "layout": 9,
    "regions": 5,
    "admin-cities": 11,
    "admin-counties": 167,
}
EVERYWHERE = {
    "id", "layer", "name", "role", "tier", "cluster_id", "industries", "city", "adcodes",
    "geometry_status", "document", "locator",
}  # fmt: skip
FURTHER = {
    "clusters": {
        "year", "revenue_yi", "revenue_yi_2023", "revenue_yi_2025", "revenue_yi_2027",
        "revenue_comparator_2023", "revenue_comparator_2025", "revenue_comparator_2027",
    },
    "clusters-core": {"zone_code", "zone_area_km2", "zone_area_source"},
    "clusters-radiation": {"zone_code", "zone_area_km2", "zone_area_source"},
}  # fmt: skip

every_layer = pytest.mark.parametrize("layer", KINDS)


@pytest.fixture(scope="module")
def exported(atlas) -> dict[str, bytes]:
    """Every layer, unfiltered."""
    return {layer: export(atlas, [layer], VIEW, "geojson").data for layer in KINDS}


def rings(geometry: dict[str, Any]) -> Iterator[tuple[bool, list]]:
    """Yield (is exterior, coordinates) of each ring of a polygonal geometry."""
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            yield number == 0, ring


def polygonal(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for feature in content["features"]:
        if feature["geometry"] and feature["geometry"]["type"] in ("Polygon", "MultiPolygon"):
            yield feature["geometry"]


def check_collection(content: dict[str, Any]) -> None:
    """What RFC 7946 asks of any FeatureCollection, and we of ours."""
    assert content["type"] == "FeatureCollection"
    assert content["count"] == len(content["features"])
    ids = [f["id"] for f in content["features"]]
    assert all(isinstance(i, str) for i in ids)
    assert len(set(ids)) == len(ids)
    for feature in content["features"]:
        assert set(feature) == {"type", "id", "properties", "geometry"}
        assert feature["type"] == "Feature"
        assert feature["properties"]["id"] == feature["id"]
    for geometry in polygonal(content):
        for exterior, ring in rings(geometry):
            assert ring[0] == ring[-1]
            assert len(ring) >= 4
            assert shapely.is_ccw(shapely.LinearRing(ring)) == exterior
        assert shapely.geometry.shape(geometry).is_valid


@every_layer
def test_a_layer_is_a_feature_collection(exported, layer):
    check_collection(json.loads(exported[layer]))


@every_layer
def test_no_crs_member(exported, layer):
    """Coordinates are WGS 84 by definition; the old member only misleads readers."""
    content = json.loads(exported[layer])
    assert "crs" not in content
    assert not [f for f in content["features"] if "crs" in f]


@every_layer
def test_coordinates_have_at_most_seven_decimals(exported, layer):
    numbers: list[str] = []
    json.loads(exported[layer], parse_float=numbers.append)
    assert [n for n in numbers if not re.fullmatch(r"-?\d+\.\d{1,7}", n)] == []


@every_layer
def test_bbox_is_that_of_the_features(exported, layer):
    content = json.loads(exported[layer])
    shapes = [shapely.geometry.shape(f["geometry"]) for f in content["features"] if f["geometry"]]
    if not shapes:
        assert "bbox" not in content
        return
    assert content["bbox"] == pytest.approx(shapely.total_bounds(shapes).tolist(), abs=1e-9)
    west, south, east, north = content["bbox"]
    assert 113 < west < east < 120.1
    assert 36 < south < north < 43


@every_layer
def test_text_is_readable_utf8(exported, layer):
    data = exported[layer]
    text = data.decode("utf-8")
    assert not text.startswith("\ufeff")
    assert "\\u" not in text
    assert "河北省" in text
    assert data.endswith(b"\n")
    assert b"\r" not in data


@every_layer
def test_one_feature_stands_on_a_line(exported, layer):
    lines = exported[layer].decode("utf-8").splitlines()
    features = [line.rstrip(",") for line in lines if line.startswith('{"type":"Feature"')]
    assert [json.loads(f)["id"] for f in features] == [
        f["id"] for f in json.loads(exported[layer])["features"]
    ]


@pytest.mark.parametrize("layer", COUNTS)
def test_required_properties(exported, layer):
    features = json.loads(exported[layer])["features"]
    assert len(features) == COUNTS[layer]
    for feature in features:
        assert set(feature["properties"]) >= EVERYWHERE | FURTHER.get(layer, set())


@every_layer
def test_what_the_file_says_of_itself(atlas, exported, layer):
    content = json.loads(exported[layer])
    assert content["name"] == layer.replace("-", "_")
    assert content["title"] == f"河北省{KINDS[layer].title}（2025年）"
    assert content["data_version"] == atlas.records.data_version
    assert content["attribution"] == atlas.records.atlas.attribution
    assert "天地图" in content["attribution"]
    assert content["disclaimer"] == atlas.records.atlas.disclaimer
    assert "示意图" in content["disclaimer"]
    assert content["filter"] == {
        "year": 2025, "industries": [], "tiers": [], "cities": [], "counties": [],
        "not_applicable": [],
    }  # fmt: skip
    named = {f["properties"]["document"] for f in content["features"]} - {None}
    assert named <= {d["id"] for d in content["documents"]}


def test_the_file_says_how_it_was_filtered(atlas):
    view = View(2027, industries=("it",), tiers=("key",), cities=("130100",))
    assert json.loads(export(atlas, ["layout"], view, "geojson").data)["filter"] == {
        "year": 2027,
        "industries": ["it"],
        "tiers": ["key"],
        "cities": ["130100"],
        "counties": [],
        "not_applicable": ["industry", "tier"],
    }


@every_layer
def test_geometry_is_the_layers(atlas, exported, layer):
    frame = atlas.frames[layer].set_index("id")
    for feature in json.loads(exported[layer])["features"]:
        original = frame.geometry[feature["id"]]
        if original is None:
            assert feature["geometry"] is None
            continue
        written = shapely.geometry.shape(feature["geometry"])
        # Slivers thinner than the last decimal may close, so vertices are not compared one by one.
        assert shapely.hausdorff_distance(written, original) < 1.5e-7, feature["id"]
        assert written.symmetric_difference(original).area < 1e-7 * original.length + 1e-12


def disc(lon: float, lat: float, area_km2: float) -> shapely.Polygon:
    radius_m, n = 1000 * math.sqrt(area_km2 / math.pi), 72
    azimuths = np.linspace(0, 360, n, endpoint=False)
    lons, lats, _ = Geod(ellps="GRS80").fwd([lon] * n, [lat] * n, azimuths, [radius_m] * n)
    return shapely.Polygon(np.column_stack([lons, lats]))


@pytest.mark.parametrize("area_km2", [60.0, 61.0])
def test_geometry_stays_valid_when_it_is_rounded(atlas, area_km2):
    """Were the boundaries of two zones supplied like this, their cluster would have slivers."""
    union = atlas.places.boundaries.union
    zones = [
        disc(114.62628, 38.02578, area_km2).intersection(union(["130108", "130111"])),
        disc(114.7015, 38.0301, 26.38).intersection(union(["130109"])),
    ]
    counties = [union([adcode]) for adcode in ("130111", "130133", "130183")]
    whole = shapely.union_all([*zones, *counties])
    assert whole.is_valid
    frame = atlas.frames["clusters"].iloc[[0]].assign(geometry=[whole])
    redrawn = dataclasses.replace(atlas, frames={**atlas.frames, "clusters": frame})
    check_collection(json.loads(export(redrawn, ["clusters"], VIEW, "geojson").data))


@pytest.mark.parametrize("layer", COUNTS)
def test_values_are_the_layers(atlas, exported, layer):
    frame = select(atlas, layer, VIEW).set_index("id")
    for feature in json.loads(exported[layer])["features"]:
        row = frame.loc[feature["id"]]
        for name, value in feature["properties"].items():
            if name == "id":
                continue
            expected = row[name]
            if isinstance(expected, tuple):
                assert value == (list(expected) or None)
            else:
                assert value == expected if pd.notna(expected) else value is None, name


def test_a_value_by_hand(exported):
    features = {f["id"]: f["properties"] for f in json.loads(exported["clusters"])["features"]}
    cars = features["clusters:001-key-08"]
    assert cars["name"] == "保定新能源汽车和智能网联汽车产业集群"
    assert cars["adcodes"] == ["130606", "130609", "130636", "130637", "130681"]
    assert (cars["year"], cars["revenue_yi"], cars["revenue_comparator"]) == (2025, 2100, "预计超")
    assert (cars["revenue_yi_2027"], cars["revenue_comparator_2027"]) == (2500, "预计突破")
    assert type(cars["revenue_yi"]) is int
    medicine = features["clusters:001-cultivated-04"]
    assert medicine["revenue_yi"] is None
    assert (medicine["tier"], medicine["document"]) == ("cultivated", "001")


@settings(max_examples=30)
@given(data=st.data())
def test_any_view_is_a_feature_collection_of_what_it_selects(atlas, views, data):
    view = data.draw(views)
    layer = data.draw(st.sampled_from([i for i in KINDS if i != "admin-counties"]))
    assume(len(select(atlas, layer, view)))
    made = export(atlas, [layer], view, "geojson").data
    content = json.loads(made)
    check_collection(content)
    # In the layer's order, those with geometry first, and nothing else.
    rows = select(atlas, layer, view)
    placed = rows.geometry.notna()
    assert [f["id"] for f in content["features"]] == [*rows["id"][placed], *rows["id"][~placed]]
    assert export(atlas, [layer], view, "geojson").data == made


# -- other people's readers --------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(exported, tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("导出")
    for layer, data in exported.items():
        (folder / f"河北省{layer}.geojson").write_bytes(data)
    return {layer: folder / f"河北省{layer}.geojson" for layer in exported}


@every_layer
@pytest.mark.parametrize("view", [VIEW, View(2025, industries=("it",))], ids=["all", "it"])
def test_a_linter_finds_nothing_against_the_rules(atlas, layer, view):
    if select(atlas, layer, view).empty:
        assert not select(atlas, layer, VIEW).empty
        return
    content = json.loads(export(atlas, [layer], view, "geojson").data)
    assert validate_structure(content) == {}
    found = validate_geometries(content)
    assert found["invalid"] == {}
    # Holes, seventh decimals and long outlines are no faults.
    notes = {"holes", "excessive_coordinate_precision", "excessive_vertices"}
    assert set(found["problematic"]) <= notes


@pytest.mark.qgis
@pytest.mark.parametrize("layer", COUNTS)
def test_ogrinfo_reads_a_layer(files, program, layer):
    def ogrinfo(*options: str) -> str:
        name = layer.replace("-", "_")
        command = [program("ogrinfo"), "-ro", *options, str(files[layer]), name]
        return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout

    about = ogrinfo("-so")
    assert f"Feature Count: {COUNTS[layer]}" in about
    assert 'GEOGCRS["WGS 84"' in about
    assert 'ID["EPSG",4326]' in about
    assert re.search(r"^adcodes: StringList", about, re.MULTILINE)
    name = json.loads(files[layer].read_text(encoding="utf-8"))["features"][0]["properties"]["name"]
    one = ogrinfo("-geom=NO", "-where", f"name = '{name}'")
    assert f"name (String) = {name}" in one


QGIS = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsVectorLayer
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
for path in sys.argv[1:]:
    layer = QgsVectorLayer(path, "layer", "ogr")
    features = list(layer.getFeatures())
    print(json.dumps({
        "path": path,
        "valid": layer.isValid(),
        "count": layer.featureCount(),
        "crs": layer.crs().authid(),
        "names": [feature["name"] for feature in features],
        "geometry": all(f.hasGeometry() and f.geometry().isGeosValid() for f in features),
    }))
sys.stdout.flush()
os._exit(0)  # leaving QGIS the usual way crashes offscreen
"""


@pytest.mark.qgis
def test_qgis_reads_every_layer(exported, files, absent):
    python = "/usr/bin/python3"  # Debian's: PyQGIS is built for no other
    there = subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False)
    if there.returncode:
        absent("PyQGIS is not installed (Debian: python3-qgis)")
    paths = [str(files[layer]) for layer in COUNTS]
    made = subprocess.run(
        [python, "-X", "utf8", "-c", QGIS, *paths],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    read = [json.loads(line) for line in made.stdout.splitlines() if line.startswith("{")]
    assert [r["path"] for r in read] == paths
    for layer, found in zip(COUNTS, read, strict=True):
        assert found["valid"], layer
        assert found["geometry"], layer
        assert (found["count"], found["crs"]) == (COUNTS[layer], "EPSG:4326")
        written = json.loads(exported[layer])["features"]
        assert found["names"] == [f["properties"]["name"] for f in written]
