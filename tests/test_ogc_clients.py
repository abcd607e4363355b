"""The API read by programs nobody here wrote: GDAL old and new, QGIS, owslib, schemathesis."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from owslib.ogcapi.features import Features
from test_ogc import Fixed, epsg, no_page, serving

from app.ogc.store import Store
from app.serving.server import Front
from layers.catalogue import KINDS, columns_of
from layers.reading.view import View, select

COUNTIES = "admin-counties"
DIRECT = {"NO_PROXY": "*", "no_proxy": "*"}


@pytest.fixture(scope="module")
def base(atlas) -> Iterator[str]:
    """The address of a running API."""
    store: Store = Fixed(atlas)
    with serving(Front(no_page, store)) as address:
        yield f"{address}/ogc"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name, value in DIRECT.items():
        monkeypatch.setenv(name, value)


# -- GDAL --------------------------------------------------------------------------------------


@pytest.fixture
def ogrinfo(program: Callable[[str], str], base: str) -> Callable[..., str]:
    """Run Debian's ogrinfo on the API."""

    def run(*arguments: str) -> str:
        command = [program("ogrinfo"), "-ro", *arguments[1:], f"OAPIF:{base}", *arguments[:1]]
        made = subprocess.run(
            command,
            capture_output=True,
            check=True,
            encoding="utf-8",
            env=os.environ | DIRECT,
            timeout=120,
        )
        assert "ERROR" not in made.stderr, made.stderr
        return made.stdout

    return run


def count(printed: str) -> int:
    found = re.search(r"Feature Count: (\d+)", printed)
    assert found, printed
    return int(found[1])


@pytest.mark.qgis
def test_ogrinfo_lists_the_layers(ogrinfo):
    printed = ogrinfo()
    for layer in KINDS.values():
        assert re.search(rf"^\d+: {layer.id} \(title: {layer.title}\)", printed, re.MULTILINE)


@pytest.mark.qgis
def test_ogrinfo_reads_pages_and_filters(ogrinfo, atlas):
    counties = select(atlas, COUNTIES, View(2027))
    assert count(ogrinfo(COUNTIES, "-so")) == len(counties)
    listed = ogrinfo(COUNTIES, "-al", "-geom=NO", "-oo", "PAGE_SIZE=20")
    assert len(re.findall(r"^OGRFeature", listed, re.MULTILINE)) == len(counties)
    assert count(ogrinfo(COUNTIES, "-so", "-where", "name = '怀来县'")) == 1
    box = ogrinfo(COUNTIES, "-so", "-spat", "115", "39", "116", "40")
    assert count(box) == counties.cx[115:116, 39:40].shape[0]


@pytest.mark.qgis
def test_ogrinfo_reads_the_pages_of_a_filtered_view(program, base, atlas):
    """The address of a connection may carry the page's filters."""
    view = View(2027, tiers=("key",), cities=("130100",))
    path = f"{base}/collections/clusters/items?year=2027&tier=key&city=130100&f=json"
    command = [program("ogrinfo"), "-ro", "-al", "-geom=NO", path]
    made = subprocess.run(
        command, capture_output=True, check=True, encoding="utf-8", env=os.environ | DIRECT
    )
    names = re.findall(r"^  name \(String\) = (.*)$", made.stdout, re.MULTILINE)
    assert names == list(select(atlas, "clusters", view)["name"])


NEWER = """
import json, sys
import pyogrio
assert pyogrio.list_drivers().get("OAPIF"), "pyogrio's GDAL cannot read OGC API - Features"
base, layers, options = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
found = {}
for layer in layers:
    read = pyogrio.read_dataframe(f"OAPIF:{base}", layer=layer, **options)
    found[layer] = {
        "ids": list(read["id"]),
        "bounds": list(read.total_bounds),
        "crs": read.crs.to_string(),
        "columns": [(name, str(kind)) for name, kind in read.dtypes.items()],
        "types": sorted(set(read.geom_type.dropna())),
    }
print(json.dumps(found))
"""


def newer_gdal(base: str, *layers: str, **options: Any) -> dict[str, dict[str, Any]]:
    """Read with the GDAL of pyogrio, in another process: it blocks the one it runs in."""
    made = subprocess.run(
        [sys.executable, "-c", NEWER, base, json.dumps(layers), json.dumps(options)],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env=os.environ | DIRECT,
        timeout=120,
    )
    found: dict[str, dict[str, Any]] = json.loads(made.stdout)
    return found


@pytest.mark.parametrize("code", [None, 4490, 4547, 4528])
def test_a_newer_gdal_reads_each_system_where_it_lies(base, atlas, code):
    read = newer_gdal(base, "bases", **({"CRS": epsg(code)} if code else {}))["bases"]
    stored = 4490  # what a client takes that is told nothing else
    shown = select(atlas, "bases", View(2027)).to_crs(code or stored)
    assert read["crs"] == f"EPSG:{code or stored}"
    assert read["ids"] == list(shown["id"])
    assert read["bounds"] == pytest.approx(list(shown.total_bounds), abs=1e-6)


def test_a_newer_gdal_takes_the_declared_types(base, atlas):
    for layer, read in newer_gdal(base, *KINDS).items():
        columns = columns_of(layer, atlas.records.atlas.years)
        assert read["types"] == [KINDS[layer].geometry_type]
        found = dict(read["columns"])
        assert len(read["columns"]) == len(found)
        assert set(found) == {"geometry", *(column.name for column in columns)}
        for column in columns:
            is_number = found[column.name].startswith(("int", "float"))
            assert is_number == (column.kind in ("integer", "number")), (layer, column.name)


def test_a_newer_gdal_sends_its_filter(base, atlas):
    read = newer_gdal(base, "clusters", where="revenue_yi > 1000 AND tier = 'key'")["clusters"]
    shown = select(atlas, "clusters", View(2027))
    assert read["ids"] == list(shown["id"][shown["revenue_yi"] > 1000])


# -- QGIS --------------------------------------------------------------------------------------

QGIS = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import (
    QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer, QgsWkbTypes
)
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
found = {}
for name, options in (("plain", ""), ("paged", "pageSize='25'")):
    uri = f"srsname='OGC:CRS84' typename='admin-counties' url='{sys.argv[1]}' {options}"
    layer = QgsVectorLayer(uri, "layer", "OAPIF")
    assert layer.isValid()
    box = QgsRectangle(115, 39, 116, 40)
    named = QgsFeatureRequest().setFilterExpression("\\"name\\" = '怀来县'")
    extent = layer.extent()
    found[name] = {
        "read": len(list(layer.getFeatures())),
        "count": layer.featureCount(),
        "box": sorted(f["id"] for f in layer.getFeatures(QgsFeatureRequest(box))),
        "named": [f["id"] for f in layer.getFeatures(named)],
        "crs": layer.crs().authid(),
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "fields": [field.name() for field in layer.fields()],
    }
layers = {}
for name in json.loads(sys.argv[2]):
    uri = f"srsname='OGC:CRS84' typename='{name}' url='{sys.argv[1]}'"
    layer = QgsVectorLayer(uri, name, "OAPIF")
    placed = [f["id"] for f in layer.getFeatures() if not f.geometry().isNull()]
    layers[name] = {
        "type": QgsWkbTypes.displayString(layer.wkbType()),
        "read": sorted(f["id"] for f in layer.getFeatures()),
        "placed": sorted(placed),
    }
print(json.dumps([found, layers]))
sys.stdout.flush()
os._exit(0)  # leaving QGIS in order crashes it
"""


@pytest.fixture(scope="module")
def in_qgis(base, program, absent) -> list[dict[str, Any]]:
    """What QGIS finds: one layer in pages, boxes and filters, then every layer."""
    program("qgis")
    python = "/usr/bin/python3"
    probe = subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False)
    if probe.returncode:
        absent("PyQGIS is not installed (Debian's package python3-qgis)")
    made = subprocess.run(
        [python, "-c", QGIS, base, json.dumps(list(KINDS))],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env=os.environ | DIRECT,
    )
    read: list[dict[str, Any]] = json.loads(made.stdout.splitlines()[-1])
    return read


@pytest.mark.qgis
def test_qgis_opens_every_layer_as_declared(in_qgis, atlas):
    """All features, and the declared type of geometry even where most have none."""
    for layer, kind in KINDS.items():
        shown = select(atlas, layer, View(2027))
        assert in_qgis[1][layer] == {
            "type": kind.geometry_type,
            "read": sorted(shown["id"]),
            "placed": sorted(shown["id"][shown.geometry.notna()]),
        }


@pytest.mark.qgis
def test_qgis_reads_pages_boxes_and_filters(in_qgis, atlas):
    counties = select(atlas, COUNTIES, View(2027))
    for found in in_qgis[0].values():
        assert found["read"] == found["count"] == len(counties)
        assert found["named"] == ["admin-counties:130730"]
        assert found["box"] == sorted(counties.cx[115:116, 39:40]["id"])
        assert found["crs"] in ("EPSG:4326", "OGC:CRS84")
        assert found["extent"] == pytest.approx(list(counties.total_bounds), abs=1e-6)
        assert {"name", "adcode", "area_km2", "geometry_status"} <= set(found["fields"])


# -- owslib ------------------------------------------------------------------------------------


def test_owslib_reads_the_view(base, atlas):
    service = Features(base)
    assert service.feature_collections() == list(KINDS)
    assert service.api()["openapi"] == "3.0.3"
    assert "revenue_yi" in service.collection_queryables("clusters")["properties"]
    page = service.collection_items(COUNTIES, limit=50, offset=150)
    assert (page["numberMatched"], page["numberReturned"]) == (167, 17)
    box = service.collection_items(COUNTIES, bbox=[115, 39, 116, 40])
    counties = select(atlas, COUNTIES, View(2027))
    assert box["numberMatched"] == len(counties.cx[115:116, 39:40])
    large = service.collection_items("clusters", filter="revenue_yi > 1000", year="2027")
    shown = select(atlas, "clusters", View(2027))
    assert [f["id"] for f in large["features"]] == list(shown["id"][shown["revenue_yi"] > 1000])
    one = service.collection_item("clusters", "clusters:001-key-03")
    assert one["properties"]["name"] == "张家口大数据产业集群"


# -- schemathesis ------------------------------------------------------------------------------


def test_schemathesis_finds_no_error_of_ours(base, tmp_path):
    """Generated requests by our own definition: no 5xx, and each answer is as it says."""
    made = subprocess.run(
        [
            sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()",
            "run", f"{base}/api?f=json", "--seed", "1", "--max-examples", "3",
            "--phases", "examples,fuzzing", "--no-color",
            "--generation-deterministic",
            "--include-path-regex", "^/(api|conformance|collections)?$|/(clusters|targets)(/|$)",
            "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,"
            "response_schema_conformance",
        ],
        cwd=tmp_path, capture_output=True, check=False, encoding="utf-8", env=os.environ | DIRECT,
        timeout=300,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout[-4000:] + made.stderr[-2000:]
    assert re.search(r"(\d+) generated", made.stdout), made.stdout
