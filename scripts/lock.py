"""Lock the versions of all dependencies: constraints.txt, and requirements.txt with hashes.

    pip install -e ".[lock]"
    python scripts/lock.py             # after a change of pyproject.toml; other pins stay
    python scripts/lock.py --upgrade   # to the newest versions that pyproject.toml allows

Both files hold for every system and Python version that the project supports. A package that only
one system needs has no condition: pip would evaluate it for the system that downloads, not for the
one that installs. constraints.txt includes the tests' dependencies. requirements.txt holds what
the program needs to run, with the hashes of all files of each version, for the installation
without a network.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
REQUIREMENTS = ROOT / "requirements.txt"
HEADERS = {
    CONSTRAINTS: "# The versions with which the tests passed, for pip's option -c.",
    REQUIREMENTS: "# What the program needs to run, with hashes, for pip's option -r.",
}
MADE_BY = "# Made by scripts/lock.py."


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--upgrade", action="store_true", help="choose the newest versions")
    compile_into(
        CONSTRAINTS, ["--all-extras", *(["--upgrade"] if parser.parse_args().upgrade else [])]
    )
    # Without the file's old content, versions come from the constraints alone.
    REQUIREMENTS.unlink(missing_ok=True)
    compile_into(REQUIREMENTS, ["--generate-hashes", "--constraint", CONSTRAINTS.name])


def compile_into(path: Path, options: Sequence[str]) -> None:
    """Resolve the dependencies of pyproject.toml into a file.

    Parameters
    ----------
    path
        The file. The versions that it names are kept if they still fit.
    options
        Further options of ``uv pip compile``.
    """
    command = ["uv", "pip", "compile", "--universal", "--python-version", "3.11", "--quiet"]
    command += ["--no-header", "--no-annotate", "--output-file", path.name]
    subprocess.run([*command, *options, "pyproject.toml"], cwd=ROOT, check=True)
    pins = re.sub(r" ; .*?(?=( \\)?$)", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(f"{HEADERS[path]}\n{MADE_BY}\n{pins}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
