"""天地图 below the map: only with the planner's own key, only while it is switched on.

The tiles are those in web Mercator; their CGCS2000 coordinates lie as the atlas's do, without an
offset. The planner's browser asks 天地图 itself, so the key is in what that browser receives; it is
in no file and in no export.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

ATTRIBUTION = "底图：天地图（国家地理信息公共服务平台），审图号以天地图网站所示为准"

_SUBDOMAINS = "01234567"
_KINDS = ("vec", "cva")  # the map, then its names


def tianditu(key: str) -> Mapping[str, Any]:
    """Return what the browser needs to draw 天地图 with a key.

    >>> tianditu("abc")["tiles"][0].partition("/wmts")[0]
    'https://t{s}.tianditu.gov.cn/vec_w'
    """
    return {
        "tiles": [_address(kind, key) for kind in _KINDS],
        "subdomains": _SUBDOMAINS,
        "attribution": ATTRIBUTION,
    }


def _address(kind: str, key: str) -> str:
    return (
        f"https://t{{s}}.tianditu.gov.cn/{kind}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        f"&LAYER={kind}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
        f"&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={quote(key, safe='')}"
    )
