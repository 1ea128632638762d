"""Running a chain: one link after another, until one has answered.

What is said of an answer that then breaks off is void: `Restarted` tells so, and what follows
begins anew. Text is never said twice, for nothing of a broken answer is kept.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from app.inference.breaker import Breaker, breaker
from app.inference.budgets import BudgetUsedUp, CurrencyUnknown
from app.inference.calling import (
    MAY_RETRY,
    OF_THE_ENDPOINT,
    Call,
    CallFailed,
    Chat,
    ChatEvent,
    Failure,
    Finished,
    Text,
    tokens_of,
)
from app.inference.metrics import Counts, counts
from app.inference.replicas import in_order
from app.inference.settling import begin, surely
from app.inference.targets import Chain, Target

RETRY_PAUSE = 0.2
"""Seconds before the same address is asked again."""
LONGEST_PAUSE = 1.0
"""Who asks for a longer pause is not waited for: the next link answers sooner."""


@dataclass(frozen=True)
class Tried:
    """A model that did not answer, and why."""

    model: str
    reason: Failure


@dataclass(frozen=True)
class Chosen:
    """A link has begun to answer: what follows is its words, until `Restarted` or `Answered`."""

    target: Target


@dataclass(frozen=True)
class Restarted:
    """What was said so far is void; another model begins anew."""

    tried: Tried


@dataclass(frozen=True)
class Answered:
    """The answer is complete: by whom, for how much, and who did not answer."""

    target: Target
    tokens_in: int
    tokens_out: int
    money: Decimal
    first_token: float
    seconds: float
    tried: tuple[Tried, ...]
    reason: str = "stop"
    """Why it ended: `stop`, or `length` where the limit cut it."""


class NobodyAnswered(Exception):
    """No link of the chain answered; `tried` says why."""

    def __init__(self, tried: tuple[Tried, ...]) -> None:
        super().__init__(", ".join(f"{one.model}: {one.reason}" for one in tried))
        self.tried = tried


class Purse(Protocol):
    """Where the tokens and the money come from."""

    async def reserve(self, target: Target, tokens_in: int, tokens_out: int) -> object:
        """Set aside what a call may use at most; raises `BudgetUsedUp`."""
        ...

    async def settle(self, held: object, target: Target, tokens_in: int, tokens_out: int) -> None:
        """Put what was used in its place."""
        ...


class NoPurse:
    """Counts nothing."""

    async def reserve(self, target: Target, tokens_in: int, tokens_out: int) -> object:
        """Allow everything."""
        return None

    async def settle(self, held: object, target: Target, tokens_in: int, tokens_out: int) -> None:
        """Note nothing."""


@dataclass
class _Begun:
    """An answer whose first event is there."""

    target: Target
    key: str
    events: AsyncGenerator[ChatEvent]
    first: ChatEvent
    held: object
    first_token: float
    text: str = ""
    usage: Finished | None = None


@dataclass
class Run:
    """One answer of a chain. `calls` makes the chat at an address; `faults` judges a whole text."""

    chain: Chain
    call: Call
    calls: Callable[[Target, str], Chat]
    purse: Purse = field(default_factory=NoPurse)
    faults: Callable[[str], Awaitable[Failure | None]] | None = None
    breaker: Breaker = field(default_factory=lambda: breaker)
    counts: Counts = field(default_factory=lambda: counts)
    clock: Callable[[], float] = time.monotonic
    tried: list[Tried] = field(default_factory=list[Tried])

    async def stream(self) -> AsyncGenerator[ChatEvent | Chosen | Restarted | Answered]:
        """Yield who begins, what is said, `Restarted` where it begins anew, and `Answered` last.

        Raises `NobodyAnswered` when no link did; a last `Restarted` has been yielded then, if
        anything was said.
        """
        self._began = self.clock()
        waiting = deque(self.chain.links)
        while (begun := await self._next(waiting)) is not None:
            failure: Failure | None = None
            try:
                yield Chosen(begun.target)
                async for event in self._rest(begun):
                    yield event
                failure = await self._judged(begun)
            except CallFailed as failed:
                failure = failed.kind
            finally:
                await self._end(begun)
            if failure is None:
                self.breaker.went_well(begun.key)
                yield self._answered(begun)
                return
            self._note(begun.target, failure, begun.key)
            if begun.text:
                yield Restarted(self.tried[-1])
        raise NobodyAnswered(tuple(self.tried))

    async def _next(self, waiting: deque[Target]) -> _Begun | None:
        """The next link that begins to answer."""
        if self.chain.hedge_seconds:
            return await self._fastest(waiting)
        while waiting:
            with suppress(CallFailed):
                return await self._begin(waiting.popleft())
        return None

    async def _fastest(self, waiting: deque[Target]) -> _Begun | None:
        """As `_next`, asking one link more whenever those asked are silent for long."""
        asked: set[asyncio.Task[_Begun]] = set()
        try:
            while waiting or asked:
                if waiting:
                    asked.add(asyncio.create_task(self._begin(waiting.popleft())))
                pause = self.chain.hedge_seconds if waiting else None
                done, _ = await asyncio.wait(
                    asked, timeout=pause, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    asked.discard(task)
                    if task.exception() is None:
                        return task.result()
            return None
        finally:
            for task in asked:
                task.cancel()
            for left in await asyncio.gather(*asked, return_exceptions=True):
                if isinstance(left, _Begun):
                    await self._end(left)

    async def _begin(self, target: Target) -> _Begun:
        """The first event of a link's answer; raises `CallFailed`, which is noted."""
        most = self.chain.profile.max_tokens
        if self.call.size + most > target.context:
            raise self._noted(target, "too_long")
        if self._left() <= 0:
            raise self._noted(target, "too_slow")
        try:
            held = await self.purse.reserve(target, self.call.size, most)
        except CurrencyUnknown as error:
            raise self._noted(target, "currency") from error
        except BudgetUsedUp as error:
            raise self._noted(target, "budget") from error
        try:
            return await self._first(target, held)
        except BaseException:
            await surely(self.purse.settle(held, target, 0, 0))
            raise

    async def _first(self, target: Target, held: object) -> _Begun:
        until = self.clock() + min(self.chain.first_token_seconds, self._left())
        urls = in_order(target.urls or ("",), self.call.sticky)
        last: CallFailed | None = None
        # With a single address the second try goes there again, after a pause.
        for number, url in enumerate((urls * 2)[:2]):
            key = _key(target, url)
            if not self.breaker.lets(key):
                continue
            try:
                if number and len(urls) == 1:
                    await asyncio.sleep(RETRY_PAUSE)
                return await self._opened(target, url, held, until)
            except CallFailed as failed:
                last = failed
                self._count(failed, key)
                if failed.kind not in MAY_RETRY or failed.retry_after > LONGEST_PAUSE:
                    break
            except BaseException:
                self.breaker.gave_up(key)
                raise
        if last is None:
            raise self._noted(target, "resting")
        raise self._noted(target, last.kind) from last

    async def _opened(self, target: Target, url: str, held: object, until: float) -> _Begun:
        asked = self.clock()
        events = self.calls(target, url).stream(self.call)
        try:
            async with asyncio.timeout(max(until - asked, 0)):
                first = await anext(events)
        except TimeoutError as error:
            raise CallFailed("slow") from error
        except StopAsyncIteration as error:
            raise CallFailed("empty") from error
        except BaseException:
            await events.aclose()
            raise
        return _Begun(target, _key(target, url), events, first, held, self.clock() - asked)

    async def _rest(self, begun: _Begun) -> AsyncGenerator[ChatEvent]:
        event: ChatEvent | None = begun.first
        async with aclosing(begun.events) as events:
            while event is not None:
                if isinstance(event, Finished):
                    begun.usage = event
                    return
                if isinstance(event, Text):
                    begun.text += event.text
                yield event
                try:
                    async with asyncio.timeout(max(self._left(), 0)):
                        event = await anext(events, None)
                except TimeoutError as error:
                    raise CallFailed("too_slow") from error
            raise CallFailed("cut")

    async def _judged(self, begun: _Begun) -> Failure | None:
        if self.call.tools:
            return None
        if not begun.text.strip():
            return "empty"
        return await self.faults(begun.text) if self.faults else None

    async def _end(self, begun: _Begun) -> None:
        """Close the request and settle; also when whoever listens has gone."""
        try:
            await begun.events.aclose()
        finally:
            self.breaker.gave_up(begun.key)
            used = self._used(begun)
            # The reader has the answer; what was reserved too much is given back a moment later.
            begin(self.purse.settle(begun.held, begun.target, *used))

    def _used(self, begun: _Begun) -> tuple[int, int]:
        counted = begun.usage
        if counted is not None and (counted.tokens_in or counted.tokens_out):
            return counted.tokens_in, counted.tokens_out
        # Nobody counted: what was asked and said was paid for all the same.
        return self.call.size, tokens_of(begun.text)

    def _answered(self, begun: _Begun) -> Answered:
        tokens_in, tokens_out = self._used(begun)
        target = begun.target
        self.counts.answered(
            self.chain.agent, target.name, begun.first_token, tokens_in, tokens_out
        )
        return Answered(
            target=target,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            money=target.costs(tokens_in, tokens_out),
            first_token=begun.first_token,
            seconds=self.clock() - self._began,
            tried=tuple(self.tried),
            reason=begun.usage.reason if begun.usage else "stop",
        )

    def _left(self) -> float:
        return self._began + self.chain.total_seconds - self.clock()

    def _noted(self, target: Target, kind: Failure) -> CallFailed:
        self.tried.append(Tried(target.name, kind))
        self.counts.failed(self.chain.agent, target.name, kind)
        return CallFailed(kind)

    def _note(self, target: Target, kind: Failure, key: str) -> None:
        self._noted(target, kind)
        self._count(CallFailed(kind), key)

    def _count(self, failed: CallFailed, key: str) -> None:
        if failed.kind in OF_THE_ENDPOINT:
            self.breaker.failed(key, rest=failed.retry_after)
        else:
            self.breaker.gave_up(key)


def _key(target: Target, url: str) -> str:
    return f"{target.endpoint_id} {url}"
