"""The files a planner takes away: their names, and what a zip holds."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.catalogue import LAYERS
from layers.exports import bundle, bundle_name, export, file_name
from layers.geojson import geojson
from layers.view import View

VIEW = View(2025, industries=("it",), cities=("130700",))
SHOWN = ("clusters", "clusters-core", "layout")


def test_an_export_is_the_layer_s_geojson(atlas):
    made = export(atlas, "clusters", VIEW)
    assert made.data == geojson(atlas, "clusters", VIEW)
    assert made.media_type == "application/geo+json"
    assert made.name == "冀图_河北省产业集群_2025年_新一代信息技术-张家口市.geojson"


def test_names_tell_layer_year_and_filter(atlas):
    def name(layer: str, view: View) -> str:
        return export(atlas, layer, view).name

    assert name("clusters", View(2025)) == "冀图_河北省产业集群_2025年.geojson"
    assert name("clusters-core", View(2027, tiers=("key",))) == (
        "冀图_河北省核心承载区_2027年_重点支持.geojson"
    )
    many = View(2025, cities=tuple(atlas.library.cities))
    assert name("clusters", many) == "冀图_河北省产业集群_2025年_石家庄市等12项.geojson"


@given(layer=st.sampled_from(list(LAYERS)), data=st.data())
def test_any_name_is_safe_on_any_system(atlas, views, layer, data):
    view = data.draw(views)
    name = file_name(atlas, LAYERS[layer].title, view, "geojson")
    assert re.fullmatch(r"[\w-]+\.geojson", name), name
    assert name.isprintable()
    assert len(name.encode("utf-8")) < 255
    assert name == file_name(atlas, LAYERS[layer].title, view, "geojson")


@pytest.mark.parametrize("subject", ["a/b", "a\\b", "../a", "a\nb", "a\x00b", "a b", 'a"b', "a*b?"])
def test_separators_and_control_characters_are_left_out(atlas, subject):
    name = file_name(atlas, subject, View(2025), "geojson")
    assert not set('/\\\n\x00 "*?') & set(name)


def test_a_bundle_of_one_is_that_file(atlas):
    assert bundle(atlas, ["layout"], VIEW) == export(atlas, "layout", VIEW)


@pytest.fixture(scope="module")
def zipped(atlas):
    return bundle(atlas, SHOWN, VIEW)


def test_a_bundle_of_several_is_a_zip(zipped):
    assert zipped.name == "冀图_河北省3个图层_2025年_新一代信息技术-张家口市.zip"
    assert zipped.media_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(zipped.data)) as archive:
        assert archive.testzip() is None


def test_the_entries_are_the_single_exports(atlas, zipped):
    with zipfile.ZipFile(io.BytesIO(zipped.data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    singles = [export(atlas, layer, VIEW) for layer in SHOWN]
    assert entries == {single.name: single.data for single in singles}
    assert list(entries) == [single.name for single in singles]


def test_a_zip_is_the_same_every_time(atlas, zipped):
    assert bundle(atlas, SHOWN, VIEW).data == zipped.data
    with zipfile.ZipFile(io.BytesIO(zipped.data)) as archive:
        # A clock in an entry would make other bytes two seconds later.
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert all(info.flag_bits & 0x800 for info in archive.infolist())  # names are UTF-8


@settings(max_examples=10)
@given(data=st.data())
def test_the_name_is_known_before_the_bundle_is_built(atlas, views, data):
    view = data.draw(views)
    layers = [layer for layer in view.layers if layer != "admin-counties"]
    if layers:
        made = bundle(atlas, layers, view)
        assert bundle_name(atlas, layers, view) == (made.name, made.media_type)


def test_every_layer_has_an_entry_of_its_own(atlas):
    names = [file_name(atlas, layer.title, VIEW, "geojson") for layer in LAYERS.values()]
    assert len(set(names)) == len(LAYERS)


def test_an_empty_layer_is_still_a_file(atlas):
    made = export(atlas, "clusters", View(2025, industries=("food",)))
    assert json.loads(made.data)["features"] == []
