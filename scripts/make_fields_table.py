"""Generate docs/fields.md, the fields of every layer in the exports.

    python scripts/make_fields_table.py

A test regenerates the table and compares it with the file, so that the file stays up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from data import reader as data_library
from layers.catalogue import KINDS, columns_of
from layers.columns import COMMON, STYLED, Column

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "fields.md"
HEAD = """# The fields of the layers (字段说明)

`python scripts/make_fields_table.py` generates this page, and a test checks that it is up to date.
The definitions are in `layers/columns.py` (fields of all layers), `layers/shared/` (fields of
several layers) and `layers/kinds/` (fields of one layer). The page and every export use them.

GeoJSON and GeoParquet store lists (文本列表) as lists. The other formats store them as text joined
by commas. To find one item there, put a comma at both ends, because `it` also stands in other
codes: `concat(',', industries, ',') LIKE '%,it,%'`. Shapefile shortens the field names; the field
table in its zip lists the full names.
"""


def table(years: Sequence[int]) -> str:
    """Return the Markdown page."""
    return "\n".join([HEAD, *_lines(years)])


def _lines(years: Sequence[int]) -> Iterator[str]:
    yield from _section("All layers", COMMON)
    yield from _section("Additional fields in GeoPackage and File Geodatabase", STYLED)
    for layer in KINDS.values():
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
