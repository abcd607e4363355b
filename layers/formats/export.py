"""Exports: the layers of a view in a chosen format and CRS, with their metadata.

:data:`FORMATS` lists the formats. An export is one file where the format allows it, otherwise a
zip. The same view gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import crs as reference
from geo.crs import CGCS2000_GEOGRAPHIC, WGS84_GEOGRAPHIC, Crs
from geo.projection import project
from layers.atlas import Atlas
from layers.catalogue import KINDS, columns_of
from layers.formats import (
    companions,
    delimited,
    filegeodatabase,
    flatgeobuf,
    geojson,
    geopackage,
    geoparquet,
    kml,
    metadata,
    qgisproject,
    shapefile,
    spreadsheet,
)
from layers.formats.archive import archive
from layers.formats.package import Package, Sheet
from layers.reading.drawings import drawings
from layers.reading.query import filter_titles
from layers.reading.view import View, select
from layers.shared.declared import declared_form

AUTO, SPLIT = "auto", "split"
SHEET_SUBJECT = "产业规划图"  # the subject in the file name of a printed sheet
_LONGEST_FILTER = 40


@dataclass(frozen=True)
class Format:
    """An export format.

    Attributes
    ----------
    id, title, suffix, media_type
        Its id, Chinese title, file suffix without dot, and media type.
    write
        Returns file name → content for a package.
    limits
        Sentences on what the format cannot hold, shown before the download.
    together
        Whether one file holds all layers.
    alone
        Whether a file carries its own metadata, so that a single file needs no zip.
    bare
        Whether the file of one layer can be used without the others of its zip.
    crs
        The only CRS of a format that leaves no choice.
    metric
        Whether it takes 3-degree zones only. By default each feature is in the zone of the data,
        or of its own where the data lie in several.
    """

    id: str
    title: str
    suffix: str
    media_type: str
    write: Callable[[Package], dict[str, bytes]]
    limits: tuple[str, ...]
    together: bool = False
    alone: bool = True
    bare: bool = False
    crs: Crs | None = None
    metric: bool = False


def _html(made: Package) -> dict[str, bytes]:
    from layers.formats import onefile  # loads folium, which no other format needs

    layers = dict.fromkeys(sheet.layer for sheet in made.sheets)
    return {"jitu.html": onefile.html(made.atlas, list(layers), made.view)}


def _dxf(made: Package) -> dict[str, bytes]:
    from layers.formats import cad  # loads ezdxf, which no other format needs

    return cad.write(made)


FORMATS: Mapping[str, Format] = {
    f.id: f
    for f in (
        Format(
            "gpkg", "GeoPackage（推荐，含样式）", "gpkg", "application/geopackage+sqlite3",
            geopackage.write, geopackage.LIMITS, together=True,
        ),
        Format(
            "qgis", "QGIS 工程（含 GeoPackage 与版面）", "qgz", "application/zip",
            qgisproject.write, qgisproject.LIMITS, together=True, alone=False,
        ),
        Format(
            "gdb", "File Geodatabase（ArcGIS）", "gdb", "application/zip",
            filegeodatabase.write, filegeodatabase.LIMITS, together=True, alone=False,
        ),
        Format(
            "geojson", "GeoJSON", "geojson", "application/geo+json",
            geojson.write, geojson.LIMITS, crs=WGS84_GEOGRAPHIC,
        ),
        Format(
            "shp", "Shapefile", "shp", "application/octet-stream",
            shapefile.write, shapefile.LIMITS, alone=False,
        ),
        Format(
            "kml", "KML", "kml", "application/vnd.google-earth.kml+xml",
            kml.write, kml.LIMITS, crs=WGS84_GEOGRAPHIC,
        ),
        Format(
            "xlsx", "Excel 工作簿", "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            spreadsheet.write, spreadsheet.LIMITS, together=True, crs=WGS84_GEOGRAPHIC,
        ),
        Format(
            "html",
            "单文件交互网页",
            "html",
            "text/html",
            _html,
            ("一个文件含地图、筛选与出处，双击即可离线打开；供阅读，不供 GIS 编辑。",),
            together=True,
            crs=WGS84_GEOGRAPHIC,
        ),
        Format(
            "csv", "CSV（含 WKT 图形）", "csv", "text/csv",
            delimited.write, delimited.LIMITS, alone=False, bare=True,
        ),
        Format(
            "dxf", "DXF（CAD）", "dxf", "image/vnd.dxf",
            _dxf,
            (
                "单位为米，坐标为3度带高斯-克吕格平面坐标；不选带时按数据所在的带，跨带则每带一个文件。",
                "图层名为中文；面为闭合多段线，不填充；点为图块；名称在“图层名_注记”图层。",
                "符号与文字按 1:50 万的大小绘制；没有图形的要素不在文件内。",
                "只有要素编号随图形（扩展数据 JITU），其他属性请用其他格式。",
            ),
            together=True, alone=False, metric=True,
        ),
        Format(
            "fgb", "FlatGeobuf", "fgb", "application/octet-stream",
            flatgeobuf.write, flatgeobuf.LIMITS,
        ),
        Format(
            "parquet", "GeoParquet", "parquet", "application/vnd.apache.parquet",
            geoparquet.write, geoparquet.LIMITS,
        ),
    )
}  # fmt: skip


class ExportError(ValueError):
    """An export that cannot be made; the text states the reason and a remedy."""


class SpanError(ExportError):
    """The selection lies in several 3-degree zones, and no zone was chosen."""


@dataclass(frozen=True)
class Export:
    """A finished file: its name, media type and content."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class ZoneUse:
    """A 3-degree Gauss-Krüger zone of a selection.

    Attributes
    ----------
    crs
        The zone's projected CRS.
    features
        How many selected features lie in the zone.
    scale_error
        The largest relative error of a length if all selected features are projected into it.
    """

    crs: Crs
    features: int
    scale_error: float


def zone_uses(atlas: Atlas, layers: Sequence[str], view: View) -> tuple[ZoneUse, ...]:
    """Return the 3-degree zones in which the selected features lie, from west to east.

    Parameters
    ----------
    atlas
        The atlas.
    layers
        Ids of layers.
    view
        The view that selects their features.
    """
    rows = _with_geometry(atlas, layers, view)
    zones, counts = np.unique(reference.zone_numbers(rows), return_counts=True)
    return tuple(
        ZoneUse(crs, int(count), reference.scale_error(rows, crs))
        for zone, count in zip(zones, counts, strict=True)
        for crs in [reference.gauss_kruger(int(zone))]
    )


def export(
    atlas: Atlas,
    layers: Sequence[str],
    view: View,
    format_id: str,
    crs: str | None = None,
) -> Export:
    """Return the selected features of some layers, as one file or a zip of files.

    Parameters
    ----------
    atlas
        The atlas.
    layers
        Ids of layers.
    view
        The view that selects their features.
    format_id
        One of :data:`FORMATS`.
    crs
        An EPSG code that :func:`geo.crs.parse_crs` accepts, ``auto`` (the data's 3-degree zone) or
        ``split`` (one sheet per zone). By default CGCS2000 longitude and latitude, or the only CRS
        of the format.

    Raises
    ------
    ExportError
        The format is unknown, nothing is selected, the format does not support the CRS or, with
        ``auto``, the features lie in several zones.
    UnknownCrsError
        The CRS is not offered.
    """
    if format_id not in FORMATS:
        raise ExportError(f"unknown format {format_id!r}; one of: {', '.join(FORMATS)}")
    spec = FORMATS[format_id]
    made = build_package(atlas, layers, view, spec, crs)
    files = spec.write(made)
    name, media_type = export_name(atlas, layers, view, format_id, crs)
    if len(files) == 1 and spec.alone:
        return Export(name, media_type, *files.values())
    return Export(name, media_type, archive(files | _companions(made, spec)))


def bare_file(
    atlas: Atlas, layer: str, view: View, format_id: str, crs: str | None = None
) -> tuple[bytes, tuple[str, ...]]:
    """Return the file of one layer, and the names of the files that a zip has beside it.

    Parameters
    ----------
    atlas, view, crs
        As for :func:`export`; not ``split``.
    layer
        The id of a layer.
    format_id
        A format of which :attr:`Format.bare` is true.

    Raises
    ------
    ExportError, UnknownCrsError
        As for :func:`export`.
    """
    spec = FORMATS[format_id]
    made = build_package(atlas, [layer], view, spec, crs)
    files = spec.write(made) | _companions(made, spec)
    name = f"{made.sheets[0].name}.{spec.suffix}"
    return files.pop(name), tuple(files)


def export_name(
    atlas: Atlas,
    layers: Sequence[str],
    view: View,
    format_id: str,
    crs: str | None = None,
) -> tuple[str, str]:
    """Return file name and media type of an export without building it.

    Parameters
    ----------
    atlas, layers, view, format_id, crs
        As for :func:`export`.
    """
    spec = FORMATS[format_id]
    one = KINDS[layers[0]].title if len(layers) == 1 else f"{len(layers)}个图层"
    system = {None: "", SPLIT: "分带", AUTO: "高斯投影"}.get(crs, f"EPSG{crs}")
    bare = spec.alone and (spec.together or (len(layers) == 1 and crs != SPLIT))
    media_type = spec.media_type if bare else "application/zip"
    suffix = spec.suffix if bare else f"{spec.id}.zip"
    return file_name(atlas, one, view, suffix, system), media_type


def file_name(atlas: Atlas, subject: str, view: View, suffix: str, system: str = "") -> str:
    """Return a readable file name: province, subject, year, filter, coordinate system.

    Parameters
    ----------
    atlas
        The atlas, which names the province.
    subject
        What the file holds, in Chinese.
    view
        The view, which gives the year and the filter.
    suffix
        The suffix without dot.
    system
        The coordinate system, if it is to be named.
    """
    titles = filter_titles(atlas, view)
    chosen = "-".join(titles)
    if len(chosen) > _LONGEST_FILTER:
        chosen = f"{titles[0]}等{len(titles)}项"
    parts = ["冀图", atlas.records.atlas.province + subject, f"{view.year}年", chosen, system]
    return re.sub(r"[^\w.·-]", "", "_".join(p for p in parts if p)) + f".{suffix}"


def build_package(
    atlas: Atlas, layers: Sequence[str], view: View, spec: Format, crs: str | None = None
) -> Package:
    """Return the sheets of an export in their CRS, with its metadata.

    Parameters
    ----------
    atlas, layers, view, crs
        As for :func:`export`.
    spec
        The format.

    Raises
    ------
    ExportError, UnknownCrsError
        As for :func:`export`.
    """
    full = [layer for layer in layers if len(select(atlas, layer, view))]
    if not full:
        chosen = "、".join([f"{view.year}年", *filter_titles(atlas, view)])
        raise ExportError(f"nothing to export: no feature of the layers matches {chosen}")
    target, steps = _target(atlas, full, view, spec, crs)
    sheets = tuple(sheet for layer in full for sheet in _sheets(atlas, layer, view, target))
    systems = tuple(dict.fromkeys(sheet.crs for sheet in sheets))
    about = metadata.describe_export(atlas, layers, view, systems, steps=steps)
    return Package(atlas, view, sheets, about)


def _target(
    atlas: Atlas, layers: Sequence[str], view: View, spec: Format, crs: str | None
) -> tuple[Crs | None, tuple[str, ...]]:
    """Return the CRS (``None``: one per zone) and the processing steps that lead to it."""
    if spec.crs:
        if crs is not None and (crs in (AUTO, SPLIT) or reference.parse_crs(crs) != spec.crs):
            raise ExportError(
                f"{spec.id} is always {spec.crs.name}: leave the CRS out, or choose another format"
            )
        return spec.crs, (f"坐标由 CGCS2000 转为 {spec.crs.title}（PROJ 视为恒等变换）",)
    if spec.metric:
        crs = _zones_of(atlas, layers, view, spec, crs)
    if crs is None:
        return CGCS2000_GEOGRAPHIC, ()
    rows = _with_geometry(atlas, layers, view)
    if crs == SPLIT:
        return None, ("按要素中心点所在的3度带分别投影，要素不裁切",)
    if crs == AUTO:
        uses = zone_uses(atlas, layers, view)
        if not uses:
            return CGCS2000_GEOGRAPHIC, ()
        if len(uses) > 1:
            raise SpanError(_spanning(uses))
        target = uses[0].crs
    else:
        target = reference.parse_crs(crs)
    error = reference.scale_error(rows, target)
    cost = f"，长度变形最大 {error:.3%}（每公里 {error * 1000:.1f} 米）" if target.zone else ""
    return target, (f"由 CGCS2000 经纬度转为 {target.title}{cost}",)


def _zones_of(
    atlas: Atlas, layers: Sequence[str], view: View, spec: Format, crs: str | None
) -> str:
    """Return the CRS of a format in metres: by default each feature in a zone of the data."""
    uses = zone_uses(atlas, layers, view)
    if not uses:
        raise ExportError("nothing to draw: no selected feature has geometry")
    if crs is None:
        return AUTO if len(uses) == 1 else SPLIT
    if crs not in (AUTO, SPLIT) and reference.parse_crs(crs).zone is None:
        raise ExportError(
            f"{spec.id} is in metres: choose a 3-degree zone such as {uses[0].crs.code}, "
            "or leave the CRS out"
        )
    return crs


def _spanning(uses: Sequence[ZoneUse]) -> str:
    """Return the error text that asks for a choice between zones."""
    offers = "; ".join(
        f"{use.crs.code} ({use.crs.meridian}°E, {use.features} features in it, lengths of all off "
        f"by up to {use.scale_error:.2%})"
        for use in uses
    )
    return f"the selection lies in {len(uses)} zones; choose split, or one for all: {offers}"


def _with_geometry(atlas: Atlas, layers: Sequence[str], view: View) -> gpd.GeoDataFrame:
    rows = pd.concat([select(atlas, layer, view)[["geometry"]] for layer in layers])
    return rows[rows.geometry.notna()]


def _sheets(atlas: Atlas, layer: str, view: View, crs: Crs | None) -> list[Sheet]:
    rows = select(atlas, layer, view).reset_index(drop=True)
    columns = columns_of(layer, atlas.records.atlas.years)

    def sheet(name: str, title: str, system: Crs, part: gpd.GeoDataFrame) -> Sheet:
        rows = declared_form(project(part, system), KINDS[layer].geometry_type)
        rows = rows.reset_index(drop=True)
        return Sheet(layer, name, title, system, rows, columns, drawings(atlas))

    # Every file system and database accepts an underscore; some reject a hyphen.
    layer_name, title = layer.replace("-", "_"), KINDS[layer].title
    if crs is not None:
        return [sheet(layer_name, title, crs, rows)]
    zones = reference.zone_numbers(rows)
    found, counts = np.unique(zones[zones > 0], return_counts=True)
    if not len(found):
        return [sheet(layer_name, title, CGCS2000_GEOGRAPHIC, rows)]
    # Features without geometry go into the zone with the most features.
    zones[zones == 0] = found[counts.argmax()]
    return [
        sheet(f"{layer_name}_{system.meridian}e", f"{title}（{system.meridian}°E）", system, part)
        for zone in found
        for system, part in [(reference.gauss_kruger(int(zone)), rows[zones == zone])]
    ]


def _companions(made: Package, spec: Format) -> dict[str, bytes]:
    """Return the files in a zip beside the layers: text, XML, field dictionary, other records."""
    limits = [f"{spec.title} 格式：", *(f"  · {limit}" for limit in spec.limits), ""]
    text = "\n".join([metadata.metadata_text(made.metadata), *limits])
    return {
        "说明.txt": text.replace("\n", "\r\n").encode("utf-8-sig"),
        "元数据.xml": metadata.metadata_xml(made.metadata),
        "字段说明.csv": _dictionary(made),
        **{
            f"{table.title}.csv": delimited.csv_table([c.title for c in table.columns], table.rows)
            for table in companions.record_tables(made)
        },
    }


def _dictionary(made: Package) -> bytes:
    columns = {sheet.layer: sheet.columns for sheet in made.sheets}
    rows = [
        (layer, c.name, c.title, c.kind_title, c.unit or "", c.meaning)
        for layer, own in columns.items()
        for c in own
    ]
    return delimited.csv_table(("图层", "字段", "名称", "类型", "单位", "含义"), rows)
