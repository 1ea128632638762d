"""`/robots.txt` and the sitemaps of a market: every page that a search engine may show."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.api.sitemap_rows import BATCH, Addressed, batch_of, parts_of
from app.catalogue.addresses import (
    category_slugs,
    listing_addresses,
    place_slugs,
    provider_addresses,
)
from app.database import TenantSession, tenant_session
from app.knowledge.addresses import article_addresses
from app.markets.directory import MarketCard, market_for_host
from app.markets.index_now import key_of, may_tell
from app.markets.modules import has_page
from app.rendering.sitemap_files import Part, counted, place_of
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
        sections = {"pages": _whole(market, lambda _market, _session: _known(home))}
    else:
        sections = {
            "pages": _whole(market, _fixed_pages),
            "categories": _whole(market, _categories),
            "places": _whole(market, _places),
            "listings": _rows(market, "/s/", listing_addresses(market.locales)),
            "providers": _rows(market, "/p/", provider_addresses(market.locales)),
        }
        if has_page(market, "help"):
            sections["articles"] = _rows(market, "/help/", article_addresses(market.locales))
    return Site(
        origin=settings().origin(market.host),
        default_locale=market.default_locale,
        locales=market.locales,
        sections=sections,
        private_paths=PRIVATE,
        key=f"{market.id} {' '.join((market.default_locale, *market.locales, *sections))}",
    )


def _listed(market: MarketCard, path: str, changed: datetime | None = None) -> Listed:
    return Listed(path, market.locales, changed)


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


async def _places(market: MarketCard, session: TenantSession) -> list[Listed]:
    found = await place_slugs(session)
    return [_listed(market, f"/c/{kind}/{place}", changed) for kind, place, changed in found]


def _whole(
    market: MarketCard,
    found: Callable[[MarketCard, TenantSession], Awaitable[list[Listed]]],
) -> Section:
    """A section that is short enough to be read at once."""

    async def everything() -> list[Listed]:
        async with tenant_session(market.id) as session:
            return await found(market, session)

    async def parts() -> list[Part]:
        return counted((place_of(one.path), _part(one)) for one in await everything())

    async def things(first: UUID, last: UUID) -> AsyncGenerator[Sequence[Listed]]:
        if wanted := [one for one in await everything() if first <= place_of(one.path) <= last]:
            yield wanted

    return Section(parts, things)


def _part(one: Listed) -> Part:
    digest = place_of(f"{one.path} {one.changed} {one.locales}").int & (1 << 63) - 1
    return Part(0, len(one.locales), len(one.path), one.changed, digest)


def _rows(market: MarketCard, path: str, rows: Addressed) -> Section:
    """A section of rows of a table, of which a market may have millions."""

    async def parts() -> list[Part]:
        async with tenant_session(market.id) as session:
            return await parts_of(session, rows, len(path))

    async def things(first: UUID, last: UUID) -> AsyncGenerator[Sequence[Listed]]:
        after: UUID | None = None
        while True:
            # A session for each batch: who reads slowly keeps no connection from the others.
            async with tenant_session(market.id) as session:
                found = await batch_of(session, rows, first, last, after)
            listed = [
                Listed(
                    path + row.slug,
                    [code for code in market.locales if code in row.locales],
                    row.changed,
                )
                for row in found
            ]
            if written := [one for one in listed if one.locales]:
                yield written
            if len(found) < BATCH:
                return
            after = found[-1].id

    return Section(parts, things)


async def index_now_key(request: Request) -> Response:
    """The key that shows whose word search engines were told (IndexNow)."""
    market = await market_for_host(request.headers.get("host", ""))
    asked: str = request.path_params["key"]
    if market is None or not may_tell(market) or asked != key_of(market.id):
        return PlainTextResponse("Not found", status_code=404)
    return PlainTextResponse(asked)


routes = [*sitemap_routes(site_of), Route("/{key}.txt", index_now_key)]
