"""Keeping search and the public pages in step with each change of a listing or an article."""

from collections.abc import Sequence
from uuid import UUID

from app.accounts.actors import Actor
from app.database import TenantSession, tenant_session
from app.jobs.queue import enqueue
from app.jobs.work import Work, job, nightly
from app.markets.changes import announce
from app.markets.index_now import pages_changed
from app.search.index import Kind
from app.search.serving import search_index
from app.search.sources import source_ids

LOCK = "search"
"""Jobs that fill the index wait for each other: two would add the same entries."""
AT_A_TIME = 64


async def follow(
    session: TenantSession,
    actor: Actor,
    kind: Kind,
    ids: Sequence[UUID],
    things: Sequence[str] = (),
) -> None:
    """Have search and kept pages show these as they are once `session` is committed.

    `things` are what the change concerns, where the caller knows that it concerns nothing else
    (`app.markets.changes`); without them every page of the market is made anew.
    What may no longer be found leaves the index here and now, or with the job where the index is
    not the database's; it shows nothing then that the database does not. What may be found is
    embedded by a job, a moment later, for that takes a while.
    """
    if not ids:
        return
    findable = await source_ids(session, kind, among=ids)
    gone = sorted(set(ids) - set(findable))
    later = list(findable)
    if gone and search_index().transactional:
        await search_index().refresh(session, kind, gone)
    else:
        later += gone
    if later:
        told = {"kind": kind, "ids": [str(one) for one in later]}
        await enqueue(session, actor, "search.refresh", told, lock=LOCK)
    await announce(session, *things)
    if kind != "passage":
        await pages_changed(session, actor, kind, ids)


@job("search.refresh", attempts=4)
async def refresh(work: Work) -> None:
    """Embed what was changed."""
    told = work.told["kind"]
    kind: Kind = told if told in ("article", "passage") else "listing"
    ids = [UUID(one) for one in work.told["ids"]]
    for start in range(0, len(ids), AT_A_TIME):
        async with tenant_session(work.market_id) as session:
            await search_index().refresh(session, kind, ids[start : start + AT_A_TIME])
        await work.progress(min(start + AT_A_TIME, len(ids)), len(ids))


async def rebuild_later(session: TenantSession, actor: Actor) -> None:
    """Have everything of the market embedded anew; search goes on with what there is."""
    await enqueue(session, actor, "search.rebuild", {}, lock=LOCK)


@job("search.rebuild", attempts=2)
async def rebuild(work: Work) -> None:
    """Embed everything of a market anew, and search that once it is whole."""
    work.report["embedded"] = await search_index().rebuild(work.market_id, work.progress)


@nightly("Tending the search index")
async def tend() -> None:
    """Mend what failed jobs left behind."""
    await search_index().tend()
