"""The headline figures of a view, and what the view leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from layers.catalogue import Atlas
from layers.kinds.clusters import THOUSAND_YI
from layers.reading.view import View, ids, kept, of_year


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
    every = _clusters(atlas, view.year)
    clusters = [every[n] for n in kept(atlas, "clusters", view)]
    direct, hosting = counties(atlas, view)
    targets = [target for _, target in clusters if target is not None]
    return Summary(
        clusters=len(clusters),
        key_clusters=sum(tier == "key" for tier, _ in clusters),
        counties_direct=len(direct),
        counties_through_zones=len(hosting),
        year=view.year,
        revenue_yi=sum(targets) if targets else None,
        with_target=len(targets),
        at_least_thousand=sum(target >= THOUSAND_YI for target in targets),
    )


def counties(atlas: Atlas, view: View) -> tuple[set[str], set[str]]:
    """Return (counties the clusters name, further counties that only host their zones)."""
    shown = {found.removeprefix("clusters:") for found in ids(atlas, "clusters", view)}
    direct: set[str] = set()
    hosting: set[str] = set()
    for cluster, is_zone, adcodes in cluster_counties(atlas):
        if cluster in shown:
            (hosting if is_zone else direct).update(adcodes)
    return direct, hosting - direct


@lru_cache(maxsize=16)
def _clusters(atlas: Atlas, year: int) -> tuple[tuple[str, int | None], ...]:
    """Return the tier of every cluster and its target of the year."""
    clusters = of_year(atlas, "clusters", year)
    return tuple(
        (tier, None if pd.isna(target) else int(target))
        for tier, target in zip(clusters["tier"], clusters["revenue_yi"], strict=True)
    )


@lru_cache(maxsize=2)
def cluster_counties(atlas: Atlas) -> tuple[tuple[str, bool, tuple[str, ...]], ...]:
    """Return the cluster of every core zone and radiation area, if it is a zone, its counties."""
    return tuple(
        (cluster, kind == "zone", adcodes)
        for layer in ("clusters-core", "clusters-radiation")
        for cluster, kind, adcodes in zip(
            *(atlas.frames[layer][name] for name in ("cluster_id", "place_kind", "adcodes")),
            strict=True,
        )
    )
