"""Loading a demo market opens it, fills it, and can be repeated."""

import pytest
from sqlalchemy import func
from sqlmodel import select

from app.catalogue.models import Listing
from app.database import tenant_session
from app.knowledge.models import Article
from app.markets.demo import loading
from app.markets.demo.articles import articles
from app.markets.demo.cities import MADRID
from app.markets.demo.listings import listings
from app.search import embeddings
from app.search.embeddings import paired_embedder

pytestmark = pytest.mark.usefixtures("database")


def engine_is_not_needed(_: int) -> object:
    raise AssertionError("a demo text came without its vector; run scripts/wordings.py")


@pytest.fixture(autouse=True)
def forgetful():
    """An embedder of this test's own, which is gone with it."""
    yield
    paired_embedder.cache_clear()


async def test_a_demo_market_is_loaded_once(monkeypatch: pytest.MonkeyPatch):
    # A handful of rows says as much as all of them, and is embedded in a second.
    few = list(listings(MADRID))[:6]
    monkeypatch.setattr(loading, "listings", lambda _: few)
    helps = list(articles(MADRID))[:2]
    monkeypatch.setattr(loading, "articles", lambda _: helps)
    monkeypatch.setattr(embeddings, "_load_e5", engine_is_not_needed)
    paired_embedder.cache_clear()
    told: list[tuple[int, int]] = []
    market = await loading.load_demo_market("madrid", lambda *done: told.append(done))
    assert (market.key, market.default_locale, market.currency) == ("madrid", "es", "EUR")
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] == len(few) + len(helps)
    again = await loading.load_demo_market("madrid")
    assert again.id == market.id
    async with tenant_session(market.id) as session:
        assert (await session.exec(select(func.count()).select_from(Listing))).one() == len(few)
        assert (await session.exec(select(func.count()).select_from(Article))).one() == len(helps)


async def test_a_market_that_nobody_wrote_is_a_mistake():
    with pytest.raises(KeyError):
        await loading.load_demo_market("atlantis")
