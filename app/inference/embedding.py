"""Embedders behind an endpoint: vLLM with multilingual-e5, or whatever speaks `/v1/embeddings`.

What they are asked is masked where the market's rule says so, and charged to the market's budget.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.inference.breaker import Breaker, breaker
from app.inference.budgets import BudgetUsedUp, CurrencyUnknown
from app.inference.calling import MAY_RETRY, OF_THE_ENDPOINT, CallFailed, Failure, tokens_of
from app.inference.chains import target as target_of
from app.inference.leaving import is_ours
from app.inference.metrics import counts
from app.inference.replicas import in_order
from app.inference.running import Purse
from app.inference.settling import surely
from app.inference.targets import Target
from app.inference.trying import LONGEST_QUESTION, SAID, DidNotAnswer
from app.inference.vector_wire import Answer, vectors_at
from app.inference.writing import MarketPurse, may_leave
from app.trust.masking import Masking

AT_ONCE = 64
"""Texts of one request."""
LONGEST_REQUEST = 100_000
"""Characters of one request."""
QUERY_SECONDS = 1.5
"""How long somebody who searches waits; then the packaged encoder answers."""
PASSAGE_SECONDS = 60.0
RETRY_PAUSE = 0.2
MOST_LETTERS_A_TOKEN = 4

_log = logging.getLogger(__name__)
_turn = count()


class EndpointEmbedder:
    """A `PairedEmbedder` at an endpoint, for one market. Raises `CallFailed`."""

    def __init__(
        self,
        target: Target,
        market_id: UUID,
        *,
        purse: Purse | None = None,
        circuits: Breaker = breaker,
    ) -> None:
        self.name, self.dimensions = target.model, target.dimensions
        self.tokens = 0
        """How many tokens it was asked for so far."""
        self._target, self._market_id = target, market_id
        self._purse = purse or MarketPurse(market_id, None)
        self._circuits = circuits

    async def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of length 1 per query; given up after `QUERY_SECONDS`."""
        return await self._embed(texts, self._target.query_prefix, QUERY_SECONDS)

    async def embed_many_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `embed_queries`, for who has the time."""
        return await self._embed(texts, self._target.query_prefix, PASSAGE_SECONDS)

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of length 1 per passage."""
        return await self._embed(texts, self._target.passage_prefix, PASSAGE_SECONDS)

    async def _embed(
        self, texts: Sequence[str], prefix: str, seconds: float
    ) -> NDArray[np.float32]:
        longest = self._target.context * MOST_LETTERS_A_TOKEN
        whole = [f"{prefix}{text.replace(chr(0), ' ')}"[:longest] for text in texts]
        leaves = self._target.kind.local or await may_leave(self._market_id)
        parts: list[NDArray[np.float32]] = []
        for batch in batches(whole):
            try:
                async with asyncio.timeout(seconds):
                    parts.append((await self._paid(batch, leaves=leaves)).rows)
            except TimeoutError as error:
                raise self._failed("slow") from error
        if not parts:
            return np.empty((0, self.dimensions), np.float32)
        return np.concatenate(parts)

    async def _paid(self, texts: Sequence[str], *, leaves: bool) -> Answer:
        most = sum(len(text.encode()) // 3 + 8 for text in texts)
        try:
            held = await self._purse.reserve(self._target, most, 0)
        except CurrencyUnknown as error:
            raise self._failed("currency") from error
        except BudgetUsedUp as error:
            raise self._failed("budget") from error
        used = 0
        try:
            answer = await self._asked(texts, leaves=leaves)
            used = answer.tokens or sum(map(tokens_of, texts))
            self.tokens += used
            return answer
        finally:
            await surely(self._purse.settle(held, self._target, used, 0))

    async def _asked(self, texts: Sequence[str], *, leaves: bool) -> Answer:
        # Texts have no conversation to stay with, so each request takes the next replica.
        urls = in_order(self._target.urls, str(next(_turn)))
        last: CallFailed | None = None
        for number, url in enumerate((urls * 2)[:2]):
            key = f"{self._target.endpoint_id} {url}"
            if not self._circuits.lets(key):
                continue
            began = time.monotonic()
            try:
                if number and len(urls) == 1:
                    await asyncio.sleep(RETRY_PAUSE)
                answer = await self._sent(url, texts, leaves=leaves)
            except CallFailed as failed:
                last = failed
                if failed.kind in OF_THE_ENDPOINT:
                    self._circuits.failed(key, rest=failed.retry_after)
                else:
                    self._circuits.gave_up(key)
                if failed.kind not in MAY_RETRY:
                    break
            except TimeoutError:
                self._circuits.failed(key)
                raise
            except asyncio.CancelledError:
                # The time that was given has passed, or nobody waits any more; both look alike.
                self._circuits.failed(key)
                raise
            else:
                self._circuits.went_well(key)
                took = time.monotonic() - began
                counts.answered("search", self._target.name, took, answer.tokens, 0)
                return answer
        raise self._failed(last.kind if last else "resting") from last

    async def _sent(self, url: str, texts: Sequence[str], *, leaves: bool) -> Answer:
        near = False
        if not leaves:
            if await is_ours(self._target, url):
                near = True
            else:
                texts = await _masked(texts)
        return await vectors_at(self._target, url, texts, near=near)

    def _failed(self, kind: Failure) -> CallFailed:
        counts.failed("search", self._target.name, kind)
        return CallFailed(kind)


def batches(texts: Sequence[str]) -> list[list[str]]:
    """Texts in the portions that one request has."""
    found: list[list[str]] = []
    size = 0
    for text in texts:
        if not found or len(found[-1]) >= AT_ONCE or size + len(text) > LONGEST_REQUEST:
            found.append([])
            size = 0
        found[-1].append(text)
        size += len(text)
    return found


async def _masked(texts: Sequence[str]) -> list[str]:
    masking = Masking()
    try:
        masked = await asyncio.to_thread(masking.mask, texts)
    except Exception as error:
        # The error may hold what was to be masked, so that not even its text is written.
        _log.error("Personal data could not be masked: %s", type(error).__name__)
        raise CallFailed("unmasked") from None
    # A sign's own letters mean nothing, and would move the vector of each text elsewhere.
    for sign in masking.signs:
        kind = sign.partition("-")[0].lower()
        masked = [text.replace(f"<{sign}>", kind) for text in masked]
    return masked


@dataclass(frozen=True)
class Compared:
    """What an embedder makes of two texts."""

    nearness: float
    dimensions: int
    seconds: float
    tokens: int


async def try_embedder(actor: Actor, model_id: UUID, query: str, passage: str) -> Compared:
    """How near a query is to a passage, within the market's budget.

    Raises `NotFound`, `DidNotAnswer` or `AppError` for a text that is empty or too long.
    """
    actor.must(Permission.MODELS)
    texts = [text.replace("\x00", "").strip() for text in (query, passage)]
    if not all(0 < len(text) <= LONGEST_QUESTION for text in texts):
        raise AppError("Write a question of at most %(count)s signs.", count=LONGEST_QUESTION)
    async with tenant_session(actor.market_id) as session:
        found = await target_of(session, actor, model_id)
    if found is None or not found.dimensions:
        raise NotFound("There is no such model.")
    embedder = EndpointEmbedder(found, actor.market_id)
    began = time.monotonic()
    try:
        asked = await embedder.embed_many_queries(texts[:1])
        said = await embedder.embed_passages(texts[1:])
    except CallFailed as failed:
        raise DidNotAnswer(SAID[failed.kind]) from failed
    return Compared(
        float(asked[0] @ said[0]), found.dimensions, time.monotonic() - began, embedder.tokens
    )
