"""The map's symbols: 核, 极, 翼, bases, projects, circles; and where they stand on the page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from layers.portrayal import style
from layers.portrayal.style import Style
from layers.printing.canvas import INK, Box, Pen
from layers.printing.projection import MapFrame

_RED = {"core": style.CORE_RED, "pole": style.POLE_RED, "wing": style.POLE_RED}
_SITE = "#5b6673"  # a site in the legend, where it stands for all industries
# On a layout sheet 核 and 极 are larger by this, and rings of these radii (px) are about them.
_LARGER = 1.4
_RADIATING = {"core-sheet": (30, 42, 54), "pole-sheet": (30, 40)}
_SLOTS_IN_A_ROW = 6
_SITE_PX = 13.0
_SITES_REACH_PX, _CIRCLES_REACH_PX = 32, 60  # how far sites and circles may move
# How far a symbol reaches to the left, bottom, right and top of its point, px.
_BODY: Mapping[str, Box] = {
    "core": (16, 16, 35, 16),
    "pole": (15, 15, 15, 15),
    "wing": (13, 13, 13, 13),
    "core-sheet": (22, 22, 46, 22),
    "pole-sheet": (21, 21, 21, 21),
    "base": (6, 6, 6, 6),
    "project": (6, 6, 6, 6),
}


@dataclass(frozen=True)
class Mark:
    """A symbol in its place on the page; `body` is how far it reaches, `box` what it takes, mm.

    `home` is the place it stands for, `rings` are the circles of a cluster's targets.
    """

    kind: str
    text: str
    color: str | None
    at: tuple[float, float]
    body: Box
    home: tuple[float, float]
    rings: Sequence[Mapping[str, Any]] = ()

    @property
    def box(self) -> Box:
        """The box it takes."""
        (x, y), (left, bottom, right, top) = self.at, self.body
        return x - left, y - bottom, x + right, y + top


def marks(pen: Pen, frame: MapFrame, features: Sequence[Mapping[str, Any]]) -> dict[str, Mark]:
    """Return the symbols within the frame by feature, apart from each other where there is room.

    The sites of one place are a block. A site stands for its place, not for a spot, so its block
    may move a little; so may circles.
    """
    blocks: dict[tuple[float | str, ...], list[Mapping[str, Any]]] = {}
    for feature in features:
        own = () if "slots" in feature["symbol"] else (feature["id"],)
        blocks.setdefault((*feature["symbol"]["at"], *own), []).append(feature)
    placed: dict[str, Mark] = {}
    # Large symbols first, then circles, the largest first, then large blocks.
    for block in sorted(blocks.values(), key=_rank):
        taken = [mark.box for mark in placed.values()]
        choices = [_block(pen, frame, block, shift) for shift in _shifts(block, pen.paper.px)]
        free = (
            made
            for made in choices
            if not any(meet(mark.box, box) for mark in made.values() for box in taken)
        )
        best = next(free, choices[0])
        placed |= {i: mark for i, mark in best.items() if within(mark.box, frame.box)}
    return placed


def _rank(block: Sequence[Mapping[str, Any]]) -> tuple[int, float]:
    symbol = block[0]["symbol"]
    if symbol["kind"] == "growth":
        return 1, -_radius(symbol["rings"])
    return (2, -len(block)) if "slots" in symbol else (0, 0)


def _radius(rings: Sequence[Mapping[str, Any]]) -> float:
    return max(float(ring["radius"]) for ring in rings)


def _block(
    pen: Pen, frame: MapFrame, block: Sequence[Mapping[str, Any]], shift: tuple[float, float]
) -> dict[str, Mark]:
    """Return a block's symbols, in rows about its place."""
    step = _SITE_PX * pen.paper.px
    home = frame.page(np.array([block[0]["symbol"]["at"]]))[0]
    x, y = home + shift
    made = {}
    for slot, feature in enumerate(block):
        symbol = feature["symbol"]
        column = slot % _SLOTS_IN_A_ROW - (min(len(block), _SLOTS_IN_A_ROW) - 1) / 2
        rings = symbol.get("rings", ())
        sides = (_radius(rings) + 1,) * 4 if rings else _BODY[symbol["kind"]]
        left, bottom, right, top = (side * pen.paper.px for side in sides)
        made[feature["id"]] = Mark(
            symbol["kind"],
            symbol["text"],
            symbol.get("color"),
            (float(x + column * step), float(y - slot // _SLOTS_IN_A_ROW * step)),
            (left, bottom, right, top),
            (float(home[0]), float(home[1])),
            rings,
        )
    return made


def _shifts(block: Sequence[Mapping[str, Any]], px: float) -> Iterator[tuple[float, float]]:
    """Yield how far a block may be moved, nearest first; only sites and circles move."""
    yield 0.0, 0.0
    symbol = block[0]["symbol"]
    farthest = _SITES_REACH_PX if "slots" in symbol else 0
    if symbol["kind"] == "growth":
        farthest = _CIRCLES_REACH_PX
    for reach in range(4, farthest + 1, 4):
        for step in range(12):
            turn = math.pi * step / 6
            yield reach * px * math.sin(turn), -reach * px * math.cos(turn)


def meet(a: Box, b: Box) -> bool:
    """Tell whether two boxes overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def within(box: Box, frame: Box) -> bool:
    """Tell whether a box lies in a frame."""
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def draw(
    pen: Pen,
    kind: str,
    x: float,
    y: float,
    *,
    text: str = "",
    color: str | None = None,
    order: float = 640,
    share: float = 1.0,
) -> None:
    """Draw a symbol about a point: 核 is a star in a ring, 极 a double ring, 翼 a diamond.

    A base is a square and a project a triangle. On a layout sheet 核 and 极 are larger. `share`
    shrinks the symbol for the legend.
    """
    if kind in _RADIATING:
        kind, share = kind.removesuffix("-sheet"), share * _LARGER
    px = pen.paper.px * share
    color = color or _SITE
    centre = shapely.Point(x, y)

    def disc(radius: float) -> shapely.Geometry:
        return centre.buffer(radius * px, quad_segs=16)

    def polygon(points: Iterable[tuple[float, float]], made: Style) -> None:
        corners = [(x + dx * px, y + dy * px) for dx, dy in points]
        thin = Style(made.fill, made.fillOpacity, stroke=made.stroke, weight=made.weight * share)
        pen.shape(shapely.Polygon(corners), thin, order=order)

    if kind in ("core", "pole"):
        pen.shape(disc(15.5 if kind == "core" else 14.5), Style("#ffffff", 1.0), order=order)
    if kind == "core":
        pen.shape(disc(13.2), Style(stroke=_RED[kind], weight=2.2 * share), order=order + 0.1)
        polygon(_star(11), Style(_RED[kind], 1.0))
        halo = 1.5 * px if share >= 1 else 0.0
        pen.text(
            x + 23.5 * px, y, text, 14 * px, bold=True, color=_RED[kind], align="center",
            order=order + 1, halo=halo,
        )  # fmt: skip
    elif kind == "pole":
        pen.shape(disc(12.8), Style(stroke=_RED[kind], weight=1.8 * share), order=order + 0.1)
        pen.shape(disc(10), Style(_RED[kind], 1.0), order=order + 0.2)
        size = 13 * px
        pen.text(x, y, text, size, bold=True, color="#ffffff", align="center", order=order + 1)
    elif kind == "wing":
        diamond = [(0, 11.3), (11.3, 0), (0, -11.3), (-11.3, 0)]
        polygon(diamond, Style("#ffffff", 1.0, stroke="#ffffff", weight=4))
        polygon(diamond, Style("#ffffff", 1.0, stroke=_RED[kind], weight=1.8))
        size = 12 * px
        pen.text(x, y, text, size, bold=True, color=_RED[kind], align="center", order=order + 1)
    elif kind == "base":
        square = [(-4, -4), (4, -4), (4, 4), (-4, 4)]
        polygon(square, Style(color, 1.0, stroke="#ffffff", weight=1.5))
    else:
        triangle = [(0, 5), (5, -4), (-5, -4)]
        polygon(triangle, Style(color, 1.0, stroke="#ffffff", weight=1.3))


def radiate(pen: Pen, kind: str, x: float, y: float) -> None:
    """Draw the rings about 核 and 极 of a layout sheet, fading outwards; others have none.

    They say that either works on its surroundings, not how far.
    """
    for number, radius in enumerate(_RADIATING.get(kind, ())):
        red = _RED[kind.removesuffix("-sheet")]
        fading = round(0.55 - 0.15 * number, 2)
        ring = Style(red, 0.07, stroke=red, weight=1.3, opacity=fading, dash="5 4")
        disc = shapely.Point(x, y).buffer(radius * pen.paper.px, quad_segs=24)
        pen.shape(disc, ring, order=639)  # below all symbols


def circles(pen: Pen, mark: Mark, year: int, *, order: float = 625) -> None:
    """Draw the circles of a cluster's targets: a ring round the year's, a star for what passes."""
    px, centre = pen.paper.px, shapely.Point(mark.at)
    if mark.at != mark.home:
        pen.line([mark.home, mark.at], mark.color or _SITE, 1.1 * px, order=order - 1)
        dot = Style(mark.color, 1.0, stroke="#ffffff", weight=1.2)
        pen.shape(shapely.Point(mark.home).buffer(3 * px), dot, order=order - 0.9)
    for number, ring in enumerate(sorted(mark.rings, key=lambda r: -r["radius"])):
        edge = "#ffffff" if number else mark.color
        disc = centre.buffer(ring["radius"] * px, quad_segs=24)
        filled = Style(ring["fill"], 1.0, stroke=edge, weight=0.6 if number else 1.0)
        pen.shape(disc, filled, order=order + number / 10)
    for ring in mark.rings:
        if ring["year"] != year:
            continue
        disc = centre.buffer(ring["radius"] * px, quad_segs=24)
        pen.shape(disc, Style(stroke=INK, weight=2.2), order=order + 1)
        if ring["passes"]:
            x, y = mark.at
            star = shapely.Polygon([(x + dx * px, y + dy * px) for dx, dy in _star(7.5)])
            gold = Style(style.STAR_GOLD, 1.0, stroke=INK, weight=1)
            pen.shape(star, gold, order=order + 2)


def _star(radius: float) -> list[tuple[float, float]]:
    radii = [radius if i % 2 == 0 else radius * 0.382 for i in range(10)]
    return [
        (r * math.sin(math.pi * i / 5), r * math.cos(math.pi * i / 5)) for i, r in enumerate(radii)
    ]
