"""How many things the shown layers hold: by industry and city, and by county."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from layers.catalogue import Atlas
from layers.reading.view import View, filters_of, select

# Layers whose rows are a cluster or a part of one: what they show of a cluster is one thing.
CLUSTER_LAYERS = ("clusters", "clusters-core", "clusters-radiation", "growth")
# Layers whose rows stand in counties that a document names, or that host a zone it names; of a
# cluster's, the one that says most of a county comes first.
COUNTY_LAYERS = ("clusters-core", "clusters-radiation", "bases", "projects")

Cell = tuple[str, str]


def crossed_layers(view: View) -> tuple[str, ...]:
    """Return the shown layers that have values for both industry and city."""
    return tuple(i for i in view.layers if {"industry", "city"} <= filters_of(i))


@lru_cache(maxsize=64)
def by_industry_and_city(atlas: Atlas, view: View) -> Mapping[Cell, tuple[str, ...]]:
    """Return (industry, city) → ids of the things shown there, in the order of their layers.

    A cluster with its core zones and radiation areas is one thing, ``clusters:…``; a thing of two
    industries or cities stands in each. Where the view filters by industry or city, others that its
    things have besides are left out. Empty cells are missing.
    """
    cells: dict[Cell, dict[str, None]] = {}
    for layer in crossed_layers(view):
        rows = select(atlas, layer, view)
        columns = (rows[name] for name in ("id", "cluster_id", "industries", "city_adcodes"))
        for own, cluster, industries, cities in zip(*columns, strict=True):
            thing = f"clusters:{cluster}" if layer in CLUSTER_LAYERS else own
            for industry in _within(industries, view.industries):
                for city in _within(cities, view.cities):
                    cells.setdefault((industry, city), {})[thing] = None
    return {cell: tuple(things) for cell, things in cells.items()}


def _within(values: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(v for v in values if v in wanted) if wanted else values


@lru_cache(maxsize=64)
def clusters_of_counties(atlas: Atlas, view: View) -> Mapping[str, tuple[str, ...]]:
    """Return county code → ids of the shown clusters that it is a part of, most clusters first.

    A county is a part of a cluster as core zone or radiation area, itself or by a zone in it; with
    several such roles it still is a part of one cluster. Layer switches do not matter.
    """
    found: dict[str, dict[str, None]] = {}
    for layer in ("clusters-core", "clusters-radiation"):
        rows = select(atlas, layer, view)
        for cluster, adcodes in zip(rows["cluster_id"], rows["adcodes"], strict=True):
            for adcode in adcodes:
                found.setdefault(adcode, {})[cluster] = None
    most_first = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return {adcode: tuple(clusters) for adcode, clusters in most_first}


def shared_counties(atlas: Atlas, view: View) -> list[str]:
    """Return the codes of the counties that are part of two or more of the shown clusters."""
    return [a for a, clusters in clusters_of_counties(atlas, view).items() if len(clusters) > 1]


@lru_cache(maxsize=64)
def by_county(atlas: Atlas, view: View) -> Mapping[str, Mapping[str, int]]:
    """Return county code → layer → how many things lie there by it, the most things first.

    Counted are the shown layers among core zones, radiation areas, bases and projects. A thing (a
    cluster, a base, a project) is one in a county, however many roles the county has in it; of a
    cluster it counts as core zone before it counts as radiation area. A zone counts for each county
    that hosts it. Where the view filters by city or county, other counties are left out.
    """
    things: dict[str, dict[str, str]] = {}  # county → thing → layer
    for layer in (i for i in COUNTY_LAYERS if i in view.layers):
        rows = select(atlas, layer, view)
        own = rows["cluster_id" if layer in CLUSTER_LAYERS else "id"]
        for thing, adcodes in zip(own, rows["adcodes"], strict=True):
            for adcode in adcodes:
                things.setdefault(adcode, {}).setdefault(thing, layer)
    counts = {
        adcode: {layer: list(by.values()).count(layer) for layer in COUNTY_LAYERS}
        for adcode, by in things.items()
    }
    most_first = sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    cities = {c.adcode: c.city_adcode for c in atlas.records.counties}
    return {
        adcode: own
        for adcode, own in most_first
        if (not view.cities or cities[adcode] in view.cities)
        and (not view.counties or adcode in view.counties)
    }
