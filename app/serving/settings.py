"""Streamlit's settings for this server: port, address and the variables ``STREAMLIT_…``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from app.serving.reliance import report_missing

_PREFIX = "STREAMLIT_SERVER_BASE_URL_PATH"


def settings(script: str, port: int, address: str, *, headless: bool) -> Mapping[str, Any]:
    """Return settings by Streamlit's dotted names.

    Streamlit reads the variables ``STREAMLIT_…`` only in its own command line, which is therefore
    asked. Without it, only the path prefix is read.

    Parameters
    ----------
    script
        The path of the page's script.
    port, address
        Where to listen.
    headless
        Do not open a browser.
    """
    named = {"server.port": port, "server.address": address}
    if headless:
        named["server.headless"] = True
    try:
        from streamlit.web.cli import main_run

        context = main_run.make_context("streamlit", [script])
        read = context.params.items()
    except (ImportError, AttributeError):
        report_missing(
            "its command line", f"of the variables STREAMLIT_… only {_PREFIX} has an effect"
        )
        read = {"server_baseUrlPath": os.environ.get(_PREFIX)}.items()
    return {
        name.replace("_", "."): value
        for name, value in read
        if "_" in name and value not in (None, ())
    } | named
