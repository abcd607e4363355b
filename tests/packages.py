"""What the tests of the formats share: packages to write, hostile texts, other people's readers."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import strategies as st

from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.formats.export import FORMATS, build_package
from layers.formats.package import Package, Sheet
from layers.reading.view import View
from layers.shared.declared import declared_form

ROOT = Path(__file__).resolve().parent.parent
VIEW = View(2025)
# Longitude and latitude, a 3-degree zone, and a zone with its number before the easting.
SYSTEMS = ("4490", "4547", "4526")
_ANY = dataclasses.replace(FORMATS["geojson"], crs=None)

HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                '=HYPERLINK("http://x.invalid","点")', "+1", "-1", "@SUM(1)", "\t=1", "\r=1",
                "＝1＋1", "'=1", "\x00\x1f\x7f", "a\ufffeb", "𠮷野", "“引号”\"'", "一\n二\r三",
                "]]><script>alert(1)</script>", "&amp;&#36;${x}", "_x0041_", " 两端 ", "007",
                "13E5", "冀" * 100, "a" * 253 + "冀", "{=1}", "http://x.invalid/",
            ]
        ),
        st.text(max_size=300),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def packed(atlas: Atlas, crs: str = "4490", layers: Sequence[str] = tuple(KINDS)) -> Package:
    """Return whole layers in a CRS."""
    return _packed(atlas, crs, tuple(layers))


@lru_cache
def _packed(atlas: Atlas, crs: str, layers: tuple[str, ...]) -> Package:
    return build_package(atlas, layers, VIEW, _ANY, crs)


def file_name(layer: str, ending: str) -> str:
    """Return the name of a layer's file."""
    return layer.replace("-", "_") + ending


def changed(made: Package, **columns: Iterable[Any]) -> Package:
    """Return the first sheet alone, with other values in some columns of its first rows."""
    sheet = made.sheets[0]
    values = {name: list(column) for name, column in columns.items()}
    rows = sheet.features.iloc[: len(next(iter(values.values())))]
    assigned = {
        name: pd.Series(column, index=rows.index, dtype=rows[name].dtype)
        for name, column in values.items()
    }
    return dataclasses.replace(
        made, sheets=(dataclasses.replace(sheet, features=rows.assign(**assigned)),)
    )


def with_geometry(made: Package, shapes: Sequence[Any]) -> Package:
    """Return the first sheet alone, its first rows with other geometries."""
    sheet = made.sheets[0]
    rows = sheet.features.iloc[: len(shapes)]
    drawn = declared_form(
        rows.set_geometry(gpd.GeoSeries(list(shapes), index=rows.index, crs=rows.crs)),
        sheet.geometry_type,
    )
    return dataclasses.replace(made, sheets=(dataclasses.replace(sheet, features=drawn),))


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a new folder and return it."""
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


_QGIS = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsVectorLayer, QgsWkbTypes
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
for path in sys.argv[1:]:
    layer = QgsVectorLayer(path, "layer", "ogr")
    features = list(layer.getFeatures())
    box = layer.extent()
    shapes = [f.geometry() for f in features if f.hasGeometry()]
    fields = [field.name() for field in layer.fields()]
    name = "name" if "name" in fields else "Name"
    key = "id" if "id" in fields else "feature_id"
    print(json.dumps({
        "valid": layer.isValid(),
        "count": len(features),
        "with_geometry": len(shapes),
        "crs": layer.crs().authid(),
        "families": sorted({QgsWkbTypes.geometryDisplayString(s.type()) for s in shapes}),
        "extent": [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()],
        "sound": all(s.isGeosValid() for s in shapes),
        "fields": fields,
        "names": {f[key]: f[name] for f in features},
        "locators": {f[key]: str(f["locator"]) for f in features},
    }))
sys.stdout.flush()
os._exit(0)  # leaving QGIS the usual way crashes offscreen
"""


def qgis(paths: Sequence[Path | str], absent: Any) -> list[dict[str, Any]]:
    """Open all files in one QGIS and return what it sees in each."""
    python = "/usr/bin/python3"  # Debian's: PyQGIS is built for no other
    there = subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False)
    if there.returncode:
        absent("PyQGIS is not installed (Debian: python3-qgis)")
    made = subprocess.run(
        [python, "-X", "utf8", "-c", _QGIS, *map(str, paths)],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return [json.loads(line) for line in made.stdout.splitlines() if line.startswith("{")]


def check_in_qgis(found: Mapping[str, Any], sheet: Sheet, crs: str) -> None:
    """QGIS sees all rows of a sheet with their names, and their geometry where it belongs."""
    rows = sheet.features.set_index("id")
    drawn = rows[rows.geometry.notna()]
    assert found["valid"], sheet.name
    assert found["sound"] == drawn.is_valid.all(), sheet.name
    assert found["crs"] == crs
    assert (found["count"], found["with_geometry"]) == (len(rows), len(drawn))
    families = {t.removeprefix("Multi") for t in drawn.geom_type}
    assert found["families"] == sorted(families)
    assert found["names"] == rows["name"].to_dict()
    assert found["locators"] == rows["locator"].fillna("NULL").to_dict()
    bounds = drawn.to_crs(crs).total_bounds
    np.testing.assert_allclose(found["extent"], bounds, rtol=0, atol=2e-7 * np.abs(bounds).max())
