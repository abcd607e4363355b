"""Whether this process also serves the API, and where: told to planners beside the downloads."""

from __future__ import annotations

import threading

_SERVED = threading.Event()


def announce() -> None:
    """Say that the API is served below ``/ogc`` on the page's port."""
    _SERVED.set()


def is_served() -> bool:
    """Whether the API is served; it is not under plain ``streamlit run``."""
    return _SERVED.is_set()
