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
    for (name, half), figures in found.items():
        print(f"{name:8}{half:5}{figures}")
    assert found["queries", "test"].hit_at_1 >= 0.83
    assert found["queries", "test"].recall_at_5 >= 0.91
    assert found["queries", "all"].mrr >= 0.87
    assert found["queries", "all"].false_answers <= 0.2
    assert found["unseen", "test"].hit_at_1 >= 0.74
    assert found["unseen", "all"].mrr >= 0.82
    assert found["unseen", "all"].false_answers <= 0.15
