"""The frame of the page: configuration, style sheet, header and the cached atlas."""

from __future__ import annotations

import gc
from pathlib import Path

import streamlit as st

from app.page import notices, state
from app.page.assets import STATIC, Assets, publish
from app.page.language import TITLES, as_html, gloss, say
from data import reader
from data.faults import DataFaultsError
from layers.atlas import Atlas
from layers.catalogue import open_atlas

_WIDGETS = "./app/static/page/widgets.js"  # relative, so that it works behind a path prefix
_HEADER = "header"  # the style sheet keeps title and switch on one line
# Digest → the latest atlas and map files. The cover, which runs outside the page's script, cannot
# read Streamlit's cache and reads them here.
_built: dict[str, tuple[Atlas, Assets]] = {}
_STYLE = Path(__file__).resolve().parent / "page.css"


def configure_page() -> None:
    """Set title and width, and load the style sheet and the script that translates widgets."""
    state.settle_language()
    st.set_page_config(page_title=say("冀图"), page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(f"<style>{style_sheet()}</style>")
    st.html(f'<script src="{_WIDGETS}"></script>', unsafe_allow_javascript=True)


def load_atlas() -> tuple[Atlas, Assets]:
    """Return the atlas and the map's files, built once per state of the data folder.

    If the data has faults, or the map's files cannot be written, the page shows that and stops.
    """
    try:
        made, assets = _build(reader.digest(reader.data_folder()))
    except DataFaultsError as error:
        notices.faults(error.faults)
        st.stop()
    except OSError as error:
        notices.unwritable(error.filename or str(STATIC), error.strerror or str(error))
        st.stop()
    _built.clear()
    _built[made.records.digest] = made, assets
    return made, assets


def last_built() -> tuple[Atlas, Assets] | None:
    """Return the atlas and map files of the last page; ``None`` if the data has changed since."""
    try:
        return _built.get(reader.digest(reader.data_folder()))
    except OSError:  # the page reports what is wrong with the folder
        return None


def style_sheet() -> str:
    """Return the page's style sheet."""
    return _STYLE.read_text(encoding="utf-8")


def title_html(shown: Atlas) -> str:
    """Return the title of the atlas with the date of the data, as HTML.

    Parameters
    ----------
    shown
        The atlas.
    """
    info = shown.records.atlas
    note = say("示意图，仅供内部使用　数据 {date}", date=info.date)
    return (
        f'<header class="jitu-header"><h1>{as_html(gloss(info.title))}</h1>'
        f"<p>{as_html(note)}</p></header>"
    )


def show_header(shown: Atlas) -> None:
    """Show the title and the language switch.

    Parameters
    ----------
    shown
        The atlas.
    """
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
        if made.records.digest != digest:  # edited while being read: the next run rebuilds it
            _build.clear()
        assets = publish(made)
    # Exclude the atlas from garbage collection: scanning it would delay some interactions by 100 ms
    # or more. Unfreezing first lets an earlier atlas be collected.
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return made, assets
