"""What belongs to a map: scale bar, north arrow, stamp, locator and the frame with its degrees."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely import affinity

from layers.catalogue import Atlas
from layers.portrayal import style
from layers.portrayal.style import Style
from layers.printing import typeface
from layers.printing.canvas import INK, MUTED, Box, Pen
from layers.printing.projection import MapFrame, angle

_TRIM = 680  # above everything else on the map
_LINE = "#7a828c"


def draw(
    pen: Pen,
    atlas: Atlas,
    frame: MapFrame,
    area: shapely.Geometry | None,
    stamp: str | None,
    note: str | None,
) -> list[Box]:
    """Draw scale bar, north arrow, stamp, note and an area's locator; return the boxes they take.

    The note stands below the stamp, or in its place.
    """
    boxes = [_scale_bar(pen, frame), _north_arrow(pen, frame)]
    top = frame.box[3] - 3.5 * pen.paper.unit
    if stamp:
        boxes.append(_stamp(pen, frame, stamp, top))
        top = boxes[-1][1] - 1.5 * pen.paper.unit
    if note:
        boxes.append(_note(pen, frame, note, top))
    if area is not None:
        boxes.append(_locator(pen, atlas, frame, area))
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
    pen.box(outer, fill="#ffffff", order=_TRIM, opacity=0.75)
    for quarter in range(4):
        start = left + quarter * length / 4
        part = (start, bottom, start + length / 4, bottom + height)
        fill = INK if quarter % 2 == 0 else "#ffffff"
        pen.box(part, fill=fill, stroke=INK, width=0.12 * unit, order=_TRIM + 1)
    at = bottom + height + 0.75 * size
    for share, text in ((0, "0"), (0.5, f"{km / 2:g}"), (1, f"{km:g} km")):
        x = left + share * length
        shift = typeface.width(" km", size) / 2 if share == 1 else 0.0
        pen.text(x + shift, at, text, size, align="center", order=_TRIM + 1)
    pen.text(
        (left + right) / 2, at + 1.35 * size, frame.ratio, size, align="center", order=_TRIM + 1
    )
    return outer


def _north_arrow(pen: Pen, frame: MapFrame) -> Box:
    unit, size = pen.paper.unit, pen.paper.size * 1.3
    x, top = frame.box[2] - 8 * unit, frame.box[3] - 4 * unit - size
    tip, foot = (x, top), (x, top - 6.5 * unit)
    # The arrow points along the meridian through its own place.
    lonlat = frame.ground(np.array([(x, top - 5 * unit)]))
    ahead, here = frame.page(lonlat + np.array([[0, 0.05]]))[0], frame.page(lonlat)[0]
    turn = -math.degrees(math.atan2(*(ahead - here)))
    centre = (x, top - 5 * unit)
    for side, fill in ((-1, INK), (1, "#ffffff")):
        half = shapely.Polygon([tip, (x + side * 2.3 * unit, top - 9 * unit), foot])
        turned = affinity.rotate(half, turn, origin=centre)
        pen.shape(turned, Style(fill, 1.0, stroke=INK, weight=0.8), order=_TRIM)
    pen.text(x, top + 0.8 * size, "北", size, bold=True, align="center", order=_TRIM)
    box = (x - 4 * unit, top - 10 * unit, x + 4 * unit, top + 1.8 * size)
    pen.box(box, fill="#ffffff", order=_TRIM - 1, opacity=0.75)
    return box


def _stamp(pen: Pen, frame: MapFrame, text: str, top: float) -> Box:
    unit, size = pen.paper.unit, pen.paper.size * 1.25
    left = frame.box[0] + 3.5 * unit
    width = typeface.width(text, size, bold=True) + 5 * unit
    box = (left, top - 2.3 * size, left + width, top)
    pen.box(box, fill="#ffffff", stroke=style.CORE_RED, width=0.35 * unit, order=_TRIM)
    at = (left + width / 2, top - 1.15 * size)
    pen.text(*at, text, size, bold=True, color=style.CORE_RED, align="center", order=_TRIM + 1)
    return box


def _note(pen: Pen, frame: MapFrame, text: str, top: float) -> Box:
    """Say what must be read with the map, dashed as what it speaks of."""
    unit, size = pen.paper.unit, pen.paper.size
    left = frame.box[0] + 3.5 * unit
    width = typeface.width(text, size) + 3 * unit
    box = (left, top - 2 * size, left + width, top)
    dashed = Style("#ffffff", 0.92, stroke=style.POLE_RED, weight=0.9, dash="4 3")
    pen.shape(shapely.box(*box), dashed, order=_TRIM)
    at = (left + width / 2, top - size)
    pen.text(*at, text, size, color=style.POLE_RED, align="center", order=_TRIM + 1)
    return box


def _locator(pen: Pen, atlas: Atlas, frame: MapFrame, area: shapely.Geometry) -> Box:
    """Draw where in the province an area (lon/lat) lies."""
    unit, size = pen.paper.unit, pen.paper.size
    width, height = 26 * unit, 33 * unit
    left, bottom = frame.box[0] + 2.5 * unit, frame.box[1] + 2.5 * unit
    box = (left, bottom, left + width, bottom + height)
    pen.box(box, fill="#ffffff", stroke=_LINE, width=0.2 * unit, order=_TRIM)
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

    pen.shape(small(province), Style("#eef0f2", 1.0, stroke=_LINE), order=_TRIM + 1)
    filled = Style(style.CORE_RED, 0.75, stroke=style.POLE_RED, weight=0.6)
    pen.shape(small(area), filled, order=_TRIM + 2)
    title = f"{atlas.records.atlas.province}内位置"
    pen.text(left + width / 2, box[3] - size, title, size, color=MUTED, align="center")
    return box


def edge(pen: Pen, frame: MapFrame) -> None:
    """Draw the frame with its ticks, and name meridians below it and parallels beside it."""
    unit, size = pen.paper.unit, pen.paper.size
    left, bottom, right, top = frame.box
    pen.box(frame.box, stroke=INK, width=0.3 * unit, order=_TRIM + 5)
    _, meridians, parallels = frame.graticule()
    tick = 1.3 * unit
    for degrees, line in meridians:
        for y, sign in ((bottom, -1), (top, 1)):
            x = float(np.interp(y, line[:, 1], line[:, 0]))
            if not left + 2 < x < right - 2:
                continue
            pen.line([(x, y), (x, y - sign * tick)], INK, 0.15 * unit, order=_TRIM + 5)
            if y == bottom:
                pen.text(x, y - 0.85 * size, angle(degrees, "E"), size, color=MUTED, align="center")
    for degrees, line in parallels:
        for x, sign in ((left, -1), (right, 1)):
            y = float(np.interp(x, line[:, 0], line[:, 1]))
            if not bottom + 2 < y < top - 2:
                continue
            pen.line([(x, y), (x - sign * tick, y)], INK, 0.15 * unit, order=_TRIM + 5)
            if x == left:
                name = angle(degrees, "N")
                pen.text(x - 0.85 * size, y, name, size, color=MUTED, align="center", rotation=90)
