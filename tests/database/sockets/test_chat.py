"""The chat over a real socket: what is said arrives once, whatever happens to the connection."""

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest

from agents import answering
from app.conversations import keeping, log, replies
from app.conversations.models import Conversation
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.database.sockets.conftest import Connect, begun, token_of
from tests.sockets import Socket

ASKED = "my tap drips"


def text_of(events: list[dict[str, Any]]) -> str:
    """What the pieces say, those that were taken back left out."""
    text = ""
    for event in events:
        if event["type"] == "piece":
            text += event["text"]
        elif event["type"] == "restart":
            text = ""
    return text


async def test_a_message_is_answered_in_events_that_say_how_far_one_is(
    market: MarketCard, connect: Connect
):
    socket = await connect(market, await token_of(market))
    conversation = await begun(socket, agent="maestro")
    await socket.send(type="chat_message", message=ASKED, client_id="one")
    events = await socket.until("chat_message", author="agent")
    kinds = [event["type"] for event in events]
    asked = next(event for event in events if event["type"] == "chat_message")
    assert (asked["author"], asked["text"], asked["client_id"]) == ("person", ASKED, "one")
    assert kinds.index("route") < kinds.index("citations") < kinds.index("piece")
    accepted = next(event for event in events if event["type"] == "accepted")
    done = events[-1]
    assert (accepted["client_id"], accepted["seq"]) == ("one", asked["seq"])
    assert accepted["reply_id"] == done["message_id"]
    assert done["text"] == text_of(events) != ""
    assert (done["ending"], done["agent"], done["route"]["intent"]) == (
        "done",
        "vendor",
        "find_service",
    )
    assert done["citations"][0]["url"].startswith(f"http://{market.host}")
    async with tenant_session(market.id) as session:
        entries = await log.events_after(session, UUID(conversation))
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert done["id"] == "3"


async def test_history_comes_first_and_a_place_takes_its_stead(
    market: MarketCard, connect: Connect
):
    token = await token_of(market)
    first = await connect(market, token)
    conversation = await begun(first)
    await first.send(type="chat_message", message=ASKED)
    done = (await first.until("chat_message", author="agent"))[-1]
    second = await connect(market, token)
    await second.send(type="init", conversation_id=conversation)
    ready, history = await second.next(), await second.next()
    assert (ready["type"], ready["title"], ready["last_seq"]) == ("ready", ASKED, 3)
    assert [one["author"] for one in history["messages"]] == ["person", "agent"]
    assert history["messages"][1]["text"] == done["text"]
    assert history["id"] == done["id"]
    third = await connect(market, token)
    await third.send(type="init", conversation_id=conversation, last_seq=1)
    assert (await third.next())["type"] == "ready"
    later = await third.until("chat_message")
    assert [event["type"] for event in later] == ["route", "citations", "piece", "chat_message"]
    assert text_of(later) == done["text"]


async def test_a_cut_in_mid_answer_loses_nothing_and_doubles_nothing(
    market: MarketCard, connect: Connect, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(answering, "READING_PACE", 0.2)
    token, chance = await token_of(market), random.Random(7)  # noqa: S311
    socket = await connect(market, token)
    conversation = await begun(socket)
    await socket.send(type="chat_message", message=ASKED, client_id="x")
    seen: list[dict[str, Any]] = []
    place, cuts = "0", 0
    while not seen or seen[-1]["type"] != "chat_message" or seen[-1]["author"] != "agent":
        event = await socket.next()
        if "id" not in event:
            continue
        seen.append(event)
        place = event["id"]
        if chance.random() < 0.6 and event.get("author") != "agent":
            socket.cut()
            cuts += 1
            socket = await connect(market, token)
            await socket.send(type="init", conversation_id=conversation, last_event_id=place)
            # What it did not hear arrive it says once more.
            await socket.send(type="chat_message", message=ASKED, client_id="x")
    assert cuts >= 3
    assert text_of(seen) == seen[-1]["text"]
    once = [event["type"] for event in seen if event["type"] != "piece"]
    assert once.count("chat_message") == 2
    async with tenant_session(market.id) as session:
        entries = await log.events_after(session, UUID(conversation))
    assert [entry.kind for entry in entries] == ["message", "route", "reply"]


async def test_resume_goes_on_from_a_place_on_the_same_socket(market: MarketCard, connect: Connect):
    socket = await connect(market, await token_of(market))
    await begun(socket)
    await socket.send(type="chat_message", message=ASKED)
    events = await socket.until("chat_message", author="agent")
    place = next(event["id"] for event in events if event["type"] == "piece")
    await socket.send(type="resume", last_event_id=place)
    again = await socket.until("chat_message", author="agent")
    known = int(place.partition(".")[2])
    assert text_of(again) == events[-1]["text"][known:]
    await socket.send(type="resume", last_event_id="nonsense")
    assert (await socket.next("error"))["status"] == 422


async def test_two_devices_are_in_step(market: MarketCard, connect: Connect):
    token = await token_of(market)
    phone, desk = await connect(market, token), await connect(market, token)
    conversation = await begun(phone)
    await begun(desk, conversation_id=conversation)
    await phone.send(type="typing")
    typing = await desk.next("typing")
    assert (typing["author"], typing["active"]) == ("person", True)
    assert "by" not in typing
    await phone.send(type="chat_message", message=ASKED)
    here = await phone.until("chat_message", author="agent")
    there = await desk.until("chat_message", author="agent")
    assert here[-1] == there[-1]
    assert text_of(there) == there[-1]["text"]
    assert ASKED in [event.get("text") for event in there]
    assert all(event.get("author") != "person" for event in here if event["type"] == "typing")
    await desk.send(type="read", seq=3)
    assert (await phone.next("read"))["seq"] == 3
    async with tenant_session(market.id) as session:
        assert (await session.get_one(Conversation, UUID(conversation))).read_seq == 3
        await keeping.remove(session, UUID(conversation), await owner_of(session, conversation))
    for socket in (phone, desk):
        assert await socket.closed() == 4404


async def owner_of(session: Any, conversation: str) -> UUID | None:
    return (await session.get_one(Conversation, UUID(conversation))).person_id


async def test_a_reply_can_be_stopped_and_asked_for_again(
    market: MarketCard, connect: Connect, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(answering, "READING_PACE", 0.3)
    socket = await connect(market, await token_of(market))
    await begun(socket)
    await socket.send(type="chat_message", message=ASKED)
    await socket.next("piece")
    await socket.send(type="chat_message", message="and?", client_id="two")
    refused = await socket.next("error")
    assert (refused["status"], refused["client_id"]) == (409, "two")
    await socket.send(type="stop")
    stopped = (await socket.until("chat_message", author="agent"))[-1]
    assert stopped["ending"] == "stopped"
    monkeypatch.setattr(answering, "READING_PACE", 0.0)
    await socket.send(type="retry")
    events = await socket.until("chat_message", author="agent")
    assert [event["asked"] for event in events if event["type"] == "retry"] == [1]
    assert events[-1]["ending"] == "done"
    assert len(events[-1]["text"]) > len(stopped["text"])


async def test_an_answer_that_a_dead_process_left_is_closed(market: MarketCard, connect: Connect):
    """As after a crash: the message is there, and nobody answers it."""
    conversation, reply = await answering.ask(market, "en", ASKED)
    await reply.wait()
    async with tenant_session(market.id) as session:
        told = {"text": "and?", "locale": "en", "process": replies.PROCESS, "reply_id": ""}
        await log.append(session, conversation, "message", told)
    socket = await connect(market)
    await socket.send(type="init", conversation_id=str(conversation))
    history = await socket.next("history")
    assert [one["ending"] for one in history["messages"]] == ["done"] * 3 + ["interrupted"]
    await socket.send(type="retry")
    assert (await socket.until("chat_message", author="agent"))[-1]["ending"] == "done"


async def talk_with(socket: Socket, agent: dict[str, Any]) -> dict[str, Any]:
    await socket.send(**agent)
    return await socket.next("ready", "error")


@pytest.mark.parametrize(
    ("init", "agent", "course"),
    [
        ({"agent": "dashboard"}, "dashboard", None),
        ({"type": "init", "agent": "course", "course_id": 123}, "course", "123"),
        ({"type": "init"}, "maestro", None),
    ],
)
async def test_the_chosen_agent_is_kept_with_the_conversation(
    market: MarketCard,
    connect: Connect,
    init: dict[str, Any],
    agent: str,
    course: str | None,
):
    socket = await connect(market, await token_of(market))
    ready = await talk_with(socket, init)
    assert (ready["agent"], ready["course_id"]) == (agent, course)
    async with tenant_session(market.id) as session:
        held = await session.get_one(Conversation, UUID(ready["conversation_id"]))
    assert (held.agent or "maestro", held.course_id or None) == (agent, course)


async def test_the_chosen_agent_answers(market: MarketCard, connect: Connect):
    socket = await connect(market, await token_of(market))
    await begun(socket, agent="communication")
    await socket.send(type="chat_message", message=ASKED)
    done = (await socket.until("chat_message", author="agent"))[-1]
    assert done["agent"] == "communication"
    assert done["route"]["agents"] == ["communication"]


@pytest.mark.parametrize(
    ("init", "code"),
    [
        ({"agent": "nobody"}, "unknown_agent"),
        ({"agent": "course"}, "course"),
        ({"agent": "dashboard", "course_id": 5}, "course"),
        ({"course_id": 5}, "course"),
        ({"agent": "course", "course_id": "x" * 65}, "course"),
    ],
)
async def test_an_agent_that_is_none_is_a_typed_error_and_can_be_mended(
    market: MarketCard, connect: Connect, init: dict[str, Any], code: str
):
    socket = await connect(market)
    error = await talk_with(socket, init)
    assert (error["type"], error["code"], error["status"]) == ("error", code, 400)
    assert (await talk_with(socket, {"agent": "maestro"}))["type"] == "ready"


async def test_replies_outlive_every_connection(
    market: MarketCard, connect: Connect, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(answering, "READING_PACE", 0.05)
    socket = await connect(market)
    conversation = UUID(await begun(socket))
    await socket.send(type="chat_message", message=ASKED)
    await socket.next("piece")
    socket.cut()
    await asyncio.sleep(0.1)
    reply = answering.running(conversation)
    assert reply is not None
    await reply.wait()
    async with tenant_session(market.id) as session:
        entries = await log.events_after(session, conversation)
    assert entries[-1].payload["ending"] == "done"
