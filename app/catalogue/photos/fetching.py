"""Photos that a file of listings names by address: fetched by a job, and hung as if sent.

An address is asked through the fetcher of documents, so only public servers are, and only as far
as their robots.txt allows. What was fetched once is not fetched again while the file names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.accounts.actors import Actor, system
from app.accounts.permissions import Permission
from app.audit.log import record
from app.catalogue.models import Listing
from app.catalogue.photos.drawing import LARGEST, draw
from app.catalogue.photos.hanging import describe, hang, take_down
from app.catalogue.photos.showing import photos_of
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.jobs.queue import enqueue
from app.jobs.work import Work, job
from app.knowledge.fetching import SourceDown, fetch
from app.markets.directory import MarketCard, market_by_id

AT_A_TIME = 50
"""Listings of one job, so that one that fails is tried again without the others."""
SHOWN = 50
"""Problems that a report names; the others are counted."""
TRIES = 4
"""How often an address that does not answer is asked, each time a quarter of an hour later."""
PAUSE = timedelta(minutes=15)
_LOCK = "photos"


@dataclass(frozen=True)
class _Wanted:
    listing_id: UUID
    url: str
    alt: Mapping[str, str]


async def fetch_later(session: TenantSession, listings: Sequence[UUID]) -> None:
    """Have the photos of these listings be those that `photo_sources` names, once committed."""
    actor = system(session.tenant_id, "photos")
    for start in range(0, len(listings), AT_A_TIME):
        ids = [str(one) for one in listings[start : start + AT_A_TIME]]
        await enqueue(session, actor, "photo.fetch", {"listings": ids}, lock=_LOCK)


@job("photo.fetch", attempts=3)
async def fetch_photos(work: Work) -> None:
    """Hang what is named and not there, and take down what was fetched and is named no more.

    An address that is refused stays in the report and in the market's log, and the listing as it
    is. One that does not answer is asked by another job, later.
    """
    market = await market_by_id(work.market_id)
    if market is None:
        raise NotFound("There is no market at this address.")
    actor = system(market.id, "photos", Permission.EDIT_CATALOGUE)
    wanted: list[_Wanted] = []
    for told in work.told["listings"]:
        async with tenant_session(market.id) as session:
            wanted += await _to_fetch(session, actor, market, UUID(told))
    only, tries = work.told.get("only"), int(work.told.get("tries", 1))
    wanted = [one for one in wanted if only is None or one.url in only]
    problems: list[dict[str, Any]] = []
    down: list[_Wanted] = []
    for number, one in enumerate(wanted, start=1):
        try:
            await _fetched(actor, market, one)
        except AppError as error:
            told = {"url": one.url, "message": error.message, "params": error.params}
            problems.append({"listing": str(one.listing_id), **told})
            if isinstance(error, SourceDown) and tries < TRIES:
                down.append(one)
            else:
                await _note(actor, one, told)
        await work.progress(number, len(wanted))
    hung = len(wanted) - len(problems)
    work.report |= {"hung": hung, "refused": len(problems), "problems": problems[:SHOWN]}
    if down:
        await _again(actor, down, tries + 1)


async def _again(actor: Actor, down: Sequence[_Wanted], tries: int) -> None:
    ids = sorted({str(one.listing_id) for one in down})
    told = {"listings": ids, "only": sorted({one.url for one in down}), "tries": tries}
    later = datetime.now(UTC) + PAUSE
    async with tenant_session(actor.market_id) as session:
        await enqueue(session, actor, "photo.fetch", told, lock=_LOCK, at=later)


async def _note(actor: Actor, one: _Wanted, told: Mapping[str, Any]) -> None:
    async with tenant_session(actor.market_id) as session:
        deed = "listing.photo_not_fetched"
        await record(session, actor, deed, "listing", one.listing_id, after=dict(told))


async def _to_fetch(
    session: TenantSession, actor: Actor, market: MarketCard, listing_id: UUID
) -> list[_Wanted]:
    """What is named and not there; what is there is described, or taken down where named no more.

    What somebody sent stays.
    """
    listing = await session.get(Listing, listing_id)
    if listing is None:
        return []
    named = {str(told["url"]): dict(told["alt"]) for told in listing.photo_sources}
    fetched = {photo.source: photo for photo in await photos_of(session, listing_id)}
    for source, photo in fetched.items():
        if source in named:
            await describe(session, actor, market, photo.id, named[source])
        elif source is not None:
            await take_down(session, actor, market, photo.id)
    return [_Wanted(listing_id, url, alt) for url, alt in named.items() if url not in fetched]


async def _fetched(actor: Actor, market: MarketCard, one: _Wanted) -> None:
    drawn = await draw((await fetch(one.url, LARGEST)).data)
    async with tenant_session(market.id) as session:
        photo = await hang(session, actor, market, one.listing_id, drawn)
        photo.source, photo.alt = one.url, dict(one.alt)
