"""Which labels a map has, what they say, and where they would stand if nothing were in the way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from geo.footprints import visual_centre
from layers.portrayal import lettering
from layers.portrayal.base_map import BASE_MAP
from layers.portrayal.drawing import ALWAYS, Label
from layers.portrayal.lettering import Lettering, TextLine
from layers.printing.canvas import Point
from layers.printing.label_placement import LabelLine, MapLabel
from layers.printing.map_drawing import MapDrawing
from layers.printing.sheet_features import SheetFeature, Subject
from layers.printing.symbols import PlacedSymbol, within

_EARTH_M_PER_PX = 156_543.03  # ground width of a pixel at the equator, zoom 0 of a web map
_LONG = 10  # characters; a longer name with a leader takes two lines
_AROUND_POINT_PX = 7.0  # how far a label stays off a point that it may move away from
_LEAST_AREA_MM2 = 12.0  # smaller areas are not named
_OF_BASE_MAP = 9  # priority of the names of what is no feature


def labels(drawing: MapDrawing, placed: Mapping[str, PlacedSymbol]) -> list[MapLabel]:
    """Return the labels of a map.

    Parameters
    ----------
    drawing
        The map.
    placed
        Feature id → symbol in its place.
    """
    context = LabelContext(drawing, placed)
    made = [_of_feature(context, f, number) for number, f in enumerate(drawing.features)]
    if drawing.subject:
        made += _of_parts(context, drawing.subject)
        made += _of_surroundings(context, drawing.subject)
    for row in drawing.atlas.places.boundaries.neighbours.itertuples():
        name = _base_map_name(row.name, lettering.NEIGHBOUR)
        made.append(_area_label(context, name, context.visible(drawing.frame.shape(row.geometry))))
    return [label for label in made if label is not None]


@dataclass(frozen=True, eq=False)
class LabelContext:
    """What the labels of a map depend on: the map, and its symbols by feature id."""

    drawing: MapDrawing
    symbols: Mapping[str, PlacedSymbol]

    @property
    def px(self) -> float:
        """Length in mm of one pixel of the browser's map."""
        return self.drawing.pen.paper.px

    @cached_property
    def zoom(self) -> float:
        """The zoom level of a web map that shows as much on as many pixels."""
        frame = self.drawing.frame
        lat = frame.to_lonlat(np.array([frame.middle]))[0][1]
        metres_per_px = self.px / 1000 * frame.scale
        return math.log2(_EARTH_M_PER_PX * math.cos(math.radians(lat)) / metres_per_px)

    @cached_property
    def marked_names(self) -> frozenset[str]:
        """The names of clusters whose mark is labelled: its label says all that theirs would."""
        return frozenset(
            feature.label.text
            for feature in self.drawing.features
            if feature.label and feature.kind.cluster == "mark"
        )

    def visible(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return the part of a polygon (mm) that lies in the frame."""
        return shapely.intersection(shape, self.drawing.window)

    def shows(self, feature: SheetFeature, label: Label) -> bool:
        """Return whether a feature is labelled on this sheet."""
        subject = self.drawing.subject
        if subject is None and self.zoom < label.min_zoom:
            return False
        if subject is not None and label.lettering in subject.unnamed:
            return False
        if feature.kind.cluster == "whole" and label.text in self.marked_names:
            return False
        return feature.symbol is None or feature.id in self.symbols  # else it lies off the frame


@dataclass(frozen=True)
class AreaName:
    """The name of an area: text, lettering, ``#rrggbb``, rank, and its own point (mm) if any."""

    text: str
    lettering: Lettering
    colour: str
    rank: tuple[float, ...]
    at: Point | None = None


def _of_feature(context: LabelContext, feature: SheetFeature, number: int) -> MapLabel | None:
    label, placed = feature.label, context.symbols.get(feature.id)
    if label is None or not context.shows(feature, label):
        return None
    kind, frame = label.lettering, context.drawing.frame
    rank = (label.priority, kind.rank, number)
    x, y = placed.at if placed else frame.to_page(np.array([label.at]))[0]
    shape = context.drawing.shapes.get(feature.id)
    # An area that only large scales name is small and keeps its own point, as on a diagram. Others
    # are named in the visual_centre of what the frame shows of them.
    if kind.place == "area" and placed is None and label.min_zoom == ALWAYS:
        at = (x, y) if feature.is_diagram else None
        name = AreaName(label.text, kind, label.colour, rank, at)
        return _area_label(context, name, context.visible(shape)) if shape is not None else None
    if not within((x, y, x, y), frame.box):
        return None
    reach = placed.reach if placed else (_AROUND_POINT_PX * context.px,) * 4 if kind.led else None
    return MapLabel(
        _lines(context.px, label, context.drawing.year),
        (x, y),
        rank,
        label.colour,
        reach,
        None if shape is None else context.visible(shape),
        led=kind.led,
        dotted=kind.place == "seat",
    )


def _lines(px: float, label: Label, year: int) -> tuple[LabelLine, ...]:
    """Return the name, and the figures of the target year."""
    kind = label.lettering
    texts = _halves(label.text) if kind.led else [label.text]
    figures = label.by_year.get(year, "").split("\n")
    return (
        *(_line(px, text, kind.lines[0]) for text in texts),
        *(_line(px, figure, kind.lines[-1]) for figure in figures if figure),
    )


def _of_parts(context: LabelContext, subject: Subject) -> list[MapLabel | None]:
    """Name the parts of the subject: a zone beside its dot, a county within itself."""
    kind, px = lettering.PART, context.px
    made: list[MapLabel | None] = []
    for number, feature in enumerate(context.drawing.features):
        shape = context.drawing.shapes.get(feature.id)
        if feature.id not in subject.parts or shape is None:
            continue
        rank, name = (0, kind.rank, number), feature.feature.name
        if not subject.parts[feature.id]:
            area_name = AreaName(name, kind, subject.part_colour, rank)
            made.append(_area_label(context, area_name, shape))
            continue
        at = visual_centre(shape)
        lines = tuple(_line(px, text, kind.lines[0]) for text in _halves(name))
        reach = (_AROUND_POINT_PX * px,) * 4
        made.append(
            MapLabel(
                lines, (at.x, at.y), rank, subject.part_colour, reach, shape, led=True, dotted=True
            )
        )
    return made


def _of_surroundings(context: LabelContext, subject: Subject) -> list[MapLabel | None]:
    """Name the cities around the subject, or where it is not veiled all that the frame shows."""
    frame, made = context.drawing.frame, []
    counties = context.drawing.atlas.places.boundaries.counties
    for city, members in counties.groupby("city", sort=False):
        area = frame.shape(shapely.coverage_union_all(members.geometry.to_numpy()))
        visible = context.visible(area)
        if subject.veil:
            visible = shapely.difference(visible, frame.shape(subject.area))
        name = _base_map_name(city.removesuffix("市"), lettering.CONTEXT)
        made.append(_area_label(context, name, visible))
    return made


def _base_map_name(text: str, kind: Lettering) -> AreaName:
    return AreaName(text, kind, BASE_MAP.name, (_OF_BASE_MAP, kind.rank))


def _area_label(
    context: LabelContext, name: AreaName, visible: shapely.Geometry
) -> MapLabel | None:
    """Return the name of an area: at its point, or in the middle of what the frame shows."""
    if visible.is_empty or visible.area < _LEAST_AREA_MM2:
        return None
    widest = max(shapely.get_parts(visible), key=lambda part: part.area)
    if widest.geom_type != "Polygon":
        return None
    at = name.at
    if at is None or not shapely.contains_xy(visible, *at):
        point = visual_centre(widest)
        at = (point.x, point.y)
    lines = (_line(context.px, name.text, name.lettering.lines[0]),)
    return MapLabel(lines, at, name.rank, name.colour, room=visible, whole=name.lettering.whole)


def _line(px: float, text: str, kind: TextLine) -> LabelLine:
    return LabelLine(text, kind.size_px * px, kind.is_bold, kind.spacing_px * px)


def _halves(text: str) -> list[str]:
    """Break a long name in two, after a conjunction if one stands near the visual_centre.

    >>> _halves("雄安新区软件和信息服务")
    ['雄安新区软件和', '信息服务']
    """
    if len(text) <= _LONG:
        return [text]
    half = math.ceil(len(text) / 2)
    ends = [i + 1 for i, c in enumerate(text) if c in "和与及、" and abs(i + 1 - half) <= 2]
    at = ends[0] if ends else half
    return [text[:at], text[at:]]
