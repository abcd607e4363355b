"""Compute medians, percentiles, ratios and goals from measurements, and format them as Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

MISSING = "–"


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` per cent of `values` do not exceed.

    >>> percentile([10, 20, 30, 40], 50), percentile(range(1, 21), 95)
    (20, 19)
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


@dataclass(frozen=True)
class Goal:
    """A limit that a measured value must not exceed or, with `least`, not fall below."""

    title: str
    value: float
    limit: float
    unit: str = "×"
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the value is within the limit."""
        return self.value >= self.limit if self.least else self.value <= self.limit

    @property
    def verdict(self) -> str:
        """Whether the goal is met, or by which factor it is missed.

        >>> Goal("faster", 8.0, 10, least=True).verdict
        'MISSED by a factor of 1.25'
        """
        if self.met:
            return "met"
        larger, smaller = sorted((self.value, self.limit), reverse=True)
        return f"MISSED by a factor of {larger / smaller:.2f}" if smaller else "MISSED"


def goals_table(goals: Iterable[Goal]) -> str:
    """Return the goals as a Markdown table."""
    rows = [
        [
            goal.title,
            f"{'≥' if goal.least else '≤'} {number(goal.limit)} {goal.unit}".rstrip(),
            f"{number(goal.value)} {goal.unit}".rstrip(),
            goal.verdict,
        ]
        for goal in goals
    ]
    return table(["goal", "limit", "measured", ""], rows)


def comparison(titles: Sequence[str], rows: Iterable[tuple[str, Sequence[float | str]]]) -> str:
    """Return a table with one row per measure and one column per way, with ratios to the first.

    >>> print(comparison(["page", "other"], [("ms", [50, 500]), ("view kept", ["yes", "no"])]))
    | | page | other |
    |---|---|---|
    | ms | 50 | 500 (10×) |
    | view kept | yes | no |
    """
    return table(["", *titles], [[title, *_with_ratios(values)] for title, values in rows])


def _with_ratios(values: Sequence[float | str]) -> list[str]:
    first = values[0]
    cells = []
    for place, value in enumerate(values):
        cell = value if isinstance(value, str) else number(value)
        if place and not isinstance(value, str) and not isinstance(first, str) and first > 0:
            ratio = number(value / first)
            cell += f" ({ratio}×)" if ratio != MISSING else ""
        cells.append(cell)
    return cells


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    cells = ["| " + " | ".join(line) + " |" for line in lines]
    cells[0] = cells[0].replace("|  |", "| |", 1)
    cells[1] = "|" + "---|" * len(head)
    return "\n".join(cells)


def number(value: float) -> str:
    """Format a number with about three digits; a missing measurement is a dash.

    >>> number(1234.5), number(52.34), number(3.456), number(0.0), number(0.0123), number(math.nan)
    ('1,234', '52.3', '3.46', '0', '0.0123', '–')
    """
    if math.isnan(value):
        return MISSING
    if abs(value) >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def middle(values: Sequence[float]) -> float:
    """Return the median of `values`, or ``nan`` if there are none."""
    return median(values) if values else math.nan
