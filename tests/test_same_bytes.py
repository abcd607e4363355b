"""The same view gives the same bytes in any process: one program writes every format elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from packages import packed

from layers.atlas import Atlas
from layers.catalogue import KINDS, open_atlas
from layers.formats import (
    delimited,
    flatgeobuf,
    geopackage,
    geoparquet,
    kml,
    shapefile,
    spreadsheet,
)
from layers.formats.export import FORMATS, build_package, export
from layers.formats.onefile import html
from layers.printing import sheet
from layers.printing.settings import Print
from layers.reading.view import View

ROOT = Path(__file__).resolve().parent.parent
ELSEWHERE = """
import sys
sys.path.insert(0, "tests")
import test_same_bytes
test_same_bytes.tell()
"""
Writer = Callable[[Atlas], Mapping[str, bytes]]


def whole_layers(module, crs: str, atlas: Atlas) -> Mapping[str, bytes]:
    return module.write(packed(atlas, crs))


def one_geopackage(atlas: Atlas) -> Mapping[str, bytes]:
    made = build_package(atlas, tuple(KINDS), View(2025), FORMATS["gpkg"], "4490")
    return geopackage.write(made)


def one_geojson(layer: str, atlas: Atlas) -> Mapping[str, bytes]:
    return {layer: export(atlas, [layer], View(2025), "geojson").data}


def one_file(atlas: Atlas) -> Mapping[str, bytes]:
    return {"html": html(atlas, list(KINDS), View(2025, layers=tuple(KINDS)))}


def one_sheet(kind: str, atlas: Atlas) -> Mapping[str, bytes]:
    return {kind: sheet.sheet(atlas, View(2025, industries=("it",)), Print(format=kind))}


WRITERS: dict[str, Writer] = {
    **{
        f"{module.__name__}-{crs}": partial(whole_layers, module, crs)
        for module in (delimited, flatgeobuf, geoparquet, shapefile, spreadsheet)
        for crs in ("4490", "4526")
    },
    "kml": partial(whole_layers, kml, "4490"),
    "geopackage": one_geopackage,
    **{f"geojson-{layer}": partial(one_geojson, layer) for layer in KINDS},
    "one file": one_file,
    **{f"sheet-{kind}": partial(one_sheet, kind) for kind in sheet.FORMATS},
}


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def tell() -> None:
    """Write everything, and print the digests."""
    atlas = open_atlas()
    made = {name: digests(write(atlas)) for name, write in WRITERS.items()}
    sys.stdout.write(json.dumps(made))


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, dict[str, str]]:
    """What another process writes, under another hash seed, time zone and locale."""
    other = {"PYTHONHASHSEED": "1", "TZ": "America/New_York", "LC_ALL": "C", "PYTHONUTF8": "0"}
    made = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env={k: v for k, v in os.environ.items() if k != "JITU_DATA"} | other,
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    found: dict[str, dict[str, str]] = json.loads(made.stdout)
    return found


@pytest.mark.parametrize("name", WRITERS)
def test_another_process_writes_the_same_bytes(atlas, elsewhere, name):
    assert elsewhere[name] == digests(WRITERS[name](atlas))
