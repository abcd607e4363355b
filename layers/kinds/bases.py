"""Bases, parks, agglomerations, demonstration zones and platforms that a document names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import geopandas as gpd

from data.models import Base, BaseMention
from geo.gazetteer import Place
from geo.places import Places
from layers.atlas import Atlas
from layers.columns import Column
from layers.kind import Citation, Click, Fact, Kind, Row, common_facts
from layers.portrayal import legend, symbols
from layers.portrayal.drawing import Drawing
from layers.portrayal.legend import LegendEntry
from layers.portrayal.style import NamedStyle, Style
from layers.shared import sites
from layers.shared.attributes import join_words, planning_period, source_values
from layers.shared.frame import frame
from layers.shared.vocabulary import BASE_KINDS

_COLUMNS = (
    *sites.COLUMNS,
    Column(
        "kind", "类别", "text", "base 基地，park 园区，cluster 集群，zone 示范区，platform 平台。"
    ),
    Column("level", "级别", "text", "文件写明的国家级或省级。"),
    Column(
        "written_as",
        "文件名称",
        "text",
        "文件所写的名称；并列省略处以…表示。",
    ),
    Column("mentions", "提及次数", "integer", "文件提及的次数。", "次"),
    Column("documents", "文件编号（全部）", "list", "提及它的全部文件的编号。"),
    Column("sources", "全部出处", "text", "每次提及的文件、位置与阶段，以；连接。"),
    Column("linked", "合并依据", "text", "把不同名称视为同一基地的依据。"),
)
_LEVELS = ("国家级", "省级")


def _columns(_years: Sequence[int]) -> tuple[Column, ...]:
    return _COLUMNS


def _build(places: Places) -> gpd.GeoDataFrame:
    """One row per real base that has a place.

    Mentions of one base in several documents share its row: each is in ``sources``, the first is in
    ``document`` and ``locator``.
    """
    mentions: dict[str, list[tuple[str, BaseMention]]] = defaultdict(list)
    for document, mention in places.records.base_mentions():
        mentions[mention.base].append((document, mention))
    rows = [_row(places, base, mentions[base.id]) for base in places.records.bases if base.places]
    return frame(rows, _COLUMNS)


def _row(places: Places, base: Base, mentions: Sequence[tuple[str, BaseMention]]) -> dict[str, Any]:
    records = places.records
    resolved = places.gazetteer.resolve_list(base.places)
    first, mention = mentions[0]
    ids = dict.fromkeys(i for document, m in mentions for i in records.industries_of(document, m))
    names = "、".join(records.industry_by_id[i].name for i in ids)
    periods = dict.fromkeys(planning_period(records, document) for document, _ in mentions)
    levels = {m.level for _, m in mentions}
    return {
        **sites.site_values(places, KIND.feature_id(base.id), resolved, base.reason),
        "name": base.name,
        "role": KIND.title,
        "industries": tuple(ids),
        "industry_names": names or None,
        **source_values(records, first, mention.locator),
        "place_text": join_words(dict.fromkeys(w for _, m in mentions for w in m.places)),
        "placement": base.placement,
        "stage": join_words(
            map(sites.stage_title, sorted({m.historical for _, m in mentions}, reverse=True))
        ),
        "period": join_words(p for p in periods if p),
        "site_id": base.id,
        "kind": base.kind,
        "level": next((level for level in _LEVELS if level in levels), None),
        "written_as": join_words(dict.fromkeys(_written(m) for _, m in mentions)),
        "mentions": len(mentions),
        "documents": tuple(dict.fromkeys(document for document, _ in mentions)),
        "sources": "；".join(f"{document} {m.locator}（{_stage(m)}）" for document, m in mentions),
        "linked": base.linked,
    }


def _stage(mention: BaseMention) -> str:
    return sites.stage_title(mention.historical)


def _written(mention: BaseMention) -> str:
    """Return a mention's name, and after … the ending that its list shares."""
    return f"{mention.name}…{mention.suffix}" if mention.suffix else mention.name


def _draw(atlas: Atlas, row: Row, _: int) -> Drawing:
    return sites.drawing(atlas, row, symbols.BASE)


def _legend(_atlas: Atlas) -> Iterable[LegendEntry]:
    swatch = legend.always(NamedStyle("site-base", Style()))
    yield LegendEntry(legend.SITES, "site:base", KIND.title, swatch, symbols.BASE)


def _facts(atlas: Atlas, row: Row) -> list[Fact]:
    titles = {d.id: d.short_title for d in atlas.records.documents}
    cited = "；".join(
        f"《{titles[document]}》{mention.locator}（{_stage(mention)}）"
        for document, mention in _mentions(atlas)[row["id"]]
    )
    return [
        *common_facts(row),
        ("类别", BASE_KINDS[row["kind"]]),
        ("级别", row["level"]),
        ("文件名称", row["written_as"]),
        *sites.facts(row),
        (f"{MENTIONS}（{row['mentions']}次）", cited),
        ("合并依据", row["linked"]),
        ("另列为", "重大项目" if _is_project(atlas, row) else None),
    ]


def _is_project(atlas: Atlas, row: Row) -> bool:
    return any(project.base == row["site_id"] for _, project in atlas.records.projects())


MENTIONS = "全部出处"  # the label of a base's sources begins so


def _citations(atlas: Atlas, row: Row) -> tuple[Citation, ...]:
    return tuple(Citation(d, mention.locator) for d, mention in _mentions(atlas)[row["id"]])


@lru_cache(maxsize=2)
def _mentions(atlas: Atlas) -> Mapping[str, tuple[tuple[str, BaseMention], ...]]:
    """Return base → the documents and their mentions of it, in the documents' order."""
    found: dict[str, tuple[tuple[str, BaseMention], ...]] = {}
    for document, mention in atlas.records.base_mentions():
        key = KIND.feature_id(mention.base)
        found[key] = (*found.get(key, ()), (document, mention))
    return found


def _in_zone(atlas: Atlas, place: Place) -> frozenset[str]:
    return sites.in_zone(KIND, atlas, place, ((b.id, b.places) for b in atlas.records.bases))


KIND = Kind(
    id="bases",
    title="基地与园区",
    description="文件点名的基地、园区、集聚区、示范区和平台，每处一个要素，点位只代表所在地",
    position=80,
    build=_build,
    columns=_columns,
    geometry="points",
    draw=_draw,
    filters=frozenset({"industry", "city"}),
    county_colour="#2f6690",
    legend=_legend,
    click=Click(100, in_county=True),
    facts=_facts,
    citations=_citations,
    table=(
        "name", "kind", "level", "industry_names", "city", "place_text", "place_level", "placement",
        "stage", "period", "mentions", "sources",
    ),
    summary_facts=("类别", "产业", "城市", "阶段"),
    profile="基地与园区",
    profile_text=sites.profile_text,
    county_sections=sites.county_sections("基地与园区"),
    in_zone=_in_zone,
    searched=True,
)  # fmt: skip
