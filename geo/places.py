"""What every layer stands on: the records, the places and their footprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.faults import DataFaultsError, Fault, Phrase
from data.reader import Records
from geo import boundaries as geo_boundaries
from geo.boundaries import Boundaries
from geo.footprints import Footprints
from geo.gazetteer import Gazetteer, UnknownPlaceError


@dataclass(frozen=True)
class Places:
    """A records with its boundaries, gazetteer and footprints."""

    records: Records
    boundaries: Boundaries
    gazetteer: Gazetteer
    footprints: Footprints


def resolve_places(records: Records, known_faults: Sequence[Fault] = ()) -> Places:
    """Read the boundaries, and resolve every place that the records mention.

    `known_faults` are the faults the records has already: with any, no alias is called unused. Where a
    place could not be read, none is looked for.

    Raises
    ------
    DataFaultsError
        Bad polygons, unknown or ambiguous places, unused aliases: all of them at once.
    """
    faults: list[Fault] = []
    boundaries = None
    try:
        boundaries = geo_boundaries.load(records)
    except DataFaultsError as error:
        faults += error.faults
    gazetteer = Gazetteer(records)
    if not any(file.startswith(("places/", "boundaries/")) for file in records.rejected):
        faults += _unresolved(records, gazetteer)
        if boundaries is not None:
            faults += _unplaced(records, gazetteer, boundaries)
    if not known_faults and not faults:  # an alias may look unused only because a name failed
        faults += _unused(records, gazetteer)
    if boundaries is None or faults:
        raise DataFaultsError(faults)
    return Places(records, boundaries, gazetteer, Footprints(records, boundaries))


def _unplaced(records: Records, gazetteer: Gazetteer, boundaries: Boundaries) -> list[Fault]:
    """Tell statements about a place that is neither in the province, nor it, nor a neighbour."""
    outside = {records.atlas.province, *boundaries.neighbours["name"]}
    faults = []
    for _, statement in records.statements():
        if statement.place is None or statement.place in outside:
            continue
        try:
            gazetteer.resolve(statement.place)
        except UnknownPlaceError as error:
            remedy = Phrase("name the province, a neighbour or a place in it")
            faults.append(
                Fault(records.plan_files[statement.id], statement.id, error.message, remedy)
            )
    return faults


def _unused(records: Records, gazetteer: Gazetteer) -> list[Fault]:
    files = {c.code: "places/cities.yaml" for c in records.carved_cities}
    files |= {a.county: "places/county-aliases.yaml" for a in records.county_aliases}
    files |= {z.code: "places/zones.yaml" for z in records.zones}
    remedy = Phrase("remove the alias, or add the record that uses it")
    return [
        Fault(files[code], code, Phrase("alias {alias!r} is used nowhere", alias=alias), remedy)
        for code, alias in gazetteer.unused_aliases
    ]


def _unresolved(records: Records, gazetteer: Gazetteer) -> list[Fault]:
    faults = []
    for file, record, names, city in _mentions(records):
        try:
            places = gazetteer.resolve_list(names, city)
            for twice in {p.name for p in places if places.count(p) > 1}:
                message = Phrase("{name} is listed twice", name=twice)
                faults.append(Fault(file, record, message, Phrase("keep one")))
        except UnknownPlaceError as error:
            remedy = Phrase("correct the name, or add a place or an alias under places/")
            faults.append(Fault(file, record, error.message, remedy))
    return faults


def _mentions(records: Records) -> list[tuple[str, str, tuple[str, ...], str | None]]:
    """Return (file, record, names as written, governing city) of every mention."""
    file = records.plan_files
    mentions: list[tuple[str, str, tuple[str, ...], str | None]] = []
    for _, cluster in records.clusters():
        mentions.append((file[cluster.id], cluster.id, (cluster.city,), None))
        if cluster.seat:
            mentions.append((file[cluster.id], cluster.id, (cluster.seat,), cluster.city))
        for listed in (cluster.core, cluster.radiation):
            if listed:
                mentions.append((file[cluster.id], cluster.id, listed.places, cluster.city))
    mentions += [(file[u.id], u.id, u.members, None) for _, u in records.layout()]
    mentions += [(file[r.id], r.id, r.members, None) for _, r in records.regions()]
    mentions += [(file[f.id], f.id, f.places.places, None) for _, f in records.future() if f.places]
    mentions += [(file[x.id], x.id, x.places, None) for _, x in records.projects()]
    mentions += [("bases.yaml", b.id, b.places, None) for b in records.bases]
    return mentions
