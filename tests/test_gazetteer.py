"""A name means one place in its context, or it is refused."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.gazetteer import Gazetteer, UnknownPlaceError


@pytest.fixture(scope="module")
def gazetteer(records) -> Gazetteer:
    return Gazetteer(records)


@pytest.fixture(scope="module")
def known_names(records) -> set[str]:
    """Every name of a county, city or zone, as it stands in the data."""
    return {
        *(c.name for c in records.counties),
        *(a.alias for a in records.county_aliases),
        *(name for z in records.zones for name in (z.name, *z.aliases)),
        *records.cities.values(),
        *(name.removesuffix("市") for name in records.cities.values()),
        *(alias for c in records.carved_cities for alias in c.aliases),
    }


# -- context -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "city", "code"),
    [
        # The same words mean another zone in every city.
        ("高新区", "石家庄市", "130171"),
        ("高新区", "唐山市", "130273"),
        ("高新区", "保定市", "130671"),
        ("高新区", "沧州市", "130972"),
        ("衡水高新区", None, "131171"),
        ("经济开发区", "石家庄市", "130109500"),
        ("经济开发区", "张家口市", "130771"),
        ("邢台经济开发区", None, "130571"),
        # One district name in two cities.
        ("桥西区", "石家庄市", "130104"),
        ("桥西区", "张家口市", "130703"),
        ("石家庄市桥西区", None, "130104"),
        # With or without the city, short or long.
        ("唐山市丰润区", None, "130208"),
        ("唐山丰润区", None, "130208"),
        ("丰润区", "唐山", "130208"),
        ("丰润区", None, "130208"),
        ("怀来县", None, "130730"),
        # An alias with a reason.
        ("营子区", "承德市", "130804"),
        ("承德市营子区", None, "130804"),
        ("营子区", None, "130804"),
        # The document's own words for zones.
        ("保定经济技术开发区", "保定市", "13-201-048"),
        ("邯郸市冀南新区", None, "130473"),
        ("沧州临港经济技术开发区", "沧州市", "130973403"),
    ],
)
def test_a_name_in_its_context(gazetteer, name, city, code):
    assert gazetteer.resolve(name, city).code == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("承德县", "130821"),
        ("承德", "130800"),
        ("承德市承德县", "130821"),
        ("唐县", "130627"),
        ("唐山", "130200"),
        ("沧县", "130921"),
        ("沧州市", "130900"),
        ("张家口", "130700"),
    ],
)
def test_a_name_that_begins_like_a_city(gazetteer, name, code):
    assert gazetteer.resolve(name).code == code


def test_a_name_s_own_city_wins_over_the_governing_one(gazetteer):
    assert gazetteer.resolve("石家庄高新区", "唐山市").code == "130171"
    assert gazetteer.resolve("承德县", "石家庄市").code == "130821"
    assert gazetteer.resolve("唐山市", "石家庄市").code == "130200"


def codes(gazetteer: Gazetteer, *names: str, city: str | None = None) -> list[str]:
    return [place.code for place in gazetteer.resolve_list(names, city)]


def test_a_city_governs_the_names_after_it(gazetteer):
    assert codes(gazetteer, "石家庄市桥西区", "高新区") == ["130104", "130171"]
    assert codes(gazetteer, "张家口市宣化区", "经济开发区", "桥西区") == [
        "130705",
        "130771",
        "130703",
    ]
    # Until the next city.
    assert codes(gazetteer, "石家庄市桥西区", "唐山市丰润区", "高新区") == [
        "130104",
        "130208",
        "130273",
    ]


def test_a_city_does_not_govern_the_names_before_it(gazetteer):
    with pytest.raises(UnknownPlaceError, match="ambiguous"):
        gazetteer.resolve_list(["高新区", "石家庄市桥西区"])
    assert codes(gazetteer, "涿州市", "保定市徐水区", city="保定市") == ["130681", "130609"]


def test_a_county_does_not_govern(gazetteer):
    """怀来县 lies in 张家口, but only a name that gives the city governs the next."""
    with pytest.raises(UnknownPlaceError, match="ambiguous"):
        gazetteer.resolve_list(["怀来县", "桥西区"])


# -- 雄安 ---------------------------------------------------------------------------------------


def test_xiongan_is_a_city_of_its_own(gazetteer):
    xiongan = gazetteer.resolve("雄安新区")
    assert (xiongan.kind, xiongan.code) == ("city", "133100")
    assert xiongan.adcodes == ("130629", "130632", "130638")
    assert gazetteer.resolve("容城县").city_adcode == "133100"
    assert gazetteer.resolve("雄县", "雄安新区").code == "130638"


def test_baoding_is_without_xiongan(gazetteer):
    baoding = gazetteer.resolve("保定市")
    assert not set(baoding.adcodes) & set(gazetteer.resolve("雄安新区").adcodes)
    assert baoding.note == "保定市不含雄安新区"
    with pytest.raises(UnknownPlaceError):
        gazetteer.resolve("雄县", "保定市")


# -- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "city", "expected"),
    [
        ("高新区", None, ["ambiguous", "石家庄市", "唐山市", "保定市", "沧州市", "衡水市"]),
        ("桥西区", None, ["ambiguous", "石家庄市桥西区", "张家口市桥西区", "name its city"]),
        ("高新区", "承德市", ["unknown place '高新区' in 承德市"]),
        ("桥西区", "唐山市", ["unknown place '桥西区' in 唐山市"]),
        ("藁成区", "石家庄市", ["near names", "藁城区"]),
        ("鹿全区", None, ["near names", "鹿泉区"]),
        ("石家庄新区", None, ["unknown place"]),
        ("张北地区", None, ["near names", "张北县"]),
        ("丰润区", "糖山市", ["unknown city '糖山市'", "唐山市"]),
        ("", None, ["unknown place"]),
        ("区", None, ["unknown place"]),
        ("北京市", None, ["unknown place"]),
        (" 怀来县", None, ["unknown place"]),
        ("石家装市", None, ["near names", "石家庄市"]),
    ],
)  # fmt: skip
def test_a_name_that_means_nothing_or_too_much_is_refused(gazetteer, name, city, expected):
    with pytest.raises(UnknownPlaceError) as caught:
        gazetteer.resolve(name, city)
    assert all(words in str(caught.value) for words in expected), caught.value


@given(
    name=st.text("高新经济技术开发石家庄唐山承德桥西东区县市营子雄安新保定", min_size=1, max_size=9)
)
def test_it_never_guesses(gazetteer, records, known_names, name):
    """What resolves is a name of the data, with at most its city's name before it."""
    try:
        place = gazetteer.resolve(name)
    except UnknownPlaceError:
        return
    city = records.cities[place.city_adcode]
    stripped = {name, name.removeprefix(city), name.removeprefix(city.removesuffix("市"))}
    assert stripped & known_names


@given(data=st.data())
def test_a_misspelt_name_is_refused(gazetteer, records, data):
    name = data.draw(st.sampled_from([c.name for c in records.counties]))
    at = data.draw(st.integers(0, len(name) - 1))
    wrong = name[:at] + "囗" + name[at + 1 :]
    with pytest.raises(UnknownPlaceError):
        gazetteer.resolve(wrong)


# -- all of it ---------------------------------------------------------------------------------


def test_every_county_answers_to_its_name(gazetteer, records):
    count = Counter(c.name for c in records.counties)
    assert {name for name, n in count.items() if n > 1} >= {"桥西区", "新华区"}
    for county in records.counties:
        assert gazetteer.resolve(county.city + county.name).code == county.adcode
        assert gazetteer.resolve(county.name, county.city).code == county.adcode
        if count[county.name] == 1:
            assert gazetteer.resolve(county.name).code == county.adcode


def test_every_zone_answers_to_its_names_within_its_city(gazetteer, records):
    for zone in records.zones:
        for name in (zone.name, *zone.aliases):
            place = gazetteer.resolve(name, records.cities[zone.city])
            assert (place.kind, place.code, place.adcodes) == ("zone", zone.code, zone.hosts)


def test_cities_divide_the_counties(gazetteer, records):
    places = [gazetteer.resolve(name) for name in records.cities.values()]
    assert sorted(a for p in places for a in p.adcodes) == sorted(
        c.adcode for c in records.counties
    )
    assert len(places) == 12


def test_every_mention_resolves_and_every_alias_is_used(atlas):
    assert atlas.places.gazetteer.unused_aliases == []
    mentioned = defaultdict(set)
    for layer in ("clusters-core", "clusters-radiation"):
        frame = atlas.frames[layer]
        for row in frame.itertuples():
            mentioned[row.place_kind].add(atlas.places.gazetteer.places[row.id.split(":")[2]])
    assert {kind: len(places) for kind, places in mentioned.items()} == {
        "county": 44,
        "zone": 14,
        "city": 1,
    }


def test_a_fresh_gazetteer_has_used_no_alias(records):
    fresh = Gazetteer(records)
    before = fresh.unused_aliases
    assert ("130804", "营子区") in before
    fresh.resolve("承德市营子区")
    assert set(before) - set(fresh.unused_aliases) == {("130804", "营子区")}
