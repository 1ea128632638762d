"""Content encodings of pages: which a client takes, and which costs least for what it saves.

A page that is kept is compressed once and sent many times, so it is worth the slower Brotli; one
made for a single visitor is sent once, and Zstandard costs a fifth of gzip's time. Gzip remains for
whoever takes neither.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator

import brotli  # pyright: ignore[reportMissingTypeStubs]  It has none.
import zstandard

# Brotli's levels beyond 5 cost ten times as much for a few per cent.
_BROTLI_QUALITY = 5
_ZSTD_LEVEL = 3
_GZIP_LEVEL = 6
# zlib's way to say: the largest window, and gzip's head and end.
_GZIP_WINDOW = 31

KEPT = ("br", "gzip")
"""For pages that are kept, the best first."""
PASSING = ("zstd", "gzip")
"""For pages made for one visitor, the best first."""


def compress(encoding: str, body: bytes) -> bytes:
    """`body` in `encoding`: "br", "zstd" or "gzip"."""
    match encoding:
        case "br":
            made = brotli.compress(  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
                body, quality=_BROTLI_QUALITY
            )
            return bytes(made)  # pyright: ignore[reportUnknownArgumentType]
        case "zstd":
            return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)
        case "gzip":
            return gzip.compress(body, _GZIP_LEVEL, mtime=0)
        case _:
            raise ValueError(f"no such encoding: {encoding}")


async def compressing(encoding: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """`chunks` in an encoding of `PASSING`, or as they are for "", as they come.

    Others get a turn after each chunk, so these should be small.
    """
    match encoding:
        case "":
            packer = None
        case "zstd":
            packer = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj()
        case "gzip":
            packer = zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_WINDOW)
        case _:
            raise ValueError(f"no such encoding: {encoding}")
    async for chunk in chunks:
        if packed := packer.compress(chunk) if packer else chunk:
            yield packed
        await asyncio.sleep(0)
    if packer:
        yield packer.flush()


def decompress(encoding: str, body: bytes) -> bytes:
    """What `compress` made `body` of, for the encodings of kept pages."""
    if encoding == "gzip":
        return gzip.decompress(body)
    return bytes(brotli.decompress(body))  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportUnknownArgumentType]


def chosen(header: str, offered: tuple[str, ...]) -> str:
    """The first of `offered` that an Accept-Encoding `header` takes; "" for none.

    RFC 9110, 12.5.3.
    What the client likes best does not decide, only what it refuses: the order is ours, by cost.
    """
    taken: dict[str, bool] = {}
    for part in header.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        weight = parameters.strip().removeprefix("q=").strip() if parameters else "1"
        taken[name.strip()] = weight.strip("0.") != ""
    any_other = taken.get("*", False)
    return next((name for name in offered if taken.get(name, any_other)), "")
