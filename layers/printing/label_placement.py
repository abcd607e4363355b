"""Where labels stand: greedy placement by rank, without overlaps. Pure geometry in millimetres.

Each label takes the first position that covers no symbol and no earlier label. A label that is tied
to its point by a leader may move away from it; the name of an area may move within the area. The
rules are those of the browser's map (``static/map/placement.js``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from layers.portrayal.lettering import LINE_HEIGHT
from layers.printing import typeface
from layers.printing.canvas import Box, Point

_GROWTH = 1.25  # each circle of positions has a radius larger by this factor
_DIRECTIONS = 24
_GAP = 0.8  # mm between labels on one line; closer, they would be read as one
_EDGE = 0.6  # mm between labels and the frame


@dataclass(frozen=True)
class LabelLine:
    """A line of a label.

    Attributes
    ----------
    text
        The line.
    size
        Height of a Chinese character in mm.
    bold
        Whether the bold font is used.
    spacing
        Space between characters in mm.
    """

    text: str
    size: float
    bold: bool = False
    spacing: float = 0.0

    @property
    def width(self) -> float:
        """Its width in mm."""
        return typeface.width(self.text, self.size, bold=self.bold, spacing=self.spacing)


@dataclass(frozen=True, eq=False)
class MapLabel:
    """A label to be placed.

    Attributes
    ----------
    lines
        Its lines, from above.
    point
        What it names, mm.
    rank
        Lower is placed first.
    colour
        ``#rrggbb``.
    reach
        How far the symbol or dot at `point` reaches to the left, bottom, right and top, mm. Without
        it the label names an area, and stands on `point` itself.
    room
        The area (mm) that the name of an area stays in.
    led
        Whether the label may move away from its point, tied to it by a leader.
    dotted
        Whether a dot marks its point.
    whole
        Whether the name lies in its area from end to end, not only with its middle.
    """

    lines: tuple[LabelLine, ...]
    point: Point
    rank: tuple[float, ...]
    colour: str
    reach: Box | None = None
    room: shapely.Geometry | None = None
    led: bool = False
    dotted: bool = False
    whole: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, mm."""
        height = sum(line.size * LINE_HEIGHT for line in self.lines)
        return max(line.width for line in self.lines), height


@dataclass(frozen=True, eq=False)
class PlacedLabel:
    """A label in its place; `leader` is the end of its leader at the label, if it has one."""

    label: MapLabel
    box: Box
    leader: Point | None = None


def place(
    labels: Sequence[MapLabel], frame: Box, obstacles: Sequence[Box], *, reach: float
) -> list[PlacedLabel]:
    """Place as many labels as there is room for, apart from each other.

    Where labels with a leader find no room, they are tried once more before all others. That
    placement is kept if it has more labels.

    Parameters
    ----------
    labels
        The labels.
    frame
        The box that they stay in, mm.
    obstacles
        Boxes that they leave free, mm.
    reach
        How far a label may move from its point, mm.
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
    order: Sequence[MapLabel], frame: Box, obstacles: Sequence[Box], reach: float
) -> list[PlacedLabel]:
    taken = _Taken(frame, obstacles)
    texts: set[tuple[str, ...]] = set()  # a place that two layers draw is named once
    placed: list[PlacedLabel] = []
    for label in order:
        text = tuple(line.text for line in label.lines)
        found = _first_free(label, taken, reach) if text not in texts else None
        if found is not None:
            taken.add(found.box, _leader_boxes(label.point, found.box) if found.leader else [])
            texts.add(text)
            placed.append(found)
    return placed


def _first_free(label: MapLabel, taken: _Taken, reach: float) -> PlacedLabel | None:
    for box, away in _positions(label, reach):
        if not taken.has_room(box) or not _stays(label, box, away):
            continue
        if not (away and label.led):
            return PlacedLabel(label, box)
        if not any(taken.hits_label(step) for step in _leader_boxes(label.point, box)):
            return PlacedLabel(label, box, _nearest(label.point, box))
    return None


def _positions(label: MapLabel, reach: float) -> Iterator[tuple[Box, bool]]:
    """Yield boxes for a label, best first, and whether each is away from its point."""
    x, y = label.point
    w, h = label.size
    if label.reach:
        yield from ((box, False) for box in _beside(label, label.reach))
        if not label.led:
            return
    else:
        yield (x - w / 2, y - h / 2, x + w / 2, y + h / 2), False
    distance = 2.0
    while distance <= reach:
        for step in range(_DIRECTIONS):
            turn = 2 * math.pi * step / _DIRECTIONS
            cos, sin = math.cos(turn), math.sin(turn)
            # A dot's label turns its near side to the dot; an area's name moves about its middle.
            towards = (cos, sin) if label.reach else (0.0, 0.0)
            left = x + cos * distance + towards[0] * w / 2 - w / 2
            bottom = y + sin * distance + towards[1] * h / 2 - h / 2
            yield (left, bottom, left + w, bottom + h), True
        distance *= _GROWTH


def _beside(label: MapLabel, reach: Box) -> Iterator[Box]:
    """Yield the boxes at the sides and corners of a symbol or dot, best first."""
    x, y = label.point
    w, h = label.size
    left, bottom, right, top = reach
    corners = [
        ((right if sx > 0 else -left - w) * 0.7, top if sy > 0 else -bottom - h)
        for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1))
    ]
    sides = [(right, -h / 2), (-left - w, -h / 2), (-w / 2, -bottom - h), (-w / 2, top)]
    for dx, dy in (*sides, *corners):
        yield x + dx, y + dy, x + dx + w, y + dy + h


def _stays(label: MapLabel, box: Box, away: bool) -> bool:
    """Return whether the name of an area lies in its area."""
    if label.reach or (not away and not label.whole):
        return True
    if label.room is None:
        return not away
    left, bottom, right, top = box
    xs = (left, right) if label.whole else ((left + right) / 2,)
    return all(shapely.contains_xy(label.room, x, (bottom + top) / 2) for x in xs)


def _nearest(point: Point, box: Box) -> Point:
    x, y = point
    return max(box[0], min(x, box[2])), max(box[1], min(y, box[3]))


def _leader_boxes(start: Point, box: Box) -> list[Box]:
    """Return small boxes along a leader: no label is placed on it."""
    end = _nearest(start, box)
    count = max(1, round(math.dist(start, end)))
    steps = [
        (start[0] + (end[0] - start[0]) * i / count, start[1] + (end[1] - start[1]) * i / count)
        for i in range(count)
    ]
    return [(x - 0.3, y - 0.3, x + 0.3, y + 0.3) for x, y in steps]


class _Taken:
    """What of a frame is taken: by obstacles, by labels, and by their leaders."""

    def __init__(self, frame: Box, obstacles: Sequence[Box]) -> None:
        left, bottom, right, top = frame
        self._room = left + _EDGE, bottom + _EDGE, right - _EDGE, top - _EDGE
        self._all = _Boxes(obstacles)
        self._labels = _Boxes(())

    def has_room(self, box: Box) -> bool:
        left, bottom, right, top = self._room
        inside = box[0] >= left and box[1] >= bottom and box[2] <= right and box[3] <= top
        wider = box[0] - _GAP, box[1], box[2] + _GAP, box[3]
        return inside and not self._all.hit(box) and not self._labels.hit(wider)

    def hits_label(self, box: Box) -> bool:
        return self._labels.hit(box)

    def add(self, label: Box, leader: Sequence[Box]) -> None:
        self._all.add([label, *leader])
        self._labels.add([label])


class _Boxes:
    """Many boxes, to find out whether another one touches any of them."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._all = np.array(boxes, dtype=float).reshape(-1, 4)

    def add(self, boxes: Sequence[Box]) -> None:
        self._all = np.vstack([self._all, np.array(boxes, dtype=float)])

    def hit(self, box: Box) -> bool:
        left, bottom, right, top = self._all.T
        return bool(((box[0] < right) & (left < box[2]) & (box[1] < top) & (bottom < box[3])).any())
