"""The app as it is deployed: another data folder, a path prefix, another host name."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pages import DRAWN
from playwright.sync_api import Browser

from app.page.assets import STATIC

pytestmark = pytest.mark.browser

CLUSTER = "clusters:001-key-03"  # 张家口大数据产业集群
EVIL = "<img src=x onerror=alert(1)>${alert(2)}</script><script>alert(3)</script>:red[x]$y$"


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Start `jitu app` with settings from the environment; returns host and port."""
    servers: list[subprocess.Popen[bytes]] = []
    log = tmp_path / "server.log"

    def start(prefix: str = "", **settings: str) -> str:
        command = shutil.which("jitu", path=str(Path(sys.executable).parent))
        assert command
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            host = f"localhost:{probe.getsockname()[1]}"
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("JITU_", "STREAMLIT_"))}
        with log.open("wb") as output:
            server = subprocess.Popen(
                [command, "app", "--headless", "--port", host.partition(":")[2]],
                cwd=tmp_path,
                env=clean | settings,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        servers.append(server)
        end = time.monotonic() + 60
        while asked(host, f"{prefix}/_stcore/health") != 200:
            assert server.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < end, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        return host

    start.servers = servers  # type: ignore[attr-defined]
    yield start
    for server in servers:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)
    assert "Traceback" not in log.read_text(encoding="utf-8")


def asked(host: str, path: str, **headers: str) -> int:
    """The status of a request; 0 where nobody answers."""
    connection = http.client.HTTPConnection(host, timeout=30)
    try:
        connection.request(
            "GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Any]:
    """A page of Chromium's; dialogs and failing scripts fail the test."""
    wrong: list[str] = []

    def asks(dialog: Any) -> None:
        wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    with browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN") as context:
        opened = context.new_page()
        opened.on("dialog", asks)
        opened.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        opened.on("console", lambda m: m.type == "error" and wrong.append(f"console: {m.text}"))
        yield opened
    assert wrong == []


def drawn(page: Any) -> Any:
    """The page, once its map is drawn."""
    page.wait_for_function(DRAWN)
    return page


def test_behind_a_path_prefix(serve, page):
    host = serve("/plans/jitu", STREAMLIT_SERVER_BASE_URL_PATH="/plans/jitu")
    paths: list[str] = []
    page.on("request", lambda request: paths.append(urlsplit(request.url).path))
    page.goto(f"http://{host}/plans/jitu/?tier=key")
    assert drawn(page).evaluate("JituMap.maps[0].state().shown.clusters") == 9
    static = [path for path in paths if "/app/static/" in path]
    assert any("/atlas/" in path for path in static)
    assert all(path.startswith("/plans/jitu/") for path in static)


@pytest.mark.parametrize(("passed_on", "status"), [("plans.example", 101), (None, 403)])
def test_a_proxy_must_pass_the_host_name_on(serve, passed_on, status):
    host = serve()
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Origin": "https://plans.example",
    }
    assert asked(host, "/_stcore/stream", Host=passed_on or host, **upgrade) == status


def test_a_change_of_the_data_shows_and_no_name_runs(serve, page, data_copy):
    before = set((STATIC / "atlas").glob("*"))
    try:
        host = serve(JITU_DATA=str(data_copy))
        page.goto(f"http://{host}/?city=130700&feature={CLUSTER}")
        drawn(page)
        assert "张家口大数据产业集群" in page.locator(".jitu-details").inner_text()

        plan = data_copy / "plans" / "001.yaml"
        text = plan.read_text(encoding="utf-8")
        for key in ("name", "short_name"):
            text, found = re.subn(
                rf"  {key}: 张家口大数据.*", lambda _, k=key: f"  {k}: '{EVIL}'", text
            )
            assert found == 1
        plan.write_text(text, encoding="utf-8")

        page.goto(f"http://{host}/?city=130700&at=115.52,40.41&feature={CLUSTER}")
        drawn(page)
        page.locator(".jitu-details").get_by_text(EVIL).first.wait_for()
        page.get_by_role("radiogroup", name="该处共").get_by_text(EVIL).first.wait_for()
        labels = page.locator(".jitu-label-cluster").evaluate_all(
            "es => es.map(e => e.textContent)"
        )
        assert any(EVIL in label for label in labels)
        page.locator(".leaflet-container").hover(position={"x": 300, "y": 200})
        assert page.locator("img[src=x]").count() == 0
    finally:
        for path in set((STATIC / "atlas").glob("*")) - before:
            path.unlink()


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX's signals")
def test_a_signal_to_the_command_ends_the_server(serve: Callable[..., str]) -> None:
    """A supervisor signals the one process it started; nothing may go on holding the port."""
    host = serve()
    process = serve.servers[-1]  # type: ignore[attr-defined]
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    with socket.socket() as probe:
        assert probe.connect_ex(("localhost", int(host.partition(":")[2]))) != 0
