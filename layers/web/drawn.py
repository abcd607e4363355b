"""How each feature is drawn, for formats that carry styles: the map's scene, feature by feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from layers.catalogue import Atlas
from layers.portrayal.style import PANES, STYLES, Style
from layers.web import scene


@dataclass(frozen=True)
class Drawn:
    """A feature's drawing.

    Parameters
    ----------
    id
        The class it is drawn as, shared by all features that look the same; ASCII.
    title
        The class in the legend's words, such as ``新一代信息技术 · 核心承载区``.
    style
        Fill and outline of a polygon.
    marker
        ``base`` (square), ``project`` (triangle) or ``growth`` (circles) for a point in `colour`;
        ``core``, ``pole`` or ``wing`` for the symbol of a layout unit, which stands on its polygon;
        otherwise ``None``.
    colour
        Of the marker, ``#rrggbb``; also the family's colour of the industry.
    label
        What the map writes beside it, ``None`` for nothing.
    label_by_year
        Further lines by target year, such as ``{"2025": "预计超1,200亿元"}``.
    label_colour
        ``#rrggbb``.
    label_from_zoom
        Web map zoom level from which the map labels it; 0 for always.
    label_at
        Longitude and latitude of the label, degrees.
    order
        Drawing order: low is drawn first.
    rings
        Fill by target year, ``#rrggbb``, of the circles that stand for the year's revenue target;
        empty unless the marker is ``growth``.
    """

    id: str
    title: str
    style: Style
    marker: str | None
    colour: str | None
    label: str | None
    label_by_year: Mapping[str, str]
    label_colour: str
    label_from_zoom: float
    label_at: tuple[float, float] | None
    order: int
    rings: Mapping[int, str]


@lru_cache(maxsize=2)
def portrayal(atlas: Atlas) -> Mapping[str, Drawn]:
    """Return feature id → drawing for every feature that the map draws."""
    content = scene.scene(atlas)
    titles = {item["key"]: item["title"] for group in content["legend"] for item in group["items"]}
    order = dict(PANES)
    return {
        feature["id"]: _drawn(feature, titles, order[feature["pane"]])
        for feature in content["features"]
    }


def _drawn(feature: Mapping[str, Any], titles: Mapping[str, str], order: int) -> Drawn:
    symbol, label = feature["symbol"] or {}, feature["label"] or {}
    industries = [k.partition(":")[2] for k in feature["keys"] if k.startswith("industry:")]
    own = feature["style"]
    if symbol.get("kind") in ("base", "project", "growth"):
        own += f"-{industries[0] if industries else 'none'}"
    elif "status:inferred" in feature["keys"] and feature["pane"] == "units":
        own += "-inferred"
    return Drawn(
        id=own,
        title=" · ".join(titles[key] for key in feature["keys"] if key in titles),
        style=STYLES[feature["style"]],
        marker=symbol.get("kind"),
        colour=symbol.get("color"),
        label=label.get("text"),
        label_by_year=label.get("by_year") or {},
        label_colour=label.get("color", "#1f2933"),
        label_from_zoom=label.get("min_zoom", 0),
        label_at=tuple(label["at"]) if label else None,
        order=order,
        rings={ring["year"]: ring["fill"] for ring in symbol.get("rings", ())},
    )
