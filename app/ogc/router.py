"""The API's routes: each reads the request, asks the atlas and answers as GeoJSON, JSON or HTML."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ogc import access, items, openapi, pages, resources
from app.ogc.address import Address, address_of
from app.ogc.negotiation import HTML, Form, form_of, preferred
from app.ogc.problems import ProblemError, quoted
from app.ogc.store import Store
from data.faults import DataFaultsError
from layers.catalogue import LAYERS, Atlas
from layers.formats.geojson import features as encoded
from layers.formats.metadata import describe_export, metadata_json

_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}


class Answer:
    """What a route needs: the atlas, where the API lies, the parameters, and the form to give."""

    def __init__(self, request: Request, json_type: str) -> None:
        access.admit(request)
        self.request = request
        self.json_type = json_type
        self.address: Address = address_of(request)
        self.form: Form = form_of(request, json_type)
        self.atlas: Atlas = request.app.state.store.atlas()

    @property
    def words(self) -> dict[str, list[str]]:
        """The parameters and all their values."""
        query = self.request.query_params
        return {name: query.getlist(name) for name in query}

    @property
    def layer(self) -> str:
        """The layer that the path names.

        Raises
        ------
        ProblemError
            404: there is no such layer.
        """
        layer: str = self.request.path_params["layer"]
        if layer not in LAYERS:
            raise ProblemError(
                HTTPStatus.NOT_FOUND, f"没有图层{quoted(layer)}；可用：{'、'.join(LAYERS)}。"
            )
        return layer

    def plain(self) -> Answer:
        """Refuse any parameter but those of every resource."""
        items.check(self.words, items.GENERAL)
        return self

    def give(
        self,
        document: Mapping[str, Any],
        page: Callable[[], str],
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the document, or its page where the client wants HTML."""
        if self.form == "html":
            content, kind = page().encode(), f"{HTML}; charset=utf-8"
        else:
            content, kind = _json(document), self.json_type
        return Response(content, headers={**_HEADERS, **(headers or {}), "Content-Type": kind})


def _json(document: Mapping[str, Any]) -> bytes:
    made = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return made.encode()


# -- routes ------------------------------------------------------------------------------------


def landing(request: Request) -> Response:
    """Answer with the landing page."""
    a = Answer(request, resources.JSON).plain()
    made = resources.landing(a.atlas, a.address, a.form)
    return a.give(made, lambda: pages.landing(made, a.address))


def conformance(request: Request) -> Response:
    """Answer with the conformance classes."""
    a = Answer(request, resources.JSON).plain()
    made = resources.conformance(a.address, a.form)
    return a.give(made, lambda: pages.conformance(made, a.address))


def api(request: Request) -> Response:
    """Answer with the API's definition."""
    a = Answer(request, resources.OPENAPI).plain()
    made = openapi.definition(a.atlas, a.address)
    return a.give(made, lambda: pages.api(made, a.address))


def collections(request: Request) -> Response:
    """Answer with all layers."""
    a = Answer(request, resources.JSON).plain()
    made = resources.collections(a.atlas, a.address, a.form)
    return a.give(made, lambda: pages.collections(a.atlas, made, a.address))


def collection(request: Request) -> Response:
    """Answer with a layer's description."""
    a = Answer(request, resources.JSON).plain()
    made = resources.collection(a.atlas, a.layer, a.address, a.form)
    return a.give(made, lambda: pages.collection(a.atlas, made, a.address))


def queryables(request: Request) -> Response:
    """Answer with the properties that a filter may name."""
    a = Answer(request, resources.SCHEMA).plain()
    made = resources.queryables(a.atlas, a.layer, a.address)
    return a.give(made, lambda: pages.queryables(made, a.layer, a.address))


def features(request: Request) -> Response:
    """Answer with a page of a layer's features."""
    a = Answer(request, resources.GEOJSON)
    found = items.page(a.atlas, a.layer, a.words)
    path = ("collections", a.layer, "items")
    asked = {k: v for k, v in a.words.items() if k not in items.GENERAL}
    made = {
        "type": "FeatureCollection",
        "numberMatched": found.matched,
        "numberReturned": len(found.features),
        **metadata_json(describe_export(a.atlas, [a.layer], found.view, [found.system.crs])),
        "links": [
            *resources.forms(a.address, resources.GEOJSON, *path, form=a.form, words=asked),
            *_steps(a, found, path, asked),
            resources.link("collection", resources.JSON, "图层", a.address, *path[:2]),
        ],
        "features": _encoded(found),
    }
    return a.give(
        made,
        lambda: pages.features(a.atlas, a.layer, made, found, a.address, a.words),
        {"Content-Crs": f"<{found.system.uri}>"},
    )


def feature(request: Request) -> Response:
    """Answer with one feature."""
    a = Answer(request, resources.GEOJSON)
    name: str = request.path_params["feature"]
    found = items.single(a.atlas, a.layer, a.words, name)
    if found is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"图层 {a.layer} 没有要素{quoted(name)}。")
    path = ("collections", a.layer, "items", name)
    asked = {k: v for k, v in a.words.items() if k not in items.GENERAL}
    made = {
        **_encoded(found)[0],
        "links": [
            *resources.forms(a.address, resources.GEOJSON, *path, form=a.form, words=asked),
            resources.link("collection", resources.JSON, "图层", a.address, *path[:2]),
        ],
    }
    return a.give(
        made,
        lambda: pages.feature(a.atlas, a.layer, made, a.address),
        {"Content-Crs": f"<{found.system.uri}>"},
    )


def _encoded(found: items.Page) -> list[dict[str, Any]]:
    shapes = found.system.outwards(found.features.geometry.to_numpy())
    return encoded(found.features.set_geometry(shapes, crs=None))


def _steps(
    a: Answer, found: items.Page, path: tuple[str, ...], asked: Mapping[str, list[str]]
) -> list[dict[str, str]]:
    """Return the links to the next and the previous page, where there are any."""
    kind, form = (HTML, "html") if a.form == "html" else (resources.GEOJSON, "json")
    before = min(found.offset, found.matched) - found.limit
    offsets = {}
    if found.has_next:
        offsets["next"] = ("下一页", found.offset + found.limit)
    if found.offset:
        offsets["prev"] = ("上一页", max(before, 0))
    return [
        resources.link(
            rel,
            kind,
            title,
            a.address,
            *path,
            words={**asked, "limit": str(found.limit), "offset": str(offset), "f": form},
        )
        for rel, (title, offset) in offsets.items()
    ]


# -- refusals ----------------------------------------------------------------------------------


def refuse(request: Request, error: Exception) -> Response:
    """Answer with a problem document, or its page where the client prefers HTML."""
    problem = _problem(error)
    form = request.query_params.get("f") or preferred(
        request.headers.get("accept", "*/*"), "application/problem+json"
    )
    if form == "html":
        content, kind = pages.problem(problem).encode(), f"{HTML}; charset=utf-8"
    else:
        content, kind = _json(problem.document), "application/problem+json"
    headers = {**_HEADERS, **problem.headers, "Content-Type": kind}
    return Response(content, problem.status.value, headers=headers)


def _problem(error: Exception) -> ProblemError:
    match error:
        case ProblemError():
            return error
        case DataFaultsError():
            return ProblemError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"数据有 {len(error.faults)} 处错误，暂不能提供；请管理员运行 jitu check。",
            )
        case HTTPException(status_code=HTTPStatus.METHOD_NOT_ALLOWED):
            return ProblemError(
                HTTPStatus.METHOD_NOT_ALLOWED, "只答复 GET 与 HEAD 请求。", error.headers
            )
        case HTTPException(status_code=HTTPStatus.NOT_FOUND):
            return ProblemError(HTTPStatus.NOT_FOUND, "没有这个地址；从服务的首页找起。")
        case _:
            return ProblemError(
                HTTPStatus.INTERNAL_SERVER_ERROR, "服务出错了；请把时间告诉管理员，以便查日志。"
            )


def application(store: Store | None = None) -> Starlette:
    """Return the API as an ASGI application."""
    layer = "/collections/{layer}"
    made = Starlette(
        routes=[
            Route("/", landing),
            Route("/conformance", conformance),
            Route("/api", api),
            Route("/collections", collections),
            Route(layer, collection),
            Route(f"{layer}/queryables", queryables),
            Route(f"{layer}/items", features),
            Route(f"{layer}/items/{{feature:path}}", feature),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
        exception_handlers=dict.fromkeys(
            (ProblemError, DataFaultsError, HTTPException, Exception), refuse
        ),
    )
    made.router.redirect_slashes = False
    made.state.store = store or Store()
    return made
