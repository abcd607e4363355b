"""Layer of the change between target years: one point per cluster with targets.

Differences are those of the documents' figures, whose wording (预计超, 突破) makes them lower
bounds: the layer keeps the wording beside them, and nothing is interpolated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd

from geo.places import Places
from layers.attributes import cities
from layers.columns import columns_of, spans
from layers.frame import frame
from layers.kinds.clusters import THOUSAND_YI, cluster_places, figures, shared

_NOTE = "增长为文件目标值之差；文件用语为“预计超”“预计突破”，差值供比较，不是文件数值"


def growth(places: Places) -> gpd.GeoDataFrame:
    """One row per cluster with a revenue target: its targets and what changes between them.

    A change is null where either year has no target. The point stands for the cluster's first core
    place.
    """
    years = places.records.atlas.years
    rows = []
    for document, cluster in places.records.clusters():
        own = figures(cluster)
        targets = {y: own[f"revenue_yi_{y}"] for y in years if f"revenue_yi_{y}" in own}
        if not targets:
            continue
        members = cluster_places(places, cluster)
        seat = members[0].place
        wording = {f"revenue_comparator_{y}": own[f"revenue_comparator_{y}"] for y in targets}
        rows.append(
            {
                **shared(places, document, cluster, "growth"),
                "id": f"growth:{cluster.id}",
                "name": cluster.name,
                "role": "目标增长",
                **cities(places.records, (p.place.city_adcode for p in members)),
                "adcodes": seat.adcodes,
                "geometry_status": "point",
                "note": _NOTE,
                "geometry": places.footprints.point(seat),
                **{f"revenue_yi_{y}": value for y, value in targets.items()},
                **wording,
                **_changes(targets, years),
                "year_reaching_1000_yi": min(
                    (y for y in targets if targets[y] >= THOUSAND_YI), default=None
                ),
            }
        )
    return frame(rows, columns_of("growth", years))


def _changes(targets: Mapping[int, int], years: Sequence[int]) -> dict[str, float]:
    changes: dict[str, float] = {}
    for start, end in spans(years):
        if start in targets and end in targets:
            change = targets[end] - targets[start]
            changes[f"change_yi_{start}_{end}"] = change
            changes[f"change_percent_{start}_{end}"] = round(100 * change / targets[start], 1)
    return changes
