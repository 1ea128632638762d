"""What ours do in conversations of their own, where no forged request gets as far."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from app.api import following
from app.conversations.log import Entry
from app.database import tenant_session
from state.messages import Message
from tests.factories import ROWS
from tests.isolation import handlers
from tests.isolation.asking import answer
from tests.isolation.sockets import heard
from tests.isolation.world import World


async def _socket(world: World) -> None:
    headers = world.headers("owner")
    async with tenant_session(world.ours.id) as session:
        talk = await ROWS["conversation"](session, person_id=world.people["owner"])
    for init in ({"conversation_id": str(talk.id)}, {"agent": "vendor"}):
        frames = [
            {"type": "init", **init},
            {"type": "typing"},
            {"type": "read", "seq": 1},
            {"type": "chat_message", "message": "hello"},
            {"type": "ping"},
        ]
        await heard("/ws/chat", world.ours, headers, frames)
    frames = [{"type": "init", "conversation_id": str(talk.id), "agent": "vendor"}]
    await heard("/ws/chat", world.ours, headers, [*frames, {"type": "ping"}])


async def _following(world: World) -> None:
    """Our owner follows a conversation, and comes late to one in which a reply is being written."""
    await _socket(world)
    talk, _reply = await _said(world)
    asked = Entry(uuid4(), 2, "message", {}, datetime.now(UTC))
    async for _told in following._before(world.ours, talk, following.Place(), asked):
        pass


async def _said(world: World) -> tuple[UUID, UUID]:
    """A conversation of our owner of one question, and its reply."""
    async with tenant_session(world.ours.id) as session:
        owner = world.people["owner"]
        talk = await ROWS["conversation"](session, person_id=owner, last_seq=2)
        reply = {"kind": "reply", "payload": {"text": "Yes.", "asked": 1, "citations": []}}
        for seq, more in ((1, {}), (2, reply)):
            said = await ROWS["conversation_event"](
                session, conversation_id=talk.id, seq=seq, **more
            )
    return talk.id, said.id


async def _tools(world: World) -> None:
    """Our owner says something otherwise, judges a reply and branches from it, on the page."""
    talk, reply = await _said(world)
    shown = [Message(str(reply), "maestro", "Yes.", [], [], "vendor", "composer", "", seq=2)]
    held = {
        "ConversationState.conversation_id": str(talk),
        "ConversationState.messages": shown,
    }
    told = {"reply_id": str(reply)}
    await handlers.send(world, "MessageToolsState.judge", told | {"good": False}, held)
    await handlers.send(world, "MessageToolsState.branch", told, held)


async def _console(world: World) -> None:
    """Our owner sees to what somebody thought of an answer, and makes a question of it."""
    _talk, reply = await _said(world)
    async with tenant_session(world.ours.id) as session:
        await ROWS["reply_feedback"](session, reply_id=reply, good=True)
    told = {"reply_id": str(reply)}
    await handlers.send(world, "FeedbackState.load", {})
    await handlers.send(world, "FeedbackState.show_trace", told)
    await handlers.send(world, "FeedbackState.ask", told | {"form": {}})
    await handlers.send(world, "FeedbackState.handle", told)


async def _in_step(world: World) -> None:
    """A tab of our owner looks whether another has said something."""
    talk, _reply = await _said(world)
    told = {"conversation_id": str(talk)}
    held = {"ConversationState.conversation_id": str(talk)}
    with pytest.MonkeyPatch.context() as patch:
        # There is no news to wait for.
        patch.setattr("state.conversations.RESTS", 0.0)
        await handlers.send(world, "ReplyState.keep_step", told, held, looks=10)


async def _kept(world: World) -> None:
    headers = {**world.headers("owner"), "content-type": "application/json"}
    talk, reply = await _said(world)
    path = f"/api/v1/conversations/{talk}"
    judged = {"message_id": str(reply), "good": True}
    for method, address, told in (
        ("GET", "/api/v1/conversations", {}),
        ("PATCH", path, {"title": "Mine", "pinned": True, "archived": False}),
        ("GET", f"{path}/export", {}),
        ("POST", f"{path}/share", {}),
        ("GET", f"{path}/share", {}),
        ("DELETE", f"{path}/share", {}),
        ("PUT", f"{path}/feedback", judged),
        ("GET", "/api/v1/feedback", {}),
        ("PATCH", f"/api/v1/feedback/{reply}", {"handled": True}),
        ("POST", f"{path}/branch", {"seq": 2}),
        ("DELETE", path, {}),
    ):
        await answer(method, address, world.ours.host, headers, json.dumps(told).encode())


async def _texts(world: World) -> None:
    """What our owner reads and has written: messages, answers, a proposal, texts."""
    headers = {**world.headers("owner"), "content-type": "application/json"}
    talk, _reply = await _said(world)
    async with tenant_session(world.ours.id) as session:
        event = await ROWS["project"](session, person_id=world.people["owner"])
        offer = await ROWS["listing"](session)
    path = "/api/v1/communication"
    for address in (f"messages?conversation_id={talk}", "faq", "faq?q=how+do+I+cancel"):
        await answer("GET", f"{path}/{address}", world.ours.host, headers)
    for what, told in (
        ("chat", {"message": "hello"}),
        ("proposals", {"event_id": str(event.id), "listing_ids": [str(offer.id)]}),
        ("marketing-texts", {"subject": "provider", "id": str(offer.provider_id)}),
    ):
        body = json.dumps(told).encode()
        await answer("POST", f"{path}/{what}", world.ours.host, headers, body)


async def _writings(world: World) -> None:
    """A text that our owner has written on a page, reads, changes, takes away as a file."""
    async with tenant_session(world.ours.id) as session:
        event = await ROWS["project"](session, person_id=world.people["owner"])
        offer = await ROWS["listing"](session)
        text = await ROWS["writing"](
            session,
            person_id=world.people["owner"],
            project_id=event.id,
            asked={
                "kind": "marketing",
                "locale": "en",
                "subject": "listing",
                "subject_id": str(offer.id),
            },
        )
        await ROWS["writing_version"](session, writing_id=text.id)
    place = str(text.id)
    await handlers.send(world, "WritingsState.load", {})
    await handlers.send(world, "WritingsState.load_of_event", {}, place=str(event.id))
    await handlers.send(world, "WritingsState.choose_event", {"project_id": str(event.id)})
    form = {"kind": "marketing", "subject": f"listing:{offer.id}", "locale": "en"}
    await handlers.send(world, "WritingState.write", {"form": form}, looks=5)
    await handlers.send(world, "WritingState.write", {"form": {"again": place}}, looks=5)
    await handlers.send(world, "OpenedState.load", {}, place=place)
    kept = {"writing_id": place}
    told = {"title": "Ours", "text": "Words", "version": "2"}
    await handlers.send(world, "OpenedState.save", {"form": told}, kept)
    await handlers.send(world, "OpenedState.go_back_to", {"number": 1}, kept)
    await answer("GET", f"/texts/{place}.md", world.ours.host, world.headers("owner"))
    await handlers.send(world, "OpenedState.remove", {}, kept)


TALK_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "agents/binding.py": _socket,
    "agents/texts.py": _texts,
    "agents/writings.py": _writings,
    "app/api/communication.py": _texts,
    "app/api/conversations.py": _kept,
    "app/api/following.py": _following,
    "app/api/judgements.py": _kept,
    "app/api/sockets/chat.py": _socket,
    "app/api/writings.py": _writings,
    "state/admin/feedback.py": _console,
    "state/conversations.py": _in_step,
    "state/message_tools.py": _tools,
    "state/writings/listing.py": _writings,
    "state/writings/opened.py": _writings,
}
"""By the file whose places a deed reaches."""
