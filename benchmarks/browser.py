"""A planner's browser: clicks on the page, and the time until the map has really changed.

A change is over at the second animation frame after the last change of the map's own elements,
once the map shows what it must: the frame with the new map has then been painted. Time is taken in
the browser, from the click's own event. A first map is timed from the start of the navigation.
"""

from __future__ import annotations

import base64
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Frame, Page, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.views import Step

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
LIMIT_MS = 240_000
QUIET_MS = 300  # without a further change of the map, a change counts as over
WINDOW = {"width": 1440, "height": 900}

# Runs in every frame: notes clicks, and when a change of the map has been painted. A frame's first,
# empty document gives way to the real one under the same window: watch() finds the new one.
_PROBE = """(() => {
    const now = () => performance.timeOrigin + performance.now();
    const probe = (window.probe = { now, clicked: 0, changed: 0, painted: 0, watch });
    let watched = null;
    addEventListener("click", () => { probe.clicked = now(); }, true);
    function changed() {
        probe.changed = now();
        requestAnimationFrame(() => requestAnimationFrame(() => { probe.painted = now(); }));
    }
    function onMap({ target }) {
        const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
        return element && element.closest(".leaflet-map-pane");
    }
    function watch() {
        if (watched === document) return;
        watched = document;
        const all = { subtree: true, childList: true, attributes: true, characterData: true };
        new MutationObserver((records) => records.some(onMap) && changed()).observe(document, all);
        if (document.querySelector(".leaflet-map-pane")) changed();
    }
})();"""

# Whether a map shows what it must: the project's own tells it, a baseline's paths are counted.
_RIGHT_PAGE = """(map, { shown, year }) => {
    const state = map.JituMap && map.JituMap.state();
    return state && state.ready && state.year === year && state.labels > 0
        && Object.entries(shown).every(([layer, count]) => state.shown[layer] === count);
}"""
_RIGHT_BASELINE = """(map, { shown, year }) => {
    const count = (layer) => map.document.querySelectorAll(`path.drawn-${layer}`).length;
    const label = map.document.querySelector("[data-year]");
    return label && label.dataset.year === String(year)
        && Object.entries(shown).every(([layer, number]) => count(layer) === number);
}"""
_WAIT = """async ({ expected, from, quiet, limit }) => {
    const right = %s;
    const start = from === "click" ? probe.clicked : performance.timeOrigin;
    const end = performance.now() + limit;
    while (performance.now() < end) {
        await new Promise(requestAnimationFrame);
        const fault = document.querySelector("[data-testid=stException]");
        if (fault) throw new Error(fault.innerText);
        for (const frame of document.querySelectorAll("iframe[title*=folium]")) {
            const map = frame.contentWindow;
            if (!map || !map.probe || frame.offsetHeight === 0) continue;
            map.probe.watch();
            const { changed, painted } = map.probe;
            const still = painted > changed && probe.now() - painted > quiet;
            if (changed > start && still && right(map, expected)) return painted - start;
        }
    }
    throw new Error(`the map did not come to show ${JSON.stringify(expected)}`);
}"""


@dataclass
class Traffic:
    """Bytes that reached the browser."""

    socket: int = 0
    http: int = 0
    messages: Counter[str] = field(default_factory=Counter)  # kind of message → bytes

    @property
    def total(self) -> int:
        """All bytes received."""
        return self.socket + self.http


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium.

    Raises
    ------
    FileNotFoundError
        There is none.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise FileNotFoundError("Chromium is not installed (Debian's package chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@contextmanager
def planner(browser: Browser) -> Iterator[BrowserContext]:
    """Yield a browser context with an empty cache."""
    context = browser.new_context(viewport=WINDOW, locale="zh-CN")  # type: ignore[arg-type]
    context.set_default_timeout(LIMIT_MS)
    context.add_init_script(_PROBE)
    yield context
    context.close()


class Sheet:
    """A page with its filters and its map."""

    def __init__(self, context: BrowserContext, address: str, *, is_baseline: bool) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.is_baseline = is_baseline
        self._wait = _WAIT % (_RIGHT_BASELINE if is_baseline else _RIGHT_PAGE)

    def open(self, shown: Mapping[str, int], year: int, query: str = "") -> float:
        """Open the page; return the milliseconds until its map was painted."""
        self.page.goto(self.address + query, wait_until="commit")
        painted = self._until(shown, year, "navigation")
        self.settle()
        return painted

    def take(self, step: Step, shown: Mapping[str, int]) -> float:
        """Change a filter; return the milliseconds from the click to the changed map."""
        if step.kind == "year":
            self.page.get_by_role("radio", name=step.value, exact=True).click()
        else:
            box = self.page.get_by_role("combobox", name="产业", exact=True)
            box.fill(step.value)
            # An option may tell how much it would show: 新能源 · 3.
            named = re.compile(rf"^{re.escape(step.value)}(\W+\d+)?$")
            self.page.get_by_role("option", name=named).click()
        took = self._until(shown, step.view.year, "click")
        self.page.keyboard.press("Escape")
        self.settle()
        return took

    def settle(self) -> None:
        """Wait until Streamlit has nothing to do."""
        idle = "[data-testid=stApp][data-test-script-state=notRunning]"
        self.page.wait_for_selector(idle, state="attached")
        self.page.wait_for_timeout(QUIET_MS)

    def look_at(self, lat: float, lon: float, zoom: float) -> None:
        """Move the map, further out than it lets a planner where need be."""
        least = min(zoom, 6)
        self.map.evaluate(
            "([lat, lon, zoom, least]) => { map.setMinZoom(least); map.setMaxBounds(null);"
            " map.setView([lat, lon], zoom, { animate: false }); }",
            [lat, lon, zoom, least],
        )
        self.settle()

    def view(self) -> list[float]:
        """Return the map's latitude, longitude and zoom."""
        place = "[map.getCenter().lat, map.getCenter().lng, map.getZoom()]"
        return [round(value, 4) for value in self.map.evaluate(place)]

    def open_details(self) -> None:
        """Open a baseline's popup on a core zone; the page opens its details by its address."""
        if self.is_baseline:
            self.map.evaluate(
                """() => {
                    const isCore = ({ options }) => options.className === "drawn-clusters-core";
                    const zone = Object.values(map._layers).find(isCore);
                    zone.fire("click", { latlng: zone.getBounds().getCenter() }, true);
                }"""
            )
            self.settle()
        assert self.has_details()  # noqa: S101 (a measurement of nothing measures nothing)

    def has_details(self) -> bool:
        """Return whether details of a feature are open."""
        if self.is_baseline:
            return self.map.locator(".leaflet-popup").count() > 0
        marked = len(self.map.evaluate("JituMap.state().selected")) > 0
        return marked and self.page.locator(".jitu-details").is_visible()

    @property
    def map(self) -> Frame:
        """The map's frame, which a baseline may replace at any change."""
        frame = self.page.wait_for_selector("iframe[title*=folium]").content_frame()
        if frame is None:
            raise RuntimeError("the map's frame has no document")
        return frame

    def _until(self, shown: Mapping[str, int], year: int, since: str) -> float:
        expected = {"shown": dict(shown), "year": year}
        argument = {"expected": expected, "from": since, "quiet": QUIET_MS, "limit": LIMIT_MS}
        return float(self.page.evaluate(self._wait, argument))


def listen(page: Page) -> Traffic:
    """Count from now on what reaches a page, its frames included."""
    traffic = Traffic()
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def message(event: dict[str, Any]) -> None:
        frame = event["response"]
        data = frame["payloadData"]
        if frame["opcode"] != 2:
            traffic.socket += len(data.encode())
            return
        payload = base64.b64decode(data)
        traffic.socket += len(payload)
        traffic.messages[kind(ForwardMsg.FromString(payload))] += len(payload)

    def loaded(event: dict[str, Any]) -> None:
        traffic.http += int(event["encodedDataLength"])

    session.on("Network.webSocketFrameReceived", message)
    session.on("Network.loadingFinished", loaded)
    return traffic


def kind(message: ForwardMsg) -> str:
    """Return what a message of Streamlit's is about.

    >>> message = ForwardMsg()
    >>> message.delta.new_element.markdown.body = "text"
    >>> kind(message)
    'markdown'
    """
    what = message.WhichOneof("type") or "nothing"
    if what != "delta":
        return what
    part = message.delta.WhichOneof("type") or "nothing"
    return (message.delta.new_element.WhichOneof("type") or part) if part == "new_element" else part
