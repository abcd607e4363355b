"""What every feature says about where it comes from and which industries and cities it has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from data.reader import Records

FORMS = {"full-text": "全文", "digest": "媒体摘编"}


def source(records: Records, document: str, locator: str) -> dict[str, str]:
    """Return the columns ``document, document_title, locator``."""
    record = records.document_by_id[document]
    title = f"《{record.title}》（{FORMS[record.form]}）"
    return {"document": document, "document_title": title, "locator": locator}


def period(records: Records, document: str) -> str | None:
    """Return a document's planning period in words, as far as its text gives it."""
    record = records.document_by_id[document]
    if record.period_start and record.period_end:
        return f"{record.period_start}—{record.period_end}年"
    return f"规划期至{record.period_end}年" if record.period_end else None


def industries(records: Records, document: str, terms: Iterable[str]) -> dict[str, Any]:
    """Return the columns ``industries, industry_names`` for a document's own terms."""
    ids = records.industries_of(document, terms)
    names = "、".join(records.industry_by_id[i].name for i in ids)
    return {"industries": ids, "industry_names": names or None}


def cities(records: Records, adcodes: Iterable[str]) -> dict[str, Any]:
    """Return the columns ``city, city_adcodes`` for city codes, in order of code."""
    codes = tuple(sorted(set(adcodes)))
    return {"city": "、".join(records.cities[c] for c in codes), "city_adcodes": codes}


def joined(words: Iterable[str], *, is_open: bool = False) -> str | None:
    """Join words by 、 and mark an open list with 等.

    >>> joined(["半导体", "现代通信"], is_open=True)
    '半导体、现代通信等'
    """
    text = "、".join(words)
    return f"{text}等" if text and is_open else text or None
