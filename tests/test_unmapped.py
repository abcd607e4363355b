"""Nothing is dropped silently: what is on no layer stands beside the layers, and is counted."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import zipfile
from contextlib import closing

import openpyxl
import pytest

from layers.catalogue import KINDS
from layers.formats.export import export
from layers.formats.metadata import describe_export, metadata_text
from layers.reading.unmapped import unmapped_in, unmapped_records
from layers.reading.view import View, ids

WHOLE = View(2025)
IT = View(2025, industries=("it",))


@pytest.fixture(scope="module")
def totals(atlas):
    """How many items the records have, counted anew, for the layers that show only some."""
    records = atlas.records
    return {
        "projects": len(list(records.projects())),
        "bases": len(records.bases),
        "future-industries": len(list(records.future())),
    }


@pytest.mark.parametrize("layer", ["projects", "bases", "future-industries"])
def test_every_record_is_on_the_map_or_in_the_list(atlas, totals, layer):
    listed = {r.item for r in unmapped_records(atlas) if r.layer == layer}
    assert listed
    assert len(listed) + len(atlas.frames[layer]) == totals[layer]
    shown = {i.partition(":")[2] for i in atlas.frames[layer]["id"]}
    assert not listed & shown


@pytest.mark.parametrize("layer", KINDS)
def test_every_description_counts_both(atlas, totals, layer):
    about = describe_export(atlas, [layer], WHOLE, [])
    found = re.search(rf"（{layer}）：共 (\d+) 项，上图 (\d+) 项（", metadata_text(about))
    assert found
    frame = atlas.frames[layer].set_index("id").loc[ids(atlas, layer, WHOLE)]
    total, mapped = map(int, found.groups())
    assert mapped == frame.geometry.notna().sum()
    assert total == totals.get(layer, len(frame))
    assert about.described(layer) == f"{KINDS[layer].description}；共 {total} 项，上图 {mapped} 项"


def test_the_industry_has_an_effect_on_them_and_the_city_has_none(atlas):
    layers = list(KINDS)
    of_it = unmapped_in(atlas, layers, IT)
    assert 0 < len(of_it) < len(unmapped_records(atlas))
    assert all("it" in r.industries for r in of_it if r.layer)
    assert unmapped_in(atlas, layers, View(2025, cities=("130700",))) == list(
        unmapped_records(atlas)
    )
    assert {r.layer for r in unmapped_in(atlas, ["clusters"], WHOLE)} == {None}


def test_a_geopackage_has_them_and_the_facts(atlas, tmp_path):
    path = tmp_path / "x.gpkg"
    path.write_bytes(export(atlas, ["projects", "bases"], IT, "gpkg").data)
    with closing(sqlite3.connect(path)) as database:
        found = database.execute(
            "SELECT id, kind, name, why, document, locator FROM jitu_unmapped ORDER BY fid"
        ).fetchall()
        facts = database.execute("SELECT id, figure FROM jitu_facts").fetchall()
        described = dict(database.execute("SELECT table_name, description FROM gpkg_contents"))
    assert found == [
        (r.id, r.kind_title, r.name, r.why, r.document, r.locator)
        for r in unmapped_in(atlas, ["projects", "bases"], IT)
    ]
    written = {s.id for _, s in atlas.records.statements() if s.kind == "fact"}
    assert {i for i, _ in facts} == written
    assert all(figure for _, figure in facts)
    assert re.search(r"；共 \d+ 项，上图 \d+ 项$", described["projects"])


def test_a_workbook_and_a_zip_have_the_same_rows(atlas):
    book = openpyxl.load_workbook(
        io.BytesIO(export(atlas, ["projects"], WHOLE, "xlsx").data), read_only=True
    )
    with zipfile.ZipFile(io.BytesIO(export(atlas, ["projects"], WHOLE, "csv").data)) as archive:
        for title in ("未上图的记录", "现状数据"):
            text = archive.read(f"{title}.csv").decode("utf-8-sig")
            rows = [[v or None for v in row] for row in csv.reader(io.StringIO(text, newline=""))]
            assert len(rows) > 20
            assert [list(row) for row in book[title].iter_rows(values_only=True)] == rows
