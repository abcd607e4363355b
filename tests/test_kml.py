"""KML: valid order, styles, Chinese titles, everything in one layer, nothing fetched."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from packages import (
    HOSTILE,
    changed,
    check_in_qgis,
    file_name,
    packed,
    qgis,
    with_geometry,
    written,
)

from geo.crs import WGS84
from layers.catalogue import KINDS
from layers.formats import metadata
from layers.formats.delimited import flat_rows
from layers.formats.kml import write
from layers.markup import escape_html

NS = {"k": "http://www.opengis.net/kml/2.2"}


@pytest.fixture(scope="module")
def exported(atlas, tmp_path_factory) -> Path:
    return written(tmp_path_factory.mktemp("导出") / "kml", write(packed(atlas)))


def document(data: bytes) -> Element:
    found = ElementTree.fromstring(data).find("k:Document", NS)  # noqa: S314 (our own)
    assert found is not None
    return found


def values(placemark: Element) -> dict[str, str]:
    data = placemark.findall("k:ExtendedData/k:SchemaData/k:SimpleData", NS)
    found = {item.attrib["name"]: item.text or "" for item in data}
    return {name.removeprefix("feature_"): text for name, text in found.items()}


def shape(placemark: Element) -> shapely.Geometry | None:
    """Read a placemark's geometry anew."""

    def points(node: Element) -> list[list[float]]:
        return [[float(v) for v in p.split(",")] for p in (node.text or "").split()]

    parts: list[shapely.Geometry] = [
        shapely.Point(points(node)[0]) for node in placemark.findall(".//k:Point/k:coordinates", NS)
    ]
    for polygon in placemark.findall(".//k:Polygon", NS):
        (outer,) = polygon.findall("k:outerBoundaryIs/k:LinearRing/k:coordinates", NS)
        inner = polygon.findall("k:innerBoundaryIs/k:LinearRing/k:coordinates", NS)
        assert shapely.is_ccw(shapely.LinearRing(points(outer)))
        assert not any(shapely.is_ccw(shapely.LinearRing(points(ring))) for ring in inner)
        parts.append(shapely.Polygon(points(outer), [points(ring) for ring in inner]))
    return shapely.union_all(parts) if parts else None


@pytest.mark.parametrize("layer", KINDS)
def test_all_rows_come_back(atlas, exported, layer):
    """Null and empty are left out, lists are joined by commas, 7 decimals."""
    sheet = packed(atlas, layers=[layer]).sheets[0]
    rows = {row["id"]: row for row in flat_rows(sheet).to_crs(WGS84).to_dict("records")}
    placemarks = document((exported / file_name(layer, ".kml")).read_bytes()).findall(
        "k:Placemark", NS
    )
    assert sorted(values(p)["id"] for p in placemarks) == sorted(rows)
    for placemark in placemarks:
        row = rows[values(placemark)["id"]]
        given = {c.name: row[c.name] for c in sheet.columns if pd.notna(row[c.name])}
        expected = {name: str(value) for name, value in given.items() if value != ""}
        assert values(placemark) == expected
        assert placemark.findtext("k:name", None, NS) == row["name"]
        found = shape(placemark)
        if row["geometry"] is None:
            assert found is None
        else:
            assert shapely.hausdorff_distance(found, row["geometry"]) < 1.5e-7


@pytest.mark.parametrize("layer", KINDS)
def test_the_document_is_flat_and_fetches_nothing(exported, layer):
    data = (exported / file_name(layer, ".kml")).read_bytes()
    root = document(data)
    order = [child.tag.rpartition("}")[2] for child in root]
    kinds = ["name", "description", "Style", "ExtendedData", "Schema", "Placemark"]  # KML's order
    assert list(dict.fromkeys(order)) == [k for k in kinds if k in order]
    assert "Placemark" in order
    assert not list(root.iter(f"{{{NS['k']}}}Folder"))
    assert b"href" not in data
    assert not [n for n in re.findall(r"\d+\.(\d+)", " ".join(coordinates(root))) if len(n) > 7]


def coordinates(root: Element) -> list[str]:
    return [node.text or "" for node in root.iter(f"{{{NS['k']}}}coordinates")]


def test_fields_have_chinese_titles(exported):
    schema = document((exported / "clusters.kml").read_bytes()).find("k:Schema", NS)
    titles = {
        field.attrib["name"]: (field.attrib["type"], field.findtext("k:displayName", None, NS))
        for field in schema
    }
    assert titles["revenue_yi_2025"] == ("int", "2025年营业收入目标（亿元）")
    assert titles["document"] == ("string", "文件编号")
    assert titles["feature_id"] == ("string", "要素编号")
    assert all(name.isascii() for name in titles)


@pytest.mark.parametrize("layer", KINDS)
def test_a_reader_renames_no_field(atlas, exported, layer):
    """GDAL has fields of its own for a placemark's elements."""
    own = [c.name for c in packed(atlas, layers=[layer]).sheets[0].columns]
    names = [f"feature_{name}" if name in ("id", "name") else name for name in own]
    read = list(pyogrio.read_info(exported / file_name(layer, ".kml"))["fields"])
    assert read[-len(names) :] == names
    assert not set(read[: -len(names)]) & set(names)


@pytest.mark.parametrize("layer", KINDS)
def test_widths_are_written_as_they_are_meant(exported, layer):
    root = document((exported / file_name(layer, ".kml")).read_bytes())
    widths = [node.text or "" for node in root.iter(f"{{{NS['k']}}}width")]
    assert not [w for w in widths if len(w) > 4]


def test_a_control_character_anywhere_leaves_a_document(atlas):
    made = packed(atlas, layers=["regions"])
    hostile = "a\x00b\x1f\ufffe"
    sheet = dataclasses.replace(made.sheets[0], title=hostile)
    columns = tuple(dataclasses.replace(c, title=hostile) for c in sheet.columns)
    about = dataclasses.replace(made.metadata, title=hostile, disclaimer=hostile)
    odd = dataclasses.replace(
        made, sheets=(dataclasses.replace(sheet, columns=columns),), metadata=about
    )
    assert document(write(odd)["regions.kml"]).findtext("k:name", None, NS) == "ab"


@pytest.mark.parametrize("layer", KINDS)
def test_styles_are_shared_and_found(atlas, exported, layer):
    root = document((exported / file_name(layer, ".kml")).read_bytes())
    styles = {style.attrib["id"]: style for style in root.findall("k:Style", NS)}
    used = [node.text for node in root.findall("k:Placemark/k:styleUrl", NS)]
    assert set(used) == {f"#{style}" for style in styles}
    drawn = packed(atlas, layers=[layer]).sheets[0].drawn
    for placemark in root.findall("k:Placemark", NS):
        own = drawn.get(values(placemark)["id"])
        assert placemark.findtext("k:styleUrl", None, NS) == (
            f"#{own.style_class}" if own else None
        )


def test_colours_are_written_backwards(exported):
    root = document((exported / "clusters_core.kml").read_bytes())
    style = root.find("k:Style[@id='core-biology-host-county']", NS)
    assert style.findtext("k:PolyStyle/k:color", None, NS)[2:] == "4818b0"  # of #b01848
    hatched = root.find("k:Style[@id='core-it-host-county']", NS)
    assert int(hatched.findtext("k:PolyStyle/k:color", None, NS)[:2], 16) < 40


def test_a_placemark_says_what_a_planner_asks(exported):
    root = document((exported / "clusters.kml").read_bytes())
    texts = {
        values(p)["id"]: p.findtext("k:description", None, NS)
        for p in root.findall("k:Placemark", NS)
    }
    assert texts["clusters:001-key-08"].splitlines() == [
        "产业集群",
        "几何状态：所在县(区)示意",
        "2025年营业收入目标：预计超 2,100 亿元",
        "出处：《加快河北省战略性新兴产业融合集群发展行动方案（2023-2027年）》（节选） "
        "重点支持的产业集群 第8个",
    ]
    assert "营业收入" not in texts["clusters:001-cultivated-04"]


def test_the_file_says_what_it_is(atlas, exported):
    about = packed(atlas).metadata
    root = document((exported / "bases.kml").read_bytes())
    assert root.findtext("k:description", None, NS) == escape_html(metadata.metadata_text(about))
    xml = root.findtext("k:ExtendedData/k:Data[@name='metadata_xml']/k:value", None, NS)
    assert xml == metadata.metadata_xml(about).decode()


@settings(max_examples=40)
@given(HOSTILE)
def test_any_text_survives_and_none_is_markup(atlas, texts):
    made = changed(packed(atlas, layers=["regions"]), note=texts, name=texts, role=texts)
    placemarks = document(write(made)["regions.kml"]).findall("k:Placemark", NS)
    expected = flat_rows(made.sheets[0])["note"]

    def lines(text: str) -> str:  # XML readers see one kind of line end
        return text.replace("\r\n", "\n").replace("\r", "\n")

    assert [values(p).get("note", "") for p in placemarks] == [lines(t) for t in expected]
    for placemark in placemarks:
        assert "<" not in placemark.findtext("k:description", "", NS)


def test_coordinates_are_always_wgs84(atlas):
    """Whatever system the package is in."""
    made = packed(atlas, "4547", ["projects"])
    found = coordinates(document(write(made)["projects.kml"]))
    assert all(113 < float(text.split(",")[0]) < 120 for text in found)


def test_a_layer_without_geometry_keeps_its_rows(atlas):
    files = write(with_geometry(packed(atlas, layers=["targets"]), [None] * 5))
    root = document(files["targets.kml"])
    assert len(root.findall("k:Placemark", NS)) == 5
    assert coordinates(root) == []


@pytest.mark.qgis
def test_ogrinfo_reads_all_rows_and_fields(exported, program):
    command = [program("ogrinfo"), "-ro", "-geom=NO", str(exported / "clusters.kml"), "-al"]
    about = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    assert "Feature Count: 17" in about
    assert about.count("Layer name: ") == 1
    assert "Name (String) = 保定新能源汽车和智能网联汽车产业集群" in about
    assert "revenue_yi_2027 (Integer) = 2500" in about
    assert "document (String) = 001" in about


@pytest.mark.qgis
def test_qgis_reads_every_layer(atlas, exported, absent):
    sheets = packed(atlas).sheets
    found = qgis([exported / f"{sheet.name}.kml" for sheet in sheets], absent)
    for seen, sheet in zip(found, sheets, strict=True):
        check_in_qgis(seen, sheet, WGS84)
