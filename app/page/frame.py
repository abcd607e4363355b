"""The frame of the page: settings, style sheet, header, and the atlas behind it."""

from __future__ import annotations

import gc
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from app.page import notices, state
from app.page.assets import STATIC, Assets, publish
from app.page.language import TITLES, gloss, marked, say
from data import reader
from data.faults import DataFaultsError
from layers.catalogue import Atlas, open_atlas

_WIDGETS = "./app/static/page/widgets.js"  # relative, so that it also holds behind a path prefix
_HEADER = "header"  # the style sheet keeps title_html and switch on one line
# What the cover is made of: Streamlit tells a cached value to the script of the page alone.
_built: dict[str, tuple[Atlas, Assets]] = {}
_STYLE = Path(__file__).resolve().parent / "page.css"


def settings() -> None:
    """Set title_html and width, and load the style sheet and the script that translates widgets."""
    state.settle_language()
    st.set_page_config(page_title=say("冀图"), page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(f"<style>{style()}</style>")
    st.html(f'<script src="{_WIDGETS}"></script>', unsafe_allow_javascript=True)


def atlas() -> tuple[Atlas, Assets]:
    """Return the atlas and the map's files, built once per state of the data folder.

    Where the data has faults, the page shows them and ends.
    """
    try:
        made, assets = _build(reader.digest(reader.data_folder()))
    except DataFaultsError as error:
        notices.faults(error.faults)
    except OSError as error:
        notices.unwritable(str(STATIC), error.strerror or str(error))
    else:
        _built.clear()
        _built[made.records.digest] = made, assets
        return made, assets
    raise StopException


def built() -> tuple[Atlas, Assets] | None:
    """Return atlas and map's files as a page was last made of them, if the data is still that."""
    try:
        return _built.get(reader.digest(reader.data_folder()))
    except OSError:  # what is wrong with the folder is the page's to say
        return None


def style() -> str:
    """Return the page's style sheet."""
    return _STYLE.read_text(encoding="utf-8")


def title_html(shown: Atlas) -> str:
    """Return as HTML what this is, with the data's date."""
    info = shown.records.atlas
    note = say("示意图，仅供内部使用　数据 {date}", date=info.date)
    return (
        f'<header class="jitu-header"><h1>{marked(gloss(info.title))}</h1>'
        f"<p>{marked(note)}</p></header>"
    )


def header(shown: Atlas) -> None:
    """Show the title_html and the switch of the language."""
    with st.container(key=_HEADER, horizontal=True, vertical_alignment="center"):
        st.html(title_html(shown))
        st.segmented_control(
            say("语言"),
            list(TITLES),
            key=state.LANGUAGE,
            required=True,
            format_func=TITLES.__getitem__,
            label_visibility="collapsed",
            on_change=state.choose_language,
        )


@st.cache_resource(show_spinner=False, max_entries=2)
def _build(digest: str) -> tuple[Atlas, Assets]:
    """Build the atlas; `digest` is the cache's key."""
    with st.spinner(say("正在整理图集…")):
        made = open_atlas()
        if made.records.digest != digest:  # edited while it was read: the next run reads it again
            _build.clear()
        assets = publish(made)
    # The atlas stays. Left among what is looked through for garbage, it would every now and then
    # hold up someone's change for 100 ms and more. An atlas before it is let go.
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return made, assets
