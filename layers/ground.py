"""What every layer stands on: the records, the places and their footprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.faults import DataFaultsError, Fault, Phrase
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


def survey(library: Library, told: Sequence[Fault] = ()) -> Ground:
    """Read the boundaries, and resolve every place that the records mention.

    `told` are the faults the library has already: with any, no alias is called unused. Where a
    place could not be read, none is looked for.

    Raises
    ------
    DataFaultsError
        Bad polygons, unknown or ambiguous places, unused aliases: all of them at once.
    """
    faults: list[Fault] = []
    boundaries = None
    try:
        boundaries = geo_boundaries.load(library)
    except DataFaultsError as error:
        faults += error.faults
    gazetteer = Gazetteer(library)
    if not any(file.startswith(("places/", "boundaries/")) for file in library.rejected):
        faults += _unresolved(library, gazetteer)
        if boundaries is not None:
            faults += _unplaced(library, gazetteer, boundaries)
    if not told and not faults:  # an alias may look unused only because a name failed
        faults += _unused(library, gazetteer)
    if boundaries is None or faults:
        raise DataFaultsError(faults)
    return Ground(library, boundaries, gazetteer, Footprints(library, boundaries))


def _unplaced(library: Library, gazetteer: Gazetteer, boundaries: Boundaries) -> list[Fault]:
    """Tell statements about a place that is neither in the province, nor it, nor a neighbour."""
    outside = {library.atlas.province, *boundaries.neighbours["name"]}
    faults = []
    for _, statement in library.statements():
        if statement.place is None or statement.place in outside:
            continue
        try:
            gazetteer.resolve(statement.place)
        except UnknownPlaceError as error:
            remedy = Phrase("name the province, a neighbour or a place in it")
            faults.append(Fault(library.plan_files[statement.id], statement.id, error.told, remedy))
    return faults


def _unused(library: Library, gazetteer: Gazetteer) -> list[Fault]:
    files = {c.code: "places/cities.yaml" for c in library.carved_cities}
    files |= {a.county: "places/county-aliases.yaml" for a in library.county_aliases}
    files |= {z.code: "places/zones.yaml" for z in library.zones}
    remedy = Phrase("remove the alias, or add the record that uses it")
    return [
        Fault(files[code], code, Phrase("alias {alias!r} is used nowhere", alias=alias), remedy)
        for code, alias in gazetteer.unused_aliases
    ]


def _unresolved(library: Library, gazetteer: Gazetteer) -> list[Fault]:
    faults = []
    for file, record, names, city in _mentions(library):
        try:
            places = gazetteer.resolve_list(names, city)
            for twice in {p.name for p in places if places.count(p) > 1}:
                message = Phrase("{name} is listed twice", name=twice)
                faults.append(Fault(file, record, message, Phrase("keep one")))
        except UnknownPlaceError as error:
            remedy = Phrase("correct the name, or add a place or an alias under places/")
            faults.append(Fault(file, record, error.told, remedy))
    return faults


def _mentions(library: Library) -> list[tuple[str, str, tuple[str, ...], str | None]]:
    """Return (file, record, names as written, governing city) of every mention."""
    file = library.plan_files
    mentions: list[tuple[str, str, tuple[str, ...], str | None]] = []
    for _, cluster in library.clusters():
        mentions.append((file[cluster.id], cluster.id, (cluster.city,), None))
        if cluster.seat:
            mentions.append((file[cluster.id], cluster.id, (cluster.seat,), cluster.city))
        for listed in (cluster.core, cluster.radiation):
            if listed:
                mentions.append((file[cluster.id], cluster.id, listed.places, cluster.city))
    mentions += [(file[u.id], u.id, u.members, None) for _, u in library.layout()]
    mentions += [(file[r.id], r.id, r.members, None) for _, r in library.regions()]
    mentions += [(file[f.id], f.id, f.places.places, None) for _, f in library.future() if f.places]
    mentions += [(file[x.id], x.id, x.places, None) for _, x in library.projects()]
    mentions += [("bases.yaml", b.id, b.places, None) for b in library.bases]
    return mentions
