"""A file is written whole or not at all."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from data import atomic_file

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX's files")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_is_written(tmp_path):
    atomic_file.write(tmp_path / "图.geojson", b"new")
    assert (tmp_path / "图.geojson").read_bytes() == b"new"
    assert names(tmp_path) == {"图.geojson"}


def test_a_file_is_replaced(tmp_path):
    (tmp_path / "a").write_bytes(b"a longer old one")
    atomic_file.write(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert names(tmp_path) == {"a"}


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(TypeError):
        atomic_file.write(tmp_path / "a", "text is not bytes")  # type: ignore[arg-type]
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == {"a"}


def test_a_folder_in_the_way_leaves_nothing(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError, match=r".+"):
        atomic_file.write(tmp_path / "a", b"new")
    assert names(tmp_path) == {"a"}


def test_a_name_that_is_too_long_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match=r".+"):
        atomic_file.write(tmp_path / ("图" * 200), b"new")
    assert names(tmp_path) == set()


def test_a_missing_folder_is_not_made(tmp_path):
    with pytest.raises(FileNotFoundError):
        atomic_file.write(tmp_path / "no" / "a", b"new")
    assert names(tmp_path) == set()


@posix
@pytest.mark.parametrize(("mask", "rights"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_file_has_the_usual_rights(tmp_path, mask, rights):
    before = os.umask(mask)
    try:
        atomic_file.write(tmp_path / "a", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == rights


@posix
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "link").symlink_to("a")
    atomic_file.write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a").read_bytes() == b"new"


@posix
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    """As /dev/null and /dev/stdout have to: root would replace them for the whole system."""
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        atomic_file.write(tmp_path / "pipe", b"new")
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


def test_a_reader_never_sees_half_of_a_file(tmp_path):
    path = tmp_path / "a"
    versions = [bytes([n]) * 200_000 for n in range(2)]
    atomic_file.write(path, versions[0])
    done = threading.Event()

    def write() -> None:
        for n in range(100):
            atomic_file.write(path, versions[n % 2])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not done.is_set():
        seen.add(path.read_bytes())
    writer.join()
    assert seen <= set(versions)
    assert names(tmp_path) == {"a"}
