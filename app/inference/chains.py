"""Chains: who answers for an agent, in which order, how long each may take, how it writes."""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import changes, record
from app.database import TenantSession, tenant_session
from app.errors import Conflict, Unavailable
from app.inference.endpoints import ModelRefused
from app.inference.models import ModelChain, ModelEndpoint, OfferedModel
from app.inference.presets import PROFILES, Profile
from app.inference.targets import Chain, Link, Target, target_of
from app.markets.platform import platform

LONGEST_CHAIN = 8
FIRST_TOKEN_SECONDS = 8.0
TOTAL_SECONDS = 60.0
LONGEST_SECONDS = 170.0
"""A little less than the longest that a reply may take."""


@dataclass(frozen=True)
class ChainInput:
    """What somebody gives of a chain."""

    links: Sequence[Link] = ()
    first_token_seconds: float = FIRST_TOKEN_SECONDS
    total_seconds: float = TOTAL_SECONDS
    hedge_seconds: float = 0.0
    profile: Profile | None = None
    """The agent's own when None."""


async def all_chains(session: TenantSession, actor: Actor) -> dict[str, ModelChain]:
    """The market's own chains by agent; an agent without one has the platform's."""
    actor.must(Permission.MODELS)
    return {chain.agent: chain for chain in (await session.exec(select(ModelChain))).all()}


async def set_chain(
    session: TenantSession, actor: Actor, agent: str, version: int, given: ChainInput
) -> ModelChain:
    """Give an agent a chain; `version` is 0 where it has none yet.

    Raises `ModelRefused`, or `Conflict` when somebody else was faster.
    """
    actor.must(Permission.MODELS)
    profile = given.profile or PROFILES.get(agent)
    if agent not in PROFILES or profile is None:
        raise ModelRefused("There is no such agent.")
    _check(given, profile)
    await _check_links(session, given.links)
    found = (
        await session.exec(select(ModelChain).where(ModelChain.agent == agent).with_for_update())
    ).one_or_none()
    if (found.version if found else 0) != version:
        raise Conflict("Somebody else changed this while you were editing.")
    before = _told(found) if found else {}
    kept = found or ModelChain(
        agent=agent, temperature=0, max_tokens=1, top_p=1, frequency_penalty=0, version=0
    )
    kept.links = [{"model": str(link.model_id), "shared": link.shared} for link in given.links]
    kept.first_token_seconds = given.first_token_seconds
    kept.total_seconds = given.total_seconds
    kept.hedge_seconds = given.hedge_seconds
    kept.temperature, kept.max_tokens = profile.temperature, profile.max_tokens
    kept.top_p, kept.frequency_penalty = profile.top_p, profile.frequency_penalty
    kept.version += 1
    session.add(kept)
    await session.flush()
    was, now = changes(before, _told(kept))
    await record(session, actor, "model-chain.set", "model_chain", agent, before=was, after=now)
    return kept


async def unset_chain(session: TenantSession, actor: Actor, agent: str, version: int) -> None:
    """Let the agent have the platform's chain again; raises `Conflict` when outrun."""
    actor.must(Permission.MODELS)
    query = select(ModelChain).where(ModelChain.agent == agent).with_for_update()
    found = (await session.exec(query)).one_or_none()
    if found is None or found.version != version:
        raise Conflict("Somebody else changed this while you were editing.")
    await session.delete(found)
    await record(session, actor, "model-chain.unset", "model_chain", agent, before=_told(found))


async def shared_targets() -> dict[UUID, Target]:
    """The models of the platform that every market may use."""
    try:
        home = await platform()
    except Unavailable:
        return {}
    async with tenant_session(home.id) as session:
        return await _targets(session, None, shared=True)


async def chain_of(session: TenantSession, agent: str) -> Chain:
    """The chain that answers for an agent in this market: its own, else the platform's.

    What a link names and is gone, or is switched off, is left out. Has no links where nobody
    configured a model: the composer answers alone then.
    """
    query = select(ModelChain).where(ModelChain.agent == agent)
    own = (await session.exec(query)).one_or_none()
    if own is not None:
        return await _read(session, own)
    try:
        home = await platform()
    except Unavailable:
        return Chain(agent, (), PROFILES.get(agent, PROFILES["maestro"]))
    if home.id == session.tenant_id:
        return Chain(agent, (), PROFILES.get(agent, PROFILES["maestro"]))
    async with tenant_session(home.id) as theirs:
        given = (await theirs.exec(query)).one_or_none()
        if given is None:
            return Chain(agent, (), PROFILES.get(agent, PROFILES["maestro"]))
        chain = await _read(theirs, given)
    # What the platform keeps to itself no market may use, whatever its chain names.
    links = tuple(target for target in chain.links if target.shared)
    return dataclasses.replace(chain, links=links)


async def _read(session: TenantSession, row: ModelChain) -> Chain:
    links = [Link(UUID(link["model"]), bool(link["shared"])) for link in row.links]
    own = await _targets(session, [link.model_id for link in links if not link.shared])
    theirs = await shared_targets() if any(link.shared for link in links) else {}
    found = [(theirs if link.shared else own).get(link.model_id) for link in links]
    found = [target for target in found if target is not None and not target.dimensions]
    return Chain(
        agent=row.agent,
        links=tuple(found),
        profile=Profile(row.temperature, row.max_tokens, row.top_p, row.frequency_penalty),
        first_token_seconds=row.first_token_seconds,
        total_seconds=row.total_seconds,
        hedge_seconds=row.hedge_seconds,
    )


async def _targets(
    session: TenantSession, ids: Sequence[UUID] | None, *, shared: bool = False
) -> dict[UUID, Target]:
    if ids is not None and not ids:
        return {}
    query = (
        select(OfferedModel, ModelEndpoint)
        .join(ModelEndpoint, col(ModelEndpoint.id) == col(OfferedModel.endpoint_id))
        .where(col(ModelEndpoint.enabled).is_(True))
    )
    if ids is not None:
        query = query.where(col(OfferedModel.id).in_(ids))
    if shared:
        query = query.where(col(ModelEndpoint.shared).is_(True))
    return {
        model.id: target_of(endpoint, model)
        for model, endpoint in (await session.exec(query)).all()
    }


async def target(session: TenantSession, actor: Actor, model_id: UUID) -> Target | None:
    """A model that may be tried in this market: its own, or one that the platform shares."""
    actor.must(Permission.MODELS)
    return await reachable_target(session, model_id)


async def reachable_target(session: TenantSession, model_id: UUID) -> Target | None:
    """As `target`, for the market's own work, which nobody asks for by themselves."""
    own = await _targets(session, [model_id])
    return own.get(model_id) or (await shared_targets()).get(model_id)


async def _check_links(session: TenantSession, links: Sequence[Link]) -> None:
    if len(links) > LONGEST_CHAIN or len(set(links)) < len(links):
        raise ModelRefused("A chain has at most %(count)s models, each once.", count=LONGEST_CHAIN)
    wanted = {link.model_id for link in links if not link.shared}
    query = select(OfferedModel.id).where(
        col(OfferedModel.id).in_(wanted), OfferedModel.dimensions == 0
    )
    own = set((await session.exec(query)).all()) if wanted else set[UUID]()
    theirs = await shared_targets() if any(link.shared for link in links) else {}
    theirs = {key: one for key, one in theirs.items() if not one.dimensions}
    if wanted - own or any(link.shared and link.model_id not in theirs for link in links):
        raise ModelRefused("There is no such model.")


def _check(given: ChainInput, profile: Profile) -> None:
    def within(value: float, low: float, high: float) -> bool:
        return math.isfinite(value) and low <= value <= high

    if not (
        within(given.first_token_seconds, 0.1, LONGEST_SECONDS)
        and within(given.total_seconds, given.first_token_seconds, LONGEST_SECONDS)
        and (given.hedge_seconds == 0 or within(given.hedge_seconds, 0.1, LONGEST_SECONDS))
    ):
        raise ModelRefused(
            "The first word may not take longer than the whole, which takes %(count)s s at most.",
            count=round(LONGEST_SECONDS),
        )
    if not (
        within(profile.temperature, 0, 2)
        and within(profile.max_tokens, 1, 100_000)
        and within(profile.top_p, 0.01, 1)
        and within(profile.frequency_penalty, -2, 2)
    ):
        raise ModelRefused(
            "Temperature is from 0 to 2, top-p up to 1, the frequency penalty from -2 to 2."
        )


def _told(chain: ModelChain) -> dict[str, Any]:
    return chain.model_dump(exclude={"id", "tenant_id", "version", "agent"})
