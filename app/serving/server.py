"""The server: the page, the API below ``/ogc`` and ``/health`` on one port, with an access log.

``JITU_LOG=json`` writes one line per request to standard error: time, method, path pattern, status
and milliseconds. The log never contains client addresses, queries, tokens or names from paths.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
import webbrowser
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.starlette import App

from app.ogc import router
from app.ogc.store import Store
from app.page import connection
from app.serving import fallback, map_files, websocket
from app.serving.html_shell import html_shell
from app.serving.settings import settings
from data.faults import DataFaultsError

SCRIPT = Path(__file__).resolve().parents[2] / "streamlit_app.py"
LOG = "JITU_LOG"
API = "/ogc"
HEALTH = "/health"

_NO_STORE = {"Cache-Control": "no-store"}
_READING = ("GET", "HEAD")

_PATTERNS = tuple(
    (re.compile(rf"{pattern}/?"), shown)
    for pattern, shown in (
        (r"", "/"),
        (r"/health", "/health"),
        (r"/atlas\.html", "/atlas.html"),
        (r"/ogc", "/ogc"),
        (r"/ogc/(conformance|api|collections)", r"/ogc/\1"),
        (r"/ogc/collections/[^/]+", "/ogc/collections/{layer}"),
        (r"/ogc/collections/[^/]+/(queryables|schema|items)", r"/ogc/collections/{layer}/\1"),
        (r"/ogc/collections/[^/]+/items/.+", "/ogc/collections/{layer}/items/{feature}"),
        (r"/_stcore/(stream|health|host-config)", r"/_stcore/\1"),
        (r"/(app/static|static|media|component|_stcore)/.+", r"/\1/{file}"),
    )
)


def serve(port: int, address: str, *, headless: bool) -> None:
    """Serve until a signal ends the process. Streamlit's settings beside the script apply.

    Parameters
    ----------
    port
        The port to listen on.
    address
        The address to listen on.
    headless
        Do not open a browser.
    """
    # app.ogc.access evaluates the forwarding headers: uvicorn must not replace the peer's address.
    os.environ.update(FORWARDED_ALLOW_IPS="")
    # uvicorn's own access log writes whole addresses, which may contain a token.
    logging.getLogger("uvicorn.access").addFilter(lambda _: False)
    sys.argv = [str(SCRIPT)]  # Streamlit looks for its settings beside the program that was started
    websocket.install()
    application().run(config=settings(str(SCRIPT), port, address, headless=headless))


def application() -> App:
    """Return the page with the API in front of it, as one ASGI application."""
    connection.announce()
    middleware = [Middleware(AccessLog), Middleware(Front)]
    return App(SCRIPT, middleware=middleware, lifespan=_open_browser)


@asynccontextmanager
async def _open_browser(_: App) -> AsyncIterator[None]:
    """Open the page in a browser. At this point the server already listens on its port."""
    if not st.get_option("server.headless"):
        webbrowser.open_new(_url())
    yield


def _url() -> str:
    """Return the page's address on this machine."""
    address = st.get_option("server.address")
    host = "localhost" if address in ("0.0.0.0", "::") else address  # noqa: S104
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    return f"{scheme}://{host}:{st.get_option('server.port')}{prefix()}/"


def prefix() -> str:
    """Return the path prefix of all addresses: empty, or like ``/plans``."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


class Front:
    """ASGI middleware that handles API, health check, the page's HTML document and the map's files.

    Parameters
    ----------
    app
        The page, which handles all other requests.
    store
        The source of the atlas, by default the data folder.
    """

    def __init__(self, app: ASGIApp, store: Store | None = None) -> None:
        self.page = app
        self.store = store or Store()
        self.api = router.application(self.store)
        self.map_files = map_files.application()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request to its handler.

        Parameters
        ----------
        scope, receive, send
            As in ASGI.
        """
        path = _path_below_prefix(scope) if scope["type"] == "http" else None
        response = await self._answer(scope, path)
        if response is not None:
            await response(scope, receive, send)
        elif path is not None and f"{path}/".startswith(f"{API}/"):
            # With and without a slash at the end: some clients do not follow redirects.
            root = f"{scope.get('root_path', '')}{prefix()}{API}"
            below = path.removeprefix(API).rstrip("/") or "/"
            await self.api({**scope, "root_path": root, "path": root + below}, receive, send)
        elif path is not None and path.startswith(f"{map_files.PATH}/"):
            root = f"{scope.get('root_path', '')}{prefix()}"
            await self.map_files({**scope, "root_path": root}, receive, send)
        else:
            if scope["type"] == "websocket":
                websocket.check()
            await self.page(scope, receive, send)

    async def _answer(self, scope: Scope, path: str | None) -> Response | None:
        """Return the response for what neither the API nor Streamlit answers."""
        if path == HEALTH:
            return await run_in_threadpool(health, self.store)
        if path == fallback.ONE_FILE and scope["method"] in _READING:
            return await run_in_threadpool(one_file, self.store)
        if path == "/" and scope["method"] in _READING:
            query = scope["query_string"].decode("latin-1")
            html = await run_in_threadpool(html_shell, query)
            headers = _NO_STORE | {"X-Jitu-Instance": fallback.INSTANCE}
            return None if html is None else HTMLResponse(html, headers=headers)
        return None


def health(store: Store) -> Response:
    """Return the health check's response.

    Parameters
    ----------
    store
        The source of the atlas.

    Returns
    -------
    starlette.responses.Response
        200 with the data version and the number of features per layer, or 503 if the data has
        faults.
    """
    try:
        atlas = store.atlas()
    except DataFaultsError as error:
        faults = {"status": "faults", "detail": _faulty(error)}
        return _health(faults, HTTPStatus.SERVICE_UNAVAILABLE)
    counts = {layer: len(features) for layer, features in atlas.frames.items()}
    content = {"status": "ok", "data_version": atlas.records.data_version, "layers": counts}
    return _health(content, HTTPStatus.OK)


def one_file(store: Store) -> Response:
    """Return the atlas as one HTML file, for browsers and networks in which the page cannot run.

    Parameters
    ----------
    store
        The source of the atlas.

    Returns
    -------
    starlette.responses.Response
        200 with the file, or 503 if the data has faults.
    """
    try:
        atlas = store.atlas()
    except DataFaultsError as error:
        return PlainTextResponse(_faulty(error), HTTPStatus.SERVICE_UNAVAILABLE, headers=_NO_STORE)
    return fallback.one_file(atlas)


def _faulty(error: DataFaultsError) -> str:
    return f"数据有 {len(error.faults)} 处错误；请运行 jitu check。"


def _health(content: Mapping[str, object], status: HTTPStatus) -> Response:
    return JSONResponse(content, status, headers=_NO_STORE)


def _path_below_prefix(scope: Scope) -> str | None:
    """Return the request's path below the prefix, or ``None`` if it is not below the prefix."""
    path: str = scope["path"]
    base = f"{scope.get('root_path', '')}{prefix()}"
    return path.removeprefix(base) if f"{path}/".startswith(f"{base}/") else None


class AccessLog:
    """ASGI middleware that logs requests and closed WebSockets if ``JITU_LOG`` is ``json``.

    Parameters
    ----------
    app
        The application that handles the requests.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.logger = access_logger() if os.environ.get(LOG) == "json" else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request and write its log line.

        Parameters
        ----------
        scope, receive, send
            As in ASGI.
        """
        if self.logger is None or scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()
        status = HTTPStatus.INTERNAL_SERVER_ERROR.value

        async def send_and_note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "websocket.accept":
                status = HTTPStatus.SWITCHING_PROTOCOLS.value
            elif message["type"] in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
            elif message["type"] == "websocket.close" and status != 101:
                status = HTTPStatus.FORBIDDEN.value
            await send(message)

        try:
            await self.app(scope, receive, send_and_note_status)
        finally:
            line = {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "method": scope.get("method", "WEBSOCKET"),
                "path": pattern(_path_below_prefix(scope)),
                "status": status,
                "ms": round((time.perf_counter() - start) * 1000, 1),
            }
            self.logger.info(json.dumps(line))


def pattern(path: str | None) -> str:
    """Return the pattern of a path, without names and users' input.

    Parameters
    ----------
    path
        The path below the prefix. ``None`` means a path that is not below the prefix.

    Examples
    --------
    >>> pattern("/ogc/collections/clusters/items/clusters:001-key-03")
    '/ogc/collections/{layer}/items/{feature}'
    >>> pattern("/secret")
    '/{path}'
    """
    if path is not None:
        for expression, shown in _PATTERNS:
            match = expression.fullmatch(path)
            if match:
                return match.expand(shown)
    return "/{path}"


def access_logger() -> logging.Logger:
    """Return the logger of the access log, which writes only to standard error."""
    logger = logging.getLogger("jitu.access")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    return logger
