"""Reviews over HTTP, as anybody reads them."""

from uuid import uuid4

from app.database import tenant_session
from app.markets.directory import MarketCard
from app.reviews.answering import answer_review
from tests.database.api.conftest import Browser
from tests.database.reviews.test_moderating import offering
from tests.factories import listing
from tests.review_rows import rated, review


async def test_anybody_reads_the_reviews_of_a_service_page_by_page(
    market: MarketCard, browser: Browser
):
    async with tenant_session(market.id) as session:
        offer = await listing(session, slug="taps")
        made = await rated(session, offer, *[5] * 10, 2)
        await review(session, listing_id=offer.id, state="hidden", text="Hidden words")
        owner = await offering(session, market, offer.provider_id)
        await answer_review(session, owner, made[-1].id, "We are sorry.")
    async with browser(market) as client:
        first = (await client.get("/api/v1/listings/taps/reviews")).json()
        second = (await client.get(f"/api/v1/listings/{offer.id}/reviews?page=2")).json()
        beyond = (await client.get("/api/v1/listings/taps/reviews?page=3")).json()
    assert first["rating"] == {
        "count": 11,
        "average": 4.73,
        "given": {"1": 0, "2": 1, "3": 0, "4": 0, "5": 10},
    }
    assert (len(first["reviews"]), len(second["reviews"]), beyond["reviews"]) == (10, 1, [])
    assert (first["pages"], second["page"]) == (2, 2)
    newest = first["reviews"][0]
    assert (newest["id"], newest["stars"]) == (str(made[-1].id), 2)
    assert newest["answer"]["text"] == "We are sorry."
    assert "person" not in str(first)
    assert "Hidden words" not in str((first, second))


async def test_what_is_not_on_show_is_not_read(market: MarketCard, browser: Browser):
    async with tenant_session(market.id) as session:
        await rated(session, await listing(session, slug="draft"), 5)
        offer = await listing(session, slug="bare")
        hidden = await listing(session, slug="hidden", state="hidden")
        await rated(session, hidden, 5)
    async with browser(market) as client:
        for named in (str(uuid4()), "nothing", str(hidden.id), "hidden"):
            assert (await client.get(f"/api/v1/listings/{named}/reviews")).status_code == 404
        bare = (await client.get(f"/api/v1/listings/{offer.id}/reviews")).json()
        assert (bare["rating"]["average"], bare["reviews"], bare["pages"]) == (None, [], 1)
        answer = await client.get("/api/v1/listings/bare/reviews?page=0")
        assert answer.status_code == 400
