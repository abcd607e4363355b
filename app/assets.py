"""The static files that the map fetches once: written under names that carry the data's digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import files
from app.language import english
from layers import scene
from layers.catalogue import Atlas

STATIC = Path(__file__).resolve().parent.parent / "static"
FOLDER = "atlas"


@dataclass(frozen=True)
class Assets:
    """Addresses of the map's data files below ``static``, and the bounds to open with."""

    atlas: str
    scene: str
    scene_in_english: str
    bounds: list[list[float]]


def publish(atlas: Atlas, static: Path = STATIC) -> Assets:
    """Write the map's data files where they are missing, and return their addresses.

    A name changes with its content, so a browser may keep what it has.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    content = scene.scene(atlas)
    return Assets(
        atlas=_publish("counties", scene.topology(atlas), static),
        scene=_publish("scene", content, static),
        scene_in_english=_publish("scene-en", in_english(atlas, content), static),
        bounds=content["bounds"],
    )


def in_english(atlas: Atlas, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scene with legend, notes and texts in English; the labels stay Chinese."""

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
        "notes": {name: english(text) for name, text in content["notes"].items()},
        "text": {name: english(text) for name, text in content["text"].items()},
    }


def _publish(stem: str, content: object, static: Path) -> str:
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    name = f"{FOLDER}/{stem}-{hashlib.sha256(data).hexdigest()[:16]}.json"
    path = static / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        files.write(path, data)
    return name
