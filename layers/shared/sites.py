"""Sites (bases and projects): points that stand for the places that documents name.

The documents name the place of a site, never its boundary. A site is therefore a point that stands
for that place, with geometry status ``point``. Its column ``place_level`` records how exactly the
place is named, and ``placement`` whether the document states the place or it was inferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import shapely

from geo.gazetteer import Place
from geo.places import Places
from layers.atlas import Atlas
from layers.columns import Column
from layers.kind import CountySection, Fact, Kind, Row, is_in_county
from layers.portrayal import lettering, panes
from layers.portrayal.drawing import Drawing, Label, Symbol
from layers.portrayal.palette import INDUSTRY_COLOURS, OTHER, ink
from layers.portrayal.style import NamedStyle, Style
from layers.portrayal.symbols import SymbolDesign
from layers.shared import points
from layers.shared.attributes import CityValues, city_values
from layers.shared.clusters import colour_family
from layers.shared.vocabulary import PLACE_LEVELS, PLACEMENTS

COLUMNS = (
    Column("place_text", "文件用语", "text", "文件所写的地名，以、连接。"),
    *points.COLUMNS,
    Column("placement", "地点依据", "text", "stated 为文件载明，inferred 为推定。"),
    Column(
        "stage",
        "阶段",
        "text",
        "文件述为已有或已成的为现状，否则为规划；几处出处不同的并列，逐处见出处。",
    ),
    Column("period", "规划期", "text", "所据文件的规划期。"),
    Column(
        "site_id",
        "园区编号",
        "text",
        "既列为基地又列为项目的园区，两处编号相同，合计时算一项。",
    ),
)
_LABEL_ZOOM = 8.5


class SiteValues(CityValues, points.PointValues):
    """Values of the columns that follow from the places of a site."""

    id: str
    layer: str
    adcodes: tuple[str, ...]
    note: str


def site_values(
    places: Places, feature_id: str, resolved: Sequence[Place], *notes: str | None
) -> SiteValues:
    """Return the column values and the geometry of a site that follow from its places.

    Parameters
    ----------
    places
        The records and their places.
    feature_id
        The id of the feature.
    resolved
        The places of the site.
    notes
        Notes that follow the one on the point; ``None`` is left out.

    Returns
    -------
    SiteValues
        ``geometry`` is a Point, or a MultiPoint for several places (lon/lat, CGCS2000).
    """
    return {
        "id": feature_id,
        "layer": feature_id.partition(":")[0],
        **city_values(places.records, (p.city_adcode for p in resolved)),
        "adcodes": _counties(resolved),
        "note": "；".join(n for n in (points.note(places, resolved), *notes) if n),
        **points.values(places, resolved),
    }


def stage_title(historical: bool) -> str:
    """Return the Chinese word for existing or planned.

    Parameters
    ----------
    historical
        Whether the document describes the site as existing or completed.
    """
    return "现状" if historical else "规划"


def _counties(resolved: Iterable[Place]) -> tuple[str, ...]:
    """Return the codes of the counties of places; a city has none of its own here."""
    return tuple(sorted({a for p in resolved if p.kind != "city" for a in p.adcodes}))


def drawing(atlas: Atlas, row: Row, design: SymbolDesign) -> Drawing:
    """Return the drawing of a site: a symbol in the colour of its first industry.

    Parameters
    ----------
    atlas
        The atlas.
    row
        A row of a layer of sites.
    design
        The symbol of the layer.
    """
    industry = [colour_family(atlas, row)] if row["industries"] else []
    colour = INDUSTRY_COLOURS[industry[0] if industry else OTHER]
    point = shapely.get_parts(row["geometry"])[0]
    at = (point.x, point.y)
    label = Label(lettering.SITE, row["name"], at, 7, ink(colour), min_zoom=_LABEL_ZOOM)
    return Drawing(
        style=NamedStyle(f"site-{design.name}", Style()),
        pane=panes.OUTLINE,
        legend_keys=(f"site:{design.name}", *(f"industry:{i}" for i in industry)),
        class_suffix=industry[0] if industry else "none",
        symbol=Symbol(design, at, colour),
        label=label,
    )


def facts(row: Row) -> list[Fact]:
    """Return the facts on place and time of a site.

    Parameters
    ----------
    row
        A row of a layer of sites.
    """
    return [
        ("文件用语", row["place_text"]),
        ("地点级别", PLACE_LEVELS[row["place_level"]]),
        ("地点依据", PLACEMENTS[row["placement"]]),
        ("阶段", row["stage"]),
        ("规划期", row["period"]),
    ]


def profile_text(_atlas: Atlas, row: Row) -> str:
    """Return a site's text in a profile, with company, stage and inferred place in brackets.

    Parameters
    ----------
    _atlas
        The atlas, which is not used.
    row
        A row of a layer of sites.
    """
    known = [
        row.get("company") if pd.notna(row.get("company")) else None,
        row["stage"] if row["stage"] == "现状" else None,
        "地点为推定" if row["placement"] == "inferred" else None,
    ]
    words = "，".join(k for k in known if k)
    return f"{row['name']}（{words}）" if words else str(row["name"])


def county_sections(title: str) -> tuple[CountySection, ...]:
    """Return the headings in a county's profile: sites in the county, and in its city alone.

    Parameters
    ----------
    title
        The Chinese term for the sites.
    """
    return (
        CountySection(title, is_in_county),
        CountySection(
            f"{title}（只写到所在市）",
            lambda row, _, city: not row["adcodes"] and city in row["city_adcodes"],
            rank=1,
        ),
    )


def in_zone(
    kind: Kind, atlas: Atlas, place: Place, named: Iterable[tuple[str, Sequence[str]]]
) -> frozenset[str]:
    """Return the ids of the sites that lie in a development zone.

    Parameters
    ----------
    kind
        The kind of layer.
    atlas
        The atlas.
    place
        The zone.
    named
        Pairs of record id and the place names of the record.
    """
    gazetteer = atlas.places.gazetteer
    return frozenset(
        kind.feature_id(i) for i, names in named if place in gazetteer.resolve_list(names)
    )
