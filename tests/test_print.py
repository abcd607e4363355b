"""Printed sheets: files that others can open, that say what they must, the same each time."""

from __future__ import annotations

import ast
import io
import itertools
import re
import struct
import subprocess
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
import shapely
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from layers.catalogue import KINDS
from layers.portrayal.layout_diagram import NOTE
from layers.portrayal.palette import CORE_RED, POLE_RED
from layers.printing import marginalia, sheet, sheet_files, sheet_text, typeface
from layers.printing.canvas import MM_PER_PT, PAPERS
from layers.printing.projection import Albers, albers, fit
from layers.printing.settings import Print
from layers.printing.sheet_features import sheet_features
from layers.reading.drawings import drawings, legend
from layers.reading.view import View
from layers.web import scene

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = View(2025)
FILTERED = View(2025, industries=("it",))
EVERYTHING = View(2027, layers=tuple(KINDS))
VIEWS = {
    "default": DEFAULT,
    "filtered": FILTERED,
    "everything": EVERYTHING,
    "sites": View(2025, layers=("bases", "projects", "admin-cities")),
    "layout": View(2025, layers=("layout",)),
}
SVG = Print(format="svg")
SIZES_MM = {"a4": (297, 210), "a3": (420, 297)}
each_paper = pytest.mark.parametrize("paper", PAPERS)
each_view = pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)


def composed(atlas, view, paper="a4", review_number=None, *, layout_diagram=False):
    settings = Print(paper, review_number=review_number, layout_diagram=layout_diagram)
    return composed_once(atlas, view, settings)


@cache
def composed_once(atlas, view, settings):
    return sheet.compose(atlas, sheet.Member("", "试图", view), settings)


def texts(made) -> list[str]:
    return [t.get_text() for t in made.pen.figure.findobj(Text) if t.get_text()]


def pdf_text(program, tmp_path, data: bytes) -> str:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(data)
    command = [program("pdftotext"), "-enc", "UTF-8", "-raw", str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout


# -- files -------------------------------------------------------------------------------------


@each_paper
def test_a_pdf_has_the_paper_size_and_embeds_its_fonts(atlas, program, tmp_path, paper):
    path = tmp_path / "sheet.pdf"
    path.write_bytes(sheet.sheet(atlas, FILTERED, Print(paper)))
    run = {"capture_output": True, "check": True, "encoding": "utf-8"}
    info = subprocess.run([program("pdfinfo"), str(path)], **run).stdout
    width, height = map(float, re.search(r"Page size:\s+([\d.]+) x ([\d.]+) pts", info).groups())
    assert (width * MM_PER_PT, height * MM_PER_PT) == pytest.approx(SIZES_MM[paper], abs=0.1)
    assert re.search(r"Pages:\s+1$", info, re.MULTILINE)
    assert "CreationDate" not in info
    fonts = subprocess.run([program("pdffonts"), str(path)], **run).stdout.splitlines()[2:]
    assert fonts
    for line in fonts:
        assert "TrueType" in line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, with Unicode


def test_what_a_pdf_says_can_be_found_as_text(atlas, program, tmp_path):
    said = pdf_text(program, tmp_path, sheet.sheet(atlas, DEFAULT))
    plain = re.sub(r"\s+", "", said)
    assert "河北省产业集群空间布局图" in plain
    assert "目标年2025" in plain
    for row in atlas.frames["clusters"].itertuples():
        assert row.name in plain
    for document in atlas.records.documents:
        drawn = document.id in {"001", "002"}  # clusters from one, layout from the other
        assert (document.short_title in plain) == drawn, document.id
    for words in (
        "预计突破2,500",
        "预计超1,050",
        "1:5000000",
        "审图号：＿",
        sheet_text.STAMP,
        "CGCS2000",
    ):
        assert words.replace(" ", "") in plain
    assert re.sub(r"\s+", "", atlas.records.data_version) in plain
    assert re.sub(r"\s+", "", atlas.records.atlas.attribution) in plain
    assert atlas.records.atlas.disclaimer in plain
    assert "阿尔伯斯等积圆锥投影" in plain


@each_paper
def test_a_png_has_300_dots_per_inch(atlas, paper):
    data = sheet.sheet(atlas, View(2025, layers=("layout",)), Print(paper, "png"))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    expected = tuple(round(mm / 25.4 * 300) for mm in SIZES_MM[paper])
    assert struct.unpack(">II", data[16:24]) == expected
    at = data.index(b"pHYs") + 4
    assert struct.unpack(">IIB", data[at : at + 9]) == (11811, 11811, 1)
    assert b"matplotlib" not in data.lower()


@each_paper
def test_an_svg_stands_alone(atlas, paper):
    data = sheet.sheet(atlas, FILTERED, Print(paper, "svg"))
    root = ET.fromstring(data)  # noqa: S314 (our own file)
    assert root.get("width").endswith("pt")
    assert float(root.get("width")[:-2]) * MM_PER_PT == pytest.approx(SIZES_MM[paper][0], abs=0.1)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not names & {"script", "image", "foreignObject", "text"}
    references = [
        value
        for element in root.iter()
        for name, value in element.attrib.items()
        if name.endswith("href") or "url(" in value
    ]
    assert references
    assert all(r.startswith("#") or re.fullmatch(r"url\(#[\w-]+\)", r) for r in references)
    assert b"<!DOCTYPE" not in data
    assert b"<date" not in data


def test_drawing_leaves_matplotlib_as_it_was_and_does_not_ask_it(atlas):
    view = View(2025, layers=("layout",))
    before = sheet.sheet(atlas, view, SVG)
    with mpl.rc_context({"lines.linewidth": 9, "font.size": 30, "savefig.facecolor": "red"}):
        settings = dict(mpl.rcParams)
        assert sheet.sheet(atlas, view, SVG) == before
        assert dict(mpl.rcParams) == settings


# -- what stands on a sheet --------------------------------------------------------------------


@each_paper
@each_view
def test_labels_do_not_overlap_and_stay_in_the_frame(atlas, view, paper):
    check_labels(composed(atlas, view, paper), paper)


@pytest.mark.parametrize("name", ["default", "everything", "layout"])
def test_labels_of_a_layout_diagram_do_not_overlap(atlas, name):
    check_labels(composed(atlas, VIEWS[name], layout_diagram=True), "a4")


def check_labels(made, paper):
    assert len(made.labels) >= 8
    for a, b in itertools.combinations(made.labels, 2):
        apart = (
            a.box[2] <= b.box[0] or b.box[2] <= a.box[0]
            or a.box[3] <= b.box[1] or b.box[3] <= a.box[1]
        )  # fmt: skip
        assert apart, (a.label.lines[0].text, b.label.lines[0].text)
    for placed in made.labels:
        assert 0 < placed.box[0] < placed.box[2] < PAPERS[paper].width
        assert 0 < placed.box[1] < placed.box[3] < PAPERS[paper].height


@each_paper
@each_view
def test_no_text_is_too_small_or_off_the_page(atlas, view, paper):
    made = composed(atlas, view, paper)
    least = {"a4": 6, "a3": 7}[paper]
    for text in made.pen.figure.findobj(Text):
        if not text.get_text() or text.get_text() in "极翼核":
            continue
        assert text.get_fontsize() >= least, text.get_text()
        x, y = text.get_position()
        size = text.get_fontsize() * MM_PER_PT
        width = 0 if text.get_rotation() else typeface.width(text.get_text(), size)
        assert x > 7, text.get_text()
        assert x + width < PAPERS[paper].width - 7, text.get_text()
        assert 7 < y < PAPERS[paper].height - 7, text.get_text()


def test_the_legend_lists_what_occurs_and_nothing_else(atlas):
    said = texts(composed(atlas, FILTERED))
    assert {"新一代信息技术", "核心承载区", "辐射区域", "两极", "成员为推定"} <= set(said)
    assert not {"生物", "新能源汽车", "重大项目", "基地与园区", "用户提供边界"} & set(said)
    said = texts(composed(atlas, VIEWS["sites"]))
    assert {"重大项目", "基地与园区", "设区市界"} <= set(said)
    assert not {"核心承载区", "县级界", "一核"} & set(said)


def test_the_legend_shows_what_stands_for_all_industries_in_a_colour_that_occurs(atlas):
    features = sheet_features(atlas, atlas.frames, layout_diagram=False)
    own = [f for f in features if "industry:energy" in f.feature.drawing.legend_keys]
    swatches = legend_swatches(atlas, own)
    assert swatches["核心承载区"] == "core-energy-administrative"
    assert swatches["所在县(区)示意"] == "core-energy-host-county"
    assert swatches["集群整体范围"] == "cluster-energy"


def legend_swatches(atlas, features, **how):
    """The names of the legend's swatches, by title."""
    groups = marginalia.legend_lines(legend(atlas), features, **how)
    return {line.title: line.swatch.name for group in groups for line in group if line.swatch}


@each_paper
def test_the_table_holds_all_clusters_with_the_documents_wording(atlas, paper):
    said = "".join(texts(composed(atlas, EVERYTHING, paper)))
    assert "另有" not in said
    for row in atlas.frames["clusters"].to_dict("records"):
        assert row["name"] in said
        for year in atlas.records.atlas.years:
            if row["tier"] == "key":
                assert f"{row[f'revenue_comparator_{year}']}{row[f'revenue_yi_{year}']:,}" in said
    assert "重点支持的产业集群（9个）" in said
    assert "重点培育的产业集群（8个）" in said
    assert "“—”表示文件未提出目标。" in said


def test_a_filter_narrows_the_table_and_keeps_the_province_on_the_map(atlas):
    whole, made = composed(atlas, DEFAULT), composed(atlas, FILTERED)
    said = "".join(texts(made))
    shown = {r.name for r in atlas.frames["clusters"].itertuples() if "it" in r.industries}
    assert shown
    for name in atlas.frames["clusters"]["name"]:
        assert (name in said) == (name in shown)
    assert "产业：新一代信息技术" in said
    ratio = [t for t in texts(made) if re.fullmatch(r"1:[\d ]+", t)]
    assert ratio == [t for t in texts(whole) if re.fullmatch(r"1:[\d ]+", t)]


def test_only_a_sheet_without_review_number_is_stamped(atlas):
    unreviewed = texts(composed(atlas, DEFAULT))
    assert sheet_text.STAMP in unreviewed
    assert "审图号：＿＿＿＿＿＿＿＿" in unreviewed
    assert sheet_text.STAMP in texts(composed(atlas, DEFAULT, review_number="  "))
    reviewed = texts(composed(atlas, DEFAULT, review_number="冀S(2026)001号"))
    assert sheet_text.STAMP not in reviewed
    assert "审图号：冀S(2026)001号" in reviewed
    assert not any("未经" in text for text in reviewed)
    assert any("界线不作为划界依据" in text for text in reviewed)


def test_a_title_of_ones_own(atlas):
    data = sheet.sheet(atlas, FILTERED, SVG, title="河北省新一代信息技术产业布局图")
    assert "<title>河北省新一代信息技术产业布局图</title>" in data.decode("utf-8")
    with pytest.raises(marginalia.TitleTooLongError, match="标题过长"):
        sheet.sheet(atlas, FILTERED, title="很长的标题" * 40)


@pytest.mark.parametrize(
    ("layers", "title"),
    [
        (("clusters-core", "growth"), "产业集群空间布局图"),
        (("growth", "layout", "bases"), "产业集群目标增长图"),
        (("future-industries", "projects"), "产业空间布局图"),
        (("projects", "bases", "targets"), "基地与园区、重大项目分布图"),
        (("projects", "admin-cities"), "重大项目分布图"),
        (("targets", "admin-cities"), "政区图"),
    ],
)
def test_the_first_kind_with_a_title_names_the_sheet(layers, title):
    assert sheet_text.map_title(View(2025, layers=layers)) == title


def test_the_table_of_the_layout_reads_from_the_core_to_the_belts(atlas):
    said = texts(composed(atlas, VIEWS["layout"]))
    names = [name for name in said if name in set(atlas.frames["layout"]["name"])]
    in_table = names[-len(atlas.frames["layout"]) :]
    kinds = dict(zip(atlas.frames["layout"]["name"], atlas.frames["layout"]["kind"], strict=True))
    order = ["core", "pole", "wing", "belt"]
    assert len(in_table) == 9
    assert [kinds[name] for name in in_table] == sorted(map(kinds.get, in_table), key=order.index)


def test_a_new_kind_of_layer_is_drawn_named_and_listed(atlas, monkeypatch):
    """A kind that nothing here knows: no table of its own, no cluster, polygons."""
    new = replace(
        KINDS["regions"], id="zones-of-tomorrow", title="明日区域", map_title="", sheet_table=None
    )
    rows = atlas.frames["regions"].assign(
        layer=new.id, id=[f"{new.id}:{n}" for n in range(len(atlas.frames["regions"]))]
    )
    drawn = drawings(atlas)
    features = {
        own: replace(drawn[old], id=own, layer=new.id)
        for own, old in zip(rows["id"], atlas.frames["regions"]["id"], strict=True)
    }
    monkeypatch.setitem(KINDS, new.id, new)
    monkeypatch.setattr("layers.printing.sheet_features.drawings", lambda _: drawn | features)
    monkeypatch.setattr(sheet, "select", lambda *_: rows)
    view = View(2025, layers=(new.id,))
    assert sheet_text.map_title(view) == "明日区域分布图"
    said = texts(sheet.compose(atlas, sheet.Member("", "试图", view), Print()))
    assert f"明日区域（{len(rows)}处）" in said
    for name in rows["name"]:
        assert "".join(said).count(name) == 2, name  # in the legend and in the table


def test_no_kind_of_layer_is_named_in_the_code_of_prints():
    for path in sorted((ROOT / "layers" / "printing").glob("*.py")):
        named = {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and node.value in KINDS
        }
        assert not named, path.name


# -- several sites at one place ----------------------------------------------------------------


def test_sites_at_one_place_print_as_their_number(atlas):
    own = [f for f in drawings(atlas).values() if f.layer in ("bases", "projects")]
    numbers = Counter(Counter(f.drawing.symbol.at for f in own).values())
    del numbers[1]
    figure = composed(atlas, VIEWS["sites"]).pen.figure
    written = Counter(text.get_text() for text in figure.findobj(Text))
    assert all(written[str(n)] >= places for n, places in numbers.items())


# -- the layout as a diagram -------------------------------------------------------------------


def diagrams(atlas):
    """What a layout diagram draws of each unit, by its id."""
    return {f.id: f.drawing.diagram for f in drawings(atlas).values() if f.drawing.diagram}


def patches(made, fill, opacity):
    """What the map, not the legend, has of this fill."""
    wanted = to_rgba(fill, opacity)
    found = made.pen.figure.findobj(PathPatch)
    return [p for p in found if p.get_facecolor() == wanted and p.get_zorder() < 700]


def test_the_layout_is_drawn_from_the_units_diagrams(atlas):
    shown = {"layout": atlas.frames["layout"], "admin-cities": atlas.frames["admin-cities"]}
    drawn = sheet_features(atlas, shown, layout_diagram=True)
    units = {feature.id: feature for feature in drawn if feature.is_diagram}
    assert set(units) == set(diagrams(atlas)) == set(atlas.frames["layout"]["id"])
    for unit_id, diagram in diagrams(atlas).items():
        unit = units[unit_id]
        assert unit.symbol == diagram.symbol
        if diagram.geometry:
            assert unit.geometry.equals(diagram.geometry)
            assert unit.style == diagram.style.style
            assert unit.style.dash
        else:
            assert unit.geometry is None
    made = composed(atlas, VIEWS["layout"], layout_diagram=True)
    looks = {diagram.style for diagram in diagrams(atlas).values() if diagram.style}
    assert len(looks) == 5  # four belts and a wing
    exact = {f.drawing.style.name: f.drawing.style.style for f in drawings(atlas).values()}
    for look in looks:
        assert len(patches(made, look.style.fill, look.style.fill_opacity)) == 1
        own = exact.get(look.name.removeprefix("planned-"))
        if own is not None:
            assert not patches(made, own.fill, own.fill_opacity)


def test_core_and_poles_have_halos_and_names_stand_where_the_diagram_says(atlas):
    made, exact = (composed(atlas, VIEWS["layout"], layout_diagram=s) for s in (True, False))
    rings = patches(made, CORE_RED, 0.07), patches(made, POLE_RED, 0.07)
    assert tuple(map(len, rings)) == (3, 4)
    assert all(p.get_clip_box() for group in rings for p in group)
    assert not patches(exact, CORE_RED, 0.07)
    outline = atlas.places.boundaries.counties.geometry.union_all()
    labels = {p.label.lines[0].text: p.label for p in made.labels}
    projection = albers(outline)
    ends = {}
    for feature in drawings(atlas).values():
        drawing = feature.drawing
        if drawing.diagram and drawing.label:
            ends[feature.id] = (
                labels[drawing.label.text].point,
                projection.metres(np.array([drawing.diagram.at]))[0],
            )
    assert len(ends) == 8
    # Millimetres and metres differ by one shift and one scale: every name stands at its own point.
    for (a, ground_a), (b, ground_b) in itertools.combinations(ends.values(), 2):
        moved = (np.array(ground_b) - ground_a) * 1000 / 5_000_000
        assert np.array(b) - a == pytest.approx(moved, abs=0.01)


def test_a_layout_diagram_says_so_and_its_legend_has_its_colours(atlas):
    note = NOTE
    assert "不表示范围" in note
    assert note == scene.scene(atlas)["text"]["sheet"]
    said = texts(composed(atlas, VIEWS["layout"], layout_diagram=True))
    assert note in said
    assert sheet_text.STAMP in said
    assert note in texts(
        composed(atlas, VIEWS["layout"], "a4", "冀S(2026)001号", layout_diagram=True)
    )
    assert note not in texts(composed(atlas, VIEWS["layout"]))
    own = sheet_features(atlas, {"layout": atlas.frames["layout"]}, layout_diagram=True)
    swatches = legend_swatches(atlas, own, layout_diagram=True)
    belts = [feature for feature in own if "-belt-" in feature.id]
    assert len(belts) == 4
    for feature in belts:
        diagram = feature.feature.drawing.diagram
        assert swatches[feature.feature.name] == diagram.style.name
    assert swatches["成员为推定"] == "belt-0"


@pytest.mark.parametrize("view", [VIEWS["sites"], View(2025, layers=("clusters",))])
def test_without_the_layout_a_sheet_is_the_same(atlas, view):
    settings = [replace(SVG, layout_diagram=s) for s in (False, True)]
    exact, asked = (sheet.sheet(atlas, view, how) for how in settings)
    assert asked == exact
    assert len({sheet_files.name(atlas, view, how) for how in settings}) == 1


def test_a_citys_layout_diagram_names_the_belt_within_the_frame(atlas):
    member = next(m for m in sheet.series(atlas, DEFAULT, "city") if m.name == "张家口市")
    made = sheet.compose(atlas, member, Print(layout_diagram=True))
    assert NOTE in texts(made)
    assert {"冀西北绿色制造产业带", "张北地区"} <= {p.label.lines[0].text for p in made.labels}
    assert not patches(made, CORE_RED, 0.07)  # 雄安新区 lies elsewhere


# -- faults ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sheet.FORMATS)
def test_a_view_of_nothing_is_refused(atlas, kind):
    with pytest.raises(sheet.EmptyViewError, match="没有可绘制的要素"):
        sheet.sheet(atlas, View(2025, layers=()), Print(format=kind))
    nothing = View(2025, industries=("food",), layers=("clusters",))
    with pytest.raises(sheet.EmptyViewError):
        sheet.sheet(atlas, nothing, Print(format=kind))


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (Print("a5"), sheet.UnknownPaperError, "a5.*a4、a3"),
        (Print(format="jpg"), sheet.UnknownFormatError, "jpg.*pdf、svg、png"),
    ],
)
def test_unknown_words_are_refused_with_what_is_offered(atlas, wrong, error, message):
    with pytest.raises(error, match=message) as caught:
        sheet.sheet(atlas, DEFAULT, wrong)
    assert isinstance(caught.value, ValueError)


def test_a_character_the_font_lacks_is_named_before_anything_is_drawn(atlas):
    with pytest.raises(
        typeface.MissingGlyphError, match=r"𠮷（U\+20BB7）、𫖯（U\+2B5AF）"
    ) as caught:
        sheet.sheet(atlas, FILTERED, title="𠮷𫖯图")
    assert caught.value.missing == {"𠮷", "𫖯"}


def test_a_name_is_no_formula(atlas):
    data = sheet.sheet(atlas, View(2025, layers=("layout",)), SVG, title="$x^2$ <b>与</b> $y$")
    root = ET.fromstring(data)  # noqa: S314 (our own file)
    assert root.find("{http://www.w3.org/2000/svg}title").text == "$x^2$ <b>与</b> $y$"


# -- series ------------------------------------------------------------------------------------


def test_a_series_of_cities_has_every_city(atlas):
    members = sheet.series(atlas, DEFAULT, "city")
    assert [m.name for m in members] == list(atlas.records.cities.values())
    assert all(m.view.cities == (m.city,) for m in members)
    some = sheet.series(atlas, replace(DEFAULT, cities=("130400", "133100")), "city")
    assert [m.name for m in some] == ["邯郸市", "雄安新区"]


def test_a_series_of_clusters_has_every_cluster_of_the_view(atlas):
    members = sheet.series(atlas, DEFAULT, "cluster")
    assert [m.name for m in members] == list(atlas.frames["clusters"]["name"])
    assert len({m.name for m in members}) == len(members) == 17
    key = sheet.series(atlas, replace(DEFAULT, tiers=("key",)), "cluster")
    assert len(key) == 9
    with pytest.raises(sheet.EmptyViewError, match="没有产业集群"):
        sheet.series(atlas, View(2025, industries=("food",)), "cluster")
    with pytest.raises(sheet.UnknownSeriesError, match=r"county.*city、cluster"):
        sheet.series(atlas, DEFAULT, "county")


@pytest.mark.parametrize("kind", sheet.SERIES)
def test_a_member_is_drawn_on_a_map_of_its_own(atlas, kind):
    for member in sheet.series(atlas, DEFAULT, kind)[::3]:
        made = sheet.compose(atlas, member, Print())
        said = "".join(texts(made))
        assert made.title in said
        assert member.name in made.title
        assert "1:5 000 000" not in said
        assert f"{atlas.records.atlas.province}内位置" in said
        for a, b in itertools.combinations(made.labels, 2):
            assert (
                a.box[2] <= b.box[0] or b.box[2] <= a.box[0]
                or a.box[3] <= b.box[1] or b.box[3] <= a.box[1]
            ), member.name  # fmt: skip


def test_a_cluster_sheet_names_its_parts_and_figures(atlas, program, tmp_path):
    member = next(m for m in sheet.series(atlas, DEFAULT, "cluster") if "大数据" in m.name)
    data = sheet.member_sheet(atlas, member)
    plain = re.sub(r"\s+", "", pdf_text(program, tmp_path, data))
    for words in (
        "怀来县",
        "张北县",
        "涿鹿县",
        "运营服务器（万台）",
        "达到400",
        "超500",
        "预计超550",
    ):
        assert words in plain
    assert "保定新能源" not in plain


def test_a_city_sheet_is_about_that_city(atlas):
    member = next(m for m in sheet.series(atlas, DEFAULT, "city") if m.name == "衡水市")
    said = "".join(texts(sheet.compose(atlas, member, Print())))
    assert "衡水新型材料产业集群" in said
    assert "邢台新能源产业集群" not in said
    for name in ("枣强县", "冀州区", "武强县"):
        assert name in said
    data = sheet.member_sheet(atlas, member, Print(format="png"))
    assert data == sheet.member_sheet(atlas, member, Print(format="png"))


# -- the map's ground --------------------------------------------------------------------------


def test_the_projection_keeps_areas(atlas):
    from geo.measures import area_km2

    counties = atlas.places.boundaries.counties.geometry
    projection = albers(counties.union_all())
    projected = shapely.area(shapely.transform(counties.to_numpy(), projection.metres)) / 1e6
    assert projected == pytest.approx(area_km2(counties).to_numpy(), rel=1e-3)


@pytest.mark.parametrize("city", ["130400", "130800", None])
def test_the_scale_bar_and_the_ratio_are_true(atlas, city):
    from pyproj import Geod

    counties = atlas.places.boundaries.counties
    area = counties[counties["city_adcode"] == city] if city else counties
    area = area.geometry.union_all()
    frame = fit((10, 20, 160, 180), area, albers(area), margin=0.05)
    x, y = frame.middle
    lonlat = frame.to_lonlat(np.array([[x - 15, y], [x + 15, y]]))
    _, _, metres = Geod(ellps="GRS80").inv(*lonlat[0], *lonlat[1])
    assert metres / 1000 * frame.mm_per_km == pytest.approx(30, rel=1e-4)
    assert 1e6 / frame.mm_per_km == pytest.approx(frame.scale, rel=2e-3)
    west, south, east, north = frame.shape(area).bounds
    assert 10 < west < east < 160
    assert 20 < south < north < 180


def test_the_projection_returns_where_it_came_from():
    projection = Albers(116.7, (37.1, 41.5))
    lonlat = np.array([[113.5, 36.1], [116.7, 39.0], [119.8, 42.6]])
    assert projection.degrees(projection.metres(lonlat)) == pytest.approx(lonlat, abs=1e-9)


# -- the font ----------------------------------------------------------------------------------


@pytest.mark.parametrize("bold", [False, True])
def test_the_font_has_every_character_of_the_records(records, bold):
    folder = records.folder
    said = "".join(p.read_text(encoding="utf-8") for p in sorted(folder.rglob("*.yaml")))
    said += "".join(c.name for c in records.counties)
    assert typeface.missing("".join(c for c in said if c.isprintable()), bold=bold) == set()
    assert typeface.path(bold=bold).stat().st_size < 3_000_000


def test_the_font_is_truetype_and_keeps_its_licence():
    from fontTools.ttLib import TTFont

    for bold in (False, True):
        font = TTFont(io.BytesIO(typeface.path(bold=bold).read_bytes()))
        assert "glyf" in font
        assert "CFF " not in font
        assert "Adobe" in font["name"].getDebugName(0)
        assert "SIL Open Font License, Version 1.1" in font["name"].getDebugName(13)
        assert "Noto" not in font["name"].getDebugName(4)
    licence = (typeface.FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Adobe" in licence
