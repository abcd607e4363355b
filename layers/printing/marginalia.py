"""What stands around the map: title, neat line, legend and notes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import shapely

from layers.portrayal import legend, targets
from layers.portrayal.legend import SWATCH_FAMILY, LegendEntry, LegendGroup
from layers.portrayal.palette import INDUSTRY_COLOURS
from layers.portrayal.style import NamedStyle, Style
from layers.portrayal.symbols import CIRCLES, WHITE, SymbolDesign
from layers.printing import symbols, typeface
from layers.printing.canvas import INK, MUTED, Box, Pen, TextStyle
from layers.printing.sheet_features import SheetFeature

_COLUMNS = 3
_SWATCH = (3.1, 1.55)  # width and height of a swatch, as multiples of the size of the text
_REACH_SHARE = 0.92  # height of a symbol, as a share of how far it reaches up and down
_LEAST_SHRINK = 0.45  # a title is written no smaller than this share of its size


class TitleTooLongError(ValueError):
    """A title that does not fit on one line."""


@dataclass(frozen=True)
class LegendLine:
    """A line of the legend. Headings and notes have neither swatch nor symbol.

    Attributes
    ----------
    title
        What it says.
    swatch
        Its style.
    symbol
        The symbol in place of a swatch.
    height_px
        Height of the largest symbol of its group, in pixels. Symbols of one group are drawn at one
        scale, so that they compare as on the map.
    is_note
        Whether it is a note.
    """

    title: str
    swatch: NamedStyle | None = None
    symbol: SymbolDesign | None = None
    height_px: float = 0.0
    is_note: bool = False


def draw_neat_line(pen: Pen) -> None:
    """Draw the double line around the sheet.

    Parameters
    ----------
    pen
        The pen.
    """
    unit, paper = pen.paper.unit, pen.paper
    for inset, width in ((7.0, 0.45), (8.2, 0.15)):
        edge = inset * unit
        box = (edge, edge, paper.width - edge, paper.height - edge)
        pen.box(box, stroke=INK, width=width * unit)


def draw_title(pen: Pen, text: str, subtitle: str) -> None:
    """Write title and subtitle. A long title is written smaller.

    Parameters
    ----------
    pen
        The pen.
    text
        The title.
    subtitle
        The subtitle. It is cut where it is too long for one line.

    Raises
    ------
    TitleTooLongError
        The title does not even fit in its smallest size.
    """
    unit, x = pen.paper.unit, pen.paper.width / 2
    room = pen.paper.width - 30 * unit
    size = 6.4 * unit
    shrink = min(1.0, room / typeface.width(text, size, bold=True))
    if shrink < _LEAST_SHRINK:
        most = int(len(text) * shrink / _LEAST_SHRINK)
        raise TitleTooLongError(f"标题过长（{len(text)} 个字），图幅上最多约 {most} 个字")
    y = pen.paper.height - 14.2 * unit
    pen.text(x, y, text, TextStyle(size * shrink, bold=True, align="center"))
    small = TextStyle(pen.paper.size * 1.3, colour=MUTED, align="center")
    first, *rest = typeface.wrap(subtitle, room, small.size)
    pen.text(x, y - 6.0 * unit, first + ("…" if rest else ""), small)


# -- legend ------------------------------------------------------------------------------------


def legend_lines(
    groups: Sequence[tuple[LegendGroup, Sequence[LegendEntry]]],
    features: Iterable[SheetFeature],
    *,
    layout_diagram: bool = False,
) -> list[list[LegendLine]]:
    """Return the lines of the legend by group, the heading first.

    What stands for all industries has the colour of the first industry that occurs.

    Parameters
    ----------
    groups
        The legend of the atlas.
    features
        What the sheet shows. Entries that stand for none of it are left out.
    layout_diagram
        Whether the layout is drawn as a diagram.
    """
    keys = {key for feature in features for key in feature.feature.drawing.legend_keys}
    shown = [(group, [entry for entry in own if entry.key in keys]) for group, own in groups]
    family = _first_family(entry for _, own in shown for entry in own)
    made = []
    for group, entries in shown:
        if not entries:
            continue
        height_px = _height_px(entries)
        lines = [LegendLine(group.title)]
        for entry in entries:
            diagram = entry.diagram_swatch if layout_diagram else None
            swatch = diagram or entry.swatch(family)
            lines.append(LegendLine(entry.title, swatch, entry.symbol, height_px))
        notes = [LegendLine(note, is_note=True) for entry in entries for note in entry.notes]
        made.append([*lines, *notes])
    return made


def _first_family(entries: Iterable[LegendEntry]) -> str:
    """Return the colour family of the first industry in the legend."""
    families = (
        entry.key.partition(":")[2] for entry in entries if entry.group == legend.INDUSTRIES
    )
    return next((family for family in families if family in INDUSTRY_COLOURS), SWATCH_FAMILY)


def _height_px(entries: Sequence[LegendEntry]) -> float:
    """Return the height of the largest symbol of a group, in pixels."""
    reaches = [entry.symbol.reach for entry in entries if entry.symbol]
    return _REACH_SHARE * max((reach.top + reach.bottom for reach in reaches), default=0.0)


def draw_legend(
    pen: Pen, groups: Sequence[Sequence[LegendLine]], left: float, top: float, room: float
) -> float:
    """Draw the legend in columns.

    Parameters
    ----------
    pen
        The pen.
    groups
        Its lines, as :func:`legend_lines` returns them.
    left, top
        Its upper left corner, mm.
    room
        Its width, mm.

    Returns
    -------
    float
        Its height, mm.
    """
    size = pen.paper.size
    column = _LegendColumn(pen, room / _COLUMNS)
    pen.text(left, top - 0.9 * size, "图例", TextStyle(1.15 * size, bold=True))
    pen.line([(left, top - 2.2 * size), (left + room, top - 2.2 * size)], INK, 0.3 * pen.paper.unit)
    start = lowest = top - 2.9 * size
    divided = _columns(groups, lambda lines: column.gap + sum(map(column.height, lines)))
    for number, own in enumerate(divided):
        x = left + number * column.width
        lowest = min(lowest, column.draw([line for group in own for line in group], x, start))
    return top - lowest


def _columns(
    groups: Sequence[Sequence[LegendLine]], height: Callable[[Sequence[LegendLine]], float]
) -> list[Sequence[Sequence[LegendLine]]]:
    """Divide groups, in order and whole, into columns of about equal height."""
    if len(groups) <= _COLUMNS:
        return [[group] for group in groups]
    cuts = itertools.combinations(range(1, len(groups)), _COLUMNS - 1)
    divided = [[groups[i:j] for i, j in itertools.pairwise((0, *cut, len(groups)))] for cut in cuts]
    return min(divided, key=lambda columns: sum(sum(map(height, c)) ** 4 for c in columns))


@dataclass(frozen=True, eq=False)
class _LegendColumn:
    """A column of the legend: the pen, and the column's width in mm."""

    pen: Pen
    width: float

    @property
    def size(self) -> float:
        """The size of its texts, mm."""
        return self.pen.paper.size

    @property
    def gap(self) -> float:
        """The space above a heading, mm."""
        return 0.5 * self.size

    @property
    def _row(self) -> float:
        return 1.75 * self.size

    @property
    def _title_room(self) -> float:
        return self.width - (_SWATCH[0] + 1.2) * self.size

    def height(self, line: LegendLine) -> float:
        """Return the height of a line, mm."""
        size = self.size
        if line.is_note:
            return 1.35 * size * len(typeface.wrap(line.title, self.width - size, size))
        wrapped = len(typeface.wrap(line.title, self._title_room, size)) if line.swatch else 1
        circles = 2 * _largest(self.pen) + 0.6 * size if line.symbol == CIRCLES else 0.0
        return self._row + (wrapped - 1) * 1.2 * size + circles

    def draw(self, lines: Sequence[LegendLine], left: float, top: float) -> float:
        """Draw lines below each other; return where the last one ends, mm."""
        y = top
        for line in lines:
            is_heading = line.swatch is None and not line.is_note
            y -= self.gap if is_heading and y < top else 0
            height = self.height(line)
            if line.is_note:
                self._draw_note(line.title, left, y)
            elif is_heading:
                heading = TextStyle(self.size, bold=True, colour=MUTED)
                self.pen.text(left, y - height / 2, line.title, heading)
            elif line.symbol == CIRCLES:
                self.pen.text(left, y - self._row / 2, line.title, TextStyle(self.size))
                _draw_target_sizes(self.pen, left, y - self._row)
            else:
                self._draw_entry(line, left, y - height / 2)
            y -= height
        return y

    def _draw_entry(self, line: LegendLine, x: float, y: float) -> None:
        size = self.size
        width, height = _SWATCH[0] * size, _SWATCH[1] * size
        if line.symbol:
            largest = self.pen.paper.px * line.height_px
            scale = height / largest if largest > height else 1.0
            symbols.draw_legend_symbol(self.pen, line.symbol, (x + width / 2, y), scale)
        elif line.swatch:
            box = (x + 0.1 * size, y - height / 2, x + width, y + height / 2)
            _draw_swatch(self.pen, line.swatch.style, box)
        lines = typeface.wrap(line.title, self._title_room, size)
        y += (len(lines) - 1) * 0.6 * size
        for text in lines:
            self.pen.text(x + width + 0.6 * size, y, text, TextStyle(size))
            y -= 1.2 * size

    def _draw_note(self, text: str, x: float, top: float) -> None:
        size = self.size
        style = TextStyle(size, colour=MUTED)
        for number, line in enumerate(typeface.wrap(text, self.width - size, size)):
            self.pen.text(x, top - (number + 0.5) * 1.35 * size, line, style)


def _largest(pen: Pen) -> float:
    """Return the radius of the largest circle in the legend, mm."""
    return targets.radius_px(max(targets.SIZES_YI)) * pen.paper.px


def _draw_target_sizes(pen: Pen, x: float, top: float) -> None:
    """Draw the circles of a few revenue targets, in the same size as on the map."""
    most, size = _largest(pen), pen.paper.size
    foot, line = top - 2 * most - 0.5 * size, top + size
    for value in sorted(targets.SIZES_YI, reverse=True):
        radius = targets.radius_px(value) * pen.paper.px
        disc = shapely.Point(x + most, foot + radius).buffer(radius, quad_segs=24)
        pen.shape(disc, Style(WHITE, 1.0, stroke=MUTED, weight=0.8))
        line = min(foot + 2 * radius, line - 1.15 * size)
        ends = [(x + most, foot + 2 * radius), (x + 2.1 * most, foot + 2 * radius)]
        pen.line([*ends, (x + 2.4 * most, line)], MUTED, 0.6 * pen.paper.px)
        pen.text(x + 2.5 * most, line, f"{value:,}", TextStyle(size))


def _draw_swatch(pen: Pen, style: Style, box: Box) -> None:
    """Draw a polygon, or a mere line for an outline without fill or dashes."""
    left, bottom, right, top = box
    if style.fill or style.dash:
        pen.shape(shapely.box(*box), style)
    elif style.stroke:
        y, width = (bottom + top) / 2, style.weight * pen.paper.px
        pen.line([(left, y), (right, y)], style.stroke, width, opacity=style.opacity)


# -- notes -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Notes:
    """The notes at the foot of a sheet.

    Attributes
    ----------
    sources
        The documents that the sheet is made from.
    attribution
        Where base map and points come from.
    disclaimer
        What the map must not be used for.
    version
        The version of the data, and the projection.
    review_number
        The map's review number (审图号), if it has one.
    """

    sources: str
    attribution: str
    disclaimer: str
    version: str
    review_number: str | None


def draw_notes(pen: Pen, notes: Notes, box: Box) -> None:
    """Write the notes, and the review number at the right.

    Parameters
    ----------
    pen
        The pen.
    notes
        The notes.
    box
        Where they stand, mm.
    """
    size, unit = pen.paper.size, pen.paper.unit
    left, _, right, top = box
    line = 1.32 * size
    review = f"审图号：{notes.review_number or '＿＿＿＿＿＿＿＿'}"
    style = TextStyle(1.2 * size, bold=True, align="right")
    room = right - left - typeface.width(review, style.size, bold=True) - 6 * unit
    y = top - line / 2
    entries = (
        ("资料来源", notes.sources),
        ("底图与点位", notes.attribution),
        ("说　　明", notes.disclaimer),
        ("数据与投影", notes.version),
    )
    lead = typeface.width("底图与点位　", size, bold=True)
    for label, text in entries:
        pen.text(left, y, label, TextStyle(size, bold=True))
        for part in typeface.wrap(text, room - lead, size):
            pen.text(left + lead, y, part, TextStyle(size, colour=MUTED))
            y -= line
    pen.text(right, top - line * 0.8, review, style)
