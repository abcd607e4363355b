"""The map as folium sees it: a constant base, and a message per filter change.

All drawing is done by ``static/map.js``, which fetches geometry once. The base map carries neither
geometry nor anything that depends on a filter, because streamlit-folium remounts the frame (and
loses the view) as soon as the base's script changes, and sends it again with every message.

In the one-file export the same base map stands in a page that carries scripts and data itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import Figure, MacroElement
from folium.template import Template

SCRIPTS = ("vendor/leaflet/leaflet.js", "vendor/topojson-client/topojson-client.min.js", "map.js")
SHEETS = ("vendor/leaflet/leaflet.css", "map.css")
MARGIN = 3.0  # degrees that the map may be moved beyond its bounds

# Beyond ASCII, json escapes everything itself, the line separators U+2028 and U+2029 included.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&'"}


def base_map(
    bounds: Sequence[Sequence[float]],
    static_url: str = "../../app/static",
    *,
    atlas: str,
    scene: str,
    sync: str | None = None,
) -> folium.Map:
    """Return an empty map that loads everything it draws from the app's own static files.

    Make a new one for each run: streamlit-folium adds the difference to the map it is given.

    Parameters
    ----------
    bounds
        ``[[south, west], [north, east]]`` in degrees.
    static_url
        Where the browser finds the folder ``static``. The default is relative to streamlit-folium's
        frame, so that it also holds behind a path prefix.
    atlas, scene
        Names of the two data files in that folder.
    sync
        A name for maps that move together: all that are mounted with it, in any frame of the site.
    """
    base = _empty(bounds)
    base.default_js = [(name, f"{static_url}/{name}") for name in SCRIPTS]
    base.default_css = [(name, f"{static_url}/{name}") for name in SHEETS]
    files = {"atlas": f"{static_url}/{atlas}", "scene": f"{static_url}/{scene}"}
    base.add_child(_Mount({**files, "sync": sync}))
    return base


@dataclass(frozen=True)
class Embedded:
    """A map to set into a page of one's own: its element, and the script that makes it."""

    element: str
    script: str


def embedded(bounds: Sequence[Sequence[float]]) -> Embedded:
    """Return an empty map for a page that has `SCRIPTS` and `SHEETS` within itself.

    Its script ends by handing the map to ``JituFile.open`` of ``static/onefile.js``. The same
    bounds (see :func:`base_map`) give the same text.
    """
    base = _empty(bounds)
    base._id = "jitu"  # folium's own ids are random
    base.add_child(_Open())  # type: ignore[no-untyped-call]
    page = Figure()
    page.add_child(base)
    page.render()
    return Embedded(page.html.render(), page.script.render())


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
    )
    # folium's own lists are addresses on the internet: without them, nothing leaves the machine.
    base.default_js, base.default_css = [], []
    return base


def difference(diff: Mapping[str, Any]) -> folium.FeatureGroup:
    """Return the message that makes the map show `diff`, for st_folium's `feature_group_to_add`."""
    group = folium.FeatureGroup(control=False)
    group.add_child(_Show(diff))
    return group


def script_json(value: object) -> str:
    r"""Return JSON that can neither end a script nor be taken for a template.

    >>> print(script_json({"name": "</script>{{'x'}}"}))
    {"name":"\u003c/script\u003e{{\u0027x\u0027}}"}
    """
    return json.dumps(value, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)


class _Message(MacroElement):
    """A call of the browser script with one JSON argument."""

    def __init__(self, value: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.json = script_json(value)


class _Mount(_Message):
    # While its scripts load, streamlit-folium ignores new messages and then draws the oldest. So,
    # once mounted, ask Streamlit for the current message: a component that declares itself ready is
    # sent it again, and showing a message twice is harmless. JituMap.show in turn keeps the newest
    # message until the data files have come. Outside Streamlit there is nobody to ask.
    _template = Template(
        """
        {% macro script(this, kwargs) %}
            JituMap.mount({{ this._parent.get_name() }}, {{ this.json }});
            if (window.Streamlit) window.Streamlit.setComponentReady();
        {% endmacro %}
        """
    )


class _Open(MacroElement):
    _template = Template(
        """
        {% macro script(this, kwargs) %}
            JituFile.open({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )


class _Show(_Message):
    _template = Template(
        "{% macro script(this, kwargs) %}JituMap.show({{ this.json }});{% endmacro %}"
    )
