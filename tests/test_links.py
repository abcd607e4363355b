"""Buttons in the page's HTML: they look at what they name, and Back returns."""

from __future__ import annotations

import re

import pytest
from pages import DESK, PHONE, Sheet
from playwright.sync_api import expect
from test_page import opened, sent

from app.page import links
from layers.kind import Citation

HUAILAI = "county:130730"
BIG_DATA = "clusters:001-key-03"


# -- as HTML -----------------------------------------------------------------------------------


def text(markup: str) -> str:
    return re.sub("<[^>]+>", "", markup)


def test_a_source_names_its_document_once(atlas):
    told = links.cited(
        atlas,
        [Citation("000", "甲"), Citation("003", "乙"), Citation("003", "丙"), Citation(None, "丁")],
    )
    assert text(told) == "《制造业规划（新兴产业报道）》甲；《战略性新兴产业规划》乙、丙；丁"
    assert re.findall('data-look="(.*?)"', told) == ["document:000", "document:003"]


def test_on_its_own_profile_a_document_goes_without_saying(atlas):
    sources = [Citation("003", "乙"), Citation("000", "甲")]
    assert text(links.cited(atlas, sources, within="003")) == "乙；《制造业规划（新兴产业报道）》甲"
    assert (
        text(links.cited(atlas, sources[:1], with_form=True)) == "《战略性新兴产业规划》（全文）乙"
    )


def test_a_key_is_escaped():
    assert '"><' not in links.button('x"><b>', "y")


@pytest.mark.parametrize(
    ("query", "element"),
    [
        ({}, "headline"),
        ({"profile": "view:clusters"}, "profile"),
        ({"profile": "view:counties", "year": "2027"}, "profile"),
        ({"profile": HUAILAI}, "profile"),
        ({"profile": "industry:it"}, "profile"),
        ({"profile": "document:003"}, "profile"),
        ({"feature": "bases:hl-big-data"}, "details"),
        ({"feature": BIG_DATA}, "details"),
    ],
)
def test_every_button_leads_somewhere(query, element):
    """What a button looks at, a link can look at: the page knows the key."""
    markup = sent(opened(**query), element)
    keys = set(re.findall('data-look="(.*?)"', markup))
    assert keys or "feature" in query
    for key in sorted(keys)[:4]:
        kind = "profile" if key.partition(":")[0] in ("view", "document") else "feature"
        at = opened(**{kind: key})
        assert not at.warning, key
        assert sent(at, "profile") + sent(at, "details"), key


# -- in a browser ------------------------------------------------------------------------------


def press(page: Sheet, name: str) -> None:
    page.settled()
    page.page.get_by_role("button", name=name).first.click()


@pytest.mark.browser
def test_from_a_figure_to_the_document_and_back(visit):
    page = visit()
    panel = page.page.locator(".st-key-panel")
    press(page, "预计达千亿元及以上 7 个")
    page.until_address(profile="view:thousand")
    expect(panel).to_contain_text("2027年预计达千亿元及以上的集群")
    page.until("JituMap.maps[0].state().selected.length === 7")
    press(page, "张家口大数据产业集群 预计超 1,200 亿元")
    page.until_address(feature=BIG_DATA)
    expect(page.details).to_contain_text("张家口大数据产业集群")
    press(page, "《融合集群行动方案》")
    page.until_address(profile="document:001")
    expect(panel).to_contain_text("规划文件")
    expect(panel).to_contain_text("节选")
    page.page.go_back()
    page.until_address(feature=BIG_DATA)
    expect(page.details).to_contain_text("张家口大数据产业集群")
    page.page.go_back()
    expect(panel).to_contain_text("2027年预计达千亿元及以上的集群")
    page.until("JituMap.maps[0].state().selected.length === 7")


@pytest.mark.browser
def test_the_keyboard_reaches_every_figure(visit):
    page = visit()
    page.page.get_by_role("button", name="产业集群 17 个").focus()
    page.page.keyboard.press("Tab")
    expect(page.page.get_by_role("button", name="其中重点支持 9 个")).to_be_focused()
    page.page.keyboard.press("Enter")
    expect(page.page.locator(".jitu-profile")).to_be_visible()
    page.until_address(profile="view:key")
    page.settled()
    expect(page.page.get_by_role("button", name="其中重点支持 9 个")).to_be_focused()
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Space")
    page.until_address(profile="view:counties")


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_what_was_chosen_comes_into_view(visit, size):
    """The panel stands below the map on a phone, and scrolls beside it on a desk."""
    page = visit("?profile=document:003", viewport=size)
    last = page.page.locator(".jitu-profile li > button").last
    last.scroll_into_view_if_needed()
    name = last.inner_text()
    last.click()
    expect(page.details.get_by_role("heading").first).to_be_in_viewport()
    assert page.details.get_by_role("heading").first.inner_text() in name
    press(page, "文件点名的县(市、区) 44 个")
    expect(page.page.locator(".jitu-profile h3")).to_be_in_viewport()


@pytest.mark.browser
def test_nothing_moves_when_a_filter_changes(visit):
    page = visit()
    before = page.headline.bounding_box(), page.map.bounding_box()
    page.page.evaluate(
        """() => {
            window.heights = new Set();
            const strip = () => document.querySelector(".jitu-headline").getBoundingClientRect();
            const note = () => { heights.add(strip().height); requestAnimationFrame(note); };
            note();
        }"""
    )
    page.page.get_by_role("radio", name="2025年", exact=True).click()
    expect(page.headline).to_contain_text("2025年营业收入")
    page.settled()
    assert (page.headline.bounding_box(), page.map.bounding_box()) == before
    assert len(page.page.evaluate("[...heights]")) == 1
    page.choose("产业", "新一代信息技术")
    page.until_address(year="2025", industry="it")
    page.settled()
    assert (page.headline.bounding_box(), page.map.bounding_box()) == before
