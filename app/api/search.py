"""`GET /api/v1/search`: what a market offers for a need."""

import time
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.api.requests import answering, market_of
from app.catalogue import reading
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import negotiate
from app.knowledge.reading import public_articles_by_id
from app.markets.directory import MarketCard
from app.search.asking import asked
from app.search.index import Hit
from app.search.serving import search_index


async def search(request: Request) -> Response:
    """Answer with the listings (or articles) that fit `q`, best first, in the reader's language."""
    started = time.perf_counter()
    market = await market_of(request)
    locale = _reader(request, market)
    params = dict(request.query_params)
    if len(params) != len(request.query_params.multi_items()):
        raise AppError("Each parameter may be given once.")
    query = asked(params, locale=locale, currency=market.currency)
    async with tenant_session(market.id) as session:
        hits = await search_index().search(session, query)
        results = await shown(session, hits, locale)
    took = round((time.perf_counter() - started) * 1000, 1)
    return JSONResponse({"results": results, "took_ms": took})


async def shown(session: TenantSession, hits: list[Hit], locale: str) -> list[dict[str, Any]]:
    """The hits as the API shows them, in their order; those gone meanwhile are left out."""
    listings = [hit.id for hit in hits if hit.kind == "listing"]
    cards = {UUID(card.id): card for card in await reading.cards(session, listings, locale)}
    prices = await reading.prices(session, listings)
    texts = await public_articles_by_id(
        session, [hit.id for hit in hits if hit.kind == "article"], locale
    )
    results: list[dict[str, Any]] = []
    for hit in hits:
        if hit.kind == "listing" and (card := cards.get(hit.id)):
            results.append(
                {
                    "kind": "listing",
                    "external_id": card.external_id,
                    "title": card.title,
                    "summary": card.summary,
                    "url": card.url,
                    "category": card.category,
                    "provider": card.provider,
                    "city": card.city or None,
                    "price": prices.get(hit.id),
                    "score": hit.score,
                }
            )
        elif hit.kind == "article" and (article := texts.get(hit.id)):
            results.append(
                {
                    "kind": "article",
                    "external_id": article.slug,
                    "title": article.title,
                    "summary": hit.passage,
                    "url": article.url,
                    "price": None,
                    "score": hit.score,
                }
            )
    return results


def _reader(request: Request, market: MarketCard) -> str:
    """The reader's language: as asked where the market offers it, else as the browser prefers."""
    wanted = request.query_params.get("locale") or request.headers.get("accept-language", "")
    return negotiate(wanted, market.locales, market.default_locale)


routes = [Route("/api/v1/search", answering(search), methods=["GET"])]
