"""Write a file in one step, so that no reader sees an incomplete file.

The module replaces whole files. It does not lock them: of two writers, the last one wins.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Write `data` to `path` through a temporary file in the same folder.

    A symbolic link keeps its place and its target is replaced. A pipe or a device is written to
    directly.

    Parameters
    ----------
    path
        The file to create or replace.
    data
        The whole content.

    Raises
    ------
    OSError
        The folder is missing or not writable, or the disk is full. The old file is unchanged, and
        no temporary file remains.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if os.name == "posix":  # mkstemp creates a private file; set the usual permissions
            umask = os.umask(0)
            os.umask(umask)
            temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
