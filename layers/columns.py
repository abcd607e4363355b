"""The definition of a column, and the columns that all layers have.

Columns of a single kind of layer are defined in its module in `layers/kinds/`. Titles and meanings
are Chinese, because they go into field dictionaries. Names contain the unit. Lists are lists of
text. A value that the document does not give is null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

KIND_TITLES = {"text": "文本", "list": "文本列表", "integer": "整数", "number": "小数"}


@dataclass(frozen=True)
class Column:
    """A column of a layer.

    Attributes
    ----------
    name
        Its ASCII name.
    title, meaning
        Its Chinese title, and its meaning for field dictionaries.
    kind
        The type of its values.
    unit
        The unit of its values, if any.
    """

    name: str
    title: str
    kind: Literal["text", "list", "integer", "number"]
    meaning: str
    unit: str | None = None

    @property
    def kind_title(self) -> str:
        """The kind in Chinese, for field dictionaries."""
        return KIND_TITLES[self.kind]

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
    Column(
        "industries",
        "产业代码",
        "list",
        "统一产业分类的代码；第一个决定颜色。以文本存放时按项查找："
        "concat(',', industries, ',') LIKE '%,it,%'。",
    ),
    Column("industry_names", "产业", "text", "产业名称，以、连接。"),
    Column("city", "城市", "text", "所在设区市，以、连接；雄安新区与保定市分列。"),
    Column("city_adcodes", "城市代码", "list", "所在设区市代码，城市筛选以此匹配。"),
    Column("adcodes", "县级代码", "list", "涉及的县级政区；开发区为其所在县(市、区)。"),
    Column(
        "geometry_status",
        "几何状态",
        "text",
        "administrative 行政区划界；host-county 以所在县(区)示意；"
        "supplied 用户提供边界；inferred 成员为推定；point 所在地代表点。",
    ),
    Column("note", "说明", "text", "关于范围或成员的说明。"),
    Column("document", "文件编号", "text", "所据文件的编号。"),
    Column("document_title", "文件", "text", "所据文件的标题与形式（全文、节选或媒体摘编）。"),
    Column("locator", "文件位置", "text", "在文件中的位置。"),
)

# Columns for styles and labels, which only formats with styles have.
STYLED = (
    Column("style", "样式", "text", "绘制样式的类别，与网页一致。"),
    Column("style_title", "图例", "text", "该类别的图例文字。"),
    Column("label", "注记", "text", "地图上的注记文字。"),
)


def revenue_columns(year: int) -> tuple[Column, Column]:
    """Return the columns for the revenue target of a year (亿元) and its wording.

    Parameters
    ----------
    year
        A target year.
    """
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
