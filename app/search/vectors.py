"""Filling sets of vectors by their model: one that is to serve, or what one that serves lacks.

No session is open while an endpoint is asked, and an entry's texts never change under its id, so a
vector that comes late is still right, or has no entry any more.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import text
from sqlmodel import func, select

from app.accounts.actors import system
from app.database import TenantSession, tenant_session
from app.errors import Unavailable
from app.jobs.queue import enqueue
from app.jobs.work import Cancelled, Work, job
from app.search.embedding_sets import (
    SWITCH,
    count_of,
    drop_filling,
    filling_set,
    switch_over,
)
from app.search.embeddings import Vectors
from app.search.index import KINDS
from app.search.models import EmbeddingSet, SearchEntry
from app.search.sources import sources
from app.search.wording import Reader, calibrated, learn, model_of, reader_with, serving_set

if TYPE_CHECKING:
    from app.inference.calling import CallFailed

FILL = "search.vectors"
BATCH = 256
"""Entries at a time; what a person waits for who cancels."""
PAUSES = (1.0, 5.0, 20.0, 60.0)
"""Between tries while an endpoint fails; then the change is given up."""
LACKING = text(
    "select id, kind, source_id, locale, part, text from search_entry"
    " where not exists (select from search_vector"
    " where entry_id = search_entry.id and set_id = :set)"
    " order by id limit :most"
)
ADD = text(
    "insert into search_vector (id, set_id, entry_id, dimensions, vector, hub, created_at)"
    " select gen_random_uuid(), :set, e.id, :dimensions, cast(:vector as halfvec), :hub, now()"
    " from search_entry e where e.id = :entry"
    " and exists (select from embedding_set s where s.id = :set)"
    " on conflict on constraint one_search_vector do nothing"
)


class EmbedderFailed(Unavailable):
    """The model at its endpoint made no vectors; the message says why."""


async def follow_entries(session: TenantSession) -> None:
    """Have new entries' vectors made by the model that serves, where one does."""
    if await serving_set(session) is not None:
        await enqueue(session, system(session.tenant_id, "search"), FILL, {}, lock=FILL)


@job(FILL, attempts=4)
async def fill_served(work: Work) -> None:
    """Make the vectors that the serving set lacks; until then e5 stands in for each."""
    done: UUID | None = None
    while True:
        async with tenant_session(work.market_id) as session:
            # A change-over that has begun is waited for, so that what it makes serve is filled.
            query = select(EmbeddingSet).where(EmbeddingSet.state == "serving")
            row = (await session.exec(query.with_for_update(read=True))).one_or_none()
        if row is None or row.id == done:
            return
        await fill(work.market_id, row, work.progress)
        done = row.id


@job(SWITCH)
async def switch(work: Work) -> None:
    """Fill a set and let it serve; a change that fails or is cancelled leaves what serves."""
    set_id = UUID(work.told["set"])
    try:
        async with tenant_session(work.market_id) as session:
            row = await filling_set(session)
        if row is None or row.id != set_id:
            raise Cancelled
        await _measure(work.market_id, row)
        while True:
            work.report["embedded"] = await fill(work.market_id, row, work.progress)
            async with tenant_session(work.market_id) as session:
                if await switch_over(session, set_id):
                    return
    except Exception:
        # A worker that is told to go leaves the set to the next one, which goes on with it.
        async with tenant_session(work.market_id) as session:
            left = await filling_set(session, held=True)
            if left is not None and left.id == set_id:
                await drop_filling(session)
        raise


async def _measure(market_id: UUID, row: EmbeddingSet) -> None:
    """Learn what the model makes of needs, and how its similarities compare with e5's."""
    from app.inference.calling import CallFailed  # noqa: PLC0415

    async with tenant_session(market_id) as session:
        target = await model_of(session, row)
    try:
        known = await learn(target, market_id)
    except CallFailed as failed:
        raise _said(failed) from failed
    row.scale, row.shift = await calibrated(known)
    async with tenant_session(market_id) as session:
        kept = await filling_set(session, held=True)
        if kept is None or kept.id != row.id:
            raise Cancelled
        kept.scale, kept.shift = row.scale, row.shift
        session.add(kept)


async def fill(
    market_id: UUID, row: EmbeddingSet, progress: Callable[[int, int], Awaitable[None]]
) -> int:
    """Make every vector that a set lacks; returns how many were made."""
    from app.inference.calling import CallFailed  # noqa: PLC0415

    async with tenant_session(market_id) as session:
        target = await model_of(session, row)
    try:
        reader = reader_with(row, target, market_id, await learn(target, market_id))
    except CallFailed as failed:
        raise _said(failed) from failed
    made = 0
    while True:
        async with tenant_session(market_id) as session:
            texts = await _lacking(session, row.id)
            whole = (await session.exec(select(func.count()).select_from(SearchEntry))).one()
            done = await count_of(session, row.id)
        if not texts:
            return made
        # One more than there are: it is done when it serves.
        await progress(min(done, whole), whole + 1)
        rows = await _made(reader, texts)
        async with tenant_session(market_id) as session:
            await (await session.connection()).execute(ADD, rows)
        made += len(texts)


async def _lacking(session: TenantSession, set_id: UUID) -> dict[UUID, str]:
    """Some entries that a set has no vector of, with what the packaged models were given too."""
    told = {"set": set_id, "most": BATCH}
    found: Sequence[Any] = (await (await session.connection()).execute(LACKING, told)).all()
    whole: dict[tuple[str, UUID, str, int], str] = {}
    for kind in KINDS:
        ids = list({entry.source_id for entry in found if entry.kind == kind})
        for source in await sources(session, kind, ids) if ids else ():
            for part in source.parts:
                whole[kind, source.id, part.locale, part.number] = part.whole
    # One whose source has just been changed or withdrawn will soon be replaced.
    texts: dict[UUID, str] = {}
    for entry in found:
        place = (entry.kind, entry.source_id, entry.locale, entry.part)
        texts[entry.id] = whole.get(place) or str(entry.text)
    return texts


async def _made(reader: Reader, texts: dict[UUID, str]) -> list[dict[str, object]]:
    vectors = await _patiently(reader, list(texts.values()))
    hubs = reader.known.usually(vectors)
    return [
        {
            "set": reader.set_id,
            "entry": entry,
            "dimensions": reader.dimensions,
            "vector": HalfVector(vectors[place]).to_text(),
            "hub": float(hubs[place]),
        }
        for place, entry in enumerate(texts)
    ]


async def _patiently(reader: Reader, texts: list[str]) -> Vectors:
    from app.inference.calling import OF_THE_ENDPOINT, CallFailed  # noqa: PLC0415

    for pause in (*PAUSES, None):
        try:
            return await reader.embedder.embed_passages(texts)
        except CallFailed as failed:
            may_mend = failed.kind in OF_THE_ENDPOINT | {"resting"}
            if pause is None or not may_mend or failed.kind == "unauthorized":
                raise _said(failed) from failed
            await asyncio.sleep(max(pause, failed.retry_after))
    raise AssertionError("the last try returns or raises")


def _said(failed: "CallFailed") -> EmbedderFailed:
    from app.inference.trying import SAID  # noqa: PLC0415

    return EmbedderFailed(SAID[failed.kind])
