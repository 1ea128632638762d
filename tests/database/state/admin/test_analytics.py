"""The console's figures: what is drawn, and what an empty market is told."""

from datetime import UTC, datetime, timedelta

import pytest

from app.database import tenant_session
from app.markets.directory import MarketCard
from state.admin.analytics import HEIGHT, WIDTH, AnalyticsState
from tests.database.analytics.test_figures import many, talk
from tests.database.state.admin.conftest import Staffed
from tests.factories import open_market

PATH = "/en/admin/analytics"


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market(timezone="UTC")


async def test_an_empty_market_is_told_what_is_missing(market: MarketCard, staffed: Staffed):
    here = await staffed(market, PATH)
    page = await here.of(AnalyticsState)
    await page.load()
    assert page.loaded
    assert (page.asked, page.steps, page.have, page.needed) == (0, [], 0, 28)
    assert not page.looked
    assert {one.verdict for one in page.answers} == {"Not enough data"}


async def test_figures_are_drawn_within_the_chart_and_told_in_words(
    market: MarketCard, staffed: Staffed
):
    noon = datetime.now(UTC).replace(hour=12) - timedelta(days=1)
    async with tenant_session(market.id) as session:
        for ago in range(60):
            count = 30 if ago == 9 else 4 + ago % 3
            await many(session, [{"at": noon - timedelta(days=ago)}] * count)
        for number in range(4):
            await talk(session, offered=number < 2, at=noon)
    here = await staffed(market, PATH)
    page = await here.of(AnalyticsState)
    await page.load()
    assert [(stage.name, stage.count, stage.width) for stage in page.stages[:2]] == [
        ("Asked something", "4", 100),
        ("Were shown an offer", "2", 50),
    ]
    assert page.stages[1].of_first.startswith("50% (")
    assert [one.more for one in page.unusual if one.what == "Conversations"] == [True]
    assert len(page.steps) == 28
    for points in (page.past, page.expected, page.bounds):
        for point in points.split():
            left, top = map(float, point.split(","))
            assert 0 <= left <= WIDTH
            assert 0 <= top <= HEIGHT
