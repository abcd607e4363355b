"""The table in docs/content.md says how many records there are, and stays true."""

from __future__ import annotations

import importlib.util
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "make_counts_table.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_counts_table", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_that_of_the_records(records, script):
    written = (ROOT / "docs" / "content.md").read_text(encoding="utf-8")
    assert written == script.table(records), "run: python scripts/make_counts_table.py"


def rows(script, records) -> dict[str, list[str]]:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in script.table(records).splitlines()
        if line.startswith("|")
    ]
    return {first: rest for first, *rest in cells}


def test_every_record_is_counted_once(records, script):
    """Targets of clusters, real bases and comparisons are no records of a plan."""
    counted = sum(
        int(counts[-1])
        for kind, counts in rows(script, records).items()
        if not kind.startswith(("Records", "---", "—", "Comparisons"))
    )
    assert counted == sum(1 for plan in records.plans for _ in plan.records())


def test_rows_add_up(records, script):
    for kind, counts in rows(script, records).items():
        if kind.startswith(("Records", "---", "— real", "Comparisons")):
            continue
        assert sum(int(c) for c in counts[:-1] if c != "–") == int(counts[-1]), kind


def test_figures_by_hand(records, script):
    found = rows(script, records)
    assert found["Records"] == ["000", "001", "002", "003", "004", "all"]
    assert found["Clusters (产业集群)"] == ["–", "17", "–", "–", "–", "17"]
    # Nine clusters with three years, and servers for two.
    assert found["— their targets, by year (集群目标)"][1] == "29"
    assert found["Layout units (一核两极四带、两翼)"][2] == "9"
    assert found["Actions (行动)"] == ["–", "–", "8", "9", "–", "17"]
    assert found["Safeguards (保障措施)"] == ["–", "–", "–", "8", "–", "8"]
    assert found["Comparisons (一致性)"][-1] == str(len(records.comparisons))


def test_a_base_of_two_documents_is_counted_once_in_all(records, script):
    title = "— real bases, on the map (基地)"
    *by_document, total = rows(script, records)[title]
    assert int(total) == sum(bool(base.places) for base in records.bases)
    documents: dict[str, set[str]] = {}
    for document, mention in records.base_mentions():
        documents.setdefault(mention.base, set()).add(document)
    placed = {base.id for base in records.bases if base.places}
    expected = Counter(d for base in placed for d in documents[base])
    assert by_document == [str(expected[d.id] or "–") for d in records.documents]
    assert sum(expected.values()) > int(total)


def test_another_record_changes_the_table(records, script):
    less = replace(records, comparisons=records.comparisons[1:])
    assert script.table(less) != script.table(records)
