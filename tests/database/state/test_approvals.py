"""What waits for a word in the chat: shown where it was put, decided by its own person alone."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import pytest

from agents import answering
from app.accounts.limits import forget_attempts
from app.accounts.signing import sign_in, sign_up, start_sign_in
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.search.index import Hit
from state.approvals import ApprovalState
from state.conversations import ConversationState
from state.office.quotes import OfficeQuotesState
from state.quoting import QuotingState
from state.session import current_actor
from state.shortlist import ShortlistState
from tests.database.approvals.proposing import as_it_is, work_through
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.database.vendors.offering import Offered, offered
from tests.factories import open_market
from tests.shelf import Shelf

NEED = "A plumber for 12 guests on 12 June 2031"


@pytest.fixture
async def market(database: object) -> AsyncGenerator[MarketCard]:
    await forget_attempts()
    market = await open_market()
    yield market
    # Letters that wait would be sent by whichever test works next.
    await work_through(market)


@pytest.fixture
async def offers(market: MarketCard, shelf: Shelf) -> list[Offered]:
    found = [await offered(market) for _ in range(2)]
    shelf.hits["listing"] = [Hit("listing", one.listing_id, 0.9) for one in found]
    return found


async def signed_in(market: MarketCard, tab: Tabs, email: str) -> Tab:
    async with tenant_session(market.id) as session:
        await sign_up(session, email, "Ada", PASSWORD, "en")
        token = await sign_in(session, email, PASSWORD, "")
    here = tab(market)
    here.visit("/en/chat", token)
    return here


async def asking(here: Tab) -> tuple[ConversationState, ApprovalState, str]:
    """An answer that names services, and the proposal made of it."""
    talk = await here.of(ConversationState)
    await talk.ask({"message": NEED})
    reply = answering.running(UUID(talk.conversation_id))
    if reply is not None:
        await reply.wait()
    await talk.open(talk.conversation_id)
    answer = next(one for one in talk.messages if one.author == "agent")
    assert answer.offers
    quoting: Any = await here.of(QuotingState)
    for _ in range(2):
        await quoting.propose(answer.id)
    assert talk.error == ""
    cards = await here.of(ApprovalState)
    (approval_id,) = cards.cards
    return talk, cards, approval_id


async def test_a_proposal_stands_after_the_answer_and_says_what_will_happen(
    market: MarketCard, tab: Tabs, offers: list[Offered]
):
    here = await signed_in(market, tab, "ada@example.com")
    talk, cards, approval_id = await asking(here)
    assert [one.author for one in talk.messages] == ["person", "agent", "approval"]
    assert talk.messages[-1].id == approval_id
    card = cards.cards[approval_id]
    assert (card.state, len(card.whom)) == ("waiting", 2)
    said = {field.name: field.value for field in card.said}
    assert said == {"message": NEED, "date": "2031-06-12", "guests": "12"}


async def test_it_is_edited_approved_and_answered(
    market: MarketCard, tab: Tabs, offers: list[Offered]
):
    here = await signed_in(market, tab, "ada@example.com")
    talk, cards, approval_id = await asking(here)
    await cards.edit(approval_id)
    form = {"message": "", "guests": "many", f"listing_ids.{offers[0].listing_id}": "on"}
    await cards.save({**form, "version": "1"})
    assert (cards.problem_of, cards.editing) == (approval_id, approval_id)
    await cards.save({**form, "message": "One tap", "guests": "", "version": "1"})
    assert (cards.problem, cards.editing) == ("", "")
    await cards.approve(approval_id, 1)
    assert cards.problem.startswith("It was changed")
    await cards.approve(approval_id, 2)
    assert cards.cards[approval_id].state == "approved"
    await work_through(market)
    await talk.open(talk.conversation_id)
    done = cards.cards[approval_id]
    assert done.state == "done"
    assert done.answers == [f"{offers[0].provider} has not answered yet."]
    await _answered_in_the_office(market, tab, offers[0])
    await talk.open(talk.conversation_id)
    assert cards.cards[approval_id].answers == [f"{offers[0].provider} offers it for €120.50."]
    shortlist = await here.of(ShortlistState)
    await shortlist._show(market, await _actor(here), "en")
    assert [one.said for one in shortlist.quotes] == ["€120.50"]


async def test_what_others_send_changes_nothing(
    market: MarketCard, tab: Tabs, offers: list[Offered]
):
    here = await signed_in(market, tab, "ada@example.com")
    _talk, _cards, approval_id = await asking(here)
    eve = await (await signed_in(market, tab, "eve@example.com")).of(ApprovalState)
    for told in (approval_id, "x", {"a": 1}, None):
        await eve.approve(told, 1)  # pyright: ignore[reportArgumentType]
        assert eve.problem
        eve.editing = str(told)
        await eve.save({"message": "Mine", "version": "1"})
        assert eve.problem
    assert (await as_it_is(market, UUID(approval_id))).state == "waiting"
    visitor = tab(market)
    visitor.visit("/en/chat")
    assert await visitor.guarded(ApprovalState.approve, approval_id=approval_id, version=1)


async def _answered_in_the_office(market: MarketCard, tab: Tabs, offer: Offered) -> None:
    async with tenant_session(market.id) as session:
        token = await start_sign_in(session, offer.actor.id, "")  # pyright: ignore[reportArgumentType]
    there = tab(market)
    there.visit("/en/office/quotes", token)
    office = await there.of(OfficeQuotesState)
    await office._show(market, offer.actor, "en")
    (row,) = office.rows
    assert (row.state, row.message) == ("sent", "One tap")
    await office.answer({"request": row.id, f"amount-{row.id}": "120.5", f"note-{row.id}": "Soon"})
    assert [one.state for one in office.rows] == ["answered"]


async def _actor(here: Tab) -> Any:
    return await current_actor(await here.of(ShortlistState), here.market)
