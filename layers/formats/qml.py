"""QGIS layer styles (QML): the page's style classes, labels and Chinese column titles.

All visual values come from :mod:`layers.portrayal`. Screen pixels become millimetres at 96 dpi, so
that print keeps the page's proportions. QGIS 3.22 is the oldest version tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

import geopandas as gpd
import shapely

from geo.crs import CGCS2000
from layers.atlas import Atlas
from layers.columns import STYLED, Column
from layers.formats.metadata import xml_text
from layers.formats.package import Sheet
from layers.portrayal import lettering, targets
from layers.portrayal.drawing import Label
from layers.portrayal.lettering import Lettering
from layers.portrayal.style import HATCH_DEGREES, HATCH_LINE_PX, HATCH_STEP_PX, Style
from layers.portrayal.symbols import OWN_COLOUR, SLOT_PX, SLOTS_IN_A_ROW, WHITE, Mark, SymbolDesign
from layers.reading.drawings import DrawnFeature, class_title

# QGIS uses the first installed family. On Windows that is the page's second, so it comes first.
FONTS = (lettering.FONTS[1], *(font for font in lettering.FONTS if font != lettering.FONTS[1]))

_MM_PER_PX = 25.4 / 96
_PT_PER_PX = 72 / 96
# Scale denominator of a web map at zoom 0 (OGC: pixels of 0.28 mm, at the equator).
_DENOMINATOR_AT_ZOOM_0 = 559_082_264.03
_NEAR_PX, _CIRCLES_PX, _FAR_PX = 6, 20, 32  # how far a label stands from its point
_SYMBOL_LIFT_PX = 12  # from the middle of a unit's label up to its symbol
_PLACEMENT = {"area": 4, "seat": 0, "symbol": 1, "site": 0}  # QGIS's numbers


def scale_denominator(zoom: float) -> int:
    """Return the scale denominator of a zoom level (pixels of 0.28 mm, at the equator).

    Parameters
    ----------
    zoom
        A zoom level of web Mercator.

    Examples
    --------
    >>> scale_denominator(9)
    1091958
    """
    return round(_DENOMINATOR_AT_ZOOM_0 / 2**zoom)


@dataclass(frozen=True)
class Arrangement:
    """The placement of symbols and labels that all sheets of a map share.

    Attributes
    ----------
    offsets
        Feature id → offset (right, down, in pixels) of sites that stand for the same place.
    unnamed
        Ids of features without a label, because a more important feature has the same label.
    beside
        Ids of features whose label avoids the symbol of a layout unit at the same point.
    """

    offsets: Mapping[str, tuple[float, float]]
    unnamed: frozenset[str]
    beside: frozenset[str]


def arrange(sheets: Iterable[Sheet]) -> Arrangement:
    """Arrange sites of one place side by side, and choose one label of those with the same text.

    Parameters
    ----------
    sheets
        All sheets of a map.
    """
    drawn = {i: s.drawn[i] for s in sheets for i in s.features["id"] if i in s.drawn}
    labels = {i: d.drawing.label for i, d in drawn.items() if d.drawing.label}
    sharing = {i for i, d in drawn.items() if _shares_place(d)}
    shared: dict[tuple[float, float], list[str]] = {}
    labelled: dict[str, list[str]] = {}
    for i, label in labels.items():
        if i in sharing:
            shared.setdefault(label.at, []).append(i)
        else:
            labelled.setdefault(label.text, []).append(i)
    unnamed = [
        i
        for group in labelled.values()
        for best in [max(labels[i].lettering.gis_priority for i in group)]
        for i in group
        if labels[i].lettering.gis_priority < best
    ]
    offsets = {
        i: _offset(slot, len(group)) for group in shared.values() for slot, i in enumerate(group)
    }
    units = {label.at for label in labels.values() if label.lettering.place == "symbol"}
    beside = [
        i for i, label in labels.items() if label.lettering.place == "seat" and label.at in units
    ]
    return Arrangement(offsets, frozenset(unnamed), frozenset(beside))


def _offset(slot: int, slots: int) -> tuple[float, float]:
    in_a_row = min(slots, SLOTS_IN_A_ROW)
    right = (slot % SLOTS_IN_A_ROW - (in_a_row - 1) / 2) * SLOT_PX
    return right, slot // SLOTS_IN_A_ROW * SLOT_PX


def _shares_place(drawn: DrawnFeature) -> bool:
    return drawn.drawing.symbol is not None and drawn.drawing.symbol.design.shares_place


def _is_unit(drawn: DrawnFeature) -> bool:
    """Return whether the feature has a symbol on its polygon and its name below the symbol."""
    label = drawn.drawing.label
    return label is not None and label.lettering.place == "symbol"


def qml(atlas: Atlas, sheet: Sheet, arrangement: Arrangement) -> str:
    """Return the QML style of a sheet's table as a document; see :func:`layer_style`.

    Parameters
    ----------
    atlas, sheet, arrangement
        As for :func:`layer_style`.
    """
    return _serialised(layer_style(atlas, sheet, arrangement))


def layer_style(atlas: Atlas, sheet: Sheet, arrangement: Arrangement) -> Element:
    """Return the QML style of a sheet's table; column titles become aliases.

    Parameters
    ----------
    atlas
        The atlas, for the titles of the legend.
    sheet
        The sheet; its table has the columns of its layer and :data:`layers.columns.STYLED`.
    arrangement
        The arrangement of all sheets of the map.
    """
    shown = sheet.classes
    root = titles_style((*sheet.columns, *STYLED))
    root.set("labelsEnabled", "1" if any(d.drawing.label for d in shown.values()) else "0")
    titles = {name: class_title(atlas, drawn) for name, drawn in shown.items()}
    _renderer(root, sheet, titles, arrangement.offsets)
    _labeling(root, atlas, sheet, arrangement)
    return root


def titles_qml(columns: Sequence[Column]) -> str:
    """Return the style of a table without geometry as a document; see :func:`titles_style`.

    Parameters
    ----------
    columns
        As for :func:`titles_style`.
    """
    return _serialised(titles_style(columns))


def titles_style(columns: Sequence[Column]) -> Element:
    """Return the QML style of a table without geometry, which only sets column titles.

    Parameters
    ----------
    columns
        The columns, in the order of the table after its key ``fid``.
    """
    root = Element("qgis", version="3.22.16", styleCategories="AllStyleCategories")
    aliases = SubElement(root, "aliases")
    for index, column in enumerate(columns, 1):  # 0 is the key, fid
        SubElement(
            aliases, "alias", field=column.name, name=column.title_with_unit, index=str(index)
        )
    return root


def _serialised(root: Element) -> str:
    text = xml_text(tostring(root, encoding="unicode"))
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}\n"


# -- symbols -----------------------------------------------------------------------------------


def _renderer(
    root: Element,
    sheet: Sheet,
    titles: Mapping[str, str],
    offsets: Mapping[str, tuple[float, float]],
) -> None:
    shown = sheet.classes
    orders = sorted({d.drawing.pane.z for d in shown.values()})
    renderer = SubElement(root, "renderer-v2", type="categorizedSymbol", attr="style")
    renderer.set("symbollevels", "1" if len(orders) > 1 else "0")
    rings = [ring for d in shown.values() if d.drawing.symbol for ring in d.drawing.symbol.rings]
    latest = max((ring.year for ring in rings), default=None)
    if latest:  # draw small circles on large ones
        renderer.set("enableorderby", "1")
        by = SubElement(SubElement(renderer, "orderby"), "orderByClause", asc="0", nullsFirst="0")
        by.text = f'"revenue_yi_{latest}"'
    categories = SubElement(renderer, "categories")
    symbols = SubElement(renderer, "symbols")
    mine = {i: offsets[i] for i in sheet.features["id"] if i in offsets}
    for name, drawn in shown.items():
        SubElement(
            categories, "category", value=name, symbol=name, label=titles[name], render="true"
        )
        kind, layers = _layers(sheet, drawn, mine)
        symbols.append(_symbol(kind, layers, name, orders.index(drawn.drawing.pane.z)))


def _layers(
    sheet: Sheet, drawn: DrawnFeature, offsets: Mapping[str, tuple[float, float]]
) -> tuple[str, list[Element]]:
    """Return QGIS's symbol type for a style class, and the symbol layers from bottom to top."""
    symbol = drawn.drawing.symbol
    if symbol and symbol.rings:
        return "marker", _circles(drawn)
    if symbol and symbol.design.shares_place:
        return "marker", _site_marks(symbol.design, symbol.colour, offsets)
    layers = _polygon(drawn.drawing.style.style)
    label = drawn.drawing.label
    if label and label.lettering.place == "seat":
        layers.append(_dot(sheet, label))
    return "fill", layers


def _symbol(kind: str, layers: Iterable[Element], name: str, level: int = 0) -> Element:
    symbol = Element("symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    for layer in layers:
        layer.set("pass", str(level))
        symbol.append(layer)
    return symbol


def _layer(of: str, **properties: object) -> Element:
    """Return a symbol layer with ``prop`` elements, which every QGIS 3 reads."""
    layer = Element("layer", {"class": of, "enabled": "1", "locked": "0", "pass": "0"})
    for key, value in properties.items():
        SubElement(layer, "prop", k=key, v=str(value))
    return layer


def _mm(pixels: float) -> str:
    return f"{pixels * _MM_PER_PX:.4g}"


def _rgba(colour: str, opacity: float = 1.0) -> str:
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return ",".join(str(c) for c in (*channels, round(opacity * 255)))


def _polygon(style: Style) -> list[Element]:
    layers = []
    if style.fill and style.hatch:
        hatch = _layer("LinePatternFill", angle=HATCH_DEGREES, distance=_mm(HATCH_STEP_PX))
        line = _line(style.fill, HATCH_LINE_PX, style.fill_opacity)
        hatch.append(_symbol("line", [line], "@hatch"))
        layers.append(hatch)
    elif style.fill:
        colour = _rgba(style.fill, style.fill_opacity)
        layers.append(_layer("SimpleFill", color=colour, style="solid", outline_style="no"))
    if style.stroke:
        layers.append(_line(style.stroke, style.weight, style.opacity, style.dash))
    return layers or [_layer("SimpleFill", style="no", outline_style="no")]


def _line(
    colour: str, width_px: float, opacity: float = 1.0, dash: Sequence[float] = ()
) -> Element:
    line = _layer(
        "SimpleLine",
        line_color=_rgba(colour, opacity),
        line_width=_mm(width_px),
        line_width_unit="MM",
        joinstyle="round",
        capstyle="flat" if dash else "round",
    )
    if dash:
        SubElement(line, "prop", k="use_custom_dash", v="1")
        pattern = ";".join(map(_mm, dash))
        SubElement(line, "prop", k="customdash", v=pattern)
    return line


def _marks(design: SymbolDesign, colour: str | None) -> list[Element]:
    """Return the layers of a symbol from bottom to top; `colour` is its own colour."""
    return [_mark(mark, design.text, colour) for mark in design.marks]


def _mark(mark: Mark, text: str, colour: str | None) -> Element:
    fill, stroke = (colour if c == OWN_COLOUR else c for c in (mark.fill, mark.stroke))
    offset = {"offset": f"{_mm(mark.right_px)},0", "offset_unit": "MM"} if mark.right_px else {}
    if mark.shape == "letter":
        return _layer(
            "FontMarker",
            font=FONTS[0],
            font_style="Bold",
            chr=text,
            size=_mm(mark.size_px),
            color=_rgba(fill or WHITE),
            outline_color=_rgba(stroke or WHITE),
            outline_width=_mm(mark.stroke_px),
            **offset,
        )
    return _layer(
        "SimpleMarker",
        name=mark.shape,
        size=_mm(mark.size_px),
        color=_rgba(fill or WHITE, 1 if fill else 0),
        outline_color=_rgba(stroke or WHITE),
        outline_style="solid" if stroke else "no",
        outline_width=_mm(mark.stroke_px),
        joinstyle="round",
        **offset,
    )


def _site_marks(
    design: SymbolDesign, colour: str | None, offsets: Mapping[str, tuple[float, float]]
) -> list[Element]:
    """Return the layers of a site's symbol, with an offset where several sites share a place."""
    marks = _marks(design, colour)
    moved = {
        i: f"{_mm(right)},{_mm(down)}"
        for i, (right, down) in offsets.items()
        if (right, down) != (0, 0)
    }
    if moved:
        expression = f"coalesce({_by_id(moved)}, '0,0')"
        for mark in marks:
            mark.append(_data_defined("data_defined_properties", {"offset": expression}))
    return marks


def _circles(drawn: DrawnFeature) -> list[Element]:
    """Return the circles of a cluster's targets, the latest year at the bottom.

    The sizes are expressions on the table's columns, so an edited target changes its circle.
    """
    symbol = drawn.drawing.symbol
    rings = sorted(symbol.rings, key=lambda ring: -ring.year) if symbol else []
    colour = symbol.colour if symbol else None
    return [
        _circle(ring.year, ring.fill, colour if number == 0 else None)
        for number, ring in enumerate(rings)
    ]


def _circle(year: int, fill: str, own_colour: str | None) -> Element:
    width = targets.OUTER_OUTLINE_PX if own_colour else targets.INNER_OUTLINE_PX
    shape = Mark("circle", 2 * targets.radius_px(1000), fill, own_colour or WHITE, width)
    circle = _mark(shape, "", None)
    value = f'"revenue_yi_{year}"'
    diameter = f"sqrt({value}) * {_mm(2 * targets.radius_px(10_000) / 100)}"
    expressions = {"size": diameter, "enabled": f"{value} IS NOT NULL"}
    circle.append(_data_defined("data_defined_properties", expressions))
    return circle


def _dot(sheet: Sheet, label: Label) -> Element:
    """Return the dot that marks the seat of a cluster."""
    dot = _layer(
        "GeometryGenerator", SymbolType="Marker", geometryModifier=_seats(sheet), units="MapUnit"
    )
    shape = Mark("circle", 2 * lettering.DOT_PX, label.colour, WHITE, lettering.DOT_OUTLINE_PX)
    dot.append(_symbol("marker", [_mark(shape, "", None)], "@dot"))
    return dot


def _seats(sheet: Sheet) -> str:
    """Return the QGIS expression for the point of a feature's label, in the sheet's CRS."""
    at = {
        i: shapely.Point(d.drawing.label.at)
        for i in sheet.features["id"]
        if (d := sheet.drawn.get(i)) is not None and d.drawing.label
    }
    points = gpd.GeoSeries(at, crs=CGCS2000).to_crs(sheet.crs.name)
    wkt = {str(i): shapely.to_wkt(point, rounding_precision=6) for i, point in points.items()}
    return f"coalesce(geom_from_wkt({_by_id(wkt)}), point_on_surface($geometry))"


def _by_id(values: Mapping[str, str]) -> str:
    """Return the QGIS expression for a text by feature id; null for other features."""
    if not values:
        return "NULL"
    pairs = ", ".join(f"{_quoted(k)}, {_quoted(v)}" for k, v in values.items())
    return f'map_get(map({pairs}), "id")'


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _data_defined(tag: str, expressions: Mapping[str, str]) -> Element:
    element = Element(tag)
    outer = SubElement(element, "Option", type="Map")
    SubElement(outer, "Option", name="name", type="QString", value="")
    properties = SubElement(outer, "Option", name="properties", type="Map")
    for name, expression in expressions.items():
        one = SubElement(properties, "Option", name=name, type="Map")
        SubElement(one, "Option", name="active", type="bool", value="true")
        SubElement(one, "Option", name="expression", type="QString", value=expression)
        SubElement(one, "Option", name="type", type="int", value="3")
    SubElement(outer, "Option", name="type", type="QString", value="collection")
    return element


# -- labels ------------------------------------------------------------------------------------


def _labeling(root: Element, atlas: Atlas, sheet: Sheet, arrangement: Arrangement) -> None:
    """Write one labelling rule for each distinct style of label."""
    looks: dict[tuple[str, float, str | None, bool], dict[str, DrawnFeature]] = {}
    for i in sheet.features["id"]:
        drawn = sheet.drawn.get(i)
        label = drawn.drawing.label if drawn else None
        if drawn and label and i not in arrangement.unnamed:
            symbol = drawn.drawing.symbol
            name = symbol.design.name if symbol else None
            look = (label.colour, label.min_zoom, name, i in arrangement.beside)
            looks.setdefault(look, {})[i] = drawn
    labeling = SubElement(root, "labeling", type="rule-based")
    rules = SubElement(labeling, "rules", key="labels")
    for number, ((_, zoom, _, beside), alike) in enumerate(looks.items()):
        first = next(iter(alike.values()))
        title = class_title(atlas, first)
        rule = SubElement(rules, "rule", key=f"label-{number}", description=title)
        rule.set("filter", f'"id" IN ({", ".join(map(_quoted, alike))})')
        if zoom:
            rule.set("scalemaxdenom", str(scale_denominator(zoom)))
            rule.set("scalemindenom", "1")
        circles = bool(first.drawing.symbol and first.drawing.symbol.rings)
        distance = _FAR_PX if beside else _CIRCLES_PX if circles else _NEAR_PX
        rule.append(_label(sheet, first, distance))


def _label(sheet: Sheet, drawn: DrawnFeature, distance_px: float) -> Element:
    label, symbol = drawn.drawing.label, drawn.drawing.symbol
    if label is None:
        raise ValueError(f"{drawn.id} has no label")
    look = label.lettering
    settings = Element("settings", calloutType="simple")
    style = _text_style(settings, label)
    if _is_unit(drawn) and symbol:
        style.append(_symbol_behind(symbol.design))
    SubElement(settings, "text-format", multilineAlign="1", wrapChar="", autoWrapLength="0")
    placement = SubElement(
        settings,
        "placement",
        placement=str(_PLACEMENT[look.place]),
        dist=_mm(distance_px),
        distUnits="MM",
        offsetUnits="MM",
        quadOffset="4",
        priority=str(look.gis_priority),
        centroidInside="1",
    )
    if look.place in ("seat", "symbol"):
        placement.set("geometryGeneratorEnabled", "1")
        placement.set("geometryGenerator", _seats(sheet))
        placement.set("geometryGeneratorType", "PointGeometry")
    if look.place == "symbol":
        placement.set("yOffset", _mm(_SYMBOL_LIFT_PX))
    # The symbol of a unit is part of its label, so it must be drawn even where labels collide.
    always = "1" if look.place == "symbol" else "0"
    SubElement(settings, "rendering", drawLabels="1", obstacle="0", displayAll=always)
    return settings


def _text_style(settings: Element, label: Label) -> Element:
    look: Lettering = label.lettering
    line = look.lines[0]
    style = SubElement(
        settings,
        "text-style",
        # Two empty lines keep other labels off a unit's symbol.
        fieldName="'\n\n' || label" if look.place == "symbol" else "label",
        isExpression="1" if look.place == "symbol" else "0",
        fontFamily=FONTS[0],
        namedStyle="Bold" if line.is_bold else "Regular",
        fontWeight="75" if line.is_bold else "50",
        fontSize=f"{line.size_px * _PT_PER_PX:g}",
        fontSizeUnit="Point",
        fontLetterSpacing=f"{line.spacing_px * _PT_PER_PX:g}",
        textColor=_rgba(label.colour),
        textOpacity="1",
        multilineHeight="0.85",
    )
    families = SubElement(style, "families")
    for font in FONTS:
        SubElement(families, "family", name=font)
    SubElement(
        style,
        "text-buffer",
        bufferDraw="1",
        bufferSize=_mm(lettering.HALO_PX),
        bufferSizeUnits="MM",
        bufferColor=_rgba(WHITE),
        bufferOpacity=f"{lettering.HALO_OPACITY:g}",
        bufferNoFill="1",
        bufferJoinStyle="128",
    )
    return style


def _symbol_behind(design: SymbolDesign) -> Element:
    """Return the symbol of a layout unit as the background of its label.

    Labels lie above all layers, and so do these symbols, although the belts lie below the clusters.
    """
    # QGIS scales the symbol so that its largest mark has this size.
    size = _mm(max(mark.size_px for mark in design.marks))
    background = Element(
        "background",
        shapeDraw="1",
        shapeType="5",
        shapeSizeType="1",
        shapeSizeX=size,
        shapeSizeY=size,
        shapeSizeUnit="MM",
        shapeOffsetX="0",
        shapeOffsetY=_mm(-_SYMBOL_LIFT_PX),
        shapeOffsetUnit="MM",
        shapeOpacity="1",
    )
    background.append(_symbol("marker", _marks(design, None), "markerSymbol"))
    return background
