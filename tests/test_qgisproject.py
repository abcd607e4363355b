"""The QGIS project: opened by QGIS where it was unpacked, drawn and printed."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from layers.catalogue import KINDS
from layers.formats.export import export
from layers.reading.drawings import class_title, drawings
from layers.reading.view import View

LAYERS = ("clusters", "clusters-core", "layout", "bases", "targets", "admin-cities")
GROUPS = {
    "点位": ["基地与园区"],
    "产业集群": ["产业集群", "核心承载区"],
    "政区": ["设区市"],
    "布局与目标": ["规划目标", "一核两极四带"],
    "说明与记录": ["说明", "字段", "来源", "未上图的记录", "现状数据"],
}
ORDER = ["基地与园区", "产业集群", "规划目标", "设区市", "核心承载区", "一核两极四带"]

QGIS = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import *
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
path, picture = sys.argv[1:]
project = QgsProject.instance()
read = project.read(path)
root = project.layerTreeRoot()
[layout] = project.layoutManager().printLayouts()
items = {i.id(): i for i in layout.items() if isinstance(i, QgsLayoutItem) and i.id()}
number = items["审图号"]
unreviewed = number.currentText()
scope = {"review_number": "GS(2026)1号"}
QgsExpressionContextUtils.setProjectVariables(project, scope)
number.refreshExpressionContext()
about = {
    "read": read,
    "crs": project.crs().authid(),
    "groups": {g.name(): [n.name() for n in g.findLayers()] for g in root.findGroups()},
    "order": [l.name() for l in root.layerOrder()],
    "broken": [l.name() for l in project.mapLayers().values() if not l.isValid()],
    "absolute": [l.source() for l in project.mapLayers().values()
                 if os.path.dirname(path) not in l.source()],
    "counts": {l.name(): l.featureCount() for l in project.mapLayers().values()},
    "classes": {l.name(): sorted(c.label() for c in l.renderer().categories())
                for l in project.mapLayers().values() if l.isSpatial()},
    "systems": sorted({l.crs().authid() for l in project.mapLayers().values() if l.isSpatial()}),
    "aliases": {f.name(): f.alias() for f in
                project.mapLayersByName("产业集群")[0].fields()},
    "items": sorted(items),
    "title": items["标题"].currentText(),
    "numbers": [unreviewed, number.currentText()],
    "scale": items["地图"].scale(),
    "outside": [n for n, i in items.items() if i.positionWithUnits().x() + i.sizeWithUnits().width()
                > 420 or i.positionWithUnits().y() + i.sizeWithUnits().height() > 297],
}
settings = QgsLayoutExporter.ImageExportSettings()
settings.dpi = 50
about["printed"] = QgsLayoutExporter(layout).exportToImage(picture, settings)
print(json.dumps(about))
sys.stdout.flush()
os._exit(0)  # leaving QGIS the usual way crashes offscreen
"""


@pytest.fixture(scope="module")
def made(atlas):
    return export(atlas, LAYERS, View(2025, industries=("it",)), "qgis")


def test_the_project_lies_beside_its_geopackage(made):
    assert made.name == "冀图_河北省6个图层_2025年_新一代信息技术.qgis.zip"
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert archive.namelist()[:2] == ["jitu.gpkg", "jitu.qgz"]
        with zipfile.ZipFile(io.BytesIO(archive.read("jitu.qgz"))) as project:
            assert project.namelist() == ["jitu.qgs"]
            text = project.read("jitu.qgs").decode()
    assert text.count("./jitu.gpkg|layername=") == 2 * (len(LAYERS) + 5)


@pytest.fixture(scope="module")
def opened(made, absent, tmp_path_factory) -> tuple[dict[str, Any], Path]:
    """What QGIS sees in a folder with a Chinese name, and the printed layout."""
    python = "/usr/bin/python3"  # Debian's: PyQGIS is built for no other
    there = subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False)
    if there.returncode:
        absent("PyQGIS is not installed (Debian: python3-qgis)")
    folder = tmp_path_factory.mktemp("工程")
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        archive.extractall(folder)
    picture = folder / "sheet.png"
    ran = subprocess.run(
        [python, "-X", "utf8", "-c", QGIS, str(folder / "jitu.qgz"), str(picture)],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    (line,) = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    return json.loads(line), picture


@pytest.mark.qgis
def test_qgis_opens_it_grouped_ordered_and_styled(atlas, opened):
    found, _ = opened
    assert found["read"]
    assert (found["broken"], found["absolute"]) == ([], [])
    assert found["groups"] == GROUPS
    assert found["order"] == ORDER
    assert (found["crs"], found["systems"]) == ("EPSG:4548", ["EPSG:4490"])
    assert found["aliases"]["revenue_yi_2025"] == "2025年营业收入目标（亿元）"
    drawn = drawings(atlas)
    titles = {class_title(atlas, d) for i, d in drawn.items() if i.startswith("bases:")}
    assert set(found["classes"]["基地与园区"]) <= titles
    assert found["classes"]["基地与园区"]
    assert found["counts"]["产业集群"] == 5
    assert set(ORDER) == {KINDS[layer].title for layer in LAYERS}


@pytest.mark.qgis
def test_its_layout_prints(opened):
    found, picture = opened
    assert {"标题", "地图", "图例", "比例尺", "审图号", "来源与声明"} <= set(found["items"])
    assert found["title"] == "河北省产业规划图（2025年，新一代信息技术）"
    assert found["numbers"] == ["示意图 · 未经审核 · 仅供内部使用", "审图号：GS(2026)1号"]
    assert 1e6 < found["scale"] < 6e6
    assert found["outside"] == []
    assert found["printed"] == 0
    assert picture.stat().st_size > 30_000
