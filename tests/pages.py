"""The page as a planner uses it, for tests with a browser: what one can do there, and wait for.

The fixtures that open it (``visit`` and what it needs) stand in ``conftest.py``.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import (
    ConsoleMessage,
    Locator,
    Page,
    Request,
    WebError,
    WebSocket,
    WebSocketRoute,
    expect,
)

from layers.catalogue import KINDS

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
DRAWN = """window.JituMap && JituMap.maps.length && JituMap.maps[0].state().labels > 0
    && !document.querySelector("#jitu-cover")"""
LIMIT = 30_000  # ms; how long anything may take before it counts as missing
expect.set_options(timeout=LIMIT)
FIRST = {
    "clusters": 17,
    "clusters-core": 27,
    "clusters-radiation": 35,
    "layout": 9,
    "admin-cities": 11,
    "admin-counties": 167,
}
HUAILAI = [40.41, 115.52]  # latitude, longitude
HUAILAI_CORE = "clusters-core:001-key-03:130730"


def wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    """Wait until a server answers; if it does not, end it and fail."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            direct.open(url, timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    stop(server)
    pytest.fail(f"the page did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


def stop(server: subprocess.Popen) -> None:
    """End the command and the server it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, sign)
            server.wait(10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        else:
            return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def started(
    command: Sequence[str | Path],
    port: int,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> tuple[subprocess.Popen, Path]:
    """Start a server in a folder and wait until the page answers; returns it and its log."""
    log = folder / f"server-{port}.log"
    with log.open("ab") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    wait_for(f"http://localhost:{port}/_stcore/health", server, log)
    return server, log


@contextmanager
def served(jitu: str, environment: Mapping[str, str], folder: Path) -> Iterator[str]:
    """Run the page's server in a folder, and yield its address."""
    port = free_port()
    command = [jitu, "app", "--headless", "--port", str(port)]
    server, _ = started(command, port, folder, environment)
    try:
        yield f"http://localhost:{port}/"
    finally:
        stop(server)


class Sheet:
    """The page and its map, in a planner's words."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.altered = False  # in a way that outlives the load; no other test gets the page then

    def open(self, query: str = "") -> Sheet:
        self.page.goto(self.address + query)
        return self.ready()

    def leave(self) -> None:
        """Leave the page, and with it all that it stored."""
        self.page.mouse.move(0, 0)
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.page.context.clear_cookies()
        self.page.goto("about:blank")

    def ready(self) -> Sheet:
        """Wait until the map is drawn, the script has run to its end and fonts have arrived."""
        self.until(DRAWN)
        self.settled()
        self.until("document.fonts.status === 'loaded'")
        return self

    def settled(self) -> None:
        """Wait until Streamlit has nothing to do; tables and downloads are then up to date.

        Right after a click it has not begun: first wait for a sign that the server has answered,
        such as the address or a text. The map is none, it may show a choice before that.
        """
        self.page.wait_for_selector(
            "[data-testid=stApp][data-test-script-state=notRunning]", state="attached"
        )

    def turn_to(self, tab: str) -> None:
        """Open a tab and wait for what it holds; a click on a page at work may be lost."""
        for _ in range(10):
            self.settled()
            self.page.get_by_role("tab", name=tab, exact=True).click()
            with suppress(AssertionError):
                self.until_open(tab, LIMIT / 10)
                return
        pytest.fail(f"the tab {tab} does not open")

    def until_open(self, tab: str, timeout: float = LIMIT) -> None:
        """Wait for what a tab holds; it opens, still empty, before the server has answered."""
        panel = self.page.get_by_role("tabpanel", name=tab, exact=True)
        held = panel.get_by_test_id("stElementContainer").locator("visible=true")
        expect(held.first).to_be_visible(timeout=timeout)
        self.settled()

    def until(self, expression: str, arg: Any = None) -> None:
        self.page.wait_for_function(f"(arg) => {expression}", arg=arg, timeout=LIMIT)

    @property
    def maps(self) -> Locator:
        """The maps on the page: one, or two where years are compared."""
        return self.page.locator(".jitu-map")

    @property
    def map(self) -> Locator:
        return self.maps.first

    def state(self, n: int = 0) -> dict[str, Any]:
        return self.page.evaluate("(n) => JituMap.maps[n].state()", n)

    def until_shown(self, **expected: Any) -> None:
        """Wait for parts of the map's state, and say what it is where they do not come."""
        same = """JituMap.maps.length && Object.entries(arg).every(([key, value]) => {
            const sorted = (v) => JSON.stringify(v && typeof v === "object" && !Array.isArray(v)
                ? Object.entries(v).sort() : v);
            return sorted(JituMap.maps[0].state()[key]) === sorted(value);
        })"""
        try:
            self.until(same, expected)
        except Exception as error:
            raise AssertionError(f"wanted {expected}, the map shows {self.state()}") from error

    def query(self) -> dict[str, str]:
        found = parse_qs(self.page.evaluate("location.search.slice(1)"))
        return {name: values[-1] for name, values in found.items()}

    def until_address(self, **expected: str) -> None:
        """Wait until the address has exactly these parameters."""
        wanted = """(expected) => {
            const found = [...new URLSearchParams(location.search)].sort();
            return JSON.stringify(found) === JSON.stringify(Object.entries(expected).sort());
        }"""
        try:
            self.page.wait_for_function(wanted, arg=expected, timeout=LIMIT)
        except Exception as error:
            raise AssertionError(f"wanted {expected}, the address is {self.page.url}") from error

    # What one can do.

    def choose_year(self, year: int) -> None:
        self.page.get_by_role("radio", name=f"{year}年", exact=True).click()

    def choose(self, filter_title: str, value: str) -> None:
        """Choose a value in one of the lists above the map."""
        box = self.page.get_by_role("combobox", name=filter_title, exact=True)
        box.fill(value)
        self.page.get_by_role("option", name=re.compile(f"^{value} · ")).click()
        self.page.keyboard.press("Escape")

    def switch(self, layer: str) -> None:
        """Switch a layer on or off."""
        self.page.locator(".st-key-layers").get_by_text(KINDS[layer].title, exact=True).click()

    def click_map(self, at: list[float]) -> None:
        self.map.scroll_into_view_if_needed()
        x, y = self.page.evaluate(
            """(at) => {
                const { x, y } = JituMap.maps[0].map.latLngToContainerPoint(at);
                return [x, y];
            }""",
            at,
        )
        self.map.click(position={"x": x, "y": y})

    def download(self) -> Any:
        """Open the downloads and take what is offered first."""
        self.page.get_by_role("button", name=re.compile(r"下载.*所示 \d+ 个图层")).click()
        offer = self.page.get_by_role("button", name="下载", exact=True)
        expect(offer).to_be_visible()
        self.settled()
        with self.page.expect_download() as begun:
            offer.click()
        self.page.keyboard.press("Escape")
        return begun.value

    @property
    def headline(self) -> Locator:
        return self.page.locator(".jitu-headline")

    @property
    def details(self) -> Locator:
        return self.page.locator(".jitu-details")


class Watch:
    """What goes wrong in the browser while a test has a page."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.notes: dict[Any, Callable[[Any], None]] = {
            "request": self.request,
            "requestfailed": self.request_failed,
            "console": self.console,
            "weberror": self.error,
        }

    def begin(self, page: Page) -> None:
        for event, note in self.notes.items():
            page.context.on(event, note)
        page.on("websocket", self.socket)

    def end(self, page: Page) -> None:
        for event, note in self.notes.items():
            page.context.remove_listener(event, note)
        page.remove_listener("websocket", self.socket)

    def request(self, request: Request) -> None:
        self.address("request", request.url)

    def socket(self, socket: WebSocket) -> None:
        self.address("socket", socket.url)

    def address(self, what: str, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "localhost":
            self.wrong.append(f"{what} to {url}")

    def request_failed(self, request: Request) -> None:
        # A page that is left, or a download that begins, ends its requests early.
        if request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"{request.failure}: {request.url}")

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrong.append(f"console: {message.text}")

    def error(self, error: WebError) -> None:
        self.wrong.append(f"error: {error.error}")


class Line:
    """The connection of a page's next loads with the server, whose answers can be held."""

    def __init__(self, sheet: Sheet) -> None:
        self.held = False
        self.waiting: list[bytes] = []
        self.withheld: Callable[[bytes], bool] = lambda _: False
        sheet.altered = True
        sheet.page.route_web_socket("**/_stcore/stream", self.connect)

    def connect(self, page: WebSocketRoute) -> None:
        self.page = page
        server = page.connect_to_server()
        page.on_message(server.send)
        server.on_message(self.message)

    def message(self, data: Any) -> None:
        if self.held:
            self.waiting.append(data)
        elif not self.withheld(data):
            self.page.send(data)

    def hold(self) -> None:
        """Keep back what the server says from now on."""
        self.held = True

    def release(self, *, but: Callable[[bytes], bool] | None = None) -> None:
        """Let the page have it, in its order, and what comes after; `but` stays back for good."""
        self.withheld = but or self.withheld
        self.held = False
        while self.waiting:
            self.message(self.waiting.pop(0))
