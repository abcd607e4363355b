"""The view: which part of the atlas is shown. Page, command line, API and exports share it.

Values within a filter combine with OR, filters combine with AND. A feature is shown whole when any
of its cities, counties or industries matches. A feature that its document places in a city alone
has no county. A filter has no effect on a layer without values for it.

The target year removes no cluster. It fills ``year``, ``revenue_yi`` and ``revenue_comparator``.
In the layer of targets it selects the rows of that year and those for no single year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import geopandas as gpd
import pandas as pd

from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kind import Row

SHOWN_FIRST = tuple(layer.id for layer in KINDS.values() if layer.shown_first)


@dataclass(frozen=True)
class View:
    """A target year, filters and the layers that are shown.

    Values are sorted and duplicates dropped, so that views with the same content compare equal.

    Attributes
    ----------
    year
        The target year.
    industries, tiers, cities, counties
        Chosen industry ids, tiers, and codes of cities and counties; empty for no filter.
    layers
        Ids of the shown layers.
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
        object.__setattr__(self, "layers", tuple(i for i in KINDS if i in shown))

    @property
    def is_filtered(self) -> bool:
        """Whether any filter has a choice."""
        return any(self.filters.values())

    @cached_property
    def filters(self) -> Mapping[str, tuple[str, ...]]:
        """The chosen values by filter; filters without a choice are included.

        Examples
        --------
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
        """Return the names of the filters with a choice that have no effect on a layer.

        Parameters
        ----------
        layer
            The id of a layer.
        """
        applies = filters_of(layer)
        return tuple(n for n, values in self.filters.items() if values and n not in applies)


def filters_of(layer: str) -> frozenset[str]:
    """Return the filters that a layer has values for; ``county`` goes with ``city``.

    Parameters
    ----------
    layer
        The id of a layer.

    Examples
    --------
    >>> sorted(filters_of("layout"))
    ['city', 'county']
    """
    filters: frozenset[str] = KINDS[layer].filters
    return filters | {"county"} if "city" in filters else filters


@dataclass(frozen=True)
class FilterValues:
    """The values by which a view selects one feature.

    Attributes
    ----------
    id
        The feature id.
    cluster_id
        The id of the cluster record it belongs to, if any.
    values
        Filter → the feature's values, for each filter of its layer.
    year
        The only target year the feature is for; ``None`` for features of every year.
    """

    id: str
    cluster_id: str | None
    values: Mapping[str, frozenset[str]]
    year: int | None

    def unmet(self, view: View) -> list[str]:
        """Return the names of the filters that exclude the feature, ``year`` among them.

        Parameters
        ----------
        view
            The view.
        """
        chosen = view.filters
        unmet = [
            name
            for name, values in self.values.items()
            if chosen[name] and values.isdisjoint(chosen[name])
        ]
        return [*unmet, "year"] if self.year not in (None, view.year) else unmet


@lru_cache(maxsize=64)
def filter_values(atlas: Atlas, layer: str) -> tuple[FilterValues, ...]:
    """Return the filter values of all features of a layer, in its order.

    They are cached, so that a view is evaluated without reading the layer's frame again.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The id of a layer.
    """
    rows = atlas.frames[layer].drop(columns="geometry").to_dict("records")
    return tuple(_filter_values(row, layer) for row in rows)


def _filter_values(row: Row, layer: str) -> FilterValues:
    values = {
        "industry": row["industries"],
        "tier": (row["tier"],),
        "city": row["city_adcodes"],
        "county": row["adcodes"],
    }
    year: Any = row["year"] if KINDS[layer].by_year else None
    return FilterValues(
        id=row["id"],
        cluster_id=row["cluster_id"] if isinstance(row["cluster_id"], str) else None,
        values={
            name: frozenset(v for v in found if isinstance(v, str))  # a missing tier is NaN
            for name, found in values.items()
            if name in filters_of(layer)
        },
        year=None if pd.isna(year) else int(year),
    )


def kept(atlas: Atlas, layer: str, view: View) -> list[int]:
    """Return the positions of the rows that a view shows, counted in the whole layer.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The id of a layer, shown or not.
    view
        The view.
    """
    return [n for n, found in enumerate(filter_values(atlas, layer)) if not found.unmet(view)]


def ids(atlas: Atlas, layer: str, view: View) -> list[str]:
    """Return the ids of the features that a view shows, in the order of the layer.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The id of a layer, shown or not.
    view
        The view.
    """
    return [found.id for found in filter_values(atlas, layer) if not found.unmet(view)]


@lru_cache(maxsize=256)
def select(atlas: Atlas, layer: str, view: View) -> gpd.GeoDataFrame:
    """Return the rows of a layer that a view shows.

    The latest results are cached, because one run of the page needs the same selection several
    times and users share selections. Callers must not modify the result.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The id of a layer, shown or not.
    view
        The view.

    Returns
    -------
    GeoDataFrame
        A subset of the layer's rows in CGCS2000 (lon/lat), with the columns of
        :func:`layer_of_year`.
    """
    return layer_of_year(atlas, layer, view.year).take(kept(atlas, layer, view))


@lru_cache(maxsize=64)
def layer_of_year(atlas: Atlas, layer: str, year: int) -> gpd.GeoDataFrame:
    """Return a whole layer, with the targets of a year where it has columns for them.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The id of a layer.
    year
        A target year. It fills the columns ``year``, ``revenue_yi`` (亿元) and
        ``revenue_comparator``.
    """
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
