"""Values of the columns that most features have: source, industries and cities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from data.models import PlanRecord
from data.reader import Records
from layers.shared.vocabulary import FORMS


class SourceValues(TypedDict):
    """Values of the columns for the source of a feature."""

    document: str
    document_title: str
    locator: str


class IndustryValues(TypedDict):
    """Values of the columns for the industries of a feature."""

    industries: tuple[str, ...]
    industry_names: str | None


class CityValues(TypedDict):
    """Values of the columns for the cities of a feature."""

    city: str
    city_adcodes: tuple[str, ...]


def source_values(records: Records, document: str, locator: str) -> SourceValues:
    """Return the source of a feature.

    Parameters
    ----------
    records
        The records of the data folder.
    document
        A document id.
    locator
        The place in the document.
    """
    record = records.document_by_id[document]
    title = f"《{record.title}》（{FORMS[record.form]}）"
    return {"document": document, "document_title": title, "locator": locator}


def planning_period(records: Records, document: str) -> str | None:
    """Return a document's planning period in words; ``None`` where its text gives no end.

    Parameters
    ----------
    records
        The records of the data folder.
    document
        A document id.
    """
    record = records.document_by_id[document]
    if record.period_start and record.period_end:
        return f"{record.period_start}—{record.period_end}年"
    return f"规划期至{record.period_end}年" if record.period_end else None


def industry_values(records: Records, document: str, *said: PlanRecord) -> IndustryValues:
    """Return the industries that records of a document belong to.

    Parameters
    ----------
    records
        The records of the data folder.
    document
        A document id.
    *said
        Its records that are about the feature.
    """
    ids = records.industries_of(document, *said)
    names = "、".join(records.industry_by_id[i].name for i in ids)
    return {"industries": ids, "industry_names": names or None}


def city_values(records: Records, adcodes: Iterable[str]) -> CityValues:
    """Return the cities of a feature, in order of code.

    Parameters
    ----------
    records
        The records of the data folder.
    adcodes
        City codes; duplicates are dropped.
    """
    codes = tuple(sorted(set(adcodes)))
    return {"city": "、".join(records.cities[c] for c in codes), "city_adcodes": codes}


def join_words(words: Iterable[str], *, is_open: bool = False) -> str | None:
    """Return words joined by 、; ``None`` if there are none.

    Parameters
    ----------
    words
        The words.
    is_open
        Whether the document's list ends with 等.

    Examples
    --------
    >>> join_words(["半导体", "现代通信"], is_open=True)
    '半导体、现代通信等'
    """
    text = "、".join(words)
    return f"{text}等" if text and is_open else text or None
