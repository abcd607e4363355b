"""What the documents say of one matter stands side by side, each side with its source.

What can be computed is computed here from the records: sums against goals, names against bases,
figures in the words of a side.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple, get_args

import pytest
from streamlit.testing.v1 import AppTest

from data.evidence import quoted_words
from data.models import BaseMention, Comparison, LayoutUnit, PlanRecord, Region
from data.reader import Records
from layers.reading.consistency import GROUPS, Finding, findings

VERDICTS = {"相符", "表述不同", "口径不同", "不可比", "不一致", "未说明"}


@pytest.fixture(scope="module")
def found(records) -> list[Finding]:
    return findings(records)


@pytest.fixture(scope="module")
def by_id(records) -> dict[str, Comparison]:
    return {comparison.id: comparison for comparison in records.comparisons}


@pytest.fixture(scope="module")
def plan_records(records) -> dict[str, tuple[str, PlanRecord]]:
    """Record id → (document, record); a base's id is not among them."""
    return {r.id: (plan.document, r) for plan in records.plans for r in plan.records()}


def named(comparison: Comparison) -> set[str]:
    return {name for side in comparison.sides for name in side.records}


def mentions_of(records: Records, name: str) -> list[tuple[str, BaseMention]]:
    """Return the mentions that a record id or a base id stands for."""
    return [(d, m) for d, m in records.base_mentions() if name in (m.id, m.base)]


def documents_of(records: Records, plan_records: dict, comparison: Comparison) -> set[str]:
    known = {plan_records[name][0] for name in named(comparison) if name in plan_records}
    bases = {d for name in named(comparison) for d, _ in mentions_of(records, name)}
    return known | bases


# -- every row ---------------------------------------------------------------------------------


def test_every_comparison_is_found_in_its_order(records, found):
    assert [f.topic for f in found] == [c.topic for c in records.comparisons]
    assert len({f.topic for f in found}) == len(found) > 50


def test_every_finding_has_at_least_two_sides_with_sources(records, found):
    for finding in found:
        assert len(finding.sides) >= 2, finding.topic
        for side in finding.sides:
            assert side.says.strip(), finding.topic
            assert side.sources, finding.topic
            for source in side.sources:
                document, _, locator = source.partition(" ")
                assert document in records.document_by_id, source
                assert locator.strip(), source
        assert len({side.says for side in finding.sides}) == len(finding.sides), finding.topic


def test_every_verdict_and_group_is_an_allowed_one(found):
    assert set(get_args(Comparison.model_fields["verdict"].annotation)) == VERDICTS
    assert {f.verdict for f in found} <= VERDICTS
    assert {f.group for f in found} == set(GROUPS.values())
    # What differs for a reason says the reason.
    for finding in found:
        assert finding.remark or finding.verdict not in ("不一致", "未说明"), finding.topic


def test_a_comparison_within_a_document_stays_in_it(records, plan_records):
    for comparison in records.comparisons:
        own = documents_of(records, plan_records, comparison)
        if comparison.group == "within":
            assert len(own) == 1, comparison.id
        elif comparison.group == "figures":
            assert len(own) > 1, comparison.id


def test_a_side_s_sources_are_those_of_its_records(records, plan_records, found):
    for comparison, finding in zip(records.comparisons, found, strict=True):
        for side, saying in zip(comparison.sides, finding.sides, strict=True):
            expected: set[str] = set()
            for name in side.records:
                if name in plan_records:
                    document, record = plan_records[name]
                    expected.add(f"{document} {record.locator}")
                else:
                    expected |= {f"{d} {m.locator}" for d, m in mentions_of(records, name)}
            assert set(saying.sources) == expected, (comparison.id, saying.says)
            assert len(set(saying.sources)) == len(saying.sources)


# -- what can be computed ----------------------------------------------------------------------


def revenue(records: Records, year: int) -> dict[str, int]:
    return {
        cluster.id: target.value
        for _, cluster in records.clusters()
        for target in cluster.targets
        if (target.indicator, target.year) == ("revenue", year)
    }


class CountGoal(NamedTuple):
    """A goal of 001: so many clusters with at least a certain revenue in a year."""

    year: int
    least_revenue: int  # 亿元
    statement: str
    comparison: str


@pytest.mark.parametrize(
    "goal",
    [
        CountGoal(2023, 1000, "001-target-01", "clusters-over-1000-2023"),
        CountGoal(2025, 1000, "001-target-03", "clusters-over-1000-2025"),
        CountGoal(2027, 1000, "001-target-05", "clusters-over-1000-2027"),
        CountGoal(2027, 2000, "001-target-06", "clusters-over-2000-2027"),
    ],
)
def test_the_clusters_of_001_make_up_its_goals(records, plan_records, by_id, goal):
    revenues = revenue(records, goal.year)
    reaching = {name for name, value in revenues.items() if value >= goal.least_revenue}
    statement = plan_records[goal.statement][1]
    assert (len(reaching), goal.year) == (statement.value, statement.year)
    row = by_id[goal.comparison]
    assert [set(side.records) for side in row.sides] == [{goal.statement}, reaching]
    assert row.verdict == "相符"
    # The side names the clusters by their numbers, and counts them.
    numbers = "、".join(str(plan_records[name][1].number) for name in sorted(reaching))
    assert f"{len(reaching)}个：第{numbers}个集群" in row.sides[1].says


def test_clusters_that_just_reach_a_goal_are_named(records, plan_records, by_id):
    """预计超1000亿元 is counted as 突破千亿: the remark says for which clusters."""
    for year, comparison in ((2023, "1000-2023"), (2025, "1000-2025"), (2027, "1000-2027")):
        just = [name for name, value in revenue(records, year).items() if value == 1000]
        numbers = "、".join(str(plan_records[name][1].number) for name in sorted(just))
        assert f"第{numbers}个集群恰作“预计超”1000亿元" in (
            by_id[f"clusters-over-{comparison}"].remark
        )


def test_the_sums_of_the_remark(records, by_id):
    remark = by_id["cluster-totals"].remark
    sums = "、".join(str(sum(revenue(records, year).values())) for year in (2023, 2025, 2027))
    assert f"合计{sums}亿元" in remark
    projects = [c.projects for _, c in records.clusters() if c.projects]
    assert f"项目{sum(p.count for p in projects)}个" in remark
    assert f"投资约{sum(p.investment_yi for p in projects)}亿元" in remark
    assert by_id["cluster-totals"].verdict == "未说明"


def test_the_odd_wording_is_the_only_one(records, by_id):
    odd = {
        cluster.id
        for _, cluster in records.clusters()
        for target in cluster.targets
        if target.indicator == "revenue" and target.comparator != "预计超"
    }
    assert set(by_id["revenue-verb"].sides[0].records) == odd == {"001-key-08"}


SHARES = {"000": "000-target-01", "001": "001-target-04", "003": "003-target-02"}


def test_the_share_of_high_tech_value_added_in_three_documents(plan_records, by_id):
    """25 % in 2025 in each; with or without 左右, of 规模以上工业 or of 工业."""
    shares = {document: plan_records[name][1] for document, name in SHARES.items()}
    assert {(s.value, s.unit, s.year) for s in shares.values()} == {(25, "%", 2025)}
    assert {d: s.comparator for d, s in shares.items()} == {
        "000": "提高到…左右", "001": "达到", "003": "达到…左右"
    }  # fmt: skip
    assert {d: "占规模以上工业" in s.indicator for d, s in shares.items()} == {
        "000": True, "001": False, "003": False
    }  # fmt: skip
    wording, denominator = by_id["tech-share-wording"], by_id["tech-share-denominator"]
    assert [set(side.records) for side in wording.sides] == [
        {SHARES["000"], SHARES["003"]},
        {SHARES["001"]},
    ]
    assert wording.verdict == "表述不同"
    assert named(denominator) == set(SHARES.values())
    assert denominator.verdict == "口径不同"
    for side in denominator.sides:
        (name,) = side.records
        assert ("规模以上工业" in side.says) == (name == SHARES["000"])
        assert ("左右" in side.says) == (name != SHARES["001"])


def test_the_numbers_of_clusters_of_a_thousand(by_id, plan_records):
    row = by_id["thousand-yi-clusters-2025"]
    assert [plan_records[side.records[0]][0] for side in row.sides] == ["000", "001", "003"]
    assert [re.findall(r"\d+(?=个)", side.says) for side in row.sides] == [["4"], ["6"], []]
    assert row.verdict == "不可比"


def test_belts_and_regions(plan_records, by_id):
    row = by_id["belts-and-regions"]
    belts, regions = ([plan_records[name][1] for name in side.records] for side in row.sides)
    assert all(isinstance(r, LayoutUnit) and r.kind == "belt" for r in belts)
    assert all(isinstance(r, Region) for r in regions)


def test_what_was_inferred_is_compared_with_nothing(records, plan_records):
    inferred = {
        name
        for name, (_, record) in plan_records.items()
        if isinstance(record, LayoutUnit) and record.membership == "inferred"
    }
    compared = [c for c in records.comparisons if named(c) & inferred]
    assert len(compared) >= 6
    assert {c.verdict for c in compared} <= {"不可比", "未说明"}


def bare(name: str) -> str:
    return name.removesuffix("市")


def bases_of(records: Records, comparison: Comparison) -> list[set[str]]:
    """Return the real bases that each side with a base speaks of."""
    sides = [
        {m.base for n in s.records for _, m in mentions_of(records, n)} for s in comparison.sides
    ]
    return [side for side in sides if side]


def test_names_that_are_read_as_one_base_are_one(records):
    counted = Counter()
    for comparison in records.comparisons:
        remark = comparison.remark or ""
        sides = bases_of(records, comparison)
        if "读作一处" in remark:
            assert len(set.union(*sides)) == 1, comparison.id
            counted["one"] += 1
        if split := re.search("分作([两三])个(?!基地和)", remark):
            count = {"两": 2, "三": 3}[split[1]]
            assert len(set.union(*sides)) == count, comparison.id
            counted["several"] += 1
    assert counted["one"] > 5
    assert counted["several"] > 5


def test_every_base_under_several_names_is_compared(records):
    names: dict[str, set[str]] = {}
    for _, mention in records.base_mentions():
        names.setdefault(mention.base, set()).add(mention.name)
    compared = {
        base
        for comparison in records.comparisons
        if comparison.group == "names"
        for side in bases_of(records, comparison)
        for base in side
    }
    assert {base for base, known in names.items() if len(known) > 1} <= compared


def test_figures_of_a_side_are_those_of_its_records(records, plan_records):
    """A number with a unit in the words of a side is a figure of one of its records."""
    for comparison in records.comparisons:
        if comparison.group != "figures":
            continue
        for side in comparison.sides:
            said = "|".join(w for name in side.records for w in quoted_words(plan_records[name][1]))
            for number in re.findall(r"[\d.]+(?=%|亿元|万台|万家|家|个百分点)", side.says):
                assert re.search(rf"(?<![\d.]){number}(?![\d.])", said), (comparison.id, number)


def test_counts_of_a_side_are_those_of_its_records(by_id):
    assert len(by_id["manufacturing-plan-figures"].sides[0].records) == 12
    national, provincial = by_id["demonstration-bases-count"].sides[1:]
    assert (len(national.records), len(provincial.records)) == (4, 7)
    four, seven = by_id["emerging-industries-count"].sides
    assert (len(four.records), len(seven.records)) == (4, 7)


# -- the page ----------------------------------------------------------------------------------


def page() -> None:
    from types import SimpleNamespace

    from app.page import consistency
    from data import reader

    atlas = SimpleNamespace(records=reader.load(reader.PACKAGE_FOLDER))
    consistency.show(atlas)  # type: ignore[arg-type]


def test_the_page_shows_every_finding_and_filters_by_verdict(found):
    shown = AppTest.from_function(page, default_timeout=60).run()
    assert not shown.exception
    table = "".join(str(element.value) for element in shown.get("html"))
    assert table.count("<tr><td>") == len(found)
    assert all(f.topic in table and f.sides[0].says in table for f in found)
    shown.button_group[0].set_value(["不一致"]).run()
    table = "".join(str(element.value) for element in shown.get("html"))
    some = [f for f in found if f.verdict == "不一致"]
    assert table.count("<tr><td>") == len(some) < len(found)
    assert f"{len(some)} 项" in shown.caption[0].value
