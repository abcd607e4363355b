"""The base address of the API as the client sees it, and links below it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import HTTPConnection

from app.ogc import access
from app.ogc.problems import bad_request

LinkParameters = Mapping[str, str | Sequence[str]]  # parameter → its value or values

_HOST = re.compile(r"[A-Za-z0-9._-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")


@dataclass(frozen=True)
class Address:
    """The base address of the API.

    Parameters
    ----------
    base
        Scheme, host and path, without a slash at the end.
    token
        The token of the request's query, which every link repeats. ``None`` if the query has none.
    """

    base: str
    token: str | None = None

    def to(self, *segments: str, parameters: LinkParameters | None = None) -> str:
        """Return the address of a resource below the base.

        Parameters
        ----------
        segments
            Path segments, not yet percent-encoded.
        parameters
            Query parameters, not yet percent-encoded.

        Examples
        --------
        >>> Address("http://host/ogc").to("collections", "a:b", parameters={"f": "html"})
        'http://host/ogc/collections/a:b?f=html'
        """
        path = "".join(f"/{quote(segment, safe=':')}" for segment in segments)
        all_parameters = dict(parameters or {})
        if self.token is not None:
            all_parameters["token"] = self.token
        query = urlencode(all_parameters, doseq=True, safe=":,/")
        return f"{self.base}{path}{'?' if query else ''}{query}"


def address_of(request: HTTPConnection) -> Address:
    """Return the base address as the client of a request wrote it.

    Parameters
    ----------
    request
        A request to the API. The headers ``X-Forwarded-Proto`` and ``X-Forwarded-Host`` are used
        only if the peer is on this machine.

    Raises
    ------
    ProblemError
        400: the scheme is neither http nor https, or the host is not a host name.
    """
    headers = request.headers if access.is_loopback_peer(request) else {}
    scheme = _first(headers.get("x-forwarded-proto")) or request.url.scheme
    host = _first(headers.get("x-forwarded-host")) or request.headers.get("host", "")
    if scheme not in ("http", "https") or not _HOST.fullmatch(host):
        raise bad_request("请求的主机名不合法。")
    path = quote(request.scope.get("root_path", ""))
    return Address(f"{scheme}://{host}{path}", request.query_params.get("token"))


def _first(value: str | None) -> str | None:
    return value.split(",")[0].strip() if value else None
