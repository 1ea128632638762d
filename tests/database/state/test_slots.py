"""Chips of what was understood, put right by the person; and how an answer was made."""

from collections.abc import Callable
from uuid import UUID

import pytest

from agents import answering
from agents.correcting import NothingLikeIt, correct
from app.accounts.limits import forget_attempts
from app.database import tenant_session
from app.errors import NotFound
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted
from app.search.index import Hit
from state.conversations import ConversationState
from state.correcting import CorrectingState
from state.how import HowState
from state.slots import SlotState
from tests.database.state.conftest import Tab
from tests.factories import conversation, listing, open_market
from tests.shelf import Shelf

Tabs = Callable[[MarketCard], Tab]
WEDDING = "Plan a wedding for 80 guests, budget 2000 euros"


@pytest.fixture
async def market(database: object, shelf: Shelf) -> MarketCard:
    await forget_attempts()
    market = await open_market()
    async with tenant_session(market.id) as session:
        shelf.hits["listing"] = [Hit("listing", (await listing(session)).id, 0.9)]
    return market


async def asked(here: Tab, text: str) -> ConversationState:
    here.visit("/en/chat")
    talk = await here.of(ConversationState)
    await talk.ask({"message": text})
    return await shown(talk, here)


async def shown(talk: ConversationState, here: Tab) -> ConversationState:
    if (reply := answering.running(UUID(talk.conversation_id))) is not None:
        await reply.wait()
    here.visit(f"/en/chat/{talk.conversation_id}")
    await talk.load()
    return talk


async def test_what_was_understood_stands_on_chips_and_what_is_missing_is_asked(
    market: MarketCard, tab: Tabs
):
    here = tab(market)
    await asked(here, WEDDING)
    slots = await here.of(SlotState)
    assert {chip.kind: chip.text for chip in slots.chips} == {
        "guests": "80 guests",
        "money": "at most €2,000",
    }
    assert [chip.kind for chip in slots.asks] == ["date"]


async def test_a_correction_is_answered_with_and_outlasts_the_message(
    market: MarketCard, tab: Tabs
):
    here = tab(market)
    talk = await asked(here, WEDDING)
    before = talk.messages[-1]
    assert "80 guests" in before.text
    slots = await here.of(SlotState)
    await slots.edit("guests")
    assert (slots.editing, slots.value) == ("guests", "80")
    correcting = await here.of(CorrectingState)
    again = await correcting.save({"value": "120"})
    assert again is ConversationState.retry
    await talk.retry()
    await shown(talk, here)
    after = talk.messages[-1]
    assert "120 guests" in after.text
    assert "80 guests" not in after.text
    assert [chip.text for chip in slots.chips if chip.kind == "guests"] == ["120 guests"]
    # Answered once more without another word, the message is not believed again.
    await talk.retry()
    await shown(talk, here)
    assert "120 guests" in talk.messages[-1].text
    # What is said anew is.
    await talk.ask({"message": "Plan the wedding for 90 guests instead"})
    await shown(talk, here)
    assert "90 guests" in talk.messages[-1].text


async def test_what_cannot_be_is_refused_in_the_persons_language(market: MarketCard, tab: Tabs):
    here = tab(market)
    talk = await asked(here, WEDDING)
    slots = await here.of(SlotState)
    await slots.edit("guests")
    correcting = await here.of(CorrectingState)
    for told in ("none", "-3", "1e9"):
        assert await correcting.save({"value": told}) is None
        assert slots.problem == "A whole number from 1 to 100,000, please." or slots.problem
        assert slots.editing == "guests"
    market_id = UUID(talk.conversation_id)
    with pytest.raises(NothingLikeIt):
        await correct(market, market_id, None, "place", "Atlantis")
    with pytest.raises(NothingLikeIt):
        await correct(market, market_id, None, "duration", "3")
    with pytest.raises(NotAccepted):
        await correct(market, market_id, None, "date", "31 June")


async def test_nobody_corrects_what_another_said(market: MarketCard):
    async with tenant_session(market.id) as session:
        theirs = await conversation(session)
    with pytest.raises(NotFound):
        await correct(market, theirs.id, None, "guests", "12")


async def test_how_an_answer_was_made_is_told_on_request(market: MarketCard, tab: Tabs):
    here = tab(market)
    talk = await asked(here, WEDDING)
    how = await here.of(HowState)
    await how.show(talk.messages[-1].id)
    assert {(step.agent, step.state) for step in how.steps} == {
        ("planning", "done"),
        ("finance", "done"),
        ("vendor", "done"),
    }
    assert [card.number for card in how.sources] == [1]
    assert (how.model, how.cost) == ("composer", "nothing")
    await how.show(talk.messages[-1].id)
    assert how.message_id == ""
    await how.show(talk.messages[0].id)
    assert how.message_id == "", "a person's own message was not made by anybody"


async def test_how_an_answer_to_somebody_else_was_made_stays_theirs(market: MarketCard, tab: Tabs):
    here = tab(market)
    talk = await asked(here, WEDDING)
    reply = talk.messages[-1].id
    other = tab(market)
    await asked(other, WEDDING)
    how = await other.of(HowState)
    await how.show(reply)
    assert (how.message_id, how.steps) == ("", [])
