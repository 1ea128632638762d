"""Pictures that were drawn, kept in memory for a while, and drawn one at a time.

A picture is made of what the listing's page says, so it is no file of the market's: nothing has
to be counted, exported or erased, and a process that forgets it draws it again.
"""

import asyncio
from collections import OrderedDict
from uuid import UUID

from app.catalogue.sharing.drawing import Shared, draw
from app.errors import Unavailable

ROOM = 16 * 1024 * 1024
"""Bytes of the pictures that this process keeps; the one that was not asked for longest goes."""
QUEUE = 16
"""Pictures that may wait to be drawn."""

_kept: OrderedDict[tuple[UUID, str], bytes] = OrderedDict()
_one_at_a_time = asyncio.Semaphore(1)
_waiting = 0


class TooBusy(Unavailable):
    """So many pictures wait to be drawn that one more would wait for too long."""


async def kept_or_drawn(market_id: UUID, edition: str, told: Shared) -> bytes:
    """The picture of what is told, made beside the event loop; raises `TooBusy`."""
    global _waiting  # noqa: PLW0603  The process has one queue.
    key = (market_id, edition)
    if (known := _recalled(key)) is not None:
        return known
    if _waiting >= QUEUE:
        raise TooBusy("Too many requests. Try again later.")
    _waiting += 1
    try:
        async with _one_at_a_time:
            # Somebody else may have waited for the same.
            if (known := _recalled(key)) is not None:
                return known
            drawn = await asyncio.to_thread(draw, told)
    finally:
        _waiting -= 1
    _keep(key, drawn)
    return drawn


def forget() -> None:
    """Drop every picture, as tests do."""
    _kept.clear()


def _recalled(key: tuple[UUID, str]) -> bytes | None:
    known = _kept.get(key)
    if known is not None:
        _kept.move_to_end(key)
    return known


def _keep(key: tuple[UUID, str], drawn: bytes) -> None:
    _kept[key] = drawn
    while len(_kept) > 1 and sum(map(len, _kept.values())) > ROOM:
        _kept.popitem(last=False)
