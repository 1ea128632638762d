"""Counting attempts: in Redis for all processes together, or in this one.

A Redis that does not answer must neither keep people out nor open the gates: until it answers
again, each process counts by itself.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter
from redis.exceptions import RedisError

PREFIX = "agora"
PATIENCE = 0.25
"""Seconds that Redis may take to answer."""
RESTS = 5.0
"""Seconds for which a Redis that did not answer is not asked again."""
MANY = 1000
"""Limits above this are counted by fixed windows: a list of every attempt would be long."""

_log = logging.getLogger(__name__)
Told = TypeVar("Told")


@dataclass(frozen=True)
class Count:
    """Where a count stands after an attempt; times in seconds."""

    limit: int
    window: int
    allowed: bool
    remaining: int
    resets_in: int


class Counter:
    """The counts of one installation."""

    def __init__(self, redis_url: str | None) -> None:
        self._here: Storage = MemoryStorage()
        self._shared = _shared(redis_url) if redis_url else None
        self._resting_until = 0.0

    @property
    def is_shared(self) -> bool:
        """Whether all processes count together at the moment."""
        return self._shared is not None and time.monotonic() >= self._resting_until

    async def hit(self, limit: RateLimitItem, *who: str, fixed: bool = False) -> Count:
        """Count one attempt of `who`; `fixed` windows begin anew all at once."""

        async def counted(storage: Storage) -> Count:
            by_window = fixed or limit.amount > MANY
            strategy = FixedWindowRateLimiter if by_window else MovingWindowRateLimiter
            counting = strategy(storage)
            allowed = await counting.hit(limit, *who)
            stats = await counting.get_window_stats(limit, *who)
            return Count(
                limit=limit.amount,
                window=limit.get_expiry(),
                allowed=allowed,
                remaining=max(0, int(stats.remaining)),
                resets_in=max(1, round(stats.reset_time - time.time())),
            )

        return await self._counting(counted)

    async def forget_market(self, market_id: UUID) -> int:
        """Forget every count of a market, and say how many there were."""
        here = cast("MemoryStorage", self._here)
        keys = [key for key in {*here.storage, *here.events} if str(market_id) in key]
        for key in keys:
            await here.clear(key)
        if self._shared is None:
            return len(keys)
        client = _client(self._shared)
        shared = [key async for key in client.scan_iter(match=f"{PREFIX}:*{market_id}*")]
        if shared:
            await client.delete(*shared)
        return len(keys) + len(shared)

    async def forget(self) -> None:
        """Start all counts anew."""
        await self._here.reset()
        if self._shared is not None:
            await self._shared.reset()

    async def close(self) -> None:
        """Give the connections back."""
        if self._shared is not None:
            await _client(self._shared).aclose()

    async def _counting(self, counted: Callable[[Storage], Awaitable[Told]]) -> Told:
        if self._shared is not None and self.is_shared:
            try:
                async with asyncio.timeout(4 * PATIENCE):
                    return await counted(self._shared)
            except (RedisError, OSError, TimeoutError) as error:
                self._resting_until = time.monotonic() + RESTS
                _log.warning(
                    "Redis does not answer (%s); this process counts limits by itself.",
                    type(error).__name__,
                )
        return await counted(self._here)


@asynccontextmanager
async def counter_of(redis_url: str | None) -> AsyncGenerator[Counter]:
    """A counter that is closed at the end, for tests."""
    counter = Counter(redis_url)
    try:
        yield counter
    finally:
        await counter.close()


def _shared(url: str) -> RedisStorage:
    options: dict[str, Any] = {
        "implementation": "redispy",
        "key_prefix": PREFIX,
        "socket_timeout": PATIENCE,
        "socket_connect_timeout": PATIENCE,
    }
    return RedisStorage(f"async+{url}", **options)


def _client(storage: RedisStorage) -> Any:
    bridge: Any = storage.bridge
    return bridge.storage
