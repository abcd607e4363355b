"""The API's documents as plain HTML pages: no script, no outside file, all text escaped."""

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
from app.ogc.references import offered
from app.page.tables import readable
from layers.catalogue import LAYERS, Atlas
from layers.columns import Column
from layers.formats.metadata import FILTERS
from layers.kinds.clusters import TIERS
from layers.markup import safe
from layers.reading.details import STATUS_TITLES
from layers.reading.query import filter_options
from layers.reading.view import View, filters_of

_CSS = Path(__file__).resolve().parent / "pages.css"
_FILTERS = {"year": "目标年", **FILTERS}
_WORDS: Mapping[str, Mapping[str, str]] = {"geometry_status": STATUS_TITLES, "tier": TIERS}


@cache
def _style() -> str:
    return _CSS.read_text(encoding="utf-8")


def _page(title: str, trail: Iterable[tuple[str, str]], body: str, footer: str = "") -> str:
    crumbs = " › ".join(_a(href, text) for text, href in trail)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{safe(title)}</title><style>{_style()}</style></head><body>"
        + (f"<header><nav>{crumbs}</nav></header>" if crumbs else "")
        + f"<main><h1>{safe(title)}</h1>{body}</main>"
        + (f"<footer>{footer}</footer>" if footer else "")
        + "</body></html>\n"
    )


def _a(href: str, text: object) -> str:
    return f'<a href="{safe(href)}">{safe(text)}</a>'


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of cells that are HTML already."""
    titles = "".join(f"<th>{safe(title)}</th>" for title in head)
    top = f"<thead><tr>{titles}</tr></thead>" if titles else ""
    lines = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f'<div class="wide"><table>{top}<tbody>{lines}</tbody></table></div>'


def _cell(value: object, kind: str = "") -> str:
    return f"<td{f' class={kind}' if kind else ''}>{value}</td>"


def _trail(address: Address, *path: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the way from the landing page down: (title, address of its page)."""
    words = {"f": "html"}
    trail = [("数据服务", address.to(words=words))]
    below: list[str] = []
    for title, segment in path:
        below.append(segment)
        trail.append((title, address.to(*below, words=words)))
    return trail


def _json_link(document: Mapping[str, Any]) -> str:
    found = [one for one in document["links"] if one["rel"] == "alternate"]
    return f'<p class="soft">{_a(found[0]["href"], "JSON")}</p>' if found else ""


def _source(document: Mapping[str, Any]) -> str:
    return f"{safe(document['attribution'])}　数据版本 {safe(document['data_version'])}"


# -- pages -------------------------------------------------------------------------------------


def landing(document: Mapping[str, Any], address: Address) -> str:
    """Return the landing page."""
    html = {"f": "html"}
    where = address.to()
    body = (
        f"<p>{safe(document['description'])}</p>"
        f"<h2>在 GIS 里打开</h2><p>QGIS：图层 → 添加图层 → 添加 WFS / OGC API – Features 图层，"
        f"新建连接，地址填：</p><p><code>{safe(where)}</code></p>"
        "<h2>内容</h2>"
        + _table(
            (),
            (
                (_cell(_a(address.to(*path, words=html), title)), _cell(safe(text)))
                for path, title, text in (
                    (("collections",), "图层", f"{len(LAYERS)} 个图层，逐个要素"),
                    (("api",), "API 说明", "全部地址与参数（OpenAPI 3.0）"),
                    (("conformance",), "符合的标准", "OGC API – Features 与 CQL2 的符合性类"),
                )
            ),
        )
        + _json_link(document)
    )
    return _page(document["title"], _trail(address), body, _source(document))


def conformance(document: Mapping[str, Any], address: Address) -> str:
    """Return the page of conformance classes."""
    rows = ((_cell(f"<code>{safe(uri)}</code>"),) for uri in document["conformsTo"])
    trail = _trail(address, ("符合的标准", "conformance"))
    return _page("符合的标准", trail, _table((), rows) + _json_link(document))


def collections(atlas: Atlas, document: Mapping[str, Any], address: Address) -> str:
    """Return the page of all layers."""
    rows = (
        (
            _cell(_a(address.to("collections", one["id"], words={"f": "html"}), one["title"])),
            _cell(f"<code>{safe(one['id'])}</code>"),
            _cell(len(atlas.frames[one["id"]]), "number"),
            _cell(safe(one["description"]), "long"),
        )
        for one in document["collections"]
    )
    table = _table(("图层", "编号", "要素", "说明"), rows)
    trail = _trail(address, ("图层", "collections"))
    return _page("图层", trail, table + _json_link(document))


def collection(atlas: Atlas, document: Mapping[str, Any], address: Address) -> str:
    """Return a layer's page: what it is, its properties, its reference systems."""
    layer = document["id"]
    path = ("collections", layer)
    columns = (
        (
            _cell(f"<code>{safe(column.name)}</code>"),
            _cell(safe(column.title)),
            _cell(safe({"list": "列表", "text": "文字"}.get(column.kind, "数值"))),
            _cell(safe(column.unit or "")),
        )
        for column in items.properties(atlas, layer)
    )
    systems = (
        (_cell(safe(offered(atlas)[uri].title)), _cell(f"<code>{safe(uri)}</code>"))
        for uri in document["crs"]
    )
    body = (
        f"<p>{safe(document['description'])}</p>"
        f"<p>{_a(address.to(*path, 'items', words={'f': 'html'}), '浏览要素')}"
        f"　{_a(address.to(*path, 'items', words={'f': 'json'}), 'GeoJSON')}"
        f"　{_a(address.to(*path, 'queryables', words={'f': 'html'}), '可查询的属性')}</p>"
        "<h2>属性</h2>"
        + _table(("名称", "中文名", "类型", "单位"), columns)
        + "<h2>坐标系</h2>"
        + _table(("名称与轴序", "地址"), systems)
        + _json_link(document)
    )
    trail = _trail(address, ("图层", "collections"), (document["title"], layer))
    return _page(document["title"], trail, body)


def queryables(document: Mapping[str, Any], layer: str, address: Address) -> str:
    """Return the page of properties that a filter may name."""
    rows = (
        (
            _cell(f"<code>{safe(name)}</code>"),
            _cell(safe(of["title"])),
            _cell(safe(of.get("type", "geometry"))),
            _cell(safe(of.get("description", "")), "long"),
        )
        for name, of in document["properties"].items()
    )
    trail = _trail(
        address, ("图层", "collections"), (LAYERS[layer].title, layer), ("属性", "queryables")
    )
    title = f"{LAYERS[layer].title}：可查询的属性"
    return _page(title, trail, _table(("名称", "中文名", "类型", "含义"), rows))


def features(
    atlas: Atlas,
    layer: str,
    document: Mapping[str, Any],
    found: items.Page,
    address: Address,
    words: items.Words,
) -> str:
    """Return a page of a layer's features, with the page's filters and links to go on."""
    spec, view = LAYERS[layer], found.view
    path = ("collections", layer, "items")
    keep = {"year": str(view.year), "f": "html"} if items.has_time(atlas, layer) else {"f": "html"}
    table = readable(atlas, layer, found.features, view.year)
    rows = (
        (_cell(_a(address.to(*path, one, words=keep), first or one)), *map(_readable, others))
        for one, (first, *others) in zip(
            found.features["id"], table.itertuples(index=False, name=None), strict=True
        )
    )
    count = len(table)
    steps = {one["rel"]: one["href"] for one in document["links"]}
    paging = "".join(
        _a(steps[rel], text)
        for rel, text in (("prev", "← 上一页"), ("next", "下一页 →"))
        if rel in steps
    )
    shown = f"第 {found.offset + 1}–{found.offset + count} 个，" if count else ""
    ignored = "、".join(_FILTERS[name] for name in view.filters_ignored_by(layer))
    body = (
        f"<p>{safe(spec.description)}</p>"
        + _form(atlas, layer, view, address, words)
        + (f"<p>本图层没有“{safe(ignored)}”的值，未按它筛选。</p>" if ignored else "")
        + f'<div class="paging"><span>{shown}共 {found.matched} 个</span>{paging}'
        + f"{_a(steps['alternate'], 'GeoJSON')}</div>"
        + (_table(table.columns, rows) if count else "<p>没有要素。</p>")
        + (f'<div class="paging">{paging}</div>' if paging and count > 20 else "")
    )
    trail = _trail(address, ("图层", "collections"), (spec.title, layer), ("要素", "items"))
    source = f"{safe(document['disclaimer'])}<br>{_source(document)}"
    return _page(f"{spec.title}：要素", trail, body, source)


def feature(atlas: Atlas, layer: str, document: Mapping[str, Any], address: Address) -> str:
    """Return a feature's page: every property that has a value, with its Chinese title."""
    values = document["properties"]
    columns = items.properties(atlas, layer)
    rows = (
        (
            f"<th>{safe(_heading(column))}</th>",
            _cell(f"<code>{safe(column.name)}</code>"),
            _cell(_in_words(values[column.name], column)),
        )
        for column in columns
        if values[column.name] not in (None, [], "")
    )
    geometry = document["geometry"]
    kinds = {"Point": "点", "MultiPoint": "多点", "Polygon": "多边形", "MultiPolygon": "多多边形"}
    shape = kinds.get(geometry["type"], geometry["type"]) if geometry else "没有图形"
    self_json = next(one["href"] for one in document["links"] if one["rel"] == "alternate")
    body = f'<p class="soft">图形：{safe(shape)}　{_a(self_json, "GeoJSON")}</p>' + _table(
        ("属性", "名称", "值"), rows
    )
    title = LAYERS[layer].title
    trail = _trail(address, ("图层", "collections"), (title, layer), ("要素", "items"))
    info = atlas.records.atlas
    return _page(
        values["name"], trail, body, f"{safe(info.disclaimer)}<br>{safe(info.attribution)}"
    )


def api(document: Mapping[str, Any], address: Address) -> str:
    """Return the page of the API's definition: addresses and parameters."""
    shared = document["components"]["parameters"]
    operations = (
        (
            _cell(f"<code>{safe(path)}</code>"),
            _cell(safe(operation["get"]["summary"])),
        )
        for path, operation in document["paths"].items()
    )
    parameters = (
        (
            _cell(f"<code>{safe(name)}</code>"),
            _cell(safe(one["description"]), "long"),
            _cell(_values(name, one["schema"]), "long"),
        )
        for name, one in shared.items()
    )
    body = (
        f"<p>{safe(document['info']['description'])}</p>"
        "<p>图层的属性也可直接作参数，如 <code>name=…</code>：等于该值；列表：含有该值。</p>"
        "<h2>参数</h2>"
        + _table(("参数", "说明", "可用的值"), parameters)
        + "<h2>地址</h2>"
        + _table(("地址", "内容"), operations)
        + f'<p class="soft">{_a(address.to("api", words={"f": "json"}), "OpenAPI 3.0（JSON）")}</p>'
    )
    return _page("API 说明", _trail(address, ("API 说明", "api")), body)


def problem(error: ProblemError) -> str:
    """Return the page of a refusal."""
    return _page(f"{error.status.value}　不能答复", (), f"<p>{safe(error.detail)}</p>")


# -- parts -------------------------------------------------------------------------------------


def _heading(column: Column) -> str:
    return f"{column.title}（{column.unit}）" if column.unit else column.title


def _readable(value: Any) -> str:
    """Return a cell of the page's own table."""
    if pd.isna(value):
        return _cell("")
    is_number = isinstance(value, Real)
    return _cell(f"{value:.10g}" if is_number else safe(value), "number" if is_number else "")


def _in_words(value: Any, column: Column) -> str:
    """Return a property's value as it is, and what it means where it is a code."""
    if isinstance(value, list):
        return safe("、".join(value))
    meaning = _WORDS.get(column.name, {}).get(value)
    return safe(value) + (f'<span class="soft">　{safe(meaning)}</span>' if meaning else "")


def _values(name: str, of: Mapping[str, Any]) -> str:
    """Return the values that a parameter may have, where they can be listed."""
    if name.endswith("-crs"):
        return "同 <code>crs</code>"
    listed = of.get("items", of).get("enum", ())
    return "　".join(f"<code>{safe(value)}</code>" for value in listed)


def _form(atlas: Atlas, layer: str, view: View, address: Address, words: items.Words) -> str:
    """Return the page's filters as a form; what else the address asks for goes along."""
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
            f'<option value="{safe(value)}"{" selected" if value in chosen[name] else ""}>'
            f"{safe(title)}</option>"
            for value, title in options
        )
        fields.append(f'<label>{_FILTERS[name]}<select name="{name}">{listed}</select></label>')
    kept = {**{k: v for k, v in words.items() if k not in (*offered, "offset", "datetime")}}
    kept["f"] = ["html"]
    hidden = "".join(
        f'<input type="hidden" name="{safe(name)}" value="{safe(value)}">'
        for name, values in kept.items()
        for value in values
    )
    target = Address(address.base).to("collections", layer, "items")
    return (
        f'<form method="get" action="{safe(target)}">{"".join(fields)}{hidden}'
        "<button>筛选</button></form>"
    )
