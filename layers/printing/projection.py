"""The map's projection and frame: from degrees to millimetres on paper.

A sheet is drawn in an Albers equal-area conic projection made for the area it shows: areas compare
truly, and lengths are right within a few parts in a thousand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from pyproj import Geod, Proj

from geo.crs import ELLIPSOID
from geo.projection import mend
from layers.printing.canvas import Box, Point

_GEOD = Geod(ellps=ELLIPSOID)
_ROUND = (1, 1.2, 1.5, 1.8, 2, 2.2, 2.5, 2.8, 3, 3.2, 3.5, 3.8, 4, 4.5, 5, 5.5, 6, 7, 8, 9)
# County boundaries are generalised: nothing is shown larger than 1 : this.
LARGEST_SCALE = 600_000
_LINE_STEP_DEG = 0.05


@dataclass(frozen=True)
class Albers:
    """An Albers equal-area conic projection on CGCS2000's ellipsoid.

    Attributes
    ----------
    meridian
        The central meridian, degrees.
    parallels
        The southern and the northern standard parallel, degrees.
    """

    meridian: float
    parallels: tuple[float, float]

    @cached_property
    def _proj(self) -> Proj:
        south, north = self.parallels
        return Proj(
            proj="aea", lat_1=south, lat_2=north, lat_0=(south + north) / 2,
            lon_0=self.meridian, ellps=ELLIPSOID,
        )  # fmt: skip

    def metres(self, lonlat: np.ndarray) -> np.ndarray:
        """Return projected points (x to the east, y to the north) in metres.

        Parameters
        ----------
        lonlat
            An array of (lon, lat) in degrees.
        """
        return np.column_stack(self._proj(lonlat[:, 0], lonlat[:, 1]))

    def degrees(self, xy: np.ndarray) -> np.ndarray:
        """Return the (lon, lat) of projected points, in degrees.

        Parameters
        ----------
        xy
            An array of (x, y) in metres.
        """
        return np.column_stack(self._proj(xy[:, 0], xy[:, 1], inverse=True))

    @property
    def title(self) -> str:
        """The projection in words."""
        south, north = self.parallels
        return (
            f"阿尔伯斯等积圆锥投影（中央经线 {self.meridian:g}°E，"
            f"标准纬线 {south:g}°N、{north:g}°N）"
        )


def albers(area: shapely.Geometry) -> Albers:
    """Return the projection for an area, its parallels a sixth from either end.

    Parameters
    ----------
    area
        The area (lon/lat).

    Examples
    --------
    >>> albers(shapely.box(113.4, 36.0, 119.9, 42.6)).parallels
    (37.1, 41.5)
    """
    west, south, east, north = area.bounds
    sixth = (north - south) / 6
    return Albers(round((west + east) / 2, 1), (round(south + sixth, 1), round(north - sixth, 1)))


@dataclass(frozen=True, eq=False)
class Graticule:
    """Meridians and parallels, each as its degree and its points in mm."""

    meridians: list[tuple[float, np.ndarray]]
    parallels: list[tuple[float, np.ndarray]]


@dataclass(frozen=True)
class MapFrame:
    """A box on the page, and the projected ground it shows.

    Attributes
    ----------
    box
        The frame on the page, mm.
    projection
        The projection.
    centre
        The projected point (m) in the frame's middle.
    scale
        The denominator of the map's scale.
    """

    box: Box
    projection: Albers
    centre: Point
    scale: float

    @property
    def _mm_per_m(self) -> float:
        return 1000 / self.scale

    @property
    def ratio(self) -> str:
        """The scale as a sheet writes it: 1:5 000 000."""
        return f"1:{self.scale:,.0f}".replace(",", " ")

    @property
    def middle(self) -> Point:
        """The frame's middle on the page, mm."""
        left, bottom, right, top = self.box
        return (left + right) / 2, (bottom + top) / 2

    def to_page(self, lonlat: np.ndarray) -> np.ndarray:
        """Return where points lie on the page, mm.

        Parameters
        ----------
        lonlat
            An array of (lon, lat) in degrees.
        """
        moved = (self.projection.metres(lonlat) - self.centre) * self._mm_per_m
        return np.asarray(moved + self.middle)

    def to_lonlat(self, xy: np.ndarray) -> np.ndarray:
        """Return the (lon, lat) of points on the page, in degrees.

        Parameters
        ----------
        xy
            An array of (x, y) in mm.
        """
        moved = (np.asarray(xy) - self.middle) / self._mm_per_m
        return self.projection.degrees(moved + self.centre)

    def shape(self, geometry: shapely.Geometry, *, tolerance: float = 0.02) -> shapely.Geometry:
        """Return a geometry in mm, cut a little outside the frame.

        Parameters
        ----------
        geometry
            Coordinates are lon/lat.
        tolerance
            How far simplified lines may lie off the exact ones, mm.
        """
        drawn = mend(shapely.transform(geometry, self.to_page))
        left, bottom, right, top = self.box
        window = shapely.box(left - 3, bottom - 3, right + 3, top + 3)
        if not shapely.contains_properly(window, drawn):
            drawn = shapely.intersection(drawn, window)
        return mend(shapely.simplify(drawn, tolerance))

    @cached_property
    def mm_per_km(self) -> float:
        """Length in mm of a kilometre on the ellipsoid, west to east in the frame's middle."""
        lon, lat = self.to_lonlat(np.array([self.middle]))[0]
        half = self.scale * 0.02  # two centimetres on paper
        ends = [_GEOD.fwd(lon, lat, azimuth, half)[:2] for azimuth in (270, 90)]
        west, east = self.to_page(np.array(ends))
        return float(np.hypot(*(east - west)) / (2 * half / 1000))

    def graticule(self) -> Graticule:
        """Return the meridians and parallels of the map, not more than eight parallels or so."""
        left, bottom, right, top = self.box
        xs, ys = np.linspace(left, right, 60), np.linspace(bottom, top, 60)
        edge = np.concatenate(
            [np.column_stack([xs, np.full(60, y)]) for y in (bottom, top)]
            + [np.column_stack([np.full(60, x), ys]) for x in (left, right)]
        )
        west, south = self.to_lonlat(edge).min(axis=0)
        east, north = self.to_lonlat(edge).max(axis=0)
        step = next(s for s in (0.1, 0.25, 0.5, 1, 2, 5, 10) if (north - south) / s <= 8)
        lats = np.arange(south - step, north + step, _LINE_STEP_DEG)
        lons = np.arange(west - step, east + step, _LINE_STEP_DEG)
        meridians = [
            (n * step, self.to_page(np.column_stack([np.full(len(lats), n * step), lats])))
            for n in range(math.ceil(west / step), math.floor(east / step) + 1)
        ]
        parallels = [
            (n * step, self.to_page(np.column_stack([lons, np.full(len(lons), n * step)])))
            for n in range(math.ceil(south / step), math.floor(north / step) + 1)
        ]
        return Graticule(meridians, parallels)


def fit(box: Box, area: shapely.Geometry, projection: Albers, *, margin: float) -> MapFrame:
    """Return the frame in which an area is largest at a round scale.

    Parameters
    ----------
    box
        The frame on the page, mm.
    area
        The area (lon/lat).
    projection
        The projection.
    margin
        The share of the box that stays free at each side.
    """
    west, south, east, north = shapely.transform(area, projection.metres).bounds
    left, bottom, right, top = box
    free = 1 - 2 * margin
    needed = max(
        (east - west) * 1000 / ((right - left) * free),
        (north - south) * 1000 / ((top - bottom) * free),
        LARGEST_SCALE,
    )
    centre = ((west + east) / 2, (south + north) / 2)
    return MapFrame(box, projection, centre, round_scale(needed))


def round_scale(denominator: float) -> float:
    """Return the next round denominator that is no smaller.

    Parameters
    ----------
    denominator
        The denominator of a scale.

    Examples
    --------
    >>> round_scale(4_610_000)
    5000000.0
    """
    power = 10 ** math.floor(math.log10(denominator))
    rounded = (float(round(n * power)) for n in (*_ROUND, 10))
    return next(n for n in rounded if n >= denominator * (1 - 1e-9))


def angle(degrees: float, hemisphere: str) -> str:
    """Return an angle as the edge of a map writes it.

    Parameters
    ----------
    degrees
        The angle.
    hemisphere
        Its letter: ``E`` or ``N``.

    Examples
    --------
    >>> angle(114.5, "E"), angle(38, "N")
    ('114°30′E', '38°N')
    """
    whole, minutes = divmod(round(degrees * 60), 60)
    return f"{whole}°{f'{minutes:02d}′' if minutes else ''}{hemisphere}"
