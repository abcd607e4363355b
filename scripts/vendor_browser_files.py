"""Rebuild static/vendor from npm packages, so that the page needs no other server.

    python scripts/vendor_browser_files.py

To update a package, change its version below and run the command again.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"

# package@version → the files that the page loads; "dist/" is removed from their paths.
PACKAGES = {
    "leaflet@1.9.4": [
        "LICENSE",
        "dist/leaflet.css",
        "dist/leaflet.js",
        "dist/images/layers.png",
        "dist/images/layers-2x.png",
        "dist/images/marker-icon.png",
        "dist/images/marker-icon-2x.png",
        "dist/images/marker-shadow.png",
    ],
    "topojson-client@3.1.0": ["LICENSE", "dist/topojson-client.min.js"],
}

README = """\
# Third-party browser files

The application serves these files itself. `python scripts/vendor_browser_files.py` generates this
folder from the packages below; do not edit it. The files are identical to those in the packages,
except that a `sourceMappingURL` comment at the end of a script is removed, because the source maps
are not included.

| name | version | licence | integrity of the npm tarball |
|---|---|---|---|
{packages}

| file | bytes | sha256 |
|---|---|---|
{files}
"""


def fetch(specs: list[str], folder: Path) -> list[dict[str, str]]:
    """Download npm tarballs into a folder.

    Returns
    -------
    list of dict
        npm's report of each: name, version, filename, integrity. npm has checked the tarball
        against its published integrity.

    Raises
    ------
    subprocess.CalledProcessError
        npm failed; its message is on stderr.
    """
    command = ["npm", "pack", "--json", "--loglevel=error", "--pack-destination", str(folder)]
    reply = subprocess.run([*command, *specs], check=True, stdout=subprocess.PIPE, cwd=folder)
    tarballs: list[dict[str, str]] = json.loads(reply.stdout)
    return tarballs


def without_source_map(script: bytes) -> bytes:
    r"""Remove the comment that makes a browser's developer tools request a source map.

    >>> without_source_map(b"run();\n//# sourceMappingURL=leaflet.js.map")
    b'run();\n'
    """
    return re.sub(rb"//# sourceMappingURL=\S*\s*\Z", b"", script)


def unpack(tarball: Path, members: list[str], folder: Path) -> str:
    """Copy members of a tarball into a folder, without `dist/`; return the name of its licence."""
    with tarfile.open(tarball) as archive:

        def read(member: str) -> bytes:
            file = archive.extractfile(f"package/{member}")
            if file is None:
                raise ValueError(f"{tarball.name}: {member} is not a file")
            return file.read()

        for member in members:
            content = read(member)
            target = folder / member.removeprefix("dist/")
            target.parent.mkdir(parents=True, exist_ok=True)
            is_script = PurePosixPath(member).suffix == ".js"
            target.write_bytes(without_source_map(content) if is_script else content)
        return str(json.loads(read("package.json"))["license"])


def table_row(*cells: object) -> str:
    """Return one row of a Markdown table."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main() -> int:
    """Run the command; return its exit code."""
    with tempfile.TemporaryDirectory() as temporary:
        downloads, fresh = Path(temporary, "npm"), Path(temporary, "vendor")
        downloads.mkdir()
        packages = []
        for tarball in fetch(list(PACKAGES), downloads):
            name, version = tarball["name"], tarball["version"]
            members = PACKAGES[f"{name}@{version}"]
            licence = unpack(downloads / tarball["filename"], members, fresh / name)
            packages.append(table_row(name, version, licence, f"`{tarball['integrity']}`"))
        files = []
        for path in sorted(fresh.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                digest = hashlib.sha256(content).hexdigest()
                name = path.relative_to(fresh).as_posix()
                files.append(table_row(f"`{name}`", len(content), f"`{digest}`"))
        readme = README.format(packages="\n".join(packages), files="\n".join(files))
        (fresh / "README.md").write_text(readme, encoding="utf-8", newline="\n")

        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(fresh, VENDOR)
    print(f"{len(packages)} packages, {len(files)} files in {VENDOR}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
