"""One portrayal, five outputs: browser, QML, SLD, KML and print draw a feature alike.

What a feature should look like is its kind's `Drawing`. Each output is read back on its own terms
(JSON, XML, matplotlib's artists) and compared with it: widths, colours, sizes and order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from layers.catalogue import KINDS
from layers.formats.export import FORMATS, build_package
from layers.formats.kml import write as write_kml
from layers.formats.qml import arrange, qml
from layers.formats.sld import sld
from layers.portrayal import lettering, panes
from layers.portrayal.style import HATCH_LINE_PX, Style
from layers.portrayal.symbols import OWN_COLOUR, WHITE
from layers.printing import sheet as printed
from layers.printing.canvas import MM_PER_PT, PAPERS
from layers.printing.settings import Print
from layers.reading.drawings import DrawnFeature, drawings
from layers.reading.view import View
from layers.web.scene import scene

PX_PER_MM = 96 / 25.4
SLD = "{http://www.opengis.net/sld}"
KML = "{http://www.opengis.net/kml/2.2}"
SHEET = PAPERS["a3"]
each_kind = pytest.mark.parametrize("layer", KINDS)


@dataclass(frozen=True)
class Look:
    """What an output says of a polygon: colours as ``#rrggbb``, widths and dashes in pixels."""

    fill: str | None
    hatch: str | None
    stroke: str | None
    weight: float | None
    dash: tuple[float, ...]


def look_of(style: Style) -> Look:
    return Look(
        None if style.hatch else style.fill,
        style.fill if style.hatch else None,
        style.stroke,
        round(style.weight, 2) if style.stroke else None,
        tuple(style.dash) if style.stroke else (),
    )


@pytest.fixture(scope="module")
def found(atlas) -> dict[str, DrawnFeature]:
    """One feature of each kind: one with a label, if any has one."""
    features = sorted(drawings(atlas).values(), key=lambda f: f.drawing.label is None, reverse=True)
    return {feature.layer: feature for feature in features}


@pytest.fixture(scope="module")
def files(atlas) -> Any:
    """Layer → its sheet, ready to be written in any format."""
    made = build_package(atlas, list(KINDS), View(2025, layers=tuple(KINDS)), FORMATS["gpkg"])
    return made, {sheet.layer: sheet for sheet in made.sheets}


def parsed(text: str | bytes) -> Element:
    return ElementTree.fromstring(text)  # noqa: S314 (our own)


# -- reading outputs back ----------------------------------------------------------------------


def properties(layer: Element) -> dict[str, str]:
    return {p.get("k", ""): p.get("v", "") for p in layer.findall("prop")}


def hexed(rgba: str) -> str:
    return "#" + "".join(f"{int(c):02x}" for c in rgba.split(",")[:3])


def pixels(millimetres: str | float) -> float:
    return round(float(millimetres) * PX_PER_MM, 2)


def qml_class(files: Any, atlas: Any, feature: DrawnFeature) -> Element:
    _, sheets = files
    root = parsed(qml(atlas, sheets[feature.layer], arrange(sheets.values())).partition("\n")[2])
    return next(s for s in root.iter("symbol") if s.get("name") == feature.style_class)


def qml_look(symbol: Element) -> Look:
    fill = hatch = stroke = weight = None
    dash: tuple[float, ...] = ()
    for layer in symbol.findall("layer"):
        own = properties(layer)
        if layer.get("class") == "SimpleFill" and own["style"] == "solid":
            fill = hexed(own["color"])
        elif layer.get("class") == "LinePatternFill":
            line = properties(layer.find("symbol/layer"))
            assert pixels(line["line_width"]) == HATCH_LINE_PX
            hatch = hexed(line["line_color"])
        elif layer.get("class") == "SimpleLine":
            stroke, weight = hexed(own["line_color"]), pixels(own["line_width"])
            dash = tuple(round(pixels(d), 1) for d in own.get("customdash", "").split(";") if d)
    return Look(fill, hatch, stroke, weight, dash)


def sld_rules(files: Any, atlas: Any, feature: DrawnFeature) -> list[Element]:
    _, sheets = files
    root = parsed(sld(atlas, sheets[feature.layer]).partition("\n")[2])
    names = (feature.style_class, f"{feature.style_class}-label")
    return [r for r in root.iter(f"{SLD}Rule") if r.findtext(f"{SLD}Name") in names]


def parameters(element: Element | None, path: str) -> dict[str, str]:
    found = element.find(path) if element is not None else None
    parts = found.findall(f"{SLD}CssParameter") if found is not None else []
    return {p.get("name", ""): p.text or "" for p in parts}


def sld_look(rule: Element) -> Look:
    polygon = rule.find(f"{SLD}PolygonSymbolizer")
    hatched = parameters(polygon, f"{SLD}Fill/{SLD}GraphicFill/{SLD}Graphic/{SLD}Mark/{SLD}Stroke")
    filled, line = parameters(polygon, f"{SLD}Fill"), parameters(polygon, f"{SLD}Stroke")
    return Look(
        filled.get("fill"),
        hatched.get("stroke"),
        line.get("stroke"),
        float(line["stroke-width"]) if line else None,
        tuple(float(d) for d in line.get("stroke-dasharray", "").split()),
    )


def backwards(abgr: str) -> str:
    return f"#{abgr[6:8]}{abgr[4:6]}{abgr[2:4]}"


def kml_style(files: Any, feature: DrawnFeature) -> Element:
    made, sheets = files
    own = package_of(made, sheets[feature.layer])
    (data,) = write_kml(own).values()
    root = parsed(data)
    return next(s for s in root.iter(f"{KML}Style") if s.get("id") == feature.style_class)


def package_of(made: Any, sheet: Any) -> Any:
    from dataclasses import replace

    return replace(made, sheets=(sheet,))


def composed(atlas: Any, layer: str) -> printed.Made:
    view = View(2025, layers=(layer,))
    return printed.compose(atlas, printed.Member("", "图", view), Print("a3", "svg", None, False))


# -- polygons ----------------------------------------------------------------------------------


@each_kind
def test_the_browser_draws_the_kinds_style(atlas, found, layer):
    feature = found[layer]
    drawn = scene(atlas)
    own = next(f for f in drawn["features"] if f["id"] == feature.id)
    made = drawn["styles"][own["style"]]
    expected = feature.drawing.style.style
    assert (made["fill"], made["hatch"], made["stroke"]) == (
        expected.fill, expected.hatch, expected.stroke,
    )  # fmt: skip
    assert (made["weight"], made["fillOpacity"]) == (expected.weight, expected.fill_opacity)
    assert tuple(float(d) for d in (made["dash"] or "").split()) == tuple(expected.dash)


@each_kind
def test_qml_draws_the_kinds_style(atlas, found, files, layer):
    symbol = qml_class(files, atlas, found[layer])
    if symbol.get("type") == "fill":
        assert qml_look(symbol) == look_of(found[layer].drawing.style.style)


@each_kind
def test_sld_draws_the_kinds_style(atlas, found, files, layer):
    if found[layer].drawing.style.style != Style():
        [rule, *_] = sld_rules(files, atlas, found[layer])
        assert sld_look(rule) == look_of(found[layer].drawing.style.style)


@each_kind
def test_kml_draws_the_kinds_style(found, files, layer):
    """KML has neither hatch nor dashes: a hatched polygon is filled faintly in the same colour."""
    expected, made = found[layer].drawing.style.style, kml_style(files, found[layer])
    line, fill = made.find(f"{KML}LineStyle"), made.find(f"{KML}PolyStyle")
    assert fill.findtext(f"{KML}fill") == str(int(bool(expected.fill)))
    if expected.fill:
        assert backwards(fill.findtext(f"{KML}color")) == expected.fill
    if expected.stroke:
        assert backwards(line.findtext(f"{KML}color")) == expected.stroke
        assert float(line.findtext(f"{KML}width")) == expected.weight


@each_kind
def test_the_sheet_draws_the_kinds_style(atlas, found, layer):
    expected, pane = found[layer].drawing.style.style, found[layer].drawing.pane
    if not expected.stroke:
        return
    patches = [
        p
        for p in composed(atlas, layer).pen.axes.patches
        if isinstance(p, PathPatch) and pane.z <= p.get_zorder() < pane.z + 1
    ]
    widths = {
        (to_hex(p.get_edgecolor()), round(p.get_linewidth() * MM_PER_PT / SHEET.px, 2))
        for p in patches
    }
    assert (expected.stroke, round(expected.weight, 2)) in widths
    if expected.fill and not expected.hatch:
        assert expected.fill in {to_hex(p.get_facecolor()) for p in patches}


# -- symbols -----------------------------------------------------------------------------------


SYMBOLLED = [layer for layer in KINDS if KINDS[layer].has_symbols]


@pytest.fixture(scope="module")
def units(atlas) -> list[DrawnFeature]:
    """Features of which each has another symbol design."""
    with_marks = [
        f for f in drawings(atlas).values() if f.drawing.symbol and f.drawing.symbol.design.marks
    ]
    return list({f.drawing.symbol.design.name: f for f in with_marks}.values())


def coloured(colour: str | None, feature: DrawnFeature) -> str | None:
    return feature.drawing.symbol.colour if colour == OWN_COLOUR else colour


def test_qml_draws_the_marks_of_every_symbol(atlas, units, files):
    assert {f.drawing.symbol.design.name for f in units} >= {"core", "pole", "wing", "base"}
    _, sheets = files
    for feature in units:
        text = qml(atlas, sheets[feature.layer], arrange(sheets.values())).partition("\n")[2]
        made = {
            (own.get("name", "letter"), pixels(own["size"]), hexed(own["color"]))
            for layer in parsed(text).iter("layer")
            if layer.get("class") in ("SimpleMarker", "FontMarker")
            for own in [properties(layer)]
        }
        for mark in feature.drawing.symbol.design.marks:
            fill = coloured(mark.fill, feature) or WHITE
            assert (mark.shape, mark.size_px, fill) in made, (feature.id, mark)


def test_sld_draws_the_marks_of_every_symbol_but_letters(atlas, units, files):
    for feature in units:
        [rule, *_] = sld_rules(files, atlas, feature)
        marks = [m for m in feature.drawing.symbol.design.marks if m.shape != "letter"]
        points = rule.findall(f"{SLD}PointSymbolizer/{SLD}Graphic")
        assert len(points) == len(marks)
        for mark, point in zip(marks, points, strict=True):
            filled = parameters(point, f"{SLD}Mark/{SLD}Fill")
            assert filled.get("fill") == coloured(mark.fill, feature)
            line = parameters(point, f"{SLD}Mark/{SLD}Stroke")
            assert (float(line["stroke-width"]) if line else 0) == mark.stroke_px
            turned = 2**0.5 if mark.shape == "diamond" else 1
            assert float(point.findtext(f"{SLD}Size")) == pytest.approx(
                mark.size_px / turned, abs=0.06
            )


def test_the_browser_gets_the_marks_of_every_symbol(atlas, units):
    designs = scene(atlas)["symbols"]
    for feature in units:
        design = feature.drawing.symbol.design
        made = designs[design.name]["marks"]
        assert [(m["shape"], m["size_px"], m["fill"], m["stroke_px"]) for m in made] == [
            (m.shape, m.size_px, m.fill, m.stroke_px) for m in design.marks
        ]


# -- lettering ---------------------------------------------------------------------------------


def lettered(found: dict[str, DrawnFeature]) -> list[DrawnFeature]:
    return [feature for feature in found.values() if feature.drawing.label]


def test_the_browser_letters_as_the_kind_says(atlas, found):
    kinds = scene(atlas)["letterings"]
    for feature in lettered(found):
        look = feature.drawing.label.lettering
        assert [line["size"] for line in kinds[look.name]["lines"]] == [
            line.size_px for line in look.lines
        ]


def test_qml_letters_as_the_kind_says(atlas, found, files):
    _, sheets = files
    for feature in lettered(found):
        text = qml(atlas, sheets[feature.layer], arrange(sheets.values())).partition("\n")[2]
        styles = list(parsed(text).iter("text-style"))
        line = feature.drawing.label.lettering.lines[0]
        made = {
            (
                float(s.get("fontSize")) * 96 / 72,
                s.get("fontWeight") == "75",
                hexed(s.get("textColor")),
            )
            for s in styles
        }
        assert any(
            size == pytest.approx(line.size_px, abs=0.01)
            and bold == line.is_bold
            and colour == feature.drawing.label.colour
            for size, bold, colour in made
        ), feature.id
        halos = {pixels(b.get("bufferSize")) for s in styles for b in s.iter("text-buffer")}
        assert halos == {lettering.HALO_PX}


def test_sld_letters_as_the_kind_says(atlas, found, files):
    for feature in lettered(found):
        texts = [
            t for r in sld_rules(files, atlas, feature) for t in r.iter(f"{SLD}TextSymbolizer")
        ]
        font = parameters(texts[0], f"{SLD}Font")
        line = feature.drawing.label.lettering.lines[0]
        assert float(font["font-size"]) == line.size_px
        assert (font["font-weight"] == "bold") == line.is_bold


def test_the_sheet_letters_as_the_kind_says(atlas, found):
    for layer, feature in found.items():
        label = feature.drawing.label
        if label is None or label.min_zoom:  # a sheet of the whole province is too small for it
            continue
        sizes = {
            round(t.get_fontsize() * MM_PER_PT / SHEET.px, 2)
            for t in composed(atlas, layer).pen.figure.findobj(Text)
            if panes.LABELS.z <= t.get_zorder() < panes.LABELS.z + 1
        }
        assert label.lettering.lines[0].size_px in sizes, layer


# -- order -------------------------------------------------------------------------------------


def test_all_outputs_draw_in_the_order_of_the_panes(atlas, files):
    _, sheets = files
    heights = {pane["id"]: pane["z"] for pane in scene(atlas)["panes"]}
    assert heights == {pane.name: pane.z for pane in panes.PANES}
    for layer, sheet in sheets.items():
        ranks = [f.drawing.pane.z for f in sheet.classes.values()]
        assert ranks == sorted(ranks), layer
        root = parsed(sld(atlas, sheet).partition("\n")[2])
        ruled = [
            rule.findtext(f"{SLD}Name")
            for rule in root.iter(f"{SLD}Rule")
            if not rule.findtext(f"{SLD}Name").endswith("-label")
        ]
        assert ruled == list(sheet.classes)
        text = qml(atlas, sheet, arrange(sheets.values())).partition("\n")[2]
        levels = {
            s.get("name"): int(s.find("layer").get("pass"))
            for s in parsed(text).findall("renderer-v2/symbols/symbol")
        }
        assert [levels[name] for name in sheet.classes] == sorted(levels.values())
