"""Reading what was brought in: how each mention sounds, then what all are about."""

import logging
from collections.abc import Awaitable, Callable
from uuid import UUID

import numpy as np
from sqlmodel import col, select, update

from app.database import tenant_session
from app.jobs.work import Work, job, nightly
from app.markets.directory import all_markets
from app.social.grouping import is_due, regroup
from app.social.models import Mention
from app.social.receiving import READING, only_one
from app.social.sentiment import soundings

AT_ONCE = 64

Progress = Callable[[int], Awaitable[None]]

_log = logging.getLogger(__name__)


@job(READING, attempts=3)
async def read(work: Work) -> None:
    """Read every mention that was not read yet."""

    async def progress(done: int) -> None:
        await work.progress(done, done + 1)

    done = await read_all(work.market_id, progress)
    await work.progress(done, done)


async def read_all(market_id: UUID, progress: Progress | None = None) -> int:
    """Read a market's unread mentions, find the topics anew where due, and return how many."""
    done = 0
    async with tenant_session(market_id) as session:
        # Whoever brings mentions in at this moment counted on this job: wait for them.
        await only_one(session)
    while count := await _read_some(market_id):
        done += count
        if progress is not None:
            await progress(done)
    if done:
        async with tenant_session(market_id) as session:
            due = await is_due(session, done)
        if due:
            await regroup(market_id)
    return done


async def _read_some(market_id: UUID) -> int:
    async with tenant_session(market_id) as session:
        unread = (
            select(Mention.id, Mention.text)
            .where(col(Mention.vector).is_(None))
            .order_by(col(Mention.published_at).desc())
            .limit(AT_ONCE)
        )
        found = list(await session.exec(unread))
    sounds = await soundings([text for _, text in found])
    async with tenant_session(market_id) as session:
        for (mention_id, text), sound in zip(found, sounds, strict=True):
            await session.exec(
                update(Mention)
                # It may have been changed or forgotten meanwhile.
                .where(col(Mention.id) == mention_id, col(Mention.text) == text)
                .values(
                    sentiment=sound.sentiment,
                    sureness=round(sound.sureness, 3),
                    vector=sound.vector.astype(np.float16).tobytes(),
                )
            )
    return len(found)


@nightly("social.topics")
async def group_all() -> None:
    """Read what was left and find every market's topics anew; one's failure spares the others."""
    for market in await all_markets():
        try:
            await read_all(market.id)
            await regroup(market.id)
        except Exception:
            _log.exception("The mentions of %s could not be read.", market.key)
