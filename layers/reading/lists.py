"""The lists behind the headline figures: the clusters and counties that each figure counts.

A list depends on the view. It is a :class:`layers.reading.profile.Profile` with a key such as
``view:thousand``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geo.gazetteer import PlaceKind
from layers.atlas import Atlas
from layers.kind import Row
from layers.kinds.admin_counties import KIND as COUNTIES
from layers.kinds.clusters import KIND as CLUSTERS
from layers.reading.counts import shared_counties
from layers.reading.details import citations
from layers.reading.profile import Entry, Profile
from layers.reading.summary import PLACE_KINDS, cluster_counties, counties_by_place
from layers.reading.view import View, select
from layers.shared.figures import THOUSAND_YI, revenue_target_text
from layers.shared.vocabulary import TIERS

# Behind a cluster that names a county only by its city or by a zone in it.
_NAMED_BY = {"county": "", "city": "（随所在市）", "zone": "（区内开发区）"}

Section = tuple[str, list[Entry]]  # heading and entries


def headline_list(atlas: Atlas, view: View, key: str) -> Profile | None:
    """Return a list for a view, or ``None`` if the key names no list.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    key
        One of :data:`LISTS`.
    """
    if key not in LISTS:
        return None
    title, make = LISTS[key]
    made = tuple((heading, tuple(entries)) for heading, entries in make(atlas, view) if entries)
    return Profile(key, title.format(year=view.year), "清单", made)


def headline_list_ids(atlas: Atlas, view: View, key: str) -> list[str]:
    """Return the feature ids of a list in its order; none if the key names no list.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    key
        One of :data:`LISTS`.
    """
    found = headline_list(atlas, view, key)
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


def _named(atlas: Atlas, view: View) -> list[Section]:
    return _by_city(atlas, view, counties_by_place(atlas, view)["county"])


def _of_cities(atlas: Atlas, view: View) -> list[Section]:
    return _by_city(atlas, view, counties_by_place(atlas, view)["city"])


def _of_zones(atlas: Atlas, view: View) -> list[Section]:
    return _by_city(atlas, view, counties_by_place(atlas, view)["zone"])


def _shared(atlas: Atlas, view: View) -> list[Section]:
    names = {c.adcode: f"{c.name}·{c.city}" for c in atlas.records.counties}
    shared = shared_counties(atlas, view)
    found = _counties(atlas, view, {adcode: names[adcode] for adcode in shared})
    return [("县(市、区)", [found[adcode] for adcode in shared])]


# Key → title and builder of the list, in the order of the headline figures.
LISTS: Mapping[str, tuple[str, Callable[[Atlas, View], list[Section]]]] = {
    "view:clusters": ("产业集群与{year}年营业收入目标", _clusters),
    "view:key": ("重点支持的产业集群与{year}年营业收入目标", _key_clusters),
    "view:counties": ("文件点名的县(市、区)", _named),
    "view:of-cities": ("另随所在市涉及的县(市、区)", _of_cities),
    "view:hosting": ("另经开发区所在涉及的县(市、区)", _of_zones),
    "view:shared": ("属多个集群的县(市、区)", _shared),
    "view:with-target": ("有{year}年营业收入目标的集群", _with_target),
    "view:thousand": ("{year}年预计达千亿元及以上的集群", _thousand),
}


def _rows(atlas: Atlas, view: View) -> list[Row]:
    rows: list[Row] = select(atlas, CLUSTERS.id, view).drop(columns="geometry").to_dict("records")
    return rows


def _targets(atlas: Atlas, view: View) -> list[Row]:
    """Return the clusters with a target for the view's year, the highest target first."""
    rows = [row for row in _rows(atlas, view) if revenue_target_text(row, view.year) is not None]
    return sorted(rows, key=lambda row: -row["revenue_yi"])


def _cluster(atlas: Atlas, view: View, row: Row) -> Entry:
    figure = revenue_target_text(row, view.year) or f"文件未给{view.year}年目标"
    return Entry(f"{row['name']}　{figure}", citations(atlas, row), row["id"])


def _by_city(atlas: Atlas, view: View, adcodes: set[str]) -> list[Section]:
    """Return entries for counties, grouped by city."""
    wanted = [county for county in atlas.records.counties if county.adcode in adcodes]
    found = _counties(atlas, view, {county.adcode: county.name for county in wanted})
    sections: dict[str, list[Entry]] = {}
    for county in wanted:
        sections.setdefault(county.city, []).append(found[county.adcode])
    return list(sections.items())


def _counties(atlas: Atlas, view: View, names: Mapping[str, str]) -> dict[str, Entry]:
    """Return county code → entry with the shown clusters that it belongs to.

    The entry marks a cluster whose document names only the county's city, or a zone in the county.
    """
    rows = {row["cluster_id"]: row for row in _rows(atlas, view)}
    short = {c.id: c.short_name for _, c in atlas.records.clusters()}
    named: dict[str, dict[str, PlaceKind]] = {}  # county → cluster → what the document names
    for cluster, kind, own in cluster_counties(atlas):
        if cluster in rows:
            for adcode in own:
                of = named.setdefault(adcode, {})
                of[cluster] = min(kind, of.get(cluster, kind), key=PLACE_KINDS.index)
    return {
        adcode: Entry(
            f"{name}　{'、'.join(short[c] + _NAMED_BY[kind] for c, kind in of.items())}",
            tuple(dict.fromkeys(source for c in of for source in citations(atlas, rows[c]))),
            COUNTIES.feature_id(adcode),
        )
        for adcode, name in names.items()
        for of in [named[adcode]]
    }
