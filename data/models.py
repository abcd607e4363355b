"""Closed, frozen records: the only shapes in which facts enter the project.

An unknown key, a number where text belongs or a figure without a unit is an error. Records hold
facts and figures; the sentences they come from stay in the documents and are named by locator and
fingerprint (see :mod:`data.text`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Text = Annotated[str, Field(min_length=1)]
Adcode = Annotated[str, Field(pattern=r"^\d{6}$")]
DocumentId = Annotated[str, Field(pattern=r"^[0-9a-z][0-9a-z-]*$")]
Slug = Annotated[str, Field(pattern=r"^[0-9a-z][a-z0-9-]*$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Year = Annotated[int, Field(ge=1949, le=2100)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Date = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Record(BaseModel):
    """Base of every record: closed, frozen and strict."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AtlasInfo(Record):
    """The atlas as a whole: its province, target years and standing notes."""

    title: Text
    province: Text
    province_adcode: Adcode
    version: Text
    date: Date
    years: tuple[Year, ...] = Field(min_length=1)
    default_year: Year
    attribution: Text
    disclaimer: Text

    @model_validator(mode="after")
    def _default_year_is_offered(self) -> AtlasInfo:
        if self.default_year not in self.years:
            raise ValueError(f"default_year {self.default_year} is not one of years")
        return self


class Document(Record):
    """A plan document that was read; what its text does not state stays empty."""

    id: DocumentId
    title: Text
    short_title: Text
    form: Literal["full-text", "digest"]
    region: Text
    period_start: Year | None = None
    period_end: Year | None = None
    publisher: Text | None = None
    published: Date | None = None
    note: Text | None = None
    fingerprint: Sha256


class Industry(Record):
    """One industry of the canonical vocabulary, with the words each document uses for it."""

    id: Slug
    name: Text
    name_en: Text
    group: Literal["strategic", "traditional", "high-potential", "future"]
    source: Text
    terms: dict[DocumentId, tuple[Text, ...]] = Field(default_factory=dict)


class PlaceList(Record):
    """Places in the document's own words; `open` says that the list ends with 等."""

    places: tuple[Text, ...]
    open: bool = False


class Target(Record):
    """One figure a document sets for a year, with its unit and its wording."""

    indicator: Literal["revenue", "servers"]
    year: Year
    comparator: Literal["预计超", "预计突破", "达到", "超"]
    value: Annotated[int, Field(gt=0)]
    unit: Literal["亿元", "万台"]

    @model_validator(mode="after")
    def _unit_fits(self) -> Target:
        expected = {"revenue": "亿元", "servers": "万台"}[self.indicator]
        if self.unit != expected:
            raise ValueError(f"{self.indicator} is given in {expected}, not {self.unit}")
        return self


class Projects(Record):
    """Key projects advanced in a year: their number and their total investment (总投资, 约).

    The investment is that of the projects as a whole, not what is spent in that year.
    """

    year: Year
    count: Annotated[int, Field(gt=0)]
    investment_comparator: Literal["约"]
    investment_yi: Annotated[int, Field(gt=0)]


class ClusterSentences(Record):
    """Fingerprints of a cluster's sentences: its heading, its scope, its figures."""

    name: Sha256
    scope: Sha256
    figures: Sha256 | None = None


class Cluster(Record):
    """An industry cluster (产业集群) with core zones, radiation areas and targets.

    `chains` are industry chains by name, `links` the links of its one chain where the document
    lists these instead. `seat` is the place that stands in where it names no core zone.
    """

    id: Slug
    number: Annotated[int, Field(gt=0)]
    tier: Literal["key", "cultivated"]
    name: Text
    short_name: Text
    city: Text
    locator: Text
    sentences: ClusterSentences
    core: PlaceList | None = None
    seat: Text | None = None
    radiation: PlaceList | None = None
    industry: tuple[Text, ...] = Field(min_length=1)
    chains: tuple[Text, ...] = ()
    chains_open: bool = False
    links: tuple[Text, ...] = ()
    links_open: bool = False
    directions: tuple[Text, ...] = ()
    fields: tuple[Text, ...] = ()
    fields_open: bool = False
    products: tuple[Text, ...] = ()
    products_open: bool = False
    positioning: Text
    projects: Projects | None = None
    targets: tuple[Target, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Cluster:
        if (self.core is None) == (self.seat is None):
            raise ValueError("give core places, or seat where the document names none")
        if (self.projects or self.targets) and self.sentences.figures is None:
            raise ValueError("figures need sentences.figures")
        keys = [(t.indicator, t.year) for t in self.targets]
        if len(keys) != len(set(keys)):
            raise ValueError("two targets for the same indicator and year")
        return self


class LayoutUnit(Record):
    """A unit of the spatial layout (一核, 两极, 四带, 两翼) with its member places."""

    id: Slug
    kind: Literal["core", "pole", "belt", "wing"]
    name: Text
    short_name: Text
    members: tuple[Text, ...] = Field(min_length=1)
    membership: Literal["stated", "inferred"]
    reason: Text | None = None
    locator: Text
    sentence: Sha256

    @model_validator(mode="after")
    def _inference_has_a_reason(self) -> LayoutUnit:
        if (self.membership == "inferred") != (self.reason is not None):
            raise ValueError("reason is given exactly where membership is inferred")
        return self


class Concept(Record):
    """A part of a layout that names no place (多集群): kept, listed, not drawn."""

    id: Slug
    name: Text
    meaning: Text
    why_not_mapped: Text
    locator: Text
    sentence: Sha256


class Region(Record):
    """A development region with member cities and the industries it is to develop."""

    id: Slug
    name: Text
    short_name: Text
    members: tuple[Text, ...] = Field(min_length=1)
    industries: tuple[Text, ...] = Field(min_length=1)
    industries_open: bool = False
    integrated: tuple[Text, ...] = ()
    integrated_open: bool = False
    locator: Text
    name_sentence: Sha256
    sentence: Sha256


class Plan(Record):
    """All records read from one document."""

    document: DocumentId
    clusters: tuple[Cluster, ...] = ()
    layout: tuple[LayoutUnit, ...] = ()
    concepts: tuple[Concept, ...] = ()
    regions: tuple[Region, ...] = ()


class CarvedCity(Record):
    """A city-level unit made of counties that the boundary file files under another city."""

    code: Adcode
    name: Text
    aliases: tuple[Text, ...] = ()
    counties: tuple[Adcode, ...] = Field(min_length=1)
    area_km2: Annotated[float, Field(gt=0)] | None = None
    area_source: Text | None = None
    note: Text


class CountyAlias(Record):
    """Another name of a county that a document uses."""

    county: Adcode
    alias: Text
    note: Text


class Zone(Record):
    """A development or functional zone: known by name and host counties, not by boundary.

    `code` is the statistical code (NBS, 6 or 9 digits) where there is one, otherwise the number in
    the catalogue of GB/T 37028-2018 (13-201-048). `area_km2` is the published area.
    """

    code: Annotated[str, Field(pattern=r"^(\d{6}|\d{9}|\d{2}-\d{3}-\d{3})$")]
    name: Text
    aliases: tuple[Text, ...] = ()
    level: Text
    city: Adcode
    hosts: tuple[Adcode, ...] = Field(min_length=1)
    hosts_certain: bool
    area_km2: Annotated[float, Field(gt=0)] | None = None
    area_source: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _area_has_a_source(self) -> Zone:
        if (self.area_km2 is None) != (self.area_source is None):
            raise ValueError("area_km2 and area_source go together")
        return self


class ZonePoint(Record):
    """A published point of a zone, WGS84 lon/lat in degrees, and what stands there."""

    zone: Text
    lon: Annotated[float, Field(ge=70, le=140)]
    lat: Annotated[float, Field(ge=15, le=55)]
    source: Text
    what: Text


class County(Record):
    """A county-level unit of the boundary file; `city` is the unit that the filter uses."""

    adcode: Adcode
    name: Text
    prefecture_adcode: Adcode
    prefecture: Text
    city_adcode: Adcode
    city: Text
