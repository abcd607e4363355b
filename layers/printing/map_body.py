"""The map within its frame: base, features in their panes, symbols, labels, scale bar and arrow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.footprints import middle
from layers.catalogue import Atlas
from layers.portrayal import style
from layers.portrayal.style import Style
from layers.printing import label_placement, map_elements, symbols
from layers.printing.label_placement import Label, Line, Placed
from layers.printing.canvas import Box, Pen
from layers.printing.projection import MapFrame
from layers.printing.symbols import Mark, within

# The base map's colours are those of the browser's (static/map/map.js).
_LAND, _NEIGHBOUR, _ENCLOSED, _SEA = "#fffefb", "#eff0f0", "#eae5dd", "#dfeaf1"
_COUNTY_LINE, _NEIGHBOUR_LINE, _PROVINCE_LINE, _GLOW = "#dcdfe2", "#d2d5d8", "#7a828c", "#c3c9cf"
_NEIGHBOUR_NAME = "#5d656e"
_PANE = dict(style.PANES)
_PROVINCE, _VEIL, _LEADERS, _LABELS = 474, 465, 620, 650
_EARTH_M_PER_PX = 156_543.03  # at the equator, zoom 0 of a web map
_LED = ("cluster", "growth")  # labels that may move away, tied by a leader
_LONG = 10  # characters; a longer cluster name takes two lines
_DOT = 3.2
# Lines of a label: rank, and per line size, bold and spacing in px, as in the browser.
_TYPE: Mapping[str, tuple[int, tuple[tuple[float, bool, float], ...]]] = {
    "unit": (0, ((14, True, 0.5),)),
    "part": (1, ((11.5, True, 0),)),
    "growth": (1, ((12.5, True, 0), (11, False, 0))),
    "cluster": (1, ((12.5, True, 0), (11, False, 0))),
    "belt": (2, ((16, True, 3),)),
    "region": (3, ((15, True, 2),)),
    "city": (4, ((13, True, 1),)),
    "base": (5, ((11, False, 0),)),
    "project": (5, ((11, False, 0),)),
    "county": (5, ((11, False, 0),)),
    "context": (6, ((12.5, True, 2),)),
    "neighbour": (7, ((13, False, 3),)),
}


@dataclass(frozen=True)
class SheetFeature:
    """A feature on the sheet: its description from the scene and its geometry (lon/lat).

    `planned` says that both are those of a layout sheet (规划图式).
    """

    feature: Mapping[str, Any]
    geometry: shapely.Geometry | None
    planned: bool = False


@dataclass(frozen=True)
class Subject:
    """What a sheet of a series is about.

    Attributes
    ----------
    area
        Its polygon (lon/lat).
    veil
        Whether everything around it is paled.
    unnamed
        Kinds of labels that are left out: what the title says already.
    named
        Features that are named besides: id, and whether the name is tied to a dot.
    """

    area: shapely.Geometry
    veil: bool
    unnamed: frozenset[str]
    named: Mapping[str, bool]


def draw(
    pen: Pen,
    atlas: Atlas,
    frame: MapFrame,
    drawn: Sequence[SheetFeature],
    year: int,
    subject: Subject | None,
    stamp: str | None,
    note: str | None,
) -> list[Placed]:
    """Draw the map and return its labels in their places."""
    pen.clip(frame.box)
    shapes = {id(d): frame.shape(d.geometry) for d in drawn if d.geometry is not None}
    _base(pen, atlas, frame)
    for number, d in enumerate(drawn):
        if id(d) in shapes and not d.feature["layer"].endswith(("bases", "projects")):
            order = _PANE[d.feature["pane"]] + number / (10 * len(drawn))
            pen.shape(shapes[id(d)], style.STYLES[d.feature["style"]], order=order)
    if subject:
        _emphasise(pen, frame, subject)
    pen.clip(None)
    area = subject.area if subject else None
    taken = map_elements.draw(pen, atlas, frame, area, stamp, note)
    marks = symbols.marks(pen, frame, [d.feature for d in drawn if d.feature["symbol"]])
    pen.clip(frame.box)
    for mark in marks.values():
        symbols.radiate(pen, mark.kind, *mark.at)
    pen.clip(None)
    for mark in marks.values():
        if mark.rings:
            symbols.circles(pen, mark, year)
        else:
            symbols.draw(pen, mark.kind, *mark.at, text=mark.text, color=mark.color)
    bodies = [mark.box for mark in marks.values()]
    labels = _labels(pen, atlas, frame, drawn, shapes, marks, year, subject)
    dots = [_around(label.point, _DOT * pen.paper.px + 0.2) for label in labels if label.dotted]
    width = frame.box[2] - frame.box[0]
    placed = label_placement.place(labels, frame.box, [*taken, *bodies, *dots], reach=0.16 * width)
    _letter(pen, labels, placed)
    map_elements.edge(pen, frame)
    return placed


# -- base --------------------------------------------------------------------------------------


def _base(pen: Pen, atlas: Atlas, frame: MapFrame) -> None:
    boundaries = atlas.places.boundaries
    px = pen.paper.px
    neighbours = boundaries.neighbours
    window = shapely.box(*shapely.total_bounds(neighbours.geometry.to_numpy()))
    pen.box(frame.box, fill=_NEIGHBOUR, order=0)
    pen.shape(frame.shape(shapely.segmentize(window, 0.1)), Style(_SEA, 1.0), order=1)
    for row in neighbours.itertuples():
        tint = _ENCLOSED if row.enclosed else _NEIGHBOUR
        outline = shapely.segmentize(row.geometry, 0.1)
        pen.shape(frame.shape(outline), Style(tint, 1.0, stroke=_NEIGHBOUR_LINE), order=2)
    _, meridians, parallels = frame.graticule()
    lines = [line for _, line in (*meridians, *parallels)]
    pen.lines(lines, "#9fb2bf", 0.4 * px, order=3, opacity=0.45)
    counties = boundaries.counties.geometry.to_numpy()
    province = frame.shape(shapely.coverage_union_all(counties))
    pen.shape(province, Style(stroke=_GLOW, weight=7, opacity=0.35), order=4)
    pen.shape(province, Style(_LAND, 1.0), order=5)
    inner = [frame.shape(county) for county in counties]
    rings = [shapely.get_coordinates(r) for s in inner for r in shapely.get_rings(s)]
    pen.lines(rings, _COUNTY_LINE, 0.7 * px, order=6)
    pen.shape(province, Style(stroke=_PROVINCE_LINE, weight=1.5), order=_PROVINCE)


def _emphasise(pen: Pen, frame: MapFrame, subject: Subject) -> None:
    """Pale everything around the subject, and draw its outline."""
    area = frame.shape(subject.area)
    if subject.veil:
        left, bottom, right, top = frame.box
        around = shapely.difference(shapely.box(left, bottom, right, top), area)
        pen.shape(around, Style("#ffffff", 0.55), order=_VEIL)
        pen.shape(area, Style(stroke="#39424d", weight=2), order=_PROVINCE + 0.5)


# -- labels ------------------------------------------------------------------------------------


def _labels(
    pen: Pen,
    atlas: Atlas,
    frame: MapFrame,
    drawn: Sequence[SheetFeature],
    shapes: Mapping[int, shapely.Geometry],
    marks: Mapping[str, Mark],
    year: int,
    subject: Subject | None,
) -> list[Label]:
    window = shapely.box(*frame.box)
    zoom = _zoom(pen, frame)
    # The label of a cluster's circles says all that the cluster's own does.
    told = {d.feature["label"]["text"] for d in drawn if d.feature["layer"] == "growth"}
    made = []
    for number, d in enumerate(drawn):
        label = d.feature["label"]
        if label is None or (zoom < label["min_zoom"] and subject is None):
            continue
        if subject and label["kind"] in subject.unnamed:
            continue
        if label["kind"] == "cluster" and label["text"] in told:
            continue
        room = shapes.get(id(d))
        visible = None if room is None else shapely.intersection(room, window)
        if d.feature["symbol"] and d.feature["id"] not in marks:
            continue  # outside the frame
        mark = marks.get(d.feature["id"])
        made.append(_label(pen, frame, label, mark, visible, year, number, planned=d.planned))
    if subject:
        made += _parts(pen, drawn, shapes, subject)
        counties = atlas.places.boundaries.counties
        for name, members in counties.groupby("city", sort=False):
            area = frame.shape(shapely.coverage_union_all(members.geometry.to_numpy()))
            visible = shapely.intersection(area, window)
            if subject.veil:
                visible = shapely.difference(visible, frame.shape(subject.area))
            text = name.removesuffix("市")
            made.append(_area_name(pen, "context", text, visible, _NEIGHBOUR_NAME, whole=True))
    for row in atlas.places.boundaries.neighbours.itertuples():
        visible = shapely.intersection(frame.shape(row.geometry), window)
        made.append(_area_name(pen, "neighbour", row.name, visible, _NEIGHBOUR_NAME, whole=True))
    return [label for label in made if label is not None]


def _parts(
    pen: Pen,
    drawn: Sequence[SheetFeature],
    shapes: Mapping[int, shapely.Geometry],
    subject: Subject,
) -> list[Label | None]:
    """Name what the subject consists of: a zone beside its dot, a county within itself."""
    made: list[Label | None] = []
    for number, d in enumerate(drawn):
        feature = d.feature
        if feature["id"] not in subject.named or id(d) not in shapes:
            continue
        prefix = "industry:"
        family = next(k for k in feature["keys"] if k.startswith(prefix)).removeprefix(prefix)
        color, room = style.ink(style.INDUSTRY_COLOURS[family]), shapes[id(d)]
        rank = (0, _TYPE["part"][0], number)
        if subject.named[feature["id"]]:
            at = middle(room)
            lines = tuple(_line(pen, t, _TYPE["part"][1][0]) for t in _halves(feature["name"]))
            made.append(
                Label(
                    lines,
                    (at.x, at.y),
                    rank,
                    color,
                    (7 * pen.paper.px,) * 4,
                    room,
                    led=True,
                    dotted=True,
                )
            )
        else:
            made.append(_area_name(pen, "part", feature["name"], room, color, rank=rank))
    return made


def _zoom(pen: Pen, frame: MapFrame) -> float:
    """Return the zoom of a web map that shows as much on as many pixels."""
    lat = frame.ground(np.array([frame.middle]))[0][1]
    metres_per_px = pen.paper.px / 1000 * frame.scale
    return math.log2(_EARTH_M_PER_PX * math.cos(math.radians(lat)) / metres_per_px)


def _label(
    pen: Pen,
    frame: MapFrame,
    label: Mapping[str, Any],
    mark: Mark | None,
    visible: shapely.Geometry | None,
    year: int,
    number: int,
    *,
    planned: bool,
) -> Label | None:
    kind, px = label["kind"], pen.paper.px
    rank = (label["priority"], _TYPE[kind][0], number)
    x, y = mark.at if mark else frame.page(np.array([label["at"]]))[0]
    if kind in ("belt", "region", "city") and mark is None:
        at = (x, y) if planned else None
        return _area_name(pen, kind, label["text"], visible, label["color"], rank=rank, at=at)
    if not within((x, y, x, y), frame.box):
        return None
    texts = _halves(label["text"]) if kind in _LED else [label["text"]]
    (name, *rest) = _TYPE[kind][1]
    lines = [_line(pen, text, name) for text in texts]
    figures = (label["by_year"] or {}).get(str(year), "").split("\n")
    lines += [_line(pen, figure, rest[0]) for figure in figures if figure]
    body = mark.body if mark else (7 * px,) * 4 if kind in _LED else None
    return Label(
        tuple(lines),
        (x, y),
        rank,
        label["color"],
        body,
        visible,
        led=kind in _LED,
        dotted=kind == "cluster",
    )


def _area_name(
    pen: Pen,
    kind: str,
    text: str,
    visible: shapely.Geometry | None,
    color: str,
    *,
    rank: tuple[float, ...] | None = None,
    whole: bool = False,
    at: tuple[float, float] | None = None,
) -> Label | None:
    """Return the name of an area: at its own place or in the middle of what the frame shows."""
    if visible is None or visible.is_empty or visible.area < 12:
        return None
    widest = max(shapely.get_parts(visible), key=lambda part: part.area)
    if widest.geom_type != "Polygon":
        return None
    if at is None or not shapely.contains_xy(visible, *at):
        point = middle(widest)
        at = (point.x, point.y)
    lines = (_line(pen, text, _TYPE[kind][1][0]),)
    return Label(lines, at, rank or (9, _TYPE[kind][0]), color, room=visible, whole=whole)


def _line(pen: Pen, text: str, kind: tuple[float, bool, float]) -> Line:
    size, bold, spacing = kind
    return Line(text, size * pen.paper.px, bold, spacing * pen.paper.px)


def _halves(text: str) -> list[str]:
    """Break a long name in two, after a conjunction if one stands near the middle.

    >>> _halves("雄安新区软件和信息服务")
    ['雄安新区软件和', '信息服务']
    """
    if len(text) <= _LONG:
        return [text]
    half = math.ceil(len(text) / 2)
    ends = [i + 1 for i, c in enumerate(text) if c in "和与及、" and abs(i + 1 - half) <= 2]
    at = ends[0] if ends else half
    return [text[:at], text[at:]]


def _letter(pen: Pen, labels: Sequence[Label], placed: Sequence[Placed]) -> None:
    px = pen.paper.px
    for p in placed:
        if p.leader:
            ends = [p.label.point, p.leader]
            pen.line(ends, "#ffffff", 3 * px, order=_LEADERS, opacity=0.8)
            pen.line(ends, p.label.color, 1.1 * px, order=_LEADERS + 1)
    # A cluster has its dot even where its name finds no room.
    for label in labels:
        if label.dotted:
            disc = shapely.Point(label.point).buffer(_DOT * px)
            dot = Style(label.color, 1.0, stroke="#ffffff", weight=1.4)
            pen.shape(disc, dot, order=_LEADERS + 2)
    for p in placed:
        left, _, right, top = p.box
        for line in p.label.lines:
            height = line.size * label_placement.LINE_HEIGHT
            x = (left + right - line.width) / 2
            pen.text(
                x, top - height / 2, line.text, line.size, bold=line.bold, color=p.label.color,
                order=_LABELS, halo=1.5 * px, spacing=line.spacing,
            )  # fmt: skip
            top -= height


def _around(point: tuple[float, float], reach: float) -> Box:
    return point[0] - reach, point[1] - reach, point[0] + reach, point[1] + reach
