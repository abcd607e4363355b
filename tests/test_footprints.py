"""What is drawn for a place, how firmly, and how large it is."""

from __future__ import annotations

import itertools
import json

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from data import reader as data_library
from geo.footprints import STATUS_ORDER, Footprint, weakest_status
from geo.measures import area_km2
from layers.catalogue import build_atlas

GEOD = Geod(ellps="GRS80")
ZONES = ("clusters-core", "clusters-radiation")


def km2(geometry: shapely.Geometry) -> float:
    return abs(GEOD.geometry_area_perimeter(geometry)[0]) / 1e6


def footprint(atlas, name: str) -> Footprint:
    return atlas.places.footprints.of(atlas.places.gazetteer.resolve(name))


# -- the order: supplied, host counties -----------------------------------------------------------


def test_a_county_is_its_polygon(atlas):
    drawn = footprint(atlas, "怀来县")
    assert (drawn.status, drawn.members) == ("administrative", ("130730",))
    assert drawn.geometry.equals(atlas.places.boundaries.counties.geometry.loc["130730"])


def test_a_city_is_the_union_of_its_counties(atlas):
    drawn = footprint(atlas, "雄安新区")
    assert (drawn.status, drawn.members) == ("administrative", ("130629", "130632", "130638"))
    parts = atlas.places.boundaries.counties.geometry.loc[list(drawn.members)]
    assert km2(drawn.geometry) == pytest.approx(sum(map(km2, parts)), rel=1e-9)


def test_a_zone_without_a_boundary_is_its_host_counties_and_nothing_less(atlas):
    """Whatever point and area it has: an outline made of these would be nobody's boundary."""
    for zone in atlas.records.zones:
        drawn = atlas.places.footprints.of(atlas.places.gazetteer.places[zone.code])
        assert (drawn.status, drawn.members) == ("host-county", tuple(sorted(zone.hosts)))
        assert drawn.geometry.equals(atlas.places.boundaries.union(zone.hosts))


# -- points ------------------------------------------------------------------------------------


def test_every_city_has_the_point_of_its_seat(atlas):
    """Not the middle of its polygon: that of 承德 is 72 km from the city."""
    cities = [p for p in atlas.places.gazetteer.places.values() if p.kind == "city"]
    assert len(cities) == 12
    for city in cities:
        published = atlas.places.footprints.published_point(city)
        assert published.source.startswith(("OSM ", "GeoNames "))
        assert atlas.places.footprints.point(city) == shapely.Point(published.lon, published.lat)


def test_a_county_without_a_sourced_point_has_its_label_point(atlas):
    place = atlas.places.gazetteer.resolve("固安县")
    assert atlas.places.footprints.published_point(place) is None
    county = atlas.places.boundaries.counties.loc["131022"]
    assert atlas.places.footprints.point(place) == shapely.Point(county["lon"], county["lat"])


# -- supplied boundaries -----------------------------------------------------------------------


@pytest.fixture
def supplied(data_copy) -> shapely.Polygon:
    """A planner's own boundary of a zone, written into the copy of the data."""
    square = shapely.box(114.60, 38.00, 114.68, 38.06)
    feature = {
        "type": "Feature",
        "properties": {"zone_code": "130171"},
        "geometry": shapely.geometry.mapping(square),
    }
    path = data_copy / "boundaries" / "supplied.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    return square


def test_a_supplied_boundary_replaces_the_host_counties(atlas, data_copy, supplied):
    made = build_atlas(data_library.load(data_copy))
    changed = {"clusters-core:001-key-01:130171", "clusters-radiation:001-key-02:130171"}
    for layer in ZONES:
        before = atlas.frames[layer].set_index("id")
        after = made.frames[layer].set_index("id")
        for name in after.index:
            if name in changed:
                assert after.loc[name, "geometry_status"] == "supplied"
                assert after.loc[name, "geometry"].equals(supplied)
                assert after.loc[name, "note"] == "图上为用户提供的边界"
            else:
                assert after.loc[name, "geometry_status"] == before.loc[name, "geometry_status"]
                assert after.loc[name, "geometry"].equals(before.loc[name, "geometry"])
    cluster = made.frames["clusters"].set_index("id").loc["clusters:001-key-01"]
    assert cluster.geometry.covers(supplied)
    assert made.records.digest != atlas.records.digest


# -- statuses and areas ------------------------------------------------------------------------


def test_a_union_is_worth_its_weakest_part():
    for some in itertools.permutations(STATUS_ORDER, 3):
        assert STATUS_ORDER.index(weakest_status(list(some))) == max(map(STATUS_ORDER.index, some))
    assert weakest_status(["administrative", "supplied"]) == "administrative"
    assert weakest_status(["host-county", "inferred"]) == "inferred"


def test_the_union_of_all_counties_has_the_sum_of_their_areas(atlas):
    counties = atlas.places.boundaries.counties
    whole = atlas.places.boundaries.union(counties.index)
    total = sum(map(km2, counties.geometry))
    assert km2(whole) == pytest.approx(total, rel=1e-9)
    assert total == pytest.approx(187_988, abs=1)


@given(data=st.data())
def test_any_union_has_the_sum_of_its_counties_areas(atlas, data):
    codes = list(atlas.places.boundaries.counties.index)
    some = data.draw(st.lists(st.sampled_from(codes), min_size=1, max_size=8, unique=True))
    parts = atlas.places.boundaries.counties.geometry.loc[some]
    assert km2(atlas.places.boundaries.union(some)) == pytest.approx(sum(map(km2, parts)), rel=1e-9)


def test_areas_keep_the_index_and_ignore_ring_direction():
    box = shapely.box(116, 39, 117, 40)
    areas = area_km2(gpd.GeoSeries([box, box.reverse(), shapely.Polygon()], index=list("abc")))
    assert list(areas.index) == ["a", "b", "c"]
    assert areas["a"] == areas["b"] == pytest.approx(9549.5, abs=0.05)
    assert areas["c"] == 0


def test_areas_do_not_depend_on_the_direction_of_a_hole():
    outer, inner = shapely.box(116, 39, 117, 40), shapely.box(116.4, 39.4, 116.6, 39.6)
    hole = list(inner.exterior.coords)
    around = gpd.GeoSeries(
        [
            shapely.Polygon(outer.exterior.coords, [hole]),
            shapely.Polygon(outer.exterior.coords, [hole[::-1]]),
        ]
    )
    one, other = area_km2(around)
    assert one == pytest.approx(other)
