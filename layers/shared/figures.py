"""Figures in the wording of their documents, and the pairs of years that are compared."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pandas as pd

from layers.kind import Row, has_value

THOUSAND_YI = 1000  # in 亿元: the threshold of 千亿级, by which the documents count clusters


def revenue_target_text(row: Row, year: int) -> str | None:
    """Return a cluster's revenue target of a year in its document's wording.

    Parameters
    ----------
    row
        A row with ``revenue_yi_<year>`` (亿元) and ``revenue_comparator_<year>``.
    year
        A target year.

    Returns
    -------
    str or None
        ``None`` where the document sets no target.

    Examples
    --------
    >>> revenue_target_text({"revenue_yi_2025": 2100, "revenue_comparator_2025": "预计突破"}, 2025)
    '预计突破 2,100 亿元'
    """
    value = row[f"revenue_yi_{year}"]
    return None if pd.isna(value) else f"{row[f'revenue_comparator_{year}']} {value:,} 亿元"


def figure_text(row: Row) -> str:
    """Return a target's figure in its document's wording.

    Parameters
    ----------
    row
        A row with ``value, value_high, value_text, unit, comparator``.

    Examples
    --------
    >>> figure_text({"value": 25.0, "value_high": None, "unit": "%", "comparator": "达到…左右"})
    '达到 25% 左右'
    """
    if has_value(row["value"]):
        high = f"—{row['value_high']:,g}" if has_value(row["value_high"]) else ""
        number = f"{row['value']:,g}{high}"
        text = f"{number}{'' if row['unit'] == '%' else ' '}{row['unit']}"
    else:
        text = f"{row['value_text']}{row['unit'] if has_value(row['unit']) else ''}"
    before, dots, after = (row["comparator"] if has_value(row["comparator"]) else "").partition("…")
    return " ".join(part for part in (before, text, after if dots else "") if part)


def year_spans(years: Iterable[int]) -> list[tuple[int, int]]:
    """Return the pairs of target years that are compared: neighbours, then first and last.

    Parameters
    ----------
    years
        The atlas's target years, in order.

    Examples
    --------
    >>> year_spans([2023, 2025, 2027])
    [(2023, 2025), (2025, 2027), (2023, 2027)]
    """
    known = list(years)
    pairs = list(itertools.pairwise(known))
    return pairs + ([(known[0], known[-1])] if len(known) > 2 else [])
