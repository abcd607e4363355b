"""The page's WebSocket protocol: better compression, and no delay of small messages."""

from __future__ import annotations

import asyncio
import socket
from typing import Any, ClassVar

from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

from app.serving.reliance import report_missing

# The name by which Streamlit selects uvicorn's WebSocket protocol.
_NAME = "websockets-sansio"
_WITHOUT = "messages are larger and arrive later"


class Connection(asyncio.Protocol):
    """What is added to uvicorn's protocol: ``TCP_NODELAY``, and a compression window of 32 kB.

    A rerun of the page's script sends many small messages. Streamlit creates its socket in a way
    that hides from asyncio that it is TCP, so asyncio does not set ``TCP_NODELAY``. The kernel
    would delay each message by 40 ms, until the previous one is acknowledged.

    A rerun sends 15 to 20 kB that differ little from the previous rerun. uvicorn's window of 4 kB
    no longer contains the previous rerun. The larger window takes about 64 kB more memory per
    connection and halves the time.

    Parameters
    ----------
    arguments, named
        As for uvicorn's protocol, which must be the next base class.
    """

    used: ClassVar[bool] = False
    config: Any
    conn: Any

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        Connection.used = True
        if not hasattr(getattr(self, "conn", None), "available_extensions"):
            report_missing("the list of extensions in uvicorn's WebSocket protocol", _WITHOUT)
        elif self.config.ws_per_message_deflate:
            deflate = ServerPerMessageDeflateFactory(
                client_max_window_bits=12, compress_settings={"memLevel": 5}
            )
            self.conn.available_extensions = [deflate]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start to serve a client.

        Parameters
        ----------
        transport
            The connection.
        """
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)


def install() -> None:
    """Make every server that this process starts use this protocol."""
    try:
        from uvicorn.config import WS_PROTOCOLS
        from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
    except ImportError:
        report_missing("uvicorn's WebSocket protocol", _WITHOUT)
    else:
        protocols: dict[str, Any] = WS_PROTOCOLS  # it takes classes, too
        protocols[_NAME] = type("JituConnection", (Connection, WebSocketsSansIOProtocol), {})


def check() -> None:
    """Report if a WebSocket was opened without this protocol."""
    if not Connection.used:
        report_missing(f"its choice of the WebSocket protocol {_NAME}", _WITHOUT)
