"""Reading many streams of a model's answers at once, light enough not to be the limit."""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_WORD = re.compile(rb't(\d{10,}) ?"')
_END = b"\r\n0\r\n\r\n"
LONGEST = 60.0


@dataclass(frozen=True)
class Way:
    """A way to the models: where it is, and what opens it."""

    name: str
    url: str
    model: str
    host: str = ""
    key: str = "none"

    def request(self, words: int) -> bytes:
        """A question whose answer has so many words."""
        told = {
            "model": self.model,
            "stream": True,
            "max_tokens": words,
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "My kitchen tap drips. Whom do I ask, and for what?"},
            ],
        }
        body = json.dumps(told).encode()
        parts = urlsplit(self.url)
        head = (
            f"POST {parts.path} HTTP/1.1\r\n"
            f"Host: {self.host or parts.netloc}\r\nAuthorization: Bearer {self.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@dataclass
class Figures:
    """What was measured; times in milliseconds."""

    seconds: float = 0.0
    first: list[float] = field(default_factory=list[float])
    """From the question to the first word, each."""
    total: list[float] = field(default_factory=list[float])
    carried: list[float] = field(default_factory=list[float])
    """From the sending of a word to its arrival, each."""
    worked: float = 0.0
    """What the server's processors worked for an answer."""
    held: list[float] = field(default_factory=list[float])
    """Between the sending of the first and the last of words that arrived together, each."""

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return len(self.total) / self.seconds


class _Reader(asyncio.Protocol):
    """One connection; notes when which word came."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._tail = b""
        self._asked = 0.0
        self._first = True
        self._words = 0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def ask(self, request: bytes) -> "asyncio.Future[None]":
        self.ended = asyncio.get_running_loop().create_future()
        self._tail, self._first, self._words = b"", True, 0
        self._asked = time.monotonic()
        assert self.transport is not None
        self.transport.write(request)
        return self.ended

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        seen = self._tail + data
        sent: list[int] = []
        end = 0
        for found in _WORD.finditer(seen):
            sent.append(int(found[1]))
            end = found.end()
        if sent:
            if self._first:
                self._first = False
                self._figures.first.append((time.monotonic() - self._asked) * 1000)
            self._words += len(sent)
            self._figures.carried += [(now - one) / 1e6 for one in sent]
            self._figures.held.append((sent[-1] - sent[0]) / 1e6)
        self._tail = seen[end:]
        if self._tail.endswith(_END):
            if not self._words:
                self.ended.set_exception(RuntimeError(f"no word came: {seen[:500]!r}"))
                return
            self._figures.total.append((time.monotonic() - self._asked) * 1000)
            self.ended.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(RuntimeError(f"the connection ended: {self._tail[:500]!r}"))


async def stream(way: Way, *, at_once: int, words: int, seconds: float) -> Figures:
    """Read `at_once` streams after each other for `seconds`; raises `RuntimeError` on a failure."""
    figures = Figures()
    request = way.request(words)
    port = urlsplit(way.url).port or 80
    loop = asyncio.get_running_loop()
    began = time.monotonic()

    async def one(number: int) -> None:
        transport, reader = await loop.create_connection(
            lambda: _Reader(figures), "127.0.0.1", port
        )
        try:
            # Not all in the same instant: people do not ask in step.
            await asyncio.sleep(number * 0.5 / at_once)
            while time.monotonic() < began + seconds:
                async with asyncio.timeout(LONGEST):
                    await reader.ask(request)
        finally:
            transport.close()

    await asyncio.gather(*(one(number) for number in range(at_once)))
    figures.seconds = time.monotonic() - began
    return figures
