"""QGIS project export: the GeoPackage and a project (``.qgz``) that opens it as a finished map.

The project lies beside the GeoPackage and names it by a relative path. Its layers are grouped for
reading, drawn in the order of the page and styled as in the GeoPackage. It has one print layout.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement, tostring

from pyproj import CRS, Transformer

from geo.crs import WGS84, Crs, gauss_kruger, zone_at
from layers.catalogue import KINDS
from layers.formats import geopackage
from layers.formats.archive import archive
from layers.formats.companions import reading_tables
from layers.formats.metadata import Metadata, xml_text
from layers.formats.package import Package, Sheet
from layers.formats.qml import arrange, layer_style, titles_style
from layers.portrayal.lettering import FONTS
from layers.reading.query import filter_titles

FILE_NAME = "jitu.qgz"
LIMITS = (
    "解压后双击 jitu.qgz，用 QGIS 3.22 及以上打开；jitu.gpkg 须放在同一文件夹。",
    "含一个 A3 版面（标题、图例、比例尺）；审图号填入工程变量 review_number 后印在图上。",
    "工程按数据所在的3度带显示；数据保持所选坐标系。",
)

_VERSION = "3.22.16-Białowieża"  # of QGIS, whose format this is
_PROJECT = "jitu.qgs"
_LAYOUT = "图幅"
_VARIABLE = "review_number"
_UNREVIEWED = "示意图 · 未经审核 · 仅供内部使用"
# Sheets on A3 landscape, in millimetres: x, y, width, height.
_PAGE = (0, 0, 420, 297)
_TITLE = (10, 8, 400, 14)
_MAP = (10, 26, 262, 246)
_LEGEND = (276, 26, 134, 220)
_SCALE = (276, 256, 134, 14)
_NUMBER = (276, 275, 134, 8)
_NOTE = (10, 275, 262, 16)
_MARGIN = 1.04  # of the map around the data
_SUBJECT = "产业规划图"
_SMALLEST, _LARGEST, _MM_PER_POINT = 9, 24, 25.4 / 72  # sizes of the title
_ITEM = {"page": 65638, "map": 65639, "label": 65641, "legend": 65642, "scale": 65646}


def write(package: Package) -> dict[str, bytes]:
    """Return a GeoPackage and the project that opens it.

    Parameters
    ----------
    package
        The export.
    """
    project = xml_text(tostring(_project(package), encoding="unicode"))
    text = f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{project}\n"
    return {**geopackage.write(package), FILE_NAME: archive({_PROJECT: text.encode()})}


def _project(package: Package) -> Element:
    about = package.metadata
    sheets = geopackage.drawing_order(package.sheets)
    tables = reading_tables(replace(package, sheets=sheets))
    system = _display_system(about)
    extent = _extent(about, system)
    root = Element("qgis", version=_VERSION, projectname=about.title)
    SubElement(root, "homePath", path="")
    _add(root, "title", about.title)
    _system(SubElement(root, "projectCrs"), system)
    _tree(root, sheets, {table.name: table.title for table in tables})
    _canvas(root, system, extent)
    layers = SubElement(root, "projectlayers")
    arrangement = arrange(sheets)
    for sheet in sheets:
        style = layer_style(package.atlas, sheet, arrangement)
        _layer(layers, sheet.name, sheet.title, about.described(sheet.layer), style, sheet)
    for table in tables:
        _layer(layers, table.name, table.title, table.description, titles_style(table.columns))
    order = SubElement(root, "layerorder")
    for sheet in sheets:
        SubElement(order, "layer", id=_id(sheet.name))
    _properties(root)
    _layout(SubElement(root, "Layouts"), _title(package), about, extent)
    return root


def _id(name: str) -> str:
    return f"jitu_layer_{name}"  # QGIS reads no id of ten letters or fewer


def _source(name: str) -> str:
    return f"./{geopackage.FILE_NAME}|layername={name}"


def _add(parent: Element, tag: str, text: object) -> None:
    SubElement(parent, tag).text = str(text)


# -- the map -----------------------------------------------------------------------------------


def _display_system(about: Metadata) -> Crs:
    """Return the system of the map: the data's if it is projected, else the zone of its middle."""
    first = about.crs[0]
    if first.zone or about.extent is None:
        return first
    west, _, east, _ = about.extent
    return gauss_kruger(zone_at((west + east) / 2))


def _extent(about: Metadata, system: Crs) -> tuple[float, float, float, float]:
    """Return the map's corners in its system: those of the data, in the shape of the frame."""
    box = about.extent or (113.0, 36.0, 120.0, 43.0)
    to = Transformer.from_crs(WGS84, system.name, always_xy=True)
    west, south, east, north = to.transform_bounds(*box)
    width, height = (east - west) * _MARGIN, (north - south) * _MARGIN
    _, _, wide, high = _MAP
    width, height = max(width, height * wide / high), max(height, width * high / wide)
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _system(parent: Element, system: Crs) -> None:
    definition = CRS(system.name)
    found = SubElement(parent, "spatialrefsys")
    _add(found, "wkt", definition.to_wkt("WKT2_2019"))
    _add(found, "srsid", 1)  # QGIS looks the system up by its name, if there is a number here
    _add(found, "srid", system.code)
    _add(found, "authid", system.name)
    _add(found, "description", definition.name)
    _add(found, "geographicflag", "true" if definition.is_geographic else "false")


def _tree(root: Element, sheets: Sequence[Sheet], tables: Mapping[str, str]) -> None:
    """Add the layers in groups for reading, and the order in which they are drawn."""
    tree = SubElement(root, "layer-tree-group")
    groups: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        groups.setdefault(_group(sheet), []).append(sheet)
    for title, own in groups.items():
        _tree_group(tree, title, [(sheet.name, sheet.title) for sheet in own])
    _tree_group(tree, "说明与记录", tables.items(), is_open=False)
    order = SubElement(tree, "custom-order", enabled="1")
    for sheet in sheets:
        _add(order, "item", _id(sheet.name))


def _group(sheet: Sheet) -> str:
    kind = KINDS[sheet.layer]
    if kind.division:
        return "政区"
    if kind.has_symbols:
        return "点位"
    return "产业集群" if kind.cluster else "布局与目标"


def _tree_group(
    tree: Element, title: str, layers: Iterable[tuple[str, str]], *, is_open: bool = True
) -> None:
    shut = "1" if is_open else "0"
    group = SubElement(tree, "layer-tree-group", name=title, expanded=shut, checked="Qt::Checked")
    for name, own_title in layers:
        SubElement(
            group, "layer-tree-layer", id=_id(name), name=own_title, source=_source(name),
            providerKey="ogr", checked="Qt::Checked", expanded="0",
        )  # fmt: skip


def _canvas(root: Element, system: Crs, extent: Sequence[float]) -> None:
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    _add(canvas, "units", "meters" if system.zone else "degrees")
    corners = SubElement(canvas, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True):
        _add(corners, name, value)
    _add(canvas, "rotation", 0)
    _system(SubElement(canvas, "destinationsrs"), system)


def _layer(
    parent: Element,
    name: str,
    title: str,
    description: str,
    style: Element,
    sheet: Sheet | None = None,
) -> None:
    layer = SubElement(parent, "maplayer", style.attrib, type="vector")
    layer.set("geometry", _family(sheet.geometry_type) if sheet else "No geometry")
    layer.set("wkbType", sheet.geometry_type if sheet else "NoGeometry")
    _add(layer, "id", _id(name))
    _add(layer, "datasource", _source(name))
    _add(layer, "layername", title)
    if sheet:
        _system(SubElement(layer, "srs"), sheet.crs)
    about = SubElement(layer, "resourceMetadata")
    _add(about, "title", title)
    _add(about, "abstract", description)
    SubElement(layer, "provider", encoding="UTF-8").text = "ogr"
    layer.extend(style)


def _family(geometry_type: str) -> str:
    return geometry_type.removeprefix("Multi")


def _properties(root: Element) -> None:
    properties = SubElement(root, "properties")
    SubElement(SubElement(properties, "Paths"), "Absolute", type="bool").text = "false"
    used = SubElement(properties, "SpatialRefSys")
    SubElement(used, "ProjectionsEnabled", type="int").text = "1"
    variables = SubElement(properties, "Variables")
    for tag, value in (("variableNames", _VARIABLE), ("variableValues", "")):
        _add(SubElement(variables, tag, type="QStringList"), "value", value)


# -- the print layout --------------------------------------------------------------------------


def _title(package: Package) -> str:
    """Return the title of the sheet: that of its only layer, or of a map of all plans."""
    atlas, view = package.atlas, package.view
    titles = {sheet.layer: KINDS[sheet.layer].title for sheet in package.sheets}
    subject = next(iter(titles.values())) if len(titles) == 1 else _SUBJECT
    chosen = "，".join([f"{view.year}年", *filter_titles(atlas, view)])
    return f"{atlas.records.atlas.province}{subject}（{chosen}）"


def _layout(parent: Element, title: str, about: Metadata, extent: Sequence[float]) -> None:
    layout = SubElement(parent, "Layout", name=_LAYOUT, units="mm", printResolution="300")
    pages = SubElement(layout, "PageCollection")
    _item(pages, "page", "page", _PAGE)
    frame = _item(layout, "map", "地图", _MAP, frame="true", followPreset="false")
    corners = SubElement(frame, "Extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True):
        corners.set(name, repr(value))
    points = max(_SMALLEST, min(_LARGEST, int(_TITLE[2] / (len(title) * _MM_PER_POINT))))
    _label(layout, "标题", _TITLE, title, points, weight=75, align=4)
    _label(layout, "来源与声明", _NOTE, f"{about.attribution}\n{about.disclaimer}", 8)
    number = f"coalesce('审图号：' || nullif(@{_VARIABLE}, ''), '{_UNREVIEWED}')"
    _label(layout, "审图号", _NUMBER, f"[% {number} %]", 10)
    _legend(layout)
    _scale_bar(layout, (extent[2] - extent[0]) / _MAP[2])


def _uuid(name: str) -> str:
    return f"{{{uuid.uuid5(uuid.NAMESPACE_URL, f'jitu/{name}')}}}"


def _item(
    parent: Element, kind: str, name: str, at: tuple[int, int, int, int], **attributes: str
) -> Element:
    x, y, width, height = at
    place = {"position": f"{x},{y},mm", "size": f"{width},{height},mm"}
    looks = {"frame": "false", "background": "false", "visibility": "1", **attributes}
    own = {"type": str(_ITEM[kind]), "id": name, "uuid": _uuid(name), **place, **looks}
    item = SubElement(parent, "LayoutItem", own, positionOnPage=place["position"])
    SubElement(item, "FrameColor", red="0", green="0", blue="0", alpha="255")
    SubElement(item, "BackgroundColor", red="255", green="255", blue="255", alpha="255")
    return item


def _label(  # noqa: PLR0913  (what a label consists of)
    parent: Element,
    name: str,
    at: tuple[int, int, int, int],
    text: str,
    points: int,
    weight: int = 50,
    align: int = 1,
) -> None:
    label = _item(
        parent, "label", name, at, labelText=text, halign=str(align), valign="128",
        htmlState="0", marginX="0", marginY="0",
    )  # fmt: skip
    SubElement(label, "LabelFont", description=_font(points, weight), style="")
    SubElement(label, "FontColor", red="0", green="0", blue="0", alpha="255")


def _font(points: int, weight: int = 50) -> str:
    return f"{FONTS[0]},{points},-1,5,{weight},0,0,0,0,0"


def _legend(parent: Element) -> None:
    legend = _item(
        parent, "legend", "图例", _LEGEND, title="图例", map_uuid=_uuid("地图"),
        legendFilterByMap="1", columnCount="2", splitLayer="1", resizeToContents="1",
        symbolWidth="6", symbolHeight="3", fontColor="#000000",
    )  # fmt: skip
    styles = SubElement(legend, "styles")
    sizes = {"title": 12, "group": 9, "subgroup": 7, "symbol": 6, "symbolLabel": 6}
    for name, points in sizes.items():
        style = SubElement(styles, "style", name=name, marginTop="1.2", alignment="1", indent="0")
        SubElement(style, "styleFont", description=_font(points), style="")


def _scale_bar(parent: Element, metres_per_mm: float) -> None:
    kilometres = metres_per_mm * 40 / 1000  # two segments of at most 4 cm
    step = 10 ** math.floor(math.log10(kilometres))
    segment = max(n * step for n in (1, 2, 5) if n * step <= kilometres)
    bar = _item(
        parent, "scale", "比例尺", _SCALE, mapUuid=_uuid("地图"), style="Single Box",
        unitType="km", unitLabel="千米", numMapUnitsPerScaleBarUnit="1", numSegments="2",
        numSegmentsLeft="0", numUnitsPerSegment=f"{segment:g}", segmentSizeMode="0", height="3",
        labelBarSpace="2", boxContentSpace="1", outlineWidth="0.3", minBarWidth="50",
        maxBarWidth="150", alignment="0",
    )  # fmt: skip
    SubElement(
        bar, "text-style", fontFamily=FONTS[0], fontSize="9", fontSizeUnit="Point",
        textColor="0,0,0,255", textOpacity="1", fontWeight="50",
    )  # fmt: skip
    for tag, grey in (("fillColor", "0"), ("fillColor2", "255"), ("strokeColor", "0")):
        SubElement(bar, tag, red=grey, green=grey, blue=grey, alpha="255")
