"""Styled Layer Descriptors (OGC SLD 1.0.0): the page's styles and labels for GIS besides QGIS.

GeoServer, SuperMap and converters for ArcGIS read them. Lengths are screen pixels, as on the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

from layers.atlas import Atlas
from layers.formats.metadata import xml_text
from layers.formats.package import Sheet
from layers.formats.qml import FONTS, scale_denominator
from layers.portrayal import lettering, targets
from layers.portrayal.drawing import Label
from layers.portrayal.style import HATCH_LINE_PX, HATCH_STEP_PX, Style
from layers.portrayal.symbols import OWN_COLOUR, WHITE, Mark
from layers.reading.drawings import DrawnFeature, class_title

_NAMESPACES = {
    "xmlns": "http://www.opengis.net/sld",
    "xmlns:ogc": "http://www.opengis.net/ogc",
    "version": "1.0.0",
}
# SLD 1.0.0 cannot scale circles by value, so all circles have the size of a target of 750 亿元.
_CIRCLE = Mark(
    "circle", round(2 * targets.radius_px(750)), OWN_COLOUR, WHITE, lettering.DOT_OUTLINE_PX
)


def sld(atlas: Atlas, sheet: Sheet) -> str:
    """Return the style of a sheet: a rule per style class, and one per label limited by scale.

    Parameters
    ----------
    atlas
        The atlas, for the titles of the legend.
    sheet
        The sheet; its table has a column ``style`` with the names of the style classes.
    """
    root = Element("StyledLayerDescriptor", _NAMESPACES)
    layer = SubElement(root, "NamedLayer")
    _text(layer, "Name", sheet.name)
    style = SubElement(layer, "UserStyle")
    _text(style, "Name", "jitu")
    _text(style, "Title", sheet.title)
    for _, group in groupby(sheet.classes.values(), key=lambda d: d.drawing.pane.z):
        drawing = SubElement(style, "FeatureTypeStyle")
        for drawn in group:
            _rules(drawing, drawn, class_title(atlas, drawn))
    text = xml_text(tostring(root, encoding="unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _rules(drawing: Element, drawn: DrawnFeature, title: str) -> None:
    rule = _rule(drawing, drawn.style_class, drawn, title)
    for symbolizer in _symbolizers(drawn):
        rule.append(symbolizer)
    label = drawn.drawing.label
    if label and label.min_zoom:
        rule = _rule(drawing, f"{drawn.style_class}-label", drawn, title)
        _text(rule, "MaxScaleDenominator", str(scale_denominator(label.min_zoom)))
    if label:
        rule.append(_label(drawn, label))


def _rule(drawing: Element, name: str, drawn: DrawnFeature, title: str) -> Element:
    rule = SubElement(drawing, "Rule")
    _text(rule, "Name", name)
    _text(rule, "Title", title)
    equal = SubElement(SubElement(rule, "ogc:Filter"), "ogc:PropertyIsEqualTo")
    _text(equal, "ogc:PropertyName", "style")
    _text(equal, "ogc:Literal", drawn.style_class)
    return rule


def _symbolizers(drawn: DrawnFeature) -> Iterable[Element]:
    symbol = drawn.drawing.symbol
    if symbol and symbol.rings:
        yield _point(_CIRCLE, symbol.colour)
        return
    if symbol is None or not symbol.design.shares_place:
        yield _polygon(drawn.drawing.style.style)
    for mark in symbol.design.marks if symbol else ():
        if mark.shape != "letter":  # SLD 1.0.0 has no letter marks
            yield _point(mark, symbol.colour if symbol else None)


def _polygon(style: Style) -> Element:
    polygon = Element("PolygonSymbolizer")
    if style.fill and style.hatch:
        graphic = SubElement(SubElement(SubElement(polygon, "Fill"), "GraphicFill"), "Graphic")
        mark = SubElement(graphic, "Mark")
        _text(mark, "WellKnownName", "shape://slash")
        _stroke(mark, Outline(style.fill, HATCH_LINE_PX, style.fill_opacity))
        _text(graphic, "Size", f"{HATCH_STEP_PX:g}")
    elif style.fill:
        _fill(polygon, style.fill, style.fill_opacity)
    if style.stroke:
        _stroke(polygon, Outline(style.stroke, style.weight, style.opacity, style.dash))
    return polygon


def _point(mark: Mark, colour: str | None) -> Element:
    fill, stroke = (colour if c == OWN_COLOUR else c for c in (mark.fill, mark.stroke))
    shape, size, rotation = mark.shape, mark.size_px, 0
    if shape == "diamond":  # SLD 1.0.0 has no diamond, but rotates a square
        shape, size, rotation = "square", round(size / math.sqrt(2), 1), 45
    point = Element("PointSymbolizer")
    graphic = SubElement(point, "Graphic")
    drawing = SubElement(graphic, "Mark")
    _text(drawing, "WellKnownName", shape)
    if fill:
        _fill(drawing, fill)
    if stroke:
        _stroke(drawing, Outline(stroke, mark.stroke_px))
    _text(graphic, "Size", f"{size:g}")
    if rotation:
        _text(graphic, "Rotation", str(rotation))
    return point


def _label(drawn: DrawnFeature, label: Label) -> Element:
    look = label.lettering
    line = look.lines[0]
    text = Element("TextSymbolizer")
    _text(SubElement(text, "Label"), "ogc:PropertyName", "label")
    font = SubElement(text, "Font")
    for family in FONTS:
        _parameter(font, "font-family", family)
    _parameter(font, "font-size", f"{line.size_px:g}")
    _parameter(font, "font-weight", "bold" if line.is_bold else "normal")
    place = SubElement(SubElement(text, "LabelPlacement"), "PointPlacement")
    anchor = SubElement(place, "AnchorPoint")
    below = drawn.drawing.symbol is not None
    _text(anchor, "AnchorPointX", "0.5")
    _text(anchor, "AnchorPointY", "1" if below else "0.5")
    if below:
        shift = SubElement(place, "Displacement")
        _text(shift, "DisplacementX", "0")
        _text(shift, "DisplacementY", f"{-_below(drawn):g}")
    halo = SubElement(text, "Halo")
    _text(halo, "Radius", f"{lettering.HALO_PX:g}")
    _fill(halo, WHITE, lettering.HALO_OPACITY)
    _fill(text, label.colour)
    _text(text, "Priority", str(look.gis_priority * 100))
    return text


def _below(drawn: DrawnFeature) -> float:
    """Return the distance from a symbol's point down to its label (px)."""
    symbol = drawn.drawing.symbol
    if symbol is None:
        return 0
    return (_CIRCLE.size_px // 2 + 2) if symbol.rings else symbol.design.reach.bottom + 1


@dataclass(frozen=True)
class Outline:
    """A stroke: colour ``#rrggbb``, width (px), opacity (0 to 1) and dash pattern (px)."""

    colour: str
    width_px: float
    opacity: float = 1.0
    dash: Sequence[float] = ()


def _fill(parent: Element, colour: str | None, opacity: float = 1.0) -> None:
    fill = SubElement(parent, "Fill")
    _parameter(fill, "fill", colour or "#ffffff")
    _parameter(fill, "fill-opacity", f"{opacity:g}")


def _stroke(parent: Element, line: Outline) -> None:
    stroke = SubElement(parent, "Stroke")
    _parameter(stroke, "stroke", line.colour)
    _parameter(stroke, "stroke-width", f"{line.width_px:g}")
    _parameter(stroke, "stroke-opacity", f"{line.opacity:g}")
    _parameter(stroke, "stroke-linejoin", "round")
    if line.dash:
        _parameter(stroke, "stroke-dasharray", " ".join(f"{length:g}" for length in line.dash))


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text


def _parameter(parent: Element, name: str, value: str) -> None:
    SubElement(parent, "CssParameter", name=name).text = value
