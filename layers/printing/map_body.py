"""The map within its frame: base map, features in their panes, symbols and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import shapely

from layers.portrayal import panes
from layers.portrayal.base_map import BASE_MAP
from layers.portrayal.lettering import (
    DOT_OUTLINE_PX,
    DOT_PX,
    HALO_PX,
    LEADER_PX,
    LINE_HEIGHT,
)
from layers.portrayal.style import Style
from layers.portrayal.symbols import WHITE
from layers.printing import label_placement, map_elements, map_labels, symbols
from layers.printing.canvas import Box, TextStyle
from layers.printing.label_placement import MapLabel, PlacedLabel
from layers.printing.map_drawing import MapDrawing
from layers.printing.sheet_features import Subject
from layers.printing.symbols import PlacedSymbol

_VEIL_ORDER = panes.OUTLINE.z + 5.0  # above what it pales, below the divisions
_GRATICULE, _GRATICULE_PX, _GRATICULE_OPACITY = "#9fb2bf", 0.4, 0.45
_SUBJECT_LINE, _SUBJECT_PX = "#39424d", 2.0
_LEADER_CASING_PX, _LEADER_CASING_OPACITY = 3.0, 0.8
_AROUND_DOT_MM = 0.2  # space that labels leave around a dot
_LABEL_REACH = 0.16  # how far a label may move, as a share of the frame's width


def draw(drawing: MapDrawing) -> list[PlacedLabel]:
    """Draw the map.

    Parameters
    ----------
    drawing
        The map.

    Returns
    -------
    list of PlacedLabel
        Its labels in their places.
    """
    pen, frame = drawing.pen, drawing.frame
    pen.clip(frame.box)
    _draw_base(drawing)
    _draw_polygons(drawing)
    if drawing.subject:
        _emphasise(drawing, drawing.subject)
    pen.clip(None)
    taken = map_elements.draw(drawing)
    placed = _draw_symbols(drawing)
    labels = map_labels.labels(drawing, placed)
    obstacles = [*taken, *(symbol.box for symbol in placed.values()), *_dots(drawing, labels)]
    reach = _LABEL_REACH * (frame.box[2] - frame.box[0])
    named = label_placement.place(labels, frame.box, obstacles, reach=reach)
    _draw_leaders(drawing, labels, named)
    _write(drawing, named)
    map_elements.draw_edge(pen, frame)
    return named


def _draw_base(drawing: MapDrawing) -> None:
    pen, frame = drawing.pen, drawing.frame
    boundaries, px, order = drawing.atlas.places.boundaries, pen.paper.px, float(panes.BASE.z)
    neighbours = boundaries.neighbours
    ground = shapely.box(*shapely.total_bounds(neighbours.geometry.to_numpy()))
    pen.box(frame.box, fill=BASE_MAP.neighbour, order=order)
    sea = Style(BASE_MAP.sea, 1.0)
    pen.shape(frame.shape(shapely.segmentize(ground, 0.1)), sea, order=order + 1)
    for row in neighbours.itertuples():
        tint = BASE_MAP.enclosed if row.enclosed else BASE_MAP.neighbour
        line, weight = BASE_MAP.neighbour_line, BASE_MAP.neighbour_weight
        outline = frame.shape(shapely.segmentize(row.geometry, 0.1))
        pen.shape(outline, Style(tint, 1.0, stroke=line, weight=weight), order=order + 2)
    graticule = frame.graticule()
    lines = [line for _, line in (*graticule.meridians, *graticule.parallels)]
    width = _GRATICULE_PX * px
    pen.lines(lines, _GRATICULE, width, order=order + 3, opacity=_GRATICULE_OPACITY)
    counties = boundaries.counties.geometry.to_numpy()
    province = frame.shape(shapely.coverage_union_all(counties))
    glow, opacity = BASE_MAP.glow, BASE_MAP.glow_opacity
    pen.shape(
        province, Style(stroke=glow, weight=BASE_MAP.glow_weight, opacity=opacity), order=order + 4
    )
    pen.shape(province, Style(BASE_MAP.land, 1.0), order=order + 5)
    inner = [frame.shape(county) for county in counties]
    rings = [shapely.get_coordinates(r) for s in inner for r in shapely.get_rings(s)]
    pen.lines(rings, BASE_MAP.county_line, BASE_MAP.county_weight * px, order=panes.LINES.z)
    border = Style(stroke=BASE_MAP.province_line, weight=BASE_MAP.province_weight)
    pen.shape(province, border, order=panes.PROVINCE.z)


def _draw_polygons(drawing: MapDrawing) -> None:
    count = len(drawing.features)
    for number, feature in enumerate(drawing.features):
        if feature.id in drawing.shapes:
            order = feature.feature.drawing.pane.z + number / (10 * count)
            drawing.pen.shape(drawing.shapes[feature.id], feature.style, order=order)


def _emphasise(drawing: MapDrawing, subject: Subject) -> None:
    """Pale everything around the subject and draw its outline, where it wants a veil."""
    if subject.veil:
        area = drawing.frame.shape(subject.area)
        around = shapely.difference(drawing.window, area)
        drawing.pen.shape(around, Style(WHITE, 0.55), order=_VEIL_ORDER)
        line = Style(stroke=_SUBJECT_LINE, weight=_SUBJECT_PX)
        drawing.pen.shape(area, line, order=panes.PROVINCE.z + 0.5)


def _draw_symbols(drawing: MapDrawing) -> Mapping[str, PlacedSymbol]:
    """Draw the symbols; return them by feature id."""
    pen, frame = drawing.pen, drawing.frame
    placed = symbols.place_symbols(pen.paper.px, frame, drawing.features)
    pen.clip(frame.box)
    for symbol in placed.values():
        symbols.draw_halos(pen, symbol)
    pen.clip(None)
    for symbol in placed.values():
        symbols.draw_symbol(pen, symbol, drawing.year)
    return placed


def _dots(drawing: MapDrawing, labels: Sequence[MapLabel]) -> list[Box]:
    """Return the boxes around the dots that mark what labels name."""
    reach = DOT_PX * drawing.pen.paper.px + _AROUND_DOT_MM
    points = [label.point for label in labels if label.dotted]
    return [(x - reach, y - reach, x + reach, y + reach) for x, y in points]


def _draw_leaders(
    drawing: MapDrawing, labels: Sequence[MapLabel], placed: Sequence[PlacedLabel]
) -> None:
    pen, px, order = drawing.pen, drawing.pen.paper.px, float(panes.LEADERS.z)
    for p in placed:
        if p.leader:
            ends = [p.label.point, p.leader]
            casing = _LEADER_CASING_PX * px
            pen.line(ends, WHITE, casing, order=order, opacity=_LEADER_CASING_OPACITY)
            pen.line(ends, p.label.colour, LEADER_PX * px, order=order + 1)
    # A cluster has its dot even where its name finds no room.
    for label in labels:
        if label.dotted:
            disc = shapely.Point(label.point).buffer(DOT_PX * px)
            dot = Style(label.colour, 1.0, stroke=WHITE, weight=DOT_OUTLINE_PX)
            pen.shape(disc, dot, order=order + 2)


def _write(drawing: MapDrawing, placed: Sequence[PlacedLabel]) -> None:
    halo = HALO_PX * drawing.pen.paper.px
    for p in placed:
        left, _, right, top = p.box
        for line in p.label.lines:
            height = line.size * LINE_HEIGHT
            style = TextStyle(
                line.size, line.bold, p.label.colour,
                order=panes.LABELS.z, halo=halo, spacing=line.spacing,
            )  # fmt: skip
            x = (left + right - line.width) / 2
            drawing.pen.text(x, top - height / 2, line.text, style)
            top -= height
