"""Profiles: everything the plans say about one county, city, industry or document.

A profile is made of the same rows as the map, grouped by what they are; each entry names its
feature, so that it can be looked at, and its source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from layers.catalogue import Atlas
from layers.kinds.clusters import SEAT
from layers.reading.details import Citation, citations, figure


@dataclass(frozen=True)
class Entry:
    """One thing a plan says: in words, with its feature (if any) and where it is written."""

    text: str
    citations: tuple[Citation, ...]
    feature: str | None = None


@dataclass(frozen=True)
class Profile:
    """A subject and what is said about it, as (heading, entries); empty headings are left out."""

    key: str
    title: str
    kind: str
    sections: tuple[tuple[str, tuple[Entry, ...]], ...]


def subjects(atlas: Atlas) -> dict[str, str]:
    """Return key → title of everything that has a profile.

    Keys read ``county:130730``, ``city:130700``, ``zone:130171``, ``industry:it``, ``document:001``
    and, for a record that is on no layer, ``record:003-project-001``. Titles are unique.
    """
    records = atlas.records
    aliases: dict[str, list[str]] = {}
    for alias in records.county_aliases:
        aliases.setdefault(alias.county, []).append(alias.alias)
    counties = {
        f"county:{c.adcode}": "·".join((c.name, c.city, *aliases.get(c.adcode, ())))
        for c in records.counties
    }
    return {
        **{f"city:{code}": name for code, name in records.cities.items()},
        **counties,
        **{f"zone:{z.code}": "·".join((z.name, *z.aliases)) for z in records.zones},
        **{f"industry:{i.id}": f"{i.name}（产业）" for i in records.industries},
        **{f"document:{d.id}": f"{d.id} {d.short_title}·{d.title}" for d in records.documents},
        **{
            f"record:{key}": f"{entry.text.partition('：')[0]}（未上图的记录 {key}）"
            for d in records.documents
            for key, entry in _unmapped(atlas, d.id)
        },
    }


def profile(atlas: Atlas, key: str) -> Profile | None:
    """Return the profile of a subject, or ``None`` for a key that names nothing."""
    titles = subjects(atlas)
    if key not in titles:
        return None
    kind, _, code = key.partition(":")
    build: dict[str, tuple[str, Callable[[Atlas, str], Iterable[tuple[str, list[Entry]]]]]] = {
        "county": ("县级政区", _county),
        "city": ("城市", _city),
        "industry": ("产业", _industry),
        "zone": ("开发区与功能区", _zone),
        "document": ("文件", _document),
        "record": ("未上图的记录", _record),
    }
    title, sections = build[kind]
    made = tuple((heading, tuple(entries)) for heading, entries in sections(atlas, code) if entries)
    return Profile(key, titles[key], title, made)


def _county(atlas: Atlas, adcode: str) -> Iterable[tuple[str, list[Entry]]]:
    city = {c.adcode: c.city_adcode for c in atlas.records.counties}[adcode]

    def here(row: Mapping[str, Any]) -> bool:
        return adcode in row["adcodes"]

    def direct(row: Mapping[str, Any]) -> bool:
        return here(row) and row["place_kind"] != "zone"

    def hosting(row: Mapping[str, Any]) -> bool:
        return here(row) and row["place_kind"] == "zone"

    def city_wide(row: Mapping[str, Any]) -> bool:
        return not row["adcodes"] and city in row["city_adcodes"]

    yield "核心承载区", _entries(atlas, "clusters-core", direct)
    yield "核心承载区（区内开发区）", _entries(atlas, "clusters-core", hosting)
    yield "辐射区域", _entries(atlas, "clusters-radiation", direct)
    yield "辐射区域（区内开发区）", _entries(atlas, "clusters-radiation", hosting)
    yield "一核两极四带与两翼", _entries(atlas, "layout", here)
    yield "新兴产业区域", _entries(atlas, "regions", here)
    yield "未来产业（所在城市）", _entries(atlas, "future-industries", here)
    yield "基地与园区", _entries(atlas, "bases", here)
    yield "重大项目", _entries(atlas, "projects", here)
    yield "基地与园区（只写到所在市）", _entries(atlas, "bases", city_wide)
    yield "重大项目（只写到所在市）", _entries(atlas, "projects", city_wide)


def _city(atlas: Atlas, code: str) -> Iterable[tuple[str, list[Entry]]]:
    def here(row: Mapping[str, Any]) -> bool:
        return code in row["city_adcodes"]

    yield from _by_layer(atlas, here)


def _zone(atlas: Atlas, code: str) -> Iterable[tuple[str, list[Entry]]]:
    place = atlas.places.gazetteer.places[code]

    def part(row: Mapping[str, Any]) -> bool:
        return bool(row["zone_code"] == code)

    def site(row: Mapping[str, Any]) -> bool:
        return row["id"].partition(":")[2] in here

    gazetteer, records = atlas.places.gazetteer, atlas.records
    here = {b.id for b in records.bases if place in gazetteer.resolve_list(b.places)}
    here |= {x.id for _, x in records.projects() if place in gazetteer.resolve_list(x.places)}
    yield "核心承载区", _entries(atlas, "clusters-core", part)
    yield "辐射区域", _entries(atlas, "clusters-radiation", part)
    yield "基地与园区", _entries(atlas, "bases", site)
    yield "重大项目", _entries(atlas, "projects", site)
    counties = atlas.places.boundaries.counties["name"]
    hosts = "、".join(counties[a] for a in place.adcodes)
    note = f"；{place.note}" if place.note else ""
    yield "所在县(市、区)", [Entry(hosts + note, (Citation(None, f"代码 {code}"),))]


def _record(atlas: Atlas, record: str) -> Iterable[tuple[str, list[Entry]]]:
    for document in atlas.records.documents:
        entries = [entry for key, entry in _unmapped(atlas, document.id) if key == record]
        yield f"《{document.title}》", entries


def _industry(atlas: Atlas, industry: str) -> Iterable[tuple[str, list[Entry]]]:
    def named(row: Mapping[str, Any]) -> bool:
        return industry in row["industries"]

    records = atlas.records
    terms = [
        Entry("、".join(words), (Citation(document, ""),))
        for document, words in records.industry_by_id[industry].terms.items()
    ]
    yield from _by_layer(atlas, named)
    yield "各文件用语", terms


def _document(atlas: Atlas, document: str) -> Iterable[tuple[str, list[Entry]]]:
    records = atlas.records

    def said(row: Mapping[str, Any]) -> bool:
        return row["document"] == document or document in row.get("documents", ())

    yield from _by_layer(atlas, said)
    facts = [
        Entry(f"{s.scope}　{s.indicator}　{figure(_as_row(s))}", (Citation(d, s.locator),))
        for d, s in records.statements()
        if d == document and s.kind == "fact"
    ]
    yield "现状数据（不是目标）", facts
    others = [
        Entry(f"{s.scope}　{s.indicator}　{figure(_as_row(s))}", (Citation(d, s.locator),))
        for d, s in records.statements()
        if d == document and s.kind in ("policy", "specification")
    ]
    yield "政策参数与技术规格", others
    for kind, heading in (("action", "行动"), ("safeguard", "保障措施")):
        named = [
            Entry(f"{a.order}. {a.name}", (Citation(d, a.locator),))
            for d, a in records.actions()
            if d == document and a.kind == kind
        ]
        yield heading, named
    systems = [
        Entry(f"{s.system}　{s.group}　{s.industry}{_parts(s.parts)}", (Citation(d, s.locator),))
        for d, s in records.systems()
        if d == document
    ]
    yield "产业体系", systems
    yield "未上图的记录", unmapped(atlas, document)


def unmapped(atlas: Atlas, document: str) -> list[Entry]:
    """Return the document's records that are on no layer, each with the reason why not."""
    return [entry for _, entry in _unmapped(atlas, document)]


def _unmapped(atlas: Atlas, document: str) -> list[tuple[str, Entry]]:
    records = atlas.records
    bases = {b.id: b for b in records.bases}
    found: list[tuple[str, str, str, str]] = [
        (c.id, f"{c.name}（{c.meaning}）", c.why_not_mapped, c.locator)
        for p in records.plans
        if p.document == document
        for c in p.concepts
    ]
    found += [
        (f.id, f.name, "文件未写地区", f.locator)
        for d, f in records.future()
        if d == document and f.places is None
    ]
    found += [
        (m.id, m.name, bases[m.base].why_not_mapped or "", m.locator)
        for d, m in records.base_mentions()
        if d == document and bases[m.base].why_not_mapped
    ]
    found += [
        (x.id, f"{x.name}（{x.company}）" if x.company else x.name, x.why_not_mapped, x.locator)
        for d, x in records.projects()
        if d == document and x.why_not_mapped
    ]
    return [
        (key, Entry(f"{name}：{why}", (Citation(document, where),)))
        for key, name, why, where in found
    ]


def _by_layer(
    atlas: Atlas, keep: Callable[[Mapping[str, Any]], bool]
) -> Iterable[tuple[str, list[Entry]]]:
    for layer, heading in (
        ("clusters", "产业集群"),
        ("clusters-core", "核心承载区"),
        ("clusters-radiation", "辐射区域"),
        ("layout", "一核两极四带与两翼"),
        ("regions", "新兴产业区域"),
        ("future-industries", "未来产业"),
        ("bases", "基地与园区"),
        ("projects", "重大项目"),
        ("targets", "规划目标"),
    ):
        yield heading, _entries(atlas, layer, keep)


def _entries(atlas: Atlas, layer: str, keep: Callable[[Mapping[str, Any]], bool]) -> list[Entry]:
    names = {row["cluster_id"]: row["name"] for row in _rows(atlas, "clusters")}
    entries = []
    for row in _rows(atlas, layer):
        if not keep(row):
            continue
        text = row["name"]
        if layer.startswith("clusters-"):
            text = f"{names[row['cluster_id']]}　{row['name']}"
            text += "（集群所在地，文件未写核心承载区）" if row["role"] == SEAT else ""
        elif layer in ("bases", "projects"):
            text += _about(row)
        elif layer == "layout":
            text += "（成员为推定）" if row["membership"] == "inferred" else ""
        elif layer == "targets":
            when = f"{row['year']}年" if pd.notna(row["year"]) else ""
            text = f"{row['name']}　{when}{figure(row)}"
        entries.append(Entry(text, citations(atlas, row), row["id"]))
    return entries


@lru_cache(maxsize=64)
def _rows(atlas: Atlas, layer: str) -> tuple[Mapping[str, Any], ...]:
    """Return a layer's rows without their geometry; a profile looks through ten layers."""
    return tuple(atlas.frames[layer].drop(columns="geometry").to_dict("records"))


def _about(row: Mapping[str, Any]) -> str:
    """Say in brackets what a planner must know of a site: company, stage, doubtful place."""
    known = [
        row.get("company") if pd.notna(row.get("company")) else None,
        row["stage"] if row["stage"] == "现状" else None,
        "地点为推定" if row["placement"] == "inferred" else None,
    ]
    words = "，".join(k for k in known if k)
    return f"（{words}）" if words else ""


def _parts(parts: tuple[str, ...]) -> str:
    return f"：{'、'.join(parts)}" if parts else ""


def _as_row(statement: Any) -> dict[str, Any]:
    names = ("value", "value_high", "value_text", "unit", "comparator")
    return {name: getattr(statement, name) for name in names}
