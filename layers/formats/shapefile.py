"""Shapefile: for ArcGIS, SuperMap and whatever is older, within its limits and without losses.

A DBF table holds field names of 10 bytes and texts of 254: names are shortened by a rule, and what
was shortened or cut stands complete in CSV tables beside the layer.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd

from layers.formats.delimited import mapped, placed_first, plain_rows, table
from layers.formats.package import FormatError, Package, Sheet

NAME_BYTES, TEXT_BYTES = 10, 254
LIMITS = (
    "字段名最多 10 个字节：完整字段名、中文名称、单位与含义见 *_fields.csv。",
    "文本最多 254 个字节（约 84 个汉字）：截断处的全文见 *_cut.csv。",
    "列表以英文逗号连接；空值与空文本不分；不带样式。",
    "没有图形的要素保留为空图形，排在最后；全部没有图形的图层只有属性表（.dbf）。",
)


def write(package: Package) -> dict[str, bytes]:
    """Return ``.shp .shx .dbf .prj .cpg`` and tables of names and cuts for each sheet.

    Raises
    ------
    FormatError
        A layer has points and polygons: a shapefile holds one of them.
    """
    files: dict[str, bytes] = {}
    for sheet in package.sheets:
        files |= _shapefile(sheet, package.metadata.date)
    return files


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return name → name of at most 10 bytes; no two are the same, and years keep their digits.

    The longest word loses its last letter until the name fits; a number at the end is kept and
    takes the place of the underscore. A name that is taken gets a number.

    Parameters
    ----------
    names
        ASCII words in lower case joined by underscores. The order matters: in the same order the
        same names come out.

    >>> short_names(["name", "geometry_status", "revenue_yi_2025", "revenue_comparator_2025"])
    {'name': 'name', 'geometry_status': 'geome_stat', 'revenue_yi_2025': 'rev_yi2025', \
'revenue_comparator_2025': 'rev_co2025'}
    """
    names = tuple(names)
    # What fits keeps its name, wherever it stands.
    short = {name: name for name in names if len(name) <= NAME_BYTES}
    for name in names:
        taken = set(short.values())
        candidates = (_shortened(name, str(n) if n else "") for n in range(len(names) + 1))
        short.setdefault(name, next(c for c in candidates if c not in taken))
    return {name: short[name] for name in names}


def _shortened(name: str, mark: str) -> str:
    stem, _, last = name.rpartition("_")
    end = mark
    if last.isdecimal() and stem:
        name, end = stem, last + mark
    words = name.split("_")
    while len("_".join(words) + end) > NAME_BYTES:
        # Of the longest words the last one, so that a name's beginning stays.
        longest = max(range(len(words)), key=lambda i: (len(words[i]), i))
        words[longest] = words[longest][:-1]
    return "_".join(words) + end


def cut(text: str) -> str:
    """Return the beginning of `text` that fits 254 bytes, with no character cut in two.

    >>> len(cut("冀" * 100)), len(cut("冀" * 100).encode())
    (84, 252)
    """
    return text.encode()[:TEXT_BYTES].decode(errors="ignore")


def _shapefile(sheet: Sheet, date: str) -> dict[str, bytes]:
    short = short_names(c.name for c in sheet.columns)
    rows = placed_first(plain_rows(sheet))
    texts = [c.name for c in sheet.columns if c.kind in ("text", "list")]
    lost = [
        (row["id"], short[name], name, row[name])
        for row in rows[texts].to_dict("records")
        for name in texts
        if pd.notna(row[name]) and cut(row[name]) != row[name]
    ]
    files = _files(mapped(rows, texts, cut).rename(columns=short), sheet, date)
    files[f"{sheet.name}_fields.csv"] = table(
        ["短字段名", "字段名", "名称", "类型", "单位", "含义"],
        [(short[c.name], c.name, c.title, c.kind_title, c.unit, c.meaning) for c in sheet.columns],
    )
    if lost:
        files[f"{sheet.name}_cut.csv"] = table(["要素编号", "短字段名", "字段名", "全文"], lost)
    return files


def _files(rows: gpd.GeoDataFrame, sheet: Sheet, date: str) -> dict[str, bytes]:
    """Return what GDAL writes: a shapefile, or its table alone where nothing has geometry."""
    import pyogrio  # loads GDAL, which a view of the page does not need

    families = {kind.removeprefix("Multi") for kind in rows.geom_type.dropna()}
    if len(families) > 1:
        raise FormatError(
            f"layer {sheet.layer}: a shapefile cannot hold {' and '.join(sorted(families))} "
            "together; choose GeoPackage"
        )
    table_alone = not sheet.has_geometry
    with TemporaryDirectory() as folder:
        pyogrio.write_dataframe(
            pd.DataFrame(rows.drop(columns="geometry")) if table_alone else rows,
            Path(folder) / f"{sheet.name}.{'dbf' if table_alone else 'shp'}",
            driver="ESRI Shapefile",
            encoding="UTF-8",
            use_arrow=True,
            promote_to_multi=set(rows.geom_type.dropna()) != {"Point"},
            # Otherwise the table's header has the day on which it was written.
            layer_options={"DBF_DATE_LAST_UPDATE": date},
        )
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
