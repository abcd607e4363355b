"""Two languages: every text has its English, and the page shows the one that was chosen."""

from __future__ import annotations

import ast
import html
import io
import json
import re
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
import yaml
from pages import DESK, LIMIT, PHONE, Sheet
from playwright.sync_api import TimeoutError, expect  # noqa: A004
from test_faults import catalogue, script
from test_page import SCRIPT, headline, message, opened, ran, sent
from test_page import address as words_of

from app.page import assets, language
from app.page.language import english
from geo.crs import CGCS2000_GEOGRAPHIC, WGS84_GEOGRAPHIC
from layers.catalogue import KINDS, columns_of
from layers.formats.export import FORMATS
from layers.reading import consistency
from layers.shared.vocabulary import CODE_WORDS, FORMS
from layers.web import scene

ROOT = SCRIPT.parent
HAN = re.compile("[\u3400-\u9fff]+")
LATIN = re.compile("[A-Za-z]{2,}")
HTML_SHELL = ROOT / "app" / "serving" / "html_shell.py"
WIDGETS = ROOT / "static" / "page" / "widgets.js"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[Path]:
    """The modules of app/ that a script or module imports, packages included."""
    found: set[Path] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "app":
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            paths = {ROOT / str(name).replace(".", "/") for name in names}
            found |= {path.with_suffix(".py") for path in paths}
            found |= {path / "__init__.py" for path in paths}
    return {p for p in found if p.is_file() and p.name != "language.py"}


def pages(path: Path = SCRIPT) -> set[Path]:
    """The modules of app/ that a script or module is made of: what it imports, and what they do."""
    found: set[Path] = set()
    waiting = imported(path)
    while waiting:
        found |= waiting
        waiting = set().union(*map(imported, waiting)) - found
    return found


MODULES = sorted(pages() | pages(HTML_SHELL) | {HTML_SHELL})
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda p: p.name)


DOMAINS = ("jitu", "faults")
each_domain = pytest.mark.parametrize("name", DOMAINS)


def domain(name: str) -> Any:
    """A domain of the script that makes the catalogues."""
    (found,) = (d for d in script().DOMAINS if d.name == name)
    return found


@cache
def tables() -> dict[str, dict[str, str]]:
    """Everything that has its English: ``texts``, ``terms`` and ``names``."""
    glossary = (ROOT / "app" / "page" / "glossary.toml").read_text(encoding="utf-8")
    return {"texts": catalogue("jitu"), **tomllib.loads(glossary)}


def said(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Yield every text that a module says, with the names of the values it is given."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "say":
            (text,) = node.args
            assert isinstance(text, ast.Constant), f"{path.name}:{node.lineno}: not a literal"
            yield text.value, {str(k.arg) for k in node.keywords}


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


# -- the catalogue -----------------------------------------------------------------------------


@each_module
def test_every_text_goes_through_say(path):
    """No Chinese stands in the page's code but what is said, looked up, or separates."""
    inside: set[int] = set()
    for node in ast.walk(tree(path)):
        called = getattr(node.func, "id", None) if isinstance(node, ast.Call) else None
        if called in ("say", "gloss"):
            inside |= {id(part) for argument in node.args for part in ast.walk(argument)}
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            inside.add(id(node.body[0].value))
    # What is cut off a name, and the year that gloss is given, are no texts.
    allowed = {"产业集群", "年"}
    silent = [
        f"{path.name}:{node.lineno}: {node.value}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and HAN.search(node.value)
        and id(node) not in inside
        and node.value not in allowed
    ]
    assert silent == []


@each_module
def test_every_text_has_its_english(path):
    for text, values in said(path):
        assert tables()["texts"].get(text), (
            f"{path.name}: {text!r} has no English: run python scripts/update_translations.py"
        )
        assert set(placeholders(text)) == values, text


def test_no_text_is_left_over():
    assert set(tables()["texts"]) - {text for path in MODULES for text, _ in said(path)} == set()


@pytest.mark.parametrize("table", ["texts", "terms"])
def test_placeholders_are_the_same(table):
    for chinese, translated in tables()[table].items():
        assert placeholders(chinese) == placeholders(translated), chinese
        assert translated.strip(), chinese


# -- the catalogues' files ---------------------------------------------------------------------


@each_domain
def test_the_files_are_what_the_script_makes(name):
    made = script().files(domain(name), script().updated(domain(name)))
    assert len(made) == 3
    for path, content in made.items():
        assert path.read_bytes() == content, "run: python scripts/update_translations.py"


def test_there_are_no_other_files():
    made = {path for d in script().DOMAINS for path in script().files(d, script().read(d))}
    folder = script().LOCALE
    assert {p for p in folder.rglob("*") if p.is_file()} == made | {folder / "quoted.toml"}


@each_domain
def test_nothing_is_missing_left_over_or_fuzzy(name):
    found = script().read(domain(name))
    said = {message.id for message in script().extracted(domain(name)) if message.id}
    assert said == {message.id for message in found if message.id}
    assert [message.id for message in found if message.fuzzy or not message.string] == []
    assert not script().updated(domain(name)).obsolete
    assert "#~" not in domain(name).catalogue.read_text(encoding="utf-8")


@each_domain
def test_a_compiled_catalogue_says_what_its_source_says(name):
    compiled = domain(name).catalogue.with_suffix(".mo").read_bytes()
    assert compiled == script().compiled(script().read(domain(name)))
    read = GNUTranslations(io.BytesIO(compiled))
    page = language.translations(name, domain(name).target)
    for text, expected in catalogue(name).items():
        assert read.gettext(text) == page.gettext(text) == expected
    assert set(read._catalog) == {"", *catalogue(name)}


def test_a_changed_text_is_translated_anew(tmp_path, monkeypatch):
    """What is translated stays word for word; a text that is only like another gets nothing."""
    monkeypatch.setattr(script(), "LOCALE", tmp_path)
    texts = domain("jitu")
    texts.catalogue.parent.mkdir(parents=True)
    texts.catalogue.write_text(
        '# mine\nmsgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        '# a remark\nmsgid "产业"\nmsgstr "Industry "\n\nmsgid "城市。"\nmsgstr "City."\n\n'
        '#, fuzzy\nmsgid "图层"\nmsgstr "Layer"\n',
        encoding="utf-8",
    )
    made = script().updated(texts)
    assert made["产业"].string == "Industry "
    assert made["产业"].user_comments == ["a remark"]
    assert not made["城市"].string
    assert made["图层"].fuzzy
    assert [(m.id, m.string) for m in made.obsolete.values()] == [("城市。", "City.")]
    read = GNUTranslations(io.BytesIO(script().compiled(made)))
    assert (read.gettext("产业"), read.gettext("图层")) == ("Industry ", "图层")


def test_texts_are_found_wherever_they_stand():
    """In f-strings and within one another; what is no literal, or another's call, is none."""
    code = (
        b"f'<b>{say(\"b\", n=f(say(\"c\" \"d\")))}</b>'; say(x); self.say('e'); gloss('f'); say()"
    )
    assert [text for _, _, text, _ in script().calls(io.BytesIO(code), {"say"}, (), {})] == [
        "b",
        "cd",
    ]


def test_importing_reads_no_translation():
    """Nor is Babel needed to read one."""
    code = (
        "import sys; opened = []; "
        "sys.addaudithook(lambda event, found: event == 'open' and opened.append(str(found[0]))); "
        "from app.page import language, notices; before = list(opened); "
        "language.translations('jitu', 'en'); language.english('产业'); "
        "print(*before, 'now', *opened[len(before):], sep='\\n'); print('babel' in sys.modules)"
    )
    made = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        cwd=ROOT, capture_output=True, check=True, encoding="utf-8",
    )  # fmt: skip
    *paths, babel = made.stdout.splitlines()
    mine = [Path(p).name for p in paths if p == "now" or p.endswith((".mo", "glossary.toml"))]
    assert mine == ["now", "jitu.mo", "glossary.toml"]
    assert babel == "False"


# -- the glossary ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def words(atlas) -> str:
    """Everything that layers and data write, as one text: what a gloss may be for."""
    code = [p.read_text(encoding="utf-8") for p in (ROOT / "layers").rglob("*.py")]
    code.append((ROOT / "geo" / "crs.py").read_text(encoding="utf-8"))
    code += [p.read_text(encoding="utf-8") for p in (ROOT / "data").rglob("*.yaml")]
    rows = [
        str(value)
        for frame in atlas.frames.values()
        for row in frame.drop(columns="geometry").to_dict("records")
        for value in row.values()
    ]
    neighbours = atlas.places.boundaries.neighbours["name"]
    return "\n".join([*code, *rows, *neighbours, *language.TITLES.values()])


def test_no_gloss_is_left_over(words):
    """A gloss is for something that layers or data write; a pattern's fixed parts are."""
    plain = re.sub(r"\s+", "", words)
    for table in ("terms", "names"):
        for chinese in tables()[table]:
            for part in re.split(r"\{\w+\}|[（）；、，：“”·]", chinese):
                assert re.sub(r"\s+", "", part) in plain, chinese


def test_vocabulary_is_english(atlas):
    """What the layers call things has English that holds no Chinese, figures' wording apart."""
    drawn = scene.scene(atlas)
    vocabulary = [
        *(layer.title for layer in KINDS.values()),
        *(word for words in CODE_WORDS.values() for word in words.values()),
        *FORMS.values(),
        *consistency.GROUPS.values(),
        *(f.verdict for f in consistency.findings(atlas.records)),
        *(frame_role for frame in atlas.frames.values() for frame_role in frame["role"]),
        *(t for t in drawn["text"].values()),
        *(group["title"] for group in drawn["legend"]),
        *(f.title for f in FORMATS.values()),
        *(re.sub(r"\S+\.csv", "", limit) and limit for f in FORMATS.values() for limit in f.limits),
        CGCS2000_GEOGRAPHIC.title,
        WGS84_GEOGRAPHIC.title,
    ]
    left = {w: english(w) for w in vocabulary if HAN.search(english(w).replace("字段说明.csv", ""))}
    assert left == {}


def test_the_tables_titles_are_english(atlas):
    for layer in KINDS:
        kind = KINDS[layer]
        own = kind.table_values.columns if kind.table_values else ()
        columns = (*columns_of(layer, atlas.records.atlas.years), *own)
        titles = {c.name: c.title for c in columns}
        for name in set(kind.table) - {"revenue_yi", "revenue_comparator"}:  # say the year
            assert not HAN.search(english(titles.get(name, ""))), name


def test_names_have_a_gloss(atlas):
    """Cities, clusters, layout, regions, future industries, industries and documents."""
    records = atlas.records
    names = [
        *records.cities.values(),
        *(i.name for i in records.industries),
        *(d.title for d in records.documents),
        *(d.short_title for d in records.documents),
    ]
    for layer in ("clusters", "layout", "regions", "future-industries", "admin-cities"):
        names += atlas.frames[layer]["name"].tolist()
    for name in names:
        assert english(name, atlas).startswith(f"{name} ("), name


@pytest.mark.parametrize(
    ("chinese", "expected"),
    [
        ("重点支持", "Key support"),
        ("雄安新区", "雄安新区 (Xiong'an New Area)"),
        ("2027年推进项目", "Projects advanced in 2027"),
        ("规划期至2025年、2021—2025年", "planning period to 2025, 2021–2025"),
        ("达到 25% 左右", "reach (达到) 25% or so (左右)"),
        ("新材料（产业）", "新材料 (New materials) · industry"),
        ("某示范（HDT）项目（某公司，地点为推定）", "某示范（HDT）项目 (某公司, place inferred)"),
        ("怀来县", "怀来县"),
        ("", ""),
    ],
)
def test_what_is_put_together_is_translated_in_parts(atlas, chinese, expected):
    assert english(chinese, atlas) == expected


def test_the_scene_differs_in_words_only(atlas):
    drawn = scene.scene(atlas)
    translated = assets.scene_in_english(atlas, drawn)
    assert translated.keys() == drawn.keys()
    assert translated["features"] == drawn["features"]
    for ours, theirs in zip(translated["legend"], drawn["legend"], strict=True):
        keys = [[item["key"] for item in group["items"]] for group in (ours, theirs)]
        assert keys[0] == keys[1]
    assert placeholders(translated["text"]["more"]) == ["n"]
    assert placeholders(translated["text"]["legend_of"]) == ["year"]


# -- Streamlit's widgets -----------------------------------------------------------------------


@cache
def widget_texts() -> dict[str, str]:
    source = WIDGETS.read_text(encoding="utf-8")
    (block,) = re.findall(r"const TEXTS = (\{.*?\n {4}\});", source, flags=re.DOTALL)
    found = json.loads(re.sub(r",\s*\}$", "}", block))
    assert len(found) == len(re.findall(r'^ {6}"', block, flags=re.MULTILINE)), "a text twice"
    return found


def test_widgets_speak_chinese():
    for text, chinese in widget_texts().items():
        assert HAN.search(chinese), text
        assert text.count("{}") == chinese.count("{}") <= 1, text


def test_widgets_know_the_way_back():
    """Where two English texts share a Chinese one, the way back picks one that says the same."""
    shared: dict[str, list[str]] = {}
    for text, chinese in widget_texts().items():
        shared.setdefault(chinese, []).append(text)
    doubled = {c: t for c, t in shared.items() if len(t) > 1}
    assert set(doubled) == {"请选择", "把文件拖到这里"}


def test_widget_texts_are_streamlits_own():
    """A text that Streamlit no longer has is dropped; a new wording shows up here first."""
    import streamlit

    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    code = "".join(p.read_text(encoding="utf-8") for p in folder.glob("*.js"))
    made = {  # put together while the page runs
        "{} option available.",
        "{} options available.",
        "Press Enter to apply",
        "Press Enter to submit form",
    }
    gone = [
        text
        for text in widget_texts().keys() - made
        if any(part.strip(" :,") not in code for part in text.split("{}"))
    ]
    assert gone == []


# -- the page ----------------------------------------------------------------------------------

PLACE = "clusters-core:001-key-03:130730"


def replaced() -> set[str]:
    """The texts and terms that the English page has no place for: units and wording stay."""
    both = {**tables()["texts"], **tables()["terms"]}
    return {chinese for chinese, translated in both.items() if chinese not in translated}


def shown(markup: str) -> str:
    """HTML as text, without what says of itself that it is Chinese."""
    outside = re.sub(r'<(span|blockquote) lang="zh-CN">.*?</\1>', "", markup)
    return html.unescape(re.sub("<[^>]+>", " ", outside))


def pieces(at: Any) -> Iterator[str]:
    """All texts that the page sends, HTML and tables apart."""
    for element in (*at.caption, *at.info, *at.warning, *at.markdown):
        yield element.value
    for widget in (*at.radio, *at.selectbox, *at.multiselect, *at.get("button_group")):
        yield widget.label
        yield from map(str, widget.options)
    for button in (*at.button, *at.tabs):
        yield button.label


def test_chinese_is_the_default():
    at = opened()
    assert words_of(at) == {}
    assert "产业集群" in sent(at, "headline")
    assert "lang=" not in sent(at, "headline")


def drawing_of(at: Any) -> dict[str, Any]:
    """What the map is told to show, in whatever language."""
    return {name: value for name, value in message(at).items() if name != "module"}


def test_the_switch_keeps_view_and_filters():
    at = opened(year="2025", industry="materials", city="130900", feature="clusters:001-key-03")
    before = drawing_of(at), headline(at)[0].removesuffix(" 个")
    ran(at.button_group(key="language").set_value("en").run())
    wanted = {"year": "2025", "industry": "materials", "city": "130900"}
    wanted |= {"feature": "clusters:001-key-03"}
    assert words_of(at) == wanted | {"lang": "en"}
    assert (drawing_of(at), headline(at)[0]) == before
    assert at.multiselect(key="industries").value == ["materials"]
    assert "Industry clusters" in sent(at, "headline")
    ran(at.button_group(key="year").set_value(2023).run())
    assert words_of(at) == wanted | {"lang": "en", "year": "2023"}
    ran(at.button_group(key="language").set_value("zh").run())
    assert words_of(at) == wanted | {"year": "2023"}
    assert "产业集群" in sent(at, "headline")


def test_an_unknown_language_is_told():
    at = opened(lang="fr")
    (told,) = at.warning
    assert "lang=fr" in told.value
    assert "产业集群" in sent(at, "headline")


@pytest.mark.parametrize(
    "query",
    [
        {"at": "115.52,40.41", "feature": PLACE, "profile": "city:130700"},
        {"industry": "nev", "city": "130300", "layer": ",".join(KINDS)},
        {"profile": "document:001", "layer": ""},
        {"at": "100.0,30.0", "colour": "red"},
    ],
    ids=["place", "empty", "document", "outside"],
)
def test_the_english_page_holds_chinese_names_only(query, words):
    """HTML marks its Chinese; elsewhere Chinese is a word of the data, never a text of the code."""
    at = opened(lang="en", **query)
    for markup in (h.value for h in at.get("html")):
        assert "<style>" in markup or not HAN.search(shown(markup)), shown(markup)
    texts = replaced()
    for piece in pieces(at):
        for run in HAN.findall(piece):
            assert run in words, piece
        assert piece not in texts, piece
    for table in at.dataframe:
        assert not [title for title in table.value.columns if title in texts]


def test_the_english_page_glosses_names():
    at = opened(lang="en", feature=PLACE)
    text = re.sub("<[^>]+>", "", sent(at, "details"))
    assert "张家口大数据产业集群 (Zhangjiakou big data cluster)" in text
    assert "expected to exceed (预计超) 1,000 亿元" in text
    assert "Core zone (key support)" in text
    table = at.dataframe(key="table-clusters").value
    assert "Revenue target 2027 (亿元, 100 million yuan)" in table.columns
    assert "石家庄生物医药产业集群 (Shijiazhuang biomedicine cluster)" in set(table["Name"])
    assert set(table["Tier"]) == {"Key support", "Under cultivation"}


# -- both pages in a browser -------------------------------------------------------------------

# What the two pages share: names of products, formats, systems and units; and what the documents
# write in Latin letters themselves.
LATIN_ALLOWED = {
    "AMOLED", "CGCS", "CSV", "EPSG", "Excel", "English", "GeoJSON", "GeoNames", "GeoPackage", "HDT",
    "KML", "OpenStreetMap", "PNG", "QGIS", "Shapefile", "WGS", "XLSX", "frykit", "data", "km",
}  # fmt: skip

# Every text a person may see or hear, as (where, text).
WALK = """() => {
    const found = [];
    const names = ["aria-label", "title", "placeholder", "aria-description", "alt"];
    for (const e of document.querySelectorAll("*")) {
        for (const name of names) {
            if (e.getAttribute(name)) found.push([name, e.getAttribute(name)]);
        }
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let n = walker.nextNode(); n; n = walker.nextNode()) {
        const parent = n.parentElement;
        const mute = parent.closest("script, style, noscript, [translate=no]");
        if (mute || !n.nodeValue.trim()) continue;
        const whole = parent.matches("span[lang]") ? parent.parentElement.textContent : n.nodeValue;
        found.push(["text", whole.trim()]);
    }
    return found;
}"""


def walk(sheet: Sheet, tabs: list[str], labels: tuple[str, str, str]) -> list[tuple[str, str]]:
    """Go through the whole page and return every text on the way."""
    found: list[list[Any]] = []
    industry, search, table = labels
    for tab in tabs:
        sheet.turn_to(tab)
        found += sheet.page.evaluate(WALK)
    for name in (industry, search):
        unfold(sheet, name)
        found += sheet.page.evaluate(WALK)
        sheet.page.keyboard.press("Escape")
        sheet.page.get_by_role("option").first.wait_for(state="detached")
    sheet.turn_to(table)
    grid = sheet.page.get_by_test_id("stDataFrame").locator("visible=true").first
    grid.scroll_into_view_if_needed()
    found += sheet.page.evaluate(WALK)
    return [(kind, text) for kind, text in found]


def unfold(sheet: Sheet, name: str) -> None:
    """Open a list; one that opens while the page still scrolls to it closes again."""
    box = sheet.page.get_by_role("combobox", name=name, exact=True)
    for _ in range(10):
        box.press("ArrowDown")
        try:
            sheet.page.get_by_role("option").first.wait_for(timeout=LIMIT / 10)
        except TimeoutError:
            continue
        return
    pytest.fail(f"the list {name} does not open")


CHINESE_TABS = ["图表", "资料来源", "产业对照", "一致性", "表格"]
ENGLISH_TABS = ["Charts", "Sources", "Industry crosswalk", "Consistency", "Tables"]
LINK = f"?year=2027&industry=it&at=115.52,40.41&feature={PLACE}&profile=city:130700"


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_chinese_page_holds_no_english(visit, viewport):
    sheet = visit(LINK, viewport=viewport)
    sheet.until("document.documentElement.lang === 'zh-CN'")
    found = walk(sheet, CHINESE_TABS, ("产业", "查找", "表格"))
    kinds = {kind for kind, _ in found}
    assert {"aria-label", "placeholder", "text"} <= kinds
    stray = {
        (kind, text)
        for kind, text in found
        if set(LATIN.findall(re.sub(r"\b[0-9a-f]{12}\b", "", text))) - LATIN_ALLOWED
    }
    assert {s for s in stray if not from_data(s[1])} == set()


@cache
def data_texts() -> str:
    folder = ROOT / "data"
    loaded = [yaml.safe_load(p.read_text(encoding="utf-8")) for p in folder.rglob("*.yaml")]
    return "\n".join(json.dumps(content, ensure_ascii=False, default=str) for content in loaded)


def from_data(text: str) -> bool:
    """Whether the Latin words of a text stand in the data like that, beside their Chinese."""
    runs = re.findall(rf"{HAN.pattern}?[A-Za-z][A-Za-z0-9 +/.-]*{HAN.pattern}?", text)
    return bool(HAN.search(text)) and all(run.strip() in data_texts() for run in runs)


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_english_page_holds_no_chinese_but_names(visit, viewport, words):
    """Chinese is marked, or a name of the data in a widget; no text is untranslated."""
    sheet = visit(f"{LINK}&lang=en", viewport=viewport)
    sheet.until("document.documentElement.lang === 'en'")
    found = walk(sheet, ENGLISH_TABS, ("Industry", "Search", "Tables"))
    translated = (replaced() | set(widget_texts().values())) - also_data()
    for kind, text in found:
        assert text not in translated, (kind, text)
        assert all(run in words for run in HAN.findall(text)), (kind, text)


def also_data() -> set[str]:
    """Terms that are values of the data too: a document's own words may be the same."""
    return {t for t in tables()["terms"] if f'"{t}"' in data_texts()}


@pytest.mark.browser
def test_switching_back_and_forth(visit):
    """The switch is one step of the history; widgets and map follow it both ways."""
    sheet = visit("?industry=materials")
    sheet.page.get_by_text("English", exact=True).click()
    sheet.until_address(industry="materials", lang="en")
    drawn = sheet.map
    drawn.get_by_text("Legend · 2027").wait_for(timeout=LIMIT)
    sheet.page.get_by_role("button", name="Clear all").wait_for(timeout=LIMIT)
    expect(sheet.page).to_have_title(re.compile("^冀图 Jitu"))
    sheet.page.go_back()
    sheet.until_address(industry="materials")
    sheet.page.get_by_role("button", name="全部清除").wait_for(timeout=LIMIT)
    sheet.page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    drawn.get_by_text("图例 · 2027年").wait_for(timeout=LIMIT)
    sheet.page.go_forward()
    sheet.until_address(industry="materials", lang="en")
    sheet.page.reload()
    sheet.ready()
    sheet.page.get_by_role("button", name="Clear filters").wait_for(timeout=LIMIT)
