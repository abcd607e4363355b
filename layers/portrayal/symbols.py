"""The symbols of the map, each as a list of marks that every output draws in its own way.

All lengths are screen pixels; x runs to the right and y down from the symbol's point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from layers.portrayal.lettering import TEXT_COLOUR
from layers.portrayal.palette import CORE_RED, POLE_RED

WHITE: Final = "#ffffff"
OWN_COLOUR: Final = "own"  # the colour of the feature that the symbol stands for
LEGEND_COLOUR: Final = "#5b6673"  # in the legend, where a symbol stands for all industries
SLOT_PX: Final = 13.0  # in a GIS, which cannot count them, symbols at one place stand so far apart
SLOTS_IN_A_ROW: Final = 6

Shape = Literal["circle", "square", "diamond", "triangle", "star", "letter"]


@dataclass(frozen=True)
class Mark:
    """A simple shape, or a letter, of a symbol.

    Attributes
    ----------
    shape
        A ``star`` has five points, a ``triangle`` stands on its base; a ``letter`` is the symbol's
        text.
    size_px
        Diameter of a circle or star, side of a square, diagonal of a diamond, width of a triangle
        (whose height is nine tenths of it), height of a letter.
    fill, stroke
        ``#rrggbb``, `OWN_COLOUR`, or ``None`` for nothing.
    stroke_px
        Width of the outline; of a letter, of its rim.
    right_px
        How far the mark's middle lies to the right of the symbol's point.
    """

    shape: Shape
    size_px: float
    fill: str | None = None
    stroke: str | None = None
    stroke_px: float = 0.0
    right_px: float = 0.0


@dataclass(frozen=True)
class Reach:
    """How far a symbol reaches from its point to each side, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, reach_px: float) -> Reach:
        """Return the same reach to all sides."""
        return cls(reach_px, reach_px, reach_px, reach_px)


@dataclass(frozen=True)
class SymbolDesign:
    """How a kind of symbol looks.

    Attributes
    ----------
    name
        ASCII, the same in all outputs.
    marks
        From below.
    reach
        What the symbol takes of the map, for the placing of labels.
    text
        The letter that its ``letter`` mark shows.
    scale
        How much larger than its marks say it is drawn.
    halo_radii_px
        Radii of the rings around it on a layout diagram. They say that it works on its
        surroundings, not how far.
    shares_place
        Whether several at one place are drawn as one symbol with their number (:func:`counted`),
        which may move a little.
    """

    name: str
    marks: tuple[Mark, ...]
    reach: Reach
    text: str = ""
    scale: float = 1.0
    halo_radii_px: tuple[float, ...] = ()
    shares_place: bool = False


def _larger(design: SymbolDesign, reach: Reach, *halo_radii_px: float) -> SymbolDesign:
    name = f"{design.name}-sheet"
    return SymbolDesign(name, design.marks, reach, design.text, 1.4, halo_radii_px)


CORE: Final = SymbolDesign(
    "core",
    (
        Mark("circle", 31, WHITE),
        Mark("circle", 26.4, WHITE, CORE_RED, 2.2),
        Mark("star", 22, CORE_RED),
        Mark("letter", 14, CORE_RED, WHITE, 3, right_px=23.5),
    ),
    Reach(16, 16, 32, 16),
    "核",
)
POLE: Final = SymbolDesign(
    "pole",
    (
        Mark("circle", 29, WHITE),
        Mark("circle", 25.6, None, POLE_RED, 1.8),
        Mark("circle", 20, POLE_RED),
        Mark("letter", 12.5, WHITE),
    ),
    Reach.around(15),
    "极",
)
WING: Final = SymbolDesign(
    "wing",
    (
        Mark("diamond", 22.6, WHITE, WHITE, 4),
        Mark("diamond", 22.6, WHITE, POLE_RED, 1.8),
        Mark("letter", 11.5, POLE_RED),
    ),
    Reach.around(13),
    "翼",
)
# On a layout diagram (规划图式) 核 and 极 are larger, and rings surround them.
CORE_OF_DIAGRAM: Final = _larger(CORE, Reach(22, 22, 46, 22), 30, 42, 54)
POLE_OF_DIAGRAM: Final = _larger(POLE, Reach.around(21), 30, 40)
BASE: Final = SymbolDesign(
    "base", (Mark("square", 8, OWN_COLOUR, WHITE, 1.5),), Reach.around(6), shares_place=True
)
PROJECT: Final = SymbolDesign(
    "project", (Mark("triangle", 10, OWN_COLOUR, WHITE, 1.3),), Reach.around(6), shares_place=True
)
# Several sites at one place; its letter is their number.
COUNTED: Final = SymbolDesign(
    "counted",
    (Mark("circle", 21, WHITE, LEGEND_COLOUR, 2), Mark("letter", 12, TEXT_COLOUR)),
    Reach.around(12),
    shares_place=True,
)
# Circles of revenue targets: their size follows the figures, see layers.portrayal.targets.
CIRCLES: Final = SymbolDesign("circles", (), Reach.around(0))


def counted(number: int) -> SymbolDesign:
    """Return the symbol of several sites at one place.

    Parameters
    ----------
    number
        How many there are.
    """
    return replace(COUNTED, text=str(number))
