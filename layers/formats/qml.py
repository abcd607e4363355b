"""QGIS's layer style (QML): the page's classes, labels and Chinese column titles for one sheet.

Every picture comes from :class:`layers.web.drawn.Drawn`. Screen pixels become millimetres at
96 dpi, so that print keeps the page's proportions. QGIS 3.22 is the oldest that was tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

import geopandas as gpd
import shapely

from geo.crs import CGCS2000
from layers.columns import Column
from layers.formats.metadata import xml_text
from layers.formats.package import Sheet
from layers.portrayal.style import CORE_RED, POLE_RED, Style, target_radius
from layers.web.drawn import Drawn

FONTS = ("Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC")

_MM_PER_PX = 25.4 / 96
_PT_PER_PX = 72 / 96
# Scale denominator of a web map at zoom 0 (OGC: pixels of 0.28 mm, at the equator).
_DENOMINATOR_AT_ZOOM_0 = 559_082_264.03
HATCH_PX, HATCH_LINE_PX = 6, 1.6
_HALO_PX = 2.5
_DOT_PX = 6.4
_NEAR_PX, _CIRCLES_PX, _FAR_PX = 6, 20, 32
_SLOT_PX, _SLOTS_IN_A_ROW = 13, 6
_BADGE_LIFT_PX = 12
_LETTERS = {"pole": "极", "wing": "翼"}


@dataclass(frozen=True)
class Lettering:
    """How a kind of label is written: size and spacing in pixels, priority from 0 to 10.

    `place` is ``area`` (anywhere in the polygon), ``seat`` (around the label's point, which is
    marked by a dot), ``symbol`` (below the symbol of a layout unit) or ``site`` (around a point).
    """

    size_px: float
    bold: bool
    spacing_px: float
    priority: int
    place: str


# By the beginning of a class's id.
LETTERINGS: dict[str, Lettering] = {
    "unit": Lettering(14, True, 0.5, 10, "symbol"),
    "growth": Lettering(12, True, 0, 10, "site"),
    "cluster": Lettering(12, True, 0, 9, "seat"),
    "belt": Lettering(17, True, 4, 6, "area"),
    "region": Lettering(16, True, 3, 6, "area"),
    "admin-city": Lettering(13, True, 1, 5, "area"),
    "site": Lettering(11, False, 0, 2, "site"),
    "admin-county": Lettering(11, False, 0, 1, "area"),
}
_PLACEMENT = {"area": 4, "seat": 0, "symbol": 1, "site": 0}  # numbers of QGIS


def classes(sheet: Sheet) -> dict[str, Drawn]:
    """Return the classes that occur in a sheet, by id, in drawing order."""
    found = [sheet.drawn[i] for i in sheet.features["id"] if i in sheet.drawn]
    return {d.id: d for d in sorted(found, key=lambda d: d.order)}


def lettering(drawn: Drawn) -> Lettering:
    """Return how a class's labels are written; a kind that is not known like a site's."""
    return next((v for k, v in LETTERINGS.items() if drawn.id.startswith(k)), LETTERINGS["site"])


def denominator(zoom: float) -> int:
    """Return the scale denominator of a web map's zoom level.

    >>> denominator(9)
    1091958
    """
    return round(_DENOMINATOR_AT_ZOOM_0 / 2**zoom)


@dataclass(frozen=True)
class Arrangement:
    """What the sheets of a map must agree on.

    `offsets` (right, down, pixels) of sites that stand for the same place, by id; `unnamed` are
    the ids of features without a label, because a more important one nearby says the same;
    `beside` are those whose label keeps away from the symbol of a unit at the same point.
    """

    offsets: Mapping[str, tuple[float, float]]
    unnamed: frozenset[str]
    beside: frozenset[str]


def arrange(sheets: Iterable[Sheet]) -> Arrangement:
    """Put sites of one place side by side, and name a place that two layers draw once."""
    drawn = {i: s.drawn[i] for s in sheets for i in s.features["id"] if i in s.drawn}
    shared: dict[tuple[float, float], list[str]] = {}
    labelled: dict[str, list[str]] = {}
    for i, one in drawn.items():
        if one.marker in ("base", "project") and one.label_at:
            shared.setdefault(one.label_at, []).append(i)
        elif one.label:
            labelled.setdefault(one.label, []).append(i)
    unnamed = [
        i
        for group in labelled.values()
        for best in [max(lettering(drawn[i]).priority for i in group)]
        for i in group
        if lettering(drawn[i]).priority < best
    ]
    offsets = {
        i: (
            (slot % _SLOTS_IN_A_ROW - (min(len(group), _SLOTS_IN_A_ROW) - 1) / 2) * _SLOT_PX,
            slot // _SLOTS_IN_A_ROW * _SLOT_PX,
        )
        for group in shared.values()
        for slot, i in enumerate(group)
    }
    units = {d.label_at for d in drawn.values() if lettering(d).place == "symbol"}
    beside = [i for i, d in drawn.items() if lettering(d).place == "seat" and d.label_at in units]
    return Arrangement(offsets, frozenset(unnamed), frozenset(beside))


def qml(sheet: Sheet, columns: Sequence[Column], arrangement: Arrangement) -> str:
    """Return the style of a sheet's table; the titles of its `columns` become their aliases."""
    shown = classes(sheet)
    root = _document(columns)
    root.set("labelsEnabled", "1" if any(d.label for d in shown.values()) else "0")
    if shown:
        _renderer(root, sheet, shown, arrangement.offsets)
        _labeling(root, sheet, arrangement)
    return _serialised(root)


def titles_only(columns: Sequence[Column]) -> str:
    """Return the style of a table without geometry: its columns' titles."""
    return _serialised(_document(columns))


def _serialised(root: Element) -> str:
    text = xml_text(tostring(root, encoding="unicode"))
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{text}\n"


def _document(columns: Sequence[Column]) -> Element:
    root = Element("qgis", version="3.22.16", styleCategories="AllStyleCategories")
    aliases = SubElement(root, "aliases")
    for index, column in enumerate(columns, 1):  # 0 is the key, fid
        SubElement(
            aliases, "alias", field=column.name, name=column.title_with_unit, index=str(index)
        )
    return root


# -- symbols -----------------------------------------------------------------------------------


def _renderer(
    root: Element,
    sheet: Sheet,
    shown: Mapping[str, Drawn],
    offsets: Mapping[str, tuple[float, float]],
) -> None:
    orders = sorted({d.order for d in shown.values()})
    renderer = SubElement(root, "renderer-v2", type="categorizedSymbol", attr="style")
    renderer.set("symbollevels", "1" if len(orders) > 1 else "0")
    latest = max((year for d in shown.values() for year in d.rings), default=None)
    if latest:  # small circles lie on large ones
        renderer.set("enableorderby", "1")
        by = SubElement(SubElement(renderer, "orderby"), "orderByClause", asc="0", nullsFirst="0")
        by.text = f'"revenue_yi_{latest}"'
    categories = SubElement(renderer, "categories")
    symbols = SubElement(renderer, "symbols")
    for name, drawn in shown.items():
        SubElement(
            categories, "category", value=name, symbol=name, label=drawn.title, render="true"
        )
        level = orders.index(drawn.order)
        if drawn.marker == "growth":
            symbols.append(_symbol("marker", _circles(drawn), name, level))
        elif drawn.marker in ("base", "project"):
            mine = {i: offsets[i] for i in sheet.features["id"] if i in offsets}
            symbols.append(_symbol("marker", [_site(drawn, mine)], name, level))
        else:
            layers = _polygon(drawn.style)
            if lettering(drawn).place == "seat":
                layers.append(_dot(sheet, drawn))
            symbols.append(_symbol("fill", layers, name, level))


def _symbol(kind: str, layers: Iterable[Element], name: str, level: int = 0) -> Element:
    symbol = Element("symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    for layer in layers:
        layer.set("pass", str(level))
        symbol.append(layer)
    return symbol


def _layer(of: str, **properties: object) -> Element:
    """Return a symbol layer; ``prop`` is what every QGIS 3 reads."""
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
        hatch = _layer("LinePatternFill", angle=45, distance=_mm(HATCH_PX))
        line = _line(style.fill, HATCH_LINE_PX, style.fillOpacity)
        hatch.append(_symbol("line", [line], "@hatch"))
        layers.append(hatch)
    elif style.fill:
        colour = _rgba(style.fill, style.fillOpacity)
        layers.append(_layer("SimpleFill", color=colour, style="solid", outline_style="no"))
    if style.stroke:
        layers.append(_line(style.stroke, style.weight, style.opacity, style.dash))
    return layers or [_layer("SimpleFill", style="no", outline_style="no")]


def _line(colour: str, width_px: float, opacity: float = 1.0, dash: str | None = None) -> Element:
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
        pattern = ";".join(_mm(float(length)) for length in dash.split())
        SubElement(line, "prop", k="customdash", v=pattern)
    return line


def _mark(
    shape: str, size_px: float, fill: str | None, stroke: str | None, stroke_px: float, **more: str
) -> Element:
    return _layer(
        "SimpleMarker",
        name=shape,
        size=_mm(size_px),
        color=_rgba(fill or "#ffffff", 1 if fill else 0),
        outline_color=_rgba(stroke or "#ffffff"),
        outline_style="solid" if stroke else "no",
        outline_width=_mm(stroke_px),
        joinstyle="round",
        **more,
    )


def _site(drawn: Drawn, offsets: Mapping[str, tuple[float, float]]) -> Element:
    """Return a base's square or a project's triangle, moved where several share a place."""
    shape, size = ("square", 8) if drawn.marker == "base" else ("triangle", 9.5)
    mark = _mark(shape, size, drawn.colour, "#ffffff", 1.4)
    moved = {
        i: f"{_mm(right)},{_mm(down)}"
        for i, (right, down) in offsets.items()
        if (right, down) != (0, 0)
    }
    if moved:
        expression = f"coalesce({_by_id(moved)}, '0,0')"
        mark.append(_data_defined("data_defined_properties", {"offset": expression}))
    return mark


def _circles(drawn: Drawn) -> list[Element]:
    """Return the circles of a cluster's targets, the latest year's below.

    Their sizes follow the table's own columns, so that an edited target changes its circle.
    """
    return [
        _circle(year, fill, drawn.label_colour)
        for year, fill in sorted(drawn.rings.items(), reverse=True)
    ]


def _circle(year: int, fill: str, stroke: str) -> Element:
    circle = _mark("circle", 2 * target_radius(1000), fill, stroke, 0.8)
    value = f'"revenue_yi_{year}"'
    diameter = f"sqrt({value}) * {_mm(2 * target_radius(10_000) / 100)}"
    expressions = {"size": diameter, "enabled": f"{value} IS NOT NULL"}
    circle.append(_data_defined("data_defined_properties", expressions))
    return circle


def _dot(sheet: Sheet, drawn: Drawn) -> Element:
    """Return the dot that marks the seat of a cluster."""
    dot = _layer(
        "GeometryGenerator", SymbolType="Marker", geometryModifier=_seats(sheet), units="MapUnit"
    )
    mark = _mark("circle", _DOT_PX, drawn.label_colour, "#ffffff", 1.4)
    dot.append(_symbol("marker", [mark], "@dot"))
    return dot


def _seats(sheet: Sheet) -> str:
    """Return the expression for the place of a feature's label, in the sheet's CRS."""
    at = {
        i: shapely.Point(d.label_at)
        for i in sheet.features["id"]
        if (d := sheet.drawn.get(i)) is not None and d.label_at
    }
    points = gpd.GeoSeries(at, crs=CGCS2000).to_crs(sheet.crs.name)
    wkt = {str(i): shapely.to_wkt(point, rounding_precision=6) for i, point in points.items()}
    return f"coalesce(geom_from_wkt({_by_id(wkt)}), point_on_surface($geometry))"


def _by_id(values: Mapping[str, str]) -> str:
    """Return the expression for a text by feature id; null for others."""
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


def _labeling(root: Element, sheet: Sheet, arrangement: Arrangement) -> None:
    """Write one rule for each look of a label."""
    looks: dict[tuple[str, float, str | None, bool], dict[str, Drawn]] = {}
    for i in sheet.features["id"]:
        drawn = sheet.drawn.get(i)
        if drawn is not None and drawn.label and i not in arrangement.unnamed:
            beside = i in arrangement.beside
            look = (drawn.label_colour, drawn.label_from_zoom, drawn.marker, beside)
            looks.setdefault(look, {})[i] = drawn
    labeling = SubElement(root, "labeling", type="rule-based")
    rules = SubElement(labeling, "rules", key="labels")
    for number, ((_, zoom, _, beside), alike) in enumerate(looks.items()):
        first = next(iter(alike.values()))
        rule = SubElement(rules, "rule", key=f"label-{number}", description=first.title)
        rule.set("filter", f'"id" IN ({", ".join(map(_quoted, alike))})')
        if zoom:
            rule.set("scalemaxdenom", str(denominator(zoom)))
            rule.set("scalemindenom", "1")
        circles = first.marker == "growth"
        distance = _FAR_PX if beside else _CIRCLES_PX if circles else _NEAR_PX
        rule.append(_label(sheet, first, distance))


def _label(sheet: Sheet, drawn: Drawn, distance_px: float) -> Element:
    look = lettering(drawn)
    settings = Element("settings", calloutType="simple")
    style = SubElement(
        settings,
        "text-style",
        # Two empty lines keep other labels off a unit's symbol.
        fieldName="'\n\n' || label" if look.place == "symbol" else "label",
        isExpression="1" if look.place == "symbol" else "0",
        fontFamily=FONTS[0],
        namedStyle="Bold" if look.bold else "Regular",
        fontWeight="75" if look.bold else "50",
        fontSize=f"{look.size_px * _PT_PER_PX:g}",
        fontSizeUnit="Point",
        fontLetterSpacing=f"{look.spacing_px * _PT_PER_PX:g}",
        textColor=_rgba(drawn.label_colour),
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
        bufferSize=_mm(_HALO_PX),
        bufferSizeUnits="MM",
        bufferColor=_rgba("#ffffff"),
        bufferOpacity="0.9",
        bufferNoFill="1",
        bufferJoinStyle="128",
    )
    if look.place == "symbol" and drawn.marker:
        style.append(_badge(drawn.marker))
    SubElement(settings, "text-format", multilineAlign="1", wrapChar="", autoWrapLength="0")
    placement = SubElement(
        settings,
        "placement",
        placement=str(_PLACEMENT[look.place]),
        dist=_mm(distance_px),
        distUnits="MM",
        offsetUnits="MM",
        quadOffset="4",
        priority=str(look.priority),
        centroidInside="1",
    )
    if look.place in ("seat", "symbol"):
        placement.set("geometryGeneratorEnabled", "1")
        placement.set("geometryGenerator", _seats(sheet))
        placement.set("geometryGeneratorType", "PointGeometry")
    if look.place == "symbol":
        placement.set("yOffset", _mm(_BADGE_LIFT_PX))
    # A unit's symbol is drawn whatever else is there.
    always = "1" if look.place == "symbol" else "0"
    SubElement(settings, "rendering", drawLabels="1", obstacle="0", displayAll=always)
    return settings


def _badge(marker: str) -> Element:
    """Return the symbol of a layout unit as the background of its label.

    Labels lie above all layers: so the symbols do, though the belts lie below the clusters.
    """
    background = Element(
        "background",
        shapeDraw="1",
        shapeType="5",
        shapeSizeType="1",
        shapeSizeX=_mm(30),
        shapeSizeY=_mm(30),
        shapeSizeUnit="MM",
        shapeOffsetX="0",
        shapeOffsetY=_mm(-_BADGE_LIFT_PX),
        shapeOffsetUnit="MM",
        shapeOpacity="1",
    )
    background.append(_symbol("marker", unit_marks(marker), "markerSymbol"))
    return background


def unit_marks(marker: str) -> list[Element]:
    """Return the layers of 核 (star in a ring), 极 (double ring) or 翼 (diamond)."""
    if marker == "core":
        return [
            _mark("circle", 31, "#ffffff", None, 0),
            _mark("circle", 27, "#ffffff", CORE_RED, 2.2),
            _mark("star", 22, CORE_RED, None, 0),
        ]
    if marker == "pole":
        return [
            _mark("circle", 29, "#ffffff", None, 0),
            _mark("circle", 26, None, POLE_RED, 1.8),
            _mark("circle", 20, POLE_RED, None, 0),
            _letter(marker, 12.5, "#ffffff"),
        ]
    return [
        _mark("diamond", 26, "#ffffff", "#ffffff", 4),
        _mark("diamond", 23, "#ffffff", POLE_RED, 1.8),
        _letter(marker, 11.5, POLE_RED),
    ]


def _letter(marker: str, size_px: float, colour: str) -> Element:
    return _layer(
        "FontMarker",
        font=FONTS[0],
        font_style="Bold",
        chr=_LETTERS[marker],
        size=_mm(size_px),
        color=_rgba(colour),
        outline_color=_rgba("#ffffff"),
        outline_width="0",
    )
