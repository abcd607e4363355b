"""Which industries a record means: one rule for layers, search and crosswalk.

A record names industries: its `terms`, which the vocabulary must have. Its fields and products may
mean industries too; those that the vocabulary lacks mean none. The links of a chain are steps such
as 装备制造, not industries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from data.models import Document, Industry, IndustryTerm, Plan, PlanRecord

_TERMS = ("industry", "industries", "chains", "integrated", "frontier")
_OTHER_WORDS = ("fields", "products", "parts")


def terms(record: PlanRecord) -> tuple[str, ...]:
    """Return the words by which a record names industries, its own first.

    Parameters
    ----------
    record
        A record of a plan.
    """
    return _words(record, _TERMS)


def words(record: PlanRecord) -> tuple[str, ...]:
    """Return every word of a record that may mean an industry, its terms first.

    Parameters
    ----------
    record
        A record of a plan.
    """
    return _words(record, (*_TERMS, *_OTHER_WORDS))


def _words(record: PlanRecord, fields: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for field in fields:
        value = getattr(record, field, ())
        found += [value] if isinstance(value, str) else value
    return tuple(dict.fromkeys(found))


class IndustryVocabulary:
    """The industries of the filter, and the words of the documents that mean them.

    Parameters
    ----------
    industries
        The industries, in the filter's order.
    terms
        The words.
    """

    def __init__(self, industries: Iterable[Industry], terms: Iterable[IndustryTerm]) -> None:
        self.industries = {i.id: i for i in industries}
        self.terms = {t.term: t for t in terms}

    def meant_by(self, words: Iterable[str]) -> tuple[str, ...]:
        """Return the industries that words mean.

        Parameters
        ----------
        words
            Words as the documents write them.

        Returns
        -------
        tuple of str
            Industry ids, in the order of the words, without repeats. Unknown words mean none.
        """
        known = (self.terms[word] for word in words if word in self.terms)
        return tuple(dict.fromkeys(i for term in known for i in term.industries))

    def of(self, document: Document, *records: PlanRecord) -> tuple[str, ...]:
        """Return the industries that records of a document belong to.

        Records without words belong to those that the document is for. A record of a future
        industry also belongs to the industries that this one lies within.

        Parameters
        ----------
        document
            The document.
        *records
            Its records that are about the same thing.

        Returns
        -------
        tuple of str
            Industry ids; the first one gives the colour.
        """
        said = [word for record in records for word in words(record)]
        direct = self.meant_by(said or document.industry)
        around = (parent for i in direct for parent in self.industries[i].within)
        return tuple(dict.fromkeys((*direct, *around)))


class DocumentWords:
    """The words for industries that a document uses.

    Parameters
    ----------
    vocabulary
        The vocabulary.
    document
        The document.
    plans
        All plans; those of the document count.
    """

    def __init__(
        self, vocabulary: IndustryVocabulary, document: Document, plans: Iterable[Plan]
    ) -> None:
        own = (
            record for plan in plans if plan.document == document.id for record in plan.records()
        )
        said = (*document.industry, *(word for record in own for word in words(record)))
        found = {word: vocabulary.meant_by([word]) for word in said}
        self.industries: Mapping[str, tuple[str, ...]] = {w: ids for w, ids in found.items() if ids}

    @cached_property
    def by_industry(self) -> Mapping[str, tuple[str, ...]]:
        """Industry id → the words that mean it, in the document's order."""
        found: dict[str, tuple[str, ...]] = {}
        for word, ids in self.industries.items():
            for industry in ids:
                found[industry] = (*found.get(industry, ()), word)
        return found
