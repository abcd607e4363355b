"""The drawing order: panes of the map, from below, the same in every output.

The browser turns `z` into stacking order, the printed sheet into matplotlib's, QML into symbol
levels, SLD into the order of its rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Pane:
    """A level of the map; a higher `z` is drawn above a lower one."""

    name: str
    z: int


BACKDROP: Final = Pane("backdrop", 410)
BELTS: Final = Pane("belts", 420)
HOST: Final = Pane("host", 430)
RADIATION: Final = Pane("radiation", 440)
CORE: Final = Pane("core", 450)
OUTLINE: Final = Pane("outline", 460)
DIVISIONS: Final = Pane("admin", 470)
UNITS: Final = Pane("units", 475)
# The panes of features, from below.
PANES: Final = (BACKDROP, BELTS, HOST, RADIATION, CORE, OUTLINE, DIVISIONS, UNITS)

# What is no feature: base map below, selection, symbols and lettering above.
TILES: Final = Pane("tiles", 200)
BASE: Final = Pane("base", 300)
LINES: Final = Pane("lines", 310)
PROVINCE: Final = Pane("province", 474)
SELECTION: Final = Pane("selection", 610)
LEADERS: Final = Pane("leaders", 620)
CIRCLES: Final = Pane("circles", 625)
SITES: Final = Pane("sites", 630)
SYMBOLS: Final = Pane("symbols", 640)
LABELS: Final = Pane("labels", 650)
SURROUNDINGS: Final = (
    TILES, BASE, LINES, PROVINCE, SELECTION, LEADERS, CIRCLES, SITES, SYMBOLS, LABELS,
)  # fmt: skip
