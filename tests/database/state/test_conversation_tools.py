"""What a person does with a conversation from its row and beside what was said."""

from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.limits import forget_attempts
from app.markets.directory import MarketCard
from state.conversation_tools import ConversationToolsState
from state.conversations import ConversationState
from state.message_tools import MessageToolsState
from state.page import PageState
from state.shared import SharedState
from tests.database.state.conftest import Tab
from tests.database.state.test_conversation_list import kept, member
from tests.factories import open_market

Tabs = Callable[[MarketCard], Tab]


@pytest.fixture
async def market(database: object) -> MarketCard:
    await forget_attempts()
    return await open_market()


async def opened(market: MarketCard, tab: Tabs, *texts: str) -> tuple[Tab, str, list[str]]:
    """A tab of a member with the first of their conversations open."""
    here, token = tab(market), await member(market, "ada@example.com")
    held = [await kept(market, token, text) for text in texts]
    here.visit(f"/en/chat/{held[0]}", token)
    await (await here.of(ConversationState)).load()
    return here, token, held


async def test_a_link_is_read_by_anybody_until_it_is_revoked(market: MarketCard, tab: Tabs):
    here, _token, (tap,) = await opened(market, tab, "my tap drips")
    tools = await here.of(ConversationToolsState)
    await tools.open(tap)
    assert (tools.opened, tools.share_url) == (tap, "")
    await tools.share(tap)
    path = "/en/shared/" + tools.share_url.rpartition("/")[2]
    nobody = tab(market)
    nobody.visit(path)
    page = await nobody.of(SharedState)
    await page.load()
    assert [one.text for one in page.messages] == ["my tap drips", "Two fit."]
    assert (page.title, (await nobody.of(PageState)).robots) == ("my tap drips", "noindex")
    await tools.open(tap)
    await tools.open(tap)
    assert tools.share_url.endswith(path), "it is shown again"
    await tools.unshare(tap)
    await page.load()
    assert page.messages == []
    assert (await nobody.of(PageState)).missing


async def test_pinned_put_away_and_found(market: MarketCard, tab: Tabs):
    here, _token, (tap, cake) = await opened(market, tab, "my tap drips", "a cake")
    chat, tools = await here.of(ConversationState), await here.of(ConversationToolsState)
    await tools.pin(tap, True)
    assert [(row.id, row.pinned) for row in chat.conversations] == [(tap, True), (cake, False)]
    await tools.archive(tap, True)
    assert [row.id for row in chat.conversations] == [cake]
    await tools.show_archived()
    assert [(row.id, row.archived) for row in tools.archived] == [(tap, True)]
    await tools.search("TAP dri")
    assert [(row.id, row.passage) for row in tools.found] == [(tap, "my tap drips")]
    wrong: Any = {"a": 1}
    await tools.search(wrong)
    assert (tools.query, tools.found) == ("", [])
    await tools.archive(tap, False)
    assert (len(chat.conversations), tools.archived) == (2, [])


async def test_a_reply_is_judged_and_branched_from(market: MarketCard, tab: Tabs):
    here, _token, (tap,) = await opened(market, tab, "my tap drips")
    chat, tools = await here.of(ConversationState), await here.of(MessageToolsState)
    reply = chat.messages[1].id
    await tools.judge(reply, False)
    assert (chat.messages[1].judged, tools.judging) == ("bad", reply)
    await tools.judge_why({"reason": "missed", "note": "I meant the kitchen"})
    assert (chat.messages[1].judged, tools.judging) == ("bad", "")
    await tools.judge(reply, False)
    assert chat.messages[1].judged == ""
    await tools.judge(reply, True)
    assert (chat.messages[1].judged, tools.judging) == ("good", "")
    await tools.branch(reply)
    assert chat.conversation_id != tap
    assert [one.text for one in chat.messages] == ["my tap drips", "Two fit."]
    assert len(chat.conversations) == 2


async def test_what_is_anothers_is_left_alone(market: MarketCard, tab: Tabs):
    _here, _token, (tap,) = await opened(market, tab, "my tap drips")
    bob = tab(market)
    bob.visit("/en/chat", await member(market, "bob@example.com"))
    chat, tools = await bob.of(ConversationState), await bob.of(ConversationToolsState)
    for deed in (
        tools.open(tap),
        tools.share(tap),
        tools.unshare(tap),
        tools.pin(tap, True),
        tools.archive(tap, True),
    ):
        chat.error = ""
        await deed
        assert chat.error == "There is no such conversation."
    assert tools.share_url == ""
    await tools.search("tap")
    assert tools.found == []
