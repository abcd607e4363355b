"""The server as `jitu app` starts it: page, API and health on one port, and what it logs."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from test_ogc import Fixed, no_page

from app.page import assets
from app.serving import server
from layers.catalogue import KINDS

ROOT = Path(__file__).resolve().parent.parent
START = """
import sys
from app.serving.server import serve
serve(int(sys.argv[1]), "localhost", headless=True)
"""
TOKEN = "a-secret-token"  # noqa: S105


class Running:
    """A server in a process of its own, its address and what it wrote."""

    def __init__(self, folder: Path, prefix: str = "", **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            self.port = probe.getsockname()[1]
        self.prefix = prefix
        self.log = folder / "server.log"
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("JITU_", "STREAMLIT_"))}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", START, str(self.port)],
                cwd=folder,
                env=clean | settings | {"PYTHONPATH": str(ROOT)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + 90
        while self.get("/_stcore/health")[0] != 200:
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                pytest.fail(f"the server did not start:\n{self.written()}")
            time.sleep(0.1)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Ask for a path below the prefix; status 0 where nobody answers."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", self.prefix + path, headers=named)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read()
        except OSError:
            return 0, {}, b""
        finally:
            connection.close()

    def written(self, wanted: str = "") -> str:
        """What is in the log, once a `wanted` line is: it comes after the answer it tells of."""
        end = time.monotonic() + 30
        while wanted not in self.log.read_text(encoding="utf-8") and time.monotonic() < end:
            time.sleep(0.1)
        return self.log.read_text(encoding="utf-8")

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Running]:
    """The server below a prefix, with a token and the access log."""
    made = Running(
        tmp_path_factory.mktemp("server"),
        "/plans/jitu",
        STREAMLIT_SERVER_BASE_URL_PATH="/plans/jitu",
        JITU_LOG="json",
        JITU_TOKEN=TOKEN,
    )
    yield made
    made.stop()
    assert "Traceback" not in made.written()


def test_page_api_and_health_share_a_port(running):
    status, headers, body = running.get("/")
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/html")
    assert b"<title>" in body
    assert running.get("/app/static/map/map.js")[0] == 200
    for path in ("/ogc", "/ogc/"):
        status, headers, body = running.get(path)
        assert (status, headers["content-type"]) == (200, "application/json")
    base = f"http://localhost:{running.port}/plans/jitu/ogc"
    links = [one["href"] for one in json.loads(body)["links"]]
    assert all(href.startswith(base) for href in links)
    assert json.loads(running.get("/ogc/collections/clusters/items")[2])["numberMatched"] == 17


def test_links_behind_a_proxy(running):
    _, _, body = running.get(
        f"/ogc?token={TOKEN}", X_Forwarded_Proto="https", X_Forwarded_Host="plans.example"
    )
    links = [one["href"] for one in json.loads(body)["links"]]
    assert all(href.startswith("https://plans.example/plans/jitu/ogc") for href in links)
    assert all(f"token={TOKEN}" in href for href in links)


def test_health_needs_no_token_and_tells_no_secret(running, atlas):
    status, headers, body = running.get("/health", X_Forwarded_For="10.1.2.3")
    assert (status, headers["content-type"]) == (200, "application/json")
    content = json.loads(body)
    assert content == {
        "status": "ok",
        "data_version": atlas.records.data_version,
        "layers": {layer: len(atlas.frames[layer]) for layer in KINDS},
    }


def test_the_log_says_what_was_asked_and_not_by_whom(running):
    running.get(f"/ogc/collections/clusters/items?name=secret-name&token={TOKEN}")
    running.get("/ogc/collections/clusters/items/secret-feature", X_Forwarded_For="10.9.8.7")
    running.get("/secret-path?token=secret-query", User_Agent="secret-agent")
    running.get("/ogc?token=secret-wrong", X_Forwarded_For="10.9.8.7")
    text = running.written('"path": "/ogc", "status": 401')
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert {frozenset(line) for line in lines} == {
        frozenset({"time", "method", "path", "status", "ms"})
    }
    seen = {(line["method"], line["path"], line["status"]) for line in lines}
    assert ("GET", "/ogc/collections/{layer}/items", 200) in seen
    assert ("GET", "/ogc/collections/{layer}/items/{feature}", 401) in seen
    assert ("GET", "/ogc", 401) in seen
    for secret in (TOKEN, "secret", "10.9.8.7", "127.0.0.1", "User-Agent"):
        assert secret not in text


def test_the_document_names_the_files_of_the_map(running):
    """Each is there, under the address that the page asks for, and named before Streamlit's."""
    status, headers, content = running.get("/")
    text = content.decode("utf-8")
    assert status == 200
    assert headers["cache-control"] == "no-store"
    named = re.findall(r'<link rel="[\w ]+"(?: as="\w+")? href="\./(app/static/[^"]+)"', text)
    for address in named:
        assert running.get(f"/{address}")[0] == 200, address
    names = {address.partition("?")[0].rpartition("/")[2] for address in named}
    assert {"leaflet.js", "map.js", "map.css", "mount.js", "answers.js", "cover.js"} <= names
    assert text.index(named[-1]) < text.index("./static/js/index")


def test_the_document_speaks_the_language_of_its_address(running):
    chinese, english = (running.get(path)[2].decode("utf-8") for path in ("/", "/?lang=en"))
    assert '<html lang="zh-CN">' in chinese
    assert "<title>冀图</title>" in chinese
    assert "<noscript><p>本页需要 JavaScript。</p></noscript>" in chinese
    assert "Streamlit</title>" not in chinese
    assert '<html lang="en">' in english
    assert "This page needs JavaScript." in english


def test_messages_are_compressed_with_a_memory_of_a_whole_rerun(running):
    """Without a limit of the server's window in the answer it is 32 kB; uvicorn's own is 4."""
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
    }
    connection = http.client.HTTPConnection("localhost", running.port, timeout=30)
    connection.request("GET", "/plans/jitu/_stcore/stream", headers=upgrade)
    answer = connection.getresponse()
    extensions = answer.headers["Sec-WebSocket-Extensions"]
    connection.close()
    assert answer.status == 101
    assert extensions.startswith("permessage-deflate")
    assert "server_max_window_bits" not in extensions
    assert "server_no_context_takeover" not in extensions


@pytest.mark.browser
def test_the_page_works_and_the_api_shows_the_same(running, browser):
    """The map is drawn, a filter changes it over the WebSocket; the API's pages fetch nothing."""
    wrong: list[str] = []
    outside: list[str] = []
    with browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN") as context:
        page = context.new_page()
        page.set_default_timeout(90_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: m.type == "error" and wrong.append(m.text))
        page.on("request", lambda r: "//localhost:" in r.url or outside.append(r.url))
        page.goto(f"http://localhost:{running.port}/plans/jitu/?tier=key")
        page.wait_for_function("() => window.JituMap?.maps[0]?.state().ready")
        assert page.evaluate("JituMap.maps[0].state().shown.clusters") == 9
        page.goto(f"http://localhost:{running.port}/plans/jitu/ogc/collections/clusters/items")
        page.get_by_label("集群层级").select_option("key")
        page.get_by_role("button", name="筛选").click()
        page.get_by_text("共 9 个").wait_for()
        assert page.get_by_role("row").count() == 10
        page.get_by_role("link", name="张家口大数据产业集群").click()
        page.get_by_text("怀来县、张北县").wait_for()
    assert [one for one in outside if not one.startswith(("data:", "blob:"))] == []
    assert wrong == []
    connected = '"WEBSOCKET", "path": "/_stcore/stream", "status": 101'
    assert connected in running.written(connected)


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX's signals")
def test_plain_and_quiet_until_a_signal_ends_it(tmp_path):
    made = Running(tmp_path)
    assert made.get(f"/ogc?token={TOKEN}")[0] == 200
    assert made.get("/ogc", Host="plans.example")[0] == 403
    assert made.get(f"/ogc?token={TOKEN}", X_Forwarded_For="10.1.2.3")[0] == 403
    made.process.send_signal(signal.SIGTERM)
    made.process.wait(30)
    assert TOKEN not in made.written()
    assert not re.search(r"GET|Traceback", made.written())
    with socket.socket() as probe:
        assert probe.connect_ex(("localhost", made.port)) != 0


def test_a_proxy_that_does_the_login_is_believed(tmp_path):
    """uvicorn would otherwise put the far address in the peer's place, and it would be refused."""
    made = Running(tmp_path, JITU_TRUST_PROXY="1", JITU_TOKEN="")
    try:
        assert made.get("/ogc", X_Forwarded_For="10.1.2.3", Host="plans.example")[0] == 200
    finally:
        made.process.send_signal(signal.SIGTERM)
        made.process.wait(30)


def test_the_data_is_read_again_when_it_changes(tmp_path, data_copy):
    made = Running(tmp_path, JITU_DATA=str(data_copy))
    try:
        plan = data_copy / "plans" / "001.yaml"
        before = plan.read_text(encoding="utf-8")
        version = json.loads(made.get("/health")[2])["data_version"]
        plan.write_text(before.replace("张家口大数据产业集群", "改了名的集群"), encoding="utf-8")
        changed = json.loads(made.get("/health")[2])
        item = json.loads(made.get("/ogc/collections/clusters/items/clusters:001-key-03")[2])
        assert changed["data_version"] != version
        assert item["properties"]["name"] == "改了名的集群"

        plan.write_text(before + "\nnonsense: true\n", encoding="utf-8")
        status, _, body = made.get("/health")
        assert (status, json.loads(body)["status"]) == (503, "faults")
        assert "jitu check" in json.loads(body)["detail"]
        assert made.get("/ogc")[0] == 503

        plan.write_text(before, encoding="utf-8")
        assert made.get("/ogc")[0] == 200
    finally:
        made.stop()


# -- the parts ---------------------------------------------------------------------------------


def answer(application: Any, path: str, **scope: Any) -> tuple[int, dict[str, str], bytes]:
    """Ask an ASGI application and return status, headers and body."""
    sent: list[dict[str, Any]] = []
    body = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if not body:
            await asyncio.Event().wait()  # the client waits for the whole answer
        return body.pop()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asked = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"accept-encoding", b"gzip")],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        **scope,
    }
    with ThreadPoolExecutor() as other:  # Playwright's event loop may have this thread
        other.submit(asyncio.run, application(asked, receive, send)).result()
    start, *parts = sent
    headers = {name.decode(): value.decode() for name, value in start.get("headers", [])}
    return start["status"], headers, b"".join(part.get("body", b"") for part in parts)


def call(application: Any, path: str, **scope: Any) -> int:
    """Ask an ASGI application and return the status."""
    return answer(application, path, **scope)[0]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ogc", 200),
        ("/ogc/", 200),
        ("/ogc/conformance", 200),
        ("/ogc/x", 404),
        ("/health", 200),
        ("/", 200),
        ("/app/static/atlas/map-0123456789abcdef.js", 404),
        ("/app/static/atlas", 418),
        ("/app/static/map/map.js", 418),
        ("/ogcx", 418),
        ("/healthy", 418),
        ("/plans/ogc", 418),
        ("/_stcore/health", 418),
    ],
)
def test_who_answers_for_a_path(atlas, path, status):
    assert call(server.Front(no_page, Fixed(atlas)), path) == status


def test_from_another_machine_there_is_no_api_without_a_token(atlas, monkeypatch):
    monkeypatch.delenv("JITU_TOKEN", raising=False)
    front = server.Front(no_page, Fixed(atlas))
    assert call(front, "/ogc", client=("10.1.2.3", 1)) == 403
    assert call(front, "/health", client=("10.1.2.3", 1)) == 200
    monkeypatch.setenv("JITU_TOKEN", TOKEN)
    assert call(front, "/ogc", client=("10.1.2.3", 1)) == 401
    query = f"token={TOKEN}".encode()
    assert call(front, "/ogc", client=("10.1.2.3", 1), query_string=query) == 200


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Iterator[Path]:
    """The user's cache, which takes the map's files because ``static`` is not writable."""
    (tmp_path / "file").touch()
    monkeypatch.setattr(assets, "STATIC", tmp_path / "file")
    monkeypatch.setattr(assets.platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    monkeypatch.setattr(assets.connection, "is_served", lambda: True)
    assets._first_writable.cache_clear()
    yield tmp_path / "cache"
    assets._first_writable.cache_clear()


def test_the_maps_files_come_from_the_cache_if_need_be(atlas, cache, monkeypatch):
    monkeypatch.setattr(assets, "versioned_address", lambda name: name)
    published = assets.publish(atlas)
    assert (cache / published.chinese.module).is_file()
    front = server.Front(no_page, Fixed(atlas))
    for name in (published.chinese.module, *published.english.data):
        status, headers, body = answer(front, f"/app/static/{name}")
        assert status == 200
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        assert body == (cache / name).read_bytes()
        assert headers["cache-control"] == "private, max-age=31536000, immutable"
        kind = "text/javascript" if name.endswith(".js") else "application/json"
        assert headers["content-type"].partition(";")[0] == kind
        assert call(front, f"/app/static/{name}", method="HEAD") == 200
        assert call(front, f"/app/static/{name}", method="POST") == 405
    assert headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "name",
    [
        "secret.json", "../secret.json", "..%2fsecret.json", "%2e%2e/secret.json", "", ".",
        "x%00.js", "counties-0123456789abcdef.json", "/etc/hostname", "..%5csecret.json",
        "counties-0123456789abcdef.json/..", "a" * 5000 + "-0123456789abcdef.js",
    ],
)  # fmt: skip
def test_no_other_file_is_sent(atlas, cache, name):
    cache.mkdir()
    for folder in (cache, cache / "atlas", cache.parent):
        folder.mkdir(exist_ok=True)
        (folder / "secret.json").write_text("{}", encoding="utf-8")
    front = server.Front(no_page, Fixed(atlas))
    path = unquote(f"/app/static/atlas/{name}")
    assert call(front, path, raw_path=path.encode()) in (404, 418)


def test_there_is_always_a_folder_for_the_maps_files(cache):
    cache.write_text("not a folder", encoding="utf-8")
    chosen = assets.writable_folder()
    assert chosen == assets.writable_folder()
    assert chosen.name.startswith("jitu-")
    assert chosen.is_dir()


@pytest.mark.usefixtures("cache")
def test_plain_streamlit_keeps_to_the_folder_that_it_serves(monkeypatch):
    monkeypatch.setattr(assets.connection, "is_served", lambda: False)
    assert assets.writable_folder() == assets.STATIC


@pytest.mark.parametrize(
    "path", [None, "/x/y", "/ogc/secret", "/health/secret", "", "/" + "a" * 99]
)
def test_a_pattern_holds_nothing_of_an_unknown_path(path):
    assert server.pattern(path) in ("/{path}", "/")
