"""The parameters that name a view, in the page's address, on the command line and in the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from data.reader import Records
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.reading.view import SHOWN_FIRST, View
from layers.shared.vocabulary import TIERS


@dataclass(frozen=True)
class Unknown:
    """A parameter value that is not allowed.

    Parameters
    ----------
    parameter
        The parameter's name.
    value
        The unknown value.
    allowed
        The allowed values. Empty if the parameter itself is unknown.
    """

    parameter: str
    value: str
    allowed: tuple[str, ...]


@lru_cache(maxsize=4)
def filter_options(atlas: Atlas) -> Mapping[str, Mapping[str, str]]:
    """Return the allowed values of the parameters that name a view.

    Parameters
    ----------
    atlas
        The atlas.

    Returns
    -------
    Mapping
        Parameter (``year``, ``industry``, ``tier``, ``city``, ``county``, ``layer``) → allowed
        value → Chinese title, in display order.
    """
    records = atlas.records
    return {
        "year": {str(y): f"{y}年" for y in records.atlas.years},
        "industry": {i.id: i.name for i in records.industries},
        "tier": dict(TIERS),
        "city": dict(records.cities),
        "county": _counties(records),
        "layer": {layer.id: layer.title for layer in KINDS.values()},
    }


def _counties(records: Records) -> dict[str, str]:
    """Return adcode → name; a name that two counties share is followed by the city."""
    count = Counter(c.name for c in records.counties)
    return {
        c.adcode: c.name if count[c.name] == 1 else f"{c.name}（{c.city}）"
        for c in records.counties
    }


def view_from(
    atlas: Atlas, parameters: Mapping[str, Sequence[str]]
) -> tuple[View, tuple[Unknown, ...]]:
    """Return the view that parameters name.

    Parameters
    ----------
    atlas
        The atlas.
    parameters
        Parameter of :func:`filter_options` → values. A missing parameter means the default. An
        industry may also be a document and its own term: ``003:新材料``.

    Returns
    -------
    View
        The view, without the unknown values.
    tuple of Unknown
        The unknown values.
    """
    allowed = filter_options(atlas)
    industries = _industries_of(atlas, parameters.get("industry", ()))
    parameters = {**parameters, "industry": industries}
    unknown = [
        Unknown(parameter, value, tuple(allowed.get(parameter, ())))
        for parameter, values in parameters.items()
        for value in values
        if value not in allowed.get(parameter, ())
    ]

    def known(parameter: str) -> tuple[str, ...]:
        return tuple(v for v in parameters.get(parameter, ()) if v in allowed[parameter])

    years = known("year")
    view = View(
        year=int(years[-1]) if years else atlas.records.atlas.default_year,
        industries=known("industry"),
        tiers=known("tier"),
        cities=known("city"),
        counties=known("county"),
        # No layers is a valid choice: only a missing parameter means the default.
        layers=known("layer") if "layer" in parameters else SHOWN_FIRST,
    )
    return view, tuple(unknown)


def _industries_of(atlas: Atlas, values: Sequence[str]) -> tuple[str, ...]:
    """Replace a document's own word (``003:新材料``) with the industries that it means."""
    industries: list[str] = []
    for value in values:
        document, _, word = value.partition(":")
        words = atlas.records.industry_words.get(document)
        industries += (words and words.industries.get(word)) or [value]
    return tuple(industries)


def parameters_of(atlas: Atlas, view: View) -> dict[str, tuple[str, ...]]:
    """Return the parameters that name a view: the inverse of :func:`view_from`.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.

    Returns
    -------
    dict
        Parameter → values. Parameters with their default value are left out.
    """
    parameters: dict[str, tuple[str, ...]] = {}
    if view.year != atlas.records.atlas.default_year:
        parameters["year"] = (str(view.year),)
    parameters |= {name: values for name, values in view.filters.items() if values}
    if view.layers != SHOWN_FIRST:
        parameters["layer"] = view.layers
    return parameters


def filter_titles(atlas: Atlas, view: View) -> list[str]:
    """Return the Chinese titles of the chosen filter values.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    """
    titles = filter_options(atlas)
    return [titles[name][value] for name, values in view.filters.items() for value in values]
