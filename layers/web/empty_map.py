"""The empty Leaflet map, made by folium, and the files needed to draw on it.

``static/map/map.js`` and its parts do all drawing. They get the geometry once and a small message
per filter change, so the empty map holds no geometry and does not depend on filters. The page puts
the map into a Streamlit element; the one-file export puts it into its own HTML.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import folium
from branca.element import Figure

SCRIPTS = (
    "vendor/leaflet/leaflet.js",
    "vendor/topojson-client/topojson-client.min.js",
    "map/shapes.js",
    "map/svg.js",
    "map/circles.js",
    "map/symbols.js",
    "map/panes.js",
    "map/placement.js",
    "map/labels.js",
    "map/touch.js",
    "map/surround.js",
    "map/base_map.js",
    "map/selection.js",
    "map/stacks.js",
    "map/sync.js",
    "map/map.js",
)
STYLE_SHEETS = ("vendor/leaflet/leaflet.css", "map/map.css")
_NAME = "map_jitu"  # the map's variable in folium's script
# A wheel notch is 50 px on Windows and 60 px in Firefox; with 120, both zoom half a level.
_WHEEL_PX = 120
MARGIN = 3.0  # how far the map can be panned beyond its bounds, in degrees

# json.dumps escapes everything beyond ASCII, including the line separators U+2028 and U+2029.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&'"}


@dataclass(frozen=True)
class EmbeddedMap:
    """A map for a page of its own.

    Attributes
    ----------
    element
        The HTML of the map's element.
    script
        The JavaScript that creates the map in it.
    """

    element: str
    script: str


def embedded_map(bounds: Sequence[Sequence[float]]) -> EmbeddedMap:
    """Return an empty map for a page that includes :data:`SCRIPTS` and :data:`STYLE_SHEETS`.

    Its script ends by passing the map to ``JituFile.open`` of ``static/onefile/onefile.js``.

    Parameters
    ----------
    bounds
        ``[[south, west], [north, east]]`` in degrees (lat before lon). The same bounds give the
        same text.
    """
    page = _rendered(bounds)
    return EmbeddedMap(page.html.render(), f"{page.script.render()}\nJituFile.open({_NAME});")


def map_creator_script(bounds: Sequence[Sequence[float]]) -> str:
    """Return a JavaScript function that creates the empty map in a given element.

    Parameters
    ----------
    bounds
        ``[[south, west], [north, east]]`` in degrees (lat before lon).
    """
    # folium's script finds its element by id, which must be free again for another map.
    return (
        f"(element) => {{ element.id = {json.dumps(_NAME)};\n{_rendered(bounds).script.render()}\n"
        f"element.removeAttribute('id'); return {_NAME}; }}"
    )


def _rendered(bounds: Sequence[Sequence[float]]) -> Figure:
    base = _empty(bounds)
    base._id = "jitu"  # folium's own ids are random
    page = Figure()
    page.add_child(base)
    page.render()
    return page


def _empty(bounds: Sequence[Sequence[float]]) -> folium.Map:
    (south, west), (north, east) = bounds
    base = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=7,
        tiles=None,
        zoom_control=False,
        max_bounds=True,
        min_lat=south - MARGIN,
        max_lat=north + MARGIN,
        min_lon=west - MARGIN,
        max_lon=east + MARGIN,
        minZoom=6,
        maxZoom=12,
        zoomSnap=0.25,
        wheelPxPerZoomLevel=_WHEEL_PX,
    )
    # folium's defaults are files on the internet; the map must load none of them.
    base.default_js, base.default_css = [], []
    return base


def script_json(value: object) -> str:
    r"""Return JSON that can neither end a script element nor be read as a template.

    Parameters
    ----------
    value
        A JSON value without NaN or infinity.

    Examples
    --------
    >>> print(script_json({"name": "</script>{{'x'}}"}))
    {"name":"\u003c/script\u003e{{\u0027x\u0027}}"}
    """
    return json.dumps(value, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)
