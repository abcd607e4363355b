"""The documents' own sentences beside a feature, where the bureau keeps the documents at hand."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from app.page import links
from app.page.language import say
from data.evidence import Text, documents_folder, read_documents, sentences_of, words_of
from layers.catalogue import Atlas
from layers.markup import safe
from layers.reading.details import Citation
from layers.reading.feature_records import records_of


def show(atlas: Atlas, feature_id: str) -> None:
    """Show the sentences a feature was read from, its names, places and figures marked.

    Without a documents folder (``JITU_DOCUMENTS``) there is nothing to show: the source line
    beside it names document and locator.
    """
    folder = documents_folder()
    if folder is None:
        return
    try:
        texts = _texts(str(folder), atlas.records.digest, atlas)
    except (OSError, UnicodeDecodeError):
        st.caption(say("文件原文目录无法读取，只显示出处。"))
        return
    quotes = []
    for document, record in records_of(atlas, feature_id):
        text = texts.get(document)
        found = [text.find(s) for s in sentences_of(record)] if text else []
        marked = "".join(_marked(s, words_of(record)) for s in found if s)
        if marked:
            cite = f"<cite>{links.cited(atlas, [Citation(document, record.locator)])}</cite>"
            quotes.append(f'<blockquote lang="zh-CN">{marked}{cite}</blockquote>')
    if quotes:
        st.html(
            f'<section class="jitu-quotes"><h4>{say("文件原文")}</h4>{"".join(quotes)}</section>'
        )


@st.cache_resource(show_spinner=False, max_entries=2)
def _texts(folder: str, digest: str, _atlas: Atlas) -> dict[str, Text]:  # noqa: ARG001 — a cache key
    """Read the documents once per folder and state of the data (`digest`)."""
    return read_documents(Path(folder), _atlas.records)


def _marked(sentence: str, words: tuple[str, ...]) -> str:
    """Return the sentence as HTML with whole words and whole numbers marked."""
    patterns = [
        rf"(?<![\d.]){re.escape(w)}(?![\d.])" if w[0].isdigit() else re.escape(w) for w in words
    ]
    if not patterns:
        return safe(sentence)
    pieces = re.split(f"({'|'.join(patterns)})", sentence)
    return "".join(
        f"<mark>{safe(piece)}</mark>" if n % 2 else safe(piece) for n, piece in enumerate(pieces)
    )
