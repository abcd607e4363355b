"""Who may ask: this machine freely, others with the token, nobody where none is set.

A reverse proxy speaks from this machine for others: a request that it passed on counts as theirs,
unless ``JITU_TRUST_PROXY=1`` says that the proxy does the login. So does a request for a host name
that is not this machine's: a proxy that says nothing of itself, or a page elsewhere that had its
own name point here.
"""

from __future__ import annotations

import hmac
import os
import re
from http import HTTPStatus
from ipaddress import ip_address

from starlette.requests import HTTPConnection

from app.ogc.problems import ProblemError

TOKEN = "JITU_TOKEN"  # noqa: S105  # a variable's name
TRUST_PROXY = "JITU_TRUST_PROXY"
_PASSED_ON = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-real-ip")
_OWN_NAME = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?", re.IGNORECASE)


def is_loopback_peer(request: HTTPConnection) -> bool:
    """Whether the other end of the connection is on this machine."""
    if request.client is None:
        return False
    try:
        peer = ip_address(request.client.host)
    except ValueError:
        return False
    return (getattr(peer, "ipv4_mapped", None) or peer).is_loopback


def is_local(request: HTTPConnection) -> bool:
    """Whether a request comes from this machine, or through a proxy that did the login."""
    if not is_loopback_peer(request):
        return False
    if os.environ.get(TRUST_PROXY) == "1":
        return True
    passed_on = any(name in request.headers for name in _PASSED_ON)
    return not passed_on and _OWN_NAME.fullmatch(request.headers.get("host", "")) is not None


def admit(request: HTTPConnection) -> None:
    """Let a request pass, or refuse it.

    Raises
    ------
    ProblemError
        403: it comes from elsewhere and no token is set. 401: it lacks the token.
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
    if not any(hmac.compare_digest(given, os.fsencode(token)) for given in _given(request)):
        raise ProblemError(
            HTTPStatus.UNAUTHORIZED,
            "缺少令牌或令牌不对：在地址里加上 ?token=…，或发送 Authorization: Bearer …。",
            {"WWW-Authenticate": 'Bearer realm="jitu"'},
        )


def _given(request: HTTPConnection) -> list[bytes]:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    given = [bearer.strip().encode("latin-1")] if scheme.lower() == "bearer" else []
    return given + [value.encode() for value in request.query_params.getlist("token")]
