"""Split the text of a plan document into sentences and compute their fingerprints.

This is the only segmentation in the project. A paragraph is a line or a ``<p>`` element. A sentence
ends at ``。``, ``！`` or ``？``, never at ``；``. A fingerprint is the SHA-256 of the sentence
after NFKC normalisation, without tags and white space. Another encoding, another page layout or
full-width digits do not change it, but any change of the words does. The module does not read files
or compare sentences with records: see :mod:`data.evidence`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_PARAGRAPH_BREAK = re.compile(r"\n|</?p\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
# NFKC turns ！ and ？ into ASCII.
_SENTENCE = re.compile(r"[^。!?]*[。!?]|[^。!?]+$")


def normalise(text: str) -> str:
    """Normalise a text to NFKC and remove tags and white space.

    Parameters
    ----------
    text
        Any text, with or without HTML tags.

    Returns
    -------
    str
        The normalised text; full-width commas and digits become ASCII.

    Examples
    --------
    >>> normalise("到 2025 年，<b>营业收入</b>预计超１５００亿元")
    '到2025年,营业收入预计超1500亿元'
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", _TAG.sub("", text)))


def fingerprint(text: str) -> str:
    """Return the fingerprint of a text.

    Parameters
    ----------
    text
        A sentence or a whole document, normalised or not.

    Returns
    -------
    str
        SHA-256 of the normalised text, as 64 hex digits.

    Examples
    --------
    >>> fingerprint("到２０２５年。") == fingerprint("<p>到 2025 年。</p>")
    True
    """
    return hashlib.sha256(normalise(text).encode("utf-8")).hexdigest()


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a document.

    Parameters
    ----------
    text
        The whole document, as plain text or HTML.

    Returns
    -------
    list of str
        The paragraphs that are not empty, normalised, in order.
    """
    return [p for p in map(normalise, _PARAGRAPH_BREAK.split(text)) if p]


def sentences(text: str) -> list[str]:
    r"""Return the sentences of a document.

    Parameters
    ----------
    text
        The whole document, as plain text or HTML.

    Returns
    -------
    list of str
        The sentences, normalised, in order. The end of a paragraph ends a sentence too.

    Examples
    --------
    >>> sentences("1.甲集群。2023年100亿元；到2025年200亿元。\n完")
    ['1.甲集群。', '2023年100亿元;到2025年200亿元。', '完']
    """
    return [s for p in paragraphs(text) for s in _SENTENCE.findall(p)]
