"""The legend: groups in order, and entries that stand for all features with their key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from layers.portrayal.style import NamedStyle
from layers.portrayal.symbols import SymbolDesign

SWATCH_FAMILY: Final = "it"  # whose colour stands for all industries where none is shown


@dataclass(frozen=True)
class LegendGroup:
    """A heading of the legend; groups with a lower `rank` come first."""

    title: str
    rank: int


LAYOUT: Final = LegendGroup("空间布局", 10)
INDUSTRIES: Final = LegendGroup("产业", 20)
CLUSTER_AREAS: Final = LegendGroup("集群范围", 30)
SITES: Final = LegendGroup("基地与项目（圆内为同一地点的项数）", 40)
GROWTH: Final = LegendGroup("目标增长", 50)
STATUS: Final = LegendGroup("几何状态", 60)
DIVISIONS: Final = LegendGroup("政区", 70)


@dataclass(frozen=True)
class LegendEntry:
    """A line of the legend, shown while a feature with its key is shown.

    Attributes
    ----------
    group
        The heading it stands under.
    key
        One of the features' `legend_keys`.
    title
        What it says.
    swatch
        The style of its swatch for a colour family; one that is not of an industry ignores it.
    symbol
        The symbol in place of a swatch.
    diagram_swatch
        The swatch while the layout is drawn as a diagram, where that differs.
    notes
        Lines below the group.
    rank
        Entries of a group stand by rank, then in the order of their kinds.
    """

    group: LegendGroup
    key: str
    title: str
    swatch: Callable[[str], NamedStyle]
    symbol: SymbolDesign | None = None
    diagram_swatch: NamedStyle | None = None
    notes: tuple[str, ...] = ()
    rank: int = 0


def always(style: NamedStyle) -> Callable[[str], NamedStyle]:
    """Return a swatch that is the same for every colour family.

    Parameters
    ----------
    style
        The style of the swatch.
    """
    return lambda _family: style
