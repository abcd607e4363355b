"""DXF export for CAD: outlines, symbols and names in metres of a 3-degree zone.

Each layer is a DXF layer with its Chinese title, and its names stand on another one. Areas are
closed polylines without fill, points are blocks. Every entity has its feature's id as extended
data.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import ezdxf
import shapely
from ezdxf import units
from ezdxf.colors import RGB
from ezdxf.enums import TextEntityAlignment
from ezdxf.filemanagement import new
from ezdxf.gfxattribs import GfxAttribs
from pyproj import Transformer

from geo.crs import CGCS2000, Crs
from layers.catalogue import KINDS
from layers.formats.metadata import xml_text
from layers.formats.package import Package, Sheet
from layers.portrayal.lettering import TEXT_COLOUR
from layers.portrayal.symbols import SymbolDesign
from layers.reading.drawings import DrawnFeature

if TYPE_CHECKING:
    from ezdxf.document import Drawing
    from ezdxf.entities.dxfgfx import DXFGraphic
    from ezdxf.layouts.blocklayout import BlockLayout
    from ezdxf.layouts.layout import Modelspace

_APPLICATION = "JITU"  # whose extended data an entity has
_ENCODING = "gbk"
_FONT = "simsun.ttc"  # which every Chinese Windows has
_STYLE = "宋体"
_METRES_PER_PIXEL = 500_000 * 0.0254 / 96  # on a map of 1:500,000
_TEXT_PX = 10
_FORBIDDEN = re.compile(r'[<>/\\":;?*|=`,\x00-\x1f]')
_SIDES: Mapping[str, tuple[tuple[float, float], ...]] = {
    "square": ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "diamond": ((0, -0.5), (0.5, 0), (0, 0.5), (-0.5, 0)),
    "triangle": ((-0.5, -0.45), (0.5, -0.45), (0, 0.45)),
}


def write(package: Package) -> dict[str, bytes]:
    """Return a ``.dxf`` file for each zone of the sheets.

    Parameters
    ----------
    package
        The export. The CRSs of its sheets with geometry are zones.
    """
    systems = dict.fromkeys(sheet.crs for sheet in package.sheets if sheet.has_geometry)
    files = {}
    for system in systems:
        part = f"_{system.meridian}e" if len(systems) > 1 else ""
        own = [sheet for sheet in package.sheets if sheet.crs == system]
        files[f"jitu{part}.dxf"] = _dxf(package, own, system)
    return files


def _dxf(package: Package, sheets: Iterable[Sheet], system: Crs) -> bytes:
    # Otherwise the file holds the time of writing and a random identifier.
    ezdxf.options.write_fixed_meta_data_for_testing = True  # type: ignore[attr-defined]
    drawing = new("R2004", units=units.M)
    # The last version with a code page: GDAL takes the UTF-8 of later ones for Latin-1.
    drawing.encoding = _ENCODING
    drawing.appids.add(_APPLICATION)
    drawing.styles.add(_STYLE, font=_FONT)
    for name, value in (
        ("title", package.metadata.title),
        ("crs", f"{system.title} {system.name}"),
        ("disclaimer", package.metadata.disclaimer),
    ):
        drawing.header.custom_vars.append(name, xml_text(value))
    to_zone = Transformer.from_crs(CGCS2000, system.name, always_xy=True)
    for sheet in sheets:
        _sheet(drawing, sheet, to_zone)
    text = io.StringIO()
    drawing.write(text)
    return text.getvalue().encode(_ENCODING, errors="dxfreplace")  # others as \U+1234


def layer_name(title: str) -> str:
    """Return a title as the name of a DXF layer, without the characters that it may not have.

    Parameters
    ----------
    title
        The title of a layer.

    Examples
    --------
    >>> layer_name("产业集群（114°E）"), layer_name("a/b*")
    ('产业集群（114°E）', 'a_b_')
    """
    return _FORBIDDEN.sub("_", xml_text(title)) or "_"


def _sheet(drawing: Drawing, sheet: Sheet, to_zone: Transformer) -> None:
    space = drawing.modelspace()
    title = KINDS[sheet.layer].title  # without the zone, of which there is one in a file
    shapes, names = layer_name(title), layer_name(f"{title}_注记")
    for name in (shapes, names):
        if name not in drawing.layers:
            drawing.layers.add(name)
    for row in sheet.features[sheet.features.geometry.notna()].itertuples():
        drawn = sheet.drawn[row.id]
        looks = GfxAttribs(layer=shapes, rgb=_colour(drawn))
        for part in shapely.get_parts(row.geometry):
            if part.geom_type == "Point":
                _point(drawing, space, part, drawn, looks)
            else:
                _area(space, part, drawn, looks)
        label = drawn.drawing.label
        if label:
            at = to_zone.transform(*label.at)
            look = GfxAttribs(layer=names, rgb=RGB.from_hex(label.colour))
            _text(space, label.text, at, drawn, look)


def _colour(drawn: DrawnFeature) -> RGB:
    look, symbol = drawn.drawing.style.style, drawn.drawing.symbol
    colour = (symbol.colour if symbol else None) or look.stroke or look.fill or TEXT_COLOUR
    return RGB.from_hex(colour)


def _area(
    space: Modelspace, polygon: shapely.Polygon, drawn: DrawnFeature, looks: GfxAttribs
) -> None:
    for ring in (polygon.exterior, *polygon.interiors):
        line = space.add_lwpolyline(ring.coords[:-1], close=True, dxfattribs=looks)
        line.set_xdata(_APPLICATION, [(1000, drawn.id)])


def _point(
    drawing: Drawing,
    space: Modelspace,
    point: shapely.Point,
    drawn: DrawnFeature,
    looks: GfxAttribs,
) -> None:
    symbol = drawn.drawing.symbol
    if symbol is None:
        raise ValueError(f"{drawn.id} is a point without a symbol")
    at = (point.x, point.y)
    if symbol.design.name not in drawing.blocks and symbol.design.marks:
        _draw(drawing.blocks.new(symbol.design.name), symbol.design)
    made: list[DXFGraphic] = [
        space.add_circle(at, ring.radius_px * _METRES_PER_PIXEL, dxfattribs=looks)
        for ring in symbol.rings
    ]
    if symbol.design.marks:
        made.append(space.add_blockref(symbol.design.name, at, dxfattribs=looks))
    for entity in made:
        entity.set_xdata(_APPLICATION, [(1000, drawn.id)])


def _draw(block: BlockLayout, design: SymbolDesign) -> None:
    """Draw the outlines of a symbol, in the colour of the entity that uses it."""
    looks = GfxAttribs(layer="0", color=0)  # by block
    for mark in design.marks:
        size = mark.size_px * _METRES_PER_PIXEL
        middle = mark.right_px * _METRES_PER_PIXEL
        sides = _SIDES.get(mark.shape)
        if sides:
            corners = [(middle + x * size, y * size) for x, y in sides]
            block.add_lwpolyline(corners, close=True, dxfattribs=looks)
        else:
            block.add_circle((middle, 0), size / 2, dxfattribs=looks)


def _text(
    space: Modelspace, text: str, at: tuple[float, float], drawn: DrawnFeature, looks: GfxAttribs
) -> None:
    height = _TEXT_PX * _METRES_PER_PIXEL
    look = {**dict(looks), "style": _STYLE}
    written = space.add_text(xml_text(text).replace("\n", " "), height=height, dxfattribs=look)
    below = drawn.drawing.symbol is not None
    align = TextEntityAlignment.TOP_CENTER if below else TextEntityAlignment.MIDDLE_CENTER
    x, y = at
    written.set_placement((x, y - height if below else y), align=align)
    written.set_xdata(_APPLICATION, [(1000, drawn.id)])
