"""Read the data folder into one checked, immutable :class:`Records`.

Everything that can be checked without geometry is checked here, and all faults are collected
before any is raised, so that an author sees the whole list after one run.
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
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from data.faults import DataFaultsError, Fault, Phrase
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
    LayoutUnit,
    Plan,
    Project,
    Record,
    Region,
    Statement,
    SystemEntry,
    Zone,
    ZonePoint,
)

PACKAGE_FOLDER = Path(__file__).resolve().parent / "hebei"
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Records:
    """All records of a data folder, the folder's digest, and the file of every plan's record.

    `rejected` are the files of which something could not be read: what refers to a record in them
    is not at fault itself. A records without faults has none.
    """

    folder: Path
    digest: str
    atlas: AtlasInfo
    documents: tuple[Document, ...]
    industries: tuple[Industry, ...]
    plans: tuple[Plan, ...]
    bases: tuple[Base, ...]
    comparisons: tuple[Comparison, ...]
    counties: tuple[County, ...]
    carved_cities: tuple[CarvedCity, ...]
    county_aliases: tuple[CountyAlias, ...]
    zones: tuple[Zone, ...]
    zone_points: tuple[ZonePoint, ...]
    plan_files: Mapping[str, str]
    rejected: frozenset[str]

    @property
    def data_version(self) -> str:
        """The atlas's version, date and content digest: what an export cites."""
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
        """City adcode → name, carved-out cities among them, in order of adcode."""
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

    def industries_of(self, document: str, terms: Iterable[str]) -> tuple[str, ...]:
        """Return the canonical industry ids of a document's `terms`, in order, without repeats."""
        index = self._industry_terms
        return tuple(dict.fromkeys(i for t in terms for i in index.get((document, t), ())))

    @cached_property
    def _industry_terms(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        index: dict[tuple[str, str], tuple[str, ...]] = {}
        for industry in self.industries:
            for document, terms in industry.terms.items():
                for term in terms:
                    index[document, term] = (*index.get((document, term), ()), industry.id)
        return index


def data_folder() -> Path:
    """Return the data folder: ``JITU_DATA`` where it is set, otherwise the one in the project."""
    return Path(os.environ.get("JITU_DATA") or PACKAGE_FOLDER).resolve()


def digest(folder: Path) -> str:
    """Return the SHA-256 of all data files, the same on every system.

    Line ends are normalised first: a checkout on Windows has the same data.
    """
    files = sorted(_data_files(folder), key=lambda p: p.relative_to(folder).as_posix())
    stamps = ((path, path.stat()) for path in files)
    return _digest(folder, tuple((path, s.st_size, s.st_mtime_ns) for path, s in stamps))


@lru_cache(maxsize=4)
def _digest(folder: Path, files: tuple[tuple[Path, int, int], ...]) -> str:
    """Read the files; with the same sizes and times they are the same, and are not read again."""
    total = hashlib.sha256()
    for path, *_ in files:
        total.update(path.relative_to(folder).as_posix().encode("utf-8") + b"\0")
        total.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return total.hexdigest()


def load(folder: Path | None = None) -> Records:
    """Read and check the data `folder`.

    Raises
    ------
    DataFaultsError
        With every fault found, each naming file, record and remedy.
    """
    records, faults = read(folder)
    if records is None or faults:
        raise DataFaultsError(faults)
    return records


def read(folder: Path | None = None) -> tuple[Records | None, list[Fault]]:
    """Return what of the data `folder` can be read, and every fault found.

    There is no records without a readable ``atlas.yaml``.
    """
    reader = _Reader(folder or data_folder())
    return reader.read(), reader.faults


def near(name: str, names: Iterable[str]) -> str:
    """Return a hint that lists the names most like `name`, or an empty string."""
    close = difflib.get_close_matches(name, sorted(set(names)), n=3, cutoff=0.4)
    return Phrase("; near names: {names}", names=tuple(close)) if close else ""


def _data_files(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        if path.suffix in {".yaml", ".csv", ".geojson"} and path.is_file():
            yield path


# libyaml's loader is three times as fast; a PyYAML built without it has the other one.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_SafeLoader):  # type: ignore[misc]
    """YAML without its surprises: no dates, no octal, ``no`` stays text, no repeated keys."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 — PyYAML keeps them on the class


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", list("tf")),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", list("-0123456789")),
    ("tag:yaml.org,2002:merge", r"^<<$", ["<"]),
):
    _StrictLoader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
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


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


class _Reader:
    """Reads one folder and collects its faults; a broken file does not hide the next one's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.rejected: set[str] = set()
        self.plan_documents: dict[str, str] = {}  # file → document
        self.plan_files: dict[str, str] = {}  # record id → file
        self.point_files: dict[str, str] = {}  # zone code → file

    def fault(self, file: str, record: str, message: Phrase, remedy: Phrase) -> None:
        self.faults.append(Fault(file, record, message, remedy))

    def reject(self, file: str, record: str, message: Phrase, remedy: Phrase) -> None:
        """Tell a fault that keeps (a part of) the file from being read."""
        self.rejected.add(file)
        self.fault(file, record, message, remedy)

    # -- files ---------------------------------------------------------------------------------

    def text(self, file: str) -> str | None:
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

    def yaml(self, file: str) -> Any:
        text = self.text(file)
        if text is None:
            return None
        try:
            content = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 — a SafeLoader
            if content is None:
                remedy = Phrase("write its records, or remove it")
                self.reject(file, "", Phrase("the file is empty"), remedy)
            return content
        except yaml.YAMLError as error:
            message = Phrase("broken YAML: {problem}", problem=_problem(error))
            self.reject(file, _where(error), message, Phrase("mend the syntax there"))
        return None

    def records(self, file: str, key: str, model: type[R]) -> tuple[R, ...]:
        content = self.yaml(file)
        if content is None:
            return ()
        if not isinstance(content, dict) or not isinstance(content.get(key), list):
            remedy = Phrase("start the file with '{key}:'", key=key)
            self.reject(file, "", Phrase("no list {key!r}", key=key), remedy)
            return ()
        for extra in sorted(set(map(str, content)) - {key}):
            remedy = Phrase("the file holds only {key!r}", key=key)
            self.reject(file, extra, Phrase("unknown key"), remedy)
        made = (
            self.record(file, _label(item, f"{key}[{n}]"), model, item)
            for n, item in enumerate(content[key], start=1)
        )
        return tuple(m for m in made if m is not None)

    def optional(self, file: str, key: str, model: type[R]) -> tuple[R, ...]:
        """Read a file that a folder without such records need not have."""
        return self.records(file, key, model) if self.has(file) else ()

    def record(self, file: str, label: str, model: type[R], value: Any) -> R | None:
        try:
            # JSON mode: strict about types, yet lists may become tuples.
            return model.model_validate_json(json.dumps(value, ensure_ascii=False, default=str))
        except ValidationError as error:
            for problem in error.errors():
                self._invalid(file, label, model, value, problem)
        return None

    def _invalid(self, file: str, label: str, model: type[R], value: Any, problem: Any) -> None:
        path = list(problem["loc"])
        # In a plan the record is the entry of its list, not the file.
        if model is Plan and len(path) > 1 and isinstance(path[1], int):
            items = value.get(path[0]) if isinstance(value, dict) else None
            label = _label(items[path[1]] if items else None, f"{path[0]}[{path[1] + 1}]")
            path = path[2:]
        field = ".".join(map(str, path))
        message = _said_by_model(problem)
        if field:
            message = Phrase("{field}: {problem}", field=field, problem=message)
        remedy = Phrase("correct the value {value}", value=f"{problem.get('input')!r:.60}")
        if problem["type"] == "missing":
            remedy = Phrase("add it")
        elif problem["type"] == "extra_forbidden":
            hint = near(str(path[-1]), _keys(model)) if path else ""
            remedy = Phrase("remove or correct it{hint}", hint=hint)
        self.reject(file, label, message, remedy)

    # -- the folder ----------------------------------------------------------------------------

    def read(self) -> Records | None:
        if not self.folder.is_dir():
            message = Phrase("there is no such folder")
            self.reject(str(self.folder), "", message, Phrase("correct JITU_DATA"))
            return None
        info = self.yaml("atlas.yaml")
        atlas = self.record("atlas.yaml", "", AtlasInfo, info) if info is not None else None
        documents = self.records("documents.yaml", "documents", Document)
        industries = self.records("industries.yaml", "industries", Industry)
        carved = self.optional("places/cities.yaml", "cities", CarvedCity)
        aliases = self.optional("places/county-aliases.yaml", "aliases", CountyAlias)
        zones = self.optional("places/zones.yaml", "zones", Zone)
        points = (
            *self.points("places/points-osm.csv"),
            *self.points("places/points-geonames.csv"),
        )
        counties = self.counties(carved)
        plans = self.plans()
        bases = self.optional("bases.yaml", "bases", Base)
        comparisons = self.optional("consistency.yaml", "comparisons", Comparison)
        # What refers to a record that could not be read is not at fault itself.
        whole = not self._faulty("plans/", "bases.yaml", "consistency.yaml")
        self.check_unique(documents, industries, carved, zones, bases)
        self.check_references(documents, industries, zones, aliases, points, counties, plans)
        self.check_carved(carved, counties)
        if atlas is not None:
            self.check_years(atlas, plans)
        if whole:
            self.check_bases(bases, plans)
            self.check_comparisons(comparisons, bases, plans)
        if atlas is None:
            return None
        return Records(
            folder=self.folder,
            digest=digest(self.folder),
            atlas=atlas,
            documents=documents,
            industries=industries,
            plans=plans,
            bases=bases,
            comparisons=comparisons,
            counties=counties,
            carved_cities=carved,
            county_aliases=aliases,
            zones=zones,
            zone_points=points,
            plan_files=dict(self.plan_files),
            rejected=frozenset(self.rejected),
        )

    def has(self, file: str) -> bool:
        return (self.folder / file).exists()

    def plans(self) -> tuple[Plan, ...]:
        found = []
        for path in sorted((self.folder / "plans").glob("*.yaml")):
            file = f"plans/{path.name}"
            content = self.yaml(file)
            plan = self.record(file, "", Plan, content) if content is not None else None
            if plan is None:
                continue
            self.plan_documents[file] = plan.document
            if plan.document != path.stem.partition("-")[0]:
                message = Phrase("the document is {document!r}", document=plan.document)
                remedy = Phrase(
                    "name it {document}.yaml or {document}-<kind>.yaml", document=plan.document
                )
                self.reject(file, "", message, remedy)
            found.append(plan)
            for record in plan.records():
                if record.id in self.plan_files:
                    remedy = Phrase(
                        "give it an id of its own; {file} has it too",
                        file=self.plan_files[record.id],
                    )
                    self.fault(file, record.id, Phrase("duplicated id"), remedy)
                self.plan_files[record.id] = file
        if not list((self.folder / "plans").glob("*.yaml")):
            remedy = Phrase("add plans/<document>.yaml")
            self.reject("plans", "", Phrase("no plan file"), remedy)
        return tuple(found)

    def points(self, file: str) -> tuple[ZonePoint, ...]:
        if not self.has(file):
            return ()
        text = self.text(file)
        made = []
        for n, row in enumerate(csv.DictReader((text or "").splitlines()), start=2):
            value: dict[str, Any] = {str(k): v for k, v in row.items()}
            for axis in ("lon", "lat"):
                try:
                    value[axis] = float(value.get(axis) or "")
                except ValueError:
                    continue  # the model names the field and its value
                if not math.isfinite(value[axis]):
                    value[axis] = str(value[axis])
            made.append(self.record(file, Phrase("line {line}", line=n), ZonePoint, value))
        points = tuple(m for m in made if m is not None)
        for point in points:
            if point.zone in self.point_files:
                remedy = Phrase("keep one; {file} has it too", file=self.point_files[point.zone])
                self.fault(file, point.zone, Phrase("the zone's point is given twice"), remedy)
            self.point_files[point.zone] = file
        return points

    def counties(self, carved: tuple[CarvedCity, ...]) -> tuple[County, ...]:
        file = "boundaries/counties.geojson"
        text = self.text(file)
        if text is None:
            return ()
        try:
            features = json.loads(text)["features"]
            found = [feature["properties"] for feature in features]
        except (ValueError, KeyError, TypeError) as error:
            message = Phrase("not a FeatureCollection ({error})", error=error)
            self.reject(file, "", message, Phrase("make it anew: see README"))
            return ()
        carved_of = {county: city for city in carved for county in city.counties}
        made = []
        for n, properties in enumerate(found, start=1):
            nth = Phrase("feature {n}", n=n)
            if not isinstance(properties, dict):
                message = Phrase("its properties are no object")
                self.reject(file, nth, message, Phrase("mend them"))
                continue
            city = carved_of.get(str(properties.get("adcode")))
            value = {
                "adcode": properties.get("adcode"),
                "name": properties.get("name"),
                "prefecture_adcode": properties.get("prefecture_adcode"),
                "prefecture": properties.get("prefecture"),
                "city_adcode": city.code if city else properties.get("prefecture_adcode"),
                "city": city.name if city else properties.get("prefecture"),
            }
            made.append(self.record(file, _label(properties, nth), County, value))
        return tuple(m for m in made if m is not None)

    # -- checks across files -------------------------------------------------------------------

    def check_unique(
        self,
        documents: tuple[Document, ...],
        industries: tuple[Industry, ...],
        carved: tuple[CarvedCity, ...],
        zones: tuple[Zone, ...],
        bases: tuple[Base, ...],
    ) -> None:
        self._unique("documents.yaml", (d.id for d in documents))
        self._unique("industries.yaml", (i.id for i in industries))
        self._unique("places/cities.yaml", (c.code for c in carved))
        self._unique("places/cities.yaml", (a for c in carved for a in c.counties))
        self._unique("places/zones.yaml", (z.code for z in zones))
        self._unique("bases.yaml", (b.id for b in bases))

    def _unique(self, file: str, ids: Iterable[str]) -> None:
        seen: set[str] = set()
        for name in ids:
            if name in seen:
                remedy = Phrase("give each record an id of its own")
                self.fault(file, name, Phrase("duplicated id"), remedy)
            seen.add(name)

    def check_references(
        self,
        documents: tuple[Document, ...],
        industries: tuple[Industry, ...],
        zones: tuple[Zone, ...],
        aliases: tuple[CountyAlias, ...],
        points: tuple[ZonePoint, ...],
        counties: tuple[County, ...],
        plans: tuple[Plan, ...],
    ) -> None:
        ids = {d.id for d in documents}
        terms: dict[str, set[str]] = {}
        for industry in industries:
            for document, words in industry.terms.items():
                terms.setdefault(document, set()).update(words)
                if not self._faulty("documents.yaml"):
                    self._known("industries.yaml", industry.id, Phrase("document"), document, ids)
        codes = {c.adcode for c in counties}
        cities = {c.city_adcode for c in counties}
        for zone in zones:
            self._known("places/zones.yaml", zone.code, Phrase("city"), zone.city, cities)
            for host in zone.hosts:
                self._known("places/zones.yaml", zone.code, Phrase("host county"), host, codes)
        for alias in aliases:
            self._known(
                "places/county-aliases.yaml", alias.alias, Phrase("county"), alias.county, codes
            )
        if not self._faulty("documents.yaml"):
            for file, document in self.plan_documents.items():
                self._known(file, "document", Phrase("document"), document, ids)
        known_zones = {z.code for z in zones}
        for point in () if self._faulty("places/zones.yaml") else points:
            file = self.point_files[point.zone]
            self._known(file, point.zone, Phrase("zone"), point.zone, known_zones)
        for plan in plans:
            for record, words in _industry_terms(plan):
                file = self.plan_files[record]
                for word in words:
                    known = terms.get(plan.document, set())
                    self._known(
                        file, record, Phrase("industry term"), word, known, "industries.yaml"
                    )

    def _faulty(self, *files: str) -> bool:
        """Return whether any of these files could not be read whole."""
        return any(file.startswith(files) for file in self.rejected)

    def check_bases(self, bases: tuple[Base, ...], plans: tuple[Plan, ...]) -> None:
        known = {b.id for b in bases}
        mentioned = {mention.base for plan in plans for mention in plan.bases}
        for plan in plans:
            for mention in plan.bases:
                file = self.plan_files[mention.id]
                self._known(file, mention.id, Phrase("base"), mention.base, known, "bases.yaml")
        for base in sorted(known - mentioned):
            remedy = Phrase("remove it, or add the mention that means it")
            self.fault("bases.yaml", base, Phrase("no document mentions it"), remedy)

    def check_carved(self, carved: tuple[CarvedCity, ...], counties: tuple[County, ...]) -> None:
        known = {c.adcode for c in counties}
        for city in carved:
            for county in city.counties:
                self._known("places/cities.yaml", city.code, Phrase("county"), county, known)

    def check_years(self, atlas: AtlasInfo, plans: tuple[Plan, ...]) -> None:
        for cluster in (cluster for plan in plans for cluster in plan.clusters):
            for target in cluster.targets:
                if target.year not in atlas.years:
                    remedy = Phrase("correct it, or add the year to atlas.yaml")
                    message = Phrase("target year {year} is not offered", year=target.year)
                    self.fault(self.plan_files[cluster.id], cluster.id, message, remedy)

    def check_comparisons(
        self,
        comparisons: tuple[Comparison, ...],
        bases: tuple[Base, ...],
        plans: tuple[Plan, ...],
    ) -> None:
        self._unique("consistency.yaml", (c.id for c in comparisons))
        known = {record.id for plan in plans for record in plan.records()}
        known |= {base.id for base in bases}
        for comparison in comparisons:
            for name in (name for side in comparison.sides for name in side.records):
                self._known("consistency.yaml", comparison.id, Phrase("record"), name, known)

    def _known(
        self, file: str, record: str, kind: Phrase, name: str, known: set[str], edit: str = ""
    ) -> None:
        if name not in known:
            message = Phrase("unknown {kind} {name!r}", kind=kind, name=name)
            hint = near(name, known)
            remedy = (
                Phrase("correct it, or add it to {file}{hint}", file=edit, hint=hint)
                if edit
                else Phrase("correct it{hint}", hint=hint)
            )
            self.fault(file, record, message, remedy)


def _industry_terms(plan: Plan) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Yield (record id, words that must be in the vocabulary) of a plan."""
    for cluster in plan.clusters:
        yield cluster.id, (*cluster.industry, *cluster.chains)
    for region in plan.regions:
        yield region.id, (*region.industries, *region.integrated, *region.frontier)
    for records in (plan.future, plan.bases, plan.projects):
        yield from ((record.id, record.industry) for record in records)


def _problem(error: yaml.YAMLError) -> Phrase:
    """Return what is wrong with a YAML file, in our words or in the YAML records's."""
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return problem if isinstance(problem, Phrase) else Phrase.quoted(problem, problem)


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return ""
    return Phrase("line {line}, column {column}", line=mark.line + 1, column=mark.column + 1)


def _said_by_model(problem: Mapping[str, Any]) -> Phrase:
    """Return what a model says of a value: by its own check, or by pydantic's of that type."""
    known = dict(problem.get("ctx", {}))
    reason = known.get("error")
    if isinstance(reason, ValueError) and isinstance(reason.args[0], Phrase):
        return Phrase("Value error, {reason}", reason=reason.args[0])
    if "expected" in known:  # 'key' or 'cultivated'
        known["expected"] = tuple(re.findall(r"'([^']*)'", known["expected"]))
    return Phrase.quoted(problem["msg"], problem["type"], **known)


def _label(item: Any, fallback: str) -> str:
    """Name a record by its own id where it has one."""
    if isinstance(item, dict):
        for key in ("id", "code", "adcode", "alias"):
            if isinstance(item.get(key), str):
                return str(item[key])
    return fallback


def _keys(model: type[Record]) -> set[str]:
    """All keys that a model and the models in it know."""
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
