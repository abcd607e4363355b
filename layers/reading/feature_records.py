"""Which records of the records a feature stands for."""

from __future__ import annotations

from collections.abc import Iterator

from data.models import PlanRecord
from layers.catalogue import Atlas


def records_of(atlas: Atlas, feature_id: str) -> tuple[tuple[str, PlanRecord], ...]:
    """Return (document id, record) of everything a feature was made from; none for a division."""
    layer, _, rest = feature_id.partition(":")
    record_id = rest.partition(":")[0]
    records = atlas.records
    if layer == "bases":
        return tuple((d, m) for d, m in records.base_mentions() if m.base == record_id)
    if layer == "targets":
        # A cluster's target is a part of its cluster's record: <cluster>-<indicator>-<year>.
        stem = record_id.rsplit("-", 2)[0]
        record_id = stem if stem in {c.id for _, c in records.clusters()} else record_id
    return tuple((d, r) for d, r in _all(atlas) if r.id == record_id)


def _all(atlas: Atlas) -> Iterator[tuple[str, PlanRecord]]:
    for plan in atlas.records.plans:
        for record in plan.records():
            yield plan.document, record
