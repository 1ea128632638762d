"""The console's reviews: what was reported comes first, is hidden with a reason, or left."""

import pytest

from app.accounts.permissions import Role
from app.database import tenant_session
from app.markets.directory import MarketCard
from state.admin.entry import AdminState
from state.admin.reviews import AdminReviewsState
from tests.database.state.admin.conftest import Staffed
from tests.factories import listing, open_market
from tests.review_rows import rated, review_report

PATH = "/en/admin/reviews"


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def test_an_operator_hides_what_was_reported_and_shows_it_again(
    market: MarketCard, staffed: Staffed
):
    async with tenant_session(market.id) as session:
        said, _other = await rated(session, await listing(session), 1, 5)
        await review_report(session, review_id=said.id, reason="rude", note="Look")
    here = await staffed(market, PATH, Role.OPERATOR)
    page, frame = await here.of(AdminReviewsState), await here.of(AdminState)
    await page.load()
    assert (page.which, page.total, page.waiting) == ("reported", 1, 1)
    (row,) = page.rows
    assert [(one.reason, one.note) for one in row.complaints] == [("It insults somebody", "Look")]
    await page.hide({"review": row.id, f"reason-{row.id}": " "})
    assert frame.notice_kind == "wrong"
    await page.hide({"review": row.id, f"reason-{row.id}": "Insults"})
    assert (frame.notice_kind, page.total, page.waiting) == ("done", 0, 0)
    await page.seek("hidden")
    assert [(one.id, one.reason) for one in page.rows] == [(row.id, "Insults")]
    await page.restore(row.id)
    await page.seek("nonsense")
    assert (page.which, page.total, {one.hidden for one in page.rows}) == ("", 2, {False})


async def test_what_is_left_is_no_longer_waiting(market: MarketCard, staffed: Staffed):
    async with tenant_session(market.id) as session:
        (said,) = await rated(session, await listing(session), 1)
        await review_report(session, review_id=said.id)
    here = await staffed(market, PATH)
    page = await here.of(AdminReviewsState)
    await page.load()
    await page.leave(str(said.id))
    assert (page.waiting, page.total) == (0, 0)
    await page.load()
    assert (page.which, page.total) == ("", 1)


@pytest.mark.parametrize("told", [{}, {"review": "x"}, {"review": ["x"]}, "x", None])
async def test_a_hostile_payload_is_refused(market: MarketCard, staffed: Staffed, told: object):
    here = await staffed(market, PATH)
    page = await here.of(AdminReviewsState)
    await page.load()
    await page.hide(told)  # pyright: ignore[reportArgumentType]
    assert (await here.of(AdminState)).notice_kind == "wrong"


async def test_who_offers_moderates_nothing(market: MarketCard, staffed: Staffed):
    async with tenant_session(market.id) as session:
        (said,) = await rated(session, await listing(session), 1)
    here = await staffed(market, PATH, Role.PROVIDER)
    page = await here.of(AdminReviewsState)
    await page.hide({"review": str(said.id), f"reason-{said.id}": "Mine"})
    assert (await here.of(AdminState)).notice_kind == "wrong"
    await page.seek("shown")
    assert page.rows == []
