"""Maestro over a real database: who is sent, what is cited, and what is declined."""

import pytest

from agents.base import Deps, Request
from agents.maestro import Cited, Done, Event, Maestro, Piece, Routed
from app.database import tenant_session
from app.errors import AppError
from app.inference.composer import Composer
from app.markets.directory import MarketCard
from app.search.embeddings import sentence_embedder
from app.search.index import Hit
from tests.factories import article, listing, open_market
from tests.shelf import Shelf

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def asked(shelf: Shelf, request: Request) -> list[Event]:
    embedder = sentence_embedder()
    maestro = Maestro(Deps(index=shelf, embedder=embedder, model=Composer(embedder)))
    return [event async for event in maestro.answer(request)]


async def test_a_need_is_answered_with_cited_listings_in_the_readers_language(market: MarketCard):
    async with tenant_session(market.id) as session:
        made = await listing(session)
    shelf = Shelf({"listing": [Hit("listing", made.id, 0.9)]})
    events = await asked(shelf, Request(market, "ru", "кран капает, нужен сантехник"))
    routed, cited, *pieces, done = events
    assert isinstance(routed, Routed)
    assert (routed.route.intent, routed.route.agents) == ("find_service", ("vendor",))
    assert isinstance(cited, Cited)
    (citation,) = cited.citations
    assert (citation.number, citation.external_id) == (1, made.external_id)
    assert (citation.title, citation.url) == ("Сантехник на вызов", f"/ru/s/{made.slug}")
    assert isinstance(done, Done)
    assert done.text == "".join(piece.text for piece in pieces if isinstance(piece, Piece))
    assert "• Сантехник на вызов [1]" in done.text
    assert (done.agent, done.model) == ("vendor", "composer")
    assert shelf.asked[0].kinds == ("listing",)


async def test_a_question_is_answered_from_public_articles_alone(market: MarketCard):
    async with tenant_session(market.id) as session:
        shown = await article(session)
        hidden = await article(session, public=False, title={"en": "Margins we keep"})
    shelf = Shelf({"article": [Hit("article", hidden.id, 0.99), Hit("article", shown.id, 0.8)]})
    events = await asked(shelf, Request(market, "en", "how do I cancel a booking?"))
    done = events[-1]
    assert isinstance(done, Done)
    assert done.agent == "communication"
    assert "You can cancel a booking up to a day before. [1]" in done.text
    assert "Margins" not in done.text


async def test_a_question_that_no_article_answers_is_not_answered(market: MarketCard):
    events = await asked(Shelf({}), Request(market, "en", "how do I cancel a booking?"))
    assert events[1] == Cited(())
    done = events[-1]
    assert isinstance(done, Done)
    assert "I found nothing" in done.text


async def test_small_talk_and_foreign_topics_search_nothing(market: MarketCard):
    for message, intent in (("hello!", "small_talk"), ("what is the weather?", "out_of_scope")):
        shelf = Shelf({})
        events = await asked(shelf, Request(market, "en", message))
        assert isinstance(events[0], Routed)
        assert (events[0].route.intent, events[0].route.agents) == (intent, ("maestro",))
        assert shelf.asked == []


async def test_another_markets_listing_is_never_cited(market: MarketCard):
    elsewhere = await open_market()
    async with tenant_session(elsewhere.id) as session:
        theirs = await listing(session)
    shelf = Shelf({"listing": [Hit("listing", theirs.id, 1.0)]})
    events = await asked(shelf, Request(market, "en", "I need a plumber"))
    assert events[1] == Cited(())


@pytest.mark.parametrize("message", ["", "  \n ", "\x00", "x" * 4001])
async def test_a_message_that_cannot_be_answered_is_refused(market: MarketCard, message: str):
    with pytest.raises(AppError):
        await asked(Shelf({}), Request(market, "en", message))
