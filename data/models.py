"""Models of the records: the only forms in which facts enter the project.

The models are closed, frozen and strict: an unknown key, a number in place of a text or a figure
without a unit is an error. Records hold facts and figures, but not the sentences they come from.
Locator and fingerprint identify those in the documents (see :mod:`data.text`). The models check one
record at a time; checks across records are in :mod:`data.reader`.

The docstrings of the models are part of the JSON Schemas that ``jitu schema`` prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.faults import Phrase

Text = Annotated[str, Field(min_length=1)]
Adcode = Annotated[str, Field(pattern=r"^\d{6}$")]
DocumentId = Annotated[str, Field(pattern=r"^[0-9a-z]+$")]
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
    attribution: Text
    disclaimer: Text

    @property
    def default_year(self) -> int:
        """The next target year that is not past at the atlas's date; otherwise the last one."""
        today = int(self.date[:4])
        return min((year for year in self.years if year >= today), default=max(self.years))


class Document(Record):
    """A plan document that was read; what its text does not state stays empty.

    `form`: the full text, an excerpt (节选) that lacks chapters, or a press digest (媒体摘编).
    `industry` are the industries that the whole plan is for, in the words of its title.
    """

    id: DocumentId
    title: Text
    short_title: Text
    form: Literal["full-text", "excerpt", "digest"]
    region: Text
    industry: tuple[Text, ...] = ()
    period_start: Year | None = None
    period_end: Year | None = None
    publisher: Text | None = None
    published: Date | None = None
    note: Text | None = None
    fingerprint: Sha256


class Industry(Record):
    """One industry of the filter.

    `chapters` are its chapters in the national classification, by number and title. A future
    industry lies `within` others: beside each stands the source that says so, or null where none
    was found; `reason` explains a doubtful one.
    """

    id: Slug
    name: Text
    name_en: Text
    group: Literal["strategic", "traditional", "high-potential", "future"]
    source: Text
    chapters: tuple[Text, ...] = ()
    within: dict[Slug, Text | None] = Field(default_factory=dict)
    reason: Text | None = None


class IndustryTerm(Record):
    """A word of the documents and the industries that it means; the first one gives the colour.

    Beside each industry stands the source that puts the word there, a chapter of the classification
    or a document, or null where none was found (未核实). `reason` explains a doubtful place, and a
    word that means no single industry.
    """

    term: Text
    industries: dict[Slug, Text | None]
    reason: Text | None = None

    @model_validator(mode="after")
    def _means_something_or_says_why(self) -> IndustryTerm:
        if not self.industries and self.reason is None:
            raise ValueError(Phrase("give industries, or the reason why there are none"))
        return self


class PlaceList(Record):
    """Places in the document's own words; `open` says that the list ends with 等."""

    places: tuple[Text, ...] = Field(min_length=1)
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
            raise ValueError(
                Phrase(
                    "{indicator} is given in {expected}, not {unit}",
                    indicator=self.indicator,
                    expected=expected,
                    unit=self.unit,
                )
            )
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
            raise ValueError(Phrase("give core places, or seat where the document names none"))
        if (self.projects or self.targets) and self.sentences.figures is None:
            raise ValueError(Phrase("figures need sentences.figures"))
        keys = [(t.indicator, t.year) for t in self.targets]
        if len(keys) != len(set(keys)):
            raise ValueError(Phrase("two targets for the same indicator and year"))
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
            raise ValueError(Phrase("reason is given exactly where membership is inferred"))
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
    """A development region with member cities and the industries it is to develop.

    `integrated` are fields of deeper integration, `frontier` technologies it is to research.
    """

    id: Slug
    name: Text
    short_name: Text
    members: tuple[Text, ...] = Field(min_length=1)
    industries: tuple[Text, ...] = Field(min_length=1)
    industries_open: bool = False
    integrated: tuple[Text, ...] = ()
    integrated_open: bool = False
    frontier: tuple[Text, ...] = ()
    frontier_open: bool = False
    locator: Text
    name_sentence: Sha256
    sentence: Sha256
    frontier_sentence: Sha256 | None = None

    @model_validator(mode="after")
    def _frontier_has_a_sentence(self) -> Region:
        if bool(self.frontier) != (self.frontier_sentence is not None):
            raise ValueError(Phrase("frontier and frontier_sentence go together"))
        return self


class FutureIndustry(Record):
    """A future industry (未来产业) a document names, with the places it guides there, if any.

    `role` is the document's word for what the places are to it (支持引导, 引领). `carriers` bear it
    beside them, but are no places of the gazetteer, such as all development zones of a level.
    """

    id: Slug
    name: Text
    industry: tuple[Text, ...] = Field(min_length=1)
    places: PlaceList | None = None
    role: Text | None = None
    carriers: tuple[Text, ...] = ()
    fields: tuple[Text, ...] = ()
    fields_open: bool = False
    locator: Text
    name_sentence: Sha256 | None = None
    sentence: Sha256

    @model_validator(mode="after")
    def _places_have_a_role(self) -> FutureIndustry:
        if (self.places is None) != (self.role is None):
            raise ValueError(Phrase("places and role go together"))
        return self


class BaseMention(Record):
    """One mention of a base, park, cluster, zone or platform that is named with a place.

    `name` is the item as written, `suffix` the ending it shares with the other items of its list,
    `places` the place words of its sentence (none where only a heading names the place); `base` is
    the real base it means (:class:`Base`).
    """

    id: Slug
    base: Slug
    name: Text
    suffix: Text | None = None
    places: tuple[Text, ...] = ()
    level: Literal["国家级", "省级"] | None = None
    industry: tuple[Text, ...] = ()
    historical: bool = False
    box: Annotated[int, Field(gt=0)] | None = None
    locator: Text
    sentence: Sha256


class Base(Record):
    """A real base: what its mentions in all documents have in common, and where it lies.

    `places` are resolvable names; without any, `why_not_mapped` says why. `reason` explains an
    inferred placement, `linked` why mentions under different names are taken for the same base.
    """

    id: Slug
    name: Text
    kind: Literal["base", "park", "cluster", "zone", "platform"]
    places: tuple[Text, ...] = ()
    placement: Literal["stated", "inferred"] = "stated"
    reason: Text | None = None
    linked: Text | None = None
    why_not_mapped: Text | None = None

    @model_validator(mode="after")
    def _is_placed_or_explained(self) -> Base:
        if bool(self.places) == (self.why_not_mapped is not None):
            raise ValueError(Phrase("give places, or why_not_mapped"))
        if self.placement == "inferred" and self.reason is None:
            raise ValueError(Phrase("an inferred placement needs a reason"))
        return self


class Project(Record):
    """A major project named in a document.

    `places` are resolvable names, `place_words` what the text says. `place_from_company` marks a
    place that is only the leading word of a company's name and may be its seat. `base` is the base
    that the project is at the same time (:class:`Base`); the two count as one.
    """

    id: Slug
    name: Text
    base: Slug | None = None
    company: Text | None = None
    place_words: tuple[Text, ...] = ()
    places: tuple[Text, ...] = ()
    place_from_company: bool = False
    placement: Literal["stated", "inferred"] = "stated"
    industry: tuple[Text, ...] = ()
    historical: bool = False
    box: Annotated[int, Field(gt=0)] | None = None
    note: Text | None = None
    why_not_mapped: Text | None = None
    locator: Text
    sentence: Sha256

    @model_validator(mode="after")
    def _is_placed_or_explained(self) -> Project:
        if bool(self.places) == (self.why_not_mapped is not None):
            raise ValueError(Phrase("give places, or why_not_mapped"))
        return self


class Statement(Record):
    """A quantitative statement: a target, a historical fact, a policy figure or a specification.

    Numbers are as written (8.7 with the unit 万家); `value_high` closes a range (3—5), `value_text`
    stands for a figure in words (一批, 三分之二). `comparator` keeps the wording, with … where the
    figure stands. `year_source` says where the year stands if not in the sentence itself.
    """

    id: Slug
    kind: Literal["target", "fact", "policy", "specification"]
    scope: Text
    place: Text | None = None
    indicator: Text
    value: float | None = None
    value_high: float | None = None
    value_text: Text | None = None
    unit: Text | None = None
    comparator: Text | None = None
    threshold: Text | None = None
    year: Year | None = None
    period: Text | None = None
    year_source: Text | None = None
    baseline_value: float | None = None
    baseline_unit: Text | None = None
    baseline_year: Year | None = None
    industry: tuple[Text, ...] = ()
    note: Text | None = None
    locator: Text
    sentence: Sha256

    @model_validator(mode="after")
    def _has_a_value(self) -> Statement:
        if (self.value is None) == (self.value_text is None):
            raise ValueError(Phrase("give value, or value_text"))
        if self.value is not None and self.unit is None:
            raise ValueError(Phrase("a value needs its unit"))
        return self


class SystemEntry(Record):
    """One industry of a document's industry system (4+4+3+N, 3+4+未来 …) in its own words."""

    id: Slug
    system: Text
    group: Text
    industry: Text
    parts: tuple[Text, ...] = ()
    parts_open: bool = False
    locator: Text
    sentence: Sha256


class Action(Record):
    """An action (行动) or safeguard (保障措施) of a plan, by name."""

    id: Slug
    kind: Literal["action", "safeguard"]
    order: Annotated[int, Field(gt=0)]
    name: Text
    locator: Text
    sentence: Sha256


class Side(Record):
    """One side of a comparison: what the named records say, in a few words."""

    says: Text
    records: tuple[Slug, ...] = Field(min_length=1)


class Comparison(Record):
    """Two or more things that documents say of one matter, and whether they agree.

    Nothing is merged: each side names its records, which name document and locator.
    """

    id: Slug
    group: Literal["within", "figures", "space", "taxonomy", "names"]
    topic: Text
    sides: tuple[Side, ...] = Field(min_length=2)
    verdict: Literal["相符", "表述不同", "口径不同", "不可比", "不一致", "未说明"]
    remark: Text | None = None


PlanRecord = (
    Cluster
    | LayoutUnit
    | Concept
    | Region
    | FutureIndustry
    | BaseMention
    | Project
    | Statement
    | SystemEntry
    | Action
)


class Plan(Record):
    """Records read from one document; several files may share a document."""

    document: DocumentId
    clusters: tuple[Cluster, ...] = ()
    layout: tuple[LayoutUnit, ...] = ()
    concepts: tuple[Concept, ...] = ()
    regions: tuple[Region, ...] = ()
    future: tuple[FutureIndustry, ...] = ()
    bases: tuple[BaseMention, ...] = ()
    projects: tuple[Project, ...] = ()
    statements: tuple[Statement, ...] = ()
    systems: tuple[SystemEntry, ...] = ()
    actions: tuple[Action, ...] = ()

    def records(self) -> Iterator[PlanRecord]:
        """Yield every record, kind by kind."""
        for field in type(self).model_fields:
            if field != "document":
                yield from getattr(self, field)


class CarvedCity(Record):
    """A city-level unit made of counties that the boundary file files under another city."""

    code: Adcode
    name: Text
    aliases: tuple[Text, ...] = ()
    counties: tuple[Adcode, ...] = Field(min_length=1)
    note: Text


class CountyAlias(Record):
    """Another name of a county that a document uses."""

    county: Adcode
    alias: Text
    note: Text


class Zone(Record):
    """A development or functional zone: known by name and host counties, not by boundary.

    `code` is the statistical code (NBS, 6 or 9 digits) where there is one, otherwise the number in
    the catalogue of GB/T 37028-2018 (13-201-048). `area_km2` is the published area, from a source
    that a planner can cite; no outline follows from it.
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
            raise ValueError(Phrase("area_km2 and area_source go together"))
        return self


class PlacePoint(Record):
    """A published point of a place, WGS84 lon/lat in degrees, and what stands there.

    `place` is the code of a zone, or the adcode of a city or county, whose point is the seat of its
    government.
    """

    place: Text
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
