"""One-file export: an interactive HTML page with map, filters, details and table, for offline use.

The file uses the same scene, details and filter rules as the page. ``static/map/map.js`` draws the
map; ``static/onefile/onefile.js`` filters and shows details. The file contains only the features of
the view, which its reader can filter further. Features carry the targets of all years, so the year
can be changed.

A content security policy allows the file's own scripts by their digests and forbids all requests.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from geo.crs import CGCS2000_GEOGRAPHIC
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.formats import metadata
from layers.kind import Row
from layers.markup import escape_html
from layers.reading.details import describe_feature
from layers.reading.profile import subjects
from layers.reading.query import filter_options, filter_titles
from layers.reading.view import FilterValues, View, filter_values, select
from layers.shared.figures import THOUSAND_YI
from layers.web.scene import filter_values_json, scene, topology

_STATIC = Path(__file__).resolve().parents[2] / "static"
_NO_SCRIPT = "此文件的地图与筛选需要浏览器运行脚本，请在浏览器中打开并允许脚本。"


def html(atlas: Atlas, layers: Sequence[str], view: View) -> bytes:
    """Return an HTML file (UTF-8) with the selected features of some layers.

    The same view of the same data gives the same bytes.

    Parameters
    ----------
    atlas
        The atlas.
    layers
        Ids of layers, in any order.
    view
        The view that selects their features.

    Raises
    ------
    ValueError
        The view shows no feature of these layers.
    """
    chosen = [layer for layer in KINDS if layer in set(layers)]
    rows = {layer: _rows(atlas, layer, view) for layer in chosen}
    if not any(rows.values()):
        words = "、".join([f"{view.year}年", *filter_titles(atlas, view)])
        raise ValueError(f"nothing to export: no feature of the layers matches {words}")
    return _page(_content(atlas, rows, view)).encode("utf-8")


# -- content -----------------------------------------------------------------------------------


def _rows(atlas: Atlas, layer: str, view: View) -> list[Row]:
    """Return the rows that the view would show in any target year, in the layer's order."""
    years = atlas.records.atlas.years if KINDS[layer].by_year else (view.year,)
    ids = {i for year in years for i in select(atlas, layer, replace(view, year=year))["id"]}
    rows: list[Row] = atlas.frames[layer].drop(columns="geometry").to_dict("records")
    return [row for row in rows if row["id"] in ids]


def _content(atlas: Atlas, rows: Mapping[str, list[Row]], view: View) -> dict[str, Any]:
    looked_at = {found.id: found for layer in rows for found in filter_values(atlas, layer)}
    features = [_feature(atlas, row, looked_at[row["id"]]) for of in rows.values() for row in of]
    shown = [layer for layer in rows if layer in view.layers] or list(rows)
    return {
        "about": _about(atlas, list(rows), view),
        "view": {"year": view.year, "layers": shown},
        "layers": [_layer(layer) for layer in rows],
        "filter_options": _filter_options(atlas, rows),
        "thousand_yi": THOUSAND_YI,
        "features": features,
        "places": _places(atlas),
        "scene": _scene(atlas, {f["id"] for f in features}),
        "atlas": topology(atlas),
    }


def _about(atlas: Atlas, layers: Sequence[str], view: View) -> dict[str, Any]:
    """Return the metadata of the file; its documents are those of all target years."""
    info = atlas.records.atlas
    by_year = [
        metadata.describe_export(atlas, layers, replace(view, year=year), [CGCS2000_GEOGRAPHIC])
        for year in (view.year, *info.years)
    ]
    citations = {source.id: source.citation for each in by_year for source in each.sources}
    return metadata.metadata_json(by_year[0]) | {
        "atlas_title": info.title,
        "filter_titles": filter_titles(atlas, view),
        "citations": [citations[i] for i in sorted(citations)],
    }


def _layer(layer: str) -> dict[str, Any]:
    spec = KINDS[layer]
    return {
        "id": layer,
        "title": spec.title,
        "filters": sorted(spec.filters),
        "columns": list(spec.summary_facts),
        "cluster": spec.cluster,
        "division": spec.division,
    }


def _filter_options(atlas: Atlas, rows: Mapping[str, list[Row]]) -> dict[str, list[dict[str, str]]]:
    """Return the options of each filter: the values that occur in the file."""
    offered = filter_options(atlas)
    occur: dict[str, set[str]] = {"industry": set(), "tier": set(), "city": set()}
    for layer, found in rows.items():
        for row in found:
            values = {
                "industry": row["industries"],
                "tier": _texts([row["tier"]]),
                "city": row["city_adcodes"],
            }
            for name in KINDS[layer].filters:
                occur[name].update(values[name])
    return {
        "year": _options(offered["year"], offered["year"]),
        **{name: _options(offered[name], values) for name, values in occur.items()},
    }


def _options(titles: Mapping[str, str], values: Iterable[str]) -> list[dict[str, str]]:
    wanted = set(values)
    return [{"id": i, "title": title} for i, title in titles.items() if i in wanted]


def _feature(atlas: Atlas, row: Row, looked_at: FilterValues) -> dict[str, Any]:
    details = describe_feature(atlas, row)
    return {
        "id": row["id"],
        "layer": row["layer"],
        "name": row["name"],
        "role": row["role"],
        "belongs_to": KINDS[row["layer"]].belongs_to(atlas, row),
        "tier": row["tier"] if pd.notna(row["tier"]) else None,
        "cities": list(row["city_adcodes"]),
        "counties": list(row["adcodes"]),
        "filter_values": filter_values_json(looked_at),
        "revenue_yi": _revenue(atlas, row),
        "heading": details.role,
        "facts": details.facts,
        "targets_title": details.targets_title,
        "targets": details.targets,
        "source": details.source,
        "locator": " ".join(_texts([row["document"], row["locator"]])),
        "note": details.note,
        "status": details.status,
    }


def _revenue(atlas: Atlas, row: Row) -> dict[str, int]:
    """Return year → revenue target (亿元) of a cluster; empty for other features."""
    columns = {str(year): f"revenue_yi_{year}" for year in atlas.records.atlas.years}
    return {year: int(row[name]) for year, name in columns.items() if pd.notna(row.get(name))}


def _places(atlas: Atlas) -> list[dict[str, Any]]:
    """Return the counties and cities of the base map for the search by name."""
    titles = subjects(atlas)
    boundaries = atlas.places.boundaries.counties
    points = {code: (lon, lat) for code, lon, lat in boundaries[["lon", "lat"]].itertuples()}
    counties = atlas.records.counties
    return [
        *(
            {
                "city": code,
                "title": titles[f"city:{code}"],
                "counties": [c.adcode for c in counties if c.city_adcode == code],
            }
            for code in atlas.records.cities
        ),
        *(
            {
                "city": None,
                "title": titles[f"county:{c.adcode}"],
                "counties": [c.adcode],
                "at": [round(float(v), 5) for v in points[c.adcode]],
            }
            for c in counties
        ),
    ]


def _scene(atlas: Atlas, ids: set[str]) -> dict[str, Any]:
    """Return the page's scene, reduced to the features, legend and styles of the file."""
    whole = scene(atlas)
    # The filter values stand on the file's own features.
    features = [
        {k: v for k, v in f.items() if k != "filter_values"}
        for f in whole["features"]
        if f["id"] in ids
    ]
    keys = {key for f in features for key in f["keys"]}
    legend = [
        group | {"items": [item for item in group["items"] if item["key"] in keys]}
        for group in whole["legend"]
    ]
    diagrams = [f["layout_diagram"] for f in features if "layout_diagram" in f]
    used = {f["style"] for f in features} | {diagram["style"] for diagram in diagrams}
    used |= {item["style"] for group in legend for item in group["items"]}
    styles = {name: style for name, style in whole["styles"].items() if name in used}
    return whole | {"features": features, "legend": legend, "styles": styles, "filter_options": {}}


def _texts(values: Iterable[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


# -- HTML --------------------------------------------------------------------------------------


def _page(content: Mapping[str, Any]) -> str:
    from layers.web.empty_map import (  # folium: only for this file
        SCRIPTS,
        STYLE_SHEETS,
        embedded_map,
        script_json,
    )

    base = embedded_map(content["scene"]["bounds"])
    scripts = [*map(_script, (*SCRIPTS, "onefile/onefile.js")), base.script]
    sheets = "\n".join(_text(name) for name in (*STYLE_SHEETS, "onefile/onefile.css"))
    about = content["about"]
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_digest, scripts))}",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    narrowed = f"　导出筛选：{'、'.join(about['filter_titles'])}" if about["filter_titles"] else ""
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{escape_html(about["disclaimer"])}">
<title>{escape_html(about["title"])}</title>
<link rel="icon" href="data:,">
<style>
{sheets}
</style>
</head>
<body>
<header class="head">
<div>
<h1>{escape_html(about["atlas_title"])}</h1>
<p>示意图，仅供内部使用　数据 {escape_html(about["date"])}　离线单文件{escape_html(narrowed)}</p>
</div>
<button type="button" id="print">打印</button>
</header>
<noscript><p class="notice">{_NO_SCRIPT}</p></noscript>
<main>
<dl id="headline" class="headline" aria-label="要点"></dl>
<section id="filters" class="filters" aria-label="筛选"></section>
<p id="words" class="words" role="status"></p>
<div class="sheet">
<section class="map" aria-label="地图">
{base.element.strip()}
</section>
<aside class="panel" aria-label="查找与详情">
<div id="search" class="search"></div>
<div id="found"></div>
<div id="details"></div>
</aside>
</div>
<section id="tables" class="tables" aria-label="表格"></section>
</main>
<footer id="about" class="about"></footer>
<script type="application/json" id="jitu-data">{script_json(content)}</script>
{"".join(f"<script>{script}</script>{chr(10)}" for script in scripts)}</body>
</html>
"""


def _text(name: str) -> str:
    # Python normalises line ends as a browser does, so the digest matches with any line ends.
    return (_STATIC / name).read_text(encoding="utf-8")


def _script(name: str) -> str:
    """Return a script, preceded by its licence where its folder has one, as licences require."""
    licence = (_STATIC / name).parent / "LICENSE"
    notice = f"/*!\n{licence.read_text(encoding='utf-8')}*/\n" if licence.exists() else ""
    return f"\n{notice}{_text(name)}"


def _digest(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"
