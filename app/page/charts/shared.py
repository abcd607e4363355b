"""What the charts have in common: the selection by a click, the focus, colours and texts.

A chart has the focus in its key: a new focus makes a new chart, in which nothing is selected. So
every click is a change of the selection, even on what was chosen before one went Back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from app.page import state
from app.page.language import gloss, say
from app.page.session import Focus
from layers.atlas import Atlas
from layers.kinds.admin_counties import KIND as COUNTIES
from layers.kinds.clusters import KIND as CLUSTERS
from layers.markup import escape_markdown
from layers.portrayal.palette import INDUSTRY_COLOURS
from layers.reading.details import feature_row
from layers.shared.figures import THOUSAND_YI

INK, ACCENT = "#151b23", "#9e1b32"
FAINT = 0.3  # opacity of what is not in focus, where something else is
SELECTION = "choice"  # name of the charts' selection


# -- the chart as an element of the page -------------------------------------------------------


def show_chart(chart: alt.LayerChart, key: str, focused: str | None, description: str) -> None:
    """Show a chart; a click sets the focus to the feature that was clicked.

    Parameters
    ----------
    chart
        A chart with the selection of :func:`click_selection` on the field ``id``, which holds the
        ids of features.
    key
        The chart's key, without the focus.
    focused
        The id of the feature in focus.
    description
        What the chart shows, for screen readers.
    """
    key = f"{key}-{focused}"
    st.altair_chart(
        chart.properties(description=description)
        .configure_view(stroke=None)
        .configure_axis(aria=False)
        .configure_legend(aria=False),
        key=key,
        height=chart.height,  # the page keeps its scroll position while a new chart is drawn
        on_select=lambda: _look_at_selected(key),
    )


def _look_at_selected(key: str) -> None:
    selected = st.session_state[key].selection.get(SELECTION)
    if selected:
        state.look_at(feature=selected[0]["id"])


def heading(text: str) -> None:
    """Write the heading of a chart.

    Parameters
    ----------
    text
        The heading, as plain text.
    """
    st.markdown(f"**{escape_markdown(text)}**")


# -- the focus ---------------------------------------------------------------------------------


def focused_cluster(atlas: Atlas, focus: Focus) -> str | None:
    """Return the cluster that the focus is about.

    Parameters
    ----------
    atlas
        The atlas.
    focus
        What the planner looks at: a cluster, or a part of one.

    Returns
    -------
    str or None
        The cluster's id as a feature.
    """
    row = feature_row(atlas, focus.feature) if focus.feature else None
    cluster = row["cluster_id"] if row else None
    return CLUSTERS.feature_id(cluster) if isinstance(cluster, str) else None


def focused_county(focus: Focus) -> str | None:
    """Return the county that was chosen as a feature or by its profile.

    Parameters
    ----------
    focus
        What the planner looks at.

    Returns
    -------
    str or None
        The county's code.
    """
    for key in (focus.feature, focus.profile):
        kind, _, code = (key or "").partition(":")
        if kind in (COUNTIES.id, COUNTIES.division):
            return code
    return None


def weight(own: str, focused: str | None, shown: Collection[str]) -> float:
    """Return the opacity of a mark.

    Parameters
    ----------
    own
        The id that the mark stands for.
    focused
        The id in focus.
    shown
        All ids in the chart. If the focus is not among them, no mark is faint.

    Returns
    -------
    float
        1 or :data:`FAINT`.

    Examples
    --------
    >>> weight("a", "b", ["a", "b"]), weight("b", "b", ["a", "b"]), weight("a", "c", ["a", "b"])
    (0.3, 1.0, 1.0)
    """
    return FAINT if focused in shown and focused != own else 1.0


# -- parts of charts ---------------------------------------------------------------------------


@dataclass(frozen=True)
class ColourScale:
    """The names in a chart, each with its colour, in the order of the legend."""

    names: Sequence[str]
    colours: Sequence[str]

    def scale(self) -> alt.Scale:
        """Return the scale for Altair."""
        return alt.Scale(domain=list(self.names), range=list(self.colours))


def industry_colours(atlas: Atlas, industries: Iterable[str]) -> ColourScale:
    """Return the colours of industries, which are those of the map.

    Parameters
    ----------
    atlas
        The atlas.
    industries
        Ids of industries, in any order.

    Returns
    -------
    ColourScale
        The industries in the order of the records.
    """
    wanted = set(industries)
    shown = [i for i in atlas.records.industries if i.id in wanted]
    return ColourScale(
        names=[gloss(i.name, atlas) for i in shown],
        colours=[INDUSTRY_COLOURS.get(i.id, INDUSTRY_COLOURS["future"]) for i in shown],
    )


def data_frame(rows: Iterable[Any]) -> pd.DataFrame:
    """Return rows as the data of a chart.

    Parameters
    ----------
    rows
        Instances of one dataclass.

    Returns
    -------
    pandas.DataFrame
        One column per field of the dataclass; without rows, no column.
    """
    return pd.DataFrame(list(rows))


def click_selection(*fields: str) -> alt.Parameter:
    """Return a selection by click.

    Parameters
    ----------
    *fields
        The fields whose values identify what is selected.
    """
    return alt.selection_point(name=SELECTION, fields=list(fields), on="click")


def weight_encoding() -> alt.Opacity:
    """Return the encoding of opacity by the field ``weight``."""
    return alt.Opacity("weight:Q", scale=None, legend=None)


def bold_if(field: str, otherwise: int = 400) -> alt.ExprRef:
    """Return a font weight that is bold where a field is true.

    Parameters
    ----------
    field
        A field of booleans.
    otherwise
        The font weight where it is false.
    """
    return alt.ExprRef(f"datum.{field} ? 700 : {otherwise}")


def halo(text: alt.Chart) -> alt.Chart:
    """Return the white outline of a text, which is to lie between crossing lines and the text.

    Parameters
    ----------
    text
        A layer of texts.

    Returns
    -------
    altair.Chart
        The layer that goes below `text`.
    """
    ground = text.copy()
    ground.mark.stroke, ground.mark.strokeWidth = "white", 4
    return ground


def name_lines(glossed: str) -> list[str]:
    """Return the lines of a name: the name itself, and its English gloss.

    Parameters
    ----------
    glossed
        A name as :func:`app.page.language.gloss` returns it.

    Examples
    --------
    >>> name_lines("石家庄市 (Shijiazhuang)"), name_lines("石家庄市")
    (['石家庄市', '(Shijiazhuang)'], ['石家庄市'])
    """
    return glossed.replace(" (", "\n(").split("\n")


def thousand_text() -> str:
    """Return the name of the line at 1,000 亿元."""
    return say("{n:,} 亿元", n=THOUSAND_YI)
