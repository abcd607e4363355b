"""How one feature is drawn: what a kind of layer says, and what every output reads.

Coordinates are longitude and latitude in degrees (CGCS2000).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import shapely

from layers.portrayal.lettering import TEXT_COLOUR, Lettering
from layers.portrayal.panes import Pane
from layers.portrayal.style import NamedStyle
from layers.portrayal.symbols import SymbolDesign

LonLat = tuple[float, float]
ALWAYS = 0.0  # a zoom level: the label is shown at every scale


@dataclass(frozen=True)
class Ring:
    """The circle of a revenue target: its year, radius (px), fill, and whether it passes 千亿."""

    year: int
    radius_px: float
    fill: str
    passes: bool


@dataclass(frozen=True)
class Symbol:
    """A symbol at a place.

    Attributes
    ----------
    design
        How it looks.
    at
        Where it stands.
    colour
        ``#rrggbb`` of marks in the feature's own colour; ``None`` where there are none.
    rings
        The circles of a cluster's targets, in the order of the years.
    """

    design: SymbolDesign
    at: LonLat
    colour: str | None = None
    rings: tuple[Ring, ...] = ()


@dataclass(frozen=True)
class Label:
    """What the map writes beside a feature.

    Attributes
    ----------
    lettering
        How it is written and placed.
    text
        The name.
    at
        Where it stands if nothing is in the way.
    priority
        Lower is placed first.
    colour
        ``#rrggbb``.
    by_year
        Further lines by target year, such as ``{2025: "预计超1,200亿元"}``.
    min_zoom
        Web map zoom level from which it is shown; `ALWAYS` for every level.
    """

    lettering: Lettering
    text: str
    at: LonLat
    priority: int
    colour: str = TEXT_COLOUR
    by_year: Mapping[int, str] = field(default_factory=dict)
    min_zoom: float = ALWAYS


@dataclass(frozen=True)
class DiagramDrawing:
    """How a unit is drawn on a layout diagram (规划图式): shape, symbol, place of its name."""

    at: LonLat
    geometry: shapely.Geometry | None = None
    style: NamedStyle | None = None
    symbol: Symbol | None = None


@dataclass(frozen=True)
class Drawing:
    """How one feature is drawn.

    Attributes
    ----------
    style
        Of its polygon.
    pane
        Its level in the drawing order.
    legend_keys
        Keys of the legend entries that stand for it.
    class_suffix
        What tells apart, in files, features of one style that look different: a point's industry,
        or that a unit's members are inferred.
    symbol, label, diagram
        ``None`` where it has none.
    members
        Ids of the base map's areas whose union the polygon is; ``None`` for the row's own
        counties.
    """

    style: NamedStyle
    pane: Pane
    legend_keys: tuple[str, ...]
    class_suffix: str = ""
    symbol: Symbol | None = None
    label: Label | None = None
    diagram: DiagramDrawing | None = None
    members: tuple[str, ...] | None = None
