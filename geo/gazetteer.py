"""Resolve place names as the documents write them.

A name has a meaning only in its context: every city has another zone called 高新区, and two cities
have a district called 桥西区. The gazetteer looks up a name within its city if the text or the
record gives one, otherwise in the whole province. Exactly one match is a result. Anything else is
an error that lists similar names; the gazetteer never guesses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal, NamedTuple

from data.faults import Phrase
from data.models import Zone
from data.reader import Records, near_names_hint

PlaceKind = Literal["county", "city", "zone"]


@dataclass(frozen=True)
class Place:
    """A county, a city or a zone.

    Attributes
    ----------
    kind
        What the place is.
    code
        Adcode of a county or city; code of a zone.
    name
        The official name, without the city's name in front.
    city_adcode
        Adcode of the city that the place belongs to, its own for a city.
    adcodes
        Codes of the counties that the place covers. For a zone, those of its host counties.
    zone
        The record of a zone.
    note
        A remark for readers of the map.
    """

    kind: PlaceKind
    code: str
    name: str
    city_adcode: str
    adcodes: tuple[str, ...]
    zone: Zone | None = None
    note: str | None = None


class PlaceAlias(NamedTuple):
    """Another name of a place, from a file under ``places/``."""

    code: str
    alias: str


class UnknownPlaceError(LookupError):
    """No place, or more than one, has a name in its context.

    Parameters
    ----------
    message
        What is wrong, with similar names.
    """

    def __init__(self, message: Phrase) -> None:
        self.message = message
        super().__init__(message)


class Gazetteer:
    """The names of all counties, cities and zones of a data folder.

    Parameters
    ----------
    records
        The records of the folder.

    Attributes
    ----------
    places
        Code → place, for every county, city and zone.
    used_aliases
        The aliases that names have been resolved by so far.
    """

    def __init__(self, records: Records) -> None:
        self.places: dict[str, Place] = {}
        self.used_aliases: set[PlaceAlias] = set()
        self._by_city: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
        self._cities: dict[str, Place] = {}
        self._aliases: set[PlaceAlias] = set()
        self._add_cities(records)
        self._add_counties(records)
        self._add_zones(records)

    def resolve(self, name: str, city: str | None = None) -> Place:
        """Return the one place that a name means.

        Parameters
        ----------
        name
            The name as written, with or without its city in front (唐山市丰润区, 丰润区, 石家庄).
        city
            Name of the city to look in; a city in front of the name takes precedence.

        Returns
        -------
        Place
            The only match.

        Raises
        ------
        UnknownPlaceError
            No place or more than one matches, or `city` is unknown.
        """
        if name in self._cities:
            return self._noting_alias(self._cities[name], name)
        found = self._find_with_prefix(name)
        if not found:
            found = self._find_anywhere(name) if city is None else self._find_in(city, name)
        unique = list(dict.fromkeys(found))
        if len(unique) > 1:
            which = tuple(f"{self.places[p.city_adcode].name}{p.name}" for p in unique)
            raise UnknownPlaceError(
                Phrase("{name!r} is ambiguous: {which}; name its city", name=name, which=which)
            )
        return self._noting_alias(unique[0], name)

    def resolve_list(self, names: Iterable[str], city: str | None = None) -> list[Place]:
        """Resolve a list in which a name with a city sets the city of the names after it.

        In 石家庄市桥西区、高新区 the second name means the zone of 石家庄市.

        Parameters
        ----------
        names
            Names as written, in the order of the list.
        city
            Name of the city to look in until a name of the list has its own.

        Returns
        -------
        list of Place
            One place per name.

        Raises
        ------
        UnknownPlaceError
            At least one name cannot be resolved; the message covers all such names.
        """
        places = []
        errors = []
        for name in names:
            try:
                place = self.resolve(name, city)
            except UnknownPlaceError as error:
                errors.append(error.message)
                continue
            places.append(place)
            if any(name.startswith(c) for c in self._cities):
                city = self.places[place.city_adcode].name
        if errors:
            raise UnknownPlaceError(
                reduce(lambda one, next_: Phrase("{one}; {next}", one=one, next=next_), errors)
            )
        return places

    @property
    def unused_aliases(self) -> list[PlaceAlias]:
        """The aliases that no name has been resolved by so far, sorted by code."""
        return sorted(self._aliases - self.used_aliases)

    def _find_with_prefix(self, name: str) -> list[Place]:
        """Return the matches of a name that begins with a city; the longest city name wins."""
        prefixes = [c for c in self._cities if name.startswith(c) and len(name) > len(c)]
        for prefix in sorted(prefixes, key=len, reverse=True):
            names = self._by_city.get(self._cities[prefix].code, {})
            # Some official names begin with the city's name, such as 承德县.
            found = names.get(name.removeprefix(prefix)) or names.get(name)
            if found:
                return found
        return []

    def _find_in(self, city: str, name: str) -> list[Place]:
        if city not in self._cities:
            hint = near_names_hint(city, self._cities)
            raise UnknownPlaceError(Phrase("unknown city {name!r}{hint}", name=city, hint=hint))
        names = self._by_city.get(self._cities[city].code, {})
        if name not in names:
            hint = near_names_hint(name, names)
            message = Phrase(
                "unknown place {name!r} in {city}{hint}", name=name, city=city, hint=hint
            )
            raise UnknownPlaceError(message)
        return names[name]

    def _find_anywhere(self, name: str) -> list[Place]:
        found = [p for names in self._by_city.values() for p in names.get(name, [])]
        if not found:
            known = {*self._cities, *(n for names in self._by_city.values() for n in names)}
            hint = near_names_hint(name, known)
            raise UnknownPlaceError(Phrase("unknown place {name!r}{hint}", name=name, hint=hint))
        return found

    def _noting_alias(self, place: Place, name: str) -> Place:
        """Return the place, and note if the name, with or without its city, is an alias."""
        for part in (name, *(name.removeprefix(c) for c in self._cities)):
            alias = PlaceAlias(place.code, part)
            if alias in self._aliases:
                self.used_aliases.add(alias)
        return place

    def _add_cities(self, records: Records) -> None:
        members: Mapping[str, list[str]] = defaultdict(list)
        for county in records.counties:
            members[county.city_adcode].append(county.adcode)
        carved_cities = {c.code: c for c in records.carved_cities}
        # Prefecture → the city that was carved out of it and that it no longer covers.
        lost = {
            c.prefecture_adcode: c.city for c in records.counties if c.city_adcode in carved_cities
        }
        for code, name in records.cities.items():
            carved = carved_cities.get(code)
            without = f"{name}不含{lost[code]}" if code in lost else None
            note = carved.note if carved else without
            place = Place("city", code, name, code, tuple(sorted(members[code])), note=note)
            self.places[code] = place
            self._cities[name] = place
            # 石家庄 is the usual short form of 石家庄市 and does not count as an alias.
            self._cities.setdefault(name.removesuffix("市"), place)
            for alias in carved.aliases if carved else ():
                self._cities[alias] = place
                self._aliases.add(PlaceAlias(code, alias))

    def _add_counties(self, records: Records) -> None:
        for county in records.counties:
            place = Place(
                "county", county.adcode, county.name, county.city_adcode, (county.adcode,)
            )
            self.places[county.adcode] = place
            self._by_city[county.city_adcode][county.name].append(place)
        for alias in records.county_aliases:
            if alias.county not in self.places:
                continue  # the reader has reported it
            place = self.places[alias.county]
            self._by_city[place.city_adcode][alias.alias].append(place)
            self._aliases.add(PlaceAlias(place.code, alias.alias))

    def _add_zones(self, records: Records) -> None:
        for zone in records.zones:
            if zone.city not in self.places:
                continue  # the reader has reported it
            place = Place("zone", zone.code, zone.name, zone.city, zone.hosts, zone, zone.note)
            self.places[zone.code] = place
            for name in (zone.name, *zone.aliases):
                self._by_city[zone.city][name].append(place)
            for alias in zone.aliases:
                self._aliases.add(PlaceAlias(zone.code, alias))
