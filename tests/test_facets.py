"""Counts beside the options: what choosing one would show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.reading.facets import facets
from layers.reading.view import View, filters_of, select

PARAMETERS = {"industry": "industries", "tier": "tiers", "city": "cities", "county": "counties"}


def shown(atlas, view: View, name: str) -> set[str]:
    """The things a view shows of the layers that a filter speaks to, clusters counted once.

    Of tiers they are the clusters, whatever is shown.
    """
    things = set()
    for layer in ["clusters"] if name == "tier" else view.layers:
        if name in filters_of(layer) and not layer.startswith("admin-"):
            for row in select(atlas, layer, view).drop(columns="geometry").to_dict("records"):
                is_part = layer.startswith("clusters") or layer == "growth"
                things.add(row["cluster_id"] if is_part else row["id"])
    return things


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_count_is_what_choosing_the_option_shows(atlas, views, data):
    view = data.draw(views)
    name = data.draw(st.sampled_from(sorted(PARAMETERS)))
    counts = facets(atlas, view)[name]
    parameter = PARAMETERS[name]
    values = {
        "industry": [i.id for i in atlas.records.industries],
        "tier": ["key", "cultivated"],
        "city": list(atlas.records.cities),
        "county": [c.adcode for c in atlas.records.counties],
    }[name]
    value = data.draw(st.sampled_from(values))
    chosen = replace(view, **{parameter: (value,)})
    assert counts.get(value, 0) == len(shown(atlas, chosen, name))


def test_clusters_of_the_first_view(atlas):
    counts = facets(atlas, View(2025, layers=("clusters", "clusters-core", "clusters-radiation")))
    assert counts["tier"] == {"cultivated": 8, "key": 9}
    assert counts["industry"]["it"] == len(select(atlas, "clusters", View(2025, ("it",))))


@pytest.mark.parametrize("name", PARAMETERS)
def test_nothing_but_tiers_is_counted_where_no_layer_is_shown(atlas, name):
    counts = facets(atlas, View(2025, layers=("admin-counties",)))[name]
    assert counts == ({"cultivated": 8, "key": 9} if name == "tier" else {})
