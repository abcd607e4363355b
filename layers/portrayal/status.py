"""The geometry status in words: how the outline of a feature was obtained."""

from __future__ import annotations

from collections.abc import Mapping

WITHOUT_GEOMETRY = "none"
STATUS_TITLES: Mapping[str, str] = {
    "administrative": "行政区划界",
    "host-county": "所在县(区)示意",
    "supplied": "用户提供边界",
    "inferred": "成员为推定",
    "point": "所在地代表点",
    WITHOUT_GEOMETRY: "无图形",
}
STATUS_METHODS: Mapping[str, str] = {
    "administrative": "依天地图县级政区合并而成",
    "host-county": "开发区没有公开的边界，以所在县(市、区)示意，斜线填充",
    "supplied": "由使用单位提供的边界",
    "inferred": "文件没有写明成员，成员为推定，虚线",
    "point": "点位代表所在地，不是实际位置",
    WITHOUT_GEOMETRY: "文件所说没有可绘的范围",
}
