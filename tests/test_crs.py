"""Coordinate systems: the codes are EPSG's, zones are where they should be, others are refused."""

from __future__ import annotations

import re

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely.geometry import Point

from geo.crs import (
    SUPPORTED_CRS,
    ZONES,
    UnknownCrsError,
    gauss_kruger,
    parse_crs,
    scale_error,
    zone_at,
    zone_numbers,
)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("numbered", [False, True])
def test_a_zone_is_what_epsg_says_it_is(zone, numbered):
    crs = gauss_kruger(zone, numbered=numbered)
    official = CRS(crs.code)
    parameters = {p.name: p.value for p in official.coordinate_operation.params}
    assert official.geodetic_crs.to_epsg() == 4490
    assert parameters["Longitude of natural origin"] == crs.meridian == zone * 3
    assert parameters["Scale factor at natural origin"] == 1
    assert parameters["False easting"] == 500_000 + (zone * 1_000_000 if numbered else 0)
    assert f"{zone}" in official.name if numbered else f"CM {zone * 3}E" in official.name


def test_every_choice_has_a_title_and_its_own_code():
    assert {crs.code for crs in SUPPORTED_CRS.values()} == set(SUPPORTED_CRS)
    assert len({crs.title for crs in SUPPORTED_CRS.values()}) == len(SUPPORTED_CRS)


@pytest.mark.parametrize("zone", [0, 24, 46, -38, 114])
def test_no_zone_outside_china(zone):
    with pytest.raises(UnknownCrsError, match="25 to 45"):
        gauss_kruger(zone)


@given(st.text(max_size=12).filter(lambda t: not re.fullmatch(r"\d{4}", t, re.ASCII)))
def test_other_words_are_refused_with_the_list(text):
    with pytest.raises(UnknownCrsError, match="one of: 4490, 4326, 4534 to 4554"):
        parse_crs(text)


@pytest.mark.parametrize("code", SUPPORTED_CRS)
def test_a_name_is_its_system(code):
    assert parse_crs(str(code)) is parse_crs(f"epsg:{code} ") is SUPPORTED_CRS[code]


@given(st.floats(min_value=73.6, max_value=134.9))
def test_a_longitude_is_within_a_degree_and_a_half_of_its_meridian(lon):
    assert abs(lon - 3 * zone_at(lon)) <= 1.5 + 1e-9


def test_zones_and_scale_of_points():
    points = gpd.GeoDataFrame(
        geometry=[Point(114, 38), Point(115.6, 38), None, Point(119.8, 40)], crs="EPSG:4490"
    )
    assert zone_numbers(points).tolist() == [38, 39, 0, 40]
    assert scale_error(points.iloc[:1], parse_crs("4547")) == pytest.approx(0, abs=1e-9)
    assert scale_error(points, parse_crs("4547")) == pytest.approx(0.003, abs=3e-4)
    assert scale_error(points, parse_crs("4490")) == 0
    assert scale_error(points.iloc[2:3], parse_crs("4547")) == 0
