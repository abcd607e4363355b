"""Start the servers to measure: a copy of the project, restarted for each way of drawing.

The project is copied once, so that nothing changes during a run and no file is written into the
project itself. CPU time and memory are read from ``/proc``, so the benchmark runs on Linux only.
"""

from __future__ import annotations

import compileall
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("app", "benchmarks", "data", "geo", "layers", "static", ".streamlit", "streamlit_app.py")
PAGE = ("-c", "from app.command.cli import run; run()", "app", "--headless", "--port", "{port}")
STREAMLIT = (
    *("-m", "streamlit", "run", "{script}", "--server.port", "{port}"),
    *("--server.headless", "true", "--server.address", "localhost"),
    *("--server.enableStaticServing", "true"),
    *("--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"),
)
# The settings of .streamlit/config.toml that make a rerun of any page cheaper.
SETTINGS = (
    "runner.postScriptGC",  # by default a full garbage collection after every rerun
    "server.enableWebsocketCompression",  # by default none
    "global.minCachedMessageSize",
    "global.maxCachedMessageAge",
)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Way:
    """One way to draw the map: the project's page, or a script of ``baselines``."""

    id: str
    title: str
    script: str | None = None
    has_settings: bool = False  # the page's SETTINGS instead of Streamlit's own

    def command(self, project: Path, port: int) -> list[str]:
        """Return the command that serves it."""
        if self.script is None:
            parts = PAGE
        elif self.has_settings:
            parts = (*STREAMLIT, *settings(project))
        else:
            parts = STREAMLIT
        script = project / "benchmarks/baselines" / f"{self.script}.py"
        return [sys.executable, *(part.format(port=port, script=script) for part in parts)]


def settings(project: Path) -> Iterator[str]:
    """Yield the page's settings as Streamlit's command line takes them."""
    found = tomllib.loads((project / ".streamlit/config.toml").read_text(encoding="utf-8"))
    for name in SETTINGS:
        section, _, key = name.partition(".")
        yield from (f"--{name}", json.dumps(found[section][key]))


@dataclass(frozen=True)
class Server:
    """A running server."""

    address: str
    pid: int

    def cpu_ms(self) -> float:
        """Return the CPU time it has used, all threads, in milliseconds."""
        text = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        user, system = text.rpartition(")")[2].split()[11:13]
        return 1000 * (int(user) + int(system)) / _TICKS

    def rss_mb(self) -> float:
        """Return its resident memory in MB."""
        text = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        line = next(line for line in text.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1000


def copy_project(folder: Path) -> Path:
    """Copy the files that a server needs into `folder`, but no generated files; compile them."""
    made = shutil.ignore_patterns("__pycache__", "atlas")  # static/atlas: published files
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=made)
        else:
            shutil.copy2(ROOT / part, folder / part)
    # Streamlit serves the folder "static" that lies beside the script.
    vendored = folder / "benchmarks/baselines/static/vendor"
    shutil.copytree(ROOT / "static/vendor", vendored)
    compileall.compile_dir(folder, quiet=1)
    return folder


@contextmanager
def running(way: Way, project: Path, data: Path, *flags: str) -> Iterator[Server]:
    """Serve `way` on the data folder `data` until the block ends; `flags` are Python's.

    Raises
    ------
    RuntimeError
        The server ended or did not answer.
    """
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    away = project / "away"  # the server starts in an unrelated folder
    away.mkdir(exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JITU_", "STREAMLIT_"))}
    environment = {**kept, "PYTHONPATH": str(project), "JITU_DATA": str(data)}
    python, *rest = way.command(project, port)
    log = project / f"{way.id}.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [python, *flags, *rest],
            cwd=away,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(f"http://localhost:{port}/_stcore/health", server, log)
        yield Server(f"http://localhost:{port}/", server.pid)
    except Exception as error:
        error.add_note(f"the server said: {log.read_text(encoding='utf-8')[-2000:]}")
        raise
    finally:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if server.poll() is None:
                os.killpg(server.pid, sign)
                try:
                    server.wait(10)
                except subprocess.TimeoutExpired:
                    continue


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            direct.open(url, timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"no answer from {url}:\n{log.read_text(encoding='utf-8')}")
