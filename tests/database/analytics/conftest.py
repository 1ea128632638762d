"""What tests of figures share."""

import pytest

from app.embedded.postgres import Postgres
from app.markets.directory import MarketCard
from tests.factories import open_market


@pytest.fixture
async def market(database: Postgres) -> MarketCard:
    return await open_market()
