"""The search page: what its filters ask the index, and how each is taken away again."""

from collections.abc import Callable
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

import state.search
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.search.index import Filters, Hit, Near
from state.search import SearchState
from tests.database.state.conftest import Tab
from tests.factories import listing, open_market
from tests.shelf import Shelf

Tabs = Callable[[MarketCard], Tab]


@pytest.fixture
async def market(database: object, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> MarketCard:
    shelf.asked.clear()
    monkeypatch.setattr(state.search, "search_index", lambda: shelf)
    return await open_market()


async def searched(here: Tab, query: str) -> SearchState:
    here.visit(f"/en/search?{query}")
    found = await here.of(SearchState)
    await found.load()
    return found


async def test_a_place_and_a_distance_are_asked_of_the_index(
    market: MarketCard, tab: Tabs, shelf: Shelf
):
    found = await searched(tab(market), "q=tap&near=52.520,13.40,5&price_max=40&city=Berlin")
    assert shelf.asked[-1].filters == Filters(
        city="Berlin",
        price_max=Decimal(40),
        currency=market.currency,
        near=Near(52.52, 13.4, 5),
    )
    assert found.near == "52.52,13.4,5"
    assert found.near in [option.value for option in found.distances]
    assert found.distances[0].name == "Within 2 km of you"


async def test_every_filter_can_be_taken_away_alone(market: MarketCard, tab: Tabs, shelf: Shelf):
    found = await searched(
        tab(market), "q=my+tap&near=52.5,13.4,3&lang=de&category=craft/plumber&price_max=40"
    )
    kept = {chosen.name: parse_qs(urlsplit(chosen.href).query) for chosen in found.chosen}
    assert list(kept) == ["Plumber", "German", "At most €40", "Within 3 km of you"]
    assert kept["German"] == {
        "q": ["my tap"],
        "category": ["craft/plumber"],
        "price_max": ["40"],
        "near": ["52.5,13.4,3"],
    }
    assert "near" not in kept["Within 3 km of you"]


@pytest.mark.parametrize("near", ["", "here", "52.5,13.4", "52.5,13.4,-1", "99,13.4,5", "nan,1,1"])
async def test_a_place_that_cannot_be_read_is_forgotten_by_the_form_too(
    market: MarketCard, tab: Tabs, shelf: Shelf, near: str
):
    found = await searched(tab(market), f"q=tap&near={near}")
    assert shelf.asked[-1].filters == Filters()
    assert (found.near, found.distances, found.chosen, found.narrowed) == ("", [], [], False)


async def test_each_result_says_why_it_was_found(market: MarketCard, tab: Tabs, shelf: Shelf):
    async with tenant_session(market.id) as session:
        made = [await listing(session) for _number in range(2)]
    shelf.hits["listing"] = [
        Hit("listing", made[1].id, 0.9, said="a leaking tap"),
        Hit("listing", made[0].id, 0.8, said="wet floor"),
    ]
    found = await searched(tab(market), "q=wet+floor")
    assert [(card.slug, card.why) for card in found.results] == [
        (made[1].slug, "Matches: leaking, tap"),
        (made[0].slug, "Close in meaning"),
    ]
