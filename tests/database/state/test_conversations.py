"""What a person sees in the chat, from the first question to the reload."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from agents import answering
from app.accounts.limits import forget_attempts
from app.accounts.signing import sign_in, sign_up
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.search.index import Hit
from state.conversations import ConversationState
from state.messages import Card, Line, Span, lines_of
from tests.database.state.conftest import Tab
from tests.factories import listing, open_market
from tests.shelf import Shelf

Tabs = Callable[[MarketCard], Tab]

PASSWORD = "a long walk at dusk"


@pytest.fixture
async def market(database: object, shelf: Shelf) -> MarketCard:
    await forget_attempts()
    market = await open_market()
    async with tenant_session(market.id) as session:
        shelf.hits["listing"] = [Hit("listing", (await listing(session)).id, 0.9)]
    return market


async def member(market: MarketCard, email: str) -> str:
    async with tenant_session(market.id) as session:
        await sign_up(session, email, "Ada", PASSWORD, "en")
        return await sign_in(session, email, PASSWORD, "")


async def send(here: Tab, name: str, *args: Any) -> ConversationState:
    """Let a handler run as the websocket does, with the reply it began finished."""
    conversations = await here.of(ConversationState)
    await getattr(conversations, name)(*args)
    return conversations


async def finished(conversations: ConversationState) -> None:
    reply = answering.running(UUID(conversations.conversation_id))
    if reply is not None:
        await reply.wait()


async def test_a_question_is_asked_answered_listed_and_found_again(market: MarketCard, tab: Tabs):
    here = tab(market)
    token = await member(market, "ada@example.com")
    here.visit("/ru/chat", token)
    await send(here, "load")
    asked = await send(here, "ask", {"message": " кран капает "})
    assert asked.error == ""
    assert [message.author for message in asked.messages] == ["person"]
    assert [row.title for row in asked.conversations] == ["кран капает"]
    await finished(asked)
    later = tab(market)
    later.visit(f"/ru/chat/{asked.conversation_id}", token)
    found = await send(later, "load")
    assert [message.author for message in found.messages] == ["person", "agent"]
    answer = found.messages[1]
    assert answer.citations[0].title == "Сантехник на вызов"
    assert answer.citations[0].url.startswith("/ru/s/")
    marks = [span for line in answer.lines for span in line.spans if span.number]
    assert {mark.url for mark in marks} == {answer.citations[0].url}


async def test_a_strangers_conversation_is_not_shown(market: MarketCard, tab: Tabs):
    owner, stranger = tab(market), tab(market)
    owner.visit("/en/chat", await member(market, "ada@example.com"))
    asked = await send(owner, "ask", {"message": "my tap drips"})
    await finished(asked)
    for token in ("", await member(market, "bob@example.com")):
        stranger.visit(f"/en/chat/{asked.conversation_id}", token)
        seen = await send(stranger, "load")
        assert (seen.messages, seen.conversation_id) == ([], "")
        assert seen.error == "There is no such conversation."
        await send(stranger, "open", asked.conversation_id)
        assert seen.messages == []
        await send(stranger, "remove", asked.conversation_id)
    found = await send(owner, "open", asked.conversation_id)
    assert len(found.messages) == 2


async def test_what_cannot_be_asked_is_said_and_loses_nothing(market: MarketCard, tab: Tabs):
    here = tab(market)
    here.visit("/en/chat")
    for message in ("", "x" * 4001, {"a": 1}, None):
        seen = await send(here, "ask", {"message": message} if message is not None else {})
        assert seen.error
        assert seen.conversation_id == ""
    await send(here, "dismiss_error")
    assert seen.error == ""
    for wanted in ("nonsense", str(uuid4()), {"a": 1}):
        await send(here, "open", wanted)
        assert seen.error == "There is no such conversation."


async def test_renaming_and_removing(market: MarketCard, tab: Tabs):
    here = tab(market)
    here.visit("/en/chat", await member(market, "ada@example.com"))
    seen = await send(here, "ask", {"message": "my tap drips"})
    await finished(seen)
    await send(here, "rename", seen.conversation_id, "The kitchen")
    assert [row.title for row in seen.conversations] == ["The kitchen"]
    await send(here, "remove", seen.conversation_id)
    assert (seen.conversations, seen.conversation_id, seen.messages) == ([], "", [])


def test_an_answers_marks_become_links_and_other_brackets_stay():
    cards = [Card(1, "listing", "Plumber", "/en/s/a", "", "")]
    told = "Two fit:\n\n• Plumber [1] — €40\n  Comes at night.\nsee [2] and [x]"
    assert lines_of(told, cards) == [
        Line("text", [Span("Two fit:")]),
        Line("item", [Span("Plumber"), Span("1", 1, "/en/s/a"), Span(" — €40")]),
        Line("detail", [Span("Comes at night.")]),
        Line("text", [Span("see"), Span(" [2]"), Span(" and [x]")]),
    ]
