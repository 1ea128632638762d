"""An article's former addresses lead to it, and never anywhere else."""

from collections.abc import Callable
from typing import Any

import pytest
from reflex.event import EventSpec

from app.accounts import actors
from app.database import tenant_session
from app.knowledge.editing import article_fields, create_article, delete_article, edit_article
from app.knowledge.former_addresses import moved_to
from app.knowledge.models import Article
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.knowledge import HelpState
from state.page import PageState
from tests.database.state.conftest import Tab
from tests.factories import article, open_market

Tabs = Callable[[MarketCard], Tab]
LOCALES = ("en", "ru")


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def renamed(market: MarketCard, made: Article, slug: str, *, public: bool = True) -> Article:
    """The article under another address, as staff changes it in the console."""
    form = {"slug": slug, "title.en": "Pay", "body.en": "By card.", "public": "yes"}
    fields = article_fields(form | ({} if public else {"public": "no"}), LOCALES)
    async with tenant_session(market.id) as session:
        staff = actors.system(market.id, "staff")
        return await edit_article(session, staff, made.id, made.version, fields, LOCALES)


async def leads(market: MarketCard, slug: str) -> str | None:
    async with tenant_session(market.id) as session:
        return await moved_to(session, slug)


async def answer(here: Tab, path: str) -> tuple[int, str]:
    """The status that a page is answered with, and where it leads."""
    here.visit(path)
    declaration = Declaration()
    with declaring(declaration):
        told: Any = await (await here.of(HelpState)).load_article()
    if isinstance(told, EventSpec):
        return declaration.status, next(
            str(value).strip('"') for name, value in told.args if str(name) == "path"
        )
    return declaration.status, ""


@pytest.fixture
async def made(market: MarketCard) -> Article:
    async with tenant_session(market.id) as session:
        return await article(session, slug="first")


async def test_every_former_address_leads_to_the_last_one(
    market: MarketCard, made: Article, tab: Tabs
):
    made = await renamed(market, made, "second")
    made = await renamed(market, made, "third")
    for slug in ("first", "second"):
        assert await answer(tab(market), f"/ru/help/{slug}") == (301, "/ru/help/third")
    assert await answer(tab(market), "/en/help/third") == (200, "")
    assert await answer(tab(market), "/en/help/never") == (404, "")


async def test_an_address_that_comes_back_is_a_page_and_not_a_circle(
    market: MarketCard, made: Article, tab: Tabs
):
    made = await renamed(market, made, "second")
    made = await renamed(market, made, "first")
    assert await leads(market, "first") is None
    assert await leads(market, "second") == "first"
    here = tab(market)
    assert await answer(here, "/en/help/first") == (200, "")
    assert not (await here.of(PageState)).missing


async def test_another_article_may_take_the_address(market: MarketCard, made: Article, tab: Tabs):
    await renamed(market, made, "second")
    async with tenant_session(market.id) as session:
        fields = article_fields(
            {"slug": "first", "title.en": "New", "body.en": "New.", "public": "yes"}, LOCALES
        )
        other = await create_article(session, actors.system(market.id, "staff"), fields)
    assert await answer(tab(market), "/en/help/first") == (200, "")
    other = await renamed(market, other, "other")
    assert await leads(market, "first") == "other"
    assert await leads(market, "second") is None


async def test_nobody_is_led_to_what_is_hidden_or_gone(
    market: MarketCard, made: Article, tab: Tabs
):
    made = await renamed(market, made, "second", public=False)
    assert await leads(market, "first") is None
    assert await answer(tab(market), "/en/help/first") == (404, "")
    made = await renamed(market, made, "second")
    assert await leads(market, "first") == "second"
    async with tenant_session(market.id) as session:
        await delete_article(session, actors.system(market.id, "staff"), made.id)
    assert await leads(market, "first") is None


async def test_another_market_knows_nothing_of_it(market: MarketCard, made: Article):
    await renamed(market, made, "second")
    assert await leads(await open_market(), "first") is None
