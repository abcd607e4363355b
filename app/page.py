"""The frame of the page: settings, style sheet, header, and the atlas behind it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from app import notices
from app.assets import STATIC, Assets, publish
from data import library
from data.faults import DataFaultsError
from layers.catalogue import Atlas, open_atlas
from layers.markup import safe

_STYLE = Path(__file__).resolve().parent / "page.css"


def settings() -> None:
    """Set title and width, and load the style sheet."""
    st.set_page_config(page_title="冀图", page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")


def atlas() -> tuple[Atlas, Assets]:
    """Return the atlas and the map's files, built once per state of the data folder.

    Where the data has faults, the page shows them and ends.
    """
    try:
        return _build(library.digest(library.data_folder()))
    except DataFaultsError as error:
        notices.faults(error.faults)
    except OSError as error:
        notices.unwritable(str(STATIC), error.strerror or str(error))
    raise StopException


def header(shown: Atlas) -> None:
    """Show title, what this is, and the data's date."""
    info = shown.library.atlas
    st.html(
        f'<header class="jitu-header"><h1>{safe(info.title)}</h1>'
        f"<p>示意图，仅供内部使用　数据 {safe(info.date)}</p></header>"
    )


@st.cache_resource(show_spinner="正在整理图集…", max_entries=2)
def _build(digest: str) -> tuple[Atlas, Assets]:
    """Build the atlas; `digest` is the cache's key."""
    made = open_atlas()
    if made.library.digest != digest:  # edited while it was read: the next run reads it again
        _build.clear()
    return made, publish(made)
