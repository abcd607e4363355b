"""Layers of the industry clusters: whole extents, core zones and radiation areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import shapely

from data.models import Cluster
from geo.footprints import Footprint, weakest
from geo.gazetteer import Place
from geo.places import Places
from layers.attributes import cities, industries, joined, source
from layers.columns import columns_of
from layers.frame import frame

TIERS = {"key": "重点支持", "cultivated": "重点培育"}
PARTS: dict[str, str] = {"core": "核心承载区", "radiation": "辐射区域"}
THOUSAND_YI = 1000  # 千亿级: the scale by which the documents count clusters
SEAT = "集群所在地"  # stands in for a core zone where the document names none


@dataclass(frozen=True)
class ClusterPlace:
    """One place in one role of one cluster."""

    role: Literal["core", "radiation"]
    text: str
    place: Place
    footprint: Footprint
    list_open: bool


def cluster_places(places: Places, cluster: Cluster) -> list[ClusterPlace]:
    """Return a cluster's core zones and radiation areas, in the document's order."""
    found: list[ClusterPlace] = []
    roles: tuple[tuple[Literal["core", "radiation"], Any], ...] = (
        ("core", cluster.core),
        ("radiation", cluster.radiation),
    )
    for role, listed in roles:
        if listed is None and role == "core":
            texts, is_open = (cluster.seat or cluster.city,), False
        elif listed is None:
            continue
        else:
            texts, is_open = listed.places, listed.open
        members = places.gazetteer.resolve_list(texts, cluster.city)
        for text, place in zip(texts, members, strict=True):
            found.append(ClusterPlace(role, text, place, places.footprints.of(place), is_open))
    return found


def clusters(places: Places) -> gpd.GeoDataFrame:
    """One row per cluster: its whole extent, targets and projects.

    Columns: ``columns_of`` the layer. Revenue stands on this layer alone, so that a
    sum over it counts each cluster once. ``year``, ``revenue_yi`` and ``revenue_comparator``
    stay null until a view fills them.
    """
    rows = []
    for document, cluster in places.records.clusters():
        members = cluster_places(places, cluster)
        rows.append(
            {
                **shared(places, document, cluster, "clusters"),
                "id": f"clusters:{cluster.id}",
                "name": cluster.name,
                "role": "产业集群",
                **cities(places.records, (p.place.city_adcode for p in members)),
                "adcodes": tuple(sorted({a for p in members for a in p.place.adcodes})),
                "geometry_status": weakest([p.footprint.status for p in members]),
                "note": _extent_note(members),
                "geometry": shapely.union_all([p.footprint.geometry for p in members]),
                **figures(cluster),
                **_lists(cluster),
            }
        )
    return frame(rows, columns_of("clusters", places.records.atlas.years))


def cluster_parts(places: Places, role: Literal["core", "radiation"]) -> gpd.GeoDataFrame:
    """One row per place that a cluster names in `role`."""
    layer = f"clusters-{role}"
    rows = []
    for document, cluster in places.records.clusters():
        for part in cluster_places(places, cluster):
            if part.role != role:
                continue
            zone = part.place.zone
            rows.append(
                {
                    **shared(places, document, cluster, layer),
                    "id": f"{layer}:{cluster.id}:{part.place.code}",
                    "name": part.place.name,
                    "role": PARTS[role] if listed_in_text(cluster, role) else SEAT,
                    **cities(places.records, [part.place.city_adcode]),
                    "adcodes": part.place.adcodes,
                    "geometry_status": part.footprint.status,
                    "note": part_note(part)
                    if listed_in_text(cluster, role)
                    else "；".join(("文件未写核心承载区", part.place.note or "")).strip("；"),
                    "place_text": part.text,
                    "place_kind": part.place.kind,
                    "list_open": "等" if part.list_open else None,
                    "zone_code": zone.code if zone else None,
                    "zone_area_km2": zone.area_km2 if zone else None,
                    "zone_area_source": zone.area_source if zone else None,
                    "geometry": part.footprint.geometry,
                }
            )
    return frame(rows, columns_of(layer, places.records.atlas.years))


def listed_in_text(cluster: Cluster, role: str) -> bool:
    """Return whether the document itself names members in this role."""
    return role != "core" or cluster.core is not None


def part_note(part: ClusterPlace) -> str | None:
    """Say how a part is drawn where that is not its boundary, and what its record notes."""
    drawn = {
        "host-county": "图上为所在县(区)示意，并非开发区边界",
        "schematic": "图上为按公布面积所绘示意圆（裁切至所在县区），并非开发区边界",
        "supplied": "图上为用户提供的边界",
    }.get(part.footprint.status)
    zone = part.place.zone
    doubt = "所在县(区)为推定" if zone is not None and not zone.hosts_certain else None
    if part.place.note and doubt and "推定" in part.place.note:
        doubt = None
    return "；".join(s for s in (drawn, doubt, part.place.note) if s) or None


def shared(places: Places, document: str, cluster: Cluster, layer: str) -> dict[str, Any]:
    """Return the columns that everything of a cluster has: tier, industries and source."""
    return {
        "layer": layer,
        "tier": cluster.tier,
        "cluster_id": cluster.id,
        **industries(places.records, document, (*cluster.industry, *cluster.chains)),
        **source(places.records, document, cluster.locator),
    }


def _extent_note(members: list[ClusterPlace]) -> str | None:
    drawn = [p.place.name for p in members if p.footprint.status == "host-county"]
    discs = [p.place.name for p in members if p.footprint.status == "schematic"]
    notes = [p.place.note for p in members if p.place.kind == "city" and p.place.note]
    if drawn:
        notes.append(f"{'、'.join(drawn)}以所在县(区)示意")
    if discs:
        notes.append(f"{'、'.join(discs)}以示意圆表示")
    return "；".join(notes) or None


def figures(cluster: Cluster) -> dict[str, Any]:
    """Return the columns of a cluster's targets and projects, as far as its document gives them."""
    found: dict[str, Any] = {}
    stem = {"revenue": "revenue_yi", "servers": "servers_wan"}
    for target in cluster.targets:
        found[f"{stem[target.indicator]}_{target.year}"] = target.value
        found[f"{target.indicator}_comparator_{target.year}"] = target.comparator
    if cluster.projects:
        found["projects"] = cluster.projects.count
        found["projects_year"] = cluster.projects.year
        found["investment_yi"] = cluster.projects.investment_yi
    return found


def _lists(cluster: Cluster) -> dict[str, Any]:
    core, radiation = cluster.core, cluster.radiation
    return {
        "number": cluster.number,
        "chains": joined(cluster.chains, is_open=cluster.chains_open),
        "links": joined(cluster.links, is_open=cluster.links_open),
        "directions": joined(cluster.directions),
        "fields": joined(cluster.fields, is_open=cluster.fields_open),
        "products": joined(cluster.products, is_open=cluster.products_open),
        "positioning": cluster.positioning,
        "core_places": joined(core.places, is_open=core.open) if core else cluster.seat,
        "radiation_places": joined(radiation.places, is_open=radiation.open) if radiation else None,
    }
