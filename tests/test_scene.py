"""What the browser draws: it agrees with the layers, and hangs together."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from app import assets
from layers import style
from layers.catalogue import LAYERS
from layers.scene import difference, scene, topology
from layers.view import View, select

GEOD = Geod(ellps="GRS80")
POLYGONS = (
    "clusters", "clusters-core", "clusters-radiation", "layout", "regions",
    "admin-cities", "admin-counties",
)  # fmt: skip


@pytest.fixture(scope="module")
def drawn(atlas) -> dict[str, Any]:
    """The scene as the browser reads it."""
    return json.loads(json.dumps(scene(atlas), allow_nan=False))


@pytest.fixture(scope="module")
def topo(atlas) -> dict[str, Any]:
    return json.loads(json.dumps(topology(atlas), allow_nan=False))


def km2(geometry: shapely.Geometry) -> float:
    # Rings of one direction: Geod takes the others off.
    return GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))[0] / 1e6


# -- scene -------------------------------------------------------------------------------------


def test_every_feature_of_the_layers_is_drawn_once(atlas, drawn):
    counted = Counter((f["layer"], f["id"]) for f in drawn["features"])
    expected = {
        (layer, row.id)
        for layer in LAYERS
        for row in atlas.frames[layer].itertuples()
        if row.geometry is not None
    }
    assert set(counted) == expected
    assert set(counted.values()) == {1}


def test_every_style_and_pane_exists(drawn):
    panes = {pane["id"] for pane in drawn["panes"]}
    for feature in drawn["features"]:
        assert feature["style"] in drawn["styles"], feature["id"]
        assert feature["pane"] in panes, feature["id"]
    for group in drawn["legend"]:
        for item in group["items"]:
            assert item["style"] in drawn["styles"], item


def test_styles_have_the_fields_the_browser_reads(drawn):
    for name, made in drawn["styles"].items():
        assert set(made) >= {"fill", "fillOpacity", "hatch", "stroke", "weight", "opacity", "dash"}
        assert 0 <= made["fillOpacity"] <= 1, name
        assert 0 <= made["opacity"] <= 1, name


def test_every_polygon_can_be_seen(drawn):
    for feature in drawn["features"]:
        if feature["layer"] in POLYGONS:
            made = drawn["styles"][feature["style"]]
            assert made["fill"] or made["stroke"], feature["id"]


def test_panes_rise_from_layout_to_outlines(drawn):
    heights = {pane["id"]: pane["z"] for pane in drawn["panes"]}
    order = ["layout", "host", "radiation", "core", "outline"]
    assert [heights[p] for p in order] == sorted(heights[p] for p in order)
    assert all(400 < z < 600 for z in heights.values())


def test_members_are_in_the_topology(drawn, topo):
    known = {g["id"] for c in topo["objects"].values() for g in c["geometries"]}
    for feature in drawn["features"]:
        assert set(feature["members"]) <= known, feature["id"]
        assert feature["members"] or feature.get("geometry") or feature["symbol"], feature["id"]


@pytest.mark.parametrize("layer", POLYGONS)
def test_members_are_the_layer_s_counties(atlas, drawn, layer):
    frame = atlas.frames[layer].set_index("id")
    for feature in drawn["features"]:
        if feature["layer"] == layer:
            assert tuple(feature["members"]) == frame.loc[feature["id"], "adcodes"]


@pytest.mark.parametrize("layer", POLYGONS)
def test_members_dissolve_to_the_layer_s_geometry(atlas, drawn, layer):
    boundaries = atlas.ground.boundaries
    frame = atlas.frames[layer].set_index("id")
    for feature in drawn["features"]:
        if feature["layer"] != layer:
            continue
        original = frame.geometry[feature["id"]]
        if "geometry" in feature:
            sent = shapely.geometry.shape(feature["geometry"])
            assert sent.is_valid, feature["id"]
            # Five decimals are about a metre: a strip along the outline may differ.
            assert km2(sent.symmetric_difference(original)) < 0.002 * original.length * 111
        else:
            union = boundaries.union(feature["members"])
            assert km2(union.symmetric_difference(original)) < 1e-6, feature["id"]


def test_only_discs_and_supplied_boundaries_are_sent_as_geometry(atlas, drawn):
    statuses = {
        row.id: row.geometry_status
        for layer in ("clusters-core", "clusters-radiation")
        for row in atlas.frames[layer].itertuples()
    }
    for feature in drawn["features"]:
        if feature["id"] in statuses:
            own = statuses[feature["id"]] in ("schematic", "supplied")
            assert ("geometry" in feature) == own, feature["id"]


def test_the_legend_answers_every_key(drawn):
    answered = {item["key"] for group in drawn["legend"] for item in group["items"]}
    for feature in drawn["features"]:
        # A polygon that is what it seems needs no word in the legend.
        assert set(feature["keys"]) - {"status:administrative"} <= answered, feature["id"]
        assert set(feature["keys"]) & answered, feature["id"]


def test_the_legend_explains_nothing_that_is_never_drawn(drawn):
    keys = {key for feature in drawn["features"] for key in feature["keys"]}
    items = [item["key"] for group in drawn["legend"] for item in group["items"]]
    assert set(items) <= keys
    assert len(items) == len(set(items))
    assert {"status:host-county", "status:schematic", "status:inferred"} <= set(items)


def test_host_counties_are_hatched_and_lie_below_radiation(drawn):
    heights = {pane["id"]: pane["z"] for pane in drawn["panes"]}
    hosts = [f for f in drawn["features"] if "status:host-county" in f["keys"]]
    assert hosts
    for feature in hosts:
        assert drawn["styles"][feature["style"]]["hatch"], feature["id"]
        assert heights[feature["pane"]] < heights["radiation"]
    filled = [f for f in drawn["features"] if "status:administrative" in f["keys"]]
    assert not any(drawn["styles"][f["style"]]["hatch"] for f in filled)


def test_inferred_and_schematic_outlines_are_dashed(drawn):
    for feature in drawn["features"]:
        if {"status:inferred", "status:schematic"} & set(feature["keys"]):
            assert drawn["styles"][feature["style"]]["dash"], feature["id"]


def test_symbols_of_core_poles_and_wings(drawn):
    symbols = [
        (f["symbol"]["kind"], f["symbol"]["text"], f["name"])
        for f in drawn["features"]
        if f["layer"] == "layout" and f["symbol"]
    ]
    # 雄安 is core and wing, and has the core's symbol.
    assert sorted(symbols) == [
        ("core", "核", "雄安新区高端高新产业发展核心区"),
        ("pole", "极", "唐山高质量发展增长极"),
        ("pole", "极", "石家庄省会高质量发展增长极"),
        ("wing", "翼", "张家口张北地区（两翼之一）"),
    ]


@pytest.mark.parametrize("layer", POLYGONS)
def test_labels_lie_within_their_feature(atlas, drawn, layer):
    geometry = atlas.frames[layer].set_index("id").geometry
    for feature in drawn["features"]:
        label = feature["label"]
        if feature["layer"] == layer and label:
            assert label["text"], feature["id"]
            assert 1 <= label["priority"] <= 9
            # Two decimals of a degree: a published point may stand at the zone's edge.
            assert geometry[feature["id"]].distance(shapely.Point(label["at"])) < 0.02


def test_cluster_labels_tell_the_target_of_the_year(drawn):
    labels = {f["id"]: f["label"] for f in drawn["features"] if f["layer"] == "clusters"}
    assert labels["clusters:001-key-08"]["by_year"] == {
        "2023": "预计超1,800亿元",
        "2025": "预计超2,100亿元",
        "2027": "预计突破2,500亿元",
    }
    assert labels["clusters:001-cultivated-04"]["by_year"] is None


def test_bounds_are_those_of_the_province(atlas, drawn):
    (south, west), (north, east) = drawn["bounds"]
    assert [west, south, east, north] == pytest.approx(
        atlas.ground.boundaries.counties.total_bounds.tolist()
    )


def test_the_notes_say_what_kind_of_map_it_is(drawn):
    assert "示意图" in drawn["notes"]["schematic"]
    assert "天地图" in drawn["notes"]["attribution"]


def test_industries_of_the_vocabulary_have_colours(atlas):
    families = {i.id for i in atlas.library.industries if i.group != "future"} | {"future"}
    assert families <= set(style.INDUSTRY_COLOURS)
    assert len(set(style.INDUSTRY_COLOURS.values())) == len(style.INDUSTRY_COLOURS)


# -- topology ----------------------------------------------------------------------------------


def decoded(topo: dict[str, Any], collection: str) -> dict[str, shapely.Geometry]:
    """Read a TopoJSON collection as topojson-client does: id → geometry."""
    (kx, ky), (dx, dy) = topo["transform"]["scale"], topo["transform"]["translate"]
    arcs = []
    for arc in topo["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((x * kx + dx, y * ky + dy))
        arcs.append(points)

    def ring(indices: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for index in indices:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += arc[1:] if points else arc
        return points

    def polygon(indices: list[list[int]]) -> shapely.Polygon:
        shell, *holes = map(ring, indices)
        return shapely.Polygon(shell, holes)

    made: dict[str, shapely.Geometry] = {}
    for geometry in topo["objects"][collection]["geometries"]:
        many = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        made[geometry["id"]] = shapely.MultiPolygon([polygon(p) for p in many])
    return made


def test_topology_ids_are_adcodes(atlas, topo):
    counties = topo["objects"]["counties"]["geometries"]
    assert sorted(g["id"] for g in counties) == sorted(c.adcode for c in atlas.library.counties)
    names = {c.adcode: (c.name, c.city) for c in atlas.library.counties}
    for geometry in counties:
        properties = geometry["properties"]
        assert (properties["name"], properties["city"]) == names[geometry["id"]]
    neighbours = {g["id"]: g["properties"] for g in topo["objects"]["neighbours"]["geometries"]}
    assert neighbours["110000"] == {"name": "北京市", "enclosed": True}
    assert {i for i, p in neighbours.items() if p["enclosed"]} == {"110000", "120000"}


def test_topology_holds_the_counties_geometry(atlas, topo):
    counties = atlas.ground.boundaries.counties.geometry
    made = decoded(topo, "counties")
    for adcode, geometry in made.items():
        original = counties[adcode]
        assert shapely.hausdorff_distance(geometry, original) < 2e-5, adcode
        assert km2(geometry) == pytest.approx(km2(original), rel=1e-3)


def test_neighbouring_counties_share_their_arcs(topo):
    """Only then does topojson.merge dissolve the border between two of them."""
    used = Counter()
    for geometry in topo["objects"]["counties"]["geometries"]:
        many = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        used.update(a if a >= 0 else ~a for rings in many for ring in rings for a in ring)
    assert set(used.values()) <= {1, 2}
    shared = sum(n == 2 for n in used.values())
    assert shared > len(used) / 2


# -- the message of a view ---------------------------------------------------------------------


@given(data=st.data())
def test_a_message_shows_what_the_view_selects(atlas, views, data):
    view = data.draw(views)
    message = difference(atlas, view)
    assert message["year"] == view.year
    assert list(message["show"]) == list(view.layers)
    for layer, shown in message["show"].items():
        ids = list(select(atlas, layer, view)["id"])
        whole = len(ids) == len(atlas.frames[layer])
        assert (shown == "*") == whole
        if not whole:
            assert [f"{layer}:{i}" for i in shown] == ids


def test_a_message_is_small_and_plain(atlas):
    view = View(2025, industries=("it",))
    message = difference(
        atlas, view, selected=["clusters:001-key-02"], at=(115.5, 40.4), fit=(114, 36, 116, 39)
    )
    assert len(json.dumps(message, allow_nan=False)) < 1500
    assert message["selected"] == ["clusters:001-key-02"]
    assert message["at"] == [115.5, 40.4]
    assert message["fit"] == [[36.0, 114.0], [39.0, 116.0]]
    assert difference(atlas, view)["fit"] is None


# -- the static files --------------------------------------------------------------------------


def test_files_are_named_by_their_content(atlas, tmp_path, drawn, topo):
    published = assets.publish(atlas, tmp_path)
    assert json.loads((tmp_path / published.atlas).read_text(encoding="utf-8")) == topo
    assert json.loads((tmp_path / published.scene).read_text(encoding="utf-8")) == drawn
    assert published.bounds == drawn["bounds"]
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")}
    assert assets.publish(atlas, tmp_path) == published
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")} == before
