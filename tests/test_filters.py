"""The filter bar: counts beside the options, chips, places, and a state that outlives labels."""

from __future__ import annotations

import re
from typing import Any

import pytest
import streamlit as st
from pages import FIRST, LIMIT, PHONE
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest
from test_page import address as words_of
from test_page import headline, message, opened, ran

from app.page import filters
from app.page.session import KEY, Session
from layers.reading.facets import facets
from layers.reading.view import View

XUSHUI, BAODING, XIONGAN = "130609", "130600", "133100"


def labels(at: AppTest, key: str) -> dict[str, str]:
    """A list's options: name → count as it is written."""
    widgets = [*at.multiselect, *at.get("button_group")]
    (widget,) = [w for w in widgets if w.key == key]
    return dict(option.rsplit(" · ", 1) for option in widget.options)


def chips(at: AppTest) -> list[str]:
    """The names on the chips, in their order."""
    return [b.label.removeprefix("*移除筛选* ") for b in at.button if "移除筛选" in b.label]


def chip(at: AppTest, name: str) -> Any:
    (button,) = [b for b in at.button if b.label == f"*移除筛选* {name}"]
    return button


# -- counts ------------------------------------------------------------------------------------


def test_options_count_what_they_would_show(atlas):
    at = opened(city=BAODING)
    view = View(2027, cities=(BAODING,))
    for key, parameter, titles in (
        ("industries", "industry", {i.id: i.name for i in atlas.records.industries}),
        ("cities", "city", atlas.records.cities),
        ("tiers", "tier", {"key": "重点支持", "cultivated": "重点培育"}),
    ):
        counts = facets(atlas, view)[parameter]
        said = labels(at, key)
        assert said
        expected = {titles[v]: str(counts.get(v, 0)) for v in titles if titles[v] in said}
        assert said == expected, key
    assert labels(at, "tiers") == {"重点支持": "2", "重点培育": "1"}


def test_options_that_show_nothing_stand_last():
    at = opened(city=BAODING)
    counts = [int(n) for n in labels(at, "industries").values()]
    assert 0 in counts
    assert counts[0] > 0
    empty = [n == 0 for n in counts]
    assert empty == sorted(empty)
    chosen = ran(at.multiselect(key="industries").set_value(["biology"]).run())
    assert words_of(chosen)["industry"] == "biology"


def test_what_is_counted_is_told():
    at = opened()
    told = {w.help for w in (at.multiselect(key="industries"), at.multiselect(key="cities"))}
    (text,) = told
    assert "政区不计" in text


# -- a state of its own ------------------------------------------------------------------------


def test_a_choice_outlives_its_label():
    """Streamlit knows a choice by its label, and the count in it changes with other filters."""
    at = opened()
    ran(at.multiselect(key="industries").set_value(["it"]).run())
    before = labels(at, "industries")["新一代信息技术"]
    ran(at.multiselect(key="cities").set_value([XIONGAN]).run())
    assert labels(at, "industries")["新一代信息技术"] != before
    assert at.multiselect(key="industries").value == ["it"]
    assert words_of(at) == {"industry": "it", "city": XIONGAN}
    ran(at.button_group(key="tiers").set_value(["cultivated"]).run())
    ran(at.button_group(key="language").set_value("en").run())
    ran(at.multiselect(key="cities").set_value([XIONGAN, BAODING]).run())
    wanted = {"industry": "it", "city": f"{BAODING},{XIONGAN}", "tier": "cultivated"}
    assert words_of(at) == wanted | {"lang": "en"}
    ran(at.button_group(key="language").set_value("zh").run())
    assert words_of(at) == wanted
    assert at.multiselect(key="industries").value == ["it"]
    assert at.button_group(key="tiers").value == ["cultivated"]


def test_what_outlives_a_run_stands_in_one_session_object():
    """Besides it there are the values of widgets, under the widgets' keys."""
    at = opened(year="2025", feature="clusters:001-key-03")
    kept = at.session_state.to_dict()
    assert isinstance(kept[KEY], Session)
    assert kept[KEY].view == View(2025)
    assert kept[KEY].tabs_drawn
    menu = "_downloads"  # a widget's key
    assert [key for key in kept if key.startswith("_") and key != menu] == []


def script_of_places() -> None:
    """A page of the filter bar and its chips alone, with buttons such as the panel has."""
    import streamlit as st

    from app.page import filters, frame, state

    atlas, _ = frame.load_atlas()
    state.read_address(atlas)
    view = state.view()
    with filters.bar():
        filters.show(atlas, view)
    filters.chips(atlas, view)
    for name, do in (("city", state.filter_city), ("county", state.filter_county)):
        for code in ("130600", "130609", "130630"):
            st.button(f"{name} {code}", on_click=do, args=(code,))
    state.write_address(atlas, view, state.focus())


@pytest.fixture
def places() -> AppTest:
    return ran(AppTest.from_function(script_of_places, default_timeout=60).run())


def press(at: AppTest, label: str) -> AppTest:
    (button,) = [b for b in at.button if b.label == label]
    return ran(button.click().run())


def test_a_place_is_filtered_by_a_click_and_freed_by_another(places):
    at = press(places, f"county {XUSHUI}")
    assert words_of(at) == {"county": XUSHUI}
    assert chips(at) == ["徐水区"]
    press(at, "county 130630")
    assert words_of(at) == {"county": "130630"}
    press(at, f"city {BAODING}")  # only this place: the county goes
    assert words_of(at) == {"city": BAODING}
    assert at.multiselect(key="cities").value == [BAODING]
    press(at, f"city {BAODING}")
    assert words_of(at) == {}


def test_the_city_button_narrows_several_cities_to_one(places):
    ran(places.multiselect(key="cities").set_value([BAODING, XIONGAN]).run())
    press(places, f"city {BAODING}")
    assert words_of(places) == {"city": BAODING}


@pytest.mark.parametrize(
    ("answer", "industries"),
    [
        (["新一代信息技术 · 5"], "it"),
        (["新一代信息技术 · 5", "energy"], "energy,it"),
        (["新一代信息技术"], "it"),
        (["Next-generation IT · 5"], None),
        ([], None),
    ],
)
def test_an_answer_with_old_labels_is_understood_or_left(answer, industries, monkeypatch):
    """On a slow network a browser answers with the labels it still shows."""
    session = Session(view=View(2027))
    monkeypatch.setattr(st, "session_state", {"industries": answer, KEY: session})
    filters._take("industries", {"it": "新一代信息技术", "energy": "新能源"})
    assert session.view.industries == tuple(industries.split(",") if industries else ())


# -- chips -------------------------------------------------------------------------------------


@pytest.mark.parametrize("use", ["filter", "tab"])
def test_an_address_that_the_browser_has_not_yet_changed_takes_nothing_back(use):
    """On a slow network the second of two quick clicks still comes with the address of before."""
    at = opened()
    ran(at.button_group(key="year").set_value(2025).run())
    assert words_of(at) == {"year": "2025"}
    at.query_params.clear()
    if use == "filter":
        ran(at.multiselect(key="industries").set_value(["energy"]).run())
        assert words_of(at) == {"year": "2025", "industry": "energy"}
    else:
        at.session_state[KEY].widget_used = True  # what a tab's callback records
        ran(at.run())
    assert message(at)["choice"]["year"] == 2025


def test_the_language_outlives_an_address_of_before():
    at = opened()
    ran(at.button_group(key="language").set_value("en").run())
    assert words_of(at) == {"lang": "en"}
    at.query_params.clear()
    ran(at.multiselect(key="industries").set_value(["energy"]).run())
    assert words_of(at) == {"industry": "energy", "lang": "en"}
    assert at.multiselect(key="industries").label == "Industry"


def test_no_filter_no_chips():
    at = opened(year="2025", layer="clusters")
    assert chips(at) == []
    assert "清除筛选" not in [b.label for b in at.button]


def test_chips_take_their_filter_away():
    at = opened(industry="it,materials", tier="key", city="130100", county="130104", year="2025")
    assert chips(at) == ["新一代信息技术", "新材料", "重点支持", "石家庄市", "桥西区（石家庄市）"]
    ran(chip(at, "新材料").click().run())
    wanted = {"industry": "it", "tier": "key", "city": "130100", "year": "2025"}
    assert words_of(at) == wanted | {"county": "130104"}
    ran(chip(at, "桥西区（石家庄市）").click().run())
    assert words_of(at) == wanted
    assert at.multiselect(key="industries").value == ["it"]
    for name in ("重点支持", "新一代信息技术", "石家庄市"):
        ran(chip(at, name).click().run())
    assert words_of(at) == {"year": "2025"}
    assert chips(at) == []
    assert at.multiselect(key="cities").value == []
    assert at.button_group(key="tiers").value == []


def test_a_county_is_explained_where_it_has_no_cluster():
    (told,) = opened(county="130129").info
    assert "赞皇县" in told.value


def test_the_county_filter_reaches_map_and_headline():
    at = opened(county=XUSHUI)
    assert headline(at)[0] == "2 个"
    assert message(at)["choice"]["county"] == [XUSHUI]


def test_what_lies_in_the_city_alone_is_counted(atlas):
    bases = atlas.frames["bases"]
    wide = sum(not row.adcodes and "130400" in row.city_adcodes for row in bases.itertuples())
    assert wide
    at = AppTest.from_function(script_of_notices, default_timeout=60)
    ran(at.run())
    assert [c.value for c in at.caption] == [
        f"另有 {wide} 项在文件中只写明到所属设区市，不计入县级筛选。"
    ]


def script_of_notices() -> None:
    """The notice alone, for a county of 邯郸市 and for none."""
    from app.page import frame, notices
    from layers.reading.view import View

    atlas, _ = frame.load_atlas()
    notices.without_county(atlas, View(2027, counties=("130402",), layers=("bases",)))
    notices.without_county(atlas, View(2027, layers=("bases",)))


# -- display options ---------------------------------------------------------------------------


def test_display_options_stay_in_the_address():
    at = opened(compare_year="2025", layout_diagram="1", basemap="1")
    assert not at.warning
    ran(at.multiselect(key="industries").set_value(["it"]).run())
    wanted = {"industry": "it", "layout_diagram": "1", "basemap": "1"}
    assert words_of(at) == wanted | {"compare_year": "2025"}
    ran(at.button_group(key="year").set_value(2025).run())  # no year is compared with itself
    assert words_of(at) == wanted | {"year": "2025"}


@pytest.mark.parametrize(
    "words",
    [
        {"compare_year": "2030"},
        {"layout_diagram": "yes"},
        {"basemap": "0"},
        {"versus": "2030"},
        {"structure": "yes"},
    ],
)
def test_unknown_display_options_are_told(words):
    (told,) = opened(**words).warning
    ((name, value),) = words.items()
    assert f"{name}={value}" in told.value.replace("\\", "")


def test_a_link_saved_with_former_names_still_works():
    """What is written from then on has the present names."""
    at = opened(versus="2025", structure="1")
    assert not at.warning
    assert at.toggle(key="layout_diagram").value is True
    assert at.button_group(key="compare_year").value == 2025
    ran(at.multiselect(key="industries").set_value(["it"]).run())
    wanted = {"industry": "it", "compare_year": "2025", "layout_diagram": "1"}
    assert words_of(at) == wanted


# -- in a browser ------------------------------------------------------------------------------


@pytest.mark.browser
def test_chips_back_forward_and_reload(visit):
    sheet = visit()
    sheet.choose("产业", "新一代信息技术")
    sheet.until_address(industry="it")
    sheet.choose("城市", "张家口市")
    sheet.until_address(industry="it", city="130700")
    removed = sheet.page.get_by_role("button", name=re.compile("移除筛选 新一代信息技术$"))
    city = sheet.page.get_by_role("button", name=re.compile("移除筛选 张家口市"))
    expect(removed).to_be_visible()
    removed.focus()
    sheet.page.keyboard.press("Enter")
    sheet.until_address(city="130700")
    expect(removed).to_have_count(0)
    expect(city).to_be_visible()
    sheet.page.go_back()
    sheet.until_address(industry="it", city="130700")
    expect(removed).to_be_visible()
    sheet.page.go_back()
    sheet.until_address(industry="it")
    expect(city).to_have_count(0)
    sheet.until_shown(shown=FIRST | {"clusters": 5, "clusters-core": 7, "clusters-radiation": 12})
    sheet.page.go_forward()
    sheet.until_address(industry="it", city="130700")
    expect(city).to_be_visible()
    sheet.page.reload()
    sheet.ready()
    sheet.until_address(industry="it", city="130700")
    expect(removed).to_be_visible()
    expect(city).to_be_visible()
    assert sheet.state()["shown"]["clusters"] == 1
    sheet.page.get_by_role("button", name="清除筛选").click()
    sheet.until_address()
    sheet.until_shown(shown=FIRST)


@pytest.mark.browser
def test_quick_choices_are_all_kept(visit):
    """Several filter_options of one list, faster than the page answers, and then of another."""
    sheet = visit()
    box = sheet.page.get_by_role("combobox", name="产业", exact=True)
    box.click()
    for name in ("新一代信息技术", "新材料", "生物"):
        sheet.page.get_by_role("option", name=re.compile(f"^{name} · ")).click()
    sheet.page.keyboard.press("Escape")
    sheet.choose("城市", "石家庄市")
    sheet.until_address(industry="biology,it,materials", city="130100")
    sheet.settled()
    sheet.until_address(industry="biology,it,materials", city="130100")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "typed", "found"),
    [
        ("", "水区", "徐水区"),
        ("", "大数据", "张家口大数据产业集群"),
        ("", "永清", "永清"),
        ("?lang=en", "zhangjiakou big", "Zhangjiakou big data cluster"),
        ("?lang=en", "Next-gen", "新一代信息技术"),
    ],
)
def test_part_of_a_name_is_enough(visit, query, typed, found):
    sheet = visit(query)
    name = "Search" if query else "查找"
    sheet.page.get_by_role("combobox", name=name, exact=True).fill(typed)
    expect(sheet.page.get_by_role("option", name=re.compile(found)).first).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "name", "said"), [("", "查找", "没有匹配项"), ("?lang=en", "Search", "No results")]
)
def test_a_word_without_a_match_is_told(visit, query, name, said):
    sheet = visit(query)
    sheet.page.get_by_role("combobox", name=name, exact=True).fill("卢浮宫")
    sheet.page.get_by_text(said, exact=True).wait_for(timeout=LIMIT)


@pytest.mark.browser
def test_many_chips_fit_a_phone(visit):
    cities = "130100,130200,130300,130400,130500,130600"
    sheet = visit(f"?industry=it,materials,biology&city={cities}&tier=key", viewport=PHONE)
    chips = sheet.page.locator(".st-key-chosen button")
    expect(chips).to_have_count(11)
    for box in (chips.nth(n).bounding_box() for n in range(11)):
        assert box
        assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]
