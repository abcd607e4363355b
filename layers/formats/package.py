"""The input of every format: sheets of rows in the export's CRS, their drawing and metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.crs import Crs
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.columns import STYLED, Column
from layers.formats.metadata import Metadata
from layers.kind import GeometryType
from layers.reading.drawings import DrawnFeature, class_title
from layers.reading.view import View


@dataclass(frozen=True)
class Sheet:
    """One layer of an export, or its part in one zone.

    Attributes
    ----------
    layer
        The id of the layer.
    name
        An ASCII name for tables and files: the layer's id and, where an export is split, the zone.
    title
        The Chinese title.
    crs
        The CRS of the geometry.
    features
        The layer's columns in order, and ``geometry`` in `crs` with x before y, in declared form
        (:mod:`layers.shared.declared`). Lists are tuples of text.
    columns
        The definitions of these columns.
    drawn
        Feature id → drawn feature, for every feature with geometry.
    """

    layer: str
    name: str
    title: str
    crs: Crs
    features: gpd.GeoDataFrame
    columns: tuple[Column, ...]
    drawn: Mapping[str, DrawnFeature]

    @property
    def classes(self) -> dict[str, DrawnFeature]:
        """The style classes that occur, by name, each with one feature of it, in drawing order."""
        found = [self.drawn[i] for i in self.features["id"] if i in self.drawn]
        return {d.style_class: d for d in sorted(found, key=lambda d: d.drawing.pane.z)}

    @property
    def geometry_type(self) -> GeometryType:
        """The type of all its geometry."""
        return KINDS[self.layer].geometry_type

    @property
    def has_geometry(self) -> bool:
        """Whether any feature has a geometry."""
        return not self.features.geometry.isna().all()


@dataclass(frozen=True)
class Package:
    """The sheets of an export and its metadata.

    Attributes
    ----------
    atlas, view
        The source of the sheets, for formats that hold more than rows.
    sheets
        The layers.
    metadata
        The description of the export.
    """

    atlas: Atlas
    view: View
    sheets: tuple[Sheet, ...]
    metadata: Metadata


def lists_as_text(features: gpd.GeoDataFrame, columns: Sequence[Column]) -> gpd.GeoDataFrame:
    """Return rows with lists as text, for formats without lists.

    Parameters
    ----------
    features
        The rows; their lists are tuples of text.
    columns
        The definitions of their columns.

    Returns
    -------
    GeoDataFrame
        The rows with each list joined by commas. Codes and ids have no commas, so splitting at
        commas restores the list.
    """
    lists = {c.name for c in columns if c.kind == "list"}
    joined = {
        name: features[name].map(",".join).astype("str") for name in features if name in lists
    }
    return features.assign(**joined)


def styled_rows(package: Package, sheet: Sheet) -> gpd.GeoDataFrame:
    """Return a sheet's rows with lists as text and the columns for styles and labels.

    Parameters
    ----------
    package
        The export.
    sheet
        One of its sheets.

    Returns
    -------
    GeoDataFrame
        The columns of the sheet, then :data:`layers.columns.STYLED`, then the geometry in the
        sheet's CRS.
    """
    year = package.metadata.year
    drawn = [sheet.drawn.get(i) for i in sheet.features["id"]]
    added = {
        "style": [d and d.style_class for d in drawn],
        "style_title": [d and class_title(package.atlas, d) for d in drawn],
        "label": [d and label_text(d, year) for d in drawn],
    }
    features = lists_as_text(sheet.features, sheet.columns)
    text = {name: pd.Series(v, features.index, dtype="str") for name, v in added.items()}
    order = [c.name for c in (*sheet.columns, *STYLED)]
    return features.assign(**text)[[*order, features.geometry.name]]


def label_text(drawn: DrawnFeature, year: int) -> str | None:
    """Return a feature's label on the map for a year: its name and the year's figure.

    Parameters
    ----------
    drawn
        The feature.
    year
        The target year.
    """
    found = drawn.drawing.label
    if found is None:
        return None
    figure = found.by_year.get(year)
    return f"{found.text}\n{figure}" if figure else found.text
