"""Whether ``jitu app`` serves the page: with the API, and the map's files from any folder."""

from __future__ import annotations

import threading

_SERVED = threading.Event()


def announce() -> None:
    """Record that the API is served below ``/ogc`` on the page's port."""
    _SERVED.set()


def is_served() -> bool:
    """Return whether the API is served; under plain ``streamlit run`` it is not."""
    return _SERVED.is_set()
