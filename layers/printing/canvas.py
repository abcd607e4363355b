"""The page a sheet is drawn on: paper sizes, and a pen that draws in millimetres.

The pen draws text as text, so that it can be found in a PDF, and refuses nothing itself: it notes
characters that the font lacks, and :meth:`Pen.check` names them all before a file is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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

from layers.portrayal.style import Style
from layers.printing import typeface

MM_PER_INCH = 25.4
MM_PER_PT = MM_PER_INCH / 72
INK = "#1f2933"
MUTED = "#5b6570"
_HATCH_STEP_PX = 6.0
_HATCH_WIDTH_PX = 1.6

Box = tuple[float, float, float, float]  # left, bottom, right, top in mm


@dataclass(frozen=True)
class Paper:
    """A landscape page.

    `px` is the length in mm that stands for one pixel of the browser's map: line widths, symbols
    and labels are defined in pixels. `text` is the size of the smallest text in pt.
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
        """How much larger than A4 the page is."""
        return self.width / 297


PAPERS = {
    "a4": Paper("A4", 297, 210, px=0.2, text=6.2),
    "a3": Paper("A3", 420, 297, px=0.24, text=7.4),
}


class Pen:
    """Draws on one page, in mm from its lower left corner; `order` lifts a thing above others."""

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
        """Raise what stands in the way of a file.

        Raises
        ------
        MissingGlyphError
            Texts hold characters that the font lacks.
        """
        if self.missing:
            raise typeface.MissingGlyphError(self.missing)

    def clip(self, box: Box | None) -> None:
        """Cut what is drawn from now on at a box, or no longer."""
        self._clip = None
        if box is not None:
            left, bottom, right, top = box
            corners = Bbox([[left, bottom], [right, top]])
            self._clip = TransformedBbox(corners, self.axes.transData)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        color: str = INK,
        align: str = "left",
        order: float = 700,
        halo: float = 0.0,
        spacing: float = 0.0,
        rotation: float = 0.0,
    ) -> None:
        """Write one line.

        Parameters
        ----------
        x, y
            Left, middle or right end (`align`) of the line, and the middle of its height, in mm.
        size, halo, spacing
            Height of a Chinese character, width of a white rim, space between characters, in mm.
        """
        self.missing |= typeface.missing(text, bold=bold)
        font = typeface.properties(bold=bold)
        length = typeface.width(text, size, bold=bold, spacing=spacing)
        start = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * length
        base = y - (typeface.ASCENT - typeface.DESCENT) / 2 * size
        pieces = list(text) if spacing else [text]
        for piece in pieces:
            at = (start, base) if not rotation else (x, y)
            if halo:
                outline = TextPath(at, piece, size=size, prop=font)
                rim = PathPatch(outline, facecolor="white", edgecolor="white", joinstyle="round")
                rim.set(linewidth=2 * halo / MM_PER_PT, alpha=0.85, zorder=order - 0.5)
                self.axes.add_artist(rim)
            written = Text(*at, piece, fontproperties=font, color=color, zorder=order)
            written.set_fontsize(size / MM_PER_PT)
            if rotation:
                written.set(rotation=rotation, ha="center", va="center")
            self.axes.add_artist(written)
            start += typeface.width(piece, size, bold=bold) + spacing

    def line(
        self,
        points: Sequence[tuple[float, float]] | np.ndarray,
        color: str,
        width: float,
        *,
        order: float = 700,
        opacity: float = 1.0,
    ) -> None:
        """Draw a line of `width` mm through points."""
        self.lines([np.asarray(points)], color, width, order=order, opacity=opacity)

    def lines(
        self,
        paths: Sequence[np.ndarray],
        color: str,
        width: float,
        *,
        order: float = 700,
        opacity: float = 1.0,
        cap: str = "butt",
    ) -> None:
        """Draw several lines of `width` mm."""
        made = LineCollection(paths, colors=[to_rgba(color, opacity)], zorder=order)
        made.set(linewidths=[width / MM_PER_PT], capstyle=cap, joinstyle="round")
        self.axes.add_artist(made)
        self._cut(made)

    def box(
        self,
        box: Box,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 0.1,
        order: float = 700,
        opacity: float = 1.0,
    ) -> None:
        """Draw a rectangle with a fill, an outline of `width` mm, or both."""
        left, bottom, right, top = box
        made = Rectangle((left, bottom), right - left, top - bottom, zorder=order)
        made.set(facecolor=to_rgba(fill, opacity) if fill else "none", edgecolor=stroke or "none")
        made.set(linewidth=width / MM_PER_PT if stroke else 0, joinstyle="miter")
        self.axes.add_artist(made)
        self._cut(made)

    def shape(
        self,
        geometry: shapely.Geometry,
        style: Style,
        *,
        order: float = 700,
    ) -> None:
        """Draw a polygon (coordinates in mm) in a style of the map."""
        if geometry.is_empty:
            return
        px = self.paper.px
        path = _path(geometry)
        if style.hatch and style.fill:
            self._hatch(geometry, style.fill, style.fillOpacity, order)
        made = PathPatch(path, zorder=order, joinstyle="round", capstyle="butt")
        fill = None if style.hatch else style.fill
        made.set_facecolor(to_rgba(fill, style.fillOpacity) if fill else "none")
        made.set_edgecolor(to_rgba(style.stroke, style.opacity) if style.stroke else "none")
        made.set_linewidth(style.weight * px / MM_PER_PT if style.stroke else 0)
        if style.dash:
            lengths = [float(n) * px / MM_PER_PT for n in style.dash.split()]
            made.set_linestyle((0, lengths))
        self.axes.add_artist(made)
        self._cut(made)

    def _hatch(self, geometry: shapely.Geometry, color: str, opacity: float, order: float) -> None:
        """Draw 45 degree lines over a polygon: real lines, the same in every format."""
        left, bottom, right, top = geometry.bounds
        step = _HATCH_STEP_PX * self.paper.px * np.sqrt(2)
        # Lines y = x + c; c on a common grid, so that neighbours' lines meet.
        first, last = np.floor((bottom - right) / step), np.ceil((top - left) / step)
        offsets = np.arange(first, last + 1) * step
        ends = [[(left, left + c), (right, right + c)] for c in offsets]
        cut = shapely.get_parts(shapely.intersection(shapely.linestrings(ends), geometry))
        paths = [shapely.get_coordinates(p) for p in cut if p.length > 0]
        width = _HATCH_WIDTH_PX * self.paper.px
        self.lines(paths, color, width, order=order, opacity=opacity)

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
