"""A kind of layer is one file: an invented one is dropped into a copy and found everywhere.

The copy is the project's own code and data; only `layers/kinds/vineyards.py` is added.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.catalogue import KINDS, order_kinds
from layers.formats.export import FORMATS
from layers.reading.drawings import drawings, legend_titles
from layers.shared.frame import frame

ROOT = Path(__file__).resolve().parent.parent
CODE = ("app", "data", "geo", "layers", "scripts", "static", ".streamlit")
LAYER, FEATURE = "wine-regions", "wine-regions:130730"
TITLE = "怀来县产区"


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, Any]:
    """What a walk through the copy found, by place."""
    project = tmp_path_factory.mktemp("kind") / "project"
    passed_over = shutil.ignore_patterns("__pycache__", "atlas")
    for folder in CODE:
        shutil.copytree(ROOT / folder, project / folder, ignore=passed_over)
    shutil.copy(ROOT / "streamlit_app.py", project)
    shutil.copy(ROOT / "tests/new_kind/vineyards.py", project / "layers/kinds")
    walk = ROOT / "tests/new_kind/walk.py"
    made = subprocess.run(
        [sys.executable, "-X", "utf8", str(walk)],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
    )
    assert made.returncode == 0, made.stderr[-4000:]
    return json.loads(made.stdout.splitlines()[-1])


def test_it_is_a_layer(found):
    assert found["catalogue"]
    assert found["filter options"] == "葡萄产区"


def test_it_is_drawn_in_its_style(found):
    assert found["map"] == ["vineyard", "vineyard"]
    assert (found["styles"]["stroke"], found["styles"]["weight"]) == ("#4a148c", 1.7)
    assert found["drawing order"] == 460


def test_it_is_in_the_legend(found):
    assert "葡萄产区范围" in found["legend"]


def test_a_click_finds_it_in_its_place_of_the_list(found):
    assert FEATURE in found["click"]
    layers = [feature.partition(":")[0] for feature in found["click"]]
    assert layers.index("clusters-core") < layers.index(LAYER) < layers.index("clusters")


def test_it_is_described(found):
    assert found["details"]["种植面积"] == "12,345 公顷"
    assert found["details"]["涉及县(市、区)"] == "怀来县"


@pytest.mark.parametrize("key", ["county:130730", "city:130700", "industry:food"])
def test_it_is_profiled(found, key):
    assert TITLE in found[f"profile {key}"]


def test_it_is_found_by_name(found):
    assert found["search"].startswith(TITLE)


def test_it_is_tabled(found):
    titles, hectares = found["table"]
    assert titles == ["名称", "种植面积（公顷）", "城市", "文件位置"]
    assert hectares == [12_345, 678]


def test_it_is_counted(found):
    assert found["counties chart"][LAYER] == 1
    assert found["matrix chart"] == [FEATURE]
    assert found["facets"] == {"food": 2}


def test_it_leaves_in_every_format(found):
    assert found["exports"] == dict.fromkeys(found["exports"], True)
    assert list(found["exports"]) == list(FORMATS)
    assert found["styled"]


def test_it_is_printed_with_label_legend_and_table(found):
    printed = "".join(found["print"])
    assert "葡萄产区范围" in printed
    assert "葡萄产区一览" in printed
    assert set(TITLE) <= set(printed)


def test_it_is_served(found):
    assert FEATURE in found["API"]
    assert found["API schema"]
    assert found["API definition"]
    assert found["API page"]


def test_it_is_documented(found):
    assert found["docs"]


def test_it_is_on_the_page(found):
    assert found["page"] == []
    assert found["page's panel"]
    assert any("种植面积（公顷）" in columns for columns in found["page's table"])
    assert "葡萄产区" in found["page's pills"]


def test_two_kinds_may_not_share_an_id():
    twice = [*KINDS.values(), next(iter(KINDS.values()))]
    with pytest.raises(ValueError, match="have one id"):
        order_kinds(twice)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "Wine_regions"}, "lower-case words"),
        ({"filters": frozenset({"cities"})}, "unknown filters"),
        ({"table": ("name", "levl")}, "unknown column 'levl'"),
    ],
)
def test_a_slip_in_a_kind_is_reported_when_it_is_read(change, message):
    kind = next(iter(KINDS.values()))
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(kind, **change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"locator": ...}, "row 'x:1' lacks locator"),
        ({"geometry": ...}, "row 'x:1' lacks geometry"),
        ({"geometry_status": "centre"}, "geometry_status 'centre'"),
        ({"geometry_status": ...}, "geometry_status None"),
        ({"hectares": 1}, "undefined columns"),
    ],
)
def test_a_slip_in_a_row_is_reported_with_its_id(change, message):
    row = {
        "id": "x:1", "layer": "x", "name": "甲", "role": "乙", "locator": "丙",
        "geometry_status": "point", "geometry": shapely.Point(115, 38),
    }  # fmt: skip
    changed = {name: value for name, value in {**row, **change}.items() if value is not ...}
    assert len(frame([row], ())) == 1
    with pytest.raises((KeyError, ValueError), match=message):
        frame([changed], ())


def test_every_legend_key_has_its_entry(atlas):
    titles = legend_titles(atlas)
    lost = {
        key
        for feature in drawings(atlas).values()
        for key in feature.drawing.legend_keys
        if key not in titles and not key.startswith("status:")
    }
    assert lost == set()


def test_no_two_symbols_share_a_name(atlas):
    designs = [f.drawing.symbol.design for f in drawings(atlas).values() if f.drawing.symbol]
    by_name: dict[str, set[object]] = {}
    for design in designs:
        by_name.setdefault(design.name, set()).add(design)
    assert {name: len(own) for name, own in by_name.items() if len(own) > 1} == {}
