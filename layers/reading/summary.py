"""The headline figures of a view, and the counties behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

import pandas as pd

from geo.gazetteer import PlaceKind
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kinds.clusters import KIND as CLUSTERS
from layers.reading.view import View, ids, kept, layer_of_year
from layers.shared.figures import THOUSAND_YI

PLACE_KINDS: tuple[PlaceKind, ...] = get_args(PlaceKind)  # the nearest to a county first


@dataclass(frozen=True)
class Summary:
    """Headline figures of the clusters that a view shows.

    Attributes
    ----------
    clusters, key_clusters
        How many clusters there are, and how many of tier ``key``.
    counties_named, counties_of_cities, counties_of_zones
        How many counties a document names; how many others lie in a city or new area that it names
        as a whole; how many others only host a named zone.
    year
        The target year of the view.
    revenue_yi
        The sum of the targets for that year in 亿元; ``None`` where no cluster has one.
    with_target, at_least_thousand
        How many clusters have a target, and how many have one of 1,000 亿元 or more.
    """

    clusters: int
    key_clusters: int
    counties_named: int
    counties_of_cities: int
    counties_of_zones: int
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
    counties = counties_by_place(atlas, view)
    targets = [target for _, target in clusters if target is not None]
    return Summary(
        clusters=len(clusters),
        key_clusters=sum(tier == "key" for tier, _ in clusters),
        counties_named=len(counties["county"]),
        counties_of_cities=len(counties["city"]),
        counties_of_zones=len(counties["zone"]),
        year=view.year,
        revenue_yi=sum(targets) if targets else None,
        with_target=len(targets),
        at_least_thousand=sum(target >= THOUSAND_YI for target in targets),
    )


def counties_by_place(atlas: Atlas, view: View) -> Mapping[PlaceKind, set[str]]:
    """Return the counties of the shown clusters, by what their documents name.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view; its layer switches do not matter.

    Returns
    -------
    mapping of str to set of str
        ``county``: codes of the counties that are named themselves. ``city``: of the others, those
        of a city that is named as a whole. ``zone``: of the rest, those that host a named zone.
    """
    shown = {found.partition(":")[2] for found in ids(atlas, CLUSTERS.id, view)}
    found: dict[PlaceKind, set[str]] = {kind: set() for kind in PLACE_KINDS}
    for cluster, kind, adcodes in cluster_counties(atlas):
        if cluster in shown:
            found[kind].update(adcodes)
    found["city"] -= found["county"]
    found["zone"] -= found["county"] | found["city"]
    return found


@lru_cache(maxsize=16)
def _clusters(atlas: Atlas, year: int) -> tuple[tuple[str, int | None], ...]:
    """Return tier and target (亿元) of every cluster for a year."""
    clusters = layer_of_year(atlas, CLUSTERS.id, year)
    return tuple(
        (tier, None if pd.isna(target) else int(target))
        for tier, target in zip(clusters["tier"], clusters["revenue_yi"], strict=True)
    )


@lru_cache(maxsize=2)
def cluster_counties(atlas: Atlas) -> tuple[tuple[str, PlaceKind, tuple[str, ...]], ...]:
    """Return the counties of every core zone and radiation area.

    Parameters
    ----------
    atlas
        The atlas.

    Returns
    -------
    tuple of tuple
        For each area the id of its cluster record, what kind of place it is, and the codes of its
        counties.
    """
    return tuple(
        (cluster, kind, adcodes)
        for layer in (kind.id for kind in KINDS.values() if kind.cluster == "part")
        for cluster, kind, adcodes in zip(
            *(atlas.frames[layer][name] for name in ("cluster_id", "place_kind", "adcodes")),
            strict=True,
        )
    )
