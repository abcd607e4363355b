"""The document a browser asks for: Streamlit's own, in our language, with the page's cover.

Streamlit's page would ask for the map's files one after the other once everything else is there.
Here they are named before everything else, so that they come first.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs

import streamlit

from app.page import language
from app.page.assets import MODULES, versioned
from app.page.language import marked, say
from app.serving import cover
from layers.markup import safe
from layers.web.empty_map import SCRIPTS, SHEETS

_STREAMLITS = Path(streamlit.__file__).resolve().parent / "static/index.html"
_LANGUAGE = re.compile(r'(?<=<html lang=")en(?=">)')
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_WITHOUT_SCRIPTS = re.compile(r"(?<=<noscript>).*?(?=</noscript>)", re.DOTALL)
_ICON = 'href="./favicon.png"'
_END = "</body>"


def document(query: str) -> str:
    """Return the document for an address with this query.

    Addresses in it are relative to the page's, so that they also hold behind a path prefix.
    """
    address = {name: tuple(values) for name, values in parse_qs(query).items()}
    text = _STREAMLITS.read_text(encoding="utf-8")
    with language.speaking(language.named(address)):
        found = cover.cover(address)
        head = f"<title>{safe(say('冀图'))}</title>{links()}{found.head if found else ''}"
        text = _LANGUAGE.sub(language.TAGS[language.chosen()], text, count=1)
        text = _TITLE.sub(lambda _: head, text, count=1)
        text = _WITHOUT_SCRIPTS.sub(f"<p>{marked(say('本页需要 JavaScript。'))}</p>", text, count=1)
    text = text.replace(_ICON, f'href="./app/static/{versioned("icon.svg")}"', 1)
    return text.replace(_END, (found.body if found else "") + _END, 1)


@lru_cache(maxsize=1)
def links() -> str:
    """Return the links that have the map's style sheets, scripts and modules fetched at once."""
    kinds = (
        (SHEETS, 'rel="stylesheet"'),
        (SCRIPTS, 'rel="preload" as="script"'),
        ((*MODULES, "page/links.js"), 'rel="modulepreload"'),
    )
    return "".join(
        f'<link {kind} href="./app/static/{versioned(name)}">'
        for names, kind in kinds
        for name in names
    )
