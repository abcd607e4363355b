"""The matrix of industries and cities; a square lists the things that it counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from app.page import picking, state
from app.page.charts import shared
from app.page.charts.shared import ACCENT, INK
from app.page.language import gloss, join_list, say
from app.page.session import Focus
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.markup import escape_markdown
from layers.reading.counts import Cell, crossed_layers, ids_by_industry_and_city
from layers.reading.details import feature_row
from layers.reading.view import View

_HEAT = ("#f8e9eb", ACCENT)
_DARKEST_FROM = 4  # the darkest colour stands for this many things or more
_ROW_PX = 34


def show(atlas: Atlas, view: View, focus: Focus) -> None:
    """Show how many things each industry has in each city; a square lists them.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows.
    focus
        What the planner looks at; its row is marked in the list.
    """
    shared.heading(say("产业与城市"))
    cells = ids_by_industry_and_city(atlas, view)
    if not cells:
        st.caption(say("所示图层没有同时带有产业与城市的要素。"))
        return
    matrix, things = st.columns([3, 2], gap="large")
    with matrix:
        selected = _show_matrix(atlas, view)
    with things:
        if selected is not None and selected in cells:
            _list_things(atlas, selected, cells[selected], focus)
        else:
            st.caption(say("点击方格，在此列出其中的集群、基地与项目及其来源。"))


def _show_matrix(atlas: Atlas, view: View) -> Cell | None:
    """Show the matrix; return the cell that is selected in it."""
    event: Any = st.altair_chart(
        chart(matrix_table(atlas, view)),
        # Another view has other cells, and none of them is selected: so the view is in the key.
        key=f"chart-matrix-{hash(view)}",
        on_select=state.use,
    )
    st.caption(
        say(
            "计入所示图层：{layers}。一个集群只计一次；跨产业、跨城市的要素在每格各计一次。",
            layers=join_list(gloss(KINDS[i].title) for i in crossed_layers(view)),
        )
    )
    selected = event.selection.get(shared.SELECTION)
    return (selected[0]["industry"], selected[0]["city"]) if selected else None


def _list_things(atlas: Atlas, cell: Cell, things: tuple[str, ...], focus: Focus) -> None:
    """List the things of a cell; choosing one sets the focus to it."""
    industry, city = cell
    records = atlas.records
    where = say(
        "{industry} · {city}：{n} 项，选择一行在地图上查看",
        industry=gloss(records.industry_by_id[industry].name, atlas),
        city=gloss(records.cities[city]),
        n=len(things),
    )
    st.caption(escape_markdown(where))
    rows = [row for thing in things if (row := feature_row(atlas, thing)) is not None]
    key = f"cell-{industry}-{city}-{focus.feature}"
    st.dataframe(
        [
            {
                gloss("名称"): gloss(row["name"], atlas),
                gloss("角色"): gloss(row["role"]),
                say("来源"): f"{row['document']} {row['locator']}",
            }
            for row in rows
        ],
        key=key,
        hide_index=True,
        height=min(400, 38 + 35 * len(rows)),
        on_select=lambda: picking.look_at(key, things),
        selection_mode=picking.MODES,
        selection_default=picking.chosen(focus.feature, things),
        alt=where,
    )


# -- the table ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Square:
    """How many things an industry has in a city.

    Attributes
    ----------
    industry, city
        The industry's id and the city's code.
    industry_name, city_name
        Their names in the page's language.
    n
        The number of things, at least 1.
    said
        The count as a text for screen readers.
    """

    industry: str
    city: str
    industry_name: str
    city_name: str
    n: int
    said: str


@dataclass(frozen=True)
class MatrixTable:
    """The data of the chart.

    Attributes
    ----------
    squares
        The rows; a cell without things has none.
    industries
        The ids of the industries that occur, from top to bottom.
    cities
        The codes of the cities, from left to right; all of them, or those of the view's filter.
    industry_names, city_names
        Id or code → name in the page's language, of the whole atlas.
    """

    squares: tuple[Square, ...]
    industries: tuple[str, ...]
    cities: tuple[str, ...]
    industry_names: Mapping[str, str]
    city_names: Mapping[str, str]

    @property
    def darkest(self) -> int:
        """The number of things that the darkest colour stands for."""
        return max(_DARKEST_FROM, *(square.n for square in self.squares))


def matrix_table(atlas: Atlas, view: View) -> MatrixTable:
    """Return the data of the chart, with texts in the page's language.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows.

    Returns
    -------
    MatrixTable
        Without squares if the view shows nothing that has an industry and a city.
    """
    cells = ids_by_industry_and_city(atlas, view)
    industries = {i.id: gloss(i.name, atlas) for i in atlas.records.industries}
    cities = {code: gloss(name) for code, name in atlas.records.cities.items()}
    squares = tuple(
        Square(
            industry=industry,
            city=city,
            industry_name=industries[industry],
            city_name=cities[city],
            n=len(things),
            said=say(
                "{name}，{role}：{n}", name=industries[industry], role=cities[city], n=len(things)
            ),
        )
        for (industry, city), things in cells.items()
    )
    present = {square.industry for square in squares}
    return MatrixTable(
        squares=squares,
        industries=tuple(i for i in industries if i in present),
        cities=tuple(c for c in cities if not view.cities or c in view.cities),
        industry_names=industries,
        city_names=cities,
    )


# -- encodings ---------------------------------------------------------------------------------


def _place(table: MatrixTable) -> dict[str, Any]:
    """Return the encodings of the place: the city across, the industry down."""
    industries = {code: "\n".join(shared.name_lines(n)) for code, n in table.industry_names.items()}
    return {
        "x": alt.X(
            "city:N",
            title=None,
            scale=alt.Scale(domain=list(table.cities), padding=0.04),
            axis=_names_axis(table.city_names, orient="top", labelAngle=-90, labelLimit=160),
        ),
        "y": alt.Y(
            "industry:N",
            title=None,
            scale=alt.Scale(domain=list(table.industries), padding=0.06),
            axis=_names_axis(industries, labelLimit=150),
        ),
    }


def _names_axis(names: Mapping[str, str], **options: Any) -> alt.Axis:
    """Return an axis of codes that shows the names of all of them."""
    table = json.dumps(names, ensure_ascii=False)
    label = f"split({table}[datum.value], '\\n')"
    raised = -7 if any("\n" in name for name in names.values()) else 0
    return alt.Axis(labelExpr=label, labelOverlap=False, labelOffset=raised, **options)


def _look(table: MatrixTable, selection: alt.Parameter) -> dict[str, Any]:
    """Return the encodings of a square's colour, outline and texts."""
    return {
        "color": alt.Color(
            "n:Q",
            scale=alt.Scale(domain=[0, table.darkest], range=list(_HEAT), nice=False),
            legend=None,
        ),
        "stroke": alt.condition(selection, alt.value(INK), alt.value("transparent"), empty=False),
        "description": "said:N",
        "tooltip": [
            alt.Tooltip("industry_name", title=say("产业")),
            alt.Tooltip("city_name", title=say("城市")),
            alt.Tooltip("n", title=say("数量")),
        ],
    }


# -- layers ------------------------------------------------------------------------------------


def _square_layer(table: MatrixTable, base: alt.Chart) -> alt.Chart:
    selection = shared.click_selection("industry", "city")
    squares = base.mark_rect(cornerRadius=2, cursor="pointer", strokeWidth=2)
    layer: alt.Chart = squares.encode(**_look(table, selection)).add_params(selection)
    return layer


def _number_layer(table: MatrixTable, base: alt.Chart) -> alt.Chart:
    """Return the counts, in white on dark squares."""
    layer: alt.Chart = base.mark_text(
        fontSize=12,
        aria=False,
        fill=alt.ExprRef(f"datum.n > {table.darkest / 2} ? '#ffffff' : '{INK}'"),
    ).encode(text="n:Q")
    return layer


def chart(table: MatrixTable) -> alt.LayerChart:
    """Return the chart.

    Parameters
    ----------
    table
        The data, with at least one square.

    Returns
    -------
    altair.LayerChart
        Selects ``industry`` and ``city`` of a square by click.
    """
    base = alt.Chart(shared.data_frame(table.squares)).encode(**_place(table))
    return alt.LayerChart(
        layer=[_square_layer(table, base), _number_layer(table, base)],
        description=say("各产业在各城市的要素数量，点击方格列出要素"),
        height=_ROW_PX * len(table.industries),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        config=alt.Config(
            view=alt.ViewConfig(stroke="#e3e7eb", fill="#f8f9fa"),
            axis=alt.AxisConfig(
                aria=False, ticks=False, domain=False, grid=False, labelFontSize=12
            ),
        ),
    )
