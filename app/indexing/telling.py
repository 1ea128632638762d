"""Tells search engines which of a market's pages appeared, changed or vanished, by IndexNow.

What is told is what stands in the sitemaps now, and what was taken off the pages; drafts and what
waits for the staff never were on them.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from sqlmodel import col, select

from app.catalogue.addresses import gone_addresses, listing_addresses, provider_addresses
from app.catalogue.models import Listing, Provider
from app.catalogue.taxonomy import category
from app.database import TenantSession, tenant_session
from app.errors import AppError, Unavailable
from app.jobs.work import Work, job
from app.knowledge.addresses import article_addresses
from app.knowledge.models import Article
from app.markets.directory import MarketCard, market_by_id
from app.markets.index_now import KIND, key_of, may_tell
from app.markets.modules import has_page
from app.settings import settings

AT_ONCE = 10_000
"""Addresses that the protocol allows in one request."""
SECONDS = 30.0


class EnginesRefuse(AppError):
    """The search engines do not take what they were told."""


@job(KIND, attempts=6)
async def tell(work: Work) -> None:
    """Tell of the pages of what has changed, unless the market no longer wants it."""
    market = await market_by_id(work.market_id)
    if market is None:
        return
    listings = [UUID(one) for one in work.told.get("listings", ())]
    articles = [UUID(one) for one in work.told.get("articles", ())]
    async with tenant_session(work.market_id) as session:
        paths = await _paths(session, market, listings, articles)
    if not may_tell(market):
        return
    origin = settings().origin(market.host)
    urls = [origin + path for path in paths]
    for start in range(0, len(urls), AT_ONCE):
        await _send(market, urls[start : start + AT_ONCE])
        await work.progress(min(start + AT_ONCE, len(urls)), len(urls))
    work.report["addresses"] = len(urls)


async def _paths(
    session: TenantSession,
    market: MarketCard,
    listings: Sequence[UUID],
    articles: Sequence[UUID],
) -> list[str]:
    """The paths of these, of those who offer them and of their categories, each once."""
    ours = col(Listing.id).in_(listings)
    found: list[str] = []
    for rows in (listing_addresses, gone_addresses):
        told = await session.exec(rows(market.locales).where(ours))
        found += _in_locales("/s/", told)
    offering = select(Listing.provider_id).where(ours)
    providers = provider_addresses(market.locales).where(col(Provider.id).in_(offering))
    found += _in_locales("/p/", await session.exec(providers))
    for key in await session.exec(select(Listing.category).where(ours).distinct()):
        if kind := category(key):
            found += [f"/{locale}/c/{kind.slug}" for locale in market.locales]
    if articles and has_page(market, "help"):
        rows = article_addresses(market.locales).where(col(Article.id).in_(articles))
        found += _in_locales("/help/", await session.exec(rows))
    return list(dict.fromkeys(found))


def _in_locales(start: str, rows: Iterable[tuple[UUID, str, Any, list[str]]]) -> list[str]:
    return [
        f"/{locale}{start}{slug}" for _id, slug, _changed, locales in rows for locale in locales
    ]


async def _send(market: MarketCard, urls: list[str]) -> None:
    """One request; raises `Unavailable` where another time may help, else `EnginesRefuse`."""
    origin, key = settings().origin(market.host), key_of(market.id)
    told = {
        "host": urlsplit(origin).netloc,
        "key": key,
        "keyLocation": f"{origin}/{key}.txt",
        "urlList": urls,
    }
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
            answer = await client.post(settings().index_now_url, json=told)
    except (httpx.HTTPError, OSError) as error:
        raise Unavailable("The search engines do not answer at the moment.") from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Unavailable("The search engines do not answer at the moment.")
    if answer.status_code not in (200, 202):
        raise EnginesRefuse(
            "The search engines refused the addresses (%(code)s).", code=answer.status_code
        )
