"""The check against the documents' text holds what is right and catches what is changed.

An invented plan (tests/new_plan) proves it without any document: record by record and character
by character. Where the real documents are at hand (``JITU_DOCUMENTS``), every record must hold, and
every record with a wrong digit must fail.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.command import cli
from data import reader as data_library
from data.evidence import (
    DocumentText,
    changed_documents,
    documents_folder,
    quoted_words,
    read_documents,
    sentence_fingerprints,
    verify,
)
from data.models import (
    Action,
    BaseMention,
    Cluster,
    Concept,
    FutureIndustry,
    LayoutUnit,
    Plan,
    PlanRecord,
    Project,
    Region,
    Statement,
    SystemEntry,
)
from data.reader import Records
from data.text import fingerprint, sentences

FOLDER = Path(__file__).with_name("new_plan")
FIELDS: dict[type[PlanRecord], str] = {
    Cluster: "clusters",
    LayoutUnit: "layout",
    Concept: "concepts",
    Region: "regions",
    FutureIndustry: "future",
    BaseMention: "bases",
    Project: "projects",
    Statement: "statements",
    SystemEntry: "systems",
    Action: "actions",
}
# Numbers that say where a record stands, not what it says.
LOCATORS = {"box", "order"}
Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def invented(tmp_path_factory) -> Records:
    """The invented plan's records; the check reads no map, so names of two counties will do."""
    folder = tmp_path_factory.mktemp("evidence") / "data"
    shutil.copytree(FOLDER / "data", folder)
    counties = [("640105", "西夏区"), ("640106", "金凤区")]
    features = [
        {
            "type": "Feature",
            "properties": {
                "adcode": adcode,
                "name": name,
                "prefecture_adcode": "640100",
                "prefecture": "银川市",
            },
            "geometry": None,
        }
        for adcode, name in counties
    ]
    content = {"type": "FeatureCollection", "features": features}
    (folder / "boundaries").mkdir()
    (folder / "boundaries/counties.geojson").write_text(json.dumps(content), encoding="utf-8")
    return data_library.load(folder)


@pytest.fixture(scope="module")
def text() -> str:
    """The invented document."""
    return (FOLDER / "documents/x01.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def by_id(invented) -> dict[str, PlanRecord]:
    return {r.id: r for plan in invented.plans for r in plan.records()}


def failing(records: Records, text: str) -> set[str]:
    """Return the records of the invented plan that do not hold in `text`."""
    return {v.record for v in verify(records, {"x01": DocumentText(text)}) if not v.holds}


def problems(
    records: Records, document: str, record: PlanRecord, text: DocumentText
) -> tuple[str, ...]:
    """Return what is wrong with one record, alone in its document."""
    plan = Plan.model_construct(document=document, **{FIELDS[type(record)]: (record,)})
    (verdict,) = verify(replace(records, plans=(plan,)), {document: text})
    return verdict.problems


def changed(record: PlanRecord, change: Change) -> PlanRecord | None:
    """Return the record with `change` made to its values; ``None`` where the model refuses it."""
    values = record.model_dump(mode="json")
    before = json.dumps(values)
    change(values)
    assert json.dumps(values) != before, "nothing was changed"
    try:
        return type(record).model_validate_json(json.dumps(values, ensure_ascii=False))
    except ValidationError:
        return None


def caught(
    records: Records, document: str, record: PlanRecord, text: DocumentText, change: Change
) -> bool:
    """Return whether a changed record is refused by the model or by the check."""
    made = changed(record, change)
    return made is None or bool(problems(records, document, made, text))


# -- what is right -----------------------------------------------------------------------------


def test_every_record_of_the_invented_plan_holds(invented, text):
    verdicts = verify(invented, {"x01": DocumentText(text)})
    assert [(v.record, v.problems) for v in verdicts if not v.holds] == []
    assert len(verdicts) == sum(1 for plan in invented.plans for _ in plan.records())
    assert {v.kind for v in verdicts} == {
        "Cluster", "LayoutUnit", "FutureIndustry", "BaseMention", "Statement"
    }  # fmt: skip


def test_a_document_without_text_gives_no_verdicts(invented):
    assert verify(invented, {}) == []


@pytest.mark.parametrize("layout", ["<p>{}</p>", "<b>{}</b>\r\n", " {} \n", "{}\u3000\n"])
def test_another_page_layout_changes_nothing(invented, text, layout):
    page = "".join(layout.format(line) for line in text.splitlines())
    if layout == "<b>{}</b>\r\n":  # full-width digits, as some sites write them
        page = page.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert failing(invented, page) == set()


def test_a_locator_is_of_no_matter(invented, text, by_id):
    for record in by_id.values():
        moved = changed(record, lambda values: values.update(locator="别处"))
        assert moved is not None
        assert problems(invented, "x01", moved, DocumentText(text)) == ()


def test_sentences_and_words_of_a_record(by_id):
    cluster = by_id["x01-key-2"]
    assert len(sentence_fingerprints(cluster)) == 3
    words = quoted_words(cluster)
    assert {"中卫算力服务产业集群", "沙坡头区", "中宁县", "180", "30", "96"} <= set(words)
    # Years stand in every sentence: marking them would mark nothing.
    assert not {"2026", "2028", "2030"} & set(words)
    assert [len(w) for w in words] == sorted((len(w) for w in words), reverse=True)


# -- what is changed in a record ---------------------------------------------------------------


def target(position: int, **values: Any) -> Change:
    return lambda cluster: cluster["targets"][position].update(values)


def projects(**values: Any) -> Change:
    return lambda cluster: cluster["projects"].update(values)


def field(**values: Any) -> Change:
    return lambda record: record.update(values)


def swap_years(cluster: dict[str, Any]) -> None:
    """1500 and 2500 both stand in the sentence, each in the clause of its year."""
    one, other = cluster["targets"][1], cluster["targets"][2]
    one["value"], other["value"] = other["value"], one["value"]


def swap_lists(cluster: dict[str, Any]) -> None:
    cluster["core"], cluster["radiation"] = cluster["radiation"], cluster["core"]


def swap_names(cluster: dict[str, Any]) -> None:
    core, radiation = cluster["core"]["places"], cluster["radiation"]["places"]
    core[0], radiation[0] = radiation[0], core[0]


def drop(role: str, position: int) -> Change:
    return lambda record: record[role]["places"].pop(position)


def add(role: str, name: str) -> Change:
    return lambda record: record[role]["places"].append(name)


def opened(role: str, *, is_open: bool) -> Change:
    return lambda record: record[role].update(open=is_open)


MUTATIONS: list[tuple[str, str, Change]] = [
    ("two years swapped", "x01-key-1", swap_years),
    ("year moved", "x01-key-1", target(1, year=2029)),
    ("250 becomes 50", "x01-key-1", projects(investment_yi=50)),
    ("1500 becomes 500", "x01-key-1", target(1, value=500)),
    ("1500 becomes 150", "x01-key-1", target(1, value=150)),
    ("projects of another year", "x01-key-1", projects(year=2028)),
    ("number of projects", "x01-key-1", projects(count=5)),
    ("count for investment", "x01-key-1", projects(count=250, investment_yi=25)),
    ("wording changed", "x01-key-1", target(2, comparator="预计超")),
    ("wording of another year", "x01-key-1", target(1, comparator="预计突破")),
    ("servers for revenue", "x01-key-2", target(2, indicator="revenue", unit="亿元", year=2027)),
    ("servers' wording", "x01-key-2", target(2, comparator="超")),
    ("servers' years swapped", "x01-key-2", target(2, value=50)),
    ("unit changed", "x01-key-2", target(2, unit="亿元")),
    ("core and radiation swapped", "x01-key-1", swap_lists),
    ("a core place and a radiation place swapped", "x01-key-1", swap_names),
    ("a core place dropped", "x01-key-1", drop("core", 1)),
    ("the first radiation place dropped", "x01-key-1", drop("radiation", 0)),
    ("the last radiation place dropped", "x01-key-1", drop("radiation", -1)),
    ("a core place added", "x01-key-1", add("core", "永宁县")),
    ("a radiation place added", "x01-key-1", add("radiation", "贺兰县")),
    ("a place cut short", "x01-key-1", field(core={"places": ["星河高新区", "贺兰县"]})),
    ("等 dropped", "x01-key-1", opened("radiation", is_open=False)),
    ("等 added to the core", "x01-key-1", opened("core", is_open=True)),
    ("等 added", "x01-key-2", opened("radiation", is_open=True)),
    ("no core", "x01-key-1", field(core=None, seat="银川市")),
    ("no radiation", "x01-key-1", field(radiation=None)),
    ("a cluster's name", "x01-key-1", field(name="银川光伏产业集群")),
    ("a cluster's number", "x01-key-1", field(number=2)),
    ("a chain that is not there", "x01-key-1", field(chains=["硅片", "电池"])),
    ("a chain cut short", "x01-key-1", field(chains=["硅"])),
    ("a pole's name", "x01-pole-zw", field(name="中卫增长极")),
    ("a pole for a belt", "x01-pole-zw", field(kind="belt")),
    ("a belt for a pole", "x01-belt-west", field(kind="pole")),
    ("a stated member that is not there", "x01-core", field(members=["吴忠市"])),
    ("a future industry's name", "x01-future-1", field(name="星光信息产业")),
    ("a future industry's place", "x01-future-1", field(places={"places": ["银川", "固原市"]})),
    ("a future industry's field", "x01-future-1", field(fields=["星尘感知", "星尘计算"])),
    ("half a field", "x01-future-1", field(fields=["星尘"])),
    ("a base's name", "x01-base-1", field(name="石嘴山电容器材料")),
    ("a base's suffix", "x01-base-1", field(suffix="产业园")),
    ("a base's place", "x01-base-1", field(places=["银川"])),
    ("a base's level", "x01-base-3", field(level="省级")),
    ("a statement's value", "x01-target-2", field(value=50)),
    ("a statement's value cut short", "x01-target-1", field(value=2)),
    ("a statement's year", "x01-target-2", field(year=2028)),
    ("a statement of another sentence's year", "x01-fact-1", field(year=2030)),
    ("a statement's unit", "x01-target-2", field(unit="个")),
    ("a statement's wording", "x01-target-2", field(comparator="突破")),
    ("a statement's baseline", "x01-target-3", field(baseline_value=5.0)),
    ("decimals dropped", "x01-target-3", field(baseline_value=3.0)),
    ("a figure for words", "x01-target-1", field(value=None, value_text="一批")),
    ("a future list closed", "x01-future-1", opened("places", is_open=False)),
    ("another base's place", "x01-base-1", field(places=["吴忠利通"])),
    ("a target dropped", "x01-key-1", lambda cluster: cluster["targets"].pop()),
    ("a chain dropped", "x01-key-1", lambda cluster: cluster["chains"].pop()),
    ("a list of chains closed", "x01-key-1", field(chains_open=False)),
    ("a future place dropped", "x01-future-1", drop("places", 0)),
    ("future places forgotten", "x01-future-1", field(places=None)),
    ("two statements swapped", "x01-target-3", field(value=3.5, baseline_value=6.0)),
    ("another figure's wording", "x01-target-2", field(comparator="达到…左右")),
    ("part of a unit", "x01-fact-1", field(unit="万")),
    ("another base's level", "x01-base-1", field(level="国家级")),
    ("another unit's members", "x01-pole-zw", field(members=["石嘴山市"])),
    ("another unit's name", "x01-pole-zw", field(name="石嘴山转型增长极")),
]


def cases(listed: list[tuple[str, str, Change]], *marks: Any) -> list[Any]:
    return [pytest.param(record, change, id=what, marks=marks) for what, record, change in listed]


@pytest.mark.parametrize(
    ("record", "change"),
    cases(MUTATIONS),
)
def test_a_changed_record_fails(invented, text, by_id, record, change):
    assert caught(invented, "x01", by_id[record], DocumentText(text), change)


FIGURES = ("targets", "projects")
PLACES = ("core", "radiation", "seat")


def with_parts(one: Cluster, other: Cluster, *names: str) -> Cluster:
    return one.model_copy(update={name: getattr(other, name) for name in names})


def with_sentences(one: Cluster, other: Cluster, *names: str) -> Cluster:
    parts = {name: getattr(other.sentences, name) for name in names}
    return one.model_copy(update={"sentences": one.sentences.model_copy(update=parts)})


@pytest.mark.parametrize(
    "swap",
    [
        pytest.param(lambda a, b: with_parts(a, b, *FIGURES), id="figures"),
        pytest.param(
            lambda a, b: with_sentences(with_parts(a, b, *FIGURES), b, "figures"),
            id="figures and their fingerprint",
        ),
        pytest.param(lambda a, b: with_parts(a, b, "core", "radiation"), id="places"),
        pytest.param(
            lambda a, b: with_sentences(
                with_parts(a, b, "core", "radiation", "chains"), b, "scope"
            ),
            id="places and their fingerprint",
        ),
        pytest.param(lambda a, b: with_parts(a, b, "name", "number"), id="names"),
        pytest.param(
            lambda a, b: with_sentences(with_parts(a, b, "name", "number"), b, "name"),
            id="names and their fingerprint",
        ),
        pytest.param(lambda a, b: with_parts(a, b, "sentences"), id="fingerprints"),
    ],
)
def test_two_clusters_swapped_fail(invented, text, by_id, swap):
    one, other = by_id["x01-key-1"], by_id["x01-key-2"]
    for a, b in ((one, other), (other, one)):
        assert problems(invented, "x01", swap(a, b), DocumentText(text))


# -- any digit of any figure -------------------------------------------------------------------


def numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], float]]:
    """Yield (path, number) of every figure in a record's values."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key not in LOCATORS:
                yield from numbers(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from numbers(item, (*path, position))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, value


def other_digits(number: float) -> Iterator[float]:
    """Yield every number that differs from `number` in one digit."""
    written = f"{number:g}"
    for place, old in enumerate(written):
        for new in "0123456789" if old.isdigit() else "":
            if new != old:
                digits = written[:place] + new + written[place + 1 :]
                yield float(digits) if "." in digits else int(digits)


def set_at(path: tuple[Any, ...], number: float) -> Change:
    def change(values: dict[str, Any]) -> None:
        for step in path[:-1]:
            values = values[step]
        values[path[-1]] = number

    return change


def figures(record: PlanRecord) -> list[tuple[tuple[Any, ...], float]]:
    return list(numbers(record.model_dump(mode="json")))


def test_every_figure_is_looked_at(by_id):
    found = {record.id: len(figures(record)) for record in by_id.values()}
    # Number, three or five targets (year and value) and three figures of the projects.
    assert (found["x01-key-1"], found["x01-key-2"]) == (1 + 2 * 3 + 3, 1 + 2 * 5 + 3)
    assert (found["x01-target-1"], found["x01-target-3"]) == (2, 3)
    assert sum(found.values()) == 33


@settings(max_examples=150)
@given(data=st.data())
def test_any_other_digit_of_any_figure_fails(invented, text, by_id, data):
    record = data.draw(st.sampled_from([r for r in by_id.values() if figures(r)]))
    path, number = data.draw(st.sampled_from(figures(record)))
    other = data.draw(st.sampled_from(list(other_digits(number))))
    change = set_at(path, other)
    assert caught(invented, "x01", record, DocumentText(text), change), (path, number, other)


# -- any character of the text -----------------------------------------------------------------


def standing_on(by_id: Mapping[str, PlanRecord], lost: set[str]) -> set[str]:
    return {r.id for r in by_id.values() if not lost.isdisjoint(sentence_fingerprints(r))}


@settings(max_examples=200)
@given(data=st.data())
def test_any_other_character_fails_the_records_that_stand_on_it_and_no_others(
    invented, text, by_id, data
):
    place = data.draw(st.integers(0, len(text) - 1))
    new = data.draw(st.sampled_from("0159亿万超等、，；。县区某\n"))
    other = text[:place] + new + text[place + 1 :]
    kept = set(map(fingerprint, sentences(other)))
    lost = set(map(fingerprint, sentences(text))) - kept
    assume(lost)
    assert failing(invented, other) == standing_on(by_id, lost)
    assert changed_documents(invented, {"x01": DocumentText(other)}) == ["x01"]


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("总投资约250亿元", "总投资约50亿元", {"x01-key-1"}),
        ("预计超1500亿元", "预计超500亿元", {"x01-key-1"}),
        ("达到30万台", "达到3万台", {"x01-key-2"}),
        ("2030年，产业集群营业收入预计突破", "2029年，产业集群营业收入预计突破", {"x01-key-1"}),
        ("、灵武市、", "、", {"x01-key-1"}),
        ("海原县区域", "海原县等区域", {"x01-key-2"}),
        ("青铜峡市等区域", "青铜峡市区域", {"x01-key-1"}),
        ("沙坡头区为核心承载区，辐射中宁县", "中宁县为核心承载区，辐射沙坡头区", {"x01-key-2"}),
        ("2.中卫算力服务", "3.中卫算力服务", {"x01-key-2"}),
        ("12%左右", "21%左右", {"x01-target-1", "x01-target-2", "x01-target-3"}),
        ("4200万千瓦", "420万千瓦", {"x01-fact-1"}),
        ("吴忠利通乳制品", "灵武乳制品", {f"x01-base-{n}" for n in range(1, 5)}),
        ("银川、中卫市等聚焦", "银川市等聚焦", {"x01-future-1"}),
    ],
)
def test_a_changed_text_fails(invented, text, old, new, lost):
    assert text.count(old) == 1
    assert failing(invented, text.replace(old, new)) == lost


def test_two_clusters_swapped_in_the_text_fail(invented, text):
    """Every sentence is still in the document, but in another order."""
    one = text[text.index("2026年，加快推进25个") : text.index("2.中卫")]
    other = text[text.index("2026年，加快推进12个") : text.index("未来产业\n")]
    swapped = text.replace(one, "@").replace(other, one).replace("@", other)
    assert sorted(sentences(swapped)) == sorted(sentences(text))
    assert failing(invented, swapped) == {"x01-key-1", "x01-key-2"}


def test_sentences_that_no_record_stands_on_may_change(invented, text):
    other = text.replace("本文为测试而虚构", "这篇文字是虚构的")
    assert failing(invented, other) == set()
    assert changed_documents(invented, {"x01": DocumentText(other)}) == ["x01"]


def test_a_document_as_it_was_read_has_not_changed(invented, text):
    assert changed_documents(invented, {"x01": DocumentText(text)}) == []
    assert changed_documents(invented, {"x01": DocumentText(f"<p>{text}</p>")}) == []
    assert changed_documents(invented, {}) == []


# -- what other documents write ----------------------------------------------------------------


def statement(sentence: str, **values: Any) -> Statement:
    return Statement(
        id="s", kind="target", scope="全区", indicator="规模", locator="—",
        sentence=fingerprint(sentence), **values,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("到2030年，规模达到3—5万亩。", {"value": 3, "value_high": 5, "unit": "万亩"}),
        ("到2030年，规模达到3-5万亩。", {"value": 3, "value_high": 5, "unit": "万亩"}),
        ("到2030年，规模达到300多家。", {"value": 300, "unit": "家"}),
        ("到2030年，规模达到0.35微米。", {"value": 0.35, "unit": "微米"}),
        ("到2030年，规模达到123456家。", {"value": 123456, "unit": "家"}),
        ("到2030年，引进一批企业。", {"value_text": "一批"}),
        ("2028年，规模达到5家；到2030年，规模达到9家。", {"value": 9, "unit": "家"}),
        pytest.param(
            "到2030年，规模达到1234567家。",
            {"value": 1234567, "unit": "家"},
            id="seven digits",
        ),
        pytest.param(
            "到2030年，规模达到1,500家。",
            {"value": 1500, "unit": "家"},
            id="thousands",
        ),
        pytest.param(
            "2028年规模达到5家，2030年规模达到9家。",
            {"value": 9, "unit": "家"},
            id="years parted by commas",
        ),
    ],
)
def test_a_right_statement_holds(invented, sentence, values):
    record = statement(sentence, year=2030, **values)
    assert problems(invented, "x01", record, DocumentText(sentence)) == ()


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("到2030年，规模达到1500家。", {"value": 500, "unit": "家"}),
        ("到2030年，规模达到1500家。", {"value": 150, "unit": "家"}),
        ("到2030年，规模达到3.5家。", {"value": 5, "unit": "家"}),
        ("到2030年，规模达到3.5家。", {"value": 3, "unit": "家"}),
        ("到2030年，规模达到35%。", {"value": 35, "unit": "家"}),
        ("到2030年，规模达到3—5家。", {"value": 3, "unit": "家"}),
        ("2028年，规模达到5家；到2030年，规模达到9家。", {"value": 5, "unit": "家"}),
        ("到2028年规模达到5家，到2030年规模达到9家。", {"value": 5, "unit": "家"}),
        ("到2028年，规模达到5家。", {"value": 5, "unit": "家"}),
        ("到2030年，引进一批企业。", {"value_text": "若干"}),
        pytest.param(
            "到2030年，规模达到1,500家。",
            {"value": 500, "unit": "家"},
            id="500 out of 1,500",
        ),
        pytest.param(
            "到2030年，规模达到3—5家。",
            {"value": 5, "unit": "家"},
            id="half a range",
        ),
        pytest.param(
            "2030年规模达到5家，2035年规模达到9家。",
            {"value": 9, "unit": "家"},
            id="years parted by commas",
        ),
        pytest.param(
            "到2030年，专利达到5件，企业达到9家，规模达到7家。",
            {"value": 9, "unit": "家"},
            id="another indicator's figure",
        ),
        pytest.param(
            "到2030年，规模由2025年的5家提高到9家。",
            {"value": 9, "unit": "家", "baseline_year": 2024},
            id="another baseline year",
        ),
    ],
)
def test_a_wrong_statement_fails(invented, sentence, values):
    record = statement(sentence, year=2030, **values)
    assert problems(invented, "x01", record, DocumentText(sentence))


def test_a_year_taken_from_elsewhere_stands_there(invented):
    text = "到2030年，全区再上台阶。规模达到9家。"
    record = statement("规模达到9家。", value=9, unit="家", year=2031, year_source="首句")
    assert problems(invented, "x01", record, DocumentText(text))


@pytest.mark.parametrize("words", ["三带", "两带"])
def test_another_number_of_belts(invented, by_id, words):
    """Another province need not have four belts; adding its plan needs no code."""
    sentence = f"构建“{words}（沿河制造产业带、西山葡萄酒产业带）”格局。"
    belt = by_id["x01-belt-river"].model_copy(update={"sentence": fingerprint(sentence)})
    assert problems(invented, "x01", belt, DocumentText(sentence)) == ()


REGION = (
    "1.河套新兴产业区。银川、吴忠、中卫借力虚构优势，重点发展光伏、算力等产业，"
    "在风电、储能等领域深化融合发展。"
)


@pytest.fixture(scope="module")
def region() -> Region:
    name, sentence = sentences(REGION)
    return Region(
        id="r", name="河套新兴产业区", short_name="河套", members=("银川", "吴忠市", "中卫"),
        industries=("光伏", "算力"), industries_open=True, integrated=("风电", "储能"),
        integrated_open=True, locator="—", name_sentence=fingerprint(name),
        sentence=fingerprint(sentence),
    )  # fmt: skip


def test_a_region_holds(invented, region):
    assert problems(invented, "x01", region, DocumentText(REGION)) == ()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(field(name="河套产业区"), id="name"),
        pytest.param(field(members=["银川", "吴忠", "固原"]), id="another member"),
        pytest.param(field(members=["银川", "吴忠", "光伏"]), id="an industry for a member"),
        pytest.param(field(industries=["光伏", "云计算"]), id="another industry"),
        pytest.param(field(integrated=["风"]), id="half a field"),
        pytest.param(field(members=["银川", "吴忠"]), id="a member dropped"),
        pytest.param(field(members=["固原"]), id="one member left"),
        pytest.param(field(industries=["光伏"]), id="an industry dropped"),
        pytest.param(
            field(industries=["风电", "储能"], integrated=["光伏", "算力"]),
            id="fields for industries",
        ),
        pytest.param(field(industries_open=False), id="等 dropped"),
    ],
)
def test_a_changed_region_fails(invented, region, change):
    assert caught(invented, "x01", region, DocumentText(REGION), change)


def test_a_heading_may_carry_a_part(invented):
    entry = SystemEntry(
        id="s", system="3+4", group="优势产业", industry="能源", parts=("风能", "储能"),
        locator="—", sentence=fingerprint("发展能源产业。"),
    )  # fmt: skip
    assert (
        problems(invented, "x01", entry, DocumentText("发展能源产业。\n风能。突破机组。\n储能。"))
        == ()
    )
    (problem,) = problems(
        invented, "x01", entry, DocumentText("发展能源产业。\n风能。发展储能装备。")
    )
    assert "储能" in problem


# -- the folder and the command ----------------------------------------------------------------


def test_documents_are_found_by_the_beginning_of_their_names(invented, tmp_path, text):
    for name in ("x011.txt", "x0.txt", "notes.txt"):
        (tmp_path / name).write_text("另一文件", encoding="utf-8")
    with pytest.raises(FileNotFoundError, match="name each file after its id"):
        read_documents(tmp_path, invented)
    (tmp_path / "x01_虚构.txt").write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    found = read_documents(tmp_path, invented)
    assert list(found) == ["x01"]
    assert failing(invented, text) == set()
    assert changed_documents(invented, found) == []


def test_the_folder_comes_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.delenv("JITU_DOCUMENTS", raising=False)
    assert documents_folder() is None
    monkeypatch.setenv("JITU_DOCUMENTS", str(tmp_path))
    assert documents_folder() == tmp_path


@pytest.fixture
def jitu(monkeypatch, invented, capsys) -> Callable[..., tuple[int, str, str]]:
    """Run the command line on the invented plan; return status, output and errors."""
    monkeypatch.setenv("JITU_DATA", str(invented.folder))
    monkeypatch.delenv("JITU_DOCUMENTS", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.run(list(arguments))
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return run


def test_verify_says_how_many_records_hold(jitu):
    assert jitu("verify", "--documents", str(FOLDER / "documents")) == (
        0,
        "x01: 18 of 18 records hold\n",
        "",
    )


def test_verify_names_each_record_that_holds_when_asked(jitu, by_id):
    _, out, _ = jitu("verify", "--documents", str(FOLDER / "documents"), "--verbose")
    lines = out.splitlines()
    assert {line.split()[1] for line in lines[:-1]} == set(by_id)
    assert all(line.endswith(": holds") for line in lines[:-1])


def test_verify_says_what_fails_and_why(jitu, tmp_path, text):
    (tmp_path / "x01.txt").write_text(text.replace("1500", "500"), encoding="utf-8")
    status, out, err = jitu("verify", "--documents", str(tmp_path))
    assert status == 1
    assert "x01: the text is not the one that was read" in out
    assert "x01 x01-key-1 (重点支持的产业集群 第1个): its sentence is not in the document" in out
    assert "x01: 17 of 18 records hold" in out
    assert err == "jitu: 1 of 18 records do not hold\n"


def test_verify_refuses_a_folder_it_cannot_read(jitu, tmp_path):
    def refused() -> str:
        status, out, err = jitu("verify", "--documents", str(tmp_path / "documents"))
        assert (status, out, len(err.splitlines())) == (1, "", 1)
        return err

    assert "no document in" in refused()
    (tmp_path / "documents").mkdir()
    assert "no document in" in refused()
    (tmp_path / "documents/x01.txt").write_bytes("虚构".encode("gb18030"))
    assert "utf-8" in refused()


def test_verify_asks_for_the_folder(jitu):
    assert jitu("verify") == (2, "", "jitu: name the folder of the documents: --documents DIR\n")


# -- the real documents ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def texts(documents: Mapping[str, str]) -> dict[str, DocumentText]:
    return {document: DocumentText(text) for document, text in documents.items()}


def real_records(records: Records) -> list[tuple[str, PlanRecord]]:
    return [(plan.document, record) for plan in records.plans for record in plan.records()]


def test_every_record_holds_against_its_document(records, texts):
    verdicts = verify(records, texts)
    assert [(v.document, v.record, v.problems) for v in verdicts if not v.holds] == []
    assert len(verdicts) == len(real_records(records))
    assert changed_documents(records, texts) == []


def test_jitu_verify_holds(documents, monkeypatch, capsys):
    monkeypatch.delenv("JITU_DATA", raising=False)
    with pytest.raises(SystemExit) as left:
        cli.run(["verify", "--documents", str(documents_folder())])
    said = capsys.readouterr()
    assert (left.value.code, said.err) == (0, "")
    assert len(said.out.splitlines()) == len(documents)


def wrong_digits(
    records: Records, texts: Mapping[str, DocumentText], kind: type[PlanRecord]
) -> Iterator[tuple[str, tuple[Any, ...], float, float]]:
    """Yield (record, path, number, other number) of every wrong digit that passes."""
    for document, record in real_records(records):
        if not isinstance(record, kind):
            continue
        for path, number in figures(record):
            for other in other_digits(number):
                if not caught(records, document, record, texts[document], set_at(path, other)):
                    yield record.id, path, number, other


def test_any_other_digit_of_any_cluster_fails(records, texts):
    assert list(wrong_digits(records, texts, Cluster)) == []


def test_any_other_digit_of_any_statement_fails(records, texts):
    assert list(wrong_digits(records, texts, Statement)) == []


def test_only_clusters_and_statements_have_figures(records):
    counted = {type(record) for _, record in real_records(records) if figures(record)}
    assert counted == {Cluster, Statement}


@settings(derandomize=True, max_examples=100)
@given(data=st.data())
def test_any_other_number_fails(records, texts, data):
    """Any number at all, not only one with another digit, in any cluster of the documents."""
    document, record = data.draw(st.sampled_from(list(records.clusters())))
    path, number = data.draw(st.sampled_from(figures(record)))
    other = data.draw(st.integers(1, 9999))
    assume(other != number)
    assert caught(records, document, record, texts[document], set_at(path, other))


def test_no_two_clusters_can_swap_their_figures(records, texts):
    clusters = [c for _, c in records.clusters() if c.targets]
    for one in clusters:
        for other in clusters:
            if one is other:
                continue
            swapped = with_parts(one, other, *FIGURES)
            assert problems(records, "001", swapped, texts["001"]), (one.id, other.id)
            swapped = with_sentences(swapped, other, "figures")
            assert problems(records, "001", swapped, texts["001"]), (one.id, other.id)


def test_no_two_clusters_can_swap_their_places(records, texts):
    clusters = [c for _, c in records.clusters()]
    for one in clusters:
        for other in clusters:
            if one is other:
                continue
            swapped = with_parts(one, other, *PLACES)
            assert problems(records, "001", swapped, texts["001"]), (one.id, other.id)
            swapped = with_sentences(swapped, other, "scope")
            assert problems(records, "001", swapped, texts["001"]), (one.id, other.id)


def test_no_cluster_can_lose_a_place(records, texts):
    for document, cluster in records.clusters():
        for role in ("core", "radiation"):
            listed = getattr(cluster, role)
            for place in listed.places if listed else ():
                left = tuple(p for p in listed.places if p != place)
                less = listed.model_copy(update={"places": left})
                lost = cluster.model_copy(update={role: less})
                assert problems(records, document, lost, texts[document]), (cluster.id, place)


def test_no_base_can_take_another_name_or_place(records, texts):
    """A name or place from elsewhere in the document is not in the mention's sentence."""
    mentions = list(records.base_mentions())
    for document, mention in mentions:
        sentence = texts[document].find(mention.sentence)
        assert sentence is not None
        for other_document, other in mentions:
            if other_document == document and other.name not in sentence:
                renamed = mention.model_copy(update={"name": other.name})
                assert problems(records, document, renamed, texts[document]), mention.id
                break
        moved = mention.model_copy(update={"places": ("银川",)})
        assert problems(records, document, moved, texts[document]), mention.id
