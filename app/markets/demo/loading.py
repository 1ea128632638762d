"""Making the demo markets: opened once, filled once, and ready to be searched."""

from collections.abc import Callable

from app.catalogue.imports import load_listings
from app.database import tenant_session
from app.knowledge.imports import load_articles
from app.markets.demo.articles import articles
from app.markets.demo.cities import DEMO_MARKETS as WRITTEN
from app.markets.demo.cities import DemoMarket
from app.markets.demo.listings import listings
from app.markets.demo.wordings import wordings
from app.markets.directory import MarketCard, market_by_key
from app.markets.opening import create_market
from app.search.embeddings import paired_embedder
from app.search.precomputed import fingerprint
from app.search.serving import search_index

DEMO_MARKETS = tuple(market.key for market in WRITTEN)
"""The keys of the demo markets."""


async def load_demo_market(
    key: str, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> MarketCard:
    """Open the demo market if it is missing and make its content what is written here.

    Doing it again changes nothing. `progress` is told how many rows are indexed, out of how many.
    Raises `KeyError` where no demo market has this key.
    """
    written = {market.key: market for market in WRITTEN}[key]
    market = await market_by_key(key) or await _opened(written)
    rows, helps = list(listings(written)), list(articles(written))
    total = len(rows) + len(helps)
    progress(0, total)
    paired_embedder().remember(lambda text: wordings().get(fingerprint(text)))
    async with tenant_session(market.id) as session:
        loaded = await load_listings(session, market, rows)
        told = await load_articles(session, helps)
        index = search_index()
        await index.refresh(
            session, "listing", sorted(loaded.changed), lambda done, _: progress(done, total)
        )
        await index.refresh(
            session,
            "article",
            sorted(told.changed),
            lambda done, _: progress(len(rows) + done, total),
        )
    progress(total, total)
    return market


async def _opened(written: DemoMarket) -> MarketCard:
    return await create_market(
        written.key,
        name=written.name,
        tagline=written.tagline,
        locales=written.locales,
        currency=written.currency,
        timezone=written.timezone,
        brand=written.brand,
    )
