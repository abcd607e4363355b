"""Colours and lines of the base map: land, sea, neighbours, boundaries and their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class BaseMap:
    """Colours (``#rrggbb``) and line widths (screen pixels) of what lies below the features."""

    land: str = "#fffefb"
    neighbour: str = "#eff0f0"
    enclosed: str = "#eae5dd"
    sea: str = "#dfeaf1"
    county_line: str = "#dcdfe2"
    county_weight: float = 0.7
    neighbour_line: str = "#d2d5d8"
    neighbour_weight: float = 1.0
    province_line: str = "#7a828c"
    province_weight: float = 1.3
    glow: str = "#c3c9cf"
    glow_weight: float = 7.0
    glow_opacity: float = 0.35
    name: str = "#5d656e"


BASE_MAP: Final = BaseMap()
