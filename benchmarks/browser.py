"""Drive the page in Chromium and time each change of the map.

A change ends at the second animation frame after the last mutation of the map's elements, provided
that the map shows the expected features. By then the browser has painted the new map. The browser
itself takes the time, from the click event or, for a first map, from the start of the navigation.
"""

from __future__ import annotations

import base64
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Frame, Page, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.views import Step

# Without background requests of the browser. The tests start Chromium in the same way.
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
_BINARY = 2  # opcode of a WebSocket frame; Streamlit sends no other
QUIET_MS = 300  # a change ends after so long without a mutation of the map or a running script
WINDOW = {"width": 1440, "height": 900}

# Runs in every frame. It records the time of clicks and of painted changes of the map. It observes
# only the element that `watch` names, so that the measurement does not slow the page down.
_PROBE = """(() => {
    const now = () => performance.timeOrigin + performance.now();
    const probe = (window.probe = { now, clicked: 0, changed: 0, painted: 0, watch });
    const observer = new MutationObserver((records) => records.some(onMap) && changed());
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
    function watch(place) {
        if (watched === place) return;
        watched = place;
        observer.disconnect();
        const all = { subtree: true, childList: true, attributes: true, characterData: true };
        observer.observe(place, all);
        if (place.querySelector(".leaflet-map-pane")) changed();
    }
})();"""

# The maps of a page, each with the element to watch and a test for the expected features. The map
# of the project's page is in its own document and reports what it shows. A baseline's map is in a
# frame, and its paths are counted. The frame's first document is empty and is replaced under the
# same window.
_PAGE = """({ shown, year }) => (window.JituMap ? JituMap.maps.slice(0, 1) : []).map((map) => ({
    probe,
    place: map.element,
    right() {
        const state = map.state();
        return state.ready && state.year === year && state.labels > 0
            && Object.entries(shown).every(([layer, count]) => state.shown[layer] === count);
    },
}))"""
_BASELINE = """({ shown, year }) => [...document.querySelectorAll("iframe[title*=folium]")]
    .filter((frame) => frame.offsetHeight > 0 && frame.contentWindow?.probe)
    .map(({ contentWindow, contentDocument }) => ({
        probe: contentWindow.probe,
        place: contentDocument,
        right() {
            const count = (layer) => contentDocument.querySelectorAll(`path.drawn-${layer}`).length;
            const label = contentDocument.querySelector("[data-year]");
            return label && label.dataset.year === String(year)
                && Object.entries(shown).every(([layer, number]) => count(layer) === number);
        },
    }))"""
# A map may change at once in the browser and again after the server's answer. The change ends when
# the map is right and both have been idle for a while. Its time is that of the last mutation.
_WAIT = """async ({ expected, from, quiet, limit }) => {
    const maps = %s;
    const start = from === "click" ? probe.clicked : performance.timeOrigin;
    const end = performance.now() + limit;
    let busy = probe.now();
    while (performance.now() < end) {
        await new Promise(requestAnimationFrame);
        const fault = document.querySelector("[data-testid=stException]");
        if (fault) throw new Error(fault.innerText);
        const idle = "[data-testid=stApp][data-test-script-state=notRunning]";
        const cover = document.querySelector("#jitu-cover");
        if (cover || !document.querySelector(idle)) busy = probe.now();
        for (const map of maps(expected)) {
            map.probe.watch(map.place);
            const { changed, painted } = map.probe;
            const still = painted > changed && probe.now() - Math.max(painted, busy) > quiet;
            if (changed > start && still && map.right()) return [painted - start, busy - start];
        }
    }
    throw new Error(`the map did not come to show ${JSON.stringify(expected)}`);
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium.

    Raises
    ------
    FileNotFoundError
        Chromium is not installed.
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
        self.rested_ms = 0.0  # from the same start until the script had finished
        self._wait = _WAIT % (_BASELINE if is_baseline else _PAGE)

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
            # An option may end with the number of features it would show: 新能源 · 3.
            named = re.compile(rf"^{re.escape(step.value)}( · \d+)?$")
            self.page.get_by_role("option", name=named).click()
        took = self._until(shown, step.view.year, "click")
        self.page.keyboard.press("Escape")
        self.settle()
        return took

    def settle(self) -> None:
        """Wait until Streamlit is idle."""
        idle = "[data-testid=stApp][data-test-script-state=notRunning]"
        self.page.wait_for_selector(idle, state="attached")
        self.page.wait_for_timeout(QUIET_MS)

    def look_at(self, lat: float, lon: float, zoom: float) -> None:
        """Move the map, if necessary to a smaller zoom than the page allows."""
        least = min(zoom, 6)
        self._on_map(
            "([lat, lon, zoom, least]) => { map.setMinZoom(least); map.setMaxBounds(null);"
            " map.setView([lat, lon], zoom, { animate: false }); }",
            [lat, lon, zoom, least],
        )
        self.settle()

    def view(self) -> list[float]:
        """Return the map's latitude, longitude and zoom."""
        place = self._on_map("() => [map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
        return [round(value, 4) for value in place]

    def open_details(self) -> None:
        """Open a popup of a core zone in a baseline; the address opens the details on the page."""
        if self.is_baseline:
            self._on_map(
                """() => {
                    const isCore = ({ options }) => options.className === "drawn-clusters-core";
                    const zone = Object.values(map._layers).find(isCore);
                    zone.fire("click", { latlng: zone.getBounds().getCenter() }, true);
                }"""
            )
            self.settle()
        assert self.has_details()  # noqa: S101 (otherwise nothing is measured)

    def has_details(self) -> bool:
        """Return whether details of a feature are open."""
        if self.is_baseline:
            return self._frame().locator(".leaflet-popup").count() > 0
        marked = len(self.page.evaluate("JituMap.maps[0].state().selected")) > 0
        return marked and self.page.locator(".jitu-details").is_visible()

    def _on_map(self, function: str, argument: Any = None) -> Any:
        """Call a JavaScript function in which `map` is the Leaflet map."""
        if self.is_baseline:
            return self._frame().evaluate(function, argument)
        map_ = "const { map } = JituMap.maps[0];"
        return self.page.evaluate(f"(arg) => {{ {map_} return ({function})(arg); }}", argument)

    def _frame(self) -> Frame:
        """Return the frame of a baseline, which a change may replace."""
        frame = self.page.wait_for_selector("iframe[title*=folium]").content_frame()
        if frame is None:
            raise RuntimeError("the map's frame has no document")
        return frame

    def _until(self, shown: Mapping[str, int], year: int, since: str) -> float:
        expected = {"shown": dict(shown), "year": year}
        argument = {"expected": expected, "from": since, "quiet": QUIET_MS, "limit": LIMIT_MS}
        painted, rested = self.page.evaluate(self._wait, argument)
        self.rested_ms = float(rested)
        return float(painted)


def listen(page: Page) -> Counter[str]:
    """Count the decompressed bytes of a page's WebSocket messages from now on, by kind."""
    sizes: Counter[str] = Counter()
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def message(event: dict[str, Any]) -> None:
        frame = event["response"]
        if frame["opcode"] == _BINARY:
            payload = base64.b64decode(frame["payloadData"])
            sizes[kind(ForwardMsg.FromString(payload))] += len(payload)

    session.on("Network.webSocketFrameReceived", message)
    return sizes


def kind(message: ForwardMsg) -> str:
    """Return the kind of a Streamlit message.

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
