"""What a sheet says in words: title, subtitle, sources and disclaimer."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd

from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.reading.query import filter_options
from layers.reading.view import View
from layers.shared.vocabulary import FORMS, TIERS

STAMP = "示意图 · 未经审核 · 仅供内部使用"


def map_title(view: View) -> str:
    """Return what a view's map is of, without its area.

    The first kind of layer that gives sheets a title names it. Otherwise it is named after the
    kinds whose own titles may stand in a sheet's title.

    Parameters
    ----------
    view
        The view.
    """
    kinds = [KINDS[layer] for layer in view.layers]
    title = next((kind.map_title for kind in kinds if kind.map_title), None)
    if title is not None:
        return title
    own = "、".join(kind.title for kind in kinds if kind.map_title is not None)
    return f"{own}分布图" if own else "政区图"


def sheet_title(atlas: Atlas, view: View) -> str:
    """Return the title of a sheet of the whole province.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    """
    return atlas.records.atlas.province + map_title(view)


def subtitle(atlas: Atlas, view: View, *, names_area: bool) -> str:
    """Return the target year and the filters in words.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    names_area
        Whether cities and counties are named; not where the title names the city.
    """
    records = atlas.records
    industries = "、".join(records.industry_by_id[i].name for i in view.industries)
    parts = [_year(view), f"产业：{industries}" if industries else "全部产业"]
    if names_area:
        places = [records.cities[c] for c in view.cities]
        places += [filter_options(atlas)["county"][c] for c in view.counties]
        parts.append(f"范围：{'、'.join(places)}" if places else "全省")
    if view.tiers:
        parts.append(f"集群层级：{'、'.join(TIERS[t] for t in view.tiers)}")
    return " · ".join(parts)


def cluster_subtitle(atlas: Atlas, view: View, cluster: str) -> str:
    """Return the target year and the tier of a cluster in words.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    cluster
        The cluster's id.
    """
    tiers = {record.id: record.tier for _, record in atlas.records.clusters()}
    return f"{_year(view)} · {TIERS[tiers[cluster]]}的产业集群"


def _year(view: View) -> str:
    return f"目标年 {view.year}"


def sources(atlas: Atlas, shown: Mapping[str, gpd.GeoDataFrame]) -> str:
    """Return the documents that rows come from, grouped by form.

    Parameters
    ----------
    atlas
        The atlas.
    shown
        Layer id → rows that are shown.
    """
    ids: set[str] = set()
    for rows in shown.values():
        ids |= set(rows["document"].dropna())
        if "documents" in rows:
            ids |= {i for listed in rows["documents"] for i in listed}
    named = [
        f"{form}：" + "、".join(d.short_title for d in documents)
        for key, form in FORMS.items()
        if (documents := [d for d in atlas.records.documents if d.id in ids and d.form == key])
    ]
    return "；".join(named) or "行政区划"


def disclaimer(text: str, review_number: str | None) -> str:
    """Return a disclaimer, without the part that calls the map unreviewed if it was reviewed.

    Parameters
    ----------
    text
        The disclaimer of an unreviewed map.
    review_number
        The map's review number (审图号); ``None`` where it has none.
    """
    if review_number is None:
        return text
    return "，".join(part for part in text.split("，") if "未经" not in part or "审核" not in part)
