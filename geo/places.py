"""Combine the records with their boundaries, gazetteer and footprints.

The module resolves every place that the records mention and reports the names that cannot be
resolved. Every layer is built from the result. It does not build layers itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely

from data.faults import DataFaultsError, Fault, Phrase
from data.models import Cluster
from data.reader import Records
from geo import boundaries as geo_boundaries
from geo.boundaries import Boundaries
from geo.footprints import Footprints
from geo.gazetteer import Gazetteer, UnknownPlaceError


@dataclass(frozen=True)
class Places:
    """The records of a data folder with the geometry of their places.

    Attributes
    ----------
    records
        The records.
    boundaries
        Polygons of counties, neighbours and supplied zones.
    gazetteer
        The names of all places.
    footprints
        The polygon of each place.
    """

    records: Records
    boundaries: Boundaries
    gazetteer: Gazetteer
    footprints: Footprints


def resolve_places(records: Records, known_faults: Sequence[Fault] = ()) -> Places:
    """Read the boundaries and resolve every place that the records mention.

    If a file of places or boundaries could not be read, the function does not resolve names: most
    of them would only seem unknown.

    Parameters
    ----------
    records
        The records of a data folder.
    known_faults
        Faults that the reader has found. If there are any, unused aliases are not reported, because
        the records that use them may be missing.

    Returns
    -------
    Places
        The records with their geometry.

    Raises
    ------
    DataFaultsError
        Polygons are faulty, places are unknown or ambiguous, points lie outside their places, or
        aliases are unused. The error lists all of these faults, without `known_faults`.
    """
    faults: list[Fault] = []
    boundaries = None
    try:
        boundaries = geo_boundaries.load(records)
    except DataFaultsError as error:
        faults += error.faults
    gazetteer = Gazetteer(records)
    if not any(file.startswith(("places/", "boundaries/")) for file in records.rejected):
        faults += _check_mentions(records, gazetteer)
        if boundaries is not None:
            faults += _check_statements(records, gazetteer, boundaries)
            faults += _check_points(records, gazetteer, boundaries)
    if not known_faults and not faults:
        faults += _check_aliases(records, gazetteer)
    if boundaries is None or faults:
        raise DataFaultsError(faults)
    return Places(records, boundaries, gazetteer, Footprints(records, boundaries))


@dataclass(frozen=True)
class Mention:
    """A list of place names in a record.

    Attributes
    ----------
    file
        Path of the record's file within the data folder.
    record
        Id of the record.
    names
        Place names, as written.
    city
        Name of the city to look in; ``None`` for the whole province.
    """

    file: str
    record: str
    names: tuple[str, ...]
    city: str | None = None


def _check_mentions(records: Records, gazetteer: Gazetteer) -> list[Fault]:
    """Resolve all mentions, and report unknown, ambiguous and repeated places."""
    faults = []
    for mention in _mentions(records):
        try:
            places = gazetteer.resolve_list(mention.names, mention.city)
        except UnknownPlaceError as error:
            remedy = Phrase("correct the name, or add a place or an alias under places/")
            faults.append(Fault(mention.file, mention.record, error.message, remedy))
            continue
        for name in {p.name for p in places if places.count(p) > 1}:
            message = Phrase("{name} is listed twice", name=name)
            faults.append(Fault(mention.file, mention.record, message, Phrase("keep one")))
    return faults


def _mentions(records: Records) -> Iterator[Mention]:
    """Yield every mention of places in the records, except those of statements."""
    files = records.plan_files
    for _, cluster in records.clusters():
        yield from _cluster_mentions(files[cluster.id], cluster)
    for _, unit in records.layout():
        yield Mention(files[unit.id], unit.id, unit.members)
    for _, region in records.regions():
        yield Mention(files[region.id], region.id, region.members)
    for _, future in records.future():
        if future.places:
            yield Mention(files[future.id], future.id, future.places.places)
    for _, project in records.projects():
        yield Mention(files[project.id], project.id, project.places)
    for base in records.bases:
        yield Mention("bases.yaml", base.id, base.places)


def _cluster_mentions(file: str, cluster: Cluster) -> Iterator[Mention]:
    yield Mention(file, cluster.id, (cluster.city,))
    if cluster.seat:
        yield Mention(file, cluster.id, (cluster.seat,), cluster.city)
    for listed in (cluster.core, cluster.radiation):
        if listed:
            yield Mention(file, cluster.id, listed.places, cluster.city)


def _check_statements(
    records: Records, gazetteer: Gazetteer, boundaries: Boundaries
) -> list[Fault]:
    """Report statements about a place outside the province that is not a neighbour of it."""
    known = {records.atlas.province, *boundaries.neighbours["name"]}
    faults = []
    for _, statement in records.statements():
        if statement.place is None or statement.place in known:
            continue
        try:
            gazetteer.resolve(statement.place)
        except UnknownPlaceError as error:
            remedy = Phrase("name the province, a neighbour or a place in it")
            file = records.plan_files[statement.id]
            faults.append(Fault(file, statement.id, error.message, remedy))
    return faults


def _check_points(records: Records, gazetteer: Gazetteer, boundaries: Boundaries) -> list[Fault]:
    """Report points outside their place, except in zones whose host counties are uncertain."""
    counties, faults = boundaries.counties, []
    for point in records.points:
        place = gazetteer.places.get(point.place)  # the reader has reported an unknown one
        if place is None or (place.zone and not place.zone.hosts_certain):
            continue
        hits = counties.sindex.query(shapely.Point(point.lon, point.lat), predicate="intersects")
        if set(counties.index[hits]).isdisjoint(place.adcodes):
            message = Phrase("the point lies outside {name}", name=place.name)
            remedy = Phrase("correct the point, or leave it out")
            faults.append(Fault(records.point_files[place.code], place.code, message, remedy))
    return faults


def _check_aliases(records: Records, gazetteer: Gazetteer) -> list[Fault]:
    """Report aliases that no mention uses; all mentions must have been resolved before."""
    files = {c.code: "places/cities.yaml" for c in records.carved_cities}
    files |= {a.county: "places/county-aliases.yaml" for a in records.county_aliases}
    files |= {z.code: "places/zones.yaml" for z in records.zones}
    remedy = Phrase("remove the alias, or add the record that uses it")
    return [
        Fault(files[code], code, Phrase("alias {alias!r} is used nowhere", alias=alias), remedy)
        for code, alias in gazetteer.unused_aliases
    ]
