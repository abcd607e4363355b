"""Comparisons: two target years and two clusters, as computed and as the page shows them."""

from __future__ import annotations

import html
import itertools
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from app.page.charts.slopes import apart
from layers.reading.comparison import growth_table, side_by_side
from layers.reading.view import View, select
from layers.shared.figures import year_spans

FIRST, SECOND = "clusters:001-key-03", "clusters:001-key-04"
CULTIVATED = "clusters:001-cultivated-01"


# -- two years ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "before", "after", "newly"),
    [
        (2023, 2025, 3, 6, {"张家口大数据", "秦皇岛高端装备制造", "唐山高端装备制造"}),
        (2025, 2027, 6, 7, {"邯郸新型功能材料"}),
        (
            2023,
            2027,
            3,
            7,
            {"张家口大数据", "秦皇岛高端装备制造", "唐山高端装备制造", "邯郸新型功能材料"},
        ),
    ],
)
def test_clusters_at_a_thousand(atlas, start, end, before, after, newly):
    growth = growth_table(atlas, View(2025), start, end)
    assert (growth.start_thousand, growth.end_thousand) == (before, after)
    assert set(growth.newly_thousand) == {f"{name}产业集群" for name in newly}


@pytest.mark.parametrize(
    ("start", "end", "totals"), [(2023, 2027, (7860, 12500)), (2023, 2025, (7860, 10200))]
)
def test_totals_are_over_the_clusters_with_both(atlas, start, end, totals):
    growth = growth_table(atlas, View(2025), start, end)
    assert (growth.start_total_yi, growth.end_total_yi) == totals
    assert growth.with_both == 9
    assert growth.difference_yi == totals[1] - totals[0]
    assert len(growth.without) == 8


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_changes_are_those_of_the_layer(atlas, views, data):
    view = data.draw(views)
    start, end = data.draw(st.sampled_from(year_spans(atlas.records.atlas.years)))
    growth = growth_table(atlas, view, start, end)
    rows = select(atlas, "growth", view).set_index("name")
    shown = set(select(atlas, "clusters", view)["name"])
    assert {c.name for c in growth.changes} | set(growth.without) == shown
    for change in growth.changes:
        row = rows.loc[change.name]
        for value, column in (
            (change.start_yi, f"revenue_yi_{start}"),
            (change.end_yi, f"revenue_yi_{end}"),
            (change.difference_yi, f"change_yi_{start}_{end}"),
            (change.percent, f"change_percent_{start}_{end}"),
            (change.start_wording, f"revenue_comparator_{start}"),
            (change.end_wording, f"revenue_comparator_{end}"),
        ):
            assert value == row[column] or (value is None and pd.isna(row[column]))
        assert change.source.startswith("001 重点支持的产业集群")
    differences = [c.difference_yi for c in growth.changes if c.difference_yi is not None]
    assert growth.difference_yi == (sum(differences) if differences else None)


def test_what_is_missing_stays_missing(atlas):
    """A target that the document does not set is no zero, and not part of a total."""
    growth = atlas.frames["growth"].copy()
    row = growth["name"] == "张家口大数据产业集群"
    missing = ["revenue_yi_2023", "revenue_comparator_2023", "change_yi_2023_2027"]
    growth.loc[row, [*missing, "change_percent_2023_2027"]] = None
    other = type(atlas)(atlas.places, {**atlas.frames, "growth": growth})
    found = growth_table(other, View(2025), 2023, 2027)
    (change,) = [c for c in found.changes if c.name == "张家口大数据产业集群"]
    assert (change.start_yi, change.difference_yi, change.percent) == (None, None, None)
    assert change.end_yi == 1200
    assert not change.reaches_thousand  # nobody knows from where
    assert found.with_both == 8
    assert (found.start_total_yi, found.end_total_yi) == (7860 - 550, 12500 - 1200)
    assert found.end_thousand == 7


def test_without_targets_there_is_no_total(atlas):
    growth = growth_table(atlas, View(2025, tiers=("cultivated",)), 2023, 2027)
    assert growth.changes == ()
    assert growth.start_total_yi is growth.difference_yi is growth.percent is None
    assert len(growth.without) == 8


@pytest.mark.parametrize(("start", "end"), [(2027, 2023), (2025, 2025), (2023, 2030)])
def test_years_that_are_not_compared_are_refused(atlas, start, end):
    with pytest.raises(ValueError, match="does not compare"):
        growth_table(atlas, View(2025), start, end)


@given(st.lists(st.integers(0, 3000), max_size=20), st.integers(1, 100))
def test_labels_keep_apart_and_in_order(values, gap):
    places = apart(values, gap)
    ordered = sorted(places, reverse=True)
    assert all(a - b >= gap for a, b in itertools.pairwise(ordered))
    assert all(place <= value for place, value in zip(places, values, strict=True))
    for n, value in enumerate(values):
        assert all(places[n] > places[m] for m, other in enumerate(values) if other < value)


# -- two clusters ------------------------------------------------------------------------------


def test_two_clusters_side_by_side(atlas):
    facts = {f.label: f for f in side_by_side(atlas, FIRST, SECOND)}
    target = facts["2025年营业收入目标"]
    assert (target.left, target.right) == ("预计超 1,000 亿元", "预计超 1,050 亿元")
    assert facts["核心承载区"].left == "怀来县、张北县"
    assert not facts["层级"].differs
    assert facts["2023年推进项目"].left == "40 个，总投资约 900 亿元"
    assert facts["2025年运营服务器"].right is None
    assert "第4个" in facts["来源"].right
    assert next(iter(facts)) == "层级"
    assert list(facts)[-1] == "来源"


@pytest.mark.parametrize("other", [SECOND, CULTIVATED])
def test_the_other_way_round_says_the_same(atlas, other):
    one = side_by_side(atlas, FIRST, other)
    two = side_by_side(atlas, other, FIRST)
    assert {(f.label, f.left, f.right) for f in one} == {(f.label, f.right, f.left) for f in two}
    assert all(f.left or f.right for f in one)


def test_a_cluster_does_not_differ_from_itself(atlas):
    facts = side_by_side(atlas, FIRST, FIRST)
    assert facts
    assert not any(f.differs for f in facts)


def test_an_unknown_cluster_is_refused(atlas):
    with pytest.raises(KeyError, match="clusters:nothing"):
        side_by_side(atlas, FIRST, "clusters:nothing")


# -- the panels --------------------------------------------------------------------------------


def panels(query: dict[str, str], compare_year: int | None = None) -> AppTest:
    """Both panels, for an address."""

    def script(compare_year: int | None) -> None:
        from app.page import compare, frame, state

        atlas, _ = frame.load_atlas()
        state.read_address(atlas)
        compare.years(atlas, state.view(), compare_year)
        compare.clusters(atlas, state.view(), state.focus())

    at = AppTest.from_function(script, default_timeout=60, args=(compare_year,))
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    return ran(at)


def ran(at: AppTest) -> AppTest:
    assert [e.value for e in at.exception] == []
    return at


def text(at: AppTest, name: str) -> str:
    """The text of an HTML element of a class."""
    markup = "".join(h.value for h in at.get("html") if f'class="jitu-{name}"' in h.value)
    return html.unescape(re.sub("<[^>]+>", "", markup))


@pytest.mark.parametrize(("year", "compare_year"), [("2027", 2023), ("2023", 2027)])
def test_the_headline_keeps_the_wording(year, compare_year):
    said = text(panels({"year": year}, compare_year), "growth")
    assert "“预计超”或“预计突破”" in said
    assert "2023年 3 个 → 2027年 7 个" in said
    assert "新增：唐山高端装备制造产业集群、" in said
    assert "9 个集群合计：预计超 7,860 亿元 → 预计超 12,500 亿元（+4,640 亿元，+59.0%）" in said


def test_the_table_of_years():
    at = panels({"year": "2027"}, 2023)
    table = at.dataframe[0].value.set_index("集群")
    assert len(table) == 9
    row = table.loc["张家口大数据产业集群"]
    assert row.tolist() == [
        "预计超 550", "预计超 1,200", 650, 118.2, "新增", "001 重点支持的产业集群 第3个",
    ]  # fmt: skip
    assert table.loc["保定新能源汽车和智能网联汽车产业集群", "2027年"] == "预计突破 2,500"
    assert any("两年均无目标的集群（8 个）" in c.value for c in at.caption)


@pytest.mark.parametrize("compare_year", [None, 2027])
def test_without_another_year_there_is_a_hint(compare_year):
    at = panels({"year": "2027"}, compare_year)
    assert at.caption[0].value == "选择对比年，比较两个目标年的营业收入目标。"
    assert not at.get("vega_lite_chart")


def test_clusters_without_targets_are_told():
    at = panels({"tier": "cultivated"}, 2023)
    assert at.caption[0].value == "所示集群在这两年都没有营业收入目标。"


def test_the_focused_cluster_and_the_next():
    at = panels({"feature": "clusters-core:001-key-03:130730"})
    assert [box.value for box in at.selectbox] == [FIRST, SECOND]
    said = text(at, "compare")
    assert "预计超 1,000 亿元" in said
    assert "预计超 1,050 亿元" in said
    ran(at.selectbox[1].set_value(CULTIVATED).run())
    assert "雄安新区软件和信息服务产业集群" in text(at, "compare")
    ran(at.selectbox[0].set_value(CULTIVATED).run())
    assert "两边是同一个集群。" in [c.value for c in at.caption]
    assert "≠" not in text(at, "compare").removesuffix("≠ 表示两边不同；— 表示文件没有说明。")


def test_one_cluster_is_nothing_to_compare():
    at = panels({"industry": "nev", "tier": "key"})
    assert "所示集群不足两个，无法对比。" in [c.value for c in at.caption]
    assert not at.selectbox


def test_the_panels_speak_english():
    at = panels({"lang": "en", "year": "2027", "feature": FIRST}, 2023)
    said = text(at, "growth")
    assert "3 in 2023 → 7 in 2027" in said
    assert "expected to exceed (预计超) 12,500 亿元" in said
    table = at.dataframe[0].value
    assert "expected to break through (预计突破) 2,500" in set(table["2027"])
    compared = text(at, "compare")
    assert "Revenue target 2025" in compared
    assert "Core zone" in compared
    assert "Source" in compared


@pytest.mark.browser
@pytest.mark.parametrize("query", ["?compare_year=2025", "?compare_year=2023&lang=en"])
def test_the_dashed_line_of_the_slopes_says_its_value(visit, query):
    page = visit(query)
    page.turn_to("Years compared" if "lang" in query else "年份对比")
    slopes = page.page.locator("[data-testid=stVegaLiteChart] svg.marks")
    name = slopes.get_by_text("1,000 亿元", exact=True).last
    expect(name).to_be_visible()
    line = slopes.locator("line[stroke-dasharray]").bounding_box()
    box = name.bounding_box()
    assert line
    assert box
    assert line["x"] < box["x"] < box["x"] + box["width"] < line["x"] + line["width"]
    assert abs(box["y"] + box["height"] / 2 - line["y"]) < box["height"]
