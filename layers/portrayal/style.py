"""Styles of polygons: fill, hatch and outline, each under the name that files and browser use.

What a document says exactly is drawn solid, what is inferred is dashed, and a county that merely
hosts a zone is hatched and never filled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from layers.portrayal.palette import INDUSTRY_COLOURS, ink, tint

HATCH_STEP_PX, HATCH_LINE_PX, HATCH_DEGREES = 6.0, 1.6, 45
# The geometry statuses on which the drawing of a polygon depends.
STATUSES: tuple[str, ...] = ("administrative", "supplied", "host-county")


@dataclass(frozen=True)
class Style:
    """Fill and outline of a polygon.

    Widths and dash lengths are screen pixels, opacities run from 0 to 1, ``None`` draws nothing.
    A hatched style draws lines in its fill colour instead of a fill (`HATCH_STEP_PX`).
    """

    fill: str | None = None
    fill_opacity: float = 0.0
    hatch: bool = False
    stroke: str | None = None
    weight: float = 1.0
    opacity: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class NamedStyle:
    """A style under its name: ASCII, the same in the browser's scene, QML, SLD and KML."""

    name: str
    style: Style


def core(industry: str, status: str) -> NamedStyle:
    """Return the style of a cluster's core zone.

    Parameters
    ----------
    industry
        A key of :data:`layers.portrayal.palette.INDUSTRY_COLOURS`.
    status
        One of :data:`STATUSES`.
    """
    colour = INDUSTRY_COLOURS[industry]
    filled = Style(colour, 0.82, stroke=ink(colour, 4.0), weight=1.4)
    return NamedStyle(f"core-{industry}-{status}", _by_status(filled, colour, status))


def radiation(industry: str, status: str) -> NamedStyle:
    """Return the style of a cluster's radiation area: the core's colour, lighter.

    The fill is a translucent tint, not a translucent colour: it keeps its hue on top of a belt.

    Parameters
    ----------
    industry, status
        As for :func:`core`.
    """
    colour = INDUSTRY_COLOURS[industry]
    filled = Style(tint(colour, 0.5), 0.6, stroke=ink(colour, 4.0), weight=0.9)
    return NamedStyle(f"radiation-{industry}-{status}", _by_status(filled, colour, status))


def band(name: str, colour: str) -> NamedStyle:
    """Return the style of a belt or region: a translucent fill and a dashed outline.

    Parameters
    ----------
    name
        The style's name.
    colour
        ``#rrggbb``.
    """
    return NamedStyle(
        name, Style(colour, 0.42, stroke=ink(colour, 3.0), weight=1.6, opacity=0.75, dash=(8, 5))
    )


def _by_status(style: Style, colour: str, status: str) -> Style:
    if status == "host-county":
        hatched = replace(style, fill=colour, fill_opacity=0.55, hatch=True)
        return replace(hatched, weight=0.8, opacity=0.7, dash=(2, 3))
    return style
