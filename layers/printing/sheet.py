"""A map sheet: what a view shows, as a page to print, in PDF, SVG or PNG.

Nothing on it depends on the clock, so the same view of the same data gives the same bytes.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import shapely

from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kinds.clusters import KIND as CLUSTERS
from layers.portrayal import layout_diagram, lettering
from layers.portrayal.palette import INDUSTRY_COLOURS, ink
from layers.printing import map_body, marginalia, sheet_text, table_layout, tables
from layers.printing.canvas import MM_PER_INCH, PAPERS, Box, Paper, Pen
from layers.printing.label_placement import PlacedLabel
from layers.printing.map_drawing import MapDrawing
from layers.printing.projection import MapFrame, albers, fit
from layers.printing.settings import Print
from layers.printing.sheet_features import Subject, sheet_features
from layers.printing.table_layout import TableLayout
from layers.reading.drawings import legend
from layers.reading.view import View, select
from layers.shared.clusters import colour_family

FORMATS = ("pdf", "svg", "png")
SERIES = ("city", "cluster")
DPI = 300
_TABLE_SIZES = (1.3, 1.2, 1.1, 1.0)  # of the texts of tables, as multiples of the smallest text
_MAP_SHARE = 0.56  # of the sheet's width
_MARGIN, _SUBJECT_MARGIN = 0.03, 0.07  # of the map around its area, as shares of the frame
# Text stays text and fonts are embedded as TrueType; where fonts cannot be embedded, as outlines.
_SETTINGS: dict[Any, Any] = {
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "jitu",
    "text.hinting": "none",
    "lines.scale_dashes": False,
    "path.simplify": False,
    "text.parse_math": False,  # a name is no formula, whatever characters it has
}
_DRAWING = threading.Lock()  # matplotlib's settings belong to the whole process


class UnknownPaperError(ValueError):
    """A paper size that is not offered."""


class UnknownFormatError(ValueError):
    """A file format that is not offered."""


class UnknownSeriesError(ValueError):
    """A series that is not offered."""


class EmptyViewError(ValueError):
    """A view that shows nothing."""


@dataclass(frozen=True)
class Member:
    """A sheet, alone or of a series.

    Attributes
    ----------
    name
        Its name in the name of its file; empty for a sheet that stands alone.
    title
        Its title.
    view
        What it shows.
    city, cluster
        The code of the city, or the id of the cluster, that it is about.
    """

    name: str
    title: str
    view: View
    city: str | None = None
    cluster: str | None = None


@dataclass(frozen=True, eq=False)
class ComposedSheet:
    """A composed sheet: the pen that holds it, its title, and the map's labels."""

    pen: Pen
    title: str
    labels: Sequence[PlacedLabel]


def sheet(
    atlas: Atlas, view: View, settings: Print | None = None, *, title: str | None = None
) -> bytes:
    """Return a view as a landscape map sheet.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    settings
        Paper, format and the like; by default those of :class:`Print`.
    title
        In place of the title made from the view.

    Raises
    ------
    UnknownPaperError, UnknownFormatError
        Paper or format is not offered.
    EmptyViewError
        There is nothing to draw.
    TitleTooLongError, MissingGlyphError
        The title is too long, or texts have characters that the font lacks.
    """
    alone = Member("", title or sheet_text.sheet_title(atlas, view), view)
    return member_sheet(atlas, alone, settings)


def series(atlas: Atlas, view: View, kind: str) -> list[Member]:
    """Return the sheets of a series: one for each city, or for each cluster that a view shows.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    kind
        One of `SERIES`.

    Raises
    ------
    UnknownSeriesError
        The kind is not offered.
    EmptyViewError
        The view shows no cluster.
    """
    if kind not in SERIES:
        raise UnknownSeriesError(f"没有“{kind}”系列；可选：{'、'.join(SERIES)}")
    return _city_series(atlas, view) if kind == "city" else _cluster_series(atlas, view)


def _city_series(atlas: Atlas, view: View) -> list[Member]:
    title = sheet_text.map_title(view)
    return [
        Member(name, f"{name}{title}", replace(view, cities=(code,)), city=code)
        for code, name in atlas.records.cities.items()
        if not view.cities or code in view.cities
    ]


def _cluster_series(atlas: Atlas, view: View) -> list[Member]:
    shown = [k.id for k in KINDS.values() if k.cluster in ("whole", "part") or k.division]
    own = View(view.year, layers=tuple(shown))
    members = [
        Member(row.name, f"{row.name}空间布局图", own, cluster=row.cluster_id)
        for row in select(atlas, CLUSTERS.id, view).itertuples()
    ]
    if not members:
        raise EmptyViewError("所选条件下没有产业集群，没有可绘制的图幅")
    return members


def member_sheet(atlas: Atlas, member: Member, settings: Print | None = None) -> bytes:
    """Return one sheet of a series.

    Parameters
    ----------
    atlas
        The atlas.
    member
        The sheet.
    settings
        As for :func:`sheet`, which also lists the errors.
    """
    settings = settings or Print()
    if settings.paper not in PAPERS:
        raise UnknownPaperError(f"没有“{settings.paper}”纸型；可选：{'、'.join(PAPERS)}")
    if settings.format not in FORMATS:
        raise UnknownFormatError(f"没有“{settings.format}”格式；可选：{'、'.join(FORMATS)}")
    with _DRAWING, mpl.rc_context():
        mpl.rcdefaults()  # a user's own settings must not change the sheet
        mpl.rcParams.update(_SETTINGS)
        return _save(compose(atlas, member, settings), settings.format)


def _save(made: ComposedSheet, file_format: str) -> bytes:
    buffer = io.BytesIO()
    metadata: dict[str, dict[str, Any]] = {
        "pdf": {
            "Title": made.title,
            "Creator": "冀图 Jitu",
            "Producer": None,
            "CreationDate": None,
        },
        "svg": {"Title": made.title, "Creator": None, "Date": None, "Format": None, "Type": None},
        "png": {"Title": made.title, "Software": None},
    }
    made.pen.figure.savefig(buffer, format=file_format, dpi=DPI, metadata=metadata[file_format])
    data = buffer.getvalue()
    if file_format != "svg":
        return data
    # A document type names a file on the web; a reader of SVG needs none.
    head, _, rest = data.partition(b"<!DOCTYPE")
    return head + rest.partition(b">")[2].lstrip()


def compose(atlas: Atlas, member: Member, settings: Print) -> ComposedSheet:
    """Compose a sheet: the page as matplotlib's figure, not yet a file.

    Parameters
    ----------
    atlas
        The atlas.
    member
        The sheet.
    settings
        Paper, format and the like.

    Raises
    ------
    EmptyViewError, TitleTooLongError, MissingGlyphError
        As for :func:`sheet`.
    """
    shown = _shown(atlas, member)
    features = sheet_features(atlas, shown, layout_diagram=settings.layout_diagram)
    if not features:
        raise EmptyViewError("所选条件下没有可绘制的要素，请放宽筛选或打开图层")
    paper = PAPERS[settings.paper]
    pen, plan = Pen(paper, _size_inches(paper, settings)), _Plan.of(paper)
    subject = _subject(atlas, member)
    frame = _frame(atlas, subject, plan.map)
    number = (settings.review_number or "").strip() or None
    drawing = MapDrawing(
        pen, atlas, frame, features, member.view.year, subject,
        stamp=None if number else sheet_text.STAMP,
        note=layout_diagram.NOTE if any(f.is_diagram for f in features) else None,
    )  # fmt: skip
    labels = map_body.draw(drawing)
    marginalia.draw_neat_line(pen)
    marginalia.draw_title(pen, member.title, _subtitle(atlas, member))
    left, foot, right, top = plan.column
    used = _draw_legend(drawing, settings, plan.column)
    _draw_tables(drawing, member, shown, (left, foot, right, top - used - 3 * paper.unit))
    marginalia.draw_notes(pen, _notes(atlas, shown, frame, number), plan.notes)
    pen.check()
    return ComposedSheet(pen, member.title, labels)


# -- the page ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    """Where the parts of a sheet stand, mm: the map, the column beside it, the notes below."""

    map: Box
    column: Box
    notes: Box

    @classmethod
    def of(cls, paper: Paper) -> _Plan:
        unit = paper.unit
        left, right = 12.5 * unit, paper.width - 11 * unit
        foot, top = 27 * unit, paper.height - 24 * unit
        split = left + _MAP_SHARE * (right - left)
        return cls(
            map=(left, foot, split, top),
            column=(split + 5 * unit, foot, right, top),
            notes=(left - 3 * unit, 9 * unit, right, foot - 5 * unit),
        )


def _size_inches(paper: Paper, settings: Print) -> tuple[float, float]:
    """Return the size of the page, in a picture to whole pixels."""
    width, height = paper.width / MM_PER_INCH, paper.height / MM_PER_INCH
    if settings.format == "png":
        return round(width * DPI) / DPI, round(height * DPI) / DPI
    return width, height


def _frame(atlas: Atlas, subject: Subject | None, box: Box) -> MapFrame:
    counties = atlas.places.boundaries.counties.geometry.to_numpy()
    area = subject.area if subject else shapely.coverage_union_all(counties)
    return fit(box, area, albers(area), margin=_SUBJECT_MARGIN if subject else _MARGIN)


def _draw_legend(drawing: MapDrawing, settings: Print, column: Box) -> float:
    """Draw the legend at the top of a column; return its height, mm."""
    left, _, right, top = column
    lines = marginalia.legend_lines(
        legend(drawing.atlas), drawing.features, layout_diagram=settings.layout_diagram
    )
    return marginalia.draw_legend(drawing.pen, lines, left, top, right - left)


def _draw_tables(
    drawing: MapDrawing, member: Member, shown: Mapping[str, gpd.GeoDataFrame], box: Box
) -> None:
    """Draw the tables one below the other: large if there is room, shortened if there is not."""
    pen, (left, foot, right, top) = drawing.pen, box
    room, gap = right - left, 3 * pen.paper.unit
    found = tables.tables(drawing.atlas, member.view, shown, member.cluster)

    def fits(version: int, size: float) -> bool:
        layouts = [TableLayout(versions[version], room, size) for versions in found]
        needed = sum(layout.height + gap for layout in layouts)
        return needed <= top - foot and all(layout.is_whole for layout in layouts)

    sizes = [pen.paper.size * share for share in _TABLE_SIZES]
    size = next((size for n in (0, -1) for size in sizes if fits(n, size)), pen.paper.size)
    for number, versions in enumerate(found):
        layouts = [TableLayout(table, room, size) for table in versions]
        layout = next((one for one in layouts if one.height <= top - foot), None)
        if layout is None and number == 0:
            layout = replace(layouts[-1], table=table_layout.cut(layouts[-1], top - foot))
        if layout is not None:
            table_layout.draw(pen, layout, left, top)
            top -= layout.height + gap


# -- what a sheet shows ------------------------------------------------------------------------


def _shown(atlas: Atlas, member: Member) -> dict[str, gpd.GeoDataFrame]:
    """Return layer id → rows that a sheet shows; a cluster's sheet shows no other cluster."""
    shown = {layer: select(atlas, layer, member.view) for layer in member.view.layers}
    if member.cluster is None:
        return shown
    return {
        layer: rows[rows["cluster_id"] == member.cluster] if KINDS[layer].cluster else rows
        for layer, rows in shown.items()
    }


def _subject(atlas: Atlas, member: Member) -> Subject | None:
    """Return what a sheet is about, if that is not the whole province."""
    if member.city:
        counties = atlas.places.boundaries.counties
        own = counties[counties["city_adcode"] == member.city]
        area = shapely.coverage_union_all(own.geometry.to_numpy())
        return Subject(area, veil=True, unnamed=frozenset({lettering.CITY}))
    if member.cluster:
        clusters = atlas.frames[CLUSTERS.id]
        cluster = clusters[clusters["cluster_id"] == member.cluster].to_dict("records")[0]
        return Subject(
            cluster["geometry"],
            veil=False,
            unnamed=frozenset({lettering.CITY, lettering.CLUSTER}),
            parts=_parts(atlas, member.cluster),
            part_colour=ink(INDUSTRY_COLOURS[colour_family(atlas, cluster)]),
        )
    return None


def _parts(atlas: Atlas, cluster: str) -> dict[str, bool]:
    """Return the ids of a cluster's parts, and whether each is a development zone."""
    return {
        row.id: row.place_kind == "zone"
        for kind in KINDS.values()
        if kind.cluster == "part"
        for row in atlas.frames[kind.id].itertuples()
        if row.cluster_id == cluster
    }


def _subtitle(atlas: Atlas, member: Member) -> str:
    if member.cluster:
        return sheet_text.cluster_subtitle(atlas, member.view, member.cluster)
    return sheet_text.subtitle(atlas, member.view, names_area=not member.city)


def _notes(
    atlas: Atlas, shown: Mapping[str, gpd.GeoDataFrame], frame: MapFrame, number: str | None
) -> marginalia.Notes:
    records, projection = atlas.records, frame.projection.title
    return marginalia.Notes(
        sources=sheet_text.sources(atlas, shown),
        attribution=records.atlas.attribution,
        disclaimer=sheet_text.disclaimer(records.atlas.disclaimer, number),
        version=f"{records.data_version}；坐标系 CGCS2000；{projection}；比例尺 {frame.ratio}",
        review_number=number,
    )
