"""Coordinate reference systems by URI (OGC API – Features, Part 2), with their axis order.

Internally, coordinates are x (east), y (north). In requests and responses, the URI of a system
determines the axis order. CRS84 is longitude, latitude. A system of the EPSG registry has the
order of the registry, which for the Chinese systems is north before east.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
import shapely

from app.ogc.problems import bad_request, quoted
from geo import crs
from layers.atlas import Atlas

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@dataclass(frozen=True)
class Reference:
    """A coordinate reference system as clients name it.

    Parameters
    ----------
    uri
        The URI of the system.
    crs
        The system.
    north_first
        Whether the axis order of the URI is north, east.
    """

    uri: str
    crs: crs.Crs
    north_first: bool

    @property
    def title(self) -> str:
        """The Chinese title with the axis order."""
        return f"{self.crs.title}，{'北、东' if self.north_first else '东、北'}"

    def in_axis_order(self, shapes: np.ndarray) -> np.ndarray:
        """Convert shapes from x, y to the axis order of the URI, or back.

        Parameters
        ----------
        shapes
            Shapely geometries (array or single) in this system. ``None`` is allowed.
        """
        return swap_axes(shapes) if self.north_first else shapes


LON_LAT = Reference(CRS84, crs.WGS84_GEOGRAPHIC, north_first=False)


def swap_axes(shapes: np.ndarray) -> np.ndarray:
    """Exchange the two axes of shapes.

    Parameters
    ----------
    shapes
        Shapely geometries (array or single). ``None`` stays ``None``.
    """
    swapped: np.ndarray = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    return swapped


def reference(system: crs.Crs) -> Reference:
    """Return a system of the EPSG registry with its URI and axis order.

    Parameters
    ----------
    system
        The system.

    Examples
    --------
    >>> reference(crs.parse_crs("4547")).north_first
    True
    """
    first = pyproj.CRS(system.name).axis_info[0].direction
    return Reference(f"{_EPSG}{system.code}", system, north_first=first == "north")


STORAGE = f"{_EPSG}{crs.CGCS2000_GEOGRAPHIC.code}"


@lru_cache(maxsize=2)
def offered_references(atlas: Atlas) -> Mapping[str, Reference]:
    """Return the systems that the API offers.

    Parameters
    ----------
    atlas
        The atlas.

    Returns
    -------
    Mapping
        URI → system: CRS84, WGS 84 and CGCS2000 in degrees, then the 3-degree Gauss–Krüger zones
        (metres) that cover the atlas, without and with the zone number in the easting.
    """
    bounds = np.array([f.total_bounds for f in atlas.frames.values() if f.geometry.notna().any()])
    west, east = bounds[:, 0].min(), bounds[:, 2].max()
    zones = range(crs.zone_at(west), crs.zone_at(east) + 1)
    systems = (
        crs.WGS84_GEOGRAPHIC,
        crs.CGCS2000_GEOGRAPHIC,
        *(crs.gauss_kruger(zone) for zone in zones),
        *(crs.gauss_kruger(zone, numbered=True) for zone in zones),
    )
    return {r.uri: r for r in (LON_LAT, *map(reference, systems))}


def find_reference(atlas: Atlas, parameter: str, uri: str | None) -> Reference:
    """Return the system that a request parameter names.

    Parameters
    ----------
    atlas
        The atlas.
    parameter
        The parameter's name, for the error message.
    uri
        The parameter's value. ``None`` means CRS84.

    Raises
    ------
    ProblemError
        400: the API does not offer the system.
    """
    if uri is None:
        return LON_LAT
    systems = offered_references(atlas)
    if uri not in systems:
        raise bad_request(
            f"参数 {parameter} 的坐标系{quoted(uri)}不提供；可用的见图层说明里的 crs 列表。"
        )
    return systems[uri]
