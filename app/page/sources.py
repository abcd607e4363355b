"""The sources panel: the documents of the atlas and the profile of each."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.page import document_facts, profiles
from app.page.language import as_html, gloss, say
from layers.atlas import Atlas
from layers.markup import escape_html, escape_markdown
from layers.reading.profile import profile, subjects


def show(atlas: Atlas) -> None:
    """Show the table of documents, and the profile of a chosen one.

    Parameters
    ----------
    atlas
        The atlas.
    """
    st.html(_table(atlas))
    titles = {
        key: gloss(title) for key, title in subjects(atlas).items() if key.startswith("document:")
    }
    chosen = st.selectbox(
        say("查看文件内容"),
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        placeholder=say("选择文件：集群、目标、现状数据、行动、产业体系、未上图的记录"),
    )
    if chosen and (found := profile(atlas, chosen)) is not None:
        profiles.show(atlas, found)
    info = atlas.records.atlas
    note = say(
        "{attribution}。{disclaimer}数据版本 {version}。",
        attribution=gloss(info.attribution),
        disclaimer=gloss(info.disclaimer),
        version=atlas.records.data_version,
    )
    st.caption(escape_markdown(note))


def _table(atlas: Atlas) -> str:
    """Return the table of documents as HTML, in which titles wrap."""
    counts = {layer: frame["document"].value_counts() for layer, frame in atlas.frames.items()}
    rows = [
        {
            say("简称"): f"{d.id} {gloss(d.short_title)}",
            say("文件"): gloss(d.title),
            say("图上要素"): sum(int(c.get(d.id, 0)) for c in counts.values()),
            **document_facts.facts(d),
        }
        for d in atlas.records.documents
    ]
    head = "".join(f'<th scope="col">{as_html(title)}</th>' for title in rows[0])
    label = escape_html(say("资料来源"))
    return (
        f'<div class="jitu-wide" role="region" tabindex="0" aria-label="{label}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, rows))}</tbody></table>"
        "</div>"
    )


def _row(row: Mapping[str, object]) -> str:
    first, *others = map(as_html, row.values())
    cells = "".join(f"<td>{cell}</td>" for cell in others)
    return f'<tr><th scope="row">{first}</th>{cells}</tr>'
