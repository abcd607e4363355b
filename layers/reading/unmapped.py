"""Records that are on no layer, because their document names no place that can be drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from data.reader import Records
from layers.atlas import Atlas
from layers.kinds.bases import KIND as BASES
from layers.kinds.future_industries import KIND as FUTURE
from layers.kinds.projects import KIND as PROJECTS
from layers.reading.view import View

CONCEPT = "布局概念"
_NO_REGION = "文件未写地区"


@dataclass(frozen=True)
class UnmappedRecord:
    """A record without a place.

    Attributes
    ----------
    id
        The id of the record.
    item
        What it is about; the mentions of one base are one item.
    layer
        The id of the layer on which it would stand; ``None`` for a concept of a layout.
    kind_title, name
        What it is, in Chinese, and its name.
    why
        Why it is on no layer.
    industries
        The industries of the item.
    document, locator
        Where it is written.
    """

    id: str
    item: str
    layer: str | None
    kind_title: str
    name: str
    why: str
    industries: frozenset[str]
    document: str
    locator: str


@lru_cache(maxsize=4)
def unmapped_records(atlas: Atlas) -> tuple[UnmappedRecord, ...]:
    """Return all records without a place, by document and kind.

    Parameters
    ----------
    atlas
        The atlas.
    """
    order = {document.id: n for n, document in enumerate(atlas.records.documents)}
    return tuple(sorted(_records(atlas), key=lambda record: order[record.document]))


def unmapped_in(atlas: Atlas, layers: Iterable[str], view: View) -> list[UnmappedRecord]:
    """Return the records without a place that would stand on some layers, and all concepts.

    A record without a place belongs to no city or county, so of the filters only the industry has
    an effect.

    Parameters
    ----------
    atlas
        The atlas.
    layers
        Ids of layers.
    view
        The view whose industries are kept.
    """
    there = {None, *layers}
    return [
        record
        for record in unmapped_records(atlas)
        if record.layer in there
        and (
            record.layer is None
            or not view.industries
            or not record.industries.isdisjoint(view.industries)
        )
    ]


def _records(atlas: Atlas) -> Iterator[UnmappedRecord]:
    records = atlas.records
    for plan in records.plans:
        for c in plan.concepts:
            name = f"{c.name}（{c.meaning}）"
            yield UnmappedRecord(
                c.id, c.id, None, CONCEPT, name, c.why_not_mapped,
                frozenset(), plan.document, c.locator,
            )  # fmt: skip
    for document, f in records.future():
        if f.places is None:
            yield UnmappedRecord(
                f.id, f.id, FUTURE.id, FUTURE.title, f.name, _NO_REGION,
                frozenset(records.industries_of(document, f)), document, f.locator,
            )  # fmt: skip
    yield from _base_mentions(records)
    for document, p in records.projects():
        if p.why_not_mapped:
            name = f"{p.name}（{p.company}）" if p.company else p.name
            yield UnmappedRecord(
                p.id, p.id, PROJECTS.id, PROJECTS.title, name, p.why_not_mapped,
                frozenset(records.industries_of(document, p)), document, p.locator,
            )  # fmt: skip


def _base_mentions(records: Records) -> Iterator[UnmappedRecord]:
    """Yield the mentions of bases without a place; a base has the industries of all of them."""
    reasons = {base.id: base.why_not_mapped for base in records.bases}
    industries: dict[str, set[str]] = defaultdict(set)
    for document, m in records.base_mentions():
        industries[m.base] |= set(records.industries_of(document, m))
    for document, m in records.base_mentions():
        why = reasons[m.base]
        if why:
            yield UnmappedRecord(
                m.id, m.base, BASES.id, BASES.title, m.name, why,
                frozenset(industries[m.base]), document, m.locator,
            )  # fmt: skip
