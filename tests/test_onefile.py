"""The one-file export: what is in it, and what it does in a browser that has no network.

The rules that the file applies in JavaScript are compared with those of the page in Python, for
any view and any point: page and file must never drift apart.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import DESK, HUAILAI_CORE, PHONE
from playwright.sync_api import Locator, Page, expect

from data import reader as data_library
from layers.catalogue import KINDS, build_atlas
from layers.formats.onefile import html
from layers.reading.details import describe_feature, feature_row, features_at_point
from layers.reading.summary import summarise
from layers.reading.view import SHOWN_FIRST, View, select
from layers.shared.figures import THOUSAND_YI
from layers.web.empty_map import SCRIPTS
from layers.web.scene import scene

LIMIT = 2 * 1024 * 1024  # bytes
HUAILAI = (115.52, 40.41)  # longitude, latitude
EVIL = "<img src=x onerror=alert(1)>${alert(2)}{{7*7}}</script><script>alert(3)</script><!--"
EVERYTHING = View(2025, layers=tuple(KINDS))


@pytest.fixture(scope="module")
def everything(atlas) -> bytes:
    """All layers, without any filter."""
    return html(atlas, list(KINDS), EVERYTHING)


# -- the file ----------------------------------------------------------------------------------


class Reader(HTMLParser):
    """Collects a file's elements, scripts and data as a browser would see them."""

    def __init__(self, file: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.now: str | None = None
        self.inside: dict[str, list[str]] = {"script": [], "style": [], "title": []}
        self.feed(file.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.inside:
            self.inside[tag].append("")
            self.now = tag

    def handle_endtag(self, tag: str) -> None:
        self.now = None if tag == self.now else self.now

    def handle_data(self, data: str) -> None:
        if self.now:
            self.inside[self.now][-1] += data

    @property
    def scripts(self) -> list[str]:
        kinds = [attrs.get("type") for tag, attrs in self.tags if tag == "script"]
        return [s for s, kind in zip(self.inside["script"], kinds, strict=True) if kind is None]

    @property
    def policy(self) -> str:
        (policy,) = [a["content"] for t, a in self.tags if t == "meta" and "http-equiv" in a]
        return str(policy)

    @property
    def data(self) -> dict[str, Any]:
        kinds = [attrs.get("type") for tag, attrs in self.tags if tag == "script"]
        return json.loads(self.inside["script"][kinds.index("application/json")])


def test_all_of_hebei_is_small_enough_for_a_mail(everything):
    assert len(everything) <= LIMIT


def test_the_file_refers_to_nothing_outside(everything):
    seen = Reader(everything)
    for tag, attrs in seen.tags:
        assert not set(attrs) & {"src", "srcset", "action", "background", "poster"}, tag
        assert not [name for name in attrs if name.startswith("on")], tag
        assert attrs.get("href", "data:,") == "data:,", tag
    for text in (*seen.scripts, *seen.inside["style"]):
        assert "@import" not in text
        assert "sourceMappingURL" not in text


def test_the_policy_allows_these_scripts_and_no_request(everything):
    seen = Reader(everything)
    rules = dict(rule.split(" ", 1) for rule in seen.policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert set(rules) == {
        "default-src", "script-src", "style-src", "img-src", "base-uri", "form-action",
    }  # fmt: skip
    digests = [hashlib.sha256(s.encode("utf-8")).digest() for s in seen.scripts]
    allowed = [f"'sha256-{base64.b64encode(d).decode()}'" for d in digests]
    assert rules["script-src"].split() == allowed
    assert len(seen.scripts) == len(SCRIPTS) + 2  # the file's own, and folium's


def test_the_libraries_licences_travel_with_them(everything):
    scripts = Reader(everything).scripts
    assert "BSD 2-Clause License" in scripts[0]
    assert "Copyright (c) 2010-2023, Volodymyr Agafonkin" in scripts[0]
    assert "Copyright 2012-2019 Michael Bostock" in scripts[1]


@settings(max_examples=10)
@given(data=st.data())
def test_the_file_holds_what_the_view_shows_and_no_more(atlas, views, data):
    view = data.draw(views)
    wanted = {layer: set(select(atlas, layer, view)["id"]) for layer in view.layers}
    for year in atlas.records.atlas.years:  # the year can be changed in the file
        if "targets" in wanted:
            wanted["targets"] |= set(select(atlas, "targets", replace(view, year=year))["id"])
    if not any(wanted.values()):
        with pytest.raises(ValueError, match=f"nothing to export.*{view.year}年"):
            html(atlas, view.layers, view)
        return
    held = Reader(html(atlas, view.layers, view)).data
    assert [layer["id"] for layer in held["layers"]] == list(view.layers)
    for layer, ids in wanted.items():
        assert {f["id"] for f in held["features"] if f["layer"] == layer} == ids
    ids = set().union(*wanted.values())
    drawn = {f["id"] for f in held["scene"]["features"]}
    assert drawn <= ids
    assert {f["layer"] for f in held["features"]} <= set(view.layers)
    keys = {key for f in held["scene"]["features"] for key in f["keys"]}
    assert {item["key"] for group in held["scene"]["legend"] for item in group["items"]} <= keys


def test_what_is_filtered_out_is_not_in_the_file(atlas):
    made = html(atlas, ["clusters", "layout"], View(2025, industries=("it",), cities=("130700",)))
    text = json.dumps(Reader(made).data, ensure_ascii=False)
    assert "张家口大数据" in text
    for absent in ("石家庄生物医药", "沿海临港产业带", "基地与园区"):
        assert absent not in text


def test_the_file_holds_the_layout_sheets_shapes_and_styles(atlas, everything):
    held = Reader(everything).data["scene"]
    shapes = {f["id"]: f["layout_diagram"] for f in held["features"] if f.get("layout_diagram")}
    told = {
        f["id"]: f["layout_diagram"] for f in scene(atlas)["features"] if f.get("layout_diagram")
    }
    assert shapes == json.loads(json.dumps(told))
    assert set(shapes) == set(atlas.frames["layout"]["id"])
    assert {s["style"] for s in shapes.values()} - {None} <= set(held["styles"])
    without = Reader(html(atlas, ["clusters"], View(2025))).data["scene"]
    assert not any(f.get("layout_diagram") for f in without["features"])
    assert not [name for name in without["styles"] if name.startswith("planned-")]


def test_the_file_says_what_it_is(atlas, records):
    view = View(2027, industries=("it",), cities=("130700",))
    seen = Reader(html(atlas, SHOWN_FIRST, view))
    about = seen.data["about"]
    assert about["filter"]["year"] == 2027
    assert about["filter"]["industries"] == ["it"]
    assert about["filter"]["cities"] == ["130700"]
    assert about["data_version"] == records.data_version
    assert about["attribution"] == records.atlas.attribution
    assert about["disclaimer"] == records.atlas.disclaimer
    assert any("行动方案（2023-2027年）》（节选" in citation for citation in about["citations"])
    assert about["counts"]["clusters"] == "共 1 项，上图 1 项"
    (title,) = seen.inside["title"]
    for said in ("2027年", "新一代信息技术", "张家口市"):
        assert said in title


def test_an_empty_view_is_refused(atlas):
    view = View(2025, industries=("biology",), cities=("133100",))
    with pytest.raises(ValueError, match=r"nothing to export: .*2025年、生物、雄安新区"):
        html(atlas, ["clusters", "clusters-core"], view)


@pytest.mark.parametrize("layer", KINDS)
def test_the_tables_columns_are_told_of_the_layer(atlas, layer):
    rows = atlas.frames[layer].to_dict("records")
    told = {label for row in rows for label, _ in describe_feature(atlas, row).facts}
    assert set(KINDS[layer].summary_facts) <= told


# -- in a browser without network --------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(browser, tmp_path_factory) -> Iterator[Callable[..., Page]]:
    """Open a file by double-click, as it were; any request or error fails the test in the end."""
    folder = tmp_path_factory.mktemp("files")
    wrong: list[str] = []
    contexts = []

    def open_file(content: bytes, viewport: dict[str, int] = DESK) -> Page:
        path = folder / f"冀图 {len(contexts)}.html"
        path.write_bytes(content)
        context = browser.new_context(viewport=viewport, locale="zh-CN", offline=True)
        contexts.append(context)
        context.set_default_timeout(30_000)
        context.on("request", lambda r: r.url != path.as_uri() and wrong.append(r.url))
        context.on("console", lambda m: m.type in ("error", "warning") and wrong.append(m.text))
        context.on("weberror", lambda e: wrong.append(str(e.error)))
        context.on("dialog", lambda d: (wrong.append(d.message), d.dismiss()))
        page = context.new_page()
        page.goto(path.as_uri())
        page.wait_for_function("JituMap.maps.length && JituMap.maps[0].state().labels > 0")
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def whole(opened, everything) -> Page:
    """The file with all layers; the tests that share it set all filters themselves."""
    return opened(everything)


@pytest.fixture(scope="module")
def first(atlas) -> bytes:
    """What a new view of the page shows."""
    return html(atlas, SHOWN_FIRST, View(2025))


def choose(page: Page, view: View) -> None:
    """Set year, filters and layers by clicking what is not yet as wanted."""
    wanted = {
        "year": [str(view.year)],
        "industry": view.industries,
        "tier": view.tiers,
        "city": view.cities,
        "layers": view.layers,
    }
    page.evaluate(
        """(wanted) => Object.entries(wanted).forEach(([name, values]) =>
            document.querySelectorAll(`input[name=${name}]`).forEach((input) => {
                if (input.checked !== values.includes(input.value)
                    && (input.type !== "radio" || !input.checked)) input.click();
            }))""",
        wanted,
    )


def state(page: Page) -> dict[str, Any]:
    return page.evaluate("JituFile.state()")


def offered(page: Page, name: str) -> set[str]:
    return set(page.evaluate("n => [...document.getElementsByName(n)].map(i => i.value)", name))


def click_map(page: Page, lon: float, lat: float) -> None:
    at = "([lon, lat]) => { const p = map_jitu.latLngToContainerPoint([lat, lon]); return p; }"
    page.locator(".leaflet-container").click(position=page.evaluate(at, [lon, lat]))


@pytest.mark.browser
@settings(max_examples=20)
@given(data=st.data())
def test_the_file_filters_as_the_page_does(atlas, views, whole, data):
    view = data.draw(views)
    # Only what occurs in the file can be chosen in it: another value would leave nothing.
    view = replace(
        view,
        industries=tuple(i for i in view.industries if i in offered(whole, "industry")),
        cities=tuple(i for i in view.cities if i in offered(whole, "city")),
    )
    choose(whole, view)
    now = state(whole)
    assert now["year"] == view.year
    assert set(now["layers"]) == set(view.layers)
    for layer in KINDS:
        assert now["shown"][layer] == list(select(atlas, layer, view)["id"]), layer
    drawn = whole.evaluate("JituMap.maps[0].state().shown")
    for layer in view.layers:
        rows = select(atlas, layer, view)
        assert drawn.get(layer, 0) == int(rows.geometry.notna().sum()), layer
    assert set(drawn) <= set(view.layers)
    figures = summarise(atlas, view)
    total = f"{figures.revenue_yi:,} 亿元" if figures.revenue_yi is not None else "—"
    cells = whole.locator("#headline > div > dd:not(.note)").all_inner_texts()
    assert cells[:3] == [f"{figures.clusters} 个", total, f"{figures.at_least_thousand} 个"]
    notes = whole.locator("#headline .note").all_inner_texts()
    assert notes[0] == f"其中重点支持 {figures.key_clusters} 个"
    if figures.with_target:
        assert notes[1] == f"{figures.with_target} 个集群有目标"


@pytest.mark.browser
@settings(max_examples=20)
@given(data=st.data())
def test_a_point_finds_what_the_page_finds(atlas, whole, data):
    west, south, east, north = atlas.places.boundaries.counties.total_bounds
    lon, lat = data.draw(st.tuples(st.floats(west, east), st.floats(south, north)))
    view = replace(EVERYTHING, year=data.draw(st.sampled_from(atlas.records.atlas.years)))
    choose(whole, view)
    whole.evaluate(
        "([lon, lat]) => { map_jitu.fire('click', { latlng: L.latLng(lat, lon) }); }", [lon, lat]
    )
    assert set(state(whole)["found"]) == {f.id for f in features_at_point(atlas, view, lon, lat)}


@pytest.mark.browser
def test_a_narrowed_file_is_filtered_further(atlas, opened):
    layers = ("clusters", "clusters-core", "bases")
    page = opened(html(atlas, layers, View(2025, industries=("it",), layers=layers)))
    expect(page.locator("header")).to_contain_text("导出筛选：新一代信息技术")
    expect(page.locator("#about")).to_contain_text("产业集群：共 5 项，上图 5 项；")
    assert offered(page, "layers") == set(layers)
    choose(page, View(2025, cities=("130700",), layers=layers))
    both = View(2025, industries=("it",), cities=("130700",), layers=layers)
    for layer in layers:
        assert state(page)["shown"][layer] == list(select(atlas, layer, both)["id"])


@pytest.mark.browser
def test_which_clusters_pass_a_thousand_in_2027(atlas, opened, first):
    page = opened(first)
    page.get_by_role("radio", name="2027年", exact=True).check()
    clusters = select(atlas, "clusters", View(2027))
    passing = set(clusters[clusters["revenue_yi"] >= THOUSAND_YI]["name"])
    assert len(passing) == summarise(atlas, View(2027)).at_least_thousand > 0
    marked = page.locator("tbody tr", has=page.locator("td.now.passes")).locator("th")
    assert set(marked.all_inner_texts()) == passing
    line = page.locator(".passing").inner_text()
    assert f"2027年目标达 1,000 亿元及以上：{len(passing)} 个" in line
    assert set(line.split("　")[1].split("、")) == passing
    # They stand on top: the table is sorted by the year's target, what has none comes last.
    names = page.locator("tbody th").all_inner_texts()
    assert set(names[: len(passing)]) == passing
    order = clusters.set_index("name")["revenue_yi"][names]
    assert order.dropna().is_monotonic_decreasing
    assert order.isna().tolist() == sorted(order.isna())

    page.get_by_role("button", name="名称").click()
    expect(page.get_by_role("columnheader", name="名称")).to_have_attribute(
        "aria-sort", "ascending"
    )
    expect(page.get_by_role("button", name="名称")).to_be_focused()


@pytest.mark.browser
def test_filters_are_worked_by_hand_and_keyboard(atlas, opened, first):
    page = opened(first)
    page.locator("summary", has_text="全部产业").click()
    page.get_by_role("checkbox", name="新材料", exact=True).check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("checkbox", name="新材料", exact=True)).to_be_hidden()
    page.get_by_role("checkbox", name="重点培育", exact=True).focus()
    page.keyboard.press("Space")
    view = View(2025, industries=("materials",), tiers=("cultivated",))
    assert state(page)["shown"]["clusters"] == list(select(atlas, "clusters", view)["id"])
    expect(page.locator("#words")).to_contain_text("产业：新材料；集群层级：重点培育")
    expect(page.locator("#words")).to_contain_text("“产业”筛选不涉及一核两极四带、设区市、县级政区")

    page.locator("summary", has_text="全部城市").click()
    page.get_by_role("checkbox", name="雄安新区", exact=True).check()
    expect(page.locator("#words .empty")).to_contain_text("没有集群同时符合所选条件")
    expect(page.locator("#tables")).to_contain_text("产业集群没有符合所选条件的内容")
    page.get_by_role("button", name="清除筛选").click()
    expect(page.locator("#words .empty")).to_have_count(0)
    assert len(state(page)["shown"]["clusters"]) == len(atlas.frames["clusters"])
    page.get_by_role("checkbox", name="辐射区域", exact=True).uncheck()
    assert "clusters-radiation" not in page.evaluate("JituMap.maps[0].state().shown")


@pytest.mark.browser
def test_a_click_on_the_map_leads_to_details_with_their_source(atlas, opened, first):
    page = opened(first)
    click_map(page, *HUAILAI)
    expect(page.locator("#found legend")).to_contain_text("该处共 5 项")
    page.get_by_role("radio", name=re.compile("^核心承载区 怀来县")).check()
    told = describe_feature(atlas, feature_row(atlas, HUAILAI_CORE))
    details = page.locator("#details")
    expect(details).to_contain_text(told.source)
    expect(details).to_contain_text(told.status)
    for year, text in told.targets:
        expect(details).to_contain_text(f"{year}年 {text}")
    for label, text in told.facts:
        expect(details).to_contain_text(label)
        expect(details).to_contain_text(text)
    assert page.evaluate("JituMap.maps[0].state().selected") == [HUAILAI_CORE]


def layout_paths(page: Page) -> list[dict[str, str]]:
    """Fill, dashes and number of corners of what is drawn of the layout."""
    return page.eval_on_selector_all(
        ".leaflet-jitu-belts-pane path, .leaflet-jitu-units-pane path",
        """(all) => all.map((path) => ({
            fill: path.getAttribute("fill"),
            dash: path.getAttribute("stroke-dasharray"),
            corners: (path.getAttribute("d").match(/[ML]/g) || []).length,
        }))""",
    )


def swatches(legend: Locator) -> set[str | None]:
    """The fills of a legend's swatches."""
    found = legend.locator("rect").all()
    return {swatch.get_attribute("fill") for swatch in found}


@pytest.mark.browser
def test_the_switch_draws_the_layout_as_on_a_planners_sheet(atlas, opened, first):
    page = opened(first)
    switch, note = page.get_by_role("switch", name="规划图式"), page.locator(".jitu-note").first
    legend = page.locator(".jitu-legend-body")
    told = scene(atlas)
    planned = [f["layout_diagram"]["style"] for f in told["features"] if f.get("layout_diagram")]
    looks = [told["styles"][name] for name in planned if name]
    fills = {look["fill"] for look in looks}
    expect(switch).not_to_be_checked()
    expect(note).to_have_text("")
    exact = layout_paths(page)
    assert not fills & swatches(legend)

    switch.focus()
    page.keyboard.press("Space")
    expect(switch).to_be_checked()
    expect(note).to_have_text(told["text"]["sheet"])
    drawn = layout_paths(page)
    assert {(p["fill"], p["dash"]) for p in drawn} == {(k["fill"], k["dash"]) for k in looks}
    assert len(drawn) == len(looks) == 5  # four belts and the arrow of a wing
    assert max(p["corners"] for p in drawn) < max(p["corners"] for p in exact) / 2
    belts = {look["fill"] for name, look in told["styles"].items() if "planned-belt-" in name}
    assert belts <= swatches(legend)
    assert page.evaluate("JituMap.maps[0].state().sheet")

    page.get_by_role(
        "radio", name="2027年", exact=True
    ).check()  # it stays through other filter_options
    expect(switch).to_be_checked()
    assert layout_paths(page) == drawn
    page.get_by_role("checkbox", name="一核两极四带", exact=True).uncheck()
    expect(note).to_have_text("")
    page.get_by_role("checkbox", name="一核两极四带", exact=True).check()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(note).to_be_visible()
    assert belts <= swatches(page.locator(".sheet > .legend"))
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    switch.uncheck()
    assert layout_paths(page) == exact


@pytest.mark.browser
def test_a_file_without_the_layout_has_no_switch_to_its_sheet(atlas, opened):
    page = opened(html(atlas, ["clusters"], View(2025)))
    expect(page.get_by_role("checkbox", name="重点支持", exact=True)).to_have_count(1)
    expect(page.get_by_role("switch")).to_have_count(0)


@pytest.mark.browser
def test_search_finds_places_and_features(atlas, opened, everything):
    page = opened(everything)
    box = page.get_by_role("combobox", name="查找")
    box.fill("怀来")
    expect(page.get_by_role("option").first).to_contain_text("怀来县·张家口市")
    box.press("Enter")
    assert HUAILAI_CORE in state(page)["found"]

    box.fill("大数据产业")
    box.press("ArrowDown")
    box.press("ArrowUp")
    page.get_by_role("option", name="张家口大数据产业集群 产业集群", exact=True).click()
    assert state(page)["feature"] == "clusters:001-key-03"
    assert page.evaluate("JituMap.maps[0].state().selected") == ["clusters:001-key-03"]

    box.fill("雄安新区")
    page.get_by_role("option", name="雄安新区 城市", exact=True).click()
    here = View(2025, cities=("133100",))
    in_city = {
        i for layer, spec in KINDS.items() if "city" in spec.filters
        for i in select(atlas, layer, here)["id"]
    }  # fmt: skip
    assert set(state(page)["found"]) == in_city

    box.fill("没有这个地方")
    expect(page.locator("#hits")).to_contain_text("没有名称含“没有这个地方”的内容")


@pytest.mark.browser
def test_no_name_runs(data_copy, opened):
    plan = data_copy / "plans" / "001.yaml"
    text = plan.read_text(encoding="utf-8")
    for key in ("name", "short_name"):
        text, found = re.subn(
            rf"  {key}: 张家口大数据.*", lambda _, k=key: f"  {k}: '{EVIL}'", text
        )
        assert found == 1
    plan.write_text(text, encoding="utf-8")
    settings_file = data_copy / "atlas.yaml"
    info = settings_file.read_text(encoding="utf-8")
    settings_file.write_text(re.sub("title: .*", lambda _: f"title: '{EVIL}'", info), "utf-8")

    atlas = build_atlas(data_library.load(data_copy))
    page = opened(html(atlas, SHOWN_FIRST, View(2025)))
    expect(page.locator("h1")).to_have_text(EVIL)
    click_map(page, *HUAILAI)
    page.get_by_role("radio", name=re.compile("^产业集群")).check()
    expect(page.locator("#details h2")).to_have_text(EVIL)
    expect(page.locator("tbody th", has_text=EVIL)).to_have_count(1)
    page.get_by_role("combobox").fill("onerror")
    expect(page.get_by_role("option").first).to_contain_text(EVIL)
    assert page.locator("img").count() == 0


@pytest.mark.browser
def test_the_policy_stops_what_a_name_might_load(browser, tmp_path, first):
    path = tmp_path / "file.html"
    path.write_bytes(first)
    page = browser.new_page()
    page.goto(path.as_uri())
    blocked = page.evaluate(
        """() => new Promise((done) => {
            const seen = [];
            document.addEventListener("securitypolicyviolation", (event) => {
                seen.push(event.effectiveDirective);
                if (seen.length === 2) done(seen);
            });
            const image = document.createElement("img");
            image.src = "https://example.invalid/x.png";
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(image, script);
        })"""
    )
    assert sorted(blocked) == ["img-src", "script-src-elem"]
    assert page.evaluate("window.ran") is None
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("file", ["first", "everything"])
def test_a_phone_scrolls_one_way(opened, request, file):
    page = opened(request.getfixturevalue(file), PHONE)
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) == PHONE["width"]
    page.get_by_role("button", name="筛选与图层").click()
    page.locator("summary", has_text="全部产业").click()
    assert page.evaluate(width) == PHONE["width"]
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="查找").fill("张家口大数据")
    page.keyboard.press("Enter")
    expect(page.locator("#details h2")).to_be_in_viewport()
    assert page.evaluate(width) == PHONE["width"]


@pytest.mark.browser
def test_paper_has_the_map_the_legend_and_the_sources(opened, first):
    page = opened(first)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator(".sheet > .legend")).to_contain_text("所在县(区)示意")
    expect(page.locator("#about")).to_contain_text("行动方案")
    expect(page.locator("tbody tr").last).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".sheet > .legend")).to_have_count(0)
