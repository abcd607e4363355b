"""DXF: in metres, on Chinese layers, read by ezdxf and GDAL."""

from __future__ import annotations

import io
import subprocess
import zipfile
from functools import reduce
from pathlib import Path
from typing import Any

import ezdxf
import pyogrio
import pytest
import shapely
from ezdxf.filemanagement import readfile
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import parse_crs
from layers.catalogue import KINDS
from layers.formats.cad import layer_name
from layers.formats.export import ExportError, export
from layers.reading.view import View, select

VIEW = View(2025)
LAYERS = ("clusters", "clusters-core", "growth", "projects", "admin-cities", "targets")


def unpacked(folder: Path, data: bytes) -> list[Path]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    return sorted(folder.glob("*.dxf"))


@pytest.fixture(scope="module")
def path(atlas, tmp_path_factory) -> Path:
    (found,) = unpacked(
        tmp_path_factory.mktemp("图"), export(atlas, LAYERS, VIEW, "dxf", "4548").data
    )
    return found


@pytest.fixture(scope="module")
def drawing(path) -> Any:
    return readfile(path)


def of(drawing: Any, layer: str, kind: str) -> list[Any]:
    return list(drawing.modelspace().query(f'{kind}[layer=="{layer}"]'))


def test_it_is_a_sound_drawing_in_metres(drawing):
    assert drawing.audit().errors == []
    assert drawing.units == ezdxf.units.M
    crs = parse_crs("4548")
    assert ("crs", f"{crs.title} {crs.name}") in list(drawing.header.custom_vars)


def test_layers_have_their_chinese_titles(drawing):
    names = {layer.dxf.name for layer in drawing.layers} - {"0", "Defpoints"}
    titles = {KINDS[layer].title for layer in LAYERS}
    assert names == titles | {f"{title}_注记" for title in titles}


@pytest.mark.parametrize("layer", ["clusters", "clusters-core", "admin-cities", "targets"])
def test_areas_are_closed_outlines(atlas, drawing, layer):
    rows = select(atlas, layer, VIEW).dropna(subset="geometry").to_crs("EPSG:4548")
    found: dict[str, list[shapely.Polygon]] = {}
    for line in of(drawing, KINDS[layer].title, "LWPOLYLINE"):
        assert line.closed
        [(_, feature)] = line.get_xdata("JITU")
        found.setdefault(feature, []).append(shapely.Polygon([p[:2] for p in line]))
    assert set(found) == set(rows["id"])
    for row in rows.itertuples():
        made = found[row.id]
        rings = [r for p in shapely.get_parts(row.geometry) for r in (p.exterior, *p.interiors)]
        assert len(made) >= len(rings) or not row.geometry.is_valid
        area = reduce(shapely.symmetric_difference, made).area  # holes lie in their outlines
        assert area == pytest.approx(row.geometry.area, rel=1e-6)
    assert of(drawing, KINDS[layer].title, "HATCH") == []


def test_points_are_symbols_with_names(atlas, drawing):
    rows = select(atlas, "projects", VIEW).to_crs("EPSG:4548").set_index("id")
    marks = {m.get_xdata("JITU")[0][1]: m for m in of(drawing, "重大项目", "INSERT")}
    names = {t.get_xdata("JITU")[0][1]: t for t in of(drawing, "重大项目_注记", "TEXT")}
    assert set(marks) == set(names) == set(rows.index)
    for i, row in rows.iterrows():
        at = marks[i].dxf.insert
        assert shapely.Point(at.x, at.y).distance(row.geometry) < 1e-3
        assert names[i].dxf.text == row["name"]
        assert marks[i].block()
    assert len(of(drawing, "目标增长", "CIRCLE")) >= len(select(atlas, "growth", VIEW))


def test_each_zone_has_its_file(atlas, tmp_path):
    made = export(atlas, ["admin-cities"], VIEW, "dxf")
    assert made.name.endswith(".dxf.zip")
    paths = unpacked(tmp_path, made.data)
    assert [p.name for p in paths] == ["jitu_114e.dxf", "jitu_117e.dxf", "jitu_120e.dxf"]
    ids = set()
    for each in paths:
        lines = of(readfile(each), "设区市", "LWPOLYLINE")
        ids |= {line.get_xdata("JITU")[0][1] for line in lines}
        assert all(2.5e5 < x < 7.5e5 for line in lines for x, *_ in line)
    assert ids == set(select(atlas, "admin-cities", VIEW)["id"])


WITHOUT_PLACE = View(2025, industries=("materials",))


@pytest.mark.parametrize(
    ("layer", "view", "crs", "reason"),
    [
        ("clusters", VIEW, "4490", "in metres: choose a 3-degree zone such as 4547"),
        ("clusters", VIEW, "4326", "in metres"),
        ("targets", WITHOUT_PLACE, None, "no selected feature has geometry"),
    ],
)
def test_what_has_no_metres_is_refused(atlas, layer, view, crs, reason):
    with pytest.raises(ExportError, match=reason):
        export(atlas, [layer], view, "dxf", crs)


@given(st.text())
def test_any_title_is_the_name_of_a_layer(title):
    drawing = ezdxf.filemanagement.new()
    assert drawing.layers.add(layer_name(f"a{title}"))


def test_gdal_reads_layers_and_names(path):
    read = pyogrio.read_dataframe(path)
    assert {"产业集群", "重大项目_注记", "设区市"} <= set(read["Layer"])
    assert "石家庄" in set(read["Text"].dropna())
    west, south, east, north = read.total_bounds
    assert 1e5 < west < east < 8e5
    assert 3.9e6 < south < north < 4.8e6


@pytest.mark.qgis
def test_ogrinfo_warns_of_nothing(path, program):
    command = [program("ogrinfo"), "-ro", "-so", str(path), "entities"]
    made = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    assert made.stderr == ""
    assert "Feature Count: " in made.stdout
