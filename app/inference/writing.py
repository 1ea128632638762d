"""Writing answers by chains of models, with the composer as the last link of each."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from decimal import Decimal
from hashlib import blake2b
from uuid import UUID

from app.database import tenant_session
from app.inference.budgets import Reserved, reserve, settle
from app.inference.calling import Call, Chat, Text
from app.inference.chains import chain_of
from app.inference.model import Afresh, Brief, Caller, ChatModel, Credit, Written
from app.inference.prompting import LONGEST_SOURCE, rules_of, turns_of
from app.inference.reaching import chat_at
from app.inference.running import Answered, NobodyAnswered, Restarted, Run, Tried
from app.inference.targets import Target
from app.markets.directory import market_by_id
from app.markets.policy import Policy
from app.search.embeddings import Embedder
from app.settings import settings
from app.trust.answers import Answer, Fault
from app.trust.support import Source, Support
from app.trust.wrapping import Wrapping

_log = logging.getLogger(__name__)


class MarketPurse:
    """The budget of a market, and of a person in it."""

    def __init__(self, market_id: UUID, person_id: UUID | None) -> None:
        self._market_id, self._person_id = market_id, person_id

    async def reserve(self, target: Target, tokens_in: int, tokens_out: int) -> Reserved:
        """Set aside what a call may use at most; raises `BudgetUsedUp`."""
        async with tenant_session(self._market_id) as session:
            return await reserve(
                session,
                self._person_id,
                tokens_in + tokens_out,
                target.costs(tokens_in, tokens_out),
                target.currency,
            )

    async def settle(self, held: object, target: Target, tokens_in: int, tokens_out: int) -> None:
        """Put what was used in its place."""
        if isinstance(held, Reserved):
            money = target.costs(tokens_in, tokens_out) if held.currency else Decimal(0)
            async with tenant_session(self._market_id) as session:
                await settle(session, held, tokens_in + tokens_out, money)


class Writer:
    """Has an agent's chain write what rests on something found; the composer writes the rest.

    A model is asked only where there is evidence: what it would say of nothing could not be
    checked. What it says comes sentence by sentence, for each is checked before it is shown.
    """

    name = "composer"

    def __init__(
        self,
        composer: ChatModel,
        embedder: Embedder,
        calls: Callable[[Target, str], Chat] = chat_at,
    ) -> None:
        self._composer, self._embedder, self._calls = composer, embedder, calls

    async def stream(self, brief: Brief) -> AsyncIterator[Written]:
        """See `ChatModel.stream`."""
        tried: tuple[Tried, ...] = ()
        masked: dict[str, int] = {}
        if brief.caller is not None and brief.evidence:
            async with tenant_session(brief.caller.market_id) as session:
                chain = await chain_of(session, brief.caller.agent)
            if chain.links:
                told = _Told(brief, self._embedder)
                call = Call(
                    turns_of(brief, told.wrapping),
                    chain.profile,
                    salt=salt_of(brief.caller.market_id),
                    sticky=_sticky(brief.caller),
                    may_leave=await may_leave(brief.caller.market_id),
                )
                run = Run(
                    chain=chain,
                    call=call,
                    calls=self._calls,
                    purse=MarketPurse(brief.caller.market_id, brief.caller.person_id),
                    faults=told.faults,
                )
                try:
                    async with aclosing(told.stream(run)) as pieces:
                        async for piece in pieces:
                            yield piece
                    return
                except NobodyAnswered as nobody:
                    tried, masked = nobody.tried, dict(call.masked)
                    _log.warning("No model answered for %s: %s", chain.agent, nobody)
        async for piece in self._composer.stream(brief):
            yield piece
        yield Credit(self._composer.name, tuple(map(_tried, tried)), masked=masked)


class _Told:
    """What the models of a chain say to a brief, as far as a reader may see it."""

    def __init__(self, brief: Brief, encoder: Embedder) -> None:
        self.wrapping = Wrapping()
        self._brief = brief
        sources = {
            found.number: Source(found.title, found.facts, found.text[:LONGEST_SOURCE])
            for found in brief.evidence
        }
        self._support = Support(sources, brief.market, encoder)
        self._answer = self._afresh()
        self._rest = ""

    async def stream(self, run: Run) -> AsyncGenerator[Written]:
        """Run a chain and yield what holds of it."""
        # The sources are read while the model thinks.
        self._support.begin()
        try:
            async with aclosing(run.stream()) as events:
                async for event in events:
                    match event:
                        case Text(text):
                            if piece := await self._answer.passed(text):
                                yield piece
                        case Restarted(tried):
                            self._answer = self._afresh()
                            yield Afresh(tried.model, tried.reason)
                        case Answered():
                            if self._rest:
                                yield self._rest
                            yield _credit(event, run.call)
                        case _:
                            continue
        finally:
            self._support.close()

    async def faults(self, _text: str) -> Fault | None:
        """Why the answer that has just ended does not stand."""
        self._rest = await self._answer.rest()
        return self._answer.fault

    def _afresh(self) -> Answer:
        return Answer(
            self._support,
            frozenset(found.number for found in self._brief.evidence),
            secret=self.wrapping.word,
            rules=rules_of(self._brief),
            hosts=self._brief.hosts,
        )


def _sticky(caller: Caller) -> str:
    return str(caller.conversation_id or caller.person_id or caller.market_id)


async def may_leave(market_id: UUID) -> bool:
    """Whether the market's rule lets personal data go to models outside as it is."""
    market = await market_by_id(market_id)
    return market is not None and not Policy.of(market.policy).mask_personal_data


def salt_of(market_id: UUID) -> str:
    """What keeps a market's prompts apart in caches that all share; not to be guessed."""
    key = settings().secret_key.encode()[:64]
    return blake2b(market_id.bytes, key=key, digest_size=16).hexdigest()


def _tried(one: Tried) -> dict[str, str]:
    return {"model": one.model, "reason": one.reason}


def _credit(answered: Answered, call: Call) -> Credit:
    return Credit(
        model=answered.target.name,
        tried=tuple(map(_tried, answered.tried)),
        tokens_in=answered.tokens_in,
        tokens_out=answered.tokens_out,
        money=str(answered.money),
        currency=answered.target.currency,
        first_token=round(answered.first_token, 3),
        masked=dict(call.masked),
    )
