"""Points that stand for places: how exactly a document names a place, and what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import shapely

from geo.gazetteer import Place
from geo.places import Places
from layers.columns import Column
from layers.shared.vocabulary import PLACE_LEVELS

COLUMNS = (
    Column(
        "place_level",
        "地点级别",
        "text",
        "地点写到哪一级：city 为市级，county 为县级，zone 为开发区；几处不同时取最粗的一级。",
    ),
    Column(
        "point_source",
        "点位出处",
        "text",
        "点位取自何处（© OpenStreetMap 贡献者或 GeoNames），以；连接；为空时点位是区域代表点。",
    ),
)
_AREAS = {"city": "市域", "county": "县域", "zone": "所在县域"}


class PointValues(TypedDict):
    """Values of the columns that follow from the places that a point stands for."""

    place_level: str
    point_source: str | None
    geometry_status: str
    geometry: shapely.Geometry


def values(places: Places, resolved: Sequence[Place]) -> PointValues:
    """Return the column values and the geometry of a feature that is drawn as a point.

    Parameters
    ----------
    places
        The records and their places.
    resolved
        One or more places.

    Returns
    -------
    PointValues
        ``geometry`` is a Point, or a MultiPoint for several places (lon/lat, CGCS2000): where there
        is one, the published point of the place, such as the seat of its government.
    """
    points = [places.footprints.point(place) for place in resolved]
    published = [places.footprints.published_point(place) for place in resolved]
    return {
        "place_level": min((p.kind for p in resolved), key=list(PLACE_LEVELS).index),
        "point_source": "；".join(f"{p.what}（{p.source}）" for p in published if p) or None,
        "geometry_status": "point",
        "geometry": points[0] if len(points) == 1 else shapely.MultiPoint(points),
    }


def note(places: Places, resolved: Sequence[Place]) -> str:
    """Return the note on what a point is: a seat of government, say, and never the site itself.

    Parameters
    ----------
    places
        The records and their places.
    resolved
        The places that it stands for.
    """
    published = {p.code: places.footprints.published_point(p) for p in resolved}
    words = [
        found.what if (found := published[p.code]) else f"{p.name}（{_AREAS[p.kind]}代表点）"
        for p in resolved
    ]
    return f"点位为{'、'.join(words)}，只代表所在地，并非实际位置"
