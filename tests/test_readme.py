"""What the README and CONTRIBUTING say is true: their commands run, their paths exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
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
    assert len(offline) == 2
    assert all(command in CI for command in offline)


def test_powershell_has_the_same_two_commands():
    app, tests = blocks(README, "powershell")[0].splitlines()
    assert app.endswith(r".venv\Scripts\jitu app")
    assert tests.endswith("-m pytest")
    assert "&&" not in app + tests  # Windows PowerShell 5 does not know it


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


def test_constraints_pin_every_dependency_within_its_range():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    extras = [r for group in project["optional-dependencies"].values() for r in group]
    for text in (*project["dependencies"], *extras):
        requirement = Requirement(text)
        if requirement.name != "jitu":
            version = pinned[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), text
