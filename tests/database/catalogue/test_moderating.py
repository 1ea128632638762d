"""Many listings at a time: published, hidden, refused, moved, and taken back."""

from uuid import uuid4

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditEntry
from app.catalogue.models import Listing
from app.catalogue.moderating import MOST, ReasonNeeded, moderate, recategorise, take_back
from app.database import tenant_session
from app.errors import AppError, NotAllowed, NotFound
from app.markets.directory import MarketCard
from tests.factories import listing, open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


def staff(market: MarketCard, *may: Permission) -> Actor:
    return actors.system(market.id, "staff", *(may or (Permission.MODERATE,)))


async def states(market: MarketCard) -> list[tuple[str, str]]:
    async with tenant_session(market.id) as session:
        query = select(Listing.state, Listing.state_reason).order_by(Listing.slug)
        return [tuple(row) for row in await session.exec(query)]  # pyright: ignore[reportReturnType]


async def test_a_bulk_deed_is_noted_for_each_and_can_be_taken_back(market: MarketCard):
    async with tenant_session(market.id) as session:
        ids = [(await listing(session, state=state)).id for state in ("waiting", "published")]
        done = await moderate(session, staff(market), ids, "hide")
        assert [one.was["state"] for one in sorted(done, key=lambda one: ids.index(one.id))] == [
            "waiting",
            "published",
        ]
    assert [state for state, _ in await states(market)] == ["hidden", "hidden"]
    async with tenant_session(market.id) as session:
        noted = list(await session.exec(select(AuditEntry.action)))
        assert noted == ["listing.hide", "listing.hide"]
        assert await take_back(session, staff(market), done) == 2
    assert [state for state, _ in await states(market)] == ["waiting", "published"]


async def test_what_somebody_changed_since_is_not_taken_back(market: MarketCard):
    async with tenant_session(market.id) as session:
        made = await listing(session)
        done = await moderate(session, staff(market), [made.id], "hide")
        await moderate(session, staff(market), [made.id], "refuse", "A phone number in the text.")
        assert await take_back(session, staff(market), done) == 0
    assert await states(market) == [("refused", "A phone number in the text.")]


async def test_a_refusal_needs_a_reason_and_publishing_forgets_it(market: MarketCard):
    async with tenant_session(market.id) as session:
        made = await listing(session, state="waiting")
        with pytest.raises(ReasonNeeded):
            await moderate(session, staff(market), [made.id], "refuse", "  ")
        await moderate(session, staff(market), [made.id], "refuse", " Too\n short. ")
        assert made.state_reason == "Too short."
        await moderate(session, staff(market), [made.id], "publish")
        assert (made.state, made.state_reason) == ("published", "")


async def test_one_that_does_not_exist_stops_the_whole_deed(market: MarketCard):
    other = await open_market()
    async with tenant_session(other.id) as session:
        theirs = await listing(session)
    async with tenant_session(market.id) as session:
        ours = await listing(session)
    for stranger in (theirs.id, uuid4()):
        with pytest.raises(NotFound):
            async with tenant_session(market.id) as session:
                await moderate(session, staff(market), [ours.id, stranger], "hide")
    with pytest.raises(AppError):
        async with tenant_session(market.id) as session:
            await moderate(session, staff(market), [uuid4() for _ in range(MOST + 1)], "hide")
    assert await states(market) == await states(other) == [("published", "")]


async def test_moving_needs_the_right_to_edit(market: MarketCard):
    async with tenant_session(market.id) as session:
        made = await listing(session)
        with pytest.raises(NotAllowed):
            await recategorise(session, staff(market), [made.id], "shop/florist")
        with pytest.raises(NotAllowed):
            await moderate(session, staff(market, Permission.OFFER), [made.id], "publish")
        editor = staff(market, Permission.EDIT_CATALOGUE)
        with pytest.raises(NotFound):
            await recategorise(session, editor, [made.id], "shop/nothing")
        done = await recategorise(session, editor, [made.id], "shop/florist")
        assert made.category == "shop/florist"
        with pytest.raises(NotAllowed):
            await take_back(session, staff(market), done)
        await take_back(session, editor, done)
        assert made.category == "craft/plumber"
