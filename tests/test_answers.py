"""The map answers the filter bar before the server does, by its rule; the server's word holds."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pages import FIRST, Sheet
from playwright.sync_api import WebSocketRoute

from layers.catalogue import LAYERS
from layers.query import choices
from layers.scene import message
from layers.view import View, ids

pytestmark = pytest.mark.browser


class Line:
    """The connection between page and server, which can be held."""

    def __init__(self, sheet: Sheet) -> None:
        self.held = False
        self.waiting: list[Any] = []
        sheet.page.route_web_socket("**/_stcore/stream", self.connect)
        sheet.page.reload()
        sheet.ready()

    def connect(self, page: WebSocketRoute) -> None:
        self.page = page
        server = page.connect_to_server()
        page.on_message(server.send)
        server.on_message(self.message)

    def message(self, data: Any) -> None:
        if self.held:
            self.waiting.append(data)
        else:
            self.page.send(data)

    def hold(self) -> None:
        """Keep back what the server says from now on."""
        self.held = True

    def release(self) -> None:
        """Let the page have it, in its order."""
        while self.waiting:
            self.page.send(self.waiting.pop(0))
        self.held = False


COUNT_CHANGES = """() => {
    window.changes = 0;
    const pane = document.querySelector(".leaflet-map-pane");
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver((records) => (window.changes += records.length)).observe(pane, all);
}"""


def test_the_map_does_not_wait_for_the_server(visit, atlas):
    sheet = visit()
    line = Line(sheet)
    line.hold()
    sheet.choose("产业", "新能源")
    view = View(2025, industries=("energy",))
    shown = {layer: len(ids(atlas, layer, view)) for layer in view.layers}
    assert shown != FIRST
    sheet.until_shown(shown=shown)
    assert sheet.query() == {}
    sheet.page.wait_for_timeout(500)  # labels are laid out
    sheet.page.evaluate(COUNT_CHANGES)
    line.release()
    sheet.until_address(industry="energy")
    sheet.settled()
    sheet.page.wait_for_timeout(1000)
    assert sheet.page.evaluate("window.changes") == 0  # the message said nothing new


def test_quick_choices_are_answered_one_after_the_other(visit):
    sheet = visit()
    line = Line(sheet)
    line.hold()
    sheet.choose_year(2027)
    sheet.until_shown(year=2027, shown=FIRST)
    sheet.switch("admin-counties")
    sheet.until_shown(year=2027, shown={k: v for k, v in FIRST.items() if k != "admin-counties"})
    line.release()
    layers = ",".join(layer for layer in FIRST if layer != "admin-counties")
    sheet.until_address(year="2027", layer=layers)
    sheet.until_shown(year=2027, shown={k: v for k, v in FIRST.items() if k != "admin-counties"})


def test_a_wrong_guess_gives_way(visit):
    sheet = visit()
    line = Line(sheet)
    sheet.page.evaluate("JituMap.maps[0].choices().year['2027年'] = '2023'")
    line.hold()
    sheet.choose_year(2027)
    sheet.until_shown(year=2023)
    line.release()
    sheet.until_shown(year=2027)


def test_a_guess_that_nobody_confirms_is_taken_back(visit):
    """Where the server's message is its last one again, Streamlit does not pass it on."""
    sheet = visit("?layer=admin-cities")
    line = Line(sheet)
    before = sheet.state()["shown"]
    sheet.page.evaluate("JituMap.maps[0].choices().layer['设区市'] = 'admin-counties'")
    line.hold()
    sheet.choose("产业", "新能源")  # says nothing about cities
    sheet.until_shown(shown={"admin-counties": 167})
    line.release()
    sheet.until_shown(shown=before)


def test_no_guess_is_made_of_what_is_not_understood(visit):
    sheet = visit()
    line = Line(sheet)
    sheet.page.evaluate("delete JituMap.maps[0].choices().year['2027年']")
    line.hold()
    sheet.choose_year(2027)
    sheet.page.wait_for_timeout(500)
    sheet.until_shown(year=2025)
    line.release()
    sheet.until_shown(year=2027)


def test_the_rule_is_the_server_s(visit, atlas):
    """For generated choices the page's rule keeps what `ids` keeps, of what can be drawn."""
    sheet = visit()
    offered = choices(atlas)
    chance = random.Random(6)  # noqa: S311

    def some(parameter: str, most: int) -> tuple[str, ...]:
        values = list(offered[parameter])
        return tuple(chance.sample(values, chance.randint(0, min(most, len(values)))))

    views = [
        View(
            year=int(chance.choice(list(offered["year"]))),
            industries=some("industry", 3),
            tiers=some("tier", 2),
            cities=some("city", 3),
            layers=some("layer", len(LAYERS)),
            counties=some("county", 2) if chance.random() < 0.3 else (),
        )
        for _ in range(60)
    ]
    found = sheet.page.evaluate(
        """async (messages) => {
            const [map] = JituMap.maps;
            return messages.map((message) => (map.show(message), map.ids()));
        }""",
        [message(view) for view in views],
    )
    drawn = {
        layer: set(frame.loc[frame.geometry.notna(), "id"]) for layer, frame in atlas.frames.items()
    }
    for view, shown in zip(views, found, strict=True):
        kept = {i for layer in view.layers for i in set(ids(atlas, layer, view)) & drawn[layer]}
        assert set(shown) == kept, view
