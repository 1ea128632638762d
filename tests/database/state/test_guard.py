"""The guard: visitors may do what is marked, and a tab never shows one person another's state."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from reflex_base.registry import RegistrationContext
from sqlmodel import update

from app.accounts.models import Person
from app.accounts.signing import revoke, sign_in, sign_up
from app.database import tenant_session
from app.markets.directory import MarketCard
from state.conversation_list import ConversationListState
from state.conversation_rows import Row
from state.conversations import ConversationState
from state.guard import FRAMEWORK_EVENTS, is_open
from state.session import SessionState
from tests.database.state.conftest import Tab
from tests.factories import open_market

Tabs = Callable[[MarketCard], Tab]

PASSWORD = "a long walk at dusk"


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def token_of(market: MarketCard, email: str) -> str:
    async with tenant_session(market.id) as session:
        await sign_up(session, email, email.partition("@")[0].title(), PASSWORD, "en")
        return await sign_in(session, email, PASSWORD, "")


async def test_a_visitor_is_sent_to_sign_in_and_back(market: MarketCard, tab: Tabs):
    here = tab(market)
    here.visit("/ru/chat/1")
    refusal = await here.guarded(ConversationListState.remove, conversation_id="1")
    assert refusal is not None
    (event,) = refusal.events
    assert event.name == "_redirect"
    assert event.payload["path"] == "/ru/signin?next=/ru/chat/1"
    here.visit("/ru/chat/1?q=a&b")
    refusal = await here.guarded(ConversationListState.remove, conversation_id="1")
    assert refusal is not None
    assert refusal.events[0].payload["path"] == "/ru/signin?next=/ru/chat/1%3Fq%3Da%26b"
    assert await here.guarded(ConversationState.load) is None


async def test_a_member_may_and_is_known_by_name(market: MarketCard, tab: Tabs):
    here = tab(market)
    here.visit("/en/chat", await token_of(market, "ada@example.com"))
    assert await here.guarded(ConversationListState.remove, conversation_id="1") is None
    session = await here.of(SessionState)
    assert (session.signed_in, session.name, session.email) == (True, "Ada", "ada@example.com")


async def test_pages_know_whether_the_address_is_confirmed(market: MarketCard, tab: Tabs):
    here = tab(market)
    here.visit("/en/chat")
    await here.guarded(ConversationState.load)
    assert not (await here.of(SessionState)).unconfirmed
    here.visit("/en/chat", await token_of(market, "ada@example.com"))
    await here.guarded(ConversationState.load)
    assert (await here.of(SessionState)).unconfirmed
    async with tenant_session(market.id) as session:
        await session.exec(update(Person).values(email_verified_at=datetime.now(UTC)))
    await here.guarded(ConversationState.load)
    assert not (await here.of(SessionState)).unconfirmed


async def test_a_revoked_session_may_nothing_more(market: MarketCard, tab: Tabs):
    token = await token_of(market, "ada@example.com")
    here = tab(market)
    here.visit("/en/chat", token)
    assert await here.guarded(ConversationListState.remove, conversation_id="1") is None
    async with tenant_session(market.id) as session:
        await revoke(session, token)
    assert await here.guarded(ConversationListState.remove, conversation_id="1") is not None
    assert not (await here.of(SessionState)).signed_in


async def test_a_session_of_another_market_is_none(market: MarketCard, tab: Tabs):
    elsewhere = await open_market()
    here = tab(elsewhere)
    here.visit("/en/chat", await token_of(market, "ada@example.com"))
    assert await here.guarded(ConversationListState.remove, conversation_id="1") is not None
    assert not (await here.of(SessionState)).signed_in


@pytest.mark.parametrize("then", ["bob", "nobody", "ada again"])
async def test_the_next_person_in_a_tab_sees_nothing_of_the_former(
    market: MarketCard, tab: Tabs, then: str
):
    here = tab(market)
    token = await token_of(market, "ada@example.com")
    here.visit("/en/chat", token)
    await here.guarded(ConversationState.load)
    conversations = await here.of(ConversationState)
    conversations.conversations = [Row("1", "Ada's own")]
    conversations.conversation_id = "1"
    # Nothing is lost while the same session goes on.
    await here.guarded(ConversationState.load)
    assert (await here.of(ConversationState)).conversations
    next_token = await token_of(market, "bob@example.com") if then == "bob" else ""
    if then == "ada again":
        async with tenant_session(market.id) as session:
            next_token = await sign_in(session, "ada@example.com", PASSWORD, "")
    here.visit("/en/chat", next_token)
    await here.guarded(ConversationState.load)
    conversations = await here.of(ConversationState)
    assert (conversations.conversations, conversations.conversation_id) == ([], "")


def test_nobody_may_write_vars_by_themselves():
    events = RegistrationContext.get().event_handlers
    writers = [name for name in events if name.endswith(".setvar")]
    assert writers
    assert not any(is_open(name) for name in writers)
    assert not is_open("no_such_event")


def test_only_handlers_that_say_so_and_the_frameworks_own_are_open():
    events = RegistrationContext.get().event_handlers
    ours = {
        name.rpartition(".")[2]
        for name, known in events.items()
        if is_open(name) and known.states[0].__module__.startswith("reflex.")
    }
    assert ours <= FRAMEWORK_EVENTS
    member_only = {name.split("____")[-1] for name in events if not is_open(name)}
    assert {"conversation_list_state.rename", "conversation_list_state.remove"} <= member_only
