"""Define the steps of a measurement and what the map must show after each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from benchmarks.baselines.drawing import DRAWN
from layers.atlas import Atlas
from layers.reading.view import View, select

CHANGES = 12


@dataclass(frozen=True)
class Step:
    """A click on an industry or a year, and the resulting view."""

    kind: str  # "industry" or "year"
    value: str
    view: View


def first(atlas: Atlas) -> View:
    """Return the view that a page opens with."""
    return View(year=atlas.records.atlas.default_year)


def steps(atlas: Atlas) -> Iterator[Step]:
    """Yield `CHANGES` steps that alternately add an industry and change the year."""
    view = first(atlas)
    years = atlas.records.atlas.years
    families = dict.fromkeys(i for ids in atlas.frames["clusters"]["industries"] for i in ids[:1])
    for industry in list(families)[: CHANGES // 2]:
        view = replace(view, industries=(*view.industries, industry))
        yield Step("industry", atlas.records.industry_by_id[industry].name, view)
        view = replace(view, year=years[(years.index(view.year) + 1) % len(years)])
        yield Step("year", f"{view.year}年", view)


def shown(atlas: Atlas, view: View) -> Mapping[str, int]:
    """Return layer → number of features that the map must show."""
    return {layer: len(select(atlas, layer, view)) for layer in DRAWN}
