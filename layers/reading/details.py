"""What there is to say: about a point, and about a feature, each statement with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from geo.locate import containing
from layers.catalogue import LAYERS, Atlas
from layers.columns import spans
from layers.kinds.clusters import TIERS
from layers.reading.view import View, select

# The order in which a planner asks: what is it for, then where does it lie.
_ORDER = (
    "clusters-core",
    "clusters-radiation",
    "clusters",
    "layout",
    "regions",
    "future-industries",
    "targets",
    "admin-counties",
    "admin-cities",
)
_SITES = ("bases", "projects")
STATUS_TITLES = {
    "administrative": "行政区划界",
    "host-county": "所在县(区)示意",
    "schematic": "按公布面积示意",
    "supplied": "用户提供边界",
    "inferred": "成员为推定",
    "point": "所在地代表点",
}
STATUS_METHODS = {
    "administrative": "依天地图县级政区合并而成",
    "host-county": "开发区没有可用的点位和公布面积，以所在县(市、区)示意，斜线填充",
    "schematic": "以公布的点位为心、公布的面积为积绘圆，裁切至所在县(市、区)，虚线",
    "supplied": "由使用单位提供的边界",
    "inferred": "文件没有写明成员，成员为推定，虚线",
    "point": "点位代表所在地，不是实际位置",
    "none": "文件所说没有可绘的范围",
}
KINDS = {"base": "基地", "park": "园区", "cluster": "集群", "zone": "示范区", "platform": "平台"}
MENTIONS = "全部出处"  # the beginning of the label of a base's citations
_OF_WHOLE = ("推进项目", "运营服务器")  # ends of the labels of a cluster's figures
PLACEMENTS = {"stated": "文件载明", "inferred": "推定"}


@dataclass(frozen=True)
class Found:
    """A feature that lies at a point."""

    id: str
    layer: str
    role: str
    name: str
    belongs_to: str | None


@dataclass(frozen=True)
class Citation:
    """Where something is written: a document's id, and the place in it.

    What no document says, such as a division's outline, has no document.
    """

    document: str | None
    locator: str


@dataclass(frozen=True)
class Details:
    """A feature in words: facts as (label, text), its targets by year, its source and its note.

    `source` names the first of its `citations` with the document's title and form.
    """

    title: str
    role: str
    facts: tuple[tuple[str, str], ...]
    targets_title: str
    targets: tuple[tuple[int, str], ...]
    source: str
    citations: tuple[Citation, ...]
    note: str | None
    status: str


def at_point(atlas: Atlas, view: View, lon: float, lat: float) -> list[Found]:
    """Return every feature of the view at a point (lon, lat in degrees), layer switches apart.

    A site is a point that stands for its county: it is found anywhere in that county.
    """
    found = []
    county: set[str] = set()
    for layer in _ORDER:
        for row in containing(select(atlas, layer, view), lon, lat).to_dict("records"):
            cluster = _cluster_name(atlas, row) if layer.startswith("clusters-") else None
            found.append(Found(row["id"], layer, row["role"], row["name"], cluster))
            county |= {row["adcode"]} if layer == "admin-counties" else set()
    for layer in _SITES:
        rows = select(atlas, layer, view)
        here = rows[[not county.isdisjoint(codes) for codes in rows["adcodes"]]]
        found += [
            Found(row["id"], layer, row["role"], row["name"], None)
            for row in here.to_dict("records")
        ]
    return found


def feature(atlas: Atlas, feature_id: str) -> Mapping[str, Any] | None:
    """Return the row of a feature, or ``None`` for an id that names nothing."""
    layer = feature_id.partition(":")[0]
    if layer not in LAYERS:
        return None
    rows = atlas.frames[layer]
    hits = rows[rows["id"] == feature_id].to_dict("records")
    return hits[0] if hits else None


def describe_feature(atlas: Atlas, row: Mapping[str, Any]) -> Details:
    """Return a feature in words. Figures keep the document's wording; what is missing is left out.

    A core zone or radiation area also tells its cluster's facts, whose targets are the cluster's.
    """
    cluster = row
    facts: list[tuple[str, Any]] = []
    is_part = row["layer"] in ("clusters-core", "clusters-radiation")
    if is_part:
        cluster = feature(atlas, f"clusters:{row['cluster_id']}") or row
        facts += [("所属集群", cluster["name"]), ("文件用语", row["place_text"])]
        if _given(row["zone_code"]):
            facts += [("开发区代码", row["zone_code"])]
        if pd.notna(row["zone_area_km2"]):
            area = f"{row['zone_area_km2']:,.2f}".rstrip("0").rstrip(".")
            facts += [("公布面积", f"{area} km²（{row['zone_area_source']}）")]
    # Figures of the whole cluster must not be read as those of a county in it.
    facts += [
        (f"集群{label}" if is_part and label.endswith(_OF_WHOLE) else label, text)
        for label, text in _facts(atlas, cluster)
    ]
    counties = atlas.places.boundaries.counties["name"]
    names = [counties[a] for a in row["adcodes"]]
    if row["layer"] != "admin-counties" and names:
        label = "所在县(市、区)" if row.get("place_kind") == "zone" else "涉及县(市、区)"
        listed = "、".join(names[:8]) + (f"等{len(names)}个" if len(names) > 8 else "")
        facts.append((label, listed))
    return Details(
        title=row["name"],
        role=_role(row),
        facts=tuple((label, str(text)) for label, text in facts if _given(text)),
        targets_title="所属集群的营业收入目标" if is_part else "营业收入目标",
        targets=_targets(atlas, cluster),
        source=_source(row),
        citations=citations(atlas, row),
        note=row["note"] if _given(row["note"]) else None,
        status=STATUS_TITLES.get(row["geometry_status"], "无图形"),
    )


def _facts(atlas: Atlas, row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [("产业", row["industry_names"]), ("城市", row["city"])]
    if row["layer"] == "clusters":
        facts += [
            ("核心承载区", row["core_places"]),
            ("辐射区域", row["radiation_places"]),
            ("产业链", row["chains"]),
            ("产业链环节", row["links"]),
            ("主攻方向", row["directions"]),
            ("布局领域", row["fields"]),
            ("重点产品与技术", row["products"]),
            ("定位", row["positioning"]),
        ]
        if pd.notna(row["projects"]):
            facts.append(
                (
                    f"{row['projects_year']}年推进项目",
                    f"{row['projects']} 个，总投资约 {row['investment_yi']:,} 亿元",
                )
            )
        for year in atlas.records.atlas.years:
            if pd.notna(row[f"servers_wan_{year}"]):
                wording = row[f"servers_comparator_{year}"]
                facts.append(
                    (f"{year}年运营服务器", f"{wording} {row[f'servers_wan_{year}']} 万台")
                )
    elif row["layer"] == "growth":
        for start, end in spans(atlas.records.atlas.years):
            change, percent = (row[f"change_{unit}_{start}_{end}"] for unit in ("yi", "percent"))
            if pd.notna(change):
                facts.append((f"{start}—{end}年目标增量", f"{change:+,} 亿元，{percent:+g}%"))
    elif row["layer"] == "layout":
        facts += [("成员", row["members"]), ("成员依据", PLACEMENTS[row["membership"]])]
    elif row["layer"] == "regions":
        facts += [
            ("成员", row["members"]),
            ("重点发展", row["focus"]),
            ("深化融合", row["integrated"]),
            ("前沿技术研究", row["frontier"]),
        ]
    elif row["layer"] == "future-industries":
        facts += [("支持引导地区", row["places"]), ("聚焦领域", row["fields"])]
    elif row["layer"] == "bases":
        facts += [
            ("类别", KINDS[row["kind"]]),
            ("级别", row["level"]),
            ("文件名称", row["written_as"]),
            ("文件用语", row["place_text"]),
            ("地点依据", PLACEMENTS[row["placement"]]),
            ("阶段", row["stage"]),
            ("规划期", row["period"]),
            (f"{MENTIONS}（{row['mentions']}次）", _cited(atlas, citations(atlas, row))),
            ("合并依据", row["linked"]),
        ]
    elif row["layer"] == "projects":
        facts += [
            ("企业", row["company"]),
            ("文件用语", row["place_text"]),
            ("地点依据", PLACEMENTS[row["placement"]]),
            ("阶段", row["stage"]),
            ("规划期", row["period"]),
        ]
    elif row["layer"] == "targets":
        facts += [
            ("范围", row["scope"]),
            ("指标", row["indicator"]),
            ("目标", figure(row)),
            ("年份", f"{row['year']}年" if pd.notna(row["year"]) else row["period"]),
            ("基数", row["baseline"]),
        ]
    elif row["layer"].startswith("admin-"):
        facts += [
            ("行政区划代码", row["adcode"]),
            ("图上面积（测算）", f"{row['area_km2']:,.0f} km²，非法定面积"),
        ]
    return facts


def figure(row: Mapping[str, Any]) -> str:
    """Return a target's figure in its document's wording.

    >>> figure({"value": 25.0, "value_high": None, "unit": "%", "comparator": "达到…左右"})
    '达到 25% 左右'
    """
    if _given(row["value"]):
        high = f"—{row['value_high']:,g}" if _given(row["value_high"]) else ""
        number = f"{row['value']:,g}{high}"
        text = f"{number}{'' if row['unit'] == '%' else ' '}{row['unit']}"
    else:
        text = f"{row['value_text']}{row['unit'] if _given(row['unit']) else ''}"
    before, dots, after = (row["comparator"] if _given(row["comparator"]) else "").partition("…")
    return " ".join(part for part in (before, text, after if dots else "") if part)


def _targets(atlas: Atlas, row: Mapping[str, Any]) -> tuple[tuple[int, str], ...]:
    if row["layer"] not in ("clusters", "growth"):
        return ()
    targets = ((year, target(row, year)) for year in atlas.records.atlas.years)
    return tuple((year, text) for year, text in targets if text is not None)


def target(row: Mapping[str, Any], year: int) -> str | None:
    """Return a cluster's revenue target of a year in its document's wording.

    >>> target({"revenue_yi_2025": 2100, "revenue_comparator_2025": "预计突破"}, 2025)
    '预计突破 2,100 亿元'
    """
    value = row[f"revenue_yi_{year}"]
    return None if pd.isna(value) else f"{row[f'revenue_comparator_{year}']} {value:,} 亿元"


def citations(atlas: Atlas, row: Mapping[str, Any]) -> tuple[Citation, ...]:
    """Return where a feature is written; a base has a source for every mention."""
    if row["layer"] == "bases":
        return _mentions(atlas)[row["id"]]
    return (Citation(row["document"] if _given(row["document"]) else None, row["locator"]),)


@lru_cache(maxsize=2)
def _mentions(atlas: Atlas) -> Mapping[str, tuple[Citation, ...]]:
    """Return base → where it is mentioned, in the documents' order."""
    found: dict[str, tuple[Citation, ...]] = {}
    for document, mention in atlas.records.base_mentions():
        key = f"bases:{mention.base}"
        found[key] = (*found.get(key, ()), Citation(document, mention.locator))
    return found


def _cited(atlas: Atlas, citations: tuple[Citation, ...]) -> str:
    titles = {d.id: d.short_title for d in atlas.records.documents}
    return "；".join(f"《{titles[s.document or '']}》{s.locator}" for s in citations)


def _role(row: Mapping[str, Any]) -> str:
    tier = TIERS.get(row["tier"])
    return f"{row['role']}（{tier}）" if tier else str(row["role"])


def _source(row: Mapping[str, Any]) -> str:
    document = row["document_title"]
    return f"{document} {row['locator']}" if _given(document) else str(row["locator"])


def _cluster_name(atlas: Atlas, row: Mapping[str, Any]) -> str | None:
    cluster = feature(atlas, f"clusters:{row['cluster_id']}")
    return str(cluster["name"]) if cluster else None


def _given(value: Any) -> bool:
    return value is not None and not pd.isna(value) and value != ""
