"""Keeping a market's tenant in step with its catalogue and its articles."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from weaviate.classes.data import DataObject
from weaviate.classes.query import Filter

from app.database import TenantSession
from app.search.entries import entries
from app.search.filling import batches
from app.search.index import Kind
from app.search.sources import source_ids, sources, who_may_see
from app.search.weaviate.collection import (
    MEANING,
    WORDING,
    object_id,
    object_of,
    of_kind,
    of_sources,
)
from app.search.weaviate.connection import WRITE_SECONDS, IndexDown, asked

MOST = 10_000
"""Weaviate answers and deletes this many objects at a time."""

PROPERTIES = [
    *("kind", "source_id", "locale", "part", "digest", "access"),
    *("text", "names", "facets", "hub", "wording_hub"),
]
"""All that an entry has which is not a listing's."""

__all__ = ["batches", "let_see", "refresh"]


class NotImported(IndexDown):
    """Weaviate refused an object, or kept one that was to be deleted."""


async def refresh(
    tenant: Any,
    session: TenantSession,
    kind: Kind,
    ids: Sequence[UUID] | None,
    progress: Callable[[int, int], None] | None,
) -> int:
    """Index these sources (all of the kind for None) as they are now; those gone are dropped."""
    wanted = list(ids) if ids is not None else await _all_ids(tenant, session, kind)
    embedded, done = 0, 0
    for batch in batches(wanted):
        embedded += await _refresh_batch(tenant, session, kind, batch)
        done += len(batch)
        if progress is not None:
            progress(done, len(wanted))
    return embedded


async def let_see(
    tenant: Any, session: TenantSession, kind: Kind, ids: Sequence[UUID], seconds: float
) -> None:
    """Change who may find what is indexed already; it is put in again with its own vectors."""
    for batch in batches(ids):
        told = await who_may_see(session, kind, batch)
        async with asked(seconds):
            answer = await tenant.query.fetch_objects(
                filters=of_sources(kind, list(batch)),
                limit=MOST,
                include_vector=[MEANING, WORDING],
                return_properties=PROPERTIES,
            )
            changed = [
                DataObject(
                    uuid=one.uuid,
                    properties={
                        name: value
                        for name, value in one.properties.items()
                        if value not in (None, [])
                    }
                    | {"access": access, "part": int(one.properties["part"])},
                    vector=one.vector,
                )
                for one in answer.objects
                if (access := told.get(UUID(one.properties["source_id"]))) is not None
                and one.properties["access"] != access
            ]
            await _insert(tenant, changed)


async def _insert(tenant: Any, objects: Sequence[Any]) -> None:
    if not objects:
        return
    # An entry that is there already is replaced, so nothing is missing in between.
    answer = await tenant.data.insert_many(objects)
    if answer.has_errors:
        first = next(iter(answer.errors.values())).message
        raise NotImported("Search could not take in everything: %(first)s", first=first)


async def _all_ids(tenant: Any, session: TenantSession, kind: Kind) -> list[UUID]:
    """Everything that is there or in the index: what has gone must be visited to be dropped."""
    indexed: dict[UUID, None] = {}
    async with asked(WRITE_SECONDS):
        async for one in tenant.iterator(return_properties=["kind", "source_id"]):
            if one.properties["kind"] == kind:
                indexed[UUID(one.properties["source_id"])] = None
    return list(dict.fromkeys([*await source_ids(session, kind), *indexed]))


async def _refresh_batch(
    tenant: Any, session: TenantSession, kind: Kind, ids: Sequence[UUID]
) -> int:
    found = await sources(session, kind, ids)
    indexed = await _indexed(tenant, kind, ids)
    expected = {
        source.id: {object_id(kind, source.id, part): source.digest for part in source.parts}
        for source in found
    }
    changed = [source for source in found if indexed.get(source.id) != expected[source.id]]
    embedded = await entries(session, changed)
    async with asked(WRITE_SECONDS):
        await _insert(tenant, [object_of(entry) for entry in embedded])
        gone = [one for one in ids if one in indexed and one not in expected]
        if gone:
            await _delete(tenant, of_sources(kind, gone))
        left = [
            one
            for source in changed
            for one in indexed.get(source.id, ())
            if one not in expected[source.id]
        ]
        if left:
            await _delete(tenant, of_kind(kind) & Filter.by_id().contains_any(left))
    if kind == "passage":
        anew = {source.id for source in changed}
        kept = [source.id for source in found if source.id not in anew]
        await let_see(tenant, session, kind, kept, WRITE_SECONDS)
    return len(changed)


async def _indexed(tenant: Any, kind: Kind, ids: Sequence[UUID]) -> dict[UUID, dict[UUID, str]]:
    """The digest of each entry of these sources, by source and entry."""
    async with asked(WRITE_SECONDS):
        answer = await tenant.query.fetch_objects(
            filters=of_sources(kind, list(ids)),
            limit=MOST,
            return_properties=["source_id", "digest"],
        )
    indexed: defaultdict[UUID, dict[UUID, str]] = defaultdict(dict)
    for one in answer.objects:
        indexed[UUID(one.properties["source_id"])][one.uuid] = one.properties["digest"]
    return dict(indexed)


async def _delete(tenant: Any, where: Any) -> None:
    while True:
        answer = await tenant.data.delete_many(where=where)
        if answer.failed:
            raise NotImported("Search could not let go of %(count)s entries.", count=answer.failed)
        if answer.matches < MOST:
            return
