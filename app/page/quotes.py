"""The sentences of the documents behind a feature, if a folder with documents is configured."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from app.page import links
from app.page.language import say
from data.evidence import (
    DocumentText,
    documents_folder,
    quoted_words,
    read_documents,
    sentence_fingerprints,
)
from layers.atlas import Atlas
from layers.kind import Citation
from layers.markup import escape_html
from layers.reading.feature_records import records_of


def show(atlas: Atlas, feature_id: str) -> None:
    """Show the sentences behind a feature, with its names, places and figures highlighted.

    Without a documents folder (``JITU_DOCUMENTS``) nothing is shown; the source line beside the
    feature names document and locator.

    Parameters
    ----------
    atlas
        The atlas.
    feature_id
        The id of a feature.
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
        found = [text.find(s) for s in sentence_fingerprints(record)] if text else []
        marked = "".join(_marked(s, quoted_words(record)) for s in found if s)
        if marked:
            cite = f"<cite>{links.cited(atlas, [Citation(document, record.locator)])}</cite>"
            quotes.append(f'<blockquote lang="zh-CN">{marked}{cite}</blockquote>')
    if quotes:
        st.html(
            f'<section class="jitu-quotes"><h4>{say("文件原文")}</h4>{"".join(quotes)}</section>'
        )


@st.cache_resource(show_spinner=False, max_entries=2)
def _texts(folder: str, digest: str, _atlas: Atlas) -> dict[str, DocumentText]:  # noqa: ARG001 — a cache key
    """Read the documents, cached by folder and by the digest of the data."""
    return read_documents(Path(folder), _atlas.records)


def _marked(sentence: str, words: tuple[str, ...]) -> str:
    """Return a sentence as HTML with whole words and whole numbers highlighted."""
    patterns = [
        rf"(?<![\d.]){re.escape(w)}(?![\d.])" if w[0].isdigit() else re.escape(w) for w in words
    ]
    if not patterns:
        return escape_html(sentence)
    pieces = re.split(f"({'|'.join(patterns)})", sentence)
    return "".join(
        f"<mark>{escape_html(piece)}</mark>" if n % 2 else escape_html(piece)
        for n, piece in enumerate(pieces)
    )
