"""The layers there are: id, title, builder, columns and the filters that apply to each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import geopandas as gpd

from data import reader
from data.faults import DataFaultsError
from data.reader import Records
from geo.places import Places, resolve_places
from layers.kinds import clusters, divisions, future, growth, layout, sites, targets

Filter = Literal["industry", "tier", "city"]


@dataclass(frozen=True)
class Layer:
    """A layer of the atlas.

    `filters` are the filters its features have values for; another filter leaves it whole.
    `shown_first` says whether a new view shows it; `by_year` whether a view keeps only the rows of
    its target year, and those for no single year.
    """

    id: str
    title: str
    description: str
    build: Callable[[Places], gpd.GeoDataFrame]
    filters: frozenset[Filter]
    shown_first: bool = True
    by_year: bool = False


_CLUSTER_FILTERS: frozenset[Filter] = frozenset({"industry", "tier", "city"})

LAYERS: Mapping[str, Layer] = {
    layer.id: layer
    for layer in (
        Layer(
            "clusters",
            "产业集群",
            "集群整体范围（核心承载区与辐射区域之并），含分年营业收入目标",
            clusters.clusters,
            _CLUSTER_FILTERS,
        ),
        Layer(
            "clusters-core",
            "核心承载区",
            "文件点名的核心承载区，逐处一个要素",
            partial(clusters.cluster_parts, role="core"),
            _CLUSTER_FILTERS,
        ),
        Layer(
            "clusters-radiation",
            "辐射区域",
            "文件点名的辐射区域，逐处一个要素",
            partial(clusters.cluster_parts, role="radiation"),
            _CLUSTER_FILTERS,
        ),
        Layer(
            "growth",
            "目标增长",
            "集群营业收入目标在目标年之间的变化，每个有目标的集群一个点；差值由文件目标值相减",
            growth.growth,
            _CLUSTER_FILTERS,
            shown_first=False,
        ),
        Layer(
            "layout",
            "一核两极四带",
            "一核、两极、四带与两翼，按绘制顺序的整体多边形；带的成员为推定",
            layout.layout,
            frozenset({"city"}),
        ),
        Layer(
            "regions",
            "新兴产业区域",
            "文件划定的引领区与发展区域",
            layout.regions,
            frozenset({"industry", "city"}),
            shown_first=False,
        ),
        Layer(
            "future-industries",
            "未来产业",
            "文件支持引导到市的未来产业，每个产业一个要素",
            future.future_industries,
            frozenset({"industry", "city"}),
            shown_first=False,
        ),
        Layer(
            "bases",
            "基地与园区",
            "文件点名的基地、园区、集聚区、示范区和平台，每处一个要素，点位为所在地代表点",
            sites.bases,
            frozenset({"industry", "city"}),
            shown_first=False,
        ),
        Layer(
            "projects",
            "重大项目",
            "文件写明地点的重大项目，点位为所在地代表点",
            sites.projects,
            frozenset({"industry", "city"}),
            shown_first=False,
        ),
        Layer(
            "targets",
            "规划目标",
            "各文件的定量目标，每个目标一行；多数没有图形",
            targets.targets,
            _CLUSTER_FILTERS,
            shown_first=False,
            by_year=True,
        ),
        Layer(
            "admin-cities",
            "设区市",
            "设区市政区",
            divisions.admin_cities,
            frozenset({"city"}),
        ),
        Layer(
            "admin-counties",
            "县级政区",
            "县、县级市、市辖区",
            divisions.admin_counties,
            frozenset({"city"}),
        ),
    )
}


@dataclass(frozen=True, eq=False, repr=False)
class Atlas:
    """The records, its ground and every layer, built once and never changed.

    An atlas is equal to itself alone, so that what is derived from it can be kept.
    """

    places: Places
    frames: Mapping[str, gpd.GeoDataFrame]

    @property
    def records(self) -> Records:
        """The records the atlas is made of."""
        return self.places.records


def open_atlas(folder: Path | None = None) -> Atlas:
    """Read a data folder (the configured one by default) and build its layers.

    Raises
    ------
    DataFaultsError
        Everything that is wrong with records, places and polygons, in one list.
    """
    found, faults = reader.read(folder)
    places = None
    if found is not None:
        try:
            places = resolve_places(found, faults)
        except DataFaultsError as error:
            faults += error.faults
    if places is None or faults:
        raise DataFaultsError(faults)
    return _layers(places)


def build(facts: Records) -> Atlas:
    """Build all layers.

    Raises
    ------
    DataFaultsError
        Places that do not resolve or polygons that cannot be used.
    """
    return _layers(resolve_places(facts))


def _layers(places: Places) -> Atlas:
    return Atlas(places, {layer.id: layer.build(places) for layer in LAYERS.values()})
