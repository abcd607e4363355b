"""The words that name a view: in the page's address, on the command line, in a file name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from data.reader import Records
from layers.catalogue import LAYERS, Atlas
from layers.kinds.clusters import TIERS
from layers.reading.view import SHOWN_FIRST, View


@dataclass(frozen=True)
class Unknown:
    """A word that names nothing: the parameter, the value and what would have been allowed."""

    parameter: str
    value: str
    allowed: tuple[str, ...]


@lru_cache(maxsize=4)
def filter_options(atlas: Atlas) -> Mapping[str, Mapping[str, str]]:
    """Return parameter → allowed value → Chinese title, in the order they are offered.

    Parameters: ``year``, ``industry``, ``tier``, ``city``, ``county``, ``layer``.
    """
    records = atlas.records
    return {
        "year": {str(y): f"{y}年" for y in records.atlas.years},
        "industry": {i.id: i.name for i in records.industries},
        "tier": dict(TIERS),
        "city": dict(records.cities),
        "county": _counties(records),
        "layer": {layer.id: layer.title for layer in LAYERS.values()},
    }


def _counties(records: Records) -> dict[str, str]:
    """Return adcode → name; a name that two counties share says the city."""
    count = Counter(c.name for c in records.counties)
    return {
        c.adcode: c.name if count[c.name] == 1 else f"{c.name}（{c.city}）"
        for c in records.counties
    }


def view_from(atlas: Atlas, words: Mapping[str, Sequence[str]]) -> tuple[View, tuple[Unknown, ...]]:
    """Return the view that `words` name, and every word that names nothing.

    `words` maps the parameters of :func:`filter_options` to their values; a missing parameter means the
    default, unknown values are left out and reported. An industry may also be named by a document
    and its own term: ``003:新材料``.
    """
    allowed = filter_options(atlas)
    words = {**words, "industry": _by_document(atlas, words.get("industry", ()))}
    unknown = [
        Unknown(parameter, value, tuple(allowed.get(parameter, ())))
        for parameter, values in words.items()
        for value in values
        if value not in allowed.get(parameter, ())
    ]

    def known(parameter: str) -> tuple[str, ...]:
        return tuple(v for v in words.get(parameter, ()) if v in allowed[parameter])

    years = known("year")
    view = View(
        year=int(years[-1]) if years else atlas.records.atlas.default_year,
        industries=known("industry"),
        tiers=known("tier"),
        cities=known("city"),
        counties=known("county"),
        # An empty list of layers is a choice; only a missing parameter means the default.
        layers=known("layer") if "layer" in words else SHOWN_FIRST,
    )
    return view, tuple(unknown)


def _by_document(atlas: Atlas, words: Sequence[str]) -> tuple[str, ...]:
    """Replace a document's own term (``003:新材料``) by the industries the document means by it."""
    meant: list[str] = []
    for word in words:
        document, _, term = word.partition(":")
        meant += atlas.records.industries_of(document, [term]) or [word]
    return tuple(meant)


def parameters_of(atlas: Atlas, view: View) -> dict[str, tuple[str, ...]]:
    """Return the words that name `view`, without those that only say the default.

    The inverse of :func:`view_from`.
    """
    words: dict[str, tuple[str, ...]] = {}
    if view.year != atlas.records.atlas.default_year:
        words["year"] = (str(view.year),)
    words |= {name: values for name, values in view.filters.items() if values}
    if view.layers != SHOWN_FIRST:
        words["layer"] = view.layers
    return words


def filter_titles(atlas: Atlas, view: View) -> list[str]:
    """Return the Chinese names of the values the filters are set to."""
    titles = filter_options(atlas)
    return [titles[name][value] for name, values in view.filters.items() for value in values]
