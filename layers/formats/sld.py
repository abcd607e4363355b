"""Styled Layer Descriptor (OGC SLD 1.0.0): the page's classes and labels for GIS other than QGIS.

GeoServer, SuperMap and converters for ArcGIS read it. Lengths are screen pixels, as on the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

from layers.formats.metadata import xml_text
from layers.formats.package import Sheet
from layers.formats.qml import FONTS, HATCH_LINE_PX, HATCH_PX, classes, denominator, lettering
from layers.portrayal.style import CORE_RED, POLE_RED, Style
from layers.web.drawn import Drawn

_NAMESPACES = {
    "xmlns": "http://www.opengis.net/sld",
    "xmlns:ogc": "http://www.opengis.net/ogc",
    "version": "1.0.0",
}
_HALO_PX = 2
_CIRCLE_PX = 28  # of a cluster's targets: sizes by value need what SLD 1.0.0 does not have

# Marks of symbols, from below: well-known name, size, fill, stroke, stroke width, rotation.
_Mark = tuple[str, float, str | None, str | None, float, int]
_UNITS: dict[str, tuple[_Mark, ...]] = {
    "core": (
        ("circle", 31, "#ffffff", CORE_RED, 2.2, 0),
        ("star", 22, CORE_RED, None, 0, 0),
    ),
    "pole": (
        ("circle", 29, "#ffffff", POLE_RED, 1.8, 0),
        ("circle", 20, POLE_RED, None, 0, 0),
    ),
    "wing": (("square", 17, "#ffffff", POLE_RED, 1.8, 45),),
}


def sld(sheet: Sheet) -> str:
    """Return the style of a sheet: a rule for each class, and for labels that a scale limits."""
    root = Element("StyledLayerDescriptor", _NAMESPACES)
    layer = SubElement(root, "NamedLayer")
    _text(layer, "Name", sheet.name)
    style = SubElement(layer, "UserStyle")
    _text(style, "Name", "jitu")
    _text(style, "Title", sheet.title)
    for _, group in groupby(classes(sheet).values(), key=lambda d: d.order):
        drawing = SubElement(style, "FeatureTypeStyle")
        for drawn in group:
            _rules(drawing, drawn)
    text = xml_text(tostring(root, encoding="unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _rules(drawing: Element, drawn: Drawn) -> None:
    rule = _rule(drawing, drawn.id, drawn)
    for symbolizer in _symbolizers(drawn):
        rule.append(symbolizer)
    if drawn.label and drawn.label_from_zoom:
        rule = _rule(drawing, f"{drawn.id}-label", drawn)
        _text(rule, "MaxScaleDenominator", str(denominator(drawn.label_from_zoom)))
    if drawn.label:
        rule.append(_label(drawn))


def _rule(drawing: Element, name: str, drawn: Drawn) -> Element:
    rule = SubElement(drawing, "Rule")
    _text(rule, "Name", name)
    _text(rule, "Title", drawn.title)
    equal = SubElement(SubElement(rule, "ogc:Filter"), "ogc:PropertyIsEqualTo")
    _text(equal, "ogc:PropertyName", "style")
    _text(equal, "ogc:Literal", drawn.id)
    return rule


def _symbolizers(drawn: Drawn) -> Iterable[Element]:
    if drawn.marker == "growth":
        yield _point(("circle", _CIRCLE_PX, drawn.colour, "#ffffff", 1.4, 0))
        return
    if drawn.marker in ("base", "project"):
        shape, size = ("square", 8) if drawn.marker == "base" else ("triangle", 9.5)
        yield _point((shape, size, drawn.colour, "#ffffff", 1.4, 0))
        return
    yield _polygon(drawn.style)
    for mark in _UNITS.get(drawn.marker or "", ()):
        yield _point(mark)


def _polygon(style: Style) -> Element:
    polygon = Element("PolygonSymbolizer")
    if style.fill and style.hatch:
        graphic = SubElement(SubElement(SubElement(polygon, "Fill"), "GraphicFill"), "Graphic")
        mark = SubElement(graphic, "Mark")
        _text(mark, "WellKnownName", "shape://slash")
        _stroke(mark, style.fill, HATCH_LINE_PX, style.fillOpacity)
        _text(graphic, "Size", str(HATCH_PX))
    elif style.fill:
        _fill(polygon, style.fill, style.fillOpacity)
    if style.stroke:
        _stroke(polygon, style.stroke, style.weight, style.opacity, style.dash)
    return polygon


def _point(mark: _Mark) -> Element:
    shape, size, fill, stroke, width, rotation = mark
    point = Element("PointSymbolizer")
    graphic = SubElement(point, "Graphic")
    drawing = SubElement(graphic, "Mark")
    _text(drawing, "WellKnownName", shape)
    if fill:
        _fill(drawing, fill)
    if stroke:
        _stroke(drawing, stroke, width)
    _text(graphic, "Size", f"{size:g}")
    if rotation:
        _text(graphic, "Rotation", str(rotation))
    return point


def _label(drawn: Drawn) -> Element:
    look = lettering(drawn)
    text = Element("TextSymbolizer")
    _text(SubElement(text, "Label"), "ogc:PropertyName", "label")
    font = SubElement(text, "Font")
    for family in FONTS:
        _parameter(font, "font-family", family)
    _parameter(font, "font-size", f"{look.size_px:g}")
    _parameter(font, "font-weight", "bold" if look.bold else "normal")
    place = SubElement(SubElement(text, "LabelPlacement"), "PointPlacement")
    anchor = SubElement(place, "AnchorPoint")
    below = drawn.marker is not None
    _text(anchor, "AnchorPointX", "0.5")
    _text(anchor, "AnchorPointY", "1" if below else "0.5")
    if below:
        shift = SubElement(place, "Displacement")
        _text(shift, "DisplacementX", "0")
        _text(shift, "DisplacementY", str(_below(drawn)))
    halo = SubElement(text, "Halo")
    _text(halo, "Radius", str(_HALO_PX))
    _fill(halo, "#ffffff", 0.9)
    _fill(text, drawn.label_colour)
    _text(text, "Priority", str(look.priority * 100))
    return text


def _below(drawn: Drawn) -> int:
    """Return how far below its point a marker's label stands, as a displacement (px)."""
    if drawn.marker == "growth":
        return -_CIRCLE_PX // 2 - 2
    return -16 if lettering(drawn).place == "symbol" else -7


def _fill(parent: Element, colour: str | None, opacity: float = 1.0) -> None:
    fill = SubElement(parent, "Fill")
    _parameter(fill, "fill", colour or "#ffffff")
    _parameter(fill, "fill-opacity", f"{opacity:g}")


def _stroke(
    parent: Element, colour: str, width: float, opacity: float = 1.0, dash: str | None = None
) -> None:
    stroke = SubElement(parent, "Stroke")
    _parameter(stroke, "stroke", colour)
    _parameter(stroke, "stroke-width", f"{width:g}")
    _parameter(stroke, "stroke-opacity", f"{opacity:g}")
    _parameter(stroke, "stroke-linejoin", "round")
    if dash:
        _parameter(stroke, "stroke-dasharray", dash)


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text


def _parameter(parent: Element, name: str, value: str) -> None:
    SubElement(parent, "CssParameter", name=name).text = value
