"""The headline figures, added up by hand from the cluster plan."""

from __future__ import annotations

import pytest

from layers.reading.summary import Summary, counties_by_place, summarise
from layers.reading.view import View


def test_everything_in_2025(atlas):
    assert summarise(atlas, View(2025)) == Summary(
        clusters=17,
        key_clusters=9,
        # 44 counties by name, and 雄安's three.
        counties_named=44,
        counties_of_cities=3,
        # 藁城、桥西（张家口）、抚宁、路北、莲池、丛台、黄骅、运河、桃城、襄都、沙河、邯山、复兴
        counties_of_zones=13,
        year=2025,
        revenue_yi=1500 + 1500 + 1000 + 1050 + 1000 + 650 + 600 + 2100 + 800,
        with_target=9,
        at_least_thousand=6,
    )


def test_cultivated_clusters_have_no_targets(atlas):
    summary = summarise(atlas, View(2023, tiers=("cultivated",)))
    assert (summary.clusters, summary.key_clusters) == (8, 0)
    assert (summary.revenue_yi, summary.with_target, summary.at_least_thousand) == (None, 0, 0)
    # 双滦、鹰手营子、兴隆; 安国; 任丘; 冀州、枣强; 宁晋
    assert summary.counties_named == 8
    # 雄县、容城、安新
    assert summary.counties_of_cities == 3
    # 海港、山海关、抚宁; 黄骅、运河; 桃城; 襄都、沙河; 邯山、复兴
    assert summary.counties_of_zones == 10


def test_information_technology_in_shijiazhuang_in_2027(atlas):
    view = View(2027, industries=("it",), cities=("130100",))
    counties = counties_by_place(atlas, view)
    assert counties["county"] == {"130110", "130104", "130108", "130123"}  # 鹿泉、桥西、裕华、正定
    assert counties["zone"] == {"130111"}  # 栾城, through the zone it shares with 裕华
    assert summarise(atlas, view) == Summary(1, 1, 4, 0, 1, 2027, 2000, 1, 1)


@pytest.mark.parametrize("year", [2023, 2025, 2027])
def test_layer_switches_do_not_matter(atlas, year):
    assert summarise(atlas, View(year, layers=())) == summarise(atlas, View(year))


def test_an_empty_view_has_no_sum(atlas):
    assert summarise(atlas, View(2025, industries=("food",))) == Summary(
        0, 0, 0, 0, 0, 2025, None, 0, 0
    )


def test_no_county_is_counted_twice(atlas):
    counted = [
        adcode for found in counties_by_place(atlas, View(2025)).values() for adcode in found
    ]
    assert len(counted) == len(set(counted))
    assert set(counted) == {a for codes in atlas.frames["clusters"]["adcodes"] for a in codes}


def test_the_counties_of_a_city_are_not_counted_as_named(atlas):
    """Document 001 names 雄安新区, none of its three counties."""
    assert counties_by_place(atlas, View(2025))["city"] == {"130629", "130632", "130638"}
