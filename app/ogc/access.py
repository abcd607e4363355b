"""Access control. This machine needs no token; other machines need the token that is set.

If no token is set, other machines have no access. A request counts as one from another machine:

- if a reverse proxy on this machine forwarded it, unless ``JITU_TRUST_PROXY=1`` states that the
  proxy authenticates its users;
- if its ``Host`` header does not name this machine. A proxy may send no forwarding headers, and a
  foreign web page may use a host name that resolves to this machine (DNS rebinding).

The scripts of other web pages may read the answers only if ``JITU_CORS_ORIGINS`` lists their origin
(Cross-Origin Resource Sharing). This gives nobody access who has none.
"""

from __future__ import annotations

import hmac
import os
import re
from http import HTTPStatus
from ipaddress import ip_address

from starlette.requests import HTTPConnection

from app.ogc.problems import ProblemError

TOKEN = "JITU_TOKEN"  # noqa: S105  # the name of an environment variable
TRUST_PROXY = "JITU_TRUST_PROXY"
ORIGINS = "JITU_CORS_ORIGINS"
_FORWARDING_HEADERS = (
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "forwarded",
    "x-real-ip",
)
_LOOPBACK_HOST = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?", re.IGNORECASE)


def is_loopback_peer(request: HTTPConnection) -> bool:
    """Return whether the peer of a connection is on this machine.

    Parameters
    ----------
    request
        An HTTP request or a WebSocket.
    """
    if request.client is None:
        return False
    try:
        peer = ip_address(request.client.host)
    except ValueError:
        return False
    return (getattr(peer, "ipv4_mapped", None) or peer).is_loopback


def is_local(request: HTTPConnection) -> bool:
    """Return whether a request comes from this machine or from a trusted proxy on it.

    Parameters
    ----------
    request
        An HTTP request or a WebSocket.
    """
    if not is_loopback_peer(request):
        return False
    if os.environ.get(TRUST_PROXY) == "1":
        return True
    is_forwarded = any(name in request.headers for name in _FORWARDING_HEADERS)
    return (
        not is_forwarded and _LOOPBACK_HOST.fullmatch(request.headers.get("host", "")) is not None
    )


def admit(request: HTTPConnection) -> None:
    """Check that a request may use the API.

    Parameters
    ----------
    request
        A request. Its token is in the query (``token``) or in the header ``Authorization``.

    Raises
    ------
    ProblemError
        403: the request comes from another machine and no token is set.
        401: the request comes from another machine and does not have the right token.
    """
    if is_local(request):
        return
    token = os.environ.get(TOKEN)
    if not token:
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            f"本服务只答复本机的请求；要从别处访问，请管理员设置环境变量 {TOKEN}，"
            "并在地址里加上 ?token=…。",
        )
    if not any(hmac.compare_digest(given, os.fsencode(token)) for given in _given_tokens(request)):
        raise ProblemError(
            HTTPStatus.UNAUTHORIZED,
            "缺少令牌或令牌不对：在地址里加上 ?token=…，或发送 Authorization: Bearer …。",
            {"WWW-Authenticate": 'Bearer realm="jitu"'},
        )


def origins() -> tuple[str, ...]:
    """Return the origins of web pages whose scripts may read the API; ``*`` stands for all."""
    listed = re.split(r"[\s,]+", os.environ.get(ORIGINS, ""))
    return tuple(one.rstrip("/") for one in listed if one)


def _given_tokens(request: HTTPConnection) -> list[bytes]:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    given = [bearer.strip().encode("latin-1")] if scheme.lower() == "bearer" else []
    return given + [value.encode() for value in request.query_params.getlist("token")]
