"""Footprints: the polygon that represents a place, with a status for its reliability.

Counties and cities have boundaries. Most development zones have only a name, host counties and
sometimes a published point and area. The footprint of a zone is the planner's own boundary. The
first fallback is a disc of the published area around the published point, cut to the host counties.
The last fallback is the host counties. The map and every export show the status. The module does
not look up names: see :mod:`geo.gazetteer`.
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

# From the most to the least reliable. A union has the status of its least reliable part.
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
    """The polygon of a place.

    Attributes
    ----------
    geometry
        Polygon or multipolygon in CGCS2000 longitude and latitude.
    status
        What kind of boundary the polygon is.
    members
        Sorted codes of the counties whose union the polygon is; ``None`` if it is no such union.
    """

    geometry: shapely.Geometry
    status: GeometryStatus
    members: tuple[str, ...] | None


class Footprints:
    """The footprints of the places of a data folder.

    Parameters
    ----------
    records
        The records of the folder, with the published points of zones.
    boundaries
        The boundaries of the same folder.
    """

    def __init__(self, records: Records, boundaries: Boundaries) -> None:
        self.boundaries = boundaries
        self._points = {point.zone: point for point in records.zone_points}

    def of(self, place: Place) -> Footprint:
        """Return the footprint of a place.

        Parameters
        ----------
        place
            A place that the gazetteer has resolved.

        Returns
        -------
        Footprint
            For a county or city its boundary, for a zone the best polygon that is available.
        """
        if place.zone is None:
            return self.of_counties(place.adcodes)
        if place.code in self.boundaries.supplied.index:
            return Footprint(self.boundaries.supplied.loc[place.code], "supplied", None)
        if place.zone.area_km2 is not None and place.code in self._points:
            point = self._points[place.code]
            drawn = geodesic_disc(point.lon, point.lat, place.zone.area_km2)
            clipped = shapely.intersection(drawn, self.boundaries.union(place.adcodes))
            polygons = _polygons(clipped)
            # Nothing is left if the point lies just outside its simplified host county.
            if polygons is not None:
                return Footprint(polygons, "schematic", None)
        hosts = self.of_counties(place.adcodes)
        return Footprint(hosts.geometry, "host-county", hosts.members)

    def point(self, place: Place) -> shapely.Point:
        """Return a point that represents a place as a whole, not a site within it.

        Parameters
        ----------
        place
            A place that the gazetteer has resolved.

        Returns
        -------
        shapely.Point
            Longitude and latitude: the published point of a zone, otherwise the label point of a
            single county, otherwise the visual centre of the place.
        """
        if place.code in self._points:
            published = self._points[place.code]
            return shapely.Point(published.lon, published.lat)
        if len(place.adcodes) == 1:
            county = self.boundaries.counties.loc[place.adcodes[0]]
            return shapely.Point(county["lon"], county["lat"])
        return visual_centre(self.boundaries.union(place.adcodes))

    def of_counties(
        self, adcodes: tuple[str, ...], status: GeometryStatus = "administrative"
    ) -> Footprint:
        """Return the union of some counties as a footprint.

        Parameters
        ----------
        adcodes
            County codes; repeats do not matter.
        status
            The status of the footprint.

        Returns
        -------
        Footprint
            The union, with the counties as members.

        Raises
        ------
        KeyError
            A code is not that of a county.
        """
        members = tuple(sorted(set(adcodes)))
        return Footprint(self.boundaries.union(members), status, members)


def geodesic_disc(lon: float, lat: float, area_km2: float) -> shapely.Polygon:
    """Return a geodesic disc around a point.

    Parameters
    ----------
    lon, lat
        The centre in degrees.
    area_km2
        Geodesic area of the disc in km².

    Returns
    -------
    shapely.Polygon
        A regular polygon of the given area with 72 vertices, in longitude and latitude.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from geo.measures import area_km2
    >>> round(float(area_km2(gpd.GeoSeries([geodesic_disc(114.6, 38.0, 78.0)]))[0]), 1)
    78.0
    """
    # The radius is that of the polygon's vertices: a circle of this radius is slightly larger.
    n = _DISC_VERTICES
    radius_m = 1000 * math.sqrt(2 * area_km2 / (n * math.sin(2 * math.pi / n)))
    azimuths = np.linspace(0, 360, n, endpoint=False)[::-1]
    lons, lats, _ = _GEOD.fwd(np.full(n, lon), np.full(n, lat), azimuths, np.full(n, radius_m))
    return shapely.Polygon(np.column_stack([lons, lats]))


def visual_centre(geometry: shapely.Geometry) -> shapely.Point:
    """Return the centre of the widest part of a polygon.

    Parameters
    ----------
    geometry
        A polygon or multipolygon, in any coordinates.

    Returns
    -------
    shapely.Point
        The centre of the largest inscribed circle, to within 0.01 units; it lies inside.

    Examples
    --------
    >>> visual_centre(shapely.box(0, 0, 2, 1)).y
    0.5
    """
    circle = shapely.maximum_inscribed_circle(geometry, tolerance=0.01)
    return shapely.Point(shapely.get_coordinates(circle)[0])


def weakest_status(statuses: list[GeometryStatus]) -> GeometryStatus:
    """Return the least reliable of some statuses.

    Parameters
    ----------
    statuses
        One or more statuses.

    Returns
    -------
    str
        The one that comes last in :data:`STATUS_ORDER`.

    Raises
    ------
    ValueError
        There are no statuses.

    Examples
    --------
    >>> weakest_status(["administrative", "host-county", "schematic"])
    'host-county'
    """
    return max(statuses, key=STATUS_ORDER.index)


def _polygons(geometry: shapely.Geometry) -> shapely.Geometry | None:
    """Return the polygons of an intersection, without the points and lines of touching borders."""
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon" and not p.is_empty]
    return shapely.union_all(parts) if parts else None
