"""Shapefile export for ArcGIS, SuperMap and older software, with nothing lost to its limits.

A DBF table holds field names of up to 10 bytes and texts of up to 254. Names are shortened by a
rule, texts are truncated, lists after a whole item. CSV tables beside the layer hold the full names
and texts, and say which numbers are null, because some programs read a null number as 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd

from layers.formats.delimited import csv_table, flat_rows, map_texts
from layers.formats.package import Package, Sheet

NAME_BYTES, TEXT_BYTES = 10, 254
LIMITS = (
    "字段名最多 10 个字节：完整字段名、中文名称、单位与含义见 *_fields.csv。",
    "文本最多 254 个字节（约 84 个汉字），列表在逗号处截断：截断处的全文见 *_cut.csv。",
    "空的数值写为 DBF 空值，ArcGIS 等软件可能读作 0：哪些数值为空见 *_null.csv。",
    "供 ArcGIS 使用，建议改用 File Geodatabase：没有以上限制。",
    "列表以英文逗号连接；空值与空文本不分；不带样式。",
    "没有图形的要素保留为空图形，排在最后。",
)


def write(package: Package) -> dict[str, bytes]:
    """Return ``.shp .shx .dbf .prj .cpg`` and CSV tables of names and texts for each sheet.

    Parameters
    ----------
    package
        The export.
    """
    files: dict[str, bytes] = {}
    for sheet in package.sheets:
        files |= _shapefile(sheet, package.metadata.date)
    return files


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return name → unique name of at most 10 bytes.

    The longest word loses its last letter until the name fits. A number at the end, such as a year,
    is kept and replaces its underscore. A name that is already used gets a number.

    Parameters
    ----------
    names
        Lower-case ASCII words joined by underscores. The result depends on their order.

    Examples
    --------
    >>> short_names(["name", "geometry_status", "revenue_yi_2025", "revenue_comparator_2025"])
    {'name': 'name', 'geometry_status': 'geome_stat', 'revenue_yi_2025': 'rev_yi2025', \
'revenue_comparator_2025': 'rev_co2025'}
    """
    names = tuple(names)
    # Names that fit are reserved first, wherever they stand.
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
        # Of several longest words the last one, so that the beginning of the name stays.
        longest = max(range(len(words)), key=lambda i: (len(words[i]), i))
        words[longest] = words[longest][:-1]
    return "_".join(words) + end


def truncate(text: str) -> str:
    """Return the longest beginning of a text that fits into 254 bytes of UTF-8.

    Parameters
    ----------
    text
        The text. No character is split.

    Examples
    --------
    >>> len(truncate("冀" * 100)), len(truncate("冀" * 100).encode())
    (84, 252)
    """
    return text.encode()[:TEXT_BYTES].decode(errors="ignore")


def truncate_list(text: str) -> str:
    """Return as many items of a list as fit into 254 bytes of UTF-8.

    Parameters
    ----------
    text
        The items, joined by commas. No item is split.

    Examples
    --------
    >>> truncate_list(",".join(["130983"] * 40)) == ",".join(["130983"] * 36)
    True
    """
    kept = truncate(text)
    if kept == text or text[len(kept)] == ",":
        return kept
    return kept.rpartition(",")[0]


def _shapefile(sheet: Sheet, date: str) -> dict[str, bytes]:
    short = short_names(c.name for c in sheet.columns)
    rows = flat_rows(sheet)
    cut = rows
    for kind, shorten in (("text", truncate), ("list", truncate_list)):
        cut = map_texts(cut, [c.name for c in sheet.columns if c.kind == kind], shorten)
    texts = [c.name for c in sheet.columns if c.kind in ("text", "list")]
    numbers = [c.name for c in sheet.columns if c.kind in ("integer", "number")]
    lost = [
        (rows["id"].iloc[row], short[name], name, rows[name].iloc[row])
        for row, name in _cells({n: rows[n].notna() & (rows[n] != cut[n]) for n in texts})
    ]
    null = [
        (rows["id"].iloc[row], short[name], name)
        for row, name in _cells({n: rows[n].isna() for n in numbers})
    ]
    files = _files(cut.rename(columns=short), sheet, date)
    files[f"{sheet.name}_fields.csv"] = csv_table(
        ["短字段名", "字段名", "名称", "类型", "单位", "含义"],
        [(short[c.name], c.name, c.title, c.kind_title, c.unit, c.meaning) for c in sheet.columns],
    )
    if lost:
        files[f"{sheet.name}_cut.csv"] = csv_table(["要素编号", "短字段名", "字段名", "全文"], lost)
    if null:
        files[f"{sheet.name}_null.csv"] = csv_table(["要素编号", "短字段名", "字段名"], null)
    return files


def _cells(marked: Mapping[str, pd.Series]) -> list[tuple[int, str]]:
    """Return the row's position and the column of each marked cell, by row."""
    names = list(marked)
    rows, columns = pd.DataFrame(marked).to_numpy(dtype=bool).nonzero()
    return [(int(row), names[column]) for row, column in zip(rows, columns, strict=True)]


def _files(rows: gpd.GeoDataFrame, sheet: Sheet, date: str) -> dict[str, bytes]:
    """Return the files that GDAL writes."""
    import pyogrio  # here, because it loads GDAL, which the page itself does not need

    with TemporaryDirectory() as folder:
        pyogrio.write_dataframe(
            rows,
            Path(folder) / f"{sheet.name}.shp",
            driver="ESRI Shapefile",
            encoding="UTF-8",
            use_arrow=True,
            geometry_type=sheet.geometry_type,
            # By default the header holds today's date.
            layer_options={"DBF_DATE_LAST_UPDATE": date},
        )
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
