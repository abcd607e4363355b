"""What lies at a point, and what is said about a feature."""

from __future__ import annotations

import pytest

from layers.kind import Citation
from layers.kinds.bases import MENTIONS
from layers.reading.details import describe_feature, feature_row, features_at_point
from layers.reading.view import View

LAYERS = (
    "clusters-core", "clusters-radiation", "clusters", "layout", "regions",
    "admin-counties", "admin-cities",
)  # fmt: skip


def found(atlas, lon: float, lat: float, view: View | None = None) -> list[tuple]:
    """(layer, name, cluster) of what lies at a point, on the layers of polygons."""
    everything = features_at_point(atlas, view or View(2025), lon, lat)
    return [(f.layer, f.name, f.belongs_to) for f in everything if f.layer in LAYERS]


def test_a_point_in_a_core_county(atlas):
    assert found(atlas, 115.52, 40.41) == [
        ("clusters-core", "怀来县", "张家口大数据产业集群"),
        ("clusters", "张家口大数据产业集群", None),
        ("layout", "冀西北绿色制造产业带", None),
        ("regions", "张承绿色生态产业示范区", None),
        ("admin-counties", "怀来县", None),
        ("admin-cities", "张家口市", None),
    ]


def test_a_point_in_two_clusters(atlas):
    """徐水区 lies in the radiation areas of both clusters of 保定."""
    grid, cars = "保定新能源与智能电网装备产业集群", "保定新能源汽车和智能网联汽车产业集群"
    assert found(atlas, 115.65, 39.02) == [
        ("clusters-radiation", "徐水区", grid),
        ("clusters-radiation", "徐水区", cars),
        ("clusters", grid, None),
        ("clusters", cars, None),
        ("layout", "环京津高新技术产业带", None),
        ("regions", "石保廊新兴产业优势发展区", None),
        ("admin-counties", "徐水区", None),
        ("admin-cities", "保定市", None),
    ]


def test_a_point_in_xiongan(atlas):
    """Core and wing of the layout, but no belt: 保定 is without 雄安."""
    assert found(atlas, 115.87, 39.04) == [
        ("clusters-core", "雄安新区", "雄安新区软件和信息服务产业集群"),
        ("clusters", "雄安新区软件和信息服务产业集群", None),
        ("layout", "雄安新区（两翼之一）", None),
        ("layout", "雄安新区高端高新产业发展核心区", None),
        ("regions", "雄安新区高端高新产业发展引领区", None),
        ("admin-counties", "容城县", None),
        ("admin-cities", "保定市", None),
    ]


@pytest.mark.parametrize(("lon", "lat"), [(116.4, 39.9), (0, 0), (-180, 90)])
def test_a_point_outside_the_province(atlas, lon, lat):
    assert found(atlas, lon, lat) == []


def test_a_point_shows_only_what_the_filters_leave(atlas):
    view = View(2025, industries=("nev",))
    names = [(layer, name) for layer, name, _ in found(atlas, 115.65, 39.02, view)]
    assert ("clusters", "保定新能源汽车和智能网联汽车产业集群") in names
    assert ("clusters", "保定新能源与智能电网装备产业集群") not in names
    assert found(atlas, 115.65, 39.02, View(2025, cities=("130700",))) == []


def details(atlas, name: str):
    row = feature_row(atlas, name)
    assert row is not None
    return describe_feature(atlas, row)


def test_a_cluster_in_words(atlas):
    said = details(atlas, "clusters:001-key-03")
    assert (said.title, said.role) == ("张家口大数据产业集群", "产业集群（重点支持）")
    assert said.targets == (
        (2023, "预计超 550 亿元"),
        (2025, "预计超 1,000 亿元"),
        (2027, "预计超 1,200 亿元"),
    )
    assert "加快河北省战略性新兴产业融合集群发展行动方案（2023-2027年）" in said.source
    assert said.source.endswith("（节选） 重点支持的产业集群 第3个")
    assert said.citations == (Citation("001", "重点支持的产业集群 第3个"),)
    facts = dict(said.facts)
    assert facts["核心承载区"] == "怀来县、张北县"
    assert facts["辐射区域"] == "张家口市宣化区、经济开发区、桥东区、涿鹿县等"
    assert facts["2023年推进项目"] == "40 个，总投资约 900 亿元"
    assert facts["2025年运营服务器"] == "达到 400 万台"
    assert facts["2027年运营服务器"] == "超 500 万台"


def test_a_site_of_a_whole_city_is_found_at_its_seat_and_nowhere_else(atlas):
    seat = atlas.frames["bases"].set_index("id").geometry["bases:sjz-opto-navigation"]
    found = {f.id for f in features_at_point(atlas, View(2025), seat.x, seat.y)}
    assert "bases:sjz-opto-navigation" in found
    near = {f.id for f in features_at_point(atlas, View(2025), seat.x + 0.001, seat.y)}
    assert "bases:sjz-opto-navigation" not in near


def test_a_target_keeps_its_wording(atlas):
    assert details(atlas, "clusters:001-key-08").targets[2] == (2027, "预计突破 2,500 亿元")


def test_a_zone_tells_its_cluster_s_targets_and_its_own_area(atlas):
    area = dict(details(atlas, "clusters-core:001-cultivated-05:130973403").facts)["公布面积"]
    assert area == "118 km²（《中国工业报》2012年1月18日，控制面积）"
    said = details(atlas, "clusters-core:001-key-01:130171")
    facts = dict(said.facts)
    assert facts["所属集群"] == "石家庄生物医药产业集群"
    assert facts["文件用语"] == "石家庄高新区"
    assert facts["开发区代码"] == "130171"
    assert "公布面积" not in facts  # no source for it can be cited
    assert facts["所在县(市、区)"] == "裕华区、栾城区"
    assert said.status == "所在县(区)示意"
    assert [year for year, _ in said.targets] == [2023, 2025, 2027]
    assert "重点支持的产业集群 第1个" in said.source


def test_figures_of_a_cluster_are_not_told_as_those_of_its_part(atlas):
    whole, part = (
        details(atlas, "clusters:001-key-03"),
        details(atlas, "clusters-core:001-key-03:130730"),
    )
    assert (whole.targets_title, part.targets_title) == ("营业收入目标", "所属集群的营业收入目标")
    assert part.targets == whole.targets
    figures = {label for label, _ in whole.facts if label.startswith("20")}
    assert figures == {"2023年推进项目", "2025年运营服务器", "2027年运营服务器"}
    assert figures & {label for label, _ in part.facts} == set()
    assert {f"集群{label}" for label in figures} < {label for label, _ in part.facts}


def test_what_the_document_does_not_say_is_left_out(atlas):
    said = details(atlas, "clusters:001-cultivated-04")
    assert said.targets == ()
    labels = [label for label, _ in said.facts]
    assert not {"辐射区域", "产业链", "2023年推进项目", "2025年运营服务器"} & set(labels)
    assert len(labels) == len(set(labels))


def test_an_inferred_unit_says_so(atlas):
    said = details(atlas, "layout:002-belt-hjj")
    assert dict(said.facts)["成员依据"] == "推定"
    assert said.status == "成员为推定"
    assert "推定" in said.note
    assert "（媒体摘编）" in said.source


def test_a_base_names_every_mention(atlas):
    said = details(atlas, "bases:hl-big-data")
    assert [source.document for source in said.citations] == ["000", "003", "003"]
    assert dict(said.facts)[f"{MENTIONS}（3次）"] == (
        "《制造业规划（新兴产业报道）》发展重点·新一代信息技术产业（规划）；"
        "《战略性新兴产业规划》一（一）第4段（现状）；《战略性新兴产业规划》三（三）第1段（规划）"
    )


def test_a_county_names_its_source(atlas):
    said = details(atlas, "admin-counties:130730")
    assert [source.document for source in said.citations] == [None]
    assert (said.title, said.role) == ("怀来县", "县级政区")
    assert "天地图" in said.source
    assert "非法定面积" in dict(said.facts)["图上面积（测算）"]


def test_every_feature_can_be_described(atlas):
    for frame in atlas.frames.values():
        for row in frame.to_dict("records"):
            said = describe_feature(atlas, row)
            assert said.title
            assert said.source
            assert said.citations
            assert all(text and text not in ("nan", "None", "<NA>") for _, text in said.facts)


@pytest.mark.parametrize("name", ["", "clusters", "clusters:", "clusters:nothing", "x:y", ":"])
def test_an_id_that_names_nothing(atlas, name):
    assert feature_row(atlas, name) is None
