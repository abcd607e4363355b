"""Refusals of the API: a status and one clear sentence, as a problem document (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

SHOWN = 60  # characters of a user's own word that a sentence repeats


class ProblemError(Exception):
    """A request cannot be answered; `detail` is one sentence for the person who made it."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = HTTPStatus(status)
        self.detail = detail
        self.headers = dict(headers or {})

    @property
    def document(self) -> dict[str, Any]:
        """The problem as a JSON object."""
        return {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }


def bad(detail: str) -> ProblemError:
    """Return the refusal of a request that is wrong in itself (400)."""
    return ProblemError(HTTPStatus.BAD_REQUEST, detail)


def quoted(word: object) -> str:
    """Return a user's word for a sentence: on one line and not too long.

    >>> quoted("a" * 100).count("a"), quoted("名称")
    (60, '“名称”')
    """
    text = "".join(c if c.isprintable() else " " for c in str(word))
    return f"“{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”"
