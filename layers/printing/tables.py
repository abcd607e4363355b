"""The tables beside the map: clusters with their targets, the layout, sites and other features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kind import Kind, Row, SheetTable, has_value
from layers.kinds.clusters import KIND as CLUSTERS
from layers.portrayal.palette import INDUSTRY_COLOURS, OTHER, family
from layers.printing.table_layout import Table, TableColumn, TableRow
from layers.reading.details import describe_feature
from layers.reading.drawings import drawings, legend
from layers.reading.view import View
from layers.shared.vocabulary import TIERS

NONE = "—"
_NO_TARGET = f"“{NONE}”表示文件未提出目标。"
_FIRST_SHARE = 0.42  # of the first column of a kind's own table
_FEW = 40  # up to so many features are also listed in a run


def tables(
    atlas: Atlas, view: View, shown: Mapping[str, gpd.GeoDataFrame], cluster: str | None
) -> list[tuple[Table, ...]]:
    """Return the tables of a view, each in versions from the fullest to the shortest.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    shown
        Layer id → rows that are shown.
    cluster
        The id of the only cluster that the sheet is about; ``None`` for any other sheet.
    """
    there = [(KINDS[layer], rows) for layer, rows in shown.items() if len(rows)]
    made: list[tuple[Table, ...]] = []
    clusters = _clusters_of(atlas, there)
    if cluster is not None:
        made += [(_targets(atlas, clusters, view),), (_facts(atlas, clusters),)]
    elif len(clusters):
        made.append(_clusters(atlas, clusters, view))
    listed = [(kind, rows) for kind, rows in there if _is_listed(kind)]
    if listed:
        made.append(_by_name(atlas, listed))
    made += [
        (_own_table(atlas, rows, kind.sheet_table),) for kind, rows in there if kind.sheet_table
    ]
    return made


def _is_listed(kind: Kind) -> bool:
    """Return whether the features of a kind are listed by name: they have no other table.

    Where most rows have no geometry, the map does not show them.
    """
    has_table = kind.sheet_table is not None or kind.cluster is not None
    return not has_table and kind.division is None and kind.geometry != "none"


# -- clusters ----------------------------------------------------------------------------------


def _clusters_of(atlas: Atlas, there: Sequence[tuple[Kind, gpd.GeoDataFrame]]) -> gpd.GeoDataFrame:
    """Return the whole clusters of which the sheet shows something."""
    extents = [rows["cluster_id"] for kind, rows in there if kind.cluster in ("whole", "part")]
    clusters = atlas.frames[CLUSTERS.id]
    return clusters[clusters["cluster_id"].isin({i for ids in extents for i in ids})]


def _year_columns(atlas: Atlas, view: View, share: float) -> tuple[TableColumn, ...]:
    """Return a column for each target year; together they have this share of the width."""
    years = atlas.records.atlas.years
    return tuple(
        TableColumn(f"{year}年", share / len(years), "center", marked=year == view.year)
        for year in years
    )


def _revenue(row: Row, year: int) -> str:
    value = row[f"revenue_yi_{year}"]
    return NONE if pd.isna(value) else f"{row[f'revenue_comparator_{year}']}{value:,}"


def _servers(row: Row, year: int) -> str:
    value = row[f"servers_wan_{year}"]
    return NONE if pd.isna(value) else f"{row[f'servers_comparator_{year}']}{value:,}"


def _colour(atlas: Atlas, row: Row) -> str:
    """Return the colour of a row's first industry."""
    if not row["industries"]:
        return INDUSTRY_COLOURS[OTHER]
    return INDUSTRY_COLOURS[family(atlas.records.industry_by_id[row["industries"][0]])]


def _clusters(atlas: Atlas, clusters: gpd.GeoDataFrame, view: View) -> tuple[Table, ...]:
    years = atlas.records.atlas.years
    rows: list[TableRow] = []
    for tier, title in TIERS.items():
        members = clusters[clusters["tier"] == tier].to_dict("records")
        if members:
            rows.append(TableRow((f"{title}的产业集群（{len(members)}个）",), heading=True))
        for row in members:
            figures = (_revenue(row, year) for year in years)
            cells = (row["name"], _text(row["core_places"]), *figures)
            rows.append(TableRow(cells, _colour(atlas, row)))
    full = Table(
        "产业集群与营业收入目标（亿元）",
        (
            TableColumn("产业集群", 0.36),
            TableColumn("核心承载区", 0.235),
            *_year_columns(atlas, view, 0.405),
        ),
        tuple(rows),
        _NO_TARGET if any(NONE in r.cells[2:] for r in rows) else None,
    )
    short = replace(
        full,
        columns=(TableColumn("产业集群", 0.55), *_year_columns(atlas, view, 0.45)),
        rows=tuple(r if r.heading else replace(r, cells=(r.cells[0], *r.cells[2:])) for r in rows),
    )
    return full, short


def _targets(atlas: Atlas, clusters: gpd.GeoDataFrame, view: View) -> Table:
    """Return the targets of the only cluster of a sheet."""
    row = clusters.to_dict("records")[0]
    years = atlas.records.atlas.years
    rows = [TableRow(("营业收入（亿元）", *(_revenue(row, year) for year in years)))]
    if any(pd.notna(row[f"servers_wan_{year}"]) for year in years):
        rows.append(TableRow(("运营服务器（万台）", *(_servers(row, year) for year in years))))
    return Table(
        "目标",
        (TableColumn("指标", 0.34), *_year_columns(atlas, view, 0.66)),
        tuple(rows),
        _NO_TARGET if any(NONE in r.cells for r in rows) else None,
    )


def _facts(atlas: Atlas, clusters: gpd.GeoDataFrame) -> Table:
    """Return what is known of the only cluster of a sheet, without what its targets say."""
    details = describe_feature(atlas, clusters.to_dict("records")[0])
    in_targets = {f"{year}年运营服务器" for year in atlas.records.atlas.years}
    facts = [
        ("层级", details.role),
        *(fact for fact in details.facts if fact[0] not in in_targets),
        ("出处", details.source),
        *([("图形说明", details.note)] if details.note else []),
    ]
    return Table(
        "集群概况",
        (TableColumn("项目", 0.2), TableColumn("内容", 0.8)),
        tuple(TableRow(fact) for fact in facts),
    )


# -- tables of other kinds ---------------------------------------------------------------------


def _own_table(atlas: Atlas, rows: gpd.GeoDataFrame, table: SheetTable) -> Table:
    """Return the table that a kind of layer describes, its rows in the order of the legend."""
    places = _legend_places(atlas)
    last = len(places)
    drawn = drawings(atlas)

    def place(row: Row) -> int:
        keys = drawn[row["id"]].drawing.legend_keys if row["id"] in drawn else ()
        return min((places[key] for key in keys if key in places), default=last)

    first, *others = table.headings
    share = (1 - _FIRST_SHARE) / max(1, len(others))
    return Table(
        table.title,
        (
            TableColumn(first, _FIRST_SHARE if others else 1.0),
            *(TableColumn(title, share) for title in others),
        ),
        tuple(
            TableRow(tuple(_text(cell) for cell in table.cells(row)))
            for row in sorted(rows.to_dict("records"), key=place)
        ),
    )


def _legend_places(atlas: Atlas) -> Mapping[str, int]:
    """Return legend key → its place in the legend."""
    entries = [entry for _, own in legend(atlas) for entry in own]
    return {entry.key: number for number, entry in enumerate(entries)}


def _text(value: Any) -> str:
    return str(value) if has_value(value) else NONE


def _by_name(atlas: Atlas, listed: Sequence[tuple[Kind, gpd.GeoDataFrame]]) -> tuple[Table, ...]:
    """List features by name, one to a row or, if they are few, in a run; or count them by city."""
    title = "、".join(kind.title for kind, _ in listed)
    named, counted = _names(atlas, listed, title), _counts(atlas, listed, title)
    if sum(len(rows) for _, rows in listed) > _FEW:
        return named, counted
    run = Table(
        title,
        (TableColumn("类别", 0.2), TableColumn("名称", 0.8)),
        tuple(
            TableRow((f"{kind.title}（{len(rows)}处）", "、".join(rows["name"])))
            for kind, rows in listed
        ),
    )
    return named, run, counted


def _names(atlas: Atlas, listed: Sequence[tuple[Kind, gpd.GeoDataFrame]], title: str) -> Table:
    made: list[TableRow] = []
    for kind, rows in listed:
        made.append(TableRow((f"{kind.title}（{len(rows)}处）",), heading=True))
        for row in rows.to_dict("records"):
            cells = (row["name"], _text(row.get("place_text", row["city"])))
            made.append(TableRow(cells, _colour(atlas, row)))
    columns = (TableColumn("名称", 0.66), TableColumn("文件所述地点", 0.34))
    return Table(title, columns, tuple(made))


def _counts(atlas: Atlas, listed: Sequence[tuple[Kind, gpd.GeoDataFrame]], title: str) -> Table:
    cities = [codes for _, rows in listed for codes in rows["city_adcodes"]]
    made = []
    for code, city in atlas.records.cities.items():
        numbers = [sum(code in codes for codes in rows["city_adcodes"]) for _, rows in listed]
        if any(numbers):
            made.append(TableRow((city, *(str(n) if n else NONE for n in numbers))))
    columns = (
        TableColumn("城市", 0.4),
        *(TableColumn(f"{kind.title}（处）", 0.6 / len(listed), "center") for kind, _ in listed),
    )
    shared = any(len(codes) > 1 for codes in cities)
    note = "一处涉及几市的，各市分别计数。" if shared else None
    return Table(f"各市{title}数", columns, tuple(made), note)
