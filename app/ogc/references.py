"""Coordinate reference systems by reference (OGC API – Features, Part 2): addresses and axes.

Inside, coordinates are x (east), y (north). Outside, the address of a system fixes the order of its
axes: CRS84 is longitude, latitude; a system of the EPSG register has the order of the register,
which for the Chinese systems is north before east.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from app.ogc.problems import bad, quoted
from geo import crs
from layers.catalogue import Atlas

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@dataclass(frozen=True)
class Reference:
    """A coordinate reference system as clients name it, and whether north stands first."""

    uri: str
    crs: crs.Crs
    north_first: bool

    @property
    def title(self) -> str:
        """What to call it, with the order of its axes."""
        return f"{self.crs.title}，{'北、东' if self.north_first else '东、北'}"

    def outwards(self, shapes: np.ndarray) -> np.ndarray:
        """Return shapes in x, y as clients of this system expect them; also the way back."""
        return swapped(shapes) if self.north_first else shapes


LON_LAT = Reference(CRS84, crs.WGS84_GEOGRAPHIC, north_first=False)


def swapped(shapes: np.ndarray) -> np.ndarray:
    """Return shapes with their two axes exchanged; what is missing stays missing."""
    exchanged: np.ndarray = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    return exchanged


def reference(system: crs.Crs) -> Reference:
    """Return a system of the EPSG register with its address and axes.

    >>> reference(crs.named("4547")).north_first
    True
    """
    first = pyproj.CRS(system.name).axis_info[0].direction
    return Reference(f"{_EPSG}{system.code}", system, north_first=first == "north")


STORAGE = f"{_EPSG}{crs.CGCS2000_GEOGRAPHIC.code}"


@lru_cache(maxsize=2)
def offered(atlas: Atlas) -> Mapping[str, Reference]:
    """Return address → system: longitude and latitude, and the zones that the atlas lies in."""
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


def find(atlas: Atlas, parameter: str, uri: str | None) -> Reference:
    """Return the system that a request's parameter names, CRS84 where it names none.

    Raises
    ------
    ProblemError
        400: the system is not offered.
    """
    if uri is None:
        return LON_LAT
    if uri not in offered(atlas):
        raise bad(f"参数 {parameter} 的坐标系{quoted(uri)}不提供；可用的见图层说明里的 crs 列表。")
    return offered(atlas)[uri]


def in_system(features: gpd.GeoDataFrame, system: Reference) -> gpd.GeoDataFrame:
    """Return features in `system`, coordinates still in x, y."""
    return features.to_crs(system.crs.name)
