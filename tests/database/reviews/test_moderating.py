"""Answers of providers, and what the market's staff does with reviews."""

from uuid import UUID

import pytest
from sqlmodel import col, select

from app.accounts import actors
from app.accounts.actors import Actor, Member
from app.accounts.permissions import Permission, Role
from app.audit.models import AuditEntry
from app.catalogue.models import Listing
from app.catalogue.moderating import ReasonNeeded
from app.database import TenantSession, tenant_session
from app.errors import NotAllowed, NotFound
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted
from app.reviews.answering import answer_review, reviews_received
from app.reviews.models import Review, ReviewReport
from app.reviews.moderating import (
    hide_review,
    leave_review,
    restore_review,
    reviews_found,
    waiting,
)
from app.reviews.reading import reviews_of
from app.reviews.writing import ReviewFields, write_review
from tests.factories import ROWS, listing, open_market, person
from tests.review_rows import rated, review, review_report

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


def staff(market: MarketCard, *may: Permission) -> Actor:
    return actors.system(market.id, "staff", *(may or (Permission.MODERATE_REVIEWS,)))


async def offering(session: TenantSession, market: MarketCard, *providers: UUID) -> Actor:
    who = await person(session)
    roles = frozenset({Role.PROVIDER})
    member = Member(who.id, "Ada", who.email, "en", roles=roles, providers=frozenset(providers))
    return actors.person(market.id, member)


async def deeds(session: TenantSession) -> list[str]:
    query = select(AuditEntry.action).order_by(col(AuditEntry.created_at))
    return [one for one in await session.exec(query) if one.startswith("review.")]


async def test_a_provider_answers_once_and_may_change_it_or_take_it_back(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        (said,) = await rated(session, offer, 2)
        owner = await offering(session, market, offer.provider_id)
        for words in ("We are sorry.\r\nCome again.", "We are sorry.", "We are sorry.", ""):
            await answer_review(session, owner, said.id, words)
            found = await reviews_of(session, offer.slug)
            assert found is not None
            (shown,) = found.reviews
            assert shown.answer == words.replace("\r\n", "\n")
            assert (shown.answered_at is not None) == bool(words)
        assert await deeds(session) == [
            "review.answered",
            "review.answered",
            "review.answer_taken_back",
        ]
        with pytest.raises(NotAccepted):
            await answer_review(session, owner, said.id, "x" * 1001)


async def test_nobody_answers_for_others(market: MarketCard):
    async with tenant_session(market.id) as session:
        (said,) = await rated(session, await listing(session), 2)
        other = await offering(session, market, (await listing(session)).provider_id)
        with pytest.raises(NotFound):
            await answer_review(session, other, said.id, "Nonsense.")
        assert await reviews_received(session, other) == []
        with pytest.raises(NotAllowed):
            await answer_review(session, staff(market), said.id, "Nonsense.")


async def test_an_office_shows_what_waits_for_an_answer_first(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        former, latter = await rated(session, offer, 2, 4)
        await review(session, listing_id=offer.id, state="hidden")
        owner = await offering(session, market, offer.provider_id)
        await answer_review(session, owner, latter.id, "Thank you.")
        found = await reviews_received(session, owner)
        assert [one.review.id for one in found] == [former.id, latter.id]


async def test_hiding_takes_words_and_stars_off_and_restoring_brings_them_back(
    market: MarketCard,
):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        said, _other = await rated(session, offer, 1, 5)
        await review_report(session, review_id=said.id)
        with pytest.raises(ReasonNeeded):
            await hide_review(session, staff(market), said.id, "  ")
        await hide_review(session, staff(market), said.id, "A phone number")
        await session.refresh(offer)
        found = await reviews_of(session, offer.slug)
        assert found is not None
        assert (offer.stars, [one.stars for one in found.reviews]) == ([0, 0, 0, 0, 1], [5])
        assert await waiting(session, staff(market)) == 0
        await restore_review(session, staff(market), said.id)
        await session.refresh(offer)
        assert offer.stars == [1, 0, 0, 0, 1]
        query = select(AuditEntry).where(AuditEntry.action == "review.hidden")
        told = (await session.exec(query)).one()
        assert (told.before["state"], told.after["state_reason"]) == ("shown", "A phone number")
        assert "The tap is dry again." not in str((told.before, told.after))
        assert await deeds(session) == ["review.hidden", "review.restored"]


async def test_what_its_author_changes_stays_hidden(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        who = await person(session)
        said = await review(session, listing_id=offer.id, person_id=who.id)
        await hide_review(session, staff(market), said.id, "Rude")
        author = actors.person(market.id, Member(who.id, "Ada", who.email, "en"))
        await write_review(session, author, offer.slug, ReviewFields(5, "Good.", "Ada", "en"))
        kept = (await session.exec(select(Review))).one()
        assert (kept.state, kept.text) == ("hidden", "Good.")
        assert (await session.get_one(Listing, offer.id)).stars == [0, 0, 0, 0, 0]


async def test_reports_are_found_and_closed(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        said, _quiet = await rated(session, offer, 1, 5)
        for reason in ("rude", "untrue"):
            await review_report(session, review_id=said.id, reason=reason)
        found = await reviews_found(session, staff(market), "reported")
        (row,) = found.rows
        assert (row.review.id, [one.reason for one in row.reports]) == (said.id, ["rude", "untrue"])
        assert await leave_review(session, staff(market), said.id) == 2
        assert await leave_review(session, staff(market), said.id) == 0
        assert (await reviews_found(session, staff(market), "reported")).total == 0
        assert (await reviews_found(session, staff(market), "")).total == 2
        assert {one.open for one in await session.exec(select(ReviewReport))} == {False}
        assert await deeds(session) == ["review.left"]


async def test_pages_of_the_console_end_with_the_last(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        await rated(session, offer, *[5] * 21)
        found = await reviews_found(session, staff(market), "shown", 9)
        assert (len(found.rows), found.number, found.pages) == (1, 2, 2)


async def test_only_staff_moderates(market: MarketCard):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        (said,) = await rated(session, offer, 1)
        owner = await offering(session, market, offer.provider_id)
        for who in (owner, staff(market, Permission.MODERATE), actors.visitor(market.id)):
            for deed in (
                hide_review(session, who, said.id, "Mine"),
                restore_review(session, who, said.id),
                leave_review(session, who, said.id),
                reviews_found(session, who),
                waiting(session, who),
            ):
                with pytest.raises(Exception, match=r"Sign in|not allowed"):
                    await deed
        with pytest.raises(NotFound):
            await hide_review(session, staff(market), UUID(int=0), "Rude")
        assert await ROWS["review_report"](session, review_id=said.id)
