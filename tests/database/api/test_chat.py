"""Asking over HTTP: one answer, a stream that can be taken up again, and who may read what."""

import asyncio
import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from agents import answering
from app.conversations import log, replies
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.search.index import Hit
from tests.database.api.conftest import Browser, signed_up
from tests.factories import article, listing, open_market
from tests.shelf import Shelf

STREAM = {"accept": "text/event-stream"}


def asked(message: str, **more: Any) -> dict[str, Any]:
    return {"message": message, "conversation_id": None, "locale": "en", **more}


def events(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(event, id, data) of each event of a stream."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "event" in fields:
            found.append((fields["event"], fields["id"], json.loads(fields["data"])))
    return found


@pytest.fixture
async def stocked(market: MarketCard, shelf: Shelf) -> MarketCard:
    """A market with a plumber and an article."""
    async with tenant_session(market.id) as session:
        plumber, help_page = await listing(session), await article(session)
    shelf.hits["listing"] = [Hit("listing", plumber.id, 0.9)]
    shelf.hits["article"] = [Hit("article", help_page.id, 0.9)]
    return market


async def test_an_answer_cites_pages_of_the_market(stocked: MarketCard, browser: Browser):
    async with browser(stocked) as client:
        answer = await client.post("/api/v1/chat", json=asked("кран течёт", locale="ru"))
    assert answer.status_code == 200
    told = answer.json()
    assert set(told) >= {
        "conversation_id",
        "message_id",
        "agent",
        "route",
        "text",
        "citations",
        "model",
    }
    assert told["agent"] == "vendor"
    assert told["route"]["intent"] == "find_service"
    assert told["route"]["agents"] == ["vendor"]
    assert 0 < told["route"]["confidence"] <= 1
    (citation,) = told["citations"]
    assert citation["kind"] == "listing"
    assert citation["title"] == "Сантехник на вызов"
    assert citation["url"].startswith(f"http://{stocked.host}")
    assert "/ru/s/" in citation["url"]
    assert "[1]" in told["text"]
    assert told["model"] == "composer"


async def test_a_conversation_goes_on_and_is_kept(stocked: MarketCard, browser: Browser):
    async with browser(stocked) as client:
        first = (await client.post("/api/v1/chat", json=asked("my tap drips"))).json()
        held = first["conversation_id"]
        second = await client.post(
            "/api/v1/chat", json=asked("how do I cancel a booking?", conversation_id=held)
        )
        assert second.json()["conversation_id"] == held
        assert second.json()["agent"] == "communication"
        kept = (await client.get(f"/api/v1/chat/{held}")).json()
    assert [one["author"] for one in kept["messages"]] == ["person", "agent"] * 2
    assert kept["messages"][1]["text"] == first["text"]
    assert kept["messages"][1]["message_id"] == first["message_id"]
    assert kept["title"] == "my tap drips"
    assert not kept["writing"]
    async with tenant_session(stocked.id) as session:
        entries = await log.events_after(session, UUID(held))
    assert [entry.kind for entry in entries] == ["message", "route", "reply"] * 2


async def test_a_stream_says_the_same_as_the_whole_answer(stocked: MarketCard, browser: Browser):
    async with browser(stocked) as client:
        answer = await client.post("/api/v1/chat", json=asked("my tap drips"), headers=STREAM)
        assert answer.headers["content-type"].startswith("text/event-stream")
    found = events(answer.text)
    kinds = [kind for kind, _, _ in found]
    assert kinds[0] == "route"
    assert kinds.count("citations") == 1
    assert kinds.count("piece") > 2
    assert kinds[-1] == "done"
    done = found[-1][2]
    assert done["text"] == "".join(data["text"] for kind, _, data in found if kind == "piece")
    assert (
        done["citations"]
        == next(data for kind, _, data in found if kind == "citations")["citations"]
    )
    assert found[-1][1] == "3"


async def test_a_broken_stream_goes_on_where_it_broke(stocked: MarketCard, browser: Browser):
    async with browser(stocked) as client:
        answer = await client.post("/api/v1/chat", json=asked("my tap drips"), headers=STREAM)
        found = events(answer.text)
        held = found[0][2]["conversation_id"]
        for place, (kind, event_id, _) in enumerate(found):
            rest = await client.get(
                f"/api/v1/chat/{held}/events", headers={"last-event-id": event_id}
            )
            later = events(rest.text)
            if kind == "done":
                assert later == []
                continue
            known = "".join(data["text"] for name, _, data in found[: place + 1] if name == "piece")
            gone_on = "".join(data["text"] for name, _, data in later if name == "piece")
            assert known + gone_on == found[-1][2]["text"]
            assert later[-1][0] == "done"
            assert later[-1][2]["message_id"] == found[-1][2]["message_id"]


async def test_a_stream_is_taken_up_while_the_reply_is_written_and_asks_once(
    stocked: MarketCard, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    conversation, reply = await answering.ask(stocked, "en", "my tap drips", pace=0.05)
    seen: list[str] = []
    async for event in reply.follow():
        if isinstance(event, answering.Piece):
            seen.append(event.text)
        if len(seen) == 2:
            break
    characters = sum(map(len, seen))
    async with browser(stocked) as client:
        # The same POST again, as a client that lost its connection sends it.
        answer = await client.post(
            "/api/v1/chat",
            json=asked("my tap drips", conversation_id=str(conversation)),
            headers={**STREAM, "last-event-id": f"2.{characters}"},
        )
    later = events(answer.text)
    rest = "".join(data["text"] for kind, _, data in later if kind == "piece")
    assert "".join(seen) + rest == later[-1][2]["text"]
    async with tenant_session(stocked.id) as session:
        entries = await log.events_after(session, conversation)
    assert [entry.kind for entry in entries] == ["message", "route", "reply"]


async def test_a_reply_is_finished_when_nobody_listens(stocked: MarketCard):
    stream = answering.answer(stocked, "en", "my tap drips", pace=0.01)
    began = await anext(stream)
    assert isinstance(began, answering.Began)
    await stream.aclose()
    reply = answering.running(began.conversation_id)
    assert reply is not None
    await reply.wait()
    async with tenant_session(stocked.id) as session:
        entries = await log.events_after(session, began.conversation_id)
    assert entries[-1].kind == "reply"
    assert entries[-1].id == began.message_id
    assert entries[-1].payload["ending"] == "done"


async def test_a_stopped_reply_keeps_what_it_said(stocked: MarketCard, browser: Browser):
    conversation, reply = await answering.ask(stocked, "en", "my tap drips", pace=0.05)
    async for event in reply.follow():
        if isinstance(event, answering.Piece):
            break
    async with browser(stocked) as client:
        busy = await client.post(
            "/api/v1/chat", json=asked("and?", conversation_id=str(conversation))
        )
        assert busy.status_code == 409
        stopped = await client.post(f"/api/v1/chat/{conversation}/stop")
        assert stopped.status_code == 204
        kept = (await client.get(f"/api/v1/chat/{conversation}")).json()
    assert kept["messages"][-1]["ending"] == "stopped"
    assert kept["messages"][-1]["text"]
    assert answering.running(conversation) is None
    # And it can be asked for again; then only the new answer stands.
    again = await answering.ask_again(stocked, "en", conversation)
    await again.wait()
    async with browser(stocked) as client:
        kept = (await client.get(f"/api/v1/chat/{conversation}")).json()
    assert [one["author"] for one in kept["messages"]] == ["person", "agent"]
    assert kept["messages"][-1]["ending"] == "done"


async def test_the_programs_end_puts_down_what_was_said(stocked: MarketCard):
    conversation, reply = await answering.ask(stocked, "en", "my tap drips", pace=0.05)
    async for event in reply.follow():
        if isinstance(event, answering.Piece):
            break
    await replies.stop_all()
    async with tenant_session(stocked.id) as session:
        entries = await log.events_after(session, conversation)
    assert entries[-1].payload["ending"] == "interrupted"


async def test_a_failure_is_said_kept_and_can_be_tried_again(
    stocked: MarketCard, browser: Browser, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
):
    async def broken(*_: object) -> list[Hit]:
        raise ConnectionError

    with monkeypatch.context() as failing:
        failing.setattr(shelf, "search", broken)
        async with browser(stocked) as client:
            answer = await client.post("/api/v1/chat", json=asked("my tap drips"))
            assert answer.status_code == 500
            assert answer.headers["content-type"] == "application/problem+json"
            streamed = await client.post("/api/v1/chat", json=asked("my tap drips"), headers=STREAM)
    done = events(streamed.text)[-1]
    assert (done[0], done[2]["ending"]) == ("done", "failed")
    again = await answering.ask_again(stocked, "en", UUID(done[2]["conversation_id"]))
    await again.wait()
    assert again.steps[-1].ending == "done"  # pyright: ignore[reportAttributeAccessIssue]


async def test_a_persons_conversation_opens_to_them_alone(stocked: MarketCard, browser: Browser):
    async with browser(stocked) as ada, browser(stocked) as bob, browser(stocked) as nobody:
        await signed_up(ada)
        await signed_up(bob, "bob@example.com")
        held = (await ada.post("/api/v1/chat", json=asked("hello"))).json()["conversation_id"]
        assert (await ada.get(f"/api/v1/chat/{held}")).status_code == 200
        for stranger in (bob, nobody):
            for answer in (
                await stranger.get(f"/api/v1/chat/{held}"),
                await stranger.get(f"/api/v1/chat/{held}/events"),
                await stranger.post(f"/api/v1/chat/{held}/stop"),
                await stranger.post("/api/v1/chat", json=asked("hi", conversation_id=held)),
            ):
                assert answer.status_code == 404


async def test_another_market_does_not_have_the_conversation(stocked: MarketCard, browser: Browser):
    elsewhere = await open_market()
    async with browser(stocked) as client, browser(elsewhere) as other:
        held = (await client.post("/api/v1/chat", json=asked("hello"))).json()["conversation_id"]
        assert (await other.get(f"/api/v1/chat/{held}")).status_code == 404
        refused = await other.post("/api/v1/chat", json=asked("hi", conversation_id=held))
        assert refused.status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"message": ""}, 400),
        ({"message": " \n"}, 400),
        ({"message": 5}, 422),
        ({"message": None}, 422),
        ({}, 422),
        ({"message": "x" * 4001}, 400),
        ({"message": "hi", "locale": "xx"}, 400),
        ({"message": "hi", "locale": ["en"]}, 422),
        ({"message": "hi", "conversation_id": 7}, 422),
        ({"message": "hi", "conversation_id": "nonsense"}, 404),
        ({"message": "hi", "conversation_id": "018f3c5a-0000-7000-8000-00000000beef"}, 404),
        ({"message": "hi", "tenant_id": "018f3c5a-0000-7000-8000-00000000beef"}, 422),
        ([], 422),
        ("hi", 422),
    ],
)
async def test_what_cannot_be_asked_is_a_problem(
    market: MarketCard, shelf: Shelf, browser: Browser, body: object, status: int
):
    async with browser(market) as client:
        answer = await client.post("/api/v1/chat", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], bool(problem["detail"])) == (status, True)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b'{"message": "hi"}', "text/plain", 415),
        (b'{"message": "' + b"x" * 70_000 + b'"}', "application/json", 413),
    ],
)
async def test_bodies_that_are_no_json_are_refused(
    market: MarketCard, browser: Browser, content: bytes, kind: str, status: int
):
    async with browser(market) as client:
        answer = await client.post("/api/v1/chat", content=content, headers={"content-type": kind})
    assert answer.status_code == status


async def test_a_flood_is_told_when_to_come_back(
    market: MarketCard, shelf: Shelf, browser: Browser
):
    async with browser(market) as client:
        answers = await asyncio.gather(
            *(client.post("/api/v1/chat", json=asked("")) for _ in range(31))
        )
    refused: list[httpx.Response] = [one for one in answers if one.status_code == 429]
    assert len(refused) == 1
    assert 0 < int(refused[0].headers["retry-after"]) <= 60


async def test_an_unknown_host_has_no_chat(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        answer = await client.post(
            "/api/v1/chat", json=asked("hi"), headers={"host": "nowhere.example"}
        )
    assert answer.status_code == 404


async def test_the_parts_that_are_more_than_text_are_told_alike_everywhere(
    stocked: MarketCard, browser: Browser
):
    wedding = asked("Plan a wedding for 80 guests on 12 June, budget 20000 euros")
    async with browser(stocked) as client:
        answer = (await client.post("/api/v1/chat", json=wedding)).json()
        kept = (await client.get(f"/api/v1/chat/{answer['conversation_id']}")).json()
        stream = await client.post(
            "/api/v1/chat", json=wedding, headers={"accept": "text/event-stream"}
        )
    assert [block["kind"] for block in answer["blocks"]] == ["plan", "budget"]
    plan, budget = answer["blocks"]
    assert plan["data"]["guests"] == 80
    assert budget["data"]["total"] == "20000.00"
    assert kept["messages"][-1]["blocks"] == answer["blocks"]
    kind, _, done = events(stream.text)[-1]
    assert (kind, done["blocks"]) == ("done", answer["blocks"])
