"""Generate docs/content.md, the number of records of each kind in each document.

    python scripts/make_counts_table.py

A test regenerates the table and compares it with the file, so that the file stays up to date.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from data import reader as data_library
from data.models import Comparison
from data.reader import Records

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "content.md"
NONE = "–"
STATEMENTS = {
    "target": "Targets (定量目标)",
    "fact": "Historical facts (现状数据)",
    "policy": "Policy figures (政策参数)",
    "specification": "Specifications (技术规格)",
}
HEAD = """# What the records hold

`python scripts/make_counts_table.py` generates this page, and a test checks that it is up to date.
Each record is counted in the document that it was read from. A base that several documents mention
counts once in each of them and once in the total. The same holds for a comparison of several
documents.

"""


def kinds(records: Records) -> Iterator[tuple[str, list[str], int | None]]:
    """Yield (kind, document of each record, total if it is not the number of documents)."""
    plans = [(plan.document, plan) for plan in records.plans]
    yield "Clusters (产业集群)", documents(records.clusters()), None
    targets = [d for d, c in records.clusters() for _ in c.targets]
    yield "— their targets, by year (集群目标)", targets, None
    yield "Layout units (一核两极四带、两翼)", documents(records.layout()), None
    yield "Layout concepts without a place", [d for d, p in plans for _ in p.concepts], None
    yield "Regions (发展区域)", documents(records.regions()), None
    future = list(records.future())
    yield "Future industries, placed (未来产业)", [d for d, f in future if f.places], None
    yield "Future industries, no place named", [d for d, f in future if not f.places], None
    yield "Mentions of bases (基地与园区的提及)", documents(records.base_mentions()), None
    for title, is_mapped in (("on the map", True), ("not mappable", False)):
        real = {b.id for b in records.bases if bool(b.places) == is_mapped}
        pairs = {(d, m.base) for d, m in records.base_mentions() if m.base in real}
        yield f"— real bases, {title} (基地)", documents(pairs), len(real)
    projects = list(records.projects())
    yield "Projects, on the map (重大项目)", [d for d, p in projects if p.places], None
    yield "Projects, not mappable", [d for d, p in projects if not p.places], None
    for kind, title in STATEMENTS.items():
        yield title, [d for d, s in records.statements() if s.kind == kind], None
    yield "Entries of industry systems (产业体系)", documents(records.systems()), None
    actions = list(records.actions())
    yield "Actions (行动)", [d for d, a in actions if a.kind == "action"], None
    yield "Safeguards (保障措施)", [d for d, a in actions if a.kind == "safeguard"], None
    sides = [d for c in records.comparisons for d in sorted(compared(records, c))]
    yield "Comparisons (一致性)", sides, len(records.comparisons)


def documents(records: Iterable[tuple[str, object]]) -> list[str]:
    """Return the document of each record."""
    return [document for document, _ in records]


def compared(records: Records, comparison: Comparison) -> set[str]:
    """Return the documents that the sides of a comparison come from."""
    named = {name for side in comparison.sides for name in side.records}
    found = {p.document for p in records.plans for r in p.records() if r.id in named}
    return found | {d for d, mention in records.base_mentions() if mention.base in named}


def table(records: Records) -> str:
    """Return the Markdown page, with one row per kind and one column per document."""
    ids = [document.id for document in records.documents]
    lines = [["Records", *ids, "all"], ["---", *["---:"] * (len(ids) + 1)]]
    for kind, found, total in kinds(records):
        counted = Counter(found)
        counts = [str(counted[i] or NONE) for i in ids]
        lines.append([kind, *counts, str(len(found) if total is None else total)])
    titles = [f"- `{d.id}`: {d.title} ({d.form})" for d in records.documents]
    rows = [f"| {' | '.join(line)} |" for line in lines]
    return HEAD + "\n".join([*rows, "", *titles]) + "\n"


def main() -> int:
    """Run the command; return its exit code."""
    TABLE.parent.mkdir(exist_ok=True)
    text = table(data_library.load(data_library.PACKAGE_FOLDER))
    TABLE.write_text(text, encoding="utf-8", newline="\n")
    print(f"written to {TABLE}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
