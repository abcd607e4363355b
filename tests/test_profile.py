"""Profiles: everything the plans say about a county, a city, an industry or a document.

Four of them are compared with what a reader finds in the documents, name by name; the expected
words below were read from the documents, not from the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.page import assets
from layers.atlas import Atlas
from layers.kind import Citation
from layers.reading.profile import Profile, profile, subjects, unmapped

ROOT = Path(__file__).resolve().parent.parent
CORE, RADIATION = "核心承载区", "辐射区域"
LAYOUT, REGIONS = "一核两极四带与两翼", "新兴产业区域"
BASES, PROJECTS = "基地与园区", "重大项目"
CITY_BASES, CITY_PROJECTS = f"{BASES}（只写到所在市）", f"{PROJECTS}（只写到所在市）"
FUTURE = "未来产业（所在城市）"


@pytest.fixture(scope="module")
def profiles(atlas) -> dict[str, Profile]:
    """The profile of every subject there is; plain tables are faster to read two hundred times."""
    tables: Any = {layer: pd.DataFrame(frame) for layer, frame in atlas.frames.items()}
    plain = replace(atlas, frames=tables)
    found = {key: profile(plain, key) for key in subjects(atlas)}
    return {key: made for key, made in found.items() if made is not None}


def texts(found: Profile, heading: str) -> list[str]:
    return [
        entry.text for title, entries in found.sections if title == heading for entry in entries
    ]


def agrees(entries: list[str], words: set[str]) -> bool:
    """Whether each of `words` stands in one entry, and each entry has one of them.

    The records' names are longer than the words of a list: 怀来大数据 is 怀来大数据示范基地.
    """
    hits = [[word for word in words if word in entry] for entry in entries]
    return all(len(hit) == 1 for hit in hits) and {w for hit in hits for w in hit} == words


# -- four subjects, read in the documents ------------------------------------------------------

ZJK_BASES = {
    "张家口可再生能源",  # 三（三）
    "张家口数据中心集群",  # 专栏1
    "张家口冰雪运动装备",  # 四（二）
    "张家口新能源装备",  # 专栏16
    "张家口风电高端装备制造",  # 专栏17
    "三一张家口风电产业园",
    "张家口新型储能装备制造基地",  # 专栏18
    "张家口坝上氢能基地",  # 专栏19
    "张家口新能源汽车整车及零部件",  # 专栏20
}
BD_BASES = {
    "中科院半导体所保定分院",  # 专栏4
    "保定软件与信息服务",  # 专栏5
    "保定航空航天零部件及通航装备基地",  # 专栏9
    "保定新能源装备",  # 专栏16
    "保定风电高端装备制造",  # 专栏17
    "保定储能产业示范基地",  # 专栏18
    "保定新能源汽车整车及零部件",  # 专栏20
}
SJZ_BASES = {
    "石家庄光电与导航",  # 000; 003 三（三）, 专栏3
    "石家庄高温合金",  # 000
    "石家庄国家生物产业基地",  # 一（一）, 三（三）
    "石家庄国家通用航空综合示范区",  # 三（三）, 专栏9
    "石家庄液晶显示",  # 专栏2
    "海康威视石家庄科技园",  # 专栏3
    "石家庄软件与信息服务",  # 专栏5
    "石家庄装备制造产业园",  # 专栏8
    "石家庄应急通信装备",  # 专栏10
    "石家庄生物医药产业基地",  # 专栏11
    "石家庄医疗康复器具",  # 专栏12
    "石家庄新能源汽车整车及零部件",  # 专栏20
    "石家庄大气、水污染治理装备制造与服务",  # 专栏21
}
XA_BASES = {
    "雄安互联网",  # 000
    "中科院雄安创新研究院",  # 一（一）, 五（四）
    "雄安超算云中心",  # 三（一）
    "城市级物联网平台",
    "全域高速通信网络",
    "智慧出行服务平台",
    "智慧产业发展平台",
    "信息网络实验",
    "生命科学创新研究",
    "新一代人工智能",
    "雄安新区数字经济创新发展试验区",  # 三（一）, 专栏1
    "雄安数据交易中心",  # 专栏1
    "雄安新区软件与信息服务",  # 专栏5
    "雄安新区网络安全产业示范基地",  # 四（一）
    "雄安新区生物医药研发创新中心",  # 专栏11
    "雄安“科技自由港”",  # 六（六）
}
EXPECTED: Mapping[str, Mapping[str, set[str]]] = {
    "county:130730": {
        CORE: {"张家口大数据产业集群　怀来县"},
        LAYOUT: {"冀西北绿色制造产业带"},
        REGIONS: {"张承绿色生态产业示范区"},
        FUTURE: {"先进算力", "绿色氢能"},
        BASES: {"怀来大数据", "张家口怀来国家应急产业示范基地"},
        CITY_BASES: ZJK_BASES,
        CITY_PROJECTS: {
            "高性能燃料电池电堆产业化",  # 一（一）: 张家口可再生能源示范区
            "单晶异质结太阳能电池",
            "张家口英利高效N型",  # 专栏16
            "三一张家口风电产业园",  # 专栏17
        },
    },
    "county:130609": {
        RADIATION: {
            "保定新能源与智能电网装备产业集群　徐水区",
            "保定新能源汽车和智能网联汽车产业集群　徐水区",
        },
        LAYOUT: {"环京津高新技术产业带"},
        REGIONS: {"石保廊新兴产业优势发展区"},
        FUTURE: {"空天信息", "前沿新材料", "基因与细胞", "绿色氢能"},
        CITY_BASES: BD_BASES,
        CITY_PROJECTS: {"国电联合动力（保定）3MW系列整机和叶片"},  # 专栏17
    },
    "county:130110": {
        CORE: {"石家庄新一代电子信息产业集群　鹿泉区"},
        LAYOUT: {"石家庄省会高质量发展增长极", "冀中南先进制造业产业带"},
        REGIONS: {"石保廊新兴产业优势发展区"},
        FUTURE: {"空天信息", "前沿新材料", "基因与细胞"},
        BASES: {"石家庄鹿泉电子信息"},
        CITY_BASES: SJZ_BASES,
        CITY_PROJECTS: {
            "海康威视石家庄科技园",  # 专栏3
            "石家庄四药",  # 专栏11
            "石家庄格瑞药业",
            "智能网联车自动化驾驶传感",  # 专栏20: 石家庄美泰电子, 森思泰克
            "石家庄瑞澳科技",  # 专栏21
        },
    },
    "city:133100": {
        "产业集群": {"雄安新区软件和信息服务产业集群"},
        CORE: {"雄安新区软件和信息服务产业集群　雄安新区"},
        LAYOUT: {"雄安新区高端高新产业发展核心区", "雄安新区（两翼之一）"},
        REGIONS: {"雄安新区高端高新产业发展引领区"},
        "未来产业": {
            "空天信息",
            "先进算力",
            "鸿蒙欧拉",
            "基因与细胞",
            "未来产业发展布局",  # 000: 以雄安新区为引领
        },
        BASES: XA_BASES,
    },
}


@pytest.mark.parametrize("key", EXPECTED)
def test_a_profile_says_what_the_documents_say(profiles, key):
    found = profiles[key]
    assert {heading for heading, _ in found.sections} == set(EXPECTED[key])
    for heading, words in EXPECTED[key].items():
        assert agrees(texts(found, heading), words), (heading, texts(found, heading))


def test_titles_and_kinds(profiles):
    assert (profiles["county:130730"].title, profiles["county:130730"].kind) == (
        "怀来县·张家口市",
        "县级政区",
    )
    assert (profiles["city:133100"].title, profiles["city:133100"].kind) == ("雄安新区", "城市")
    assert profiles["county:130629"].title == "容城县·雄安新区"
    # A document may call a county by a shorter name: it can be searched for.
    assert profiles["county:130804"].title == "鹰手营子矿区·承德市·营子区"


def test_what_is_inferred_says_so(profiles):
    said = texts(profiles["county:130110"], LAYOUT)
    assert said == ["冀中南先进制造业产业带（成员为推定）", "石家庄省会高质量发展增长极"]


def test_a_zone_s_host_is_no_core_zone_itself(profiles):
    """栾城区 is named as radiation, and hosts 石家庄高新区, which is core of one cluster."""
    luancheng = profiles["county:130111"]
    medicine = "石家庄生物医药产业集群"
    electronics = "石家庄新一代电子信息产业集群"
    assert texts(luancheng, CORE) == []
    assert texts(luancheng, f"{CORE}（区内开发区）") == [f"{medicine}　石家庄高新技术产业开发区"]
    assert texts(luancheng, RADIATION) == [f"{medicine}　栾城区"]
    assert texts(luancheng, f"{RADIATION}（区内开发区）") == [
        f"{electronics}　石家庄高新技术产业开发区"
    ]


def test_a_county_that_no_document_names_has_its_city_s_roles(profiles):
    said = profiles["county:130102"]  # 长安区
    assert {heading for heading, _ in said.sections} == {
        LAYOUT, REGIONS, FUTURE, CITY_BASES, CITY_PROJECTS
    }  # fmt: skip
    assert agrees(texts(said, CITY_BASES), SJZ_BASES)


def test_a_base_tells_all_its_sources(profiles):
    entries = dict(profiles["county:130730"].sections)[BASES]
    (sources,) = [e.citations for e in entries if "怀来大数据" in e.text]
    assert sources == (
        Citation("000", "发展重点·新一代信息技术产业"),
        Citation("003", "一（一）第4段"),
        Citation("003", "三（三）第1段"),
    )


def test_a_source_names_a_document_of_ours_and_the_place_in_it(profiles, records):
    for key, found in profiles.items():
        for _, entries in found.sections:
            for source in (s for entry in entries for s in entry.citations):
                assert source.document in {None, *records.document_by_id}, key
                assert source.document not in source.locator.split(), (key, source)


def test_entries_of_a_heading_are_told_apart(profiles):
    for key in EXPECTED:
        for heading, _ in profiles[key].sections:
            assert max(Counter(texts(profiles[key], heading)).values()) == 1, (key, heading)


# -- zones -------------------------------------------------------------------------------------


def test_a_zone(profiles):
    """秦皇岛经济技术开发区 is core of two clusters and seat of a base."""
    zone = profiles["zone:130371"]
    assert (zone.title, zone.kind) == ("秦皇岛经济技术开发区", "开发区与功能区")
    assert set(texts(zone, CORE)) == {
        "秦皇岛高端装备制造产业集群　秦皇岛经济技术开发区",
        "秦皇岛信息技术产业集群　秦皇岛经济技术开发区",
    }
    assert texts(zone, RADIATION) == []
    assert agrees(texts(zone, BASES), {"秦皇岛经济技术开发区智能制造"})


def test_a_zone_has_everything_that_names_it_once(atlas, records, profiles):
    gazetteer = atlas.places.gazetteer
    sites = {f"bases:{b.id}": b.places for b in records.bases}
    sites |= {f"projects:{p.id}": p.places for _, p in records.projects()}
    for zone in records.zones:
        place = gazetteer.places[zone.code]
        expected = {
            name for name, places in sites.items() if place in gazetteer.resolve_list(places)
        }
        expected |= {
            row["id"]
            for row in rows(atlas, "clusters-core", "clusters-radiation")
            if row["zone_code"] == zone.code
        }
        assert features(profiles[f"zone:{zone.code}"]) == dict.fromkeys(expected, 1), zone.name


def test_a_record_that_is_not_mapped_can_be_looked_up(profiles):
    found = profiles["record:003-project-091"]
    assert found.kind == "未上图的记录"
    ((document, (entry,)),) = found.sections
    assert document == "《河北省战略性新兴产业发展“十四五”规划》"
    assert entry.text.startswith("长城汽车新车型研发生产")
    assert entry.text.partition("：")[2] == "原文未写地名"
    assert entry.citations == (Citation("003", "专栏20"),)


# -- industries and documents ------------------------------------------------------------------


def test_an_industry(profiles):
    energy = profiles["industry:energy"]
    assert energy.kind == "产业"
    clusters = texts(energy, "产业集群")
    assert "邢台新能源产业集群" in clusters
    assert "保定新能源与智能电网装备产业集群" in clusters
    assert "石家庄生物医药产业集群" not in clusters
    assert "张家口坝上氢能基地（地点为推定）" in texts(energy, BASES)
    assert "邢台新能源装备产业基地" in texts(energy, BASES)


def test_an_industry_names_each_document_s_words(records, profiles):
    for industry in records.industries:
        entries = dict(profiles[f"industry:{industry.id}"].sections).get("各文件用语", ())
        said = {
            document: "、".join(words.by_industry[industry.id])
            for document, words in records.industry_words.items()
            if industry.id in words.by_industry
        }
        assert [e.text for e in entries] == list(said.values())
        assert [e.citations for e in entries] == [(Citation(d, ""),) for d in said]


def test_documents(profiles):
    assert len(texts(profiles["document:001"], "产业集群")) == 17
    assert len(texts(profiles["document:002"], "行动")) == 8
    assert len(texts(profiles["document:003"], "行动")) == 9
    assert texts(profiles["document:003"], "保障措施")[7] == "8. 完善落实督导机制"
    tianjin = profiles["document:004"]
    assert "天津市 电子信息制造业产值　2025年将突破 3,000 亿元" in texts(tianjin, "规划目标")
    assert "天津市　电子信息制造业产值增速　达到 4.7%" in texts(tianjin, "现状数据（不是目标）")


# -- all of them -------------------------------------------------------------------------------


def test_every_subject_has_a_profile(atlas, records, profiles):
    assert set(profiles) == set(subjects(atlas))
    kinds = Counter(key.partition(":")[0] for key in profiles)
    assert kinds == {
        "county": 167,
        "city": 12,
        "industry": len(records.industries),
        "document": 5,
        "zone": len(records.zones),
        "record": sum(len(unmapped(atlas, document)) for document in records.document_by_id),
    }


def test_every_entry_has_words_and_a_source(profiles):
    for key, found in profiles.items():
        for heading, entries in found.sections:
            assert entries, (key, heading)
            for entry in entries:
                assert entry.text.strip(), (key, heading)
                assert entry.citations, (key, heading, entry)
                assert all(s.document or s.locator for s in entry.citations), entry
                assert not {"nan", "None", "<NA>"} & set(entry.text.split()), entry


def test_every_feature_of_an_entry_can_be_looked_at(atlas, profiles):
    known = {name for frame in atlas.frames.values() for name in frame["id"]}
    for found in profiles.values():
        for _, entries in found.sections:
            assert {entry.feature for entry in entries} - {None} <= known


def features(found: Profile) -> Counter[str]:
    return Counter(e.feature for _, entries in found.sections for e in entries if e.feature)


LAYERS = (
    "clusters-core", "clusters-radiation", "layout", "regions", "future-industries", "bases",
    "projects",
)  # fmt: skip


def rows(atlas: Atlas, *layers: str) -> list[dict[str, Any]]:
    return [row for layer in layers for row in atlas.frames[layer].to_dict("records")]


def test_a_county_has_everything_that_names_it_once(atlas, profiles, records):
    city = {c.adcode: c.city_adcode for c in records.counties}
    everything = rows(atlas, *LAYERS)
    for adcode in city:
        expected = {
            row["id"]
            for row in everything
            if adcode in row["adcodes"]
            or (
                row["layer"] in ("bases", "projects")
                and not row["adcodes"]
                and city[adcode] in row["city_adcodes"]
            )
        }
        assert features(profiles[f"county:{adcode}"]) == dict.fromkeys(expected, 1), adcode


def test_a_city_an_industry_and_a_document_have_everything_of_theirs_once(atlas, profiles):
    everything = rows(atlas, "clusters", *LAYERS, "targets")
    for key, found in profiles.items():
        kind, _, code = key.partition(":")
        if kind not in ("city", "industry", "document"):
            continue
        expected = {
            row["id"]
            for row in everything
            if code
            in {
                "city": row["city_adcodes"],
                "industry": row["industries"],
                "document": (row["document"], *row.get("documents", ())),
            }[kind]
        }
        assert features(found) == dict.fromkeys(expected, 1), key


@pytest.mark.parametrize(
    "key", ["", "county", "county:", "county:999999", "zone:130102", "x:1", ":"]
)
def test_a_key_that_names_nothing(atlas, key):
    assert profile(atlas, key) is None


# -- the search --------------------------------------------------------------------------------


def test_titles_of_subjects_are_unique(atlas):
    titles = Counter(subjects(atlas).values())
    assert [title for title, count in titles.items() if count > 1] == []


@pytest.fixture(scope="module")
def search(tmp_path_factory) -> list[str]:
    """The titles that the page's search offers."""
    publish = assets.publish
    folder = tmp_path_factory.mktemp("static")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("JITU_DATA", raising=False)
        patch.setattr("app.page.frame.publish", lambda atlas: publish(atlas, folder))
        page = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    assert not page.exception
    return list(page.selectbox(key="search").options)


@pytest.mark.parametrize(
    "name",
    [
        "怀来县", "营子区", "雄安新区", "新材料", "张家口大数据产业集群", "冀西北绿色制造产业带",
        "石保廊新兴产业优势发展区", "绿色氢能产业", "安国中药都", "首钢迁安车用电工钢", "冀南新区",
        "战略性新兴产业发展", "信息技术制造（《战略性新兴产业规划》用语", "北京现代",
        "长城汽车新车型研发生产",
    ],
)  # fmt: skip
def test_the_search_finds(search, name):
    assert [title for title in search if name in title]


def test_the_search_tells_documents_of_one_title_apart(search):
    found = [title for title in search if title.endswith("河北省制造业高质量发展“十四五”规划")]
    assert [title.partition("·")[0] for title in found] == [
        "000 制造业规划（新兴产业报道）",
        "002 制造业规划（布局报道）",
    ]


def test_titles_of_the_search_are_unique(search):
    assert [title for title, count in Counter(search).items() if count > 1] == []
