"""A profile in words: headings, entries, and the source of each."""

from __future__ import annotations

import streamlit as st

from app.language import gloss, marked, say
from layers.catalogue import Atlas
from layers.profile import Entry, Profile


def show(atlas: Atlas, profile: Profile) -> None:
    """Show everything the plans say about one subject."""
    sections = "".join(
        f"<h4>{marked(gloss(heading))}　{len(entries)}</h4><ul>{_items(atlas, entries)}</ul>"
        for heading, entries in profile.sections
    )
    nothing = f"<p>{say('所收文件没有提到。')}</p>" if not profile.sections else ""
    kind = say("{kind}的规划角色", kind=gloss(profile.kind))
    st.html(
        f'<section class="jitu-profile"><h3>{marked(gloss(profile.title, atlas))}</h3>'
        f"<p>{marked(kind)}</p>{nothing}{sections}</section>"
    )


def _items(atlas: Atlas, entries: tuple[Entry, ...]) -> str:
    return "".join(
        f"<li>{marked(gloss(e.text, atlas))}<small>{marked(e.source)}</small></li>" for e in entries
    )
