"""The search index in Weaviate: it proposes candidates, which are ordered as those of Postgres."""

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from weaviate.classes.query import HybridFusion

from app.database import TenantSession, tenant_session
from app.markets.directory import all_markets
from app.search.index import KINDS, Access, Hit, Kind, Query, Weighed
from app.search.models import SearchPlace
from app.search.places import held_place, note_use, place_of
from app.search.query_vectors import QueryVectors
from app.search.ranking import ranked, weighing
from app.search.sources import source_ids, who_may_see
from app.search.weaviate import writing
from app.search.weaviate.collection import (
    MEANING,
    PREFIX,
    WORDING,
    collection_name,
    conditions,
    was_made_alike,
)
from app.search.weaviate.connection import SECONDS, WRITE_SECONDS, IndexDown, asked, client
from app.search.weaviate.tenants import (
    awake_or_made,
    is_awake,
    put_to_sleep,
    reading,
    remove,
)
from app.settings import settings

_log = logging.getLogger(__name__)

DEPTH = 120
"""How many candidates the sentence encoder proposes; e5, words and names propose half as many."""
KEPT = ("kind", "source_id", "locale", "part", "names", "category", "facets", "hub", "wording_hub")
SPELLED = """
select names, word_similarity(:spelled, names) as spelled
from unnest(cast(:names as text[])) as names
"""


@dataclasses.dataclass(frozen=True)
class _Candidate:
    source_id: UUID
    access: str
    locale: str
    part: int
    names: str
    category: str | None
    facets: tuple[str, ...]
    hub: float
    wording_hub: float
    text: str | None
    meant: float
    worded: float
    spelled: float


class NotIndexed(IndexDown):
    """The market has something to find, and its index was not filled, or not by these models."""


class WeaviateIndex:
    """`SearchIndex` on a Weaviate server, with a tenant for each market.

    What Weaviate proposes is looked up in the market's database before it is shown: an index that
    lags behind, or that a failed transaction wrote to, shows nothing that may not be found.
    """

    transactional = False

    async def search(self, session: TenantSession, query: Query) -> list[Hit]:
        """Return what fits, best first; empty when nothing in the market does."""
        collection = await self._collection(session, query.kinds)
        if collection is None:
            return []
        return await ranked(session, query, partial(self._candidates, collection))

    async def weigh(self, session: TenantSession, query: Query) -> list[Weighed]:
        """The passages that were looked at for a query, the likeliest first, for the lab."""
        collection = await self._collection(session, ("passage",))
        if collection is None:
            return []
        return await weighing(session, query, partial(self._candidates, collection))

    async def let_see(self, session: TenantSession, kind: Kind, ids: Sequence[UUID]) -> None:
        """Let those find these who may see them now.

        A server that is down does not stop anybody from closing a document: the database decides
        at each search who is shown it, and who may see it besides is mended at night.
        """
        place = await place_of(session)
        if place is None:
            return
        for collection in (place.filling, place.collection):
            if collection is None or not was_made_alike(collection):
                continue
            try:
                async with asked():
                    tenant = await awake_or_made(await client(), collection, str(session.tenant_id))
                await writing.let_see(tenant, session, kind, ids, SECONDS)
            except IndexDown:
                _log.warning("Search does not know yet who may see a document.", exc_info=True)

    async def refresh(
        self,
        session: TenantSession,
        kind: Kind,
        ids: Sequence[UUID] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Index these rows (all of the kind for None) as they are now; those gone are dropped.

        A market that was never indexed, or by another version of the program, is indexed whole.
        """
        place = await held_place(session)
        if place.collection is None or not was_made_alike(place.collection):
            return await self._fill_whole(session, place, kind, progress)
        if place.filling is not None:
            await self._fill(session, place.filling, kind, ids)
        return await self._fill(session, place.collection, kind, ids, progress)

    async def rebuild(
        self, market_id: UUID, progress: Callable[[int, int], Awaitable[None]]
    ) -> int:
        """Embed everything anew in the market's other collection, then search that one."""
        async with tenant_session(market_id) as session:
            place = await held_place(session)
            former = place.collection
            target = place.filling = collection_name(other_than=former)
            await self._empty(target, market_id)
            wanted = [(kind, one) for kind in KINDS for one in await source_ids(session, kind)]
        embedded, done = 0, 0
        for kind in KINDS:
            for batch in writing.batches([one for of, one in wanted if of == kind]):
                async with tenant_session(market_id) as session:
                    embedded += await self._fill(session, target, kind, batch)
                done += len(batch)
                await progress(done, len(wanted) + 1)
        async with tenant_session(market_id) as session:
            place = await held_place(session)
            # What was added or withdrawn meanwhile; what did not change is not embedded again.
            for kind in KINDS:
                embedded += await self._fill(session, target, kind, None)
            place.collection, place.filling = target, None
        if former is not None and former != target:
            async with asked(WRITE_SECONDS):
                await remove(await client(), former, str(market_id))
        await progress(len(wanted) + 1, len(wanted) + 1)
        return embedded

    async def erase(self, market_id: UUID) -> None:
        """Delete the market's tenant from every collection, old ones included."""
        async with asked(WRITE_SECONDS):
            server = await client()
            for name in await server.collections.list_all(simple=True):
                if name.startswith(PREFIX):
                    await remove(server, name, str(market_id))

    async def tend(self) -> None:
        """Mend what failed jobs left, and put to sleep who is not searched any more."""
        days = settings().weaviate_sleep_days
        since = datetime.now(UTC) - timedelta(days=days)
        for market in await all_markets():
            async with tenant_session(market.id) as session:
                place = await place_of(session)
            if place is None or place.collection is None or place.filling is not None:
                continue
            if not await is_awake(place.collection, str(market.id)):
                continue
            for kind in KINDS:
                async with tenant_session(market.id) as session:
                    await self.refresh(session, kind)
            if days and place.used_at < since:
                await put_to_sleep(place.collection, str(market.id))
                _log.info("The search of %s sleeps.", market.key)

    async def _collection(self, session: TenantSession, kinds: Sequence[Kind]) -> str | None:
        """Where to search; None where the market has nothing of these kinds."""
        place = await place_of(session)
        if place is None or place.collection is None or not was_made_alike(place.collection):
            for kind in kinds:
                if await source_ids(session, kind):
                    raise NotIndexed("Search is being prepared. Please try again soon.")
            return None
        await note_use(session, place)
        return place.collection

    async def _fill_whole(
        self,
        session: TenantSession,
        place: SearchPlace,
        asked_for: Kind,
        progress: Callable[[int, int], None] | None,
    ) -> int:
        name = collection_name()
        embedded = {
            kind: await self._fill(
                session, name, kind, None, progress if kind == asked_for else None
            )
            for kind in KINDS
        }
        place.collection, place.filling = name, None
        session.add(place)
        await session.flush()
        return embedded[asked_for]

    async def _fill(
        self,
        session: TenantSession,
        collection: str,
        kind: Kind,
        ids: Sequence[UUID] | None,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        async with asked(WRITE_SECONDS):
            tenant = await awake_or_made(await client(), collection, str(session.tenant_id))
        return await writing.refresh(tenant, session, kind, ids, progress)

    async def _empty(self, collection: str, market_id: UUID) -> None:
        """Nothing of a rebuilding that was broken off may be left."""
        async with asked(WRITE_SECONDS):
            server = await client()
            await remove(server, collection, str(market_id))
            await awake_or_made(server, collection, str(market_id))

    async def _candidates(
        self,
        collection: str,
        session: TenantSession,
        kind: Kind,
        said: str,
        vectors: QueryVectors,
        query: Query,
    ) -> Sequence[_Candidate]:
        where = conditions(kind, query.filters, query.access)
        if where is None:
            return []
        shown: dict[str, Any] = {
            "filters": where,
            "include_vector": [MEANING, WORDING],
            "return_properties": [*KEPT, "text"] if kind != "listing" else list(KEPT),
        }

        async def proposed(tenant: Any) -> list[Any]:
            asked_for: list[Awaitable[Any]] = [
                tenant.query.near_vector(
                    near_vector=vectors.meaning.tolist(),
                    target_vector=MEANING,
                    limit=DEPTH,
                    **shown,
                ),
                tenant.query.hybrid(
                    query=said,
                    query_properties=["text", "names"],
                    vector=(await vectors.wording()).tolist(),
                    target_vector=WORDING,
                    alpha=0.5,
                    fusion_type=HybridFusion.RELATIVE_SCORE,
                    limit=DEPTH // 2,
                    **shown,
                ),
                tenant.query.bm25(
                    query=said, query_properties=["names"], limit=DEPTH // 2, **shown
                ),
            ]
            return [one for answer in await asyncio.gather(*asked_for) for one in answer.objects]

        found = await reading(collection, str(session.tenant_id), proposed)
        return await _as_candidates(session, kind, said, vectors, query.access, found)


async def _as_candidates(
    session: TenantSession,
    kind: Kind,
    said: str,
    vectors: QueryVectors,
    readable: Sequence[Access],
    found: Sequence[Any],
) -> list[_Candidate]:
    """What was proposed, as far as the market's database lets it be seen, and what speaks for it.

    An entry may still be marked as open to all when its document no longer is.
    """
    once = {one.uuid: one for one in found}.values()
    ids = list({UUID(one.properties["source_id"]) for one in once})
    told = await who_may_see(session, kind, ids)
    shown = {one: access for one, access in told.items() if access in readable}
    names = list({one.properties["names"] for one in once})
    asked_for = {"spelled": said.lower(), "names": names}
    wording = await vectors.wording()
    connection = await session.connection()
    spelled = {row.names: row.spelled for row in await connection.execute(text(SPELLED), asked_for)}
    return [
        _Candidate(
            source_id=source,
            access=shown[source],
            locale=kept["locale"],
            part=int(kept["part"]),
            names=kept["names"],
            category=kept.get("category"),
            facets=tuple(kept.get("facets") or ()),
            hub=kept["hub"],
            wording_hub=kept["wording_hub"],
            text=kept.get("text"),
            meant=float(np.dot(one.vector[MEANING], vectors.meaning)),
            worded=float(np.dot(one.vector[WORDING], wording)),
            spelled=spelled[kept["names"]],
        )
        for one in once
        if (source := UUID((kept := one.properties)["source_id"])) in shown
    ]
