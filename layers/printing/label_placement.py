"""Where labels go: greedy placement by priority, without overlaps. Pure geometry in millimetres.

Each label takes the first position that covers no symbol and no earlier label. The label of a dot
may move away from it, and is then tied to it by a leader; the name of an area may move within the
area. The rules are those of the browser's map (``static/map/placement.js``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from layers.printing import typeface
from layers.printing.canvas import Box

LINE_HEIGHT = 1.25
_GROWTH = 1.25
_DIRECTIONS = 24
_BETWEEN = 0.8  # mm; two labels on one line stay as far apart, or they would be read as one


@dataclass(frozen=True)
class Line:
    """A line of a label: its text, height of a character and space between characters in mm."""

    text: str
    size: float
    bold: bool = False
    spacing: float = 0.0

    @property
    def width(self) -> float:
        """Its width in mm."""
        return typeface.width(self.text, self.size, bold=self.bold, spacing=self.spacing)


@dataclass(frozen=True)
class Label:
    """A name to be placed.

    Attributes
    ----------
    point
        What it names, mm.
    rank
        Lower is placed first.
    body
        How far the symbol or dot at `point` reaches to the left, bottom, right and top, mm; with
        none the label names an area, and stands on `point` itself.
    room
        The area (mm) an area's name must stay in.
    led
        Whether it may move away and be tied by a leader.
    dotted
        Whether a dot marks what it names.
    whole
        Whether the name must lie in its area from end to end, not only with its middle.
    """

    lines: tuple[Line, ...]
    point: tuple[float, float]
    rank: tuple[float, ...]
    color: str
    body: Box | None = None
    room: shapely.Geometry | None = None
    led: bool = False
    dotted: bool = False
    whole: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, mm."""
        height = sum(line.size * LINE_HEIGHT for line in self.lines)
        return max(line.width for line in self.lines), height


@dataclass(frozen=True)
class Placed:
    """A label in its place; `leader` is the leader's end at the label, if it has one."""

    label: Label
    box: Box
    leader: tuple[float, float] | None = None


def place(
    labels: Sequence[Label], frame: Box, obstacles: Sequence[Box], *, reach: float
) -> list[Placed]:
    """Place as many labels as find room in `frame`, apart from each other and from `obstacles`.

    `reach` is how far a label may move from its point, mm. A label with a leader that found no
    room gets a second chance before the others, if nobody is lost by it.
    """
    order = sorted(labels, key=lambda label: label.rank)
    placed = _arrange(order, frame, obstacles, reach)
    there = {id(p.label) for p in placed}
    left = [label for label in order if label.led and id(label) not in there]
    if left:
        again = [*left, *(label for label in order if not any(label is other for other in left))]
        other = _arrange(again, frame, obstacles, reach)
        if len(other) > len(placed):
            return other
    return placed


def _arrange(
    order: Sequence[Label], frame: Box, obstacles: Sequence[Box], reach: float
) -> list[Placed]:
    taken = _Boxes(obstacles)
    words = _Boxes(())
    texts: set[tuple[str, ...]] = set()  # a place drawn by two layers is named once
    placed: list[Placed] = []
    for label in order:
        text = tuple(line.text for line in label.lines)
        if text in texts:
            continue
        for box, far in _positions(label, reach):
            if not _inside(box, frame) or taken.hit(box) or not _stays(label, box, far):
                continue
            if words.hit((box[0] - _BETWEEN, box[1], box[2] + _BETWEEN, box[3])):
                continue
            path = _steps(label.point, box) if far and label.led else []
            if any(words.hit(step) for step in path):
                continue
            taken.add([box, *path])
            words.add([box])
            texts.add(text)
            end = _nearest(label.point, box) if path else None
            placed.append(Placed(label, box, end))
            break
    return placed


def _positions(label: Label, reach: float) -> Iterator[tuple[Box, bool]]:
    """Yield boxes for a label, best first, and whether each is away from its point."""
    x, y = label.point
    w, h = label.size

    def box(left: float, bottom: float) -> Box:
        return x + left, y + bottom, x + left + w, y + bottom + h

    if label.body:
        left, bottom, right, top = label.body
        yield box(right, -h / 2), False
        yield box(-left - w, -h / 2), False
        yield box(-w / 2, -bottom - h), False
        yield box(-w / 2, top), False
        for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            corner = (right if sx > 0 else -left - w) * 0.7, (top if sy > 0 else -bottom - h)
            yield box(*corner), False
        if not label.led:
            return
    else:
        yield box(-w / 2, -h / 2), False
    distance = 2.0
    while distance <= reach:
        for step in range(_DIRECTIONS):
            turn = 2 * math.pi * step / _DIRECTIONS
            cos, sin = math.cos(turn), math.sin(turn)
            # A dot's label turns its near side to the dot; an area's name moves about its middle.
            towards = (cos, sin) if label.body else (0.0, 0.0)
            centre = cos * distance + towards[0] * w / 2, sin * distance + towards[1] * h / 2
            yield box(centre[0] - w / 2, centre[1] - h / 2), True
        distance *= _GROWTH


def _stays(label: Label, box: Box, far: bool) -> bool:
    """Tell whether an area's name lies in its area."""
    if label.body or (not far and not label.whole):
        return True
    if label.room is None:
        return not far
    left, bottom, right, top = box
    xs = (left, right) if label.whole else ((left + right) / 2,)
    return all(shapely.contains_xy(label.room, x, (bottom + top) / 2) for x in xs)


def _inside(box: Box, frame: Box) -> bool:
    edge = 0.6
    return (
        box[0] >= frame[0] + edge
        and box[1] >= frame[1] + edge
        and box[2] <= frame[2] - edge
        and box[3] <= frame[3] - edge
    )


def _nearest(point: tuple[float, float], box: Box) -> tuple[float, float]:
    x, y = point
    return max(box[0], min(x, box[2])), max(box[1], min(y, box[3]))


def _steps(start: tuple[float, float], box: Box) -> list[Box]:
    """Return small boxes along a leader: nothing is placed on it."""
    end = _nearest(start, box)
    count = max(1, round(math.dist(start, end)))
    return [
        (x - 0.3, y - 0.3, x + 0.3, y + 0.3)
        for x, y in (
            (start[0] + (end[0] - start[0]) * i / count, start[1] + (end[1] - start[1]) * i / count)
            for i in range(count)
        )
    ]


class _Boxes:
    """Boxes that are taken, to be asked whether another one touches any of them."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._all = np.array(boxes, dtype=float).reshape(-1, 4)

    def add(self, boxes: Sequence[Box]) -> None:
        self._all = np.vstack([self._all, np.array(boxes, dtype=float)])

    def hit(self, box: Box) -> bool:
        left, bottom, right, top = self._all.T
        return bool(((box[0] < right) & (left < box[2]) & (box[1] < top) & (bottom < box[3])).any())
