"""How things look: colours, line and fill styles, and the drawing order of the map's panes.

Pure data, read by the browser map, the one-file export and the printed sheet alike. Three rules
hold: what a document says exactly is drawn solid, what is inferred or schematic is dashed, and a
county that merely hosts a zone is hatched and never filled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Style:
    """Fill and outline of a polygon; field names are those of the browser's scene file.

    Widths and dash lengths are screen pixels, opacities run from 0 to 1, ``None`` draws nothing.
    A hatched style draws 45 degree lines in its fill colour instead of a fill.
    """

    fill: str | None = None
    fillOpacity: float = 0.0  # noqa: N815 (the scene file's name)
    hatch: bool = False
    stroke: str | None = None
    weight: float = 1.0
    opacity: float = 1.0
    dash: str | None = None


# The six families that clusters use differ pairwise by CIE76 >= 20, also for protanopes and
# deuteranopes; the others are told apart by their labels.
INDUSTRY_COLOURS: dict[str, str] = {
    "it": "#2a78d0",
    "equipment": "#cf6418",
    "materials": "#5b2a90",
    "biology": "#b01848",
    "nev": "#2fb3a3",
    "energy": "#e2b71c",
    "environment": "#4d8f3a",
    "digital-creative": "#c277d4",
    "services": "#6b7f94",
    "steel": "#46525e",
    "machinery": "#8a5a2b",
    "petrochemical": "#1c5d6b",
    "food": "#a3a71f",
    "emergency": "#e05b4a",
    "passive-building": "#7cb8e0",
    "rehabilitation": "#e59ac0",
    "future": "#2b3a8f",
}

# Tints of the four belts and of the regions, in the order in which their document names them.
BELT_COLOURS: tuple[str, ...] = ("#9db8d9", "#8fcbc6", "#e2c48d", "#a9cc92")
# The same hues for the belts' bands on a layout sheet, strong enough to be seen on their own.
PLANNED_COLOURS: tuple[str, ...] = ("#3f7fcb", "#1f9e94", "#d18a1a", "#3f7d35")
REGION_COLOURS: tuple[str, ...] = ("#d9a6a6", "#9db8d9", "#8fcbc6", "#e2c48d", "#a9cc92")

CORE_RED = "#c8102e"
STAR_GOLD = "#ffd21f"
POLE_RED = "#9e1b32"

# Drawing order, low first; the base map lies below 400, symbols and labels above 600.
PANES: tuple[tuple[str, int], ...] = (
    ("regions", 410),
    ("layout", 420),
    ("host", 430),
    ("radiation", 440),
    ("core", 450),
    ("outline", 460),
    ("admin", 470),
    ("units", 475),
)

# Circles of revenue targets: this target has this radius, and areas are proportional.
_TARGET_YI, _TARGET_PX = 2500, 26.0
TARGET_SIZES_YI: tuple[int, ...] = (500, 1000, 2000)  # the circles of the legend

# How a polygon was come by, as far as its drawing depends on it.
STATUSES: tuple[str, ...] = ("administrative", "supplied", "schematic", "host-county")


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(colour: str) -> float:
    """Contrast ratio (WCAG 2) of a ``#rrggbb`` colour on white, 1 to 21.

    >>> contrast("#000000")
    21.0
    """
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return round(1.05 / (luminance + 0.05), 2)


def ink(colour: str, least: float = 5.5) -> str:
    """Return `colour`, darkened just enough to be read as text on white.

    >>> ink("#b01848"), ink("#e2b71c")
    ('#b01848', '#7e660f')
    """
    for percent in range(100, -1, -1):
        red, green, blue = (channel * percent // 100 for channel in _channels(colour))
        if contrast(shade := f"#{red:02x}{green:02x}{blue:02x}") >= least:
            return shade
    return "#000000"


def tint(colour: str, share: float) -> str:
    """Return `colour` mixed with white, of which `share` (0 to 1) is colour.

    >>> tint("#b01848", 0.5)
    '#d88ca4'
    """
    red, green, blue = (round(255 - (255 - channel) * share) for channel in _channels(colour))
    return f"#{red:02x}{green:02x}{blue:02x}"


def target_radius(revenue_yi: float) -> float:
    """Return the radius (screen px) of the circle whose area is a revenue target (亿元).

    >>> target_radius(2500), target_radius(625)
    (26.0, 13.0)
    """
    return round(_TARGET_PX * math.sqrt(revenue_yi / _TARGET_YI), 1)


def rings(colour: str, count: int) -> tuple[str, ...]:
    """Return the fills of a cluster's circles, the earliest year first: `colour`, then lighter.

    >>> rings("#5b2a90", 3)
    ('#5b2a90', '#a083bf', '#d3c6e1')
    """
    shares = [1.0, *(0.58 * 0.46**n for n in range(count))]
    return tuple(tint(colour, share) for share in shares[:count])


def core(industry: str, status: str) -> Style:
    """Style of a cluster's core zone."""
    colour = INDUSTRY_COLOURS[industry]
    return _part(Style(colour, 0.82, stroke=ink(colour, 4.0), weight=1.4), colour, status)


def radiation(industry: str, status: str) -> Style:
    """Style of a cluster's radiation area: the core's colour, lighter.

    A translucent tint, not a translucent colour: it keeps its hue on top of a belt.
    """
    colour = INDUSTRY_COLOURS[industry]
    return _part(Style(tint(colour, 0.5), 0.6, stroke=ink(colour, 4.0), weight=0.9), colour, status)


def _part(style: Style, colour: str, status: str) -> Style:
    if status == "host-county":
        hatch = replace(style, fill=colour, fillOpacity=0.55, hatch=True)
        return replace(hatch, weight=0.8, opacity=0.7, dash="2 3")
    if status == "schematic":
        light = round(style.fillOpacity * 0.6, 2)
        return replace(style, fillOpacity=light, weight=style.weight + 0.4, dash="5 3")
    return style


def cluster(industry: str) -> Style:
    """Style of the outline around everything a cluster names."""
    return Style(stroke=ink(INDUSTRY_COLOURS[industry]), weight=1.2, opacity=0.55)


def belt(index: int) -> Style:
    """Style of the belt with this place in its document: dashed, its members being inferred."""
    return _band(BELT_COLOURS[index % len(BELT_COLOURS)])


def region(index: int) -> Style:
    """Style of the region with this place in its document."""
    return _band(REGION_COLOURS[index % len(REGION_COLOURS)])


def planned_belt(index: int) -> Style:
    """Style of a belt's band on a layout sheet: stronger than its polygon, and dashed like it."""
    colour = PLANNED_COLOURS[index % len(PLANNED_COLOURS)]
    return Style(colour, 0.35, stroke=ink(colour, 4.0), weight=1.6, opacity=0.85, dash="8 5")


def _band(colour: str) -> Style:
    return Style(colour, 0.42, stroke=ink(colour, 3.0), weight=1.6, opacity=0.75, dash="8 5")


STYLES: dict[str, Style] = {
    **{f"core-{i}-{s}": core(i, s) for i in INDUSTRY_COLOURS for s in STATUSES},
    **{f"radiation-{i}-{s}": radiation(i, s) for i in INDUSTRY_COLOURS for s in STATUSES},
    **{f"cluster-{i}": cluster(i) for i in INDUSTRY_COLOURS},
    **{f"belt-{n}": belt(n) for n in range(len(BELT_COLOURS))},
    **{f"planned-belt-{n}": planned_belt(n) for n in range(len(BELT_COLOURS))},
    "planned-wing": Style(POLE_RED, 0.2, stroke=POLE_RED, weight=1.4, opacity=0.85, dash="6 4"),
    **{f"region-{n}": region(n) for n in range(len(REGION_COLOURS))},
    "unit-core": Style(CORE_RED, 0.1, stroke=CORE_RED, weight=2.2),
    "unit-pole": Style(stroke=POLE_RED, weight=2.2, opacity=0.85),
    "unit-wing": Style(stroke=POLE_RED, weight=1.6, opacity=0.85, dash="6 3"),
    "future": Style(
        INDUSTRY_COLOURS["future"], 0.10, stroke=INDUSTRY_COLOURS["future"], weight=0.8
    ),
    "growth": Style(),
    "site-base": Style(),
    "site-project": Style(),
    "neighbour-plan": Style(stroke="#8a5a2b", weight=1.2, dash="4 3"),
    "admin-city": Style(stroke="#5f6873", weight=1.1, opacity=0.75),
    "admin-county": Style(stroke="#9aa2ab", weight=0.7, opacity=0.8),
}
