"""Telling every process that something visitors see has changed.

    await announce(session)

in the transaction of a change is all that a domain function does. Postgres passes it on when the
transaction is committed and to whom it concerns: each serving process, which forgets what it
remembers of the market and the pages it kept. So a change shows at once, whoever made it: a page,
a route, a job in another process or a command of the operator.

A change that concerns only some things of a market names them, and the pages that show others are
kept: `announce(session, shown("listing", listing.id), HOME)`.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager, suppress
from typing import Literal, Protocol
from uuid import UUID

import psycopg
from sqlalchemy import text

from app.database import TenantSession
from app.markets import directory
from app.settings import settings

_CHANNEL = "market_changed"
_AGAIN_SECONDS = 2.0

_log = logging.getLogger(__name__)

HOME = "home"
"""The market's home, which shows some of everything."""
HELP = "help"
"""The help articles."""

# PostgreSQL passes on less than 8,000 bytes.
_LONGEST = 7_000


class Forget(Protocol):
    """Forgets the kept pages of the hosts given; of all hosts when none is given.

    With `things` only the pages that show one of them, and those that do not say what they show.
    """

    def __call__(self, *hosts: str, things: Collection[str] = ()) -> None: ...


def shown(kind: Literal["listing", "category", "provider"], which: object) -> str:
    """What a page shows or a change concerns, by its id or key."""
    return f"{kind}:{which}"


async def announce(session: TenantSession, *things: str) -> None:
    """Have everybody told, once `session` is committed, that its market shows something else.

    With `things` only these have changed, and nothing else about the market.
    """
    told = " ".join([str(session.tenant_id), *sorted(set(things))])
    if len(told) > _LONGEST:
        told = str(session.tenant_id)
    await session.scalar(
        text("select pg_notify(:channel, :told)"), {"channel": _CHANNEL, "told": told}
    )


@asynccontextmanager
async def listening(forget_pages: Forget) -> AsyncGenerator[None]:
    """Hear of changes as long as the block lasts."""
    task = asyncio.create_task(_listen(forget_pages), name="market changes")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _listen(forget_pages: Forget) -> None:
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                settings().database_url or "", autocommit=True
            ) as connection:
                await connection.execute(f"listen {_CHANNEL}")
                # What was said while nobody listened is unknown, so nothing kept can be trusted.
                directory.forget()
                forget_pages()
                async for notice in connection.notifies():
                    _hear(notice.payload, forget_pages)
        except psycopg.Error as error:
            _log.warning("Changes of markets are not heard: %s", type(error).__name__)
        await asyncio.sleep(_AGAIN_SECONDS)


def _hear(told: str, forget_pages: Forget) -> None:
    market, *things = told.split(" ")
    try:
        market_id = UUID(market)
    except ValueError:
        return
    # What changes in its catalogue changes nothing of what is remembered of the market itself.
    hosts = directory.hosts_of(market_id) if things else directory.forget_market(market_id)
    if hosts:
        forget_pages(*hosts, things=things)
