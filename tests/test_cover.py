"""The cover of the page: what it says, what it becomes, and that nothing moves meanwhile."""

from __future__ import annotations

import json
import re

import pytest
from pages import DESK, FIRST, HUAILAI, PHONE, Line, Sheet
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from test_page import message, opened, sent

from app.page import frame, language
from app.page.assets import STATIC
from app.serving import cover
from app.serving.html_shell import html_shell
from data import reader as data_library


@pytest.fixture
def built(monkeypatch):
    """The page has been looked at, by somebody, with the project's own data."""
    monkeypatch.delenv("JITU_DATA", raising=False)
    return opened()


def told(query: str) -> dict:
    """What the map on the cover is told."""
    (message,) = re.findall(r"map\.cover\((.*?)\);</script>", html_shell(query))
    return json.loads(message)


def body(query: str) -> str:
    return html_shell(query).partition('<div id="jitu-cover"')[2]


# -- what it says ------------------------------------------------------------------------------


def test_before_anybody_has_looked_there_is_no_cover(monkeypatch):
    monkeypatch.setattr(frame, "_built", {})
    assert cover.cover({}) is None
    assert "jitu-cover" not in html_shell("")


@pytest.mark.usefixtures("built")
def test_of_other_data_there_is_no_cover(monkeypatch):
    assert cover.cover({}) is not None
    monkeypatch.setattr(data_library, "digest", lambda _: "of data that was edited since")
    assert cover.cover({}) is None


@pytest.mark.parametrize(
    "query",
    [
        *("industry=energy", "city=130700", "county=130730", "tier=key"),
        *("compare_year=2023", "year=1999", "a=b"),
    ],
)
@pytest.mark.usefixtures("built")
def test_what_the_page_would_say_otherwise_has_no_cover(query):
    assert "jitu-cover" not in html_shell(query)


@pytest.mark.parametrize(
    "address",
    [
        {},
        {"year": "2027", "layer": "clusters,growth"},
        {"lang": "en"},
        {"feature": "clusters:001-key-03"},
        {"profile": "view:key", "layout_diagram": "1"},
        {"at": "115.52000,40.41000"},
    ],
)
@pytest.mark.usefixtures("built")
def test_the_cover_says_what_the_page_will_say(address):
    query = "&".join(f"{name}={value}" for name, value in address.items())
    at = opened(**address)
    found = body(query)
    assert sent(at, "header") in found
    assert sent(at, "headline") in found
    expected = message(at)
    assert expected.pop("module") in html_shell(query)
    assert told(query) == expected


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("name", ["feature", "profile", "at", "lang", "year", "</script><b>"])
def test_nothing_of_an_address_gets_into_the_document(name):
    found = html_shell(f"{name}=%22%3E</script><b>evil")
    assert "evil" not in found
    assert "</script><b>" not in found


@pytest.mark.usefixtures("built")
def test_without_the_data_s_folder_there_is_a_document(monkeypatch, tmp_path):
    """The page is there to say what is wrong."""
    monkeypatch.setenv("JITU_DATA", str(tmp_path / "gone"))
    assert "jitu-cover" not in html_shell("")

    def unreadable(_):
        raise PermissionError

    monkeypatch.setattr(data_library, "digest", unreadable)
    assert "jitu-cover" not in html_shell("")


@pytest.mark.usefixtures("built")
def test_the_cover_offers_what_the_bar_offers():
    at = opened(lang="en")
    found = body("lang=en")
    options = [label for key in ("tiers", "layers") for label in at.button_group(key=key).options]
    items = re.findall(r'<li class="\w*">(.*?)</li>', found)
    shown = [re.sub("<[^>]+>", "", item) for item in items]
    assert [option for option in options if option not in shown] == []
    assert re.findall(r'"chosen">(?:<[^>]+>)?(\d{4}|English)', found) == ["English", "2027"]


@pytest.mark.usefixtures("built")
def test_the_files_of_the_cover_are_there():
    named = re.findall(r'"\./app/static/(atlas/[\w.-]+)"', html_shell(""))
    assert len(set(named)) == 3
    assert all((STATIC / name).is_file() for name in named)


@pytest.mark.usefixtures("built")
def test_a_cover_for_one_language_is_not_one_for_the_other():
    chinese, english = html_shell(""), html_shell("lang=en")
    assert language.TAGS[language.ENGLISH] in english
    assert "目标年" in chinese.partition("jitu-cover")[2]
    assert "目标年" not in english.partition("jitu-cover")[2]


# -- in a browser ------------------------------------------------------------------------------

PLACE = """() => {
    const { x, y, width, height } = document.querySelector(".jitu-map").getBoundingClientRect();
    return [x, y, width, height].map(Math.round);
}"""
# From now on: changes of the map, and where it lies in every frame.
WATCH = """() => {
    const map = document.querySelector(".jitu-map");
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    window.watched = { map, changes: 0, places: new Set() };
    new MutationObserver((records) => (watched.changes += records.length)).observe(map, all);
    const note = () => {
        const { x, y, width, height } = map.getBoundingClientRect();
        watched.places.add(JSON.stringify([x, y, width, height].map(Math.round)));
        requestAnimationFrame(note);
    };
    note();
}"""


@pytest.fixture
def covered(visit):
    """Open the page, which a planner looked at before, and hold it while the cover is there."""

    def open_page(query: str = "", viewport: dict[str, int] = DESK) -> tuple[Sheet, Line]:
        sheet = visit(query, viewport)
        line = Line(sheet)
        line.hold()
        sheet.page.reload()
        expect(sheet.page.locator("#jitu-cover")).to_be_visible()
        sheet.until("window.JituMap && JituMap.maps.length && JituMap.maps[0].state().labels > 0")
        return sheet, line

    return open_page


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("", DESK),
        ("", PHONE),
        ("", {"width": 1024, "height": 768}),
        ("", {"width": 1920, "height": 1080}),
        ("?lang=en", {"width": 1280, "height": 720}),
        ("?lang=en", PHONE),
        ("?year=2027&layer=clusters%2Cgrowth&feature=clusters%3A001-key-03", DESK),
    ],
)
def test_the_map_on_the_cover_is_the_pages(covered, query, size):
    """It is not drawn again, and does not move by a pixel, when the page is there."""
    sheet, line = covered(query, size)
    shown, view = sheet.state()["shown"], sheet.state()["view"]
    place = sheet.page.evaluate(PLACE)
    sheet.page.evaluate(WATCH)
    line.release()
    sheet.ready()
    assert sheet.page.evaluate(
        "JituMap.maps.length === 1 && watched.map === JituMap.maps[0].element"
    )
    assert sheet.page.evaluate("watched.map === document.querySelector('.jitu-map')")
    assert sheet.page.evaluate("watched.changes") == 0
    assert sheet.page.evaluate("[...watched.places].map(JSON.parse)") == [place]
    assert (sheet.state()["shown"], sheet.state()["view"]) == (shown, view)


PIXEL_AT_ZOOM_8 = 360 / 256 / 2**8  # degrees of longitude


@pytest.mark.browser
def test_a_map_moved_on_the_cover_stays_where_it_is(covered):
    sheet, line = covered()
    assert sheet.state()["shown"] == FIRST
    sheet.map.hover()
    sheet.page.mouse.wheel(0, -240)
    sheet.until("JituMap.maps[0].state().view.zoom > arg", 6.9)
    sheet.page.wait_for_timeout(500)  # the zoom's animation
    before = sheet.state()["view"]
    line.release()
    sheet.ready()
    view = sheet.state()["view"]
    assert view["zoom"] == before["zoom"]
    # Leaflet computes the middle of a map that was laid elsewhere from whole pixels.
    assert view["center"] == pytest.approx(before["center"], abs=PIXEL_AT_ZOOM_8 / 2)
    sheet.choose_year(2025)
    sheet.until_shown(year=2025, view=view)


@pytest.mark.browser
def test_a_click_on_the_cover_is_answered_when_the_page_is_there(covered):
    sheet, line = covered()
    sheet.click_map(HUAILAI)
    line.release()
    sheet.ready()
    sheet.page.get_by_text("该处共").wait_for()


@pytest.mark.browser
def test_a_page_that_does_not_come_is_not_hidden_for_long(covered):
    sheet, _ = covered()
    of = "document.querySelector('#jitu-cover').getAnimations()[0]"
    sheet.page.evaluate(f"{of}.currentTime = 59_000")
    expect(sheet.page.locator("#jitu-cover")).to_be_visible()
    sheet.page.evaluate(f"{of}.currentTime = 60_000")
    expect(sheet.page.locator("#jitu-cover")).to_be_hidden()


@pytest.mark.browser
def test_a_page_without_a_map_loses_its_cover(covered):
    """Its script ends, say by a fault, before it has come to the map."""
    sheet, line = covered()
    line.release(but=is_map)
    expect(sheet.page.locator("#jitu-cover")).to_have_count(0)
    expect(sheet.headline).to_be_visible()


def is_map(data: bytes) -> bool:
    element = ForwardMsg.FromString(data).delta.new_element
    return element.bidi_component.component_name == "jitu_map"


# Let an element of the test's own take the map, as if the page had just got it.
TAKE = r"""async (scene) => {
    const files = [...document.querySelectorAll("link")].map((link) => link.href);
    const { cover } = await import(files.find((href) => href.includes("/cover.js")));
    window.place = document.body.appendChild(document.createElement("div"));
    window.taken = cover.take(scene || files.join().match(/atlas\/scene-\w+\.json/)[0], place);
}"""


@pytest.mark.browser
def test_the_map_moves_into_the_page_when_something_else_takes_the_cover_away(covered):
    """A notice may do so (start.js) before the map has moved."""
    sheet, _ = covered()
    sheet.page.evaluate(TAKE)
    assert sheet.page.evaluate("place.contains(taken.element)") is False
    sheet.page.evaluate("document.querySelector('#jitu-cover').remove()")
    sheet.until("place.contains(taken.element)")


@pytest.mark.browser
def test_a_map_that_was_closed_on_the_cover_does_not_move_into_the_page(covered):
    sheet, _ = covered()
    sheet.page.evaluate(TAKE)
    sheet.page.evaluate("taken.close(); taken.element.remove()")
    expect(sheet.page.locator("#jitu-cover")).to_have_count(0)
    assert sheet.page.evaluate("place.childElementCount") == 0


@pytest.mark.browser
def test_a_cover_of_another_state_of_the_data_gives_way(covered):
    """Between document and page the data may have been edited: the page draws its own map."""
    sheet, line = covered()
    sheet.page.evaluate(TAKE, "atlas/scene-of-other-data.json")
    assert sheet.page.evaluate("taken === null && JituMap.maps.length === 0")
    expect(sheet.page.locator("#jitu-cover")).to_have_count(0)
    line.release()
    sheet.ready()
    sheet.until_shown(shown=FIRST)
    assert sheet.state()["loads"] == 2
