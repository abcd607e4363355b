"""The headline figures of a view, and what the view leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd

from layers.catalogue import Atlas
from layers.clusters import THOUSAND_YI
from layers.view import View, select


@dataclass(frozen=True)
class Summary:
    """Headline figures of the clusters that a view shows.

    `revenue_yi` sums the targets of the view's year (亿元) over the `with_target` clusters that
    have one; it is ``None`` where none has. Counties are counted once each: those a document names,
    and those that only host a named zone.
    """

    clusters: int
    key_clusters: int
    counties_direct: int
    counties_through_zones: int
    year: int
    revenue_yi: int | None
    with_target: int
    at_least_thousand: int


@lru_cache(maxsize=256)
def summarise(atlas: Atlas, view: View) -> Summary:
    """Return the headline figures of `view`; layer switches do not matter."""
    clusters = select(atlas, "clusters", view)
    direct, hosting = counties(atlas, view)
    targets = clusters["revenue_yi"].dropna()
    return Summary(
        clusters=len(clusters),
        key_clusters=int((clusters["tier"] == "key").sum()),
        counties_direct=len(direct),
        counties_through_zones=len(hosting),
        year=view.year,
        revenue_yi=int(targets.sum()) if len(targets) else None,
        with_target=len(targets),
        at_least_thousand=int((targets >= THOUSAND_YI).sum()),
    )


def counties(atlas: Atlas, view: View) -> tuple[set[str], set[str]]:
    """Return (counties the clusters name, further counties that only host their zones)."""
    shown = set(select(atlas, "clusters", view)["id"].str.removeprefix("clusters:"))
    direct: set[str] = set()
    hosting: set[str] = set()
    for layer in ("clusters-core", "clusters-radiation"):
        parts: gpd.GeoDataFrame = atlas.frames[layer]
        for row in parts[parts["cluster_id"].isin(shown)].itertuples():
            (hosting if row.place_kind == "zone" else direct).update(row.adcodes)
    return direct, hosting - direct
