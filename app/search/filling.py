"""Keeping the Postgres index in step with the catalogue and the articles."""

from collections.abc import Callable, Sequence
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import delete
from sqlmodel import col, select

from app.database import TenantSession
from app.markets.models import Market
from app.search.embeddings import Vectors, paired_embedder, sentence_embedder
from app.search.exemplars import exemplars
from app.search.index import Kind
from app.search.models import SearchEntry
from app.search.sources import Part, Source, source_ids, sources

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
    for batch in _batches(wanted):
        embedded += await _refresh_batch(session, kind, batch)
        done += len(batch)
        if progress is not None:
            progress(done, len(wanted))
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
    await _add(session, changed)
    return len(changed)


async def _add(session: TenantSession, changed: Sequence[Source]) -> None:
    parts: list[tuple[Source, Part]] = []
    for source in changed:
        parts += [(source, part) for part in source.parts]
    if not parts:
        return
    known = await exemplars()
    meanings = await sentence_embedder().embed([part.whole for _, part in parts])
    hubs = known.hubness(meanings)
    wordings = await _wordings(session, parts)
    wording_hubs = wordings @ known.usual
    session.add_all(
        SearchEntry(
            kind=source.kind,
            source_id=source.id,
            locale=part.locale,
            part=part.number,
            digest=source.digest,
            text=part.text or part.title,
            names=part.names,
            meaning=HalfVector(meanings[row]),
            wording=HalfVector(wordings[row]),
            hub=float(hubs[row]),
            wording_hub=float(wording_hubs[row]),
            facets=list(part.facets),
            **source.traits,
        )
        for row, (source, part) in enumerate(parts)
    )
    await session.flush()


async def _wordings(session: TenantSession, parts: Sequence[tuple[Source, Part]]) -> Vectors:
    """e5's vector of each part, shape (len(parts), 384).

    A part has one for all its languages, from the market's own: e5 takes ten times as long as the
    sentence encoder, and adds little more in a second language.
    """
    own = (await session.exec(select(Market.default_locale))).first()
    chosen: dict[tuple[UUID, int], str] = {}
    for source, part in parts:
        place = (source.id, part.number)
        if place not in chosen or part.locale == own:
            chosen[place] = part.whole
    places = {place: row for row, place in enumerate(chosen)}
    vectors = await paired_embedder().embed_passages(list(chosen.values()))
    return vectors[[places[source.id, part.number] for source, part in parts]]


def _batches(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
