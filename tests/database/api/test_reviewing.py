"""The forms of reviews, as a browser without JavaScript sends them."""

from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from app.accounts.limits import LIMITS
from app.accounts.models import Person
from app.catalogue.models import Listing
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.reviews.models import Review, ReviewReport
from app.reviews.reporting import ENOUGH
from tests.database.api.conftest import Browser, signed_up
from tests.factories import ROWS, listing
from tests.review_rows import rated

FORM = {
    "locale": "ru",
    "listing": "taps",
    "stars": "4",
    "text": "Сделано за час.\r\nСпасибо!",
    "name": "Ada",
    "written": "ru",
}


@pytest.fixture
async def offer(market: MarketCard) -> Listing:
    async with tenant_session(market.id) as session:
        return await listing(session, slug="taps")


async def deal(market: MarketCard, offer: Listing) -> None:
    """Have everybody with an account been named a price."""
    async with tenant_session(market.id) as session:
        for who in (await session.exec(select(Person))).all():
            await ROWS["quote_request"](
                session,
                person_id=who.id,
                provider_id=offer.provider_id,
                state="answered",
                services=[{"id": str(offer.id), "title": offer.title}],
            )


async def sent(client: httpx.AsyncClient, path: str, **form: str) -> str:
    answer = await client.post(path, data=form)
    assert answer.status_code == 303, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.headers["location"]


async def reviews(market: MarketCard) -> list[Review]:
    async with tenant_session(market.id) as session:
        return list((await session.exec(select(Review))).all())


async def test_a_member_writes_changes_and_withdraws_by_plain_forms(
    market: MarketCard, browser: Browser, offer: Listing
):
    async with browser(market) as client:
        await signed_up(client)
        await deal(market, offer)
        assert await sent(client, "/reviews/write", **FORM) == "/ru/reviews/taps?done=written"
        (kept,) = await reviews(market)
        assert (kept.text, kept.stars, kept.locale) == ("Сделано за час.\nСпасибо!", 4, "ru")
        await sent(client, "/reviews/write", **FORM | {"stars": "1"})
        (kept,) = await reviews(market)
        assert kept.stars == 1
        led = await sent(client, "/reviews/withdraw", locale="en", listing="taps")
        assert led == "/en/reviews/taps?done=withdrawn"
        assert await reviews(market) == []


async def test_a_visitor_signs_in_first(market: MarketCard, browser: Browser, offer: Listing):
    async with browser(market) as client:
        led = await sent(client, "/reviews/write", **FORM)
    assert led == "/ru/signin?next=%2Fru%2Freviews%2Ftaps"
    assert await reviews(market) == []


async def test_who_did_not_deal_is_led_back_and_nothing_is_kept(
    market: MarketCard, browser: Browser, offer: Listing
):
    async with browser(market) as client:
        await signed_up(client)
        assert await sent(client, "/reviews/write", **FORM) == "/ru/reviews/taps?error=failed"
        led = await sent(client, "/reviews/write", **FORM | {"stars": "7"})
        assert led == "/ru/reviews/taps?error=stars"
    assert await reviews(market) == []


async def test_a_page_of_another_site_can_send_none(
    market: MarketCard, browser: Browser, offer: Listing
):
    async with browser(market) as client:
        await signed_up(client)
        await deal(market, offer)
        for path in ("write", "withdraw", "report"):
            headers = {"origin": "https://evil.example"}
            answer = await client.post(f"/reviews/{path}", data=FORM, headers=headers)
            assert answer.status_code == 403
    assert await reviews(market) == []


@pytest.mark.parametrize("slug", ["", "x" * 301, "no/../such"])
async def test_an_address_leads_nowhere_else(
    market: MarketCard, browser: Browser, offer: Listing, slug: str
):
    async with browser(market) as client:
        await signed_up(client)
        answer = await client.post("/reviews/write", data=FORM | {"listing": slug})
        if answer.status_code == 303:
            assert answer.headers["location"] == "/ru/reviews/no%2F..%2Fsuch?error=failed"
        else:
            assert answer.status_code == 404


async def test_writing_has_a_limit(market: MarketCard, browser: Browser, offer: Listing):
    async with browser(market) as client:
        await signed_up(client)
        led = ""
        for _ in range(LIMITS["review"].amount + 1):
            led = await sent(client, "/reviews/withdraw", listing="taps", locale="en")
    assert led == "/en/reviews/taps?error=too_many"


async def test_anybody_reports_a_review_that_is_shown(
    market: MarketCard, browser: Browser, offer: Listing
):
    async with tenant_session(market.id) as session:
        (said,) = await rated(session, await session.get_one(Listing, offer.id), 1)
    form = {"locale": "en", "listing": "taps", "review": str(said.id), "reason": "rude"}
    back = "/en/s/taps/reviews?reported="
    async with browser(market) as client:
        assert await sent(client, "/reviews/report", **form, note="Mine") == back + "done"
        assert await sent(client, "/reviews/report", **form | {"reason": "dull"}) == back + "reason"
        assert await sent(client, "/reviews/report", **form, note="x" * 501) == back + "note"
        nobody = form | {"review": str(UUID(int=0))}
        assert await sent(client, "/reviews/report", **nobody) == back + "gone"
        await signed_up(client)
        for note in ("First", "Second"):
            assert await sent(client, "/reviews/report", **form, note=note) == back + "done"
    async with tenant_session(market.id) as session:
        told = (await session.exec(select(ReviewReport))).all()
    assert {(one.note, one.person_id is None) for one in told} == {
        ("Mine", True),
        ("Second", False),
    }


async def test_reports_have_a_limit_of_an_address_and_of_a_review(
    market: MarketCard, browser: Browser, offer: Listing
):
    async with tenant_session(market.id) as session:
        (said,) = await rated(session, await session.get_one(Listing, offer.id), 1)
        for _ in range(ENOUGH):
            await ROWS["review_report"](session, review_id=said.id)
    form = {"locale": "en", "listing": "taps", "review": str(said.id), "reason": "rude"}
    async with browser(market) as client:
        for _ in range(LIMITS["review_report"].amount):
            assert (await sent(client, "/reviews/report", **form)).endswith("=done")
        assert (await sent(client, "/reviews/report", **form)).endswith("=too_many")
    async with tenant_session(market.id) as session:
        assert len((await session.exec(select(ReviewReport))).all()) == ENOUGH


async def test_a_hidden_review_is_not_reported(
    market: MarketCard, browser: Browser, offer: Listing
):
    async with tenant_session(market.id) as session:
        said = await ROWS["review"](session, listing_id=offer.id, state="hidden")
    form = {"locale": "en", "listing": "taps", "review": str(said.id), "reason": "rude"}
    async with browser(market) as client:
        assert (await sent(client, "/reviews/report", **form)).endswith("=gone")
