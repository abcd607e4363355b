"""The columns of all layers: one definition for the page, the exports and the docs.

Units stand in the names. Lists are lists of text; a value that a document does not give is null.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Column:
    """A layer's column: its name, its Chinese title, its kind and what it means."""

    name: str
    title: str
    kind: Literal["text", "list", "integer", "number"]
    meaning: str
    unit: str | None = None


COMMON = (
    Column("id", "要素编号", "text", "Stable id: layer, record and place."),
    Column("layer", "图层", "text", "The layer's id."),
    Column("name", "名称", "text", "The cluster, unit, place or division."),
    Column("role", "角色", "text", "What it is: 产业集群, 核心承载区, 辐射区域, 一核, 两极 …"),
    Column("tier", "层级", "text", "key (重点支持) or cultivated (重点培育); clusters only."),
    Column("cluster_id", "集群编号", "text", "The cluster it belongs to."),
    Column(
        "industries", "产业代码", "list", "Ids of the canonical industries; the first colours it."
    ),
    Column("industry_names", "产业", "text", "Their names, joined by 、."),
    Column(
        "city", "城市", "text", "Names of its cities, joined by 、; 雄安新区 apart from 保定市."
    ),
    Column(
        "city_adcodes", "城市代码", "list", "Codes of its cities: what the city filter matches."
    ),
    Column("adcodes", "县级代码", "list", "Counties it covers or, for a zone, that host it."),
    Column(
        "geometry_status",
        "几何状态",
        "text",
        "administrative (county or city boundary), schematic (disc of the published area), "
        "host-county (host counties in place of the zone), supplied, or inferred (membership).",
    ),
    Column("note", "说明", "text", "What to know about its extent or membership."),
    Column("document", "文件编号", "text", "Id of the document that says it."),
    Column("document_title", "文件", "text", "Title of that document and what it is."),
    Column("locator", "文件位置", "text", "Where in the document it stands."),
)

ZONE = (
    Column("place_text", "文件用语", "text", "The place as the document writes it."),
    Column("place_kind", "地点类型", "text", "county, city or zone."),
    Column("list_open", "列举未尽", "text", "等: the document's list is open; otherwise empty."),
    Column("zone_code", "开发区代码", "text", "NBS code, otherwise the number in GB/T 37028-2018."),
    Column("zone_area_km2", "开发区公布面积", "number", "The zone's published area.", "km²"),
    Column("zone_area_source", "面积出处", "text", "Where that area was published."),
)

CLUSTER = (
    Column("number", "序号", "integer", "Number in the document's list of its tier."),
    Column("chains", "产业链", "text", "Industry chains the document names, joined by 、."),
    Column("links", "产业链环节", "text", "Links of its chain where it lists these, joined by 、."),
    Column("directions", "主攻方向", "text", "Lead directions, joined by 、."),
    Column("fields", "布局领域", "text", "Fields to lay out or focus on, joined by 、."),
    Column("products", "重点产品与技术", "text", "Products and technologies, joined by 、."),
    Column("positioning", "定位", "text", "Its positioning, in the project's own words."),
    Column("core_places", "核心承载区", "text", "Core places as written, joined by 、."),
    Column("radiation_places", "辐射区域", "text", "Radiation places as written, joined by 、."),
    Column(
        "projects", "推进重点项目数", "integer", "Key projects advanced in projects_year.", "个"
    ),
    Column("projects_year", "项目年份", "integer", "The year the projects are advanced in."),
    Column(
        "investment_yi",
        "项目总投资（约）",
        "integer",
        "Total investment of those projects (约), not spending in that year.",
        "亿元",
    ),
)

YEAR = (
    Column("year", "目标年", "integer", "The view's target year."),
    Column("revenue_yi", "目标年营业收入", "integer", "Revenue target of that year.", "亿元"),
    Column("revenue_comparator", "目标年用语", "text", "The document's wording before it."),
)

LAYOUT = (
    Column("kind", "类型", "text", "core, pole, belt or wing."),
    Column("membership", "成员依据", "text", "stated by the document, or inferred."),
    Column("members", "成员", "text", "Member places, joined by 、."),
    Column("draw_order", "绘制顺序", "integer", "Low is drawn first."),
)

REGION = (
    Column("members", "成员", "text", "Member cities, joined by 、."),
    Column("focus", "重点发展", "text", "Industries to focus on, as written, joined by 、."),
    Column("integrated", "深化融合", "text", "Fields of deeper integration, joined by 、."),
    Column("frontier", "前沿技术研究", "text", "Technologies to research, joined by 、."),
)

SITE = (
    Column("place_text", "文件用语", "text", "The place as the document writes it, joined by 、."),
    Column("placement", "地点依据", "text", "stated by the document, or inferred."),
    Column("stage", "阶段", "text", "现状 where documents tell it as done or in place, else 规划."),
    Column("period", "规划期", "text", "Planning period of its document."),
)

BASE = (
    *SITE,
    Column("kind", "类别", "text", "base, park, cluster, zone or platform."),
    Column("level", "级别", "text", "国家级 or 省级 where a document says so."),
    Column(
        "written_as",
        "文件名称",
        "text",
        "Its names as written, … before the ending its list shares.",
    ),
    Column("mentions", "提及次数", "integer", "How often the documents mention it.", "次"),
    Column("documents", "文件编号（全部）", "list", "Ids of all documents that mention it."),
    Column("sources", "全部出处", "text", "Document and locator of every mention, joined by ；."),
    Column("linked", "合并依据", "text", "Why mentions under different names are taken as one."),
)

PROJECT = (
    *SITE,
    Column("company", "企业", "text", "The company the document names."),
    Column("box", "专栏", "integer", "Number of the box (专栏) it stands in."),
    Column(
        "place_from_company",
        "地名出自企业名",
        "text",
        "是 where the place is only part of the company's name and may be its seat.",
    ),
)

FUTURE = (
    Column("places", "支持引导地区", "text", "Places as written, joined by 、."),
    Column("fields", "聚焦领域", "text", "Fields as written, joined by 、."),
    Column("period", "规划期", "text", "Planning period of its document."),
)

TARGET = (
    Column("scope", "范围", "text", "What the figure speaks of."),
    Column("indicator", "指标", "text", "The indicator as the document words it."),
    Column("comparator", "用语", "text", "Wording; … stands where the figure stands."),
    Column("value", "数值", "number", "The figure as written, in `unit`."),
    Column("value_high", "数值上限", "number", "Upper end where the document gives a range."),
    Column("value_text", "文字数值", "text", "A figure in words (一批, 若干)."),
    Column("unit", "单位", "text", "Unit of the figure."),
    Column("threshold", "门槛", "text", "The threshold counted against (千亿级 …)."),
    Column("year", "年份", "integer", "The year the figure is for."),
    Column("period", "时段", "text", "The period, where it is for no single year."),
    Column("baseline", "基数", "text", "Baseline with its unit and year, as far as given."),
)

DIVISION = (
    Column("adcode", "行政区划代码", "text", "Its own code."),
    Column(
        "area_km2",
        "面积（测算）",
        "number",
        "Geodesic area of the polygon; not the official survey's.",
        "km²",
    ),
)


def cluster_columns(years: Iterable[int]) -> tuple[Column, ...]:
    """Return the cluster columns with one set of target columns for each of `years`.

    >>> [c.name for c in cluster_columns([2025])][-7:-3]
    ['revenue_yi_2025', 'revenue_comparator_2025', 'servers_wan_2025', 'servers_comparator_2025']
    """
    targets = []
    for y in years:
        targets += [
            Column(f"revenue_yi_{y}", f"{y}年营业收入目标", "integer", "Revenue target.", "亿元"),
            Column(f"revenue_comparator_{y}", f"{y}年营业收入用语", "text", "Its wording."),
            Column(f"servers_wan_{y}", f"{y}年服务器目标", "integer", "Servers running.", "万台"),
            Column(f"servers_comparator_{y}", f"{y}年服务器用语", "text", "Its wording."),
        ]
    return (*CLUSTER, *targets, *YEAR)


def columns_of(layer: str, years: Iterable[int]) -> tuple[Column, ...]:
    """Return a layer's columns, in order; `years` are the atlas's target years.

    >>> [c.name for c in columns_of("admin-cities", [2025])][-2:]
    ['adcode', 'area_km2']
    """
    own = {
        "clusters": cluster_columns(years),
        "clusters-core": ZONE,
        "clusters-radiation": ZONE,
        "layout": LAYOUT,
        "regions": REGION,
        "future-industries": FUTURE,
        "bases": BASE,
        "projects": PROJECT,
        "targets": TARGET,
        "admin-cities": DIVISION,
        "admin-counties": DIVISION,
    }
    return (*COMMON, *own[layer])
