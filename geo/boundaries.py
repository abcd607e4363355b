"""Administrative boundaries: counties and neighbours, read from GeoJSON and checked.

The files are read with :mod:`json` and shapely, not GDAL: GDAL picks its driver by content, and a
planner's data folder is no place for surprises. Coordinates are lon/lat in CGCS2000.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import shape

from data.faults import DataFaultsError, Fault
from data.library import Library
from geo.crs import CGCS2000

COUNTIES = "boundaries/counties.geojson"
NEIGHBOURS = "boundaries/neighbours.geojson"
SUPPLIED = "boundaries/supplied.geojson"


@dataclass(frozen=True)
class Boundaries:
    """Polygons in CGCS2000 lon/lat.

    Attributes
    ----------
    counties
        Indexed by adcode: ``name, prefecture_adcode, prefecture, city_adcode, city, lon, lat``
        (lon/lat: a label point in degrees).
    neighbours
        Indexed by adcode: ``name, enclosed``; for drawing only, cut to a window.
    supplied
        The planner's own zone boundaries, indexed by zone code; empty where none were given.
    """

    counties: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame
    supplied: gpd.GeoSeries

    def union(self, adcodes: Iterable[str]) -> shapely.Geometry:
        """Return the union of counties; shared borders vanish because they share vertices."""
        return shapely.union_all(self.counties.geometry.loc[list(adcodes)].to_numpy())


def load(library: Library) -> Boundaries:
    """Read the boundaries that belong to `library`.

    Raises
    ------
    DataFaultsError
        Missing, invalid or overlapping polygons: all of them, each with file, record and remedy.
    """
    faults: list[Fault] = []
    counties = _counties(library, faults)
    neighbours = _read(library.folder, NEIGHBOURS, ("adcode", "name", "enclosed"), faults)
    supplied = _read(library.folder, SUPPLIED, ("zone_code",), faults, optional=True)
    known = {z.code for z in library.zones}
    for code in supplied.get("zone_code", []):
        if code not in known:
            faults.append(Fault(SUPPLIED, str(code), "unknown zone code", "see places/zones.yaml"))
    for code in supplied.loc[supplied["zone_code"].duplicated(), "zone_code"]:
        faults.append(Fault(SUPPLIED, str(code), "given twice", "keep one polygon"))
    if faults:
        raise DataFaultsError(faults)
    return Boundaries(
        counties=counties,
        neighbours=neighbours.set_index("adcode"),
        supplied=supplied.set_index("zone_code").geometry,
    )


def _counties(library: Library, faults: list[Fault]) -> gpd.GeoDataFrame:
    frame = _read(
        library.folder,
        COUNTIES,
        ("adcode", "name", "prefecture_adcode", "prefecture", "lon", "lat"),
        faults,
        optional=not library.counties,  # then the library has told
    )
    cities = {c.adcode: (c.city_adcode, c.city) for c in library.counties}
    frame["city_adcode"] = [cities.get(a, ("", ""))[0] for a in frame["adcode"]]
    frame["city"] = [cities.get(a, ("", ""))[1] for a in frame["adcode"]]
    for adcode in frame.loc[frame["adcode"].duplicated(), "adcode"]:
        faults.append(Fault(COUNTIES, adcode, "given twice", "keep one polygon"))
    polygons = frame.geometry.to_numpy()
    usable = shapely.is_valid(polygons) & ~shapely.is_empty(polygons)
    if usable.all() and len(frame):
        edges = shapely.coverage_invalid_edges(polygons)
        for adcode, edge in zip(frame["adcode"], edges, strict=True):
            if not shapely.is_empty(edge):
                message = "overlaps a neighbour or leaves a gap beside it"
                faults.append(Fault(COUNTIES, adcode, message, "make shared borders identical"))
    return frame.set_index("adcode")


def _read(
    folder: Path,
    file: str,
    columns: tuple[str, ...],
    faults: list[Fault],
    *,
    optional: bool = False,
) -> gpd.GeoDataFrame:
    """Read polygons and named properties; everything odd becomes a fault, not an exception."""
    rows: list[dict[str, Any]] = []
    try:
        content = json.loads((folder / file).read_text(encoding="utf-8-sig"))
        features = [(f["properties"] or {}, f["geometry"]) for f in content["features"]]
    except FileNotFoundError:
        features = []
        if not optional:
            faults.append(Fault(file, "", "the file is missing", "see CONTRIBUTING: boundaries"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        features = []
        faults.append(Fault(file, "", f"not a FeatureCollection ({error})", "write it anew"))
    for number, (properties, geometry_value) in enumerate(features, start=1):
        if not isinstance(properties, dict):
            faults.append(Fault(file, f"feature {number}", "its properties are no object", "mend"))
            continue
        label = str(properties.get(columns[0], f"feature {number}"))
        missing = [c for c in columns if properties.get(c) is None]
        if missing:
            faults.append(Fault(file, label, f"no property {', '.join(missing)}", "add it"))
            continue
        geometry = _polygon(geometry_value, file, label, faults)
        if geometry is not None:
            rows.append({c: properties[c] for c in columns} | {"geometry": geometry})
    return gpd.GeoDataFrame(rows, columns=[*columns, "geometry"], crs=CGCS2000)


def _polygon(value: Any, file: str, label: str, faults: list[Fault]) -> shapely.Geometry | None:
    try:
        geometry = shape(value)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
        faults.append(Fault(file, label, "no readable polygon", "add its geometry"))
        return None
    if geometry.geom_type not in {"Polygon", "MultiPolygon"} or geometry.is_empty:
        kind = "an empty polygon" if geometry.is_empty else f"a {geometry.geom_type}"
        faults.append(Fault(file, label, f"{kind} where a polygon belongs", "replace it"))
        return None
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        remedy = f"give lon/lat degrees in CGCS2000 ({CGCS2000})"
        faults.append(Fault(file, label, "coordinates are not degrees", remedy))
        return None
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        faults.append(Fault(file, label, f"invalid polygon: {reason}", "mend it (make_valid)"))
    return geometry
