"""The page's language: Chinese as it is written, or English by the catalogue ``app/page/english.toml``.

The code and the data speak Chinese. What the page says itself goes through :func:`say`; what comes
from layers and data (titles, statuses, names) through :func:`gloss`, which translates vocabulary
and puts an English gloss behind a name. What the documents say, and where, stays Chinese; in HTML
:func:`marked` tells screen readers so.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import streamlit as st

from layers.catalogue import Atlas
from layers.markup import safe

PARAMETER = "lang"
CHINESE, ENGLISH = "zh", "en"
TITLES = {CHINESE: "中文", ENGLISH: "English"}
TAGS = {CHINESE: "zh-CN", ENGLISH: "en"}  # what HTML calls them

_CATALOGUE = Path(__file__).resolve().parent / "english.toml"
_FIGURES = {"year": r"\d{4}", "n": r"\d[\d,.]*"}  # placeholders of a pattern that are figures
_SEPARATORS = (("；", "; "), ("、", ", "), ("　", " "), ("·", " · "), (" ", " "))
_HAN = "\u3400-\u9fff"
_CHINESE = re.compile(
    rf"([《（“]*[{_HAN}](?:[{_HAN}\u3000-\u303f\uff01-\uff5e“”—0-9 .·]*[{_HAN}》）”。])?)"
)


_run = threading.local()  # a session's runs have a thread of their own


def settle(known: str | None = None) -> None:
    """Settle the language of this run, whose texts ask for it often; unknown, by the address."""
    _run.language = known or _of_address()


@contextmanager
def speaking(known: str) -> Iterator[None]:
    """Speak a language outside of the page's runs, for as long as it takes."""
    before = getattr(_run, "language", None)
    _run.language = known
    try:
        yield
    finally:
        _run.language = before


def named(address: Mapping[str, Sequence[str]]) -> str:
    """Return the language that an address names; Chinese if it names none."""
    values = address.get(PARAMETER)
    return ENGLISH if values and values[-1] == ENGLISH else CHINESE


def chosen() -> str:
    """Return the language of this run; outside of one, that of the address."""
    settled: str | None = getattr(_run, "language", None)
    return settled or _of_address()


def _of_address() -> str:
    return named({PARAMETER: st.query_params.get_all(PARAMETER)})


def say(text: str, /, **values: object) -> str:
    """Return a text of the page in the chosen language, its placeholders filled in."""
    template = text if chosen() == CHINESE else _catalogue()["texts"].get(text, text)
    return template.format(**values)


def gloss(text: str, atlas: Atlas | None = None) -> str:
    """Return vocabulary or a name in the chosen language; see :func:`english`."""
    return text if chosen() == CHINESE else english(text, atlas)


def listed(words: Iterable[str]) -> str:
    """Return words as a list in the chosen language."""
    return ("、" if chosen() == CHINESE else ", ").join(words)


def marked(text: object) -> str:
    """Return `text` as HTML; on the English page what is Chinese in it says that it is."""
    if chosen() == CHINESE:
        return safe(text)
    return "".join(
        f'<span lang="{TAGS[CHINESE]}">{safe(piece)}</span>' if n % 2 else safe(piece)
        for n, piece in enumerate(_CHINESE.split(str(text)))
    )


@lru_cache(maxsize=8192)
def english(text: str, atlas: Atlas | None = None) -> str:
    """Return vocabulary in English, a name with its gloss, and what has neither as it is.

    A text made of such parts (a list, or a text that fits a pattern of the catalogue) is put
    together from theirs. The industries' English names come from the `atlas`.

    >>> english("核心承载区"), english("石家庄市、怀来县")
    ('Core zone', '石家庄市 (Shijiazhuang), 怀来县')
    >>> english("预计超 550 亿元")
    'expected to exceed (预计超) 550 亿元'
    """
    terms = _catalogue()["terms"]
    if text in terms:
        return terms[text]
    names = _names(atlas)
    if text in names:
        return f"{text} ({names[text]})"
    for pattern, template in _patterns():
        found = pattern.fullmatch(text)
        if found:
            return template.format(**{k: english(v, atlas) for k, v in found.groupdict().items()})
    for separator, joiner in _SEPARATORS:
        parts = text.split(separator)
        made = [english(part, atlas) if len(parts) > 1 else part for part in parts]
        if made != parts:
            return joiner.join(made)
    return text


@lru_cache(maxsize=1)
def _catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the catalogue's tables: ``texts``, ``terms`` and ``names``."""
    return tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))


@lru_cache(maxsize=2)
def _names(atlas: Atlas | None) -> Mapping[str, str]:
    industries = atlas.records.industries if atlas else ()
    return {**_catalogue()["names"], **{i.name: i.name_en for i in industries if i.name_en}}


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return the terms with placeholders as (pattern, template)."""

    def pattern(term: str) -> re.Pattern[str]:
        pieces = re.split(r"\{(\w+)\}", term)
        return re.compile(
            "".join(
                f"(?P<{piece}>{_FIGURES.get(piece, '.+')})" if n % 2 else re.escape(piece)
                for n, piece in enumerate(pieces)
            )
        )

    return [(pattern(k), v) for k, v in _catalogue()["terms"].items() if "{" in k]
