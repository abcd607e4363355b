"""Measure what each part that reaches into Streamlit gives: ``python -m benchmarks.parts``.

``docs/streamlit.md`` lists these parts. One server runs for each part that is left out, and one
with all of them. They are measured in turn, round after round, so that a busy machine slows all of
them alike. In brackets: the ratio to the page with all parts.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

from playwright.sync_api import Browser, Page

from benchmarks.browser import chromium, planner
from benchmarks.figures import comparison

ROUNDS = 12
MEASURES = ("first map, new browser, ms", "click → changed map, ms", "click → changed figures, ms")
WITHOUT = {
    "all parts": "",
    "no cover": "import app.serving.cover as cover; cover.cover = lambda address: None",
    "no WebSocket protocol of ours": "server.websocket.install = lambda: None",
    "no hidden options": """
        hidden = {
            "global.minCachedMessageSize": 10_000,
            "global.maxCachedMessageAge": 2,
            "runner.postScriptGC": True,
        }
        settings = server.settings
        server.settings = lambda *a, **k: settings(*a, **k) | hidden
    """,
    "no optimistic updates": "",  # switched off in the browser
}
_CHANGED_MAP = "(year) => JituMap.maps[0].state().year === year"
_CHANGED_FIGURES = "(year) => document.querySelector('.jitu-headline').textContent.includes(year)"


@contextmanager
def served(patch: str, folder: Path) -> Iterator[str]:
    """Serve the page after a patch, and yield its address."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    code = f"import app.serving.server as server\n{dedent(patch)}\n"
    code += f"server.serve({port}, 'localhost', headless=True)"
    address = f"http://localhost:{port}/"
    with (folder / f"{port}.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-c", code], stdout=log, stderr=log)
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"{address}health", timeout=30).close()  # noqa: S310
                    break
                except OSError:
                    time.sleep(0.2)
            yield address
        finally:
            server.terminate()
            server.wait()


def measure(browser: Browser, address: str, *, is_optimistic: bool) -> tuple[float, float, float]:
    """Visit the page once; return the measures in milliseconds."""
    with planner(browser) as context:
        page = context.new_page()
        page.goto(address, wait_until="commit")
        page.wait_for_function("window.JituMap?.maps.length && JituMap.maps[0].state().labels > 0")
        first = page.evaluate("performance.now()")
        page.wait_for_function("!document.querySelector('#jitu-cover')")
        page.wait_for_timeout(1500)
        if not is_optimistic:
            page.evaluate("JituMap.maps[0].filter_options().year = {}")
        return float(first), *clicked(page, 2027)


def clicked(page: Page, year: int) -> tuple[float, float]:
    """Choose a year; return the milliseconds until the map and the figures have changed."""
    page.evaluate(
        """([year, map, figures]) => {
            window.times = {};
            addEventListener("click", () => {
                const start = performance.now();
                (function look() {
                    if (!times.map && eval(map)(year)) times.map = performance.now() - start;
                    if (!times.figures && eval(figures)(year))
                        times.figures = performance.now() - start;
                    if (!times.map || !times.figures) requestAnimationFrame(look);
                })();
            }, { once: true, capture: true });
        }""",
        [year, _CHANGED_MAP, _CHANGED_FIGURES],
    )
    page.get_by_role("radio", name=f"{year}年", exact=True).click()
    page.wait_for_function("times.map && times.figures")
    times = page.evaluate("times")
    return times["map"], times["figures"]


def main() -> None:
    """Print the table."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        addresses = {
            title: stack.enter_context(served(patch, Path(folder)))
            for title, patch in WITHOUT.items()
        }
        browser = stack.enter_context(chromium())
        found: dict[str, list[tuple[float, float, float]]] = {title: [] for title in addresses}
        for number in range(ROUNDS + 1):
            for title, address in addresses.items():
                is_optimistic = title != "no optimistic updates"
                measured = measure(browser, address, is_optimistic=is_optimistic)
                if number:  # the first visit builds the atlas
                    found[title].append(measured)
    rows = [
        (name, [statistics.median(values[i] for values in found[title]) for title in found])
        for i, name in enumerate(MEASURES)
    ]
    print(comparison(list(found), rows))


if __name__ == "__main__":
    main()
