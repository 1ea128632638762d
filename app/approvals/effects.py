"""What is done outside of the database, such as sending a letter: at most once for each key.

A transaction cannot hold a letter back. So an intent is committed first, under a key, then the
deed is done, then its outcome is written down. Whoever comes back after a kill finds the intent.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select, update

from app.approvals.models import OutsideEffect
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.jobs.work import nightly
from app.markets.directory import all_markets

KEPT = timedelta(days=90)
"""How long an effect is remembered; nothing is tried again after so long a time."""


class BeingDone(AppError):
    """Another process is doing the same thing at this moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class CutOff(AppError):
    """An earlier try was cut off, and whether it took effect cannot be known."""


async def once(
    market_id: UUID,
    key: str,
    do: Callable[[], Awaitable[dict[str, Any]]],
    *,
    repeatable: bool = False,
) -> dict[str, Any]:
    """Do what cannot be taken back, once for `key`; returns its outcome, also the second time.

    `do` raises an `AppError` other than `CutOff` only where nothing has happened: then it may be
    tried again. With
    `repeatable` the other side knows `key` and does nothing twice, so that a try that was cut off
    is made again; without it `CutOff` is raised. Raises `BeingDone` while somebody else is at it.
    """
    async with tenant_session(market_id) as guard:
        # The lock goes with the connection, so a killed process holds nothing.
        lock = text("select pg_try_advisory_xact_lock(:of)")
        if not await guard.scalar(lock, {"of": _of(market_id, key)}):
            raise BeingDone("This is being done already.")
        async with tenant_session(market_id) as session:
            found = await _begin(session, key)
            if found is not None and found.state == "done":
                return found.result
            if found is not None and not repeatable:
                raise CutOff("It was cut off in the middle, and may have happened or not.")
        try:
            result = await do()
        except CutOff:
            raise
        except AppError:
            async with tenant_session(market_id) as session:
                await session.exec(delete(OutsideEffect).where(col(OutsideEffect.key) == key))
            raise
        async with tenant_session(market_id) as session:
            await session.exec(
                update(OutsideEffect)
                .where(col(OutsideEffect.key) == key)
                .values(state="done", result=result, finished_at=datetime.now(UTC))
            )
        return result


@nightly("approvals.effects")
async def forget_effects() -> None:
    """Forget effects of long ago, in every market."""
    for market in await all_markets():
        async with tenant_session(market.id) as session:
            old = col(OutsideEffect.created_at) < datetime.now(UTC) - KEPT
            await session.exec(delete(OutsideEffect).where(old))


async def _begin(session: TenantSession, key: str) -> OutsideEffect | None:
    """Write the intent down; what was written before, if something was."""
    written = insert(OutsideEffect).values(
        id=uuid4(), key=key, state="begun", created_at=datetime.now(UTC)
    )
    made = await session.scalar(
        written.on_conflict_do_nothing(constraint="outside_effect_once").returning(
            col(OutsideEffect.id)
        )
    )
    if made is not None:
        return None
    return (await session.exec(select(OutsideEffect).where(OutsideEffect.key == key))).one()


def _of(market_id: UUID, key: str) -> int:
    digest = hashlib.sha256(f"effect:{market_id}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
