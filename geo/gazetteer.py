"""Resolve place names as the documents write them. It never guesses.

A name means something only in its context: 高新区 is another zone in every city, 桥西区 stands in
two. A name is looked up within its city where the text or the record gives one, otherwise in the
whole province; exactly one match is an answer, anything else is an error that lists near names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from data.faults import Phrase
from data.models import Zone
from data.reader import Records, near


@dataclass(frozen=True)
class Place:
    """A resolved place.

    `adcodes` are its county codes; for a zone, those of the counties that host it.
    """

    kind: Literal["county", "city", "zone"]
    code: str
    name: str
    city_adcode: str
    adcodes: tuple[str, ...]
    zone: Zone | None = None
    note: str | None = None


class UnknownPlaceError(LookupError):
    """No place, or more than one, answers to a name in its context; `told` says so."""

    def __init__(self, message: Phrase) -> None:
        self.message = message
        super().__init__(message)


class Gazetteer:
    """Names of counties, cities and zones, each looked up within a context."""

    def __init__(self, records: Records) -> None:
        self.places: dict[str, Place] = {}
        self.used_aliases: set[tuple[str, str]] = set()
        self._by_city: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
        self._cities: dict[str, Place] = {}
        self._aliases: dict[tuple[str, str], str] = {}
        self._add_cities(records)
        self._add_counties(records)
        self._add_zones(records)

    def resolve(self, name: str, city: str | None = None) -> Place:
        """Return the one place that `name` means.

        Parameters
        ----------
        name
            As written, with or without its city in front (唐山市丰润区, 丰润区, 石家庄).
        city
            The city that governs the name, by name; the name's own city wins over it.

        Raises
        ------
        UnknownPlaceError
            With near names, when nothing or more than one place matches.
        """
        if name in self._cities:
            return self._answer(self._cities[name], name)
        prefixes = [c for c in self._cities if name.startswith(c) and len(name) > len(c)]
        for prefix in sorted(prefixes, key=len, reverse=True):
            found = self._within(self._cities[prefix].code, name.removeprefix(prefix))
            found = found or self._within(self._cities[prefix].code, name)
            if found:
                return self._one(found, name)
        if city is not None:
            if city not in self._cities:
                hint = near(city, self._cities)
                raise UnknownPlaceError(Phrase("unknown city {name!r}{hint}", name=city, hint=hint))
            found = self._within(self._cities[city].code, name)
            names = self._by_city[self._cities[city].code]
        else:
            found = [p for n in self._by_city.values() for p in n.get(name, [])]
            names = {n: [] for by_name in self._by_city.values() for n in by_name}
            names |= {city: [] for city in self._cities}
        if not found:
            hint = near(name, names)
            raise UnknownPlaceError(
                Phrase("unknown place {name!r} in {city}{hint}", name=name, city=city, hint=hint)
                if city
                else Phrase("unknown place {name!r}{hint}", name=name, hint=hint)
            )
        return self._one(found, name)

    def resolve_list(self, names: Iterable[str], city: str | None = None) -> list[Place]:
        """Resolve a list in which a name's own city governs the names after it.

        In 石家庄市桥西区、高新区 the second name is Shijiazhuang's zone.

        Raises
        ------
        UnknownPlaceError
            Once, for all names of the list that do not resolve.
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
    def unused_aliases(self) -> list[tuple[str, str]]:
        """(code, alias) pairs no name was resolved by so far."""
        return sorted(
            (code, alias)
            for (code, alias) in self._aliases
            if (code, alias) not in self.used_aliases
        )

    def _within(self, city_adcode: str, name: str) -> list[Place]:
        return self._by_city.get(city_adcode, {}).get(name, [])

    def _one(self, found: list[Place], name: str) -> Place:
        unique = list(dict.fromkeys(found))
        if len(unique) > 1:
            which = tuple(f"{self.places[p.city_adcode].name}{p.name}" for p in unique)
            raise UnknownPlaceError(
                Phrase("{name!r} is ambiguous: {which}; name its city", name=name, which=which)
            )
        return self._answer(unique[0], name)

    def _answer(self, place: Place, name: str) -> Place:
        for alias in (name, *(name.removeprefix(c) for c in self._cities)):
            if (place.code, alias) in self._aliases:
                self.used_aliases.add((place.code, alias))
        return place

    def _add_cities(self, records: Records) -> None:
        members: Mapping[str, list[str]] = defaultdict(list)
        for county in records.counties:
            members[county.city_adcode].append(county.adcode)
        carved_cities = {c.code: c for c in records.carved_cities}
        # A city that another was carved out of no longer covers it.
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
            # 石家庄市 is also written 石家庄; that is no alias but the usual short form.
            self._cities.setdefault(name.removesuffix("市"), place)
            for alias in carved.aliases if carved else ():
                self._cities[alias] = place
                self._aliases[code, alias] = alias

    def _add_counties(self, records: Records) -> None:
        for county in records.counties:
            place = Place(
                "county", county.adcode, county.name, county.city_adcode, (county.adcode,)
            )
            self.places[county.adcode] = place
            self._by_city[county.city_adcode][county.name].append(place)
        for alias in records.county_aliases:
            if alias.county not in self.places:
                continue  # a fault of the records's, told there
            place = self.places[alias.county]
            self._by_city[place.city_adcode][alias.alias].append(place)
            self._aliases[place.code, alias.alias] = alias.alias

    def _add_zones(self, records: Records) -> None:
        for zone in records.zones:
            if zone.city not in self.places:
                continue  # a fault of the records's, told there
            place = Place("zone", zone.code, zone.name, zone.city, zone.hosts, zone, zone.note)
            self.places[zone.code] = place
            for name in (zone.name, *zone.aliases):
                self._by_city[zone.city][name].append(place)
            for alias in zone.aliases:
                self._aliases[zone.code, alias] = alias
