"""The view: which part of the atlas is shown. Page, command line and exports share it.

Values within a filter are any-of, filters combine with and. A feature stays, whole, when any of
its cities, counties or industries matches; one that its document places in a city alone has no
county. A filter that a layer has no values for leaves the layer as it is.
The target year removes no cluster: it fills ``year``, ``revenue_yi`` and ``revenue_comparator``. Of
the layer of targets it keeps the rows of that year and those for no single year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

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

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
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


@lru_cache(maxsize=256)
def select(atlas: Atlas, layer: str, view: View) -> gpd.GeoDataFrame:
    """Return the rows of `layer` that `view` shows: a subset with the same columns and CRS.

    Whether the layer is switched on does not matter here; selecting twice changes nothing. One run
    of the page asks for the same selection several times, and many users for the same ones: the
    latest are kept, so a selection must not be changed.
    """
    return apply(atlas.frames[layer], layer, view)


def apply(features: gpd.GeoDataFrame, layer: str, view: View) -> gpd.GeoDataFrame:
    """Return the rows of `features`, which are rows of `layer`, that `view` shows."""
    applies = filters_of(layer)
    keep = pd.Series(True, index=features.index)
    if view.industries and "industry" in applies:
        keep &= _any_of(features["industries"], view.industries)
    if view.tiers and "tier" in applies:
        keep &= features["tier"].isin(view.tiers)
    if view.cities and "city" in applies:
        keep &= _any_of(features["city_adcodes"], view.cities)
    if view.counties and "county" in applies:
        keep &= _any_of(features["adcodes"], view.counties)
    if LAYERS[layer].by_year:
        keep &= (features["year"] == view.year).fillna(value=True)
    selected = features[keep]
    return _with_year(selected, view.year) if "revenue_yi" in features else selected


def _any_of(lists: pd.Series, wanted: Iterable[str]) -> pd.Series:
    values = set(wanted)
    return lists.map(lambda items: not values.isdisjoint(items)).astype(bool)


def _with_year(features: gpd.GeoDataFrame, year: int) -> gpd.GeoDataFrame:
    none = pd.Series(pd.NA, index=features.index)
    value = features.get(f"revenue_yi_{year}", none)
    wording = features.get(f"revenue_comparator_{year}", none)
    return features.assign(
        year=pd.Series(year, index=features.index, dtype="Int64"),
        revenue_yi=value.astype("Int64"),
        revenue_comparator=wording.astype("str"),
    )
