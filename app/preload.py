"""What a browser may fetch while Streamlit's page is still starting: the map's files.

They are named in a header of the page, which without it would ask for them one after the other
once everything else is there. What is not found is left out: the page then asks for it in time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import streamlit

from app.assets import MODULES, versioned
from layers.map import SCRIPTS, SHEETS

_CHUNKS = Path(streamlit.__file__).resolve().parent / "static/static/js"
_COMPONENT = "BidiComponent.*.js"  # the part of Streamlit's page that draws components


@lru_cache(maxsize=1)
def link() -> str:
    """Return the value of the header ``Link``; addresses are relative to the page's."""
    ours = [
        *((name, "preload; as=script") for name in SCRIPTS),
        *((name, "preload; as=style") for name in SHEETS),
        *((name, "modulepreload") for name in MODULES),
    ]
    files = [(f"./app/static/{versioned(name)}", rel) for name, rel in ours]
    files += [(f"./static/js/{name}", "modulepreload") for name in _component()]
    return ", ".join(f"<{address}>; rel={rel}" for address, rel in files)


def _component() -> list[str]:
    """Return the names of Streamlit's script for components and of all that it imports."""
    chunks = sorted(_CHUNKS.glob(_COMPONENT))
    imported = [
        name
        for chunk in chunks
        for name in re.findall(r'from"\./([\w.-]+\.js)"', chunk.read_text(encoding="utf-8"))
    ]
    return [chunk.name for chunk in chunks] + imported
