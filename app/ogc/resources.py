"""What the API says of itself, as JSON: landing page, conformance, collections, queryables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.ogc import items, references
from app.ogc.address import Address, Values
from app.ogc.filters import GEOMETRY
from layers.catalogue import LAYERS, Atlas
from layers.columns import Column

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
HTML = "text/html"
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
    rel: str, kind: str, title: str, address: Address, *path: str, words: Values | None = None
) -> dict[str, str]:
    """Return a link; every link says what it leads to, in which media type."""
    return {"rel": rel, "type": kind, "title": title, "href": address.to(*path, words=words)}


def forms(
    address: Address, kind: str, *path: str, form: str, words: Values | None = None
) -> list[dict[str, str]]:
    """Return the links from a resource to itself and to its other form."""
    relations = ("self", "alternate") if form == "json" else ("alternate", "self")
    types = (("json", kind, "JSON"), ("html", HTML, "网页"))
    return [
        link(rel, media, f"本资源（{title}）", address, *path, words={**(words or {}), "f": name})
        for rel, (name, media, title) in zip(relations, types, strict=True)
    ]


def landing(atlas: Atlas, address: Address, form: str) -> dict[str, Any]:
    """Return the landing page."""
    info = atlas.records.atlas
    return {
        "title": info.title,
        "description": f"{info.title}的图层，按 OGC API – Features 提供。{info.disclaimer}",
        "attribution": info.attribution,
        "data_version": atlas.records.data_version,
        "links": [
            *forms(address, JSON, form=form),
            link("service-desc", OPENAPI, "API 定义", address, "api", words={"f": "json"}),
            link("service-doc", HTML, "API 说明", address, "api", words={"f": "html"}),
            link("conformance", JSON, "符合的标准", address, "conformance"),
            link("data", JSON, "图层", address, "collections"),
        ],
    }


def conformance(address: Address, form: str) -> dict[str, Any]:
    """Return the conformance classes that hold."""
    return {
        "conformsTo": list(CONFORMANCE),
        "links": forms(address, JSON, "conformance", form=form),
    }


def collections(atlas: Atlas, address: Address, form: str) -> dict[str, Any]:
    """Return all layers."""
    return {
        "links": forms(address, JSON, "collections", form=form),
        "crs": list(references.offered(atlas)),
        "collections": [_collection(atlas, layer, address) for layer in LAYERS],
    }


def collection(atlas: Atlas, layer: str, address: Address, form: str) -> dict[str, Any]:
    """Return a layer's description."""
    described = _collection(atlas, layer, address)
    own = forms(address, JSON, "collections", layer, form=form)
    return {**described, "links": own + described["links"]}


def _collection(atlas: Atlas, layer: str, address: Address) -> dict[str, Any]:
    spec = LAYERS[layer]
    path = ("collections", layer)
    return {
        "id": layer,
        "title": spec.title,
        "description": spec.description,
        "itemType": "feature",
        "extent": collection_extent(atlas, layer),
        "crs": list(references.offered(atlas)),
        "storageCrs": references.STORAGE,
        "links": [
            link("items", GEOJSON, f"{spec.title}：要素（GeoJSON）", address, *path, "items"),
            link(
                "items",
                HTML,
                f"{spec.title}：要素（网页）",
                address,
                *path,
                "items",
                words={"f": "html"},
            ),
            link(_QUERYABLES, SCHEMA, f"{spec.title}：可查询的属性", address, *path, "queryables"),
        ],
    }


def collection_extent(atlas: Atlas, layer: str) -> dict[str, Any]:
    """Return where a layer lies, and for which years it speaks where it does."""
    features = atlas.frames[layer]
    found: dict[str, Any] = {}
    if features.geometry.notna().any():
        bounds = [float(v) for v in features.total_bounds]
        found["spatial"] = {"bbox": [bounds], "crs": references.CRS84}
    if items.has_time(atlas, layer):
        years = atlas.records.atlas.years
        found["temporal"] = {
            "interval": [[f"{min(years)}-01-01T00:00:00Z", f"{max(years)}-12-31T23:59:59Z"]]
        }
    return found


def queryables(atlas: Atlas, layer: str, address: Address) -> dict[str, Any]:
    """Return the properties of a layer that a filter may name, as a JSON Schema."""
    columns = {column.name: schema(column) for column in items.properties(atlas, layer)}
    geometry = {"title": "图形", "x-ogc-role": "primary-geometry", "format": "geometry-any"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": Address(address.base).to("collections", layer, "queryables"),
        "type": "object",
        "title": LAYERS[layer].title,
        "properties": {GEOMETRY: geometry, **columns},
        "additionalProperties": False,
    }


def schema(column: Column) -> dict[str, Any]:
    """Return the JSON Schema of a column's values."""
    kinds: Mapping[str, dict[str, Any]] = {
        "text": {"type": "string"},
        "list": {"type": "array", "items": {"type": "string"}},
        "integer": {"type": "integer"},
        "number": {"type": "number"},
    }
    unit = {"x-ogc-unit": column.unit} if column.unit else {}
    return {"title": column.title, "description": column.meaning, **kinds[column.kind], **unit}
