"""Layers of named sites: bases (基地、园区、示范区 …) and major projects.

The documents name the place a site lies in, never its boundary. A site is a point that stands for
that place, with status ``point``; a place that is only inferred says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import shapely

from data.models import Base, BaseMention
from geo.gazetteer import Place
from geo.places import Places
from layers.attributes import cities, industries, joined, period, source
from layers.columns import columns_of
from layers.frame import frame

_LEVELS = ("国家级", "省级")
_DRAWN = "点位为所在地代表点，并非实际位置"


def bases(places: Places) -> gpd.GeoDataFrame:
    """One row per real base that has a place.

    Mentions of one base in several documents share its row: each is in ``sources``, the first is in
    ``document`` and ``locator``.
    """
    mentions: dict[str, list[tuple[str, BaseMention]]] = defaultdict(list)
    for document, mention in places.records.base_mentions():
        mentions[mention.base].append((document, mention))
    rows = [_base(places, base, mentions[base.id]) for base in places.records.bases if base.places]
    return frame(rows, columns_of("bases", places.records.atlas.years))


def _base(
    places: Places, base: Base, mentions: Sequence[tuple[str, BaseMention]]
) -> dict[str, Any]:
    records = places.records
    members = places.gazetteer.resolve_list(base.places)
    first, mention = mentions[0]
    ids = dict.fromkeys(
        i for document, m in mentions for i in records.industries_of(document, m.industry)
    )
    names = "、".join(records.industry_by_id[i].name for i in ids)
    periods = dict.fromkeys(period(records, document) for document, _ in mentions)
    levels = {m.level for _, m in mentions}
    return {
        **_site(places, "bases", base.id, members, base.reason),
        "name": base.name,
        "role": "基地与园区",
        "industries": tuple(ids),
        "industry_names": names or None,
        **source(records, first, mention.locator),
        "place_text": joined(dict.fromkeys(w for _, m in mentions for w in m.places)),
        "placement": base.placement,
        "stage": _stage(all(m.historical for _, m in mentions)),
        "period": joined(p for p in periods if p),
        "kind": base.kind,
        "level": next((level for level in _LEVELS if level in levels), None),
        "written_as": joined(dict.fromkeys(_written(m) for _, m in mentions)),
        "mentions": len(mentions),
        "documents": tuple(dict.fromkeys(document for document, _ in mentions)),
        "sources": "；".join(f"{document} {m.locator}" for document, m in mentions),
        "linked": base.linked,
    }


def projects(places: Places) -> gpd.GeoDataFrame:
    """One row per project whose place the text names."""
    records = places.records
    rows = []
    for document, project in records.projects():
        if not project.places:
            continue
        members = places.gazetteer.resolve_list(project.places)
        seat = "地名出自企业名称，可能只是企业所在地" if project.place_from_company else None
        rows.append(
            {
                **_site(places, "projects", project.id, members, seat, project.note),
                "name": project.name,
                "role": "重大项目",
                **industries(records, document, project.industry),
                **source(records, document, project.locator),
                "place_text": joined(project.place_words),
                "placement": "inferred" if project.place_from_company else project.placement,
                "stage": _stage(project.historical),
                "period": period(records, document),
                "company": project.company,
                "box": project.box,
                "place_from_company": "是" if project.place_from_company else None,
            }
        )
    return frame(rows, columns_of("projects", records.atlas.years))


def _site(
    places: Places, layer: str, record: str, members: Sequence[Place], *notes: str | None
) -> dict[str, Any]:
    points = [places.footprints.point(place) for place in members]
    return {
        "id": f"{layer}:{record}",
        "layer": layer,
        **cities(places.records, (p.city_adcode for p in members)),
        "adcodes": _counties(members),
        "geometry_status": "point",
        "note": "；".join(n for n in (_DRAWN, *notes) if n),
        "geometry": points[0] if len(points) == 1 else shapely.MultiPoint(points),
    }


def _written(mention: BaseMention) -> str:
    """Return a mention's name, and after … the ending that its list shares."""
    return f"{mention.name}…{mention.suffix}" if mention.suffix else mention.name


def _stage(historical: bool) -> str:
    return "现状" if historical else "规划"


def _counties(members: Iterable[Place]) -> tuple[str, ...]:
    """Return the counties of the members; a base in a city alone names no county."""
    return tuple(sorted({a for p in members if p.kind != "city" for a in p.adcodes}))
