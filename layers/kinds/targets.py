"""Layer of all quantitative targets, one row each; most speak of no place and have no geometry."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from data.models import Cluster, Statement, Target
from geo.places import Places
from layers.attributes import cities, industries, source
from layers.columns import columns_of
from layers.frame import frame

_INDICATORS = {"revenue": "营业收入", "servers": "运营服务器"}


def targets(places: Places) -> gpd.GeoDataFrame:
    """One row per target: the clusters' and every other.

    Only a target of a neighbouring province has a polygon (the province's); the others' geometry is
    null: a figure for the whole province or a cluster would repeat that outline in every row.
    """
    rows = []
    for document, cluster in places.records.clusters():
        rows += [_of_cluster(places, document, cluster, target) for target in cluster.targets]
    rows += [
        _statement(places, document, statement)
        for document, statement in places.records.statements()
        if statement.kind == "target"
    ]
    return frame(rows, columns_of("targets", places.records.atlas.years))


def _of_cluster(places: Places, document: str, cluster: Cluster, target: Target) -> dict[str, Any]:
    city = places.gazetteer.resolve(cluster.city)
    return {
        "id": f"targets:{cluster.id}-{target.indicator}-{target.year}",
        "layer": "targets",
        "name": f"{cluster.name} {_INDICATORS[target.indicator]}",
        "role": "目标",
        "tier": cluster.tier,
        "cluster_id": cluster.id,
        **industries(places.records, document, (*cluster.industry, *cluster.chains)),
        **cities(places.records, [city.city_adcode]),
        **source(places.records, document, cluster.locator),
        "scope": cluster.name,
        "indicator": _INDICATORS[target.indicator],
        "comparator": target.comparator,
        "value": target.value,
        "unit": target.unit,
        "year": target.year,
        "geometry": None,
    }


def _statement(places: Places, document: str, statement: Statement) -> dict[str, Any]:
    neighbours = places.boundaries.neighbours
    outline = neighbours[neighbours["name"] == statement.place].geometry
    baseline = None
    if statement.baseline_value is not None:
        year = f"（{statement.baseline_year}年）" if statement.baseline_year else ""
        baseline = f"{statement.baseline_value:g}{statement.baseline_unit or ''}{year}"
    return {
        "id": f"targets:{statement.id}",
        "layer": "targets",
        "name": f"{statement.scope} {statement.indicator}",
        "role": "目标",
        "city": statement.place,
        "geometry_status": "administrative" if len(outline) else None,
        "note": statement.note,
        **source(places.records, document, statement.locator),
        "scope": statement.scope,
        "indicator": statement.indicator,
        "comparator": statement.comparator,
        "value": statement.value,
        "value_high": statement.value_high,
        "value_text": statement.value_text,
        "unit": statement.unit,
        "threshold": statement.threshold,
        "year": statement.year,
        "period": statement.period,
        "baseline": baseline,
        "geometry": outline.iloc[0] if len(outline) else None,
    }
