"""What the documents say of the same matter, side by side, each side with its source."""

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
class Saying:
    """One side: what is said, and where (document and locator of each of its records)."""

    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """One matter with all its sides and the verdict."""

    group: str
    topic: str
    sides: tuple[Saying, ...]
    verdict: str
    remark: str | None


def findings(records: Records) -> list[Finding]:
    """Return every comparison of the data folder with the sources of its sides, in its order."""
    places = _sources(records)
    return [_finding(comparison, places) for comparison in records.comparisons]


def _finding(comparison: Comparison, places: dict[str, tuple[str, ...]]) -> Finding:
    sides = tuple(
        Saying(side.says, tuple(dict.fromkeys(p for r in side.records for p in places[r])))
        for side in comparison.sides
    )
    group = GROUPS[comparison.group]
    return Finding(group, comparison.topic, sides, comparison.verdict, comparison.remark)


def _sources(records: Records) -> dict[str, tuple[str, ...]]:
    """Return record id → sources; a base has those of all its mentions."""
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
