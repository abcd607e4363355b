"""One rule decides which industry a record belongs to: clusters, targets, future industries."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from data import industries, reader
from data.faults import DataFaultsError
from layers.catalogue import KINDS
from layers.reading.view import View, select

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "make_industries_table.py"

# Read in document 001: which clusters a planner expects behind each industry, and no others.
CLUSTERS = {
    "it": {"key-02", "key-03", "key-06", "cultivated-01", "cultivated-03"},
    "equipment": {"key-04", "key-05", "key-06", "cultivated-02", "cultivated-08"},
    "materials": {"key-09", "cultivated-02", "cultivated-05", "cultivated-06"},
    "biology": {"key-01", "cultivated-04"},
    "nev": {"key-08", "cultivated-07", "cultivated-08"},
    "energy": {"key-07", "cultivated-02", "cultivated-07", "cultivated-08"},
    "environment": {"cultivated-08"},
    "digital-creative": {"key-06"},
    "future-blockchain": {"key-02"},
    "future-hydrogen": {"cultivated-08"},
}


@pytest.fixture
def filtered(atlas):
    def ids(layer: str, industry: str, year: int = 2025) -> set[str]:
        return set(select(atlas, layer, View(year=year, industries=(industry,)))["id"])

    return ids


def test_each_industry_has_its_clusters_and_no_others(records, filtered):
    found = {i.id: filtered("clusters", i.id) for i in records.industries}
    expected = {i: {f"clusters:001-{c}" for c in clusters} for i, clusters in CLUSTERS.items()}
    assert {i: clusters for i, clusters in found.items() if clusters} == expected


@pytest.mark.parametrize(
    ("industry", "target"),
    [
        ("it", "000-target-11"),  # 5,000 亿元
        ("it", "000-target-10"),  # three clusters of the 千亿级
        ("energy", "000-target-10"),  # one of them is 光伏
        ("it", "004-target-02"),  # Tianjin's
        ("it", "004-target-08"),  # names no industry; its plan is for one
        ("materials", "000-target-12"),  # 3,000 亿元
        ("nev", "001-target-01"),
    ],
)
def test_an_industry_s_targets_are_found(records, filtered, industry, target):
    year = next(s.year for _, s in records.statements() if s.id == target)
    assert f"targets:{target}" in filtered("targets", industry, year)


def test_targets_of_all_industries_belong_to_none(atlas):
    rows = atlas.frames["targets"].set_index("id")["industries"]
    assert rows["targets:000-target-01"] == ()
    assert rows["targets:001-target-03"] == ()


def test_future_industries_stand_with_what_they_lie_within(atlas, records):
    rows = atlas.frames["future-industries"].set_index("name")["industries"]
    assert "energy" in rows["绿色氢能产业"]
    assert "materials" in rows["前沿新材料产业"]
    assert "biology" in rows["基因与细胞产业"]
    strategic = {i.id for i in records.industries if i.group == "strategic"}
    for industry in records.industries:
        assert bool(industry.within) == (industry.group == "future")
        assert set(industry.within) <= strategic


def test_whatever_names_hydrogen_belongs_to_new_energy(records):
    """In every document, under any of its names: 氢能, 氢能与储能, 绿色氢能."""
    found = {
        (document, record.id): records.industries_of(document, record)
        for document, record in (*records.future(), *records.projects(), *records.base_mentions())
        if any("氢能" in word for word in record.industry)
    }
    assert {document for document, _ in found} == {"000", "001", "003"}
    assert all("energy" in ids for ids in found.values())


def test_a_word_alone_does_not_bring_in_the_parent(records):
    """Filtering by 区块链 must not show all of information technology."""
    assert records.industry_words["000"].industries["区块链"] == ("future-blockchain",)


def test_the_first_industry_is_that_of_the_name(atlas):
    rows = atlas.frames["clusters"].set_index("id")["industries"]
    assert rows["clusters:001-cultivated-08"][0] == "equipment"
    assert rows["clusters:001-cultivated-07"][0] == "energy"


def test_every_feature_of_these_layers_has_the_record_s_industries(atlas, records):
    by_id = {c.id: records.industries_of(d, c) for d, c in records.clusters()}
    for layer in (kind.id for kind in KINDS.values() if kind.cluster):
        for row in atlas.frames[layer].itertuples():
            assert row.industries == by_id[row.cluster_id]


# -- the vocabulary ----------------------------------------------------------------------------


def test_places_in_the_classification_are_titles_of_its_chapters(records):
    for term in records.industry_terms:
        for industry, source in term.industries.items():
            if source is None or not source.startswith("分类 "):
                continue
            owner = records.industry_vocabulary.industries[industry]
            place = source.removeprefix("分类 ")
            number, _, _title = place.partition(" ")
            assert place in owner.chapters or number == owner.source.rpartition(" ")[2], term


def test_a_doubtful_or_collective_word_says_why(records):
    """A word with several industries of which one is not verified has a reason."""
    silent = [
        t.term
        for t in records.industry_terms
        if t.reason is None and (not t.industries or None in tuple(t.industries.values())[1:])
    ]
    assert silent == []


def test_every_word_of_the_vocabulary_is_some_record_s(records):
    used = {w for plan in records.plans for r in plan.records() for w in industries.words(r)}
    used |= {word for document in records.documents for word in document.industry}
    assert {t.term for t in records.industry_terms} <= used


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("industry-terms.yaml", "{it: 分类 1.5 人工智能}", "{nothing: null}", "nothing"),
        ("industry-terms.yaml", "industries: {}, reason: 合称，不指单一产业", "industries: {}", ""),
        ("industry-terms.yaml", "- {term: 大数据,", "- {term: 互联网,", "互联网"),
        ("industries.yaml", "within: {it: null}", "within: {nowhere: null}", "nowhere"),
        ("documents.yaml", "industry: [新一代信息技术]", "industry: [没有的词]", "没有的词"),
    ],
)
def test_a_broken_vocabulary_is_a_fault(data_copy, file, old, new, said):
    path = data_copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFaultsError) as caught:
        reader.load(data_copy)
    assert file in str(caught.value)
    assert said in str(caught.value)


# -- the page in the docs ----------------------------------------------------------------------


def test_the_docs_show_each_cluster_with_the_words_that_lead_to_its_industries(records):
    spec = importlib.util.spec_from_file_location("make_industries_table", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (ROOT / "docs" / "industries.md").read_text(encoding="utf-8")
    assert written == module.page(records), "run: python scripts/make_industries_table.py"
    assert "| 邢台新能源产业集群 | 新能源汽车 | 新能源整车及部件 |" in written


def test_only_places_for_all_science_have_no_industry(atlas):
    """A base in a box has at least the industry of the box."""
    for layer in ("bases", "projects"):
        rows = atlas.frames[layer]
        without = set(rows.loc[rows["industries"].map(len) == 0, "name"])
        assert without == (
            {"涿州模式动物表型和遗传重大科技基础设施", "中科院雄安创新研究院", "雄安“科技自由港”"}
            if layer == "bases"
            else set()
        )
