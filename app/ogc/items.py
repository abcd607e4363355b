"""The features that a request selects: it checks the parameters and applies them.

The parameters ``year``, ``industry``, ``tier``, ``city`` and ``county`` are the page's filters and
have the same meaning as on the page: they select the rows of :func:`layers.reading.view.select`.
All other parameters narrow this selection, but ``datetime`` takes the place of ``year``. As the
standard asks, ``bbox`` keeps rows without geometry, and ``datetime`` rows without a year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from app.ogc import filters
from app.ogc.problems import bad_request, quoted
from app.ogc.references import Reference, find_reference
from geo.projection import project
from layers.atlas import Atlas
from layers.catalogue import KINDS, columns_of
from layers.columns import Column
from layers.reading.query import view_from
from layers.reading.view import View, filter_values, layer_of_year
from layers.shared.declared import declared_form

Parameters = Mapping[str, Sequence[str]]  # request parameter → all its values

VIEW = ("year", "industry", "tier", "city", "county")  # the page's filters
REPEATABLE = ("industry", "tier", "city", "county")
GENERAL = ("f", "token")  # parameters of every resource
PAGING = ("limit", "offset")
SPACE = ("bbox", "bbox-crs", "crs")
TIME = ("datetime",)
FILTER = ("filter", "filter-lang", "filter-crs")
DEFAULT_LIMIT, MAX_LIMIT = 100, 1000


@dataclass(frozen=True)
class FeaturePage:
    """A page of the features that match a request.

    Parameters
    ----------
    view
        The page's filters as the request sets them.
    system
        The coordinate reference system of the response.
    features
        The features of this page in their declared form (:mod:`layers.shared.declared`), with
        geometry in x, y of `system`.
    matched
        The number of features on all pages.
    offset
        The number of features before this page.
    limit
        The maximum number of features per page.
    """

    view: View
    system: Reference
    features: gpd.GeoDataFrame
    matched: int
    offset: int
    limit: int

    @property
    def has_next(self) -> bool:
        """Whether there is a next page."""
        return self.offset + len(self.features) < self.matched


def properties(atlas: Atlas, layer: str) -> tuple[Column, ...]:
    """Return the columns of a layer that a filter may name.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.
    """
    return columns_of(layer, atlas.records.atlas.years)


def has_time(atlas: Atlas, layer: str) -> bool:
    """Return whether a layer's features have a target year.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.
    """
    return any(column.name == "year" for column in properties(atlas, layer))


def allowed_parameters(atlas: Atlas, layer: str) -> tuple[str, ...]:
    """Return the names of all parameters that a request for a layer's items may have.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.
    """
    own = (column.name for column in equality_columns(atlas, layer))
    return (*GENERAL, *VIEW, *PAGING, *SPACE, *TIME, *FILTER, *own)


def equality_columns(atlas: Atlas, layer: str) -> tuple[Column, ...]:
    """Return the columns whose names are parameters that select by equality.

    A column with the name of a page filter is not among them: that parameter is the page filter.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.
    """
    return tuple(column for column in properties(atlas, layer) if column.name not in VIEW)


def check_parameters(parameters: Parameters, allowed: Iterable[str]) -> None:
    """Check the names of parameters and how often each is given.

    Parameters
    ----------
    parameters
        The parameters of a request.
    allowed
        The names of the allowed parameters.

    Raises
    ------
    ProblemError
        400: a parameter is unknown, or it is given twice and is not in `REPEATABLE`.
    """
    allowed = tuple(allowed)
    for name, values in parameters.items():
        if name not in allowed:
            raise bad_request(f"没有参数{quoted(name)}；可用的参数见 API 说明。")
        if len(values) > 1 and name not in REPEATABLE:
            raise bad_request(f"参数 {name} 只能给一次。")


def feature_page(atlas: Atlas, layer: str, parameters: Parameters) -> FeaturePage:
    """Return the page of features that a request selects.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.
    parameters
        The parameters of the request.

    Raises
    ------
    ProblemError
        400: a parameter or its value is invalid.
    """
    check_parameters(parameters, allowed_parameters(atlas, layer))
    limit, offset = _limit(parameters), _offset(parameters)
    system = find_reference(atlas, "crs", _first_value(parameters, "crs"))
    view = _view(atlas, layer, parameters)
    keep = _in_view(atlas, layer, view, parameters)
    keep &= _intersects_box(atlas, layer, view, parameters)
    keep &= _equals_values(atlas, layer, view, parameters)
    keep &= _passes_filter(atlas, layer, view, parameters)
    features = _declared(_layer_in(atlas, layer, view.year, system)[keep], layer)
    return FeaturePage(
        view=view,
        system=system,
        features=features.iloc[offset : offset + limit],
        matched=len(features),
        offset=offset,
        limit=limit,
    )


def single_feature(
    atlas: Atlas, layer: str, parameters: Parameters, feature: str
) -> FeaturePage | None:
    """Return the page with one feature.

    Parameters
    ----------
    atlas
        The atlas.
    layer
        The layer's id.
    parameters
        The parameters of the request.
    feature
        The feature's id.

    Returns
    -------
    FeaturePage or None
        ``None`` if the layer has no such feature.

    Raises
    ------
    ProblemError
        400: a parameter or its value is invalid.
    """
    check_parameters(parameters, (*GENERAL, "crs", "year"))
    system = find_reference(atlas, "crs", _first_value(parameters, "crs"))
    view = _view(atlas, layer, parameters)
    # A feature has the same address in every year: the year of the view hides no target.
    features = _layer_in(atlas, layer, view.year, system)
    matching = _declared(features[features["id"] == feature], layer)
    return None if matching.empty else FeaturePage(view, system, matching, 1, 0, 1)


# -- the page's filters ------------------------------------------------------------------------


def _view(atlas: Atlas, layer: str, parameters: Parameters) -> View:
    """Return the view. Its year is the last one of ``datetime``, or the default if it is in it."""
    wanted = {
        name: [one for value in parameters.get(name, ()) for one in value.split(",") if one]
        for name in VIEW
    }
    period = _period(parameters)
    if period is not None:
        if wanted["year"]:
            raise bad_request("参数 year 与 datetime 只能给一个。")
        first, last = period
        known = [year for year in atlas.records.atlas.years if first <= year <= last]
        if known and atlas.records.atlas.default_year not in known:
            wanted["year"] = [str(known[-1])]
    view, unknown = view_from(atlas, {**wanted, "layer": [layer]})
    if unknown:
        first_unknown = unknown[0]
        allowed = "、".join(first_unknown.allowed)
        raise bad_request(
            f"参数 {first_unknown.parameter} 没有值{quoted(first_unknown.value)}；可用：{allowed}。"
        )
    return view


def _in_view(atlas: Atlas, layer: str, view: View, parameters: Parameters) -> np.ndarray:
    """Return which rows the page's filters keep, with ``datetime`` in place of the year."""
    period = _period(parameters)
    unmet = [found.unmet(view) for found in filter_values(atlas, layer)]
    if period is None:
        return np.array([not names for names in unmet], dtype=bool)
    keep = np.array([{"year"}.issuperset(names) for names in unmet], dtype=bool)
    if has_time(atlas, layer):
        years = layer_of_year(atlas, layer, view.year)["year"]
        keep &= (years.isna() | years.between(*period)).to_numpy(dtype=bool)
    return keep


def _period(parameters: Parameters) -> tuple[int, int] | None:
    given = _first_value(parameters, "datetime")
    return None if given is None else years_of(given)


_OPEN = ("", "..")  # an end of an interval
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:[0-5]\d))?", re.ASCII
)


def years_of(given: str) -> tuple[int, int]:
    """Return the first and last calendar year (UTC) of a ``datetime`` parameter.

    Parameters
    ----------
    given
        A date, a date with time (RFC 3339), or an interval of these. An open end is ``..`` or
        empty.

    Returns
    -------
    tuple of int
        First and last year, both included. An open start is 1, an open end is 9999.

    Raises
    ------
    ProblemError
        400: the value is none of these, or the interval ends before it starts.

    Examples
    --------
    >>> years_of("2025-06-30"), years_of("2026-01-01/.."), years_of("../2023-12-31T00:00:00Z")
    ((2025, 2025), (2026, 9999), (1, 2023))
    """
    first, has_interval, last = given.partition("/")
    if not has_interval:
        moment = _moment(first)
        return moment.year, moment.year
    start = datetime.min.replace(tzinfo=UTC) if first in _OPEN else _moment(first)
    end = datetime.max.replace(tzinfo=UTC) if last in _OPEN else _moment(last)
    if start > end:
        raise bad_request("参数 datetime 的起点在终点之后。")
    return start.year, end.year


def _moment(text: str) -> datetime:
    """Return a date or a date with time in UTC; a leap second counts as the one before it."""
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        parsed = datetime.fromisoformat(re.sub(r":60(?=[.Zz+-])", ":59", text).upper())
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad_request(
            f"参数 datetime 的{quoted(text)}不是 RFC 3339 的日期或时间，"
            "如 2025-06-30 或 2025-06-30T08:00:00Z。"
        ) from None


# -- numbers -----------------------------------------------------------------------------------


def _limit(parameters: Parameters) -> int:
    wanted = _whole_number(parameters, "limit", DEFAULT_LIMIT)
    if wanted < 1:
        raise bad_request("参数 limit 应是 1 以上的整数。")
    return min(wanted, MAX_LIMIT)


def _offset(parameters: Parameters) -> int:
    return _whole_number(parameters, "offset", 0)


def _whole_number(parameters: Parameters, name: str, default: int) -> int:
    text = _first_value(parameters, name)
    if text is None:
        return default
    if not re.fullmatch(r"\d+", text, re.ASCII):
        raise bad_request(f"参数 {name} 应是整数，得到{quoted(text)}。")
    return int(text) if len(text) < 10 else 10**9


def _number(text: str) -> float:
    """Return `text` as a number, or NaN if it is not one."""
    is_number = re.fullmatch(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", text, re.ASCII)
    return float(text) if is_number else float("nan")


def _first_value(parameters: Parameters, name: str) -> str | None:
    return parameters[name][0] if name in parameters else None


# -- space -------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _layer_in(atlas: Atlas, layer: str, year: int, system: Reference) -> gpd.GeoDataFrame:
    """Return a whole layer in x, y of `system`, with the targets of a year."""
    return project(layer_of_year(atlas, layer, year), system.crs)


def _declared(features: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    return declared_form(features, KINDS[layer].geometry_type)


def _intersects_box(
    atlas: Atlas, layer: str, view: View, parameters: Parameters
) -> np.ndarray | bool:
    text, uri = _first_value(parameters, "bbox"), _first_value(parameters, "bbox-crs")
    system = find_reference(atlas, "bbox-crs", uri)
    if text is None:
        if uri is not None:
            raise bad_request("参数 bbox-crs 要与 bbox 同给。")
        return True
    box = _box(text, system)
    shapes = _layer_in(atlas, layer, view.year, system).geometry.to_numpy()
    return np.asarray(shapely.intersects(shapes, box) | shapely.is_missing(shapes))


def _box(text: str, system: Reference) -> shapely.Geometry:
    """Return the box in x, y of `system`; it crosses the 180th meridian if west > east."""
    numbers = [_number(part) for part in text.split(",")]
    if len(numbers) not in (4, 6) or not np.isfinite(numbers).all():
        raise bad_request("参数 bbox 应是逗号隔开的 4 个（或 6 个）数：下界，上界。")
    half = len(numbers) // 2
    (west, south), (east, north) = numbers[:2], numbers[half : half + 2]
    if system.north_first:
        west, south, east, north = south, west, north, east
    if south > north:
        raise bad_request(
            "参数 bbox 的南界在北界之北；次序应是西、南、东、北，按 bbox-crs 的轴序。"
        )
    if west <= east:
        return shapely.box(west, south, east, north)
    if system.crs.zone is not None:
        raise bad_request(
            "参数 bbox 的西界在东界之东；次序应是西、南、东、北，按 bbox-crs 的轴序。"
        )
    return shapely.union(
        shapely.box(west, south, max(180, west), north),
        shapely.box(min(-180, east), south, east, north),
    )


# -- properties --------------------------------------------------------------------------------


def _equals_values(atlas: Atlas, layer: str, view: View, parameters: Parameters) -> np.ndarray:
    features = layer_of_year(atlas, layer, view.year)
    keep = np.full(len(features), True)
    for column in equality_columns(atlas, layer):
        wanted = _first_value(parameters, column.name)
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
        raise bad_request(f"参数 {column.name} 应是数值，得到{quoted(wanted)}。")
    return np.asarray((values == number).fillna(value=False), dtype=bool)


def _passes_filter(
    atlas: Atlas, layer: str, view: View, parameters: Parameters
) -> np.ndarray | bool:
    expression = _first_value(parameters, "filter")
    language = _first_value(parameters, "filter-lang") or filters.LANGUAGES[0]
    if language not in filters.LANGUAGES:
        allowed = "、".join(filters.LANGUAGES)
        raise bad_request(f"参数 filter-lang 没有值{quoted(language)}；可用：{allowed}。")
    system = find_reference(atlas, "filter-crs", _first_value(parameters, "filter-crs"))
    if expression is None:
        return True
    features = _layer_in(atlas, layer, view.year, system)
    return filters.mask(
        filters.Rows(features, properties(atlas, layer), system), expression, language
    )
