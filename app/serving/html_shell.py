"""The HTML document of the page: Streamlit's own, in the user's language, with the page's cover.

Streamlit's page requests the map's files one after the other, after all other files. This document
links them in its head, so that the browser fetches them first.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs

import streamlit

from app.page import language
from app.page.assets import MODULES, versioned_address
from app.page.language import as_html, say
from app.serving import cover
from layers.markup import escape_html
from layers.web.empty_map import SCRIPTS, STYLE_SHEETS

_STREAMLIT_HTML = Path(streamlit.__file__).resolve().parent / "static/index.html"
_LANGUAGE = re.compile(r'(?<=<html lang=")en(?=">)')
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_NOSCRIPT = re.compile(r"(?<=<noscript>).*?(?=</noscript>)", re.DOTALL)
_ICON = 'href="./favicon.png"'
_BODY_END = "</body>"


def html_shell(query: str) -> str:
    """Return the HTML document for a query.

    Parameters
    ----------
    query
        The query of the page's address, percent-encoded. Its values are not copied into the
        document.

    Returns
    -------
    str
        The document. Its links are relative, so that they also work behind a path prefix.
    """
    address = {name: tuple(values) for name, values in parse_qs(query).items()}
    text = _STREAMLIT_HTML.read_text(encoding="utf-8")
    with language.override(language.language_of(address)):
        page_cover = cover.cover(address)
        head = f"<title>{escape_html(say('冀图'))}</title>{preload_links()}"
        head += page_cover.head if page_cover else ""
        text = _LANGUAGE.sub(language.TAGS[language.chosen()], text, count=1)
        text = _TITLE.sub(lambda _: head, text, count=1)
        text = _NOSCRIPT.sub(f"<p>{as_html(say('本页需要 JavaScript。'))}</p>", text, count=1)
    text = text.replace(_ICON, f'href="./app/static/{versioned_address("icon.svg")}"', 1)
    return text.replace(_BODY_END, (page_cover.body if page_cover else "") + _BODY_END, 1)


@lru_cache(maxsize=1)
def preload_links() -> str:
    """Return the links that make the browser fetch the map's style sheets, scripts and modules."""
    kinds = (
        (STYLE_SHEETS, 'rel="stylesheet"'),
        (SCRIPTS, 'rel="preload" as="script"'),
        ((*MODULES, "page/links.js"), 'rel="modulepreload"'),
    )
    return "".join(
        f'<link {kind} href="./app/static/{versioned_address(name)}">'
        for names, kind in kinds
        for name in names
    )
