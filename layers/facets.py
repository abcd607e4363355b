"""How many things each option of a filter would show, given the other filters and the layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from layers.catalogue import Atlas
from layers.counts import CLUSTER_LAYERS
from layers.view import View, filters_of, select

_FIELDS: Mapping[str, tuple[str, str]] = {
    "industry": ("industries", "industries"),
    "tier": ("tiers", "tier"),
    "city": ("cities", "city_adcodes"),
    "county": ("counties", "adcodes"),
}
# A frame of reference, not things to be counted.
_DIVISIONS = ("admin-cities", "admin-counties")


@lru_cache(maxsize=256)
def facets(atlas: Atlas, view: View) -> dict[str, dict[str, int]]:
    """Return filter → value → number of things that the value, alone in its filter, would show.

    Counted are the features of the shown layers that have values for the filter, divisions apart;
    a cluster with its core zones, radiation areas and growth counts once.
    """
    return {name: _counts(atlas, view, name) for name in _FIELDS}


def _counts(atlas: Atlas, view: View, name: str) -> dict[str, int]:
    parameter, column = _FIELDS[name]
    unset: dict[str, Any] = {parameter: ()}
    others = replace(view, **unset)
    things: dict[str, set[str]] = {}
    for layer in view.layers:
        if layer in _DIVISIONS or name not in filters_of(layer):
            continue
        rows = select(atlas, layer, others)
        for own, cluster, values in zip(rows["id"], rows["cluster_id"], rows[column], strict=True):
            thing = cluster if layer in CLUSTER_LAYERS else own
            for value in values if isinstance(values, tuple) else (values,):
                if isinstance(value, str):
                    things.setdefault(value, set()).add(thing)
    return {value: len(found) for value, found in sorted(things.items())}
