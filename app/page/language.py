"""The language of the page: Chinese, in which texts are written, or English.

Texts of the page go through :func:`say`, which translates with gettext (``locale/``). Texts from
layers and data (titles, statuses, names) go through :func:`gloss`, which translates vocabulary and
adds an English gloss to names (``glossary.toml``). Wording and locators of documents stay Chinese.
:func:`as_html` marks Chinese text with ``lang`` for screen readers.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from gettext import GNUTranslations
from pathlib import Path

import streamlit as st

from layers.atlas import Atlas
from layers.markup import escape_html

PARAMETER = "lang"
CHINESE, ENGLISH = "zh", "en"
TITLES = {CHINESE: "中文", ENGLISH: "English"}
TAGS = {CHINESE: "zh-CN", ENGLISH: "en"}  # values of HTML's lang

_LOCALE = Path(__file__).resolve().parent / "locale"
_GLOSSARY = Path(__file__).resolve().parent / "glossary.toml"
_FIGURES = {"year": r"\d{4}", "n": r"\d[\d,.]*"}  # placeholders of patterns that match figures
_SEPARATORS = (("；", "; "), ("、", ", "), ("　", " "), ("·", " · "), (" ", " "))
_HAN = "\u3400-\u9fff"
_CHINESE = re.compile(
    rf"([《（“]*[{_HAN}](?:[{_HAN}\u3000-\u303f\uff01-\uff5e“”—0-9 .·]*[{_HAN}》）”。])?)"
)


_run = threading.local()  # each run of a session has its own thread


def activate(code: str | None = None) -> None:
    """Set the language of this run of the page.

    Parameters
    ----------
    code
        ``zh`` or ``en``; by default the language in the page's address.
    """
    _run.language = code or _of_address()


@contextmanager
def override(code: str) -> Iterator[None]:
    """Use a language within a ``with`` block, also outside runs of the page.

    Parameters
    ----------
    code
        ``zh`` or ``en``.
    """
    before = getattr(_run, "language", None)
    _run.language = code
    try:
        yield
    finally:
        _run.language = before


def language_of(address: Mapping[str, Sequence[str]]) -> str:
    """Return the language of an address; Chinese by default.

    Parameters
    ----------
    address
        The parameters of the address, with all their values.
    """
    values = address.get(PARAMETER)
    return ENGLISH if values and values[-1] == ENGLISH else CHINESE


def chosen() -> str:
    """Return the active language of this run, or else the language of the page's address."""
    settled: str | None = getattr(_run, "language", None)
    return settled or _of_address()


def _of_address() -> str:
    return language_of({PARAMETER: st.query_params.get_all(PARAMETER)})


def say(text: str, /, **values: object) -> str:
    """Return a text of the page in the chosen language.

    Parameters
    ----------
    text
        The Chinese text, which may have placeholders such as ``{n}``.
    **values
        The values of the placeholders, already in the chosen language.
    """
    template = text if chosen() == CHINESE else _texts().gettext(text)
    return template.format(**values)


def gloss(text: str, atlas: Atlas | None = None) -> str:
    """Return vocabulary or a name in the chosen language.

    Parameters
    ----------
    text, atlas
        As for :func:`english`.
    """
    return text if chosen() == CHINESE else english(text, atlas)


def join_list(words: Iterable[str]) -> str:
    """Return words joined as a list in the chosen language.

    Parameters
    ----------
    words
        The words, already in that language.
    """
    return ("、" if chosen() == CHINESE else ", ").join(words)


def as_html(text: object) -> str:
    """Return a value as escaped HTML; on the English page, Chinese parts get a ``lang`` attribute.

    Parameters
    ----------
    text
        Any value.
    """
    if chosen() == CHINESE:
        return escape_html(text)
    return "".join(
        f'<span lang="{TAGS[CHINESE]}">{escape_html(piece)}</span>' if n % 2 else escape_html(piece)
        for n, piece in enumerate(_CHINESE.split(str(text)))
    )


@lru_cache(maxsize=8192)
def english(text: str, atlas: Atlas | None = None) -> str:
    """Return vocabulary in English, a name with its English gloss, and other text unchanged.

    A text that consists of such parts (a list, or a text that matches a pattern of the glossary) is
    translated part by part.

    Parameters
    ----------
    text
        A Chinese text of the layers or the data.
    atlas
        The atlas, which has English names of industries.

    Examples
    --------
    >>> english("核心承载区"), english("石家庄市、怀来县")
    ('Core zone', '石家庄市 (Shijiazhuang), 怀来县')
    >>> english("预计超 550 亿元")
    'expected to exceed (预计超) 550 亿元'
    """
    terms = _glossary()["terms"]
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


def translations(domain: str, into: str) -> GNUTranslations:
    """Read translations compiled by scripts/update_translations.py.

    Parameters
    ----------
    domain
        ``jitu`` for the texts of the page, ``faults`` for the texts of data faults.
    into
        The target language, ``zh`` or ``en``.

    Returns
    -------
    GNUTranslations
        A new object at each call.
    """
    with (_LOCALE / into / "LC_MESSAGES" / f"{domain}.mo").open("rb") as file:
        return GNUTranslations(file)


@lru_cache(maxsize=1)
def _texts() -> GNUTranslations:
    """Return the English translations of the page's texts."""
    return translations("jitu", ENGLISH)


@lru_cache(maxsize=1)
def _glossary() -> Mapping[str, Mapping[str, str]]:
    """Return the glossary's tables: ``terms`` and ``names``."""
    return tomllib.loads(_GLOSSARY.read_text(encoding="utf-8"))


@lru_cache(maxsize=2)
def _names(atlas: Atlas | None) -> Mapping[str, str]:
    industries = atlas.records.industries if atlas else ()
    return {**_glossary()["names"], **{i.name: i.name_en for i in industries if i.name_en}}


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return the glossary's terms with placeholders, as pairs of pattern and English template."""

    def pattern(term: str) -> re.Pattern[str]:
        pieces = re.split(r"\{(\w+)\}", term)
        return re.compile(
            "".join(
                f"(?P<{piece}>{_FIGURES.get(piece, '.+')})" if n % 2 else re.escape(piece)
                for n, piece in enumerate(pieces)
            )
        )

    return [(pattern(k), v) for k, v in _glossary()["terms"].items() if "{" in k]
