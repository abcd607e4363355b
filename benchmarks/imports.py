"""Report what a page view imports, how long that takes and which imports it does not need.

The module starts a server under ``-X importtime`` and requests one page. The server's log then
names every module that the process has loaded until the page was complete.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import users
from benchmarks.figures import number, table
from benchmarks.servers import Way, running

HEAVIEST = 15
BUDGET_MS = 2500  # all imports of a server up to its first page
_LINE = re.compile(r"import time:\s*(\d+) \|\s*(\d+) \|( +)(\S+)")

# Packages or modules that a page view does not need, with their purpose.
UNNEEDED = {
    "cql2": "the API's filters",
    "fastapi": "the API",
    "matplotlib": "the printed sheet",
    "openpyxl": "spreadsheets",
    "pyarrow.parquet": "GeoParquet",
    "pyogrio": "GeoPackage, Shapefile, FlatGeobuf",
    "topojson": "making the map's files, once per state of the data",
    "xlsxwriter": "spreadsheets",
    "app.ogc": "the API",
    "layers.printing": "the printed sheet",
    "layers.formats": "downloads",
    "pydeck": "maps that the page does not draw",
    "plotly": "charts that the page does not draw",
    "IPython": "notebooks",
    "requests": "requests that nobody makes",
    "xyzservices": "basemap tiles",
}


@dataclass(frozen=True)
class Import:
    """The import of one module: its own time and the time with its imports, in milliseconds."""

    module: str
    own_ms: float
    whole_ms: float
    importer: str


def read(log: Iterable[str]) -> Iterator[Import]:
    """Read the lines of ``-X importtime``; a module's line follows those of what it imports.

    >>> log = ["import time: 2000 | 2000 |   b", "import time: 1000 | 3000 | a"]
    >>> [(i.module, i.whole_ms, i.importer) for i in read(log)]
    [('b', 2.0, 'a'), ('a', 3.0, '')]
    """
    waiting: list[tuple[int, str, float, float]] = []  # depth, module, own, whole
    for line in log:
        found = _LINE.search(line)
        if not found:
            continue
        own, whole = int(found[1]) / 1000, int(found[2]) / 1000
        depth, module = len(found[3]), found[4]
        for child in [w for w in waiting if w[0] > depth]:
            waiting.remove(child)
            yield Import(child[1], child[2], child[3], module)
        waiting.append((depth, module, own, whole))
    for _, module, own, whole in waiting:
        yield Import(module, own, whole, "")


def report(way: Way, project: Path, data: Path) -> str:
    """Start a server, view one page and report its imports as Markdown."""
    with running(way, project, data, "-X", "importtime") as server:
        users.load(server.address, users=1, seconds=0)
    log = (project / f"{way.id}.log").read_text(encoding="utf-8").splitlines()
    return describe(list(read(log)))


def describe(imports: list[Import]) -> str:
    """Return the slowest packages and the unneeded imports as Markdown."""
    packages: Counter[str] = Counter()
    for imported in imports:
        packages[imported.module.partition(".")[0]] += imported.own_ms  # type: ignore[assignment]
    total = sum(packages.values())
    heaviest = [[name, number(ms)] for name, ms in packages.most_common(HEAVIEST)]
    verdict = "within" if total <= BUDGET_MS else "OVER"
    return "\n\n".join(
        [
            f"{len(imports)} modules, {number(total)} ms in all under `-X importtime`: "
            f"{verdict} the budget of {BUDGET_MS} ms.",
            table(["package", "its own ms"], heaviest),
            "Loaded by a page view that does not need it:",
            table(["module", "ms", "imported by", "meant for"], _unneeded(imports))
            if _unneeded(imports)
            else "nothing.",
        ]
    )


def _unneeded(imports: list[Import]) -> list[list[str]]:
    """Return (module, ms, importer, purpose) of the unneeded imports, slowest first."""
    rows = []
    for name, purpose in UNNEEDED.items():
        within = [i for i in imports if f"{i.module}.".startswith(f"{name}.")]
        if within:
            outside = (i.importer for i in within if not f"{i.importer}.".startswith(f"{name}."))
            own = sum(i.own_ms for i in within)
            rows.append((own, [name, number(own), next(outside, "") or "at run time", purpose]))
    return [row for _, row in sorted(rows, reverse=True)]
