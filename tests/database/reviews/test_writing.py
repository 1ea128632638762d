"""Who may review what, how often, and what becomes of the stars."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from app.accounts import actors
from app.accounts.actors import Actor, Member, SignInNeeded
from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.catalogue.models import Listing
from app.catalogue.reading import listing_by_slug, provider_by_slug
from app.database import TenantSession, tenant_session
from app.errors import NotAllowed, NotFound
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted
from app.privacy.erasing import erase
from app.reviews.models import Review
from app.reviews.reading import own_reviews, reviews_of, to_review
from app.reviews.writing import (
    NotDealt,
    OwnService,
    ReviewFields,
    review_fields,
    withdraw_review,
    write_review,
)
from app.vendors.comparing import compare
from tests.factories import ROWS, listing, open_market, person
from tests.review_rows import rated

pytestmark = pytest.mark.usefixtures("database")
SAID = ReviewFields(4, "The tap is dry again.", "Ada", "en")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def dealer(
    session: TenantSession, market: MarketCard, offer: Listing, state: str = "answered"
) -> Actor:
    """A fresh member whose request about a listing stands so."""
    who: Person = await person(session)
    await ROWS["quote_request"](
        session,
        person_id=who.id,
        provider_id=offer.provider_id,
        state=state,
        services=[{"id": str(offer.id), "title": offer.title}],
    )
    return of(market, who)


def of(market: MarketCard, who: Person, *providers: UUID) -> Actor:
    member = Member(who.id, who.name, who.email, "en", providers=frozenset(providers))
    return actors.person(market.id, member)


async def test_who_was_named_a_price_reviews_once_and_may_change_it(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        actor = await dealer(session, market, offer)
        first = await write_review(session, actor, offer.slug, SAID)
        again = await write_review(
            session, actor, offer.slug, replace(SAID, stars=2, text="It drips.")
        )
    assert first.id == again.id
    async with tenant_session(market.id) as session:
        (kept,) = (await session.exec(select(Review))).all()
        assert (kept.stars, kept.text, kept.edited_at is not None) == (2, "It drips.", True)
        assert (await session.get_one(Listing, offer.id)).stars == [0, 1, 0, 0, 0]
        said = await session.exec(select(AuditEntry.action).order_by(col(AuditEntry.created_at)))
        assert [one for one in said if one.startswith("review.")] == [
            "review.written",
            "review.edited",
        ]


async def test_the_same_again_is_no_change(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        actor = await dealer(session, market, offer)
        await write_review(session, actor, offer.slug, SAID)
        again = await write_review(session, actor, offer.slug, SAID)
        assert again.edited_at is None


@pytest.mark.parametrize("state", ["sent", "declined", "expired"])
async def test_who_was_named_no_price_may_not(market: MarketCard, state: str):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        actor = await dealer(session, market, offer, state)
        with pytest.raises(NotDealt):
            await write_review(session, actor, offer.slug, SAID)


async def test_a_price_for_one_service_opens_no_other(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        other = await listing(session, provider_id=offer.provider_id)
        actor = await dealer(session, market, offer)
        with pytest.raises(NotDealt):
            await write_review(session, actor, other.slug, SAID)


async def test_visitors_keys_and_strangers_may_not(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        await dealer(session, market, offer)
        stranger = of(market, await person(session))
        with pytest.raises(SignInNeeded):
            await write_review(session, actors.visitor(market.id), offer.slug, SAID)
        with pytest.raises(NotAllowed):
            await write_review(session, actors.system(market.id, "job"), offer.slug, SAID)
        with pytest.raises(NotDealt):
            await write_review(session, stranger, offer.slug, SAID)


async def test_nobody_reviews_what_they_offer(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        actor = await dealer(session, market, offer)
        owner = replace(actor, providers=frozenset({offer.provider_id}))
        with pytest.raises(OwnService):
            await write_review(session, owner, offer.slug, SAID)
        assert await to_review(session, owner, "en") == []


async def test_what_is_not_on_show_is_not_reviewed_but_a_review_of_it_can_be_withdrawn(
    market: MarketCard,
):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        actor = await dealer(session, market, offer)
        await write_review(session, actor, offer.slug, SAID)
        offer.state = "hidden"
        session.add(offer)
        await session.flush()
        assert await reviews_of(session, offer.slug) is None
        with pytest.raises(NotFound):
            await write_review(session, actor, offer.slug, replace(SAID, stars=1))
        ((said, _listing, shown),) = await own_reviews(session, actor)
        assert (said.stars, shown) == (4, False)
        await withdraw_review(session, actor, offer.slug)
        await session.refresh(offer)
        assert offer.stars == [0, 0, 0, 0, 0]
        with pytest.raises(NotFound):
            await withdraw_review(session, actor, offer.slug)


async def test_nobody_withdraws_what_another_said(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        await write_review(session, await dealer(session, market, offer), offer.slug, SAID)
        with pytest.raises(NotFound):
            await withdraw_review(session, await dealer(session, market, offer), offer.slug)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"stars": "0"}, "stars"),
        ({"stars": "6"}, "stars"),
        ({"stars": "4.5"}, "stars"),
        ({"stars": "٤"}, "stars"),
        ({"stars": None}, "stars"),
        ({"text": " \r\n "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"name": ""}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"name": "Ada\u202eadA"}, "name"),
        ({"locale": "de"}, "locale"),
        ({"locale": "xx"}, "locale"),
    ],
)
async def test_what_cannot_stand_is_refused_with_its_field(
    market: MarketCard, told: dict[str, Any], field: str
):
    usual: dict[str, Any] = {"stars": "4", "text": "Good.", "name": "Ada", "locale": "en"}
    with pytest.raises(NotAccepted) as refused:
        review_fields(market, **usual | told)
    assert refused.value.field == field


def test_line_ends_of_forms_are_those_of_texts():
    words: Callable[..., Any] = review_fields
    card: Any = type("Card", (), {"locales": ("en",)})()
    said = words(card, "5", " One\r\ntwo\x00\x07 ", " Ada  L. ", "en")
    assert (said.text, said.name) == ("One\ntwo", "Ada L.")


async def test_pages_and_cards_tell_the_mean_and_the_count(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        other = await listing(session, provider_id=offer.provider_id)
        await rated(session, offer, 5, 4, 5)
        await rated(session, other, 1)
    async with tenant_session(market.id) as session:
        detail = await listing_by_slug(session, offer.slug, "ru")
        assert detail is not None
        assert (detail.card.rating, detail.card.reviews) == ("4,7", 3)
        assert detail.rating.given == (0, 0, 0, 1, 2)
        slug = detail.card.provider_url.rpartition("/")[2]
        found = await provider_by_slug(session, slug, "en")
        assert found is not None
        card, cards = found
        assert (card.rating, card.reviews, card.average) == ("3.8", 4, 3.75)
        assert {one.rating for one in cards} == {"4.7", "1.0"}
        compared = await compare(session, [offer.id, (await listing(session)).id], "en")
        assert ["reviews" in row.missing for row in compared.rows] == [False, True]


async def test_reviews_come_page_by_page_the_newest_first(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        made = await rated(session, offer, *[5] * 12)
    async with tenant_session(market.id) as session:
        first = await reviews_of(session, offer.slug)
        second = await reviews_of(session, offer.id, 2)
        assert first is not None
        assert second is not None
        assert (len(first.reviews), len(second.reviews), second.pages) == (10, 2, 2)
        told = [one.id for one in (*first.reviews, *second.reviews)]
        assert told == [one.id for one in sorted(made, key=lambda one: one.created_at)][::-1]


async def test_an_erased_account_takes_its_reviews_and_stars_along(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        await rated(session, offer, 1)
        actor = await dealer(session, market, offer)
        await write_review(session, actor, offer.slug, SAID)
        assert actor.person_id is not None
    async with tenant_session(market.id) as session:
        report = await erase(session, actor, actor.person_id)
        assert report.gone["review"] == 1
    async with tenant_session(market.id) as session:
        assert (await session.get_one(Listing, offer.id)).stars == [1, 0, 0, 0, 0]
        assert len((await session.exec(select(Review))).all()) == 1
