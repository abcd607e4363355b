"""The shape of the code: who imports whom, and what stands in one place only."""

from __future__ import annotations

import ast
import itertools
import json
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from data.text import normalise, sentences
from layers.catalogue import KINDS

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("data", "geo", "layers", "app")  # each may import from those before it
PAGE = "streamlit_app.py"
MODULES = [ROOT / PAGE, *(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))]
SCRIPTS = list((ROOT / "scripts").glob("*.py"))
TEXT_SUFFIXES = {
    ".py", ".md", ".toml", ".yaml", ".yml", ".csv", ".geojson", ".json", ".txt", ".css", ".js",
    ".ts", ".jsonc", ".svg", ".html", ".cfg", ".conf", ".service", ".env", ".ini", ".sh", ".po",
    ".pot", "",
}  # fmt: skip
MADE = {"build", "dist", "exports", "__pycache__", "node_modules"}

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def imports(path: Path) -> set[str]:
    """All modules a file imports, inside functions too; `from a import b` counts as a and a.b."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: a relative import hides its direction"
            assert node.module
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def importers(package: str) -> set[str]:
    """The modules that import `package`, by path."""
    return {
        name(path) for path in MODULES if package in {i.partition(".")[0] for i in imports(path)}
    }


def text_files() -> Iterator[Path]:
    """The repository's own text files: nothing made, nothing hidden but what it ships."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = [p for p in parts[:-1] if p.startswith(".") and p not in (".ci", ".streamlit")]
        if hidden or MADE & set(parts) or parts[:2] == ("static", "atlas"):
            continue
        if any(p.endswith(".egg-info") for p in parts) or not path.is_file():
            continue
        if path.suffix in TEXT_SUFFIXES:
            yield path


# -- imports -----------------------------------------------------------------------------------


@each_module
def test_imports_point_one_way(path):
    order = [*PACKAGES, PAGE.removesuffix(".py")]
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    above = order[order.index(own) + 1 :]
    assert not {i for i in imports(path) if i.partition(".")[0] in above}


def test_the_page_knows_the_app_and_layers_alone():
    known = {i.partition(".")[0] for i in imports(ROOT / PAGE)}
    assert known <= {"__future__", "streamlit", "app", "layers"}


def test_each_layer_of_the_code_leans_on_the_one_below():
    for lower, upper in itertools.pairwise(PACKAGES):
        assert any(path.startswith(f"{upper}/") for path in importers(lower)), (upper, lower)


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("folium", r"layers/web/empty_map\.py"),
        ("branca", r"layers/web/empty_map\.py"),
        ("streamlit_folium", r"(?!)"),  # what the benchmark compares with
        ("streamlit", r"app/(page|page/charts|serving)/\w+\.py|streamlit_app\.py"),
        ("topojson", r"layers/web/scene\.py"),
        ("matplotlib", r"layers/printing/\w+\.py"),
        ("xlsxwriter", r"layers/formats/spreadsheet\.py"),
        ("sqlite3", r"layers/formats/geopackage\.py"),
        ("yaml", r"data/\w+\.py"),
        ("typer", r"app/command/cli\.py"),
        ("frykit", r"(?!)"),
        ("fiona", r"(?!)"),
    ],
)
def test_a_package_is_imported_in_one_place(package, allowed):
    assert [path for path in importers(package) if not re.fullmatch(allowed, path)] == []


@pytest.mark.parametrize(
    ("modules", "absent"),
    [
        ("data.reader", {"geopandas", "pandas", "shapely", "pyproj", "streamlit", "folium"}),
        ("data.reader, geo.gazetteer", {"geopandas", "streamlit", "folium", "topojson"}),
        ("app.command.cli", {"streamlit", "folium", "topojson", "branca", "matplotlib"}),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(modules, absent):
    code = f"import sys, {modules}; print(*sys.modules)"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    assert not absent & set(made.stdout.split())


@each_module
def test_importing_reads_no_file(path):
    """At a module's top level there are definitions, and no reading, building or drawing."""
    if path.name == PAGE:
        return
    calls = {"open", "read_text", "read_bytes", "load", "loads", "build", "read_file"}
    for statement in tree(path).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
                called = called.id if isinstance(called, ast.Name) else called
                assert called not in calls, f"{name(path)}:{node.lineno}"


# Rooms within a package, from below: a module imports from its own room and from those before it.
# The modules at the top of layers/ are what every kind of layer is made of, except the catalogue,
# which knows all kinds.
ROOMS = {
    "layers": (
        "layers.portrayal", "layers", "layers.shared", "layers.kinds", "layers.catalogue",
        "layers.reading", "layers.web", "layers.formats", "layers.printing",
    ),
    "app": ("app.page", "app.ogc", "app.serving", "app.command"),
}  # fmt: skip
APART = {("app.ogc", "app.page"), ("app.page", "app.ogc")}  # neither knows the other


def dotted(path: Path) -> str:
    return name(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def room_of(module: str) -> str | None:
    """The room of a module of a package with rooms; the most exact one."""
    rooms = ROOMS.get(module.partition(".")[0], ())
    found = [room for room in rooms if module == room or module.startswith(f"{room}.")]
    return max(found, key=len, default=None)


def crossings() -> Iterator[tuple[str, str, str]]:
    """Yield (module, its room, another room it imports from) within a package."""
    known = {dotted(path) for path in MODULES}
    for path in MODULES:
        own = room_of(dotted(path))
        for imported in imports(path) & known:
            other = room_of(imported)
            if own and other and own != other and own.split(".")[0] == other.split(".")[0]:
                yield dotted(path), own, other


def test_arrows_between_rooms_point_one_way():
    wrong = [
        f"{module} imports from {other}"
        for module, own, other in crossings()
        if module != own  # a package's own file only says what it is for
        and (
            ROOMS[own.partition(".")[0]].index(other) > ROOMS[own.partition(".")[0]].index(own)
            or (own, other) in APART
        )
    ]
    assert wrong == []


def test_every_room_is_used_by_one_above():
    used = {other for _, _, other in crossings()}
    top = {rooms[-1] for rooms in ROOMS.values()}
    assert {room for rooms in ROOMS.values() for room in rooms} - top <= used


def test_every_module_has_a_room():
    lost = [
        dotted(path)
        for path in MODULES
        if dotted(path).partition(".")[0] in ROOMS and dotted(path) not in ROOMS
        if room_of(dotted(path)) is None
    ]
    assert lost == []


def test_a_module_of_kinds_holds_one_kind():
    for path in (ROOT / "layers" / "kinds").glob("[!_]*.py"):
        assigned = [
            target.id
            for statement in tree(path).body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name) and not target.id.startswith("_")
        ]
        assert assigned.count("KIND") == 1, name(path)


def test_only_the_pages_browser_files_know_streamlit():
    words = re.compile(r"streamlit|stApp|data-testid|st-key|st-emotion", re.IGNORECASE)
    knowing = {
        path.parent.name
        for path in (ROOT / "static").rglob("*.[jc]s*")
        if "vendor" not in path.parts and words.search(path.read_text(encoding="utf-8"))
    }
    assert knowing <= {"page"}


LAYER_IDS = tuple(KINDS)


def stands_for_a_layer(node: ast.Constant, parent: ast.AST) -> bool:
    """Whether a text is a layer's id, and not a column, key or part of the page of that name."""
    if not isinstance(node.value, str):
        return False
    if any(node.value.startswith(f"{layer}:") for layer in LAYER_IDS):
        return True
    if node.value not in LAYER_IDS:
        return False
    if "-" in node.value:
        return True
    if isinstance(parent, ast.Subscript):  # of rows: a column
        return ast.unparse(parent.value).endswith(("frames", "KINDS"))
    return isinstance(parent, ast.Call | ast.Compare | ast.Tuple | ast.List | ast.Set)


def layer_ids(path: Path) -> Iterator[ast.Constant]:
    inside = {
        id(child): node for node in ast.walk(tree(path)) for child in ast.iter_child_nodes(node)
    }
    for node in literals(path):
        parent = inside.get(id(node))
        if isinstance(parent, ast.JoinedStr) and parent.values[0] is not node:
            continue
        if parent is not None and stands_for_a_layer(node, parent):
            yield node


def test_layer_ids_stand_with_their_kinds():
    elsewhere = [
        f"{name(path)}:{node.lineno}: {node.value!r}"
        for path in MODULES
        if room_of(dotted(path)) != "layers.kinds" and not name(path).startswith("data/")
        for node in layer_ids(path)
    ]
    assert elsewhere == []


def test_browser_files_name_no_layer():
    quoted = re.compile("|".join(f"[\"'`]{layer}[\"'`:]" for layer in LAYER_IDS))
    naming = [
        f"{name(path)}: {found[0]}"
        for path in (ROOT / "static").rglob("*.js")
        if "vendor" not in path.parts and "atlas" not in path.parts
        for found in [quoted.search(path.read_text(encoding="utf-8"))]
        if found
    ]
    assert naming == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('frames["clusters"]', True), ('atlas.frames["layout"]', True), ('row["projects"]', False),
        ('select(atlas, "layout", view)', True), ('layer == "growth"', True),
        ('("bases", "projects")', True), ('{"targets": 1}', False), ('f"clusters:{i}"', True),
        ('x = "admin-cities"', True), ('x = "growth"', False), ('f"{x}clusters:"', False),
    ],
)  # fmt: skip
def test_the_check_of_layer_ids_bites(code, found, tmp_path):
    path = tmp_path / "module.py"
    path.write_text(code, encoding="utf-8")
    assert bool(list(layer_ids(path))) == found


# -- one place for one thing -------------------------------------------------------------------


def literals(path: Path) -> Iterator[ast.Constant]:
    """Yield a module's constants, docstrings apart."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield node


def test_epsg_codes_stand_in_one_module():
    codes = {4490, 4326, 3857, *range(4526, 4528), *range(4547, 4550)}
    elsewhere = [
        f"{name(path)}:{node.lineno}"
        for path in MODULES
        if name(path) != "geo/crs.py"
        for node in literals(path)
        if node.value in codes
        or (isinstance(node.value, str) and re.search(r"EPSG:?\s?\d", node.value))
    ]
    assert elsewhere == []


def test_nothing_prints():
    printing = [
        f"{name(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "breakpoint", "input")
    ]
    assert printing == []


def names_its_encoding(call: ast.Call) -> bool:
    """Whether a call that opens text, if it is one, says in which encoding."""
    function = call.func
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    keywords = {k.arg for k in call.keywords}
    if called in ("read_text", "write_text"):
        return "encoding" in keywords or len(call.args) > (called == "write_text")
    if called in ("open", "fdopen"):
        if isinstance(function, ast.Attribute) and ast.unparse(function.value) == "tarfile":
            return True
        modes = [a.value for a in call.args if isinstance(a, ast.Constant)]
        return "encoding" in keywords or any(re.fullmatch("[rwxa]b|r[+]b", str(m)) for m in modes)
    if called in ("run", "Popen", "check_output"):
        return not keywords & {"text", "universal_newlines"} or "encoding" in keywords
    return True


def test_text_files_are_opened_with_their_encoding():
    """The tests themselves are run with -X warn_default_encoding instead."""
    silent = [
        f"{name(path)}:{node.lineno}"
        for path in [*MODULES, *SCRIPTS]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and not names_its_encoding(node)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("call", "named"),
    [
        ("p.read_text()", False),
        ("p.read_text('utf-8')", True),
        ("p.read_text(encoding='utf-8')", True),
        ("p.write_text('x')", False),
        ("open(p)", False),
        ("open('rb.csv')", False),
        ("open(p, 'rb')", True),
        ("os.fdopen(handle, 'wb')", True),
        ("tarfile.open(p)", True),
        ("p.open('w')", False),
        ("p.open('w', encoding='utf-8')", True),
        ("subprocess.run(c, text=True)", False),
        ("subprocess.run(c, encoding='utf-8')", True),
    ],
)
def test_the_check_of_encodings_bites(call, named):
    assert names_its_encoding(ast.parse(call, mode="eval").body) == named


def test_the_page_is_a_table_of_contents():
    lines = (ROOT / PAGE).read_text(encoding="utf-8").splitlines()
    assert len(lines) < 60
    defined = [
        node
        for node in ast.walk(tree(ROOT / PAGE))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
    ]
    assert defined == []


def test_every_package_is_shipped():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert {*PACKAGES, PAGE, "static"} <= set(shipped)
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == set(PACKAGES)


@each_module
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(tree(path))


# -- files -------------------------------------------------------------------------------------

# Invisible characters that make a text other than it looks: zero-width, direction, no-break.
SURPRISES = {"\ufeff", "\u200b", "\u200c", "\u200d", "\u2060", "\u00ad", "\ufffd", "\u00a0"}


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_text_files_are_plain_utf8():
    surprises = []
    for path in text_files():
        data = path.read_bytes()
        if "vendor" in path.parts:  # other people's files stay as they are
            continue
        text = data.decode("utf-8")  # raises where it is not
        if b"\0" in data or b"\r" in data:
            surprises.append(f"{name(path)}: NUL or carriage return")
        if text and not text.endswith("\n") and path.suffix != ".svg":
            surprises.append(f"{name(path)}: no newline at the end")
        odd = {c for c in text if c in SURPRISES or unicodedata.bidirectional(c) in BIDI}
        surprises += [f"{name(path)}: {unicodedata.name(c, repr(c))}" for c in odd]
    assert surprises == []


def test_the_walk_finds_the_repository():
    found = {name(path) for path in text_files()}
    assert {
        "pyproject.toml",
        "LICENSE",
        "data/hebei/plans/001.yaml",
        "static/map/map.js",
        PAGE,
    } <= found
    assert not [path for path in found if path.startswith((".venv", ".git/", "static/atlas"))]


def test_the_lock_file_names_no_registry():
    """npm fetches from the registry that it is set up for; the digests say what it must get."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {path: of for path, of in lock["packages"].items() if path}
    assert len(packages) > 7
    assert [path for path, of in packages.items() if "resolved" in of] == []
    assert [path for path, of in packages.items() if "integrity" not in of] == []


def needles(documents: dict[str, str]) -> set[str]:
    """The documents' sentences, split at ； too, that are long enough to be recognised."""
    parts = (
        part
        for text in documents.values()
        for sentence in sentences(text)
        for part in re.split("[。;!?]", sentence)
    )
    return {part for part in parts if len(part) >= 32}


def test_no_file_holds_a_sentence_of_the_documents(documents):
    wanted = needles(documents)
    assert len(wanted) > 400
    copied = []
    for path in text_files():
        text = path.read_text(encoding="utf-8")
        plain = normalise(text) + re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
        copied += [f"{name(path)}: {part}" for part in wanted if part in plain]
    assert copied == []
