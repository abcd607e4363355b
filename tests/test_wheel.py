"""The wheel holds the whole program: it runs from an empty folder, and where nothing is writable.

The wheel is installed into an environment of its own, which sees this one's libraries.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import pytest
from pages import free_port, started, stop

from benchmarks.users import load

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = (".streamlit/", "app/", "data/", "geo/", "layers/", "static/", "streamlit_app.py")
LIBRARIES = sysconfig.get_path("purelib")
CONSTRAINTS = ROOT / "constraints.txt"
ELSEWHERE = {"colorama", "win32-setctime", "uv"}  # for Windows, and to write the lock
LINK = re.compile(r"""(?:href|src)="\./([^"]+)"|(?:import map from )"\./([^"]+)\"""")
# root may write everywhere, unless it gives up its powers.
POWERLESS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the committed and changed files, without what this folder holds besides."""
    project, made = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("wheel")
    for name in tracked():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, project / name)
    for unwanted in ("static/atlas/map-0.js", ".streamlit/secrets.toml", "app/__pycache__/x.pyc"):
        (project / unwanted).parent.mkdir(exist_ok=True)
        (project / unwanted).touch()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", made]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    (file,) = made.iterdir()
    return file


def tracked() -> list[str]:
    """The project's files by name: those that git knows, or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    return [n for n in names.decode("utf-8").split("\0") if n and (ROOT / n).is_file()]


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; the libraries come from this one's folder."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = next(folder.glob("[Ll]ib/**/site-packages"))
    (packages / "libraries.pth").write_text(LIBRARIES, encoding="utf-8")
    command = [tool(folder, "python"), "-m", "installer", "--no-compile-bytecode", wheel]
    subprocess.run(command, check=True, capture_output=True)
    assert packages / "app" in packages.iterdir()
    return folder


def tool(environment: Path, name: str) -> Path:
    """A program of an environment."""
    return next(environment.glob(f"*/{name}{'.exe' if os.name == 'nt' else ''}"))


@pytest.fixture
def away(tmp_path: Path) -> Path:
    """An empty folder, which is also the user's home."""
    (tmp_path / "away").mkdir()
    return tmp_path / "away"


def settings(home: Path) -> dict[str, str]:
    """An environment without settings, and with an empty home."""
    ours = ("JITU_", "STREAMLIT_", "XDG_", "PYTHON", "MPLCONFIGDIR")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return kept | {"HOME": str(home), "USERPROFILE": str(home), "LOCALAPPDATA": str(home)}


# -- what the wheel holds ----------------------------------------------------------------------


def test_the_wheel_mirrors_the_repository(wheel: Path) -> None:
    """The files of the program, and nothing for developers or written at run time."""
    with zipfile.ZipFile(wheel) as archive:
        held = {n for n in archive.namelist() if ".dist-info/" not in n}
        licences = [n for n in archive.namelist() if n.endswith(".dist-info/licenses/LICENSE")]
        assert len(licences) == 1
        assert archive.read(licences[0]) == (ROOT / "LICENSE").read_bytes()
        assert all(archive.read(name) == (ROOT / name).read_bytes() for name in held)
    assert held == {name for name in tracked() if name.startswith(SHIPPED)}
    assert {"data/ATTRIBUTION.md", "data/hebei/atlas.yaml", ".streamlit/config.toml"} <= held


def test_no_locked_package_installs_a_name_of_ours(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        ours = {name.partition("/")[0] for name in archive.namelist()}
    ours = {name.removesuffix(".py") for name in ours if not name.endswith(".dist-info")}
    assert ours == {name.strip("/").removesuffix(".py") for name in SHIPPED}
    taken = []
    for pin in re.findall(r"^([\w.-]+)==", CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE):
        try:
            files = metadata.distribution(pin).files
        except metadata.PackageNotFoundError:
            assert pin in ELSEWHERE
            continue
        assert files, pin
        tops = {file.parts[0].removesuffix(".py").lower() for file in files}
        taken += [f"{pin}: {top}" for top in tops & ours]
    assert taken == []


def test_the_version_is_the_projects(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert wheel.name == f"jitu-{project['version']}-py3-none-any.whl"


# -- the program runs from it ------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        "--version",
        "check",
        "export clusters layout --format gpkg -o clusters.gpkg",
        "export clusters --format geojson -o clusters.geojson",
        "export clusters --format html -o atlas.html",
        "print --format pdf -o clusters.pdf",
    ],
)
def test_a_command_runs(environment: Path, away: Path, arguments: str) -> None:
    command = [tool(environment, "jitu"), *arguments.split()]
    done = subprocess.run(command, cwd=away, env=settings(away), capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode("utf-8")
    assert b"Traceback" not in done.stderr
    assert all((away / name).stat().st_size > 1000 for name in re.findall(r"-o (\S+)", arguments))


@contextmanager
def served(command: list[str | Path], home: Path, logs: Path) -> Iterator[str]:
    """Serve the page; yields its address."""
    port = free_port()
    command = [*command, "app", "--headless", "--port", str(port)]
    server, log = started(command, port, logs, settings(home))
    try:
        yield f"localhost:{port}"
    finally:
        stop(server)
    assert "Traceback" not in log.read_text(encoding="utf-8")


def get(host: str, path: str) -> tuple[int, bytes]:
    """Status and body of a path."""
    connection = http.client.HTTPConnection(host, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def assert_all_answer(host: str) -> None:
    """The page opens; health, document and each file that the document links answer 200."""
    with ThreadPoolExecutor() as other:  # Playwright's event loop may have this thread
        visit = other.submit(load, f"http://{host}/", users=1, seconds=0)
    assert visit.result().errors == []
    assert get(host, "/health")[0] == 200
    status, body = get(host, "/")
    assert status == 200
    linked = {a or b for a, b in LINK.findall(body.decode("utf-8"))}
    assert sum("/atlas/" in name for name in linked) == 3  # the page has written them
    wrong = {name: get(host, f"/{name}")[0] for name in linked}
    assert set(wrong.values()) == {200}, wrong


def test_the_page_is_served(environment: Path, away: Path, tmp_path: Path) -> None:
    with served([tool(environment, "jitu")], away, tmp_path) as host:
        assert_all_answer(host)


def test_the_module_is_the_command_too(environment: Path, away: Path) -> None:
    """As the portable folder for Windows starts it, where there are no scripts."""
    command = [tool(environment, "python"), "-m", "app.command", "check"]
    done = subprocess.run(command, cwd=away, env=settings(away), capture_output=True)
    assert done.stdout.startswith(b"OK: "), done.stderr


@contextmanager
def read_only(*folders: Path) -> Iterator[None]:
    """Folders that nobody can write to."""
    paths = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    modes = {path: path.stat().st_mode for path in paths if not path.is_symlink()}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX's rights")
@pytest.mark.parametrize("home", ["writable", "read-only"])
def test_the_page_is_served_where_the_program_is_read_only(
    environment: Path, away: Path, tmp_path: Path, home: str
) -> None:
    command = [*(POWERLESS if os.geteuid() == 0 else []), tool(environment, "jitu")]
    before = {path for path in environment.rglob("*") if path.suffix != ".pyc"}
    with (
        read_only(environment, *([away] if home == "read-only" else [])),
        served(command, away, tmp_path) as host,
    ):
        assert_all_answer(host)
    assert {path for path in environment.rglob("*") if path.suffix != ".pyc"} == before
    written = {path.parent.name for path in away.rglob("map-*.js")}
    assert written == ({"atlas"} if home == "writable" else set())
