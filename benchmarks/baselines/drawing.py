"""The common parts of both baselines: filters, features of a view and an empty folium map.

The baselines draw the same layers, styles and labels as the page. Like a careful user of folium,
they generate the GeoJSON once, and a change only selects from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import folium
import streamlit as st
from shapely.geometry import mapping

from layers.atlas import Atlas
from layers.catalogue import KINDS, open_atlas
from layers.markup import escape_html
from layers.reading.view import SHOWN_FIRST, View, select
from layers.web import scene

HEIGHT = 600
# In drawing order, low first.
DRAWN = (
    "layout",
    "clusters-radiation",
    "clusters-core",
    "clusters",
    "admin-cities",
    "admin-counties",
)


@dataclass(frozen=True)
class Drawing:
    """The atlas with its GeoJSON: feature id → feature with its style; labels by feature id."""

    atlas: Atlas
    features: Mapping[str, dict[str, Any]]
    labels: Mapping[str, dict[str, Any]]
    bounds: list[list[float]]


@st.cache_resource(show_spinner=False)
def drawing() -> Drawing:
    """Read the atlas and turn it into GeoJSON, once per server."""
    atlas = open_atlas()
    drawn = scene.scene(atlas)
    own = {f["id"]: f for f in drawn["features"]}
    features = {
        row["id"]: _feature(row, drawn["styles"][own[row["id"]]["style"]])
        for layer in DRAWN
        for row in atlas.frames[layer].to_dict("records")
    }
    labels = {id_: own[id_]["label"] for id_ in own if id_.startswith("clusters:")}
    west, south, east, north = (float(v) for v in atlas.places.boundaries.counties.total_bounds)
    return Drawing(atlas, features, labels, [[south, west], [north, east]])


def _feature(row: Mapping[str, Any], style: Mapping[str, Any]) -> dict[str, Any]:
    look = {
        "color": style["stroke"],
        "stroke": style["stroke"] is not None,
        "weight": style["weight"],
        "opacity": style["opacity"],
        "dashArray": style["dash"],
        "fill": style["fill"] is not None,
        "fillColor": style["fill"],
        "fillOpacity": style["fillOpacity"],
        "className": f"drawn-{row['layer']}",
    }
    return {
        "type": "Feature",
        "properties": {
            "name": row["name"],
            "role": row["role"],
            "source": row["locator"],
            "style": look,
        },
        "geometry": mapping(row["geometry"]),
    }


def choose(atlas: Atlas) -> View:
    """Draw the filters and return the chosen view."""
    known = atlas.records.industry_by_id
    present = {i for ids in atlas.frames["clusters"]["industries"] for i in ids}
    year, industry = st.columns(2)
    with year:
        chosen_year = st.segmented_control(
            "目标年",
            atlas.records.atlas.years,
            default=atlas.records.atlas.default_year,
            required=True,
            format_func=lambda value: f"{value}年",
        )
    with industry:
        industries = st.multiselect(
            "产业",
            [i for i in known if i in present],
            format_func=lambda id_: known[id_].name,
            placeholder="全部产业",
        )
    return View(year=chosen_year, industries=tuple(industries), layers=SHOWN_FIRST)


def empty_map(bounds: list[list[float]]) -> folium.Map:
    """Return a map without tiles that loads Leaflet from this server and nothing else."""
    (south, west), (north, east) = bounds
    large = east - west > 20  # degrees; a country, not a province
    made = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=4 if large else 7,
        tiles=None,
    )
    # From the component's frame (/component/streamlit_folium.st_folium/) to this server's files.
    vendored = "../../app/static/vendor/leaflet/leaflet"
    made.default_js = [("leaflet", f"{vendored}.js")]
    made.default_css = [("leaflet", f"{vendored}.css")]
    return made


def add_layers(target: folium.Element, drawn: Drawing, view: View) -> None:
    """Add the features of `view` and their labels to a map or a feature group."""
    for layer in DRAWN:
        ids = select(drawn.atlas, layer, view)["id"]
        collection = {
            "type": "FeatureCollection",
            "features": [drawn.features[id_] for id_ in ids],
        }
        folium.GeoJson(
            collection,
            name=KINDS[layer].title,
            style_function=lambda feature: feature["properties"]["style"],
            popup=folium.GeoJsonPopup(fields=["name", "role", "source"], labels=False),
        ).add_to(target)
        if layer == "clusters":
            for id_ in ids:
                _label(drawn.labels[id_], view.year).add_to(target)


def _label(label: Mapping[str, Any], year: int) -> folium.Marker:
    """Return a cluster's name and target as the project's map writes them."""
    lon, lat = label["at"]
    figure = (label["by_year"] or {}).get(str(year), "")
    name, second_line = escape_html(label["text"]), escape_html(figure)
    text = f'<b>{name}</b><br><span data-year="{year}">{second_line}</span>'
    icon = folium.DivIcon(html=text, icon_size=(120, 30), class_name="drawn-label")
    return folium.Marker([lat, lon], icon=icon)
