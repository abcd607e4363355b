"""The static files that the browser fetches once per map, published under names with a digest."""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

from app.page import connection
from app.page.language import ENGLISH, english
from data import atomic_file
from layers.atlas import Atlas
from layers.web import scene
from layers.web.empty_map import SCRIPTS, STYLE_SHEETS, map_creator_script

STATIC = Path(__file__).resolve().parents[2] / "static"
MODULES = ("page/mount.js", "page/answers.js", "page/cover.js")
FOLDER = "atlas"

_choosing = threading.Lock()


@dataclass(frozen=True)
class MapFiles:
    """Addresses of a map's files, relative to ``static``.

    Attributes
    ----------
    module
        The JavaScript module that draws the map.
    data
        The topology of the counties and the scene, which the module fetches.
    """

    module: str
    data: tuple[str, str]


@dataclass(frozen=True)
class Assets:
    """The map's files in Chinese and in English."""

    chinese: MapFiles
    english: MapFiles

    def in_language(self, chosen: str) -> MapFiles:
        """Return the map's files in a language.

        Parameters
        ----------
        chosen
            A language code, ``zh`` or ``en``.
        """
        return self.english if chosen == ENGLISH else self.chinese


def writable_folder() -> Path:
    """Return the folder that has the map's files in its folder ``atlas``.

    Plain ``streamlit run`` serves files from ``static`` only. ``jitu app`` also serves them from
    the user's cache or a temporary folder, if ``static`` is not writable.

    Raises
    ------
    OSError
        No folder is writable.
    """
    if not connection.is_served():
        return STATIC
    with _choosing:
        return _first_writable()


@cache
def _first_writable() -> Path:
    for folder in (STATIC, platformdirs.user_cache_path("jitu", appauthor=False)):
        try:
            (folder / FOLDER).mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder / FOLDER).close()
        except OSError:
            continue
        return folder
    temporary = tempfile.mkdtemp(prefix="jitu-")
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return Path(temporary)


def publish(atlas: Atlas, static: Path | None = None) -> Assets:
    """Write the map's files that are missing, and return their addresses.

    File names contain a digest of the content, so browsers may cache the files indefinitely.

    Parameters
    ----------
    atlas
        The atlas.
    static
        The folder below which they are written, by default :func:`writable_folder`.

    Raises
    ------
    OSError
        The folder is not writable.
    """
    static = static or writable_folder()
    content = scene.scene(atlas)
    topology = _publish("counties", scene.topology(atlas), static)
    made = map_creator_script(content["bounds"])
    scenes = (("scene", content), ("scene-en", scene_in_english(atlas, content)))
    data = [(topology, _publish(stem, found, static)) for stem, found in scenes]
    return Assets(*(MapFiles(_module(made, *names, static), names) for names in data))


def _module(made: str, topology: str, scene: str, static: Path) -> str:
    """Write the module that Streamlit loads for a map: file names and the empty map's script."""
    files_to_load = {
        "scripts": [versioned_address(name) for name in SCRIPTS],
        "sheets": [versioned_address(name) for name in STYLE_SHEETS],
        "atlas": topology,
        "scene": scene,
    }
    text = (
        f'import {{ answering }} from "../{versioned_address("page/answers.js")}";\n'
        f'import {{ cover }} from "../{versioned_address("page/cover.js")}";\n'
        f'import {{ mount }} from "../{versioned_address("page/mount.js")}";\n\n'
        f"const files = {json.dumps(files_to_load)};\n"
        f"export default mount({{ ...files, answering, cover, create: {made} }});\n"
    )
    return _write("map", ".js", text, static)


def versioned_address(name: str) -> str:
    """Return the address of a static file with a digest as query, so that caches follow changes.

    Parameters
    ----------
    name
        The path of the file, relative to ``static``.
    """
    return f"{name}?{_digest((STATIC / name).read_bytes())[:8]}"


def scene_in_english(atlas: Atlas, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scene with legend, filter options, notes and texts in English.

    Labels on the map stay Chinese.

    Parameters
    ----------
    atlas
        The atlas, for the English names of industries.
    content
        The scene of :func:`layers.web.scene.scene`.
    """

    def item(found: Mapping[str, Any]) -> dict[str, Any]:
        return {**found, "title": english(found["title"], atlas)}

    return {
        **content,
        "legend": [
            {
                **item(group),
                "notes": [english(note) for note in group["notes"]],
                "items": [item(i) for i in group["items"]],
            }
            for group in content["legend"]
        ],
        "filter_options": {
            name: {english(title, atlas): value for title, value in offered.items()}
            for name, offered in content["filter_options"].items()
        },
        "notes": {name: english(text) for name, text in content["notes"].items()},
        "text": {name: english(text) for name, text in content["text"].items()},
    }


def _publish(stem: str, content: object, static: Path) -> str:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return _write(stem, ".json", text, static)


def _write(stem: str, suffix: str, text: str, static: Path) -> str:
    data = text.encode("utf-8")
    name = f"{FOLDER}/{stem}-{_digest(data)[:16]}{suffix}"
    path = static / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        atomic_file.write(path, data)
    return name


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
