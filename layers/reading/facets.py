"""How many things each option of a filter would show, given the other filters and the layers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from layers.catalogue import Atlas
from layers.reading.counts import CLUSTER_LAYERS
from layers.reading.view import View, filter_values

# A frame of reference, not things to be counted.
_DIVISIONS = ("admin-cities", "admin-counties")


@lru_cache(maxsize=256)
def facets(atlas: Atlas, view: View) -> Mapping[str, Mapping[str, int]]:
    """Return filter → value → number of things that the value, alone in its filter, would show.

    Counted are the features of the shown layers that have values for the filter, divisions apart;
    a cluster with its core zones, radiation areas and growth counts once. A tier counts clusters,
    shown or not, as the headline figures do.
    """
    things: dict[str, dict[str, set[str | None]]] = {name: {} for name in view.filters}
    for layer in dict.fromkeys([*view.layers, "clusters"]):
        if layer in _DIVISIONS:
            continue
        for found in filter_values(atlas, layer):
            thing = found.cluster_id if layer in CLUSTER_LAYERS else found.id
            unmet = found.unmet(view)
            for name, values in found.values.items():
                if layer not in (["clusters"] if name == "tier" else view.layers):
                    continue
                if not unmet or unmet == [name]:  # another value of this filter would show it
                    for value in values:
                        things[name].setdefault(value, set()).add(thing)
    return {
        name: {value: len(found) for value, found in sorted(counted.items())}
        for name, counted in things.items()
    }
