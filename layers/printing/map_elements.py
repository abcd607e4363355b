"""What belongs to a map: scale bar, north arrow, stamp, locator map, and the frame with degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import affinity

from layers.portrayal import panes
from layers.portrayal.base_map import BASE_MAP
from layers.portrayal.palette import CORE_RED, POLE_RED
from layers.portrayal.style import Style
from layers.portrayal.symbols import WHITE
from layers.printing import typeface
from layers.printing.canvas import INK, MUTED, Box, Pen, TextStyle
from layers.printing.map_drawing import MapDrawing
from layers.printing.projection import MapFrame, angle

_ORDER = panes.LABELS.z + 30.0  # above everything else on the map
_LOCATOR_LAND = "#eef0f2"
_PLATE_OPACITY = 0.75  # of the white plates below scale bar and north arrow


def draw(drawing: MapDrawing) -> list[Box]:
    """Draw scale bar, north arrow, stamp, note, and the locator map of a subject.

    The note stands below the stamp, or in its place.

    Parameters
    ----------
    drawing
        The map.

    Returns
    -------
    list of Box
        The boxes that they cover, mm.
    """
    pen, frame = drawing.pen, drawing.frame
    boxes = [_scale_bar(pen, frame), _north_arrow(pen, frame)]
    top = frame.box[3] - 3.5 * pen.paper.unit
    if drawing.stamp:
        boxes.append(_stamp(pen, frame, drawing.stamp, top))
        top = boxes[-1][1] - 1.5 * pen.paper.unit
    if drawing.note:
        boxes.append(_note(pen, frame, drawing.note, top))
    if drawing.subject is not None:
        boxes.append(_locator(drawing, drawing.subject.area))
    return boxes


def _scale_bar(pen: Pen, frame: MapFrame) -> Box:
    """Draw a bar of two black and two white quarters, true in the frame's middle."""
    unit, size = pen.paper.unit, pen.paper.size
    most = 44 * unit / frame.mm_per_km
    power = 10 ** math.floor(math.log10(most))
    km = max(n * power for n in (1, 2, 4, 8) if n * power <= most)
    length, height = km * frame.mm_per_km, 1.0 * unit
    right, bottom = frame.box[2] - 7 * unit, frame.box[1] + 5 * unit
    left = right - length
    outer = (left - 4 * unit, bottom - 2 * unit, right + 6 * unit, bottom + 9 * unit)
    pen.box(outer, fill=WHITE, order=_ORDER, opacity=_PLATE_OPACITY)
    for quarter in range(4):
        start = left + quarter * length / 4
        part = (start, bottom, start + length / 4, bottom + height)
        fill = INK if quarter % 2 == 0 else WHITE
        pen.box(part, fill=fill, stroke=INK, width=0.12 * unit, order=_ORDER + 1)
    at = bottom + height + 0.75 * size
    style = TextStyle(size, align="center", order=_ORDER + 1)
    for share, text in ((0, "0"), (0.5, f"{km / 2:g}"), (1, f"{km:g} km")):
        x = left + share * length
        shift = typeface.width(" km", size) / 2 if share == 1 else 0.0
        pen.text(x + shift, at, text, style)
    pen.text((left + right) / 2, at + 1.35 * size, frame.ratio, style)
    return outer


def _north_arrow(pen: Pen, frame: MapFrame) -> Box:
    unit, size = pen.paper.unit, pen.paper.size * 1.3
    x, top = frame.box[2] - 8 * unit, frame.box[3] - 4 * unit - size
    tip, foot = (x, top), (x, top - 6.5 * unit)
    # The arrow points along the meridian through its own place.
    lonlat = frame.to_lonlat(np.array([(x, top - 5 * unit)]))
    ahead, here = frame.to_page(lonlat + np.array([[0, 0.05]]))[0], frame.to_page(lonlat)[0]
    turn = -math.degrees(math.atan2(*(ahead - here)))
    centre = (x, top - 5 * unit)
    for side, fill in ((-1, INK), (1, WHITE)):
        half = shapely.Polygon([tip, (x + side * 2.3 * unit, top - 9 * unit), foot])
        turned = affinity.rotate(half, turn, origin=centre)
        pen.shape(turned, Style(fill, 1.0, stroke=INK, weight=0.8), order=_ORDER)
    style = TextStyle(size, bold=True, align="center", order=_ORDER)
    pen.text(x, top + 0.8 * size, "北", style)
    box = (x - 4 * unit, top - 10 * unit, x + 4 * unit, top + 1.8 * size)
    pen.box(box, fill=WHITE, order=_ORDER - 1, opacity=_PLATE_OPACITY)
    return box


def _stamp(pen: Pen, frame: MapFrame, text: str, top: float) -> Box:
    unit, size = pen.paper.unit, pen.paper.size * 1.25
    left = frame.box[0] + 3.5 * unit
    width = typeface.width(text, size, bold=True) + 5 * unit
    box = (left, top - 2.3 * size, left + width, top)
    pen.box(box, fill=WHITE, stroke=CORE_RED, width=0.35 * unit, order=_ORDER)
    style = TextStyle(size, bold=True, colour=CORE_RED, align="center", order=_ORDER + 1)
    pen.text(left + width / 2, top - 1.15 * size, text, style)
    return box


def _note(pen: Pen, frame: MapFrame, text: str, top: float) -> Box:
    """Write a note about how to read the map, in a dashed box."""
    unit, size = pen.paper.unit, pen.paper.size
    left = frame.box[0] + 3.5 * unit
    width = typeface.width(text, size) + 3 * unit
    box = (left, top - 2 * size, left + width, top)
    dashed = Style(WHITE, 0.92, stroke=POLE_RED, weight=0.9, dash=(4, 3))
    pen.shape(shapely.box(*box), dashed, order=_ORDER)
    style = TextStyle(size, colour=POLE_RED, align="center", order=_ORDER + 1)
    pen.text(left + width / 2, top - size, text, style)
    return box


def _locator(drawing: MapDrawing, area: shapely.Geometry) -> Box:
    """Draw a small map that shows where in the province an area (lon/lat) lies."""
    pen, frame, atlas = drawing.pen, drawing.frame, drawing.atlas
    unit, size = pen.paper.unit, pen.paper.size
    width, height = 26 * unit, 33 * unit
    left, bottom = frame.box[0] + 2.5 * unit, frame.box[1] + 2.5 * unit
    box = (left, bottom, left + width, bottom + height)
    pen.box(box, fill=WHITE, stroke=BASE_MAP.province_line, width=0.2 * unit, order=_ORDER)
    province = shapely.coverage_union_all(atlas.places.boundaries.counties.geometry.to_numpy())
    metres = frame.projection.metres
    outline = shapely.transform(province, metres)
    west, south, east, north = outline.bounds
    room = (left + unit, bottom + unit, left + width - unit, bottom + height - 1.8 * size)
    factor = min((room[2] - room[0]) / (east - west), (room[3] - room[1]) / (north - south))
    middle_m = np.array([(west + east) / 2, (south + north) / 2])
    middle_mm = np.array([(room[0] + room[2]) / 2, (room[1] + room[3]) / 2])

    def small(geometry: shapely.Geometry) -> shapely.Geometry:
        moved = shapely.transform(geometry, lambda xy: (metres(xy) - middle_m) * factor + middle_mm)
        return shapely.simplify(moved, 0.08)

    land = Style(_LOCATOR_LAND, 1.0, stroke=BASE_MAP.province_line)
    pen.shape(small(province), land, order=_ORDER + 1)
    pen.shape(small(area), Style(CORE_RED, 0.75, stroke=POLE_RED, weight=0.6), order=_ORDER + 2)
    title = f"{atlas.records.atlas.province}内位置"
    style = TextStyle(size, colour=MUTED, align="center")
    pen.text(left + width / 2, box[3] - size, title, style)
    return box


def draw_edge(pen: Pen, frame: MapFrame) -> None:
    """Draw the frame with its ticks; write meridians below it and parallels beside it.

    Parameters
    ----------
    pen
        The pen.
    frame
        The map's frame.
    """
    pen.box(frame.box, stroke=INK, width=0.3 * pen.paper.unit, order=_ORDER + 5)
    graticule = frame.graticule()
    for degrees, line in graticule.meridians:
        _meridian_ticks(_Edge(pen, frame.box), angle(degrees, "E"), line)
    for degrees, line in graticule.parallels:
        _parallel_ticks(_Edge(pen, frame.box), angle(degrees, "N"), line)


@dataclass(frozen=True, eq=False)
class _Edge:
    """The edge of a frame: draws ticks at it."""

    pen: Pen
    box: Box

    @property
    def size(self) -> float:
        """The size of its texts in mm."""
        return self.pen.paper.size

    def tick(self, x: float, y: float, dx: float, dy: float) -> None:
        """Draw a tick from a point into the direction (dx, dy)."""
        unit = self.pen.paper.unit
        end = (x + dx * 1.3 * unit, y + dy * 1.3 * unit)
        self.pen.line([(x, y), end], INK, 0.15 * unit, order=_ORDER + 5)


def _meridian_ticks(edge: _Edge, name: str, line: np.ndarray) -> None:
    left, bottom, right, top = edge.box
    for y, inwards in ((bottom, 1), (top, -1)):
        x = float(np.interp(y, line[:, 1], line[:, 0]))
        if not left + 2 < x < right - 2:
            continue
        edge.tick(x, y, 0, inwards)
        if y == bottom:
            style = TextStyle(edge.size, colour=MUTED, align="center")
            edge.pen.text(x, y - 0.85 * edge.size, name, style)


def _parallel_ticks(edge: _Edge, name: str, line: np.ndarray) -> None:
    left, bottom, right, top = edge.box
    for x, inwards in ((left, 1), (right, -1)):
        y = float(np.interp(x, line[:, 0], line[:, 1]))
        if not bottom + 2 < y < top - 2:
            continue
        edge.tick(x, y, inwards, 0)
        if x == left:
            style = TextStyle(edge.size, colour=MUTED, align="center", rotation=90)
            edge.pen.text(x - 0.85 * edge.size, y, name, style)
