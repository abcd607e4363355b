"""What the browser draws: it agrees with the layers, and hangs together."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from app.page import assets
from app.page.assets import STATIC
from layers.catalogue import KINDS
from layers.kinds.layout import _diagram
from layers.portrayal import layout_diagram, style
from layers.portrayal.palette import INDUSTRY_COLOURS, PLANNED_COLOURS, contrast, family
from layers.portrayal.style import NamedStyle
from layers.reading.view import View
from layers.web.empty_map import SCRIPTS, STYLE_SHEETS
from layers.web.scene import feature_extent, message, scene, topology

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
        for layer in KINDS
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


def test_every_symbol_and_lettering_is_defined(drawn):
    levels = drawn["surroundings"]
    for design in drawn["symbols"].values():
        assert design["pane"] in levels
    for feature in drawn["features"]:
        diagram = feature.get("layout_diagram") or {}
        for symbol in (feature["symbol"], diagram.get("symbol")):
            assert symbol is None or symbol["kind"] in drawn["symbols"], feature["id"]
        label = feature["label"]
        assert label is None or label["kind"] in drawn["letterings"], feature["id"]
        assert feature["layer"] in drawn["layers"], feature["id"]
    symbols = [item["symbol"] for group in drawn["legend"] for item in group["items"]]
    assert set(symbols) - {None} <= set(drawn["symbols"])
    assert drawn["base_map"]["lettering"] in drawn["letterings"]


def test_sites_are_counted_by_their_place(drawn):
    shared = {name for name, design in drawn["symbols"].items() if design["shared"]}
    assert shared == {"base", "project", "counted"}
    assert [mark["shape"] for mark in drawn["symbols"]["counted"]["marks"]] == ["circle", "letter"]


def test_the_scene_says_what_each_layer_is(drawn):
    assert drawn["layers"]["admin-cities"] == {"division": "city", "cluster": None, "point": False}
    assert drawn["layers"]["clusters"]["cluster"] == "whole"
    assert drawn["layers"]["bases"]["point"]


def test_the_browser_has_no_looks_of_its_own():
    """What is said in the scene stands in no script; a selection is the browser's own."""
    names = [*KINDS, "unit-", "belt", "region", "growth", "wing", "pole"]
    for path in sorted((STATIC / "map").glob("*.js")):
        script = path.read_text(encoding="utf-8")
        if path.name != "selection.js":
            assert not re.findall(r"#[0-9a-f]{6}\b", script), path.name
        assert not re.findall(rf'"(?:{"|".join(names)})[\w-]*"', script), path.name


def test_panes_rise_from_layout_to_outlines(drawn):
    heights = {pane["id"]: pane["z"] for pane in drawn["panes"]}
    [belts] = {f["pane"] for f in drawn["features"] if f["style"].startswith("belt-")}
    order = [heights[pane] for pane in (belts, "host", "radiation", "core", "outline")]
    assert order == sorted(order)
    around = drawn["surroundings"]
    assert all(around["lines"] < z < around["selection"] for z in heights.values())


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
    boundaries = atlas.places.boundaries
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


def test_only_supplied_boundaries_are_sent_as_geometry(atlas, drawn):
    statuses = {
        row.id: row.geometry_status
        for layer in ("clusters-core", "clusters-radiation")
        for row in atlas.frames[layer].itertuples()
    }
    for feature in drawn["features"]:
        if feature["id"] in statuses:
            own = statuses[feature["id"]] == "supplied"
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
    assert {"status:host-county", "status:inferred"} <= set(items)


def test_host_counties_are_hatched_and_lie_below_radiation(drawn):
    heights = {pane["id"]: pane["z"] for pane in drawn["panes"]}
    hosts = [f for f in drawn["features"] if "status:host-county" in f["keys"]]
    assert hosts
    for feature in hosts:
        assert drawn["styles"][feature["style"]]["hatch"], feature["id"]
        assert heights[feature["pane"]] < heights["radiation"]
    filled = [f for f in drawn["features"] if "status:administrative" in f["keys"]]
    assert not any(drawn["styles"][f["style"]]["hatch"] for f in filled)


def test_inferred_outlines_are_dashed(drawn):
    for feature in drawn["features"]:
        if "status:inferred" in feature["keys"]:
            assert drawn["styles"][feature["style"]]["dash"], feature["id"]


def test_symbols_of_core_poles_and_wings(drawn):
    symbols = [
        (f["symbol"]["kind"], drawn["symbols"][f["symbol"]["kind"]]["text"], f["name"])
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
        atlas.places.boundaries.counties.total_bounds.tolist()
    )


def test_the_notes_say_what_kind_of_map_it_is(drawn):
    assert "示意图" in drawn["notes"]["schematic"]
    assert "天地图" in drawn["notes"]["attribution"]


def test_industries_of_the_vocabulary_have_colours(atlas):
    families = {i.id for i in atlas.records.industries if i.group != "future"} | {"future"}
    assert families <= set(INDUSTRY_COLOURS)
    assert len(set(INDUSTRY_COLOURS.values())) == len(INDUSTRY_COLOURS)


# -- circles of targets ------------------------------------------------------------------------


def growths(drawn: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f["id"].removeprefix("growth:"): f for f in drawn["features"] if f["layer"] == "growth"}


def test_a_circle_s_area_is_proportional_to_its_target(atlas, drawn):
    rows = atlas.frames["growth"].set_index("cluster_id")
    assert len(growths(drawn)) == 9
    for cluster, feature in growths(drawn).items():
        rings = feature["symbol"]["rings"]
        assert [ring["year"] for ring in rings] == list(atlas.records.atlas.years)
        for ring in rings:
            target = rows.loc[cluster, f"revenue_yi_{ring['year']}"]
            # The radius is rounded to a tenth of a pixel.
            assert ring["radius"] == pytest.approx(26 * math.sqrt(target / 2500), abs=0.051)
    assert drawn["target_sizes"] == [[500, 11.6], [1000, 16.4], [2000, 23.3]]


def test_earlier_years_are_darker(drawn):
    for feature in growths(drawn).values():
        contrasts = [contrast(ring["fill"]) for ring in feature["symbol"]["rings"]]
        assert contrasts == sorted(contrasts, reverse=True)
        assert feature["symbol"]["rings"][0]["fill"] == feature["symbol"]["color"]


@pytest.mark.parametrize(("year", "expected"), [(2023, 3), (2025, 6), (2027, 7)])
def test_what_passes_a_thousand_in_a_year_is_marked(drawn, year, expected):
    rings = [r for f in growths(drawn).values() for r in f["symbol"]["rings"] if r["year"] == year]
    assert sum(ring["passes"] for ring in rings) == expected


def test_a_label_of_circles_says_what_the_cluster_s_does_and_the_change(drawn):
    clusters = {f["id"].removeprefix("clusters:"): f for f in drawn["features"]}
    for cluster, feature in growths(drawn).items():
        label, other = feature["label"], clusters[cluster]["label"]
        assert label["text"] == other["text"]
        assert label["priority"] < other["priority"]
        assert feature["symbol"]["at"] == other["at"]
        for year, target in other["by_year"].items():
            assert label["by_year"][year].split("\n")[0] == target
    said = growths(drawn)["001-key-03"]["label"]["by_year"]["2025"]
    assert said == "预计超1,000亿元\n+650亿元 +118.2%"


# -- the layout sheet --------------------------------------------------------------------------


def planned(drawn: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f["id"]: f for f in drawn["features"] if f.get("layout_diagram")}


def points_of(atlas, members: tuple[str, ...]) -> list[shapely.Point]:
    places = atlas.places.gazetteer.resolve_list(members)
    return [atlas.places.footprints.centre(place) for place in places]


def test_bands_go_through_their_members_and_arrows_from_the_core(atlas, drawn):
    units = {f"layout:{u.id}": u for _, u in atlas.records.layout()}
    found = planned(drawn)
    assert set(found) == set(units)
    [core] = points_of(atlas, next(u.members for u in units.values() if u.kind == "core"))
    for unit_id, unit in units.items():
        made = found[unit_id]["layout_diagram"]
        points = points_of(atlas, unit.members)
        if unit.kind == "belt":
            band = shapely.geometry.shape(made["geometry"])
            assert band.is_valid
            assert all(band.contains(point) for point in points), unit.name
            assert band.contains(shapely.Point(made["at"])), unit.name
        elif unit.kind == "wing" and made["symbol"]:
            arrow = shapely.geometry.shape(made["geometry"])
            way = shapely.LineString([core, points[0]])
            assert arrow.is_valid
            assert arrow.intersection(way).length > 0.5 * way.length
            assert not arrow.contains(points[0])
        elif unit.kind in ("core", "pole"):
            assert made["symbol"]["kind"] == f"{unit.kind}-sheet"
            assert made["geometry"] is None


def test_the_layout_sheet_follows_the_members(atlas):
    """A belt with other members is another band; nothing else decides on its shape."""
    _, belt = next((d, u) for d, u in atlas.records.layout() if u.kind == "belt")
    fewer = belt.model_copy(update={"members": belt.members[:1]})
    swapped = belt.model_copy(update={"members": belt.members[::-1]})
    look = NamedStyle("planned-belt-0", style.Style())
    first, same = (_diagram(atlas, unit, look) for unit in (belt, swapped))
    assert _diagram(atlas, fewer, look) is None  # no way through one place
    assert first == same


def test_a_way_goes_through_every_point_once_and_is_the_shortest():
    points = np.array([[114.5, 36.5], [114.4, 38.1], [115.8, 37.8], [114.6, 37.1]])
    way = layout_diagram.shortest_way(points)
    assert sorted(map(tuple, way)) == sorted(map(tuple, points))
    lengths = [
        np.linalg.norm(np.diff(points[list(order)], axis=0), axis=1).sum()
        for order in itertools.permutations(range(len(points)))
    ]
    assert np.linalg.norm(np.diff(way, axis=0), axis=1).sum() == pytest.approx(min(lengths))
    many = np.array([[n, (n * 7) % 5] for n in range(12)], dtype=float)
    assert sorted(map(tuple, layout_diagram.shortest_way(many))) == sorted(map(tuple, many))


def test_the_layout_sheet_is_dashed_and_says_what_it_is(drawn):
    for feature in planned(drawn).values():
        look = feature["layout_diagram"]["style"]
        assert look is None or drawn["styles"][look]["dash"], feature["id"]
    assert "不表示范围" in drawn["text"]["sheet"]
    assert "示意" in drawn["text"]["sheet"]


# -- bounds to move to -------------------------------------------------------------------------


def test_the_extent_of_a_feature_holds_it(atlas):
    for layer in KINDS:
        for row in atlas.frames[layer].head(3).itertuples():
            found = feature_extent(atlas, row.id)
            if row.geometry is None:
                assert found is None
            else:
                assert shapely.box(*found).covers(shapely.box(*row.geometry.bounds))
                assert found[0] < found[2]
                assert found[1] < found[3]
    assert feature_extent(atlas, "clusters:nobody") is None


# -- colours -----------------------------------------------------------------------------------

# Machado, Oliveira and Fernandes (2009), severity 1, on linear sRGB.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def lab(colour: str, sight: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of a colour as somebody sees it."""
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    t = XYZ @ np.clip(sight @ linear, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def nearest(colours: list[str], sight: np.ndarray) -> float:
    """The smallest CIE76 difference of any two colours."""
    pairs = itertools.combinations([lab(colour, sight) for colour in colours], 2)
    return min(float(np.linalg.norm(a - b)) for a, b in pairs)


def test_the_difference_of_colours_is_cie76():
    assert lab("#ffffff", SIGHTS["normal"]) == pytest.approx([100, 0, 0], abs=0.02)
    red, green = lab("#ff0000", SIGHTS["normal"]), lab("#00ff00", SIGHTS["normal"])
    assert np.linalg.norm(red - green) == pytest.approx(170.6, abs=0.1)
    seen = [lab(c, SIGHTS["deuteranopia"]) for c in ("#c03000", "#607000")]
    assert np.linalg.norm(seen[0] - seen[1]) < 25  # red and green are much alike to some


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_everybody_can_tell_the_families_of_clusters_apart(atlas, sight):
    by_id = atlas.records.industry_by_id
    families = {family(by_id[row[0]]) for row in atlas.frames["clusters"]["industries"]}
    assert len(families) == 6
    assert nearest([INDUSTRY_COLOURS[f] for f in families], sight) >= 20
    assert nearest(list(PLANNED_COLOURS), sight) >= 20


def test_text_on_the_map_can_be_read(drawn):
    """WCAG 2 asks for a contrast of 4.5; every label has a white rim."""
    colours = {f["label"]["color"] for f in drawn["features"] if f["label"]}
    assert len(colours) > 10
    assert {c: contrast(c) for c in colours if contrast(c) < 4.5} == {}
    sheet = (STATIC / "map" / "map.css").read_text(encoding="utf-8")
    ours = set(re.findall(r"^\s+color: (#[0-9a-f]{6});", sheet, flags=re.MULTILINE))
    assert len(ours) >= 4
    assert {c: contrast(c) for c in ours if contrast(c) < 4.5} == {}


def test_names_of_neighbours_can_be_read_on_their_ground(drawn):
    colours = drawn["base_map"]
    for ground in ("neighbour", "enclosed", "sea"):
        assert contrast(colours["name"]) / contrast(colours[ground]) >= 4.5, ground


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
    assert sorted(g["id"] for g in counties) == sorted(c.adcode for c in atlas.records.counties)
    names = {c.adcode: (c.name, c.city) for c in atlas.records.counties}
    for geometry in counties:
        properties = geometry["properties"]
        assert (properties["name"], properties["city"]) == names[geometry["id"]]
    neighbours = {g["id"]: g["properties"] for g in topo["objects"]["neighbours"]["geometries"]}
    assert (neighbours["110000"]["name"], neighbours["110000"]["enclosed"]) == ("北京市", True)
    assert {i for i, p in neighbours.items() if p["enclosed"]} == {"110000", "120000"}
    shapes = atlas.places.boundaries.neighbours.geometry
    for adcode, properties in neighbours.items():  # names lie within what they name
        assert shapes[adcode].contains(shapely.Point(properties["at"])), properties["name"]


def test_topology_holds_the_counties_geometry(atlas, topo):
    counties = atlas.places.boundaries.counties.geometry
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
def test_a_message_tells_the_whole_view(views, data):
    """What the map makes of it, by the same rule, is tested in ``test_answers.py``."""
    view = data.draw(views)
    choice = message(view)["choice"]
    again = View(
        year=choice.pop("year"),
        layers=tuple(choice.pop("layer")),
        industries=tuple(choice.pop("industry")),
        tiers=tuple(choice.pop("tier")),
        cities=tuple(choice.pop("city")),
        counties=tuple(choice.pop("county")),
    )
    assert (again, choice) == (view, {})


def test_a_message_is_small_and_plain():
    view = View(2025, industries=("it",))
    told = message(view, selected=["clusters:001-key-02"], at=(115.5, 40.4), fit=(114, 36, 116, 39))
    assert len(json.dumps(told, allow_nan=False)) < 500
    assert told["selected"] == ["clusters:001-key-02"]
    assert told["at"] == [115.5, 40.4]
    assert told["fit"] == [[36.0, 114.0], [39.0, 116.0]]
    assert message(view)["fit"] is None


# -- the static files --------------------------------------------------------------------------


def test_files_are_named_by_their_content(atlas, tmp_path, drawn, topo):
    published = assets.publish(atlas, tmp_path)
    module = (tmp_path / published.chinese.module).read_text(encoding="utf-8")
    (atlas_file,) = re.findall(r'"atlas": "(.*?)"', module)
    (scene_file,) = re.findall(r'"scene": "(.*?)"', module)
    assert published.chinese.data == (atlas_file, scene_file)
    assert json.loads((tmp_path / atlas_file).read_text(encoding="utf-8")) == topo
    assert json.loads((tmp_path / scene_file).read_text(encoding="utf-8")) == drawn
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    assert len(before) == 5  # counties, and for each language a scene and a module
    assert assets.publish(atlas, tmp_path) == published
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")} == before


def test_a_file_of_ours_is_asked_for_under_a_new_address_when_it_changes(atlas, tmp_path):
    module = (tmp_path / assets.publish(atlas, tmp_path).chinese.module).read_text(encoding="utf-8")
    asked = re.findall(r"[\w./-]+\.(?:js|css)\?[0-9a-f]{8}", module)
    assert len(asked) == len(SCRIPTS) + len(STYLE_SHEETS) + len(assets.MODULES)
    for address in asked:
        name, digest = address.removeprefix("../").split("?")
        content = (assets.STATIC / name).read_bytes()
        assert hashlib.sha256(content).hexdigest().startswith(digest)


def test_bands_keep_to_the_province_and_are_cut_where_it_is_not(atlas, drawn):
    units = {f"layout:{unit.id}": unit for _, unit in atlas.records.layout()}
    land = shapely.union_all(atlas.places.boundaries.counties.geometry)
    bands = {
        feature_id: shapely.geometry.shape(feature["layout_diagram"]["geometry"])
        for feature_id, feature in planned(drawn).items()
        if units[feature_id].kind == "belt"
    }
    assert len(bands) == 4
    for band_id, band in bands.items():
        assert band.intersection(land).area > 0.9 * band.area, band_id
    # Between 唐山 and 沧州 lies Tianjin.
    in_parts = [band for band in bands.values() if len(shapely.get_parts(band)) > 1]
    assert len(in_parts) == 1


@pytest.mark.parametrize("land", [shapely.box(114, 38, 116, 40), shapely.Polygon()])
def test_a_band_stays_whole_rather_than_leave_a_member_out(land):
    points = [(115.0, 39.0), (117.0, 39.0)]
    everywhere, middle = layout_diagram.band(points, 0.2, shapely.box(110, 30, 120, 40))
    band, name_at = layout_diagram.band(points, 0.2, land)
    assert band.equals(everywhere)
    assert name_at == middle


def test_the_notes_of_the_legend_are_english(atlas, drawn):
    legend = assets.scene_in_english(atlas, drawn)["legend"]
    notes = [note for group in legend for note in group["notes"]]
    assert notes
    assert not [note for note in notes if re.search("[\u4e00-\u9fff]", note.replace("亿元", ""))]
