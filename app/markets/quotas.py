"""What the platform allows a market: so many listings, members, bytes and API calls a day.

Whoever adds to one of them asks `leave_room` in the same transaction, before adding. A market
without a quota for something has no limit there.
"""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

from limits import RateLimitItemPerDay
from sqlalchemy import text
from sqlmodel import select

from app.accounts.limits import spend_of
from app.database import TenantSession
from app.errors import AppError
from app.markets.directory import MarketCard
from app.markets.models import Market
from app.settings import settings


class Quota(StrEnum):
    """Of what a market may have so much."""

    LISTINGS = "listings"
    MEMBERS = "members"
    STORAGE = "storage_bytes"
    """Bytes of files that the market's people put here: logos, and what waits to be loaded."""
    API_CALLS = "api_calls"
    """Requests to the API in 24 hours."""


MOST = 10**15
"""No quota is higher; a market that needs more has none."""

_COUNTED = {Quota.LISTINGS: "listing", Quota.MEMBERS: "person"}


class QuotaUsedUp(AppError):
    """The market has as much of something as the platform allows it."""

    status = HTTPStatus.FORBIDDEN
    code = "quota"


async def leave_room(session: TenantSession, quota: Quota, adding: int = 1) -> None:
    """Raise `QuotaUsedUp` unless the market may have `adding` more listings, members or bytes.

    Of those who add at the same time, each waits for the one before it to commit.
    """
    allowed = (await session.exec(select(Market))).one().quotas.get(quota)
    if allowed is None:
        return
    lock = text("select pg_advisory_xact_lock(hashtextextended(:key, 0))")
    await (await session.connection()).execute(lock, {"key": f"quota:{session.tenant_id}:{quota}"})
    if await used(session, quota) + adding <= allowed:
        return
    if quota is Quota.LISTINGS:
        raise QuotaUsedUp("This market may have %(count)s listings, and has them.", count=allowed)
    if quota is Quota.MEMBERS:
        raise QuotaUsedUp("This market may have %(count)s members, and has them.", count=allowed)
    raise QuotaUsedUp("This market has used up the space for its files.")


async def used(session: TenantSession, quota: Quota) -> int:
    """How much of it the market has; API calls are counted elsewhere, so here they are 0."""
    if quota in _COUNTED:
        counted = await session.scalar(text(f"select count(*) from {_COUNTED[quota]}"))  # noqa: S608  The names are ours.
        return counted or 0
    if quota is not Quota.STORAGE:
        return 0
    loaded = text("select coalesce(sum(octet_length(content)), 0) from upload")
    files = await asyncio.to_thread(size_of_files, session.tenant_id)
    return files + (await session.scalar(loaded) or 0)


async def spend_call(market: MarketCard) -> None:
    """Count a request to the API; raises `TooMany` when the day's are used up."""
    allowed = market.quotas.get(Quota.API_CALLS)
    if allowed is not None:
        await spend_of(RateLimitItemPerDay(allowed), "api_calls", str(market.id))


def checked(told: Mapping[str, int | None]) -> dict[str, int]:
    """Quotas as they are kept, those of None left out; raises `AppError`."""
    kept: dict[str, int] = {}
    for name, most in told.items():
        if name not in set(Quota):
            raise AppError("There is no quota called %(name)s.", name=name)
        if most is None:
            continue
        if not 0 <= most <= MOST:
            raise AppError("A quota is a number from 0 to %(most)s.", most=MOST)
        kept[name] = most
    return kept


def folder_of(market_id: UUID) -> Path:
    """Where the files of a market stand."""
    return settings().home / "files" / str(market_id)


def adapters_folder() -> Path:
    """Where adapters of all markets are published to, each called `MARKET-AGENT-NUMBER`."""
    return settings().home / "adapters"


def adapters_of(key: str) -> list[Path]:
    """The folders of the adapters that a market has published."""
    named = re.compile(rf"\.?{re.escape(key)}-[a-z]+-\d+(\.part)?")
    folder = adapters_folder()
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if named.fullmatch(path.name)]


def size_of_files(market_id: UUID) -> int:
    """Bytes of a market's files, without its archives, which last a day."""
    folder, size = folder_of(market_id), 0
    for path in folder.rglob("*"):
        # A draft may be gone by now.
        with suppress(FileNotFoundError):
            if path.relative_to(folder).parts[0] != "exports" and path.is_file():
                size += path.stat().st_size
    return size
