"""The menu of display options: a year to compare with, the layout diagram, the base map."""

from __future__ import annotations

import streamlit as st

from app.page import state
from app.page.atlas_map import tianditu_key
from app.page.language import gloss, say
from app.page.session import Display
from layers.atlas import Atlas
from layers.reading.view import View

_NONE = 0  # no year to compare with


def show(atlas: Atlas, view: View, chosen: Display) -> None:
    """Draw the menu of display options.

    Parameters
    ----------
    atlas
        The atlas, whose target years can be compared.
    view
        What the page shows.
    chosen
        The options that are set.
    """
    with st.popover(say("显示方式"), icon=":material/tune:", width="stretch"):
        _compare_year(atlas, view, chosen)
        state.mirror(state.LAYOUT_DIAGRAM, chosen.layout_diagram)
        st.toggle(
            say("规划图式"),
            key=state.LAYOUT_DIAGRAM,
            on_change=state.take_display,
            args=(state.LAYOUT_DIAGRAM,),
            help=say("以示意符号绘一核、两极、四带、两翼，代替推定的成员范围。"),
        )
        if tianditu_key():
            state.mirror(state.BASEMAP, chosen.basemap)
            st.toggle(
                say("天地图底图"),
                key=state.BASEMAP,
                on_change=state.take_display,
                args=(state.BASEMAP,),
                help=say("用本单位的密钥从天地图取底图；关闭后不再请求。"),
            )


def _compare_year(atlas: Atlas, view: View, chosen: Display) -> None:
    years = [_NONE, *(year for year in atlas.records.atlas.years if year != view.year)]
    titles = {year: gloss(f"{year}年") if year else say("不对比") for year in years}
    state.mirror(state.COMPARE_YEAR, chosen.compare_year or _NONE, titles)
    st.segmented_control(
        say("对比年"),
        years,
        key=state.COMPARE_YEAR,
        required=True,
        format_func=titles.__getitem__,
        on_change=_take_compare_year,
        width="stretch",
    )


def _take_compare_year() -> None:
    state.change_display(compare_year=st.session_state[state.COMPARE_YEAR] or None)
