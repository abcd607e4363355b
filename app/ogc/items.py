"""Which features a request asks for: its parameters, read strictly, and the rows they select.

The page's filters (``year``, ``industry``, ``tier``, ``city``, ``county``) mean what they mean on
the page: the rows are those of :func:`layers.reading.view.select`. Everything else narrows them further.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from app.ogc import filters, references
from app.ogc.problems import bad, quoted
from app.ogc.references import Reference
from layers.catalogue import LAYERS, Atlas
from layers.columns import Column, columns_of
from layers.reading.query import view_from
from layers.reading.view import View, select

Words = Mapping[str, Sequence[str]]

VIEW = ("year", "industry", "tier", "city", "county")  # the page's filters
REPEATABLE = ("industry", "tier", "city", "county")
GENERAL = ("f", "token")
PAGING = ("limit", "offset")
SPACE = ("bbox", "bbox-crs", "crs")
TIME = ("datetime",)
FILTER = ("filter", "filter-lang", "filter-crs")
FIRST_LIMIT, LARGEST_LIMIT = 100, 1000


@dataclass(frozen=True)
class Page:
    """A page of the features that match, in x, y of `system`."""

    view: View
    system: Reference
    features: gpd.GeoDataFrame
    matched: int
    offset: int
    limit: int

    @property
    def has_next(self) -> bool:
        """Whether features follow this page."""
        return self.offset + len(self.features) < self.matched


def properties(atlas: Atlas, layer: str) -> tuple[Column, ...]:
    """Return the columns of a layer that a filter may name."""
    return columns_of(layer, atlas.records.atlas.years)


def has_time(atlas: Atlas, layer: str) -> bool:
    """Whether a layer's features speak of a target year."""
    return any(column.name == "year" for column in properties(atlas, layer))


def parameters(atlas: Atlas, layer: str) -> tuple[str, ...]:
    """Return the names of all parameters that a request for a layer's items may have."""
    time = TIME if has_time(atlas, layer) else ()
    own = (column.name for column in equatable(atlas, layer))
    return (*GENERAL, *VIEW, *PAGING, *SPACE, *time, *FILTER, *own)


def equatable(atlas: Atlas, layer: str) -> tuple[Column, ...]:
    """Return the columns that are parameters themselves; a filter of the page goes before."""
    return tuple(column for column in properties(atlas, layer) if column.name not in VIEW)


def check(words: Words, allowed: Iterable[str]) -> None:
    """Refuse unknown parameters and those given twice.

    Raises
    ------
    ProblemError
        400.
    """
    allowed = tuple(allowed)
    for name, values in words.items():
        if name not in allowed:
            raise bad(f"没有参数{quoted(name)}；可用的参数见 API 说明。")
        if len(values) > 1 and name not in REPEATABLE:
            raise bad(f"参数 {name} 只能给一次。")


def page(atlas: Atlas, layer: str, words: Words) -> Page:
    """Return the page of features that a request's parameters ask for.

    Raises
    ------
    ProblemError
        400: a parameter or its value is wrong.
    """
    if "datetime" in words and not has_time(atlas, layer):
        raise bad(f"图层 {layer} 没有时间属性，不接受参数 datetime。")
    check(words, parameters(atlas, layer))
    limit, offset = _limit(words), _offset(words)
    system = references.find(atlas, "crs", _one(words, "crs"))
    shown, is_empty = _view(atlas, layer, words)
    keep = np.full(len(select(atlas, layer, shown)), not is_empty)
    keep &= _in_box(atlas, layer, shown, words)
    keep &= _equal(atlas, layer, shown, words)
    keep &= _filtered(atlas, layer, shown, words)
    rows = np.flatnonzero(keep)
    return Page(
        view=shown,
        system=system,
        features=_placed(atlas, layer, shown, system).iloc[rows[offset : offset + limit]],
        matched=len(rows),
        offset=offset,
        limit=limit,
    )


def single(atlas: Atlas, layer: str, words: Words, feature: str) -> Page | None:
    """Return the page of one feature by its id, ``None`` where there is none.

    Raises
    ------
    ProblemError
        400: a parameter or its value is wrong.
    """
    check(words, (*GENERAL, "crs", "year"))
    system = references.find(atlas, "crs", _one(words, "crs"))
    shown, _ = _view(atlas, layer, words)
    # The address of a feature holds for every view: a target is not hidden by its year.
    every = _whole if LAYERS[layer].by_year else _placed
    features = every(atlas, layer, shown, system)
    found = features[features["id"] == feature]
    return None if found.empty else Page(shown, system, found, 1, 0, 1)


# -- the page's filters ------------------------------------------------------------------------


def _view(atlas: Atlas, layer: str, words: Words) -> tuple[View, bool]:
    """Return the view, and whether the time asked for is one of which the layer says nothing."""
    wanted = {
        name: [word for value in words.get(name, ()) for word in value.split(",") if word]
        for name in VIEW
    }
    given = _one(words, "datetime")
    is_empty = False
    if given is not None:
        if wanted["year"]:
            raise bad("参数 year 与 datetime 只能给一个。")
        first, last = years(given)
        known = [year for year in atlas.records.atlas.years if first <= year <= last]
        is_empty = not known
        default = atlas.records.atlas.default_year
        if known and default not in known:
            wanted["year"] = [str(known[-1])]
    shown, unknown = view_from(atlas, {**wanted, "layer": [layer]})
    if unknown:
        wrong = unknown[0]
        allowed = "、".join(wrong.allowed)
        raise bad(f"参数 {wrong.parameter} 没有值{quoted(wrong.value)}；可用：{allowed}。")
    return shown, is_empty


_MOMENT = re.compile(
    r"(\d{4})-\d\d-\d\d(?:[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d))?", re.ASCII
)


def years(given: str) -> tuple[int, int]:
    """Return the first and last calendar year that a ``datetime`` parameter touches.

    Raises
    ------
    ProblemError
        400: it is neither a date, a date with time nor an interval.

    >>> years("2025-06-30"), years("2026-01-01/.."), years("../2023-12-31T00:00:00Z")
    ((2025, 2025), (2026, 9999), (1, 2023))
    """
    first, has_interval, last = given.partition("/")
    if not has_interval:
        last = first
    is_open = [has_interval and end in ("", "..") for end in (first, last)]
    for end, is_free in zip((first, last), is_open, strict=True):
        if not is_free and not _is_moment(end):
            raise bad(f"参数 datetime 的{quoted(end)}不是 RFC 3339 的日期或时间。")
    if all(is_open):
        return 1, 9999
    if not any(is_open) and _moment(first) > _moment(last):
        raise bad("参数 datetime 的起点在终点之后。")
    return (1 if is_open[0] else int(first[:4])), (9999 if is_open[1] else int(last[:4]))


def _is_moment(text: str) -> bool:
    if not _MOMENT.fullmatch(text):
        return False
    try:
        _moment(text)
    except ValueError:
        return False
    return True


def _moment(text: str) -> float:
    made = datetime.fromisoformat(text.upper())
    midnight = datetime.fromisoformat("0001-01-02T00:00:00+00:00")
    aware = made if made.tzinfo else made.replace(tzinfo=midnight.tzinfo)
    return (aware - midnight).total_seconds()


# -- numbers -----------------------------------------------------------------------------------


def _limit(words: Words) -> int:
    wanted = _whole_number(words, "limit", FIRST_LIMIT)
    if wanted < 1:
        raise bad("参数 limit 应是 1 以上的整数。")
    return min(wanted, LARGEST_LIMIT)


def _offset(words: Words) -> int:
    return _whole_number(words, "offset", 0)


def _whole_number(words: Words, name: str, default: int) -> int:
    text = _one(words, name)
    if text is None:
        return default
    if not re.fullmatch(r"\d+", text, re.ASCII):
        raise bad(f"参数 {name} 应是整数，得到{quoted(text)}。")
    return int(text) if len(text) < 10 else 10**9


def _number(text: str) -> float:
    """Return the number that `text` is, not a number where it is none."""
    is_number = re.fullmatch(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", text, re.ASCII)
    return float(text) if is_number else float("nan")


def _one(words: Words, name: str) -> str | None:
    return words[name][0] if name in words else None


# -- space -------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _placed(atlas: Atlas, layer: str, shown: View, system: Reference) -> gpd.GeoDataFrame:
    return references.in_system(select(atlas, layer, shown), system)


def _whole(atlas: Atlas, layer: str, _: View, system: Reference) -> gpd.GeoDataFrame:
    return references.in_system(atlas.frames[layer], system)


def _in_box(atlas: Atlas, layer: str, shown: View, words: Words) -> np.ndarray | bool:
    text, uri = _one(words, "bbox"), _one(words, "bbox-crs")
    system = references.find(atlas, "bbox-crs", uri)
    if text is None:
        if uri is not None:
            raise bad("参数 bbox-crs 要与 bbox 同给。")
        return True
    box = _box(text, system)
    shapes = _placed(atlas, layer, shown, system).geometry.to_numpy()
    return np.asarray(shapely.intersects(shapes, box))


def _box(text: str, system: Reference) -> shapely.Geometry:
    """Return the box in x, y; where west is east of east it crosses the 180th meridian."""
    numbers = [_number(part) for part in text.split(",")]
    if len(numbers) not in (4, 6) or not np.isfinite(numbers).all():
        raise bad("参数 bbox 应是逗号隔开的 4 个（或 6 个）数：下界，上界。")
    half = len(numbers) // 2
    (west, south), (east, north) = numbers[:2], numbers[half : half + 2]
    if system.north_first:
        west, south, east, north = south, west, north, east
    if south > north:
        raise bad("参数 bbox 的南界在北界之北；次序应是西、南、东、北，按 bbox-crs 的轴序。")
    if west <= east:
        return shapely.box(west, south, east, north)
    if system.crs.zone is not None:
        raise bad("参数 bbox 的西界在东界之东；次序应是西、南、东、北，按 bbox-crs 的轴序。")
    return shapely.union(
        shapely.box(west, south, max(180, west), north),
        shapely.box(min(-180, east), south, east, north),
    )


# -- properties --------------------------------------------------------------------------------


def _equal(atlas: Atlas, layer: str, shown: View, words: Words) -> np.ndarray:
    features = select(atlas, layer, shown)
    keep = np.full(len(features), True)
    for column in equatable(atlas, layer):
        wanted = _one(words, column.name)
        if wanted is not None:
            keep &= _matches(features[column.name], column, wanted)
    return keep


def _matches(values: pd.Series, column: Column, wanted: str) -> np.ndarray:
    if column.kind == "list":
        return np.array([wanted in items for items in values], dtype=bool)
    if column.kind == "text":
        return np.asarray(values == wanted, dtype=bool)
    number = _number(wanted)
    if not np.isfinite(number):
        raise bad(f"参数 {column.name} 应是数值，得到{quoted(wanted)}。")
    return np.asarray((values == number).fillna(value=False), dtype=bool)


def _filtered(atlas: Atlas, layer: str, shown: View, words: Words) -> np.ndarray | bool:
    expression = _one(words, "filter")
    language = _one(words, "filter-lang") or filters.LANGUAGES[0]
    if language not in filters.LANGUAGES:
        allowed = "、".join(filters.LANGUAGES)
        raise bad(f"参数 filter-lang 没有值{quoted(language)}；可用：{allowed}。")
    system = references.find(atlas, "filter-crs", _one(words, "filter-crs"))
    if expression is None:
        return True
    features = _placed(atlas, layer, shown, system)
    return filters.mask(
        filters.Rows(features, properties(atlas, layer), system), expression, language
    )
