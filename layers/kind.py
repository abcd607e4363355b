"""The definition of a kind of layer: how it is built, filtered, drawn, described and listed.

Each kind is a module in `layers/kinds/` with a value `KIND`. Page, command line, exports, prints,
API and docs iterate over the kinds and never name a single one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

import geopandas as gpd
import pandas as pd

from geo.gazetteer import Place
from geo.places import Places
from layers.columns import COMMON, Column
from layers.portrayal.drawing import Drawing
from layers.portrayal.legend import LegendEntry

if TYPE_CHECKING:
    from layers.atlas import Atlas

# A feature as a row: values by column name and, where needed, `geometry` (lon/lat, CGCS2000).
Row = Mapping[str, Any]
Filter = Literal["industry", "tier", "city"]
GeometryType = Literal["MultiPolygon", "MultiPoint", "Point"]
Fact = tuple[str, Any]  # label and text; a fact without text is left out

_GEOMETRY_TYPES: Mapping[str, GeometryType] = {
    "polygon": "MultiPolygon",
    "point": "Point",
    "points": "MultiPoint",
    "none": "MultiPolygon",
}


@dataclass(frozen=True)
class Citation:
    """The place where a statement is written.

    Attributes
    ----------
    document
        A document id; ``None`` for features from other sources, such as administrative divisions.
    locator
        The place in the document.
    """

    document: str | None
    locator: str


@dataclass(frozen=True)
class Click:
    """How a click on the map finds the features of a kind.

    Attributes
    ----------
    rank
        Features with a lower rank come first.
    in_county
        Whether a feature is found anywhere in its counties, because its point only stands for
        them. Otherwise it is found within its polygon.
    """

    rank: int
    in_county: bool = False


@dataclass(frozen=True)
class CountySection:
    """A heading in a county's profile, with the rows under it.

    Attributes
    ----------
    heading
        The heading.
    holds
        Whether a row belongs under it; called with the row, the county's code and its city's code.
    rank
        Sections are sorted by rank, then by the order of their kinds.
    """

    heading: str
    holds: Callable[[Row, str, str], bool]
    rank: int = 0


@dataclass(frozen=True)
class SheetTable:
    """The table of a layer on a printed sheet.

    Attributes
    ----------
    title, headings
        The title of the table, and the headings of its columns.
    cells
        The cells of a row, one per heading.
    """

    title: str
    headings: tuple[str, ...]
    cells: Callable[[Row], tuple[str, ...]]


@dataclass(frozen=True)
class TableValues:
    """Columns that only the page's table has.

    Attributes
    ----------
    columns
        Their definitions.
    values
        Called with the atlas, rows of the layer and the target year; returns column name → values
        in the order of the rows.
    """

    columns: tuple[Column, ...]
    values: Callable[[Atlas, pd.DataFrame, int], Mapping[str, Sequence[Any]]]


def is_in_county(row: Row, county: str, _city: str) -> bool:
    """Return whether a row lies in a county.

    Parameters
    ----------
    row
        A feature.
    county
        The county's code.
    _city
        The code of its city, which is not used.
    """
    return county in row["adcodes"]


def common_facts(row: Row) -> list[Fact]:
    """Return the facts that every feature has: its industries and cities.

    Parameters
    ----------
    row
        A feature.
    """
    return [("产业", row["industry_names"]), ("城市", row["city"])]


def has_value(value: Any) -> bool:
    """Return whether a cell is neither null nor empty.

    Parameters
    ----------
    value
        A cell of a layer's row.
    """
    return value is not None and not pd.isna(value) and value != ""


def row_citations(row: Row) -> tuple[Citation, ...]:
    """Return the citation in a row's columns ``document`` and ``locator``.

    Parameters
    ----------
    row
        A feature.
    """
    return (Citation(row["document"] if has_value(row["document"]) else None, row["locator"]),)


@dataclass(frozen=True)
class Kind:
    """A kind of layer.

    Attributes
    ----------
    id
        Its id in files, addresses and the API: lower-case ASCII words joined by hyphens.
    title, description
        Its name and what it holds, in Chinese.
    position
        Its place in menus, exports and the drawing order; lower comes first.
    build
        Returns its rows for the places, made by :func:`layers.shared.frame.frame`.
    columns
        Its own columns besides :data:`layers.columns.COMMON`; called with the target years.
    geometry
        ``polygon``, ``point`` (a symbol that stands for a place), ``points`` (a symbol for each of
        one or several places) or ``none`` where most rows have no geometry and the others have
        polygons.
    draw
        The drawing of a row; called with the atlas, the row and its number in the layer.
    filters
        The filters for which its features have values; other filters have no effect on it.
    shown_first
        Whether a new view shows it.
    by_year
        Whether a view shows only the rows of its target year and those of no single year.
    cluster
        How its rows relate to clusters: each is the ``whole``, a ``part`` or a ``mark`` of one.
        All rows of a cluster are counted as one item. ``None`` if they are not about clusters.
    division
        The level of the administrative divisions that it shows. Divisions are for orientation and
        are not counted.
    county_colour
        ``#rrggbb`` in the chart of counties; ``None`` if its rows are not counted there.
    legend
        Its legend entries; called with the atlas.
    click
        How a click finds its features; ``None`` if it does not.
    facts
        The facts of a row.
    targets
        Pairs of year and revenue target of a row, in the document's wording.
    targets_title
        The heading of these targets.
    belongs_to
        The name of the feature that a row is a part of, if any.
    citations
        Every place where a row is written.
    record_id
        The id of the plan record behind a feature; called with what follows the first colon of the
        feature's id. By default it ends at the next colon.
    lists_counties
        Whether a row's details list its counties.
    table, table_values
        The names of the columns in the page's table, and columns that only this table has. A name
        that ends in ``*`` stands for one column per target year or pair of years.
    summary_facts
        Labels, as `facts` returns them, of the facts in the table of the one-file page.
    profile
        Its heading in profiles of cities, industries, documents and, with `in_zone`, development
        zones; ``None`` leaves it out. Profiles of counties have `county_sections`.
    profile_text
        The text of a row in a profile.
    county_sections
        Its headings in the profile of a county.
    in_zone
        Returns the ids of the features that the profile of a development zone lists; called with
        the atlas and the zone. ``None`` if there are none.
    searched
        Whether search finds its features by name. Counties, cities and zones are found anyway.
    map_title
        The title of a printed sheet that shows it. If it is empty, its own title becomes a part of
        the sheet's; ``None`` adds nothing.
    sheet_table
        Its table on a printed sheet.
    """

    id: str
    title: str
    description: str
    position: int
    build: Callable[[Places], gpd.GeoDataFrame]
    columns: Callable[[Sequence[int]], tuple[Column, ...]]
    geometry: Literal["polygon", "point", "points", "none"]
    draw: Callable[[Atlas, Row, int], Drawing]
    filters: frozenset[Filter] = frozenset()
    shown_first: bool = False
    by_year: bool = False
    cluster: Literal["whole", "part", "mark"] | None = None
    division: Literal["city", "county"] | None = None
    county_colour: str | None = None
    legend: Callable[[Atlas], Iterable[LegendEntry]] = lambda _atlas: ()
    click: Click | None = None
    facts: Callable[[Atlas, Row], Sequence[Fact]] = lambda _atlas, row: common_facts(row)
    targets: Callable[[Atlas, Row], tuple[tuple[int, str], ...]] = lambda _atlas, _row: ()
    targets_title: str = "营业收入目标"
    belongs_to: Callable[[Atlas, Row], str | None] = lambda _atlas, _row: None
    citations: Callable[[Atlas, Row], tuple[Citation, ...]] = lambda _atlas, row: row_citations(row)
    record_id: Callable[[Atlas, str], str] = lambda _atlas, rest: rest.partition(":")[0]
    lists_counties: bool = True
    table: tuple[str, ...] = ("name", "role", "industry_names", "city", "note", "locator")
    table_values: TableValues | None = None
    summary_facts: tuple[str, ...] = ("产业", "城市")
    profile: str | None = None
    profile_text: Callable[[Atlas, Row], str] = lambda _atlas, row: str(row["name"])
    county_sections: tuple[CountySection, ...] = field(default=())
    in_zone: Callable[[Atlas, Place], frozenset[str]] | None = None
    searched: bool = False
    map_title: str | None = ""
    sheet_table: SheetTable | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", self.id):
            raise ValueError(f"kind {self.id!r}: an id has lower-case words joined by hyphens")
        unknown = self.filters - set(get_args(Filter))
        if unknown:
            raise ValueError(f"kind {self.id!r}: unknown filters {sorted(unknown)}")
        known = [c.name for c in self.all_columns((2025, 2030))]
        known += [c.name for c in self.table_values.columns] if self.table_values else []
        for name in self.table:
            stem = name.removesuffix("*")
            if not any(c == name or (stem != name and c.startswith(stem)) for c in known):
                raise ValueError(f"kind {self.id!r}: its table has an unknown column {name!r}")

    @property
    def has_symbols(self) -> bool:
        """Whether its geometry is points, each drawn as a symbol."""
        return self.geometry in ("point", "points")

    @property
    def geometry_type(self) -> GeometryType:
        """The one type of all its geometry in files and the API, whatever is selected."""
        return _GEOMETRY_TYPES[self.geometry]

    def feature_id(self, rest: str) -> str:
        """Return the id of a feature of this kind.

        Parameters
        ----------
        rest
            The part that is unique within the kind, such as the id of a record.
        """
        return f"{self.id}:{rest}"

    def all_columns(self, years: Sequence[int]) -> tuple[Column, ...]:
        """Return all columns of the layer in order, common columns first.

        Parameters
        ----------
        years
            The atlas's target years.
        """
        return (*COMMON, *self.columns(years))
