"""The lettering of the map: size, weight and spacing of each kind of label, defined once.

All lengths are screen pixels. The browser measures and places labels with them, QML and SLD turn
them into points, the printed sheet into millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

FONTS: Final = (
    "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC",
)  # fmt: skip
LINE_HEIGHT: Final = 1.25  # of a line, as a share of its size
HALO_PX: Final = 1.5  # width of the white rim
HALO_OPACITY: Final = 0.9
TEXT_COLOUR: Final = "#1f2933"
DOT_PX: Final = 3.2  # radius of the dot that marks the seat of a cluster
DOT_OUTLINE_PX: Final = 1.4
LEADER_PX: Final = 1.1

Place = Literal["area", "seat", "symbol", "site"]


@dataclass(frozen=True)
class TextLine:
    """A line of a label: its size and letter spacing in pixels, and its weight as CSS has it."""

    size_px: float
    weight: int = 400
    spacing_px: float = 0.0

    @property
    def is_bold(self) -> bool:
        """Whether outputs that know two weights write it bold."""
        return self.weight >= 600


@dataclass(frozen=True)
class Lettering:
    """How a kind of label is written and placed.

    Attributes
    ----------
    name
        The kind of label.
    rank
        Breaks ties between labels of equal priority: lower is placed first.
    lines
        The name's line and, where figures by year follow it, theirs.
    place
        ``area``: anywhere in the polygon. ``seat``: around the point, which is marked by a dot.
        ``symbol``: below the symbol of a layout unit. ``site``: around a point.
    narrow
        The name's line on a narrow screen, where it differs.
    led
        Whether the label may move away from its point, tied to it by a leader.
    gis_priority
        The priority for label engines of a GIS, 0 to 10.
    whole
        Whether the name must lie in its area from end to end, not only with its middle.
    """

    name: str
    rank: int
    lines: tuple[TextLine, ...]
    place: Place
    gis_priority: int = 2
    narrow: TextLine | None = None
    led: bool = False
    whole: bool = False


_FIGURES = TextLine(11, 500)
UNIT: Final = Lettering("unit", 0, (TextLine(14, 700, 0.5),), "symbol", 10)
PART: Final = Lettering("part", 1, (TextLine(11.5, 700),), "area")  # of a cluster's own sheet
CIRCLES: Final = Lettering("circles", 1, (TextLine(12.5, 700), _FIGURES), "site", 10, led=True)
CLUSTER: Final = Lettering("cluster", 1, (TextLine(12.5, 700), _FIGURES), "seat", 9, led=True)
BELT: Final = Lettering("belt", 2, (TextLine(17, 700, 4),), "area", 6, TextLine(13, 700, 1.5))
REGION: Final = Lettering("region", 3, (TextLine(16, 700, 3),), "area", 6, TextLine(13, 700, 1.5))
CITY: Final = Lettering("city", 4, (TextLine(13, 700, 1),), "area", 5)
SITE: Final = Lettering("site", 5, (TextLine(11, 400),), "site")
COUNTY: Final = Lettering("county", 5, (TextLine(11, 400),), "area", 1)
CONTEXT: Final = Lettering("context", 6, (TextLine(12.5, 700, 2),), "area", whole=True)
NEIGHBOUR: Final = Lettering("neighbour", 7, (TextLine(12.5, 500, 3),), "area", whole=True)
