"""GeoPackage: all layers in one file, styled and titled, that others read alike."""

from __future__ import annotations

import dataclasses
import json
import re
import sqlite3
import subprocess
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from layers.catalogue import KINDS, build_atlas
from layers.columns import STYLED
from layers.formats import geopackage
from layers.formats import qml as qml_module
from layers.formats import sld as sld_module
from layers.formats.export import FORMATS, build_package
from layers.formats.package import Package, Sheet, lists_as_text
from layers.formats.qml import arrange, qml, scale_denominator
from layers.formats.sld import sld
from layers.portrayal import style
from layers.portrayal.palette import BELT_COLOURS, CORE_RED, POLE_RED
from layers.reading.drawings import DrawnFeature, class_title
from layers.reading.view import View

ROOT = Path(__file__).resolve().parent.parent
VIEW = View(2025)
READABLE = ["jitu_readme", "jitu_fields", "jitu_sources", "jitu_unmapped", "jitu_facts"]
# From the top of the map down.
ORDER = [
    "bases", "projects", "growth", "clusters", "targets", "admin_cities", "admin_counties",
    "clusters_core", "clusters_radiation", "layout", "regions", "future_industries",
]  # fmt: skip
SLD = "{http://www.opengis.net/sld}"
each_crs = pytest.mark.parametrize("crs", ["4490", "4326", "4547", "4526", "split"])


@pytest.fixture(scope="module")
def made(atlas) -> Callable[..., Package]:
    def make(crs: str = "4490", view: View = VIEW, layers: tuple[str, ...] = ()) -> Package:
        return build_package(atlas, layers or tuple(KINDS), view, FORMATS["gpkg"], crs)

    return make


@pytest.fixture(scope="module")
def files(made, tmp_path_factory) -> dict[str, tuple[Package, Path]]:
    """Packages and their files, by CRS and for a filtered view."""
    folder = tmp_path_factory.mktemp("导出")
    packages = {crs: made(crs) for crs in ("4490", "4326", "4547", "4526", "split")}
    packages["it"] = made(view=View(2025, industries=("it",)), layers=View(2025).layers)
    packages["no place"] = made(
        view=View(2025, industries=("materials",)), layers=("clusters", "targets")
    )
    for name, one in packages.items():
        (folder / f"冀图{name}.gpkg").write_bytes(geopackage.write(one)["jitu.gpkg"])
    return {name: (one, folder / f"冀图{name}.gpkg") for name, one in packages.items()}


def rows(path: Path, query: str, *values: object) -> list[tuple]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query, values).fetchall()


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 (our own)


def sheet_of(one: Package, name: str) -> Sheet:
    return next(s for s in one.sheets if s.layer == name)


# -- the tables --------------------------------------------------------------------------------


def test_tables_are_stacked_as_on_the_map(files):
    names = [name for name, _ in pyogrio.list_layers(files["4490"][1])]
    assert names[: len(ORDER)] == ORDER
    assert set(names[len(ORDER) :]) == {"layer_styles", *READABLE}


def test_a_type_of_geometry_for_each_table(files):
    types = dict(pyogrio.list_layers(files["4490"][1]))
    assert types.pop("bases") == types.pop("projects") == "MultiPoint"
    assert types.pop("growth") == "Point"
    assert {types.pop(name) for name in ORDER[3:]} == {"MultiPolygon"}
    assert set(types.values()) == {None}


@each_crs
def test_what_is_read_back_is_what_was_written(files, crs):
    """No row, value or digit is lost; lists leave as text."""
    one, path = files[crs]
    for sheet in one.sheets:
        read = gpd.read_file(path, layer=sheet.name)
        names = [c.name for c in sheet.columns]
        assert list(read.columns) == [*names, *(c.name for c in STYLED), "geometry"]
        written = lists_as_text(sheet.features, sheet.columns)[names].reset_index(drop=True)
        for name in names:
            left, right = (f[name].astype(object) for f in (written, read))
            assert (
                left.where(left.notna(), None).tolist() == right.where(right.notna(), None).tolist()
            )
        assert read.crs == sheet.crs.name
        shapes = sheet.features.geometry.to_numpy()
        assert (shapely.is_missing(shapes) == shapely.is_missing(read.geometry)).all()
        there = ~shapely.is_missing(shapes)
        assert shapely.equals(shapes[there], read.geometry.to_numpy()[there]).all()
        np.testing.assert_array_equal(
            shapely.get_coordinates(shapes), shapely.get_coordinates(read.geometry.to_numpy())
        )


def test_the_split_loses_nothing(files):
    one, path = files["split"]
    assert {s.crs.name for s in one.sheets} == {"EPSG:4547", "EPSG:4548", "EPSG:4549"}
    counts = dict.fromkeys(KINDS, 0)
    for sheet in one.sheets:
        counts[sheet.layer] += len(pyogrio.read_dataframe(path, layer=sheet.name))
    whole = {s.layer: len(s.features) for s in files["4490"][0].sheets}
    assert counts == whole


def test_rows_without_geometry_stay(files):
    read = gpd.read_file(files["4490"][1], layer="targets")
    assert (len(read), read.geometry.notna().sum()) == (46, 9)


def test_a_sheet_without_any_geometry_keeps_its_type_and_rows(files):
    one, path = files["no place"]
    assert not sheet_of(one, "targets").has_geometry
    query = "SELECT data_type FROM gpkg_contents WHERE table_name = 'targets'"
    assert rows(path, query) == [("features",)]
    assert dict(pyogrio.list_layers(path))["targets"] == "MultiPolygon"
    assert len(gpd.read_file(path, layer="targets")) == len(sheet_of(one, "targets").features)


def test_labels_say_what_the_page_says(files):
    clusters = gpd.read_file(files["4490"][1], layer="clusters").set_index("id")
    car = clusters.loc["clusters:001-key-08"]
    assert car["label"] == "保定新能源汽车\n预计超2,100亿元"
    assert (car["style"], car["style_title"]) == ("cluster-nev", "新能源汽车 · 集群整体范围")
    assert clusters.loc["clusters:001-cultivated-04", "label"].count("\n") == 0
    targets = gpd.read_file(files["4490"][1], layer="targets")
    assert targets["style"].notna().sum() == 9
    assert targets["label"].isna().all()


# -- what the file says of itself --------------------------------------------------------------


def test_contents_speak_chinese_and_know_no_clock(files):
    one, path = files["4490"]
    contents = rows(
        path,
        "SELECT table_name, data_type, identifier, description, last_change FROM gpkg_contents",
    )
    stamp = f"{one.metadata.date}T00:00:00.000Z"
    assert {c[4] for c in contents} == {stamp}
    said = {c[0]: c[1:4] for c in contents}
    for layer in ORDER:
        spec = KINDS[layer.replace("_", "-")]
        assert said[layer][:2] == ("features", spec.title)
        assert said[layer][2].startswith(f"{spec.description}；共 ")
    assert [said[name][:2] for name in READABLE] == [
        ("attributes", title) for title in ("说明", "字段", "来源", "未上图的记录", "现状数据")
    ]
    assert rows(path, "SELECT DISTINCT update_time FROM layer_styles") == [(stamp,)]
    assert rows(path, "SELECT timestamp FROM gpkg_metadata_reference") == [(stamp,)]


def test_columns_have_chinese_titles_with_units(files):
    one, path = files["4490"]
    titles = dict(
        rows(path, "SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'clusters'")
    )
    columns = {c.name: c for c in (*sheet_of(one, "clusters").columns, *STYLED)}
    assert titles == {name: c.title_with_unit for name, c in columns.items()}
    assert titles["revenue_yi"] == "目标年营业收入（亿元）"
    query = "SELECT DISTINCT extension_name FROM gpkg_extensions"
    assert {"gpkg_schema", "gpkg_metadata"} <= {name for (name,) in rows(path, query)}


def test_metadata_and_sources_are_inside(files):
    one, path = files["4490"]
    [(xml,)] = rows(path, "SELECT metadata FROM gpkg_metadata")
    text = "".join(parsed(xml).itertext())
    assert one.metadata.title in text
    lines = "\n".join(line for (line,) in rows(path, "SELECT line FROM jitu_readme ORDER BY fid"))
    assert one.metadata.title in lines
    assert one.metadata.disclaimer in lines
    found = rows(path, "SELECT document, locator FROM jitu_sources ORDER BY fid")
    assert found == [(s.id, where) for s in one.metadata.sources for where in s.locators]
    query = "SELECT title, unit, meaning FROM jitu_fields WHERE table_name = ? AND column_name = ?"
    [(title, unit, meaning)] = rows(path, query, "clusters_core", "zone_area_km2")
    assert (title, unit) == ("开发区公布面积", "km²")
    assert meaning


def named(drawn: DrawnFeature, text: str) -> DrawnFeature:
    """The same feature under another name."""
    if drawn.drawing.label is None:
        return drawn
    label = dataclasses.replace(drawn.drawing.label, text=text)
    return dataclasses.replace(drawn, drawing=dataclasses.replace(drawn.drawing, label=label))


# -- styles as text ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["4490", "it"])
def test_styles_have_the_classes_that_occur(atlas, files, name):
    one, path = files[name]
    query = "SELECT styleQML, styleSLD, useAsDefault FROM layer_styles WHERE f_table_name = ?"
    for sheet in one.sheets:
        [(own, other, default)] = rows(path, query, sheet.name)
        assert default == 1
        drawn = {i: sheet.drawn[i] for i in sheet.features["id"] if i in sheet.drawn}
        root = parsed(own)
        titles = {c.get("value"): c.get("label") for c in root.iter("category")}
        assert titles == {d.style_class: class_title(atlas, d) for d in drawn.values()}
        aliases = {a.get("field"): a.get("name") for a in root.iter("alias")}
        assert aliases == {c.name: c.title_with_unit for c in (*sheet.columns, *STYLED)}
        rules = list(parsed(other).iter(f"{SLD}Rule"))
        assert {r.findtext(f"{SLD}Title") for r in rules} == set(titles.values())


def test_small_labels_wait_for_their_scale(atlas, files):
    counties = sheet_of(files["4490"][0], "admin-counties")
    own = parsed(qml(atlas, counties, arrange([counties])))
    assert {r.get("scalemaxdenom") for r in own.iter("rule")} == {str(scale_denominator(8))}
    [limit] = parsed(sld(atlas, counties)).iter(f"{SLD}MaxScaleDenominator")
    assert limit.text == "2183915"


def test_a_place_is_named_once_and_sites_lie_side_by_side(files):
    one = files["4490"][0]
    arranged = arrange(one.sheets)
    cities = sheet_of(one, "admin-cities").features.set_index("id")["name"]
    assert {cities[i] for i in arranged.unnamed if i in cities} == {"石家庄市", "唐山市"}
    slots = [(sheet_of(one, s).drawn[i].drawing.label.at, arranged.offsets[i])
             for s in ("bases", "projects") for i in sheet_of(one, s).features["id"]]  # fmt: skip
    assert len(set(slots)) == len(slots) == 167


def test_a_label_avoids_the_symbol_of_a_unit_at_its_point(atlas):
    """Where no seat is known, the cluster of 雄安新区 stands where its unit's symbol does."""
    bare = build_atlas(dataclasses.replace(atlas.records, points=()))
    sheets = build_package(bare, ["clusters", "layout"], VIEW, FORMATS["gpkg"], "4490").sheets
    names = pd.concat([s.features.set_index("id")["name"] for s in sheets])
    assert [names[i] for i in arrange(sheets).beside] == ["雄安新区软件和信息服务产业集群"]


def test_any_text_makes_valid_xml(atlas, files, monkeypatch):
    sheet = sheet_of(files["4490"][0], "layout")
    hostile = "<b>&\"'\x00\x1b]]>\\ ${x}"
    for module in (qml_module, sld_module):
        monkeypatch.setattr(module, "class_title", lambda *_: hostile)
    drawn = {i: named(d, hostile) for i, d in sheet.drawn.items()}
    odd = dataclasses.replace(sheet, drawn=drawn)
    clean = "<b>&\"']]>\\ ${x}"
    root = parsed(qml(atlas, odd, arrange([odd])))
    assert {c.get("label") for c in root.iter("category")} == {clean}
    rules = parsed(sld(atlas, odd)).iter(f"{SLD}Rule")
    assert {r.findtext(f"{SLD}Title") for r in rules} == {clean}


# -- other people's readers --------------------------------------------------------------------


@pytest.mark.qgis
@each_crs
def test_ogrinfo_reads_every_table(files, program, crs):
    one, path = files[crs]
    command = [program("ogrinfo"), "-ro", "-so", "-al", "-nomd", str(path)]
    made = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    assert made.stderr == ""
    parts = re.split(r"^Layer name: ", made.stdout, flags=re.MULTILINE)[1:]
    about = {part.partition("\n")[0]: part for part in parts}
    for sheet in one.sheets:
        text = about[sheet.name]
        assert f"Feature Count: {len(sheet.features)}" in text
        assert f'ID["EPSG",{sheet.crs.code}]]\n' in text
        box = re.search(r"Extent: \((.+), (.+)\) - \((.+), (.+)\)", text)
        assert box
        assert [float(v) for v in box.groups()] == pytest.approx(
            list(sheet.features.total_bounds), abs=1e-6
        )


@pytest.mark.qgis
def test_the_validator_finds_nothing(files, absent):
    python = "/usr/bin/python3"  # Debian's: it has the osgeo package
    validator = "osgeo_utils.samples.validate_gpkg"
    there = subprocess.run([python, "-c", f"import {validator}"], capture_output=True, check=False)
    if there.returncode:
        absent("validate_gpkg is not installed (Debian: python3-gdal)")
    for _, path in files.values():
        made = subprocess.run(
            [python, "-X", "utf8", "-m", validator, "--warning-as-error", "--extra", str(path)],
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        assert made.returncode == 0, made.stdout + made.stderr


QGIS = """
import json, os, sqlite3, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import *
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
path, picture, folder = sys.argv[1:]
points = json.load(sys.stdin)
shown = []
for part in QgsProviderRegistry.instance().querySublayers(path):
    options = QgsProviderSublayerDetails.LayerOptions(QgsProject.instance().transformContext())
    layer = part.toLayer(options)
    layer.loadDefaultStyle()  # as QGIS does when a layer is added by hand
    about = {
        "name": part.name(),
        "valid": layer.isValid(),
        "count": layer.featureCount(),
        "aliases": {f.name(): f.alias() for f in layer.fields()},
        "names": [f["name"] for f in layer.getFeatures()] if part.name()[:4] != "jitu" else [],
    }
    if layer.isSpatial():
        shown.append(layer)
        renderer = layer.renderer()
        about |= {
            "crs": layer.crs().authid(),
            "type": QgsWkbTypes.displayString(layer.wkbType()),
            "renderer": renderer.type(),
            "classes": {c.value(): c.label() for c in renderer.categories()},
            "labels": layer.labelsEnabled(),
        }
        database = sqlite3.connect(path)
        [[sld]] = database.execute(
            "SELECT styleSLD FROM layer_styles WHERE f_table_name = ?", [part.name()]).fetchall()
        database.close()
        file = os.path.join(folder, part.name() + ".sld")
        with open(file, "w", encoding="utf-8") as out:
            out.write(sld)
        copy = layer.clone()
        message, read = copy.loadSldStyle(file)
        about["sld"] = [read, copy.renderer().type()]
    print(json.dumps(about))
settings = QgsMapSettings()
settings.setLayers(shown)
settings.setBackgroundColor(QColor("#ffffff"))
settings.setOutputSize(QSize(900, 900))
settings.setOutputDpi(96)
settings.setDestinationCrs(shown[0].crs())
settings.setExtent(QgsRectangle(113.3, 36.0, 120.0, 42.7))
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
image = job.renderedImage()
image.save(picture)
transform = settings.mapToPixel()
def colour(lon, lat):
    at = transform.transform(QgsPointXY(lon, lat))
    return QColor(image.pixel(int(at.x()), int(at.y()))).name()
colours = {name: [colour(*at) for at in some] for name, some in points.items()}
print(json.dumps({"errors": [e.message for e in job.errors()], "colours": colours}))
sys.stdout.flush()
os._exit(0)  # leaving QGIS the usual way crashes offscreen
"""


@pytest.fixture(scope="module")
def in_qgis(files, absent, tmp_path_factory) -> Callable[[str], tuple[list[dict], dict, Path]]:
    """Open a file in QGIS as it is; what each layer is, and what the map looks like."""
    python = "/usr/bin/python3"  # Debian's: PyQGIS is built for no other
    there = subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False)
    if there.returncode:
        absent("PyQGIS is not installed (Debian: python3-qgis)")

    def look(name: str, points: Mapping[str, list] | None = None) -> tuple[list[dict], dict, Path]:
        folder = tmp_path_factory.mktemp("qgis")
        picture = folder / "map.png"
        made = subprocess.run(
            [
                python,
                "-X",
                "utf8",
                "-c",
                QGIS,
                str(files[name][1]),
                str(picture),
                str(folder),
            ],
            input=json.dumps(points or {}),
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        read = [json.loads(line) for line in made.stdout.splitlines() if line.startswith("{")]
        return read[:-1], read[-1], picture

    return look


@pytest.mark.qgis
@pytest.mark.parametrize("name", ["4490", "4526", "split", "it", "no place"])
def test_qgis_opens_it_styled_labelled_and_titled(atlas, files, in_qgis, name):
    one = files[name][0]
    layers = {about["name"]: about for about in in_qgis(name)[0]}
    assert set(layers) == {s.name for s in one.sheets} | set(READABLE)
    for sheet in one.sheets:
        about = layers[sheet.name]
        assert about["valid"]
        assert about["count"] == len(sheet.features)
        assert (
            about["names"]
            == sheet.features["name"].where(sheet.features["name"].notna(), None).tolist()
        )
        assert about["crs"] == sheet.crs.name
        shown = sheet.classes
        assert about["renderer"] == "categorizedSymbol"
        assert about["classes"] == {n: class_title(atlas, d) for n, d in shown.items()}
        assert about["labels"] == any(d.drawing.label for d in shown.values())
        titles = {c.name: c.title_with_unit for c in (*sheet.columns, *STYLED)}
        assert about["aliases"] == {"fid": "", **titles}
        if shown:
            assert about["sld"][0]
            assert about["sld"][1] in ("singleSymbol", "RuleRenderer")
    assert layers["jitu_fields"]["aliases"]["meaning"] == "含义"


def over(below: str, colour: str, opacity: float) -> str:
    channels = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (below, colour)]
    mixed = [round(b + (c - b) * opacity) for b, c in zip(*channels, strict=True)]
    return "#" + "".join(f"{c:02x}" for c in mixed)


def alike(one: str, other: str) -> bool:
    """Whether two colours differ by rounding alone."""
    return all(abs(int(one[i : i + 2], 16) - int(other[i : i + 2], 16)) <= 3 for i in (1, 3, 5))


@pytest.mark.qgis
def test_qgis_draws_the_map_in_the_pages_colours(files, in_qgis):
    one = files["it"][0]

    def shape(layer: str, name: str) -> shapely.Geometry:
        features = sheet_of(one, layer).features
        return features.loc[features["name"] == name, "geometry"].iloc[0]

    def grid(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float]]:
        return [(x, y) for x in np.linspace(x0, x1, 30) for y in np.linspace(y0, y1, 30)]

    def within(shape: shapely.Geometry) -> list[tuple[float, float]]:
        return [at for at in grid(*shape.bounds) if shape.contains(shapely.Point(at))]

    def about(unit: str) -> list[tuple[float, float]]:
        sheet = sheet_of(one, "layout")
        labels = (sheet.drawn[i].drawing.label for i in sheet.features["id"])
        x, y = next(label.at for label in labels if label and label.text == unit)
        return grid(x - 0.1, y - 0.1, x + 0.1, y + 0.1)

    belt = shape("layout", "冀西北绿色制造产业带")
    points = {
        "core": within(shape("clusters-core", "怀来县")),
        "radiation": within(shape("clusters-radiation", "涿鹿县")),
        "belt": within(belt),
        "outside": grid(113.4, 41.8, 114.0, 42.5),
        "一核": about("雄安新区"),
        "两极": about("唐山"),
    }
    _, drawn, picture = in_qgis("it", points)
    assert drawn["errors"] == []
    assert picture.stat().st_size > 50_000
    common = {name: Counter(found).most_common(1)[0][0] for name, found in drawn["colours"].items()}
    places = over(
        "#ffffff", BELT_COLOURS[3], style.band("belt-3", BELT_COLOURS[3]).style.fill_opacity
    )
    for name, looks in (("core", style.core), ("radiation", style.radiation)):
        look = looks("it", "administrative").style
        assert alike(common[name], over(places, look.fill, look.fill_opacity)), name
    assert alike(common["belt"], places)
    assert common["outside"] == "#ffffff"
    # Symbols of units lie above the clusters, though their layer lies below.
    assert CORE_RED in drawn["colours"]["一核"]
    assert POLE_RED in drawn["colours"]["两极"]
