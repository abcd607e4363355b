"""What the tests share: the atlas, a copy of the data to break, documents and programs.

Two environment variables matter. ``JITU_DOCUMENTS`` names a folder with the plan documents, each
file's name starting with its document's id; without it the tests that read them are skipped.
``CI`` makes a missing program a failure, so that nothing is skipped there unnoticed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from data import library as data_library
from data.library import Library
from layers.catalogue import LAYERS, Atlas, build
from layers.clusters import TIERS
from layers.view import View

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
        patch.setattr("app.sheets.HEAD_START_S", 0)
        yield


@pytest.fixture(scope="session")
def library() -> Library:
    """The records of the project's own data folder."""
    return data_library.load(data_library.PACKAGE_FOLDER)


@pytest.fixture(scope="session")
def atlas(library: Library) -> Atlas:
    """All layers of the project's own data."""
    return build(library)


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """A copy of the data folder, to be changed."""
    no_data = shutil.ignore_patterns("*.py", "__pycache__")
    return Path(shutil.copytree(data_library.PACKAGE_FOLDER, tmp_path / "data", ignore=no_data))


@pytest.fixture(scope="session")
def views(library: Library) -> SearchStrategy[View]:
    """Any view of the atlas: years, filters and layers in any combination."""

    def some(values: list[str]) -> SearchStrategy[tuple[str, ...]]:
        return st.lists(st.sampled_from(values), max_size=3).map(tuple)

    return st.builds(
        View,
        year=st.sampled_from(library.atlas.years),
        industries=some([i.id for i in library.industries]),
        tiers=some(list(TIERS)),
        cities=some(list(library.cities)),
        layers=st.lists(st.sampled_from(list(LAYERS))).map(tuple),
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
def documents(library: Library) -> Mapping[str, str]:
    """The plan documents' text by id, for those who have the documents."""
    folder = os.environ.get("JITU_DOCUMENTS")
    if not folder:
        pytest.skip("set JITU_DOCUMENTS to a folder with the plan documents (001….txt)")
    texts = {}
    for document in library.documents:
        files = list(Path(folder).glob(f"{document.id}*"))
        assert len(files) == 1, f"JITU_DOCUMENTS: one file for {document.id}, found {files}"
        texts[document.id] = files[0].read_text(encoding="utf-8")
    return texts
