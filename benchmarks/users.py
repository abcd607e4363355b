"""Simulate many users with clients that speak Streamlit's protocol, without browsers.

A change is timed from the request to the message that the script has finished; by then the client
has received all changes. A client changes years and industries at random, with the same choices in
every run. It waits for the end of each change, pauses and changes again.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

THINK_S = 2.0
LIMIT_S = 120
YEAR, INDUSTRY = "目标年", "产业"


@dataclass
class Load:
    """The result of a load: milliseconds per change, bytes on the wire and errors."""

    changes_ms: list[float] = field(default_factory=list)
    received: int = 0
    errors: list[str] = field(default_factory=list)


def load(address: str, users: int, seconds: float, think_s: float = THINK_S) -> Load:
    """Let `users` use the page at `address` for some seconds; opening the page is not counted."""
    return asyncio.run(_load(address, users, seconds, think_s))


async def _load(address: str, users: int, seconds: float, think_s: float) -> Load:
    total = Load()
    clients = [_Client(address, number, total) for number in range(users)]
    try:
        for client in clients:
            await client.open()
        opened = sum(client.received for client in clients)
        end = time.monotonic() + seconds
        await asyncio.gather(*(client.use(end, think_s, users) for client in clients))
        total.received = sum(client.received for client in clients) - opened
    finally:
        for client in clients:
            await client.close()
    return total


class _Connection(ClientConnection):
    """A connection that counts the bytes on the wire, before decompression."""

    received = 0

    def data_received(self, data: bytes) -> None:
        """Count and process received data."""
        self.received += len(data)
        super().data_received(data)


class _Client:
    """One user's session."""

    def __init__(self, address: str, number: int, total: Load) -> None:
        self.url = address.replace("http://", "ws://") + "_stcore/stream"
        self.number = number
        self.total = total
        self.random = random.Random(number)  # noqa: S311 (the same choices every time)
        self.socket: _Connection | None = None
        self.ids: dict[str, str] = {}  # label → widget id
        self.options: dict[str, dict[str, str]] = {}  # label → name → text to send
        self.chosen: dict[str, list[str]] = {}  # label → names
        self.query = ""
        self.kept: set[str] = set()  # hashes of messages that need not be sent again

    async def connect(self) -> None:
        """Connect to the server."""
        # The client offers compression as a browser does; the server decides.
        self.socket = await connect(
            self.url,
            subprotocols=["streamlit"],
            max_size=None,
            proxy=None,
            create_connection=_Connection,
        )

    async def open(self) -> None:
        """Connect and load the page."""
        await self.connect()
        await self.run()
        missing = {YEAR, INDUSTRY} - set(self.ids)
        if missing:
            raise RuntimeError(f"the page has no filter {', '.join(sorted(missing))}")

    @property
    def received(self) -> int:
        """Bytes received so far."""
        return self.socket.received if self.socket else 0

    async def close(self) -> None:
        """End the session."""
        if self.socket:
            await self.socket.close()

    async def use(self, end: float, think_s: float, users: int) -> None:
        """Change filters until `end`; users start one after the other."""
        await asyncio.sleep(think_s * self.number / users)
        while time.monotonic() < end:
            self.choose()
            start = time.perf_counter()
            try:
                await asyncio.wait_for(self.run(), LIMIT_S)
            except Exception as error:  # any error is a result
                self.total.errors.append(f"user {self.number}: {type(error).__name__}: {error}")
                return
            self.total.changes_ms.append(1000 * (time.perf_counter() - start))
            await asyncio.sleep(think_s)

    def choose(self) -> None:
        """Choose another year, or up to two industries."""
        if self.random.random() < 0.5:
            others = [y for y in self.options[YEAR] if [y] != self.chosen.get(YEAR)]
            self.chosen[YEAR] = [self.random.choice(others)]
        else:
            count = self.random.randint(0, 2)
            self.chosen[INDUSTRY] = self.random.sample(list(self.options[INDUSTRY]), count)

    def request(self) -> BackMsg:
        """Return the message that requests a run with the current choices."""
        request = BackMsg()
        request.rerun_script.query_string = self.query
        request.rerun_script.cached_message_hashes.extend(sorted(self.kept))
        for label, values in self.chosen.items():
            widget = request.rerun_script.widget_states.widgets.add(id=self.ids[label])
            options = self.options[label]
            widget.string_array_value.data[:] = [options[value] for value in values]
        return request

    async def run(self) -> None:
        """Request a run of the script and read messages until it has finished."""
        assert self.socket  # noqa: S101 (opened before)
        await self.socket.send(self.request().SerializeToString())
        async for data in self.socket:
            message = ForwardMsg.FromString(data)
            self.read(message)
            if message.WhichOneof("type") == "script_finished":
                if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    status = ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)
                    raise RuntimeError(status)
                return
        raise ConnectionError("the server closed the connection")

    def read(self, message: ForwardMsg) -> None:
        """Read filters, address and cache keys from a message; raise an error that it reports."""
        if message.metadata.cacheable:
            self.kept.add(message.hash)
        if message.WhichOneof("type") == "page_info_changed":
            self.query = message.page_info_changed.query_string
        element = message.delta.new_element
        what = element.WhichOneof("type")
        if what == "exception":
            raise RuntimeError(f"{element.exception.type}: {element.exception.message}")
        if what in ("button_group", "multiselect"):
            widget = getattr(element, what)
            if widget.label in (YEAR, INDUSTRY):
                self.ids[widget.label] = widget.id
                self.options[widget.label] = _options(widget.options)


def _options(options: Sequence[object]) -> dict[str, str]:
    """Return name → text of a widget's options; a text may end with a count (新能源 · 3).

    >>> _options(["新能源 · 3", "生物"])
    {'新能源': '新能源 · 3', '生物': '生物'}
    """
    texts = [str(getattr(option, "content", option)) for option in options]
    return {re.sub(r"\W+\d+$", "", text): text for text in texts}
