"""Files beside the next message: put there, followed until they are read, taken back, and sent."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from agents import answering
from app.accounts.limits import forget_attempts
from app.accounts.signing import person_of_token
from app.conversations.attachments import taking
from app.database import tenant_session
from app.jobs.work import work_off
from app.knowledge.documents import File
from app.markets.directory import MarketCard
from state.attaching import AttachingState
from state.attachments import AttachmentState, size_of
from state.conversation_tools import ConversationToolsState
from state.conversations import ConversationState
from state.shared import SharedState
from tests import files
from tests.database.state.conftest import Tab
from tests.database.state.test_conversation_list import member
from tests.factories import open_market
from tests.shelf import Shelf

Tabs = Callable[[MarketCard], Tab]
MENU = b"# Menu\n\nDinner is served at seven in the evening."


@pytest.fixture
async def market(database: object, shelf: Shelf) -> MarketCard:
    await forget_attempts()
    return await open_market()


async def opened(market: MarketCard, tab: Tabs, name: str = "ada") -> tuple[Tab, str]:
    """A tab of a member with a new conversation."""
    here, token = tab(market), await member(market, f"{name}@example.com")
    here.visit("/en/chat", token)
    await (await here.of(ConversationState)).load()
    return here, token


async def put(here: Tab, token: str, data: bytes = MENU, name: str = "menu.md") -> UUID:
    """What the browser does once `begin` has said where: hand the file over, and say so."""
    attaching = await here.of(AttachingState)
    script = str(await attaching.begin())
    chat = await here.of(ConversationState)
    assert f"/files/conversations/{chat.conversation_id}" in script
    async with tenant_session(here.market.id) as session:
        who = await person_of_token(session, token)
        assert who is not None
        held = UUID(chat.conversation_id)
        made = await taking.take_in(session, held, who.id, File(data, name))
    await attaching.arrived("")
    return made.id


async def test_a_file_waits_is_read_and_goes_with_the_message(market: MarketCard, tab: Tabs):
    here, token = await opened(market, tab)
    file = await put(here, token)
    chat, beside = await here.of(ConversationState), await here.of(AttachmentState)
    assert [(one.name, one.size, one.state) for one in beside.chips] == [
        ("menu.md", "1 kB", "waiting")
    ]
    await work_off()
    await AttachingState.follow.fn(Held(await here.of(AttachingState)))  # pyright: ignore[reportFunctionMemberAccess]
    assert [one.state for one in beside.chips] == ["ready"]
    # Loaded anew, the page has the file that was not sent yet.
    again = tab(market)
    again.visit(f"/en/chat/{chat.conversation_id}", token)
    await (await again.of(ConversationState)).load()
    assert [one.id for one in (await again.of(AttachmentState)).chips] == [str(file)]
    await chat.ask({"message": "When is dinner served?"})
    reply = answering.running(UUID(chat.conversation_id))
    if reply is not None:
        await reply.wait()
    await chat.open(chat.conversation_id)
    assert beside.chips == []
    said, answer = chat.messages
    assert [(one.name, one.url) for one in said.files] == [
        ("menu.md", f"/files/attachments/{file}")
    ]
    (card,) = answer.citations
    assert (card.kind, card.url, card.detail) == (
        "file",
        f"/files/attachments/{file}",
        "your file",
    )
    assert "seven in the evening" in answer.text


class Held:
    """A state whose lock is always held, for a handler that runs in the background."""

    def __init__(self, state: Any) -> None:
        self._state = state

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state, name)

    async def __aenter__(self) -> "Held":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


async def test_a_file_is_taken_back_and_nothing_of_others_is(market: MarketCard, tab: Tabs):
    here, token = await opened(market, tab)
    file = await put(here, token)
    bob, theirs = await opened(market, tab, "bob")
    own = await put(bob, theirs)
    attaching, chat = await bob.of(AttachingState), await bob.of(ConversationState)
    for wrong in (str(file), str(uuid4()), "x", {"a": 1}, None):
        hostile: Any = wrong
        await attaching.remove(hostile)
        assert chat.error
        chat.error = ""
    # A forged conversation: not theirs to put anything into, nor to see what is there.
    chat.conversation_id = (await here.of(ConversationState)).conversation_id
    assert await attaching.begin() is None
    await attaching.arrived("")
    assert chat.error
    assert str(file) not in str((await bob.of(AttachmentState)).chips)
    await (await here.of(AttachingState)).remove(str(file))
    assert (await here.of(AttachmentState)).chips == []
    async with tenant_session(market.id) as session:
        who = await person_of_token(session, theirs)
        assert who is not None
        assert (await taking.own(session, who.id, own)).id == own


async def test_visitors_attach_nothing(market: MarketCard, tab: Tabs):
    here = tab(market)
    here.visit("/en/chat")
    for handler in (AttachingState.begin, AttachingState.follow):
        assert await here.guarded(handler) is not None
    assert await here.guarded(AttachingState.remove, attachment_id="x") is not None
    assert await (await here.of(AttachingState)).begin() is None
    assert not (await here.of(AttachmentState)).sending


async def test_why_a_file_was_not_taken_or_cannot_be_read_is_shown(market: MarketCard, tab: Tabs):
    here, token = await opened(market, tab)
    await put(here, token, files.pdf([(11, "no")], password=True), "menu.pdf")
    await work_off()
    attaching = await here.of(AttachingState)
    await attaching.arrived("menu.gif: This kind of file cannot be read.")
    (chip,) = (await here.of(AttachmentState)).chips
    assert chip.state == "failed"
    assert "password" in chip.problem
    chat = await here.of(ConversationState)
    assert chat.error.startswith("menu.gif")
    hostile: Any = {"a": 1}
    await attaching.arrived(hostile)
    assert chat.error == ""


async def test_a_new_conversation_has_no_files_of_the_former(market: MarketCard, tab: Tabs):
    here, token = await opened(market, tab)
    await put(here, token)
    chat, beside = await here.of(ConversationState), await here.of(AttachmentState)
    former = chat.conversation_id
    await chat.new()
    assert beside.chips == []
    await put(here, token, name="other.md")
    assert [one.name for one in beside.chips] == ["other.md"]
    await chat.open(former)
    assert [one.name for one in beside.chips] == ["menu.md"]


async def test_a_shared_page_shows_names_alone(market: MarketCard, tab: Tabs):
    here, token = await opened(market, tab)
    file = await put(here, token)
    await work_off()
    chat = await here.of(ConversationState)
    await chat.ask({"message": "When is dinner served?"})
    reply = answering.running(UUID(chat.conversation_id))
    if reply is not None:
        await reply.wait()
    tools = await here.of(ConversationToolsState)
    await tools.share(chat.conversation_id)
    nobody = tab(market)
    nobody.visit("/en/shared/" + tools.share_url.rpartition("/")[2])
    page = await nobody.of(SharedState)
    await page.load()
    assert [one.name for one in page.messages[0].files] == ["menu.md"]
    assert str(file) not in str(page.messages[0])
    assert page.messages[1].citations[0].url == ""
    spans = [span for line in page.messages[1].lines for span in line.spans]
    assert str(file) not in str(spans)


@pytest.mark.parametrize(
    ("count", "locale", "told"),
    [(1, "en", "1 kB"), (1536, "en", "2 kB"), (3 * 1024**2 // 2, "de", "1,5 MB")],
)
def test_sizes_are_told_as_people_say_them(count: int, locale: str, told: str):
    assert size_of(count, locale) == told
