"""`/robots.txt` and the sitemaps of a market: every page that a search engine may show."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from app.catalogue.addresses import (
    Addressed,
    category_slugs,
    listing_count,
    listing_slugs,
    provider_count,
    provider_slugs,
)
from app.database import TenantSession, tenant_session
from app.knowledge.reading import article_slugs
from app.markets.directory import MarketCard, market_for_host
from app.markets.modules import has_page
from app.rendering.sitemaps import Listed, Section, Site, sitemap_routes
from app.settings import settings

PRIVATE = ("/*/search", "/*/chat", "/*/signin", "/*/signup", "/api/", "/auth/")


async def site_of(host: str) -> Site | None:
    """What the market of this host shows; None for other hosts."""
    market = await market_for_host(host)
    if market is None:
        return None
    if market.is_platform:
        home = [_listed(market, "")]
        return Site(
            origin=settings().origin(market.host),
            default_locale=market.default_locale,
            sections={"pages": _whole(market, lambda _market, _session: _known(home))},
            private_paths=PRIVATE,
        )
    return Site(
        origin=settings().origin(market.host),
        default_locale=market.default_locale,
        sections={
            "pages": _whole(market, _fixed_pages),
            "categories": _whole(market, _categories),
            "listings": _stretched(market, "s", listing_count, listing_slugs),
            "providers": _stretched(market, "p", provider_count, provider_slugs),
            "articles": _whole(market, _articles),
        },
        private_paths=PRIVATE,
    )


def _listed(market: MarketCard, path: str, changed: datetime | None = None) -> Listed:
    return Listed({locale: f"/{locale}{path}" for locale in market.locales}, changed)


async def _known(pages: list[Listed]) -> list[Listed]:
    return pages


async def _fixed_pages(market: MarketCard, session: TenantSession) -> list[Listed]:
    return [
        _listed(market, path)
        for path in ("", "/help", "/privacy")
        if has_page(market, path.strip("/"))
    ]


async def _categories(market: MarketCard, session: TenantSession) -> list[Listed]:
    found = await category_slugs(session)
    return [_listed(market, f"/c/{slug}", changed) for slug, changed in found]


async def _articles(market: MarketCard, session: TenantSession) -> list[Listed]:
    found = await article_slugs(session) if has_page(market, "help") else []
    return [_listed(market, f"/help/{slug}", changed) for slug, changed in found]


def _whole(
    market: MarketCard,
    found: Callable[[MarketCard, TenantSession], Awaitable[list[Listed]]],
) -> Section:
    """A section that is short enough to be read at once."""

    async def everything() -> list[Listed]:
        async with tenant_session(market.id) as session:
            return await found(market, session)

    async def count() -> int:
        return len(await everything())

    async def stretch(offset: int, limit: int) -> Sequence[Listed]:
        return (await everything())[offset : offset + limit]

    return Section(count, stretch)


def _stretched(
    market: MarketCard,
    part: str,
    counted: Callable[[TenantSession], Awaitable[int]],
    found: Callable[[TenantSession, int, int], Awaitable[list[Addressed]]],
) -> Section:
    async def count() -> int:
        async with tenant_session(market.id) as session:
            return await counted(session)

    async def stretch(offset: int, limit: int) -> Sequence[Listed]:
        async with tenant_session(market.id) as session:
            slugs = await found(session, offset, limit)
        return [_listed(market, f"/{part}/{slug}", changed) for slug, changed in slugs]

    return Section(count, stretch)


routes = sitemap_routes(site_of)
