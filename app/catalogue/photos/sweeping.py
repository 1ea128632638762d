"""Deleting the files of photos whose rows are gone."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select

from app.accounts.actors import system
from app.catalogue.models import ListingPhoto
from app.catalogue.photos import storing
from app.database import TenantSession, tenant_session
from app.jobs.queue import enqueue
from app.jobs.work import Work, job, nightly
from app.markets.directory import all_markets


async def photos_among(session: TenantSession, listings: Collection[UUID]) -> list[UUID]:
    """The ids of the photos of these listings, to be swept after them."""
    query = select(ListingPhoto.id).where(col(ListingPhoto.listing_id).in_(listings))
    return list(await session.exec(query))


async def sweep_soon(session: TenantSession, photo_ids: Collection[UUID]) -> None:
    """Have files deleted once their rows are; what is rolled back must find them."""
    if photo_ids:
        actor = system(session.tenant_id, "photos")
        await enqueue(session, actor, "photo.sweep", {"ids": sorted(map(str, photo_ids))})


@job("photo.sweep", attempts=4)
async def sweep(work: Work) -> None:
    """Delete the files of photos that have no row any more."""
    ids = {UUID(one) for one in work.told["ids"]}
    work.report["deleted"] = await sweep_among(work.market_id, ids)


@nightly("catalogue.photos")
async def tidy() -> None:
    """Delete in every market what was left behind where no job was asked to."""
    for market in await all_markets():
        await sweep_among(market.id, await storing.resting(market.id))


async def sweep_among(market_id: UUID, ids: set[UUID]) -> int:
    """Delete the files of those of these photos that have no row; return how many had none."""
    if not ids:
        return 0
    async with tenant_session(market_id) as session:
        query = select(ListingPhoto.id).where(col(ListingPhoto.id).in_(ids))
        gone = ids - set(await session.exec(query))
    await storing.drop(market_id, gone)
    return len(gone)
