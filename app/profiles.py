"""A profile in words: headings, entries, and the source of each."""

from __future__ import annotations

import streamlit as st

from layers.markup import safe
from layers.profile import Entry, Profile


def show(profile: Profile) -> None:
    """Show everything the plans say about one subject."""
    sections = "".join(
        f"<h4>{safe(heading)}　{len(entries)}</h4><ul>{_items(entries)}</ul>"
        for heading, entries in profile.sections
    )
    nothing = "<p>所收文件没有提到。</p>" if not profile.sections else ""
    st.html(
        f'<section class="jitu-profile"><h3>{safe(profile.title)}</h3>'
        f"<p>{safe(profile.kind)}的规划角色</p>{nothing}{sections}</section>"
    )


def _items(entries: tuple[Entry, ...]) -> str:
    return "".join(f"<li>{safe(e.text)}<small>{safe(e.source)}</small></li>" for e in entries)
