"""The page without Streamlit's insides: each part that it relies on is renamed, and it works."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
import streamlit
from pages import DESK, FIRST, LIMIT, Sheet, free_port, started, stop
from playwright.sync_api import Browser, expect

from app.serving.reliance import TESTED_STREAMLIT
from layers.reading.view import View, ids

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs/streamlit.md"


@dataclass(frozen=True)
class Part:
    """A part that is renamed, in Streamlit's browser files or in the server's process."""

    browser: tuple[tuple[str, str], ...] = ()  # in its scripts: text → other text
    server: str = ""  # Python that runs before the server starts
    reported: str = ""  # in the server's log


def renamed(name: str) -> Part:
    """A name that stands in quotes in Streamlit's scripts, under another name."""
    return Part(browser=tuple((f"{q}{name}{q}", f"{q}data-renamed{q}") for q in "\"'`"))


PARTS = {
    "aria-checked": renamed("aria-checked"),
    "aria-pressed": renamed("aria-pressed"),
    "data-tag": renamed("data-tag"),
    "data-testid=stAppViewContainer": renamed("stAppViewContainer"),
    "data-testid=stElementContainer": renamed("stElementContainer"),
    "data-testid=stElementToolbar": renamed("stElementToolbar"),
    "data-testid=stHeader": renamed("stHeader"),
    "data-testid=stMultiSelect": renamed("stMultiSelect"),
    "data-testid=stVerticalBlock": renamed("stVerticalBlock"),
    "class stHtml": renamed("stHtml"),
    "English texts": Part(browser=(("Clear all", "Remove everything"), ("Selected", "Picked"))),
    "index.html": Part(
        server="""
            from pathlib import Path
            import app.serving.html_shell as shell
            shell._STREAMLIT_HTML = Path("nowhere.html")
        """,
        reported="index.html not found; the page has no cover",
    ),
    "title, lang, icon and noscript in index.html": Part(
        server="""
            from pathlib import Path
            import app.serving.html_shell as shell
            text = shell._STREAMLIT_HTML.read_text(encoding="utf-8")
            for name in ("title", "noscript"):
                text = text.replace(f"<{name}>", f"<{name} id='renamed'>")
            text = text.replace('<html lang="en"', "<html").replace("./favicon.png", "./icon.png")
            Path("other.html").write_text(text, encoding="utf-8")
            shell._STREAMLIT_HTML = Path("other.html").resolve()
        """,
        reported="in index.html not found; Streamlit's own text stays",
    ),
    "sizes of widgets": Part(
        server="""
            from importlib import metadata
            version = metadata.version
            metadata.version = lambda name: "9.0.0" if name == "streamlit" else version(name)
        """,
        reported="there is no cover",
    ),
    "streamlit.web.cli.main_run": Part(
        server="""
            import streamlit.web.cli as cli
            del cli.main_run
        """,
        reported="only STREAMLIT_SERVER_BASE_URL_PATH has an effect",
    ),
    "websockets-sansio": Part(
        server="""
            import streamlit.web.server.starlette.starlette_server as starlette_server
            starlette_server._get_websocket_protocol = lambda: "auto"
        """,
        reported="messages are larger and arrive later",
    ),
    "uvicorn's WebSocketsSansIOProtocol": Part(
        server="""
            import uvicorn.config, uvicorn.protocols.websockets.websockets_sansio_impl as module
            uvicorn.config.WS_PROTOCOLS["websockets-sansio"] = module.WebSocketsSansIOProtocol
            del module.WebSocketsSansIOProtocol
        """,
        reported="messages are larger and arrive later",
    ),
    "available_extensions": Part(
        server="""
            import app.serving.websocket as ours
            hidden = lambda held, name: name != "available_extensions" and hasattr(held, name)
            ours.hasattr = hidden
        """,
        reported="messages are larger and arrive later",
    ),
    "hidden options in config.toml": Part(
        server="""
            from pathlib import Path
            import shutil
            root = server.SCRIPT.parent
            shutil.copy(server.SCRIPT, "streamlit_app.py")
            Path("static").symlink_to(root / "static")
            text = (root / ".streamlit/config.toml").read_text(encoding="utf-8")
            for name in ("minCachedMessageSize", "maxCachedMessageAge", "postScriptGC"):
                text = text.replace(name, f"renamed{name}")
            Path(".streamlit").mkdir()
            Path(".streamlit/config.toml").write_text(text, encoding="utf-8")
            server.SCRIPT = Path("streamlit_app.py").resolve()
        """,
        reported="is not a valid config option",
    ),
}


def test_the_docs_list_every_part():
    table, _, _ = DOCS.read_text(encoding="utf-8").partition("\n## ")
    rows = re.findall(r"^\| `?([^`|]+?)`? \|", table, re.MULTILINE)
    assert rows[0] == "part"
    assert rows[1:] == list(PARTS)


def test_the_pinned_release_is_the_tested_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"streamlit~={TESTED_STREAMLIT}.0" in project["dependencies"]


# What is renamed together, to save time. The parts of a group do not depend on each other.
GROUPS = (
    ("aria-checked", "English texts"),
    ("aria-pressed",),
    ("data-tag",),
    (
        "data-testid=stAppViewContainer",
        "data-testid=stElementContainer",
        "data-testid=stElementToolbar",
        "data-testid=stHeader",
        "data-testid=stMultiSelect",
        "data-testid=stVerticalBlock",
        "class stHtml",
    ),
    ("index.html", "available_extensions"),
    (
        "title, lang, icon and noscript in index.html",
        "streamlit.web.cli.main_run",
        "websockets-sansio",
        "hidden options in config.toml",
    ),
    ("sizes of widgets", "uvicorn's WebSocketsSansIOProtocol"),
)


def test_every_part_is_renamed():
    assert sorted(name for group in GROUPS for name in group) == sorted(PARTS)


# The server renames what stands in its scripts as a request's header says.
RENAMING_FRONT = """
import json
import app.serving.server as server

class Front(server.Front):
    async def __call__(self, scope, receive, send):
        headers = dict(scope.get("headers", ()))
        names = json.loads(headers.get(b"x-rename", b"[]"))
        if not names or "/static/js/" not in scope["path"]:
            return await super().__call__(scope, receive, send)
        del headers[b"accept-encoding"]
        start, body = {}, b""

        async def rename(message):
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            for old, new in names:
                body = body.replace(old.encode(), new.encode())
            kept = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
            await send({**start, "headers": kept})
            await send({"type": "http.response.body", "body": body})

        await super().__call__({**scope, "headers": list(headers.items())}, receive, rename)

server.Front = Front
"""


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> Iterator[Callable[[str], tuple[str, Path]]]:
    """Start a server with a patch; the same patch gives the same server."""
    servers: list[subprocess.Popen] = []
    found: dict[str, tuple[str, Path]] = {}

    def start(patch: str) -> tuple[str, Path]:
        if patch not in found:
            port = free_port()
            code = f"{RENAMING_FRONT}{patch}\nserver.serve({port}, 'localhost', headless=True)"
            folder = tmp_path_factory.mktemp("server")
            server, log = started([sys.executable, "-c", code], port, folder)
            servers.append(server)
            found[patch] = f"http://localhost:{port}/", log
        return found[patch]

    yield start
    for server in servers:
        stop(server)


@pytest.fixture
def page_of(browser: Browser) -> Iterator[Callable[..., Sheet]]:
    """Open a page with names replaced in its scripts; an error in the browser fails the test."""
    errors: list[str] = []
    contexts = []

    def opened(address: str, names: list[tuple[str, str]]) -> Sheet:
        context = browser.new_context(viewport=DESK, locale="zh-CN")
        contexts.append(context)
        context.set_default_timeout(LIMIT)
        context.set_extra_http_headers({"X-Rename": json.dumps(names)})
        context.on("weberror", lambda e: errors.append(str(e.error)))
        sheet = Sheet(context.new_page(), address)
        sheet.page.goto(address)
        sheet.until("window.JituMap?.maps.length")
        sheet.until_shown(shown=FIRST)
        return sheet

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def test_the_names_stand_in_streamlit_s_scripts():
    folder = Path(streamlit.__file__).parent / "static/static/js"
    scripts = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))
    for name, part in PARTS.items():
        assert not part.browser or any(old in scripts for old, _ in part.browser), name


RECORD = """() => {
    window.seen = new Set();
    (function look() {
        const { year, shown } = JituMap.maps[0].state();
        seen.add(`${year}: ${shown.clusters}`);
        requestAnimationFrame(look);
    })();
}"""


@pytest.mark.browser
@pytest.mark.parametrize("group", GROUPS, ids=" + ".join)
def test_a_page_without_it_works(group, page_of, start, atlas):
    parts = [PARTS[name] for name in group]
    patch = "".join(dedent(part.server) for part in parts)
    names = [pair for part in parts for pair in part.browser]
    address, log = start(patch)
    page_of(address, []).page.close()  # the first visit builds the atlas, and never has a cover
    sheet = page_of(address, names)
    sheet.until("!document.querySelector('#jitu-cover')")
    expect(sheet.page.locator("#jitu-notice")).to_be_hidden()
    expect(sheet.headline).to_be_visible()
    sheet.page.wait_for_timeout(500)
    sheet.page.evaluate(RECORD)

    energy = len(ids(atlas, "clusters", View(2027, industries=("energy",))))
    sheet.choose("产业", "新能源")
    sheet.until(f"JituMap.maps[0].state().shown.clusters === {energy}")
    expect(sheet.headline).to_contain_text(f"{energy} 个")
    sheet.choose_year(2025)
    sheet.until("JituMap.maps[0].state().year === 2025")
    expect(sheet.headline).to_contain_text("2025年")
    sheet.page.wait_for_timeout(500)
    # On the way the map shows nothing else: no filter is forgotten, and the map is never empty.
    assert set(sheet.page.evaluate("[...seen]")) == {
        "2027: 17",
        f"2027: {energy}",
        f"2025: {energy}",
    }
    for part in parts:
        assert part.reported in log.read_text(encoding="utf-8", errors="replace")
