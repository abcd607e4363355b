"""The API's definition in OpenAPI 3.0, generated from the columns and limits that the API uses."""

from __future__ import annotations

from typing import Any

from app.ogc import filters, items
from app.ogc.address import Address
from app.ogc.negotiation import FORMS
from app.ogc.references import CRS84, offered_references
from app.ogc.resources import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, column_schema
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.reading.query import filter_options

_TEXT = {"type": "string"}
_PROBLEM = "application/problem+json"


def definition(atlas: Atlas, address: Address) -> dict[str, Any]:
    """Return the OpenAPI document.

    Parameters
    ----------
    atlas
        The atlas.
    address
        The base address of the API. Its token is left out.
    """
    info = atlas.records.atlas
    server = Address(address.base)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": info.title,
            "description": f"{info.title}的图层，按 OGC API – Features 提供。{info.disclaimer}",
            "version": info.version,
        },
        "servers": [{"url": server.to()}],
        "security": [{}, {"bearer": []}, {"token": []}],
        "tags": [
            {"name": "api", "description": "服务说明"},
            *({"name": layer.id, "description": layer.title} for layer in KINDS.values()),
        ],
        "paths": _general_paths()
        | {
            path: operations
            for layer in KINDS
            for path, operations in _layer_paths(atlas, layer).items()
        },
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "token": {"type": "apiKey", "in": "query", "name": "token"},
            },
            "schemas": {
                "problem": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail"],
                    "properties": {
                        "type": _TEXT,
                        "title": _TEXT,
                        "status": {"type": "integer"},
                        "detail": _TEXT,
                    },
                },
            },
            "parameters": {
                name: _parameter(name, description, schema)
                for name, description, schema in _shared_parameters(atlas)
            },
            "responses": {
                "problem": {
                    "description": "请求不能答复；detail 用一句话说明原因",
                    "content": {
                        _PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}},
                        HTML: {"schema": _TEXT},
                    },
                }
            },
        },
    }


def _general_paths() -> dict[str, Any]:
    return {
        "/": _get("landing", "首页", "api", JSON),
        "/conformance": _get("conformance", "符合的标准", "api", JSON),
        "/api": _get("api", "本说明", "api", OPENAPI),
        "/collections": _get("collections", "全部图层", "api", JSON),
    }


def _layer_paths(atlas: Atlas, layer: str) -> dict[str, Any]:
    title = KINDS[layer].title
    path = f"/collections/{layer}"
    shared = [name for name in items.allowed_parameters(atlas, layer) if name not in items.GENERAL]
    own = {
        column.name: _parameter(
            column.name,
            f"{column.title}：等于该值（列表：含有该值）",
            _item_type(column_schema(column)),
        )
        for column in items.equality_columns(atlas, layer)
    }
    listed = [own[name] if name in own else _reference(name) for name in shared]
    feature: dict[str, Any] = {
        "name": "featureId",
        "in": "path",
        "required": True,
        "description": "要素编号",
        "schema": _TEXT,
        "example": str(atlas.frames[layer]["id"].iloc[0]) if len(atlas.frames[layer]) else "",
    }
    one = [feature, _reference("crs"), _reference("year")]
    return {
        path: _get(f"{layer}.describe", f"{title}：说明", layer, JSON),
        f"{path}/queryables": _get(f"{layer}.queryables", f"{title}：属性", layer, SCHEMA),
        f"{path}/schema": _get(f"{layer}.schema", f"{title}：要素的结构", layer, SCHEMA),
        f"{path}/items": _get(f"{layer}.items", f"{title}：要素", layer, GEOJSON, listed),
        f"{path}/items/{{featureId}}": _get(
            f"{layer}.item", f"{title}：一个要素", layer, GEOJSON, one
        ),
    }


def _get(
    name: str,
    summary: str,
    tag: str,
    media_type: str,
    parameters: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "object"}}, HTML: {"schema": _TEXT}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": [tag],
            "parameters": [*(parameters or []), _reference("f")],
            "responses": {
                "200": {"description": summary, "content": content},
                "default": {"$ref": "#/components/responses/problem"},
            },
        }
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    style = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
    return {"name": name, "in": "query", "description": description, "schema": schema, **style}


def _shared_parameters(atlas: Atlas) -> list[tuple[str, str, dict[str, Any]]]:
    """Return name, description and schema of the parameters that layers share."""
    allowed = filter_options(atlas)
    default_year = str(atlas.records.atlas.default_year)
    crs = {"type": "string", "enum": list(offered_references(atlas)), "default": CRS84}
    box = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    count = {"type": "integer", "minimum": 0}
    page = "页面的筛选"
    return [
        ("f", "表示形式；不给时看请求头 Accept", {"type": "string", "enum": list(FORMS)}),
        (
            "limit",
            f"每页要素数；大于 {items.MAX_LIMIT} 的按 {items.MAX_LIMIT}",
            {**count, "minimum": 1, "maximum": items.MAX_LIMIT, "default": items.DEFAULT_LIMIT},
        ),
        ("offset", "跳过的要素数", {**count, "default": 0}),
        ("bbox", "范围：西、南、东、北，按 bbox-crs 的轴序；没有图形的要素总在其中", box),
        ("bbox-crs", "bbox 的坐标系", crs),
        ("crs", "要素的坐标系", crs),
        (
            "datetime",
            "RFC 3339 的时间或区间，代替 year：目标年在其中的要素；没有目标年的要素总在其中",
            _TEXT,
        ),
        ("filter", "CQL2 过滤条件，按 year 等筛选之后的属性", _TEXT),
        (
            "filter-lang",
            "过滤条件的写法",
            {"type": "string", "enum": list(filters.LANGUAGES), "default": filters.LANGUAGES[0]},
        ),
        ("filter-crs", "过滤条件里图形的坐标系", crs),
        (
            "year",
            f"{page}：目标年；不减少集群，只决定 year、revenue_yi 等列",
            {"type": "string", "enum": list(allowed["year"]), "default": default_year},
        ),
        (
            "industry",
            f"{page}：产业，任一即可；也可写“文件编号:文件用语”",
            {"type": "array", "items": {**_TEXT, "example": next(iter(allowed["industry"]))}},
        ),
        ("tier", f"{page}：集群层级，任一即可", _any_of(list(allowed["tier"]))),
        ("city", f"{page}：城市代码，任一即可", _any_of(list(allowed["city"]))),
        ("county", f"{page}：县(市、区)代码，任一即可", _any_of(list(allowed["county"]))),
    ]


def _any_of(values: list[str]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": values}}


def _item_type(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema's type; for an array that of its items."""
    return {"type": schema.get("items", schema)["type"]}
