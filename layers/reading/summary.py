"""The headline figures of a view, and the counties behind them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kinds.clusters import KIND as CLUSTERS
from layers.reading.view import View, ids, kept, layer_of_year
from layers.shared.figures import THOUSAND_YI


@dataclass(frozen=True)
class Summary:
    """Headline figures of the clusters that a view shows.

    Attributes
    ----------
    clusters, key_clusters
        How many clusters there are, and how many of tier ``key``.
    counties_direct, counties_through_zones
        How many counties a document names, and how many others only host a named zone.
    year
        The target year of the view.
    revenue_yi
        The sum of the targets for that year in 亿元; ``None`` where no cluster has one.
    with_target, at_least_thousand
        How many clusters have a target, and how many have one of 1,000 亿元 or more.
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
    """Return the headline figures of a view.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view; its layer switches do not matter.
    """
    every = _clusters(atlas, view.year)
    clusters = [every[n] for n in kept(atlas, CLUSTERS.id, view)]
    direct, hosting = direct_and_hosting_counties(atlas, view)
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


def direct_and_hosting_counties(atlas: Atlas, view: View) -> tuple[set[str], set[str]]:
    """Return the counties of the shown clusters, by how their documents name them.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view; its layer switches do not matter.

    Returns
    -------
    tuple of set
        Codes of the counties that are named themselves, then codes of the other counties, which
        only host a named zone.
    """
    shown = {found.partition(":")[2] for found in ids(atlas, CLUSTERS.id, view)}
    direct: set[str] = set()
    hosting: set[str] = set()
    for cluster, is_zone, adcodes in cluster_counties(atlas):
        if cluster in shown:
            (hosting if is_zone else direct).update(adcodes)
    return direct, hosting - direct


@lru_cache(maxsize=16)
def _clusters(atlas: Atlas, year: int) -> tuple[tuple[str, int | None], ...]:
    """Return tier and target (亿元) of every cluster for a year."""
    clusters = layer_of_year(atlas, CLUSTERS.id, year)
    return tuple(
        (tier, None if pd.isna(target) else int(target))
        for tier, target in zip(clusters["tier"], clusters["revenue_yi"], strict=True)
    )


@lru_cache(maxsize=2)
def cluster_counties(atlas: Atlas) -> tuple[tuple[str, bool, tuple[str, ...]], ...]:
    """Return the counties of every core zone and radiation area.

    Parameters
    ----------
    atlas
        The atlas.

    Returns
    -------
    tuple of tuple
        For each area the id of its cluster record, whether it is a development zone, and the codes
        of its counties.
    """
    return tuple(
        (cluster, kind == "zone", adcodes)
        for layer in (kind.id for kind in KINDS.values() if kind.cluster == "part")
        for cluster, kind, adcodes in zip(
            *(atlas.frames[layer][name] for name in ("cluster_id", "place_kind", "adcodes")),
            strict=True,
        )
    )
