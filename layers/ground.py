"""What every layer stands on: the records, the places and their footprints."""

from __future__ import annotations

from dataclasses import dataclass

from data.faults import DataFaultsError, Fault
from data.library import Library
from geo import boundaries as geo_boundaries
from geo.boundaries import Boundaries
from geo.footprints import Footprints
from geo.gazetteer import Gazetteer, UnknownPlaceError


@dataclass(frozen=True)
class Ground:
    """A library with its boundaries, gazetteer and footprints."""

    library: Library
    boundaries: Boundaries
    gazetteer: Gazetteer
    footprints: Footprints


def survey(library: Library) -> Ground:
    """Read the boundaries, and resolve every place that the records mention.

    Raises
    ------
    DataFaultsError
        Bad polygons, unknown or ambiguous places, unused aliases: all of them at once.
    """
    boundaries = geo_boundaries.load(library)
    gazetteer = Gazetteer(library)
    faults = _unresolved(library, gazetteer)
    if not faults:  # an alias may look unused only because a name failed
        for code, alias in gazetteer.unused_aliases:
            remedy = "remove the alias, or add the record that uses it"
            faults.append(Fault("places", code, f"alias {alias!r} is used nowhere", remedy))
    if faults:
        raise DataFaultsError(faults)
    return Ground(library, boundaries, gazetteer, Footprints(library, boundaries))


def _unresolved(library: Library, gazetteer: Gazetteer) -> list[Fault]:
    faults = []
    for document, record, names, city in _mentions(library):
        try:
            gazetteer.resolve_list(names, city)
        except UnknownPlaceError as error:
            remedy = "correct the name, or add a place or an alias under places/"
            faults.append(Fault(f"plans/{document}.yaml", record, str(error), remedy))
    return faults


def _mentions(library: Library) -> list[tuple[str, str, tuple[str, ...], str | None]]:
    """Return (document, record, names as written, governing city) of every mention."""
    mentions: list[tuple[str, str, tuple[str, ...], str | None]] = []
    for document, cluster in library.clusters():
        mentions.append((document, cluster.id, (cluster.city,), None))
        if cluster.seat:
            mentions.append((document, cluster.id, (cluster.seat,), cluster.city))
        for listed in (cluster.core, cluster.radiation):
            if listed:
                # One name at a time as well as the list, so that each bad name is told.
                mentions.append((document, cluster.id, listed.places, cluster.city))
    mentions += [(d, u.id, u.members, None) for d, u in library.layout()]
    mentions += [(d, r.id, r.members, None) for d, r in library.regions()]
    return mentions
