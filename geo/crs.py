"""The coordinate reference systems of the project; no other module names an EPSG code.

Geometry is stored and drawn in CGCS2000, in the order longitude, latitude. Exports may also use
WGS84 or a CGCS2000 3-degree Gauss-Krüger zone (GB/T 17798), with or without the zone number as
prefix of the easting. Coordinates are always in the order x (east), y (north). PROJ treats the
transformation from CGCS2000 to WGS84 as identity, because the two differ by less than the accuracy
of the data. The module does not transform geometry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Proj

CGCS2000 = "EPSG:4490"
WGS84 = "EPSG:4326"
# CGCS2000's ellipsoid; GRS80 differs from it by less than a micrometre in the semi-minor axis.
ELLIPSOID = "GRS80"

# China's 3-degree zones: number = central meridian / 3, from 75°E to 135°E.
ZONES = range(25, 46)
_FIRST_NUMBERED, _FIRST_PLAIN = 4513, 4534


class UnknownCrsError(ValueError):
    """A coordinate reference system is not supported; the message lists those that are."""


@dataclass(frozen=True)
class Crs:
    """A coordinate reference system of an export.

    Attributes
    ----------
    code
        EPSG code.
    title
        Chinese name, as the page shows it.
    zone
        Number of the 3-degree zone; ``None`` for longitude and latitude.
    numbered
        Whether eastings begin with the zone number.
    """

    code: int
    title: str
    zone: int | None = None
    numbered: bool = False

    @property
    def name(self) -> str:
        """The name for PROJ and other libraries, such as ``EPSG:4490``."""
        return f"EPSG:{self.code}"

    @property
    def meridian(self) -> int | None:
        """The central meridian of the zone in degrees east; ``None`` without a zone."""
        return None if self.zone is None else self.zone * 3


def gauss_kruger(zone: int, *, numbered: bool = False) -> Crs:
    """Return the system of a CGCS2000 3-degree Gauss-Krüger zone.

    Parameters
    ----------
    zone
        Number of the zone, 25 to 45.
    numbered
        Whether eastings begin with the zone number.

    Returns
    -------
    Crs
        A projected system, in metres, in the order east, north.

    Raises
    ------
    UnknownCrsError
        The zone is not one of China's.

    Examples
    --------
    >>> gauss_kruger(38).code, gauss_kruger(38, numbered=True).code
    (4547, 4526)
    """
    if zone not in ZONES:
        raise UnknownCrsError(f"zone {zone} is none of China's 3-degree zones (25 to 45)")
    first = _FIRST_NUMBERED if numbered else _FIRST_PLAIN
    kind = f"3度带第{zone}带（坐标含带号）" if numbered else f"3度带中央经线{zone * 3}°E"
    return Crs(first + zone - ZONES[0], f"CGCS2000 高斯-克吕格 {kind}", zone, numbered)


WGS84_GEOGRAPHIC = Crs(4326, "WGS84 经纬度")
CGCS2000_GEOGRAPHIC = Crs(4490, "CGCS2000 经纬度")

# EPSG code → system, for all systems of exports.
SUPPORTED_CRS: dict[int, Crs] = {
    crs.code: crs
    for crs in (
        CGCS2000_GEOGRAPHIC,
        WGS84_GEOGRAPHIC,
        *(gauss_kruger(zone) for zone in ZONES),
        *(gauss_kruger(zone, numbered=True) for zone in ZONES),
    )
}


def parse_crs(text: str) -> Crs:
    """Return the supported system with an EPSG code.

    Parameters
    ----------
    text
        The code, as ``4490`` or ``EPSG:4490``.

    Returns
    -------
    Crs
        One of :data:`SUPPORTED_CRS`.

    Raises
    ------
    UnknownCrsError
        The text is no EPSG code, or the system is not supported.

    Examples
    --------
    >>> parse_crs("EPSG:4548").meridian
    117
    """
    found = re.fullmatch(r"(?:EPSG:)?(\d{4,5})", text.strip(), re.IGNORECASE | re.ASCII)
    if not found or int(found[1]) not in SUPPORTED_CRS:
        raise UnknownCrsError(
            f"CRS {text!r} is not offered; one of: 4490, 4326, "
            "4534 to 4554 (CGCS2000 3-degree Gauss-Krüger), 4513 to 4533 (with zone number)"
        )
    return SUPPORTED_CRS[int(found[1])]


def zone_at(lon: float) -> int:
    """Return the 3-degree zone of a longitude.

    Parameters
    ----------
    lon
        Longitude in degrees east.

    Returns
    -------
    int
        Number of the zone, the central meridian divided by 3.

    Examples
    --------
    >>> [zone_at(lon) for lon in (112.6, 115.6, 118.6)]
    [38, 39, 40]
    """
    return int(np.floor(lon / 3 + 0.5))


def zone_numbers(features: gpd.GeoDataFrame) -> np.ndarray:
    """Return the 3-degree zone of each feature.

    Parameters
    ----------
    features
        Geometry in longitude and latitude.

    Returns
    -------
    numpy.ndarray
        Integers, shape (number of features,): the zone of the centroid, 0 without a geometry.
    """
    lon = shapely.get_x(shapely.centroid(features.geometry.to_numpy()))
    return np.array([0 if np.isnan(x) else zone_at(x) for x in lon], dtype=int)


def scale_error(features: gpd.GeoDataFrame, crs: Crs) -> float:
    """Return the largest relative error of a length after projection.

    Parameters
    ----------
    features
        Geometry in longitude and latitude. The error is evaluated at its vertices.
    crs
        One of :data:`SUPPORTED_CRS`.

    Returns
    -------
    float
        The error as a ratio: 0.001 is one metre per kilometre. 0 if `crs` has no zone or there is
        no geometry.
    """
    points = shapely.get_coordinates(features.geometry.to_numpy())
    if crs.zone is None or not len(points):
        return 0.0
    factors = Proj(crs.name).get_factors(points[:, 0], points[:, 1])
    return float(np.abs(np.asarray(factors.meridional_scale) - 1).max())
