"""Footprints: the polygon that stands for a place, and how much it is worth.

Counties and cities have boundaries; development zones mostly have only a name, host counties and,
sometimes, a published point and area. What is drawn for a zone is, in this order: the planner's own
boundary, a disc of the published area about the published point cut to the host counties, the host
counties themselves. The geometry status says which, on the map and in every export.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from pyproj import Geod

from data.reader import Records
from geo.boundaries import Boundaries
from geo.crs import ELLIPSOID
from geo.gazetteer import Place

GeometryStatus = Literal[
    "administrative", "host-county", "schematic", "supplied", "inferred", "point"
]

# From the firmest to the weakest: a union is worth no more than its weakest part.
STATUS_ORDER: tuple[GeometryStatus, ...] = (
    "supplied",
    "administrative",
    "schematic",
    "host-county",
    "inferred",
    "point",
)
_GEOD = Geod(ellps=ELLIPSOID)
_DISC_VERTICES = 72


@dataclass(frozen=True)
class Footprint:
    """A polygon in CGCS2000 lon/lat with its status.

    `members` are the counties whose union the polygon is, or ``None`` for a polygon of its own.
    """

    geometry: shapely.Geometry
    status: GeometryStatus
    members: tuple[str, ...] | None


class Footprints:
    """The footprints of one records's places."""

    def __init__(self, records: Records, boundaries: Boundaries) -> None:
        self.boundaries = boundaries
        self._points = {p.zone: (p.lon, p.lat) for p in records.zone_points}

    def of(self, place: Place) -> Footprint:
        """Return the footprint of a resolved place."""
        if place.zone is None:
            return self.of_counties(place.adcodes)
        if place.code in self.boundaries.supplied.index:
            return Footprint(self.boundaries.supplied.loc[place.code], "supplied", None)
        if place.zone.area_km2 is not None and place.code in self._points:
            drawn = disc(*self._points[place.code], place.zone.area_km2)
            clipped = shapely.intersection(drawn, self.boundaries.union(place.adcodes))
            polygons = _polygons(clipped)
            # A point just outside its simplified host county leaves nothing to draw.
            if polygons is not None:
                return Footprint(polygons, "schematic", None)
        hosts = self.of_counties(place.adcodes)
        return Footprint(hosts.geometry, "host-county", hosts.members)

    def point(self, place: Place) -> shapely.Point:
        """Return a point (lon, lat) that stands for a place, never for a site within it.

        A zone's published point, otherwise the county's label point, otherwise the middle of the
        widest part of what the place covers.
        """
        if place.code in self._points:
            return shapely.Point(self._points[place.code])
        if len(place.adcodes) == 1:
            county = self.boundaries.counties.loc[place.adcodes[0]]
            return shapely.Point(county["lon"], county["lat"])
        return middle(self.boundaries.union(place.adcodes))

    def of_counties(
        self, adcodes: tuple[str, ...], status: GeometryStatus = "administrative"
    ) -> Footprint:
        """Return the union of counties."""
        members = tuple(sorted(set(adcodes)))
        return Footprint(self.boundaries.union(members), status, members)


def disc(lon: float, lat: float, area_km2: float) -> shapely.Polygon:
    """Return a geodesic disc of `area_km2` about a point (lon, lat in degrees).

    >>> import geopandas as gpd
    >>> from geo.measures import area_km2
    >>> round(float(area_km2(gpd.GeoSeries([disc(114.6, 38.0, 78.0)]))[0]), 1)
    78.0
    """
    # A regular polygon is a little smaller than its circle; this radius makes its area right.
    n = _DISC_VERTICES
    radius_m = 1000 * math.sqrt(2 * area_km2 / (n * math.sin(2 * math.pi / n)))
    azimuths = np.linspace(0, 360, n, endpoint=False)[::-1]
    lons, lats, _ = _GEOD.fwd(np.full(n, lon), np.full(n, lat), azimuths, np.full(n, radius_m))
    return shapely.Polygon(np.column_stack([lons, lats]))


def middle(geometry: shapely.Geometry) -> shapely.Point:
    """Return the centre of the widest part of a polygon: a point well inside it.

    >>> middle(shapely.box(0, 0, 2, 1)).y
    0.5
    """
    circle = shapely.maximum_inscribed_circle(geometry, tolerance=0.01)
    return shapely.Point(shapely.get_coordinates(circle)[0])


def weakest(statuses: list[GeometryStatus]) -> GeometryStatus:
    """Return the weakest of some statuses.

    >>> weakest(["administrative", "host-county", "schematic"])
    'host-county'
    """
    return max(statuses, key=STATUS_ORDER.index)


def _polygons(geometry: shapely.Geometry) -> shapely.Geometry | None:
    """Keep the polygons of an intersection; touching borders leave points and lines."""
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon" and not p.is_empty]
    return shapely.union_all(parts) if parts else None
