"""Generate docs/industries.md: which industry each cluster and word belongs to, and why.

    python scripts/make_industries_table.py

A test regenerates the page and compares it with the file, so that the file stays up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from data import industries
from data import reader as data_library
from data.models import Industry, IndustryTerm
from data.reader import Records

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "industries.md"
NOT_VERIFIED = "未核实"
HEAD = """# Industries (产业归类)

`python scripts/make_industries_table.py` generates this page, and a test checks that it is up to
date. The vocabulary is in `industries.yaml` and `industry-terms.yaml` of the data folder, the rule
in `data/industries.py`.

**The rule.** A record belongs to the industries that its words mean: what it is called, its chains,
fields, products and frontier technologies. A record without such words belongs to the industries
that its whole plan is for. A record of a future industry also belongs to the industries of the
classification (战略性新兴产业分类（2018）) that this one lies within. A word counts only if it is
in the vocabulary as it stands. The first industry gives the colour.

**未核实** (not verified): no source that was read puts the word there. Of the classification, the
titles of chapters were read, not the lists of products below them.
"""


def page(records: Records) -> str:
    """Return the Markdown page."""
    parts = (
        _clusters(records),
        _within(records.industries),
        _words(records.industry_terms),
        _others(records),
    )
    return "\n".join([HEAD, *(line for part in parts for line in part)])


def _clusters(records: Records) -> Iterator[str]:
    yield from ("## Clusters and the words that lead to their industries", "")
    yield from ("| 集群 | 产业 | 用语 |", "| --- | --- | --- |")
    vocabulary = records.industry_vocabulary
    for document, cluster in records.clusters():
        for industry in records.industries_of(document, cluster):
            leading = [
                word
                for word in industries.words(cluster)
                for direct in vocabulary.meant_by([word])
                if industry == direct or industry in vocabulary.industries[direct].within
            ]
            name = vocabulary.industries[industry].name
            yield f"| {cluster.name} | {name} | {'、'.join(dict.fromkeys(leading))} |"
    yield ""


def _within(all_industries: Sequence[Industry]) -> Iterator[str]:
    yield from ("## Future industries within the classification", "")
    yield from ("| 未来产业 | 所属 | 依据 | 说明 |", "| --- | --- | --- | --- |")
    names = {i.id: i.name for i in all_industries}
    for industry in all_industries:
        for parent, source in industry.within.items():
            row = (industry.name, names[parent], source or NOT_VERIFIED, industry.reason or "")
            yield f"| {' | '.join(row)} |"
    yield ""


def _words(terms: Sequence[IndustryTerm]) -> Iterator[str]:
    yield from ("## Words", "", "| 用语 | 产业与依据 | 说明 |", "| --- | --- | --- |")
    for term in terms:
        places = (f"`{i}` {source or NOT_VERIFIED}" for i, source in term.industries.items())
        yield f"| {term.term} | {'；'.join(places) or '—'} | {term.reason or ''} |"
    yield ""


def _others(records: Records) -> Iterator[str]:
    known = records.industry_vocabulary.terms
    yield from ("## Words of clusters and future industries that mean no industry", "")
    for document, record in (*records.clusters(), *records.future()):
        others = [word for word in industries.words(record) if word not in known]
        if others:
            yield f"- {record.name}（{document}）：{'、'.join(others)}"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(data_library.load()), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{PAGE}\n")
