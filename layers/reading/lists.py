"""The lists behind the headline figures: which clusters and counties they count.

A list depends on the view. It has a profile's shape, and a key of its own: ``view:thousand``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from layers.catalogue import Atlas
from layers.kinds.clusters import THOUSAND_YI, TIERS
from layers.reading.counts import shared_counties
from layers.reading.details import citations, target
from layers.reading.profile import Entry, Profile
from layers.reading.summary import cluster_counties, counties
from layers.reading.view import View, select

_HOSTED = "（区内开发区）"  # the document names a zone, which lies in the county

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
    names = {c.adcode: f"{c.name}·{c.city}" for c in atlas.records.counties}
    shared = shared_counties(atlas, view)
    found = _counties(atlas, view, {adcode: names[adcode] for adcode in shared})
    return [("县(市、区)", [found[adcode] for adcode in shared])]


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
    return Entry(f"{row['name']}　{figure}", citations(atlas, row), row["id"])


def _by_city(atlas: Atlas, view: View, adcodes: set[str]) -> list[Section]:
    """Return the counties under their cities."""
    wanted = [county for county in atlas.records.counties if county.adcode in adcodes]
    found = _counties(atlas, view, {county.adcode: county.name for county in wanted})
    sections: dict[str, list[Entry]] = {}
    for county in wanted:
        sections.setdefault(county.city, []).append(found[county.adcode])
    return list(sections.items())


def _counties(atlas: Atlas, view: View, names: Mapping[str, str]) -> dict[str, Entry]:
    """Return county → entry with the shown clusters that it is a part of.

    Where the document names a zone and the county only hosts it, the entry says so.
    """
    rows = {row["cluster_id"]: row for row in _rows(atlas, view)}
    short = {c.id: c.short_name for _, c in atlas.records.clusters()}
    named: dict[str, dict[str, bool]] = {}  # county → cluster → whether it names the county itself
    for cluster, is_zone, own in cluster_counties(atlas):
        if cluster in rows:
            for adcode in own:
                of = named.setdefault(adcode, {})
                of[cluster] = of.get(cluster, False) or not is_zone
    return {
        adcode: Entry(
            f"{name}　{'、'.join(short[c] + ('' if it else _HOSTED) for c, it in of.items())}",
            tuple(dict.fromkeys(source for c in of for source in citations(atlas, rows[c]))),
            f"admin-counties:{adcode}",
        )
        for adcode, name in names.items()
        for of in [named[adcode]]
    }
