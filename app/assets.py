"""The static files that the map fetches once: written under names that carry the data's digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from app import files
from layers import scene
from layers.catalogue import Atlas

STATIC = Path(__file__).resolve().parent.parent / "static"
FOLDER = "atlas"


@dataclass(frozen=True)
class Assets:
    """Addresses of the map's data files below ``static``, and the bounds to open with."""

    atlas: str
    scene: str
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
        bounds=content["bounds"],
    )


def _publish(stem: str, content: object, static: Path) -> str:
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    name = f"{FOLDER}/{stem}-{hashlib.sha256(data).hexdigest()[:16]}.json"
    path = static / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        files.write(path, data)
    return name
