"""Check every record against the text of its document.

The check finds a record's sentences by fingerprint and compares their words with the record.
Numbers must match as whole numbers, with their unit and wording, in the clause of their year. A
list of places must match the whole list of the right phrase, and a numbered entry its own number
and name. A search for the digits alone would accept errors: 50 occurs in 1500, and one sentence may
name both 2025 and 2027.

The module does not check the records against each other or against the map: see
:mod:`data.reader` and :mod:`geo.places`.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

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
    Projects,
    Region,
    Statement,
    SystemEntry,
    Target,
)
from data.reader import Records
from data.text import fingerprint, normalise, sentences

_INDICATOR_WORDS = {"revenue": "营业收入", "servers": "服务器"}
_LAYOUT_WORDS = {"core": "核", "pole": "极", "belt": "带", "wing": "翼"}
_CHINESE_NUMERAL = "[一二两三四五六七八九十]+"
_NUMERAL_UNITS = ("十", "百", "千", "万", "亿")
_LIST_SEPARATORS = "、和与及"
# Characters that may follow an item of a list: a separator, a closing mark or a conjunction.
_ITEM_END_CHARACTERS = '、,;:。等和与及+"”’》)（(]'
# Words that may follow the last item of a list.
_ITEM_END_WORDS = (
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
_YEAR = re.compile(r"(\d{4})年")


@dataclass(frozen=True)
class Verdict:
    """The result of checking one record.

    Attributes
    ----------
    document
        Id of the document that the record was read from.
    kind
        Name of the record's model, such as ``Cluster``.
    record
        Id of the record.
    locator
        Where the record's passage stands in the document.
    problems
        What the document does not confirm, in English; empty if it confirms the whole record.
    """

    document: str
    kind: str
    record: str
    locator: str
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the document confirms the record."""
        return not self.problems


class DocumentText:
    """The normalised sentences of a document, in order, with an index by fingerprint.

    Parameters
    ----------
    text
        The document's text, as :func:`data.text.sentences` expects it.

    Examples
    --------
    >>> text = DocumentText("到2025年达到8家。到2027年达到9家。")
    >>> text.find(fingerprint("到2027年达到9家。"))
    '到2027年达到9家。'
    >>> text.year_before("到2027年达到9家。")
    2025
    """

    def __init__(self, text: str) -> None:
        self.fingerprint = fingerprint(text)
        self.sentences = sentences(text)
        self._positions: dict[str, list[int]] = {}
        for position, sentence in enumerate(self.sentences):
            self._positions.setdefault(fingerprint(sentence), []).append(position)

    def find(self, sha256: str) -> str | None:
        """Return the sentence with a fingerprint.

        Parameters
        ----------
        sha256
            Fingerprint of a sentence (64 hex digits).

        Returns
        -------
        str or None
            The normalised sentence; ``None`` if the document does not contain it.
        """
        positions = self._positions.get(sha256)
        return self.sentences[positions[0]] if positions else None

    def follows(self, first: str, second: str) -> bool:
        """Return whether one sentence directly follows another.

        Parameters
        ----------
        first, second
            Fingerprints of the two sentences.

        Returns
        -------
        bool
            Whether `second` stands directly after `first` anywhere in the document.
        """
        next_positions = {position + 1 for position in self._positions.get(first, ())}
        return not next_positions.isdisjoint(self._positions.get(second, ()))

    def year_before(self, sentence: str) -> int | None:
        """Return the last year that is named before a sentence.

        Parameters
        ----------
        sentence
            A sentence of the document, normalised.

        Returns
        -------
        int or None
            The year; ``None`` if no earlier sentence names one.

        Raises
        ------
        ValueError
            The document does not contain the sentence.
        """
        earlier = self.sentences[: self.sentences.index(sentence)]
        years = [year for s in earlier for year in _YEAR.findall(s)]
        return int(years[-1]) if years else None

    def mentions(self, words: str) -> bool:
        """Return whether any sentence contains some words.

        Parameters
        ----------
        words
            The words, normalised or not.

        Returns
        -------
        bool
            Whether the words stand within one sentence.
        """
        return any(normalise(words) in sentence for sentence in self.sentences)

    def has_heading(self, words: str) -> bool:
        """Return whether some words form a sentence of their own.

        Parameters
        ----------
        words
            The words without their full stop, normalised or not.

        Returns
        -------
        bool
            Whether a sentence consists of the words and a full stop.
        """
        return f"{normalise(words)}。" in self.sentences


def documents_folder() -> Path | None:
    """Return the folder of the documents' texts.

    Returns
    -------
    Path or None
        The folder that ``JITU_DOCUMENTS`` names; ``None`` if the variable is unset or empty.
    """
    folder = os.environ.get("JITU_DOCUMENTS")
    return Path(folder) if folder else None


def read_documents(folder: Path, records: Records) -> dict[str, DocumentText]:
    """Read the texts of the documents that the records come from.

    Parameters
    ----------
    folder
        Folder with UTF-8 files whose names begin with a document id, such as ``001.txt``.
    records
        The records whose documents are wanted.

    Returns
    -------
    dict
        Document id → text, for the documents that have a file.

    Raises
    ------
    FileNotFoundError
        The folder does not exist or contains none of the documents.
    UnicodeDecodeError
        A file is not UTF-8.
    OSError
        A file cannot be read.
    """
    found: dict[str, DocumentText] = {}
    for document in records.documents:
        for path in sorted(folder.glob(f"{document.id}[._-]*")):
            found[document.id] = DocumentText(path.read_text(encoding="utf-8-sig"))
            break
    if not found:
        raise FileNotFoundError(f"no document in {folder}: name each file after its id, as 001.txt")
    return found


def verify(records: Records, texts: Mapping[str, DocumentText]) -> list[Verdict]:
    """Check the records of the documents whose text is available.

    Parameters
    ----------
    records
        The records to check.
    texts
        Document id → text. Records of other documents are skipped.

    Returns
    -------
    list of Verdict
        One verdict per record, in the order of the plans.
    """
    return [
        verdict
        for plan in records.plans
        if plan.document in texts
        for verdict in _check_plan(plan, texts[plan.document])
    ]


def changed_documents(records: Records, texts: Mapping[str, DocumentText]) -> list[str]:
    """Return the documents whose text differs from the text that the records were read from.

    Parameters
    ----------
    records
        The records, with the fingerprint of each document.
    texts
        Document id → text.

    Returns
    -------
    list of str
        Ids of the documents in `texts` with another fingerprint, in the order of the records.
    """
    return [
        d.id
        for d in records.documents
        if d.id in texts and texts[d.id].fingerprint != d.fingerprint
    ]


def sentence_fingerprints(record: PlanRecord) -> tuple[str, ...]:
    """Return the fingerprints of the sentences that a record was read from.

    Parameters
    ----------
    record
        Any record of a plan.

    Returns
    -------
    tuple of str
        One to three fingerprints, in the order of the sentences in the document.
    """
    if isinstance(record, Cluster):
        own = record.sentences
        return tuple(s for s in (own.name, own.scope, own.figures) if s)
    fields = ("name_sentence", "sentence", "frontier_sentence")
    values = (getattr(record, field, None) for field in fields)
    return tuple(s for s in values if s)


def quoted_words(record: PlanRecord) -> tuple[str, ...]:
    """Return the names, places and figures that a record quotes from its sentences.

    Parameters
    ----------
    record
        Any record of a plan.

    Returns
    -------
    tuple of str
        The words, normalised, without repeats, longest first.
    """
    words: list[str] = []
    for value in record.model_dump(exclude={"id", "locator", "positioning", "short_name"}).values():
        words += _quoted(value)
    return tuple(dict.fromkeys(normalise(w) for w in sorted(words, key=len, reverse=True) if w))


def _quoted(value: object) -> Iterator[str]:
    """Yield the strings and numbers of a dumped record, but no fingerprints, ids or years."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from () if key in ("indicator", "year") else _quoted(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _quoted(item)
    elif isinstance(value, str) and not re.fullmatch(r"[0-9a-f]{64}|[a-z-]+", value):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield f"{value:g}"


# -- records -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Passage:
    """The sentences that one record names, and the document that contains them."""

    sentences: tuple[str, ...]
    document: DocumentText


def _check_plan(plan: Plan, text: DocumentText) -> Iterator[Verdict]:
    for record in plan.records():
        problems = tuple(_check_record(record, text))
        kind = type(record).__name__
        yield Verdict(plan.document, kind, record.id, record.locator, problems)


def _check_record(record: PlanRecord, text: DocumentText) -> Iterator[str]:
    """Yield the problems of one record."""
    fingerprints = sentence_fingerprints(record)
    found = tuple(s for s in map(text.find, fingerprints) if s is not None)
    if len(found) < len(fingerprints):
        yield "its sentence is not in the document: read the passage again"
        return
    if not all(text.follows(first, second) for first, second in itertools.pairwise(fingerprints)):
        yield "its sentences do not follow one another: they are of different entries"
    yield from _CHECKS[type(record)](record, _Passage(found, text))


class _PlacePhrase(NamedTuple):
    """How the scope sentence of a cluster names one kind of places."""

    field: str  # of Cluster; also the word for it in problems
    pattern: re.Pattern[str]  # group 1 is the list of places
    marker: str  # occurs in the sentence if it names such places
    unrecorded: str  # the problem if the record has no such places


_CLUSTER_PLACES = (
    _PlacePhrase(
        "core",
        re.compile(r"(?:^|,)以([^,;。]+?)为核心承载区"),
        "核心承载区",
        "the text names core zones, the record does not",
    ),
    _PlacePhrase(
        "radiation",
        re.compile(r"辐射([^,;。]+?)区域"),
        "辐射",
        "the text names radiation areas, the record does not",
    ),
)


def _check_cluster(cluster: Cluster, passage: _Passage) -> Iterator[str]:
    name, scope, *figures = passage.sentences
    if name != normalise(f"{cluster.number}.{cluster.name}。"):
        yield f"the entry is not number {cluster.number}, {cluster.name}"
    yield from _check_cluster_places(cluster, scope)
    yield from _check_whole_list(scope, cluster.chains, is_open=cluster.chains_open)
    yield from _check_whole_list(scope, cluster.directions)
    yield from _check_items(scope, (*cluster.links, *cluster.fields, *cluster.products))
    for sentence in figures:  # at most one; the model requires it where there are figures
        for target in cluster.targets:
            yield from _check_target(target, sentence)
        if cluster.projects is not None:
            yield from _check_projects(cluster.projects, sentence)
        yield from _check_unrecorded_figures(cluster, sentence)


def _check_cluster_places(cluster: Cluster, scope: str) -> Iterator[str]:
    for phrase in _CLUSTER_PLACES:
        recorded = getattr(cluster, phrase.field)
        if recorded is not None:
            found = phrase.pattern.search(scope)
            yield from _check_place_list(
                phrase.field, found, recorded.places, is_open=recorded.open
            )
        elif phrase.marker in scope:
            yield phrase.unrecorded


def _check_projects(projects: Projects, sentence: str) -> Iterator[str]:
    clause = _clause_of_year(sentence, projects.year)
    if not _states(clause, f"{projects.count}", "个"):
        yield f"{projects.year}: {projects.count}个 projects are not stated"
    wording = f"总投资{projects.investment_comparator}"
    if not _states(clause, f"{projects.investment_yi}", "亿元", before=wording):
        yield f"{projects.year}: {wording}{projects.investment_yi}亿元 is not stated"


def _check_unrecorded_figures(cluster: Cluster, sentence: str) -> Iterator[str]:
    """Yield a problem for each figure of the sentence that the record lacks."""
    recorded = [f"{t.value}{t.unit}" for t in cluster.targets]
    if cluster.projects is not None:
        recorded += [f"{cluster.projects.count}个", f"{cluster.projects.investment_yi}亿元"]
    for figure in re.findall(r"\d+(?:个|亿元|万台)", sentence):
        if figure in recorded:
            recorded.remove(figure)
        else:
            yield f"the text says {figure}, the record does not"


def _check_target(target: Target, sentence: str) -> Iterator[str]:
    clause = _clause_of_year(sentence, target.year)
    before = _INDICATOR_WORDS[target.indicator] + target.comparator
    if not _states(clause, str(target.value), target.unit, before=before):
        yield f"{target.year}: {before}{target.value}{target.unit} is not stated"


def _check_layout_unit(unit: LayoutUnit, passage: _Passage) -> Iterator[str]:
    (sentence,) = passage.sentences
    word = _LAYOUT_WORDS[unit.kind]
    heading = re.search(rf"{_CHINESE_NUMERAL}{word}(?:\(([^)]*)\))?", sentence)
    name = normalise(unit.name)
    if heading is not None and heading.group(1) is not None:
        if name not in heading.group(1).split("、"):
            yield f"{unit.name} is not among {heading.group().partition('(')[0]}"
    elif heading is None or normalise(unit.short_name) not in sentence:
        yield f"{unit.short_name} is not named as {word}"
    if unit.membership == "stated":
        yield from _check_words(name, map(_without_city_suffix, unit.members), "member")


def _check_concept(concept: Concept, passage: _Passage) -> Iterator[str]:
    yield from _check_words(passage.sentences[0], (concept.name, concept.meaning), "words")


def _check_region(region: Region, passage: _Passage) -> Iterator[str]:
    heading, main_sentence, *frontier_sentence = passage.sentences
    if normalise(region.name) not in heading:
        yield f"the entry is not {region.name}"
    members, _, rest = main_sentence.partition("重点发展")
    industries, _, integrated = rest.partition("产业,")
    yield from _check_whole_list(industries, region.industries, is_open=region.industries_open)
    yield from _check_whole_list(integrated, region.integrated, is_open=region.integrated_open)
    for sentence in frontier_sentence:  # at most one; the model requires it where needed
        yield from _check_whole_list(sentence, region.frontier, is_open=region.frontier_open)
    # If the sentence names no members, the region's own name does.
    members = members or normalise(region.name)
    yield from _check_whole_list(
        members, map(_without_city_suffix, region.members), item_suffix="市?+"
    )


def _check_future_industry(future: FutureIndustry, passage: _Passage) -> Iterator[str]:
    heading, sentence = passage.sentences[0], passage.sentences[-1]
    if normalise(future.name) not in heading and normalise(future.name) not in sentence:
        yield f"{future.name} is not named"
    if future.places is not None:
        names = map(_without_city_suffix, future.places.places)
        is_open = future.places.open
        yield from _check_whole_list(sentence, names, is_open=is_open, item_suffix="市?+")
        yield from _check_words(sentence, (future.role or "", *future.carriers), "words")
    elif re.search("支持引导[^,]+等", sentence):
        yield "the text guides it to places, the record does not"
    yield from _check_items(sentence, future.fields)


def _check_base_mention(mention: BaseMention, passage: _Passage) -> Iterator[str]:
    (sentence,) = passage.sentences
    suffix = mention.suffix or ""
    yield from _check_words(sentence, (mention.name, suffix, *mention.places), "words")
    # A place governs the base only if it stands in the name or before it.
    before, _, _ = sentence.partition(normalise(mention.name))
    yield from _check_words(before + normalise(mention.name), mention.places, "place")
    if mention.level is not None and mention.level[:2] not in normalise(mention.name + suffix):
        yield f"the level {mention.level} is not stated"


def _check_project(project: Project, passage: _Passage) -> Iterator[str]:
    words = (project.name, project.company or "", *project.place_words)
    yield from _check_words(passage.sentences[0], words, "words")


def _check_statement(statement: Statement, passage: _Passage) -> Iterator[str]:
    (sentence,) = passage.sentences
    clause = sentence
    if statement.year is not None and statement.year_source is None:
        clause = _clause_of_year(sentence, statement.year)
        if not clause:
            yield f"the year {statement.year} is not in the sentence, and year_source is not given"
    elif statement.year is not None and passage.document.year_before(sentence) != statement.year:
        yield f"the year named last before the sentence is not {statement.year}"
    yield from _check_value(statement, sentence, clause)
    yield from _check_baseline(statement, sentence)
    said = sentence + normalise(statement.scope)
    for term in statement.industry:
        if normalise(term) not in said:
            yield f"{term} is named neither in the sentence nor in the scope"


def _check_value(statement: Statement, sentence: str, clause: str) -> Iterator[str]:
    """Check a statement's value in the clause of its year, and the wording in the sentence."""
    before, _, after = (statement.comparator or "").partition("…")
    if statement.value is None:
        yield from _check_words(clause, (statement.value_text or "",), "words")
        yield from _check_words(sentence, (before, after), "words")
        return
    number, unit = _number(statement), statement.unit or ""
    if not _states(clause, number, unit, allows_filler=True):
        yield f"{number}{unit} is not stated"
    elif not _states(_items_about(clause, statement), number, unit, allows_filler=True):
        yield f"{number}{unit} is stated of something else"
    elif not _has_wording(sentence, statement, before, after):
        yield f"the figure's wording is not {statement.comparator}"


def _check_baseline(statement: Statement, sentence: str) -> Iterator[str]:
    if statement.baseline_value is not None:
        baseline = _plain(statement.baseline_value)
        if not _states(sentence, baseline, statement.baseline_unit or "", allows_filler=True):
            yield f"the baseline {baseline} is not stated"
    if statement.baseline_year is not None and f"{statement.baseline_year}年" not in sentence:
        yield f"the baseline's year {statement.baseline_year} is not in the sentence"


def _has_wording(sentence: str, statement: Statement, before: str, after: str) -> bool:
    """Return whether the wording stands around the figure.

    达到…左右 surrounds 25%, and …多 stands inside 300多项. One wording may introduce several
    figures (分别达到, 增加到), so `before` may stand anywhere earlier in the same clause.
    """
    digits, unit = _number_pattern(_number(statement)), re.escape(normalise(statement.unit or ""))
    head = f"{re.escape(normalise(before))}[^;。]{{0,40}}" if before else ""
    tail = re.escape(normalise(after))
    figure = f"{digits}[多余个]?{unit}[^0-9;]{{0,8}}{tail}|{digits}{tail}{unit}"
    return re.search(f"{head}(?:{figure})", sentence) is not None


def _items_about(clause: str, statement: Statement) -> str:
    """Return the items of a clause that are about the statement's indicator.

    Only items with a figure in the statement's unit count. Of these, the function returns those
    that contain the statement's threshold. If there are none, it returns the items that share most
    words with the indicator. An enumeration with 分别 counts as one item.
    """
    figure = re.compile(rf"\d[多余个]?{re.escape(normalise(statement.unit or ''))}")
    parts = [p for p in re.split(r"[;:。]|,(?!\d{3}(?!\d))", clause) if figure.search(p)]
    items = [i for p in parts for i in ([p] if "分别" in p else p.split("、")) if figure.search(i)]
    threshold = normalise(statement.threshold or "")
    if threshold and any(threshold in item for item in items):
        return ";".join(item for item in items if threshold in item)
    indicator = normalise(statement.indicator)
    bigrams = {indicator[n : n + 2] for n in range(len(indicator) - 1)}
    scores = [sum(pair in item for pair in bigrams) for item in items]
    return ";".join(i for i, score in zip(items, scores, strict=True) if score == max(scores))


def _number(statement: Statement) -> str:
    """Return the value of a statement, or its range, as documents write it."""
    value = _plain(statement.value or 0.0)
    return value if statement.value_high is None else f"{value}—{_plain(statement.value_high)}"


def _plain(value: float) -> str:
    """Format a number without an exponent and without trailing zeros."""
    return f"{value:f}".rstrip("0").rstrip(".")


def _check_system_entry(entry: SystemEntry, passage: _Passage) -> Iterator[str]:
    (sentence,) = passage.sentences
    if not passage.document.mentions(entry.industry):
        yield f"{entry.industry} is not named in the document"
    for part in entry.parts:
        if normalise(part) not in sentence and not passage.document.has_heading(part):
            yield f"{part} is not named, in the sentence or as a heading"


def _check_action(action: Action, passage: _Passage) -> Iterator[str]:
    yield from _check_words(passage.sentences[0], (action.name,), "name")


_CHECKS: Mapping[type[PlanRecord], Callable[..., Iterator[str]]] = {
    Cluster: _check_cluster,
    LayoutUnit: _check_layout_unit,
    Concept: _check_concept,
    Region: _check_region,
    FutureIndustry: _check_future_industry,
    BaseMention: _check_base_mention,
    Project: _check_project,
    Statement: _check_statement,
    SystemEntry: _check_system_entry,
    Action: _check_action,
}


# -- clauses, numbers and lists ----------------------------------------------------------------


def _clause_of_year(sentence: str, year: int) -> str:
    """Return the clauses of a sentence that are about `year`, joined by semicolons.

    A clause without a year is about the last year named before it.
    """
    clauses = []
    current_year = ""
    for clause in re.split(r";|,(?=到?\d{4}年)|(?=到\d{4}年)", sentence):
        years = _YEAR.findall(clause)
        current_year = years[0] if years else current_year
        if current_year == str(year):
            clauses.append(clause)
    return ";".join(clauses)


def _states(
    clause: str, number: str, unit: str, *, before: str = "", allows_filler: bool = False
) -> bool:
    """Return whether a clause has a whole number with its unit, directly after `before`.

    `allows_filler` permits 多, 余 or 个 between number and unit.
    """
    filler = "[多余个]?" if allows_filler else ""
    whole = rf"(?<!\d,)(?<![\d.—–~-]){_number_pattern(number)}(?![\d.]|,\d{{3}}(?!\d))"
    # The unit 万 does not match 万家, and the unit 亿 does not match 亿元.
    end = "(?![一-鿿])" if unit in _NUMERAL_UNITS else "(?!元|百分点)"
    unit = re.escape(normalise(unit))
    return re.search(f"{re.escape(before)}{whole}{filler}{unit}{end}", clause) is not None


def _number_pattern(number: str) -> str:
    """Return a regular expression for a number or a range.

    Thousands may have separators, and the dash of a range may have any length.
    """
    parts = []
    for part in number.split("—"):
        integer, dot, decimals = part.partition(".")
        head = len(integer) % 3 or 3
        groups = [integer[:head], *re.findall("...", integer[head:])]
        parts.append(",?".join(groups) + re.escape(dot) + decimals)
    return "[-—–~]+".join(parts)


def _check_whole_list(
    sentence: str, items: Iterable[str], *, is_open: bool = False, item_suffix: str = ""
) -> Iterator[str]:
    """Check that the sentence has exactly this list, followed by 等 if and only if it is open.

    `item_suffix` is a regular expression that matches what may follow each item.
    """
    words = [normalise(item) for item in items]
    if not words:
        return
    listed = f"[{_LIST_SEPARATORS}]".join(re.escape(word) + item_suffix for word in words)
    after = "等" if is_open else f"(?![{_LIST_SEPARATORS}等])"
    if not re.search(f"(?<![{_LIST_SEPARATORS}]){listed}{after}", sentence):
        yield f"{'、'.join(words)}{'等' if is_open else ''} is not the whole list"


def _check_place_list(
    kind: str, phrase: re.Match[str] | None, places: Iterable[str], *, is_open: bool
) -> Iterator[str]:
    """Check that a phrase lists exactly `places`, and ends with 等 exactly if the list is open."""
    if phrase is None:
        yield f"no {kind} phrase in the text"
        return
    listed = phrase.group(1)
    if listed.endswith("等") != is_open:
        yield f"the {kind} list is {'not ' if is_open else ''}open (等) in the text"
    stated = listed.removesuffix("等").split("、")
    recorded = [normalise(place) for place in places]
    if stated != recorded:
        yield f"the {kind} list reads {'、'.join(stated)}, not {'、'.join(recorded)}"


def _check_items(sentence: str, terms: Iterable[str]) -> Iterator[str]:
    """Check that the sentence has each term as a whole item, not as a part of a longer name."""
    for term in terms:
        word = normalise(term)
        ends = [m.end() for m in re.finditer(re.escape(word), sentence)]
        if not ends:
            yield f"{term} is not named"
        elif not any(_ends_item(sentence[end:]) for end in ends):
            yield f"{term} is only a part of a longer name"


def _ends_item(rest: str) -> bool:
    """Return whether an item of a list is complete where `rest` follows it."""
    return not rest or rest[0] in _ITEM_END_CHARACTERS or rest.startswith(_ITEM_END_WORDS)


def _check_words(sentence: str, words: Iterable[str], kind: str) -> Iterator[str]:
    """Check that the sentence contains all the words; an empty string passes."""
    for word in words:
        if normalise(word) not in sentence:
            yield f"the {kind} {word} do not stand in the sentence"


def _without_city_suffix(name: str) -> str:
    """Return a city's name without 市, because documents write it either way."""
    return name.removesuffix("市")
