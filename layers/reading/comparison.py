"""What differs: the clusters' targets between two years, and two clusters side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from layers.catalogue import Atlas
from layers.columns import spans
from layers.kinds.clusters import THOUSAND_YI
from layers.reading.details import describe_feature, feature
from layers.reading.view import View, select


@dataclass(frozen=True)
class Change:
    """A cluster's targets of two years, in 亿元; what the document does not set is ``None``.

    The difference is that of the documents' figures, which are lower bounds (预计超).
    """

    id: str
    name: str
    industry: str
    start_wording: str | None
    start_yi: int | None
    end_wording: str | None
    end_yi: int | None
    difference_yi: int | None
    percent: float | None
    source: str

    @property
    def reaches_thousand(self) -> bool:
        """Whether the target of the second year is the first of the two from 1,000 亿元 on."""
        from_below = self.start_yi is not None and self.start_yi < THOUSAND_YI
        return from_below and self.end_yi is not None and self.end_yi >= THOUSAND_YI


@dataclass(frozen=True)
class Growth:
    """The targets of a view's clusters in two years.

    Totals (亿元) are over the `with_both` clusters that have a target in both years, and ``None``
    where none has. `without` names the shown clusters with a target in neither year.
    """

    start: int
    end: int
    changes: tuple[Change, ...]
    with_both: int
    start_total_yi: int | None
    end_total_yi: int | None
    without: tuple[str, ...]

    @property
    def difference_yi(self) -> int | None:
        """The difference of the totals."""
        if self.start_total_yi is None or self.end_total_yi is None:
            return None
        return self.end_total_yi - self.start_total_yi

    @property
    def percent(self) -> float | None:
        """The difference of the totals, in percent of the first year's, to one decimal place."""
        if self.difference_yi is None or not self.start_total_yi:
            return None
        return round(100 * self.difference_yi / self.start_total_yi, 1)

    @property
    def start_thousand(self) -> int:
        """Clusters whose target of the first year is 1,000 亿元 or more."""
        return sum((c.start_yi or 0) >= THOUSAND_YI for c in self.changes)

    @property
    def end_thousand(self) -> int:
        """Clusters whose target of the second year is 1,000 亿元 or more."""
        return sum((c.end_yi or 0) >= THOUSAND_YI for c in self.changes)

    @property
    def newly_thousand(self) -> tuple[str, ...]:
        """Names of the clusters that reach 1,000 亿元 between the two years."""
        return tuple(c.name for c in self.changes if c.reaches_thousand)


@dataclass(frozen=True)
class Fact:
    """What two features say under one label; ``None`` where one says nothing."""

    label: str
    left: str | None
    right: str | None

    @property
    def differs(self) -> bool:
        """Whether the two do not say the same."""
        return self.left != self.right


def growth_table(atlas: Atlas, view: View, start: int, end: int) -> Growth:
    """Return the targets of two years (`start` before `end`) and what changes between them.

    Differences are those of the layer ``growth``; the largest target of the second year comes
    first.

    Raises
    ------
    ValueError
        The layer does not compare these two years.
    """
    if (start, end) not in spans(atlas.records.atlas.years):
        raise ValueError(f"the layer of growth does not compare {start} with {end}")
    rows = select(atlas, "growth", view).drop(columns="geometry").to_dict("records")
    changes = [
        Change(
            id=f"clusters:{row['cluster_id']}",
            name=row["name"],
            industry=row["industries"][0],
            start_wording=_given(row[f"revenue_comparator_{start}"]),
            start_yi=_given(row[f"revenue_yi_{start}"]),
            end_wording=_given(row[f"revenue_comparator_{end}"]),
            end_yi=_given(row[f"revenue_yi_{end}"]),
            difference_yi=_given(row[f"change_yi_{start}_{end}"]),
            percent=_given(row[f"change_percent_{start}_{end}"]),
            source=f"{row['document']} {row['locator']}",
        )
        for row in rows
    ]
    with_any = [c for c in changes if not (c.start_yi is None and c.end_yi is None)]
    both = [(c.start_yi, c.end_yi) for c in changes if c.start_yi and c.end_yi]
    named = {c.id for c in with_any}
    clusters = select(atlas, "clusters", view)
    return Growth(
        start=start,
        end=end,
        changes=tuple(sorted(with_any, key=lambda c: (-(c.end_yi or 0), -(c.start_yi or 0), c.id))),
        with_both=len(both),
        start_total_yi=sum(first for first, _ in both) if both else None,
        end_total_yi=sum(second for _, second in both) if both else None,
        without=tuple(clusters["name"][~clusters["id"].isin(named)]),
    )


def side_by_side(atlas: Atlas, left: str, right: str) -> tuple[Fact, ...]:
    """Return what two features say, label by label: role, targets by year, facts, source.

    Raises
    ------
    KeyError
        An id that names no feature.
    """
    said = [_said(atlas, feature_id) for feature_id in (left, right)]
    years = [f"{year}年营业收入目标" for year in atlas.records.atlas.years]
    facts = [label for own in said for label in own if label not in ("层级", "来源", *years)]
    # The fuller side's order, then what the other says besides.
    fuller = max(said, key=len)
    ordered = [label for label in fuller if label in facts]
    labels = dict.fromkeys(("层级", *years, *ordered, *facts, "来源"))
    return tuple(
        Fact(label, said[0].get(label), said[1].get(label))
        for label in labels
        if any(label in own for own in said)
    )


def _said(atlas: Atlas, feature_id: str) -> dict[str, str]:
    """Return label → text of a feature, in the order in which its details tell it."""
    row = feature(atlas, feature_id)
    if row is None:
        raise KeyError(feature_id)
    details = describe_feature(atlas, row)
    targets = {f"{year}年营业收入目标": text for year, text in details.targets}
    return {"层级": details.role, **targets, **dict(details.facts), "来源": details.source}


def _given(value: Any) -> Any:
    """Return a table's value, or ``None`` where it is missing."""
    return None if pd.isna(value) else value
