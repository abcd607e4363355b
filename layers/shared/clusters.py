"""The layers of clusters: their places, column values, targets, facts and colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from data.models import Cluster
from geo.footprints import Footprint
from geo.gazetteer import Place
from geo.places import Places
from layers.atlas import Atlas
from layers.kind import Fact, Filter, Row, common_facts
from layers.portrayal.drawing import LonLat
from layers.portrayal.palette import family
from layers.shared.attributes import (
    IndustryValues,
    SourceValues,
    industry_values,
    source_values,
)
from layers.shared.figures import revenue_target_text

FILTERS: frozenset[Filter] = frozenset({"industry", "tier", "city"})
Role = Literal["core", "radiation"]


@dataclass(frozen=True)
class ClusterPlace:
    """One place of a cluster in one role.

    Attributes
    ----------
    role
        The role.
    text
        The place as the document writes it.
    place, footprint
        The place and its footprint.
    list_open
        Whether the document's list ends with 等.
    """

    role: Role
    text: str
    place: Place
    footprint: Footprint
    list_open: bool


class ClusterValues(SourceValues, IndustryValues):
    """Values of the columns that every feature of a cluster has."""

    tier: str
    cluster_id: str


def cluster_places(places: Places, cluster: Cluster) -> list[ClusterPlace]:
    """Return a cluster's core zones and radiation areas, in the document's order.

    Where the document names no core zone, the seat of the cluster or its city replaces it.

    Parameters
    ----------
    places
        Gazetteer and footprints.
    cluster
        The record.
    """
    found: list[ClusterPlace] = []
    roles: tuple[tuple[Role, Any], ...] = (("core", cluster.core), ("radiation", cluster.radiation))
    for role, listed in roles:
        if listed is None and role == "core":
            texts, is_open = (cluster.seat or cluster.city,), False
        elif listed is None:
            continue
        else:
            texts, is_open = listed.places, listed.open
        resolved = places.gazetteer.resolve_list(texts, cluster.city)
        for text, place in zip(texts, resolved, strict=True):
            found.append(ClusterPlace(role, text, place, places.footprints.of(place), is_open))
    return found


def cluster_values(places: Places, document: str, cluster: Cluster) -> ClusterValues:
    """Return the column values of every feature of a cluster: tier, industries and source.

    Parameters
    ----------
    places
        The records and their places.
    document
        The id of the document that names the cluster.
    cluster
        The record.
    """
    return {
        "tier": cluster.tier,
        "cluster_id": cluster.id,
        **industry_values(places.records, document, cluster),
        **source_values(places.records, document, cluster.locator),
    }


def figure_values(cluster: Cluster) -> dict[str, Any]:
    """Return the column values of a cluster's targets and projects that its document gives.

    Parameters
    ----------
    cluster
        The record.
    """
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


def cluster_record(atlas: Atlas, row: Row) -> Cluster:
    """Return the record of the cluster that a row belongs to.

    Parameters
    ----------
    atlas
        The atlas.
    row
        A row with ``cluster_id``.
    """
    return {c.id: c for _, c in atlas.records.clusters()}[row["cluster_id"]]


def colour_family(atlas: Atlas, row: Row) -> str:
    """Return the colour family of a row's first industry.

    Parameters
    ----------
    atlas
        The atlas.
    row
        A row with ``industries``.
    """
    return family(atlas.records.industry_by_id[row["industries"][0]])


def seat_point(atlas: Atlas, cluster: Cluster) -> LonLat:
    """Return the representative point (lon, lat, CGCS2000) of a cluster's first core place.

    Parameters
    ----------
    atlas
        The atlas.
    cluster
        The record.
    """
    point = atlas.places.footprints.point(cluster_places(atlas.places, cluster)[0].place)
    return point.x, point.y


def targets(atlas: Atlas, row: Row) -> tuple[tuple[int, str], ...]:
    """Return pairs of year and revenue target in the document's wording, for years with a target.

    Parameters
    ----------
    atlas
        The atlas.
    row
        A row with columns of revenue targets.
    """
    found = ((year, revenue_target_text(row, year)) for year in atlas.records.atlas.years)
    return tuple((year, text) for year, text in found if text is not None)


def target_labels(atlas: Atlas, row: Row) -> Mapping[int, str]:
    """Return year → revenue target as written on the map, for years with a target.

    Parameters
    ----------
    atlas
        The atlas.
    row
        A row with columns of revenue targets.
    """
    return {
        year: f"{row[f'revenue_comparator_{year}']}{row[f'revenue_yi_{year}']:,}亿元"
        for year in atlas.records.atlas.years
        if pd.notna(row[f"revenue_yi_{year}"])
    }


def facts(atlas: Atlas, row: Row, of_whole: str = "") -> list[Fact]:
    """Return the facts of a cluster as pairs of label and text.

    Parameters
    ----------
    atlas
        The atlas.
    row
        A row of the layer of whole clusters.
    of_whole
        Prefix for the labels of figures, where a reader could take them for figures of a part of
        the cluster.
    """
    listed: list[Fact] = [
        *common_facts(row),
        ("核心承载区", row["core_places"]),
        ("辐射区域", row["radiation_places"]),
        ("产业链", row["chains"]),
        ("产业链环节", row["links"]),
        ("主攻方向", row["directions"]),
        ("布局领域", row["fields"]),
        ("重点产品与技术", row["products"]),
        ("定位（转述）", row["positioning"]),
    ]
    if pd.notna(row["projects"]):
        text = f"{row['projects']} 个，总投资约 {row['investment_yi']:,} 亿元"
        listed.append((f"{of_whole}{row['projects_year']}年推进项目", text))
    for year in atlas.records.atlas.years:
        if pd.notna(row[f"servers_wan_{year}"]):
            wording = row[f"servers_comparator_{year}"]
            text = f"{wording} {row[f'servers_wan_{year}']} 万台"
            listed.append((f"{of_whole}{year}年运营服务器", text))
    return listed
