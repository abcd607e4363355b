"""The map answers the filter bar before the server does, by its rule; the server's word holds."""

from __future__ import annotations

import random

import pytest
from pages import FIRST, Line, Sheet

from layers.catalogue import KINDS
from layers.reading.query import filter_options
from layers.reading.view import View, ids
from layers.web.scene import message

pytestmark = pytest.mark.browser


def connected(sheet: Sheet) -> Line:
    """Return the line of a page that is loaded anew by it."""
    line = Line(sheet)
    sheet.page.reload()
    sheet.ready()
    return line


COUNT_CHANGES = """() => {
    window.changes = 0;
    const pane = document.querySelector(".leaflet-map-pane");
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver((records) => (window.changes += records.length)).observe(pane, all);
}"""


def test_the_map_does_not_wait_for_the_server(visit, atlas):
    sheet = visit()
    line = connected(sheet)
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
    line = connected(sheet)
    line.hold()
    sheet.choose_year(2025)
    sheet.until_shown(year=2025, shown=FIRST)
    sheet.switch("admin-counties")
    sheet.until_shown(year=2025, shown={k: v for k, v in FIRST.items() if k != "admin-counties"})
    line.release()
    layers = ",".join(layer for layer in FIRST if layer != "admin-counties")
    sheet.until_address(year="2025", layer=layers)
    sheet.until_shown(year=2025, shown={k: v for k, v in FIRST.items() if k != "admin-counties"})


def test_a_wrong_guess_gives_way(visit):
    sheet = visit()
    line = connected(sheet)
    sheet.page.evaluate("JituMap.maps[0].filter_options().year['2025年'] = '2023'")
    line.hold()
    sheet.choose_year(2025)
    sheet.until_shown(year=2023)
    line.release()
    sheet.until_shown(year=2025)


def test_a_guess_that_nobody_confirms_is_taken_back(visit):
    """Where the server's message is its last one again, Streamlit does not pass it on."""
    sheet = visit("?layer=admin-cities")
    line = connected(sheet)
    before = sheet.state()["shown"]
    sheet.page.evaluate("JituMap.maps[0].filter_options().layer['设区市'] = 'admin-counties'")
    line.hold()
    sheet.choose("产业", "新能源")  # says nothing about cities
    sheet.until_shown(shown={"admin-counties": 167})
    line.release()
    sheet.until_shown(shown=before)


def test_no_guess_is_made_of_what_is_not_understood(visit):
    sheet = visit()
    line = connected(sheet)
    sheet.page.evaluate("delete JituMap.maps[0].filter_options().year['2025年']")
    line.hold()
    sheet.choose_year(2025)
    sheet.page.wait_for_timeout(500)
    sheet.until_shown(year=2027)
    line.release()
    sheet.until_shown(year=2025)


def test_the_rule_is_the_server_s(visit, atlas):
    """For generated filter_options the page's rule keeps what `ids` keeps, of what can be drawn."""
    sheet = visit()
    offered = filter_options(atlas)
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
            layers=some("layer", len(KINDS)),
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
