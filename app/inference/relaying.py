"""Answering programs: a chain of the market is asked by its name, with no Maestro around it.

What is sent goes to the models as it is, so that a key needs a permission of its own, and the
market's budget pays. Each answer leaves one line in the log: who asked, which model answered, what
it took and who did not answer; never what was asked or said.
"""

import dataclasses
import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import AppError, NotFound, TooMany, Unavailable
from app.inference.calling import Call, Failure, Text, Turn
from app.inference.chains import chain_of
from app.inference.presets import PROFILES, Profile
from app.inference.reaching import chat_at
from app.inference.running import Answered, Chosen, NobodyAnswered, Restarted, Run, Tried
from app.inference.targets import Chain
from app.inference.writing import MarketPurse, may_leave, salt_of

MOST_TURNS = 200
FRESH_SECONDS = 2.0
"""How long a chain is used before it is read again; a change shows within this time."""
MOST_CHAINS = 4096

_chains: dict[tuple[UUID, str], tuple[float, Chain]] = {}

_log = logging.getLogger(__name__)


class Overlong(AppError):
    """The question fits into the context of no model of the chain."""


class BrokeOff(Unavailable):
    """The answer broke off after its first word, which cannot be taken back."""

    code = "broken_off"


@dataclass(frozen=True)
class Wishes:
    """How an answer shall be written, where it is not as the chain says."""

    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    max_tokens: int | None = None
    """Not more than the chain allows."""

    def on(self, profile: Profile) -> Profile:
        """The chain's profile with these wishes."""
        told = {name: value for name, value in self.__dict__.items() if value is not None}
        if self.max_tokens is not None:
            told["max_tokens"] = min(self.max_tokens, profile.max_tokens)
        return dataclasses.replace(profile, **told)


async def asked_by_name(actor: Actor) -> list[str]:
    """The agents whose chains have a model, which are the names that a program can ask for."""
    actor.must(Permission.ASK_MODELS)
    async with tenant_session(actor.market_id) as session:
        return [agent for agent in PROFILES if (await chain_of(session, agent)).links]


async def chain_named(actor: Actor, agent: str) -> Chain:
    """The chain that answers by this name; raises `NotFound` where it has no model."""
    actor.must(Permission.ASK_MODELS)
    if agent not in PROFILES:
        raise NotFound("There is no such model.")
    key = (actor.market_id, agent)
    until, chain = _chains.get(key, (0.0, None))
    if chain is None or until <= time.monotonic():
        async with tenant_session(actor.market_id) as session:
            chain = await chain_of(session, agent)
        if len(_chains) >= MOST_CHAINS:
            _chains.clear()
        _chains[key] = (time.monotonic() + FRESH_SECONDS, chain)
    if not chain.links:
        raise NotFound("There is no such model.")
    return chain


def forget() -> None:
    """Read every chain anew."""
    _chains.clear()


async def relay(
    actor: Actor,
    chain: Chain,
    turns: Sequence[Turn],
    wishes: Wishes,
    *,
    sticky: str = "",
    taken_back: bool = False,
) -> AsyncGenerator[Chosen | Text | Restarted | Answered]:
    """Yield who answers, the words and `Answered`.

    Where what was said cannot be `taken_back`, an answer that breaks off is not begun anew. Raises
    `BrokeOff`, or, when nobody answered, `Overlong`, `TooMany` or `Unavailable`.
    """
    profile = wishes.on(chain.profile)
    run = Run(
        chain=dataclasses.replace(chain, profile=profile),
        call=Call(
            tuple(turns),
            profile,
            salt=salt_of(actor.market_id),
            sticky=f"{actor.id or actor.market_id} {sticky}",
            may_leave=await may_leave(actor.market_id),
        ),
        calls=chat_at,
        purse=MarketPurse(actor.market_id, actor.person_id),
    )
    try:
        async with aclosing(run.stream()) as events:
            async for event in events:
                if isinstance(event, Restarted) and not taken_back:
                    raise BrokeOff("The answer broke off. Please ask again.")
                if isinstance(event, Answered):
                    _note(actor, chain.agent, event.tried, event)
                if isinstance(event, Chosen | Text | Restarted | Answered):
                    yield event
    except (NobodyAnswered, BrokeOff) as error:
        _note(actor, chain.agent, tuple(run.tried), None)
        raise (_refusal(run.tried) if isinstance(error, NobodyAnswered) else error) from error


def _refusal(tried: Sequence[Tried]) -> AppError:
    reasons: set[Failure] = {one.reason for one in tried}
    if reasons <= {"budget", "currency"}:
        return TooMany("The budget of the day is used up.", retry_after=3600)
    if reasons <= {"too_long"}:
        return Overlong("The question does not fit the model's context.")
    return Unavailable("No model answers at the moment.")


def _note(actor: Actor, agent: str, tried: Sequence[Tried], answered: Answered | None) -> None:
    failed = ", ".join(f"{one.model}: {one.reason}" for one in tried) or "-"
    if answered is None:
        _log.info("%s %s %s: nobody; failed: %s", actor.market_id, actor.id, agent, failed)
        return
    _log.info(
        "%s %s %s: %s, tokens %d + %d, %s %s, first word %.3f s, all %.3f s; failed: %s",
        actor.market_id,
        actor.id,
        agent,
        answered.target.name,
        answered.tokens_in,
        answered.tokens_out,
        answered.money,
        answered.target.currency,
        answered.first_token,
        answered.seconds,
        failed,
    )
