"""The records say what the documents say: their sums, and sentence by sentence.

The sums need no documents. The rest reads each record's sentences, found by fingerprint, and
compares figure by figure and place by place; an invented document proves that the comparison bites.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from data.models import Cluster, ClusterSentences, PlaceList, Projects, Target
from data.reader import Records
from data.text import fingerprint, sentences

YEARS = (2023, 2025, 2027)


@pytest.fixture(scope="session")
def clusters(records: Records) -> Mapping[str, Cluster]:
    return {cluster.id: cluster for _, cluster in records.clusters()}


def revenue(clusters: Mapping[str, Cluster], year: int) -> list[int]:
    return [
        t.value
        for c in clusters.values()
        for t in c.targets
        if t.indicator == "revenue" and t.year == year
    ]


# -- sums --------------------------------------------------------------------------------------


def test_seventeen_clusters_are_nine_supported_and_eight_cultivated(clusters):
    assert Counter(c.tier for c in clusters.values()) == {"key": 9, "cultivated": 8}
    for tier, count in (("key", 9), ("cultivated", 8)):
        numbers = [c.number for c in clusters.values() if c.tier == tier]
        assert numbers == list(range(1, count + 1))


def test_places_mentioned(clusters):
    core = [c.core for c in clusters.values() if c.core]
    radiation = [c.radiation for c in clusters.values() if c.radiation]
    assert sum(len(c.places) for c in core) == 26
    assert sum(len(r.places) for r in radiation) == 35
    assert len(radiation) == 9


def test_only_xiongan_names_no_core_zone(clusters):
    assert {c.id: c.seat for c in clusters.values() if c.core is None} == {
        "001-cultivated-01": "雄安新区"
    }


def test_open_lists(clusters):
    assert [c.id for c in clusters.values() if c.core and c.core.open] == ["001-cultivated-05"]
    assert clusters["001-cultivated-05"].city == "沧州市"
    assert all(c.radiation.open for c in clusters.values() if c.radiation)


@pytest.mark.parametrize(("year", "count"), [(2023, 3), (2025, 6), (2027, 7)])
def test_clusters_of_a_thousand(clusters, year, count):
    assert sum(value >= 1000 for value in revenue(clusters, year)) == count


def test_clusters_of_two_thousand_in_2027(clusters):
    assert sum(value >= 2000 for value in revenue(clusters, 2027)) == 3


@pytest.mark.parametrize("year", YEARS)
def test_every_supported_cluster_and_no_other_has_a_revenue_target(clusters, year):
    with_target = {
        c.id
        for c in clusters.values()
        if any(t.indicator == "revenue" and t.year == year for t in c.targets)
    }
    assert with_target == {c.id for c in clusters.values() if c.tier == "key"}


def test_revenue_targets_grow(clusters):
    for cluster in clusters.values():
        values = [t.value for t in cluster.targets if t.indicator == "revenue"]
        assert values == sorted(set(values)), cluster.id


def test_comparators(clusters):
    wordings = {
        (c.id, t.year): t.comparator
        for c in clusters.values()
        for t in c.targets
        if t.indicator == "revenue"
    }
    assert wordings.pop(("001-key-08", 2027)) == "预计突破"
    assert set(wordings.values()) == {"预计超"}


def test_server_targets(clusters):
    servers = [
        (c.id, t.year, t.comparator, t.value, t.unit)
        for c in clusters.values()
        for t in c.targets
        if t.indicator == "servers"
    ]
    assert servers == [
        ("001-key-03", 2025, "达到", 400, "万台"),
        ("001-key-03", 2027, "超", 500, "万台"),
    ]


def test_projects_and_their_investment(clusters):
    projects = [c.projects for c in clusters.values() if c.projects]
    assert len(projects) == 9
    assert sum(p.count for p in projects) == 412
    assert sum(p.investment_yi for p in projects) == 2623
    assert {(p.year, p.investment_comparator) for p in projects} == {(2023, "约")}


def test_layout_is_one_core_two_poles_four_belts_two_wings(records):
    kinds = Counter(unit.kind for _, unit in records.layout())
    assert kinds == {"core": 1, "pole": 2, "belt": 4, "wing": 2}


def test_membership_that_no_document_states_is_inferred(records):
    inferred = {u.id for _, u in records.layout() if u.membership == "inferred"}
    assert inferred == {u.id for _, u in records.layout() if u.kind == "belt"} | {"002-wing-zb"}


def test_five_regions(records):
    assert [r.short_name for _, r in records.regions()] == [
        "雄安引领区",
        "石保廊优势区",
        "沿海转型区",
        "冀南集聚区",
        "张承示范区",
    ]


def test_every_document_has_its_form(records):
    assert {d.id: d.form for d in records.documents} == {
        "000": "digest",
        "001": "excerpt",
        "002": "digest",
        "003": "full-text",
        "004": "digest",
    }


# -- locators and fingerprints -----------------------------------------------------------------


def records_of(plan) -> list:
    return [*plan.clusters, *plan.layout, *plan.concepts, *plan.regions]


def fingerprints(record) -> dict[str, str]:
    """All sentences a record names: its own fields, and those of a cluster's `sentences`."""
    named = record.sentences if isinstance(record, Cluster) else record
    fields = ("name", "scope", "figures", "sentence", "name_sentence")
    return {
        field: value
        for field in fields
        if re.fullmatch("[0-9a-f]{64}", value := getattr(named, field, None) or "")
    }


def test_every_record_has_a_locator_and_a_fingerprint(records):
    for plan in records.plans:
        for record in records_of(plan):
            assert record.locator.strip(), record.id
            needed = {"name", "scope"} if isinstance(record, Cluster) else {"sentence"}
            assert needed <= set(fingerprints(record)), record.id


def test_a_cluster_is_located_by_its_tier_and_number(clusters):
    titles = {"key": "重点支持的产业集群", "cultivated": "重点培育的产业集群"}
    for cluster in clusters.values():
        assert cluster.locator == f"{titles[cluster.tier]} 第{cluster.number}个"


def test_no_two_clusters_share_a_sentence(clusters):
    used = Counter(f for c in clusters.values() for f in fingerprints(c).values())
    assert set(used.values()) == {1}
    # Three sentences for each cluster with figures, two for each without.
    assert len(used) == 9 * 3 + 8 * 2


# -- against the documents ---------------------------------------------------------------------

_CORE = re.compile(r"^以(?P<list>[^,;。]+)为核心承载区,")
_RADIATION = re.compile(r",辐射(?P<list>[^,;。]+?)(?P<open>等)?区域,")
_CLAUSE_YEAR = re.compile(r"^(?:到)?(?P<year>20\d\d)年,")


def discrepancies(cluster: Cluster, by_fingerprint: Mapping[str, str]) -> list[str]:
    """Compare a cluster with the sentences it names; an empty list says that all of it stands."""
    missing = [n for n, f in fingerprints(cluster).items() if f not in by_fingerprint]
    if missing:
        return [f"no sentence for {', '.join(missing)}"]
    found = {name: by_fingerprint[f] for name, f in fingerprints(cluster).items()}
    problems = []
    if found["name"] != f"{cluster.number}.{cluster.name}。":
        problems.append(f"name: {cluster.number} {cluster.name}")
    problems += [f"industry: {i}" for i in cluster.industry if i not in cluster.name]
    problems += _places(cluster, found["scope"])
    terms = (
        *(cluster.chains + cluster.links + cluster.directions),
        *(cluster.fields + cluster.products),
    )
    problems += [f"term: {t}" for t in terms if t not in found["scope"]]
    return problems + _figures(cluster, found.get("figures", ""))


def _places(cluster: Cluster, scope: str) -> list[str]:
    """Places are whole items of the core or of the radiation phrase, all of them, in order."""
    core, radiation = _CORE.search(scope), _RADIATION.search(scope)
    problems = []
    expected = None
    if core:
        words = core["list"]
        expected = PlaceList(
            places=tuple(words.removesuffix("等").split("、")), open=words.endswith("等")
        )
    if cluster.core != expected:
        problems.append(f"core: {cluster.core}")
    expected = None
    if radiation:
        expected = PlaceList(
            places=tuple(radiation["list"].split("、")), open=radiation["open"] is not None
        )
    if cluster.radiation != expected:
        problems.append(f"radiation: {cluster.radiation}")
    return problems


def _figures(cluster: Cluster, sentence: str) -> list[str]:
    """Figures stand with comparator and unit, as whole numbers, in the clause of their year."""
    clauses = {}
    for clause in filter(None, sentence.rstrip("。").split(";")):
        year = _CLAUSE_YEAR.search(clause)
        if year is None:
            return [f"clause without year: {clause}"]
        clauses[int(year["year"])] = clause
    subject = {"revenue": "营业收入", "servers": "运营服务器"}
    wanted = [
        (t.year, f"{subject[t.indicator]}{t.comparator}{t.value}{t.unit}") for t in cluster.targets
    ]
    if cluster.projects:
        p = cluster.projects
        wanted += [
            (p.year, f"推进{p.count}个重点项目建设"),
            (p.year, f"总投资{p.investment_comparator}{p.investment_yi}亿元"),
        ]
    problems = [f"figure: {year} {w}" for year, w in wanted if w not in clauses.get(year, "")]
    # And the other way round: no figure of the sentence is left out.
    figures = len(re.findall(r"\d+(?:亿元|万台|个重点项目)", sentence))
    if figures != len(wanted):
        problems.append(f"{figures} figures in the sentence, {len(wanted)} in the record")
    return problems


def retargeted(cluster: Cluster, change: Callable[[Target], dict]) -> Cluster:
    targets = tuple(t.model_copy(update=change(t)) for t in cluster.targets)
    return cluster.model_copy(update={"targets": targets})


def swap_years(cluster: Cluster) -> Cluster:
    swapped = {2023: 2025, 2025: 2027, 2027: 2023}
    return retargeted(cluster, lambda t: {"year": swapped[t.year]})


def drop_a_digit(cluster: Cluster) -> Cluster:
    """1500 becomes 500: the digits still stand in the sentence."""
    return retargeted(cluster, lambda t: {"value": int(str(t.value)[1:])})


def other_comparator(cluster: Cluster) -> Cluster:
    other = {"预计超": "预计突破", "预计突破": "预计超", "达到": "超", "超": "达到"}
    return retargeted(cluster, lambda t: {"comparator": other[t.comparator]})


def smaller_investment(cluster: Cluster) -> Cluster:
    """250 becomes 50, 900 becomes 90."""
    assert cluster.projects
    digits = str(cluster.projects.investment_yi)
    less = int(digits[1:]) or int(digits[:-1])
    projects = cluster.projects.model_copy(update={"investment_yi": less})
    return cluster.model_copy(update={"projects": projects})


def smaller_count(cluster: Cluster) -> Cluster:
    assert cluster.projects
    less = cluster.projects.count - 1
    return cluster.model_copy(
        update={"projects": cluster.projects.model_copy(update={"count": less})}
    )


def swap_lists(cluster: Cluster) -> Cluster:
    return cluster.model_copy(update={"core": cluster.radiation, "radiation": cluster.core})


def move_a_place(cluster: Cluster) -> Cluster:
    """The last radiation area becomes a core zone."""
    assert cluster.core
    assert cluster.radiation
    *kept, moved = cluster.radiation.places
    core = cluster.core.model_copy(update={"places": (*cluster.core.places, moved)})
    radiation = cluster.radiation.model_copy(update={"places": tuple(kept)})
    return cluster.model_copy(update={"core": core, "radiation": radiation})


def shorten_a_place(cluster: Cluster) -> Cluster:
    """石家庄高新区 becomes 高新区: part of an item is no item."""
    assert cluster.core
    first, *rest = cluster.core.places
    core = cluster.core.model_copy(update={"places": (first[1:], *rest)})
    return cluster.model_copy(update={"core": core})


def close_a_list(cluster: Cluster) -> Cluster:
    assert cluster.radiation
    closed = cluster.radiation.model_copy(update={"open": False})
    return cluster.model_copy(update={"radiation": closed})


def drop_a_target(cluster: Cluster) -> Cluster:
    return cluster.model_copy(update={"targets": cluster.targets[:-1]})


def other_number(cluster: Cluster) -> Cluster:
    return cluster.model_copy(update={"number": cluster.number + 1})


def other_figures_sentence(cluster: Cluster) -> Cluster:
    other = cluster.sentences.model_copy(update={"figures": cluster.sentences.scope})
    return cluster.model_copy(update={"sentences": other})


MUTATIONS = [
    swap_years,
    drop_a_digit,
    other_comparator,
    smaller_investment,
    smaller_count,
    swap_lists,
    move_a_place,
    shorten_a_place,
    close_a_list,
    drop_a_target,
    other_number,
    other_figures_sentence,
]

INVENTED = (
    "3.虚城造船产业集群。",
    "以虚城高新区、甲县为核心承载区，辐射虚城市乙区、丙县等区域，发展船体、船机等产业链条。",
    "2023年，推进80个重点项目建设，总投资约250亿元，营业收入预计超1500亿元；"
    "到2025年，营业收入预计超2500亿元，运营服务器达到30万台；到2027年，营业收入预计突破3500亿元。",
)


@pytest.fixture
def invented() -> Cluster:
    """A record of the invented document, right in every word."""
    name, scope, figures = map(fingerprint, INVENTED)
    return Cluster(
        id="x-key-03",
        number=3,
        tier="key",
        name="虚城造船产业集群",
        short_name="虚城造船",
        city="虚城市",
        locator="第3个",
        sentences=ClusterSentences(name=name, scope=scope, figures=figures),
        core=PlaceList(places=("虚城高新区", "甲县")),
        radiation=PlaceList(places=("虚城市乙区", "丙县"), open=True),
        industry=("造船",),
        chains=("船体", "船机"),
        positioning="—",
        projects=Projects(year=2023, count=80, investment_comparator="约", investment_yi=250),
        targets=(
            Target(indicator="revenue", year=2023, comparator="预计超", value=1500, unit="亿元"),
            Target(indicator="revenue", year=2025, comparator="预计超", value=2500, unit="亿元"),
            Target(indicator="servers", year=2025, comparator="达到", value=30, unit="万台"),
            Target(indicator="revenue", year=2027, comparator="预计突破", value=3500, unit="亿元"),
        ),
    )


def indexed(text: str) -> dict[str, str]:
    return {fingerprint(s): s for s in sentences(text)}


def test_the_comparison_accepts_a_right_record(invented):
    assert discrepancies(invented, indexed("".join(INVENTED))) == []


@pytest.mark.parametrize("mutate", MUTATIONS)
def test_the_comparison_bites(invented, mutate):
    assert discrepancies(mutate(invented), indexed("".join(INVENTED)))


def test_each_document_is_the_one_that_was_read(records, documents):
    for document in records.documents:
        assert fingerprint(documents[document.id]) == document.fingerprint, document.id


def test_every_fingerprint_is_that_of_a_sentence(records, documents):
    for plan in records.plans:
        known = indexed(documents[plan.document])
        for record in records_of(plan):
            assert set(fingerprints(record).values()) <= set(known), record.id


def test_clusters_stand_in_their_document(records, documents):
    for document, cluster in records.clusters():
        assert discrepancies(cluster, indexed(documents[document])) == [], cluster.id


@pytest.mark.parametrize("mutate", MUTATIONS)
def test_no_changed_cluster_stands_in_its_document(records, documents, mutate):
    for document, cluster in records.clusters():
        if cluster.tier == "key":
            assert discrepancies(mutate(cluster), indexed(documents[document])), cluster.id


def test_no_two_clusters_can_be_swapped(records, documents):
    """With another cluster's name, places or figures, no record stands in its document."""
    known = indexed(documents["001"])
    listed = [c for _, c in records.clusters()]
    for field in ("name", "core", "radiation", "projects", "targets"):
        for one, other in zip(listed, [*listed[1:], listed[0]], strict=True):
            if getattr(one, field) != getattr(other, field):
                swapped = one.model_copy(update={field: getattr(other, field)})
                assert discrepancies(swapped, known), (one.id, field)


def test_layout_units_are_named_as_the_document_lists_them(records, documents):
    known = indexed(documents["002"])
    title = {"core": "一核", "pole": "两极", "belt": "四带"}
    units = [unit for _, unit in records.layout()]
    for kind, heading in title.items():
        of_kind = [u for u in units if u.kind == kind]
        listed = "、".join(u.name for u in of_kind)
        for unit in of_kind:
            assert f"{heading}({listed})" in known[unit.sentence]
    wings = "、".join(u.name.removesuffix("（两翼之一）") for u in units if u.kind == "wing")
    assert all(f"{wings}“两翼”" in known[u.sentence] for u in units if u.kind == "wing")


def test_regions_list_members_and_industries_as_their_document_does(records, documents):
    known = indexed(documents["003"])
    for _, region in records.regions():
        name, sentence = known[region.name_sentence], known[region.sentence]
        assert region.name in name
        industries = "、".join(region.industries)
        assert f"重点发展{industries}{'等' * region.industries_open}" in sentence
        if region.integrated:
            fields = "、".join(region.integrated)
            assert f"在{fields}{'等' * region.integrated_open}领域" in sentence
        members = "、".join(region.members)
        assert sentence.startswith(members) or members in region.name
