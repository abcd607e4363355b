"""Read the data folder into one checked, immutable :class:`Records`.

The reader checks everything that needs no geometry. It collects all faults before it raises an
error, so that an author sees the whole list after one run. It does not read polygons or resolve
place names: see :mod:`geo.boundaries` and :mod:`geo.places`.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import json
import math
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from data.faults import DataFaultsError, Fault, Phrase
from data.industries import DocumentWords, IndustryVocabulary, terms
from data.models import (
    Action,
    AtlasInfo,
    Base,
    BaseMention,
    CarvedCity,
    Cluster,
    Comparison,
    County,
    CountyAlias,
    Document,
    FutureIndustry,
    Industry,
    IndustryTerm,
    LayoutUnit,
    PlacePoint,
    Plan,
    PlanRecord,
    Project,
    Record,
    Region,
    Statement,
    SystemEntry,
    Zone,
)

PACKAGE_FOLDER = Path(__file__).resolve().parent / "hebei"
_TERMS_FILE = "industry-terms.yaml"
_WITHOUT_COMPARISON = ("不可比", "未说明")
RecordT = TypeVar("RecordT", bound=Record)


@dataclass(frozen=True)
class Records:
    """All records of a data folder.

    Attributes
    ----------
    folder
        The data folder, as an absolute path.
    digest
        SHA-256 of all data files: see :func:`digest`.
    atlas
        Title, province, target years and notes of the atlas.
    documents, industries, industry_terms, plans, bases, comparisons
        The records, in the order of their files.
    counties, carved_cities, county_aliases, zones, points
        The places, in the order of their files. Points are WGS84 longitude and latitude.
    plan_files, point_files
        Id of a plan's record, code of a place with a point → its file, as a path within the folder.
    rejected
        Files that could not be read completely. A reference to a record in one of them is not
        reported. Empty if there are no faults.
    """

    folder: Path
    digest: str
    atlas: AtlasInfo
    documents: tuple[Document, ...]
    industries: tuple[Industry, ...]
    industry_terms: tuple[IndustryTerm, ...]
    plans: tuple[Plan, ...]
    bases: tuple[Base, ...]
    comparisons: tuple[Comparison, ...]
    counties: tuple[County, ...]
    carved_cities: tuple[CarvedCity, ...]
    county_aliases: tuple[CountyAlias, ...]
    zones: tuple[Zone, ...]
    points: tuple[PlacePoint, ...]
    plan_files: Mapping[str, str]
    point_files: Mapping[str, str]
    rejected: frozenset[str]

    @property
    def data_version(self) -> str:
        """Version, date and digest of the data, as exports cite them."""
        return f"{self.atlas.version} ({self.atlas.date}, {self.digest[:12]})"

    @cached_property
    def document_by_id(self) -> Mapping[str, Document]:
        """Document id → document."""
        return {d.id: d for d in self.documents}

    @cached_property
    def industry_by_id(self) -> Mapping[str, Industry]:
        """Industry id → industry, in the vocabulary's order."""
        return {i.id: i for i in self.industries}

    @cached_property
    def cities(self) -> Mapping[str, str]:
        """City adcode → name, carved-out cities included, in the order of the adcodes."""
        return dict(sorted({(c.city_adcode, c.city) for c in self.counties}))

    def clusters(self) -> Iterable[tuple[str, Cluster]]:
        """Yield (document id, cluster) in the documents' order."""
        return ((p.document, c) for p in self.plans for c in p.clusters)

    def layout(self) -> Iterable[tuple[str, LayoutUnit]]:
        """Yield (document id, layout unit) in the documents' order."""
        return ((p.document, u) for p in self.plans for u in p.layout)

    def regions(self) -> Iterable[tuple[str, Region]]:
        """Yield (document id, region) in the documents' order."""
        return ((p.document, r) for p in self.plans for r in p.regions)

    def future(self) -> Iterable[tuple[str, FutureIndustry]]:
        """Yield (document id, future industry) in the documents' order."""
        return ((p.document, f) for p in self.plans for f in p.future)

    def base_mentions(self) -> Iterable[tuple[str, BaseMention]]:
        """Yield (document id, mention of a base) in the documents' order."""
        return ((p.document, b) for p in self.plans for b in p.bases)

    def projects(self) -> Iterable[tuple[str, Project]]:
        """Yield (document id, project) in the documents' order."""
        return ((p.document, x) for p in self.plans for x in p.projects)

    def statements(self) -> Iterable[tuple[str, Statement]]:
        """Yield (document id, quantitative statement) in the documents' order."""
        return ((p.document, s) for p in self.plans for s in p.statements)

    def systems(self) -> Iterable[tuple[str, SystemEntry]]:
        """Yield (document id, entry of an industry system) in the documents' order."""
        return ((p.document, s) for p in self.plans for s in p.systems)

    def actions(self) -> Iterable[tuple[str, Action]]:
        """Yield (document id, action or safeguard) in the documents' order."""
        return ((p.document, a) for p in self.plans for a in p.actions)

    @cached_property
    def industry_vocabulary(self) -> IndustryVocabulary:
        """The industries and the words that mean them."""
        return IndustryVocabulary(self.industries, self.industry_terms)

    @cached_property
    def industry_words(self) -> Mapping[str, DocumentWords]:
        """Document id → the words for industries that it uses."""
        vocabulary = self.industry_vocabulary
        return {d.id: DocumentWords(vocabulary, d, self.plans) for d in self.documents}

    def industries_of(self, document: str, *records: PlanRecord) -> tuple[str, ...]:
        """Return the industries that records belong to: see :meth:`IndustryVocabulary.of`.

        Parameters
        ----------
        document
            Id of the document.
        *records
            Its records that are about the same thing.
        """
        return self.industry_vocabulary.of(self.document_by_id[document], *records)


class ReadResult(NamedTuple):
    """What could be read from a data folder.

    Attributes
    ----------
    records
        The readable records; ``None`` if ``atlas.yaml`` is not readable.
    faults
        Every fault that was found.
    """

    records: Records | None
    faults: list[Fault]


def data_folder() -> Path:
    """Return the data folder in use.

    Returns
    -------
    Path
        The folder that ``JITU_DATA`` names, otherwise :data:`PACKAGE_FOLDER`; absolute.
    """
    return Path(os.environ.get("JITU_DATA") or PACKAGE_FOLDER).resolve()


def digest(folder: Path) -> str:
    """Return a digest of all data files that is the same on every system.

    Line ends are normalised, so that a checkout on Windows has the same digest.

    Parameters
    ----------
    folder
        A data folder.

    Returns
    -------
    str
        SHA-256 of the names and contents of all YAML, CSV and GeoJSON files, as 64 hex digits.

    Raises
    ------
    OSError
        A file cannot be read.
    """
    files = sorted(_data_files(folder), key=lambda p: p.relative_to(folder).as_posix())
    return _digest(folder, tuple(_FileState.of(path) for path in files))


class _FileState(NamedTuple):
    """The state of a file; the same state means the same content."""

    path: Path
    size: int
    modified_ns: int

    @classmethod
    def of(cls, path: Path) -> _FileState:
        status = path.stat()
        return cls(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=4)
def _digest(folder: Path, files: tuple[_FileState, ...]) -> str:
    """Compute the digest; the cache avoids reading unchanged files again."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.path.relative_to(folder).as_posix().encode("utf-8") + b"\0")
        total.update(file.path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return total.hexdigest()


def load(folder: Path | None = None) -> Records:
    """Read and check a data folder.

    Parameters
    ----------
    folder
        The folder; by default that of :func:`data_folder`.

    Returns
    -------
    Records
        All records of the folder.

    Raises
    ------
    DataFaultsError
        The folder has faults. The error lists all of them, each with file, record and remedy.
    """
    records, faults = read(folder)
    if records is None or faults:
        raise DataFaultsError(faults)
    return records


def read(folder: Path | None = None) -> ReadResult:
    """Read as much of a data folder as possible, and collect its faults.

    Parameters
    ----------
    folder
        The folder; by default that of :func:`data_folder`.

    Returns
    -------
    ReadResult
        The readable records and every fault.
    """
    reader = _Reader(folder or data_folder())
    return ReadResult(reader.read(), reader.faults)


def near_names_hint(name: str, names: Iterable[str]) -> str:
    """Return a hint with the names that are most similar to an unknown name.

    Parameters
    ----------
    name
        The unknown name.
    names
        The known names.

    Returns
    -------
    str
        The end of a sentence with up to three names, or an empty string if none is similar.

    Examples
    --------
    >>> near_names_hint("怀莱县", ["怀来县", "蔚县", "丰润区"])
    '; near names: 怀来县, 蔚县'
    """
    close = difflib.get_close_matches(name, sorted(set(names)), n=3, cutoff=0.4)
    return Phrase("; near names: {names}", names=tuple(close)) if close else ""


def _data_files(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        if path.suffix in {".yaml", ".csv", ".geojson"} and path.is_file():
            yield path


# libyaml's loader is three times as fast. PyYAML may be built without it.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_SafeLoader):  # type: ignore[misc]
    """A YAML loader without dates, octal numbers, ``no`` as a Boolean and repeated keys."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 — PyYAML reads them from the class


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", list("tf")),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", list("-0123456789")),
    ("tag:yaml.org,2002:merge", r"^<<$", ["<"]),
):
    _StrictLoader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


def _construct_mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    """Construct a mapping; a repeated key or a key that is no scalar is an error."""
    seen: set[str] = set()
    for key, _ in node.value:
        fault = None
        if not isinstance(key, yaml.ScalarNode):
            fault = Phrase("a key must be a word")
        elif key.value in seen:
            fault = Phrase("key {key!r} is given twice", key=key.value)
        if fault:
            raise yaml.constructor.ConstructorError(None, None, fault, key.start_mark)
        seen.add(key.value)
    return loader.construct_mapping(node, deep=True)


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


@lru_cache(maxsize=64)
def _parse(text: str) -> Any:
    """Parse a file, which may have been read before. Nobody changes the result."""
    return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 — a SafeLoader


@dataclass(frozen=True)
class _Content:
    """The records of all files but ``atlas.yaml``, before the checks across files."""

    documents: tuple[Document, ...]
    industries: tuple[Industry, ...]
    industry_terms: tuple[IndustryTerm, ...]
    carved_cities: tuple[CarvedCity, ...]
    county_aliases: tuple[CountyAlias, ...]
    zones: tuple[Zone, ...]
    points: tuple[PlacePoint, ...]
    counties: tuple[County, ...]
    plans: tuple[Plan, ...]
    bases: tuple[Base, ...]
    comparisons: tuple[Comparison, ...]


class _Reader:
    """Reads one folder and collects its faults; a broken file does not hide those of the next."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.rejected: set[str] = set()
        self.plan_documents: dict[str, str] = {}  # file → document
        self.plan_files: dict[str, str] = {}  # record id → file
        self.point_files: dict[str, str] = {}  # code of a place → file

    def fault(self, file: str, record: str, message: Phrase, remedy: Phrase) -> None:
        self.faults.append(Fault(file, record, message, remedy))

    def reject(self, file: str, record: str, message: Phrase, remedy: Phrase) -> None:
        """Report a fault because of which the file, or a part of it, cannot be read."""
        self.rejected.add(file)
        self.fault(file, record, message, remedy)

    # -- files ---------------------------------------------------------------------------------

    def read_text(self, file: str) -> str | None:
        try:
            return (self.folder / file).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            remedy = Phrase("put it into {folder}", folder=self.folder)
            self.reject(file, "", Phrase("the file is missing"), remedy)
        except UnicodeDecodeError as error:
            message = Phrase("not UTF-8 (byte {n})", n=error.start)
            self.reject(file, "", message, Phrase("save it as UTF-8"))
        except OSError as error:
            message = Phrase("cannot be read: {reason}", reason=error.strerror)
            self.reject(file, "", message, Phrase("put a readable file there"))
        return None

    def read_yaml(self, file: str) -> Any:
        text = self.read_text(file)
        if text is None:
            return None
        try:
            content = _parse(text)
            if content is None:
                remedy = Phrase("write its records, or remove it")
                self.reject(file, "", Phrase("the file is empty"), remedy)
            return content
        except yaml.YAMLError as error:
            message = Phrase("broken YAML: {problem}", problem=_yaml_problem(error))
            self.reject(file, _yaml_position(error), message, Phrase("mend the syntax there"))
        return None

    def read_records(self, file: str, key: str, model: type[RecordT]) -> tuple[RecordT, ...]:
        """Read a file whose only key holds a list of records."""
        content = self.read_yaml(file)
        if content is None:
            return ()
        if not isinstance(content, dict) or not isinstance(content.get(key), list):
            remedy = Phrase("start the file with '{key}:'", key=key)
            self.reject(file, "", Phrase("no list {key!r}", key=key), remedy)
            return ()
        for extra in sorted(set(map(str, content)) - {key}):
            remedy = Phrase("the file holds only {key!r}", key=key)
            self.reject(file, extra, Phrase("unknown key"), remedy)
        records = (
            self.validate(file, _record_label(item, f"{key}[{n}]"), model, item)
            for n, item in enumerate(content[key], start=1)
        )
        return tuple(record for record in records if record is not None)

    def read_optional(self, file: str, key: str, model: type[RecordT]) -> tuple[RecordT, ...]:
        """Read a file that the folder need not have."""
        return self.read_records(file, key, model) if self.has(file) else ()

    def validate(self, file: str, label: str, model: type[RecordT], value: Any) -> RecordT | None:
        """Return the record of a value, or reject the value with all its errors."""
        try:
            # JSON mode is strict about types but accepts lists for tuples.
            return model.model_validate_json(json.dumps(value, ensure_ascii=False, default=str))
        except ValidationError as error:
            for problem in error.errors():
                self._reject_value(file, label, model, value, problem)
        return None

    def _reject_value(
        self, file: str, label: str, model: type[RecordT], value: Any, problem: ErrorDetails
    ) -> None:
        """Report one error that pydantic found in a value."""
        path = list(problem["loc"])
        # In a plan the record is an entry of a list, not the whole file.
        if model is Plan and len(path) > 1 and isinstance(path[1], int):
            items = value.get(path[0]) if isinstance(value, dict) else None
            item = items[path[1]] if items else None
            label = _record_label(item, f"{path[0]}[{path[1] + 1}]")
            path = path[2:]
        field = ".".join(map(str, path))
        message = _validation_message(problem)
        if field:
            message = Phrase("{field}: {problem}", field=field, problem=message)
        remedy = Phrase("correct the value {value}", value=f"{problem.get('input')!r:.60}")
        if problem["type"] == "missing":
            remedy = Phrase("add it")
        elif problem["type"] == "extra_forbidden":
            hint = near_names_hint(str(path[-1]), _known_keys(model)) if path else ""
            remedy = Phrase("remove or correct it{hint}", hint=hint)
        self.reject(file, label, message, remedy)

    # -- the folder ----------------------------------------------------------------------------

    def read(self) -> Records | None:
        """Read and check the folder; return ``None`` without a readable ``atlas.yaml``."""
        if not self.folder.is_dir():
            message = Phrase("there is no such folder")
            self.reject(str(self.folder), "", message, Phrase("correct JITU_DATA"))
            return None
        info = self.read_yaml("atlas.yaml")
        atlas = self.validate("atlas.yaml", "", AtlasInfo, info) if info is not None else None
        content = self.read_content()
        self.check(atlas, content)
        if atlas is None:
            return None
        return Records(
            folder=self.folder,
            digest=digest(self.folder),
            atlas=atlas,
            documents=content.documents,
            industries=content.industries,
            industry_terms=content.industry_terms,
            plans=content.plans,
            bases=content.bases,
            comparisons=content.comparisons,
            counties=content.counties,
            carved_cities=content.carved_cities,
            county_aliases=content.county_aliases,
            zones=content.zones,
            points=content.points,
            plan_files=dict(self.plan_files),
            point_files=dict(self.point_files),
            rejected=frozenset(self.rejected),
        )

    def read_content(self) -> _Content:
        carved_cities = self.read_optional("places/cities.yaml", "cities", CarvedCity)
        return _Content(
            documents=self.read_records("documents.yaml", "documents", Document),
            industries=self.read_records("industries.yaml", "industries", Industry),
            industry_terms=self.read_records(_TERMS_FILE, "terms", IndustryTerm),
            carved_cities=carved_cities,
            county_aliases=self.read_optional("places/county-aliases.yaml", "aliases", CountyAlias),
            zones=self.read_optional("places/zones.yaml", "zones", Zone),
            points=(
                *self.read_points("places/points-osm.csv"),
                *self.read_points("places/points-geonames.csv"),
            ),
            counties=self.read_counties(carved_cities),
            plans=self.read_plans(),
            bases=self.read_optional("bases.yaml", "bases", Base),
            comparisons=self.read_optional("consistency.yaml", "comparisons", Comparison),
        )

    def has(self, file: str) -> bool:
        return (self.folder / file).exists()

    def read_plans(self) -> tuple[Plan, ...]:
        """Read all plan files, in the order of their names."""
        plans = []
        paths = sorted((self.folder / "plans").glob("*.yaml"))
        for path in paths:
            file = f"plans/{path.name}"
            content = self.read_yaml(file)
            plan = self.validate(file, "", Plan, content) if content is not None else None
            if plan is None:
                continue
            self.plan_documents[file] = plan.document
            if plan.document != path.stem.partition("-")[0]:
                message = Phrase("the document is {document!r}", document=plan.document)
                remedy = Phrase(
                    "name it {document}.yaml or {document}-<kind>.yaml", document=plan.document
                )
                self.reject(file, "", message, remedy)
            plans.append(plan)
            self._note_plan_file(file, plan)
        if not paths:
            remedy = Phrase("add plans/<document>.yaml")
            self.reject("plans", "", Phrase("no plan file"), remedy)
        return tuple(plans)

    def _note_plan_file(self, file: str, plan: Plan) -> None:
        """Note which records a plan file holds; an id that another record has is a fault."""
        for record in plan.records():
            if record.id in self.plan_files:
                remedy = Phrase(
                    "give it an id of its own; {file} has it too", file=self.plan_files[record.id]
                )
                self.fault(file, record.id, Phrase("duplicated id"), remedy)
            self.plan_files[record.id] = file

    def read_points(self, file: str) -> tuple[PlacePoint, ...]:
        """Read the points of places of a CSV file."""
        if not self.has(file):
            return ()
        rows = csv.DictReader((self.read_text(file) or "").splitlines())
        read = (
            self.validate(file, Phrase("line {line}", line=n), PlacePoint, _with_numbers(row))
            for n, row in enumerate(rows, start=2)
        )
        points = tuple(point for point in read if point is not None)
        for point in points:
            if point.place in self.point_files:
                remedy = Phrase("keep one; {file} has it too", file=self.point_files[point.place])
                self.fault(file, point.place, Phrase("the place's point is given twice"), remedy)
            self.point_files[point.place] = file
        return points

    def read_counties(self, carved_cities: tuple[CarvedCity, ...]) -> tuple[County, ...]:
        """Read the properties of the county polygons; a carved city replaces the prefecture."""
        file = "boundaries/counties.geojson"
        text = self.read_text(file)
        if text is None:
            return ()
        try:
            features = json.loads(text)["features"]
            found = [feature["properties"] for feature in features]
        except (ValueError, KeyError, TypeError) as error:
            message = Phrase("not a FeatureCollection ({error})", error=error)
            self.reject(file, "", message, Phrase("make it anew: see README"))
            return ()
        city_of_county = {county: city for city in carved_cities for county in city.counties}
        counties = []
        for n, properties in enumerate(found, start=1):
            nth = Phrase("feature {n}", n=n)
            if not isinstance(properties, dict):
                message = Phrase("its properties are no object")
                self.reject(file, nth, message, Phrase("mend them"))
                continue
            city = city_of_county.get(str(properties.get("adcode")))
            value = {
                "adcode": properties.get("adcode"),
                "name": properties.get("name"),
                "prefecture_adcode": properties.get("prefecture_adcode"),
                "prefecture": properties.get("prefecture"),
                "city_adcode": city.code if city else properties.get("prefecture_adcode"),
                "city": city.name if city else properties.get("prefecture"),
            }
            counties.append(self.validate(file, _record_label(properties, nth), County, value))
        return tuple(county for county in counties if county is not None)

    # -- checks across files -------------------------------------------------------------------

    def check(self, atlas: AtlasInfo | None, content: _Content) -> None:
        """Check ids and references, except references into files that could not be read."""
        self.check_unique(content)
        self.check_industries(content)
        self.check_places(content)
        self.check_plans(content)
        if atlas is not None:
            self.check_years(atlas, content)
        if not self._is_rejected("plans/", "bases.yaml", "consistency.yaml"):
            self.check_bases(content)
            self.check_comparisons(content)

    def check_unique(self, content: _Content) -> None:
        self._unique("documents.yaml", (d.id for d in content.documents))
        self._unique("industries.yaml", (i.id for i in content.industries))
        self._unique("places/cities.yaml", (c.code for c in content.carved_cities))
        self._unique("places/cities.yaml", (a for c in content.carved_cities for a in c.counties))
        self._unique("places/zones.yaml", (z.code for z in content.zones))
        self._unique("bases.yaml", (b.id for b in content.bases))

    def _unique(self, file: str, ids: Iterable[str]) -> None:
        seen: set[str] = set()
        for name in ids:
            if name in seen:
                remedy = Phrase("give each record an id of its own")
                self.fault(file, name, Phrase("duplicated id"), remedy)
            seen.add(name)

    def check_industries(self, content: _Content) -> None:
        """Check that words mean known industries, and that future ones lie within known ones."""
        self._unique(_TERMS_FILE, (t.term for t in content.industry_terms))
        if self._is_rejected("industries.yaml"):
            return
        known, kind = {i.id for i in content.industries}, Phrase("industry")
        for industry in content.industries:
            for name in industry.within:
                self._known("industries.yaml", industry.id, kind, name, known)
        for term in content.industry_terms:
            for name in term.industries:
                self._known(_TERMS_FILE, term.term, kind, name, known, "industries.yaml")

    def check_places(self, content: _Content) -> None:
        """Check that zones, aliases, carved cities and points name known places."""
        counties = {c.adcode for c in content.counties}
        cities = {c.city_adcode for c in content.counties}
        for zone in content.zones:
            self._known("places/zones.yaml", zone.code, Phrase("city"), zone.city, cities)
            for host in zone.hosts:
                self._known("places/zones.yaml", zone.code, Phrase("host county"), host, counties)
        for alias in content.county_aliases:
            file = "places/county-aliases.yaml"
            self._known(file, alias.alias, Phrase("county"), alias.county, counties)
        for city in content.carved_cities:
            for county in city.counties:
                self._known("places/cities.yaml", city.code, Phrase("county"), county, counties)
        if not self._is_rejected("places/zones.yaml"):
            known = {z.code for z in content.zones} | cities | counties
            for point in content.points:
                file = self.point_files[point.place]
                self._known(file, point.place, Phrase("place"), point.place, known)

    def check_plans(self, content: _Content) -> None:
        """Check that plans name known documents, and industries by known terms."""
        if not self._is_rejected("documents.yaml"):
            known = {d.id for d in content.documents}
            for file, document in self.plan_documents.items():
                self._known(file, "document", Phrase("document"), document, known)
        self.check_terms(content)

    def check_terms(self, content: _Content) -> None:
        """Check that the vocabulary has the terms that name industries."""
        if self._is_rejected(_TERMS_FILE):
            return
        named = [("documents.yaml", d.id, d.industry) for d in content.documents]
        for record in (record for plan in content.plans for record in plan.records()):
            named.append((self.plan_files[record.id], record.id, terms(record)))
        known, kind = {t.term for t in content.industry_terms}, Phrase("industry term")
        for file, record_id, words in named:
            for word in words:
                self._known(file, record_id, kind, word, known, _TERMS_FILE)

    def _is_rejected(self, *prefixes: str) -> bool:
        """Return whether a file with one of these prefixes could not be read completely."""
        return any(file.startswith(prefixes) for file in self.rejected)

    def check_years(self, atlas: AtlasInfo, content: _Content) -> None:
        """Check that the atlas offers the years of all targets."""
        for cluster in (cluster for plan in content.plans for cluster in plan.clusters):
            for target in cluster.targets:
                if target.year not in atlas.years:
                    remedy = Phrase("correct it, or add the year to atlas.yaml")
                    message = Phrase("target year {year} is not offered", year=target.year)
                    self.fault(self.plan_files[cluster.id], cluster.id, message, remedy)

    def check_bases(self, content: _Content) -> None:
        """Check that each mention means a known base, and that each base is mentioned."""
        known = {b.id for b in content.bases}
        mentions = [mention for plan in content.plans for mention in plan.bases]
        for mention in mentions:
            file = self.plan_files[mention.id]
            self._known(file, mention.id, Phrase("base"), mention.base, known, "bases.yaml")
        self.check_projects(content)
        for base in sorted(known - {mention.base for mention in mentions}):
            remedy = Phrase("remove it, or add the mention that means it")
            self.fault("bases.yaml", base, Phrase("no document mentions it"), remedy)

    def check_projects(self, content: _Content) -> None:
        """Check that a project which is a base names it, and lies where the base lies."""
        bases = {base.id: base for base in content.bases}
        same_name = {base.name: base.id for base in content.bases}
        for project in (project for plan in content.plans for project in plan.projects):
            file = self.plan_files[project.id]
            if project.base is None:
                if project.name in same_name:
                    message = Phrase("a base has the same name")
                    remedy = Phrase("add base: {base}", base=same_name[project.name])
                    self.fault(file, project.id, message, remedy)
                continue
            self._known(file, project.id, Phrase("base"), project.base, set(bases), "bases.yaml")
            if project.base in bases and bases[project.base].places != project.places:
                message = Phrase("its places are not those of the base {base}", base=project.base)
                self.fault(file, project.id, message, Phrase("give both the same places"))

    def check_comparisons(self, content: _Content) -> None:
        """Check the ids of comparisons, their records, and that nothing inferred is compared."""
        file = "consistency.yaml"
        self._unique(file, (c.id for c in content.comparisons))
        known = {record.id for plan in content.plans for record in plan.records()}
        known |= {base.id for base in content.bases}
        units = (unit for plan in content.plans for unit in plan.layout)
        inferred = {unit.id for unit in units if unit.membership == "inferred"}
        for comparison in content.comparisons:
            for name in (name for side in comparison.sides for name in side.records):
                self._known(file, comparison.id, Phrase("record"), name, known)
                if name in inferred and comparison.verdict not in _WITHOUT_COMPARISON:
                    message = Phrase("{name} has members that no document names", name=name)
                    remedy = Phrase("set the verdict to {verdict}", verdict="不可比")
                    self.fault(file, comparison.id, message, remedy)

    def _known(
        self, file: str, record: str, kind: Phrase, name: str, known: set[str], home: str = ""
    ) -> None:
        """Report a reference to an unknown name; `home` is the file that may define it."""
        if name not in known:
            message = Phrase("unknown {kind} {name!r}", kind=kind, name=name)
            hint = near_names_hint(name, known)
            remedy = (
                Phrase("correct it, or add it to {file}{hint}", file=home, hint=hint)
                if home
                else Phrase("correct it{hint}", hint=hint)
            )
            self.fault(file, record, message, remedy)


def _with_numbers(row: Mapping[str | Any, Any]) -> dict[str, Any]:
    """Return a CSV row with lon and lat as numbers.

    What is no finite number stays text, so that the model rejects it by name.
    """
    value = {str(key): cell for key, cell in row.items()}
    for axis in ("lon", "lat"):
        try:
            number = float(value.get(axis) or "")
        except ValueError:
            continue
        value[axis] = number if math.isfinite(number) else str(number)
    return value


def _yaml_problem(error: yaml.YAMLError) -> Phrase:
    """Return the message of a YAML error: the project's own, or the library's."""
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return problem if isinstance(problem, Phrase) else Phrase.quoted(problem, problem)


def _yaml_position(error: yaml.YAMLError) -> str:
    """Return line and column of a YAML error, or an empty string if they are unknown."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return ""
    return Phrase("line {line}, column {column}", line=mark.line + 1, column=mark.column + 1)


def _validation_message(problem: ErrorDetails) -> Phrase:
    """Return the message of a validation error: that of the model's own check, or pydantic's."""
    values: dict[str, Any] = dict(problem.get("ctx", {}))
    reason = values.get("error")
    if isinstance(reason, ValueError) and isinstance(reason.args[0], Phrase):
        return Phrase("Value error, {reason}", reason=reason.args[0])
    if "expected" in values:  # such as: 'key' or 'cultivated'
        values["expected"] = tuple(re.findall(r"'([^']*)'", values["expected"]))
    return Phrase.quoted(problem["msg"], problem["type"], **values)


def _record_label(item: Any, fallback: str) -> str:
    """Return the id of a record, or `fallback` if it has none."""
    if isinstance(item, dict):
        for key in ("id", "code", "adcode", "alias"):
            if isinstance(item.get(key), str):
                return str(item[key])
    return fallback


def _known_keys(model: type[Record]) -> set[str]:
    """Return the keys of a model and of the models within it."""
    known: set[str] = set()
    pending: list[Any] = [model]
    while pending:
        current = pending.pop()
        if isinstance(current, type) and issubclass(current, Record):
            known |= set(current.model_fields)
            pending += [f.annotation for f in current.model_fields.values()]
        else:
            pending += getattr(current, "__args__", ())
    return known
