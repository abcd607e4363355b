"""Printed map sheets as files: one, or a series that can be taken up again where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from data import atomic_file
from layers.catalogue import Atlas
from layers.formats.export import SHEET, file_name
from layers.portrayal import layout_diagram
from layers.reading.view import View

if TYPE_CHECKING:
    from layers.printing.sheet import Member

REVIEW_NUMBER = "JITU_REVIEW_NUMBER"
# What each finished file of a folder was made from, so that a series can be taken up again.
_DONE = ".jitu-print.json"


@dataclass(frozen=True)
class Print:
    """How sheets are made; with `layout_diagram` the layout as on a planner's sheet (规划图式)."""

    paper: str
    format: str
    review_number: str | None
    layout_diagram: bool


def review_number() -> str | None:
    """Return the configured review number (审图号), ``None`` where there is none."""
    return os.environ.get(REVIEW_NUMBER, "").strip() or None


def name(atlas: Atlas, view: View, how: Print) -> str:
    """Return the file name of a single sheet."""
    return _name(atlas, SHEET, view, how)


def is_planned(view: View, how: Print) -> bool:
    """Tell whether a sheet of `view` shows the layout as on a planner's sheet."""
    return how.layout_diagram and "layout" in view.layers


def _name(atlas: Atlas, subject: str, view: View, how: Print) -> str:
    planned = f"{layout_diagram.TITLE}_" if is_planned(view, how) else ""
    return file_name(atlas, subject, view, how.format, planned + how.paper.upper())


def single(atlas: Atlas, view: View, how: Print) -> bytes:
    """Return the view as one sheet."""
    from layers.printing.sheet import sheet  # matplotlib, which nothing else needs

    return sheet(atlas, view, **asdict(how))


def write_series(
    atlas: Atlas, members: Sequence[Member], how: Print, folder: Path
) -> Iterator[tuple[str, bool]]:
    """Write one file per member into `folder`; yield its name and whether it was drawn now.

    A file that the folder holds from an earlier run with the same data, view and settings stays.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    from layers.printing.sheet import member_sheet

    folder.mkdir(parents=True, exist_ok=True)
    done = _done(folder)
    for member in members:
        rest = replace(member.view, cities=()) if member.city else member.view
        made = _name(atlas, member.name, rest, how)
        key = _key(atlas, member, how)
        is_new = done.get(made) != key or not (folder / made).is_file()
        if is_new:
            data = member_sheet(atlas, member, **asdict(how))
            atomic_file.write(folder / made, data)
            done[made] = key
            atomic_file.write(
                folder / _DONE, json.dumps(done, ensure_ascii=False, indent=1).encode()
            )
        yield made, is_new


def _done(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / _DONE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # none yet, or not ours: everything is drawn
        return {}
    return found if isinstance(found, dict) else {}


def _key(atlas: Atlas, member: Member, how: Print) -> str:
    parts = [atlas.records.digest, asdict(member), asdict(how)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
