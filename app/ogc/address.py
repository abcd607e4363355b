"""Where the API lies as its client sees it, and the links from there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import HTTPConnection

from app.ogc import access
from app.ogc.problems import bad

Values = Mapping[str, str | Sequence[str]]

_HOST = re.compile(r"[A-Za-z0-9._-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")


@dataclass(frozen=True)
class Address:
    """The base address of the API; `token` goes along in every link if it came in the address."""

    base: str
    token: str | None = None

    def to(self, *segments: str, words: Values | None = None) -> str:
        """Return the address of a resource below the base.

        >>> Address("http://host/ogc").to("collections", "a:b", words={"f": "html"})
        'http://host/ogc/collections/a:b?f=html'
        """
        path = "".join(f"/{quote(segment, safe=':')}" for segment in segments)
        all_words = dict(words or {})
        if self.token is not None:
            all_words["token"] = self.token
        query = urlencode(all_words, doseq=True, safe=":,/")
        return f"{self.base}{path}{'?' if query else ''}{query}"


def address_of(request: HTTPConnection) -> Address:
    """Return the base address as the client of `request` wrote it.

    What a proxy says of the original scheme and host counts only from this machine.

    Raises
    ------
    ProblemError
        400: the host is no host name.
    """
    headers = request.headers if access.is_loopback_peer(request) else {}
    scheme = _first(headers.get("x-forwarded-proto")) or request.url.scheme
    host = _first(headers.get("x-forwarded-host")) or request.headers.get("host", "")
    if scheme not in ("http", "https") or not _HOST.fullmatch(host):
        raise bad("请求的主机名不合法。")
    path = quote(request.scope.get("root_path", ""))
    return Address(f"{scheme}://{host}{path}", request.query_params.get("token"))


def _first(value: str | None) -> str | None:
    return value.split(",")[0].strip() if value else None
