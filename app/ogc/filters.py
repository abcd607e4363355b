"""CQL2: which features of a layer a filter expression keeps.

The records ``cql2`` reads the text; what it says is evaluated here, over whole columns, because the
records's own evaluation knows neither null (unknown is neither true nor false) nor geometry. Every
name, type and operator is checked: what cannot be answered is refused, never taken for "no".
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, NoReturn

import cql2
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from app.ogc.problems import ProblemError, bad, quoted
from app.ogc.references import Reference
from layers.columns import Column

Kind = Literal["text", "number", "boolean", "list", "geometry", "instant"]

LANGUAGES = ("cql2-text", "cql2-json")
GEOMETRY = "geometry"
LONGEST = 20_000  # characters
DEEPEST = 50  # brackets, NOT or signs in one another: more would overflow the records's stack

_KINDS: Mapping[str, Kind] = {
    "text": "text",
    "integer": "number",
    "number": "number",
    "list": "list",
}
_DTYPES: Mapping[Kind, Any] = {
    "text": pd.StringDtype(),
    "number": "Float64",
    "boolean": "boolean",
    "list": "object",
    "geometry": "object",
    "instant": "object",
}
_TITLES: Mapping[Kind, str] = {
    "text": "文字",
    "number": "数值",
    "boolean": "真假",
    "list": "列表",
    "geometry": "图形",
    "instant": "日期",
}
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "div": operator.floordiv,
    "%": operator.mod,
    "^": operator.pow,
}
_SPATIAL: Mapping[str, Callable[[Any, Any], np.ndarray]] = {
    f"s_{name}": getattr(shapely, name)
    for name in (
        "intersects",
        "equals",
        "disjoint",
        "touches",
        "within",
        "overlaps",
        "crosses",
        "contains",
    )
}
_ARRAY: Mapping[str, Callable[[set[Any], set[Any]], bool]] = {
    "a_equals": operator.eq,
    "a_contains": operator.ge,
    "a_containedby": operator.le,
    "a_overlaps": lambda left, right: not left.isdisjoint(right),
}


@dataclass(frozen=True)
class Term:
    """A value for every feature: of a column, of a literal (the same everywhere) or computed."""

    kind: Kind
    values: pd.Series


@dataclass(frozen=True)
class Rows:
    """The features that are asked, with the columns a filter may name.

    Parameters
    ----------
    features
        Geometry in x, y of `system`.
    columns
        The layer's columns.
    system
        The coordinate reference system of the filter's own geometry.
    """

    features: gpd.GeoDataFrame
    columns: Sequence[Column]
    system: Reference


def mask(rows: Rows, expression: str, language: str) -> np.ndarray:
    """Return for each feature whether `expression` holds; unknown counts as no.

    Raises
    ------
    ProblemError
        400: the expression does not parse, names an unknown property, compares different types or
        uses an operator that is not supported.
    """
    if len(expression) > LONGEST:
        raise bad(f"过滤条件超过 {LONGEST} 个字符。")
    try:
        tree = _from_text(expression) if language == LANGUAGES[0] else _from_json(expression)
        with np.errstate(all="ignore"):  # a division by zero compares as SQL's would: not at all
            found = _evaluate(rows, tree)
    except RecursionError:
        raise _too_deep() from None
    holds = _of_kind(found, "boolean", "过滤条件").values.fillna(value=False)
    return np.asarray(holds, dtype=bool)


# -- reading -----------------------------------------------------------------------------------


def _from_text(expression: str) -> Any:
    depth = deepest = 0
    for character in re.sub(r"'(?:[^']|'')*'", "", expression):
        depth += {"(": 1, ")": -1}.get(character, 0)
        deepest = max(deepest, depth)
    unary = re.findall(r"\bnot\b|-\s*(?=-)", expression, re.IGNORECASE)
    if deepest + len(unary) > DEEPEST:
        raise _too_deep()
    try:
        return cql2.parse_text(expression).to_json()
    except cql2.ParseError as error:
        place = re.match(r"\s*--> (\d+):(\d+)", str(error))
        where = f"（第 {place[1]} 行第 {place[2]} 个字符处）" if place else ""
        raise bad(f"过滤条件不是合法的 CQL2 文本{where}。") from None
    except Exception:  # the records raises bare ones for impossible geometry
        raise bad("过滤条件里的图形不完整。") from None


def _from_json(expression: str) -> Any:
    try:
        return json.loads(expression, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise bad(f"过滤条件不是合法的 JSON（第 {error.pos + 1} 个字符处）。") from None
    except ValueError:  # a number with thousands of digits
        raise bad("过滤条件里有读不了的数值。") from None


def _no_constant(name: str) -> NoReturn:
    raise bad(f"过滤条件里的 {name} 不是 JSON 的数值。")


def _too_deep() -> ProblemError:
    return bad(f"过滤条件嵌套超过 {DEEPEST} 层。")


# -- evaluating --------------------------------------------------------------------------------


def _evaluate(rows: Rows, node: Any) -> Term:
    match node:
        case bool():
            return _constant(rows, "boolean", node)
        case int() | float():
            return _constant(rows, "number", float(node))
        case str():
            return _constant(rows, "text", node)
        case list():
            return _constant(rows, "list", tuple(_scalar(item) for item in node))
        case {"op": str(name), "args": list(arguments)}:
            return _operation(rows, name, arguments)
        case {"property": str(name)}:
            return _column(rows, name)
        case {"bbox": list(corners)}:
            return _constant(rows, "geometry", _box(rows, corners))
        case {"type": str(), "coordinates": list()} | {
            "type": "GeometryCollection",
            "geometries": list(),
        }:
            return _constant(rows, "geometry", _shape(rows, node))
        case {"date": str()} | {"timestamp": str()} | {"interval": list()}:
            return _constant(rows, "instant", str(node))
        case _:
            raise bad(f"过滤条件里的{quoted(json.dumps(node, ensure_ascii=False))}无法理解。")


def _operation(rows: Rows, name: str, arguments: list[Any]) -> Term:
    op = name.lower()
    if op in ("and", "or"):
        terms = [_of_kind(_evaluate(rows, a), "boolean", name).values for a in arguments]
        if not terms:
            raise bad(f"{name} 缺少条件。")
        return Term("boolean", reduce(operator.and_ if op == "and" else operator.or_, terms))
    if op == "in":
        return _is_in(rows, *_count(name, arguments, 2))
    terms = [_evaluate(rows, a) for a in arguments]
    if op == "not":
        (term,) = _count(name, terms, 1)
        return Term("boolean", ~_of_kind(term, "boolean", name).values)
    if op == "isnull":
        (term,) = _count(name, terms, 1)
        return Term("boolean", term.values.isna().astype("boolean"))
    if op == "casei":
        (term,) = _count(name, terms, 1)
        return Term("text", _of_kind(term, "text", name).values.str.casefold())
    if op == "between":
        value, low, high = (_of_kind(t, "number", name).values for t in _count(name, terms, 3))
        return Term("boolean", (low <= value) & (value <= high))
    if op in _ARITHMETIC and len(terms) == 1 and op == "-":
        return Term("number", -_of_kind(terms[0], "number", name).values)
    left, right = _count(name, terms, 2) if op in _BINARY else _unsupported(name)
    return _BINARY[op](op, left, right)


def _compare(op: str, left: Term, right: Term) -> Term:
    if left.kind != right.kind or left.kind not in ("text", "number", "boolean"):
        raise bad(f"{op} 两边不能比较：{_TITLES[left.kind]}与{_TITLES[right.kind]}。")
    return Term("boolean", _COMPARE[op](left.values, right.values).astype("boolean"))


def _compute(op: str, left: Term, right: Term) -> Term:
    numbers = (_of_kind(term, "number", op).values for term in (left, right))
    return Term("number", _ARITHMETIC[op](*numbers).astype("Float64"))


def _spatial(op: str, left: Term, right: Term) -> Term:
    shapes = [_of_kind(term, "geometry", op).values.to_numpy() for term in (left, right)]
    try:
        holds = pd.Series(_SPATIAL[op](*shapes), index=left.values.index, dtype="boolean")
    except shapely.errors.ShapelyError:
        raise bad(f"{op} 无法用于给出的图形。") from None
    missing = shapely.is_missing(shapes[0]) | shapely.is_missing(shapes[1])
    return Term("boolean", holds.mask(missing))


def _array(op: str, left: Term, right: Term) -> Term:
    sides = [_of_kind(term, "list", op).values for term in (left, right)]
    holds = [_ARRAY[op](set(a), set(b)) for a, b in zip(*sides, strict=True)]
    return Term("boolean", pd.Series(holds, index=sides[0].index, dtype="boolean"))


def _like(op: str, left: Term, right: Term) -> Term:
    texts, patterns = (_of_kind(term, "text", op).values for term in (left, right))
    if patterns.nunique(dropna=False) > 1:
        raise bad("like 的右边应是一个固定的文字样式。")
    fits = re.compile(wildcard(patterns.iloc[0]) if len(patterns) else "").fullmatch
    holds = [pd.NA if pd.isna(one) else fits(one) is not None for one in texts]
    return Term("boolean", pd.Series(holds, index=texts.index, dtype="boolean"))


_BINARY: Mapping[str, Callable[[str, Term, Term], Term]] = {
    **dict.fromkeys(_COMPARE, _compare),
    **dict.fromkeys(_ARITHMETIC, _compute),
    **dict.fromkeys(_SPATIAL, _spatial),
    **dict.fromkeys(_ARRAY, _array),
    "like": _like,
}


def _is_in(rows: Rows, value: Any, filter_options: Any) -> Term:
    if not isinstance(filter_options, list) or not filter_options:
        raise bad("in 的右边应是括号里的若干值。")
    term = _evaluate(rows, value)
    return reduce(
        lambda one, other: Term("boolean", one.values | other.values),
        (_compare("=", term, _evaluate(rows, choice)) for choice in filter_options),
    )


def wildcard(pattern: str) -> str:
    r"""Return the regular expression of a pattern with ``%`` and ``_``; ``\`` takes them as such.

    What lies between two ``%`` is found once and never again, so that no pattern takes long.

    >>> wildcard("a_%b%c")
    '(?s:a.(?>.*?b).*c\\Z)'
    """
    tokens = re.findall(r"\\(.)|(%+)|(.)", pattern, re.DOTALL)
    parts = [""]
    for escaped, many, character in tokens:
        if many:
            parts.append("")
        else:
            parts[-1] += "." if character == "_" else re.escape(escaped or character)
    first, *rest = parts
    if not rest:
        return rf"(?s:{first}\Z)"
    *middle, last = rest
    found = "".join(f"(?>.*?{part})" for part in middle if part)
    return rf"(?s:{first}{found}.*{last}\Z)"


# -- terms -------------------------------------------------------------------------------------


def _constant(rows: Rows, kind: Kind, value: Any) -> Term:
    index = rows.features.index
    return Term(kind, pd.Series([value] * len(index), index=index, dtype=_DTYPES[kind]))


def _column(rows: Rows, name: str) -> Term:
    if name == GEOMETRY:
        shapes = rows.features.geometry
        return Term("geometry", pd.Series(shapes.to_numpy(), index=shapes.index, dtype=object))
    kinds = {column.name: _KINDS[column.kind] for column in rows.columns}
    if name not in kinds:
        raise bad(f"没有属性{quoted(name)}；可用的属性见 queryables。")
    values = rows.features[name]
    kind = kinds[name]
    return Term(kind, values if kind == "list" else values.astype(_DTYPES[kind]))


def _scalar(value: Any) -> Any:
    if isinstance(value, str | int | float | bool):
        return value
    raise bad("列表里只能有文字、数值或真假。")


def _box(rows: Rows, corners: list[Any]) -> shapely.Geometry:
    if len(corners) not in (4, 6) or not all(_is_number(c) for c in corners):
        raise bad("bbox 应有 4 个或 6 个数。")
    half = len(corners) // 2
    low, high = corners[:2], corners[half : half + 2]
    return rows.system.outwards(shapely.box(*low, *high))


def _shape(rows: Rows, node: Mapping[str, Any]) -> shapely.Geometry:
    try:
        made = shapely.force_2d(shapely.geometry.shape(node))
    except (shapely.errors.ShapelyError, ValueError, TypeError, LookupError, AttributeError):
        made = None
    if made is None or not np.isfinite(shapely.get_coordinates(made)).all():
        raise bad(f"过滤条件里的图形{quoted(node['type'])}不完整。")
    return rows.system.outwards(made)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)


def _of_kind(term: Term, kind: Kind, where: str) -> Term:
    if term.kind != kind:
        raise bad(f"{where} 需要{_TITLES[kind]}，得到的是{_TITLES[term.kind]}。")
    return term


def _count(name: str, arguments: list[Any], wanted: int) -> list[Any]:
    if len(arguments) != wanted:
        raise bad(f"{quoted(name)} 需要 {wanted} 个参数，得到 {len(arguments)} 个。")
    return arguments


def _unsupported(name: str) -> NoReturn:
    raise bad(f"不支持运算{quoted(name)}。")
