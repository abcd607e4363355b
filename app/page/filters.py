"""The filter bar: widgets that show and change the view, with the count behind each choice."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.page import language, state
from app.page.language import gloss, say
from layers.atlas import Atlas
from layers.markup import escape_markdown
from layers.reading.facets import facets
from layers.reading.query import filter_options
from layers.reading.view import View

# The style sheet puts the bar below the map on a phone, divides the width of its first row, and
# draws the chosen values as small chips. Four columns of Streamlit's would be five messages a run.
_BAR, _ROW, _CHOSEN = "filters", "filter-row", "chosen"
_COUNT = " · "  # between an option's name and its count

Names = Mapping[str, str]  # value → name in the page's language, in the order they are offered


def bar() -> DeltaGenerator:
    """Return the place of the filter bar on the page."""
    return st.container(key=_BAR)


def show(atlas: Atlas, view: View) -> None:
    """Draw the filter widgets.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows; the widgets take its values.
    """
    names = _names(atlas, language.chosen())
    counts = facets(atlas, view)
    present = _present(atlas) | set(view.industries)  # and what a link has chosen
    offered = {value: name for value, name in names["industry"].items() if value in present}
    with st.container(key=_ROW, horizontal=True):
        _year(view, names["year"])
        _list(state.INDUSTRIES, say("产业"), say("全部产业"), offered, counts["industry"])
        _list(state.CITIES, say("城市"), say("全部城市"), names["city"], counts["city"])
        _pills(state.TIERS, say("集群层级"), names["tier"], counts["tier"])
    _pills(state.LAYERS, say("图层"), names["layer"])


@lru_cache(maxsize=4)
def _names(atlas: Atlas, _language: str) -> Mapping[str, Names]:
    """Return parameter → value → name."""
    return {
        parameter: {value: gloss(title, atlas) for value, title in titles.items()}
        for parameter, titles in filter_options(atlas).items()
    }


def _year(view: View, names: Names) -> None:
    state.mirror(state.YEAR, view.year, names)
    st.segmented_control(
        say("目标年"),
        [int(year) for year in names],
        key=state.YEAR,
        required=True,
        format_func=lambda year: names[str(year)],
        width="stretch",
        on_change=lambda: state.change(year=st.session_state[state.YEAR]),
    )


def _list(key: str, label: str, placeholder: str, names: Names, counts: Mapping[str, int]) -> None:
    """Draw a list to choose from; options that would show nothing stand last."""
    labels = _labels(names, counts)
    state.mirror(key, list(getattr(state.view(), key)), labels)
    st.multiselect(
        label,
        sorted(names, key=lambda value: not counts.get(value)),
        key=key,
        format_func=labels.__getitem__,
        placeholder=placeholder,
        help=say(
            "数字为选中该项后所示图层中的项数，已计其余筛选；"
            "集群连同其核心承载区和辐射区域计为一项，政区不计。"
        ),
        filter_mode="contains",
        select_all=False,
        on_change=_take,
        args=(key, names),
    )


def _pills(key: str, label: str, names: Names, counts: Mapping[str, int] | None = None) -> None:
    """Draw options that can be switched on and off, with their counts where there are some."""
    labels = names if counts is None else _labels(names, counts)
    state.mirror(key, list(getattr(state.view(), key)), labels)
    st.pills(
        label,
        list(names),
        key=key,
        selection_mode="multi",
        format_func=labels.__getitem__,
        help=None if counts is None else say("数字为选中该项后的集群数，已计其余筛选。"),
        label_visibility="collapsed" if counts is None else "visible",
        wrap=True,
        on_change=_take,
        args=(key, names),
    )


def _labels(names: Names, counts: Mapping[str, int]) -> dict[str, str]:
    return {value: f"{name}{_COUNT}{counts.get(value, 0)}" for value, name in names.items()}


def _take(key: str, names: Names) -> None:
    """Set a filter of the view to what was chosen in its widget.

    On a slow network the browser may still answer with the labels of the previous run. Their counts
    are removed. Labels in the other language are ignored, as they cannot hold a new choice.
    """
    values = {name: value for value, name in names.items()} | {value: value for value in names}
    chosen = [values.get(str(c).rpartition(_COUNT)[0] or c) for c in st.session_state[key]]
    if None not in chosen:
        state.change(**{key: tuple(chosen)})


@lru_cache(maxsize=2)
def _present(atlas: Atlas) -> frozenset[str]:
    """Return the industries that something in the atlas has."""
    return frozenset(i for f in atlas.frames.values() for ids in f["industries"] for i in ids)


def chips(atlas: Atlas, view: View) -> None:
    """Draw the chosen values as chips that remove them, and a button that clears all filters.

    The chips stand beside the map: in the bar they would push the map down at the first choice. The
    word before the name is for screen readers; the style sheet hides it.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows.
    """
    if not view.is_filtered:
        return
    names = _names(atlas, language.chosen())
    with st.container(key=_CHOSEN, horizontal=True, vertical_alignment="center", gap="xsmall"):
        for parameter, values in view.filters.items():
            for value in values:
                st.button(
                    f"*{say('移除筛选')}* {escape_markdown(names[parameter][value])}",
                    key=f"remove-{parameter}-{value}",
                    icon=":material/close:",
                    on_click=state.remove_filter,
                    args=(parameter, value),
                )
        st.button(
            say("清除筛选"),
            type="tertiary",
            icon=":material/filter_alt_off:",
            on_click=state.clear_filters,
        )
