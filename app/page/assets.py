"""The static files that the map fetches once: written under names that carry their digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.page.language import ENGLISH, english
from data import atomic_file
from layers.catalogue import Atlas
from layers.web import scene
from layers.web.empty_map import SCRIPTS, SHEETS, creator

STATIC = Path(__file__).resolve().parents[2] / "static"
MODULES = ("page/mount.js", "page/answers.js", "page/cover.js")
FOLDER = "atlas"


@dataclass(frozen=True)
class MapFiles:
    """Addresses below ``static``: of the module that draws the map, and of the data it fetches."""

    module: str
    data: tuple[str, str]


@dataclass(frozen=True)
class Assets:
    """What draws the map, in Chinese and in English."""

    chinese: MapFiles
    english: MapFiles

    def in_language(self, chosen: str) -> MapFiles:
        """Return what draws the map in a language."""
        return self.english if chosen == ENGLISH else self.chinese


def publish(atlas: Atlas, static: Path = STATIC) -> Assets:
    """Write the map's files where they are missing, and return their addresses.

    A name changes with its content, so a browser may keep what it has.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    content = scene.scene(atlas)
    topology = _publish("counties", scene.topology(atlas), static)
    made = creator(content["bounds"])
    scenes = (("scene", content), ("scene-en", in_english(atlas, content)))
    data = [(topology, _publish(stem, found, static)) for stem, found in scenes]
    return Assets(*(MapFiles(_module(made, *names, static), names) for names in data))


def _module(made: str, topology: str, scene: str, static: Path) -> str:
    """Write the module that Streamlit asks for a map: what to load, and the empty map."""
    files_to_load = {
        "scripts": [versioned(name) for name in SCRIPTS],
        "sheets": [versioned(name) for name in SHEETS],
        "atlas": topology,
        "scene": scene,
    }
    text = (
        f'import {{ answering }} from "../{versioned("page/answers.js")}";\n'
        f'import {{ cover }} from "../{versioned("page/cover.js")}";\n'
        f'import {{ mount }} from "../{versioned("page/mount.js")}";\n\n'
        f"const files = {json.dumps(files_to_load)};\n"
        f"export default mount({{ ...files, answering, cover, create: {made} }});\n"
    )
    return _write("map", ".js", text, static)


def versioned(name: str) -> str:
    """Return the address of a file of ours, which changes with its content."""
    return f"{name}?{_digest((STATIC / name).read_bytes())[:8]}"


def in_english(atlas: Atlas, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scene with legend, filter_options, notes and texts in English; labels stay Chinese."""

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
