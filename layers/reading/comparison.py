"""Comparisons: the clusters' targets of two years, and two features side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from layers.atlas import Atlas
from layers.kinds.clusters import KIND as CLUSTERS
from layers.kinds.growth import KIND as GROWTH
from layers.reading.details import describe_feature, feature_row
from layers.reading.view import View, select
from layers.shared.figures import THOUSAND_YI, year_spans


@dataclass(frozen=True)
class TargetChange:
    """A cluster's revenue targets of two years.

    Attributes
    ----------
    id, name
        Those of the cluster; the id is a feature id.
    industry
        The id of its first industry.
    start_wording, end_wording
        The words that the document puts before each figure, such as 预计超.
    start_yi, end_yi
        The targets in 亿元; ``None`` where the document sets none.
    difference_yi, percent
        The change from the first year to the second, in 亿元 and in percent. The figures compared
        are lower bounds.
    source
        Document id and locator.
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
        """Whether the target rises from below 1,000 亿元 to 1,000 亿元 or more."""
        from_below = self.start_yi is not None and self.start_yi < THOUSAND_YI
        return from_below and self.end_yi is not None and self.end_yi >= THOUSAND_YI


@dataclass(frozen=True)
class Growth:
    """The targets of a view's clusters in two years.

    Attributes
    ----------
    start, end
        The two years.
    changes
        The clusters with a target in at least one of the years, the largest target of the second
        year first.
    with_both
        How many clusters have a target in both years.
    start_total_yi, end_total_yi
        Their totals in 亿元; ``None`` where no cluster has both targets.
    without
        Names of the shown clusters with a target in neither year.
    """

    start: int
    end: int
    changes: tuple[TargetChange, ...]
    with_both: int
    start_total_yi: int | None
    end_total_yi: int | None
    without: tuple[str, ...]

    @property
    def difference_yi(self) -> int | None:
        """The difference between the totals, in 亿元."""
        if self.start_total_yi is None or self.end_total_yi is None:
            return None
        return self.end_total_yi - self.start_total_yi

    @property
    def percent(self) -> float | None:
        """The difference between the totals in percent of the first, to one decimal place."""
        if self.difference_yi is None or not self.start_total_yi:
            return None
        return round(100 * self.difference_yi / self.start_total_yi, 1)

    @property
    def start_thousand(self) -> int:
        """How many clusters have a target of 1,000 亿元 or more in the first year."""
        return sum((c.start_yi or 0) >= THOUSAND_YI for c in self.changes)

    @property
    def end_thousand(self) -> int:
        """How many clusters have a target of 1,000 亿元 or more in the second year."""
        return sum((c.end_yi or 0) >= THOUSAND_YI for c in self.changes)

    @property
    def newly_thousand(self) -> tuple[str, ...]:
        """Names of the clusters whose target reaches 1,000 亿元 between the two years."""
        return tuple(c.name for c in self.changes if c.reaches_thousand)


@dataclass(frozen=True)
class ComparedFact:
    """One label of a comparison and the text of each feature; ``None`` where a feature has none."""

    label: str
    left: str | None
    right: str | None

    @property
    def differs(self) -> bool:
        """Whether the two texts differ."""
        return self.left != self.right


def growth_table(atlas: Atlas, view: View, start: int, end: int) -> Growth:
    """Return the targets of two years and the changes between them.

    The differences are taken from the columns of the layer ``growth``.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view; its target year and its layer switches do not matter.
    start, end
        Two target years, one of the pairs of :func:`layers.shared.figures.year_spans`.

    Raises
    ------
    ValueError
        The layer does not compare these two years.
    """
    if (start, end) not in year_spans(atlas.records.atlas.years):
        raise ValueError(f"the layer of growth does not compare {start} with {end}")
    rows = select(atlas, GROWTH.id, view).drop(columns="geometry").to_dict("records")
    changes = [
        TargetChange(
            id=CLUSTERS.feature_id(row["cluster_id"]),
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
    clusters = select(atlas, CLUSTERS.id, view)
    return Growth(
        start=start,
        end=end,
        changes=tuple(sorted(with_any, key=lambda c: (-(c.end_yi or 0), -(c.start_yi or 0), c.id))),
        with_both=len(both),
        start_total_yi=sum(first for first, _ in both) if both else None,
        end_total_yi=sum(second for _, second in both) if both else None,
        without=tuple(clusters["name"][~clusters["id"].isin(named)]),
    )


def side_by_side(atlas: Atlas, left: str, right: str) -> tuple[ComparedFact, ...]:
    """Return the details of two features, label by label.

    The labels stand in this order: role, targets by year, facts, source. A label that neither
    feature has is left out.

    Parameters
    ----------
    atlas
        The atlas.
    left, right
        Feature ids.

    Raises
    ------
    KeyError
        One of the ids names no feature.
    """
    said = [_said(atlas, feature_id) for feature_id in (left, right)]
    years = [f"{year}年营业收入目标" for year in atlas.records.atlas.years]
    facts = [label for own in said for label in own if label not in ("层级", "来源", *years)]
    # The order of the side with more labels, then the other labels of the other side.
    fuller = max(said, key=len)
    ordered = [label for label in fuller if label in facts]
    labels = dict.fromkeys(("层级", *years, *ordered, *facts, "来源"))
    return tuple(
        ComparedFact(label, said[0].get(label), said[1].get(label))
        for label in labels
        if any(label in own for own in said)
    )


def _said(atlas: Atlas, feature_id: str) -> dict[str, str]:
    """Return label → text of a feature, in the order of its details."""
    row = feature_row(atlas, feature_id)
    if row is None:
        raise KeyError(feature_id)
    details = describe_feature(atlas, row)
    targets = {f"{year}年营业收入目标": text for year, text in details.targets}
    return {"层级": details.role, **targets, **dict(details.facts), "来源": details.source}


def _given(value: Any) -> Any:
    """Return a table's value, or ``None`` where it is null."""
    return None if pd.isna(value) else value
