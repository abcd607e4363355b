"""What the documents state about the same topic, side by side, each side with its source."""

from __future__ import annotations

from dataclasses import dataclass

from data.models import Comparison
from data.reader import Records

GROUPS = {
    "within": "同一文件之内",
    "figures": "数值",
    "space": "空间",
    "taxonomy": "产业分类",
    "names": "名称",
}


@dataclass(frozen=True)
class FindingSide:
    """One side of a finding.

    Attributes
    ----------
    says
        The statement.
    sources
        Document id and locator of each of its records.
    """

    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """One topic with all its sides and the verdict.

    Attributes
    ----------
    group
        The title of its group, one of the values of :data:`GROUPS`.
    topic
        What is compared.
    sides
        The statements.
    verdict, remark
        How the statements relate, and a remark on it, where there is one.
    """

    group: str
    topic: str
    sides: tuple[FindingSide, ...]
    verdict: str
    remark: str | None


def findings(records: Records) -> list[Finding]:
    """Return every comparison of the data folder, in its order, with the sources of its sides.

    Parameters
    ----------
    records
        The records of a data folder.
    """
    places = _sources(records)
    return [_finding(comparison, places) for comparison in records.comparisons]


def _finding(comparison: Comparison, places: dict[str, tuple[str, ...]]) -> Finding:
    sides = tuple(
        FindingSide(side.says, tuple(dict.fromkeys(p for r in side.records for p in places[r])))
        for side in comparison.sides
    )
    group = GROUPS[comparison.group]
    return Finding(group, comparison.topic, sides, comparison.verdict, comparison.remark)


def _sources(records: Records) -> dict[str, tuple[str, ...]]:
    """Return record id → sources; a base has the sources of all its mentions."""
    sources: dict[str, tuple[str, ...]] = {}
    for plan in records.plans:
        for record in plan.records():
            sources[record.id] = (f"{plan.document} {record.locator}",)
    for document, mention in records.base_mentions():
        sources[mention.base] = (
            *sources.get(mention.base, ()),
            f"{document} {mention.locator}",
        )
    return sources
