"""The drawing of every feature and the legend, collected from the kinds of layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import shapely

from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kind import Row
from layers.portrayal.drawing import Drawing
from layers.portrayal.legend import LegendEntry, LegendGroup
from layers.portrayal.style import NamedStyle

# Geometry statuses whose polygon is a union of counties; other features have their own polygon.
_UNIONS = {"administrative", "host-county", "inferred"}


@dataclass(frozen=True)
class DrawnFeature:
    """A feature with its drawing.

    Attributes
    ----------
    id, layer, name
        Those of the feature.
    drawing
        How it is drawn.
    members
        Ids of the counties or neighbours whose union is its polygon; empty for a point.
    outline
        Its own polygon (lon/lat, CGCS2000) where it is not such a union, otherwise ``None``.
    """

    id: str
    layer: str
    name: str
    drawing: Drawing
    members: tuple[str, ...]
    outline: shapely.Geometry | None

    @property
    def style_class(self) -> str:
        """The name of its style class in files; features that look alike share it."""
        suffix = self.drawing.class_suffix
        return f"{self.drawing.style.name}-{suffix}" if suffix else self.drawing.style.name


@lru_cache(maxsize=2)
def drawings(atlas: Atlas) -> Mapping[str, DrawnFeature]:
    """Return feature id → drawn feature for every feature with geometry, in drawing order.

    Parameters
    ----------
    atlas
        The atlas.
    """
    unions = _unions(atlas)
    return {
        row["id"]: _drawn(atlas, row, number, unions)
        for layer in KINDS
        for number, row in enumerate(_placed(atlas, layer))
    }


@lru_cache(maxsize=2)
def legend(atlas: Atlas) -> Sequence[tuple[LegendGroup, Sequence[LegendEntry]]]:
    """Return the groups of the legend, with the entries that a feature of the atlas uses.

    Parameters
    ----------
    atlas
        The atlas.
    """
    keys = {key for feature in drawings(atlas).values() for key in feature.drawing.legend_keys}
    entries = sorted(
        (entry for kind in KINDS.values() for entry in kind.legend(atlas)),
        key=lambda entry: (entry.group.rank, entry.rank),
    )
    return [
        (group, [entry for entry in own if entry.key in keys])
        for group, own in groupby(entries, key=lambda entry: entry.group)
    ]


@lru_cache(maxsize=2)
def legend_titles(atlas: Atlas) -> Mapping[str, str]:
    """Return legend key → title.

    Parameters
    ----------
    atlas
        The atlas.
    """
    return {entry.key: entry.title for _, entries in legend(atlas) for entry in entries}


def class_title(atlas: Atlas, feature: DrawnFeature) -> str:
    """Return the legend title of a feature's style class.

    Parameters
    ----------
    atlas
        The atlas.
    feature
        A feature of :func:`drawings`.

    Returns
    -------
    str
        Such as ``新一代信息技术 · 核心承载区``.
    """
    titles = legend_titles(atlas)
    return " · ".join(titles[key] for key in feature.drawing.legend_keys if key in titles)


def used_styles(
    features: Sequence[DrawnFeature], entries: Sequence[LegendEntry], family: str
) -> Mapping[str, NamedStyle]:
    """Return name → style for every style that features and legend entries use, in name order.

    Parameters
    ----------
    features, entries
        The drawn features and the entries of their legend.
    family
        The colour family for swatches that stand for all industries.
    """
    used = [feature.drawing.style for feature in features]
    diagrams = [f.drawing.diagram for f in features]
    used += [diagram.style for diagram in diagrams if diagram and diagram.style]
    used += [entry.swatch(family) for entry in entries]
    return {style.name: style for style in sorted(used, key=lambda style: style.name)}


def _placed(atlas: Atlas, layer: str) -> list[Row]:
    rows: list[Row] = atlas.frames[layer].to_dict("records")
    return [row for row in rows if row["geometry"] is not None]


def _drawn(atlas: Atlas, row: Row, number: int, unions: Mapping[str, bool]) -> DrawnFeature:
    kind = KINDS[row["layer"]]
    drawing = kind.draw(atlas, row, number)
    is_point = row["geometry_status"] == "point"
    merged = is_point or unions.get(row["id"], row["geometry_status"] in _UNIONS)
    members = () if is_point else tuple(row["adcodes"])
    return DrawnFeature(
        id=row["id"],
        layer=kind.id,
        name=row["name"],
        drawing=drawing,
        members=members if drawing.members is None else drawing.members,
        outline=None if merged else row["geometry"],
    )


def _unions(atlas: Atlas) -> Mapping[str, bool]:
    """Return feature id of a whole cluster → whether all its parts are unions of counties."""
    parts = [atlas.frames[kind.id] for kind in KINDS.values() if kind.cluster == "part"]
    whole = [kind for kind in KINDS.values() if kind.cluster == "whole"]
    unions: dict[str, bool] = {}
    for rows in parts:
        for cluster, status in zip(rows["cluster_id"], rows["geometry_status"], strict=True):
            for kind in whole:
                feature = kind.feature_id(cluster)
                unions[feature] = unions.get(feature, True) and status in _UNIONS
    return unions
