"""Check that every locked package has a wheel for the systems of the planners' machines.

    pip install -e ".[lock]"
    python scripts/check_wheels.py

For each system and Python version, uv looks for the wheels of requirements.txt without downloading
them. A package without one ends the script with an error, unless docs/deployment.md names it in the
section "Packages without a wheel", on a line that begins with "- `NAME`:".
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# 麒麟 V10 and 统信 UOS 20 have glibc 2.28.
SYSTEMS = {
    "x86_64-pc-windows-msvc": "Windows, amd64",
    "aarch64-manylinux_2_28": "Linux, aarch64, glibc 2.28",
    "x86_64-manylinux_2_28": "Linux, x86-64, glibc 2.28",
}
PYTHONS = ("3.11", "3.12", "3.13")


def main() -> None:
    """Print what was found and what is missing; exit with 1 if something is missing."""
    pins = locked()
    excused = set(documented())
    failed = False
    for system, title in SYSTEMS.items():
        for python in PYTHONS:
            without = missing(pins, system, python)
            for pin in without:
                print(f"{title}, Python {python}: no wheel of {pin}")
            failed |= any(pin.partition("==")[0] not in excused for pin in without)
            print(f"{title}, Python {python}: {len(pins) - len(without)} of {len(pins)} wheels")
    if failed:
        sys.exit("a locked package has no wheel; docs/deployment.md does not say why")
    print("every locked package has a wheel, or docs/deployment.md says why not")


def locked() -> list[str]:
    """Return the pins of requirements.txt, as NAME==VERSION."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return re.findall(r"^[^\s#]+==[^\s\\]+", text, flags=re.MULTILINE)


def documented() -> list[str]:
    """Return the names of the packages that the documentation lists as not available as wheels."""
    text = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    _, _, listed = text.partition("### Packages without a wheel")
    return re.findall(r"^- `([\w.-]+)`:", listed.partition("\n#")[0], flags=re.MULTILINE)


def missing(pins: list[str], system: str, python: str) -> list[str]:
    """Return the pins without a wheel for a system and a Python version.

    Parameters
    ----------
    pins
        Requirements as NAME==VERSION.
    system
        A platform of uv's option ``--python-platform``.
    python
        A version of Python, such as 3.12.
    """
    if resolves(pins, system, python):
        return []
    return [pin for pin in pins if not resolves([pin], system, python)]


def resolves(pins: list[str], system: str, python: str) -> bool:
    """Return whether all pins have wheels.

    Parameters
    ----------
    pins, system, python
        As in :func:`missing`.
    """
    command = ["uv", "pip", "compile", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command += ["--python-platform", system, "--python-version", python, "-"]
    done = subprocess.run(command, input="\n".join(pins).encode(), capture_output=True, check=False)
    if done.returncode and b"wheels" not in done.stderr:
        sys.exit(done.stderr.decode("utf-8"))
    return done.returncode == 0


if __name__ == "__main__":
    main()
