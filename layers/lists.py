"""The lists behind the headline figures: which clusters and counties they count.

A list depends on the view. It has a profile's shape, and a key of its own: ``view:thousand``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from layers.catalogue import Atlas
from layers.clusters import THOUSAND_YI, TIERS
from layers.counts import clusters_of_counties, shared_counties
from layers.details import sources, target
from layers.profile import Entry, Profile
from layers.summary import counties, parts
from layers.view import View, ids, select

Section = tuple[str, list[Entry]]
Row = Mapping[str, Any]


def listed(atlas: Atlas, view: View, key: str) -> Profile | None:
    """Return the list of a key in `view`, or ``None`` for a key that names none."""
    if key not in LISTS:
        return None
    title, make = LISTS[key]
    made = tuple((heading, tuple(entries)) for heading, entries in make(atlas, view) if entries)
    return Profile(key, title.format(year=view.year), "清单", made)


def members(atlas: Atlas, view: View, key: str) -> list[str]:
    """Return the ids of the features on a list, in its order; none for a key that names none."""
    found = listed(atlas, view, key)
    entries = [entry for _, own in found.sections for entry in own] if found else []
    return [entry.feature for entry in entries if entry.feature]


def _clusters(atlas: Atlas, view: View) -> list[Section]:
    rows = _rows(atlas, view)
    return [
        (title, [_cluster(atlas, view, row) for row in rows if row["tier"] == tier])
        for tier, title in TIERS.items()
    ]


def _key_clusters(atlas: Atlas, view: View) -> list[Section]:
    return [section for section in _clusters(atlas, view) if section[0] == TIERS["key"]]


def _with_target(atlas: Atlas, view: View) -> list[Section]:
    return [("产业集群", [_cluster(atlas, view, row) for row in _targets(atlas, view)])]


def _thousand(atlas: Atlas, view: View) -> list[Section]:
    reached = [row for row in _targets(atlas, view) if row["revenue_yi"] >= THOUSAND_YI]
    return [("产业集群", [_cluster(atlas, view, row) for row in reached])]


def _direct(atlas: Atlas, view: View) -> list[Section]:
    return _by_city(atlas, view, counties(atlas, view)[0])


def _hosting(atlas: Atlas, view: View) -> list[Section]:
    return _by_city(atlas, view, counties(atlas, view)[1])


def _shared(atlas: Atlas, view: View) -> list[Section]:
    of = clusters_of_counties(atlas, view)
    rows = {row["cluster_id"]: row for row in _rows(atlas, view)}
    cities = {c.adcode: f"{c.name}·{c.city}" for c in atlas.library.counties}
    entries = [
        _county(atlas, adcode, cities[adcode], [rows[cluster] for cluster in of[adcode]])
        for adcode in shared_counties(atlas, view)
    ]
    return [("县(市、区)", entries)]


# Key → title and what makes the list, in the order of the figures.
LISTS: Mapping[str, tuple[str, Callable[[Atlas, View], list[Section]]]] = {
    "view:clusters": ("产业集群与{year}年营业收入目标", _clusters),
    "view:key": ("重点支持的产业集群与{year}年营业收入目标", _key_clusters),
    "view:counties": ("集群涉及的县(市、区)", _direct),
    "view:hosting": ("另经开发区所在涉及的县(市、区)", _hosting),
    "view:shared": ("属多个集群的县(市、区)", _shared),
    "view:with-target": ("有{year}年营业收入目标的集群", _with_target),
    "view:thousand": ("{year}年预计达千亿元及以上的集群", _thousand),
}


def _rows(atlas: Atlas, view: View) -> list[Row]:
    rows: list[Row] = select(atlas, "clusters", view).drop(columns="geometry").to_dict("records")
    return rows


def _targets(atlas: Atlas, view: View) -> list[Row]:
    """Return the clusters with a target of the view's year, the highest first."""
    rows = [row for row in _rows(atlas, view) if target(row, view.year) is not None]
    return sorted(rows, key=lambda row: -row["revenue_yi"])


def _cluster(atlas: Atlas, view: View, row: Row) -> Entry:
    figure = target(row, view.year) or f"文件未给{view.year}年目标"
    return Entry(f"{row['name']}　{figure}", sources(atlas, row), row["id"])


def _by_city(atlas: Atlas, view: View, adcodes: set[str]) -> list[Section]:
    """Return the counties under their cities, each with the shown clusters it is a part of."""
    shown = set(ids(atlas, "clusters", view))
    rows = {row["cluster_id"]: row for row in _rows(atlas, view)}
    of: dict[str, dict[str, Row]] = {}
    for cluster, _, own in parts(atlas):
        if f"clusters:{cluster}" in shown:
            for adcode in own:
                of.setdefault(adcode, {})[cluster] = rows[cluster]
    sections: dict[str, list[Entry]] = {}
    for county in atlas.library.counties:
        if county.adcode in adcodes:
            entry = _county(atlas, county.adcode, county.name, of[county.adcode].values())
            sections.setdefault(county.city, []).append(entry)
    return list(sections.items())


def _county(atlas: Atlas, adcode: str, name: str, clusters: Iterable[Row]) -> Entry:
    clusters = list(clusters)
    short = {c.id: c.short_name for _, c in atlas.library.clusters()}
    names = "、".join(short[row["cluster_id"]] for row in clusters)
    found = dict.fromkeys(source for row in clusters for source in sources(atlas, row))
    return Entry(f"{name}　{names}", tuple(found), f"admin-counties:{adcode}")
