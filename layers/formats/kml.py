"""KML 2.2 export for Google Earth and similar Chinese viewers: styled, with no external links.

All placemarks stand directly in the document, because a GIS makes a layer of each folder. Fields
are declared in a schema with ASCII names and Chinese display names, because most readers drop names
that are not ASCII.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from geo.crs import WGS84
from layers.columns import Column
from layers.formats import geojson, metadata
from layers.formats.delimited import flat_rows
from layers.formats.metadata import Metadata
from layers.formats.package import Package, Sheet
from layers.markup import escape_html
from layers.portrayal.lettering import TEXT_COLOUR
from layers.portrayal.status import STATUS_TITLES, WITHOUT_GEOMETRY
from layers.reading.drawings import DrawnFeature

LIMITS = (
    "始终为 WGS84 经纬度；列表以英文逗号连接；空值的字段省略。",
    "字段 id、name 与 KML 自己的同名，改名 feature_id、feature_name。",
    "没有虚线和斜线填充：示意范围（斜线）改为淡色填充，几何状态见每个地标的说明。",
    "点位是阅读软件自带的图标，只有颜色；没有图形的要素保留为无位置的地标，排在最后。",
)

# GDAL makes fields of these elements of a placemark, and renames a field of the same name.
_RESERVED = {
    "id", "name", "description", "timestamp", "begin", "end", "altitudemode", "tessellate",
    "extrude", "visibility", "draworder", "icon",
}  # fmt: skip
_TYPES = {"text": "string", "list": "string", "integer": "int", "number": "double"}
_HATCH_OPACITY = 0.12
_POINT_SCALE, _LABEL_SCALE = 0.7, 0.8


def write(package: Package) -> dict[str, bytes]:
    """Return one ``.kml`` file per sheet, in WGS84 lon/lat, with the metadata in its document.

    Parameters
    ----------
    package
        The export.
    """
    return {f"{sheet.name}.kml": _kml(sheet, package.metadata) for sheet in package.sheets}


def field_name(column: Column) -> str:
    """Return the name of a column's field; a name that KML uses itself gets a prefix.

    Parameters
    ----------
    column
        The column.
    """
    return f"feature_{column.name}" if column.name.lower() in _RESERVED else column.name


def _kml(sheet: Sheet, about: Metadata) -> bytes:
    # Placemarks refer to schema and styles by ids within the document.
    root = Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = SubElement(root, "Document")
    _add(document, "name", sheet.title)
    _add(document, "description", escape_html(metadata.metadata_text(about)))
    features = geojson.features(flat_rows(sheet).to_crs(WGS84))
    used = {
        sheet.drawn[f["id"]].style_class: sheet.drawn[f["id"]]
        for f in features
        if f["id"] in sheet.drawn
    }
    for _, drawn in sorted(used.items()):
        _style(document, drawn)
    data = SubElement(SubElement(document, "ExtendedData"), "Data", name="metadata_xml")
    _add(data, "value", metadata.metadata_xml(about).decode())
    schema = SubElement(document, "Schema", name=sheet.name, id=sheet.name)
    for column in sheet.columns:
        name = field_name(column)
        field = SubElement(schema, "SimpleField", type=_TYPES[column.kind], name=name)
        _add(field, "displayName", column.title_with_unit)
    for feature in features:
        _placemark(document, sheet, feature)
    indent(root, " ")
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _style(parent: Element, drawn: DrawnFeature) -> None:
    style = SubElement(parent, "Style", id=drawn.style_class)
    look, symbol, written = drawn.drawing.style.style, drawn.drawing.symbol, drawn.drawing.label
    if symbol and symbol.colour:
        icon = SubElement(style, "IconStyle")
        _add(icon, "color", _abgr(symbol.colour, 1))
        _add(icon, "scale", _POINT_SCALE)
    label = SubElement(style, "LabelStyle")
    _add(label, "color", _abgr(written.colour if written else TEXT_COLOUR, 1))
    _add(label, "scale", _LABEL_SCALE)
    line = SubElement(style, "LineStyle")
    if look.stroke:
        _add(line, "color", _abgr(look.stroke, look.opacity))
        _add(line, "width", f"{look.weight:g}")
    polygon = SubElement(style, "PolyStyle")
    if look.fill:
        _add(
            polygon, "color", _abgr(look.fill, _HATCH_OPACITY if look.hatch else look.fill_opacity)
        )
    _add(polygon, "fill", int(bool(look.fill)))
    _add(polygon, "outline", int(bool(look.stroke)))


def _abgr(colour: str, opacity: float) -> str:
    """Return a colour ``#rrggbb`` in KML's notation ``aabbggrr``.

    >>> _abgr("#c8102e", 0.5)
    '802e10c8'
    """
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    return f"{round(opacity * 255):02x}{blue}{green}{red}"


def _placemark(parent: Element, sheet: Sheet, feature: Mapping[str, Any]) -> None:
    values = feature["properties"]
    placemark = SubElement(parent, "Placemark")
    _add(placemark, "name", values["name"])
    # Viewers interpret a description as HTML.
    _add(placemark, "description", "\n".join(escape_html(line) for line in _description(values)))
    if feature["id"] in sheet.drawn:
        _add(placemark, "styleUrl", f"#{sheet.drawn[feature['id']].style_class}")
    extended = SubElement(placemark, "ExtendedData")
    data = SubElement(extended, "SchemaData", schemaUrl=f"#{sheet.name}")
    for column in sheet.columns:
        if values[column.name] not in (None, ""):
            _add(data, "SimpleData", values[column.name], name=field_name(column))
    if feature["geometry"]:
        _geometry(placemark, feature["geometry"]["type"], feature["geometry"]["coordinates"])


def _description(values: Mapping[str, Any]) -> list[str]:
    """Return the lines of a description: role, geometry status, revenue target, source."""
    status = values["geometry_status"] or WITHOUT_GEOMETRY
    lines = [values["role"], f"几何状态：{STATUS_TITLES[status]}"]
    if values.get("revenue_yi") is not None:
        target = f"{values['revenue_comparator'] or ''} {values['revenue_yi']:,} 亿元".strip()
        lines.append(f"{values['year']}年营业收入目标：{target}")
    source = " ".join(v for v in (values["document_title"], values["locator"]) if v)
    return [line for line in (*lines, f"出处：{source}" if source else "") if line]


def _geometry(parent: Element, kind: str, coordinates: Sequence[Any]) -> None:
    if kind.startswith("Multi"):
        parts = SubElement(parent, "MultiGeometry")
        for part in coordinates:
            _geometry(parts, kind.removeprefix("Multi"), part)
    elif kind == "Point":
        _add(SubElement(parent, "Point"), "coordinates", _line([coordinates]))
    else:
        polygon = SubElement(parent, "Polygon")
        for number, ring in enumerate(coordinates):
            boundary = SubElement(polygon, "innerBoundaryIs" if number else "outerBoundaryIs")
            _add(SubElement(boundary, "LinearRing"), "coordinates", _line(ring))


def _line(points: Sequence[Sequence[float]]) -> str:
    return " ".join(f"{lon},{lat}" for lon, lat in points)


def _add(parent: Element, tag: str, value: object, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = metadata.xml_text(value)
