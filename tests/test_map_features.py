"""The map's own features in a real browser: circles of targets, two maps, layout sheet, base map.

The base map is tested with a server that has a key of 天地图, which nothing may use before somebody
switches the base map on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pages import DESK, LIMIT, PHONE, Sheet, served
from playwright.sync_api import Locator, Page, Route, expect

from app.page.atlas_map import TIANDITU_KEY
from layers.formats.onefile import html
from layers.reading.drawings import drawings
from layers.reading.view import View
from layers.web import tianditu

pytestmark = pytest.mark.browser

KEY = "0123456789abcdef"
GROWTH = "?layer=growth,admin-cities"
LAYOUT = "?layer=layout,admin-cities"
TILE = '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256" fill="#cde"/></svg>'  # noqa: E501


def circles(page: Page) -> list[dict[str, Any]]:
    """What is drawn for each cluster with targets: fills from outside in, bold ring, star."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-jitu-circles-pane svg")].map((image) => {
            const all = [...image.querySelectorAll("circle")];
            const bold = all.filter((c) => c.getAttribute("fill") === "none");
            const radius = (c) => Number(c.getAttribute("r"));
            return {
                radii: all.filter((c) => !bold.includes(c)).map(radius),
                ring: bold.map(radius),
                star: image.querySelectorAll("path").length,
            };
        })"""
    )


# -- circles of targets ------------------------------------------------------------------------


def test_circles_follow_the_year(visit):
    page = visit(GROWTH)
    assert page.state()["shown"]["growth"] == 9
    for year, passing in ((2025, 6), (2027, 7), (2023, 3)):
        page.choose_year(year)
        page.until_shown(year=year)
        drawn = circles(page.page)
        assert len(drawn) == 9
        assert sum(one["star"] for one in drawn) == passing
        for one in drawn:
            assert one["radii"] == sorted(one["radii"], reverse=True)
            at = {2027: 0, 2025: 1, 2023: 2}[year]
            assert one["ring"] == [one["radii"][at]]


def test_circles_lie_beside_each_other(visit):
    page = visit(GROWTH)
    boxes = page.page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-jitu-circles-pane svg")].map((image) => {
            const { left, top, width } = image.getBoundingClientRect();
            return [left + width / 2, top + width / 2, width / 2 - 2];
        })"""
    )
    assert len(boxes) == 9
    for n, (x, y, r) in enumerate(boxes):
        for x2, y2, r2 in boxes[n + 1 :]:
            assert (x - x2) ** 2 + (y - y2) ** 2 >= (r + r2 - 1.5) ** 2


def test_a_label_of_circles_stands_for_the_cluster_s(visit):
    page = visit("?layer=clusters,growth")
    said = page.map.locator(".jitu-label").all_inner_texts()
    of = [text for text in said if text.replace("\n", "").startswith("张家口大数据")]
    assert [text.split("\n") for text in of] == [
        ["张家口大数据", "预计超1,200亿元", "+650亿元 +118.2%"]
    ]


# -- two maps ----------------------------------------------------------------------------------


def other_map(page: Sheet) -> Locator:
    page.until("JituMap.maps.length === 2 && JituMap.maps[1].state().labels > 0")
    return page.maps.nth(1)


def compare_with_2027(page: Sheet) -> None:
    page.page.get_by_role("button", name="显示方式").click()
    years = page.page.get_by_role("radiogroup", name="对比年")
    years.get_by_role("radio", name="2027年", exact=True).click()


# To a pixel, as Leaflet moves a map by whole pixels. While it zooms or glides it says so, but
# between the end of a drag and the glide there is a frame without a sign: so several are awaited.
TOGETHER = """() => {
    const [one, other] = JituMap.maps.map((map) => map.state().view);
    const pixel = 360 / (256 * 2 ** one.zoom);
    const alike = one.zoom === other.zoom
        && one.center.every((value, n) => Math.abs(value - other.center[n]) <= 1.5 * pixel);
    const moving = ".leaflet-zoom-anim, .leaflet-pan-anim, .leaflet-dragging";
    const seen = alike && !document.querySelector(moving) && JSON.stringify(one);
    const calm = seen && window.calm?.seen === seen ? window.calm.frames + 1 : 0;
    window.calm = { seen, frames: calm };
    return calm > 10;
}"""


def until_together(page: Sheet, moved: str = "true", before: Any = None) -> dict[str, Any]:
    """Wait until the first map has `moved` and both rest on the same view."""
    page.until(f"(({{ view }}) => {moved})(JituMap.maps[0].state())", before)
    page.until(f"({TOGETHER})()")
    return page.state()["view"]


def test_a_second_year_leaves_nothing_out_of_sight(visit):
    """The first map becomes half as wide: what nobody has moved shows all of the province again."""
    page = visit("?year=2025")
    compare_with_2027(page)
    other_map(page)
    until_together(page)
    for n in (0, 1):
        seen = page.page.evaluate("(n) => JituMap.maps[n].map.getBounds().toBBoxString()", n)
        west, south, east, north = (float(edge) for edge in seen.split(","))
        assert west < 113.4587, n
        assert south < 36.0463, n
        assert east > 119.8467, n
        assert north > 42.6147, n


def test_two_maps_show_two_years_and_move_together(visit):
    page = visit(f"{GROWTH}&year=2025&compare_year=2027")
    other = other_map(page)
    assert [f.locator(".jitu-badge").inner_text() for f in (page.map, other)] == [
        "2025年",
        "2027年",
    ]
    assert [page.state(n)["year"] for n in (0, 1)] == [2025, 2027]
    start = until_together(page)
    page.page.evaluate(
        """() => {
            window.moves = [0, 0];
            JituMap.maps.forEach(({ map }, n) => map.on("moveend", () => (window.moves[n] += 1)));
        }"""
    )
    for n in (0, 1):
        box = page.maps.nth(n).bounding_box()
        page.page.mouse.move(box["x"] + 200, box["y"] + 250)
        page.page.mouse.wheel(0, -240)
        zoomed = until_together(page, "view.zoom > arg", start["zoom"])
        page.page.mouse.down()
        page.page.mouse.move(box["x"] + 260, box["y"] + 300, steps=6)
        page.page.mouse.up()
        start = until_together(page, "String(view.center) !== String(arg)", zoomed["center"])
    # Nothing goes round in circles: once at rest, the maps stay at rest.
    moves = page.page.evaluate("window.moves")
    page.page.wait_for_timeout(1500)
    assert page.page.evaluate("window.moves") == moves


def test_two_maps_draw_the_same_things(visit):
    page = visit("?year=2025&compare_year=2027")
    other_map(page)
    until_together(page)
    page.until("new Set(JituMap.maps.map((map) => map.state().labels)).size === 1")
    counts = """() => [...document.querySelectorAll(".jitu-map")].map((map) =>
        ["path", ".jitu-symbol"].map((kind) => map.querySelectorAll(kind).length))"""
    one, two = page.page.evaluate(counts)
    assert one == two
    assert min(one) > 0
    assert page.state()["labels"] > 10


def test_the_second_map_joins_where_the_first_one_is(visit):
    page = visit(f"{GROWTH}&year=2025")
    page.page.evaluate("window.kept = JituMap.maps[0]")
    before = page.state()["view"]["zoom"]
    page.map.locator(".leaflet-control-zoom-in").click()
    page.until("JituMap.maps[0].state().view.zoom > arg", before)
    compare_with_2027(page)
    other_map(page)
    page.until("document.querySelector('.jitu-badge').textContent === '2025年'")
    assert until_together(page)["zoom"] > before
    assert page.page.evaluate("window.kept === JituMap.maps[0]")  # it was not made anew
    assert page.state()["loads"] == 2


def test_pages_do_not_move_each_other(visit):
    one, two = visit(GROWTH), visit(GROWTH)
    before = two.state()["view"]
    one.map.locator(".leaflet-control-zoom-in").click()
    one.until("JituMap.maps[0].state().view.zoom > arg", before["zoom"])
    two.page.wait_for_timeout(800)
    assert two.state()["view"] == before


def test_a_click_on_either_map_is_a_click(visit):
    page = visit("?year=2025&compare_year=2027")
    other_map(page)
    for n in (0, 1):
        before = page.query().get("at", "")
        page.maps.nth(n).click(position={"x": 230 + 20 * n, "y": 250})
        page.page.wait_for_function(
            "(before) => (new URLSearchParams(location.search).get('at') || '') !== before",
            arg=before,
            timeout=LIMIT,
        )
        page.settled()


# -- several sites at one place ----------------------------------------------------------------

SITES = "?layer=bases,projects"


def stacks(page: Page) -> list[int]:
    """The numbers that stand on the map, in falling order."""
    drawn = page.locator(".jitu-symbol[aria-expanded]").all()
    numbers = [int(one.text_content() or 0) for one in drawn]
    assert all(f" {n} " in (one.get_attribute("aria-label") or "")
               for n, one in zip(numbers, drawn, strict=True))  # fmt: skip
    return sorted(numbers, reverse=True)


def test_sites_at_one_place_are_counted_and_counted_anew(atlas, visit):
    page = visit(SITES)
    ends = [drawings(atlas)[i].drawing.symbol.at for layer in ("bases", "projects")
            for i in atlas.frames[layer]["id"]]  # fmt: skip
    expected = sorted((n for n in Counter(ends).values() if n > 1), reverse=True)
    assert stacks(page.page) == expected
    lone = page.page.locator(".leaflet-jitu-sites-pane .jitu-symbol:visible").count()
    assert lone == len(set(ends))
    page.choose("产业", "新材料")
    page.page.wait_for_function(
        "(n) => document.querySelectorAll('.jitu-symbol[aria-expanded]').length < n",
        arg=len(expected),
        timeout=LIMIT,
    )
    assert sum(stacks(page.page)) < sum(expected)


@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_a_stack_fans_out_and_a_site_of_it_is_chosen(atlas, visit, by):
    page = visit(SITES)
    stack = page.map.locator(".jitu-symbol[aria-expanded]").first
    number = int(stack.text_content() or 0)
    press(stack, by)
    expect(stack).to_have_attribute("aria-expanded", "true")
    fan = page.map.locator(".jitu-symbol.leaflet-interactive:not([aria-expanded])")
    expect(fan).to_have_count(number)
    names = {one.get_attribute("aria-label") for one in fan.all()}
    assert names <= {*atlas.frames["bases"]["name"], *atlas.frames["projects"]["name"]}
    page.settled()
    press(fan.first, by)
    expect(fan.first).to_have_attribute("aria-pressed", "true")
    expect(page.details).to_contain_text(fan.first.get_attribute("aria-label") or "")
    page.page.keyboard.press("Escape")
    if by == "keyboard":
        expect(fan).to_have_count(0)
        expect(stack).to_have_attribute("aria-expanded", "false")


def press(button: Locator, by: str) -> None:
    if by == "pointer":
        button.click()
    else:
        button.focus()
        button.press("Enter")


# -- the layout sheet --------------------------------------------------------------------------


def test_the_layout_sheet_takes_the_place_of_exact_polygons(visit):
    page = visit(LAYOUT)
    paths = "document.querySelectorAll('.leaflet-jitu-belts-pane path').length"
    exact = page.page.evaluate("document.querySelector('.leaflet-jitu-belts-pane path').outerHTML")
    assert page.page.evaluate(paths) == 4
    assert page.map.locator(".jitu-note").first.inner_text() == ""
    page.page.goto(f"{page.address}{LAYOUT}&layout_diagram=1")
    page.ready()
    page.until("JituMap.maps[0].state().sheet")
    assert page.page.evaluate(paths) == 4
    now = page.page.evaluate("document.querySelector('.leaflet-jitu-belts-pane path').outerHTML")
    assert now != exact
    assert len(now) < len(exact) / 2  # a band has few corners, cities have many
    units = "document.querySelectorAll('.leaflet-jitu-units-pane path').length"
    assert page.page.evaluate(units) == 1  # the arrow of a wing; core and poles are symbols
    assert "不表示范围" in page.map.locator(".jitu-note").first.inner_text()
    dashes = page.page.eval_on_selector_all(
        ".leaflet-jitu-belts-pane path, .leaflet-jitu-units-pane path",
        "(all) => all.map((path) => path.getAttribute('stroke-dasharray'))",
    )
    assert all(dashes)
    assert page.state()["shown"]["layout"] == 9


def test_the_note_stands_aside_without_the_layout(visit):
    page = visit("?layer=admin-cities&layout_diagram=1")
    assert page.map.locator(".jitu-note").first.inner_text() == ""


# -- the view ----------------------------------------------------------------------------------


def test_on_a_phone_the_province_stands_above_the_notes(visit):
    page = visit("?layer=admin-cities", viewport=PHONE)
    foot, notes = page.page.evaluate(
        """() => [
            Math.max(...[...document.querySelectorAll(".leaflet-jitu-admin-pane path")]
                .map((path) => path.getBoundingClientRect().bottom)),
            document.querySelector(".leaflet-control-attribution").getBoundingClientRect().top,
        ]"""
    )
    assert foot <= notes


# -- the base map ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address_with_key(jitu, environment, elsewhere, browser) -> Iterator[str]:
    """The address of a page whose server has a key."""
    assert browser
    with served(jitu, {**environment, TIANDITU_KEY: KEY}, elsewhere) as host:
        yield host


@pytest.fixture
def tiles(browser, address_with_key) -> Iterator[Callable[..., tuple[Sheet, list[str]]]]:
    """Open the page where 天地图 is answered by the test; return all requests that leave."""
    contexts = []

    def open_page(query: str, tile: str = TILE) -> tuple[Sheet, list[str]]:
        context = browser.new_context(viewport=DESK, locale="zh-CN")
        contexts.append(context)
        context.set_default_timeout(LIMIT)
        left: list[str] = []

        def answer(route: Route) -> None:
            host = urlsplit(route.request.url).hostname
            if host == "localhost":
                route.fallback()
            else:
                left.append(route.request.url)
                route.fulfill(status=200, content_type="image/svg+xml", body=tile)

        context.route("**/*", answer)
        return Sheet(context.new_page(), address_with_key).open(query), left

    yield open_page
    for context in contexts:
        context.close()


def fills(page: Sheet) -> int:
    """The filled shapes of the map's own ground."""
    return page.page.evaluate(
        "[...document.querySelectorAll('.leaflet-jitu-base-pane path')]"
        ".filter((path) => path.getAttribute('fill') !== 'none').length"
    )


def test_the_base_map_asks_tianditu_alone_and_only_while_it_is_on(tiles):
    page, left = tiles("?layer=admin-cities")
    assert left == []
    assert fills(page) > 5
    assert "tianditu" not in page.page.content()
    page.page.get_by_role("button", name="显示方式").click()
    switch = page.page.locator("label", has_text="天地图底图")
    switch.click()
    page.until("JituMap.maps[0].state().basemap")
    page.until(
        "((all) => all.length > 8 && all.every((image) => image.complete))"
        "([...document.querySelectorAll('.leaflet-jitu-tiles-pane img')])"
    )
    assert fills(page) == 0
    notes = page.map.locator(".leaflet-control-attribution")
    expect(notes).to_contain_text("审图号")
    for url in left:
        parts = urlsplit(url)
        assert re.fullmatch(r"t[0-7]\.tianditu\.gov\.cn", parts.hostname), url
        assert parts.scheme == "https"
        assert parts.path in ("/vec_w/wmts", "/cva_w/wmts")
        assert parse_qs(parts.query)["tk"] == [KEY]
    assert {urlsplit(url).path for url in left} == {"/vec_w/wmts", "/cva_w/wmts"}
    switch.click()
    page.until("!JituMap.maps[0].state().basemap")
    page.until("document.querySelectorAll('.leaflet-jitu-tiles-pane img').length === 0")
    expect(notes).not_to_contain_text("审图号")
    assert fills(page) > 5
    asked, zoom = len(left), page.state()["view"]["zoom"]
    page.map.locator(".leaflet-control-zoom-in").click()
    page.until("JituMap.maps[0].state().view.zoom > arg", zoom)
    page.page.wait_for_timeout(1500)
    assert len(left) == asked


def test_a_base_map_that_does_not_answer_is_told(tiles):
    page, left = tiles("?layer=admin-cities&basemap=1", tile="no image")
    note = page.map.locator(".jitu-note").last
    expect(note).to_have_text("天地图没有应答，请检查网络与密钥")
    assert left
    page.page.get_by_role("button", name="显示方式").click()
    page.page.locator("label", has_text="天地图底图").click()
    expect(note).to_have_text("")


def test_no_file_holds_the_key_or_asks_for_tiles(atlas, monkeypatch):
    monkeypatch.setenv(TIANDITU_KEY, KEY)
    file = html(atlas, ["clusters", "layout"], View(2025)).decode("utf-8")
    assert KEY not in file
    assert "tianditu.gov.cn" not in file


def test_a_key_is_a_part_of_an_address_and_nothing_else():
    for tile in tianditu.tianditu("a b&c=d#e")["tiles"]:
        assert tile.endswith("&tk=a%20b%26c%3Dd%23e")
