"""What a person sees in the chat, from the first question to the reload."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from reflex.state import BaseState
from sqlmodel import delete

from agents import answering
from app.accounts.limits import forget_attempts
from app.accounts.signing import revoke, sign_in, sign_up
from app.conversations.hearing import hearing, tell
from app.conversations.keeping import remove
from app.conversations.models import Conversation
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.search.index import Hit
from state.conversations import ConversationState, ReplyState
from state.messages import Card, Line, Span, direction_of, lines_of
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


async def test_what_is_asked_while_the_page_still_loads_stays_in_view_however_long_that_takes(
    market: MarketCard, tab: Tabs, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("state.conversations.SETTLED", 0.0)
    here = tab(market)
    here.visit("/ru/chat", await member(market, "slow@example.com"))
    asked = await send(here, "ask", {"message": "кран капает"})
    await finished(asked)
    shown = await send(here, "load")
    assert shown.conversation_id
    assert shown.messages[0].text == "кран капает"
    # The next visit of the empty page is another one.
    assert (await send(here, "load")).conversation_id == ""


async def test_what_is_pressed_before_the_page_has_loaded_is_done(market: MarketCard, tab: Tabs):
    here, later, stranger = tab(market), tab(market), tab(market)
    token = await member(market, "quick@example.com")
    here.visit("/en/chat", token)
    asked = await send(here, "ask", {"message": "my tap drips"})
    await finished(asked)
    path = f"/en/chat/{asked.conversation_id}"
    stranger.visit(path, "")
    refused = await send(stranger, "retry")
    assert (refused.conversation_id, refused.messages) == ("", [])
    later.visit(path, token)
    again = await send(later, "retry")
    assert again.conversation_id == asked.conversation_id
    assert answering.running(UUID(again.conversation_id)) is not None
    await finished(again)


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
    found = await send(owner, "open", asked.conversation_id)
    assert len(found.messages) == 2


@pytest.fixture
def in_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a state be its own proxy, which Reflex gives to background handlers of a running app."""

    async def entered(self: BaseState) -> BaseState:
        return self

    async def left(self: BaseState, *_error: object) -> None:
        pass

    monkeypatch.setattr(BaseState, "__aenter__", entered)
    monkeypatch.setattr(BaseState, "__aexit__", left)


@pytest.fixture
async def two_tabs(
    market: MarketCard, tab: Tabs, in_background: None
) -> tuple[Tab, ConversationState, ReplyState, str]:
    """A tab with a conversation, and the states of another of the same person that shows it."""
    token = await member(market, "two@example.com")
    first, second = tab(market), tab(market)
    first.visit("/en/chat", token)
    asked = await send(first, "ask", {"message": "my tap drips"})
    await finished(asked)
    second.visit(f"/en/chat/{asked.conversation_id}", token)
    seen = await send(second, "load")
    assert len(seen.messages) == 2
    return first, seen, await second.of(ReplyState), token


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - what is waited for is a state's field
            await asyncio.sleep(0.01)


async def test_a_tab_shows_what_another_asks_and_writes_along(
    two_tabs: tuple[Tab, ConversationState, ReplyState, str],
):
    first, seen, step, _token = two_tabs
    async with hearing():
        keeping = asyncio.create_task(ReplyState.keep_step.fn(step, seen.conversation_id))
        await send(first, "open", seen.conversation_id)
        asked = await send(first, "ask", {"message": "and at night?"})
        followed = await asyncio.wait_for(keeping, 10)
        assert followed.handler.fn is ReplyState.follow.fn
        assert [message.text for message in seen.messages[2:3]] == ["and at night?"]
        kept = await ReplyState.follow.fn(step, seen.conversation_id)
        assert kept.handler.fn is ReplyState.keep_step.fn
        await finished(asked)
        assert [message.author for message in seen.messages] == ["person", "agent"] * 2
        assert (step.writing, step.text) == (False, "")


@pytest.mark.parametrize("end", ["revoke", "delete"])
async def test_a_tab_lets_go_of_what_is_gone(
    market: MarketCard, two_tabs: tuple[Tab, ConversationState, ReplyState, str], end: str
):
    _first, seen, step, token = two_tabs
    conversation_id = seen.conversation_id
    async with hearing():
        keeping = asyncio.create_task(ReplyState.keep_step.fn(step, conversation_id))
        await asyncio.sleep(0.1)
        async with tenant_session(market.id) as session:
            if end == "delete":
                talk = await session.get_one(Conversation, UUID(conversation_id))
                await remove(session, talk.id, talk.person_id)
            else:
                await revoke(session, token)
                await tell(session, UUID(conversation_id), "changed")
        await until(lambda: seen.conversation_id == "")
        assert seen.messages == []
        keeping.cancel()


async def test_a_tab_that_rests_listens_no_more(
    two_tabs: tuple[Tab, ConversationState, ReplyState, str], monkeypatch: pytest.MonkeyPatch
):
    _first, seen, step, _token = two_tabs
    monkeypatch.setattr("state.conversations.RESTS", 0.05)
    async with asyncio.timeout(5):
        assert await ReplyState.keep_step.fn(step, seen.conversation_id) is None
        # What this tab was not allowed to open is not listened to.
        monkeypatch.setattr("state.conversations.RESTS", 60)
        hostile: tuple[Any, ...] = (str(uuid4()), "", {"a": 1})
        for wanted in hostile:
            assert await ReplyState.keep_step.fn(step, wanted) is None


@pytest.mark.parametrize("end", ["revoke", "delete"])
async def test_a_reply_that_ends_after_the_sign_out_is_not_shown(
    market: MarketCard, tab: Tabs, in_background: None, end: str
):
    here = tab(market)
    token = await member(market, "ada@example.com")
    here.visit("/en/chat", token)
    asked = await send(here, "ask", {"message": "my tap drips"})
    async with tenant_session(market.id) as session:
        if end == "revoke":
            await revoke(session, token)
        else:
            await session.exec(delete(Conversation))
    following = await here.of(ReplyState)
    await ReplyState.follow.fn(following, asked.conversation_id)
    assert (asked.conversation_id, asked.messages) == ("", [])
    assert (following.writing, following.text) == (False, "")


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


def test_an_answers_marks_become_links_and_other_brackets_stay():
    cards = [Card(1, "listing", "Plumber", "/en/s/a", "", "")]
    told = "Two fit:\n\n• Plumber [1] — €40\n  Comes at night.\nsee [2] and [x]"
    assert lines_of(told, cards) == [
        Line("text", [Span("Two fit:")]),
        Line(
            "item", [Span("Plumber"), Span("1", 1, "/en/s/a"), Span(" — ", joins=True), Span("€40")]
        ),
        Line("detail", [Span("Comes at night.")]),
        Line("text", [Span("see"), Span(" [2]"), Span(" and [x]")]),
    ]


def test_an_answer_runs_as_its_first_letter_does():
    assert direction_of("وجدت في Berlin") == "rtl"
    assert direction_of("• 4 — Berlin وجدت") == "ltr"
    assert direction_of("١٢ …") == direction_of("") == "ltr"
