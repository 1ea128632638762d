"""A client of the program's sockets over a real connection, and a real server to connect to.

The protocol is wsproto's; what is here is the connection, so that a test can cut it anywhere and
choose not to read.
"""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Message,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)


class Closed(Exception):
    """The other side closed the socket, with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


@dataclass
class Socket:
    """One open socket."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    protocol: WSConnection
    subprotocol: str = ""
    _frames: list[str] = field(default_factory=list[str])
    _part: str = ""
    _over: int = 0

    async def send(self, **frame: Any) -> None:
        """Send a frame of these fields."""
        await self.send_text(json.dumps(frame))

    async def send_text(self, text: str) -> None:
        """Send a frame as it stands."""
        await self.send_message(TextMessage(data=text))

    async def send_message(self, message: "Message[Any]") -> None:
        """Send a frame of any kind."""
        self.writer.write(self.protocol.send(message))
        await self.writer.drain()

    async def next(self, *types: str, seconds: float = 20.0) -> dict[str, Any]:
        """The next event, or the next of one of `types`; raises `Closed`."""
        async with asyncio.timeout(seconds):
            while True:
                told = json.loads(await self._text())
                if not types or told["type"] in types:
                    return told

    async def until(self, type_: str, **fields: Any) -> list[dict[str, Any]]:
        """The events up to the first of a type with these fields, that one last."""
        found: list[dict[str, Any]] = []
        while True:
            told = await self.next()
            found.append(told)
            if told["type"] == type_ and fields.items() <= told.items():
                return found

    async def closed(self, seconds: float = 20.0) -> int:
        """The code with which the other side closes."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await self._text()
        except Closed as over:
            return over.code

    def cut(self) -> None:
        """Lose the connection, without a word."""
        self.writer.transport.abort()

    async def close(self) -> None:
        """Close as a client does."""
        with suppress(OSError):
            self.writer.write(self.protocol.send(CloseConnection(code=1000)))
            self.writer.close()
            await self.writer.wait_closed()

    async def _text(self) -> str:
        while not self._frames:
            if self._over:
                raise Closed(self._over)
            data = await self.reader.read(65536)
            self.protocol.receive_data(data or None)
            for event in self.protocol.events():
                if isinstance(event, TextMessage):
                    self._part += event.data
                    if event.message_finished:
                        self._frames.append(self._part)
                        self._part = ""
                elif isinstance(event, CloseConnection):
                    self._over = event.code
                elif isinstance(event, Ping):
                    self.writer.write(self.protocol.send(event.response()))
        return self._frames.pop(0)


async def connected(
    port: int,
    host: str,
    headers: dict[str, str] | None = None,
    subprotocols: tuple[str, ...] = (),
    path: str = "/ws/chat",
) -> Socket:
    """Open a socket of the market at `host`; raises `Closed` with the status when refused."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    protocol = WSConnection(ConnectionType.CLIENT)
    extra = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    writer.write(
        protocol.send(
            Request(host=host, target=path, extra_headers=extra, subprotocols=list(subprotocols))
        )
    )
    while True:
        protocol.receive_data(await reader.read(65536) or None)
        for event in protocol.events():
            if isinstance(event, AcceptConnection):
                return Socket(reader, writer, protocol, event.subprotocol or "")
            if isinstance(event, (RejectConnection, CloseConnection)):
                writer.close()
                raise Closed(getattr(event, "status_code", 0) or getattr(event, "code", 0))


@asynccontextmanager
async def served(app: Any) -> AsyncGenerator[int]:
    """Serve an application as production does, on a port that is the block's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    server = Server(
        target=app,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGINL,
        log_level=LogLevels.error,
        runtime_threads=1,
        blocking_threads=1,
        backlog=1024,
        backpressure=8192,
    )
    serving = asyncio.create_task(server.serve())
    for _ in range(200):
        with suppress(OSError):
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            break
        await asyncio.sleep(0.05)
    try:
        yield port
    finally:
        server.stop()
        await asyncio.wait([serving], timeout=10)
