"""The page's WebSocket: compressed with all of deflate's memory, and without delay."""

from __future__ import annotations

import socket
from asyncio import BaseTransport
from typing import Any

from uvicorn.config import WS_PROTOCOLS
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

# The name under which Streamlit asks uvicorn for its WebSockets.
_NAME = "websockets-sansio"


class Connection(WebSocketsSansIOProtocol):
    """uvicorn's, which sends at once and remembers the last 32 kB that were sent, not 4.

    A rerun is many small messages. Streamlit makes its socket so that asyncio does not see that it
    is TCP, and the network would hold each back until the one before has been confirmed: 40 ms.

    A rerun sends 15 to 20 kB, nearly the same as the rerun before: with 4 kB of memory that is
    forgotten by then. It takes about 64 kB more of each connection, and half the time.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if self.config.ws_per_message_deflate:
            deflate = ServerPerMessageDeflateFactory(
                client_max_window_bits=12, compress_settings={"memLevel": 5}
            )
            self.conn.available_extensions = [deflate]

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to serve a client."""
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)


def use() -> None:
    """Let every server that this process starts take it."""
    WS_PROTOCOLS[_NAME] = f"{Connection.__module__}:{Connection.__name__}"
