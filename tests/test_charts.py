"""The charts: what they count, what they draw, and how map and charts choose for each other."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import LIMIT, PHONE, Sheet
from playwright.sync_api import Locator, expect
from streamlit.testing.v1 import AppTest

from app.page.charts import counties, industries_by_city, shared, slopes, targets_by_year
from layers.catalogue import KINDS
from layers.reading.comparison import growth_table
from layers.reading.counts import (
    COUNTY_LAYERS,
    clusters_of_counties,
    counts_by_county,
    crossed_layers,
    ids_by_industry_and_city,
    shared_counties,
)
from layers.reading.profile import profile
from layers.reading.view import View, select
from layers.shared.figures import THOUSAND_YI

BIG_DATA = "clusters:001-key-03"


# -- counts ------------------------------------------------------------------------------------


def things(atlas, view: View, **filters: tuple[str, ...]) -> set[str]:
    """What a view with other filters shows of the layers with industry and city."""
    chosen = replace(view, **filters)
    found = set()
    for layer in view.layers:
        if {"industry", "city"} <= KINDS[layer].filters:
            rows = select(atlas, layer, chosen)
            whole = layer.startswith("clusters") or layer == "growth"
            found |= set("clusters:" + rows["cluster_id"] if whole else rows["id"])
    return found


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_cell_is_what_choosing_industry_and_city_shows(atlas, views, data):
    """Where the view filters by neither: a thing stays when any of its cities matches."""
    view = replace(data.draw(views), industries=(), cities=())
    industry = data.draw(st.sampled_from([i.id for i in atlas.records.industries]))
    city = data.draw(st.sampled_from(list(atlas.records.cities)))
    cell = ids_by_industry_and_city(atlas, view).get((industry, city), ())
    assert len(cell) == len(set(cell))
    assert set(cell) == things(atlas, view, industries=(industry,), cities=(city,))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_matrix_adds_up_to_what_is_shown(atlas, views, data):
    view = data.draw(views)
    expected: dict[str, set[tuple[str, str]]] = {}
    for layer in crossed_layers(view):
        for row in select(atlas, layer, view).drop(columns="geometry").to_dict("records"):
            thing = f"clusters:{row['cluster_id']}" if KINDS[layer].cluster else row["id"]
            expected.setdefault(thing, set()).update(
                (i, c)
                for i in row["industries"]
                for c in row["city_adcodes"]
                if (not view.industries or i in view.industries)
                and (not view.cities or c in view.cities)
            )
    cells = ids_by_industry_and_city(atlas, view)
    assert sum(map(len, cells.values())) == sum(map(len, expected.values()))
    assert all(cells.values())
    if not view.counties:
        every = {thing for cell in cells.values() for thing in cell}
        assert every == {thing for thing, own in expected.items() if own}


def test_the_matrix_of_the_first_view(atlas):
    """17 clusters, one of them in two industries."""
    cells = ids_by_industry_and_city(atlas, View(2025))
    assert {thing for cell in cells.values() for thing in cell} == set(
        atlas.frames["clusters"]["id"]
    )
    assert cells["it", "130700"] == (BIG_DATA,)
    assert cells["materials", "130400"] == ("clusters:001-key-09",)
    assert ("steel", "130200") not in cells


@pytest.mark.parametrize("adcode", ["130730", "131003", "130681", "130208", "133100", "130706"])
def test_a_county_counts_the_things_its_profile_lists(atlas, adcode):
    """A profile lists roles: those in one cluster are one thing, core zone before radiation.

    So are a base and a project that are one park.
    """
    sites = {p.id: p.base for _, p in atlas.records.projects() if p.base}
    listed: dict[str, str] = {}
    found = profile(atlas, f"county:{adcode}")
    headings = {"核心承载区": 0, "辐射区域": 1, "基地与园区": 2, "重大项目": 3}
    for heading, entries in found.sections if found else ():
        kind = heading.removesuffix("（区内开发区）")
        if kind in headings:
            for entry in entries:  # such as clusters-core:001-key-03:130730
                item = entry.feature.split(":")[1]
                listed.setdefault(sites.get(item, item), COUNTY_LAYERS[headings[kind]])
    counted = counts_by_county(atlas, View(2025, layers=COUNTY_LAYERS)).get(adcode, {})
    assert {k: n for k, n in counted.items() if n} == Counter(listed.values())


@pytest.mark.parametrize(
    ("adcode", "layer", "roles"),
    [("130208", "clusters-core", 2), ("130705", "clusters-radiation", 2)],
    ids=["丰润区", "宣化区"],
)
def test_several_roles_in_one_cluster_are_one(atlas, adcode, layer, roles):
    """A county may be part of a cluster itself and by a zone in it."""
    assert sum(adcode in own for own in atlas.frames[layer]["adcodes"]) == roles
    counted = counts_by_county(atlas, View(2025))[adcode]
    assert {k: n for k, n in counted.items() if n} == {layer: 1}


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_each_thing_counts_once_in_each_of_its_counties(atlas, views, data):
    view = replace(data.draw(views), cities=(), counties=())
    expected: dict[str, dict[str, set[str]]] = {}
    for layer in COUNTY_LAYERS:
        if layer in view.layers:
            for row in select(atlas, layer, view).drop(columns="geometry").to_dict("records"):
                for adcode in row["adcodes"]:
                    own = expected.setdefault(adcode, {})
                    thing = row["cluster_id" if KINDS[layer].cluster else "site_id"]
                    own.setdefault(layer, set()).add(thing)
    for own in expected.values():
        for first, then in (("clusters-core", "clusters-radiation"), ("bases", "projects")):
            if {first, then} <= own.keys():
                own[then] -= own[first]
    counts = counts_by_county(atlas, view)
    assert {a: {k: n for k, n in own.items() if n} for a, own in counts.items()} == {
        a: {k: len(found) for k, found in own.items() if found} for a, own in expected.items()
    }
    totals = [sum(own.values()) for own in counts.values()]
    assert totals == sorted(totals, reverse=True)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_bars_of_two_clusters_are_the_counties_named_above_them(atlas, views, data):
    parts = ("clusters-core", "clusters-radiation")
    view = replace(data.draw(views), cities=(), counties=(), layers=COUNTY_LAYERS)
    counts = counts_by_county(atlas, view)
    of_two = {a for a, own in counts.items() if sum(own[layer] for layer in parts) > 1}
    assert of_two == set(shared_counties(atlas, view))


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_county_is_one_part_of_a_cluster_however_many_roles_it_has(atlas, views, data):
    view = data.draw(views)
    found = clusters_of_counties(atlas, view)
    parts = [select(atlas, layer, view) for layer in ("clusters-core", "clusters-radiation")]
    for adcode, clusters in found.items():
        named = {
            c
            for p in parts
            for c, a in zip(p["cluster_id"], p["adcodes"], strict=True)
            if adcode in a
        }
        assert set(clusters) == named
        assert len(clusters) == len(named)
    assert {a for p in parts for own in p["adcodes"] for a in own} == set(found)


def test_counties_of_two_clusters_are_named(atlas):
    """Where a county only has two roles in one cluster, as 宣化区 has, it is not among them."""
    said = counties.shared_counties_text(atlas, View(2025))
    assert said.startswith("涉及两个及以上集群的县(市、区)（6 个）：")
    assert all(
        name in said for name in ("裕华区", "栾城区", "海港区", "山海关区", "抚宁区", "徐水区")
    )
    assert "宣化区" not in said
    without = counties.shared_counties_text(atlas, View(2025, industries=("energy",)))
    assert without.startswith("所示集群中没有")


def test_a_city_filter_leaves_its_own_counties(atlas):
    counts = counts_by_county(atlas, View(2025, cities=("130700",)))
    assert counts
    assert all(adcode.startswith("1307") for adcode in counts)


# -- the tables of the charts ------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_table_of_targets_has_every_cluster_once(atlas, views, data):
    """A cluster has a bar per target, or is named among those without."""
    view = data.draw(views)
    clusters = select(atlas, "clusters", view)
    focused = data.draw(st.sampled_from([None, *clusters["id"]]))
    table = targets_by_year.targets_table(atlas, view, focused)
    names = clusters.set_index("id")["name"]
    assert {*names[list(table.clusters)], *table.without_target} == set(names)
    assert len(table.clusters) + len(table.without_target) == len(names)
    columns = [f"revenue_yi_{year}" for year in atlas.records.atlas.years]
    assert len(table.bars) == clusters[columns].notna().sum().sum()
    assert {bar.slot for bar in table.bars} | {name.slot for name in table.names} <= set(
        table.slots
    )
    assert all(bar.industry in table.colours.names for bar in table.bars)
    assert {bar.id for bar in table.bars if bar.chosen} <= {focused}


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_table_of_counties_adds_up(atlas, views, data):
    view = data.draw(views)
    counts = counts_by_county(atlas, view)
    focused = data.draw(st.sampled_from([None, "130730", *counts]))
    table = counties.county_table(atlas, view, focused)
    assert len(table.totals) + table.unlisted == len(counts)
    assert len({total.county for total in table.totals}) == len(table.totals)
    for total in table.totals:
        assert total.n == sum(bar.n for bar in table.bars if bar.id == total.id)
    assert sum(total.chosen for total in table.totals) == (focused in counts)
    assert {bar.role for bar in table.bars} == set(table.roles.names)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_table_of_the_matrix_is_its_counts(atlas, views, data):
    view = data.draw(views)
    table = industries_by_city.matrix_table(atlas, view)
    counts = {cell: len(things) for cell, things in ids_by_industry_and_city(atlas, view).items()}
    assert {(s.industry, s.city): s.n for s in table.squares} == counts
    assert {s.industry for s in table.squares} == set(table.industries)
    assert {s.city for s in table.squares} <= set(table.cities)


def test_the_table_of_slopes_has_the_targets_of_both_years(atlas):
    growth = growth_table(atlas, View(2025), 2023, 2027)
    table = slopes.slope_table(atlas, growth, BIG_DATA)
    assert {s.id: (s.start, s.end) for s in table.slopes} == {
        c.id: (c.start_yi, c.end_yi) for c in growth.changes
    }
    assert [s.id for s in table.slopes if s.chosen] == [BIG_DATA]
    assert {s.weight for s in table.slopes if not s.chosen} == {shared.FAINT}
    assert table.top > max(max(s.start, s.end) for s in table.slopes)
    assert [head.text for head in table.years] == ["2023年", "2027年"]


# -- the sheet ---------------------------------------------------------------------------------


def sheet(query: dict[str, str]) -> AppTest:
    """The charts alone, for an address."""

    def script() -> None:
        from app.page import charts, frame, state

        atlas, _ = frame.load_atlas()
        state.read_address(atlas)
        charts.show(atlas, state.view(), state.focus())

    at = AppTest.from_function(script, default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert [e.value for e in at.exception] == []
    return at


def drawn(at: AppTest) -> list[tuple[dict[str, Any], list[pd.DataFrame]]]:
    """Each chart's definition and its tables."""
    return [
        (
            json.loads(chart.proto.spec),
            [
                pa.ipc.open_stream(io.BytesIO(d.data.data)).read_pandas()
                for d in chart.proto.datasets
            ],
        )
        for chart in at.get("vega_lite_chart")
    ]


def table(tables: list[pd.DataFrame], column: str) -> pd.DataFrame:
    (found,) = [t for t in tables if column in t]
    return found


def test_targets_are_the_documents(atlas):
    (_, tables), *_ = drawn(sheet({"year": "2027"}))
    bars = table(tables, "weight")
    clusters = atlas.frames["clusters"].set_index("id")
    assert len(bars) == 27
    for row in bars.to_dict("records"):
        assert row["yi"] == clusters.loc[row["id"], f"revenue_yi_{row['slot']}"]
        assert row["wording"] == clusters.loc[row["id"], f"revenue_comparator_{row['slot']}"]
        assert f"{row['wording']} {row['yi']:,} 亿元" in row["said"]
    this_year = bars[bars["this_year"]]
    assert set(this_year["slot"]) == {"2027"}
    assert (this_year["yi"] >= THOUSAND_YI).sum() == 7


@pytest.mark.parametrize(
    "feature",
    [BIG_DATA, "clusters-core:001-key-03:130730", "growth:001-key-03"],
)
def test_whatever_speaks_of_a_cluster_marks_its_bars(feature):
    (_, tables), *_ = drawn(sheet({"feature": feature}))
    bars = table(tables, "weight")
    assert set(bars[bars["chosen"]]["id"]) == {BIG_DATA}
    assert bars[bars["chosen"]]["weight"].min() > bars[~bars["chosen"]]["weight"].max() / 2
    assert bars[bars["chosen"]]["weight"].max() == 1


@pytest.mark.parametrize(
    "query", [{"feature": "admin-counties:130730"}, {"profile": "county:130730"}]
)
def test_a_county_in_focus_is_marked_even_if_seldom_named(query):
    charts = drawn(sheet(query))
    rows = table(charts[1][1], "role")
    assert set(rows[rows["weight"] == 1]["id"]) == {"admin-counties:130730"}
    targets = table(charts[0][1], "weight")
    assert not targets["chosen"].any()


@pytest.mark.parametrize(("lang", "word"), [("zh", "产业与城市"), ("en", "Industries and cities")])
def test_the_sheet_speaks_both_languages(lang, word):
    at = sheet({"lang": lang} if lang == "en" else {})
    assert word in " ".join(m.value for m in at.markdown)
    for spec, tables in drawn(at):
        assert ("click" in spec["description"]) == (lang == "en")
        for t in tables:
            for text in t.get("said", []):
                assert ("，" in text) == (lang == "zh"), text


@pytest.mark.parametrize(
    ("query", "charts"),
    [
        ({"layer": "admin-cities"}, 1),  # the targets are the clusters', on whatever layer
        ({"layer": ""}, 1),
        ({"industry": "nev", "city": "130300"}, 0),
        ({"tier": "cultivated"}, 2),  # without targets
    ],
)
def test_what_cannot_be_drawn_is_said(query, charts):
    at = sheet(query)
    assert len(drawn(at)) == charts
    assert len(at.caption) >= 3


def test_no_focus_marks_nothing():
    (_, tables), *_ = drawn(sheet({}))
    bars = table(tables, "weight")
    assert not bars["chosen"].any()
    assert set(bars["weight"]) == {0.45, 1.0}


# -- in a browser ------------------------------------------------------------------------------


def bar(page: Sheet, *said: str) -> Locator:
    """The bar or square whose description holds these words."""
    return page.page.locator("".join(f"[aria-label*='{word}']" for word in said))


def expect_marked(of: Locator, *, marked: bool) -> None:
    """Wait until what is chosen, and that alone, has its outline.

    A chart and its successor show together for a moment.
    """
    outlined = of.and_(of.page.locator("[stroke-width='1.2']"))
    plain = of.and_(of.page.locator("[stroke-width='0']"))
    expect(plain if marked else outlined).to_have_count(0)
    expect(outlined if marked else plain).to_have_count(1)


def press(page: Sheet, of: Locator) -> None:
    """Click on a bar; whatever was chosen before is to be marked by then, in a new chart."""
    page.settled()
    expect(of).to_have_count(1)
    of.click()


def expect_faint(of: Locator, *, faint: bool) -> None:
    """Wait until a bar stands back, or no longer does."""
    back = of.and_(of.page.locator(f"[opacity='{shared.FAINT}']"))
    expect(of).to_have_count(1)
    expect(back).to_have_count(1 if faint else 0)


@pytest.mark.browser
def test_a_click_on_a_bar_chooses_on_the_map_and_back(visit):
    page = visit()
    page.turn_to("图表")
    big_data = bar(page, "张家口大数据产业集群", "2027年")
    medicine = bar(page, "石家庄生物医药产业集群", "2027年")
    expect_marked(big_data, marked=False)

    for _ in range(2):  # a second click on the same bar counts, too
        press(page, big_data)
        page.until_address(feature=BIG_DATA)
        page.until_shown(selected=[BIG_DATA], loads=1)
        expect(page.details).to_contain_text("张家口大数据产业集群")
        expect_marked(big_data, marked=True)
        expect_faint(medicine, faint=True)
        page.page.go_back()
        page.until_address()
        page.until_shown(selected=[], loads=1)
        expect_marked(big_data, marked=False)
        expect_faint(medicine, faint=False)

    press(page, big_data)
    page.until_address(feature=BIG_DATA)
    expect_marked(big_data, marked=True)
    press(page, medicine)
    page.until_address(feature="clusters:001-key-01")
    page.until_shown(selected=["clusters:001-key-01"], loads=1)
    expect_marked(medicine, marked=True)
    press(page, big_data)
    page.until_address(feature=BIG_DATA)
    page.until_shown(selected=[BIG_DATA], loads=1)


@pytest.mark.browser
def test_a_choice_elsewhere_marks_the_bar(visit):
    page = visit()
    page.turn_to("图表")
    big_data = bar(page, "张家口大数据产业集群", "2027年")
    expect_marked(big_data, marked=False)
    page.page.get_by_role("combobox", name="查找", exact=True).fill("张家口大数据")
    page.page.get_by_role("option").first.click()
    page.until_address(feature=BIG_DATA)
    expect_marked(big_data, marked=True)


@pytest.mark.browser
def test_counties_and_squares_choose(visit):
    page = visit("?layer=clusters,clusters-core,bases")
    page.turn_to("图表")
    press(page, bar(page, "固安县，核心承载区"))
    page.until_address(layer="clusters,clusters-core,bases", feature="admin-counties:131022")
    page.until_shown(selected=["admin-counties:131022"])
    press(page, bar(page, "新一代信息技术，廊坊市"))
    listed = page.page.get_by_test_id("stDataFrame").locator("visible=true")
    expect(listed).to_contain_text("廊坊信息技术和人工智能产业集群")
    page.settled()
    listed.click(position={"x": 16, "y": 35 + 17})  # the first row's box
    page.until_shown(selected=["clusters:001-key-06"])
    expect(page.details).to_contain_text("廊坊信息技术和人工智能产业集群")
    page.settled()
    expect(listed).to_have_count(1)  # the square stays chosen, for the next row


@pytest.mark.browser
@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_charts_fit_a_phone(visit, query):
    page = visit(query, viewport=PHONE)
    page.turn_to("Charts" if query else "图表")
    drawings = page.page.locator("[data-testid=stVegaLiteChart] svg.marks")
    expect(drawings).to_have_count(3, timeout=LIMIT)
    for n in range(3):
        box = drawings.nth(n).bounding_box()
        assert box
        assert 300 <= box["width"] <= PHONE["width"]
        assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]
