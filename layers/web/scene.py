"""What the browser draws: geometry and styles that travel once, and the message of a view.

The topology holds counties and neighbours; the scene names, for every feature, the counties it is
the union of (or its own polygon), its style, legend keys, symbol and label. Neither depends on a
view, so both are served as static files. A view is a message: what was chosen.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import mapping

from data.models import Cluster, Industry, LayoutUnit
from geo.footprints import middle
from layers.catalogue import LAYERS, Atlas
from layers.columns import spans
from layers.kinds.clusters import THOUSAND_YI, cluster_places
from layers.portrayal import layout_diagram, style
from layers.reading.details import feature
from layers.reading.query import filter_options
from layers.reading.view import FilterValues, View, filter_values

# Screen coordinates need no more: 1e-5 degrees are about a metre.
_DECIMALS = 5
_BAND_SHARE = 0.045  # width of a belt on the layout sheet, as a share of the province's diagonal
_SYMBOLS = {"core": "核", "pole": "极", "wing": "翼"}
_AROUND_POINT = 0.3  # degrees shown about a point
_MERGED = {"administrative", "host-county", "inferred"}
_STATUS_TITLES = {
    "host-county": "所在县(区)示意",
    "schematic": "按公布面积示意",
    "supplied": "用户提供边界",
    "inferred": "成员为推定",
}


def topology(atlas: Atlas) -> dict[str, Any]:
    """Return counties and neighbours as one TopoJSON object, ids being adcodes."""
    from topojson.core.topology import Topology  # heavy; only for making the static files

    boundaries = atlas.places.boundaries
    counties = boundaries.counties[["name", "city", "geometry"]]
    neighbours = boundaries.neighbours[["name", "enclosed", "geometry"]]
    made = Topology(
        [counties.assign(id=counties.index), neighbours.assign(id=neighbours.index)],
        object_name=["counties", "neighbours"],
        prequantize=1e6,
        winding_order=None,
    )
    content: dict[str, Any] = json.loads(str(made.to_json()))
    for collection in content["objects"].values():
        for shape in collection["geometries"]:
            shape["id"] = shape["properties"].pop("id")
    for shape in content["objects"]["neighbours"]["geometries"]:
        shape["properties"]["at"] = _centre(neighbours.geometry[shape["id"]])  # of its name
    return content


def scene(atlas: Atlas) -> dict[str, Any]:
    """Return styles, features, labels and legend: everything but the counties' geometry."""
    features = [f for layer in LAYERS for f in _features(atlas, layer)]
    _spread([f["symbol"] for f in features if f["layer"] in ("bases", "projects")])
    legend = _legend(atlas, features)
    used = {f["style"] for f in features}
    used |= {f["layout_diagram"]["style"] for f in features if f.get("layout_diagram")} - {None}
    used |= {item["style"] for group in legend for item in group["items"]}
    west, south, east, north = (float(v) for v in atlas.places.boundaries.counties.total_bounds)
    info = atlas.records.atlas
    return {
        "bounds": [[south, west], [north, east]],
        "target_sizes": [[value, style.target_radius(value)] for value in style.TARGET_SIZES_YI],
        "panes": [{"id": pane, "z": z} for pane, z in style.PANES],
        "styles": {name: asdict(style.STYLES[name]) for name in sorted(used)},
        "features": features,
        "legend": legend,
        "filter_options": _filter_options(atlas),
        "notes": {"schematic": info.disclaimer, "attribution": info.attribution},
        "text": {
            "map": "地图",
            "legend_of": "图例 · {year}年",
            "empty": "当前筛选没有可显示的图形",
            "more": "另有 {n} 项",
            "failed": "地图数据未能载入，请刷新页面",
            "zoom_in": "放大",
            "zoom_out": "缩小",
            "home": "全省",
            "home_title": "回到全省",
            "two_fingers": "双指移动地图",
            "badge": "{year}年",
            "sheet": "规划图式 · 示意：依成员推定绘制，不表示范围",
            "basemap_failed": "天地图没有应答，请检查网络与密钥",
            "km": "公里",
            "m": "米",
        },
    }


def message(
    view: View,
    *,
    selected: Iterable[str] = (),
    at: tuple[float, float] | None = None,
    fit: Iterable[float] | None = None,
) -> dict[str, Any]:
    """Return the message that makes the map show `view`.

    It says what was chosen, not which features that keeps: the map finds them by the same rule
    (``keeps`` in ``static/map/map.js``), so a message is as short for a country as for a county.

    Parameters
    ----------
    selected
        Ids of the features to emphasise.
    at
        A point (lon, lat) to mark.
    fit
        Bounds (west, south, east, north) to move to; the view of the map stays without them.
    """
    bounds = None
    if fit is not None:
        west, south, east, north = (round(float(v), _DECIMALS) for v in fit)
        bounds = [[south, west], [north, east]]
    filters = {name: list(values) for name, values in view.filters.items()}
    return {
        "choice": {"year": view.year, "layer": list(view.layers), **filters},
        "selected": list(selected),
        "at": list(at) if at else None,
        "fit": bounds,
    }


def feature_extent(atlas: Atlas, feature_id: str) -> tuple[float, float, float, float] | None:
    """Return the bounds (west, south, east, north) to move to for a feature.

    A point has some surroundings; what has no geometry, or is no feature, has no bounds.
    """
    row = feature(atlas, feature_id)
    if row is None or row["geometry"] is None:
        return None
    west, south, east, north = row["geometry"].bounds
    margin = _AROUND_POINT if row["geometry_status"] == "point" else 0.0
    return west - margin, south - margin, east + margin, north + margin


def filter_values_json(found: FilterValues) -> dict[str, Any]:
    """Return what a filter looks at in a feature, for the rule ``keeps`` of ``static/map/map.js``."""
    return {"year": found.year, **{name: sorted(of) for name, of in found.values.items()}}


def _filter_options(atlas: Atlas) -> dict[str, dict[str, str]]:
    """Return parameter → title → value of what the filter bar offers."""
    offered = {name: titles for name, titles in filter_options(atlas).items() if name != "county"}
    return {name: {title: v for v, title in titles.items()} for name, titles in offered.items()}


# -- features ----------------------------------------------------------------------------------


def _features(atlas: Atlas, layer: str) -> list[dict[str, Any]]:
    build = {
        "clusters": _cluster,
        "clusters-core": _part,
        "clusters-radiation": _part,
        "growth": _growth,
        "layout": _unit,
        "regions": _region,
        "future-industries": _future,
        "bases": _site,
        "projects": _site,
        "targets": _neighbour,
        "admin-cities": _division,
        "admin-counties": _division,
    }[layer]
    rows = [row for row in atlas.frames[layer].to_dict("records") if row["geometry"] is not None]
    looked_at = {found.id: found for found in filter_values(atlas, layer)}
    return [
        {"id": row["id"], "layer": layer, "name": row["name"], "symbol": None, "label": None}
        | {"filter_values": filter_values_json(looked_at[row["id"]])}
        | _polygon(atlas, row)
        | build(atlas, row, number)
        for number, row in enumerate(rows)
    ]


def _polygon(atlas: Atlas, row: Mapping[str, Any]) -> dict[str, Any]:
    """Name the counties a feature is the union of, or give its own polygon; a site has none."""
    if row["geometry_status"] == "point":
        return {"members": []}
    merged = row["geometry_status"] in _MERGED
    if row["layer"] == "clusters":
        cluster_places = _parts(atlas, row["cluster_id"])
        merged = bool(cluster_places["geometry_status"].isin(_MERGED).all())
    if merged:
        return {"members": list(row["adcodes"])}
    geometry = mapping(shapely.set_precision(row["geometry"], 10**-_DECIMALS))
    return {"members": list(row["adcodes"]), "geometry": geometry}


def _parts(atlas: Atlas, cluster_id: str) -> gpd.GeoDataFrame:
    both = [atlas.frames[f"clusters-{role}"] for role in ("core", "radiation")]
    return pd.concat([f[f["cluster_id"] == cluster_id] for f in both])


def _cluster(atlas: Atlas, row: Mapping[str, Any], _: int) -> dict[str, Any]:
    family = _family(atlas, row)
    record = _record(atlas, row)
    by_year = _targets(atlas, row)
    label = _label("cluster", record.short_name, _seat(atlas, record), 2 if by_year else 4)
    label |= {"by_year": by_year or None, "color": style.ink(style.INDUSTRY_COLOURS[family])}
    return {
        "style": f"cluster-{family}",
        "pane": "outline",
        "keys": [f"industry:{family}", "part:extent"],
        "label": label,
    }


def _targets(atlas: Atlas, row: Mapping[str, Any]) -> dict[str, str]:
    """Return year → revenue target in the document's wording, for the years that have one."""
    return {
        str(year): f"{row[f'revenue_comparator_{year}']}{row[f'revenue_yi_{year}']:,}亿元"
        for year in atlas.records.atlas.years
        if pd.notna(row[f"revenue_yi_{year}"])
    }


def _record(atlas: Atlas, row: Mapping[str, Any]) -> Cluster:
    return {c.id: c for _, c in atlas.records.clusters()}[row["cluster_id"]]


def _growth(atlas: Atlas, row: Mapping[str, Any], _: int) -> dict[str, Any]:
    """Circles for the targets, and a label that says all the cluster's does, and the change.

    The label comes first and has the same text, so that it stands in the cluster's place.
    """
    family = _family(atlas, row)
    colour = style.INDUSTRY_COLOURS[family]
    targets = {y: row[f"revenue_yi_{y}"] for y in atlas.records.atlas.years}
    given = {year: value for year, value in targets.items() if pd.notna(value)}
    fills = style.rings(colour, len(given))
    rings = [
        {
            "year": year,
            "radius": style.target_radius(value),
            "fill": fill,
            "passes": bool(value >= THOUSAND_YI),
        }
        for (year, value), fill in zip(given.items(), fills, strict=True)
    ]
    at = [round(row["geometry"].x, _DECIMALS), round(row["geometry"].y, _DECIMALS)]
    said, change = _targets(atlas, row), _change(atlas, row)
    by_year = {
        str(year): "\n".join(line for line in (said.get(str(year)), change) if line)
        for year in targets
    }
    label = _label("growth", _record(atlas, row).short_name, at, 1)
    return {
        "style": "growth",
        "pane": "outline",
        "keys": [f"industry:{family}", "growth"],
        "symbol": {"kind": "growth", "text": "", "at": at, "color": colour, "rings": rings},
        "label": label | {"by_year": by_year, "color": style.ink(colour)},
    }


def _change(atlas: Atlas, row: Mapping[str, Any]) -> str | None:
    """Say what changes from the first target year to the last, or within the years that have one.

    Only figures of the layer's columns are said.
    """
    for start, end in reversed(spans(atlas.records.atlas.years)):
        change = row[f"change_yi_{start}_{end}"]
        if pd.notna(change):
            percent = row[f"change_percent_{start}_{end}"]
            return f"{change:+,}亿元 {percent:+g}%".replace("-", "−")
    return None


def _part(atlas: Atlas, row: Mapping[str, Any], _: int) -> dict[str, Any]:
    family, status = _family(atlas, row), row["geometry_status"]
    part = row["layer"].removeprefix("clusters-")
    return {
        "style": f"{part}-{family}-{status}",
        "pane": "host" if status == "host-county" else part,
        "keys": [f"industry:{family}", f"part:{part}", f"status:{status}"],
    }


def _unit(atlas: Atlas, row: Mapping[str, Any], number: int) -> dict[str, Any]:
    kind, unit = row["kind"], {u.id: u for _, u in atlas.records.layout()}
    record = unit[row["id"].removeprefix("layout:")]
    if kind == "belt":
        tint = number % len(style.BELT_COLOURS)
        label = _label("belt", record.name, _centre(row["geometry"]), 3)
        label["color"] = style.ink(style.BELT_COLOURS[tint], 4.5)
        return {
            "style": f"belt-{tint}",
            "pane": "layout",
            "keys": [f"belt:{row['id']}", "status:inferred"],
            "label": label,
            "layout_diagram": _layout_diagram(atlas, record, f"planned-belt-{tint}"),
        }
    at = _centre(row["geometry"])
    keys = [f"unit:{kind}"] + ["status:inferred"] * (row["membership"] == "inferred")
    drawn = {
        "style": f"unit-{kind}",
        "pane": "units",
        "keys": keys,
        "layout_diagram": _layout_diagram(atlas, record, f"planned-{kind}"),
    }
    cores = {tuple(u["adcodes"]) for u in _units(atlas, "core")}
    if kind == "wing" and tuple(row["adcodes"]) in cores:
        return drawn  # 雄安 is core and wing: one symbol, the core's
    label = _label("unit", record.short_name, at, 1) | {"color": style.POLE_RED}
    symbol = {"kind": kind, "text": _SYMBOLS[kind], "at": at}
    return drawn | {"symbol": symbol, "label": label}


def _layout_diagram(atlas: Atlas, unit: LayoutUnit, look: str) -> dict[str, Any] | None:
    """Return how a unit is drawn on a layout sheet: a polygon or a symbol, and where its name is.

    All of it follows from the points of the members of the unit and, for a wing, of the core; a
    belt keeps to the province. A belt of one member has no direction: there is no other way to
    draw it than its polygon.
    """
    points = _member_points(atlas, unit)
    west, south, east, north = atlas.places.boundaries.counties.total_bounds
    width = _BAND_SHARE * math.hypot(east - west, north - south)
    at = [round(v, _DECIMALS) for v in layout_diagram.middle_of(points)]
    drawn: dict[str, Any] = {"at": at, "geometry": None, "style": None, "symbol": None}
    if unit.kind == "belt":
        if len(points) == 1:
            return None
        land = shapely.coverage_union_all(atlas.places.boundaries.counties.geometry)
        shape, name_at = layout_diagram.band(points, width, land)
        at = [round(v, _DECIMALS) for v in name_at]
        return drawn | {"at": at, "geometry": _mapped(shape), "style": look}
    if unit.kind in ("core", "pole"):
        symbol = {"kind": f"{unit.kind}-sheet", "text": _SYMBOLS[unit.kind], "at": at}
        return drawn | {"symbol": symbol}
    cores = [_member_points(atlas, u) for _, u in atlas.records.layout() if u.kind == "core"]
    if unit.kind == "wing" and cores and cores[0] != points:
        made = layout_diagram.arrow(
            layout_diagram.middle_of(cores[0]), layout_diagram.middle_of(points), width
        )
        symbol = {"kind": "wing", "text": _SYMBOLS["wing"], "at": at}
        if made:
            drawn |= {"geometry": _mapped(made), "style": look}
        return drawn | {"symbol": symbol}
    return drawn


def _mapped(geometry: shapely.Geometry) -> dict[str, Any]:
    return dict(mapping(geometry))


def _member_points(atlas: Atlas, unit: LayoutUnit) -> list[tuple[float, float]]:
    places = atlas.places.gazetteer.resolve_list(unit.members)
    points = [atlas.places.footprints.point(place) for place in places]
    return [(point.x, point.y) for point in points]


def _units(atlas: Atlas, kind: str) -> list[dict[str, Any]]:
    layout = atlas.frames["layout"]
    found: list[dict[str, Any]] = layout[layout["kind"] == kind].to_dict("records")
    return found


def _region(atlas: Atlas, row: Mapping[str, Any], number: int) -> dict[str, Any]:
    record = {r.id: r for _, r in atlas.records.regions()}[row["id"].removeprefix("regions:")]
    tint = number % len(style.REGION_COLOURS)
    label = _label("region", record.short_name, _centre(row["geometry"]), 3)
    label["color"] = style.ink(style.REGION_COLOURS[tint], 4.5)
    keys = [f"region:{row['id']}"]
    return {"style": f"region-{tint}", "pane": "regions", "keys": keys, "label": label}


def _future(atlas: Atlas, row: Mapping[str, Any], _: int) -> dict[str, Any]:
    # Six unions of cities lie on each other: the more a city is named, the darker it is.
    return {"style": "future", "pane": "regions", "keys": ["future"]}


def _site(atlas: Atlas, row: Mapping[str, Any], _: int) -> dict[str, Any]:
    kind = row["layer"].removesuffix("s")
    industry = [_family(atlas, row)] if row["industries"] else []
    colour = style.INDUSTRY_COLOURS[industry[0] if industry else "services"]
    point = shapely.get_parts(row["geometry"])[0]
    at = [round(point.x, _DECIMALS), round(point.y, _DECIMALS)]
    label = _label(kind, row["name"], at, 7) | {"color": style.ink(colour), "min_zoom": 8.5}
    return {
        "style": f"site-{kind}",
        "pane": "outline",
        "keys": [f"site:{kind}", *(f"industry:{i}" for i in industry)],
        "symbol": {"kind": kind, "text": "", "at": at, "color": colour},
        "label": label,
    }


def _spread(symbols: list[dict[str, Any]]) -> None:
    """Give symbols at the same point a slot each, so that they lie side by side."""
    shared: dict[tuple[float, ...], list[dict[str, Any]]] = defaultdict(list)
    for symbol in symbols:
        shared[tuple(symbol["at"])].append(symbol)
    for group in shared.values():
        for slot, symbol in enumerate(group):
            symbol.update(slot=slot, slots=len(group))


def _neighbour(atlas: Atlas, row: Mapping[str, Any], _: int) -> dict[str, Any]:
    neighbours = atlas.places.boundaries.neighbours
    members = list(neighbours.index[neighbours["name"] == row["city"]])
    return {
        "style": "neighbour-plan",
        "pane": "regions",
        "keys": ["neighbour-plan"],
        "members": members,
    }


def _division(atlas: Atlas, row: Mapping[str, Any], _: int) -> dict[str, Any]:
    kind = "city" if row["layer"] == "admin-cities" else "county"
    if kind == "city":
        at, text = _centre(row["geometry"]), row["name"].removesuffix("市")
        label = _label("city", text, at, 5) | {"color": "#4b535d"}
    else:
        county = atlas.places.boundaries.counties.loc[row["adcode"]]
        at = [round(float(county["lon"]), _DECIMALS), round(float(county["lat"]), _DECIMALS)]
        label = _label("county", row["name"], at, 9) | {"color": "#6b737c", "min_zoom": 8}
    return {"style": f"admin-{kind}", "pane": "admin", "keys": [f"admin:{kind}"], "label": label}


def _family(atlas: Atlas, row: Mapping[str, Any]) -> str:
    """Return the colour family of a feature's first industry."""
    return family(atlas.records.industry_by_id[row["industries"][0]])


def family(industry: Industry) -> str:
    """Return the id of the colour family an industry is drawn in.

    Future industries share one colour; so do industries a data folder adds to the vocabulary.
    """
    if industry.group == "future":
        return "future"
    return industry.id if industry.id in style.INDUSTRY_COLOURS else "services"


def _label(kind: str, text: str, at: list[float], priority: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "text": text,
        "by_year": None,
        "at": at,
        "priority": priority,
        "min_zoom": 0,
        "color": "#1f2933",
    }


def _seat(atlas: Atlas, cluster: Cluster) -> list[float]:
    """Return the point (lon, lat) that stands for a cluster's first core place."""
    point = atlas.places.footprints.point(cluster_places(atlas.places, cluster)[0].place)
    return [round(point.x, _DECIMALS), round(point.y, _DECIMALS)]


def _centre(geometry: shapely.Geometry) -> list[float]:
    """Return the middle of the widest part (lon, lat): a point well inside the polygon."""
    point = middle(geometry)
    return [round(point.x, _DECIMALS), round(point.y, _DECIMALS)]


# -- legend ------------------------------------------------------------------------------------


def _legend(atlas: Atlas, features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return legend groups; an item stands for all features that have its key."""
    keys = {key for feature in features for key in feature["keys"]}
    statuses = [s for s in style.STATUSES if s in _STATUS_TITLES]
    families = dict.fromkeys(family(i) for i in atlas.records.industries)
    titles = {family(i): i.name for i in reversed(atlas.records.industries)}
    titles["future"] = "未来产业"
    groups: list[tuple[str, list[tuple[str, str, str, str | None]]]] = [
        (
            "空间布局",
            [
                *(
                    (f"unit:{kind}", title, f"unit-{kind}", kind)
                    for kind, title in (("core", "一核"), ("pole", "两极"), ("wing", "两翼"))
                ),
                *(_band(f, "belt") for f in features if f["id"].startswith("layout:")),
                *(_band(f, "region") for f in features if f["layer"] == "regions"),
                ("future", "未来产业支持引导地区", "future", None),
                ("neighbour-plan", "邻省市规划目标", "neighbour-plan", None),
            ],
        ),
        (
            "产业",
            [(f"industry:{f}", titles[f], f"core-{f}-administrative", None) for f in families],
        ),
        (
            "集群范围",
            [
                ("part:core", "核心承载区", "core-it-administrative", None),
                ("part:radiation", "辐射区域", "radiation-it-administrative", None),
                ("part:extent", "集群整体范围", "cluster-it", None),
            ],
        ),
        (
            "基地与项目",
            [
                ("site:base", "基地与园区", "site-base", "base"),
                ("site:project", "重大项目", "site-project", "project"),
            ],
        ),
        ("目标增长", [("growth", "营业收入目标（圆面积，亿元）", "growth", "growth")]),
        (
            "几何状态",
            [
                *((f"status:{s}", _STATUS_TITLES[s], f"core-it-{s}", None) for s in statuses),
                ("status:inferred", _STATUS_TITLES["inferred"], "belt-0", None),
            ],
        ),
        (
            "政区",
            [
                ("admin:city", "设区市界", "admin-city", None),
                ("admin:county", "县级界", "admin-county", None),
            ],
        ),
    ]
    years = atlas.records.atlas.years
    notes = {
        "目标增长": [
            f"由内向外：{years[0]}—{years[-1]}年各目标年",
            "粗环：所选目标年",
            "★：该年目标达千亿元",
            f"增减：{years[0]}—{years[-1]}年",
        ]
    }
    # A belt has its own key, and on a layout sheet a style of its own.
    planned = {
        f["keys"][0]: f["layout_diagram"]["style"] for f in features if f.get("layout_diagram")
    }
    return [
        {
            "title": title,
            "notes": notes.get(title, []),
            "items": [
                {
                    "key": key,
                    "title": name,
                    "style": swatch,
                    "symbol": symbol,
                    "planned": planned.get(key),
                }
                for key, name, swatch, symbol in items
                if key in keys
            ],
        }
        for title, items in groups
    ]


def _band(feature: Mapping[str, Any], kind: str) -> tuple[str, str, str, str | None]:
    return f"{kind}:{feature['id']}", feature["name"], feature["style"], None
