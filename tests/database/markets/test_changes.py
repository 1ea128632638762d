"""Whoever changes a market, every serving process forgets what it kept of it, and only of it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from app.accounts import actors
from app.accounts.permissions import Permission
from app.catalogue.editing import edit_listing
from app.catalogue.inputs import ListingFields
from app.database import TenantSession, tenant_session
from app.markets import changes
from app.markets.branding import Brand, rebrand
from app.markets.directory import MarketCard, market_by_id, market_for_host
from app.reviews.answering import answer_review
from app.reviews.models import Review
from app.reviews.moderating import hide_review, restore_review
from app.reviews.writing import ReviewFields, withdraw_review, write_review
from tests.database.reviews.test_moderating import offering
from tests.database.reviews.test_writing import dealer
from tests.factories import listing, open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def until(heard: list[tuple[str, ...]], count: int) -> None:
    for _ in range(500):
        if len(heard) >= count:
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"heard only {heard}")


async def test_a_committed_change_is_heard_and_the_card_read_anew(market: MarketCard):
    other = await open_market()
    heard: list[tuple[str, ...]] = []
    editor = actors.system(market.id, "tests")
    async with changes.listening(lambda *hosts, things=(): heard.append((*hosts, *things))):
        # What is kept when the listening begins may be old, so all of it goes.
        await until(heard, 1)
        assert heard == [()]
        for one in (market, other):
            assert await market_for_host(one.host) is not None
        async with tenant_session(market.id) as session:
            await rebrand(session, editor, Brand("#0000ff", name={"en": "Blue"}), 1)
            await asyncio.sleep(0.05)
            assert len(heard) == 1, "it is not committed yet"
        await until(heard, 2)
        assert heard[1] == (market.host,)
        card = await market_by_id(market.id)
        assert card is not None
        assert card.named("en") == "Blue"


async def test_a_change_that_fails_is_not_heard(market: MarketCard):
    heard: list[tuple[str, ...]] = []
    async with changes.listening(lambda *hosts, things=(): heard.append((*hosts, *things))):
        await until(heard, 1)
        await market_for_host(market.host)
        with suppress(RuntimeError):
            async with tenant_session(market.id) as session:
                await changes.announce(session)
                raise RuntimeError
        async with tenant_session(market.id) as session:
            await changes.announce(session)
        await until(heard, 2)
        await asyncio.sleep(0.05)
    assert heard == [(), (market.host,)]


async def test_a_change_of_a_listing_says_where_it_shows(market: MarketCard):
    editor = actors.system(market.id, "tests", Permission.EDIT_CATALOGUE, Permission.MODERATE)
    async with tenant_session(market.id) as session:
        offered = await listing(session, category="craft/plumber", state="published")
    heard: list[tuple[str, ...]] = []
    async with changes.listening(lambda *hosts, things=(): heard.append((*hosts, *things))):
        await until(heard, 1)
        card = await market_by_id(market.id)
        await market_for_host(market.host)
        async with tenant_session(market.id) as session:
            fields = ListingFields(
                category="craft/electrician",
                title={"en": "Wires"},
                description={"en": "Mends wires."},
                languages=["en"],
                tags=[],
            )
            await edit_listing(session, editor, market, offered.id, offered.version, fields)
        await until(heard, 2)
    assert heard[1] == (
        market.host,
        "category:craft/electrician",
        "category:craft/plumber",
        "home",
        f"listing:{offered.id}",
        f"provider:{offered.provider_id}",
    )
    assert await market_by_id(market.id) is card, "nothing about the market has changed"


async def test_each_change_of_a_review_says_where_its_stars_show(market: MarketCard):
    staff = actors.system(market.id, "tests", Permission.MODERATE_REVIEWS)
    async with tenant_session(market.id) as session:
        offered = await listing(session)
        author = await dealer(session, market, offered)
        owner = await offering(session, market, offered.provider_id)
    said = ReviewFields(4, "Dry again.", "Ada", "en")
    heard: list[tuple[str, ...]] = []
    told: list[Review] = []

    async def write(session: TenantSession, words: str) -> None:
        told.append(await write_review(session, author, offered.slug, replace(said, text=words)))

    deeds: tuple[Callable[[TenantSession], Awaitable[object]], ...] = (
        lambda session: write(session, "Dry."),
        lambda session: write(session, "Dry again."),
        lambda session: answer_review(session, owner, told[0].id, "Thank you."),
        lambda session: hide_review(session, staff, told[0].id, "Rude"),
        lambda session: restore_review(session, staff, told[0].id),
        lambda session: withdraw_review(session, author, offered.slug),
    )
    async with changes.listening(lambda *hosts, things=(): heard.append((*hosts, *things))):
        await until(heard, 1)
        await market_for_host(market.host)
        for number, deed in enumerate(deeds, start=2):
            async with tenant_session(market.id) as session:
                await deed(session)
            await until(heard, number)
    where = (
        market.host,
        "category:craft/plumber",
        "home",
        f"listing:{offered.id}",
        f"provider:{offered.provider_id}",
    )
    assert heard[1:] == [where] * len(deeds)


async def test_more_than_can_be_said_is_said_of_everything(market: MarketCard):
    heard: list[tuple[str, ...]] = []
    async with changes.listening(lambda *hosts, things=(): heard.append((*hosts, *things))):
        await until(heard, 1)
        await market_for_host(market.host)
        async with tenant_session(market.id) as session:
            await changes.announce(session, *(f"listing:{number:036}" for number in range(300)))
        await until(heard, 2)
    assert heard[1] == (market.host,)
