"""The empty map as folium makes it, and what it takes to draw on it.

All drawing is done by ``static/map/map.js`` and its parts, which are given geometry once and a small
message per filter change: the empty map carries neither geometry nor anything that depends on a
filter. On the page it stands in an element of Streamlit's, in the one-file export in a page that
carries scripts and data itself.
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
    "map/symbols.js",
    "map/placement.js",
    "map/labels.js",
    "map/touch.js",
    "map/surround.js",
    "map/map.js",
)
SHEETS = ("vendor/leaflet/leaflet.css", "map/map.css")
_NAME = "map_jitu"  # of the map in folium's script
# Leaflet counts a notch of the wheel as 50 px on Windows, 60 in Firefox: both make half a level.
_WHEEL_PX = 120
MARGIN = 3.0  # degrees that the map may be moved beyond its bounds

# Beyond ASCII, json escapes everything itself, the line separators U+2028 and U+2029 included.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&'"}


@dataclass(frozen=True)
class Embedded:
    """A map to set into a page of one's own: its element, and the script that makes it."""

    element: str
    script: str


def embedded(bounds: Sequence[Sequence[float]]) -> Embedded:
    """Return an empty map for a page that has `SCRIPTS` and `SHEETS` within itself.

    Its script ends by handing the map to ``JituFile.open`` of ``static/onefile/onefile.js``.

    Parameters
    ----------
    bounds
        ``[[south, west], [north, east]]`` in degrees. The same bounds give the same text.
    """
    page = _rendered(bounds)
    return Embedded(page.html.render(), f"{page.script.render()}\nJituFile.open({_NAME});")


def creator(bounds: Sequence[Sequence[float]]) -> str:
    """Return a JavaScript function that makes the empty map in the element that it is given.

    Parameters
    ----------
    bounds
        As for :func:`embedded`.
    """
    # folium's script finds its element by name; more than one map may stand on a page.
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
    # folium's own lists are addresses on the internet: without them, nothing leaves the machine.
    base.default_js, base.default_css = [], []
    return base


def script_json(value: object) -> str:
    r"""Return JSON that can neither end a script nor be taken for a template.

    >>> print(script_json({"name": "</script>{{'x'}}"}))
    {"name":"\u003c/script\u003e{{\u0027x\u0027}}"}
    """
    return json.dumps(value, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)
