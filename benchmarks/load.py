"""A closed-loop HTTP/1.1 load over kept-alive connections, light enough not to be the limit."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """What one load measured; times in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p95: float
    size: int

    @property
    def per_second(self) -> float:
        """Requests answered per second."""
        return self.requests / self.seconds


async def load(
    urls: list[str], *, seconds: float = 5.0, connections: int = 8, headers: str = ""
) -> Load:
    """Ask for `urls` in turn over `connections` connections for `seconds`.

    `headers` are extra lines, each ending in CRLF. `size` is the median bytes of a body as sent.
    Raises `RuntimeError` on any answer but 200, for a fast error is no measurement.
    """
    parts = [urlsplit(url) for url in urls]
    requests = [
        (
            f"GET {part.path or '/'}{'?' + part.query if part.query else ''} HTTP/1.1\r\n"
            f"Host: {part.netloc}\r\n{headers}\r\n"
        ).encode()
        for part in parts
    ]
    times: list[float] = []
    sizes: list[int] = []
    started = time.perf_counter()
    until = started + seconds
    port = parts[0].port or 80

    async def one(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = first
        try:
            while time.perf_counter() < until:
                sent = time.perf_counter()
                writer.write(requests[turn % len(requests)])
                sizes.append(await _answer(reader))
                times.append((time.perf_counter() - sent) * 1000)
                turn += connections
        finally:
            writer.close()

    await asyncio.gather(*(one(number) for number in range(connections)))
    took = time.perf_counter() - started
    times.sort()
    sizes.sort()
    return Load(
        len(times),
        took,
        times[len(times) // 2],
        times[int(len(times) * 0.95)],
        sizes[len(sizes) // 2],
    )


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    if " 200 " not in f"{status} ":
        raise RuntimeError(f"answered {status!r}")
    fields = {
        name.lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
        if name
    }
    if "content-length" in fields:
        return len(await reader.readexactly(int(fields["content-length"])))
    size = 0
    while True:
        length = int((await reader.readline()).split(b";")[0], 16)
        await reader.readexactly(length + 2)
        if length == 0:
            return size
        size += length
