"""The map's files, from the folder that the page writes them to.

Streamlit serves files from ``static`` only, which is not writable in every installation.
"""

from __future__ import annotations

import re

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from app.page.assets import FOLDER, writable_folder

PATH = f"/app/static/{FOLDER}"

# The names that app.page.assets gives: no other file can be requested, wherever it is.
_NAME = re.compile(r"[a-z-]{1,20}-[0-9a-f]{16}\.(js|json)")
_MEDIA_TYPES = {"js": "text/javascript", "json": "application/json"}
_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}


def application() -> Starlette:
    """Return an ASGI application that responds with the map's files."""
    return Starlette(
        routes=[Route(f"{PATH}/{{name}}", _file)],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)],
    )


def _file(request: Request) -> Response:
    name = request.path_params["name"]
    known = _NAME.fullmatch(name)
    path = writable_folder() / FOLDER / name
    if not known or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type=_MEDIA_TYPES[known[1]], headers=_HEADERS)
