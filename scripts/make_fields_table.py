"""Write docs/fields.md: every field of every layer, as it stands in the exports.

    python scripts/make_fields_table.py

A test writes the table anew and compares, so that it stays true.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from data import reader as data_library
from layers.catalogue import LAYERS
from layers.columns import COMMON, STYLED, Column, columns_of

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "fields.md"
HEAD = """# The fields of the layers (字段说明)

Made by `python scripts/make_fields_table.py` from `layers/columns.py`, which also serves the page
and every export; a test keeps it true. Lists (文本列表) are lists in GeoJSON and GeoParquet, text
joined by commas elsewhere. Shapefile shortens the names: see the field table in its zip.
"""


def table(years: Sequence[int]) -> str:
    """Return the document."""
    return "\n".join([HEAD, *_lines(years)])


def _lines(years: Sequence[int]) -> Iterator[str]:
    yield from _section("All layers", COMMON)
    yield from _section("GeoPackage, besides", STYLED)
    for layer in LAYERS.values():
        own = [c for c in columns_of(layer.id, years) if c not in COMMON]
        yield from _section(f"`{layer.id}` {layer.title}", own)


def _section(title: str, columns: Sequence[Column]) -> Iterator[str]:
    yield from (
        f"## {title}",
        "",
        "| Field | 名称 | 类型 | 单位 | 含义 |",
        "| --- | --- | --- | --- | --- |",
    )
    for c in columns:
        yield f"| `{c.name}` | {c.title} | {c.kind_title} | {c.unit or ''} | {c.meaning} |"
    yield ""


if __name__ == "__main__":
    TABLE.write_text(table(data_library.load().atlas.years), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{TABLE}\n")
