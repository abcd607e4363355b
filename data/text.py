"""Sentences of a plan document and their fingerprints.

One segmentation for the whole project: a paragraph is a line or a ``<p>`` element, a sentence
ends at ``。``, ``！`` or ``？`` and never at ``；``. A fingerprint is the SHA-256 of the sentence
after NFKC normalisation with tags and white space removed, so that it survives another encoding,
another page layout or full-width digits, but no change of the words.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_PARAGRAPH_BREAK = re.compile(r"\n|</?p\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
# After NFKC, ！ and ？ are ASCII.
_SENTENCE = re.compile(r"[^。!?]*[。!?]|[^。!?]+$")


def normalise(text: str) -> str:
    """Return `text` in NFKC without tags and white space.

    >>> normalise("到 2025 年，<b>营业收入</b>预计超１５００亿元")
    '到2025年,营业收入预计超1500亿元'
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", _TAG.sub("", text)))


def fingerprint(text: str) -> str:
    """Return the SHA-256 (64 hex digits) of the normalised `text`.

    >>> fingerprint("到２０２５年。") == fingerprint("<p>到 2025 年。</p>")
    True
    """
    return hashlib.sha256(normalise(text).encode("utf-8")).hexdigest()


def paragraphs(text: str) -> list[str]:
    """Return the non-empty paragraphs of a document, normalised, in order."""
    return [p for p in map(normalise, _PARAGRAPH_BREAK.split(text)) if p]


def sentences(text: str) -> list[str]:
    r"""Return the normalised sentences of a document, in order.

    >>> sentences("1.甲集群。2023年100亿元；到2025年200亿元。\n完")
    ['1.甲集群。', '2023年100亿元;到2025年200亿元。', '完']
    """
    return [s for p in paragraphs(text) for s in _SENTENCE.findall(p)]
