"""Errors of the API: a status and a sentence, sent as a problem document (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

MAX_QUOTED = 60  # characters of a client's text that an error message repeats


class ProblemError(Exception):
    """The API cannot answer a request.

    Parameters
    ----------
    status
        The HTTP status.
    detail
        The reason, as one Chinese sentence for the user.
    headers
        Additional response headers.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = HTTPStatus(status)
        self.detail = detail
        self.headers = dict(headers or {})

    @property
    def document(self) -> dict[str, Any]:
        """The problem document as a JSON object."""
        return {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }


def bad_request(detail: str) -> ProblemError:
    """Return the error for an invalid request (400).

    Parameters
    ----------
    detail
        The reason, as one Chinese sentence for the user.
    """
    return ProblemError(HTTPStatus.BAD_REQUEST, detail)


def quoted(text: object) -> str:
    """Return a client's text in quotation marks, on one line and shortened.

    Parameters
    ----------
    text
        Any value. Its string form is quoted.

    Examples
    --------
    >>> quoted("a" * 100).count("a"), quoted("名称")
    (60, '“名称”')
    """
    line = "".join(c if c.isprintable() else " " for c in str(text))
    return f"“{line[:MAX_QUOTED]}{'…' if len(line) > MAX_QUOTED else ''}”"
