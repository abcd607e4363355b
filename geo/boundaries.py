"""Read and check the boundaries of counties, neighbouring provinces and supplied zones.

The files are GeoJSON with longitude and latitude in CGCS2000. The module reads them with
:mod:`json` and shapely, not with GDAL, because GDAL chooses its driver by the content of a file. It
does not change polygons; ``scripts/extract_boundaries.py`` generates the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import shapely
from shapely.geometry import shape

from data.faults import DataFaultsError, Fault, Phrase
from data.reader import Records
from geo.crs import CGCS2000

COUNTIES = "boundaries/counties.geojson"
NEIGHBOURS = "boundaries/neighbours.geojson"
SUPPLIED = "boundaries/supplied.geojson"


@dataclass(frozen=True)
class Boundaries:
    """Polygons in CGCS2000 (EPSG:4490), coordinates in the order longitude, latitude.

    Attributes
    ----------
    counties
        One row per county, indexed by adcode, with the columns ``name``, ``prefecture_adcode``,
        ``prefecture``, ``lon``, ``lat``, ``geometry``, ``city_adcode`` and ``city``. ``lon`` and
        ``lat`` are a label point in degrees.
    neighbours
        One row per neighbouring province, indexed by adcode, with the columns ``name``,
        ``enclosed`` and ``geometry``. The polygons are cut to a window; they are for drawing only.
    supplied
        The planner's own zone boundaries, indexed by zone code; empty if there are none.
    """

    counties: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame
    supplied: gpd.GeoSeries

    def union(self, adcodes: Iterable[str]) -> shapely.Geometry:
        """Return the union of some counties, without their shared borders.

        Parameters
        ----------
        adcodes
            County codes.

        Returns
        -------
        shapely.Geometry
            A polygon or multipolygon in CGCS2000 longitude and latitude.

        Raises
        ------
        KeyError
            A code is not that of a county.
        """
        key = tuple(adcodes)
        if key not in self._unions:
            self._unions[key] = shapely.union_all([self._polygons[code] for code in key])
        return self._unions[key]

    @cached_property
    def _polygons(self) -> Mapping[str, shapely.Geometry]:
        return dict(zip(self.counties.index, self.counties.geometry, strict=True))

    @cached_property
    def _unions(self) -> dict[tuple[str, ...], shapely.Geometry]:
        """The unions so far: many records name the same city or the whole province."""
        return {}


def load(records: Records) -> Boundaries:
    """Read and check the boundaries of a data folder.

    Parameters
    ----------
    records
        The records of the folder. They supply the city of each county and the known zones.

    Returns
    -------
    Boundaries
        All polygons of the folder.

    Raises
    ------
    DataFaultsError
        Polygons are missing, invalid or overlapping. The error lists all faults, each with file,
        record and remedy.
    """
    faults: list[Fault] = []
    counties = _counties(records, faults)
    neighbours = _read(records.folder, NEIGHBOURS, ("adcode", "name", "enclosed"), faults)
    supplied = _read(records.folder, SUPPLIED, ("zone_code",), faults, optional=True)
    known = {z.code for z in records.zones}
    for code in supplied.get("zone_code", []):
        if code not in known:
            message, remedy = Phrase("unknown zone code"), Phrase("see places/zones.yaml")
            faults.append(Fault(SUPPLIED, str(code), message, remedy))
    for code in supplied.loc[supplied["zone_code"].duplicated(), "zone_code"]:
        faults.append(_duplicate(SUPPLIED, str(code)))
    if faults:
        raise DataFaultsError(faults)
    return Boundaries(
        counties=counties,
        neighbours=neighbours.set_index("adcode"),
        supplied=supplied.set_index("zone_code").geometry,
    )


def _counties(records: Records, faults: list[Fault]) -> gpd.GeoDataFrame:
    """Read the counties and check that they are a valid coverage."""
    frame = _read(
        records.folder,
        COUNTIES,
        ("adcode", "name", "prefecture_adcode", "prefecture", "lon", "lat"),
        faults,
        optional=not records.counties,  # the reader has reported the missing file
    )
    cities = {c.adcode: (c.city_adcode, c.city) for c in records.counties}
    frame["city_adcode"] = [cities.get(a, ("", ""))[0] for a in frame["adcode"]]
    frame["city"] = [cities.get(a, ("", ""))[1] for a in frame["adcode"]]
    for adcode in frame.loc[frame["adcode"].duplicated(), "adcode"]:
        faults.append(_duplicate(COUNTIES, adcode))
    polygons = frame.geometry.to_numpy()
    usable = shapely.is_valid(polygons) & ~shapely.is_empty(polygons)
    if usable.all() and len(frame):
        edges = shapely.coverage_invalid_edges(polygons)
        for adcode, edge in zip(frame["adcode"], edges, strict=True):
            if not shapely.is_empty(edge):
                message = Phrase("overlaps a neighbour or leaves a gap beside it")
                remedy = Phrase("make shared borders identical")
                faults.append(Fault(COUNTIES, adcode, message, remedy))
    return frame.set_index("adcode")


def _duplicate(file: str, code: str) -> Fault:
    return Fault(file, code, Phrase("given twice"), Phrase("keep one polygon"))


def _read(
    folder: Path,
    file: str,
    columns: tuple[str, ...],
    faults: list[Fault],
    *,
    optional: bool = False,
) -> gpd.GeoDataFrame:
    """Read the polygons of a file with the properties `columns`, of which the first is the id.

    Every error becomes a fault, and its feature is skipped. An `optional` file may be missing.
    """
    rows: list[dict[str, Any]] = []
    features = _read_features(folder, file, faults, optional=optional)
    for number, (properties, geometry_value) in enumerate(features, start=1):
        nth = Phrase("feature {n}", n=number)
        if not isinstance(properties, dict):
            message = Phrase("its properties are no object")
            faults.append(Fault(file, nth, message, Phrase("mend")))
            continue
        label = nth if properties.get(columns[0]) is None else str(properties[columns[0]])
        missing = tuple(c for c in columns if properties.get(c) is None)
        if missing:
            message = Phrase("no property {names}", names=missing)
            faults.append(Fault(file, label, message, Phrase("add it")))
            continue
        geometry = _polygon(geometry_value, file, label, faults)
        if geometry is not None:
            rows.append({c: properties[c] for c in columns} | {"geometry": geometry})
    return gpd.GeoDataFrame(rows, columns=[*columns, "geometry"], crs=CGCS2000)


class _Feature(NamedTuple):
    """A GeoJSON feature as the file has it, not checked."""

    properties: Any
    geometry: Any


def _read_features(
    folder: Path, file: str, faults: list[Fault], *, optional: bool
) -> list[_Feature]:
    try:
        content = json.loads((folder / file).read_text(encoding="utf-8-sig"))
        return [_Feature(f["properties"] or {}, f["geometry"]) for f in content["features"]]
    except FileNotFoundError:
        if not optional:
            message, remedy = Phrase("the file is missing"), Phrase("see CONTRIBUTING: boundaries")
            faults.append(Fault(file, "", message, remedy))
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = Phrase("not a FeatureCollection ({error})", error=error)
        faults.append(Fault(file, "", message, Phrase("write it anew")))
    return []


def _polygon(value: Any, file: str, label: str, faults: list[Fault]) -> shapely.Geometry | None:
    """Return the polygon of a GeoJSON geometry, or report why there is none.

    An invalid polygon is reported and returned, so that its row still counts as present.
    """
    try:
        geometry = shape(value)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
        message, remedy = Phrase("no readable polygon"), Phrase("add its geometry")
        faults.append(Fault(file, label, message, remedy))
        return None
    if geometry.geom_type not in {"Polygon", "MultiPolygon"} or geometry.is_empty:
        message = (
            Phrase("an empty polygon where a polygon belongs")
            if geometry.is_empty
            else Phrase("a {kind} where a polygon belongs", kind=geometry.geom_type)
        )
        faults.append(Fault(file, label, message, Phrase("replace it")))
        return None
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        remedy = Phrase("give lon/lat degrees in CGCS2000 ({crs})", crs=CGCS2000)
        faults.append(Fault(file, label, Phrase("coordinates are not degrees"), remedy))
        return None
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)  # such as Self-intersection[115.1 38.2]
        what, _, at = reason.rstrip("]").partition("[")
        message = Phrase("invalid polygon: {reason}", reason=Phrase.quoted(reason, what, at=at))
        faults.append(Fault(file, label, message, Phrase("mend it (make_valid)")))
    return geometry
