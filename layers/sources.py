"""What every feature says about where it comes from and which industries and cities it has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from data.library import Library

FORMS = {"full-text": "全文", "digest": "媒体摘编"}


def source(library: Library, document: str, locator: str) -> dict[str, str]:
    """Return the columns ``document, document_title, locator``."""
    record = library.document_by_id[document]
    title = f"《{record.title}》（{FORMS[record.form]}）"
    return {"document": document, "document_title": title, "locator": locator}


def period(library: Library, document: str) -> str | None:
    """Return a document's planning period in words, as far as its text gives it."""
    record = library.document_by_id[document]
    if record.period_start and record.period_end:
        return f"{record.period_start}—{record.period_end}年"
    return f"规划期至{record.period_end}年" if record.period_end else None


def industries(library: Library, document: str, terms: Iterable[str]) -> dict[str, Any]:
    """Return the columns ``industries, industry_names`` for a document's own terms."""
    ids = library.industries_of(document, terms)
    names = "、".join(library.industry_by_id[i].name for i in ids)
    return {"industries": ids, "industry_names": names or None}


def cities(library: Library, adcodes: Iterable[str]) -> dict[str, Any]:
    """Return the columns ``city, city_adcodes`` for city codes, in order of code."""
    codes = tuple(sorted(set(adcodes)))
    return {"city": "、".join(library.cities[c] for c in codes), "city_adcodes": codes}


def joined(words: Iterable[str], *, is_open: bool = False) -> str | None:
    """Join words by 、 and mark an open list with 等.

    >>> joined(["半导体", "现代通信"], is_open=True)
    '半导体、现代通信等'
    """
    text = "、".join(words)
    return f"{text}等" if text and is_open else text or None
