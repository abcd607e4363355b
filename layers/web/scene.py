"""What the browser draws: geometry and styles that travel once, and the message of a view.

The topology holds counties and neighbours. The scene names, for every feature, the counties it is
the union of (or its own polygon), its style, legend keys, symbol and label. Neither depends on a
view, so both are served as static files. A view is a message that says what was chosen.

This module only writes JSON: what things look like is decided in `layers/portrayal/`, and which
feature looks how in `layers/kinds/`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import shapely
from shapely.geometry import mapping

from geo.footprints import visual_centre
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kind import Kind
from layers.portrayal import layout_diagram, lettering, palette, panes, style, symbols, targets
from layers.portrayal.base_map import BASE_MAP
from layers.portrayal.drawing import DiagramDrawing, Label, LonLat, Symbol
from layers.portrayal.legend import SWATCH_FAMILY, LegendEntry, LegendGroup
from layers.portrayal.lettering import Lettering, TextLine
from layers.portrayal.panes import Pane
from layers.portrayal.style import Style
from layers.portrayal.symbols import SymbolDesign
from layers.reading.details import feature_row
from layers.reading.drawings import DrawnFeature, drawings, legend, used_styles
from layers.reading.query import filter_options
from layers.reading.view import FilterValues, View, filter_values

# Screen coordinates need no more: 1e-5 degrees are about a metre.
_DECIMALS = 5
_AROUND_POINT = 0.3  # degrees shown about a point


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
        point = visual_centre(neighbours.geometry[shape["id"]])
        shape["properties"]["at"] = _rounded((point.x, point.y))  # of its name
    return content


def scene(atlas: Atlas) -> dict[str, Any]:
    """Return styles, features, labels and legend: everything but the counties' geometry.

    Parameters
    ----------
    atlas
        The atlas.
    """
    features = list(drawings(atlas).values())
    groups = legend(atlas)
    entries = [entry for _, own in groups for entry in own]
    west, south, east, north = (float(v) for v in atlas.places.boundaries.counties.total_bounds)
    info = atlas.records.atlas
    return {
        "bounds": [[south, west], [north, east]],
        "target_sizes": [[value, targets.radius_px(value)] for value in targets.SIZES_YI],
        "panes": [{"id": pane.name, "z": pane.z} for pane in panes.PANES],
        "styles": {
            name: _style(named.style)
            for name, named in used_styles(features, entries, SWATCH_FAMILY).items()
        },
        "symbol_colors": {
            "legend": symbols.LEGEND_COLOUR,
            "text": lettering.TEXT_COLOUR,
            "star": palette.STAR_GOLD,
        },
        "symbols": {design.name: _design(design) for design in _designs(features, entries)},
        "letterings": {kind.name: _lettering(kind) for kind in _letterings(features)},
        "lettering": {
            "fonts": list(lettering.FONTS),
            "line_height": lettering.LINE_HEIGHT,
            "dot": lettering.DOT_PX,
            "dot_outline": lettering.DOT_OUTLINE_PX,
            "leader": lettering.LEADER_PX,
            "halo": lettering.HALO_PX,
        },
        "hatch": {
            "step": style.HATCH_STEP_PX,
            "line": style.HATCH_LINE_PX,
            "degrees": style.HATCH_DEGREES,
        },
        "base_map": asdict(BASE_MAP) | {"lettering": lettering.NEIGHBOUR.name},
        "surroundings": {pane.name: pane.z for pane in panes.SURROUNDINGS},
        "layers": {layer: _layer(kind) for layer, kind in KINDS.items()},
        "features": _features(atlas, features),
        "legend": [_legend_group(group, own) for group, own in groups],
        "filter_options": _filter_options(atlas),
        "notes": {"schematic": info.disclaimer, "attribution": info.attribution},
        "text": {
            "map": "地图",
            "legend_of": "图例 · {year}年",
            "empty": "当前筛选没有可显示的图形",
            "more": "另有 {n} 项",
            "stack": "此处 {n} 项基地与项目，点击展开",
            "failed": "地图数据未能载入，请刷新页面",
            "zoom_in": "放大",
            "zoom_out": "缩小",
            "home": "全省",
            "home_title": "回到全省",
            "two_fingers": "双指移动地图",
            "badge": "{year}年",
            "sheet": layout_diagram.NOTE,
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
    row = feature_row(atlas, feature_id)
    if row is None or row["geometry"] is None:
        return None
    west, south, east, north = row["geometry"].bounds
    margin = _AROUND_POINT if row["geometry_status"] == "point" else 0.0
    return west - margin, south - margin, east + margin, north + margin


def filter_values_json(found: FilterValues) -> dict[str, Any]:
    """Return what filters test in a feature, for the rule ``keeps`` of ``static/map/map.js``."""
    return {"year": found.year, **{name: sorted(of) for name, of in found.values.items()}}


def _filter_options(atlas: Atlas) -> dict[str, dict[str, str]]:
    """Return parameter → title → value of what the filter bar offers."""
    offered = {name: titles for name, titles in filter_options(atlas).items() if name != "county"}
    return {name: {title: v for v, title in titles.items()} for name, titles in offered.items()}


# -- features ----------------------------------------------------------------------------------


def _layer(kind: Kind) -> dict[str, Any]:
    return {
        "division": kind.division,
        "cluster": kind.cluster,
        "point": kind.has_symbols,
    }


def _features(atlas: Atlas, features: Sequence[DrawnFeature]) -> list[dict[str, Any]]:
    values = {found.id: found for layer in KINDS for found in filter_values(atlas, layer)}
    return [_feature(f, values[f.id]) for f in features]


def _feature(drawn: DrawnFeature, values: FilterValues) -> dict[str, Any]:
    drawing = drawn.drawing
    made: dict[str, Any] = {
        "id": drawn.id,
        "layer": drawn.layer,
        "name": drawn.name,
        "symbol": _symbol(drawing.symbol),
        "label": _label(drawing.label),
        "filter_values": filter_values_json(values),
        "members": list(drawn.members),
        "style": drawing.style.name,
        "pane": drawing.pane.name,
        "keys": list(drawing.legend_keys),
    }
    if drawn.outline is not None:
        made["geometry"] = _geometry(drawn.outline)
    if drawing.diagram:
        made["layout_diagram"] = _diagram(drawing.diagram)
    return made


def _symbol(symbol: Symbol | None) -> dict[str, Any] | None:
    if symbol is None:
        return None
    made: dict[str, Any] = {"kind": symbol.design.name, "at": _rounded(symbol.at)}
    if symbol.colour:
        made["color"] = symbol.colour
    if symbol.rings:
        made["rings"] = [
            {"year": r.year, "radius": r.radius_px, "fill": r.fill, "passes": r.passes}
            for r in symbol.rings
        ]
    return made


def _label(label: Label | None) -> dict[str, Any] | None:
    if label is None:
        return None
    return {
        "kind": label.lettering.name,
        "text": label.text,
        "by_year": {str(year): text for year, text in label.by_year.items()} or None,
        "at": _rounded(label.at),
        "priority": label.priority,
        "min_zoom": label.min_zoom,
        "color": label.colour,
    }


def _diagram(diagram: DiagramDrawing) -> dict[str, Any]:
    return {
        "at": _rounded(diagram.at),
        "geometry": None if diagram.geometry is None else dict(mapping(diagram.geometry)),
        "style": diagram.style.name if diagram.style else None,
        "symbol": _symbol(diagram.symbol),
    }


def _geometry(outline: shapely.Geometry) -> dict[str, Any]:
    return dict(mapping(shapely.set_precision(outline, 10**-_DECIMALS)))


def _rounded(at: LonLat) -> list[float]:
    return [round(float(v), _DECIMALS) for v in at]


# -- symbols and lettering ---------------------------------------------------------------------


def _designs(
    features: Sequence[DrawnFeature], entries: Sequence[LegendEntry]
) -> Iterable[SymbolDesign]:
    """Return the designs of all symbols that features, diagrams and the legend use, once each."""
    drawn = [f.drawing.symbol for f in features]
    drawn += [f.drawing.diagram.symbol for f in features if f.drawing.diagram]
    used = [symbol.design for symbol in drawn if symbol]
    used += [entry.symbol for entry in entries if entry.symbol]
    if any(design.shares_place for design in used):
        used.append(symbols.COUNTED)
    return {design.name: design for design in used}.values()


def _design(design: SymbolDesign) -> dict[str, Any]:
    reach = design.reach
    return {
        "marks": [asdict(mark) for mark in design.marks],
        "reach": [reach.left, reach.top, reach.right, reach.bottom],
        "text": design.text,
        "scale": design.scale,
        "halos": list(design.halo_radii_px),
        "pane": _symbol_pane(design).name,
        "shared": design.shares_place,
    }


def _symbol_pane(design: SymbolDesign) -> Pane:
    if not design.marks:
        return panes.CIRCLES
    return panes.SITES if design.shares_place else panes.SYMBOLS


def _letterings(features: Sequence[DrawnFeature]) -> Iterable[Lettering]:
    used = [f.drawing.label.lettering for f in features if f.drawing.label]
    return {kind.name: kind for kind in [*used, lettering.NEIGHBOUR]}.values()


def _lettering(kind: Lettering) -> dict[str, Any]:
    def line(found: TextLine) -> dict[str, float]:
        return {"size": found.size_px, "weight": found.weight, "spacing": found.spacing_px}

    return {
        "rank": kind.rank,
        "lines": [line(found) for found in kind.lines],
        "narrow": [line(kind.narrow)] if kind.narrow else None,
        "place": kind.place,
        "led": kind.led,
        "whole": kind.whole,
    }


# -- styles and legend -------------------------------------------------------------------------


def _style(style: Style) -> dict[str, Any]:
    """Return a style under the names that Leaflet has for its parts."""
    return {
        "fill": style.fill,
        "fillOpacity": style.fill_opacity,
        "hatch": style.hatch,
        "stroke": style.stroke,
        "weight": style.weight,
        "opacity": style.opacity,
        "dash": " ".join(f"{length:g}" for length in style.dash) or None,
    }


def _legend_group(group: LegendGroup, entries: Sequence[LegendEntry]) -> dict[str, Any]:
    return {
        "title": group.title,
        "notes": [note for entry in entries for note in entry.notes],
        "items": [
            {
                "key": entry.key,
                "title": entry.title,
                "style": entry.swatch(SWATCH_FAMILY).name,
                "symbol": entry.symbol.name if entry.symbol else None,
                "planned": entry.diagram_swatch.name if entry.diagram_swatch else None,
            }
            for entry in entries
        ],
    }
