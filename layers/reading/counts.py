"""Counts of the shown items by industry and city, and by county.

An item is what the charts count once: a cluster together with its core zones and radiation areas, a
park that is both base and project, or any other feature by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.reading.view import View, filters_of, select

# Layers whose rows have counties: those that a document names, or that host a zone it names. Of
# the layers of a cluster, the one with the closest relation to a county comes first.
COUNTY_LAYERS: tuple[str, ...] = tuple(k.id for k in KINDS.values() if k.county_colour)
_PARTS = tuple(kind.id for kind in KINDS.values() if kind.cluster == "part")
(_WHOLE,) = (kind for kind in KINDS.values() if kind.cluster == "whole")

Cell = tuple[str, str]


def crossed_layers(view: View) -> tuple[str, ...]:
    """Return the ids of the shown layers that have values for both industry and city.

    Parameters
    ----------
    view
        The view.
    """
    return tuple(i for i in view.layers if {"industry", "city"} <= filters_of(i))


@lru_cache(maxsize=64)
def ids_by_industry_and_city(atlas: Atlas, view: View) -> Mapping[Cell, tuple[str, ...]]:
    """Return (industry id, city code) → feature ids of the items shown there.

    An item with several industries or cities stands in each of their cells. Where the view filters
    by industry or city, only cells of the chosen values are returned.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view; only its shown layers are counted.

    Returns
    -------
    Mapping
        The ids stand in the order of their layers; a cluster stands under the id of the whole
        cluster, ``clusters:…``. Empty cells are missing.
    """
    cells: dict[Cell, dict[str, str]] = {}  # cell → item → feature id
    for layer in crossed_layers(view):
        rows = select(atlas, layer, view)
        columns = (rows["id"], _items(layer, rows), rows["industries"], rows["city_adcodes"])
        for own, item, industries, cities in zip(*columns, strict=True):
            feature = _WHOLE.feature_id(item) if KINDS[layer].cluster else own
            for industry in _within(industries, view.industries):
                for city in _within(cities, view.cities):
                    cells.setdefault((industry, city), {}).setdefault(item, feature)
    return {cell: tuple(items.values()) for cell, items in cells.items()}


def _items(layer: str, rows: pd.DataFrame) -> pd.Series:
    """Return the key of each row's item; rows of one item have the same key."""
    if KINDS[layer].cluster:
        return rows["cluster_id"]
    return rows["site_id" if "site_id" in rows else "id"]


def _within(values: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(v for v in values if v in wanted) if wanted else values


@lru_cache(maxsize=64)
def clusters_of_counties(atlas: Atlas, view: View) -> Mapping[str, tuple[str, ...]]:
    """Return county code → ids of the cluster records it belongs to, most clusters first.

    A county belongs to a cluster as core zone or radiation area, either itself or through a zone
    in it. Several such roles in one cluster count once.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view; its layer switches do not matter.
    """
    found: dict[str, dict[str, None]] = {}
    for layer in _PARTS:
        rows = select(atlas, layer, view)
        for cluster, adcodes in zip(rows["cluster_id"], rows["adcodes"], strict=True):
            for adcode in adcodes:
                found.setdefault(adcode, {})[cluster] = None
    most_first = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return {adcode: tuple(clusters) for adcode, clusters in most_first}


def shared_counties(atlas: Atlas, view: View) -> list[str]:
    """Return the codes of the counties that belong to two or more of the shown clusters.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view; its layer switches do not matter.
    """
    return [a for a, clusters in clusters_of_counties(atlas, view).items() if len(clusters) > 1]


@lru_cache(maxsize=64)
def counts_by_county(atlas: Atlas, view: View) -> Mapping[str, Mapping[str, int]]:
    """Return county code → layer id → number of items, the counties with most items first.

    An item counts once in a county, however many roles the county has in it. A cluster counts as
    core zone before it counts as radiation area. A zone counts for each county that hosts it.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view. Only its shown layers among :data:`COUNTY_LAYERS` are counted. Where it filters by
        city or county, other counties are left out.
    """
    items: dict[str, dict[str, str]] = {}  # county → item → layer
    for layer in (i for i in COUNTY_LAYERS if i in view.layers):
        rows = select(atlas, layer, view)
        for item, adcodes in zip(_items(layer, rows), rows["adcodes"], strict=True):
            for adcode in adcodes:
                items.setdefault(adcode, {}).setdefault(item, layer)
    counts = {
        adcode: {layer: list(by.values()).count(layer) for layer in COUNTY_LAYERS}
        for adcode, by in items.items()
    }
    most_first = sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    cities = {c.adcode: c.city_adcode for c in atlas.records.counties}
    return {
        adcode: own
        for adcode, own in most_first
        if (not view.cities or cities[adcode] in view.cities)
        and (not view.counties or adcode in view.counties)
    }
