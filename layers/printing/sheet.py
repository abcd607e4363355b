"""A map sheet: what a view shows, as a page to print, in PDF, SVG or PNG.

The map is drawn from the same scene and styles as the browser's; nothing depends on the clock, so
the same view of the same data is the same bytes.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import shapely
from shapely.geometry import shape

from layers.attributes import FORMS
from layers.catalogue import Atlas
from layers.kinds.clusters import TIERS
from layers.printing import map_body, marginalia, tables
from layers.printing.label_placement import Placed
from layers.printing.map_body import SheetFeature, Subject
from layers.printing.canvas import MM_PER_INCH, PAPERS, Paper, Pen
from layers.printing.projection import albers, fit
from layers.reading.query import filter_options
from layers.reading.view import View, select
from layers.web import scene

FORMATS = ("pdf", "svg", "png")
SERIES = ("city", "cluster")
DPI = 300
_TABLE_SIZES = (1.3, 1.2, 1.1, 1.0)
STAMP = "示意图 · 未经审核 · 仅供内部使用"
_SITES = ("growth", "bases", "projects")  # drawn as symbols alone
_OF_CLUSTER = ("clusters", "clusters-core", "clusters-radiation")
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
    """One sheet of a series: a name for its file, its title, and the view narrowed to it.

    `city` or `cluster` is the code or id of what it is about.
    """

    name: str
    title: str
    view: View
    city: str | None = None
    cluster: str | None = None


@dataclass(frozen=True)
class Made:
    """A composed sheet: the pen that holds it, and where the map's labels stand."""

    pen: Pen
    title: str
    labels: Sequence[Placed]


def sheet(
    atlas: Atlas,
    view: View,
    *,
    paper: str = "a4",
    format: str = "pdf",  # noqa: A002 (the word of the command line)
    review_number: str | None = None,
    layout_diagram: bool = False,
    title: str | None = None,
) -> bytes:
    """Return `view` as a landscape map sheet.

    Parameters
    ----------
    paper, format
        One of ``PAPERS`` and of ``FORMATS``; PNG has 300 dots per inch.
    review_number
        The map's review number (审图号). Without one the sheet is stamped as unreviewed.
    layout_diagram
        Whether the layout is drawn as a planner draws it (规划图式), and not by its members.
    title
        In place of the title made from the view.

    Raises
    ------
    UnknownPaperError, UnknownFormatError, EmptyViewError, TitleTooLongError, MissingGlyphError
        Nothing can be drawn; the text says why.
    """
    whole = Member("", title or _title(atlas, view), view)
    return _file(atlas, whole, paper, format, review_number, layout_diagram)


def series(atlas: Atlas, view: View, kind: str) -> list[Member]:
    """Return the sheets of a series: one per city, or one per cluster that `view` shows.

    Raises
    ------
    UnknownSeriesError, EmptyViewError
        The kind is not offered, or the view shows none.
    """
    if kind not in SERIES:
        raise UnknownSeriesError(f"没有“{kind}”系列；可选：{'、'.join(SERIES)}")
    if kind == "city":
        cities = atlas.records.cities
        chosen = [code for code in cities if not view.cities or code in view.cities]
        return [
            Member(
                cities[code],
                f"{cities[code]}{_subject(view)}",
                replace(view, cities=(code,)),
                city=code,
            )
            for code in chosen
        ]
    layers = (*_OF_CLUSTER, "admin-cities", "admin-counties")
    own = View(view.year, layers=layers)
    members = [
        Member(row.name, f"{row.name}空间布局图", own, cluster=row.cluster_id)
        for row in select(atlas, "clusters", view).itertuples()
    ]
    if not members:
        raise EmptyViewError("所选条件下没有产业集群，没有可绘制的图幅")
    return members


def member_sheet(
    atlas: Atlas,
    member: Member,
    *,
    paper: str = "a4",
    format: str = "pdf",  # noqa: A002
    review_number: str | None = None,
    layout_diagram: bool = False,
) -> bytes:
    """Return one sheet of a series; parameters and errors are those of :func:`sheet`."""
    return _file(atlas, member, paper, format, review_number, layout_diagram)


def _file(
    atlas: Atlas,
    member: Member,
    paper: str,
    kind: str,
    review_number: str | None,
    layout_diagram: bool,
) -> bytes:
    if paper not in PAPERS:
        raise UnknownPaperError(f"没有“{paper}”纸型；可选：{'、'.join(PAPERS)}")
    if kind not in FORMATS:
        raise UnknownFormatError(f"没有“{kind}”格式；可选：{'、'.join(FORMATS)}")
    with _DRAWING, mpl.rc_context():
        mpl.rcdefaults()  # a user's own settings must not change the sheet
        mpl.rcParams.update(_SETTINGS)
        made = compose(
            atlas,
            member,
            PAPERS[paper],
            review_number,
            layout_diagram=layout_diagram,
            whole_pixels=kind == "png",
        )
        return _save(made, kind)


def _save(made: Made, kind: str) -> bytes:
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
    made.pen.figure.savefig(buffer, format=kind, dpi=DPI, metadata=metadata[kind])
    data = buffer.getvalue()
    if kind != "svg":
        return data
    # A document type names a file on the web; a reader of SVG needs none.
    head, _, rest = data.partition(b"<!DOCTYPE")
    return head + rest.partition(b">")[2].lstrip()


def compose(
    atlas: Atlas,
    member: Member,
    paper: Paper,
    review_number: str | None = None,
    *,
    layout_diagram: bool = False,
    whole_pixels: bool = False,
) -> Made:
    """Compose a sheet: the page as matplotlib's figure, not yet a file."""
    view, content = member.view, _scene(atlas)
    shown = _shown(atlas, member)
    drawn = _drawn(content, shown, layout_diagram)
    if not drawn:
        raise EmptyViewError("所选条件下没有可绘制的要素，请放宽筛选或打开图层")
    size = (paper.width / MM_PER_INCH, paper.height / MM_PER_INCH)
    if whole_pixels:
        size = (round(size[0] * DPI) / DPI, round(size[1] * DPI) / DPI)
    pen, unit = Pen(paper, size), paper.unit
    left, right, foot = 12.5 * unit, paper.width - 11 * unit, 27 * unit
    top = paper.height - 24 * unit
    split = left + 0.56 * (right - left)
    review_number = (review_number or "").strip() or None

    area, subject = _area(atlas, member)
    projection = albers(area)
    frame = fit(
        (left, foot, split, top), area, projection, margin=0.03 if subject is None else 0.07
    )
    stamp = None if review_number else STAMP
    note = content["text"]["sheet"] if any(d.planned for d in drawn) else None
    labels = map_body.draw(pen, atlas, frame, drawn, view.year, subject, stamp, note)
    marginalia.neat_line(pen)
    marginalia.draw_title(pen, member.title, _subtitle(atlas, member))
    column = (split + 5 * unit, right)
    room = column[1] - column[0]
    features = [d.feature for d in drawn]
    groups = marginalia.legend_items(content["legend"], features, layout_diagram=layout_diagram)
    used = marginalia.legend(pen, groups, column[0], top, room)
    _tables(pen, atlas, member, shown, column[0], top - used - 3 * unit, room, foot)
    records = atlas.records
    version = f"{records.data_version}；坐标系 CGCS2000；{projection.title}；比例尺 {frame.ratio}"
    said = marginalia.Notes(
        sources=_sources(atlas, shown),
        attribution=records.atlas.attribution,
        disclaimer=_disclaimer(records.atlas.disclaimer, review_number),
        version=version,
        review_number=review_number,
    )
    marginalia.notes(pen, said, (left - 3 * unit, 9 * unit, right, foot - 5 * unit))
    pen.check()
    return Made(pen, member.title, labels)


def _tables(
    pen: Pen,
    atlas: Atlas,
    member: Member,
    shown: Mapping[str, gpd.GeoDataFrame],
    left: float,
    top: float,
    room: float,
    foot: float,
) -> None:
    """Draw the tables one below the other: large if there is room, shortened if there is not."""
    gap = 3 * pen.paper.unit
    found = tables.tables(atlas, member.view, shown, member.cluster)

    def fits(version: int, size: float) -> bool:
        chosen = [versions[version] for versions in found]
        needed = sum(tables.height(table, room, size) + gap for table in chosen)
        return needed <= top - foot and all(tables.is_whole(t, room, size) for t in chosen)

    sizes = [pen.paper.size * share for share in _TABLE_SIZES]
    size = next((size for n in (0, -1) for size in sizes if fits(n, size)), pen.paper.size)
    for number, versions in enumerate(found):
        free = top - foot
        table = next((t for t in versions if tables.height(t, room, size) <= free), None)
        if table is None and number == 0:
            table = tables.cut(versions[-1], room, size, free)
        if table is not None:
            tables.draw(pen, table, left, top, room, size)
            top -= tables.height(table, room, size) + gap


@lru_cache(maxsize=4)
def _scene(atlas: Atlas) -> dict[str, Any]:
    return scene.scene(atlas)


def _shown(atlas: Atlas, member: Member) -> dict[str, gpd.GeoDataFrame]:
    shown = {layer: select(atlas, layer, member.view) for layer in member.view.layers}
    if member.cluster is None:
        return shown
    return {
        layer: rows[rows["cluster_id"] == member.cluster] if layer in _OF_CLUSTER else rows
        for layer, rows in shown.items()
    }


def _drawn(
    content: Mapping[str, Any], shown: Mapping[str, gpd.GeoDataFrame], layout_diagram: bool
) -> list[SheetFeature]:
    """Return the features of the scene that are shown, in drawing order, with their polygons."""
    geometries = {
        row.id: None if layer in _SITES else row.geometry
        for layer, rows in shown.items()
        for row in rows.itertuples()
    }
    return [
        _planned(f)
        if layout_diagram and f.get("layout_diagram")
        else SheetFeature(f, geometries[f["id"]])
        for f in content["features"]
        if f["id"] in geometries
    ]


def _planned(feature: Mapping[str, Any]) -> SheetFeature:
    """Return a unit of the layout as the scene says that a layout sheet draws it."""
    planned = feature["layout_diagram"]
    drawn = {**feature, "style": planned["style"], "symbol": planned["symbol"]}
    if feature["label"]:
        drawn["label"] = feature["label"] | {"at": planned["at"]}
    outline = planned["geometry"]
    return SheetFeature(drawn, shape(outline) if outline else None, planned=True)


def _area(atlas: Atlas, member: Member) -> tuple[shapely.Geometry, Subject | None]:
    """Return what the map is fitted to, and the subject if it is not the whole province."""
    counties = atlas.places.boundaries.counties
    if member.city:
        own = counties[counties["city_adcode"] == member.city]
        area = shapely.coverage_union_all(own.geometry.to_numpy())
        return area, Subject(area, True, frozenset({"city"}), {})
    if member.cluster:
        clusters = atlas.frames["clusters"]
        area = clusters[clusters["cluster_id"] == member.cluster].geometry.iloc[0]
        named = {
            row.id: row.place_kind == "zone"
            for layer in _OF_CLUSTER[1:]
            for row in atlas.frames[layer].itertuples()
            if row.cluster_id == member.cluster
        }
        return area, Subject(area, False, frozenset({"city", "cluster"}), named)
    return shapely.coverage_union_all(counties.geometry.to_numpy()), None


def _title(atlas: Atlas, view: View) -> str:
    return atlas.records.atlas.province + _subject(view)


def _subject(view: View) -> str:
    """Say what a view's map is of."""
    if set(_OF_CLUSTER) & set(view.layers):
        return "产业集群空间布局图"
    if "growth" in view.layers:
        return "产业集群目标增长图"
    if {"layout", "regions", "future-industries"} & set(view.layers):
        return "产业空间布局图"
    sites = {"bases": "基地与园区", "projects": "重大项目"}
    named = "、".join(title for layer, title in sites.items() if layer in view.layers)
    return f"{named}分布图" if named else "政区图"


def _subtitle(atlas: Atlas, member: Member) -> str:
    """Name the target year and the filters."""
    records, view = atlas.records, member.view
    parts = [f"目标年 {view.year}"]
    if member.cluster:
        cluster = {c.id: c for _, c in records.clusters()}[member.cluster]
        return f"{parts[0]} · {TIERS[cluster.tier]}的产业集群"
    industries = "、".join(records.industry_by_id[i].name for i in view.industries)
    parts.append(f"产业：{industries}" if industries else "全部产业")
    if not member.city:
        places = [records.cities[c] for c in view.cities]
        places += [filter_options(atlas)["county"][c] for c in view.counties]
        parts.append(f"范围：{'、'.join(places)}" if places else "全省")
    if view.tiers:
        parts.append(f"集群层级：{'、'.join(TIERS[t] for t in view.tiers)}")
    return " · ".join(parts)


def _sources(atlas: Atlas, shown: Mapping[str, gpd.GeoDataFrame]) -> str:
    """Name the documents that what is shown comes from, by form."""
    ids: set[str] = set()
    for rows in shown.values():
        ids |= set(rows["document"].dropna())
        if "documents" in rows:
            ids |= {i for listed in rows["documents"] for i in listed}
    named = [
        f"{form}：" + "、".join(d.short_title for d in documents)
        for key, form in FORMS.items()
        if (documents := [d for d in atlas.records.documents if d.id in ids and d.form == key])
    ]
    return "；".join(named) or "行政区划"


def _disclaimer(text: str, review_number: str | None) -> str:
    """Leave out of a reviewed map's disclaimer that the map was not reviewed."""
    if review_number is None:
        return text
    return "，".join(part for part in text.split("，") if "未经" not in part or "审核" not in part)
