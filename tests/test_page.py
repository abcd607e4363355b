"""The page, run by Streamlit's own tester: widgets, address, notices, and what it sends as HTML."""

from __future__ import annotations

import html
import json
import os
import re
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import streamlit as st
import yaml
from streamlit.testing.v1 import AppTest

from app.page import assets, frame
from data import evidence
from data import reader as data_library
from data.faults import DataFaultsError
from layers.catalogue import KINDS, build_atlas
from layers.reading.summary import summarise
from layers.reading.view import SHOWN_FIRST, View

SCRIPT = Path(__file__).resolve().parent.parent / "streamlit_app.py"
YEARS = (2023, 2025, 2027)
HUAILAI = "county:130730"
CORE = "clusters-core:001-key-03:130730"
DOCUMENTS = os.environ.get("JITU_DOCUMENTS", "")
SHEETS = ["表格", "图表", "年份对比", "集群对比", "关于图层", "资料来源", "产业对照", "一致性"]
TIER_CHOICES = [(), ("key",), ("cultivated",), ("key", "cultivated")]
EVIL = "<img src=x onerror=alert(1)>:red[x]$x$"
ACTIVE_MARKDOWN = re.compile(r"(?<!\\)(?:<img|:red\[|\$)")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    """The project's own data and no documents, whatever the machine is set to."""
    monkeypatch.delenv("JITU_DATA", raising=False)
    monkeypatch.delenv("JITU_DOCUMENTS", raising=False)


@pytest.fixture
def other_data(data_copy, tmp_path, monkeypatch) -> Path:
    """A data folder of its own, whose map files are written beside it and not into the project."""
    static = tmp_path / "static"
    static.mkdir()
    monkeypatch.setattr(frame, "publish", lambda made: assets.publish(made, static))
    monkeypatch.setenv("JITU_DATA", str(data_copy))
    return data_copy


def visit(**address: str | list[str]) -> AppTest:
    """The page as a link opens it, before its first run."""
    at = AppTest.from_file(str(SCRIPT), default_timeout=60)
    for name, value in address.items():
        at.query_params[name] = value
    return at


def opened(**address: str | list[str]) -> AppTest:
    return ran(visit(**address).run())


def ran(at: AppTest) -> AppTest:
    """The same page, if it ran to its end."""
    assert [e.value for e in at.exception] == []
    return at


def sent(at: AppTest, name: str) -> str:
    """The HTML element of a class, e.g. ``headline``; empty where there is none."""
    return "".join(h.value for h in at.get("html") if f'class="jitu-{name}"' in h.value)


def headline(at: AppTest) -> list[str]:
    return re.findall("<b>(.*?)</b>", sent(at, "headline"))


def message(at: AppTest) -> dict[str, Any]:
    """What the map is told to show."""
    (component,) = [c for c in at.get("bidi_component") if c.proto.component_name == "jitu_map"]
    told: dict[str, Any] = json.loads(component.proto.json)
    return told


def address(at: AppTest) -> dict[str, str]:
    """The page's address; what it was opened with stands there as lists, what it wrote as text."""
    return {k: v if isinstance(v, str) else ",".join(v) for k, v in at.query_params.items()}


def clear(at: AppTest) -> Any:
    (button,) = [b for b in at.button if b.label == "清除筛选"]
    return button


def unfolded(at: AppTest, sheet: str, key: str = "sheets") -> AppTest:
    """The same page with another sheet open; the others are not drawn."""
    at.session_state[key] = sheet
    return ran(at.run())


def menu(at: AppTest) -> str:
    """What the button says that opens the downloads."""
    (label,) = [text for text in labels_of_menus(at) if text.startswith("下载")]
    return label


def labels_of_menus(at: AppTest) -> list[str]:
    return [found.proto.popover.label for found in at.get("popover")]


# -- the first view ----------------------------------------------------------------------------


def test_the_headline_counts_counties_of_several_clusters():
    assert "6 个属多个集群" in sent(opened(), "headline")
    assert "属多个集群" not in sent(opened(industry="it"), "headline")  # there are none to see


def test_first_view(atlas):
    at = opened()
    assert at.button_group(key="year").value == 2027
    assert at.button_group(key="layers").value == list(SHOWN_FIRST)
    assert headline(at) == ["17 个", "44 个", "12,500 亿元", "7 个"]
    assert "2027年" in sent(at, "headline")
    assert [t.label for t in at.tabs if t.label in SHEETS] == SHEETS
    assert [*at.warning, *at.info, *at.error] == []
    assert "清除筛选" not in [b.label for b in at.button]  # there is nothing to clear
    assert address(at) == {}  # the default is not spelt out
    assert message(at)["choice"]["year"] == 2027
    for layer in SHOWN_FIRST:
        unfolded(at, KINDS[layer].title, "tables")
        (table,) = [t for t in at.dataframe if (t.key or "").startswith("table-")]
        assert (table.key, len(table.value)) == (f"table-{layer}", len(atlas.frames[layer]))


@pytest.mark.parametrize(
    ("year", "figures"),
    [
        (2023, ["17 个", "44 个", "7,860 亿元", "3 个"]),
        (2025, ["17 个", "44 个", "10,200 亿元", "6 个"]),
        (2027, ["17 个", "44 个", "12,500 亿元", "7 个"]),
    ],
)
def test_choosing_a_year_changes_the_headline(year, figures):
    at = opened()
    ran(at.button_group(key="year").set_value(year).run())
    assert headline(at) == figures
    assert f"{year}年营业收入合计" in sent(at, "headline")
    assert message(at)["choice"]["year"] == year
    assert address(at) == ({} if year == 2027 else {"year": str(year)})


def test_there_and_back():
    """Each way of leaving a state comes back to the same page."""
    at = opened()
    before = sent(at, "headline"), message(at)
    ran(at.button_group(key="year").set_value(2025).run())
    ran(at.multiselect(key="industries").set_value(["materials"]).run())
    assert (sent(at, "headline"), message(at)) != before
    ran(clear(at).click().run())
    ran(at.button_group(key="year").set_value(2027).run())
    assert (sent(at, "headline"), message(at)) == before
    assert address(at) == {}


# -- filters -----------------------------------------------------------------------------------


def test_filter_without_result():
    at = opened()
    ran(at.multiselect(key="industries").set_value(["nev"]).run())
    ran(at.multiselect(key="cities").set_value(["130300"]).run())
    (told,) = at.info
    assert "没有集群同时符合所选条件" in told.value
    assert "新能源汽车" in told.value
    assert "秦皇岛市" in told.value
    assert sent(at, "headline") == ""
    choice = message(at)["choice"]
    assert (choice["industry"], choice["city"]) == (["nev"], ["130300"])
    assert address(at) == {"industry": "nev", "city": "130300"}

    ran(clear(at).click().run())
    assert at.multiselect(key="industries").value == []
    assert at.multiselect(key="cities").value == []
    assert at.button_group(key="tiers").value == []
    assert headline(at)[0] == "17 个"
    assert not at.info
    assert "清除筛选" not in [b.label for b in at.button]
    assert address(at) == {}


def test_clearing_keeps_year_and_layers():
    at = opened(year="2025", tier="key", layer="clusters", feature="clusters:001-key-03")
    ran(clear(at).click().run())
    assert address(at) == {
        "year": "2025",
        "layer": "clusters",
        "feature": "clusters:001-key-03",
    }


def test_a_layer_that_a_filter_does_not_touch_is_named():
    captions = [c.value for c in opened(industry="materials").caption]
    (told,) = [c for c in captions if "“产业”筛选不涉及" in c]
    assert "设区市" in told
    assert "县级政区" in told
    assert "核心承载区" not in told


@pytest.mark.parametrize(
    ("year", "tiers"),
    [pytest.param(y, t, id=f"{y}-{'+'.join(t)}") for y, t in product(YEARS, TIER_CHOICES)],
)
def test_year_and_tier(atlas, year, tiers):
    at = opened(year=str(year), **({"tier": ",".join(tiers)} if tiers else {}))
    said = summarise(atlas, View(year=year, tiers=tiers))
    total = "—" if said.revenue_yi is None else f"{said.revenue_yi:,} 亿元"
    assert headline(at) == [
        f"{said.clusters} 个",
        f"{said.counties_named} 个",
        total,
        f"{said.at_least_thousand} 个",
    ]
    assert said.clusters == {(): 17, ("key",): 9, ("cultivated",): 8}.get(tiers, 17)
    assert at.button_group(key="year").value == year
    assert set(at.button_group(key="tiers").value) == set(tiers)


# -- layers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", KINDS)
def test_each_layer_alone(layer):
    at = opened(layer=layer)
    assert at.button_group(key="layers").value == [layer]
    assert message(at)["choice"]["layer"] == [layer]
    assert "所示 1 个图层" in menu(at)
    assert len(at.dataframe(key=f"table-{layer}").value) > 0


@pytest.mark.parametrize("year", YEARS)
def test_all_layers_together(year):
    at = opened(layer=",".join(KINDS), year=str(year))
    assert message(at)["choice"]["layer"] == list(KINDS)
    assert f"所示 {len(KINDS)} 个图层" in menu(at)
    ran(at.multiselect(key="cities").set_value(["130700"]).run())
    ran(at.multiselect(key="industries").set_value(["it"]).run())


def test_no_layer():
    """No layer is a view too: nothing is drawn, offered or listed, and a link brings it back."""
    at = opened()
    ran(at.button_group(key="layers").set_value([]).run())
    assert message(at)["choice"]["layer"] == []
    (button,) = [b for b in at.button if b.label == "没有可下载的要素"]
    assert button.disabled
    assert not [label for label in labels_of_menus(at) if label.startswith("下载")]
    assert "没有打开的图层。" in [c.value for c in at.caption]
    again = opened(**address(at))
    assert again.button_group(key="layers").value == []


# -- the address -------------------------------------------------------------------------------


def test_a_link_sets_everything():
    at = opened(
        year="2027",
        industry="it,materials",
        tier="key",
        city="130700,130100",
        layer="clusters,clusters-core",
        at="115.52,40.41",
        feature=CORE,
        profile="city:130700",
    )
    assert not at.warning, [w.value for w in at.warning]
    assert at.button_group(key="year").value == 2027
    assert set(at.multiselect(key="industries").value) == {"it", "materials"}
    assert at.button_group(key="tiers").value == ["key"]
    assert set(at.multiselect(key="cities").value) == {"130700", "130100"}
    assert set(at.button_group(key="layers").value) == {"clusters", "clusters-core"}
    assert "怀来县" in sent(at, "details")
    assert "张家口市" in sent(at, "profile")
    (choice,) = at.radio
    assert choice.value == CORE
    told = message(at)
    assert told["selected"] == [CORE]
    assert told["at"] == [115.52, 40.41]
    assert headline(at)[0] == "2 个"


def test_a_term_of_a_document_names_its_industries():
    """003's own word for an industry is a filter as well."""
    at = opened(industry="003:新材料")
    assert not at.warning
    assert at.multiselect(key="industries").value == ["materials"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ({"year": "2030"}, "year=2030"),
        ({"year": "２０２７"}, "year=２０２７"),
        ({"industry": "gold"}, "industry=gold"),
        ({"tier": "best"}, "tier=best"),
        ({"city": "110000"}, "city=110000"),
        ({"layer": "roads"}, "layer=roads"),
        ({"colour": "red"}, "colour=red"),
        ({"colour": ""}, "colour="),
        ({"feature": "clusters:nothing"}, "feature=clusters:nothing"),
        ({"feature": "nothing"}, "feature=nothing"),
        ({"profile": "county:000000"}, "profile=county:000000"),
        ({"at": "north"}, "at=north"),
        ({"at": "115.5"}, "at=115.5"),
        ({"at": "nan,nan"}, "at=nan,nan"),
        ({"at": "500,40"}, "at=500,40"),
        ({"colour": EVIL}, f"colour={EVIL}"),
    ],
)
def test_unknown_words_are_named_and_ignored(words, named):
    at = opened(**words)
    (told,) = at.warning
    assert told.value.startswith("地址中有不认识的参数，已忽略：")
    assert re.sub(r"\\(.)", r"\1", told.value).endswith(f"：{named}")
    assert not ACTIVE_MARKDOWN.search(told.value)
    assert at.button_group(key="year").value == 2027
    assert sent(at, "details") == sent(at, "profile") == ""
    if "layer" not in words:
        assert headline(at)[0] == "17 个"
        assert at.button_group(key="layers").value == list(SHOWN_FIRST)


def test_what_is_known_holds_beside_what_is_not():
    at = opened(year="2027", industry="gold,it", foo="bar")
    (told,) = at.warning
    assert "industry=gold" in told.value
    assert "foo=bar" in told.value
    assert at.multiselect(key="industries").value == ["it"]
    assert at.button_group(key="year").value == 2027
    # The next change writes an address of known words, and the notice goes with the one after.
    ran(at.button_group(key="year").set_value(2023).run())
    assert address(at) == {"year": "2023", "industry": "it"}
    ran(at.button_group(key="year").set_value(2025).run())
    assert not at.warning


def test_going_back_restores_the_state_before():
    """Back and Forward are a change of the address under a running page."""
    at = opened()
    ran(at.button_group(key="year").set_value(2023).run())
    ran(at.multiselect(key="cities").set_value(["130700"]).run())
    at.query_params.clear()
    at.query_params["year"] = "2023"
    ran(at.run())
    assert at.button_group(key="year").value == 2023
    assert at.multiselect(key="cities").value == []
    assert headline(at)[0] == "17 个"


# -- details and profiles ----------------------------------------------------------------------


def test_profile():
    text = sent(opened(profile=HUAILAI), "profile")
    assert "怀来县" in text
    assert "县级政区的规划角色" in text
    assert "张家口大数据产业集群" in text
    assert "冀西北绿色制造产业带" in text
    source = (
        '<button data-look="document:001">《融合集群行动方案》</button>重点支持的产业集群 第3个'
    )
    assert f"<small>{source}</small>" in text


def test_a_county_chosen_as_a_feature_shows_its_profile():
    assert sent(opened(feature="admin-counties:130730"), "profile") == sent(
        opened(profile=HUAILAI), "profile"
    )


def test_search_looks_at_what_is_chosen():
    at = opened()
    ran(at.selectbox(key="search").set_value(HUAILAI).run())
    assert "怀来县" in sent(at, "profile")
    assert address(at) == {"profile": HUAILAI}
    assert at.selectbox(key="search").value is None  # ready for the next search
    ran(at.selectbox(key="search").set_value("clusters:001-key-03").run())
    assert "张家口大数据产业集群" in sent(at, "details")
    assert address(at) == {"feature": "clusters:001-key-03"}
    ran(at.selectbox(key="search").set_value("term:003:新材料").run())
    assert at.multiselect(key="industries").value == ["materials"]


def test_every_profile_of_a_kind_is_shown(records):
    """One of each kind of subject; all of them would take minutes."""
    city = next(iter(records.cities))
    industry = records.industries[0].id
    document = records.documents[0].id
    for key in (f"city:{city}", f"industry:{industry}"):
        assert "的规划角色" in sent(opened(profile=key), "profile"), key
    assert "规划文件" in sent(opened(profile=f"document:{document}"), "profile")


def test_a_document_says_what_it_is():
    text = sent(opened(profile="document:000"), "profile")
    for said in (
        "制造业规划（新兴产业报道）",
        "媒体摘编",
        "河北省",
        "至2025年",
        "IT之家，2022-01-23",
    ):
        assert said in text
    assert "原文不随图集提供" in text
    assert text.index("刊载") < text.index("基地与园区")


@pytest.mark.usefixtures("documents")
def test_where_the_documents_are_their_sentences_are_a_click_away(monkeypatch):
    monkeypatch.setenv("JITU_DOCUMENTS", DOCUMENTS)
    text = sent(opened(profile="document:003"), "profile")
    assert "原文不随图集提供" not in text
    assert "点击条目，详情旁显示文件原句。" in text
    quoted = sent(opened(feature="clusters:001-key-03"), "quotes")
    assert 'data-look="document:001"' in quoted


@pytest.mark.parametrize(
    ("key", "title", "count"),
    [
        ("view:thousand", "2027年预计达千亿元及以上的集群", 7),
        ("view:shared", "属多个集群的县(市、区)", 6),
        ("view:clusters", "产业集群与2027年营业收入目标", 17),
    ],
)
def test_a_list_is_told_and_outlined(key, title, count):
    at = opened(profile=key)
    assert not at.warning
    text = sent(at, "profile")
    assert f"<h3>{title}</h3>" in text
    assert text.count("<li>") == count
    chosen = message(at)["selected"]
    assert len(chosen) == count
    assert re.findall('<li><button data-look="(.*?)"', text) == chosen


def test_a_list_follows_the_filters():
    at = opened(profile="view:thousand", year="2027", industry="it")
    assert "2027年预计达千亿元及以上的集群" in sent(at, "profile")
    assert len(message(at)["selected"]) == int(headline(at)[3].removesuffix(" 个"))
    ran(at.button_group(key="tiers").set_value(["cultivated"]).run())
    assert "当前筛选下没有。" in sent(at, "profile")
    assert 'data-look="view:thousand"' not in sent(at, "headline")  # nothing to open
    assert message(at)["selected"] == []


def test_a_document_shows_its_content(records):
    at = unfolded(opened(), "资料来源")
    (choice,) = [s for s in at.selectbox if s.label == "查看文件内容"]
    for document in records.documents:
        ran(choice.set_value(f"document:{document.id}").run())
        assert html.escape(document.title) in sent(at, "profile")


def test_details_give_targets_and_source():
    text = sent(opened(feature=CORE), "details")
    for said in ("预计超 550 亿元", "预计超 1,000 亿元", "预计超 1,200 亿元"):
        assert said in text
    assert "重点支持的产业集群 第3个" in text
    assert "来源" in text


def test_a_point_outside_is_explained():
    (told,) = opened(at="100.0,30.0").info
    assert "不在图集范围内" in told.value


@pytest.mark.parametrize("verdict", [0, -1])
def test_consistency_is_sorted_by_verdict(verdict):
    at = unfolded(opened(), "一致性")
    (choice,) = [b for b in at.get("button_group") if b.label == "结论"]
    whole = sent(at, "table")
    wanted = choice.options[verdict]
    ran(choice.set_value([wanted]).run())
    table = sent(at, "table")
    assert 0 < table.count("<tr>") < whole.count("<tr>")
    assert wanted in table


# -- the documents' sentences ------------------------------------------------------------------


def test_without_documents_no_sentence_is_shown():
    assert sent(opened(feature="clusters:001-key-03"), "quotes") == ""


@pytest.mark.usefixtures("documents")
def test_sentences_stand_beside_a_cluster(monkeypatch, records):
    monkeypatch.setenv("JITU_DOCUMENTS", DOCUMENTS)
    text = sent(opened(feature="clusters:001-key-03"), "quotes")
    assert text.startswith("<section")
    assert "<mark>怀来县</mark>" in text
    for figure in ("550", "1000", "1200", "400", "500"):
        assert f"<mark>{figure}</mark>" in text, figure
    cluster = next(c for _, c in records.clusters() if c.id == "001-key-03")
    assert f"《融合集群行动方案》</button>{cluster.locator}</cite>" in text
    # Without the marks, each sentence is the document's own, whole.
    own = evidence.read_documents(Path(DOCUMENTS), records)["001"]
    plain = html.unescape(re.sub("</?mark>", "", text))
    for sentence in evidence.sentence_fingerprints(cluster):
        assert own.find(sentence) in plain


def test_an_unreadable_documents_folder_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "001.txt").write_bytes(b"\xff\xfe\xff")
    monkeypatch.setenv("JITU_DOCUMENTS", str(tmp_path))
    at = opened(feature="clusters:001-key-03")
    assert sent(at, "quotes") == ""
    assert "文件原文目录无法读取，只显示出处。" in [c.value for c in at.caption]
    assert "来源" in sent(at, "details")


# -- faults ------------------------------------------------------------------------------------


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def told(at: AppTest) -> list[list[str]]:
    """The table of faults: its heads, then file, record, fault and remedy of each."""
    (markup,) = (h.value for h in at.get("html") if "<table" in h.value)
    rows = ElementTree.fromstring(markup).iter("tr")  # noqa: S314 — our own
    return [["".join(cell.itertext()) for cell in row] for row in rows]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_broken_data_show_the_list_of_faults(other_data, lang):
    plan = other_data / "plans" / "001.yaml"
    sound = plan.read_text(encoding="utf-8")
    edit(plan, "industry: [生物医药]", "industry: [炼金术]")
    edit(plan, "tier: key", "tier: best")
    at = ran(visit(**({"lang": "en"} if lang == "en" else {})).run())
    (title,) = at.title
    heads, *rows = told(at)
    with pytest.raises(DataFaultsError) as raised:
        build_atlas(data_library.load(other_data))
    found = raised.value.faults
    assert [row[:2] for row in rows] == [[f.file, f.record] for f in found]
    if lang == "en":
        assert [row[2:] for row in rows] == [[f.message, f.remedy] for f in found]
    else:
        assert title.value == "数据有误，页面未能生成"
        assert heads == ["数据文件", "记录", "问题", "处理"]
        assert ["tier：应为下列之一：key、cultivated", "改正取值 'best'"] in [r[2:] for r in rows]
    assert not sent(at, "headline")
    assert not at.get("bidi_component")

    plan.write_text(sound, encoding="utf-8", newline="\n")  # mended: the same page, reloaded
    ran(at.run())
    assert headline(at)[0].removesuffix(" 个") == "17"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("plans/001.yaml", "clusters:", "clusters: ["),
        ("plans/001.yaml", "id: 001-key-02", "id: 001-key-01"),
        ("plans/001.yaml", "number: 1\n", "number: 1\n  colour: red\n"),
        ("plans/001.yaml", "places: [怀来县, 张北县]", "places: [怀莱县, 张北县]"),
        ("plans/001.yaml", "value: 550, unit: 亿元", "value: 550"),
        ("atlas.yaml", "title:", "heading:"),
    ],
)
def test_each_fault_is_shown_with_its_remedy(other_data, file, old, new):
    edit(other_data / file, old, new)
    at = ran(visit().run())
    assert [t.value for t in at.title] == ["数据有误，页面未能生成"]
    _, *rows = told(at)
    assert any(Path(file).name in row[0] for row in rows)
    for _, _, fault, remedy in rows:
        assert re.search("[一-鿿]", fault), fault
        assert re.search("[一-鿿]", remedy), remedy
        assert "英文原文" not in fault + remedy


def test_faults_are_shown_as_they_are(other_data):
    edit(other_data / "plans" / "001.yaml", "industry: [生物医药]", f"industry: ['{EVIL}']")
    at = ran(visit().run())
    assert any(EVIL in cell for row in told(at) for cell in row)
    for element in (*at.title, *at.markdown, *at.get("html")):
        assert EVIL not in element.value


def test_a_folder_that_cannot_be_written_is_told(other_data, monkeypatch):
    def refuse(_made):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(frame, "publish", refuse)
    st.cache_resource.clear()  # the data are those of the project, whose files are written
    (told,) = ran(visit().run()).error
    assert "Permission denied" in told.value
    assert "写权限" in told.value
    assert other_data.is_dir()


# -- markup in names ---------------------------------------------------------------------------


def test_names_never_run(other_data):
    """A name from a data file is text wherever the page sends it: as HTML, Markdown or script."""
    plan = other_data / "plans" / "001.yaml"
    entry = yaml.safe_load(plan.read_text(encoding="utf-8"))["clusters"][2]
    assert entry["name"] == "张家口大数据产业集群"
    edit(plan, "name: 张家口大数据产业集群", f"name: '{EVIL}张家口大数据产业集群'")
    edit(plan, "short_name: 张家口大数据", f"short_name: '{EVIL}'")
    at = opened(at="115.52,40.41", feature=CORE, profile=HUAILAI)
    assert not at.title, at.dataframe[0].value.to_dict("records")
    ours = [h.value for h in at.get("html") if "<style>" not in h.value]
    assert any(html.escape("<img src=x onerror=alert(1)>") in h for h in ours)
    for markup in ours:
        assert "<img" not in markup
    assert "&lt;img src=x onerror=alert(1)&gt;" in sent(at, "details")
    assert "&lt;img src=x onerror=alert(1)&gt;" in sent(at, "profile")
    # The list of what lies at a point is Markdown.
    (choice,) = at.radio
    options = [o for o in choice.options if "onerror" in o]
    assert options
    texts = [*options, *(t.label for t in at.tabs), *(e.value for e in (*at.caption, *at.markdown))]
    for text in texts:
        assert not ACTIVE_MARKDOWN.search(text), text
    assert "<img" not in json.dumps(message(at))  # ids, no names


def test_documents_are_told_whole_and_in_a_planner_s_words(records):
    """No title is cut off in a cell, and no variable is named to who cannot set one."""
    at = unfolded(opened(profile="document:000"), "资料来源")
    (table,) = (h.value for h in at.get("html") if '<div class="jitu-wide"' in h.value)
    for document in records.documents:
        assert f"<td>{html.escape(document.title)}</td>" in table
    told = sent(at, "profile")
    assert "联系本系统的管理员" in told
    assert "JITU_" not in told


def test_about_counts_what_is_on_no_map(atlas):
    at = opened(layer="projects")
    unfolded(at, "关于图层")
    shown = len(atlas.frames["projects"])
    every = len(list(atlas.records.projects()))
    assert f"重大项目　共 {every} 项，上图 {shown} 项" in sent(at, "about")
