"""The HTML document of the page: Streamlit's own, in the user's language, with the page's cover.

Streamlit's page requests the map's files one after the other, after all other files. This document
links them in its head, so that the browser fetches them first. It also contains a notice for
browsers and networks in which Streamlit's page cannot start (``app/serving/fallback.py``).
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
from app.serving import cover, fallback
from app.serving.reliance import report_missing
from layers.markup import escape_html
from layers.web.empty_map import SCRIPTS, STYLE_SHEETS

_STREAMLIT_HTML = Path(streamlit.__file__).resolve().parent / "static/index.html"
_HEAD = re.compile(r"<head\b[^>]*>")
_BODY_END = re.compile(r"(?=</body>)")
_LANGUAGE = re.compile(r'(?<=<html lang=")en(?=")')
_TITLE = re.compile(r"(?<=<title>).*?(?=</title>)", re.DOTALL)
_NOSCRIPT = re.compile(r"(?<=<noscript>).*?(?=</noscript>)", re.DOTALL)
_ICON = re.compile(r'(?<=href=")\./favicon\.png(?=")')


def html_shell(query: str) -> str | None:
    """Return the HTML document for a query.

    Parameters
    ----------
    query
        The query of the page's address, percent-encoded. Its values are not copied into the
        document.

    Returns
    -------
    str or None
        The document. Its links are relative, so that they also work behind a path prefix. ``None``
        if Streamlit's own document is not found or has another form: it is then served as it is.
    """
    try:
        text = _STREAMLIT_HTML.read_text(encoding="utf-8")
    except OSError:
        text = ""
    if not (_HEAD.search(text) and _BODY_END.search(text)):
        report_missing("index.html", "the page has no cover, no title and no notices of its own")
        return None
    address = {name: tuple(values) for name, values in parse_qs(query).items()}
    with language.override(language.language_of(address)):
        page_cover = cover.cover(address)
        head = fallback.head() + preload_links() + (page_cover.head if page_cover else "")
        body = fallback.body() + (page_cover.body if page_cover else "")
        texts = {
            _LANGUAGE: language.TAGS[language.chosen()],
            _TITLE: escape_html(say("冀图")),
            _NOSCRIPT: f"<p>{as_html(say('本页需要 JavaScript。'))}</p>",
            _ICON: f"./app/static/{versioned_address('icon.svg')}",
        }
    for pattern, replacement in texts.items():
        text = _replace(text, pattern, replacement)
    text = _HEAD.sub(lambda found: found[0] + head, text, count=1)
    return _BODY_END.sub(lambda _: body, text, count=1)


def _replace(text: str, pattern: re.Pattern[str], replacement: str) -> str:
    made, count = pattern.subn(lambda _: replacement, text, count=1)
    if not count:
        report_missing(f"{pattern.pattern} in index.html", "Streamlit's own text stays")
    return made


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
