"""Quotes: each provider is asked once, told by letter, and answers for themselves alone."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlmodel import col, select, update

from app.accounts.actors import Actor, SignInNeeded, visitor
from app.catalogue.models import Listing
from app.conversations import log
from app.database import tenant_session
from app.errors import Conflict, NotAllowed, NotFound
from app.mail.letters import kept
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted
from app.vendors.models import QuoteRequest
from app.vendors.quotes import (
    Asked,
    KeyUsed,
    answer_quote,
    decline_quote,
    quotes_of,
    request_quotes,
    requests_to,
)
from app.vendors.wanted import QuotesWanted
from tests.database.approvals.proposing import somebody, talk_of, work_through
from tests.database.vendors.offering import Offered, offered
from tests.factories import ROWS, open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> AsyncGenerator[MarketCard]:
    market = await open_market()
    yield market
    # Letters that wait would be sent by whichever test works next.
    await work_through(market)


def wanted(*offers: Offered, **more: object) -> QuotesWanted:
    told = {"listing_ids": [one.listing_id for one in offers], "message": "A wedding", **more}
    return QuotesWanted.model_validate(told)


async def asked(
    market: MarketCard, actor: Actor, what: QuotesWanted, key: str = "key", talk: object = None
) -> list[Asked]:
    async with tenant_session(market.id) as session:
        return await request_quotes(
            session,
            actor,
            market,
            what,
            key=key,
            locale="en",
            conversation_id=talk,  # pyright: ignore[reportArgumentType]
        )


def letters_to(email: str) -> list[EmailMessage]:
    told = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in kept()]
    return [one for one in told if one["To"] == email]  # pyright: ignore[reportReturnType]


async def test_each_provider_gets_one_request_and_one_letter_in_their_language(
    market: MarketCard,
):
    first, second = await offered(market), await offered(market, "ru")
    actor = await somebody(market)
    more = await offered(market)
    async with tenant_session(market.id) as session:
        # A second listing of the first provider is asked about in the same request.
        await session.exec(
            update(Listing)
            .where(col(Listing.id) == more.listing_id)
            .values(provider_id=first.provider_id)
        )
    what = wanted(first, second, more, date="2027-06-12", guests=80, budget="5000")
    made = await asked(market, actor, what)
    assert {one.provider for one in made} == {first.provider, second.provider}
    by_provider = {one.provider: one.request for one in made}
    assert len(by_provider[first.provider].services) == 2
    assert by_provider[first.provider].facts == {
        "date": "2027-06-12",
        "guests": 80,
        "budget": "5000.00",
        "currency": "EUR",
    }
    await work_through(market)
    (english,), (russian,) = letters_to(first.email), letters_to(second.email)
    body = english.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "A wedding" in text
    assert "June 12, 2027" in text
    assert "/en/office/quotes" in text
    assert "Plumber on call" in str(english["Subject"])
    assert "Сантехник" in str(russian["Subject"])


async def test_a_retried_request_makes_one(market: MarketCard):
    one, actor = await offered(market), await somebody(market)
    made = await asyncio.gather(*(asked(market, actor, wanted(one)) for _ in range(6)))
    assert len({rows[0].request.id for rows in made}) == 1
    await work_through(market)
    assert len(letters_to(one.email)) == 1
    with pytest.raises(KeyUsed):
        await asked(market, actor, wanted(one, message="A funeral"))
    other = await somebody(market)
    theirs = await asked(market, other, wanted(one))
    assert theirs[0].request.id != made[0][0].request.id


async def test_an_answer_reaches_the_person_by_letter_and_in_the_conversation(market: MarketCard):
    one, actor = await offered(market), await somebody(market)
    talk = await talk_of(market, actor)
    (made,) = await asked(market, actor, wanted(one), talk=talk)
    async with tenant_session(market.id) as session:
        (seen,) = await requests_to(session, one.actor)
        assert (seen.request.id, seen.person, seen.state) == (made.request.id, actor.name, "sent")
        await answer_quote(session, one.actor, market, made.request.id, "1 250,50", "With a van")
    async with tenant_session(market.id) as session:
        (answered,) = await quotes_of(session, actor)
        entries = await log.events_after(session, talk)
    assert (answered.state, str(answered.request.amount)) == ("answered", "1250.50")
    assert entries[-1].kind == "quote"
    assert entries[-1].payload["amount"] == "1250.50"
    with pytest.raises(Conflict):
        async with tenant_session(market.id) as session:
            await decline_quote(session, one.actor, market, made.request.id, "")
    await work_through(market)
    async with tenant_session(market.id) as session:
        row = await session.get_one(QuoteRequest, made.request.id)
    assert row.note == "With a van"


async def test_nobody_answers_for_another_provider(market: MarketCard):
    one, other, actor = await offered(market), await offered(market), await somebody(market)
    (made,) = await asked(market, actor, wanted(one))
    for stranger, wrong in ((other.actor, NotFound), (actor, NotAllowed)):
        with pytest.raises(wrong):
            async with tenant_session(market.id) as session:
                await answer_quote(session, stranger, market, made.request.id, "1", "")
    async with tenant_session(market.id) as session:
        assert await requests_to(session, other.actor) == []
        assert await quotes_of(session, other.actor) == []


@pytest.mark.parametrize("amount", ["", "many", "-1", "NaN", "1e400", "1.001", "999999999999"])
async def test_a_price_is_a_number(market: MarketCard, amount: str):
    one, actor = await offered(market), await somebody(market)
    (made,) = await asked(market, actor, wanted(one))
    with pytest.raises(NotAccepted):
        async with tenant_session(market.id) as session:
            await answer_quote(session, one.actor, market, made.request.id, amount, "")


async def test_a_request_that_waited_too_long_cannot_be_answered(market: MarketCard):
    one, actor = await offered(market), await somebody(market)
    (made,) = await asked(market, actor, wanted(one))
    async with tenant_session(market.id) as session:
        past = datetime.now(UTC) - timedelta(days=1)
        await session.exec(update(QuoteRequest).values(expires_at=past))
    async with tenant_session(market.id) as session:
        (seen,) = await quotes_of(session, actor)
        assert seen.state == "expired"
    with pytest.raises(Conflict):
        async with tenant_session(market.id) as session:
            await answer_quote(session, one.actor, market, made.request.id, "5", "")


async def test_what_is_not_on_show_or_another_persons_cannot_be_asked_about(market: MarketCard):
    one, actor = await offered(market, state="draft"), await somebody(market)
    with pytest.raises(NotFound):
        await asked(market, actor, wanted(one))
    with pytest.raises(SignInNeeded):
        await asked(market, visitor(market.id), wanted(one))
    shown, other = await offered(market), await somebody(market)
    async with tenant_session(market.id) as session:
        theirs = await ROWS["project"](session, person_id=other.id)
    with pytest.raises(NotFound):
        await asked(market, actor, wanted(shown, project_id=theirs.id))
    async with tenant_session(market.id) as session:
        assert (await session.exec(select(QuoteRequest))).all() == []
