"""The lists behind the headline figures hold what the figures count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.reading.counts import shared_counties
from layers.reading.lists import LISTS, headline_list, headline_list_ids
from layers.reading.summary import summarise
from layers.reading.view import View


def counted(atlas, view: View) -> dict[str, int]:
    """The figures that the page shows, by the key of the list that each opens."""
    said = summarise(atlas, view)
    return {
        "view:clusters": said.clusters,
        "view:key": said.key_clusters,
        "view:counties": said.counties_named,
        "view:of-cities": said.counties_of_cities,
        "view:hosting": said.counties_of_zones,
        "view:shared": len(shared_counties(atlas, view)),
        "view:with-target": said.with_target,
        "view:thousand": said.at_least_thousand,
    }


@given(data=st.data())
def test_a_list_is_as_long_as_its_figure(atlas, views, data):
    view = data.draw(views)
    for key, figure in counted(atlas, view).items():
        own = headline_list_ids(atlas, view, key)
        assert (len(own), len(set(own))) == (figure, figure), key


def test_every_figure_has_a_list(atlas):
    assert set(counted(atlas, View(2025))) == set(LISTS)


def test_every_entry_names_a_feature_and_a_source(atlas):
    known = {name for frame in atlas.frames.values() for name in frame["id"]}
    for key in LISTS:
        found = headline_list(atlas, View(2027), key)
        assert found is not None
        entries = [entry for _, own in found.sections for entry in own]
        assert {entry.feature for entry in entries} <= known
        assert all(source.document for entry in entries for source in entry.citations)


def texts(atlas, view: View, key: str) -> list[tuple[str, list[str]]]:
    found = headline_list(atlas, view, key)
    return [(heading, [e.text for e in entries]) for heading, entries in found.sections]


def test_clusters_of_a_thousand_are_told_the_highest_first(atlas):
    assert texts(atlas, View(2027, industries=("it", "nev")), "view:thousand") == [
        (
            "产业集群",
            [
                "保定新能源汽车和智能网联汽车产业集群　预计突破 2,500 亿元",
                "石家庄新一代电子信息产业集群　预计超 2,000 亿元",
                "张家口大数据产业集群　预计超 1,200 亿元",
            ],
        )
    ]


def test_clusters_stand_under_their_tiers_and_say_what_is_missing(atlas):
    (key, first), (cultivated, second) = texts(atlas, View(2023), "view:clusters")
    assert (key, len(first), cultivated, len(second)) == ("重点支持", 9, "重点培育", 8)
    assert all("亿元" in text for text in first)
    assert all(text.endswith("文件未给2023年目标") for text in second)


def test_shared_counties_name_their_clusters(atlas):
    ((_, found),) = texts(atlas, View(2025), "view:shared")
    assert "徐水区·保定市　保定新能源与电网、保定新能源汽车" in found
    assert "栾城区·石家庄市　石家庄生物医药、石家庄电子信息（区内开发区）" in found
    assert len(found) == 6


def test_counties_stand_under_their_cities(atlas):
    found = dict(texts(atlas, View(2025, industries=("it",), cities=("130700",)), "view:counties"))
    assert found["张家口市"][0].endswith("　张家口大数据")
    assert any(text.startswith("怀来县　") for text in found["张家口市"])


@pytest.mark.parametrize("key", ["", "view", "view:", "view:nothing", "county:130730"])
def test_a_key_that_names_no_list(atlas, key):
    assert headline_list(atlas, View(2025), key) is None
    assert headline_list_ids(atlas, View(2025), key) == []
