"""What the platform sees of its markets: a list with figures, and how an erasure goes."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditEntry
from app.database import TenantSession
from app.errors import NotFound
from app.jobs.models import Job
from app.jobs.queue import job_of
from app.markets.quotas import size_of_files

PAGE = 25
STATES = ("open", "suspended", "closing")

_FOUND = """
    with found as (
        select market.tenant_id, market.key, market.name, market.default_locale,
            market.locales, market.currency, market.timezone, market.state, market.erase_at,
            market.suspended_because,
            market.created_at, market.quotas, coalesce(main.host, '') as host,
            count(*) over () as total
        from app.every_market() as market
        left join (
            select distinct on (tenant_id) tenant_id, host from app.every_host()
            order by tenant_id, main desc, host
        ) as main using (tenant_id)
        where market.kind = 'market'
            and (cast(:only as uuid) is null or market.tenant_id = :only)
            and (:state = '' or market.state = :state)
            and not exists (
                select from unnest(cast(:words as text[])) as word
                where strpos(
                    lower(concat_ws(' ', market.key, main.host, market.name::text)), word
                ) = 0
            )
        order by market.key
        limit :limit offset :offset
    )
    select found.*, counted.*
    from found
    left join app.market_figures(array(select tenant_id from found)) as counted
        on counted.market_id = found.tenant_id
    order by found.key
"""


@dataclass(frozen=True)
class MarketFigures:
    """A market and how much it holds; `storage` is in bytes."""

    id: UUID
    key: str
    name: Mapping[str, str]
    default_locale: str
    locales: tuple[str, ...]
    currency: str
    timezone: str
    host: str
    state: str
    erase_at: datetime | None
    suspended_because: str
    created_at: datetime
    quotas: Mapping[str, int]
    members: int
    listings: int
    conversations: int
    storage: int
    active_at: datetime | None


@dataclass(frozen=True)
class MarketPage:
    """A page of the list; `total` markets were found on all `pages`."""

    markets: Sequence[MarketFigures]
    total: int
    number: int
    pages: int


async def markets_with_figures(
    session: TenantSession, actor: Actor, *, words: str = "", state: str = "", number: int = 1
) -> MarketPage:
    """The markets whose key, host or name holds all `words`, by their keys; one question for all.

    `session` is the platform's. An empty `state` is any.
    """
    number = max(1, min(number, 100_000))
    sought = words.lower().split()[:8]
    only_state = state if state in STATES else ""
    offset = (number - 1) * PAGE
    rows = await _rows(session, actor, words=sought, state=only_state, limit=PAGE, offset=offset)
    if not rows and number > 1:
        return await markets_with_figures(session, actor, words=words, state=state)
    total = rows[0].total if rows else 0
    return MarketPage(await _measured(rows), total, number, max(1, -(-total // PAGE)))


async def market_with_figures(
    session: TenantSession, actor: Actor, market_id: UUID
) -> MarketFigures:
    """One market; raises `NotFound`."""
    rows = await _rows(session, actor, only=market_id)
    if not rows:
        raise NotFound("There is no such market.")
    return (await _measured(rows))[0]


async def erasure_of(session: TenantSession, actor: Actor, market_id: UUID) -> Job | None:
    """The newest job that is to erase a market, or did; None where nobody asked for it.

    `session` is the platform's.
    """
    actor.must(Permission.PLATFORM)
    asked = await _newest(session, "market.erasure_asked", market_id)
    if asked is None or "job" not in asked.after:
        return None
    return await job_of(session, UUID(asked.after["job"]))


async def erasure_report(
    session: TenantSession, actor: Actor, market_id: UUID
) -> Mapping[str, Any] | None:
    """What was there before a market was erased and after, from the platform's log; or None."""
    actor.must(Permission.PLATFORM)
    noted = await _newest(session, "market.erased", market_id)
    return noted.after if noted else None


async def _newest(session: TenantSession, action: str, market_id: UUID) -> AuditEntry | None:
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == "market",
            AuditEntry.subject_id == str(market_id),
            AuditEntry.action == action,
        )
        .order_by(col(AuditEntry.created_at).desc())
        .limit(1)
    )
    return (await session.exec(query)).first()


async def _rows(
    session: TenantSession,
    actor: Actor,
    *,
    only: UUID | None = None,
    words: Sequence[str] = (),
    state: str = "",
    limit: int = 1,
    offset: int = 0,
) -> Sequence[Any]:
    actor.must(Permission.PLATFORM)
    told = {"only": only, "words": list(words), "state": state, "limit": limit, "offset": offset}
    return (await (await session.connection()).execute(text(_FOUND), told)).all()


async def _measured(rows: Sequence[Any]) -> list[MarketFigures]:
    def sizes() -> list[int]:
        return [size_of_files(row.tenant_id) for row in rows]

    return [
        MarketFigures(
            id=row.tenant_id,
            key=row.key,
            name=row.name,
            default_locale=row.default_locale,
            locales=tuple(row.locales),
            currency=row.currency,
            timezone=row.timezone,
            host=row.host,
            state=row.state,
            erase_at=row.erase_at,
            suspended_because=row.suspended_because,
            created_at=row.created_at,
            quotas=row.quotas,
            members=row.members,
            listings=row.listings,
            conversations=row.conversations,
            storage=size + row.upload_bytes,
            active_at=row.active_at,
        )
        for row, size in zip(rows, await asyncio.to_thread(sizes), strict=True)
    ]
