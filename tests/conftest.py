"""What the tests share: the atlas, a copy of the data to break, documents, programs, the page.

Two environment variables matter. ``JITU_DOCUMENTS`` names a folder with the plan documents, each
file's name starting with its document's id; without it the tests that read them are skipped.
``CI`` makes a missing program a failure, so that nothing is skipped there unnoticed.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pages import DESK, LIMIT, Sheet, Watch, served
from playwright.sync_api import (
    Browser,
    Page,
    Playwright,
    ViewportSize,
    sync_playwright,
)

from benchmarks.browser import FLAGS
from data import reader as data_library
from data.reader import Records
from layers.atlas import Atlas
from layers.catalogue import KINDS, build_atlas
from layers.reading.view import View
from layers.shared.vocabulary import TIERS

# Chromium's names. Its headless shell draws the same, and opens a page in two thirds of the time.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser")

# Run by test_kinds.py in a copy of the project.
collect_ignore = ["new_kind"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--draw", action="store_true", help="draw missing expected pictures")


# No deadlines: a slow machine is not a wrong program. In CI the same examples every time.
settings.register_profile(
    "jitu",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("jitu")


@pytest.fixture(scope="session", autouse=True)
def _no_head_start() -> Iterator[None]:
    """Where a page runs without a browser, there is no map to wait for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.page.tabs.HEAD_START_S", 0)
        yield


@pytest.fixture(scope="session")
def records() -> Records:
    """The records of the project's own data folder."""
    return data_library.load(data_library.PACKAGE_FOLDER)


@pytest.fixture(scope="session")
def atlas(records: Records) -> Atlas:
    """All layers of the project's own data."""
    return build_atlas(records)


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """A copy of the data folder, to be changed."""
    no_data = shutil.ignore_patterns("*.py", "__pycache__")
    return Path(shutil.copytree(data_library.PACKAGE_FOLDER, tmp_path / "data", ignore=no_data))


@pytest.fixture(scope="session")
def views(records: Records) -> SearchStrategy[View]:
    """Any view of the atlas: years, filters and layers in any combination."""

    def some(values: list[str]) -> SearchStrategy[tuple[str, ...]]:
        return st.lists(st.sampled_from(values), max_size=3).map(tuple)

    return st.builds(
        View,
        year=st.sampled_from(records.atlas.years),
        industries=some([i.id for i in records.industries]),
        tiers=some(list(TIERS)),
        cities=some(list(records.cities)),
        layers=st.lists(st.sampled_from(list(KINDS))).map(tuple),
    )


@pytest.fixture(scope="session")
def absent() -> Callable[[str], NoReturn]:
    """End a test for want of something: skip it, or fail it in CI."""

    def end(reason: str) -> NoReturn:
        if os.environ.get("CI"):
            pytest.fail(f"{reason}, and CI must not skip")
        pytest.skip(reason)

    return end


@pytest.fixture(scope="session")
def program(absent: Callable[[str], NoReturn]) -> Callable[[str], str]:
    """Find a program by name; a test that needs a missing one is skipped, or fails in CI."""

    def find(name: str) -> str:
        return shutil.which(name) or absent(f"{name} is not installed")

    return find


@pytest.fixture(scope="session")
def documents(records: Records) -> Mapping[str, str]:
    """The plan documents' text by id, for those who have the documents."""
    folder = os.environ.get("JITU_DOCUMENTS")
    if not folder:
        pytest.skip("set JITU_DOCUMENTS to a folder with the plan documents (001….txt)")
    texts = {}
    for document in records.documents:
        files = list(Path(folder).glob(f"{document.id}*"))
        assert len(files) == 1, f"JITU_DOCUMENTS: one file for {document.id}, found {files}"
        texts[document.id] = files[0].read_text(encoding="utf-8")
    return texts


# -- the real page in a real browser, without network ------------------------------------------
# The server runs from an empty folder as the installed command. A test fails on any request that
# leaves the machine and on any error in the browser. The next test gets the same page, emptied.


@pytest.fixture(scope="session")
def jitu() -> str:
    """The installed command beside this Python."""
    command = shutil.which("jitu", path=str(Path(sys.executable).parent))
    assert command, "jitu is not installed beside this Python: pip install -e ."
    return command


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The environment without what would name other data or documents."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("JITU_", "STREAMLIT_"))}


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory) -> Path:
    """A directory that has nothing to do with the project."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="session")
def address(jitu, environment, elsewhere, browser) -> Iterator[str]:
    """The address of a running page."""
    assert browser  # no server where there is no browser to look at it
    with served(jitu, environment, elsewhere) as host:
        yield host


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, of which a process can run only one. Its event loop is this thread's."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(request, absent) -> Iterator[Browser]:
    """Chromium, as the system installs it."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        absent("Chromium is not installed (Debian's package chromium)")
    playwright: Playwright = request.getfixturevalue("playwright")
    running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield running
    running.close()


@pytest.fixture(scope="session")
def spare_pages() -> list[Page]:
    """Pages that a test has left as they were: a load costs little more than half in one."""
    return []


@pytest.fixture
def visit(browser, address, spare_pages) -> Iterator[Callable[..., Sheet]]:
    """Open the page: ``visit("?year=2027")``. What goes wrong in the browser fails the test."""
    watch = Watch()
    sheets: list[Sheet] = []

    def new_page() -> Page:
        context = browser.new_context(locale="zh-CN", accept_downloads=True)
        context.set_default_timeout(LIMIT)
        return context.new_page()

    def open_page(query: str = "", viewport: ViewportSize = DESK) -> Sheet:
        page = spare_pages.pop() if spare_pages else new_page()
        sheets.append(Sheet(page, address))
        page.set_viewport_size(viewport)
        watch.begin(page)
        return sheets[-1].open(query)

    yield open_page
    for sheet in sheets:
        if sheet.altered:
            sheet.page.context.close()
            continue
        sheet.leave()
        watch.end(sheet.page)
        spare_pages.append(sheet.page)
    assert watch.wrong == []
