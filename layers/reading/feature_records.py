"""The plan records from which a feature was made."""

from __future__ import annotations

from data.models import BaseMention, PlanRecord
from layers.atlas import Atlas
from layers.catalogue import KINDS


def records_of(atlas: Atlas, feature_id: str) -> tuple[tuple[str, PlanRecord], ...]:
    """Return (document id, record) for each plan record behind a feature; none for a division.

    Parameters
    ----------
    atlas
        The atlas.
    feature_id
        The id of a feature.
    """
    layer, _, rest = feature_id.partition(":")
    record_id = KINDS[layer].record_id(atlas, rest)
    return tuple(
        (plan.document, record)
        for plan in atlas.records.plans
        for record in plan.records()
        if record_id == (record.base if isinstance(record, BaseMention) else record.id)
    )
