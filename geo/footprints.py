"""Footprints: the polygon and the point that represent a place.

Counties and cities have boundaries. Most development zones have only a name, host counties and
sometimes a published point. The footprint of a zone is the planner's own boundary, otherwise its
host counties. The map and every export show the status of a polygon, and where a point comes from.
The module does not look up names: see :mod:`geo.gazetteer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import shapely

from data.models import PlacePoint
from data.reader import Records
from geo.boundaries import Boundaries
from geo.gazetteer import Place

GeometryStatus = Literal["administrative", "host-county", "supplied", "inferred", "point"]

# From the most to the least reliable. A union has the status of its least reliable part.
STATUS_ORDER: tuple[GeometryStatus, ...] = (
    "supplied",
    "administrative",
    "host-county",
    "inferred",
    "point",
)


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
        The records of the folder, with the published points of its places.
    boundaries
        The boundaries of the same folder.
    """

    def __init__(self, records: Records, boundaries: Boundaries) -> None:
        self.boundaries = boundaries
        self._points = {point.place: point for point in records.points}

    def of(self, place: Place) -> Footprint:
        """Return the footprint of a place.

        Parameters
        ----------
        place
            A place that the gazetteer has resolved.

        Returns
        -------
        Footprint
            For a county or city its boundary, for a zone the supplied one or the host counties.
        """
        if place.zone is None:
            return self.of_counties(place.adcodes)
        if place.code in self.boundaries.supplied.index:
            return Footprint(self.boundaries.supplied.loc[place.code], "supplied", None)
        return self.of_counties(place.adcodes, "host-county")

    def published_point(self, place: Place) -> PlacePoint | None:
        """Return the published point of a place: of a city or county, the seat of its government.

        Parameters
        ----------
        place
            A place that the gazetteer has resolved.
        """
        return self._points.get(place.code)

    def point(self, place: Place) -> shapely.Point:
        """Return a point that represents a place as a whole, not a site within it.

        Parameters
        ----------
        place
            A place that the gazetteer has resolved.

        Returns
        -------
        shapely.Point
            Longitude and latitude: the published point of the place, otherwise its centre.
        """
        if published := self.published_point(place):
            return shapely.Point(published.lon, published.lat)
        return self.centre(place)

    def centre(self, place: Place) -> shapely.Point:
        """Return a point in the middle of a place.

        Parameters
        ----------
        place
            A place that the gazetteer has resolved.

        Returns
        -------
        shapely.Point
            Longitude and latitude: the label point of a single county, otherwise the visual centre.
        """
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
    >>> weakest_status(["administrative", "host-county", "supplied"])
    'host-county'
    """
    return max(statuses, key=STATUS_ORDER.index)
