"""The API's routes. Each reads a request and responds with GeoJSON, JSON or HTML."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
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
from layers.atlas import Atlas
from layers.catalogue import KINDS
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
_ALLOW = {"Allow": "GET, HEAD, OPTIONS"}


class RequestContext:
    """What a route needs to answer a request.

    Parameters
    ----------
    request
        The request.
    json_type
        The media type of the resource's JSON form.

    Attributes
    ----------
    address
        The base address of the API.
    form
        The form of the response.
    atlas
        The atlas.

    Raises
    ------
    ProblemError
        The client has no access (401, 403), or asks for an invalid form (400, 406).
    DataFaultsError
        The data has faults.
    """

    def __init__(self, request: Request, json_type: str) -> None:
        access.admit(request)
        self.request = request
        self.json_type = json_type
        self.address: Address = address_of(request)
        self.form: Form = form_of(request, json_type)
        self.atlas: Atlas = request.app.state.store.atlas()

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The request's parameters: name → all values."""
        query = self.request.query_params
        return {name: query.getlist(name) for name in query}

    @property
    def own_parameters(self) -> dict[str, list[str]]:
        """The parameters without those that every resource has."""
        return {k: v for k, v in self.parameters.items() if k not in items.GENERAL}

    @property
    def layer(self) -> str:
        """The id of the layer in the path.

        Raises
        ------
        ProblemError
            404: there is no such layer.
        """
        layer: str = self.request.path_params["layer"]
        if layer not in KINDS:
            raise ProblemError(
                HTTPStatus.NOT_FOUND, f"没有图层{quoted(layer)}；可用：{'、'.join(KINDS)}。"
            )
        return layer

    def check_general(self) -> RequestContext:
        """Check that the request has only the parameters that every resource has.

        Returns
        -------
        RequestContext
            The context itself.

        Raises
        ------
        ProblemError
            400: the request has another parameter.
        """
        items.check_parameters(self.parameters, items.GENERAL)
        return self

    def respond(
        self,
        document: Mapping[str, Any],
        page: Callable[[], str],
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the response in the form that the client asked for.

        Parameters
        ----------
        document
            The JSON form.
        page
            Makes the HTML form.
        headers
            Additional response headers.
        """
        if self.form == "html":
            content, media_type = page().encode(), f"{HTML}; charset=utf-8"
        else:
            content, media_type = _json(document), self.json_type
        all_headers = {**_HEADERS, **(headers or {}), "Content-Type": media_type}
        return Response(content, headers=all_headers)


def _json(document: Mapping[str, Any]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


# -- routes ------------------------------------------------------------------------------------


def landing(request: Request) -> Response:
    """Respond with the landing page.

    Parameters
    ----------
    request
        The request.
    """
    context = RequestContext(request, resources.JSON).check_general()
    document = resources.landing(context.atlas, context.address, context.form)
    return context.respond(document, lambda: pages.landing(document, context.address))


def conformance(request: Request) -> Response:
    """Respond with the conformance classes.

    Parameters
    ----------
    request
        The request.
    """
    context = RequestContext(request, resources.JSON).check_general()
    document = resources.conformance(context.address, context.form)
    return context.respond(document, lambda: pages.conformance(document, context.address))


def api(request: Request) -> Response:
    """Respond with the API's definition.

    Parameters
    ----------
    request
        The request.
    """
    context = RequestContext(request, resources.OPENAPI).check_general()
    document = openapi.definition(context.atlas, context.address)
    return context.respond(document, lambda: pages.api(document, context.address))


def collections(request: Request) -> Response:
    """Respond with the descriptions of all layers.

    Parameters
    ----------
    request
        The request.
    """
    context = RequestContext(request, resources.JSON).check_general()
    document = resources.collections(context.atlas, context.address, context.form)
    return context.respond(
        document, lambda: pages.collections(context.atlas, document, context.address)
    )


def collection(request: Request) -> Response:
    """Respond with a layer's description.

    Parameters
    ----------
    request
        The request.
    """
    context = RequestContext(request, resources.JSON).check_general()
    document = resources.collection(context.atlas, context.layer, context.address, context.form)
    return context.respond(
        document, lambda: pages.collection(context.atlas, document, context.address)
    )


def queryables(request: Request) -> Response:
    """Respond with the properties that a filter may name.

    Parameters
    ----------
    request
        The request.
    """
    context = RequestContext(request, resources.SCHEMA).check_general()
    document = resources.queryables(context.atlas, context.layer, context.address)
    return context.respond(
        document,
        lambda: pages.properties(
            document["properties"], context.layer, context.address, "可查询的属性", "queryables"
        ),
    )


def schema(request: Request) -> Response:
    """Respond with the structure of a layer's features.

    Parameters
    ----------
    request
        The request.
    """
    context = RequestContext(request, resources.SCHEMA).check_general()
    document = resources.schema(context.atlas, context.layer, context.address)
    columns = document["properties"]["properties"]["properties"]
    return context.respond(
        document,
        lambda: pages.properties(columns, context.layer, context.address, "要素的结构", "schema"),
    )


def features(request: Request) -> Response:
    """Respond with a page of a layer's features.

    Parameters
    ----------
    request
        The request.
    """
    context = RequestContext(request, resources.GEOJSON)
    found = items.feature_page(context.atlas, context.layer, context.parameters)
    path = ("collections", context.layer, "items")
    document = {
        "type": "FeatureCollection",
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberMatched": found.matched,
        "numberReturned": len(found.features),
        **metadata_json(
            describe_export(context.atlas, [context.layer], found.view, [found.system.crs])
        ),
        "links": [
            *resources.representation_links(
                context.address,
                resources.GEOJSON,
                *path,
                form=context.form,
                parameters=context.own_parameters,
            ),
            *_paging_links(context, found, path),
            resources.link("collection", resources.JSON, "图层", context.address, *path[:2]),
        ],
        "features": _encoded(found),
    }
    return context.respond(
        document,
        lambda: pages.features(
            context.atlas, context.layer, document, found, context.address, context.parameters
        ),
        {"Content-Crs": f"<{found.system.uri}>"},
    )


def feature(request: Request) -> Response:
    """Respond with one feature.

    Parameters
    ----------
    request
        The request.
    """
    context = RequestContext(request, resources.GEOJSON)
    name: str = request.path_params["feature"]
    found = items.single_feature(context.atlas, context.layer, context.parameters, name)
    if found is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"图层 {context.layer} 没有要素{quoted(name)}。")
    path = ("collections", context.layer, "items", name)
    document = {
        **_encoded(found)[0],
        "links": [
            *resources.representation_links(
                context.address,
                resources.GEOJSON,
                *path,
                form=context.form,
                parameters=context.own_parameters,
            ),
            resources.link("collection", resources.JSON, "图层", context.address, *path[:2]),
        ],
    }
    return context.respond(
        document,
        lambda: pages.feature(context.atlas, context.layer, document, context.address),
        {"Content-Crs": f"<{found.system.uri}>"},
    )


def options(_: Request) -> Response:
    """Respond with the methods of a resource; whoever asks gets this, and nothing else.

    Parameters
    ----------
    _
        The request.
    """
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={**_HEADERS, **_ALLOW})


def _encoded(found: items.FeaturePage) -> list[dict[str, Any]]:
    shapes = found.system.in_axis_order(found.features.geometry.to_numpy())
    return encoded(found.features.set_geometry(shapes, crs=None))


def _paging_links(
    context: RequestContext, found: items.FeaturePage, path: tuple[str, ...]
) -> list[dict[str, str]]:
    """Return the links to the next and the previous page, if there are any."""
    media_type, form = (HTML, "html") if context.form == "html" else (resources.GEOJSON, "json")
    previous_offset = min(found.offset, found.matched) - found.limit
    offsets = {}
    if found.has_next:
        offsets["next"] = ("下一页", found.offset + found.limit)
    if found.offset:
        offsets["prev"] = ("上一页", max(previous_offset, 0))
    return [
        resources.link(
            rel,
            media_type,
            title,
            context.address,
            *path,
            parameters={
                **context.own_parameters,
                "limit": str(found.limit),
                "offset": str(offset),
                "f": form,
            },
        )
        for rel, (title, offset) in offsets.items()
    ]


# -- errors ------------------------------------------------------------------------------------


def respond_to_error(request: Request, error: Exception) -> Response:
    """Respond with a problem document, or with an HTML page if the client prefers HTML.

    Parameters
    ----------
    request
        The request that failed.
    error
        The exception.
    """
    problem = _problem_of(error)
    form = request.query_params.get("f") or preferred(
        request.headers.get("accept", "*/*"), "application/problem+json"
    )
    if form == "html":
        content, media_type = pages.problem(problem).encode(), f"{HTML}; charset=utf-8"
    else:
        content, media_type = _json(problem.document), "application/problem+json"
    headers = {**_HEADERS, **problem.headers, "Content-Type": media_type}
    return Response(content, problem.status.value, headers=headers)


def _problem_of(error: Exception) -> ProblemError:
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
                HTTPStatus.METHOD_NOT_ALLOWED, "只答复 GET、HEAD 与 OPTIONS 请求。", _ALLOW
            )
        case HTTPException(status_code=HTTPStatus.NOT_FOUND):
            return ProblemError(HTTPStatus.NOT_FOUND, "没有这个地址；从服务的首页找起。")
        case _:
            return ProblemError(
                HTTPStatus.INTERNAL_SERVER_ERROR, "服务出错了；请把时间告诉管理员，以便查日志。"
            )


def application(store: Store | None = None) -> Starlette:
    """Return the API as an ASGI application.

    Parameters
    ----------
    store
        The source of the atlas, by default the data folder.
    """
    layer = "/collections/{layer}"
    resources_by_path = {
        "/": landing,
        "/conformance": conformance,
        "/api": api,
        "/collections": collections,
        layer: collection,
        f"{layer}/queryables": queryables,
        f"{layer}/schema": schema,
        f"{layer}/items": features,
        f"{layer}/items/{{feature:path}}": feature,
    }
    cross_origin = Middleware(
        CORSMiddleware,
        allow_origins=access.origins(),
        allow_methods=("GET", "HEAD"),
        allow_headers=("Authorization",),
        expose_headers=("Content-Crs",),
    )
    api_application = Starlette(
        routes=[
            *(Route(path, respond) for path, respond in resources_by_path.items()),
            *(Route(path, options, methods=["OPTIONS"]) for path in resources_by_path),
        ],
        middleware=[
            *([cross_origin] if access.origins() else []),
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
        exception_handlers=dict.fromkeys(
            (ProblemError, DataFaultsError, HTTPException, Exception), respond_to_error
        ),
    )
    api_application.router.redirect_slashes = False
    api_application.state.store = store or Store()
    return api_application
