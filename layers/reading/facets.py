"""Facet counts: how many items each option of a filter would show, given the other filters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.reading.view import View, filter_values

# The layers of whole clusters: tiers are counted in these alone.
_WHOLE = [kind.id for kind in KINDS.values() if kind.cluster == "whole"]


@lru_cache(maxsize=256)
def facets(atlas: Atlas, view: View) -> Mapping[str, Mapping[str, int]]:
    """Return filter → value → number of items that the value would show as the only one chosen.

    Features of the shown layers that have values for the filter are counted, except administrative
    divisions. A cluster counts once, together with its core zones, radiation areas and growth.
    Tiers count clusters even when their layer is not shown, as the headline figures do.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view; when a filter's options are counted, its own choices are ignored.
    """
    items: dict[str, dict[str, set[str | None]]] = {name: {} for name in view.filters}
    for layer in dict.fromkeys([*view.layers, *_WHOLE]):
        if KINDS[layer].division:
            continue
        for found in filter_values(atlas, layer):
            item = found.cluster_id if KINDS[layer].cluster else found.id
            unmet = found.unmet(view)
            for name, values in found.values.items():
                if layer not in (_WHOLE if name == "tier" else view.layers):
                    continue
                if not unmet or unmet == [name]:  # another value of this filter would show it
                    for value in values:
                        items[name].setdefault(value, set()).add(item)
    return {
        name: {value: len(found) for value, found in sorted(counted.items())}
        for name, counted in items.items()
    }
