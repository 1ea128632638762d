"""The pages of reviews: what they show, to whom, and what is no page."""

from collections.abc import Callable

import pytest

from app.accounts.signing import start_sign_in
from app.catalogue.models import Listing
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.rendering import ssr
from state.catalogue import ListingState
from state.own_reviews import OwnReviewsState, WriteReviewState
from state.page import PageState
from state.reviews import ReviewsState
from tests.database.state.conftest import Tab
from tests.factories import ROWS, listing, open_market, person
from tests.review_rows import rated, review

Tabs = Callable[[MarketCard], Tab]


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market(locales=["en", "ru"])


@pytest.fixture
async def offer(market: MarketCard) -> Listing:
    async with tenant_session(market.id) as session:
        return await listing(session, slug="taps")


async def rate(market: MarketCard, offer: Listing, *stars: int) -> None:
    async with tenant_session(market.id) as session:
        await rated(session, await session.get_one(Listing, offer.id), *stars)


async def test_the_page_of_a_listing_shows_the_newest_and_how_the_stars_are_spread(
    market: MarketCard, tab: Tabs, offer: Listing
):
    await rate(market, offer, 5, 5, 4, 1)
    here = tab(market)
    here.visit("/ru/s/taps")
    await (await here.of(ListingState)).load()
    shown = await here.of(ReviewsState)
    assert (shown.rating, shown.count, len(shown.rows)) == ("3,8", 4, 3)
    assert [(bar.stars, bar.count, bar.share) for bar in shown.bars] == [
        (5, 2, "50%"),
        (4, 1, "25%"),
        (3, 0, "0%"),
        (2, 0, "0%"),
        (1, 1, "25%"),
    ]
    assert shown.all_url == "/ru/s/taps/reviews"
    assert shown.rows[0].day.endswith("г.")


async def test_a_listing_without_reviews_shows_none_after_one_that_had_some(
    market: MarketCard, tab: Tabs, offer: Listing
):
    await rate(market, offer, 5)
    async with tenant_session(market.id) as session:
        await listing(session, slug="bare")
    here = tab(market)
    for slug, count in (("taps", 1), ("bare", 0)):
        here.visit(f"/en/s/{slug}")
        await (await here.of(ListingState)).load()
        shown = await here.of(ReviewsState)
        assert (shown.count, len(shown.rows), bool(shown.bars)) == (count, count, bool(count))


async def opened(here: Tab, address: str) -> tuple[ReviewsState, PageState]:
    here.visit(address)
    state, page = await here.of(ReviewsState), await here.of(PageState)
    await state.load()
    return state, page


async def test_all_reviews_have_pages_that_link_to_each_other(
    market: MarketCard, tab: Tabs, offer: Listing
):
    await rate(market, offer, *[4] * 11)
    shown, page = await opened(tab(market), "/en/s/taps/reviews?page=2")
    assert (len(shown.rows), [link.href for link in shown.links]) == (1, ["/en/s/taps/reviews", ""])
    assert page.canonical.endswith("/en/s/taps/reviews?page=2")
    assert (page.robots, len(page.alternates)) == ("", 3)
    assert [crumb.name for crumb in page.crumbs][1:] == ["Plumber", "Plumber on call", "Reviews"]


@pytest.mark.parametrize(
    "address", ["?page=0", "?page=2", "?page=-1", "?page=x", "?page=99999999999"]
)
async def test_what_is_no_page_of_reviews_is_missing(
    market: MarketCard, tab: Tabs, offer: Listing, address: str
):
    await rate(market, offer, 4)
    _, page = await opened(tab(market), f"/en/s/taps/reviews{address}")
    assert page.missing


async def test_who_has_no_reviews_has_no_page_of_them(
    market: MarketCard, tab: Tabs, offer: Listing
):
    _, page = await opened(tab(market), "/en/s/taps/reviews")
    assert page.missing
    async with tenant_session(market.id) as session:
        await review(session, listing_id=offer.id, state="hidden")
    _, page = await opened(tab(market), "/en/s/taps/reviews")
    assert page.missing


async def test_the_form_says_why_one_cannot_and_else_holds_what_one_said(
    market: MarketCard, tab: Tabs, offer: Listing
):
    async with tenant_session(market.id) as session:
        who = await person(session, name="Ada Lovelace")
        token = await start_sign_in(session, who.id, "")
    here = tab(market)
    here.visit("/en/reviews/taps", token)
    form = await here.of(WriteReviewState)
    await form.load()
    assert form.refusal.startswith("Only those whom this provider")
    async with tenant_session(market.id) as session:
        await ROWS["quote_request"](
            session,
            person_id=who.id,
            provider_id=offer.provider_id,
            state="answered",
            services=[{"id": str(offer.id), "title": offer.title}],
        )
    await form.load()
    assert (form.refusal, form.name, form.written, form.exists) == ("", "Ada Lovelace", "en", False)
    own = await here.of(OwnReviewsState)
    await own.load()
    assert [(one.title, one.write_url) for one in own.waiting] == [
        ("Plumber on call", "/en/reviews/taps")
    ]
    async with tenant_session(market.id) as session:
        await review(
            session,
            listing_id=offer.id,
            person_id=who.id,
            stars=2,
            state="hidden",
            state_reason="A phone number",
        )
    await form.load()
    assert (form.exists, form.stars, form.hidden) == (True, 2, "A phone number")
    await own.load()
    assert (own.waiting, [one.hidden for one in own.said]) == ([], [True])


async def test_a_visitor_is_sent_to_sign_in(market: MarketCard, tab: Tabs, offer: Listing):
    here = tab(market)
    for handler, path in (
        (OwnReviewsState.load, "/en/reviews"),
        (WriteReviewState.load, "/en/reviews/taps"),
    ):
        here.visit(path)
        assert await here.guarded(handler) is not None
    assert not ssr.active
