"""What a sheet draws: the features that it shows, and what the sheet is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import geopandas as gpd
import shapely

from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kind import Kind
from layers.portrayal.drawing import DiagramDrawing, Label, Symbol
from layers.portrayal.lettering import TEXT_COLOUR, Lettering
from layers.portrayal.style import Style
from layers.reading.drawings import DrawnFeature, drawings


@dataclass(frozen=True, eq=False)
class SheetFeature:
    """A feature as a sheet draws it.

    Attributes
    ----------
    feature
        The feature.
    geometry
        Its polygon (lon/lat); ``None`` where the sheet draws a symbol alone.
    style
        The style of the polygon.
    symbol, label
        ``None`` where it has none.
    is_diagram
        Whether it is drawn as on a layout diagram (规划图式).
    """

    feature: DrawnFeature
    geometry: shapely.Geometry | None
    style: Style
    symbol: Symbol | None
    label: Label | None
    is_diagram: bool = False

    @property
    def id(self) -> str:
        """The id of the feature."""
        return self.feature.id

    @property
    def kind(self) -> Kind:
        """The kind of its layer."""
        return KINDS[self.feature.layer]


@dataclass(frozen=True, eq=False)
class Subject:
    """What a sheet of a series is about.

    Attributes
    ----------
    area
        Its polygon (lon/lat).
    veil
        Whether everything around it is paled.
    unnamed
        Labels that are left out, since the title says the same.
    parts
        Ids of features that are named in addition, and whether a dot marks them.
    part_colour
        ``#rrggbb`` of the names of these parts.
    """

    area: shapely.Geometry
    veil: bool
    unnamed: frozenset[Lettering]
    parts: Mapping[str, bool] = field(default_factory=dict)
    part_colour: str = TEXT_COLOUR


def sheet_features(
    atlas: Atlas, shown: Mapping[str, gpd.GeoDataFrame], *, layout_diagram: bool
) -> list[SheetFeature]:
    """Return the features that are shown, in drawing order.

    Parameters
    ----------
    atlas
        The atlas.
    shown
        Layer id → rows that are shown.
    layout_diagram
        Whether features that have a drawing for a layout diagram are drawn by it.
    """
    geometries = {
        row.id: None if KINDS[layer].has_symbols else row.geometry
        for layer, rows in shown.items()
        for row in rows.itertuples()
    }
    made = []
    for feature in drawings(atlas).values():
        if feature.id not in geometries:
            continue
        diagram = feature.drawing.diagram if layout_diagram else None
        made.append(
            _of_diagram(feature, diagram) if diagram else _of_map(feature, geometries[feature.id])
        )
    return made


def _of_map(feature: DrawnFeature, geometry: shapely.Geometry | None) -> SheetFeature:
    drawing = feature.drawing
    return SheetFeature(feature, geometry, drawing.style.style, drawing.symbol, drawing.label)


def _of_diagram(feature: DrawnFeature, diagram: DiagramDrawing) -> SheetFeature:
    label = feature.drawing.label
    return SheetFeature(
        feature,
        diagram.geometry,
        diagram.style.style if diagram.style else Style(),
        diagram.symbol,
        replace(label, at=diagram.at) if label else None,
        is_diagram=True,
    )
