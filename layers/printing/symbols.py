"""The symbols on a sheet: where they stand, and how their marks are drawn."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from layers.portrayal import panes
from layers.portrayal.drawing import LonLat, Ring, Symbol
from layers.portrayal.lettering import DOT_OUTLINE_PX, DOT_PX, LEADER_PX
from layers.portrayal.palette import STAR_GOLD
from layers.portrayal.style import Style
from layers.portrayal.symbols import (
    LEGEND_COLOUR,
    OWN_COLOUR,
    WHITE,
    Mark,
    Reach,
    SymbolDesign,
    counted,
)
from layers.printing.canvas import INK, MARGIN_ORDER, Box, Pen, Point, TextStyle
from layers.printing.projection import MapFrame
from layers.printing.sheet_features import SheetFeature

_SITES_REACH_PX, _CIRCLES_REACH_PX = 32, 60  # how far sites and circles may move
_HALO_ORDER = panes.SITES.z - 1.0  # below all symbols but circles
_STAR_INNER = 0.382  # radius of a star's inner corners, as a share of its outer ones


@dataclass(frozen=True, eq=False)
class PlacedSymbol:
    """A symbol in its place on the page.

    Attributes
    ----------
    symbol
        The symbol.
    at
        Where it stands, mm.
    reach
        How far it reaches to the left, bottom, right and top of that point, mm.
    home
        The place that it stands for, mm.
    """

    symbol: Symbol
    at: Point
    reach: Box
    home: Point

    @property
    def box(self) -> Box:
        """The box that it covers, mm."""
        (x, y), (left, bottom, right, top) = self.at, self.reach
        return x - left, y - bottom, x + right, y + top


# -- places ------------------------------------------------------------------------------------


def place_symbols(
    px: float, frame: MapFrame, features: Sequence[SheetFeature]
) -> dict[str, PlacedSymbol]:
    """Return feature id → symbol within the frame, apart from each other where there is room.

    Several sites at one place have one symbol, under the id of none of them, with their number. It
    stands for the place and not for a spot in it, so it may move a little; so may circles.

    Parameters
    ----------
    px
        Length in mm of one pixel of the browser's map.
    frame
        The map's frame.
    features
        The features of the sheet. Those without a symbol are skipped.
    """
    placed: dict[str, PlacedSymbol] = {}
    # Large symbols come first, then circles from the largest, then sites.
    for name, symbol in sorted(_symbols(features).items(), key=lambda item: _rank(item[1])):
        taken = [other.box for other in placed.values()]
        choices = [_moved(px, frame, symbol, shift) for shift in _shifts(symbol, px)]
        free = (c for c in choices if not any(overlap(c.box, box) for box in taken))
        best = next(free, choices[0])
        if within(best.box, frame.box):
            placed[name] = best
    return placed


def _symbols(features: Sequence[SheetFeature]) -> dict[str, Symbol]:
    """Return feature id → symbol, with one symbol for all sites at one place."""
    found: dict[str, Symbol] = {}
    sites: dict[LonLat, dict[str, Symbol]] = defaultdict(dict)
    for feature in features:
        symbol = feature.symbol
        if symbol is not None:
            own = sites[symbol.at] if symbol.design.shares_place else found
            own[feature.id] = symbol
    for at, own in sites.items():
        found |= own if len(own) == 1 else {"+".join(own): Symbol(counted(len(own)), at)}
    return found


def _rank(symbol: Symbol) -> tuple[int, float]:
    if symbol.rings:
        return 1, -_radius_px(symbol.rings)
    return (2 if symbol.design.shares_place else 0), 0


def _radius_px(rings: Sequence[Ring]) -> float:
    return max(ring.radius_px for ring in rings)


def _moved(px: float, frame: MapFrame, symbol: Symbol, shift: tuple[float, float]) -> PlacedSymbol:
    """Return a symbol that is moved from its place by `shift` mm."""
    home_x, home_y = frame.to_page(np.array([symbol.at]))[0]
    reach = Reach.around(_radius_px(symbol.rings) + 1) if symbol.rings else symbol.design.reach
    return PlacedSymbol(
        symbol,
        (float(home_x + shift[0]), float(home_y + shift[1])),
        (reach.left * px, reach.bottom * px, reach.right * px, reach.top * px),
        (float(home_x), float(home_y)),
    )


def _shifts(symbol: Symbol, px: float) -> Iterator[tuple[float, float]]:
    """Yield how far a symbol may be moved in mm, nearest first."""
    yield 0.0, 0.0
    farthest = _SITES_REACH_PX if symbol.design.shares_place else 0
    if symbol.rings:
        farthest = _CIRCLES_REACH_PX
    for reach in range(4, farthest + 1, 4):
        for step in range(12):
            turn = math.pi * step / 6
            yield reach * px * math.sin(turn), -reach * px * math.cos(turn)


def overlap(a: Box, b: Box) -> bool:
    """Return whether two boxes overlap.

    Parameters
    ----------
    a, b
        The boxes, in the same unit.
    """
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def within(box: Box, frame: Box) -> bool:
    """Return whether a box lies in a frame.

    Parameters
    ----------
    box, frame
        Both in the same unit.
    """
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


# -- drawing -----------------------------------------------------------------------------------


def draw_symbol(pen: Pen, placed: PlacedSymbol, year: int) -> None:
    """Draw a symbol of the map.

    Parameters
    ----------
    pen
        The pen.
    placed
        The symbol in its place.
    year
        The target year that circles emphasise.
    """
    design = placed.symbol.design
    if placed.symbol.rings:
        _draw_circles(pen, placed, year)
        return
    pane = panes.SITES if design.shares_place else panes.SYMBOLS
    _draw_marks(pen, placed.at, design, _Look(placed.symbol.colour or LEGEND_COLOUR, order=pane.z))


def draw_legend_symbol(pen: Pen, design: SymbolDesign, at: Point, scale: float) -> None:
    """Draw a symbol of the legend, without letters that stand beside it.

    Parameters
    ----------
    pen
        The pen.
    design
        The symbol.
    at
        Its point, mm.
    scale
        Its size as a multiple of its size on the map.
    """
    _draw_marks(pen, at, design, _Look(LEGEND_COLOUR, scale=scale, with_letters_beside=False))


@dataclass(frozen=True)
class _Look:
    """How a symbol is drawn: its own colour, scale, drawing order, and which letters it keeps."""

    colour: str
    scale: float = 1.0
    order: float = MARGIN_ORDER
    with_letters_beside: bool = True

    def resolved(self, colour: str | None) -> str | None:
        """Return a mark's colour, with the feature's own filled in."""
        return self.colour if colour == OWN_COLOUR else colour


def _draw_marks(pen: Pen, at: Point, design: SymbolDesign, look: _Look) -> None:
    for mark in design.marks:
        if mark.shape != "letter":
            _draw_shape(pen, at, mark, look, look.scale * design.scale)
        elif look.with_letters_beside or not mark.right_px:
            px = pen.paper.px * look.scale * design.scale
            colour = look.resolved(mark.fill) or INK
            rim = mark.stroke_px / 2 if mark.stroke else 0.0  # half of it lies below the letter
            style = TextStyle(
                mark.size_px * px, bold=True, colour=colour, align="center",
                order=look.order + 1, halo=rim * px,
            )  # fmt: skip
            pen.text(at[0] + mark.right_px * px, at[1], design.text, style)


def _draw_shape(pen: Pen, at: Point, mark: Mark, look: _Look, scale: float) -> None:
    px = pen.paper.px * scale
    fill, stroke = look.resolved(mark.fill), look.resolved(mark.stroke)
    style = Style(fill, 1.0 if fill else 0.0, stroke=stroke, weight=mark.stroke_px * scale)
    centre = (at[0] + mark.right_px * px, at[1])
    pen.shape(_outline(mark, centre, px), style, order=look.order)


def _outline(mark: Mark, centre: Point, px: float) -> shapely.Geometry:
    """Return a mark's outline around a point, both in mm."""
    half = mark.size_px / 2
    if mark.shape == "circle":
        return shapely.Point(centre).buffer(half * px, quad_segs=16)
    corners = {
        "square": [(-half, -half), (half, -half), (half, half), (-half, half)],
        "diamond": [(0, half), (half, 0), (0, -half), (-half, 0)],
        "triangle": [(0, half), (half, -0.8 * half), (-half, -0.8 * half)],
        "star": _star(half),
    }[mark.shape]
    return shapely.Polygon([(centre[0] + dx * px, centre[1] + dy * px) for dx, dy in corners])


def _star(radius: float) -> list[tuple[float, float]]:
    """Return the corners of a star around the origin; y runs up."""
    radii = [radius if i % 2 == 0 else radius * _STAR_INNER for i in range(10)]
    return [
        (r * math.sin(math.pi * i / 5), r * math.cos(math.pi * i / 5)) for i, r in enumerate(radii)
    ]


def draw_halos(pen: Pen, placed: PlacedSymbol) -> None:
    """Draw the rings around a symbol of a layout diagram, fading outwards.

    Parameters
    ----------
    pen
        The pen.
    placed
        The symbol. Most have no rings.
    """
    design = placed.symbol.design
    for number, radius in enumerate(design.halo_radii_px):
        colour = _line_colour(design)
        fading = round(0.55 - 0.15 * number, 2)
        ring = Style(colour, 0.07, stroke=colour, weight=1.3, opacity=fading, dash=(5, 4))
        disc = shapely.Point(placed.at).buffer(radius * pen.paper.px, quad_segs=24)
        pen.shape(disc, ring, order=_HALO_ORDER)


def _line_colour(design: SymbolDesign) -> str:
    """Return the colour of a symbol's first line that is not white."""
    strokes = (mark.stroke for mark in design.marks)
    return next((colour for colour in strokes if colour not in (None, WHITE)), None) or INK


def _draw_circles(pen: Pen, placed: PlacedSymbol, year: int) -> None:
    """Draw the circles of a cluster's targets.

    A thick ring marks the target year, a star a target that passes 千亿.
    """
    px, order, rings = pen.paper.px, panes.CIRCLES.z, placed.symbol.rings
    colour = placed.symbol.colour or LEGEND_COLOUR
    if placed.at != placed.home:
        pen.line([placed.home, placed.at], colour, LEADER_PX * px, order=order - 1)
        dot = Style(colour, 1.0, stroke=WHITE, weight=DOT_OUTLINE_PX)
        pen.shape(shapely.Point(placed.home).buffer(DOT_PX * px), dot, order=order - 0.9)
    for number, ring in enumerate(sorted(rings, key=lambda ring: -ring.radius_px)):
        edge, weight = (WHITE, 0.6) if number else (colour, 1.0)
        filled = Style(ring.fill, 1.0, stroke=edge, weight=weight)
        pen.shape(_disc(placed, ring, px), filled, order=order + number / 10)
    for ring in rings:
        if ring.year != year:
            continue
        pen.shape(_disc(placed, ring, px), Style(stroke=INK, weight=2.2), order=order + 1)
        if ring.passes:
            star = Mark("star", 15)
            gold = Style(STAR_GOLD, 1.0, stroke=INK, weight=1)
            pen.shape(_outline(star, placed.at, px), gold, order=order + 2)


def _disc(placed: PlacedSymbol, ring: Ring, px: float) -> shapely.Geometry:
    return shapely.Point(placed.at).buffer(ring.radius_px * px, quad_segs=24)
