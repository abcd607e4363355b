"""The API's description of itself as JSON: landing page, conformance, collections, queryables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.ogc import items
from app.ogc.address import Address, LinkParameters
from app.ogc.filters import GEOMETRY
from app.ogc.references import CRS84, STORAGE, offered_references
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.columns import Column

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
HTML = "text/html"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_SCHEMA = "describedBy"  # the case is free, but GDAL 3.6 knows this one alone
_JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"

CONFORMANCE = (
    *(
        f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
        for name in ("core", "oas30", "html", "geojson")
    ),
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    *(
        f"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/{name}"
        for name in ("queryables", "filter", "features-filter")
    ),
    *(
        f"http://www.opengis.net/spec/cql2/1.0/conf/{name}"
        for name in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "array-functions",
            "property-property",
            "arithmetic",
        )
    ),
)


def link(
    rel: str,
    media_type: str,
    title: str,
    address: Address,
    *path: str,
    parameters: LinkParameters | None = None,
) -> dict[str, str]:
    """Return a link object.

    Parameters
    ----------
    rel
        The link relation.
    media_type
        The media type of the target.
    title
        The Chinese title of the target.
    address
        The base address of the API.
    path
        The path segments of the target, below the base.
    parameters
        The query parameters of the target.
    """
    return {
        "rel": rel,
        "type": media_type,
        "title": title,
        "href": address.to(*path, parameters=parameters),
    }


def representation_links(
    address: Address,
    media_type: str,
    *path: str,
    form: str,
    parameters: LinkParameters | None = None,
) -> list[dict[str, str]]:
    """Return the links of a resource to itself (``self``) and to its other form (``alternate``).

    Parameters
    ----------
    address
        The base address of the API.
    media_type
        The media type of the resource's JSON form.
    path
        The path segments of the resource, below the base.
    form
        The form of the response, ``json`` or ``html``.
    parameters
        The query parameters of the resource.
    """
    relations = ("self", "alternate") if form == "json" else ("alternate", "self")
    types = (("json", media_type, "JSON"), ("html", HTML, "网页"))
    shared = dict(parameters or {})
    return [
        link(rel, kind, f"本资源（{title}）", address, *path, parameters={**shared, "f": name})
        for rel, (name, kind, title) in zip(relations, types, strict=True)
    ]


def landing(atlas: Atlas, address: Address, form: str) -> dict[str, Any]:
    """Return the landing page.

    Parameters
    ----------
    atlas
        The atlas.
    address
        The base address of the API.
    form
        The form of the response, ``json`` or ``html``.
    """
    info = atlas.records.atlas
    return {
        "title": info.title,
        "description": f"{info.title}的图层，按 OGC API – Features 提供。{info.disclaimer}",
        "attribution": info.attribution,
        "data_version": atlas.records.data_version,
        "links": [
            *representation_links(address, JSON, form=form),
            link("service-desc", OPENAPI, "API 定义", address, "api", parameters={"f": "json"}),
            link("service-doc", HTML, "API 说明", address, "api", parameters={"f": "html"}),
            link("conformance", JSON, "符合的标准", address, "conformance"),
            link("data", JSON, "图层", address, "collections"),
        ],
    }


def conformance(address: Address, form: str) -> dict[str, Any]:
    """Return the conformance classes that the API implements.

    Parameters
    ----------
    address
        The base address of the API.
    form
        The form of the response, ``json`` or ``html``.
    """
    return {
        "conformsTo": list(CONFORMANCE),
        "links": representation_links(address, JSON, "conformance", form=form),
    }


def collections(atlas: Atlas, address: Address, form: str) -> dict[str, Any]:
    """Return the descriptions of all layers.

    Parameters
    ----------
    atlas
        The atlas.
    address
        The base address of the API.
    form
        The form of the response, ``json`` or ``html``.
    """
    return {
        "links": representation_links(address, JSON, "collections", form=form),
        "crs": list(offered_references(atlas)),
        "collections": [_collection(atlas, layer, address) for layer in KINDS],
    }


def collection(atlas: Atlas, layer: str, address: Address, form: str) -> dict[str, Any]:
    """Return the description of a layer.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.
    address
        The base address of the API.
    form
        The form of the response, ``json`` or ``html``.
    """
    described = _collection(atlas, layer, address)
    own = representation_links(address, JSON, "collections", layer, form=form)
    return {**described, "links": own + described["links"]}


def _collection(atlas: Atlas, layer: str, address: Address) -> dict[str, Any]:
    spec = KINDS[layer]
    path = ("collections", layer)
    return {
        "id": layer,
        "title": spec.title,
        "description": spec.description,
        "itemType": "feature",
        "extent": collection_extent(atlas, layer),
        "crs": list(offered_references(atlas)),
        "storageCrs": STORAGE,
        "links": [
            link("items", GEOJSON, f"{spec.title}：要素（GeoJSON）", address, *path, "items"),
            link(
                "items",
                HTML,
                f"{spec.title}：要素（网页）",
                address,
                *path,
                "items",
                parameters={"f": "html"},
            ),
            link(_QUERYABLES, SCHEMA, f"{spec.title}：可查询的属性", address, *path, "queryables"),
            link(_SCHEMA, SCHEMA, f"{spec.title}：要素的结构", address, *path, "schema"),
        ],
    }


def collection_extent(atlas: Atlas, layer: str) -> dict[str, Any]:
    """Return the extent of a layer: its bounds, and its years if its features have a target year.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.

    Returns
    -------
    dict
        ``spatial``, in degrees as west, south, east, north (absent without geometry), and
        ``temporal`` (absent without target years).
    """
    features = atlas.frames[layer]
    extent: dict[str, Any] = {}
    if features.geometry.notna().any():
        bounds = [float(v) for v in features.total_bounds]
        extent["spatial"] = {"bbox": [bounds], "crs": CRS84}
    if items.has_time(atlas, layer):
        years = {*atlas.records.atlas.years, *features["year"].dropna()}
        extent["temporal"] = {
            "interval": [[f"{min(years)}-01-01T00:00:00Z", f"{max(years)}-12-31T23:59:59Z"]],
            "trs": GREGORIAN,
        }
    return extent


def queryables(atlas: Atlas, layer: str, address: Address) -> dict[str, Any]:
    """Return the properties of a layer that a filter may name, as a JSON Schema.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.
    address
        The base address of the API.
    """
    geometry_type = KINDS[layer].geometry_type
    geometry = {
        "title": "图形",
        "x-ogc-role": "primary-geometry",
        "format": f"geometry-{geometry_type.lower()}",
    }
    columns = {column.name: _queryable(column) for column in items.properties(atlas, layer)}
    return {
        "$schema": _JSON_SCHEMA,
        "$id": Address(address.base).to("collections", layer, "queryables"),
        "type": "object",
        "title": KINDS[layer].title,
        "properties": {GEOMETRY: geometry, **columns},
        "additionalProperties": False,
    }


def _queryable(column: Column) -> dict[str, Any]:
    described = column_schema(column)
    if column.kind != "list":
        return described
    use = f"含有某值：a_contains({column.name}, ('值'))，或参数 {column.name}=值。"
    return {**described, "description": f"{column.meaning}{use}"}


def schema(atlas: Atlas, layer: str, address: Address) -> dict[str, Any]:
    """Return the declared structure of a layer's features, as a JSON Schema.

    GDAL takes the types of fields from it, which it would otherwise guess from a page of features.
    It reads no alternatives of types, so the schema does not mention null. It makes a field of a
    feature's id itself, so this stands here once, and not among the properties.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.
    address
        The base address of the API.
    """
    columns = {column.name: column_schema(column) for column in items.properties(atlas, layer)}
    own_id = columns.pop("id")
    geometry = {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"type": "string", "enum": [KINDS[layer].geometry_type]},
            "coordinates": {"type": "array"},
        },
    }
    return {
        "$schema": _JSON_SCHEMA,
        "$id": Address(address.base).to("collections", layer, "schema"),
        "type": "object",
        "title": KINDS[layer].title,
        "description": "GeoJSON 要素；没有的值与图形是 null。",
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": own_id,
            "geometry": geometry,
            "properties": {"type": "object", "properties": columns},
        },
    }


def column_schema(column: Column) -> dict[str, Any]:
    """Return the JSON Schema of a column's values.

    Parameters
    ----------
    column
        The column. Its unit becomes ``x-ogc-unit``.
    """
    kinds: Mapping[str, dict[str, Any]] = {
        "text": {"type": "string"},
        "list": {"type": "array", "items": {"type": "string"}},
        "integer": {"type": "integer"},
        "number": {"type": "number"},
    }
    unit = {"x-ogc-unit": column.unit} if column.unit else {}
    return {"title": column.title, "description": column.meaning, **kinds[column.kind], **unit}
