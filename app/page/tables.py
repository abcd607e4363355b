"""The table under the map: the same rows as on the map, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from app.page import language, picking, state
from app.page.language import gloss, say
from layers.catalogue import LAYERS, Atlas
from layers.columns import Column, columns_of
from layers.kinds.clusters import TIERS
from layers.reading.counts import clusters_of_counties
from layers.reading.details import KINDS, PLACEMENTS, STATUS_TITLES, figure
from layers.reading.view import View, ids, kept, of_year

_COLUMNS: dict[str, tuple[str, ...]] = {
    "clusters": (
        "name", "tier", "industry_names", "city", "revenue_comparator", "revenue_yi",
        "projects", "investment_yi", "core_places", "radiation_places", "locator",
    ),
    "clusters-core": (
        "name", "cluster", "tier", "industry_names", "city", "zone_code", "zone_area_km2",
        "geometry_status", "note", "locator",
    ),
    "clusters-radiation": (
        "name", "cluster", "tier", "industry_names", "city", "zone_code", "zone_area_km2",
        "geometry_status", "note", "locator",
    ),
    "growth": (
        "name", "tier", "industry_names", "revenue_yi_*", "change_yi_*", "change_percent_*",
        "year_reaching_1000_yi", "locator",
    ),
    "layout": ("name", "role", "members", "geometry_status", "note", "document_title", "locator"),
    "regions": ("name", "members", "focus", "integrated", "document_title", "locator"),
    "future-industries": ("name", "places", "fields", "document_title", "locator"),
    "bases": (
        "name", "kind", "level", "industry_names", "city", "place_text", "placement",
        "stage", "period",
        "mentions", "sources",
    ),
    "projects": (
        "name", "company", "industry_names", "city", "place_text", "placement",
        "stage", "period",
        "note", "locator",
    ),
    "targets": (
        "scope", "indicator", "figure", "year", "period", "baseline", "note", "document_title",
        "locator",
    ),
    "admin-cities": ("name", "adcode", "area_km2", "note"),
    "admin-counties": ("name", "city", "clusters", "cluster_names", "adcode", "area_km2"),
}  # fmt: skip
_TABLE, _TABS = "table", "tables"


def show(atlas: Atlas, view: View) -> None:
    """Show one table per shown layer; choosing a row looks at its feature."""
    if not view.layers:
        st.caption(say("没有打开的图层。"))
        return
    titles = [gloss(LAYERS[layer].title) for layer in view.layers]
    tabs = st.tabs(titles, key=_TABS, on_change=state.use)
    for tab, layer in zip(tabs, view.layers, strict=True):
        if tab.open:
            with tab:
                _table(atlas, layer, view)


def _table(atlas: Atlas, layer: str, view: View) -> None:
    shown = kept(atlas, layer, view)
    if not shown:
        st.caption(say("当前筛选下该图层没有要素。"))
        return
    st.caption(say("{n} 个要素", n=len(shown)))
    key = f"{_TABLE}-{layer}"
    whole, figures = _whole(atlas, layer, view.year, language.chosen())
    st.dataframe(
        whole.take(shown),
        key=key,
        hide_index=True,
        height=min(460, 38 + 35 * len(shown)),
        on_select=lambda: picking.look_at(key, ids(atlas, layer, view)),
        selection_mode=picking.MODES,
        column_config={name: st.column_config.NumberColumn(format="localized") for name in figures},
        placeholder="—",
        alt=say("{layer}表", layer=gloss(LAYERS[layer].title)),
    )


@lru_cache(maxsize=64)
def _whole(atlas: Atlas, layer: str, year: int, _language: str) -> tuple[pa.Table, tuple[str, ...]]:
    """Return the table of a whole layer as it travels, and which columns are figures.

    A view picks rows of it: to make the table anew for each is most of what a change would cost.
    """
    features = of_year(atlas, layer, year)
    table = readable(atlas, layer, features, year)
    figures = tuple(table.select_dtypes("number").columns)
    return _compact(pa.Table.from_pandas(table, preserve_index=False)), figures


def _compact(table: pa.Table) -> pa.Table:
    """Return the table as it travels with fewer bytes: short offsets, no word about pandas."""
    types = [pa.string() if pa.types.is_large_string(t) else t for t in table.schema.types]
    return table.cast(pa.schema(zip(table.column_names, types, strict=True)))


def readable(atlas: Atlas, layer: str, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return `rows` with the layer's columns for people, under titles with units."""
    columns = {c.name: _title(c) for c in columns_of(layer, atlas.records.atlas.years)}
    table = pd.DataFrame(rows.drop(columns="geometry"))
    table["tier"] = table["tier"].map(TIERS.get)
    table["geometry_status"] = table["geometry_status"].map(STATUS_TITLES.get)
    if layer.startswith("clusters-"):
        names: dict[str, Any] = atlas.frames["clusters"].set_index("cluster_id")["name"].to_dict()
        table["cluster"] = table["cluster_id"].map(names)
    if layer == "admin-counties":
        short = {c.id: c.short_name for _, c in atlas.records.clusters()}
        parts = clusters_of_counties(atlas, View(year))
        found = [[short[i] for i in parts.get(adcode, ())] for adcode in table["adcode"]]
        table["clusters"] = [len(names) for names in found]
        table["cluster_names"] = ["、".join(names) or None for names in found]
    if layer == "targets":
        table["figure"] = [figure(row) for row in table.to_dict("records")]
    for name, words in (("kind", KINDS), ("placement", PLACEMENTS)):
        if name in table and layer != "layout":
            table[name] = table[name].map(words.get)
    shown = [c for name in _COLUMNS[layer] for c in (_by_year(name, columns) or [name])]
    titles = columns | {
        "cluster": say("所属集群"),
        "clusters": say("涉及集群数"),
        "cluster_names": say("涉及集群"),
        "figure": say("目标"),
        "revenue_yi": say("{year}年营业收入目标（亿元）", year=year),
        "revenue_comparator": say("用语"),
    }
    said = table[shown].map(lambda value: gloss(value, atlas) if isinstance(value, str) else value)
    return said.rename(columns=titles)


def _by_year(name: str, columns: Mapping[str, str]) -> list[str]:
    """Return the columns that a name ending in ``*`` stands for: one a target year or span."""
    stem = name.removesuffix("*")
    return [c for c in columns if stem != name and c.startswith(stem)]


def _title(column: Column) -> str:
    return gloss(column.title) + (gloss(f"（{column.unit}）") if column.unit else "")
