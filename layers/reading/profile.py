"""Profiles: everything the plans state about one county, city, zone, industry or document.

A profile groups rows of the map's layers under headings. Each entry has its source and, where it
is on the map, its feature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from data.models import Statement
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kind import Citation, CountySection, Kind, Row
from layers.reading.unmapped import unmapped_records
from layers.shared.figures import figure_text


@dataclass(frozen=True)
class Entry:
    """One statement of a plan.

    Attributes
    ----------
    text
        The statement in words.
    citations
        Where it is written.
    feature
        The id of its feature; ``None`` where it is on no layer.
    """

    text: str
    citations: tuple[Citation, ...]
    feature: str | None = None


@dataclass(frozen=True)
class Profile:
    """A subject and the statements about it.

    Attributes
    ----------
    key, title
        The subject's key and title, as in :func:`subjects`.
    kind
        What the subject is, in Chinese, such as 城市.
    sections
        Pairs of heading and entries; headings without entries are left out.
    """

    key: str
    title: str
    kind: str
    sections: tuple[tuple[str, tuple[Entry, ...]], ...]


def subjects(atlas: Atlas) -> dict[str, str]:
    """Return key → title for every subject that has a profile.

    Parameters
    ----------
    atlas
        The atlas.

    Returns
    -------
    dict
        Keys such as ``county:130730``, ``city:130700``, ``zone:130171``, ``industry:it`` and
        ``document:001``; a record that is on no layer has a key such as
        ``record:003-project-001``. Titles are unique.
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
    """Return the profile of a subject, or ``None`` if the key names no subject.

    Parameters
    ----------
    atlas
        The atlas.
    key
        A key of :func:`subjects`.
    """
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
    sections = [(kind, own) for kind in KINDS.values() for own in kind.county_sections]
    for kind, section in sorted(sections, key=lambda pair: pair[1].rank):
        holds = partial(_holds, section, adcode, city)
        yield section.heading, _entries(atlas, kind, holds)


def _holds(section: CountySection, adcode: str, city: str, row: Row) -> bool:
    return section.holds(row, adcode, city)


def _is_among(ids: frozenset[str], row: Row) -> bool:
    return row["id"] in ids


def _city(atlas: Atlas, code: str) -> Iterable[tuple[str, list[Entry]]]:
    def here(row: Row) -> bool:
        return code in row["city_adcodes"]

    yield from _by_layer(atlas, here)


def _zone(atlas: Atlas, code: str) -> Iterable[tuple[str, list[Entry]]]:
    place = atlas.places.gazetteer.places[code]
    for kind in KINDS.values():
        if kind.in_zone and kind.profile:
            ids = kind.in_zone(atlas, place)
            yield kind.profile, _entries(atlas, kind, partial(_is_among, ids))
    counties = atlas.places.boundaries.counties["name"]
    hosts = "、".join(counties[a] for a in place.adcodes)
    note = f"；{place.note}" if place.note else ""
    yield "所在县(市、区)", [Entry(hosts + note, (Citation(None, f"代码 {code}"),))]


def _record(atlas: Atlas, record: str) -> Iterable[tuple[str, list[Entry]]]:
    for document in atlas.records.documents:
        entries = [entry for key, entry in _unmapped(atlas, document.id) if key == record]
        yield f"《{document.title}》", entries


def _industry(atlas: Atlas, industry: str) -> Iterable[tuple[str, list[Entry]]]:
    def named(row: Row) -> bool:
        return industry in row["industries"]

    records = atlas.records
    terms = [
        Entry("、".join(words.by_industry[industry]), (Citation(document, ""),))
        for document, words in records.industry_words.items()
        if industry in words.by_industry
    ]
    yield from _by_layer(atlas, named)
    yield "各文件用语", terms


def _document(atlas: Atlas, document: str) -> Iterable[tuple[str, list[Entry]]]:
    records = atlas.records

    def said(row: Row) -> bool:
        return row["document"] == document or document in row.get("documents", ())

    yield from _by_layer(atlas, said)
    facts = [
        Entry(f"{s.scope}　{s.indicator}　{figure_text(_as_row(s))}", (Citation(d, s.locator),))
        for d, s in records.statements()
        if d == document and s.kind == "fact"
    ]
    yield "现状数据（不是目标）", facts
    others = [
        Entry(f"{s.scope}　{s.indicator}　{figure_text(_as_row(s))}", (Citation(d, s.locator),))
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
    """Return a document's records that are on no layer, each with the reason.

    Parameters
    ----------
    atlas
        The atlas.
    document
        A document id.
    """
    return [entry for _, entry in _unmapped(atlas, document)]


def _unmapped(atlas: Atlas, document: str) -> list[tuple[str, Entry]]:
    return [
        (r.id, Entry(f"{r.name}：{r.why}", (Citation(document, r.locator),)))
        for r in unmapped_records(atlas)
        if r.document == document
    ]


def _by_layer(atlas: Atlas, keep: Callable[[Row], bool]) -> Iterable[tuple[str, list[Entry]]]:
    for kind in KINDS.values():
        if kind.profile:
            yield kind.profile, _entries(atlas, kind, keep)


def _entries(atlas: Atlas, kind: Kind, keep: Callable[[Row], bool]) -> list[Entry]:
    return [
        Entry(kind.profile_text(atlas, row), kind.citations(atlas, row), row["id"])
        for row in _rows(atlas, kind.id)
        if keep(row)
    ]


@lru_cache(maxsize=64)
def _rows(atlas: Atlas, layer: str) -> tuple[Row, ...]:
    """Return a layer's rows without geometry. Cached, because each profile reads all layers."""
    return tuple(atlas.frames[layer].drop(columns="geometry").to_dict("records"))


def _parts(parts: tuple[str, ...]) -> str:
    return f"：{'、'.join(parts)}" if parts else ""


def _as_row(statement: Statement) -> Row:
    names = ("value", "value_high", "value_text", "unit", "comparator")
    return {name: getattr(statement, name) for name in names}
