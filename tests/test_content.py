"""The whole content: nothing lost between records and layers, and nothing said twice.

Each record of each kind is on a layer, in the document view, or listed with the reason why it is
not on the map. Where the documents are at hand, the count of what they name is held against them.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
import shapely

from data import reader as data_library
from data.evidence import DocumentText, quoted_words, sentence_fingerprints
from data.models import (
    Action,
    BaseMention,
    Concept,
    FutureIndustry,
    PlanRecord,
    Project,
    Statement,
    SystemEntry,
)
from data.reader import Records
from layers.atlas import Atlas
from layers.catalogue import KINDS, build_atlas
from layers.formats.export import export
from layers.kinds.bases import KIND as BASES
from layers.reading.details import describe_feature, feature_row
from layers.reading.feature_records import records_of
from layers.reading.profile import profile, unmapped
from layers.reading.query import view_from
from layers.reading.view import View, select

NEW = ("future-industries", "bases", "projects", "targets")


def all_records(records: Records) -> list[tuple[str, PlanRecord]]:
    return [(plan.document, record) for plan in records.plans for record in plan.records()]


def rows(atlas: Atlas, layer: str) -> list[dict[str, Any]]:
    return atlas.frames[layer].to_dict("records")


# -- nothing is lost ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def on_layers(atlas) -> Counter[str]:
    """How many features stand for each record; a cluster is on four layers."""
    return Counter(
        record.id
        for layer, frame in atlas.frames.items()
        for name in frame["id"]
        for _, record in records_of(atlas, name)
        if not layer.startswith("admin-")
    )


def is_mapped(records: Records, record: PlanRecord) -> bool:
    """Whether a record is to be on a layer, by what it says itself."""
    if isinstance(record, BaseMention):
        return bool({b.id: b for b in records.bases}[record.base].places)
    if isinstance(record, FutureIndustry | Project):
        return bool(record.places)
    if isinstance(record, Statement):
        return record.kind == "target"
    return not isinstance(record, Concept | SystemEntry | Action)


def test_every_record_that_can_be_mapped_is_on_a_layer_and_no_other(records, on_layers):
    expected = {r.id for _, r in all_records(records) if is_mapped(records, r)}
    assert set(on_layers) == expected


def test_every_other_record_is_in_the_document_view(atlas, records):
    for document in records.document_by_id:
        found = profile(atlas, f"document:{document}")
        assert found is not None
        counted = {heading: len(entries) for heading, entries in found.sections}
        own = [r for d, r in all_records(records) if d == document]
        statements = [r for r in own if isinstance(r, Statement)]
        actions = [r for r in own if isinstance(r, Action)]
        expected = {
            "现状数据（不是目标）": sum(s.kind == "fact" for s in statements),
            "政策参数与技术规格": sum(s.kind in ("policy", "specification") for s in statements),
            "行动": sum(a.kind == "action" for a in actions),
            "保障措施": sum(a.kind == "safeguard" for a in actions),
            "产业体系": sum(isinstance(r, SystemEntry) for r in own),
            "未上图的记录": sum(
                isinstance(r, Concept | FutureIndustry | BaseMention | Project)
                and not is_mapped(records, r)
                for r in own
            ),
        }
        assert {h: counted.get(h, 0) for h in expected} == expected, document


def test_what_is_not_mapped_is_listed_with_a_reason(atlas, records):
    for document in records.document_by_id:
        for entry in unmapped(atlas, document):
            name, _, reason = entry.text.partition("：")
            assert name.strip(), entry
            assert len(reason.strip()) > 3, entry
            assert "None" not in entry.text
            assert entry.citations, entry


def test_every_mention_s_base_exists_and_every_base_is_mentioned(records):
    mentioned = {mention.base for _, mention in records.base_mentions()}
    assert mentioned == {base.id for base in records.bases}


def test_a_base_is_one_feature_with_all_its_mentions(atlas, records):
    mentions = Counter(mention.base for _, mention in records.base_mentions())
    placed = {base.id for base in records.bases if base.places}
    found = {row["id"].removeprefix("bases:"): row for row in rows(atlas, "bases")}
    assert set(found) == placed
    assert {i: row["mentions"] for i, row in found.items()} == {i: mentions[i] for i in placed}
    for row in found.values():
        assert len(row["sources"].split("；")) == row["mentions"]
        assert row["document"] == row["documents"][0]


def test_mentions_under_different_names_say_why_they_are_one_base(records):
    names: dict[str, set[str]] = {}
    for _, mention in records.base_mentions():
        names.setdefault(mention.base, set()).add(mention.name)
    for base in records.bases:
        if len(names[base.id]) > 1:
            assert base.linked, base.id


def test_no_two_records_are_the_same(records):
    def said(document: str, record: PlanRecord) -> str:
        return f"{document} {record.model_dump_json(exclude={'id'})}"

    counted = Counter(said(d, r) for d, r in all_records(records))
    assert [text for text, count in counted.items() if count > 1] == []


# -- places ------------------------------------------------------------------------------------


def test_a_base_has_its_points_inside_the_places_it_names(atlas, records):
    """A zone's published point may lie outside its simplified host counties, but not far."""
    places = atlas.places
    geometry = atlas.frames["bases"].set_index("id").geometry
    for base in records.bases:
        named = places.gazetteer.resolve_list(base.places)
        points = shapely.get_parts(geometry[f"bases:{base.id}"]) if named else []
        assert len(points) == len(named), base.id
        for place, point in zip(named, points, strict=True):
            within = places.boundaries.union(place.adcodes)
            limit = 0.05 if place.kind == "zone" else 0
            assert shapely.distance(within, point) <= limit, (base.id, place.name)


def bare(name: str) -> str:
    return re.sub("[市县区]", "", name)


def test_a_base_lies_where_its_mentions_say(records):
    """The place of a mention stands in the base's own, unless that is inferred."""
    places = {base.id: base for base in records.bases}
    for _, mention in records.base_mentions():
        base = places[mention.base]
        for word in mention.places:
            if not base.places or any(bare(word) in bare(place) for place in base.places):
                continue
            # 中捷 is a zone of its own beside 渤海新区.
            assert base.placement == "inferred" or mention.id == "003-base-067", mention.id
        if base.placement == "inferred":
            assert base.reason, base.id


def test_a_site_s_cities_and_counties_are_those_of_its_places(atlas, records):
    gazetteer = atlas.places.gazetteer
    named = {f"bases:{b.id}": b.places for b in records.bases}
    named |= {f"projects:{p.id}": p.places for _, p in records.projects()}
    for row in (*rows(atlas, "bases"), *rows(atlas, "projects")):
        places = gazetteer.resolve_list(named[row["id"]])
        assert row["city_adcodes"] == tuple(sorted({p.city_adcode for p in places}))
        narrow = [p for p in places if p.kind != "city"]
        assert set(row["adcodes"]) == {a for p in narrow for a in p.adcodes}
        assert row["geometry_status"] == "point"
        assert "并非实际位置" in row["note"]


def test_a_site_stands_on_the_sourced_point_of_its_place_or_says_that_there_is_none(atlas, records):
    gazetteer, footprints = atlas.places.gazetteer, atlas.places.footprints
    named = {f"bases:{b.id}": b.places for b in records.bases}
    named |= {f"projects:{p.id}": p.places for _, p in records.projects()}
    for row in (*rows(atlas, "bases"), *rows(atlas, "projects")):
        places = gazetteer.resolve_list(named[row["id"]])
        levels = {p.kind for p in places}
        assert row["place_level"] == next(k for k in ("city", "county", "zone") if k in levels)
        for place, drawn in zip(places, shapely.get_parts(row["geometry"]), strict=True):
            published = footprints.published_point(place)
            if published is None:
                assert place.kind != "city"
                assert f"{place.name}（" in row["note"]
                continue
            assert (drawn.x, drawn.y) == (published.lon, published.lat)
            assert published.what in row["note"]
            assert f"{published.what}（{published.source}）" in row["point_source"]


def test_a_place_that_is_only_part_of_a_company_s_name_says_so(atlas, records):
    records = {f"projects:{p.id}": p for _, p in records.projects()}
    flagged = 0
    for row in rows(atlas, "projects"):
        record = records[row["id"]]
        flagged += record.place_from_company
        is_flagged = row["place_from_company"] == "是"
        assert is_flagged == record.place_from_company == ("企业名称" in row["note"])
        if is_flagged:
            assert row["placement"] == "inferred"
            assert "推定" in dict(describe_feature(atlas, row).facts)["地点依据"]
    assert flagged > 10


def test_a_project_and_a_base_in_the_same_inferred_place_agree(atlas):
    """廊坊临空经济区国药科技城 is both; 广阳区 is inferred."""
    base = feature_row(atlas, "bases:lf-airport-sinopharm")
    project = feature_row(atlas, "projects:003-project-059")
    assert base
    assert project
    assert (base["placement"], base["adcodes"]) == (project["placement"], project["adcodes"])


def test_a_project_that_is_not_mapped_says_why(records):
    for _, project in records.projects():
        assert bool(project.places) == (project.why_not_mapped is None)
    companies = [p for _, p in records.projects() if p.place_words == ("河北",)]
    assert companies
    assert not [p.id for p in companies if p.places]


def test_a_box_is_the_one_of_the_locator(records):
    """Records of a box say so in their locator; the others have none."""
    for record in (*(m for _, m in records.base_mentions()), *(p for _, p in records.projects())):
        number = re.fullmatch(r"专栏(\d+)", record.locator)
        assert record.box == (int(number[1]) if number else None), record.id


def test_actions_are_numbered_as_their_locators(records):
    numerals = "一二三四五六七八九"
    for _, action in records.actions():
        where = re.search(r"第(\d)段|（(.)）", action.locator)
        assert where is not None
        number = int(where[1]) if where[1] else numerals.index(where[2]) + 1
        assert action.order == number, action.id


# -- levels ------------------------------------------------------------------------------------


def test_levels_are_those_of_the_mentions(atlas, records):
    levels: dict[str, set[str | None]] = {}
    for _, mention in records.base_mentions():
        levels.setdefault(mention.base, set()).add(mention.level)
    for row in rows(atlas, "bases"):
        said = levels[row["id"].removeprefix("bases:")]
        level = next((name for name in ("国家级", "省级") if name in said), None)
        assert row["level"] == level or (level is None and pd.isna(row["level"]))


def test_the_higher_level_wins(atlas, records):
    """怀来大数据 is a provincial base; were it a national one in 000, it would be national."""
    row = feature_row(atlas, "bases:hl-big-data")
    assert row is not None
    assert row["level"] == "省级"
    plans = tuple(
        plan.model_copy(
            update={
                "bases": tuple(
                    m.model_copy(update={"level": "国家级"}) if m.id == "000-base-07" else m
                    for m in plan.bases
                )
            }
        )
        for plan in records.plans
    )
    places = replace(atlas.places, records=replace(records, plans=plans))
    made = BASES.build(places).set_index("id")
    assert made.loc["bases:hl-big-data", "level"] == "国家级"


# -- targets -----------------------------------------------------------------------------------


def test_targets_are_targets_and_facts_are_kept_apart(atlas, records):
    statements = {f"targets:{s.id}": s for _, s in records.statements()}
    found = set(atlas.frames["targets"]["id"])
    assert found & set(statements) == {i for i, s in statements.items() if s.kind == "target"}
    assert {s.kind for i, s in statements.items() if i not in found} == {
        "fact", "policy", "specification"
    }  # fmt: skip
    of_clusters = sum(len(c.targets) for _, c in records.clusters())
    assert len(found) == of_clusters + sum(s.kind == "target" for s in statements.values())


def test_no_target_s_year_has_passed_when_its_plan_was_made(records):
    for document, statement in records.statements():
        end = records.document_by_id[document].period_end
        if statement.kind == "target" and statement.year is not None:
            assert end is not None
            assert end - 5 < statement.year <= end, statement.id
        if statement.kind == "fact" and statement.year is not None:
            assert statement.year <= 2020, statement.id


def test_only_tianjin_s_targets_have_a_polygon(atlas):
    neighbours = atlas.places.boundaries.neighbours.set_index("name")
    tianjin = neighbours.geometry["天津市"]
    for row in rows(atlas, "targets"):
        if row["document"] == "004":
            assert row["geometry"].equals(tianjin)
            assert row["geometry_status"] == "administrative"
        else:
            assert row["geometry"] is None
            assert pd.isna(row["geometry_status"])
    assert {row["document"] for row in rows(atlas, "targets")} == {"000", "001", "003", "004"}


@pytest.mark.parametrize("year", [2023, 2025, 2027])
def test_a_year_keeps_its_targets_and_those_of_no_year(atlas, records, year):
    shown = select(atlas, "targets", View(year))
    whole = atlas.frames["targets"]
    assert list(shown["id"]) == [
        row["id"] for row in rows(atlas, "targets") if pd.isna(row["year"]) or row["year"] == year
    ]
    years = set(whole["year"].dropna())
    assert years == set(records.atlas.years)
    assert shown["year"].isna().sum() == whole["year"].isna().sum() == 3
    assert {"targets:001-key-08-revenue-2027" in set(shown["id"])} == {year == 2027}


def test_a_year_keeps_all_sites(atlas):
    """They follow their document's planning period, which they name."""
    for layer in ("bases", "projects", "future-industries"):
        for year in (2023, 2025, 2027):
            assert len(select(atlas, layer, View(year))) == len(atlas.frames[layer])
        assert atlas.frames[layer]["period"].notna().all()


def test_targets_by_hand(atlas):
    found = {row["id"]: row for row in rows(atlas, "targets")}
    share = found["targets:003-target-02"]
    assert (share["value"], share["unit"], share["comparator"]) == (25, "%", "达到…左右")
    assert (share["year"], share["scope"], share["city"]) == (2025, "全省", "河北省")
    assert dict(describe_feature(atlas, share).facts)["目标"] == "达到 25% 左右"
    centres = found["targets:004-target-07"]
    assert (centres["value"], centres["value_high"], centres["period"]) == (3, 5, "“十四五”期间")
    assert pd.isna(centres["year"])
    assert dict(describe_feature(atlas, centres).facts)["目标"] == "将新建 3—5 家"
    rise = found["targets:000-target-01"]
    assert rise["baseline"] == "19.4%"


# -- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("003:新材料", {"materials"}),
        ("002:新材料", {"materials"}),
        ("003:绿色环保", {"environment"}),
        ("003:新能源汽车与智能网联汽车", {"nev"}),
        ("003:人工智能与智能装备", {"it", "equipment"}),
        ("002:钢铁", {"steel"}),
    ],
)
def test_a_document_s_own_word_names_what_it_means_by_it(atlas, word, ids):
    view, unknown = view_from(atlas, {"industry": [word]})
    assert (set(view.industries), unknown) == (ids, ())


def test_a_word_filters_like_the_industries_it_means(atlas):
    by_word, _ = view_from(atlas, {"industry": ["003:新材料"]})
    by_id, _ = view_from(atlas, {"industry": ["materials"]})
    assert by_word == by_id
    names = set(select(atlas, "clusters", by_word)["name"])
    assert {"邯郸新型功能材料产业集群", "衡水新型材料产业集群"} <= names
    assert "石家庄生物医药产业集群" not in names


@pytest.mark.parametrize(
    "word", ["003:没有", "009:新材料", "新材料", ":", "003:", ":新材料", "003"]
)
def test_a_word_that_no_document_has_is_unknown(atlas, word):
    view, unknown = view_from(atlas, {"industry": [word, "it"]})
    assert view.industries == ("it",)
    assert [(u.parameter, u.value) for u in unknown] == [("industry", word)]


@pytest.mark.parametrize(
    ("document", "system", "groups"),
    [
        ("002", "4+4+3+N", {"4大传统优势产业": 4, "4大战略性新兴产业": 4, "3大高潜产业": 3}),
        ("003", "3+4+未来", {"3个高成长性产业": 3, "4个优势产业": 4, "未来产业": 1}),
    ],
)
def test_industry_systems(records, document, system, groups):
    counted = Counter(s.group for d, s in records.systems() if (d, s.system) == (document, system))
    assert {group: counted[group] for group in groups} == groups
    others = set(counted) - set(groups)
    assert others <= {"N个未来产业"}


# -- against the documents ---------------------------------------------------------------------

# What the boxes of 003 name, counted in the document: sites with a place, and projects.
BOXES = {
    1: (8, 5), 2: (4, 3), 3: (3, 4), 4: (5, 5), 5: (5, 0), 6: (4, 4), 7: (4, 4), 8: (3, 4),
    9: (6, 3), 10: (5, 7), 11: (8, 5), 12: (6, 4), 13: (3, 3), 14: (0, 6), 15: (4, 3), 16: (4, 4),
    17: (5, 4), 18: (4, 4), 19: (2, 6), 20: (7, 7), 21: (8, 6),
}  # fmt: skip


@pytest.mark.parametrize("box", BOXES)
def test_every_box_has_all_it_names(records, box):
    counted = (
        sum(m.box == box for _, m in records.base_mentions()),
        sum(p.box == box for _, p in records.projects()),
    )
    assert counted == BOXES[box]


def test_targets_per_document(records):
    counted = Counter(d for d, s in records.statements() if s.kind == "target")
    # 000: share, 3 + 1 + 2 kinds of industries and clusters, 2 of enterprises, 3 of industries.
    assert counted == {"000": 15, "001": 7, "003": 10, "004": 9}


def place_names(records: Records) -> re.Pattern[str]:
    """All names of cities, counties and zones, with and without 市, 县, 区."""
    names = {"雄安", *records.cities.values(), *(z.name for z in records.zones)}
    names |= {name.removesuffix("市") for name in records.cities.values()}
    for county in records.counties:
        short = re.sub("(满族|回族|蒙古族)*自治县$|[县区市]$", "", county.name)
        names |= {county.name, short} if len(short) > 1 else {county.name}
    return re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))


def recorded(records: Records, document: str, read: DocumentText) -> dict[str, str]:
    """Return sentence → the words of all records that stand on it."""
    words: dict[str, str] = {}
    for plan in records.plans:
        for record in plan.records() if plan.document == document else ():
            for sentence in filter(None, map(read.find, sentence_fingerprints(record))):
                words[sentence] = f"{words.get(sentence, '')}|{'|'.join(quoted_words(record))}"
    return words


def unrecorded(records: Records, document: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) of every place that no record of its sentence names."""
    read = DocumentText(text)
    words = recorded(records, document, read)
    names = place_names(records)
    for sentence in read.sentences:
        for place in names.findall(sentence):
            if place not in words.get(sentence, ""):
                yield place, sentence


@pytest.mark.parametrize("document", ["000", "001", "002", "003"])
def test_every_place_a_document_names_is_in_a_record_of_its_sentence(records, documents, document):
    left = list(unrecorded(records, document, documents[document]))
    # 雄安新区 in general (一（二）), and a university's name (专栏8).
    names = ["雄安新区", "石家庄"] if document == "003" else []
    assert [place for place, _ in left] == names
    assert all("两翼" in sentence or "石家庄铁道大学" in sentence for _, sentence in left)


def test_a_place_left_out_would_be_found(records, documents):
    """故城 is named once; without its base, no record of the sentence names it."""
    plans = tuple(
        plan.model_copy(update={"bases": tuple(m for m in plan.bases if m.id != "003-base-059")})
        for plan in records.plans
    )
    left = {
        place for place, _ in unrecorded(replace(records, plans=plans), "003", documents["003"])
    }
    assert "故城" in left


# A number with a unit of measure: 54所 and 小鹰500 are names, 2025年 is checked by its clause.
FIGURE = re.compile(
    r"(?<![A-Za-z0-9.])\d+(?:\.\d+)?"
    r"(?=[—-]?\d*[多余]?(?:%|[万亿]|[个家项件名代倍元]|英寸|微米|纳米|兆瓦|GW|MW|G光))"
)


@pytest.mark.parametrize("document", ["000", "001", "002", "003", "004"])
def test_every_figure_of_a_document_is_in_a_record_of_its_sentence(records, documents, document):
    read = DocumentText(documents[document])
    words = recorded(records, document, read)
    left = [
        sentence[found.start() : found.end() + 5]
        for sentence in read.sentences
        for found in FIGURE.finditer(sentence)
        if not re.search(rf"(?<![\d.]){found[0]}(?![\d.])", words.get(sentence, ""))
    ]
    # The number of actions, which are records themselves.
    assert left == (["9个专项行动"] if document == "003" else [])


# -- exports -----------------------------------------------------------------------------------


def positions(value: Any) -> Iterator[list[float]]:
    if isinstance(value[0], int | float):
        yield value
    else:
        for item in value:
            yield from positions(item)


DEPTH = {"Point": 0, "MultiPoint": 1, "Polygon": 2, "MultiPolygon": 3}


def depth(value: Any) -> int:
    return 0 if isinstance(value[0], int | float) else 1 + depth(value[0])


@pytest.fixture(scope="module")
def exported(atlas) -> dict[str, bytes]:
    return {layer: export(atlas, [layer], View(2025), "geojson").data for layer in NEW}


@pytest.mark.parametrize("layer", NEW)
def test_a_new_layer_is_valid_geojson(atlas, exported, layer):
    """RFC 7946: geometry or null, two numbers a position, rings closed and right-handed."""
    content = json.loads(exported[layer])
    assert content["type"] == "FeatureCollection"
    assert "crs" not in content
    shown = select(atlas, layer, View(2025))
    placed_first = shown.iloc[shown.geometry.isna().argsort(kind="stable")]
    assert [f["id"] for f in content["features"]] == list(placed_first["id"])
    assert len(set(shown["id"])) == len(shown)
    for found in content["features"]:
        assert set(found) == {"type", "id", "properties", "geometry"}
        assert found["type"] == "Feature"
        geometry = found["geometry"]
        if geometry is None:
            assert layer == "targets"
            continue
        assert set(geometry) == {"type", "coordinates"}
        assert depth(geometry["coordinates"]) == DEPTH[geometry["type"]]
        for position in positions(geometry["coordinates"]):
            lon, lat = position
            assert 113 < lon < 120.2
            assert 36 < lat < 43
        shape = shapely.geometry.shape(geometry)
        assert shape.is_valid
        for polygon in shapely.get_parts(shape) if "Polygon" in geometry["type"] else ():
            assert polygon.exterior.is_ccw
            assert not any(ring.is_ccw for ring in polygon.interiors)


def test_sites_are_points_and_future_industries_polygons(atlas):
    for layer in ("bases", "projects"):
        assert set(atlas.frames[layer].geom_type) <= {"Point", "MultiPoint"}
    assert set(atlas.frames["future-industries"].geom_type) <= {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize("layer", NEW)
def test_the_columns_are_described(atlas, exported, layer):
    (properties,) = {tuple(f["properties"]) for f in json.loads(exported[layer])["features"]}
    assert properties == tuple(c for c in atlas.frames[layer].columns if c != "geometry")


def test_the_same_bytes_twice(records, exported):
    again = build_atlas(data_library.load(records.folder))
    assert {layer: export(again, [layer], View(2025), "geojson").data for layer in NEW} == exported


@pytest.mark.qgis
@pytest.mark.parametrize("layer", NEW)
def test_ogrinfo_opens_a_new_layer(atlas, exported, program, tmp_path, layer):
    path = tmp_path / f"{KINDS[layer].title}.geojson"
    path.write_bytes(exported[layer])
    about = subprocess.run(
        [program("ogrinfo"), "-ro", "-so", str(path), layer.replace("-", "_")],
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    assert f"Feature Count: {len(select(atlas, layer, View(2025)))}" in about
    assert 'GEOGCRS["WGS 84"' in about
