"""The API's documents as HTML pages, without scripts or external files. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from numbers import Real
from pathlib import Path
from typing import Any

import pandas as pd

from app.ogc import items
from app.ogc.address import Address
from app.ogc.problems import ProblemError
from app.ogc.references import offered_references
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.columns import Column
from layers.formats.metadata import FILTER_TITLES
from layers.markup import escape_html
from layers.portrayal.status import STATUS_TITLES
from layers.reading.query import filter_options
from layers.reading.tables import readable
from layers.reading.view import View, filters_of
from layers.shared.vocabulary import TIERS

_CSS = Path(__file__).resolve().parent / "pages.css"
_FILTERS = {"year": "目标年", **FILTER_TITLES}
_CODE_TITLES: Mapping[str, Mapping[str, str]] = {"geometry_status": STATUS_TITLES, "tier": TIERS}


@cache
def _style() -> str:
    return _CSS.read_text(encoding="utf-8")


def _page(title: str, trail: Iterable[tuple[str, str]], body: str, footer: str = "") -> str:
    crumbs = " › ".join(_anchor(href, text) for text, href in trail)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape_html(title)}</title><style>{_style()}</style></head><body>"
        + (f"<header><nav>{crumbs}</nav></header>" if crumbs else "")
        + f"<main><h1>{escape_html(title)}</h1>{body}</main>"
        + (f"<footer>{footer}</footer>" if footer else "")
        + "</body></html>\n"
    )


def _anchor(href: str, text: object) -> str:
    return f'<a href="{escape_html(href)}">{escape_html(text)}</a>'


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; the cells in `rows` are HTML."""
    titles = "".join(f"<th>{escape_html(title)}</th>" for title in head)
    top = f"<thead><tr>{titles}</tr></thead>" if titles else ""
    lines = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f'<div class="wide"><table>{top}<tbody>{lines}</tbody></table></div>'


def _cell(value: object, kind: str = "") -> str:
    return f"<td{f' class={kind}' if kind else ''}>{value}</td>"


def _trail(address: Address, *path: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the breadcrumbs from the landing page down, as (title, address) pairs."""
    parameters = {"f": "html"}
    trail = [("数据服务", address.to(parameters=parameters))]
    below: list[str] = []
    for title, segment in path:
        below.append(segment)
        trail.append((title, address.to(*below, parameters=parameters)))
    return trail


def _json_link(document: Mapping[str, Any]) -> str:
    alternates = [one for one in document["links"] if one["rel"] == "alternate"]
    return f'<p class="soft">{_anchor(alternates[0]["href"], "JSON")}</p>' if alternates else ""


def _source_line(document: Mapping[str, Any]) -> str:
    return (
        f"{escape_html(document['attribution'])}　数据版本 {escape_html(document['data_version'])}"
    )


# -- pages -------------------------------------------------------------------------------------


def landing(document: Mapping[str, Any], address: Address) -> str:
    """Return the landing page.

    Parameters
    ----------
    document
        The JSON document of the resource.
    address
        The base address of the API.
    """
    html = {"f": "html"}
    where = address.to()
    body = (
        f"<p>{escape_html(document['description'])}</p>"
        f"<h2>在 GIS 里打开</h2><p>QGIS：图层 → 添加图层 → 添加 WFS / OGC API – Features 图层，"
        f"新建连接，地址填：</p><p><code>{escape_html(where)}</code></p>"
        "<h2>内容</h2>"
        + _table(
            (),
            (
                (
                    _cell(_anchor(address.to(*path, parameters=html), title)),
                    _cell(escape_html(text)),
                )
                for path, title, text in (
                    (("collections",), "图层", f"{len(KINDS)} 个图层，逐个要素"),
                    (("api",), "API 说明", "全部地址与参数（OpenAPI 3.0）"),
                    (("conformance",), "符合的标准", "OGC API – Features 与 CQL2 的符合性类"),
                )
            ),
        )
        + _json_link(document)
    )
    return _page(document["title"], _trail(address), body, _source_line(document))


def conformance(document: Mapping[str, Any], address: Address) -> str:
    """Return the page of conformance classes.

    Parameters
    ----------
    document
        The JSON document of the resource.
    address
        The base address of the API.
    """
    rows = ((_cell(f"<code>{escape_html(uri)}</code>"),) for uri in document["conformsTo"])
    trail = _trail(address, ("符合的标准", "conformance"))
    return _page("符合的标准", trail, _table((), rows) + _json_link(document))


def collections(atlas: Atlas, document: Mapping[str, Any], address: Address) -> str:
    """Return the page of all layers.

    Parameters
    ----------
    atlas
        The atlas.
    document
        The JSON document of the resource.
    address
        The base address of the API.
    """
    rows = (
        (
            _cell(
                _anchor(
                    address.to("collections", one["id"], parameters={"f": "html"}), one["title"]
                )
            ),
            _cell(f"<code>{escape_html(one['id'])}</code>"),
            _cell(len(atlas.frames[one["id"]]), "number"),
            _cell(escape_html(one["description"]), "long"),
        )
        for one in document["collections"]
    )
    table = _table(("图层", "编号", "要素", "说明"), rows)
    trail = _trail(address, ("图层", "collections"))
    return _page("图层", trail, table + _json_link(document))


def collection(atlas: Atlas, document: Mapping[str, Any], address: Address) -> str:
    """Return a layer's page: its description, properties and coordinate reference systems.

    Parameters
    ----------
    atlas
        The atlas.
    document
        The JSON document of the resource.
    address
        The base address of the API.
    """
    layer = document["id"]
    path = ("collections", layer)
    columns = (
        (
            _cell(f"<code>{escape_html(column.name)}</code>"),
            _cell(escape_html(column.title)),
            _cell(escape_html({"list": "列表", "text": "文字"}.get(column.kind, "数值"))),
            _cell(escape_html(column.unit or "")),
        )
        for column in items.properties(atlas, layer)
    )
    systems = (
        (
            _cell(escape_html(offered_references(atlas)[uri].title)),
            _cell(f"<code>{escape_html(uri)}</code>"),
        )
        for uri in document["crs"]
    )
    links = "　".join(
        _anchor(address.to(*path, segment, parameters={"f": form}), text)
        for segment, form, text in (
            ("items", "html", "浏览要素"),
            ("items", "json", "GeoJSON"),
            ("queryables", "html", "可查询的属性"),
            ("schema", "html", "要素的结构"),
        )
    )
    body = (
        f"<p>{escape_html(document['description'])}</p><p>{links}</p>"
        "<h2>属性</h2>"
        + _table(("名称", "中文名", "类型", "单位"), columns)
        + "<h2>坐标系</h2>"
        + _table(("名称与轴序", "地址"), systems)
        + _json_link(document)
    )
    trail = _trail(address, ("图层", "collections"), (document["title"], layer))
    return _page(document["title"], trail, body)


def properties(
    schemas: Mapping[str, Any], layer: str, address: Address, title: str, segment: str
) -> str:
    """Return a page that lists properties: those that a filter may name, or those of a feature.

    Parameters
    ----------
    schemas
        Name of a property → its JSON Schema.
    layer
        The layer's id.
    address
        The base address of the API.
    title
        The Chinese title of the list.
    segment
        The last path segment of the page.
    """
    rows = (
        (
            _cell(f"<code>{escape_html(name)}</code>"),
            _cell(escape_html(schema["title"])),
            _cell(escape_html(schema.get("type", "geometry"))),
            _cell(escape_html(schema.get("description", "")), "long"),
        )
        for name, schema in schemas.items()
    )
    layer_title = KINDS[layer].title
    trail = _trail(address, ("图层", "collections"), (layer_title, layer), (title, segment))
    table = _table(("名称", "中文名", "类型", "含义"), rows)
    return _page(f"{layer_title}：{title}", trail, table)


def features(
    atlas: Atlas,
    layer: str,
    document: Mapping[str, Any],
    found: items.FeaturePage,
    address: Address,
    parameters: items.Parameters,
) -> str:
    """Return a page of a layer's features, with a form for the filters and links between pages.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.
    document
        The JSON document of the resource.
    found
        The features of the page.
    address
        The base address of the API.
    parameters
        The parameters of the request. The form keeps those that it does not set itself.
    """
    spec, view = KINDS[layer], found.view
    path = ("collections", layer, "items")
    year = {"year": str(view.year)} if items.has_time(atlas, layer) else {}
    kept = {**year, "f": "html"}
    cells, columns = readable(atlas, layer, found.features, view.year)
    table = cells.rename(columns={column.name: column.title_with_unit for column in columns})
    rows = (
        (
            _cell(_anchor(address.to(*path, one, parameters=kept), first or one)),
            *map(_table_cell, others),
        )
        for one, (first, *others) in zip(
            found.features["id"], table.itertuples(index=False, name=None), strict=True
        )
    )
    count = len(table)
    hrefs = {one["rel"]: one["href"] for one in document["links"]}
    paging = "".join(
        _anchor(hrefs[rel], text)
        for rel, text in (("prev", "← 上一页"), ("next", "下一页 →"))
        if rel in hrefs
    )
    shown = f"第 {found.offset + 1}–{found.offset + count} 个，" if count else ""
    ignored = "、".join(_FILTERS[name] for name in view.filters_ignored_by(layer))
    body = (
        f"<p>{escape_html(spec.description)}</p>"
        + _filter_form(atlas, layer, view, address, parameters)
        + (f"<p>本图层没有“{escape_html(ignored)}”的值，未按它筛选。</p>" if ignored else "")
        + f'<div class="paging"><span>{shown}共 {found.matched} 个</span>{paging}'
        + f"{_anchor(hrefs['alternate'], 'GeoJSON')}</div>"
        + (_table(table.columns, rows) if count else "<p>没有要素。</p>")
        + (f'<div class="paging">{paging}</div>' if paging and count > 20 else "")
    )
    trail = _trail(address, ("图层", "collections"), (spec.title, layer), ("要素", "items"))
    source = f"{escape_html(document['disclaimer'])}<br>{_source_line(document)}"
    return _page(f"{spec.title}：要素", trail, body, source)


def feature(atlas: Atlas, layer: str, document: Mapping[str, Any], address: Address) -> str:
    """Return a feature's page: its properties with values, each with its Chinese title.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.
    document
        The JSON document of the resource.
    address
        The base address of the API.
    """
    values = document["properties"]
    columns = items.properties(atlas, layer)
    rows = (
        (
            f"<th>{escape_html(_heading(column))}</th>",
            _cell(f"<code>{escape_html(column.name)}</code>"),
            _cell(_value_with_meaning(values[column.name], column)),
        )
        for column in columns
        if values[column.name] not in (None, "")
    )
    geometry = document["geometry"]
    kinds = {"Point": "点", "MultiPoint": "多点", "Polygon": "多边形", "MultiPolygon": "多多边形"}
    shape = kinds.get(geometry["type"], geometry["type"]) if geometry else "没有图形"
    self_json = next(one["href"] for one in document["links"] if one["rel"] == "alternate")
    body = (
        f'<p class="soft">图形：{escape_html(shape)}　{_anchor(self_json, "GeoJSON")}</p>'
        + _table(("属性", "名称", "值"), rows)
    )
    title = KINDS[layer].title
    trail = _trail(address, ("图层", "collections"), (title, layer), ("要素", "items"))
    info = atlas.records.atlas
    return _page(
        values["name"],
        trail,
        body,
        f"{escape_html(info.disclaimer)}<br>{escape_html(info.attribution)}",
    )


def api(document: Mapping[str, Any], address: Address) -> str:
    """Return the page of the API's definition: addresses and parameters.

    Parameters
    ----------
    document
        The JSON document of the resource.
    address
        The base address of the API.
    """
    shared = document["components"]["parameters"]
    operations = (
        (
            _cell(f"<code>{escape_html(path)}</code>"),
            _cell(escape_html(operation["get"]["summary"])),
        )
        for path, operation in document["paths"].items()
    )
    parameters = (
        (
            _cell(f"<code>{escape_html(name)}</code>"),
            _cell(escape_html(one["description"]), "long"),
            _cell(_allowed_values(name, one["schema"]), "long"),
        )
        for name, one in shared.items()
    )
    as_json = address.to("api", parameters={"f": "json"})
    body = (
        f"<p>{escape_html(document['info']['description'])}</p>"
        "<p>图层的属性也可直接作参数，如 <code>name=…</code>：等于该值；列表：含有该值。</p>"
        "<h2>参数</h2>"
        + _table(("参数", "说明", "可用的值"), parameters)
        + "<h2>地址</h2>"
        + _table(("地址", "内容"), operations)
        + f'<p class="soft">{_anchor(as_json, "OpenAPI 3.0（JSON）")}</p>'
    )
    return _page("API 说明", _trail(address, ("API 说明", "api")), body)


def problem(error: ProblemError) -> str:
    """Return the page of an error.

    Parameters
    ----------
    error
        The error.
    """
    return _page(f"{error.status.value}　不能答复", (), f"<p>{escape_html(error.detail)}</p>")


# -- parts -------------------------------------------------------------------------------------


def _heading(column: Column) -> str:
    return f"{column.title}（{column.unit}）" if column.unit else column.title


def _table_cell(value: Any) -> str:
    """Return a cell of the table that the page shows for a layer."""
    if pd.isna(value):
        return _cell("")
    is_number = isinstance(value, Real)
    return _cell(
        f"{value:.10g}" if is_number else escape_html(value), "number" if is_number else ""
    )


def _value_with_meaning(value: Any, column: Column) -> str:
    """Return a property's value, with its Chinese meaning if it is a code."""
    if isinstance(value, list):
        return escape_html("、".join(value))
    meaning = _CODE_TITLES.get(column.name, {}).get(value)
    return escape_html(value) + (
        f'<span class="soft">　{escape_html(meaning)}</span>' if meaning else ""
    )


def _allowed_values(name: str, schema: Mapping[str, Any]) -> str:
    """Return the values that a parameter may have, if they can be listed."""
    if name.endswith("-crs"):
        return "同 <code>crs</code>"
    listed = schema.get("items", schema).get("enum", ())
    return "　".join(f"<code>{escape_html(value)}</code>" for value in listed)


def _filter_form(
    atlas: Atlas, layer: str, view: View, address: Address, parameters: items.Parameters
) -> str:
    """Return the page's filters as a form, with all other parameters as hidden fields."""
    chosen = {"year": (str(view.year),), **view.filters}
    applies = filters_of(layer)
    has_time = items.has_time(atlas, layer)
    offered = [name for name in _FILTERS if name in applies or (name == "year" and has_time)]
    titles = filter_options(atlas)
    fields = []
    for name in offered:
        options = [] if name == "year" else [("", "全部")]
        options += titles[name].items()
        listed = "".join(
            f'<option value="{escape_html(value)}"{" selected" if value in chosen[name] else ""}>'
            f"{escape_html(title)}</option>"
            for value, title in options
        )
        fields.append(f'<label>{_FILTERS[name]}<select name="{name}">{listed}</select></label>')
    kept = {k: v for k, v in parameters.items() if k not in (*offered, "offset", "datetime")}
    kept["f"] = ["html"]
    hidden = "".join(
        f'<input type="hidden" name="{escape_html(name)}" value="{escape_html(value)}">'
        for name, values in kept.items()
        for value in values
    )
    target = Address(address.base).to("collections", layer, "items")
    return (
        f'<form method="get" action="{escape_html(target)}">{"".join(fields)}{hidden}'
        "<button>筛选</button></form>"
    )
