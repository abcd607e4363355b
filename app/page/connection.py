"""Whether this process also serves the API. The downloads panel shows its address if so."""

from __future__ import annotations

import threading

_SERVED = threading.Event()


def announce() -> None:
    """Record that the API is served below ``/ogc`` on the page's port."""
    _SERVED.set()


def is_served() -> bool:
    """Return whether the API is served; under plain ``streamlit run`` it is not."""
    return _SERVED.is_set()
