"""The files a planner takes away: their names, and what a zip holds."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from geo.crs import UnknownCrsError, parse_crs, zone_at
from geo.projection import project
from layers.catalogue import KINDS
from layers.formats.export import (
    FORMATS,
    ExportError,
    SpanError,
    build_package,
    export,
    export_name,
    file_name,
    zone_uses,
)
from layers.formats.metadata import metadata_text
from layers.reading.view import View, select

VIEW = View(2025, industries=("it",), cities=("130700",))
SHOWN = ("clusters", "clusters-core", "layout")
EMPTY = View(2025, industries=("food",))

every_format = pytest.mark.parametrize("format_id", FORMATS)


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_names_tell_layer_year_and_filter(atlas):
    def name(layer: str, view: View) -> str:
        return export(atlas, [layer], view, "geojson").name

    assert name("clusters", View(2025)) == "冀图_河北省产业集群_2025年.geojson"
    assert name("clusters-core", View(2027, tiers=("key",))) == (
        "冀图_河北省核心承载区_2027年_重点支持.geojson"
    )
    many = View(2025, cities=tuple(atlas.records.cities))
    assert name("clusters", many) == "冀图_河北省产业集群_2025年_石家庄市等12项.geojson"


@given(layer=st.sampled_from(list(KINDS)), data=st.data())
def test_any_name_is_safe_on_any_system(atlas, views, layer, data):
    view = data.draw(views)
    name = file_name(atlas, KINDS[layer].title, view, "geojson")
    assert re.fullmatch(r"[\w-]+\.geojson", name), name
    assert name.isprintable()
    assert len(name.encode("utf-8")) < 255
    assert name == file_name(atlas, KINDS[layer].title, view, "geojson")


@pytest.mark.parametrize("subject", ["a/b", "a\\b", "../a", "a\nb", "a\x00b", "a b", 'a"b', "a*b?"])
def test_separators_and_control_characters_are_left_out(atlas, subject):
    name = file_name(atlas, subject, View(2025), "geojson")
    assert not set('/\\\n\x00 "*?') & set(name)


@every_format
def test_one_layer_is_a_file_or_a_zip_as_its_name_says(atlas, format_id):
    made = export(atlas, ["clusters"], VIEW, format_id)
    assert (made.name, made.media_type) == export_name(atlas, ["clusters"], VIEW, format_id)
    assert made.data.startswith(b"PK") == made.name.endswith((".zip", ".xlsx"))
    assert made.name.startswith("冀图_河北省产业集群_2025年_新一代信息技术-张家口市.")


@every_format
def test_several_layers_are_one_file(atlas, format_id):
    made = export(atlas, SHOWN, VIEW, format_id)
    assert (made.name, made.media_type) == export_name(atlas, SHOWN, VIEW, format_id)
    spec = FORMATS[format_id]
    together = spec.together and spec.alone
    assert made.name.endswith(f".{spec.suffix}" if together else f".{format_id}.zip")


@every_format
def test_the_same_view_is_the_same_bytes(atlas, format_id):
    made = export(atlas, SHOWN, VIEW, format_id)
    assert export(atlas, SHOWN, VIEW, format_id) == made


@pytest.fixture(scope="module")
def zipped(atlas):
    return export(atlas, SHOWN, VIEW, "geojson")


def test_a_zip_holds_the_layers_and_what_they_are(zipped):
    names = [f"{layer.replace('-', '_')}.geojson" for layer in SHOWN]
    companions = ["说明.txt", "元数据.xml", "字段说明.csv", "未上图的记录.csv", "现状数据.csv"]
    assert list(entries(zipped.data)) == [*names, *companions]
    with zipfile.ZipFile(io.BytesIO(zipped.data)) as archive:
        assert archive.testzip() is None
        # A clock in an entry would make other bytes two seconds later.
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        # On Linux and macOS everybody may read what is unpacked.
        rights = {(info.create_system, info.external_attr >> 16) for info in archive.infolist()}
        assert rights == {(3, 0o644)}
        chinese = [info for info in archive.infolist() if not info.filename.isascii()]
        assert chinese
        assert all(info.flag_bits & 0x800 for info in chinese)  # names are UTF-8


def test_the_text_names_filter_sources_and_disclaimer(atlas, zipped):
    text = entries(zipped.data)["说明.txt"].decode("utf-8-sig")
    told = metadata_text(build_package(atlas, SHOWN, VIEW, FORMATS["geojson"]).metadata)
    limits = [f"  · {limit}" for limit in FORMATS["geojson"].limits]
    assert text == "\r\n".join([*told.split("\n"), "GeoJSON 格式：", *limits, ""])
    for word in ("新一代信息技术", "张家口市", "2025", atlas.records.atlas.disclaimer, "媒体摘编"):
        assert word in text


def test_the_dictionary_names_every_field_in_chinese(zipped):
    text = entries(zipped.data)["字段说明.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["图层"] for row in rows} == set(SHOWN)
    features = json.loads(entries(zipped.data)["clusters.geojson"])["features"]
    own = [row["字段"] for row in rows if row["图层"] == "clusters"]
    assert own == list(features[0]["properties"])
    for row in rows:
        assert re.search("[\u4e00-\u9fff]", row["名称"]), row
        assert re.search("[\u4e00-\u9fff]", row["含义"]), row
    assert {row["单位"] for row in rows if row["字段"] == "revenue_yi_2025"} == {"亿元"}


def test_an_empty_layer_among_others_is_named_with_its_count(atlas):
    view = View(2025, cities=("130700",), industries=("energy",))
    empty = [layer for layer in KINDS if not len(select(atlas, layer, view))]
    assert empty
    made = build_package(atlas, ["layout", *empty], view, FORMATS["geojson"])
    assert {sheet.layer for sheet in made.sheets} == {"layout"}
    assert {c.layer: c.count for c in made.metadata.contents if not c.count} == dict.fromkeys(
        empty, 0
    )


@every_format
def test_nothing_to_export_is_said(atlas, format_id):
    with pytest.raises(ExportError, match=r"nothing to export.*食品"):
        export(atlas, ["clusters", "clusters-core"], EMPTY, format_id)


def test_an_unknown_format_is_refused_with_the_list(atlas):
    with pytest.raises(ExportError, match="'dwg'; one of: gpkg"):
        export(atlas, ["clusters"], VIEW, "dwg")


# -- coordinate systems ------------------------------------------------------------------------


@every_format
@pytest.mark.parametrize("crs", ["3857", "4507", "EPSG:2343", "", "WGS84", "4547; DROP", "０"])
def test_a_system_outside_the_list_is_refused(atlas, format_id, crs):
    with pytest.raises(UnknownCrsError, match="not offered"):
        export(atlas, ["clusters"], VIEW, format_id, crs)


@pytest.mark.parametrize("format_id", [f.id for f in FORMATS.values() if f.crs])
@pytest.mark.parametrize("crs", ["4490", "4547", "auto", "split"])
def test_a_format_with_one_system_takes_no_other(atlas, format_id, crs):
    with pytest.raises(ExportError, match="always EPSG:4326"):
        export(atlas, ["clusters"], VIEW, format_id, crs)


def test_auto_takes_the_zone_of_the_data(atlas):
    made = build_package(
        atlas, ["clusters"], View(2025, cities=("130300",)), FORMATS["gpkg"], "auto"
    )
    (sheet,) = made.sheets
    assert sheet.crs == parse_crs("4549")
    assert sheet.features.crs == "EPSG:4549"
    step = made.metadata.steps[-1]
    assert re.search(r"120°E，长度变形最大 0\.0\d\d%（每公里 0\.\d 米）", step), step


def test_auto_over_several_zones_asks_and_names_the_cost(atlas):
    with pytest.raises(SpanError) as told:
        export(atlas, ["admin-counties"], View(2025), "gpkg", "auto")
    for word in ("3 zones", "split", "4547 (114°E, 85 features", "4548 (117°E", "4549 (120°E", "%"):
        assert word in str(told.value)


def test_split_puts_every_feature_into_its_zone_once(atlas):
    for layer in KINDS:
        made = build_package(atlas, [layer], View(2025), FORMATS["gpkg"], "split")
        ids = [i for sheet in made.sheets for i in sheet.features["id"]]
        assert sorted(ids) == sorted(select(atlas, layer, View(2025))["id"])
        for sheet in made.sheets:
            lonlat = sheet.features[sheet.features.geometry.notna()].to_crs("EPSG:4490")
            middle = lonlat.geometry.map(lambda g: g.centroid.x)
            assert {zone_at(x) for x in middle} <= {sheet.crs.zone}


@pytest.mark.parametrize("crs", ["4326", "4526", "4547", "4548", "4549", "split"])
def test_projected_outlines_are_sound(atlas, crs):
    for sheet in build_package(atlas, list(KINDS), View(2025), FORMATS["gpkg"], crs).sheets:
        drawn = sheet.features[sheet.features.geometry.notna()]
        assert drawn.is_valid.all(), (sheet.name, crs)
        assert not drawn.is_empty.any()


def test_mending_moves_nothing():
    """A notch close to a parallel crosses it when projected; the area stays to a part in 10⁷."""
    notch = shapely.Polygon(
        [(113.99, 38), (114.01, 38), (114.01, 39), (114, 38 + 4e-7), (113.99, 39)]
    )
    rows = gpd.GeoDataFrame(geometry=[notch], crs="EPSG:4490")
    plain = rows.to_crs("EPSG:4547")
    assert rows.is_valid.all()
    assert not plain.is_valid.any()
    made = project(rows, parse_crs("4547"))
    assert made.is_valid.all()
    assert made.area.to_numpy() == pytest.approx(plain.area.to_numpy(), rel=1e-7)


def test_a_zone_with_its_number_starts_the_easting_with_it(atlas):
    made = build_package(atlas, ["clusters"], View(2025), FORMATS["gpkg"], "4526")
    west, south, _, _ = made.sheets[0].features.total_bounds
    assert int(west // 1e6) == 38
    assert 3e6 < south < 5e6


def test_the_cost_of_a_zone_is_that_of_the_projection(atlas):
    """The figure told is measured anew: a step north of each vertex, true and projected."""
    rows = select(atlas, "admin-counties", View(2025))
    points = shapely.get_coordinates(rows.geometry.to_numpy())
    x, y = points.T
    true = Geod(ellps="GRS80").inv(x, y, x, y + 1e-5)[2]
    for use in zone_uses(atlas, ["admin-counties"], View(2025)):
        to = Transformer.from_crs("EPSG:4490", use.crs.name, always_xy=True)
        start, end = (np.array(to.transform(x, lat)) for lat in (y, y + 1e-5))
        measured = np.abs(np.hypot(*(end - start)) / true - 1).max()
        assert use.scale_error == pytest.approx(measured, rel=0.01)
