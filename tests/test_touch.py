"""Fingers on the map: one scrolls the page, two are the map's; the mouse and its wheel."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from pages import HUAILAI, PHONE, Sheet
from playwright.sync_api import Page, expect

from layers.atlas import Atlas
from layers.formats.export import export
from layers.reading.view import View

pytestmark = pytest.mark.browser

HINT = "双指移动地图"
_STEPS = 12  # of a movement
Point = tuple[float, float]


class Fingers:
    """Fingers on a page, as a touch screen tells them to the browser."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._page = page

    def move(self, *ways: tuple[Point, Point]) -> None:
        """Put a finger on the first point of each way, move all together, and lift them."""
        self._tell("touchStart", [start for start, _ in ways])
        for step in range(1, _STEPS + 1):
            share = step / _STEPS
            self._tell(
                "touchMove",
                [(x + (u - x) * share, y + (v - y) * share) for (x, y), (u, v) in ways],
            )
            self._page.wait_for_timeout(20)
        self._tell("touchEnd", [])

    def tap(self, at: Point) -> None:
        self._tell("touchStart", [at])
        self._tell("touchEnd", [])

    def _tell(self, kind: str, points: list[Point]) -> None:
        touches = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def touched(page: Page) -> Fingers:
    """Give a page a touch screen: it is loaded anew, for Leaflet looks for one at its start."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5})
    page.reload()
    return Fingers(page)


@pytest.fixture
def phone(visit) -> tuple[Sheet, Fingers]:
    sheet = visit(viewport=PHONE)
    sheet.altered = True
    fingers = touched(sheet.page)
    return sheet.ready(), fingers


def middle(page: Page) -> Point:
    """The middle of that part of the map which is on the screen."""
    box = page.locator(".leaflet-container").first.bounding_box()
    assert box
    top, bottom = max(box["y"], 0), min(box["y"] + box["height"], PHONE["height"])
    return box["x"] + box["width"] / 2, (top + bottom) / 2


def stands(page: Page) -> float:
    """Where the map stands on the screen: less, once the page is scrolled down."""
    box = page.locator(".leaflet-container").first.bounding_box()
    assert box
    return box["y"]


def one_finger_scrolls(page: Page, fingers: Fingers, view: Callable[[], object]) -> None:
    x, y = middle(page)
    before, stood = view(), stands(page)
    expect(page.get_by_text(HINT)).to_be_hidden()
    fingers.move(((x, y), (x, y - 150)))
    page.wait_for_function(
        """(stood) => document.querySelector(".leaflet-container").getBoundingClientRect().y
            < stood - 80""",
        arg=stood,
    )
    expect(page.get_by_text(HINT)).to_be_visible()
    assert view() == before
    expect(page.get_by_text(HINT)).to_be_hidden()


def test_one_finger_scrolls_the_page_and_is_told_of_two(phone):
    sheet, fingers = phone
    one_finger_scrolls(sheet.page, fingers, lambda: sheet.state()["view"])


def test_two_fingers_move_the_map_and_leave_the_page(phone):
    sheet, fingers = phone
    before, stood = sheet.state()["view"], stands(sheet.page)
    x, y = middle(sheet.page)
    fingers.move(*(((x + dx, y), (x + dx, y - 100)) for dx in (-40, 40)))
    # What was in the middle goes up, so what is there now lies farther south.
    sheet.until("JituMap.maps[0].state().view.center[1] < arg - 0.3", before["center"][1])
    assert sheet.state()["view"]["zoom"] == before["zoom"]
    assert stands(sheet.page) == stood
    expect(sheet.page.get_by_text(HINT)).to_be_hidden()


def test_two_fingers_apart_zoom(phone):
    sheet, fingers = phone
    before, stood = sheet.state()["view"], stands(sheet.page)
    x, y = middle(sheet.page)
    fingers.move(*(((x, y + way * 30), (x, y + way * 90)) for way in (-1, 1)))
    sheet.until("JituMap.maps[0].state().view.zoom > arg + 1", before["zoom"])
    assert stands(sheet.page) == stood


def test_a_tap_opens_what_lies_there(phone):
    sheet, fingers = phone
    at = sheet.page.evaluate(
        """(at) => {
            const { map, element } = JituMap.maps[0];
            const { x, y } = map.latLngToContainerPoint(at);
            const box = element.getBoundingClientRect();
            return [box.x + x, box.y + y];
        }""",
        HUAILAI,
    )
    fingers.tap(at)
    choice = sheet.page.get_by_role("radio", name=re.compile("^核心承载区.*怀来县"))
    expect(choice).to_be_visible()
    assert "at" in sheet.query()


def test_the_mouse_drags_after_fingers_were_there(phone):
    sheet, fingers = phone
    x, y = middle(sheet.page)
    fingers.move(((x, y), (x, y - 40)))
    before = sheet.state()["view"]
    x, y = middle(sheet.page)
    sheet.page.mouse.move(x, y)
    sheet.page.mouse.down()
    sheet.page.mouse.move(x, y - 100, steps=5)
    sheet.page.mouse.up()
    sheet.until("JituMap.maps[0].state().view.center[1] < arg - 0.3", before["center"][1])


def test_the_one_file_map_leaves_one_finger_to_the_page(browser, atlas: Atlas, tmp_path):
    path = tmp_path / "atlas.html"
    path.write_bytes(export(atlas, ["clusters"], View(year=2025), "html").data)
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.wait_for_function("JituMap.maps[0].state().ready")
    page.locator(".leaflet-container").scroll_into_view_if_needed()
    one_finger_scrolls(page, Fingers(page), lambda: page.evaluate("JituMap.maps[0].state().view"))
    context.close()


def test_a_notch_of_the_wheel_is_about_half_a_level(visit):
    sheet = visit()
    zoom = sheet.state()["view"]["zoom"]
    sheet.map.hover()
    sheet.page.mouse.wheel(0, -50)  # as Leaflet counts a notch on Windows
    sheet.until("JituMap.maps[0].state().view.zoom > arg", zoom)
    assert sheet.state()["view"]["zoom"] == zoom + 0.5
