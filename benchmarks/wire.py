"""Count the bytes on the wire with a relay between browser and server.

A browser reports only the size of decompressed WebSocket messages. The relay counts everything that
is transferred: compressed data, headers and handshakes.
"""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

CHUNK = 65536  # bytes
UPGRADED = b"HTTP/1.1 101 "  # a browser uses a connection of its own for each WebSocket


@dataclass(frozen=True)
class Traffic:
    """Bytes that were sent to a browser.

    >>> Traffic(socket=30, http=2) - Traffic(socket=10)
    Traffic(socket=20, http=2)
    """

    socket: int = 0  # by connections that became WebSockets
    http: int = 0  # by all others

    @property
    def total(self) -> int:
        """All bytes."""
        return self.socket + self.http

    def __add__(self, other: Traffic) -> Traffic:
        return Traffic(self.socket + other.socket, self.http + other.http)

    def __sub__(self, other: Traffic) -> Traffic:
        return Traffic(self.socket - other.socket, self.http - other.http)


@contextmanager
def relay(address: str) -> Iterator[Relay]:
    """Relay connections to the server at `address` until the block ends.

    >>> with relay("http://localhost:8501/") as wire:
    ...     wire.address.startswith("http://127.0.0.1:"), wire.sent
    (True, Traffic(socket=0, http=0))
    """
    with Relay(address) as wire:
        listening = threading.Thread(target=wire.serve_forever, args=(0.05,), name="relay")
        listening.start()
        try:
            yield wire
        finally:
            wire.shutdown()
            listening.join()
            wire.hang_up()


class Relay(socketserver.ThreadingTCPServer):
    """Forwards connections to a server, each in two threads that end with the relay."""

    request_queue_size = 100

    def __init__(self, address: str) -> None:
        server = urlsplit(address)
        self.server = (server.hostname, server.port)
        self.sent = Traffic()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._ended = False
        super().__init__(("127.0.0.1", 0), _Connection)

    @property
    def address(self) -> str:
        """The address for the browser, in place of the server's."""
        host, port = self.server_address
        return f"http://{host}:{port}/"

    def count(self, traffic: Traffic) -> None:
        """Add to the traffic sent to the browser."""
        with self._lock:
            self.sent += traffic

    @contextmanager
    def holding(self, *ends: socket.socket) -> Iterator[None]:
        """Register the ends of an open connection, so that the relay can close it."""
        with self._lock:
            self._open.update(ends)
        if self._ended:  # the connection was accepted while the relay was closing
            self.hang_up()
        try:
            yield
        finally:
            with self._lock:
                self._open.difference_update(ends)

    def hang_up(self) -> None:
        """Close all connections, including those that are being accepted."""
        with self._lock:
            self._ended = True
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


class _Connection(socketserver.BaseRequestHandler):
    """One connection of the browser."""

    server: Relay

    def handle(self) -> None:
        """Forward bytes in both directions until both ends have closed."""
        browser: socket.socket = self.request
        with socket.create_connection(self.server.server) as server:
            for end in (browser, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.server.holding(browser, server):
                asking = threading.Thread(target=_pass_on, args=(browser, server))
                asking.start()
                _pass_on(server, browser, self._counter())
                asking.join()

    def _counter(self) -> Callable[[bytes], None]:
        is_socket: bool | None = None

        def count(data: bytes) -> None:
            nonlocal is_socket
            if is_socket is None:
                is_socket = data.startswith(UPGRADED)
            size = len(data)
            self.server.count(Traffic(socket=size) if is_socket else Traffic(http=size))

        return count


def _pass_on(
    source: socket.socket, target: socket.socket, count: Callable[[bytes], None] = len
) -> None:
    """Forward bytes from `source` to `target` until either end is closed."""
    with suppress(OSError):  # a broken connection counts as closed
        while data := source.recv(CHUNK):
            count(data)
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
