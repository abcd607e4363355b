"""Zip archives that have the same bytes on every system and at any time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

# A zip entry needs a date; a constant date keeps the bytes the same.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o644  # the system whose rights an entry has, and these rights


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of files, which everybody may read once they are unpacked.

    Parameters
    ----------
    files
        Name → content.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = _UNIX, _READABLE << 16
            made.writestr(entry, data)
    return buffer.getvalue()
