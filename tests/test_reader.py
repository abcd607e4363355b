"""All faults of the data are reported at once, each with its file, record and remedy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from data import models, reader
from data.faults import DataFaultsError, Fault
from layers.catalogue import open_atlas

COUNTIES = "boundaries/counties.geojson"
NEIGHBOURS = "boundaries/neighbours.geojson"
SUPPLIED = "boundaries/supplied.geojson"
PLAN = "plans/001.yaml"
POINTS = "places/points-osm.csv"


def faults(folder: Path) -> tuple[Fault, ...]:
    """Return the faults that `jitu check` reports about a faulty folder."""
    with pytest.raises(DataFaultsError) as caught:
        open_atlas(folder)
    return caught.value.faults


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_county(folder: Path, adcode: str, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / COUNTIES
    content = json.loads(path.read_text(encoding="utf-8"))
    change(next(f for f in content["features"] if f["properties"]["adcode"] == adcode))
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def supply(folder: Path, *features: tuple[Any, Any]) -> None:
    """Write boundaries/supplied.geojson from (zone code, coordinates of a polygon) pairs."""
    content = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"zone_code": code},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            for code, ring in features
        ],
    }
    path = folder / SUPPLIED
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def lean(data_copy: Path) -> Path:
    """A copy without what takes long to read and these tests do not need."""
    for path in (*(data_copy / "plans").glob("*-*.yaml"), data_copy / "bases.yaml"):
        path.unlink()
    (data_copy / "consistency.yaml").unlink()
    return data_copy


def boundary_faults(folder: Path) -> list[Fault]:
    return [f for f in faults(folder) if f.file.startswith("boundaries/")]


SQUARE = [[114.6, 38.0], [114.7, 38.0], [114.7, 38.1], [114.6, 38.1], [114.6, 38.0]]


def test_the_project_s_own_data_is_sound():
    assert open_atlas(reader.PACKAGE_FOLDER).frames


# -- one fault of each kind --------------------------------------------------------------------


@dataclass(frozen=True)
class Slip:
    """One edit of one file, and the fault that must be reported."""

    what: str
    file: str
    old: str
    new: str
    record: str  # of a csv file: the line is found
    message: str
    remedy: str


# The slips of one group are made in one folder, so that all of them must be reported at once. The
# reader does not check references into a faulty file, so there are several groups.
SYNTAX = [
    Slip("unclosed list", "documents.yaml", "region: 天津市", "region: [天津市",
         "line", "broken YAML", "mend the syntax"),
    Slip("tab", "places/cities.yaml", "  name: 雄安新区", "\tname: 雄安新区",
         "line 4, column 1", "broken YAML", "mend the syntax"),
    Slip("repeated key", PLAN, "  number: 1\n", "  number: 1\n  number: 2\n",
         "line", "'number' is given twice", "mend the syntax"),
    Slip("list as a key", "places/county-aliases.yaml", "aliases:\n", "aliases:\n- [a]: b\n",
         "line 3", "broken YAML", "mend the syntax"),
    Slip("missing list", "industries.yaml", "industries:", "branches:",
         "", "no list 'industries'", "industries:"),
    Slip("text for a list", "places/zones.yaml", "zones:\n", "zones: many\nothers:\n",
         "", "no list 'zones'", "zones:"),
]  # fmt: skip

RECORDS = [
    Slip("unknown key of a file", "documents.yaml", "documents:", "papers: 1\ndocuments:",
         "papers", "unknown key", "holds only 'documents'"),
    Slip("unknown key", PLAN, "  open: true", "  open: true\n    opened: true",
         "001-key-01", "opened", "near names: open"),
    Slip("misspelt key", PLAN, "  short_name: 石家庄电子信息", "  shortname: 石家庄电子信息",
         "001-key-02", "shortname", "near names: short_name"),
    Slip("missing key", PLAN, "  short_name: 石家庄电子信息", "  shortname: 石家庄电子信息",
         "001-key-02", "short_name: Field required", "add it"),
    Slip("target without unit", PLAN, "value: 550, unit: 亿元}", "value: 550}",
         "001-key-03", "targets.0.unit: Field required", "add it"),
    Slip("target in a wrong unit", PLAN, "value: 960, unit: 亿元}", "value: 960, unit: 万台}",
         "001-key-04", "revenue is given in 亿元, not 万台", "correct the value"),
    Slip("target in no unit", PLAN, "value: 850, unit: 亿元}", "value: 850, unit: 万元}",
         "001-key-05", "targets.0.unit", "correct the value '万元'"),
    Slip("two targets for a year", PLAN, "year: 2025, comparator: 预计超, value: 650",
         "year: 2023, comparator: 预计超, value: 650",
         "001-key-06", "two targets for the same indicator and year", "correct"),
    Slip("negative target", PLAN, "value: 700,", "value: -700,",
         "001-key-07", "targets.2.value", "correct the value -700"),
    Slip("text for a number", PLAN, "value: 1800,", "value: 一千八,",
         "001-key-08", "targets.0.value", "correct the value '一千八'"),
    Slip("no place in a list", PLAN, "places: [邯郸经济技术开发区]", "places: []",
         "001-key-09", "core.places", "correct the value []"),
    Slip("neither core nor seat", PLAN, "  seat: 雄安新区\n", "",
         "001-cultivated-01", "give core places, or seat", "correct"),
    Slip("number for a text", "documents.yaml", "short_title: 天津信息技术规划", "short_title: 12",
         "004", "short_title", "correct the value 12"),
    Slip("area without source", "places/zones.yaml",
         "  area_source: 《中国工业报》2012年1月18日，控制面积\n", "",
         "130973403", "area_km2 and area_source go together", "correct"),
    Slip("inference without reason", "plans/002.yaml", "membership: stated", "membership: inferred",
         "002-core", "reason", "correct"),
    Slip("broken fingerprint", "plans/003.yaml", "sentence: 0e16e3b5", "sentence: XX16e3b5",
         "003-xiongan", "sentence", "correct the value"),
    Slip("words for a coordinate", POINTS, "114.8674", "114°52′",
         "", "lon", "correct the value '114°52′'"),
    Slip("no coordinate", POINTS, ",39.9376", ",", "", "lat", "correct the value ''"),
    Slip("infinite coordinate", POINTS, "118.17249", "inf", "", "lon", "correct the value 'inf'"),
    Slip("coordinate far away", POINTS, "116.7451", "11.67451",
         "", "lon", "correct the value 11.67451"),
    Slip("swapped coordinates", POINTS, "115.46361,38.9096", "38.9096,115.46361",
         "", "lon", "correct the value 38.9096"),
    Slip("projected coordinates", POINTS, "117.51442,38.35558", "545000,4244000",
         "", "lat", "correct the value 4244000"),
]  # fmt: skip

DUPLICATES = [
    Slip("duplicated cluster", PLAN, "id: 001-key-02", "id: 001-key-01",
         "001-key-01", "duplicated id", "an id of its own"),
    Slip("duplicated document", "documents.yaml", "{id: '004'", "{id: '000'",
         "000", "duplicated id", "an id of its own"),
    Slip("duplicated industry", "industries.yaml", "- id: services", "- id: it",
         "it", "duplicated id", "an id of its own"),
    Slip("duplicated zone", "places/zones.yaml", "- code: '130471'", "- code: '130671'",
         "130671", "duplicated id", "an id of its own"),
    Slip("duplicated zone point", POINTS, "\n130371,", "\n130771,",
         "130771", "twice", "keep one"),
]  # fmt: skip

REFERENCES = [
    Slip("unknown industry term", PLAN, "industry: [大数据]", "industry: [大数拒]",
         "001-key-03", "unknown industry term '大数拒'", "大数据"),
    Slip("unknown chain", PLAN, "chains: [汽车零部件,", "chains: [汽车零件,",
         "001-key-04", "unknown industry term '汽车零件'", "add it to industry-terms.yaml"),
    Slip("unknown industry", "industry-terms.yaml", "{term: 钢铁, industries: {steel:",
         "{term: 钢铁, industries: {steal:",
         "钢铁", "unknown industry 'steal'", "near names: steel"),
    Slip("comparison of what was inferred", "consistency.yaml",
         "records: [003-zc]\n  verdict: 不可比", "records: [003-zc]\n  verdict: 相符",
         "north-belt-region", "002-belt-jxb has members", "set the verdict to 不可比"),
    Slip("project with the name of a base", "plans/003-projects.yaml",
         "\n  base: mc-rail-park", "",
         "003-project-037", "a base has the same name", "add base: mc-rail-park"),
    Slip("project elsewhere than its base", "plans/003-projects.yaml",
         "base: zjk-sany-wind-park", "base: hd-kehua-hydrogen-park",
         "003-project-076", "its places are not those of the base", "the same places"),
    Slip("project that is an unknown base", "plans/003-projects.yaml",
         "base: sjz-hikvision-park", "base: sjz-hikvision-bark",
         "003-project-020", "unknown base 'sjz-hikvision-bark'", "sjz-hikvision-park"),
    Slip("unknown host county", "places/zones.yaml", "['130108', '130111']", "['130108', '139111']",
         "130171", "unknown host county '139111'", "correct it"),
    Slip("unknown county of a city", "places/cities.yaml", "'130638'", "'130638', '139999'",
         "133100", "unknown county '139999'", "correct it"),
    Slip("target year that is not offered", PLAN, "year: 2027, comparator: 预计超, value: 1200",
         "year: 2026, comparator: 预计超, value: 1200",
         "001-key-03", "target year 2026 is not offered", "atlas.yaml"),
]  # fmt: skip

PLACES = [
    Slip("seat in another city", POINTS, "118.17358,39.62987", "114.50873,38.04165",
         "130200", "the point lies outside 唐山市", "correct the point"),
    Slip("seat in the next county", POINTS, "117.73232,39.90054", "118.30842,40.14055",
         "130229", "the point lies outside 玉田县", "correct the point"),
    Slip("zone's point outside its certain hosts", POINTS, "118.17249,39.67548", "118.1785,39.3",
         "130273", "the point lies outside 唐山高新技术产业开发区", "correct the point"),
    Slip("unknown place", PLAN, "玉田县]", "玉田乡]",
         "001-key-05", "unknown place '玉田乡' in 唐山市", "places/"),
    Slip("another unknown place of that list", PLAN, "丰南区, 玉田乡", "丰北区, 玉田乡",
         "001-key-05", "unknown place '丰北区' in 唐山市", "places/"),
    Slip("place of another city", PLAN, "places: [安国市]", "places: [晋州市]",
         "001-cultivated-04", "unknown place '晋州市' in 保定市", "places/"),
    Slip("place listed twice", PLAN, "[衡水高新区, 冀州区", "[衡水高新区, 高新区, 冀州区",
         "001-cultivated-06", "listed twice", "keep one"),
    Slip("ambiguous place", "plans/002.yaml", "members: [张家口市张北县]", "members: [桥西区]",
         "002-wing-zb", "ambiguous: 石家庄市桥西区, 张家口市桥西区", "places/"),
    Slip("unknown place of a base", "bases.yaml", "[石家庄市正定县]", "[石家庄市正定乡]",
         "", "unknown place '石家庄市正定乡'", "places/"),
    Slip("unknown member city", "plans/003.yaml", "[邢台, 邯郸, 衡水]", "[邢台, 汉丹, 衡水]",
         "003-south", "unknown place '汉丹'", "places/"),
]  # fmt: skip


POINT = [
    Slip("point of an unknown place", POINTS, "\n131071,", "\n139999,",
         "139999", "unknown place '139999'", "correct it"),
]  # fmt: skip

GROUPS = (SYNTAX, RECORDS, DUPLICATES, REFERENCES, POINT, PLACES)


@pytest.fixture(scope="module")
def faults_of(tmp_path_factory) -> Callable[[tuple[Slip, ...]], tuple[Fault, ...]]:
    """Return a function that makes all slips of a group in one folder and returns its faults."""

    @cache
    def read(group: tuple[Slip, ...]) -> tuple[Fault, ...]:
        folder = tmp_path_factory.mktemp("slips") / "data"
        shutil.copytree(reader.PACKAGE_FOLDER, folder)
        for file, old, new in dict.fromkeys((s.file, s.old, s.new) for s in group):
            edit(folder, file, old, new)
        return faults(folder)

    return read


@pytest.mark.parametrize(
    ("slip", "group"),
    [pytest.param(slip, tuple(group), id=slip.what) for group in GROUPS for slip in group],
)
def test_a_slip_is_reported_with_file_record_and_remedy(faults_of, slip, group):
    of_file = [f for f in faults_of(group) if f.file == slip.file]
    found = [f for f in of_file if slip.message in f.message and slip.remedy in f.remedy]
    assert len(found) == 1, "\n".join(map(str, of_file))
    assert slip.record in found[0].record
    assert not slip.file.endswith(".csv") or slip.record or found[0].record.startswith("line ")


def test_faults_are_sorted_and_reported_once(faults_of):
    found = faults_of(tuple(REFERENCES))
    assert list(found) == sorted(set(found))
    assert [str(f) for f in found] == [
        f"{f.file}: {f.record}: {f.message} → {f.remedy}" for f in found
    ]


def test_every_fault_names_a_file_and_a_remedy(faults_of):
    for group in GROUPS:
        for fault in faults_of(tuple(group)):
            assert (reader.PACKAGE_FOLDER / fault.file).is_file(), fault
            assert fault.message, fault
            assert fault.remedy, fault


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param(PLAN, "industry: [大数据]", "industry: [大数拒]", id="industry term"),
        pytest.param(PLAN, "玉田县]", "玉田乡]", id="place"),
        pytest.param(POINTS, "116.7451", "东经", id="coordinate"),
        pytest.param(PLAN, "value: 1800,", "value: 一千八,", id="figure"),
        pytest.param(PLAN, "  number: 1\n", "  number: 1\n\t", id="syntax"),
        pytest.param(
            "documents.yaml", "short_title: 天津信息技术规划", "short_title: 12",
            id="document",
        ),
        pytest.param("places/zones.yaml", "  level: 国家级高新区\n", "", id="zone"),
        pytest.param(COUNTIES, '"Polygon"', '"Polygone"', id="polygon"),
    ],
)  # fmt: skip
def test_one_slip_is_one_fault(data_copy, file, old, new):
    edit(data_copy, file, old, new)
    assert [f.file for f in faults(data_copy)] == [file]


def test_an_unknown_city_of_a_zone_is_reported(lean):
    edit(lean, "places/zones.yaml", "city: '130300'", "city: '139900'")
    (fault,) = [f for f in faults(lean) if f.file == "places/zones.yaml"]
    assert (fault.record, fault.message) == ("130371", "unknown city '139900'")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("document: '003'", "document: '009'"),
        ("places: [廊坊市霸州市]", "places: [廊坊市坝州市]"),
    ],
)
def test_a_fault_in_a_second_file_of_a_document_names_that_file(data_copy, old, new):
    edit(data_copy, "plans/003-projects.yaml", old, new)
    assert "plans/003-projects.yaml" in {f.file for f in faults(data_copy)}


def test_an_unused_alias_is_reported(data_copy):
    alias = "aliases:\n- {county: '130102', alias: 长安, note: —}"
    edit(data_copy, "places/county-aliases.yaml", "aliases:", alias)
    (fault,) = faults(data_copy)
    assert (fault.file, fault.record) == ("places/county-aliases.yaml", "130102")
    assert "alias '长安' is used nowhere" in fault.message
    assert "remove the alias" in fault.remedy


# -- files -------------------------------------------------------------------------------------

REQUIRED = [
    "atlas.yaml",
    "documents.yaml",
    "industries.yaml",
    "industry-terms.yaml",
    COUNTIES,
    NEIGHBOURS,
]
FILES = [
    *REQUIRED, PLAN, POINTS, "places/cities.yaml", "places/county-aliases.yaml",
    "places/zones.yaml",
]  # fmt: skip


def test_missing_files_are_reported(lean):
    for file in REQUIRED:
        (lean / file).unlink()
    missing = {f.file for f in faults(lean) if f.message == "the file is missing"}
    # Boundaries are looked at where there is an atlas to draw.
    assert missing == {*REQUIRED} - {NEIGHBOURS}


def test_missing_neighbours_are_reported(lean):
    (lean / NEIGHBOURS).unlink()
    (fault,) = boundary_faults(lean)
    assert (fault.file, fault.message) == (NEIGHBOURS, "the file is missing")


def test_a_folder_without_plans_is_reported(lean):
    shutil.rmtree(lean / "plans")
    assert ("plans", "no plan file") in [(f.file, f.message) for f in faults(lean)]


@pytest.mark.parametrize("kind", ["nowhere", "a file"])
def test_a_folder_that_is_none_is_reported(tmp_path, kind):
    (tmp_path / "a file").write_text("", encoding="utf-8")
    (fault,) = faults(tmp_path / kind)
    assert fault.file == str(tmp_path / kind)
    assert "JITU_DATA" in fault.remedy


def test_files_that_are_not_utf8_are_reported(lean):
    # Without the boundaries: their file is of interest only where the others are sound.
    files = [f for f in FILES if f not in (NEIGHBOURS, "atlas.yaml")]
    for file in files:
        text = (lean / file).read_text(encoding="utf-8")
        (lean / file).write_bytes(text.encode("gb18030"))
    found = {f.file: f.message for f in faults(lean) if "not UTF-8" in f.message}
    assert set(found) == set(files)


def test_a_byte_order_mark_does_no_harm(lean):
    for file in ("documents.yaml", POINTS, COUNTIES):
        path = lean / file
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert reader.load(lean).points


def test_empty_files_are_reported(lean):
    for file in ("atlas.yaml", "documents.yaml", PLAN, COUNTIES):
        (lean / file).write_text("# nothing\n" * file.endswith("yaml"), encoding="utf-8")
    found = {f.file for f in faults(lean) if f.record == ""}
    assert {"atlas.yaml", "documents.yaml", PLAN, COUNTIES} <= found


def test_a_folder_in_place_of_a_file_is_reported(lean):
    (lean / "atlas.yaml").unlink()
    (lean / "atlas.yaml").mkdir()
    (fault,) = [f for f in faults(lean) if f.file == "atlas.yaml"]
    assert "cannot be read" in fault.message


def test_a_plan_is_named_after_its_document(lean):
    (lean / PLAN).rename(lean / "plans" / "004-clusters.yaml")
    (fault,) = [f for f in faults(lean) if f.file == "plans/004-clusters.yaml"]
    assert "document is '001'" in fault.message
    assert "001" in fault.remedy


def test_a_plan_of_an_unknown_document_is_reported(lean):
    (lean / "plans" / "009.yaml").write_text("document: '009'\n", encoding="utf-8")
    (fault,) = faults(lean)
    assert (fault.file, fault.message) == ("plans/009.yaml", "unknown document '009'")
    assert "near names" in fault.remedy


# -- polygons ----------------------------------------------------------------------------------


def bow_tie(feature: dict[str, Any]) -> None:
    ring = [[115, 38], [116, 39], [116, 38], [115, 39], [115, 38]]
    feature["geometry"] = {"type": "Polygon", "coordinates": [ring]}


def no_geometry(feature: dict[str, Any]) -> None:
    feature["geometry"] = None


def empty_polygon(feature: dict[str, Any]) -> None:
    feature["geometry"] = {"type": "Polygon", "coordinates": []}


def a_point(feature: dict[str, Any]) -> None:
    feature["geometry"] = {"type": "Point", "coordinates": [115, 38]}


def no_such_type(feature: dict[str, Any]) -> None:
    feature["geometry"]["type"] = "Polygone"


def words_for_numbers(feature: dict[str, Any]) -> None:
    feature["geometry"]["coordinates"][0][0] = ["东经", "北纬"]


def moved(feature: dict[str, Any], change: Callable[[float, float], list[float]]) -> None:
    geometry = feature["geometry"]
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    geometry["coordinates"] = [[[change(*p) for p in ring] for ring in rings] for rings in polygons]
    geometry["type"] = "MultiPolygon"


def swapped(feature: dict[str, Any]) -> None:
    moved(feature, lambda lon, lat: [lat, lon])


def projected(feature: dict[str, Any]) -> None:
    moved(feature, lambda lon, lat: [(lon - 114) * 85_000 + 500_000, lat * 111_000])


BAD_POLYGONS = {
    "130722": (bow_tie, "invalid polygon: Self-intersection"),
    "130730": (no_geometry, "no readable polygon"),
    "130731": (empty_polygon, "an empty polygon where a polygon belongs"),
    "130123": (a_point, "a Point where a polygon belongs"),
    "130133": (no_such_type, "no readable polygon"),
    "130229": (words_for_numbers, "no readable polygon"),
    "130322": (swapped, "coordinates are not degrees"),
    "130324": (projected, "coordinates are not degrees"),
}


def test_bad_county_polygons_are_reported(lean):
    for adcode, (change, _) in BAD_POLYGONS.items():
        edit_county(lean, adcode, change)
    found = {f.record: f for f in faults(lean) if f.file == COUNTIES}
    assert set(found) == set(BAD_POLYGONS)
    for adcode, (_, message) in BAD_POLYGONS.items():
        assert message in found[adcode].message
        assert found[adcode].remedy


def test_counties_that_overlap_or_leave_a_gap_are_reported(lean):
    edit_county(lean, "130730", lambda f: moved(f, lambda lon, lat: [lon + 1e-4, lat]))
    found = boundary_faults(lean)
    assert "130730" in {f.record for f in found}
    assert {f.message for f in found} == {"overlaps a neighbour or leaves a gap beside it"}


def test_a_county_given_twice_is_reported(lean):
    content = json.loads((lean / COUNTIES).read_text(encoding="utf-8"))
    content["features"].append(content["features"][0])
    (lean / COUNTIES).write_text(json.dumps(content), encoding="utf-8")
    found = [(f.file, f.record, f.message) for f in boundary_faults(lean)]
    assert (COUNTIES, "130102", "given twice") in found


def test_a_county_without_a_name_is_reported(lean):
    edit_county(lean, "130121", lambda f: f["properties"].pop("name"))
    found = [f for f in boundary_faults(lean) if f.file == COUNTIES]
    assert {f.record for f in found} == {"130121"}
    assert any("name" in f.message for f in found)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"features": null}', '{"features": ["x"]}'])
def test_a_file_that_is_no_feature_collection_is_reported(lean, text):
    for file in (NEIGHBOURS, SUPPLIED):
        (lean / file).write_text(text, encoding="utf-8")
    found = boundary_faults(lean)
    assert {f.file for f in found} == {NEIGHBOURS, SUPPLIED}
    assert all("not a FeatureCollection" in f.message for f in found)


def test_counties_that_are_no_feature_collection_are_reported(lean):
    (lean / COUNTIES).write_text('{"features": null}', encoding="utf-8")
    found = {f.file for f in boundary_faults(lean) if "not a FeatureCollection" in f.message}
    assert found == {COUNTIES}


def test_supplied_boundaries_that_cannot_be_used_are_reported(lean):
    supply(
        lean,
        ("130199", SQUARE),
        ("130171", [[lat, lon] for lon, lat in SQUARE]),
        ("130371", SQUARE),
        ("130371", SQUARE),
    )
    found = {f.record: f for f in boundary_faults(lean)}
    assert {f.file for f in found.values()} == {SUPPLIED}
    assert {record: f.message for record, f in found.items()} == {
        "130199": "unknown zone code",
        "130171": "coordinates are not degrees",
        "130371": "given twice",
    }
    assert "zones.yaml" in found["130199"].remedy


def test_a_supplied_feature_without_properties_is_reported(lean):
    text = '{"features": [{"properties": [1], "geometry": null}]}'
    (lean / SUPPLIED).write_text(text, encoding="utf-8")
    (fault,) = boundary_faults(lean)
    assert (fault.file, fault.record) == (SUPPLIED, "feature 1")


# -- all at once -------------------------------------------------------------------------------

INDUSTRY = (PLAN, "industry: [大数据]", "industry: [大数拒]")
PLACE = ("plans/003.yaml", "[邢台, 邯郸, 衡水]", "[邢台, 汉丹, 衡水]")
POLYGON = (COUNTIES, '"Polygon"', '"Polygone"')
ZONE = ("places/zones.yaml", "['130108', '130111']", "['130108', '139111']")
ZONE_POINT = (POINTS, "\n131071,", "\n139999,")


# A record that was read, with a wrong reference, is no reason to leave the others unchecked.
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(INDUSTRY, PLACE, id="industry term, place"),
        pytest.param(INDUSTRY, POLYGON, id="industry term, polygon"),
        pytest.param(PLACE, POLYGON, id="place, polygon"),
        pytest.param(ZONE, ZONE_POINT, id="zone, point"),
        pytest.param(ZONE, PLACE, id="zone, place"),
    ],
)
def test_faults_in_two_files_are_reported_at_once(lean, one, other):
    edit(lean, *one)
    edit(lean, *other)
    assert {f.file for f in faults(lean)} >= {one[0], other[0]}


# -- what text stays text ----------------------------------------------------------------------


def test_yaml_leaves_words_alone(lean):
    words = [
        "no",
        "yes",
        "on",
        "Off",
        "NO",
        "True",
        "011",
        "0x1F",
        "1_000",
        "1e3",
        "12:30",
        "+1",
        ".5",
        "2022-01-23",
        ".inf",
        ".NaN",
        "=",
        "NULL",
    ]
    path = lean / "industries.yaml"
    made = f"""
- {{id: made-up, name: 011, name_en: no, group: future, source: 2022-01-23 10:00:00,
   chapters: [{", ".join(words)}]}}
"""
    path.write_text(path.read_text(encoding="utf-8") + made, encoding="utf-8")
    industry = reader.load(lean).industry_by_id["made-up"]
    assert (industry.name, industry.name_en, industry.source) == (
        "011",
        "no",
        "2022-01-23 10:00:00",
    )
    assert list(industry.chapters) == words


# -- closed, frozen, strict --------------------------------------------------------------------

MODELS = [
    model
    for model in vars(models).values()
    if isinstance(model, type) and issubclass(model, models.Record)
]


def test_there_are_models():
    assert len(MODELS) > 10


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_refuses_an_unknown_key(model):
    with pytest.raises(ValidationError) as caught:
        model.model_validate_json('{"surprise": 1}')
    assert ("extra_forbidden", ("surprise",)) in [
        (e["type"], e["loc"]) for e in caught.value.errors()
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_is_frozen_and_strict(model):
    assert model.model_config["frozen"]
    assert model.model_config["strict"]


def test_records_cannot_be_changed(records):
    with pytest.raises(ValidationError):
        records.documents[0].title = "另一个"


# -- the digest, and the folder ----------------------------------------------------------------


def test_the_digest_ignores_line_ends_place_and_other_files(data_copy):
    before = reader.digest(data_copy)
    assert before == reader.digest(reader.PACKAGE_FOLDER)
    for path in data_copy.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (data_copy / "notes.txt").write_text("read me", encoding="utf-8")
    assert reader.digest(data_copy) == before


def test_the_digest_changes_with_any_file(lean):
    digests = {reader.digest(lean)}
    for file in FILES:
        (lean / file).write_bytes((lean / file).read_bytes() + b" ")
        digests.add(reader.digest(lean))
    assert len(digests) == 1 + len(FILES)


def test_the_digest_changes_with_a_new_name_or_file(lean):
    digests = {reader.digest(lean)}
    (lean / PLAN).rename(lean / "plans" / "x.yaml")
    digests.add(reader.digest(lean))
    supply(lean)
    digests.add(reader.digest(lean))
    assert len(digests) == 3


def test_jitu_data_chooses_the_folder(lean, monkeypatch):
    monkeypatch.delenv("JITU_DATA", raising=False)
    assert reader.data_folder() == reader.PACKAGE_FOLDER
    edit(lean, "atlas.yaml", "title: 冀图", "title: 另图")
    monkeypatch.setenv("JITU_DATA", str(lean))
    assert reader.data_folder() == lean.resolve()
    assert reader.load().atlas.title.startswith("另图")


def test_the_data_version_names_version_date_and_digest(records):
    version = records.data_version
    assert version.startswith(f"{records.atlas.version} ({records.atlas.date}, ")
    assert records.digest[:12] in version
