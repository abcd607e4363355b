"""Every layer: how many features, which columns, what geometry, and that nothing is lost."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pandas as pd
import pytest
import shapely
from pyproj import CRS, Geod

from layers.catalogue import KINDS, build_atlas

GEOD = Geod(ellps="GRS80")
YEARS = (2023, 2025, 2027)
COUNTS = {
    "clusters": 17,
    "clusters-core": 27,
    "clusters-radiation": 35,
    "layout": 9,
    "regions": 5,
    "admin-cities": 11,
    "admin-counties": 167,
}
COLUMNS = {layer: KINDS[layer].all_columns(YEARS) for layer in COUNTS}
PARTS = ("clusters-core", "clusters-radiation")
DTYPES = {"text": "str", "list": "object", "integer": "Int64", "number": "Float64"}

every_layer = pytest.mark.parametrize("layer", COUNTS)


def km2(geometry: shapely.Geometry) -> float:
    return abs(GEOD.geometry_area_perimeter(geometry)[0]) / 1e6


# -- every layer -------------------------------------------------------------------------------


@every_layer
def test_number_of_features(atlas, layer):
    assert len(atlas.frames[layer]) == COUNTS[layer]


@every_layer
def test_columns_are_those_defined_and_no_others(atlas, layer):
    frame = atlas.frames[layer]
    assert list(frame.columns) == [*(c.name for c in COLUMNS[layer]), "geometry"]
    for column in COLUMNS[layer]:
        assert str(frame[column.name].dtype) == DTYPES[column.kind], column.name


@every_layer
def test_lists_are_tuples_of_text(atlas, layer):
    frame = atlas.frames[layer]
    for column in COLUMNS[layer]:
        if column.kind == "list":
            values = frame[column.name]
            assert all(isinstance(v, tuple) for v in values), column.name
            assert all(isinstance(item, str) for v in values for item in v), column.name


@every_layer
def test_coordinates_are_lon_lat_in_cgcs2000(atlas, layer):
    frame = atlas.frames[layer]
    assert frame.crs == CRS.from_epsg(4490)
    west, south, east, north = frame.total_bounds
    assert 113 < west < east < 120
    assert 36 < south < north < 43


@every_layer
def test_geometry_is_valid_and_polygonal(atlas, layer):
    geometry = atlas.frames[layer].geometry
    assert geometry.is_valid.all()
    assert not geometry.is_empty.any()
    assert set(geometry.geom_type) <= {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize("layer", KINDS)
def test_ids_are_unique_and_say_their_layer(atlas, layer):
    frame = atlas.frames[layer]
    assert frame["id"].is_unique
    assert frame["id"].str.startswith(f"{layer}:").all()
    assert set(frame["layer"]) <= {layer}


@every_layer
def test_required_values_are_given(atlas, layer):
    frame = atlas.frames[layer]
    for column in ("id", "layer", "name", "role", "city", "geometry_status", "locator"):
        assert frame[column].notna().all(), column
        assert (frame[column].str.len() > 0).all(), column
    assert (frame["adcodes"].map(len) > 0).all()
    assert (frame["city_adcodes"].map(len) > 0).all()


@every_layer
def test_adcodes_are_sorted_counties_of_the_features_cities(atlas, layer):
    city_of = {c.adcode: c.city_adcode for c in atlas.records.counties}
    for row in atlas.frames[layer].itertuples():
        assert list(row.adcodes) == sorted(set(row.adcodes)), row.id
        assert {city_of[a] for a in row.adcodes} == set(row.city_adcodes), row.id
        assert row.city == "、".join(atlas.records.cities[c] for c in row.city_adcodes)


@every_layer
def test_a_weak_polygon_has_a_note(atlas, layer):
    frame = atlas.frames[layer]
    weak = frame[frame["geometry_status"] != "administrative"]
    assert weak["note"].notna().all(), weak.loc[weak["note"].isna(), "id"].tolist()


def test_ids_that_links_rely_on(atlas):
    ids = {i for layer in COUNTS for i in atlas.frames[layer]["id"]}
    assert {
        "clusters:001-key-01",
        "clusters-core:001-key-01:130171",
        "clusters-core:001-cultivated-01:133100",
        "clusters-radiation:001-key-08:130609",
        "layout:002-belt-hjj",
        "regions:003-coast",
        "admin-cities:130100",
        "admin-counties:130730",
    } <= ids


def test_the_order_of_records_changes_no_feature(atlas):
    turned = tuple(
        plan.model_copy(
            update={
                "clusters": plan.clusters[::-1],
                "layout": plan.layout[::-1],
                "regions": plan.regions[::-1],
            }
        )
        for plan in atlas.records.plans[::-1]
    )
    again = build_atlas(dataclasses.replace(atlas.records, plans=turned))
    for layer in COUNTS:
        before = atlas.frames[layer].set_index("id").sort_index()
        after = again.frames[layer].set_index("id").sort_index()
        if layer == "layout":  # the order within a kind is the document's
            before, after = before.drop(columns="draw_order"), after.drop(columns="draw_order")
        pd.testing.assert_frame_equal(
            pd.DataFrame(before.drop(columns="geometry")),
            pd.DataFrame(after.drop(columns="geometry")),
        )
        assert before.geometry.geom_equals(after.geometry).all()


# -- conservation ------------------------------------------------------------------------------


def test_every_cluster_is_on_its_layer(atlas):
    records = [(document, c.id, c.name, c.tier) for document, c in atlas.records.clusters()]
    frame = atlas.frames["clusters"]
    rows = frame[["document", "cluster_id", "name", "tier"]].itertuples(index=False, name=None)
    assert list(rows) == records


@pytest.mark.parametrize(("layer", "role"), [(PARTS[0], "core"), (PARTS[1], "radiation")])
def test_every_place_mentioned_is_on_its_layer(atlas, layer, role):
    said = Counter()
    for _, cluster in atlas.records.clusters():
        listed = getattr(cluster, role)
        if listed:
            said.update((cluster.id, text, listed.open) for text in listed.places)
        elif role == "core":
            said[cluster.id, cluster.seat, False] += 1
    shown = Counter(
        (row.cluster_id, row.place_text, row.list_open == "等")
        for row in atlas.frames[layer].itertuples()
    )
    assert shown == said


def test_every_unit_and_region_is_on_its_layer(atlas):
    units = {f"layout:{u.id}" for _, u in atlas.records.layout()}
    regions = {f"regions:{r.id}" for _, r in atlas.records.regions()}
    assert set(atlas.frames["layout"]["id"]) == units
    assert set(atlas.frames["regions"]["id"]) == regions


def test_what_is_not_drawn_says_why(atlas):
    concepts = [c for plan in atlas.records.plans for c in plan.concepts]
    assert [c.name for c in concepts] == ["多集群"]
    assert all(c.why_not_mapped for c in concepts)
    drawn = {i.partition(":")[2] for frame in atlas.frames.values() for i in frame["id"]}
    assert not {c.id for c in concepts} & drawn


def test_every_county_and_city_is_on_its_layer(atlas):
    counties = [c.adcode for c in atlas.records.counties]
    assert list(atlas.frames["admin-counties"]["adcode"]) == sorted(counties)
    prefectures = {c.prefecture_adcode for c in atlas.records.counties}
    assert list(atlas.frames["admin-cities"]["adcode"]) == sorted(prefectures)


# -- clusters ----------------------------------------------------------------------------------


def test_a_cluster_is_the_union_of_its_parts(atlas):
    both = pd.concat([atlas.frames[layer] for layer in PARTS])
    for cluster in atlas.frames["clusters"].itertuples():
        parts = both[both["cluster_id"] == cluster.cluster_id]
        assert set(cluster.adcodes) == {a for codes in parts["adcodes"] for a in codes}
        assert set(cluster.city_adcodes) == {a for codes in parts["city_adcodes"] for a in codes}
        whole = shapely.union_all(parts.geometry.to_numpy())
        assert km2(whole.symmetric_difference(cluster.geometry)) < 1e-6
        assert set(parts["tier"]) == {cluster.tier}
        assert set(parts["industries"]) == {cluster.industries}


def test_figures_stand_on_clusters_alone(atlas):
    stems = ("revenue", "servers", "projects", "investment", "year")
    for layer in COUNTS:
        figures = [c for c in atlas.frames[layer].columns if c.startswith(stems)]
        assert bool(figures) == (layer == "clusters"), layer


def test_clusters_carry_their_targets(atlas):
    frame = atlas.frames["clusters"].set_index("cluster_id")
    for _, cluster in atlas.records.clusters():
        row = frame.loc[cluster.id]
        given = {(t.indicator, t.year): t for t in cluster.targets}
        for year in YEARS:
            for indicator, column in (("revenue", "revenue_yi"), ("servers", "servers_wan")):
                value, wording = row[f"{column}_{year}"], row[f"{indicator}_comparator_{year}"]
                target = given.get((indicator, year))
                if target is None:
                    assert pd.isna(value)
                    assert pd.isna(wording)
                else:
                    assert (value, wording) == (target.value, target.comparator)


def test_the_sums_hold_on_the_layer(atlas):
    frame = atlas.frames["clusters"]
    assert [int((frame[f"revenue_yi_{y}"] >= 1000).sum()) for y in YEARS] == [3, 6, 7]
    assert (int(frame["projects"].sum()), int(frame["investment_yi"].sum())) == (412, 2623)
    assert frame[["year", "revenue_yi", "revenue_comparator"]].isna().all(axis=None)


def test_industries_are_of_the_vocabulary(atlas):
    known = set(atlas.records.industry_by_id)
    for layer in ("clusters", *PARTS, "regions"):
        for row in atlas.frames[layer].itertuples():
            assert row.industries, row.id
            assert set(row.industries) <= known


@pytest.mark.parametrize(
    ("cluster", "first"),
    [
        ("001-key-01", "biology"),
        ("001-key-03", "it"),
        ("001-key-05", "equipment"),
        ("001-key-07", "energy"),
        ("001-key-08", "nev"),
        ("001-key-09", "materials"),
        ("001-cultivated-04", "biology"),
    ],
)
def test_the_first_industry_is_that_of_the_name(atlas, cluster, first):
    row = atlas.frames["clusters"].set_index("cluster_id").loc[cluster]
    assert row["industries"][0] == first


# -- zones -------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", PARTS)
def test_only_zones_are_drawn_by_host_county(atlas, layer):
    frame = atlas.frames[layer]
    weak = frame["geometry_status"].isin(["host-county", "supplied"])
    assert (weak == (frame["place_kind"] == "zone")).all()
    assert (frame["zone_code"].notna() == weak).all()


@pytest.mark.parametrize("layer", PARTS)
def test_a_zone_tells_its_published_area_and_where_it_stands(atlas, layer):
    zones = {z.code: z for z in atlas.records.zones}
    frame = atlas.frames[layer]
    for row in frame[frame["place_kind"] == "zone"].itertuples():
        zone = zones[row.zone_code]
        assert (row.name, row.adcodes) == (zone.name, zone.hosts)
        if zone.area_km2 is None:
            assert pd.isna(row.zone_area_km2)
            assert pd.isna(row.zone_area_source)
        else:
            assert (row.zone_area_km2, row.zone_area_source) == (zone.area_km2, zone.area_source)


# -- layout, regions, divisions ----------------------------------------------------------------


def test_layout_is_in_drawing_order(atlas):
    frame = atlas.frames["layout"]
    assert list(frame["kind"]) == ["belt"] * 4 + ["wing"] * 2 + ["pole"] * 2 + ["core"]
    assert list(frame["draw_order"]) == list(range(1, 10))


def test_layout_members(atlas):
    members = atlas.frames["layout"].set_index("id")["members"].to_dict()
    assert members == {
        "layout:002-belt-hjj": "廊坊市、保定市",
        "layout:002-belt-yh": "秦皇岛市、唐山市、沧州市",
        "layout:002-belt-jzn": "石家庄市、邢台市、邯郸市、衡水市",
        "layout:002-belt-jxb": "张家口市、承德市",
        "layout:002-wing-xa": "雄安新区",
        "layout:002-wing-zb": "张北县",
        "layout:002-pole-sjz": "石家庄市",
        "layout:002-pole-ts": "唐山市",
        "layout:002-core": "雄安新区",
    }


def test_inferred_is_what_no_document_states(atlas):
    frame = atlas.frames["layout"]
    inferred = frame["membership"] == "inferred"
    assert (frame["geometry_status"].eq("inferred") == inferred).all()
    assert set(frame.loc[inferred, "id"]) == {
        *(f"layout:002-belt-{b}" for b in ("hjj", "yh", "jzn", "jxb")),
        "layout:002-wing-zb",
    }
    assert frame.loc[inferred, "note"].str.contains("推定|只取").all()


def divides(rows, codes: set[str]) -> bool:
    """Whether the rows' counties cover `codes`, each once."""
    listed = [a for adcodes in rows["adcodes"] for a in adcodes]
    return len(listed) == len(set(listed)) and set(listed) == codes


def test_belts_and_core_divide_the_province(atlas):
    frame = atlas.frames["layout"]
    counties = {c.adcode for c in atlas.records.counties}
    assert divides(frame[frame["kind"].isin(["belt", "core"])], counties)


def test_regions_divide_the_province(atlas):
    frame = atlas.frames["regions"]
    assert divides(frame, {c.adcode for c in atlas.records.counties})
    total = sum(map(km2, frame.geometry))
    assert km2(shapely.union_all(frame.geometry.to_numpy())) == pytest.approx(total, rel=1e-9)


def test_cities_add_up_to_their_counties(atlas):
    cities, counties = atlas.frames["admin-cities"], atlas.frames["admin-counties"]
    assert divides(cities, set(counties["adcode"]))
    area = counties.set_index("adcode")["area_km2"]
    for city in cities.itertuples():
        assert city.area_km2 == pytest.approx(area[list(city.adcodes)].sum(), abs=0.005 * 20)
    assert cities["area_km2"].sum() == pytest.approx(187_988, abs=1)


def test_baoding_on_the_city_layer_includes_xiongan(atlas):
    row = atlas.frames["admin-cities"].set_index("adcode").loc["130600"]
    assert row["city_adcodes"] == ("130600", "133100")
    assert row["note"] == "含雄安新区"


def test_sources_name_the_document_and_what_it_is(atlas):
    forms = {"001": "（节选）", "002": "（媒体摘编）", "003": "（全文）"}
    for layer in ("clusters", *PARTS, "layout", "regions"):
        for row in atlas.frames[layer].itertuples():
            title = atlas.records.document_by_id[row.document].title
            assert row.document_title == f"《{title}》{forms[row.document]}"
    for layer in ("admin-cities", "admin-counties"):
        assert atlas.frames[layer]["document"].isna().all()
        assert atlas.frames[layer]["locator"].str.contains("天地图").all()


def test_a_future_industry_tells_what_its_places_are_to_it(atlas):
    rows = atlas.frames["future-industries"].set_index("id")
    led = rows.loc["future-industries:000-future-12"]
    assert (led["places"], led["places_role"]) == ("雄安新区", "引领")
    assert led["carriers"] == "中国・京南国家科技成果转移转化示范区、省级以上开发区"
    assert rows.loc["future-industries:001-future-01", "places_role"] == "支持引导"
    facts = dict(KINDS["future-industries"].facts(atlas, led))
    assert facts["地区"] == "雄安新区（引领）"
    assert "省级以上开发区" in facts["其他承载"]
