"""The page of a sheet: paper sizes, and a pen that draws in millimetres.

The pen writes text as text, so that it can be found in a PDF. It collects the characters that the
font lacks, and :meth:`Pen.check` reports them all before a file is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.transforms import Bbox, TransformedBbox

from layers.portrayal.lettering import HALO_OPACITY, TEXT_COLOUR
from layers.portrayal.style import HATCH_LINE_PX, HATCH_STEP_PX, Style
from layers.printing import typeface

MM_PER_INCH = 25.4
MM_PER_PT = MM_PER_INCH / 72
INK = TEXT_COLOUR
MUTED = "#5b6570"
MARGIN_ORDER = 700.0  # the drawing order of what stands beside the map: above everything on it

Align = Literal["left", "center", "right"]
Box = tuple[float, float, float, float]  # left, bottom, right, top in mm
Point = tuple[float, float]  # x to the right and y up from the page's lower left corner, mm


@dataclass(frozen=True)
class Paper:
    """A landscape page.

    Attributes
    ----------
    name
        The name of the paper size.
    width, height
        Size of the page in mm.
    px
        Length in mm of one pixel of the browser's map. Line widths, symbols and labels are defined
        in pixels.
    text
        Size of the smallest text in pt.
    """

    name: str
    width: float
    height: float
    px: float
    text: float

    @property
    def size(self) -> float:
        """The size of the smallest text in mm."""
        return self.text * MM_PER_PT

    @property
    def unit(self) -> float:
        """The page's width as a multiple of A4's."""
        return self.width / 297


PAPERS = {
    "a4": Paper("A4", 297, 210, px=0.2, text=6.2),
    "a3": Paper("A3", 420, 297, px=0.24, text=7.4),
}


@dataclass(frozen=True)
class TextStyle:
    """How a line of text is written.

    Attributes
    ----------
    size
        Height of a Chinese character in mm.
    bold
        Whether the bold font is used.
    colour
        ``#rrggbb``.
    align
        Which part of the line stands at the given point.
    order
        The drawing order: higher is above.
    halo
        Width of the white rim in mm; 0 for none.
    spacing
        Space between characters in mm.
    rotation
        Degrees, anticlockwise. Rotated text is centred on its point.
    """

    size: float
    bold: bool = False
    colour: str = INK
    align: Align = "left"
    order: float = MARGIN_ORDER
    halo: float = 0.0
    spacing: float = 0.0
    rotation: float = 0.0


class Pen:
    """Draws on one page, in mm from its lower left corner.

    The `order` of a drawing lifts it above others.

    Parameters
    ----------
    paper
        The page.
    size_inches
        Width and height of the figure; its whole area is the page.
    """

    def __init__(self, paper: Paper, size_inches: tuple[float, float]) -> None:
        self.paper = paper
        self.figure = Figure(figsize=size_inches)
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, paper.width)
        self.axes.set_ylim(0, paper.height)
        self.missing: set[str] = set()
        self._clip: TransformedBbox | None = None

    def check(self) -> None:
        """Check that the sheet can be written to a file.

        Raises
        ------
        MissingGlyphError
            The texts have characters that the font lacks.
        """
        if self.missing:
            raise typeface.MissingGlyphError(self.missing)

    def clip(self, box: Box | None) -> None:
        """Clip everything that is drawn after this call.

        Parameters
        ----------
        box
            The clipping box in mm; ``None`` ends clipping.
        """
        self._clip = None
        if box is not None:
            left, bottom, right, top = box
            corners = Bbox([[left, bottom], [right, top]])
            self._clip = TransformedBbox(corners, self.axes.transData)

    def text(self, x: float, y: float, text: str, style: TextStyle) -> None:
        """Write one line.

        Parameters
        ----------
        x, y
            Left, middle or right end of the line, as `style` aligns it, and the middle of its
            height, in mm.
        text
            The line.
        style
            How it is written.
        """
        self.missing |= typeface.missing(text, bold=style.bold)
        length = typeface.width(text, style.size, bold=style.bold, spacing=style.spacing)
        start = x - {"left": 0.0, "center": 0.5, "right": 1.0}[style.align] * length
        base = y - (typeface.ASCENT - typeface.DESCENT) / 2 * style.size
        for piece in list(text) if style.spacing else [text]:
            self._piece((x, y) if style.rotation else (start, base), piece, style)
            start += typeface.width(piece, style.size, bold=style.bold) + style.spacing

    def _piece(self, at: Point, text: str, style: TextStyle) -> None:
        """Write a text at the start of its base line; rotated text at its middle."""
        font = typeface.properties(bold=style.bold)
        if style.halo:
            outline = TextPath(at, text, size=style.size, prop=font)
            rim = PathPatch(outline, facecolor="white", edgecolor="white", joinstyle="round")
            rim.set(linewidth=2 * style.halo / MM_PER_PT, alpha=HALO_OPACITY)
            rim.set(zorder=style.order - 0.5)
            self.axes.add_artist(rim)
        written = Text(*at, text, fontproperties=font, color=style.colour, zorder=style.order)
        written.set_fontsize(style.size / MM_PER_PT)
        if style.rotation:
            written.set(rotation=style.rotation, ha="center", va="center")
        self.axes.add_artist(written)

    def line(
        self,
        points: Sequence[Point] | np.ndarray,
        colour: str,
        width: float,
        *,
        order: float = MARGIN_ORDER,
        opacity: float = 1.0,
    ) -> None:
        """Draw a line through points.

        Parameters
        ----------
        points
            In mm.
        colour
            ``#rrggbb``.
        width
            Width of the line in mm.
        order
            The drawing order.
        opacity
            0 to 1.
        """
        self.lines([np.asarray(points)], colour, width, order=order, opacity=opacity)

    def lines(
        self,
        paths: Sequence[np.ndarray],
        colour: str,
        width: float,
        *,
        order: float = MARGIN_ORDER,
        opacity: float = 1.0,
    ) -> None:
        """Draw several lines.

        Parameters
        ----------
        paths
            The points of each line in mm.
        colour, width, order, opacity
            As for :meth:`line`.
        """
        made = LineCollection(paths, colors=[to_rgba(colour, opacity)], zorder=order)
        made.set(linewidths=[width / MM_PER_PT], capstyle="butt", joinstyle="round")
        self.axes.add_artist(made)
        self._cut(made)

    def box(
        self,
        box: Box,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 0.1,
        order: float = MARGIN_ORDER,
        opacity: float = 1.0,
    ) -> None:
        """Draw a rectangle with a fill, an outline, or both.

        Parameters
        ----------
        box
            The rectangle in mm.
        fill, stroke
            Colours of fill and outline, ``#rrggbb``.
        width
            Width of the outline in mm.
        order
            The drawing order.
        opacity
            Of the fill, 0 to 1.
        """
        left, bottom, right, top = box
        made = Rectangle((left, bottom), right - left, top - bottom, zorder=order)
        made.set(facecolor=to_rgba(fill, opacity) if fill else "none", edgecolor=stroke or "none")
        made.set(linewidth=width / MM_PER_PT if stroke else 0, joinstyle="miter")
        self.axes.add_artist(made)
        self._cut(made)

    def shape(
        self, geometry: shapely.Geometry, style: Style, *, order: float = MARGIN_ORDER
    ) -> None:
        """Draw a polygon in a style of the map.

        Parameters
        ----------
        geometry
            Coordinates in mm.
        style
            Fill and outline, in pixels of the browser's map.
        order
            The drawing order.
        """
        if geometry.is_empty:
            return
        px = self.paper.px
        if style.hatch and style.fill:
            self._hatch(geometry, style.fill, style.fill_opacity, order)
        made = PathPatch(_path(geometry), zorder=order, joinstyle="round", capstyle="butt")
        fill = None if style.hatch else style.fill
        made.set_facecolor(to_rgba(fill, style.fill_opacity) if fill else "none")
        made.set_edgecolor(to_rgba(style.stroke, style.opacity) if style.stroke else "none")
        made.set_linewidth(style.weight * px / MM_PER_PT if style.stroke else 0)
        if style.dash:
            made.set_linestyle((0, [length * px / MM_PER_PT for length in style.dash]))
        self.axes.add_artist(made)
        self._cut(made)

    def _hatch(self, geometry: shapely.Geometry, colour: str, opacity: float, order: float) -> None:
        """Draw lines at 45 degrees over a polygon: real lines, the same in every format."""
        left, bottom, right, top = geometry.bounds
        step = HATCH_STEP_PX * self.paper.px * np.sqrt(2)
        # The lines are y = x + c. Every c lies on one grid, so that neighbours' lines meet.
        first, last = np.floor((bottom - right) / step), np.ceil((top - left) / step)
        offsets = np.arange(first, last + 1) * step
        ends = [[(left, left + c), (right, right + c)] for c in offsets]
        cut = shapely.get_parts(shapely.intersection(shapely.linestrings(ends), geometry))
        paths = [shapely.get_coordinates(p) for p in cut if p.length > 0]
        width = HATCH_LINE_PX * self.paper.px
        self.lines(paths, colour, width, order=order, opacity=opacity)

    def _cut(self, artist: PathPatch | Rectangle | LineCollection) -> None:
        if self._clip is not None:
            artist.set_clip_box(self._clip)


def _path(geometry: shapely.Geometry) -> Path:
    """Return a polygon's rings as one path, holes running against their shell."""
    polygons = shapely.get_parts(shapely.orient_polygons(geometry))
    rings = [ring for p in polygons if p.geom_type == "Polygon" for ring in shapely.get_rings(p)]
    return Path.make_compound_path(
        *(Path(shapely.get_coordinates(ring), closed=True) for ring in rings)
    )
