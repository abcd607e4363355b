"""Compare the page with two ways of drawing the same map with folium.

    python benchmarks/run.py [--quick] [--only hebei,china,users,imports]

The command prints tables. A full run also writes ``RESULT.md`` beside this file.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # so that the command works from any directory

from playwright.sync_api import Browser  # noqa: E402

from benchmarks import china, imports, users, views  # noqa: E402
from benchmarks.browser import Sheet, chromium, listen, planner  # noqa: E402
from benchmarks.figures import MISSING, Goal, comparison, goals_table, middle, percentile  # noqa: E402
from benchmarks.servers import Server, Way, copy_project, running  # noqa: E402
from benchmarks.wire import Traffic, relay  # noqa: E402
from layers.atlas import Atlas  # noqa: E402
from layers.catalogue import open_atlas  # noqa: E402

RESULT = Path(__file__).resolve().parent / "RESULT.md"
PARTS = ("hebei", "china", "users", "imports")
PAGE = Way("page", "this page")
REBUILT = Way("rebuilt", "st_folium, rebuilt", "rebuilt")
GROUP = Way("group", "feature_group_to_add", "group")
# The same with the page's own settings, to separate their effect from that of the drawing.
REBUILT_OURS = Way("rebuilt-ours", "the same, our settings", "rebuilt", has_settings=True)
GROUP_OURS = Way("group-ours", "the same, our settings", "group", has_settings=True)
USERS = 20
PACKAGES = ("streamlit", "streamlit-folium", "folium", "geopandas", "shapely", "playwright")


@dataclass(frozen=True)
class Effort:
    """How much to measure of one way."""

    starts: int  # of the server
    visits: int  # by a new browser
    looks: int = 0  # further visits that load only the first map
    counted: int = views.CHANGES  # changes whose bytes are counted
    changes: int = views.CHANGES  # per visit
    thorough: bool = True  # also measure returning browsers and what survives a change
    seconds: float = 60  # of many users
    alone_s: float = 10  # seconds of one user


HEBEI_PAGE = Effort(starts=2, visits=2, looks=5)
HEBEI_BASELINE = Effort(starts=1, visits=1, looks=6, seconds=20)  # saturated long before
CHINA_PAGE = Effort(starts=1, visits=2, thorough=False)
CHINA_BASELINE = Effort(starts=1, visits=1, counted=1, changes=4, thorough=False)  # seconds each
QUICK = Effort(starts=1, visits=1, counted=2, changes=4, seconds=8, alone_s=4)


@dataclass
class Measured:
    """The measurements of one way, in milliseconds, bytes and megabytes."""

    way: Way
    started_ms: list[float] = field(default_factory=list)  # first map of a new server
    cold_ms: list[float] = field(default_factory=list)  # first map of a new browser
    rested_ms: list[float] = field(default_factory=list)  # until its script had finished
    warm_ms: list[float] = field(default_factory=list)  # first map of a returning browser
    changes_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)  # the server's, per change
    opened: Traffic = field(default_factory=Traffic)
    changed: Traffic = field(default_factory=Traffic)  # by `counted` changes
    messages: Counter[str] = field(default_factory=Counter)  # kind → decompressed bytes
    counted: int = 1
    view_kept: bool | None = None  # None: not checked
    details_kept: bool | None = None
    rss_mb: float = 0.0

    @property
    def bytes_per_change(self) -> float:
        """Mean bytes on the wire per change."""
        return self.changed.total / self.counted


def measure(
    way: Way, project: Path, data: Path, atlas: Atlas, browser: Browser, effort: Effort
) -> Measured:
    """Measure one way on one data folder."""
    made = Measured(way, counted=effort.counted)
    first = views.first(atlas)
    shown = views.shown(atlas, first)
    for start in range(effort.starts):
        with running(way, project, data) as server:
            with planner(browser) as context:
                sheet = Sheet(context, server.address, is_baseline=way.script is not None)
                made.started_ms.append(sheet.open(shown, first.year))
            if start == effort.starts - 1:
                _count(made, server, atlas, browser, effort)
                for _ in range(effort.visits):
                    _visit(made, server, atlas, browser, effort)
                for _ in range(effort.looks):
                    with planner(browser) as context:
                        sheet = Sheet(context, server.address, is_baseline=way.script is not None)
                        _first(made, sheet, shown, first.year)
                if effort.thorough:
                    _check(made, server, atlas, browser)
                made.rss_mb = server.rss_mb()
    say(f"{way.title}: {middle(made.changes_ms):.0f} ms, {made.bytes_per_change:,.0f} bytes")
    return made


def _count(made: Measured, server: Server, atlas: Atlas, browser: Browser, effort: Effort) -> None:
    """Count bytes in a separate visit, because the relay and the listener take time."""
    first = views.first(atlas)
    with relay(server.address) as wire, planner(browser) as context:
        sheet = Sheet(context, wire.address, is_baseline=made.way.script is not None)
        sheet.open(views.shown(atlas, first), first.year)
        made.opened = wire.sent
        made.messages = listen(sheet.page)
        for step in list(views.steps(atlas))[: effort.counted]:
            sheet.take(step, views.shown(atlas, step.view))
        made.changed = wire.sent - made.opened


def _visit(made: Measured, server: Server, atlas: Atlas, browser: Browser, effort: Effort) -> None:
    first = views.first(atlas)
    shown = views.shown(atlas, first)
    is_baseline = made.way.script is not None
    with planner(browser) as context:
        sheet = Sheet(context, server.address, is_baseline=is_baseline)
        _first(made, sheet, shown, first.year)
        _see_all(sheet, atlas)
        before = server.cpu_ms()
        for step in list(views.steps(atlas))[: effort.changes]:
            made.changes_ms.append(sheet.take(step, views.shown(atlas, step.view)))
        made.cpu_ms.append((server.cpu_ms() - before) / effort.changes)
        sheet.page.close()
        if not effort.thorough:
            return
        again = Sheet(context, server.address, is_baseline=is_baseline)
        made.warm_ms.append(again.open(shown, first.year))


def _first(made: Measured, sheet: Sheet, shown: Mapping[str, int], year: int) -> None:
    made.cold_ms.append(sheet.open(shown, year))
    made.rested_ms.append(sheet.rested_ms)


def _see_all(sheet: Sheet, atlas: Atlas) -> None:
    """Show a whole country, at a smaller zoom than the page allows."""
    west, south, east, north = atlas.places.boundaries.counties.total_bounds
    if east - west > 20:
        sheet.look_at(float(south + north) / 2, float(west + east) / 2, 4)


def _check(made: Measured, server: Server, atlas: Atlas, browser: Browser) -> None:
    """Check whether the map's view and the open details survive a change."""
    first = views.first(atlas)
    core = atlas.frames["clusters-core"].iloc[0]
    with planner(browser) as context:
        sheet = Sheet(context, server.address, is_baseline=made.way.script is not None)
        query = "" if sheet.is_baseline else f"?feature={core['id']}"
        sheet.open(views.shown(atlas, first), first.year, query)
        middle_of_core = core.geometry.representative_point()
        sheet.look_at(middle_of_core.y, middle_of_core.x, 8)
        sheet.open_details()
        kept = sheet.view()
        # A change of the year alone removes no feature.
        step = next(s for s in views.steps(atlas) if s.kind == "year")
        step = views.Step("year", step.value, views.View(year=step.view.year))
        sheet.take(step, views.shown(atlas, step.view))
        made.view_kept = sheet.view() == kept
        made.details_kept = sheet.has_details()


def table_of(measured: list[Measured]) -> str:
    """Return a table with one column per way and ratios to the first column."""

    def row(title: str, *values: Any) -> tuple[str, list[Any]]:
        return title, list(values)

    return comparison(
        [m.way.title for m in measured],
        [
            row("click → changed map, median ms", *(middle(m.changes_ms) for m in measured)),
            row("… 95th percentile ms", *(percentile(m.changes_ms, 95) for m in measured)),
            row("kB on the wire per change", *(m.bytes_per_change / 1000 for m in measured)),
            row(
                "… of these by the websocket",
                *(m.changed.socket / m.counted / 1000 for m in measured),
            ),
            row(
                "… its messages before compression",
                *(m.messages.total() / m.counted / 1000 for m in measured),
            ),
            row("server CPU per change, ms", *(middle(m.cpu_ms) for m in measured)),
            row("first map, new browser, ms", *(middle(m.cold_ms) for m in measured)),
            row("… of so many", *(f"{len(m.cold_ms)}" for m in measured)),
            row("… its script run to its end, ms", *(middle(m.rested_ms) for m in measured)),
            row("first map, browser that was here, ms", *(middle(m.warm_ms) for m in measured)),
            row("first map of a new server, ms", *(middle(m.started_ms) for m in measured)),
            row("kB on the wire for the first map", *(m.opened.total / 1000 for m in measured)),
            row("view survives a change", *(_yes(m.view_kept) for m in measured)),
            row("open details survive a change", *(_yes(m.details_kept) for m in measured)),
            row("server memory after all, MB", *(m.rss_mb for m in measured)),
            row("changes timed", *(str(len(m.changes_ms)) for m in measured)),
        ],
    )


def _yes(is_so: bool | None) -> str:
    return {True: "yes", False: "no", None: MISSING}[is_so]


def messages_of(page: Measured) -> str:
    """Describe the messages of a change and their sizes before compression."""
    named = (f"{kind} {size / page.counted:,.0f}" for kind, size in page.messages.most_common(8))
    size = page.messages.total() / page.counted
    return (
        f"Messages of a change of {page.way.title}, bytes before compression: {size:,.0f}, "
        f"of which {', '.join(named)}."
    )


@dataclass
class Crowd:
    """The measurements of one user and of many users of one way."""

    way: Way
    alone: users.Load
    many: users.Load
    cpu_ms: float


def crowd(way: Way, project: Path, data: Path, effort: Effort) -> Crowd:
    """Measure one user, then many users, without a browser."""
    with running(way, project, data) as server:
        alone = users.load(server.address, 1, effort.alone_s, think_s=0.5)
        before = server.cpu_ms()
        many = users.load(server.address, USERS, effort.seconds)
        made = Crowd(way, alone, many, (server.cpu_ms() - before) / max(1, len(many.changes_ms)))
    say(f"{way.title}: {len(many.changes_ms)} changes, {len(many.errors)} errors")
    return made


def table_of_crowds(crowds: list[Crowd]) -> str:
    """Return a table with one column per way."""
    return comparison(
        [c.way.title for c in crowds],
        [
            ("one user alone, median ms", [middle(c.alone.changes_ms) for c in crowds]),
            (f"{USERS} users, median ms", [middle(c.many.changes_ms) for c in crowds]),
            ("… 95th percentile ms", [percentile(c.many.changes_ms, 95) for c in crowds]),
            ("… kB on the wire per change", [_kb_per_change(c.many) for c in crowds]),
            ("… server CPU per change, opening included, ms", [c.cpu_ms for c in crowds]),
            ("changes", [str(len(c.many.changes_ms)) for c in crowds]),
            ("errors", [str(len(c.many.errors)) for c in crowds]),
        ],
    )


def _kb_per_change(load: users.Load) -> float:
    return load.received / max(1, len(load.changes_ms)) / 1000


def goals(hebei: list[Measured], whole: list[Measured], crowds: list[Crowd]) -> list[Goal]:
    """Return the goals that the measurements cover, with the measured values."""
    found = []
    if hebei:
        by_way = {measured.way: measured for measured in hebei}
        page, rebuilt, group = (by_way[way] for way in (PAGE, REBUILT, GROUP))
        click = middle(page.changes_ms)
        found += [
            Goal(
                "Hebei: rebuilt st_folium's time / the page's",
                middle(rebuilt.changes_ms) / click,
                10,
                least=True,
            ),
            Goal(
                "Hebei: rebuilt st_folium's bytes / the page's",
                rebuilt.bytes_per_change / page.bytes_per_change,
                150,
                least=True,
            ),
            Goal(
                "Hebei: feature_group_to_add's time / the page's",
                middle(group.changes_ms) / click,
                3,
                least=True,
            ),
        ]
        found += _first_maps(page, rebuilt)
    if hebei and whole:
        ratio = middle(whole[0].changes_ms) / middle(hebei[0].changes_ms)
        found.append(Goal("China: time of a change / Hebei's", ratio, 1.5))
    if whole:
        found.append(Goal("China: bytes of a change", whole[0].bytes_per_change / 1000, 10, "kB"))
    if crowds:
        page_load = crowds[0]
        p95 = percentile(page_load.many.changes_ms, 95)
        alone = middle(page_load.alone.changes_ms)
        found += [
            Goal(f"{USERS} users: errors", len(page_load.many.errors), 0, ""),
            Goal(f"{USERS} users: 95th percentile / one user's median", p95 / alone, 2),
        ]
    return found


def _first_maps(page: Measured, rebuilt: Measured) -> list[Goal]:
    cold = middle(page.cold_ms) / middle(rebuilt.cold_ms)
    started = middle(page.started_ms) / middle(rebuilt.started_ms)
    return [
        Goal("Hebei: first map, new browser / rebuilt st_folium's", cold, 1),
        Goal("… aimed at", cold, 0.75),
        Goal("Hebei: first map of a new server / rebuilt st_folium's", started, 1),
    ]


def conditions(browser: str, loads: list[float], seconds: float) -> str:
    """Describe the machine, the versions and the load during the run."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores ({_processor()}), {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, Chromium {browser} headless without a GPU; "
        f"{packages}. "
        f"Loopback network. Load average (1 min) {min(loads):.1f} to {max(loads):.1f}, "
        f"median {median(loads):.1f}, own processes included; the run took {seconds / 60:.1f} min."
    )


def _processor() -> str:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    found = re.search(r"model name\s*:\s*(.+)", text)
    return found[1] if found else "unknown"


def revision() -> str:
    """Return the measured commit and whether the working tree differs from it."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, check=False, encoding="utf-8"
        )
        return done.stdout.strip()

    changed = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return (git("rev-parse", "--short", "HEAD") or "unknown") + changed


def say(text: str) -> None:
    """Print progress with elapsed time and load average."""
    print(f"[{time.monotonic() - _START:4.0f} s, load {os.getloadavg()[0]:.1f}] {text}", flush=True)


_START = time.monotonic()


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few changes: does it work?")
    parser.add_argument("--only", default=",".join(PARTS), help="default: %(default)s")
    options = parser.parse_args(arguments)
    parts = options.only.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; one of: {', '.join(PARTS)}")

    # SIGTERM raises SystemExit, so that servers and browser stop with the run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    text = run(parts, quick=options.quick)
    print(f"\n{text}")
    if options.quick or set(parts) != set(PARTS):
        print("RESULT.md is written by a full run only.")
    else:
        RESULT.write_text(text, encoding="utf-8")
    return 0


@dataclass
class Results:
    """What a run has measured; a part that was not asked for is empty."""

    hebei: list[Measured] = field(default_factory=list)
    china: list[Measured] = field(default_factory=list)
    crowds: list[Crowd] = field(default_factory=list)
    imports: str = ""  # Markdown
    chromium: str = ""  # version
    loads: list[float] = field(default_factory=list)  # load average before each measurement


@dataclass(frozen=True)
class Setup:
    """The copy of the project that a run measures, and how much it measures."""

    project: Path
    quick: bool
    results: Results

    @property
    def data(self) -> Path:
        """The data folder of Hebei."""
        return self.project / "data" / "hebei"

    def effort(self, way: Way, page: Effort, baseline: Effort) -> Effort:
        """Record the load average, and return the effort for a way."""
        self.results.loads.append(os.getloadavg()[0])
        if self.quick:
            return QUICK
        return page if way == PAGE else baseline


def run(parts: list[str], *, quick: bool) -> str:
    """Measure `parts`; return the result as Markdown."""
    results = Results()
    with tempfile.TemporaryDirectory(prefix="jitu-benchmark-") as folder:
        setup = Setup(copy_project(Path(folder) / "project"), quick, results)
        with chromium() as browser:
            results.chromium = browser.version
            if "hebei" in parts:
                results.hebei = _measure_hebei(setup, browser)
            if "china" in parts:
                results.china = _measure_china(setup, browser, Path(folder) / "china")
        if "users" in parts:
            results.crowds = _measure_crowds(setup)
        if "imports" in parts:
            setup.effort(PAGE, HEBEI_PAGE, HEBEI_BASELINE)
            results.imports = imports.report(PAGE, setup.project, setup.data)
    return report(results)


def _measure_hebei(setup: Setup, browser: Browser) -> list[Measured]:
    atlas = open_atlas(setup.data)
    measured = []
    for way in (PAGE, REBUILT, REBUILT_OURS, GROUP, GROUP_OURS):
        effort = setup.effort(way, HEBEI_PAGE, HEBEI_BASELINE)
        measured.append(measure(way, setup.project, setup.data, atlas, browser, effort))
    return measured


def _measure_china(setup: Setup, browser: Browser, data: Path) -> list[Measured]:
    say("all of China: generating the data")
    china.make(data)
    atlas = open_atlas(data)
    measured = []
    for way in (PAGE, REBUILT, GROUP):
        effort = setup.effort(way, CHINA_PAGE, CHINA_BASELINE)
        measured.append(measure(way, setup.project, data, atlas, browser, effort))
    return measured


def _measure_crowds(setup: Setup) -> list[Crowd]:
    crowds = []
    for way in (PAGE, REBUILT, GROUP):
        effort = setup.effort(way, HEBEI_PAGE, HEBEI_BASELINE)
        crowds.append(crowd(way, setup.project, setup.data, effort))
    return crowds


def report(results: Results) -> str:
    """Return the results as Markdown, with one section per part that was measured."""
    hebei, whole, crowds = results.hebei, results.china, results.crowds
    where = conditions(results.chromium, results.loads, time.monotonic() - _START)
    sections = ["# What was measured", _INTRODUCTION, f"Measured: {revision()}. {where}"]
    if measured_goals := goals(hebei, whole, crowds):
        sections += ["## Goals", goals_table(measured_goals)]
    if hebei:
        sections += ["## Hebei: 167 counties", table_of(hebei), messages_of(hebei[0])]
    if whole:
        sections += ["## All of China: 2,891 counties", table_of(whole), messages_of(whole[0])]
    if crowds:
        sections += [f"## {USERS} users at once, Hebei", table_of_crowds(crowds)]
        sections += [f"- {c.way.title}: {error}" for c in crowds for error in c.many.errors[:5]]
    if results.imports:
        sections += ["## Imports of a page view", results.imports]
    return "\n\n".join(sections) + "\n"


_INTRODUCTION = """Written by `python benchmarks/run.py`; [README.md](README.md) says how.
In brackets: the ratio to this page. Its map answers a filter in the browser, before the server
does: that is the change that is timed. The server's message confirms it; figures, counts and table
come with it. The section "20 users" gives the time of the server alone."""

if __name__ == "__main__":
    sys.exit(main())
