"""Suspending a market, letting it go on, setting its quotas, and asking for its erasure.

Each function takes a session of the owner role that is bound to the market (`deed_session`), and
an actor of the platform; the deed and its entry in the platform's log are one transaction.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import TenantSession, in_the_name_of, platform_session
from app.errors import AppError, NotFound, Unavailable
from app.jobs.models import Job
from app.jobs.queue import FINISHED, enqueue
from app.markets.directory import MarketCard, forget
from app.markets.models import Market, MarketHost
from app.markets.quotas import checked
from app.rendering import invalidate_pages
from app.settings import settings

GRACE = timedelta(days=14)
"""How long a market that is to be erased can still be kept, unless it is erased at once."""

LONGEST_REASON = 300


class KeyNotTyped(AppError):
    """Whoever erases a market types its key, and this is another."""


class MarketClosed(Unavailable):
    """The market is suspended: nobody but its staff is let in, and they only to take data out."""


def owner_is_configured() -> bool:
    """Whether this process can open and close markets; else that is done in a terminal."""
    return settings().database_owner_url is not None


@asynccontextmanager
async def deed_session(market_id: UUID) -> AsyncGenerator[TenantSession]:
    """One unit of work of the owner role on a market, after which the market is read anew."""
    if not owner_is_configured():
        raise Unavailable("This needs the database's owner: set DATABASE_OWNER_URL.")
    async with platform_session(market_id) as session:
        hosts = (await session.exec(_hosts(market_id))).all()
        yield session
    forget()
    invalidate_pages(*hosts, settings().platform_host)


async def suspend(session: TenantSession, actor: Actor, reason: str = "") -> None:
    """Close the market to visitors and members until it is resumed; twice is once.

    Its staff is told the `reason`, and the platform's log keeps it. Of a market that is closed
    already only the reason changes, if there is another.
    """
    market = await market_of_platform(session, actor)
    told = " ".join(reason.split())[:LONGEST_REASON]
    if market.state == "open":
        market.state, market.suspended_because = "suspended", told
        await note(session, actor, "market.suspended", market, after={"reason": told})
    elif told and told != market.suspended_because:
        before = {"reason": market.suspended_because}
        market.suspended_because = told
        await note(session, actor, "market.suspended", market, before, {"reason": told})


async def resume(session: TenantSession, actor: Actor) -> None:
    """Open a suspended market again, or keep one that was to be erased."""
    market = await market_of_platform(session, actor)
    before = {"state": market.state, "erase_at": market.erase_at}
    if market.state == "open":
        return
    if market.state == "closing":
        await _withdraw_erasure(session, actor)
    market.state, market.erase_at, market.suspended_because = "open", None, ""
    await note(session, actor, "market.resumed", market, before=before)


async def set_quotas(
    session: TenantSession, actor: Actor, quotas: Mapping[str, int | None]
) -> None:
    """Make these the market's quotas; None, or one left out, is no limit. Raises `AppError`."""
    market = await market_of_platform(session, actor)
    before, market.quotas = market.quotas, checked(quotas)
    if before != market.quotas:
        await note(session, actor, "market.quotas_set", market, before, market.quotas)


async def ask_erasure(
    session: TenantSession, actor: Actor, typed_key: str, grace: timedelta = GRACE
) -> UUID:
    """Suspend the market and queue its erasure, which begins after `grace`; returns the job's id.

    The job belongs to the platform. Raises `KeyNotTyped`. Asked for again, it replaces the former.
    """
    market = await market_of_platform(session, actor)
    if typed_key != market.key:
        raise KeyNotTyped("Type the market's key, %(key)s, to erase it.", key=market.key)
    if market.state == "closing":
        await _withdraw_erasure(session, actor)
    due = datetime.now(UTC) + max(grace, timedelta())
    market.state, market.erase_at = "closing", due
    told = {"market_id": str(market.tenant_id), "key": market.key}
    async with in_the_name_of(session, actor.market_id):
        # Without a lock: one that waits out its grace would keep every other from beginning.
        job_id = await enqueue(session, actor, "market.erase", told, at=due if grace else None)
    noted = {"erase_at": due, "job": str(job_id)}
    await note(session, actor, "market.erasure_asked", market, after=noted)
    return job_id


async def _withdraw_erasure(session: TenantSession, actor: Actor) -> None:
    """Cancel the erasures of this market that have not begun; a running one cannot be stopped."""
    market_id = str(session.tenant_id)
    async with in_the_name_of(session, actor.market_id):
        query = select(Job).where(Job.kind == "market.erase", col(Job.state).not_in(FINISHED))
        for job in await session.exec(query):
            if market_id not in job.told:
                continue
            if job.state == "running":
                raise AppError("The erasure has begun and cannot be taken back.")
            await session.exec(
                update(Job).where(col(Job.id) == job.id).values(state="cancelled", told="{}")
            )


async def market_of_platform(session: TenantSession, actor: Actor) -> Market:
    """The market that the session is bound to, locked; raises as `Actor.must`, or `NotFound`."""
    actor.must(Permission.PLATFORM)
    query = select(Market).where(Market.tenant_id == session.tenant_id).with_for_update()
    found = (await session.exec(query)).one_or_none()
    if found is None or found.kind == "platform":
        raise NotFound("There is no such market.")
    return found


async def note(
    session: TenantSession,
    actor: Actor,
    action: str,
    market: Market,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note a deed done to a market in the platform's log, in the transaction of the deed."""
    session.add(market)
    told = {"key": market.key, **(after or {})}
    async with in_the_name_of(session, actor.market_id):
        await record(session, actor, action, "market", market.tenant_id, before=before, after=told)


def _hosts(market_id: UUID) -> SelectOfScalar[str]:
    return select(MarketHost.host).where(MarketHost.tenant_id == market_id)


def card_must_be_open(market: MarketCard) -> None:
    """Raise `MarketClosed` for a market that is suspended."""
    if not market.is_open:
        raise MarketClosed("This market is closed at the moment. Please come back later.")
