"""Printed map sheets as files: one, or a series that can be resumed where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from data import atomic_file
from layers.atlas import Atlas
from layers.formats.export import SHEET_SUBJECT, file_name
from layers.kinds.layout import KIND as LAYOUT
from layers.portrayal import layout_diagram
from layers.printing.settings import Print as Print  # callers find it here
from layers.reading.view import View

if TYPE_CHECKING:
    from layers.printing.sheet import Member

REVIEW_NUMBER = "JITU_REVIEW_NUMBER"
# What each finished file of a folder was made from and its content, so that a series can be
# resumed.
_DONE = ".jitu-print.json"


def review_number() -> str | None:
    """Return the configured review number (审图号), ``None`` where there is none."""
    return os.environ.get(REVIEW_NUMBER, "").strip() or None


def name(atlas: Atlas, view: View, how: Print) -> str:
    """Return the file name of a single sheet.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the sheet shows.
    how
        How it is made.
    """
    return _name(atlas, SHEET_SUBJECT, view, how)


def is_planned(view: View, how: Print) -> bool:
    """Return whether a sheet shows the layout as a layout diagram.

    Parameters
    ----------
    view
        What the sheet shows.
    how
        How it is made.
    """
    return how.layout_diagram and LAYOUT.id in view.layers


def _name(atlas: Atlas, subject: str, view: View, how: Print) -> str:
    diagram = f"{layout_diagram.TITLE}_" if is_planned(view, how) else ""
    return file_name(atlas, subject, view, how.format, diagram + how.paper.upper())


def single(atlas: Atlas, view: View, how: Print) -> bytes:
    """Return a view as one sheet.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the sheet shows.
    how
        How it is made.
    """
    from layers.printing.sheet import sheet  # matplotlib, which nothing else needs

    return sheet(atlas, view, how)


def write_series(
    atlas: Atlas, members: Sequence[Member], how: Print, folder: Path
) -> Iterator[tuple[str, bool]]:
    """Write the sheets of a series into a folder.

    A file from an earlier run with the same data, view and settings is kept, unless its content has
    changed since. The name of a cluster's file has the cluster's id, for two may have one name.

    Parameters
    ----------
    atlas
        The atlas.
    members
        The sheets.
    how
        How they are made.
    folder
        The folder. It is made if it does not exist.

    Yields
    ------
    tuple of str and bool
        The name of a finished file, and whether it was drawn in this run.

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
        made = _name(atlas, "-".join(filter(None, (member.name, member.cluster))), rest, how)
        key = _key(atlas, member, how)
        is_new = done.get(made) != [key, _content(folder / made)]
        if is_new:
            atomic_file.write(folder / made, member_sheet(atlas, member, how))
            done[made] = [key, _content(folder / made)]
            atomic_file.write(
                folder / _DONE, json.dumps(done, ensure_ascii=False, indent=1).encode()
            )
        yield made, is_new


def _done(folder: Path) -> dict[str, list[str | None]]:
    try:
        found = json.loads((folder / _DONE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # none yet, or not ours: everything is drawn
        return {}
    return found if isinstance(found, dict) else {}


def _content(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _key(atlas: Atlas, member: Member, how: Print) -> str:
    parts = [atlas.records.digest, asdict(member), asdict(how)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
