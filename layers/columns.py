"""The columns of all layers: one definition for the page, the exports and the docs.

Titles and meanings are Chinese: they leave in field dictionaries for people who read that. Units
stand in the names. Lists are lists of text; a value that a document does not give is null.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

KINDS = {"text": "文本", "list": "文本列表", "integer": "整数", "number": "小数"}


@dataclass(frozen=True)
class Column:
    """A layer's column: its name, its Chinese title, its kind and what it means."""

    name: str
    title: str
    kind: Literal["text", "list", "integer", "number"]
    meaning: str
    unit: str | None = None

    @property
    def kind_title(self) -> str:
        """The kind in Chinese, for field dictionaries."""
        return KINDS[self.kind]

    @property
    def title_with_unit(self) -> str:
        """The title, with the unit in brackets where there is one."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


COMMON = (
    Column("id", "要素编号", "text", "稳定编号：图层、记录与地点。"),
    Column("layer", "图层", "text", "图层编号。"),
    Column("name", "名称", "text", "集群、布局单元、地点或政区的名称。"),
    Column("role", "角色", "text", "要素是什么：产业集群、核心承载区、辐射区域、一核、两极等。"),
    Column("tier", "层级", "text", "key 为重点支持，cultivated 为重点培育；仅集群有。"),
    Column("cluster_id", "集群编号", "text", "所属集群的编号。"),
    Column("industries", "产业代码", "list", "统一产业分类的代码；第一个决定颜色。"),
    Column("industry_names", "产业", "text", "产业名称，以、连接。"),
    Column("city", "城市", "text", "所在设区市，以、连接；雄安新区与保定市分列。"),
    Column("city_adcodes", "城市代码", "list", "所在设区市代码，城市筛选以此匹配。"),
    Column("adcodes", "县级代码", "list", "涉及的县级政区；开发区为其所在县(市、区)。"),
    Column(
        "geometry_status",
        "几何状态",
        "text",
        "administrative 行政区划界；schematic 按公布面积示意的圆；host-county 以所在县(区)示意；"
        "supplied 用户提供边界；inferred 成员为推定；point 所在地代表点。",
    ),
    Column("note", "说明", "text", "关于范围或成员的说明。"),
    Column("document", "文件编号", "text", "所据文件的编号。"),
    Column("document_title", "文件", "text", "所据文件的标题与形式（全文或媒体摘编）。"),
    Column("locator", "文件位置", "text", "在文件中的位置。"),
)

ZONE = (
    Column("place_text", "文件用语", "text", "文件所写的地名。"),
    Column("place_kind", "地点类型", "text", "county 为县级，city 为市级，zone 为开发区。"),
    Column("list_open", "列举未尽", "text", "“等”表示文件的列举未尽，否则为空。"),
    Column("zone_code", "开发区代码", "text", "国家统计局代码，没有时为 GB/T 37028-2018 编号。"),
    Column(
        "zone_area_km2", "开发区公布面积", "number", "开发区公布的面积，不是图形的面积。", "km²"
    ),
    Column("zone_area_source", "面积出处", "text", "该面积的出处。"),
)

CLUSTER = (
    Column("number", "序号", "integer", "在文件同层级清单中的序号。"),
    Column("chains", "产业链", "text", "文件点名的产业链，以、连接。"),
    Column("links", "产业链环节", "text", "文件列出的产业链环节，以、连接。"),
    Column("directions", "主攻方向", "text", "主攻方向，以、连接。"),
    Column("fields", "布局领域", "text", "布局或聚焦的领域，以、连接。"),
    Column("products", "重点产品与技术", "text", "产品与技术，以、连接。"),
    Column("positioning", "定位", "text", "集群定位，由本项目转述。"),
    Column("core_places", "核心承载区", "text", "文件所写的核心承载区，以、连接。"),
    Column("radiation_places", "辐射区域", "text", "文件所写的辐射区域，以、连接。"),
    Column("projects", "推进重点项目数", "integer", "项目年份推进的重点项目数。", "个"),
    Column("projects_year", "项目年份", "integer", "推进这些项目的年份。"),
    Column(
        "investment_yi",
        "项目总投资约数",
        "integer",
        "这些项目的总投资（约），不是当年投资额。",
        "亿元",
    ),
)

YEAR = (
    Column("year", "目标年", "integer", "筛选所选的目标年。"),
    Column("revenue_yi", "目标年营业收入", "integer", "该年营业收入目标；文件未给则为空。", "亿元"),
    Column("revenue_comparator", "目标年用语", "text", "文件在数值前的用语。"),
)

LAYOUT = (
    Column("kind", "类型", "text", "core 为核，pole 为极，belt 为带，wing 为翼。"),
    Column("membership", "成员依据", "text", "stated 为文件载明，inferred 为推定。"),
    Column("members", "成员", "text", "成员地区，以、连接。"),
    Column("draw_order", "绘制顺序", "integer", "小者先绘。"),
)

REGION = (
    Column("members", "成员", "text", "成员市，以、连接。"),
    Column("focus", "重点发展", "text", "文件所写的重点发展产业，以、连接。"),
    Column("integrated", "深化融合", "text", "深化融合的领域，以、连接。"),
    Column("frontier", "前沿技术研究", "text", "前沿技术，以、连接。"),
)

SITE = (
    Column("place_text", "文件用语", "text", "文件所写的地名，以、连接。"),
    Column("placement", "地点依据", "text", "stated 为文件载明，inferred 为推定。"),
    Column("stage", "阶段", "text", "文件述为已有或已成的为现状，否则为规划。"),
    Column("period", "规划期", "text", "所据文件的规划期。"),
)

BASE = (
    *SITE,
    Column(
        "kind", "类别", "text", "base 基地，park 园区，cluster 集群，zone 示范区，platform 平台。"
    ),
    Column("level", "级别", "text", "文件写明的国家级或省级。"),
    Column(
        "written_as",
        "文件名称",
        "text",
        "文件所写的名称；并列省略处以…表示。",
    ),
    Column("mentions", "提及次数", "integer", "文件提及的次数。", "次"),
    Column("documents", "文件编号（全部）", "list", "提及它的全部文件的编号。"),
    Column("sources", "全部出处", "text", "每次提及的文件与位置，以；连接。"),
    Column("linked", "合并依据", "text", "把不同名称视为同一基地的依据。"),
)

PROJECT = (
    *SITE,
    Column("company", "企业", "text", "文件点名的企业。"),
    Column("box", "专栏", "integer", "所在专栏的序号。"),
    Column(
        "place_from_company",
        "地名出自企业名",
        "text",
        "“是”表示地名只见于企业名称，可能是企业所在地。",
    ),
)

FUTURE = (
    Column("places", "支持引导地区", "text", "文件所写的地区，以、连接。"),
    Column("fields", "聚焦领域", "text", "文件所写的领域，以、连接。"),
    Column("period", "规划期", "text", "所据文件的规划期。"),
)

TARGET = (
    Column("scope", "范围", "text", "数值所说的范围。"),
    Column("indicator", "指标", "text", "文件所写的指标。"),
    Column("comparator", "用语", "text", "文件用语，…为数值所在。"),
    Column("value", "数值", "number", "文件所写的数值，单位见“单位”。"),
    Column("value_high", "数值上限", "number", "文件给出区间时的上限。"),
    Column("value_text", "文字数值", "text", "以文字表示的数量（一批、若干）。"),
    Column("unit", "单位", "text", "数值的单位。"),
    Column("threshold", "门槛", "text", "计数所依的门槛（千亿级等）。"),
    Column("year", "年份", "integer", "数值所指的年份。"),
    Column("period", "时段", "text", "不指单一年份时的时段。"),
    Column("baseline", "基数", "text", "基数及其单位与年份，以文件所给为限。"),
)

DIVISION = (
    Column("adcode", "行政区划代码", "text", "本政区的代码。"),
    Column(
        "area_km2",
        "面积（测算）",
        "number",
        "由多边形测算的椭球面积，不是勘测面积。",
        "km²",
    ),
)

# Only in formats that carry styles: what they are drawn and labelled by.
STYLED = (
    Column("style", "样式", "text", "绘制样式的类别，与网页一致。"),
    Column("style_title", "图例", "text", "该类别的图例文字。"),
    Column("label", "注记", "text", "地图上的注记文字。"),
)


def _revenue(year: int) -> tuple[Column, Column]:
    """Return the columns of a year's revenue target and its wording."""
    return (
        Column(
            f"revenue_yi_{year}",
            f"{year}年营业收入目标",
            "integer",
            "该年营业收入目标；文件未给则为空。",
            "亿元",
        ),
        Column(
            f"revenue_comparator_{year}", f"{year}年营业收入用语", "text", "文件在数值前的用语。"
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
            *_revenue(y),
            Column(
                f"servers_wan_{y}",
                f"{y}年服务器目标",
                "integer",
                "该年运行服务器目标；文件未给则为空。",
                "万台",
            ),
            Column(f"servers_comparator_{y}", f"{y}年服务器用语", "text", "文件在数值前的用语。"),
        ]
    return (*CLUSTER, *targets, *YEAR)


def spans(years: Iterable[int]) -> list[tuple[int, int]]:
    """Return the pairs of target years that are compared: neighbours, then first and last.

    >>> spans([2023, 2025, 2027])
    [(2023, 2025), (2025, 2027), (2023, 2027)]
    """
    known = list(years)
    pairs = list(itertools.pairwise(known))
    return pairs + ([(known[0], known[-1])] if len(known) > 2 else [])


def growth_columns(years: Iterable[int]) -> tuple[Column, ...]:
    """Return the columns of the change between target years.

    >>> [c.name for c in growth_columns([2023, 2025])][-3:]
    ['change_yi_2023_2025', 'change_percent_2023_2025', 'year_reaching_1000_yi']
    """
    known = list(years)
    columns = [column for y in known for column in _revenue(y)]
    for a, b in spans(known):
        columns += [
            Column(
                f"change_yi_{a}_{b}",
                f"{a}—{b}年目标增量",
                "integer",
                "两年目标值之差，由本项目计算。",
                "亿元",
            ),
            Column(
                f"change_percent_{a}_{b}",
                f"{a}—{b}年目标增幅",
                "number",
                "增量占前一年目标值的百分比，由本项目计算。",
                "%",
            ),
        ]
    since = Column(
        "year_reaching_1000_yi", "达千亿元目标年", "integer", "目标值首次达到1,000亿元的目标年。"
    )
    return (*columns, since)


def columns_of(layer: str, years: Iterable[int]) -> tuple[Column, ...]:
    """Return a layer's columns, in order; `years` are the atlas's target years.

    >>> [c.name for c in columns_of("admin-cities", [2025])][-2:]
    ['adcode', 'area_km2']
    """
    own = {
        "clusters": cluster_columns(years),
        "clusters-core": ZONE,
        "clusters-radiation": ZONE,
        "growth": growth_columns(years),
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
