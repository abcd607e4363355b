"""Check every record against the documents' text.

A record is believed only if its sentence is found by fingerprint and says what the record says:
figures as whole numbers with their unit and wording, in the clause of their year; places as the
whole list of the right phrase; a numbered entry by its own number and name. A check that looked for
digits alone would pass lies: 50 stands in 1500, and 2025 and 2027 share a sentence.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from data.models import (
    Action,
    BaseMention,
    Cluster,
    Concept,
    FutureIndustry,
    LayoutUnit,
    Plan,
    PlanRecord,
    Project,
    Region,
    Statement,
    SystemEntry,
    Target,
)
from data.reader import Records
from data.text import fingerprint, normalise, sentences

_INDICATORS = {"revenue": "营业收入", "servers": "服务器"}
_GROUPS = {"core": "核", "pole": "极", "belt": "带", "wing": "翼"}
_NUMERAL = "[一二两三四五六七八九十]+"
_NUMERALS = ("十", "百", "千", "万", "亿")
_JOINTS = "、和与及"  # between the items of a list
# What may stand right after an item of a list: a separator, a closing mark, or a joining word.
_AFTER = '、,;:。等和与及+"”’》)（(]'
_YEAR = re.compile(r"(\d{4})年")


@dataclass(frozen=True)
class Verdict:
    """What was found about one record; `problems` is empty where the record holds."""

    document: str
    kind: str
    record: str
    locator: str
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the document says what the record says."""
        return not self.problems


class Text:
    """A document's normalised sentences, found by fingerprint, in their order."""

    def __init__(self, text: str) -> None:
        self.fingerprint = fingerprint(text)
        self.sentences = sentences(text)
        self._places: dict[str, list[int]] = {}
        for place, sentence in enumerate(self.sentences):
            self._places.setdefault(fingerprint(sentence), []).append(place)

    def find(self, sha256: str) -> str | None:
        """Return the sentence with this fingerprint."""
        places = self._places.get(sha256)
        return self.sentences[places[0]] if places else None

    def follows(self, first: str, second: str) -> bool:
        """Return whether the second fingerprint's sentence stands right after the first's."""
        after = {place + 1 for place in self._places.get(first, ())}
        return not after.isdisjoint(self._places.get(second, ()))

    def year_before(self, sentence: str) -> int | None:
        """Return the year that is named last before a sentence."""
        earlier = self.sentences[: self.sentences.index(sentence)]
        years = [year for s in earlier for year in _YEAR.findall(s)]
        return int(years[-1]) if years else None

    def names(self, words: str) -> bool:
        """Return whether any sentence has these words."""
        return any(normalise(words) in sentence for sentence in self.sentences)

    def has_heading(self, words: str) -> bool:
        """Return whether a sentence consists of these words and its full stop."""
        return f"{normalise(words)}。" in self.sentences


def documents_folder() -> Path | None:
    """Return the folder that ``JITU_DOCUMENTS`` names, or ``None`` where it is not set."""
    folder = os.environ.get("JITU_DOCUMENTS")
    return Path(folder) if folder else None


def read_documents(folder: Path, records: Records) -> dict[str, Text]:
    """Return document id → text for the files of `folder` whose names begin with an id.

    Raises
    ------
    FileNotFoundError
        The folder does not exist or holds none of the records's documents.
    """
    found: dict[str, Text] = {}
    for document in records.documents:
        for path in sorted(folder.glob(f"{document.id}[._-]*")):
            found[document.id] = Text(path.read_text(encoding="utf-8-sig"))
            break
    if not found:
        raise FileNotFoundError(f"no document in {folder}: name each file after its id, as 001.txt")
    return found


def verify(records: Records, texts: Mapping[str, Text]) -> list[Verdict]:
    """Return one verdict for every record of every document in `texts`."""
    return [
        verdict
        for plan in records.plans
        if plan.document in texts
        for verdict in _plan(plan, texts[plan.document])
    ]


def changed_documents(records: Records, texts: Mapping[str, Text]) -> list[str]:
    """Return the ids of documents whose text is not the one that was read."""
    return [
        d.id
        for d in records.documents
        if d.id in texts and texts[d.id].fingerprint != d.fingerprint
    ]


def sentences_of(record: PlanRecord) -> tuple[str, ...]:
    """Return the fingerprints of a record's sentences, in the text's order."""
    if isinstance(record, Cluster):
        own = record.sentences
        return tuple(s for s in (own.name, own.scope, own.figures) if s)
    fields = ("name_sentence", "sentence", "frontier_sentence")
    names = (getattr(record, field, None) for field in fields)
    return tuple(s for s in names if s)


def words_of(record: PlanRecord) -> tuple[str, ...]:
    """Return the names, places and figures that a record takes from its sentences, normalised."""
    words: list[str] = []
    for value in record.model_dump(exclude={"id", "locator", "positioning", "short_name"}).values():
        words += _words(value)
    return tuple(dict.fromkeys(normalise(w) for w in sorted(words, key=len, reverse=True) if w))


def _words(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from () if key in ("indicator", "year") else _words(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, str) and not re.fullmatch(r"[0-9a-f]{64}|[a-z-]+", value):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield f"{value:g}"


def _plan(plan: Plan, text: Text) -> Iterator[Verdict]:
    for record in plan.records():
        problems = tuple(_problems(record, text))
        kind = type(record).__name__
        yield Verdict(plan.document, kind, record.id, record.locator, problems)


def _problems(record: PlanRecord, text: Text) -> Iterator[str]:
    fingerprints = sentences_of(record)
    found = [text.find(sha256) for sha256 in fingerprints]
    if any(sentence is None for sentence in found):
        yield "its sentence is not in the document: read the passage again"
        return
    if len(fingerprints) > 1 and not all(
        text.follows(first, second) for first, second in itertools.pairwise(fingerprints)
    ):
        yield "its sentences do not follow one another: they are of different entries"
    checks: dict[type[PlanRecord], Callable[..., Iterator[str]]] = {
        Cluster: _cluster,
        LayoutUnit: _layout_unit,
        Concept: _concept,
        Region: _region,
        FutureIndustry: _future,
        BaseMention: _base,
        Project: _project,
        Statement: _statement,
        SystemEntry: _system,
        Action: _action,
    }
    yield from checks[type(record)](record, [s for s in found if s], text)


# -- one check per kind ------------------------------------------------------------------------


def _cluster(cluster: Cluster, found: list[str], _: Text) -> Iterator[str]:
    name, scope, *figures = found
    if name != normalise(f"{cluster.number}.{cluster.name}。"):
        yield f"the entry is not number {cluster.number}, {cluster.name}"
    if cluster.core is not None:
        phrase = re.search(r"(?:^|,)以([^,;。]+?)为核心承载区", scope)
        yield from _list("core", phrase, cluster.core.places, is_open=cluster.core.open)
    elif "核心承载区" in scope:
        yield "the text names core zones, the record does not"
    if cluster.radiation is not None:
        phrase = re.search(r"辐射([^,;。]+?)区域", scope)
        radiation = cluster.radiation
        yield from _list("radiation", phrase, radiation.places, is_open=radiation.open)
    elif "辐射" in scope:
        yield "the text names radiation areas, the record does not"
    yield from _whole_list(scope, cluster.chains, is_open=cluster.chains_open)
    yield from _whole_list(scope, cluster.directions)
    terms = (cluster.links, cluster.fields, cluster.products)
    yield from _items(scope, (term for listed in terms for term in listed))
    for target in cluster.targets:
        yield from _target(target, figures[0])
    if cluster.projects is not None:
        projects = cluster.projects
        clause = _clause(figures[0], projects.year)
        if not _states(clause, f"{projects.count}", "个"):
            yield f"{projects.year}: {projects.count}个 projects are not stated"
        wording = f"总投资{projects.investment_comparator}"
        if not _states(clause, f"{projects.investment_yi}", "亿元", before=wording):
            yield f"{projects.year}: {wording}{projects.investment_yi}亿元 is not stated"

    if figures:
        yield from _unrecorded(cluster, figures[0])


def _unrecorded(cluster: Cluster, sentence: str) -> Iterator[str]:
    """Tell the figures of a cluster's sentence that its record leaves out."""
    recorded = [f"{t.value}{t.unit}" for t in cluster.targets]
    if cluster.projects is not None:
        recorded += [f"{cluster.projects.count}个", f"{cluster.projects.investment_yi}亿元"]
    for figure in re.findall(r"\d+(?:个|亿元|万台)", sentence):
        if figure in recorded:
            recorded.remove(figure)
        else:
            yield f"the text says {figure}, the record does not"


def _target(target: Target, sentence: str) -> Iterator[str]:
    clause = _clause(sentence, target.year)
    before = _INDICATORS[target.indicator] + target.comparator
    stated = _states(clause, str(target.value), target.unit, before=before)
    if not stated:
        yield f"{target.year}: {before}{target.value}{target.unit} is not stated"


def _layout_unit(unit: LayoutUnit, found: list[str], _: Text) -> Iterator[str]:
    sentence, group = found[0], _GROUPS[unit.kind]
    named = re.search(rf"{_NUMERAL}{group}(?:\(([^)]*)\))?", sentence)
    name = normalise(unit.name)
    if named is not None and named.group(1) is not None:
        if name not in named.group(1).split("、"):
            yield f"{unit.name} is not among {named.group().partition('(')[0]}"
    elif named is None or normalise(unit.short_name) not in sentence:
        yield f"{unit.short_name} is not named as {group}"
    if unit.membership == "stated":
        yield from _missing(name, (_bare(m) for m in unit.members), "member")


def _concept(concept: Concept, found: list[str], _: Text) -> Iterator[str]:
    yield from _missing(found[0], (concept.name, concept.meaning), "words")


def _region(region: Region, found: list[str], _text: Text) -> Iterator[str]:
    if normalise(region.name) not in found[0]:
        yield f"the entry is not {region.name}"
    main, _sep, rest = found[1].partition("重点发展")
    focus, _sep, integration = rest.partition("产业,")
    yield from _whole_list(focus, region.industries, is_open=region.industries_open)
    yield from _whole_list(integration, region.integrated, is_open=region.integrated_open)
    if region.frontier:
        yield from _whole_list(found[2], region.frontier, is_open=region.frontier_open)
    # Where the text names no members, the region's own name does.
    where = main if main else normalise(region.name)
    yield from _whole_list(where, (_bare(m) for m in region.members), ending="市?+")


def _future(future: FutureIndustry, found: list[str], _: Text) -> Iterator[str]:
    if normalise(future.name) not in found[0] and normalise(future.name) not in found[-1]:
        yield f"{future.name} is not named"
    sentence = found[-1]
    if future.places is not None:
        names = (_bare(p) for p in future.places.places)
        yield from _whole_list(sentence, names, is_open=future.places.open, ending="市?+")
    elif re.search("支持引导[^,]+等", sentence):
        yield "the text guides it to places, the record does not"
    yield from _items(sentence, future.fields)


def _base(base: BaseMention, found: list[str], _: Text) -> Iterator[str]:
    words = (base.name, *([base.suffix] if base.suffix else []), *base.places)
    yield from _missing(found[0], words, "words")
    # The place stands in the name, or before it and governs it.
    before = found[0].partition(normalise(base.name))[0] + normalise(base.name)
    yield from _missing(before, base.places, "place")
    if base.level is not None and base.level[:2] not in normalise(base.name + (base.suffix or "")):
        yield f"the level {base.level} is not stated"


def _project(project: Project, found: list[str], _: Text) -> Iterator[str]:
    company = [project.company] if project.company else []
    yield from _missing(found[0], (project.name, *company, *project.place_words), "words")


def _statement(statement: Statement, found: list[str], text: Text) -> Iterator[str]:
    sentence = found[0]
    clause = sentence
    if statement.year is not None and statement.year_source is None:
        clause = _clause(sentence, statement.year)
        if not clause:
            yield f"the year {statement.year} is not in the sentence, and year_source is not given"
    elif statement.year is not None and text.year_before(sentence) != statement.year:
        yield f"the year named last before the sentence is not {statement.year}"
    before, _dots, after = (statement.comparator or "").partition("…")
    if statement.value is None:
        yield from _missing(clause, (statement.value_text or "",), "words")
        yield from _missing(sentence, (before, after), "words")
    elif not _states(clause, _number(statement), statement.unit or "", loosely=True):
        yield f"{_number(statement)}{statement.unit} is not stated"
    elif not _states(
        _about(clause, statement), _number(statement), statement.unit or "", loosely=True
    ):
        yield f"{_number(statement)}{statement.unit} is stated of something else"
    elif not _worded(sentence, before, statement, after):
        yield f"the figure's wording is not {statement.comparator}"
    if statement.baseline_value is not None:
        baseline = _plain(statement.baseline_value)
        if not _states(sentence, baseline, statement.baseline_unit or "", loosely=True):
            yield f"the baseline {baseline} is not stated"
    if statement.baseline_year is not None and f"{statement.baseline_year}年" not in sentence:
        yield f"the baseline's year {statement.baseline_year} is not in the sentence"


def _worded(sentence: str, before: str, statement: Statement, after: str) -> bool:
    """Return whether the wording stands by its figure: 达到…左右 about 25%, …多 inside 300多项.

    One wording may lead several figures (分别达到, 增加到): it stands before, in the same clause.
    """
    digits, unit = _digits(_number(statement)), re.escape(normalise(statement.unit or ""))
    head = f"{re.escape(normalise(before))}[^;。]{{0,40}}" if before else ""
    tail = re.escape(normalise(after))
    figure = f"{digits}[多余个]?{unit}[^0-9;]{{0,8}}{tail}|{digits}{tail}{unit}"
    return re.search(f"{head}(?:{figure})", sentence) is not None


def _about(clause: str, statement: Statement) -> str:
    """Return the items of a clause that speak of the statement's indicator.

    These are, of the items with a figure of its unit, those with its threshold; where none has it,
    those with most of the indicator's words. 分别 keeps an enumeration together.
    """
    figure = re.compile(rf"\d[多余个]?{re.escape(normalise(statement.unit or ''))}")
    parts = [p for p in re.split(r"[;:。]|,(?!\d{3}(?!\d))", clause) if figure.search(p)]
    items = [i for p in parts for i in ([p] if "分别" in p else p.split("、")) if figure.search(i)]
    threshold = normalise(statement.threshold or "")
    if threshold and any(threshold in item for item in items):
        return ";".join(item for item in items if threshold in item)
    said = normalise(statement.indicator)
    pairs = {said[n : n + 2] for n in range(len(said) - 1)}
    shares = [sum(pair in item for pair in pairs) for item in items]
    return ";".join(i for i, share in zip(items, shares, strict=True) if share == max(shares))


def _number(statement: Statement) -> str:
    value = _plain(statement.value or 0.0)
    return value if statement.value_high is None else f"{value}—{_plain(statement.value_high)}"


def _plain(value: float) -> str:
    """Write a number as documents do: without an exponent or idle zeros."""
    return f"{value:f}".rstrip("0").rstrip(".")


def _system(entry: SystemEntry, found: list[str], text: Text) -> Iterator[str]:
    if not text.names(entry.industry):
        yield f"{entry.industry} is not named in the document"
    for part in entry.parts:
        if normalise(part) not in found[0] and not text.has_heading(part):
            yield f"{part} is not named, in the sentence or as a heading"


def _action(action: Action, found: list[str], _: Text) -> Iterator[str]:
    yield from _missing(found[0], (action.name,), "name")


# -- the pieces --------------------------------------------------------------------------------


def _clause(sentence: str, year: int) -> str:
    """Return what a sentence says of `year`; a clause that names no year speaks of the last one."""
    said = []
    speaks_of = ""
    for clause in re.split(r";|,(?=到?\d{4}年)|(?=到\d{4}年)", sentence):
        years = _YEAR.findall(clause)
        speaks_of = years[0] if years else speaks_of
        if speaks_of == str(year):
            said.append(clause)
    return ";".join(said)


def _states(
    clause: str, number: str, unit: str, *, before: str = "", loosely: bool = False
) -> re.Match[str] | None:
    """Find a whole number with its unit; `loosely` allows 多, 余 or 个 between them."""
    between = "[多余个]?" if loosely else ""
    whole = rf"(?<!\d,)(?<![\d.—–~-]){_digits(number)}(?![\d.]|,\d{{3}}(?!\d))"
    # 万 is no unit where 万家 is written, nor 亿 where 亿元 is.
    end = "(?![一-鿿])" if unit in _NUMERALS else "(?!元|百分点)"
    unit = re.escape(normalise(unit))
    return re.search(f"{re.escape(before)}{whole}{between}{unit}{end}", clause)


def _digits(number: str) -> str:
    """Return a pattern for a number: thousands may be parted, a range has a dash of any length."""
    parts = []
    for part in number.split("—"):
        integer, dot, decimals = part.partition(".")
        head = len(integer) % 3 or 3
        groups = [integer[:head], *re.findall("...", integer[head:])]
        parts.append(",?".join(groups) + re.escape(dot) + decimals)
    return "[-—–~]+".join(parts)


def _whole_list(
    sentence: str, items: Iterable[str], *, is_open: bool = False, ending: str = ""
) -> Iterator[str]:
    """Check that the sentence has exactly this list: nothing before it, nothing after it but 等."""
    words = [re.escape(normalise(item)) + ending for item in items]
    if not words:
        return
    after = "等" if is_open else f"(?![{_JOINTS}等])"
    if not re.search(f"(?<![{_JOINTS}]){f'[{_JOINTS}]'.join(words)}{after}", sentence):
        listed = "、".join(re.sub(r"\\", "", word.removesuffix(ending)) for word in words)
        yield f"{listed}{'等' if is_open else ''} is not the whole list"


def _list(
    what: str, phrase: re.Match[str] | None, places: Iterable[str], *, is_open: bool
) -> Iterator[str]:
    """Check that a phrase lists exactly `places`, and ends with 等 exactly if the list is open."""
    if phrase is None:
        yield f"no {what} phrase in the text"
        return
    listed = phrase.group(1)
    if listed.endswith("等") != is_open:
        yield f"the {what} list is {'not ' if is_open else ''}open (等) in the text"
    said = listed.removesuffix("等").split("、")
    recorded = [normalise(place) for place in places]
    if said != recorded:
        yield f"the {what} list reads {'、'.join(said)}, not {'、'.join(recorded)}"


def _items(sentence: str, terms: Iterable[str], after: str = "") -> Iterator[str]:
    """Check that each term stands in the sentence as a whole item: its end ends something."""
    for term in terms:
        word = normalise(term)
        ends = [m.end() for m in re.finditer(re.escape(word), sentence)]
        if not ends:
            yield f"{term} is not named"
        elif not any(
            e == len(sentence) or sentence[e] in _AFTER + after or _suffix(sentence[e:])
            for e in ends
        ):
            yield f"{term} is only a part of a longer name"


def _suffix(rest: str) -> bool:
    """Whether the text goes on with a word that closes a list (领域, 产业 …)."""
    return rest.startswith(
        (
            "产业",
            "领域",
            "为",
            "全产业链",
            "产品",
            "方向",
            "两市",
            "以",
            "借力",
            "整合",
            "发挥",
            "市",
        )
    )


def _missing(sentence: str, words: Iterable[str], what: str) -> Iterator[str]:
    for word in words:
        if normalise(word) not in sentence:
            yield f"the {what} {word} do not stand in the sentence"


def _bare(name: str) -> str:
    """Return a city's name without 市: documents write either."""
    return name.removesuffix("市")
