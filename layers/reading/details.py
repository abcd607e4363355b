"""The features at a point, and the details of a feature in words, with their sources."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from geo.locate import features_at
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kind import Citation, Row, has_value
from layers.portrayal.status import STATUS_TITLES, WITHOUT_GEOMETRY
from layers.reading.view import View, select
from layers.shared.vocabulary import TIERS

_MANY = 8  # counties that are listed by name
_EXACT = 2e-5  # degrees; a click on a symbol is at its point


@dataclass(frozen=True)
class FeatureAtPoint:
    """A feature that lies at a point.

    Attributes
    ----------
    id, layer, role, name
        Its columns of these names.
    belongs_to
        The name of the feature that it is a part of, if any.
    """

    id: str
    layer: str
    role: str
    name: str
    belongs_to: str | None


@dataclass(frozen=True)
class Details:
    """A feature in words.

    Attributes
    ----------
    title, role
        Its name, and its role with its tier.
    facts
        Pairs of label and text.
    targets_title, targets
        The heading of its revenue targets, and pairs of year and text.
    source
        The first of its `citations`, with the document's title and form.
    citations
        Every place where it is written.
    note
        A note on its geometry or members, if any.
    status
        The title of its geometry status.
    """

    title: str
    role: str
    facts: tuple[tuple[str, str], ...]
    targets_title: str
    targets: tuple[tuple[int, str], ...]
    source: str
    citations: tuple[Citation, ...]
    note: str | None
    status: str


def features_at_point(atlas: Atlas, view: View, lon: float, lat: float) -> list[FeatureAtPoint]:
    """Return every feature of the view at a point, whether or not its layer is shown.

    A feature that is only a point stands for its counties, so it is found anywhere in them; one of
    a whole city has no counties, and is found at its point.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view, of which only the filters and the target year matter.
    lon, lat
        The point in degrees (CGCS2000).

    Returns
    -------
    list of FeatureAtPoint
        Features with polygons, then features found by their county, each in the order of
        :attr:`layers.kind.Click.rank`.
    """
    clicked = [kind for kind in KINDS.values() if kind.click is not None]
    clicked.sort(key=lambda kind: kind.click.rank if kind.click else 0)
    found: list[FeatureAtPoint] = []
    counties: set[str] = set()
    for kind in clicked:
        rows = select(atlas, kind.id, view)
        if kind.click and kind.click.in_county:
            continue
        hits = features_at(rows, lon, lat).to_dict("records")
        found += [_found(atlas, row) for row in hits]
        if kind.division == "county":
            counties |= {row["adcode"] for row in hits}
    for kind in clicked:
        if kind.click and kind.click.in_county:
            rows = select(atlas, kind.id, view)
            near = shapely.dwithin(rows.geometry.to_numpy(), shapely.Point(lon, lat), _EXACT)
            in_county = ~rows["adcodes"].map(counties.isdisjoint).astype(bool)
            found += [_found(atlas, row) for row in rows[near | in_county].to_dict("records")]
    return found


def _found(atlas: Atlas, row: Row) -> FeatureAtPoint:
    belongs_to = KINDS[row["layer"]].belongs_to(atlas, row)
    return FeatureAtPoint(row["id"], row["layer"], row["role"], row["name"], belongs_to)


def feature_row(atlas: Atlas, feature_id: str) -> Row | None:
    """Return the row of a feature, or ``None`` if the id names no feature.

    Parameters
    ----------
    atlas
        The atlas.
    feature_id
        The id of a feature, such as ``clusters:001-key-03``.
    """
    layer = feature_id.partition(":")[0]
    if layer not in KINDS:
        return None
    rows = atlas.frames[layer]
    hits: list[Row] = rows[rows["id"] == feature_id].to_dict("records")
    return hits[0] if hits else None


def describe_feature(atlas: Atlas, row: Row) -> Details:
    """Return a feature in words.

    Figures keep the document's wording. Facts without a value are left out.

    Parameters
    ----------
    atlas
        The atlas.
    row
        A row of a layer.
    """
    kind = KINDS[row["layer"]]
    facts = list(kind.facts(atlas, row))
    counties = atlas.places.boundaries.counties["name"]
    names = [counties[a] for a in row["adcodes"]]
    if kind.lists_counties and names:
        label = "所在县(市、区)" if row.get("place_kind") == "zone" else "涉及县(市、区)"
        rest = f"等{len(names)}个" if len(names) > _MANY else ""
        facts.append((label, "、".join(names[:_MANY]) + rest))
    status = row["geometry_status"] if has_value(row["geometry_status"]) else WITHOUT_GEOMETRY
    return Details(
        title=row["name"],
        role=_role(row),
        facts=tuple((label, str(text)) for label, text in facts if has_value(text)),
        targets_title=kind.targets_title,
        targets=kind.targets(atlas, row),
        source=_source(row),
        citations=citations(atlas, row),
        note=row["note"] if has_value(row["note"]) else None,
        status=STATUS_TITLES[status],
    )


def citations(atlas: Atlas, row: Row) -> tuple[Citation, ...]:
    """Return every place where a feature is written, as document and locator.

    Parameters
    ----------
    atlas
        The atlas.
    row
        A row of a layer.
    """
    return KINDS[row["layer"]].citations(atlas, row)


def _role(row: Row) -> str:
    tier = TIERS.get(row["tier"])
    return f"{row['role']}（{tier}）" if tier else str(row["role"])


def _source(row: Row) -> str:
    document = row["document_title"]
    return f"{document} {row['locator']}" if has_value(document) else str(row["locator"])
