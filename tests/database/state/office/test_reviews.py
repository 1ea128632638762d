"""A provider reads what is said of their services, and answers."""

import pytest

from app.accounts import actors
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_in, sign_up
from app.catalogue.models import Listing
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.reviews.models import Review
from state.admin.entry import AdminState
from state.office.reviews import OfficeReviewsState
from state.page import PageState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import listing, open_market
from tests.review_rows import rated


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def opened(market: MarketCard, tab: Tabs, offer: Listing | None) -> Tab:
    """The office of a member, who acts for the provider of a listing if one is given."""
    async with tenant_session(market.id) as session:
        who = await sign_up(session, "ada@example.com", "Ada", PASSWORD, "en")
        if offer is not None:
            system = actors.system(market.id, "tests")
            await give_role(session, system, who.id, Role.PROVIDER, offer.provider_id)
        token = await sign_in(session, "ada@example.com", PASSWORD, "")
    here = tab(market)
    here.visit("/en/office/reviews", token)
    return here


async def test_a_provider_answers_and_takes_the_answer_back(market: MarketCard, tab: Tabs):
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        (said,) = await rated(session, offer, 3)
        (others,) = await rated(session, await listing(session), 3)
    here = await opened(market, tab, offer)
    office, frame = await here.of(OfficeReviewsState), await here.of(AdminState)
    await office.load()
    assert [(row.id, row.stars, row.answer) for row in office.rows] == [(str(said.id), 3, "")]
    for words in ("Thank you.", ""):
        await office.answer({"review": str(said.id), f"answer-{said.id}": words})
        assert (office.rows[0].answer, frame.notice_kind) == (words, "done")
    await office.answer({"review": str(others.id), f"answer-{others.id}": "Mine"})
    assert frame.notice_kind == "wrong"
    async with tenant_session(market.id) as session:
        assert (await session.get_one(Review, others.id)).answer == ""


async def test_a_member_who_offers_nothing_is_refused(market: MarketCard, tab: Tabs):
    here = await opened(market, tab, None)
    office = await here.of(OfficeReviewsState)
    await office.load()
    assert (await here.of(PageState)).refusal != ""
    await office.answer({"review": "x"})
    assert (await here.of(AdminState)).notice_kind == "wrong"
