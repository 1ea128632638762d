"""Naming and deleting conversations from the list beside the chat."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.accounts.limits import forget_attempts
from app.accounts.signing import person_of_token, sign_in, sign_up
from app.conversations import log
from app.database import tenant_session
from app.markets.directory import MarketCard
from state.conversation_list import ConversationListState
from state.conversations import ConversationState
from tests.database.state.conftest import Tab
from tests.factories import open_market

Tabs = Callable[[MarketCard], Tab]

PASSWORD = "a long walk at dusk"


@pytest.fixture
async def market(database: object) -> MarketCard:
    await forget_attempts()
    return await open_market()


async def member(market: MarketCard, email: str) -> str:
    async with tenant_session(market.id) as session:
        await sign_up(session, email, "Ada", PASSWORD, "en")
        return await sign_in(session, email, PASSWORD, "")


async def kept(market: MarketCard, token: str, text: str) -> str:
    """A conversation of the member behind `token` in which `text` was said."""
    async with tenant_session(market.id) as session:
        person = await person_of_token(session, token)
        assert person is not None
        conversation = await log.start(session, "en", person.id)
        await log.append(session, conversation, "message", {"text": text})
        await log.append(session, conversation, "reply", _reply())
        await log.name_after(session, conversation, text)
    return str(conversation)


def _reply() -> dict[str, Any]:
    told = {"text": "Two fit.", "citations": [], "agent": "vendor", "model": "", "asked": 1}
    return {**told, "ending": "done"}


async def test_a_new_name_shows_in_the_list_and_above_the_thread(market: MarketCard, tab: Tabs):
    here, token = tab(market), await member(market, "ada@example.com")
    tap, cake = [await kept(market, token, text) for text in ("my tap drips", "a cake")]
    here.visit(f"/en/chat/{tap}", token)
    chat, its_list = await here.of(ConversationState), await here.of(ConversationListState)
    await chat.load()
    await its_list.begin_renaming(tap)
    assert its_list.renaming == tap
    await its_list.rename({"title": "  The   kitchen "})
    assert (its_list.renaming, chat.title, chat.error) == ("", "The kitchen", "")
    assert {row.title for row in chat.conversations} == {"The kitchen", "a cake"}
    await its_list.begin_renaming(cake)
    await its_list.rename({"title": "Birthday"})
    assert chat.title == "The kitchen", "another conversation is open"


@pytest.mark.parametrize("form", [{"title": " "}, {}, {"title": ""}])
async def test_a_name_of_nothing_is_refused_and_the_field_stays(
    market: MarketCard, tab: Tabs, form: dict[str, Any]
):
    here, token = tab(market), await member(market, "ada@example.com")
    tap = await kept(market, token, "my tap drips")
    here.visit("/de/chat", token)
    chat, its_list = await here.of(ConversationState), await here.of(ConversationListState)
    await its_list.begin_renaming(tap)
    await its_list.rename(form)
    assert chat.error == "Geben Sie der Unterhaltung einen Namen."
    assert its_list.renaming == tap


async def test_deleting_asks_first_and_then_closes_the_open_conversation(
    market: MarketCard, tab: Tabs
):
    here, token = tab(market), await member(market, "ada@example.com")
    tap, cake = [await kept(market, token, text) for text in ("my tap drips", "a cake")]
    here.visit(f"/en/chat/{tap}", token)
    chat, its_list = await here.of(ConversationState), await here.of(ConversationListState)
    await chat.load()
    await its_list.begin_removing(tap)
    await its_list.leave()
    assert (its_list.removing, len(chat.messages)) == ("", 2)
    await its_list.remove(cake)
    assert (chat.conversation_id, [row.id for row in chat.conversations]) == (tap, [tap])
    await its_list.remove(tap)
    assert (chat.conversations, chat.conversation_id, chat.messages) == ([], "", [])
    async with tenant_session(market.id) as session:
        assert await log.events_after(session, UUID(tap)) == []


async def test_a_strangers_conversation_is_neither_renamed_nor_deleted(
    market: MarketCard, tab: Tabs
):
    token = await member(market, "ada@example.com")
    tap = await kept(market, token, "my tap drips")
    here = tab(market)
    here.visit("/en/chat", await member(market, "bob@example.com"))
    chat, its_list = await here.of(ConversationState), await here.of(ConversationListState)
    for wanted in (tap, str(uuid4()), "nonsense"):
        await its_list.begin_renaming(wanted)
        await its_list.rename({"title": "Mine"})
        assert chat.error == "There is no such conversation."
        chat.error = ""
        await its_list.remove(wanted)
        assert chat.error == "There is no such conversation."
    owner = tab(market)
    owner.visit("/en/chat", token)
    theirs = await owner.of(ConversationState)
    await theirs.load()
    assert [row.title for row in theirs.conversations] == ["my tap drips"]
