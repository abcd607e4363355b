"""The atlas: the records, their places and every layer, built once and never modified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd

from data.reader import Records
from geo.places import Places


@dataclass(frozen=True, eq=False, repr=False)
class Atlas:
    """The places and the layers made from them.

    An atlas compares equal only to itself and is hashable, so results for it can be cached.

    Attributes
    ----------
    places
        The records with their resolved places.
    frames
        Layer id → GeoDataFrame in CGCS2000 (lon/lat), one row per feature.
    """

    places: Places
    frames: Mapping[str, gpd.GeoDataFrame]

    @property
    def records(self) -> Records:
        """The records that the atlas is made of."""
        return self.places.records
