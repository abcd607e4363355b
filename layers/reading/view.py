"""The view: which part of the atlas is shown. Page, command line and exports share it.

Values within a filter are any-of, filters combine with and. A feature stays, whole, when any of
its cities, counties or industries matches; one that its document places in a city alone has no
county. A filter that a layer has no values for leaves the layer as it is.
The target year removes no cluster: it fills ``year``, ``revenue_yi`` and ``revenue_comparator``. Of
the layer of targets it keeps the rows of that year and those for no single year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import geopandas as gpd
import pandas as pd

from layers.catalogue import LAYERS, Atlas

SHOWN_FIRST = tuple(layer.id for layer in LAYERS.values() if layer.shown_first)


@dataclass(frozen=True)
class View:
    """A target year, filters (empty: no filter) and the layers that are shown.

    Order does not matter and repeats vanish: equal views are equal.
    """

    year: int
    industries: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    layers: tuple[str, ...] = field(default=SHOWN_FIRST)
    counties: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("industries", "tiers", "cities", "counties"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        shown = set(self.layers)
        object.__setattr__(self, "layers", tuple(i for i in LAYERS if i in shown))

    @property
    def is_filtered(self) -> bool:
        """Whether any filter is set."""
        return any(self.filters.values())

    @cached_property
    def filters(self) -> Mapping[str, tuple[str, ...]]:
        """Return filter → chosen values, those without a choice among them.

        >>> View(2025, tiers=("key",)).filters
        {'industry': (), 'tier': ('key',), 'city': (), 'county': ()}
        """
        return {
            "industry": self.industries,
            "tier": self.tiers,
            "city": self.cities,
            "county": self.counties,
        }

    def filters_ignored_by(self, layer: str) -> tuple[str, ...]:
        """Return the set filters that leave `layer` whole because it has no values for them."""
        applies = filters_of(layer)
        return tuple(n for n, values in self.filters.items() if values and n not in applies)


def filters_of(layer: str) -> frozenset[str]:
    """Return the filters that `layer` has values for: with the city goes the county.

    >>> sorted(filters_of("layout"))
    ['city', 'county']
    """
    filters: frozenset[str] = LAYERS[layer].filters
    return filters | {"county"} if "city" in filters else filters


@dataclass(frozen=True)
class FilterValues:
    """What a view looks at in one feature: for each filter of its layer, the feature's values.

    `year` is the only target year the feature is for; ``None`` for features of every year.
    """

    id: str
    cluster_id: str | None
    values: Mapping[str, frozenset[str]]
    year: int | None

    def unmet(self, view: View) -> list[str]:
        """Return the filters of `view`, and ``year``, that the feature does not meet."""
        chosen = view.filters
        unmet = [
            name
            for name, values in self.values.items()
            if chosen[name] and values.isdisjoint(chosen[name])
        ]
        return [*unmet, "year"] if self.year not in (None, view.year) else unmet


@lru_cache(maxsize=64)
def filter_values(atlas: Atlas, layer: str) -> tuple[FilterValues, ...]:
    """Return the filter_values of a layer's features, in their order; reading them costs no frame."""
    rows = atlas.frames[layer].drop(columns="geometry").to_dict("records")
    return tuple(_filter_values(row, layer) for row in rows)


def _filter_values(row: Mapping[str, Any], layer: str) -> FilterValues:
    values = {
        "industry": row["industries"],
        "tier": (row["tier"],),
        "city": row["city_adcodes"],
        "county": row["adcodes"],
    }
    year: Any = row["year"] if LAYERS[layer].by_year else None
    return FilterValues(
        id=row["id"],
        cluster_id=row["cluster_id"] if isinstance(row["cluster_id"], str) else None,
        values={
            name: frozenset(v for v in found if isinstance(v, str))  # a missing tier is no text
            for name, found in values.items()
            if name in filters_of(layer)
        },
        year=None if pd.isna(year) else int(year),
    )


def kept(atlas: Atlas, layer: str, view: View) -> list[int]:
    """Return the positions, in the whole layer, of the rows that `view` shows."""
    return [n for n, found in enumerate(filter_values(atlas, layer)) if not found.unmet(view)]


def ids(atlas: Atlas, layer: str, view: View) -> list[str]:
    """Return the ids of the features of `layer` that `view` shows, in their order."""
    return [found.id for found in filter_values(atlas, layer) if not found.unmet(view)]


@lru_cache(maxsize=256)
def select(atlas: Atlas, layer: str, view: View) -> gpd.GeoDataFrame:
    """Return the rows of `layer` that `view` shows: a subset with the same columns and CRS.

    Whether the layer is switched on does not matter here; selecting twice changes nothing. One run
    of the page asks for the same selection several times, and many users for the same ones: the
    latest are kept, so a selection must not be changed.
    """
    return of_year(atlas, layer, view.year).take(kept(atlas, layer, view))


@lru_cache(maxsize=64)
def of_year(atlas: Atlas, layer: str, year: int) -> gpd.GeoDataFrame:
    """Return the whole layer with the targets of a year, where it has some."""
    features = atlas.frames[layer]
    return _with_year(features, year) if "revenue_yi" in features else features


def _with_year(features: gpd.GeoDataFrame, year: int) -> gpd.GeoDataFrame:
    none = pd.Series(pd.NA, index=features.index)
    value = features.get(f"revenue_yi_{year}", none)
    wording = features.get(f"revenue_comparator_{year}", none)
    return features.assign(
        year=pd.Series(year, index=features.index, dtype="Int64"),
        revenue_yi=value.astype("Int64"),
        revenue_comparator=wording.astype("str"),
    )
