"""Floors under the quality of the search, some way below what `docs/search.md` reports."""

import pytest

from app.database import tenant_session
from app.search.postgres import PostgresIndex
from tests.evals.search.run import measure
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


async def test_the_search_answers_needs_in_many_languages_as_well_as_it_did():
    market = await open_market()
    async with tenant_session(market.id) as session:
        found = await measure(session, PostgresIndex())
    for half, figures in found.items():
        print(f"{half:5}{figures}")
    assert found["test"].hit_at_1 >= 0.78
    assert found["test"].recall_at_5 >= 0.9
    assert found["all"].mrr >= 0.8
    assert found["all"].false_answers <= 0.35
