"""What stands around the map: title, neat line, legend and notes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from layers.portrayal import style
from layers.portrayal.style import Style
from layers.printing import symbols, typeface
from layers.printing.canvas import INK, MUTED, Box, Pen

_COLUMNS = 3
_SWATCH = (3.1, 1.55)  # in sizes of the text


class TitleTooLongError(ValueError):
    """A title that does not fit on one line."""


@dataclass(frozen=True)
class Item:
    """A legend entry: its title, and a style or symbol. Headings and notes have neither."""

    title: str
    style: str | None = None
    symbol: str | None = None
    is_note: bool = False


def neat_line(pen: Pen) -> None:
    """Draw the double line around the sheet."""
    unit, paper = pen.paper.unit, pen.paper
    for inset, width in ((7.0, 0.45), (8.2, 0.15)):
        edge = inset * unit
        box = (edge, edge, paper.width - edge, paper.height - edge)
        pen.box(box, stroke=INK, width=width * unit)


def draw_title(pen: Pen, text: str, subtitle: str) -> None:
    """Write title and subtitle; a long title is written smaller.

    Raises
    ------
    TitleTooLongError
        Even small it does not fit.
    """
    unit, x = pen.paper.unit, pen.paper.width / 2
    room = pen.paper.width - 30 * unit
    size = 6.4 * unit
    needed = typeface.width(text, size, bold=True)
    shrink = min(1.0, room / needed)
    if shrink < 0.45:
        raise TitleTooLongError(
            f"标题过长（{len(text)} 个字），图幅上最多约 {int(len(text) * shrink / 0.45)} 个字"
        )
    y = pen.paper.height - 14.2 * unit
    pen.text(x, y, text, size * shrink, bold=True, align="center")
    sub = pen.paper.size * 1.3
    lines = typeface.wrap(subtitle, room, sub)
    pen.text(
        x,
        y - 6.0 * unit,
        lines[0] + ("…" if len(lines) > 1 else ""),
        sub,
        color=MUTED,
        align="center",
    )


def legend_items(
    groups: Sequence[Mapping[str, Any]],
    drawn: Iterable[Mapping[str, Any]],
    *,
    layout_diagram: bool = False,
) -> list[list[Item]]:
    """Return the legend's groups (the heading first) for the features that are drawn.

    What stands for all industries is shown in the colour of the first that occurs; with `layout_diagram`
    the layout has the styles of a layout sheet.
    """
    features = list(drawn)
    keys = {key for feature in features for key in feature["keys"]}
    families = [
        k.removeprefix("industry:")
        for g in groups
        for i in g["items"]
        if (k := i["key"]) in keys and k.startswith("industry:")
    ]
    first = families[0] if families else "it"
    made = []
    for group in groups:
        items = [
            Item(item["title"], _swatch_style(item, first, layout_diagram), item["symbol"])
            for item in group["items"]
            if item["key"] in keys
        ]
        if items:
            notes = [Item(note, is_note=True) for note in group["notes"]]
            made.append([Item(group["title"]), *items, *notes])
    return made


def _swatch_style(item: Mapping[str, Any], family: str, layout_diagram: bool) -> str:
    name: str = (layout_diagram and item["planned"]) or item["style"]
    if item["key"].startswith("industry:"):
        return name
    return (
        name.replace("-it-", f"-{family}-")
        if "-it-" in name
        else name.replace("cluster-it", f"cluster-{family}")
    )


def legend(
    pen: Pen, groups: Sequence[Sequence[Item]], left: float, top: float, room: float
) -> float:
    """Draw the legend in columns; return how high it is, mm."""
    size = pen.paper.size
    row, wide = 1.75 * size, room / _COLUMNS
    free = wide - (_SWATCH[0] + 1.2) * size
    pen.text(left, top - 0.9 * size, "图例", 1.15 * size, bold=True)
    pen.line([(left, top - 2.2 * size), (left + room, top - 2.2 * size)], INK, 0.3 * pen.paper.unit)

    def tall(item: Item) -> float:
        if item.is_note:
            return 1.35 * size * len(typeface.wrap(item.title, wide - size, size))
        lines = len(typeface.wrap(item.title, free, size)) if item.style else 1
        circles = 2 * _largest(pen) + 0.6 * size if item.symbol == "growth" else 0.0
        return row + (lines - 1) * 1.2 * size + circles

    gap = 0.5 * size
    start = lowest = top - 2.9 * size
    for number, column in enumerate(_columns(groups, lambda g: gap + sum(map(tall, g)))):
        x, y = left + number * wide, start
        for item in (item for group in column for item in group):
            y -= gap if item.style is None and not item.is_note and y < start else 0
            if item.is_note:
                _note(pen, item.title, x, y, wide - size, size)
            elif item.symbol == "growth":
                pen.text(x, y - row / 2, item.title, size)
                _sizes(pen, x, y - row, size)
            else:
                _entry(pen, item, x, y - tall(item) / 2, free, size)
            y -= tall(item)
        lowest = min(lowest, y)
    return top - lowest


def _columns(
    groups: Sequence[Sequence[Item]], tall: Callable[[Sequence[Item]], float]
) -> list[Sequence[Sequence[Item]]]:
    """Divide groups, in order and whole, so that the columns are about equally high."""
    if len(groups) <= _COLUMNS:
        return [[group] for group in groups]
    cuts = itertools.combinations(range(1, len(groups)), _COLUMNS - 1)
    divided = [[groups[i:j] for i, j in itertools.pairwise((0, *cut, len(groups)))] for cut in cuts]
    return min(divided, key=lambda columns: sum(sum(map(tall, c)) ** 4 for c in columns))


def _entry(pen: Pen, item: Item, x: float, y: float, room: float, size: float) -> None:
    if item.style is None:
        pen.text(x, y, item.title, size, bold=True, color=MUTED)
        return
    wide, high = _SWATCH[0] * size, _SWATCH[1] * size
    centre = x + wide / 2
    if item.symbol:
        share = high / (pen.paper.px * (31 if item.symbol in ("core", "pole", "wing") else 13))
        if item.symbol in ("core", "pole", "wing"):
            text = {"core": "", "pole": "极", "wing": "翼"}[item.symbol]
            symbols.draw(pen, item.symbol, centre, y, text=text, share=share * 1.05, order=700)
        else:
            symbols.draw(pen, item.symbol, centre, y, order=700)
    else:
        _swatch(pen, item.style, (x + 0.1 * size, y - high / 2, x + wide, y + high / 2))
    lines = typeface.wrap(item.title, room, size)
    y += (len(lines) - 1) * 0.6 * size
    for text in lines:
        pen.text(x + wide + 0.6 * size, y, text, size)
        y -= 1.2 * size


def _note(pen: Pen, text: str, x: float, top: float, room: float, size: float) -> None:
    for number, line in enumerate(typeface.wrap(text, room, size)):
        pen.text(x, top - (number + 0.5) * 1.35 * size, line, size, color=MUTED)


def _largest(pen: Pen) -> float:
    return style.target_radius(max(style.TARGET_SIZES_YI)) * pen.paper.px


def _sizes(pen: Pen, x: float, top: float, size: float) -> None:
    """Draw the circles of a few revenue targets, in the map's own size."""
    most = _largest(pen)
    foot, line = top - 2 * most - 0.5 * size, top + size
    for value in sorted(style.TARGET_SIZES_YI, reverse=True):
        radius = style.target_radius(value) * pen.paper.px
        disc = shapely.Point(x + most, foot + radius).buffer(radius, quad_segs=24)
        pen.shape(disc, Style("#ffffff", 1.0, stroke=MUTED, weight=0.8))
        line = min(foot + 2 * radius, line - 1.15 * size)
        ends = [(x + most, foot + 2 * radius), (x + 2.1 * most, foot + 2 * radius)]
        pen.line([*ends, (x + 2.4 * most, line)], MUTED, 0.6 * pen.paper.px)
        pen.text(x + 2.5 * most, line, f"{value:,}", size)


def _swatch(pen: Pen, name: str, box: Box) -> None:
    drawn = style.STYLES[name]
    left, bottom, right, top = box
    if drawn.fill or name == "neighbour-plan":
        pen.shape(shapely.box(*box), drawn)
    elif drawn.stroke:
        y, width = (bottom + top) / 2, drawn.weight * pen.paper.px
        pen.line([(left, y), (right, y)], drawn.stroke, width, opacity=drawn.opacity)


@dataclass(frozen=True)
class Notes:
    """The notes at the foot: sources, map data, disclaimer, version with projection."""

    sources: str
    attribution: str
    disclaimer: str
    version: str
    review_number: str | None


def notes(pen: Pen, said: Notes, box: Box) -> None:
    """Write the notes, and the review number at the right."""
    size, unit = pen.paper.size, pen.paper.unit
    left, _, right, top = box
    line = 1.32 * size
    review = f"审图号：{said.review_number or '＿＿＿＿＿＿＿＿'}"
    needed = typeface.width(review, 1.2 * size, bold=True)
    room = right - left - needed - 6 * unit
    y = top - line / 2
    entries = (
        ("资料来源", said.sources),
        ("底图与点位", said.attribution),
        ("说　　明", said.disclaimer),
        ("数据与投影", said.version),
    )
    lead = typeface.width("底图与点位　", size, bold=True)
    for label, text in entries:
        pen.text(left, y, label, size, bold=True)
        for part in typeface.wrap(text, room - lead, size):
            pen.text(left + lead, y, part, size, color=MUTED)
            y -= line
    pen.text(right, top - line * 0.8, review, 1.2 * size, bold=True, align="right")
