"""Whom a socket refuses, what it takes, and with which code it hangs up."""

import asyncio
import dataclasses
from typing import Any

import pytest
from sqlmodel import update
from wsproto.events import BytesMessage

from app.accounts.models import SignIn
from app.accounts.signing import SESSION_COOKIE, start_sign_in
from app.api.sockets import connection, keeping
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.database.sockets.conftest import Connect, begun, token_of
from tests.factories import open_market, person


async def test_a_persons_conversation_opens_to_them_alone(market: MarketCard, connect: Connect):
    ada, bob = await token_of(market), await token_of(market)
    socket = await connect(market, ada)
    held = await begun(socket)
    await socket.send(type="chat_message", message="hello")
    await socket.until("chat_message", author="agent")
    for token in (bob, ""):
        other = await connect(market, token)
        for more in ({}, {"last_seq": 0}, {"agent": "vendor"}):
            await other.send(type="init", conversation_id=held, **more)
            assert (await other.next())["status"] == 404


async def test_another_market_does_not_have_the_conversation(market: MarketCard, connect: Connect):
    elsewhere = await open_market()
    socket = await connect(market)
    held = await begun(socket)
    other = await connect(elsewhere)
    await other.send(type="init", conversation_id=held)
    assert (await other.next())["status"] == 404
    # And a token of the one market opens nothing in the other.
    stranger = await connect(elsewhere, await token_of(market))
    assert (await stranger.next())["code"] == "token"
    assert await stranger.closed() == 4401


@pytest.mark.parametrize("token", ["nonsense", "agora_nothing", "a.b.c"])
async def test_a_token_that_opens_nothing_is_refused(
    market: MarketCard, connect: Connect, token: str
):
    socket = await connect(market, token)
    assert (await socket.next())["status"] == 401
    assert await socket.closed() == 4401


async def test_who_is_signed_out_is_out_at_the_next_frame(market: MarketCard, connect: Connect):
    token = await token_of(market)
    asking, silent = await connect(market, token), await connect(market, token)
    for socket in (asking, silent):
        await begun(socket)
    async with tenant_session(market.id) as session:
        await session.exec(update(SignIn).values(revoked_at=SignIn.created_at))
    await asking.send(type="chat_message", message="hello")
    assert (await asking.next("error"))["code"] == "token"
    assert await asking.closed() == 4401
    # Who says nothing is looked up from time to time.
    for one in keeping._open:
        one.checked_at -= keeping.CHECK_EVERY
    assert await silent.closed() == 4401


async def test_a_browser_offers_its_token_as_a_subprotocol(market: MarketCard, connect: Connect):
    token = await token_of(market)
    socket = await connect(market, subprotocols=("agora.chat.v1", f"bearer.{token}"))
    assert socket.subprotocol == "agora.chat.v1"
    await socket.send(type="init")
    assert (await socket.next())["signed_in"]


async def test_a_cookie_counts_from_the_markets_own_pages_alone(
    market: MarketCard, connect: Connect
):
    async with tenant_session(market.id) as session:
        somebody = await person(session)
        cookie = f"{SESSION_COOKIE}={await start_sign_in(session, somebody.id, '')}"
    own = await connect(market, headers={"cookie": cookie, "origin": f"http://{market.host}"})
    await own.send(type="init")
    assert (await own.next())["signed_in"]
    foreign = await connect(market, headers={"cookie": cookie, "origin": "http://evil.example"})
    assert (await foreign.next())["status"] == 403
    assert await foreign.closed() == 4403


async def test_an_unknown_host_has_no_socket(market: MarketCard, connect: Connect):
    nowhere = dataclasses.replace(market, host="nowhere.example")
    assert await (await connect(nowhere)).closed() == 4404


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", 4400),
        ("[]", 4400),
        ('{"type":"chat_message","message":"x"}', 4400),
        ('{"type":"init","tenant_id":"x"}', 4400),
        ('{"type":"init","agent":5}', 4400),
    ],
)
async def test_what_is_no_init_ends_the_socket(
    market: MarketCard, connect: Connect, text: str, code: int
):
    socket = await connect(market)
    await socket.send_text(text)
    assert (await socket.next())["type"] == "error"
    assert await socket.closed() == code


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "nothing"},
        {"type": "chat_message"},
        {"type": "chat_message", "message": 5},
        {"type": "chat_message", "message": "hi", "tenant_id": "x"},
        {"type": "chat_message", "message": ""},
        {"type": "chat_message", "message": "x" * 4001},
        {"type": "chat_message", "message": "hi", "client_id": "x" * 65},
        {"type": "read", "seq": -1},
        {"type": "resume", "last_event_id": "x"},
        {"type": "retry"},
        {"type": "init", "conversation_id": "nonsense"},
        {"type": "init", "conversation_id": "018f3c5a00007000800000000000beef"},
        {"type": "init", "locale": "xx"},
    ],
    ids=str,
)
async def test_a_frame_that_is_refused_says_why_and_the_socket_stays(
    market: MarketCard, connect: Connect, frame: dict[str, Any]
):
    socket = await connect(market)
    await begun(socket)
    await socket.send(**frame)
    error = await socket.next("error")
    assert 400 <= error["status"] < 500
    assert error["detail"]
    await socket.send(type="ping")
    assert (await socket.next())["type"] == "pong"


async def test_too_many_mistakes_end_the_socket(market: MarketCard, connect: Connect):
    socket = await connect(market)
    await begun(socket)
    for _ in range(10):
        await socket.send_text("nonsense")
    assert await socket.closed() == 4400


async def test_a_frame_that_is_too_large_or_no_text_ends_the_socket(
    market: MarketCard, connect: Connect
):
    socket = await connect(market)
    await begun(socket)
    await socket.send(type="chat_message", message="ж" * 40_000)
    assert await socket.closed() == 1009
    socket = await connect(market)
    await socket.send_message(BytesMessage(data=b"{}"))
    assert await socket.closed() == 1003


async def test_a_flood_of_frames_ends_the_socket(market: MarketCard, connect: Connect):
    socket = await connect(market)
    await begun(socket)
    for _ in range(connection.FRAMES_AT_ONCE + 20):
        await socket.send(type="pong")
    assert await socket.closed() == 4429


async def test_a_flood_of_questions_is_told_when_to_come_back(
    market: MarketCard, connect: Connect, monkeypatch: pytest.MonkeyPatch
):
    socket = await connect(market)
    await begun(socket)
    monkeypatch.setattr(connection, "FRAMES_A_SECOND", 1000.0)
    error: dict[str, Any] = {}
    for _ in range(31):
        await socket.send(type="chat_message", message=" ")
        error = await socket.next("error")
    assert error["status"] == 429
    assert 0 < error["retry_after"] <= 60


async def test_a_person_has_so_many_sockets_and_no_more(
    market: MarketCard, connect: Connect, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(keeping.MOST, "person", 3)
    ada, bob = await token_of(market), await token_of(market)
    first = await connect(market, ada)
    for _ in range(2):
        await begun(await connect(market, ada))
    await begun(first)
    assert await (await connect(market, ada)).closed() == 4429
    await begun(await connect(market, bob))
    await first.close()
    await asyncio.sleep(0.2)
    await begun(await connect(market, ada))
    assert sum(keeping._held.values()) == 4


async def test_who_says_nothing_is_asked_and_then_left(
    market: MarketCard, connect: Connect, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keeping, "PING_AFTER", 0.5)
    monkeypatch.setattr(keeping, "SILENT_AFTER", 4.0)
    socket = await connect(market)
    await begun(socket)
    assert (await socket.next())["type"] == "ping"
    assert await socket.closed() == 4408


async def test_who_does_not_say_what_they_want_is_let_go(
    market: MarketCard, connect: Connect, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.api.sockets.chat.INIT_WITHIN", 0.5)
    assert await (await connect(market)).closed() == 4408


async def test_a_slow_reader_is_let_go_and_nothing_piles_up(
    market: MarketCard, connect: Connect, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connection, "SLOW_AFTER", 1.0)
    socket = await connect(market)
    await begun(socket)
    (served,) = keeping._open

    async def flooding() -> None:
        while not served.connection._ended.done():
            await served.connection.send_json({"type": "piece", "text": "x" * 60_000})

    flood = asyncio.create_task(flooding())
    async with asyncio.timeout(10):
        assert await served.connection.ended() == 4430
    # Who reads again within the last word's time hears why.
    assert await socket.closed() == 4430
    flood.cancel()


async def test_the_servers_end_is_said(market: MarketCard, connect: Connect):
    socket = await connect(market)
    await begun(socket)
    await keeping.end_all()
    assert await socket.closed() == 1001
    assert not keeping._open
