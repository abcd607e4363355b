"""Take the README's picture of the page in Chromium, without network access.

    python scripts/make_pictures.py

The script needs the test dependencies and Chromium (Debian's package ``chromium``).
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "pictures" / "page.png"
VIEW = "?year=2027&at=115.52,40.41&feature=clusters:001-key-03"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DRAWN = """() => window.JituMap && JituMap.maps.length && JituMap.maps[0].state().labels > 0
    && !document.querySelector("#jitu-cover")"""


def main() -> None:
    """Start the app on a free port, take the picture and stop the app."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py")]
    command += ["--server.port", str(port), "--server.headless", "true"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://localhost:{port}/_stcore/health")
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        take(f"http://localhost:{port}/{VIEW}")
    finally:
        server.terminate()
        server.wait()
    print(f"{PICTURE} ({PICTURE.stat().st_size:,} bytes)")


def wait_for(url: str) -> None:
    """Wait until the app answers."""
    for _ in range(60):
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 — our own localhost
        except OSError:
            time.sleep(1)
        else:
            return
    raise SystemExit("the app did not answer")


def take(url: str) -> None:
    """Open the page at 1440×900 and save a screenshot."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Chromium is missing: install Debian's package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.goto(url)
        page.wait_for_function(DRAWN)
        page.wait_for_timeout(1000)  # fonts and the last label pass
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
