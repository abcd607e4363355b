"""The layout as a planner draws it on a layout sheet (空间结构图): bands, arrows and symbols.

Every shape comes from the points that stand for a unit's members, and the land they lie in:

- a belt is a broad curve through its members' points, in the order of the shortest way through all
  of them, with an arrow at either end, where it runs on the province's land;
- a wing is an arrow from the core towards its members;
- the core and the poles are symbols at their members' middle.

A point stands for a member as everywhere in the atlas (:meth:`geo.footprints.Footprints.point`);
several members of a pole or wing have the mean of theirs. The shapes are schematic: width, ends and
radiating rings tell nothing of how far a unit reaches.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

NOTE = "规划图式 · 示意：依成员推定绘制，不表示范围"  # what must be read with such a drawing
TITLE = "规划图式"  # what such a drawing is called, on the page and in the names of files
Points = npt.NDArray[np.float64]

# All lengths are shares of the width of a band.
_HEAD_LENGTH, _HEAD_WIDTH = 1.0, 1.8
_BEYOND = 0.5  # how far a band goes on beyond its last point
_SHORT = 1.6  # how far from the core a wing begins, and from its aim it ends
_STEPS = 16  # points of the curve between two members
_NOTHING = 1e-9  # degrees; what a point on a line may lie off it
_ALL_ORDERS = 8  # up to so many points every order is tried


def band(
    points: Sequence[tuple[float, float]], width: float, land: shapely.Geometry
) -> tuple[shapely.Geometry, tuple[float, float]]:
    """Return the band of a belt through `points` (lon, lat), and where its name stands (lon, lat).

    It has an arrow at either end and keeps to `land`: it is cut where another province or the sea
    lies in its way, and its arrows end at the border. The name stands in the middle of its longest
    part. `width` is in degrees of latitude.

    >>> belt, name_at = band([(117.0, 39.0), (115.0, 39.0)], 0.2, shapely.box(110, 30, 120, 40))
    >>> [round(v, 2) for v in belt.bounds], name_at
    ([114.61, 38.82, 117.39, 39.18], (116.0, 39.0))
    """
    plane = _Plane(points)
    head = _HEAD_LENGTH * width
    parts = _on_land(plane, points, width, land)
    shapes = []
    for part in parts:
        starts, ends = part is parts[0], part is parts[-1]
        shaft = substring(part, head * starts, part.length - head * ends)
        shapes.append(_strip(shaft, width))
        if starts:
            shapes.append(_head(shaft.coords[0], part.coords[0], width))
        if ends:
            shapes.append(_head(shaft.coords[-1], part.coords[-1], width))
    longest = max(parts, key=lambda part: float(part.length))
    name_at = plane.round(shapely.line_interpolate_point(longest, 0.5, normalized=True))
    return plane.round(shapely.union_all(shapes)), (name_at.x, name_at.y)


def _on_land(
    plane: _Plane, points: Sequence[tuple[float, float]], width: float, land: shapely.Geometry
) -> list[shapely.LineString]:
    """Return the parts of a belt's curve that run on land, with the length of the arrows' heads.

    What is narrower than the band does not cut it, and what is too short for arrows is no part. If
    a point were on none of the parts, the curve would stay whole.
    """
    way = shortest_way(plane.flat(points))
    curve = smooth(way)
    reach = (_BEYOND + _HEAD_LENGTH) * width
    start, end = _beyond(curve[1], curve[0], reach), _beyond(curve[-2], curve[-1], reach)
    whole = shapely.LineString(np.vstack([start, curve, end]))
    places = shapely.buffer(shapely.buffer(plane.shrunk(land), width / 2), -width / 2)
    parts = shapely.get_parts(shapely.intersection(whole, places))
    long = [part for part in parts if part.length > 2 * _HEAD_LENGTH * width]
    on_parts = shapely.dwithin(shapely.points(way), shapely.union_all(long), _NOTHING)
    return long if on_parts.all() else [whole]


def arrow(
    start: tuple[float, float], aim: tuple[float, float], width: float
) -> shapely.Geometry | None:
    """Return an arrow from `start` towards `aim` (lon, lat), that widens, `width` in degrees.

    ``None`` where the two are too near for one.
    """
    plane = _Plane([start, aim])
    (a, b) = plane.flat([start, aim])
    length = math.dist(a, b)
    if length < (2 * _SHORT + _HEAD_LENGTH) * width:
        return None
    along = (b - a) / length
    aside = np.array([-along[1], along[0]])
    foot, neck = a + along * _SHORT * width, b - along * _SHORT * width
    tip = neck + along * _HEAD_LENGTH * width
    corners = [
        foot + aside * 0.2 * width,
        neck + aside * 0.5 * width,
        neck + aside * 0.5 * _HEAD_WIDTH * width,
        tip,
        neck - aside * 0.5 * _HEAD_WIDTH * width,
        neck - aside * 0.5 * width,
        foot - aside * 0.2 * width,
    ]
    return plane.round(shapely.Polygon(corners))


def middle_of(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the mean of points (lon, lat)."""
    lon, lat = np.asarray(points, dtype=float).mean(axis=0)
    return float(lon), float(lat)


def shortest_way(points: Points) -> Points:
    """Return points in the order of the shortest open way through all of them.

    It starts at its northern end. Of more points than can be tried in every order, each time the
    nearest comes next.

    >>> shortest_way(np.array([[0.0, 0], [2, 0], [1, 0]]))[:, 0].tolist()
    [0.0, 1.0, 2.0]
    """

    def length(order: Iterable[int]) -> float:
        return float(np.linalg.norm(np.diff(points[list(order)], axis=0), axis=1).sum())

    numbers = range(len(points))
    if len(points) <= _ALL_ORDERS:
        orders = itertools.permutations(numbers)
        best = list(min(orders, key=lambda order: (round(length(order), 9), order)))
    else:
        best = min([_nearest_next(points, first) for first in numbers], key=length)
    way: Points = points[best]
    return way if way[0, 1] >= way[-1, 1] else way[::-1]


def _nearest_next(points: Points, first: int) -> list[int]:
    order, left = [first], set(range(len(points))) - {first}
    while left:
        here = points[order[-1]]
        order.append(min(left, key=lambda n: (math.dist(points[n], here), n)))
        left.remove(order[-1])
    return order


def smooth(points: Points) -> Points:
    """Return a smooth curve that goes through every one of `points` (a Catmull-Rom spline)."""
    # The curve leaves its ends straight towards their neighbours.
    ends = 2 * points[0] - points[1], 2 * points[-1] - points[-2]
    known = np.vstack([ends[0], points, ends[1]])
    t = np.arange(_STEPS)[:, None] / _STEPS
    pieces = [
        0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
               + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
        for p0, p1, p2, p3 in zip(known, known[1:], known[2:], known[3:], strict=False)
    ]  # fmt: skip
    curve: Points = np.vstack([*pieces, points[-1]])
    return curve


def _beyond(before: Points, last: Points, reach: float) -> Points:
    along = (last - before) / math.dist(last, before)
    return np.asarray(last + along * reach)


def _strip(line: shapely.LineString, width: float) -> shapely.Geometry:
    return shapely.buffer(line, width / 2, cap_style="flat", join_style="round", quad_segs=12)


def _head(foot: Sequence[float], tip: Sequence[float], width: float) -> shapely.Polygon:
    x, y = np.subtract(tip, foot) / math.dist(tip, foot)
    aside = np.array([-y, x]) * _HEAD_WIDTH / 2 * width
    return shapely.Polygon([foot + aside, tip, foot - aside])


class _Plane:
    """Degrees of latitude in both directions, so that right angles look right on the map."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self._shrink = np.array([math.cos(math.radians(middle_of(points)[1])), 1.0])

    def flat(self, points: Sequence[tuple[float, float]]) -> Points:
        return np.asarray(np.asarray(points, dtype=float) * self._shrink)

    def shrunk(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Return a geometry in lon/lat on the plane."""
        return shapely.transform(geometry, lambda xy: xy * self._shrink)

    def round(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Return a geometry of the plane in lon/lat, to four decimals (about ten metres)."""
        made = shapely.transform(geometry, lambda xy: xy / self._shrink)
        return shapely.set_precision(made, 1e-4)
