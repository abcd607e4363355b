"""The field dictionary in docs/fields.md names every column that leaves, and stays true."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from layers.columns import STYLED

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "make_fields_table.py"


@pytest.fixture(scope="module")
def made(records) -> str:
    spec = importlib.util.spec_from_file_location("make_fields_table", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.table(records.atlas.years)


def test_the_table_is_that_of_the_columns(made):
    written = (ROOT / "docs" / "fields.md").read_text(encoding="utf-8")
    assert written == made, "run: python scripts/make_fields_table.py"


def test_every_column_of_every_layer_is_in_it(atlas, made):
    rows = [line.split("|") for line in made.splitlines() if line.startswith("| `")]
    named = {cells[1].strip(" `") for cells in rows}
    columns = {c for frame in atlas.frames.values() for c in frame.columns} - {"geometry"}
    assert named == columns | {c.name for c in STYLED}
    assert all(len(cells) == 7 for cells in rows)  # no cell breaks the table
