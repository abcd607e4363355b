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
from layers.columns import columns_of
from layers.frame import frame
from layers.ground import Ground
from layers.sources import cities, industries, joined, period, source

_LEVELS = ("国家级", "省级")
_DRAWN = "点位为所在地代表点，并非实际位置"


def bases(ground: Ground) -> gpd.GeoDataFrame:
    """One row per real base that has a place.

    Mentions of one base in several documents share its row: each is in ``sources``, the first is in
    ``document`` and ``locator``.
    """
    mentions: dict[str, list[tuple[str, BaseMention]]] = defaultdict(list)
    for document, mention in ground.library.base_mentions():
        mentions[mention.base].append((document, mention))
    rows = [_base(ground, base, mentions[base.id]) for base in ground.library.bases if base.places]
    return frame(rows, columns_of("bases", ground.library.atlas.years))


def _base(
    ground: Ground, base: Base, mentions: Sequence[tuple[str, BaseMention]]
) -> dict[str, Any]:
    library = ground.library
    places = ground.gazetteer.resolve_list(base.places)
    first, mention = mentions[0]
    ids = dict.fromkeys(
        i for document, m in mentions for i in library.industries_of(document, m.industry)
    )
    names = "、".join(library.industry_by_id[i].name for i in ids)
    periods = dict.fromkeys(period(library, document) for document, _ in mentions)
    levels = {m.level for _, m in mentions}
    return {
        **_site(ground, "bases", base.id, places, base.reason),
        "name": base.name,
        "role": "基地与园区",
        "industries": tuple(ids),
        "industry_names": names or None,
        **source(library, first, mention.locator),
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


def projects(ground: Ground) -> gpd.GeoDataFrame:
    """One row per project whose place the text names."""
    library = ground.library
    rows = []
    for document, project in library.projects():
        if not project.places:
            continue
        places = ground.gazetteer.resolve_list(project.places)
        seat = "地名出自企业名称，可能只是企业所在地" if project.place_from_company else None
        rows.append(
            {
                **_site(ground, "projects", project.id, places, seat, project.note),
                "name": project.name,
                "role": "重大项目",
                **industries(library, document, project.industry),
                **source(library, document, project.locator),
                "place_text": joined(project.place_words),
                "placement": "inferred" if project.place_from_company else project.placement,
                "stage": _stage(project.historical),
                "period": period(library, document),
                "company": project.company,
                "box": project.box,
                "place_from_company": "是" if project.place_from_company else None,
            }
        )
    return frame(rows, columns_of("projects", library.atlas.years))


def _site(
    ground: Ground, layer: str, record: str, places: Sequence[Place], *notes: str | None
) -> dict[str, Any]:
    points = [ground.footprints.point(place) for place in places]
    return {
        "id": f"{layer}:{record}",
        "layer": layer,
        **cities(ground.library, (p.city_adcode for p in places)),
        "adcodes": _counties(places),
        "geometry_status": "point",
        "note": "；".join(n for n in (_DRAWN, *notes) if n),
        "geometry": points[0] if len(points) == 1 else shapely.MultiPoint(points),
    }


def _written(mention: BaseMention) -> str:
    """Return a mention's name, and after … the ending that its list shares."""
    return f"{mention.name}…{mention.suffix}" if mention.suffix else mention.name


def _stage(historical: bool) -> str:
    return "现状" if historical else "规划"


def _counties(places: Iterable[Place]) -> tuple[str, ...]:
    """Return the counties of the places; a base in a city alone names no county."""
    return tuple(sorted({a for p in places if p.kind != "city" for a in p.adcodes}))
