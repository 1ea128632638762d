"""Marks at what a person said: delivered when it is kept, read when an answer is being made."""

import asyncio
from uuid import UUID

from app.conversations import log
from app.conversations.hearing import hearing, watching
from app.conversations.models import Conversation
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.conversations import ConversationState
from state.receipts import ReceiptState
from tests.database.state.test_conversations import finished, market, member, send
from tests.database.state.test_guard import Tabs
from tests.shelf import Shelf

__all__ = ["market"]


async def read_up_to(market: MarketCard, conversation_id: str) -> tuple[int, int]:
    async with tenant_session(market.id) as session:
        held = await session.get_one(Conversation, UUID(conversation_id))
        return held.read_seq, held.last_seq


async def test_what_is_said_is_delivered_then_read_then_answered(
    market: MarketCard, tab: Tabs, shelf: Shelf
):
    here = tab(market)
    here.visit("/en/chat", await member(market, "ada@example.com"))
    asked = await send(here, "ask", {"message": "my tap drips"})
    receipt = await here.of(ReceiptState)
    assert (receipt.message_id, receipt.taken_up) == (asked.messages[-1].id, True)
    await finished(asked)
    shown = await send(here, "open", asked.conversation_id)
    assert [one.author for one in shown.messages] == ["person", "agent"]
    assert (receipt.message_id, receipt.taken_up) == ("", False)
    # Of a message that nobody has taken up, it is said that it stands, and no more.
    async with tenant_session(market.id) as session:
        await log.append(session, UUID(asked.conversation_id), "message", {"text": "and at night?"})
    await send(here, "open", asked.conversation_id)
    assert (receipt.message_id, receipt.taken_up) == (shown.messages[-1].id, False)
    await send(here, "new")
    assert receipt.message_id not in [one.id for one in shown.messages]


async def test_what_is_shown_is_read_on_every_device(market: MarketCard, tab: Tabs, shelf: Shelf):
    here = tab(market)
    token = await member(market, "ada@example.com")
    here.visit("/en/chat", token)
    asked = await send(here, "ask", {"message": "my tap drips"})
    await finished(asked)
    held = asked.conversation_id
    other = tab(market)
    other.visit(f"/en/chat/{held}", token)
    with declaring(Declaration()):
        # A page that is rendered ahead was seen by nobody yet.
        await send(other, "load")
    before = await read_up_to(market, held)
    assert before[0] < before[1]
    async with hearing():
        with watching(market.id, UUID(held)) as watch:
            await send(other, "load")
            async with asyncio.timeout(5):
                news = await watch.next(5)
    assert ("read", {"seq": before[1]}) in [(one.kind, one.told) for one in news]
    assert await read_up_to(market, held) == (before[1], before[1])
    assert (await other.of(ConversationState)).conversation_id == held
