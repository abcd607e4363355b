"""What the README and CONTRIBUTING say is true: their commands run, their paths exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
JITU = Path(sys.executable).with_name("jitu.exe" if sys.platform == "win32" else "jitu")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def commands(text):
    return [line for block in blocks(text, "sh") for line in block.splitlines() if line]


def jitu_examples():
    """Every jitu command in a code block, but those that need documents or serve a page."""
    return [c for c in commands(README) if c.startswith("jitu ") and "DIR" not in c]


def test_two_commands_come_first():
    app, tests = commands(README)[:2]
    assert app.endswith(".venv/bin/jitu app")
    assert tests.endswith("-m pytest")
    for command in (app, tests):
        assert "-m venv" in command
        assert "-c constraints.txt -e " in command


def test_ci_runs_both_commands():
    app, tests = commands(README)[:2]
    assert tests in CI
    # CI starts the app itself, so that it can stop it again, and with the system's own Python.
    install = app.removesuffix(" && .venv/bin/jitu app").replace("python3", '"$python"')
    assert install in CI
    assert 'jitu" app --port' in CI


def test_ci_runs_the_offline_installation():
    offline = [c for c in commands(README) if "wheels" in c]
    assert len(offline) == 3
    # CI does not start the app again.
    assert all(c.replace("jitu app", "jitu --version") in CI for c in offline)


def test_the_wheel_is_named_with_the_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(re.findall(r"jitu-([\d.]+)-py3", README)) == {project["version"]}


def in_powershell(command):
    """A command of the README as PowerShell has it; Windows PowerShell 5 does not know &&."""
    for here, there in {
        "python3 -m venv --without-pip": "py -m venv",
        "python3 -m pip --python .venv": r".venv\Scripts\python -m pip",
        "python3": "py",
        ".venv/bin/": ".venv\\Scripts\\",
        " && ": "; ",
    }.items():
        command = command.replace(here, there)
    return command


def test_powershell_has_the_same_commands():
    first, offline = (block.splitlines() for block in blocks(README, "powershell"))
    assert first == [in_powershell(c) for c in commands(README)[:2]]
    assert offline == [in_powershell(c) for c in commands(README) if "wheels" in c]


@pytest.mark.parametrize("command", jitu_examples())
def test_a_jitu_example_runs(command, tmp_path):
    arguments = shlex.split(command)[1:]
    done = subprocess.run([JITU, *arguments], cwd=tmp_path, capture_output=True, timeout=600)
    assert done.returncode == 0, done.stderr.decode("utf-8")


def test_there_are_examples():
    assert len(jitu_examples()) >= 5


def test_the_fingerprint_example_runs():
    (command,) = re.findall(r"`(python -c .*?)`", CONTRIBUTING)
    program = shlex.split(command)[2]
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program], cwd=ROOT, capture_output=True
    )
    assert re.fullmatch(rb"[0-9a-f]{64}\s*", done.stdout), done.stderr


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_and_pictures_exist(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)\)", text)
    missing = [t for t in targets if "://" not in t and not (ROOT / t).exists()]
    assert not missing


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_paths_that_are_named_exist(text):
    named = re.findall(r"`((?:data|geo|layers|app|static|scripts|tests|docs)/[\w./-]*)`", text)
    written_later = {"static/atlas"}
    missing = [n for n in named if n not in written_later and not (ROOT / n).exists()]
    assert named
    assert not missing


def pins(name):
    """The versions in a lock file, by name."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.findall(r"^([\w.-]+)==([^\s\\]+)(?: \\)?$", text, flags=re.MULTILINE)
    lines = [line for line in text.splitlines() if re.match(r"\w", line)]
    assert len(lines) == len(found) == len(dict(found))
    return {canonicalize_name(package): version for package, version in found}


def needed(requirements, extras=("",)):
    """Everything that requirements need on Linux or Windows, with the ranges that they name."""
    waiting = [(Requirement(text), extras) for text in requirements]
    seen = set()
    while waiting:
        requirement, extras = waiting.pop()
        systems = [{"sys_platform": "linux"}, {"sys_platform": "win32", "os_name": "nt"}]
        systems[1] |= {"platform_system": "Windows", "platform_machine": "AMD64"}
        asked = [system | {"extra": extra} for system in systems for extra in extras]
        if requirement.marker and not any(requirement.marker.evaluate(e) for e in asked):
            continue
        if requirement.name == "jitu" or str(requirement) in seen:
            continue
        seen.add(str(requirement))
        yield requirement
        with suppress(metadata.PackageNotFoundError):  # what only Windows needs is not here
            of = metadata.requires(requirement.name) or []
            waiting += [(Requirement(text), ("", *requirement.extras)) for text in of]


def test_the_locks_hold_every_dependency_within_its_range():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    everything = [*project["dependencies"], *(r for group in extras.values() for r in group)]
    for name, requirements in {
        "requirements.txt": project["dependencies"],
        "constraints.txt": everything,
    }.items():
        locked = pins(name)
        for requirement in needed(requirements):
            version = locked[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), f"{name}: {requirement}"
    wanted = {canonicalize_name(r.name) for r in needed(project["dependencies"])}
    assert set(pins("requirements.txt")) == wanted


def test_both_locks_name_the_same_versions():
    assert pins("requirements.txt").items() <= pins("constraints.txt").items()


def test_the_lock_has_a_hash_for_each_pin_and_no_address():
    for name in ("requirements.txt", "constraints.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"://|^--?\w", text, flags=re.MULTILINE)
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    assert all(
        re.search(r"^    --hash=sha256:[0-9a-f]{64}", e, flags=re.MULTILINE) for e in entries
    )
