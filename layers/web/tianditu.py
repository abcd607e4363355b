"""The base map 天地图, which needs the planner's own key and is shown only when switched on.

The tiles are in web Mercator and based on CGCS2000, so they match the atlas without an offset. The
planner's browser requests the tiles, so it receives the key. No file and no export contains it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

ATTRIBUTION = "底图：天地图（国家地理信息公共服务平台），审图号以天地图网站所示为准"

_SUBDOMAINS = "01234567"
_KINDS = ("vec", "cva")  # the map, then its labels


def tianditu(key: str) -> Mapping[str, Any]:
    """Return the settings with which the browser draws 天地图.

    Parameters
    ----------
    key
        The planner's key for 天地图.

    Returns
    -------
    Mapping
        ``tiles`` (URL templates from bottom to top), ``subdomains`` and ``attribution``.

    Examples
    --------
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
