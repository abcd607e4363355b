"""What the parts of a map are drawn from: the pen, the frame, and what the sheet shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import shapely

from layers.atlas import Atlas
from layers.printing.canvas import Pen
from layers.printing.projection import MapFrame
from layers.printing.sheet_features import SheetFeature, Subject


@dataclass(frozen=True, eq=False)
class MapDrawing:
    """The map of one sheet.

    Attributes
    ----------
    pen, atlas
        The pen and the atlas.
    frame
        The map's frame.
    features
        What it shows, in drawing order.
    year
        The target year.
    subject
        What the sheet is about, if that is not the whole province.
    stamp, note
        What stands in the upper left corner; ``None`` for nothing.
    """

    pen: Pen
    atlas: Atlas
    frame: MapFrame
    features: Sequence[SheetFeature]
    year: int
    subject: Subject | None = None
    stamp: str | None = None
    note: str | None = None

    @cached_property
    def shapes(self) -> Mapping[str, shapely.Geometry]:
        """Feature id → polygon in mm, for the features that have one."""
        return {
            feature.id: self.frame.shape(feature.geometry)
            for feature in self.features
            if feature.geometry is not None
        }

    @cached_property
    def window(self) -> shapely.Geometry:
        """The frame as a polygon in mm."""
        return shapely.box(*self.frame.box)
