"""What the platform's own host shows: the markets, and no page that only a market has."""

from collections.abc import Callable, Sequence
from uuid import uuid4

import pytest

from app.accounts.actors import system
from app.accounts.permissions import Permission
from app.errors import NotFound
from app.markets.closing import deed_session, suspend
from app.markets.directory import MarketCard
from app.markets.platform import ensure_platform
from app.markets.showing import PAGE
from app.settings import settings
from state.conversations import ConversationState
from state.filters import PageLink
from state.home import HomeState
from state.landing import LandingState
from state.page import PageState
from state.search import SearchState
from tests.database.state.conftest import Tab
from tests.factories import open_market

Tabs = Callable[[MarketCard], Tab]


@pytest.fixture
async def agora(database: object) -> MarketCard:
    return await ensure_platform()


async def test_the_platforms_home_lists_the_open_markets(agora: MarketCard, tab: Tabs):
    opened = await open_market()
    here = tab(agora)
    here.visit("/en")
    home = await here.of(HomeState)
    await home.load()
    assert home.on_platform
    shown = await here.of(LandingState)
    assert address_of(opened) in await all_addresses(here, shown.links)


def address_of(market: MarketCard) -> str:
    return settings().origin(market.host) + "/en"


async def close(market: MarketCard, agora: MarketCard) -> None:
    async with deed_session(market.id) as session:
        await suspend(session, system(agora.id, "the platform", Permission.PLATFORM))


async def all_addresses(here: Tab, links: Sequence[PageLink]) -> list[str]:
    """The addresses of the markets on the open page and on those that follow it."""
    pages, found = max([1, *(link.number for link in links)]), list[str]()
    for number in range(1, pages + 1):
        here.visit(f"/en?page={number}")
        await (await here.of(HomeState)).load()
        found += [market.href for market in (await here.of(LandingState)).markets]
    return found


async def test_a_market_is_found_by_its_name_among_many(agora: MarketCard, tab: Tabs):
    # More than a page holds, so that what is looked for need not be on the first.
    named = f"z{uuid4().hex[:10]}"
    opened = await open_market(key=named)
    for _ in range(PAGE):
        await open_market()
    closed = await open_market()
    await close(closed, agora)
    here = tab(agora)
    here.visit(f"/en?q={named.upper()}")
    await (await here.of(HomeState)).load()
    shown, page = await here.of(LandingState), await here.of(PageState)
    assert [market.name for market in shown.markets] == [opened.named("en")]
    assert (shown.total, shown.links, page.robots) == (1, [], "noindex, follow")
    here.visit("/en")
    await (await here.of(HomeState)).load()
    assert len(shown.markets) == PAGE
    assert [link.number for link in shown.links][:2] == [1, 2]
    assert page.robots == ""
    found = await all_addresses(here, shown.links)
    assert len(found) == len(set(found)) == shown.total
    assert address_of(closed) not in found


@pytest.mark.parametrize("asked", ["page=0", "page=99999", "page=x", "page=-1", "page=9999999"])
async def test_a_page_of_markets_that_is_not_there_is_missing(
    agora: MarketCard, tab: Tabs, asked: str
):
    await open_market()
    here = tab(agora)
    here.visit(f"/en?{asked}")
    await (await here.of(HomeState)).load()
    assert (await here.of(PageState)).missing


async def test_a_search_that_no_market_fits_shows_none(agora: MarketCard, tab: Tabs):
    here = tab(agora)
    here.visit("/en?q=%25_%27--")
    await (await here.of(HomeState)).load()
    assert (await here.of(LandingState)).markets == []
    assert not (await here.of(PageState)).missing


@pytest.mark.parametrize(
    "path", ["/en/search", "/en/chat", "/en/help", "/en/c/plumber", "/en/s/x", "/en/p/x"]
)
async def test_the_platform_has_no_pages_of_a_market(agora: MarketCard, tab: Tabs, path: str):
    here = tab(agora)
    here.visit(path)
    await (await here.of(SearchState)).load()
    assert (await here.of(PageState)).missing


async def test_a_market_has_no_pages_of_the_platform(tab: Tabs):
    here = tab(await open_market())
    here.visit("/en/platform")
    await (await here.of(PageState)).load_missing()
    assert (await here.of(PageState)).missing


async def test_nothing_can_be_asked_at_the_platform(agora: MarketCard, tab: Tabs):
    here = tab(agora)
    here.visit("/en/chat")
    asked = await here.of(ConversationState)
    await asked.load()
    assert (await here.of(PageState)).missing
    with pytest.raises(NotFound):
        await asked.ask({"message": "my tap drips"})
    assert (asked.messages, asked.conversation_id) == ([], "")
