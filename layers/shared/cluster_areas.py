"""The layers of core zones and radiation areas: one row per place of a cluster in that role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import geopandas as gpd
import pandas as pd

from data.models import Cluster
from geo.gazetteer import Place
from geo.places import Places
from layers.atlas import Atlas
from layers.columns import Column
from layers.kind import CountySection, Fact, Kind, Row, TableValues, has_value, is_in_county
from layers.portrayal import panes
from layers.portrayal.drawing import Drawing
from layers.portrayal.panes import Pane
from layers.portrayal.style import NamedStyle
from layers.shared import clusters
from layers.shared.attributes import city_values
from layers.shared.clusters import ClusterPlace, Role, cluster_places
from layers.shared.frame import frame

SEAT = "集群所在地"  # the role of the place that replaces a core zone the document does not name
_COLUMNS = (
    Column("place_text", "文件用语", "text", "文件所写的地名。"),
    Column("place_kind", "地点类型", "text", "county 为县级，city 为市级，zone 为开发区。"),
    Column("list_open", "列举未尽", "text", "“等”表示文件的列举未尽，否则为空。"),
    Column("zone_code", "开发区代码", "text", "国家统计局代码，没有时为 GB/T 37028-2018 编号。"),
    Column(
        "zone_area_km2", "开发区公布面积", "number", "开发区公布的面积，不是图形的面积。", "km²"
    ),
    Column("zone_area_source", "面积出处", "text", "该面积的出处。"),
)
TABLE = (
    "name", "cluster", "tier", "industry_names", "city", "zone_code", "zone_area_km2",
    "geometry_status", "note", "locator",
)  # fmt: skip
SUMMARY_FACTS = ("所属集群", "文件用语", "产业", "城市")
TARGETS_TITLE = "所属集群的营业收入目标"


_CLUSTER = Column("cluster", "所属集群", "text", "集群的名称。")


def columns(_years: Sequence[int]) -> tuple[Column, ...]:
    """Return the columns of both layers.

    Parameters
    ----------
    _years
        The atlas's target years, which do not matter here.
    """
    return _COLUMNS


@dataclass(frozen=True)
class AreaRole:
    """A role of places in clusters, with the callables of its :class:`layers.kind.Kind`.

    Attributes
    ----------
    layer
        The id of the layer of places in this role.
    role
        The role in the records.
    title
        Its Chinese term.
    whole
        The kind of layer of whole clusters.
    """

    layer: str
    role: Role
    title: str
    whole: Kind

    def build(self, places: Places) -> gpd.GeoDataFrame:
        """Return one row per place that a cluster names in this role.

        Parameters
        ----------
        places
            The records and their places.
        """
        rows = [
            self._row(places, document, cluster, place)
            for document, cluster in places.records.clusters()
            for place in cluster_places(places, cluster)
            if place.role == self.role
        ]
        return frame(rows, _COLUMNS)

    def _row(
        self, places: Places, document: str, cluster: Cluster, part: ClusterPlace
    ) -> dict[str, Any]:
        zone = part.place.zone
        is_named = self.role != "core" or cluster.core is not None  # in the document
        unnamed = "；".join(("文件未写核心承载区", part.place.note or "")).strip("；")
        return {
            **clusters.cluster_values(places, document, cluster),
            "id": f"{self.layer}:{cluster.id}:{part.place.code}",
            "layer": self.layer,
            "name": part.place.name,
            "role": self.title if is_named else SEAT,
            **city_values(places.records, [part.place.city_adcode]),
            "adcodes": part.place.adcodes,
            "geometry_status": part.footprint.status,
            "note": _note(part) if is_named else unnamed,
            "place_text": part.text,
            "place_kind": part.place.kind,
            "list_open": "等" if part.list_open else None,
            "zone_code": zone.code if zone else None,
            "zone_area_km2": zone.area_km2 if zone else None,
            "zone_area_source": zone.area_source if zone else None,
            "geometry": part.footprint.geometry,
        }

    def drawing(self, atlas: Atlas, row: Row, style: NamedStyle, pane: Pane) -> Drawing:
        """Return the drawing of a row; a zone shown by its host county lies below all others.

        Parameters
        ----------
        atlas
            The atlas.
        row
            A row of the layer.
        style, pane
            Style and pane of the role.
        """
        status = row["geometry_status"]
        industry = clusters.colour_family(atlas, row)
        return Drawing(
            style=style,
            pane=panes.HOST if status == "host-county" else pane,
            legend_keys=(f"industry:{industry}", f"part:{self.role}", f"status:{status}"),
        )

    @property
    def county_sections(self) -> tuple[CountySection, ...]:
        """The headings in a county's profile: the county itself is named, or a zone in it."""
        return (
            CountySection(
                self.title, lambda r, a, c: is_in_county(r, a, c) and r["place_kind"] != "zone"
            ),
            CountySection(
                f"{self.title}（区内开发区）",
                lambda r, a, c: is_in_county(r, a, c) and r["place_kind"] == "zone",
            ),
        )

    def in_zone(self, atlas: Atlas, place: Place) -> frozenset[str]:
        """Return the ids of the rows that stand for a development zone.

        Parameters
        ----------
        atlas
            The atlas.
        place
            The zone.
        """
        rows = atlas.frames[self.layer]
        return frozenset(rows["id"][rows["zone_code"] == place.code])

    def cluster(self, atlas: Atlas, row: Row) -> Row:
        """Return the row of the cluster that a place is a part of.

        Parameters
        ----------
        atlas
            The atlas.
        row
            A row with ``cluster_id``.
        """
        return _rows_by_cluster(atlas, self.whole.id)[row["cluster_id"]]

    def facts(self, atlas: Atlas, row: Row) -> list[Fact]:
        """Return the facts of a place in a cluster, then those of the cluster.

        Parameters
        ----------
        atlas
            The atlas.
        row
            A row of the layer.
        """
        cluster = self.cluster(atlas, row)
        own: list[Fact] = [("所属集群", cluster["name"]), ("文件用语", row["place_text"])]
        if has_value(row["zone_code"]):
            own.append(("开发区代码", row["zone_code"]))
        if pd.notna(row["zone_area_km2"]):
            area = f"{row['zone_area_km2']:,.2f}".rstrip("0").rstrip(".")
            own.append(("公布面积", f"{area} km²（{row['zone_area_source']}）"))
        return [*own, *clusters.facts(atlas, cluster, of_whole="集群")]

    def targets(self, atlas: Atlas, row: Row) -> tuple[tuple[int, str], ...]:
        """Return the revenue targets of the cluster that a place is a part of.

        Parameters
        ----------
        atlas
            The atlas.
        row
            A row of the layer.
        """
        return clusters.targets(atlas, self.cluster(atlas, row))

    def belongs_to(self, atlas: Atlas, row: Row) -> str:
        """Return the name of the cluster that a place is a part of.

        Parameters
        ----------
        atlas
            The atlas.
        row
            A row of the layer.
        """
        return str(self.cluster(atlas, row)["name"])

    def profile_text(self, atlas: Atlas, row: Row) -> str:
        """Return a row's text in a profile: cluster, place, and whether it replaces a core zone.

        Parameters
        ----------
        atlas
            The atlas.
        row
            A row of the layer.
        """
        stands_in = "（集群所在地，文件未写核心承载区）" if row["role"] == SEAT else ""
        return f"{self.belongs_to(atlas, row)}　{row['name']}{stands_in}"

    @property
    def table_values(self) -> TableValues:
        """The column of the page's table that names the cluster."""
        return TableValues((_CLUSTER,), self._cluster_names)

    def _cluster_names(
        self, atlas: Atlas, rows: pd.DataFrame, _: int
    ) -> Mapping[str, Sequence[Any]]:
        names = atlas.frames[self.whole.id].set_index("cluster_id")["name"].to_dict()
        return {"cluster": [names.get(i) for i in rows["cluster_id"]]}


@lru_cache(maxsize=4)
def _rows_by_cluster(atlas: Atlas, layer: str) -> Mapping[str, Row]:
    return {row["cluster_id"]: row for row in atlas.frames[layer].to_dict("records")}


def _note(part: ClusterPlace) -> str | None:
    """Return a note on how a place is drawn, if not by its boundary, and its record's note."""
    drawn = {
        "host-county": "图上为所在县(区)示意，并非开发区边界",
        "supplied": "图上为用户提供的边界",
    }.get(part.footprint.status)
    zone = part.place.zone
    doubt = "所在县(区)为推定" if zone is not None and not zone.hosts_certain else None
    if part.place.note and doubt and "推定" in part.place.note:
        doubt = None
    return "；".join(s for s in (drawn, doubt, part.place.note) if s) or None
