"""The page is never blank: old browsers, networks without WebSockets, a server that is down."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import DESK, FIRST, LIMIT, free_port, started, stop
from playwright.sync_api import Browser, Page, expect

from app.page import language
from app.serving import fallback
from app.serving.html_shell import html_shell
from layers.catalogue import KINDS
from layers.formats.export import export
from layers.reading.view import View

ROOT = Path(__file__).resolve().parents[1]
OLD = ROOT / "node_modules/@sparticuz/chromium/bin/chromium.br"
UNPACK = """const fs = require("fs"), zlib = require("zlib"), [, packed, unpacked] = process.argv;
fs.writeFileSync(unpacked, zlib.brotliDecompressSync(fs.readFileSync(packed)));"""

# nginx as a proxy that breaks the page's connection, in the two usual ways.
PROXY = """
pid {folder}/nginx.pid; error_log stderr crit; daemon off;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {refusal}
        location / {{ proxy_pass {address}; proxy_set_header Host $http_host; }}
    }}
}}
"""
REFUSALS = {"it does not upgrade": "", "it refuses": "if ($http_upgrade) { return 403; }"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK, locale="zh-CN")
    context.set_default_timeout(LIMIT)
    yield context.new_page()
    context.close()


@pytest.fixture
def old_page(browser: Browser, program, absent, tmp_path) -> Iterator[Page]:
    """A page in Chromium 109, the last one for Windows 7."""
    if not OLD.exists():
        absent("Chromium 109 is not installed (npm ci)")
    chromium = tmp_path / "chromium"
    subprocess.run([program("node"), "-e", UNPACK, OLD, chromium], check=True)
    chromium.chmod(0o755)
    running = browser.browser_type.launch(
        executable_path=chromium,
        args=["--no-sandbox", "--disable-gpu", "--single-process", "--no-zygote", "--no-first-run"],
    )
    assert running.version.startswith("109.")
    page = running.new_page(viewport=DESK, locale="zh-CN")
    page.set_default_timeout(LIMIT)
    yield page
    running.close()


def shown(page: Page) -> tuple[str, str]:
    """Title and text of the notice."""
    expect(page.locator("#jitu-notice")).to_be_visible()
    section = page.locator("#jitu-notice section:not([hidden])")
    return section.locator("h1").inner_text(), section.locator("p").inner_text()


def expect_atlas(page: Page) -> None:
    """The one-file atlas stands in the page's place and works."""
    atlas = page.frame_locator("#jitu-notice iframe")
    expect(atlas.locator(".leaflet-container")).to_be_visible()
    expect(atlas.get_by_text("12,500 亿元")).to_be_visible()
    atlas.get_by_role("radio", name="2027年").check()
    expect(atlas.get_by_text("12,500 亿元")).to_be_visible()


@pytest.mark.browser
def test_an_old_browser_gets_a_sentence_and_the_atlas(old_page, address):
    old_page.goto(address)
    title, text = shown(old_page)
    assert "浏览器版本过旧" in title
    for browser in fallback.BROWSERS:
        assert browser in text
    expect_atlas(old_page)
    assert not old_page.locator("#jitu-cover").count()


@pytest.mark.browser
@pytest.mark.parametrize("why", REFUSALS)
def test_a_proxy_without_websockets_gets_a_sentence_and_the_atlas(
    why, page, address, program, tmp_path
):
    port = free_port()
    config = tmp_path / "nginx.conf"
    text = PROXY.format(
        folder=tmp_path, port=port, address=address.rstrip("/"), refusal=REFUSALS[why]
    )
    config.write_text(text, encoding="utf-8")
    command = [program("nginx"), "-e", "stderr", "-c", config]
    proxy, _ = started(command, port, tmp_path)
    try:
        page.goto(f"http://localhost:{port}/")
        title, text = shown(page)
        assert "WebSocket" in title
        assert "请联系管理员" in text
        expect_atlas(page)
    finally:
        stop(proxy)


@pytest.mark.browser
def test_a_server_that_is_down_and_comes_back(page, jitu, environment, tmp_path):
    port = free_port()
    command = [jitu, "app", "--headless", "--port", str(port)]
    server, _ = started(command, port, tmp_path, environment)
    try:
        page.goto(f"http://localhost:{port}/")
        page.wait_for_function("window.JituMap?.maps.length && JituMap.maps[0].state().labels > 0")
        page.evaluate("window.before = true")
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        title, text = shown(page)
        assert "服务器没有应答" in title
        assert "自动重新连接" in text
        # The map stays; there is nothing to open, and no advice for developers.
        assert page.evaluate("JituMap.maps[0].state().shown") == FIRST
        expect(page.locator("#jitu-notice nav")).to_be_hidden()
        expect(page.get_by_text("streamlit run")).to_be_hidden()
        server, _ = started(command, port, tmp_path, environment)
        # The page is loaded again, because the new server does not know it: no click is lost.
        page.wait_for_function("!window.before && window.JituMap?.maps.length")
        expect(page.locator("#jitu-notice")).to_be_hidden()
        page.get_by_role("radio", name="2027年", exact=True).click()
        expect(page.locator(".jitu-headline")).to_contain_text("2027年")
    finally:
        stop(server)


@pytest.mark.browser
def test_a_page_that_is_slow_says_so(page, address):
    page.clock.install()
    page.route(re.compile(r"/static/js/index\."), lambda _: None)  # never answered
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#jitu-notice", state="attached")
    page.clock.run_for(13_000)
    title, _ = shown(page)
    assert "仍在加载" in title
    expect(page.get_by_role("link", name="打开单文件图集")).to_be_visible()
    assert not page.locator("#jitu-notice iframe").count()


@pytest.mark.browser
def test_a_script_that_fails_is_named(page, address):
    broken = "throw new TypeError('Iterator.range is not a function')"
    page.route(
        re.compile(r"/static/js/index\."),
        lambda route: route.fulfill(content_type="text/javascript", body=broken),
    )
    page.goto(address)
    title, text = shown(page)
    assert "页面未能启动" in title
    assert "管理员" in text
    expect(page.locator("#jitu-notice code")).to_contain_text("Iterator.range is not a function")
    expect_atlas(page)
    # Should the page start after all, the notice goes with its atlas: a later banner has none.
    page.evaluate("document.dispatchEvent(new Event('jitu-arrived'))")
    expect(page.locator("#jitu-notice")).to_be_hidden()
    expect(page.locator("#jitu-notice iframe")).to_have_count(0)


@pytest.mark.browser
def test_a_login_that_has_ended_says_so(page, address):
    sockets = []

    def connect(socket) -> None:
        if sockets:
            socket.close()
            return
        sockets.append(socket)
        socket.connect_to_server()

    page.route_web_socket("**/_stcore/stream", connect)
    page.goto(address)
    page.wait_for_function("window.JituMap?.maps.length")
    page.route(address, lambda route: route.fulfill(status=401))
    sockets[0].close()
    title, text = shown(page)
    assert "登录已失效" in title
    assert "重新登录" in text


# -- without a browser -------------------------------------------------------------------------


def test_the_document_has_all_notices_hidden_and_links_that_work_behind_a_prefix():
    text = html_shell("")
    names = set(re.findall(r'data-notice="(\w+)"', text))
    script = (ROOT / "static/page/start.js").read_text(encoding="utf-8")
    assert names == set(re.findall(r'show\("(\w+)"\)', script)) | {"error", "slow"}
    assert re.search(r'id="jitu-notice" data-instance="[0-9a-f]{16}" role="alert" hidden>', text)
    assert 'href="./atlas.html"' in text


def test_the_notices_are_english_on_the_english_page():
    with language.override("en"):
        assert "This browser is too old" in fallback.body()
        assert ", ".join(fallback.BROWSERS) in fallback.body()


def test_the_script_that_watches_runs_in_any_browser():
    """It is ES5: an old browser must be able to read it."""
    script = (ROOT / "static/page/start.js").read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", script, flags=re.DOTALL)
    assert not re.search(r"=>|`|\b(let|const|class|async)\b|\?\.|\.\.\.", code)


def test_the_atlas_in_one_file_is_the_export(atlas):
    response = fallback.one_file(atlas)
    view = View(atlas.records.atlas.default_year)
    assert response.body == export(atlas, list(KINDS), view, "html").data
    assert "inline" in response.headers["content-disposition"]
