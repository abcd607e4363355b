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
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.cli_util import open_browser
from streamlit.starlette import App
from streamlit.web.cli import main_run
from streamlit.web.server.server_util import get_display_address, get_url

from app.ogc import router
from app.ogc.store import Store
from app.page import connection
from app.serving import map_files, websocket
from app.serving.html_shell import html_shell
from data.faults import DataFaultsError

SCRIPT = Path(__file__).resolve().parents[2] / "streamlit_app.py"
LOG = "JITU_LOG"
API = "/ogc"
HEALTH = "/health"

_NO_STORE = {"Cache-Control": "no-store"}

_PATTERNS = tuple(
    (re.compile(rf"{pattern}/?"), shown)
    for pattern, shown in (
        (r"", "/"),
        (r"/health", "/health"),
        (r"/ogc", "/ogc"),
        (r"/ogc/(conformance|api|collections)", r"/ogc/\1"),
        (r"/ogc/collections/[^/]+", "/ogc/collections/{layer}"),
        (r"/ogc/collections/[^/]+/(queryables|items)", r"/ogc/collections/{layer}/\1"),
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
    # Streamlit looks for its settings beside the program that was started. Only its own command
    # line reads the variables STREAMLIT_….
    sys.argv = [str(SCRIPT)]
    options = [str(SCRIPT), "--server.port", str(port), "--server.address", address]
    options += ["--server.headless", "true"] if headless else []
    settings = main_run.make_context("streamlit", options).params
    websocket.install()
    application().run(
        config={
            name.replace("_", "."): value
            for name, value in settings.items()
            if "_" in name and value not in (None, ())
        }
    )


def application() -> App:
    """Return the page with the API in front of it, as one ASGI application."""
    connection.announce()
    middleware = [Middleware(AccessLog), Middleware(Front)]
    return App(SCRIPT, middleware=middleware, lifespan=_open_browser)


@asynccontextmanager
async def _open_browser(_: App) -> AsyncIterator[None]:
    """Open the page in a browser. At this point the server already listens on its port."""
    if not config.get_option("server.headless"):
        open_browser(get_url(get_display_address(config.get_option("server.address"))))
    yield


def prefix() -> str:
    """Return the path prefix of all addresses: empty, or like ``/plans``."""
    path = str(config.get_option("server.baseUrlPath") or "").strip("/")
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
        if path == HEALTH:
            response = await run_in_threadpool(health, self.store)
            await response(scope, receive, send)
        elif path is not None and f"{path}/".startswith(f"{API}/"):
            # With and without a slash at the end: some clients do not follow redirects.
            root = f"{scope.get('root_path', '')}{prefix()}{API}"
            below = path.removeprefix(API).rstrip("/") or "/"
            await self.api({**scope, "root_path": root, "path": root + below}, receive, send)
        elif path == "/" and scope["method"] in ("GET", "HEAD"):
            html = await run_in_threadpool(html_shell, scope["query_string"].decode("latin-1"))
            await HTMLResponse(html, headers=_NO_STORE)(scope, receive, send)
        elif path is not None and path.startswith(f"{map_files.PATH}/"):
            root = f"{scope.get('root_path', '')}{prefix()}"
            await self.map_files({**scope, "root_path": root}, receive, send)
        else:
            await self.page(scope, receive, send)


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
        detail = f"数据有 {len(error.faults)} 处错误；请运行 jitu check。"
        return _health({"status": "faults", "detail": detail}, HTTPStatus.SERVICE_UNAVAILABLE)
    counts = {layer: len(features) for layer, features in atlas.frames.items()}
    content = {"status": "ok", "data_version": atlas.records.data_version, "layers": counts}
    return _health(content, HTTPStatus.OK)


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
