"""A message that asks for quotes becomes a proposal before the person, and is not sent."""

from uuid import UUID

import pytest
from sqlmodel import select

from agents.base import Deps, Request
from agents.events import Done
from agents.maestro import Maestro
from agents.proposing import asks_for_quotes, count_in
from app.approvals.models import Approval
from app.conversations import log
from app.database import tenant_session
from app.inference.composer import Composer
from app.markets.directory import MarketCard
from app.search.embeddings import sentence_embedder
from app.vendors.models import QuoteRequest
from tests.database.budgets.conftest import member
from tests.factories import conversation, listing, open_market
from tests.shelf import Shelf


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.mark.parametrize(
    ("message", "count"),
    [
        ("ask these three for a quote", 3),
        ("Please get me quotes from all of them", None),
        ("Попроси у этих трёх смету", 3),
        ("запроси у них цены", None),
        ("Frag diese drei nach einem Angebot", 3),
        ("pide presupuesto a estos dos", 2),
        ("demande un devis à ces trois", 3),
        ("اطلب عروض أسعار من هؤلاء الثلاثة", 3),
    ],
    ids=str,
)
def test_the_wish_is_known_in_six_languages(message: str, count: int | None):
    assert asks_for_quotes(message)
    assert count_in(message) == count


@pytest.mark.parametrize(
    "message",
    [
        "how do I ask for an offer?",
        "what do these cost?",
        "Plan a wedding for 80 guests, budget 2000 euros",
        "Сколько стоит фотограф?",
        "write an invitation for them",
    ],
)
def test_other_wishes_are_not_taken_for_it(message: str):
    assert not asks_for_quotes(message)


async def talk_with_three(market: MarketCard, person_id: UUID | None) -> UUID:
    async with tenant_session(market.id) as session:
        talk = await conversation(session, person_id=person_id)
        offers = [await listing(session) for _ in range(4)]
        said = {"text": "Photographers for 80 guests", "locale": "en"}
        await log.append(session, talk.id, "message", said)
        cited = [{"kind": "listing", "external_id": one.external_id} for one in offers]
        told = {"text": "Four fit.", "agent": "vendor", "asked": 1, "citations": cited}
        await log.append(session, talk.id, "reply", told)
    return talk.id


async def answered(request: Request) -> str:
    embedder = sentence_embedder()
    maestro = Maestro(Deps(index=Shelf(), embedder=embedder, model=Composer(embedder)))
    *_, done = [event async for event in maestro.answer(request)]
    assert isinstance(done, Done)
    return done.text


async def kept(market: MarketCard) -> tuple[list[Approval], list[QuoteRequest]]:
    async with tenant_session(market.id) as session:
        approvals = list(await session.exec(select(Approval)))
        return approvals, list(await session.exec(select(QuoteRequest)))


async def test_the_first_three_are_asked_when_the_person_says_so_and_not_before(
    market: MarketCard,
):
    ada = await member(market)
    talk = await talk_with_three(market, ada.id)
    text = await answered(
        Request(market, "en", "ask these three for a quote", conversation_id=talk, person_id=ada.id)
    )
    assert text.startswith("I have written to 3 of them, and sent nothing yet.")
    (approval,), sent = await kept(market)
    assert (approval.state, sent) == ("waiting", [])
    assert len(approval.arguments["listing_ids"]) == 3
    assert approval.arguments["guests"] == 80


async def test_a_visitor_is_asked_to_sign_in_and_nothing_is_kept(market: MarketCard):
    talk = await talk_with_three(market, None)
    text = await answered(
        Request(market, "en", "ask these three for a quote", conversation_id=talk)
    )
    assert text == "Sign in and ask once more, and I will write to them for you."
    assert await kept(market) == ([], [])
