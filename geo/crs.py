"""The coordinate reference systems the project uses; no other module names an EPSG code.

Geometry is stored and drawn as longitude, latitude (in this order) in CGCS2000. PROJ treats the
step from CGCS2000 to WGS84 as identity: the two differ by less than the data's accuracy. What
leaves for a GIS may be either of them or a CGCS2000 3-degree Gauss-Krüger zone (GB/T 17798), with
or without the zone's number before the easting. Coordinates are always x (east), y (north).
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
    """A coordinate reference system that is not offered; the text says which are."""


@dataclass(frozen=True)
class Crs:
    """A coordinate reference system of an export: EPSG code, name, and its zone if it has one."""

    code: int
    title: str
    zone: int | None = None
    numbered: bool = False

    @property
    def name(self) -> str:
        """The name that libraries understand, such as ``EPSG:4490``."""
        return f"EPSG:{self.code}"

    @property
    def meridian(self) -> int | None:
        """The zone's central meridian in degrees east."""
        return None if self.zone is None else self.zone * 3


def gauss_kruger(zone: int, *, numbered: bool = False) -> Crs:
    """Return the CGCS2000 3-degree Gauss-Krüger zone; `numbered` puts the zone before the easting.

    Raises
    ------
    UnknownCrsError
        The zone is none of China's (25 to 45).

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

CHOICES: dict[int, Crs] = {
    crs.code: crs
    for crs in (
        CGCS2000_GEOGRAPHIC,
        WGS84_GEOGRAPHIC,
        *(gauss_kruger(zone) for zone in ZONES),
        *(gauss_kruger(zone, numbered=True) for zone in ZONES),
    )
}


def named(text: str) -> Crs:
    """Return the system that `text` names: ``4490`` or ``EPSG:4490``.

    Raises
    ------
    UnknownCrsError
        It is none of those offered.

    >>> named("EPSG:4548").meridian
    117
    """
    found = re.fullmatch(r"(?:EPSG:)?(\d{4,5})", text.strip(), re.IGNORECASE | re.ASCII)
    if not found or int(found[1]) not in CHOICES:
        raise UnknownCrsError(
            f"CRS {text!r} is not offered; one of: 4490, 4326, "
            "4534 to 4554 (CGCS2000 3-degree Gauss-Krüger), 4513 to 4533 (with zone number)"
        )
    return CHOICES[int(found[1])]


def zone_at(lon: float) -> int:
    """Return the number of the 3-degree zone that a longitude (degrees) lies in.

    >>> [zone_at(lon) for lon in (112.6, 115.6, 118.6)]
    [38, 39, 40]
    """
    return int(np.floor(lon / 3 + 0.5))


def zones_of(features: gpd.GeoDataFrame) -> np.ndarray:
    """Return each feature's zone, that of its centroid; 0 where it has no geometry.

    Parameters
    ----------
    features
        Geometry in longitude and latitude.
    """
    lon = shapely.get_x(shapely.centroid(features.geometry.to_numpy()))
    return np.array([0 if np.isnan(x) else zone_at(x) for x in lon], dtype=int)


def scale_error(features: gpd.GeoDataFrame, crs: Crs) -> float:
    """Return the largest relative error of a length (0.001: a metre in a kilometre) in a zone.

    Parameters
    ----------
    features
        Geometry in longitude and latitude.
    crs
        One of :data:`CHOICES`; without a zone the error is 0: no lengths are projected.
    """
    points = shapely.get_coordinates(features.geometry.to_numpy())
    if crs.zone is None or not len(points):
        return 0.0
    factors = Proj(crs.name).get_factors(points[:, 0], points[:, 1])
    return float(np.abs(np.asarray(factors.meridional_scale) - 1).max())
