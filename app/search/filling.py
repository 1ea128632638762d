"""Keeping the Postgres index in step with the catalogue, the articles and the documents."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import delete, update
from sqlmodel import col, select

from app.database import TenantSession, tenant_session
from app.search.entries import entries
from app.search.index import KINDS, Kind
from app.search.models import SearchEntry
from app.search.sources import Source, source_ids, sources
from app.search.vectors import follow_entries

BATCH = 64
"""Sources embedded at a time; a batch is what is lost when indexing stops in the middle."""


async def refresh(
    session: TenantSession,
    kind: Kind,
    ids: Sequence[UUID] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Index these sources (all of the kind for None) as they are now; those gone are dropped."""
    wanted = list(ids) if ids is not None else await _all_ids(session, kind)
    embedded = 0
    done = 0
    for batch in batches(wanted):
        embedded += await _refresh_batch(session, kind, batch)
        done += len(batch)
        if progress is not None:
            progress(done, len(wanted))
    if embedded:
        await follow_entries(session)
    return embedded


async def refill(market_id: UUID, progress: Callable[[int, int], Awaitable[None]]) -> int:
    """Embed everything of a market anew; each portion takes its old one's place at once."""
    embedded, done = 0, 0
    async with tenant_session(market_id) as session:
        wanted = [(kind, one) for kind in KINDS for one in await _all_ids(session, kind)]
    for kind in KINDS:
        for batch in batches([one for of, one in wanted if of == kind]):
            async with tenant_session(market_id) as session:
                await session.exec(
                    update(SearchEntry)
                    .where(col(SearchEntry.kind) == kind, col(SearchEntry.source_id).in_(batch))
                    .values(digest="")
                )
                embedded += await _refresh_batch(session, kind, batch)
            done += len(batch)
            await progress(done, len(wanted))
    async with tenant_session(market_id) as session:
        await follow_entries(session)
    return embedded


async def _all_ids(session: TenantSession, kind: Kind) -> list[UUID]:
    """Everything that is there or in the index: what has gone must be visited to be dropped."""
    indexed = await session.exec(
        select(SearchEntry.source_id).where(SearchEntry.kind == kind).distinct()
    )
    return list(dict.fromkeys([*await source_ids(session, kind), *indexed]))


async def _refresh_batch(session: TenantSession, kind: Kind, ids: Sequence[UUID]) -> int:
    found = await sources(session, kind, ids)
    indexed = dict(
        (
            await session.exec(
                select(SearchEntry.source_id, SearchEntry.digest).where(
                    SearchEntry.kind == kind, col(SearchEntry.source_id).in_(ids)
                )
            )
        ).all()
    )
    changed = [source for source in found if indexed.get(source.id) != source.digest]
    kept = {source.id for source in found} - {source.id for source in changed}
    gone = [source for source in ids if source not in kept and source in indexed]
    if gone:
        await session.exec(
            delete(SearchEntry).where(
                col(SearchEntry.kind) == kind, col(SearchEntry.source_id).in_(gone)
            )
        )
    await let_see(session, kind, [source for source in found if source.id in kept])
    await _add(session, changed)
    return len(changed)


async def let_see(session: TenantSession, kind: Kind, kept: Sequence[Source]) -> None:
    """Change who may find what is indexed already, which needs no vector."""
    for access in {source.access for source in kept}:
        await session.exec(
            update(SearchEntry)
            .where(
                col(SearchEntry.kind) == kind,
                col(SearchEntry.access) != access,
                col(SearchEntry.source_id).in_(
                    [source.id for source in kept if source.access == access]
                ),
            )
            .values(access=access)
        )


async def _add(session: TenantSession, changed: Sequence[Source]) -> None:
    session.add_all(
        SearchEntry(
            kind=entry.source.kind,
            source_id=entry.source.id,
            locale=entry.part.locale,
            part=entry.part.number,
            digest=entry.source.digest,
            text=entry.part.text or entry.part.title,
            names=entry.part.names,
            meaning=HalfVector(entry.meaning),
            wording=HalfVector(entry.wording),
            hub=entry.hub,
            wording_hub=entry.wording_hub,
            facets=list(entry.part.facets),
            access=entry.source.access,
            **entry.source.traits,
        )
        for entry in await entries(session, changed)
    )
    await session.flush()


def batches(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    """Ids in the portions that are embedded together."""
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
