"""What the server relies on in Streamlit and uvicorn beyond their documented interfaces.

Each such part makes the page faster or better, and the page works without it. A part that is not
found as expected is skipped and reported in the log, once. ``docs/streamlit.md`` lists the parts.
"""

from __future__ import annotations

import logging
from functools import cache
from importlib import metadata

TESTED_STREAMLIT = "1.67"  # the release that the tests have seen, as in pyproject.toml

_log = logging.getLogger("jitu")


@cache
def report_missing(part: str, effect: str) -> None:
    """Report once in the log that a part is not found, and what happens without it.

    Parameters
    ----------
    part
        What was not found.
    effect
        What the user notices.
    """
    _log.warning("Streamlit %s: %s not found; %s", streamlit_version(), part, effect)


@cache
def streamlit_version() -> str:
    """Return the version of the installed Streamlit."""
    return metadata.version("streamlit")


def is_tested() -> bool:
    """Return whether the tests have seen the installed release of Streamlit.

    The cover copies the sizes of this release's widgets. Of another release they are not known.
    """
    return f"{streamlit_version()}.".startswith(f"{TESTED_STREAMLIT}.")
