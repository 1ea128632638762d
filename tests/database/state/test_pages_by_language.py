"""How search engines are told of a page in a language that its content is not written in."""

from collections.abc import Callable

import pytest

from app.database import tenant_session
from app.markets.directory import MarketCard
from state.catalogue import ListingState, ProviderState
from state.knowledge import HelpState
from state.page import PageState
from tests.database.state.conftest import Tab
from tests.factories import article, listing, open_market, provider

Tabs = Callable[[MarketCard], Tab]


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market(locales=["ru", "en", "de"])


async def told(here: Tab, path: str) -> tuple[str, str, dict[str, str]]:
    """Robots, the path of the canonical address, and the alternates of a page."""
    here.visit(path)
    part = {"s": ListingState, "p": ProviderState}.get(path.split("/")[2])
    if part is None:
        await (await here.of(HelpState)).load_article()
    else:
        await (await here.of(part)).load()
    page = await here.of(PageState)
    origin = page.canonical.partition(f"/{page.canonical.split('/')[3]}/")[0]
    links = {one["lang"]: one["href"].removeprefix(origin) for one in page.alternates}
    return page.robots, page.canonical.removeprefix(origin), links


async def test_a_listing_is_indexed_in_its_own_languages_and_others_lead_there(
    market: MarketCard, tab: Tabs
):
    async with tenant_session(market.id) as session:
        made = await listing(
            session, title={"de": "Hahn", "en": "Tap"}, description={"de": "D", "en": "E"}
        )
        half = await listing(
            session, title={"de": "Hahn", "en": "Tap"}, description={"de": "Nur so."}
        )
    here, path = tab(market), f"/s/{made.slug}"
    links = {"en": f"/en{path}", "de": f"/de{path}", "x-default": f"/en{path}"}
    assert await told(here, f"/en{path}") == ("", f"/en{path}", links)
    assert await told(here, f"/de{path}") == ("", f"/de{path}", links)
    assert (await here.of(ListingState)).foreign == ""
    assert await told(here, f"/ru{path}") == ("noindex", f"/en{path}", {})
    assert (await here.of(ListingState)).foreign == "английский"
    path = f"/s/{half.slug}"
    assert await told(here, f"/en{path}") == ("noindex", f"/de{path}", {})
    assert (await here.of(ListingState)).foreign == "German"


async def test_what_is_in_no_language_of_the_market_is_not_indexed(market: MarketCard, tab: Tabs):
    async with tenant_session(market.id) as session:
        made = await listing(session, title={"it": "Rubinetto"}, description={"it": "Perde."})
    here = tab(market)
    here.visit(f"/en/s/{made.slug}")
    await (await here.of(ListingState)).load()
    page = await here.of(PageState)
    assert (page.robots, page.canonical, page.alternates) == ("noindex", "", [])
    assert (await here.of(ListingState)).foreign == "Italian"


async def test_an_article_says_what_language_it_is_in(market: MarketCard, tab: Tabs):
    async with tenant_session(market.id) as session:
        made = await article(session)
    here, path = tab(market), f"/help/{made.slug}"
    assert await told(here, f"/en{path}") == (
        "",
        f"/en{path}",
        {"en": f"/en{path}", "x-default": f"/en{path}"},
    )
    assert await told(here, f"/de{path}") == ("noindex", f"/en{path}", {})
    shown = await here.of(HelpState)
    assert (shown.foreign, shown.text_locale) == ("Englisch", "en")


async def test_a_provider_without_words_of_their_own_is_in_every_language(
    market: MarketCard, tab: Tabs
):
    async with tenant_session(market.id) as session:
        silent, telling = await provider(session), await provider(session, about={"ru": "Чиним."})
        for one in (silent, telling):
            await listing(session, provider_id=one.id)
    here = tab(market)
    for locale in market.locales:
        path = f"/{locale}/p/{silent.slug}"
        robots, canonical, links = await told(here, path)
        assert (robots, canonical, set(links)) == ("", path, {"ru", "en", "de", "x-default"})
    path = f"/p/{telling.slug}"
    assert await told(here, f"/de{path}") == ("noindex", f"/ru{path}", {})
    assert (await told(here, f"/ru{path}"))[0] == ""
