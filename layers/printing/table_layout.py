"""Tables on a sheet: rows and columns, how high they are, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from layers.printing import typeface
from layers.printing.canvas import INK, MUTED, Align, Pen, TextStyle

_YEAR_FILL, _HEADING_FILL, _RULE = "#f6e4e6", "#edf0f3", "#c9ced4"
_YEAR_ORDER, _HEADING_ORDER = 690.0, 691.0  # fills lie below texts and rules
_LINE = 1.22  # height of a line, as a multiple of the size of the text


@dataclass(frozen=True)
class TableColumn:
    """A column of a table.

    Attributes
    ----------
    title
        Its heading.
    share
        Its share of the table's width.
    align
        Where its texts stand. Figures stand in the middle.
    marked
        Whether it is the column of the view's target year.
    """

    title: str
    share: float
    align: Literal["left", "center"] = "left"
    marked: bool = False


@dataclass(frozen=True)
class TableRow:
    """A row of a table.

    Attributes
    ----------
    cells
        Its texts. A heading has one text across all columns.
    colour
        ``#rrggbb`` of the square before its first cell; ``None`` for no square.
    heading
        Whether it is a heading.
    """

    cells: tuple[str, ...]
    colour: str | None = None
    heading: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a title and, where its rows need one, a note."""

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    note: str | None = None


@dataclass(frozen=True)
class TableLayout:
    """A table at a size.

    Attributes
    ----------
    table
        The table.
    width
        Its width, mm.
    size
        The size of its texts, mm.
    """

    table: Table
    width: float
    size: float

    @property
    def line(self) -> float:
        """The height of a line, mm."""
        return _LINE * self.size

    @property
    def head(self) -> float:
        """The height of the row of headings, mm."""
        return self.line + 0.9 * self.size

    @property
    def note_height(self) -> float:
        """The height of the note, mm."""
        return 1.6 * self.size if self.table.note else 0.0

    @property
    def height(self) -> float:
        """The height of the table, mm."""
        rows = sum(self.row_height(row) for row in self.table.rows)
        return 2.2 * self.size + self.head + rows + self.note_height

    @property
    def is_whole(self) -> bool:
        """Whether every figure stands on one line."""
        return all(
            len(self.cell(row, number)) == 1
            for row in self.table.rows
            if not row.heading
            for number, column in enumerate(self.table.columns)
            if column.align == "center"
        )

    def row_height(self, row: TableRow) -> float:
        """Return the height of a row, mm.

        Parameters
        ----------
        row
            A row of the table.
        """
        lines = 1
        if not row.heading:
            lines = max(len(self.cell(row, n)) for n in range(len(self.table.columns)))
        return lines * self.line + 0.5 * self.size

    def cell(self, row: TableRow, number: int) -> list[str]:
        """Return the lines of a cell.

        Parameters
        ----------
        row
            A row of the table, no heading.
        number
            The number of the column, from 0.
        """
        column, size = self.table.columns[number], self.size
        square = 1.15 * size if row.colour and number == 0 else 0
        free = column.share * self.width - 0.6 * size - square
        text = row.cells[number]
        lines = typeface.wrap(text, free, size, bold=column.marked)
        if len(lines) > 1 and len(lines[-1]) <= 2:  # no character is left alone
            closer = typeface.wrap(text, free - 2 * size, size, bold=column.marked)
            return closer if len(closer) == len(lines) else lines
        return lines

    def columns(self, left: float) -> Iterator[tuple[TableColumn, float]]:
        """Yield the columns, each with its left side.

        Parameters
        ----------
        left
            The left side of the table, mm.
        """
        for column in self.table.columns:
            yield column, left
            left += column.share * self.width

    def anchor(self, column: TableColumn, left: float) -> tuple[float, Align]:
        """Return where the texts of a column stand, and how they are aligned there.

        Parameters
        ----------
        column
            A column of the table.
        left
            Its left side, mm.
        """
        if column.align == "center":
            return left + column.share * self.width / 2, "center"
        return left + 0.4 * self.size, "left"


def cut(layout: TableLayout, most: float) -> Table:
    """Return a table with so many rows as have room; its last row counts the rest.

    Parameters
    ----------
    layout
        The whole table.
    most
        The greatest height, mm.
    """
    rows = list(layout.table.rows)
    dropped = 0

    def height() -> float:
        return replace(layout, table=replace(layout.table, rows=tuple(rows))).height

    while rows and height() > most - 2 * layout.size:
        dropped += not rows.pop().heading
    if rows and rows[-1].heading:
        rows.pop()
    more = TableRow((f"另有 {dropped} 行未列出，见图集的数据表",), heading=True)
    return replace(layout.table, rows=(*rows, more))


def draw(pen: Pen, layout: TableLayout, left: float, top: float) -> None:
    """Draw a table.

    Parameters
    ----------
    pen
        The pen.
    layout
        The table.
    left, top
        Its upper left corner, mm.
    """
    table, size = layout.table, layout.size
    pen.text(left, top - 0.9 * size, table.title, TextStyle(1.15 * size, bold=True))
    y = top - 2.2 * size
    bottom = top - layout.height + layout.note_height
    for column, start in layout.columns(left):
        if column.marked:
            box = (start, bottom, start + column.share * layout.width, y)
            pen.box(box, fill=_YEAR_FILL, order=_YEAR_ORDER)
    right, rule = left + layout.width, 0.12 * pen.paper.unit
    pen.line([(left, y), (right, y)], INK, 2.5 * rule)
    y -= layout.head
    for column, start in layout.columns(left):
        x, align = layout.anchor(column, start)
        pen.text(x, y + layout.head / 2, column.title, TextStyle(size, bold=True, align=align))
    pen.line([(left, y), (right, y)], INK, 1.4 * rule)
    for row in table.rows:
        _draw_row(pen, layout, row, left, y)
        y -= layout.row_height(row)
        pen.line([(left, y), (right, y)], _RULE, 0.8 * rule)
    pen.line([(left, y), (right, y)], INK, 2.5 * rule)
    if table.note:
        pen.text(left, y - 0.95 * size, table.note, TextStyle(size, colour=MUTED))


def _draw_row(pen: Pen, layout: TableLayout, row: TableRow, left: float, top: float) -> None:
    size, height = layout.size, layout.row_height(row)
    middle = top - height / 2
    if row.heading:
        box = (left, top - height, left + layout.width, top)
        pen.box(box, fill=_HEADING_FILL, order=_HEADING_ORDER)
        pen.text(left + 0.4 * size, middle, row.cells[0], TextStyle(size, bold=True))
        return
    for number, (column, start) in enumerate(layout.columns(left)):
        x, align = layout.anchor(column, start)
        if row.colour and number == 0:
            pen.box((x, middle - 0.4 * size, x + 0.8 * size, middle + 0.4 * size), fill=row.colour)
            x += 1.15 * size
        lines = layout.cell(row, number)
        y = middle + (len(lines) - 1) * layout.line / 2
        for text in lines:
            pen.text(x, y, text, TextStyle(size, bold=column.marked, align=align))
            y -= layout.line
