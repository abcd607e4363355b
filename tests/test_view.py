"""Laws of the view: what a filter may do to a layer, and how a view is named in words."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from app.page import session, state
from layers.catalogue import KINDS
from layers.reading.query import Unknown, filter_options, filter_titles, parameters_of, view_from
from layers.reading.view import SHOWN_FIRST, View, filters_of, ids, select


def views_with_counties(atlas, views):
    """Any view, with any counties besides."""
    codes = st.sampled_from([c.adcode for c in atlas.records.counties])
    some = st.lists(codes, max_size=3).map(tuple)
    return st.builds(lambda view, counties: replace(view, counties=counties), views, some)


layer_ids = st.sampled_from(list(KINDS))
# The year decides what these layers show; of all others it removes nothing.
TIMELESS = [layer.id for layer in KINDS.values() if not layer.by_year]


# -- selecting ---------------------------------------------------------------------------------


@settings(max_examples=40)
@given(layer=layer_ids, data=st.data())
def test_a_selection_is_a_subset_with_the_same_columns(atlas, views, layer, data):
    whole = atlas.frames[layer]
    selected = select(atlas, layer, data.draw(views))
    assert list(selected.columns) == list(whole.columns)
    assert selected.dtypes.equals(whole.dtypes)
    assert selected.crs == whole.crs
    filled = ["year", "revenue_yi", "revenue_comparator"] if layer == "clusters" else []
    rows = whole.loc[selected.index]
    assert_geodataframe_equal(selected.drop(columns=filled), rows.drop(columns=filled))


@settings(max_examples=40)
@given(layer=layer_ids, data=st.data())
def test_selecting_twice_is_selecting_once(atlas, views, layer, data):
    view = data.draw(views)
    once = select(atlas, layer, view)
    left = replace(atlas, frames={**atlas.frames, layer: once})
    assert_geodataframe_equal(select(left, layer, view), once)
    assert ids(left, layer, view) == ids(atlas, layer, view) == list(once["id"])


@settings(max_examples=40)
@given(layer=st.sampled_from(TIMELESS), data=st.data())
def test_any_of_within_a_filter_and_between_filters(atlas, views, layer, data):
    view = data.draw(views_with_counties(atlas, views))
    applies = filters_of(layer)

    def passes(name: str, chosen: tuple[str, ...], values: object) -> bool:
        return name not in applies or not chosen or bool(set(chosen) & set(values))

    expected = [
        row.id
        for row in atlas.frames[layer].itertuples()
        if passes("industry", view.industries, row.industries)
        and passes("tier", view.tiers, [row.tier])
        and passes("city", view.cities, row.city_adcodes)
        and passes("county", view.counties, row.adcodes)
    ]
    assert list(select(atlas, layer, view)["id"]) == expected


@pytest.mark.parametrize(
    ("layer", "ignored"),
    [
        ("clusters", ()),
        ("clusters-core", ()),
        ("clusters-radiation", ()),
        ("layout", ("industry", "tier")),
        ("regions", ("tier",)),
        ("admin-cities", ("industry", "tier")),
        ("admin-counties", ("industry", "tier")),
    ],
)
def test_a_filter_without_values_leaves_the_layer_whole(atlas, layer, ignored):
    settings = {"industry": {"industries": ("food",)}, "tier": {"tiers": ("key",)}}
    every = {k: v for one in settings.values() for k, v in one.items()}
    assert View(2025, **every).filters_ignored_by(layer) == ignored
    for name, values in settings.items():
        view = View(2025, **values)
        assert (name in ignored) == (name in view.filters_ignored_by(layer))
        if name in ignored:
            assert len(select(atlas, layer, view)) == len(atlas.frames[layer])
    assert View(2025).filters_ignored_by(layer) == ()


@pytest.mark.parametrize("layer", TIMELESS)
def test_the_year_removes_nothing(atlas, layer):
    for year in atlas.records.atlas.years:
        assert list(select(atlas, layer, View(year))["id"]) == list(atlas.frames[layer]["id"])


def test_the_year_fills_year_and_revenue(atlas):
    for year in atlas.records.atlas.years:
        frame = select(atlas, "clusters", View(year))
        assert (frame["year"] == year).all()
        pd.testing.assert_series_equal(
            frame["revenue_yi"], frame[f"revenue_yi_{year}"], check_names=False
        )
        pd.testing.assert_series_equal(
            frame["revenue_comparator"], frame[f"revenue_comparator_{year}"], check_names=False
        )
        assert (frame["revenue_yi"].notna() == (frame["tier"] == "key")).all()


def test_a_year_without_targets_fills_nothing(atlas):
    frame = select(atlas, "clusters", View(2031))
    assert (frame["year"] == 2031).all()
    assert frame[["revenue_yi", "revenue_comparator"]].isna().all(axis=None)


def test_selecting_leaves_the_atlas_alone(atlas):
    select(atlas, "clusters", View(2027))
    assert atlas.frames["clusters"]["year"].isna().all()


def test_xiongan_and_baoding_are_two_cities(atlas):
    def ids(layer: str, city: str) -> set[str]:
        return set(select(atlas, layer, View(2025, cities=(city,)))["id"])

    assert ids("clusters", "133100") == {"clusters:001-cultivated-01"}
    assert "clusters:001-cultivated-01" not in ids("clusters", "130600")
    assert ids("regions", "133100") == {"regions:003-xiongan"}
    # The boundary file files 雄安's counties under 保定, so that city answers to both.
    assert ids("admin-cities", "133100") == ids("admin-cities", "130600") == {"admin-cities:130600"}


def test_a_county_filter_matches_what_names_the_county(atlas):
    """A feature is kept, whole, with any of its counties; one placed in a city alone is not."""
    view = View(2025, counties=("130609",))
    assert set(select(atlas, "admin-counties", view)["id"]) == {"admin-counties:130609"}
    assert set(select(atlas, "admin-cities", view)["id"]) == {"admin-cities:130600"}
    for layer in KINDS:
        frame = atlas.frames[layer]
        if not KINDS[layer].by_year:
            kept = frame[["130609" in codes for codes in frame["adcodes"]]]["id"]
            assert list(select(atlas, layer, view)["id"]) == list(kept), layer
    bases = atlas.frames["bases"]
    of_city = bases[[not codes for codes in bases["adcodes"]]]
    everywhere = View(2025, counties=tuple(c.adcode for c in atlas.records.counties))
    assert len(of_city)
    assert not set(of_city["id"]) & set(select(atlas, "bases", everywhere)["id"])


def test_a_feature_stays_whole_when_one_of_its_cities_matches(atlas):
    view = View(2025, cities=("130200",))
    belt = select(atlas, "layout", view).set_index("id").loc["layout:002-belt-yh"]
    whole = atlas.frames["layout"].set_index("id").loc["layout:002-belt-yh"]
    assert belt.city_adcodes == ("130200", "130300", "130900")
    assert belt.geometry.equals(whole.geometry)


# -- views -------------------------------------------------------------------------------------


@given(data=st.data())
def test_order_and_repeats_make_no_other_view(atlas, views, data):
    view = data.draw(views_with_counties(atlas, views))
    shuffled = View(
        view.year,
        *(
            tuple(data.draw(st.permutations([*values, *values])))
            for values in (
                view.industries,
                view.tiers,
                view.cities,
                view.layers,
                view.counties,
            )
        ),
    )
    assert shuffled == view
    assert hash(shuffled) == hash(view)


def test_layers_are_in_drawing_order_and_known():
    assert View(2025, layers=("layout", "no-such-layer", "clusters")).layers == (
        "clusters",
        "layout",
    )
    assert View(2025).layers == SHOWN_FIRST
    assert {"clusters", "clusters-core", "clusters-radiation", "layout"} <= set(SHOWN_FIRST)


@given(data=st.data())
def test_a_view_is_filtered_when_a_filter_is_set(atlas, views, data):
    view = data.draw(views_with_counties(atlas, views))
    values = view.industries + view.tiers + view.cities + view.counties
    assert view.is_filtered == bool(values)
    assert sum(view.filters.values(), ()) == values


# -- words -------------------------------------------------------------------------------------


@given(data=st.data())
def test_words_name_their_view(atlas, views, data):
    view = data.draw(views_with_counties(atlas, views))
    assert view_from(atlas, parameters_of(atlas, view)) == (view, ())


def test_the_default_view_needs_no_words(atlas):
    default = View(atlas.records.atlas.default_year)
    assert parameters_of(atlas, default) == {}
    assert view_from(atlas, {}) == (default, ())


@given(data=st.data())
def test_words_are_allowed_words(atlas, views, data):
    allowed = filter_options(atlas)
    for parameter, values in parameters_of(atlas, data.draw(views)).items():
        assert set(values) <= set(allowed[parameter])


def test_an_empty_list_of_layers_is_a_choice(atlas):
    assert view_from(atlas, {"layer": ()})[0].layers == ()


parameters = st.sampled_from(["year", "industry", "tier", "city", "county", "layer", "colour"])


@settings(max_examples=50)
@given(data=st.data(), word=st.text(max_size=8), parameter=parameters)
def test_unknown_words_are_left_out_and_told(atlas, views, data, word, parameter):
    view = data.draw(views)
    words = parameters_of(atlas, view)
    allowed = filter_options(atlas).get(parameter, {})
    if word in allowed:
        return
    named = {**words, parameter: (*words.get(parameter, ()), word)}
    made, unknown = view_from(atlas, named)
    assert unknown == (Unknown(parameter, word, tuple(allowed)),)
    # A missing list of layers means the default; a list of unknown ones means none.
    assert made == view if parameter != "layer" or "layer" in words else made.layers == ()


def test_filters_have_chinese_titles(atlas):
    view = View(2025, industries=("it",), tiers=("key",), cities=("130100", "133100"))
    assert filter_titles(atlas, view) == ["新一代信息技术", "重点支持", "石家庄市", "雄安新区"]


def test_two_counties_of_one_name_say_their_city(atlas):
    view = View(2025, counties=("130104", "130609"))
    assert filter_titles(atlas, view) == ["桥西区（石家庄市）", "徐水区"]
    titles = list(filter_options(atlas)["county"].values())
    assert len(set(titles)) == len(titles) == len(atlas.records.counties)


# -- the page's address ------------------------------------------------------------------------

# An address keeps five decimals, about a metre.
points = st.tuples(
    st.integers(-18_000_000, 18_000_000).map(lambda n: n / 1e5),
    st.integers(-9_000_000, 9_000_000).map(lambda n: n / 1e5),
)


@settings(max_examples=50)
@given(data=st.data())
def test_an_address_names_its_view_and_focus(atlas, views, data):
    view = data.draw(views_with_counties(atlas, views))
    ids = [i for frame in atlas.frames.values() for i in frame["id"]]
    focus = session.Focus(
        feature=data.draw(st.none() | st.sampled_from(ids)), at=data.draw(st.none() | points)
    )
    others = [None, *(y for y in atlas.records.atlas.years if y != view.year)]
    display = session.Display(
        compare_year=data.draw(st.sampled_from(others)),
        layout_diagram=data.draw(st.booleans()),
        basemap=data.draw(st.booleans()),
    )
    named = state.address_parameters(atlas, view, focus, display)
    address = {name: (value,) for name, value in named.items()}
    assert state.parse(atlas, address) == (view, focus, display, ())


@pytest.mark.parametrize(
    ("address", "display"),
    [
        ({"versus": ("2025",)}, session.Display(compare_year=2025)),
        ({"structure": ("1",)}, session.Display(layout_diagram=True)),
        (
            {"versus": ("2023",), "structure": ("1",), "basemap": ("1",)},
            session.Display(2023, layout_diagram=True, basemap=True),
        ),
        # Where a link has both names, the present one counts.
        ({"versus": ("2023",), "compare_year": ("2025",)}, session.Display(compare_year=2025)),
        ({"versus": ("2027",)}, session.Display()),
    ],
)
def test_the_former_names_of_display_options_are_read_and_not_written(atlas, address, display):
    view, focus, found, unknown = state.parse(atlas, address)
    assert (found, unknown) == (display, ())
    written = state.address_parameters(atlas, view, focus, found)
    assert not {"versus", "structure"} & set(written)
    assert state.parse(atlas, {name: (value,) for name, value in written.items()})[2] == display


@pytest.mark.parametrize(
    ("address", "unknown"),
    [
        ({"year": ("2024",)}, [("year", "2024")]),
        ({"industry": ("it,wood",)}, [("industry", "wood")]),
        ({"industry": ("wood", "it")}, [("industry", "wood")]),
        ({"colour": ("red",)}, [("colour", "red")]),
        ({"colour": ("",)}, [("colour", "")]),
        ({"feature": ("clusters:nothing",)}, [("feature", "clusters:nothing")]),
        ({"feature": ("<script>",)}, [("feature", "<script>")]),
        ({"at": ("here",)}, [("at", "here")]),
        ({"at": ("115",)}, [("at", "115")]),
        ({"at": ("nan,40",)}, [("at", "nan,40")]),
        ({"at": ("400,40",)}, [("at", "400,40")]),
        ({"at": ("115,40,3",)}, [("at", "115,40,3")]),
        ({"county": ("130000",)}, [("county", "130000")]),
        ({"compare_year": ("2030",)}, [("compare_year", "2030")]),
        ({"compare_year": ("2027",)}, []),
        ({"versus": ("2030",)}, [("versus", "2030")]),
        ({"structure": ("yes",)}, [("structure", "yes")]),
        (
            {"layout_diagram": ("yes",), "basemap": ("0",)},
            [("layout_diagram", "yes"), ("basemap", "0")],
        ),
    ],
)
def test_what_an_address_does_not_know_is_told(atlas, address, unknown):
    view, focus, display, told = state.parse(atlas, address)
    assert display == session.Display()
    assert [(u.parameter, u.value) for u in told] == unknown
    assert view == View(2027, industries=("it",) if "it" in str(address) else ())
    assert focus == session.Focus()
