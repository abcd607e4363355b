"""What stands beside the map in words and figures: clusters with targets, layout, sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from layers.catalogue import Atlas
from layers.kinds.clusters import TIERS
from layers.portrayal import style
from layers.printing import typeface
from layers.printing.canvas import INK, MUTED, Pen
from layers.reading.details import describe_feature
from layers.reading.view import View
from layers.web.scene import family

NONE = "—"
_INFERRED = "（推定）"
_KINDS = {"core": 0, "pole": 1, "wing": 2, "belt": 3}


@dataclass(frozen=True)
class TableColumn:
    """A table's column: its share of the width, and whether it is the view's year."""

    title: str
    share: float
    align: Literal["left", "center"] = "left"
    marked: bool = False


@dataclass(frozen=True)
class TableRow:
    """A row of cells; a heading has one cell across all columns. `color` fills its square."""

    cells: tuple[str, ...]
    color: str | None = None
    heading: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a title and, where the rows need one, a note."""

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    note: str | None = None


def tables(
    atlas: Atlas, view: View, shown: Mapping[str, gpd.GeoDataFrame], cluster: str | None
) -> list[tuple[Table, ...]]:
    """Return the tables of a view, each as versions from the fullest to the shortest.

    `shown` holds the rows that are drawn, by layer; `cluster` is the id of the only cluster that
    the sheet is about.
    """
    made: list[tuple[Table, ...]] = []
    parts = ("clusters", "clusters-core", "clusters-radiation")
    ids = {i for layer in parts if layer in shown for i in shown[layer]["cluster_id"]}
    clusters = atlas.frames["clusters"]
    clusters = clusters[clusters["cluster_id"].isin(ids)]
    if cluster is not None:
        made += [(_targets(atlas, clusters, view),), (_facts(atlas, clusters),)]
    elif len(clusters):
        made.append(_clusters(atlas, clusters, view))
    sites = {layer: shown[layer] for layer in ("bases", "projects") if layer in shown}
    if any(len(rows) for rows in sites.values()):
        made.append(_sites(atlas, sites))
    for layer, title in (("layout", "空间布局"), ("regions", "新兴产业区域")):
        if layer in shown and len(shown[layer]):
            made.append((_units(shown[layer], title),))
    if "future-industries" in shown and len(shown["future-industries"]):
        made.append((_future(shown["future-industries"]),))
    return made


def _year_columns(atlas: Atlas, view: View, share: float) -> tuple[TableColumn, ...]:
    return tuple(
        TableColumn(f"{year}年", share, "center", marked=year == view.year)
        for year in atlas.records.atlas.years
    )


def _revenue(row: Mapping[str, Any], year: int) -> str:
    value = row[f"revenue_yi_{year}"]
    return NONE if pd.isna(value) else f"{row[f'revenue_comparator_{year}']}{value:,}"


def _color(atlas: Atlas, row: Mapping[str, Any]) -> str:
    industry = atlas.records.industry_by_id[row["industries"][0]]
    return style.INDUSTRY_COLOURS[family(industry)]


def _clusters(atlas: Atlas, clusters: gpd.GeoDataFrame, view: View) -> tuple[Table, ...]:
    years = atlas.records.atlas.years
    rows: list[TableRow] = []
    for tier, title in TIERS.items():
        members = clusters[clusters["tier"] == tier].to_dict("records")
        if members:
            rows.append(TableRow((f"{title}的产业集群（{len(members)}个）",), heading=True))
        for row in members:
            figures = (_revenue(row, year) for year in years)
            rows.append(
                TableRow((row["name"], _text(row["core_places"]), *figures), _color(atlas, row))
            )
    full = Table(
        "产业集群与营业收入目标（亿元）",
        (
            TableColumn("产业集群", 0.36),
            TableColumn("核心承载区", 0.235),
            *_year_columns(atlas, view, 0.405 / len(years)),
        ),
        tuple(rows),
        f"“{NONE}”表示文件未提出目标。" if any(NONE in r.cells[2:] for r in rows) else None,
    )
    short = replace(
        full,
        columns=(TableColumn("产业集群", 0.55), *_year_columns(atlas, view, 0.45 / len(years))),
        rows=tuple(r if r.heading else replace(r, cells=(r.cells[0], *r.cells[2:])) for r in rows),
    )
    return full, short


def _targets(atlas: Atlas, clusters: gpd.GeoDataFrame, view: View) -> Table:
    row = clusters.to_dict("records")[0]
    years = atlas.records.atlas.years
    rows = [TableRow(("营业收入（亿元）", *(_revenue(row, year) for year in years)))]
    if any(pd.notna(row[f"servers_wan_{year}"]) for year in years):
        servers = (
            NONE
            if pd.isna(row[f"servers_wan_{year}"])
            else f"{row[f'servers_comparator_{year}']}{row[f'servers_wan_{year}']:,}"
            for year in years
        )
        rows.append(TableRow(("运营服务器（万台）", *servers)))
    missing = any(NONE in r.cells for r in rows)
    return Table(
        "目标",
        (TableColumn("指标", 0.34), *_year_columns(atlas, view, 0.66 / len(years))),
        tuple(rows),
        f"“{NONE}”表示文件未提出目标。" if missing else None,
    )


def _facts(atlas: Atlas, clusters: gpd.GeoDataFrame) -> Table:
    details = describe_feature(atlas, clusters.to_dict("records")[0])
    served = {f"{year}年运营服务器" for year in atlas.records.atlas.years}
    facts = [
        ("层级", details.role),
        *(fact for fact in details.facts if fact[0] not in served),
        ("出处", details.source),
        *([("图形说明", details.note)] if details.note else []),
    ]
    return Table(
        "集群概况",
        (TableColumn("项目", 0.2), TableColumn("内容", 0.8)),
        tuple(TableRow(fact) for fact in facts),
    )


def _units(units: gpd.GeoDataFrame, title: str) -> Table:
    rows = [
        TableRow(
            (row["name"], _text(row["members"]) + _INFERRED * (row.get("membership") == "inferred"))
        )
        for row in sorted(units.to_dict("records"), key=lambda row: _KINDS.get(row.get("kind"), 0))
    ]
    return Table(title, (TableColumn("单元", 0.42), TableColumn("成员", 0.58)), tuple(rows))


def _text(value: Any) -> str:
    return NONE if pd.isna(value) else str(value)


def _future(future: gpd.GeoDataFrame) -> Table:
    rows = tuple(TableRow((row["name"], _text(row["places"]))) for row in future.to_dict("records"))
    return Table("未来产业", (TableColumn("产业", 0.42), TableColumn("支持引导地区", 0.58)), rows)


_FEW_SITES = 40
_SITE_TITLES = {"bases": "基地与园区", "projects": "重大项目"}


def _sites(atlas: Atlas, sites: Mapping[str, gpd.GeoDataFrame]) -> tuple[Table, ...]:
    """List the sites by name, one to a row or, if they are few, in a run; or count them by city."""
    rows: list[TableRow] = []
    for layer, found in sites.items():
        if len(found):
            rows.append(TableRow((f"{_SITE_TITLES[layer]}（{len(found)}处）",), heading=True))
        for row in found.to_dict("records"):
            color = _color(atlas, row) if row["industries"] else _grey()
            rows.append(TableRow((row["name"], _text(row["place_text"])), color))
    title = "、".join(_SITE_TITLES[layer] for layer, found in sites.items() if len(found))
    listed = Table(
        title,
        (TableColumn("类别", 0.2), TableColumn("名称", 0.8)),
        tuple(
            TableRow((f"{_SITE_TITLES[layer]}（{len(found)}处）", "、".join(found["name"])))
            for layer, found in sites.items()
            if len(found)
        ),
    )
    named = Table(
        title, (TableColumn("名称", 0.66), TableColumn("文件所述地点", 0.34)), tuple(rows)
    )
    cities = atlas.records.cities
    counts = {
        code: [sum(code in codes for codes in found["city_adcodes"]) for found in sites.values()]
        for code in cities
    }
    counted = tuple(
        TableRow((cities[code], *(str(n) if n else NONE for n in numbers)))
        for code, numbers in counts.items()
        if any(numbers)
    )
    share = 0.6 / len(sites)
    columns = (
        TableColumn("城市", 0.4),
        *(TableColumn(f"{_SITE_TITLES[layer]}（处）", share, "center") for layer in sites),
    )
    note = "一处涉及几市的，各市分别计数。" if _shared(sites) else None
    counts_by_city = Table(f"各市{title}数", columns, counted, note)
    few = sum(map(len, sites.values())) <= _FEW_SITES
    return (named, listed, counts_by_city) if few else (named, counts_by_city)


def _shared(sites: Mapping[str, gpd.GeoDataFrame]) -> bool:
    return any(len(codes) > 1 for found in sites.values() for codes in found["city_adcodes"])


def _grey() -> str:
    return style.INDUSTRY_COLOURS["services"]


# -- drawing -----------------------------------------------------------------------------------


def height(table: Table, room: float, size: float) -> float:
    """Return how high a table is that is `room` mm wide, its text `size` mm."""
    rows = sum(_row_height(table, row, room, size) for row in table.rows)
    return 2.2 * size + _line(size) + 0.9 * size + rows + (1.6 * size if table.note else 0)


def is_whole(table: Table, room: float, size: float) -> bool:
    """Tell whether every figure stands on one line."""
    return all(
        len(_cell(table, row, number, room, size)) == 1
        for row in table.rows
        if not row.heading
        for number, column in enumerate(table.columns)
        if column.align == "center"
    )


def cut(table: Table, room: float, size: float, most: float) -> Table:
    """Return a table no higher than `most` mm; its last row says how many more there are."""
    rows = list(table.rows)
    dropped = 0
    while rows and height(replace(table, rows=tuple(rows)), room, size) > most - 2 * size:
        dropped += not rows.pop().heading
    if rows and rows[-1].heading:
        rows.pop()
    more = TableRow((f"另有 {dropped} 行未列出，见图集的数据表",), heading=True)
    return replace(table, rows=(*rows, more))


def draw(pen: Pen, table: Table, left: float, top: float, room: float, size: float) -> None:
    """Draw a table with its upper left corner at (left, top), `room` mm wide."""
    line = _line(size)
    rule = 0.12 * pen.paper.unit
    pen.text(left, top - 0.9 * size, table.title, 1.15 * size, bold=True)
    y = top - 2.2 * size
    bottom = top - height(table, room, size) + (1.6 * size if table.note else 0)
    starts = _starts(table, left, room)
    for column, start in zip(table.columns, starts, strict=True):
        if column.marked:
            end = start + column.share * room
            pen.box((start, bottom, end, y), fill="#f6e4e6", order=690)
    pen.line([(left, y), (left + room, y)], INK, 2.5 * rule)
    y -= line + 0.9 * size
    for column, start in zip(table.columns, starts, strict=True):
        x, align = _anchor(column, start, room, size)
        pen.text(x, y + (line + 0.9 * size) / 2, column.title, size, bold=True, align=align)
    pen.line([(left, y), (left + room, y)], INK, 1.4 * rule)
    for row in table.rows:
        tall = _row_height(table, row, room, size)
        _row(pen, table, row, starts, y, tall, room, size)
        y -= tall
        pen.line([(left, y), (left + room, y)], "#c9ced4", 0.8 * rule)
    pen.line([(left, y), (left + room, y)], INK, 2.5 * rule)
    if table.note:
        pen.text(left, y - 0.95 * size, table.note, size, color=MUTED)


def _row(
    pen: Pen,
    table: Table,
    row: TableRow,
    starts: Sequence[float],
    top: float,
    tall: float,
    room: float,
    size: float,
) -> None:
    line = _line(size)
    if row.heading:
        pen.box((starts[0], top - tall, starts[0] + room, top), fill="#edf0f3", order=691)
        pen.text(starts[0] + 0.4 * size, top - tall / 2, row.cells[0], size, bold=True)
        return
    for number, (column, start) in enumerate(zip(table.columns, starts, strict=True)):
        x, align = _anchor(column, start, room, size)
        if row.color and number == 0:
            square = (x, top - tall / 2 - 0.4 * size, x + 0.8 * size, top - tall / 2 + 0.4 * size)
            pen.box(square, fill=row.color)
            x += 1.15 * size
        lines = _cell(table, row, number, room, size)
        y = top - tall / 2 + (len(lines) - 1) * line / 2
        for text in lines:
            pen.text(x, y, text, size, bold=column.marked, align=align)
            y -= line


def _cell(table: Table, row: TableRow, number: int, room: float, size: float) -> list[str]:
    column = table.columns[number]
    free = column.share * room - 0.6 * size - (1.15 * size if row.color and number == 0 else 0)
    text = row.cells[number]
    lines = typeface.wrap(text, free, size, bold=column.marked)
    if len(lines) > 1 and len(lines[-1]) <= 2:  # no character is left alone
        closer = typeface.wrap(text, free - 2 * size, size, bold=column.marked)
        return closer if len(closer) == len(lines) else lines
    return lines


def _row_height(table: Table, row: TableRow, room: float, size: float) -> float:
    if row.heading:
        return _line(size) + 0.5 * size
    most = max(len(_cell(table, row, n, room, size)) for n in range(len(table.columns)))
    return most * _line(size) + 0.5 * size


def _anchor(column: TableColumn, start: float, room: float, size: float) -> tuple[float, str]:
    if column.align == "center":
        return start + column.share * room / 2, "center"
    return start + 0.4 * size, "left"


def _starts(table: Table, left: float, room: float) -> list[float]:
    starts = [left]
    for column in table.columns[:-1]:
        starts.append(starts[-1] + column.share * room)
    return starts


def _line(size: float) -> float:
    return 1.22 * size
