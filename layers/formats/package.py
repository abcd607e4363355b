"""What every format writes: sheets of rows in the export's CRS, how they look, what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.crs import Crs
from layers.catalogue import Atlas
from layers.columns import Column
from layers.formats.metadata import Metadata
from layers.reading.view import View
from layers.web.drawn import Drawn


class FormatError(ValueError):
    """What was asked for cannot be written in this format; the text says what to do."""


@dataclass(frozen=True)
class Sheet:
    """A layer as it leaves.

    `features` has the layer's columns in order and ``geometry`` in `crs`, x before y; lists are
    tuples of text. `name` is an ASCII name for tables and files: the layer's id, and the zone where
    an export is split by zones. `drawn` has an entry for every feature with a picture, by id.
    """

    layer: str
    name: str
    title: str
    crs: Crs
    features: gpd.GeoDataFrame
    columns: tuple[Column, ...]
    drawn: Mapping[str, Drawn]

    @property
    def has_geometry(self) -> bool:
        """Whether any feature has a geometry."""
        return not self.features.geometry.isna().all()


@dataclass(frozen=True)
class Package:
    """The sheets of an export and what it says about itself.

    `atlas` and `view` are what the sheets were taken from, for a format that tells more than rows.
    """

    atlas: Atlas
    view: View
    sheets: tuple[Sheet, ...]
    metadata: Metadata


def flat(features: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return the rows with lists as text, joined by commas: for formats without lists.

    Codes and ids have no commas, so the lists can be had back by splitting.
    """
    lists = {c.name for c in columns if c.kind == "list"}
    joined = {
        name: features[name].map(",".join).astype("str") for name in features if name in lists
    }
    return features.assign(**joined)
