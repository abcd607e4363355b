"""The spatial layout (一核两极四带 with 两翼): one polygon per unit, in drawing order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import geopandas as gpd
import shapely

from data.models import LayoutUnit
from geo.footprints import visual_centre
from geo.places import Places
from layers.atlas import Atlas
from layers.columns import Column
from layers.kind import (
    Click,
    CountySection,
    Fact,
    Kind,
    Row,
    SheetTable,
    common_facts,
    is_in_county,
)
from layers.portrayal import layout_diagram, legend, lettering, panes, symbols
from layers.portrayal.drawing import DiagramDrawing, Drawing, Label, LonLat, Symbol
from layers.portrayal.legend import LegendEntry
from layers.portrayal.palette import BELT_COLOURS, CORE_RED, PLANNED_COLOURS, POLE_RED, ink
from layers.portrayal.status import STATUS_TITLES
from layers.portrayal.style import NamedStyle, Style, band
from layers.portrayal.symbols import SymbolDesign
from layers.shared.attributes import city_values, join_words, source_values
from layers.shared.frame import frame
from layers.shared.vocabulary import PLACEMENTS

_COLUMNS = (
    Column("kind", "类型", "text", "core 为核，pole 为极，belt 为带，wing 为翼。"),
    Column("membership", "成员依据", "text", "stated 为文件载明，inferred 为推定。"),
    Column("members", "成员", "text", "成员地区，以、连接。"),
    Column("draw_order", "绘制顺序", "integer", "小者先绘。"),
)
# Kinds of units in drawing order, from below.
_UNITS = {"belt": "四带", "wing": "两翼", "pole": "两极", "core": "一核"}
_SYMBOLS = {"core": symbols.CORE, "pole": symbols.POLE, "wing": symbols.WING}
_DIAGRAM_SYMBOLS = {"core": symbols.CORE_OF_DIAGRAM, "pole": symbols.POLE_OF_DIAGRAM}
_STYLES = {
    kind: NamedStyle(f"unit-{kind}", style)
    for kind, style in {
        "core": Style(CORE_RED, 0.1, stroke=CORE_RED, weight=2.2),
        "pole": Style(stroke=POLE_RED, weight=2.2, opacity=0.85),
        "wing": Style(stroke=POLE_RED, weight=1.6, opacity=0.85, dash=(6, 3)),
    }.items()
}
_PLANNED_WING = NamedStyle(
    "planned-wing", Style(POLE_RED, 0.2, stroke=POLE_RED, weight=1.4, opacity=0.85, dash=(6, 4))
)
_BAND_SHARE = 0.045  # width of a belt on a diagram, as a share of the province's diagonal


def _build(places: Places) -> gpd.GeoDataFrame:
    """One dissolved polygon per layout unit, in drawing order: belts, wings, poles, core.

    Where no document says which places belong, membership and geometry status read ``inferred``
    and the note gives the reason.
    """
    order = list(_UNITS)
    units = sorted(places.records.layout(), key=lambda item: order.index(item[1].kind))
    rows = []
    for number, (document, unit) in enumerate(units, start=1):
        members = places.gazetteer.resolve_list(unit.members)
        adcodes = tuple(sorted({a for p in members for a in p.adcodes}))
        stated = unit.membership == "stated"
        footprint = places.footprints.of_counties(
            adcodes, "administrative" if stated else "inferred"
        )
        notes = [unit.reason, *(p.note for p in members)]
        rows.append(
            {
                "id": KIND.feature_id(unit.id),
                "layer": KIND.id,
                "name": unit.name,
                "role": _UNITS[unit.kind],
                **city_values(places.records, (p.city_adcode for p in members)),
                "adcodes": adcodes,
                "geometry_status": footprint.status,
                "note": "；".join(n for n in notes if n) or None,
                **source_values(places.records, document, unit.locator),
                "kind": unit.kind,
                "membership": unit.membership,
                "members": join_words(p.name for p in members),
                "draw_order": number,
                "geometry": footprint.geometry,
            }
        )
    return frame(rows, _COLUMNS)


# -- drawing -----------------------------------------------------------------------------------


def _belt(index: int) -> NamedStyle:
    """Return the style of the belt with this place in its document: its members are inferred."""
    tint = index % len(BELT_COLOURS)
    return band(f"belt-{tint}", BELT_COLOURS[tint])


def _planned_belt(index: int) -> NamedStyle:
    """Return the style of a belt on a diagram: stronger than its polygon, and dashed like it."""
    tint = index % len(PLANNED_COLOURS)
    colour = PLANNED_COLOURS[tint]
    line = Style(colour, 0.35, stroke=ink(colour, 4.0), weight=1.6, opacity=0.85, dash=(8, 5))
    return NamedStyle(f"planned-belt-{tint}", line)


def _draw(atlas: Atlas, row: Row, number: int) -> Drawing:
    unit = {KIND.feature_id(u.id): u for _, u in atlas.records.layout()}[row["id"]]
    at = _centre(row["geometry"])
    if unit.kind == "belt":
        colour = ink(BELT_COLOURS[number % len(BELT_COLOURS)], 4.5)
        return Drawing(
            style=_belt(number),
            pane=panes.BELTS,
            legend_keys=(f"belt:{row['id']}", "status:inferred"),
            label=Label(lettering.BELT, unit.name, at, 3, colour),
            diagram=_diagram(atlas, unit, _planned_belt(number)),
        )
    is_inferred = row["membership"] == "inferred"
    # Where core and wing are one place, there is one symbol: the core's.
    cores = {tuple(sorted(r["adcodes"])) for r in _rows(atlas) if r["kind"] == "core"}
    has_symbol = unit.kind != "wing" or tuple(sorted(row["adcodes"])) not in cores
    return Drawing(
        style=_STYLES[unit.kind],
        pane=panes.UNITS,
        legend_keys=(f"unit:{unit.kind}", *["status:inferred"] * is_inferred),
        class_suffix="inferred" if is_inferred else "",
        symbol=Symbol(_SYMBOLS[unit.kind], at) if has_symbol else None,
        label=Label(lettering.UNIT, unit.short_name, at, 1, POLE_RED) if has_symbol else None,
        diagram=_diagram(atlas, unit, _PLANNED_WING),
    )


def _rows(atlas: Atlas) -> list[Row]:
    rows: list[Row] = atlas.frames[KIND.id].drop(columns="geometry").to_dict("records")
    return rows


def _diagram(atlas: Atlas, unit: LayoutUnit, style: NamedStyle) -> DiagramDrawing | None:
    """Return how a unit is drawn on a diagram: a polygon or a symbol, and where its name is.

    All of it follows from the points of the members of the unit and, for a wing, of the core; a
    belt keeps to the province. A belt of one member has no direction: there is no other way to
    draw it than its polygon.
    """
    points = _member_points(atlas, unit)
    west, south, east, north = atlas.places.boundaries.counties.total_bounds
    width = _BAND_SHARE * math.hypot(east - west, north - south)
    at = layout_diagram.middle_of(points)
    if unit.kind == "belt":
        if len(points) == 1:
            return None
        land = shapely.coverage_union_all(atlas.places.boundaries.counties.geometry)
        shape, name_at = layout_diagram.band(points, width, land)
        return DiagramDrawing(name_at, shape, style)
    if unit.kind in _DIAGRAM_SYMBOLS:
        return DiagramDrawing(at, symbol=Symbol(_DIAGRAM_SYMBOLS[unit.kind], at))
    cores = [_member_points(atlas, u) for _, u in atlas.records.layout() if u.kind == "core"]
    if not cores or cores[0] == points:
        return DiagramDrawing(at)
    arrow = layout_diagram.arrow(layout_diagram.middle_of(cores[0]), at, width)
    symbol = Symbol(symbols.WING, at)
    return DiagramDrawing(at, arrow, style if arrow else None, symbol)


def _member_points(atlas: Atlas, unit: LayoutUnit) -> list[LonLat]:
    members = atlas.places.gazetteer.resolve_list(unit.members)
    points = [atlas.places.footprints.centre(place) for place in members]
    return [(point.x, point.y) for point in points]


def _centre(geometry: shapely.Geometry) -> LonLat:
    point = visual_centre(geometry)
    return point.x, point.y


def _has_arrows(atlas: Atlas) -> bool:
    """Return whether any wing is drawn as an arrow on a diagram."""
    wings = [unit for _, unit in atlas.records.layout() if unit.kind == "wing"]
    diagrams = [_diagram(atlas, unit, _PLANNED_WING) for unit in wings]
    return any(diagram is not None and diagram.style is not None for diagram in diagrams)


def _legend(atlas: Atlas) -> Iterable[LegendEntry]:
    for kind in ("core", "pole", "wing"):
        design: SymbolDesign = _SYMBOLS[kind]
        planned = _PLANNED_WING if kind == "wing" and _has_arrows(atlas) else None
        swatch = legend.always(_STYLES[kind])
        key, title = f"unit:{kind}", _UNITS[kind]
        yield LegendEntry(legend.LAYOUT, key, title, swatch, design, planned)
    belts = [row for row in _rows(atlas) if row["kind"] == "belt"]
    for number, row in enumerate(belts):
        planned = _planned_belt(number)
        swatch = legend.always(_belt(number))
        key = f"belt:{row['id']}"
        yield LegendEntry(legend.LAYOUT, key, row["name"], swatch, None, planned)
    inferred = legend.always(_belt(0))
    yield LegendEntry(legend.STATUS, "status:inferred", STATUS_TITLES["inferred"], inferred)


# -- words -------------------------------------------------------------------------------------


def _facts(_atlas: Atlas, row: Row) -> list[Fact]:
    membership = PLACEMENTS[row["membership"]]
    return [*common_facts(row), ("成员", row["members"]), ("成员依据", membership)]


def _inferred(row: Row, text: str) -> str:
    return text if row["membership"] == "inferred" else ""


def _columns(_years: Sequence[int]) -> tuple[Column, ...]:
    return _COLUMNS


KIND = Kind(
    id="layout",
    title="一核两极四带",
    description="一核、两极、四带与两翼，按绘制顺序的整体多边形；带的成员为推定",
    position=50,
    build=_build,
    columns=_columns,
    geometry="polygon",
    draw=_draw,
    filters=frozenset({"city"}),
    shown_first=True,
    legend=_legend,
    click=Click(40),
    facts=_facts,
    table=("name", "role", "members", "geometry_status", "note", "document_title", "locator"),
    summary_facts=("成员", "成员依据"),
    profile="一核两极四带与两翼",
    profile_text=lambda _atlas, row: row["name"] + _inferred(row, "（成员为推定）"),
    county_sections=(CountySection("一核两极四带与两翼", is_in_county),),
    searched=True,
    map_title="产业空间布局图",
    sheet_table=SheetTable(
        "空间布局",
        ("单元", "成员"),
        lambda row: (row["name"], row["members"] + _inferred(row, "（推定）")),
    ),
)
