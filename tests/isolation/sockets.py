"""Probes of sockets: their conversations asked for by ours, over every socket of the program."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from app.api.application import routes
from app.markets.directory import MarketCard
from tests.isolation.ledger import Ledger
from tests.isolation.world import World

KIND = "socket"
_app = Starlette(routes=routes)
_SECONDS = 5.0
_MORE: tuple[dict[str, Any], ...] = ({}, {"last_seq": 0}, {"agent": "vendor"})
"""What is said beside the conversation: nothing, how far one is, and whom one wants to ask."""


def sockets() -> list[str]:
    """The address of each socket; one that speaks otherwise needs probes of its own here."""
    found = [route.path for route in routes if isinstance(route, WebSocketRoute)]
    assert found == ["/ws/chat"], "teach tests/isolation/sockets.py to speak over the new one"
    return found


async def control(world: World, ledger: Ledger) -> None:
    """Open as theirs their own conversations."""
    for address in sockets():
        said = [
            await heard(address, world.theirs, world.headers("stolen"), _opening(one["id"], {}))
            for one in world.rows["conversation"]
        ]
        got = any(world.canary in each for each in said)
        ledger.control(KIND, got, f"theirs opened a conversation over {address}")


async def probe(world: World, ledger: Ledger) -> None:
    """Ask as each of ours for their conversations, by every id of theirs."""
    for address in sockets():
        await world.renew()
        for who in (*world.tokens, *world.bearers):
            for frames in _asked(world):
                got = await heard(address, world.ours, world.headers(who), frames)
                leaks = world.leaks_into(got)
                ledger.probe(KIND, leaks, f"{who} got theirs over {address}: {frames[0]}")


def _asked(world: World) -> Iterator[list[dict[str, Any]]]:
    for conversation in (*world.forged(), *world.ids()):
        for more in _MORE:
            yield _opening(conversation, more)


def _opening(conversation: str, more: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "init", "conversation_id": conversation, **more},
        {"type": "resume", "last_seq": 0},
        {"type": "ping"},
    ]


async def heard(
    address: str, market: MarketCard, headers: dict[str, str], frames: list[dict[str, Any]]
) -> str:
    """All that a socket says to these frames, until it answers the last one or closes."""
    told = {"host": market.host, **headers}
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "scheme": "ws",
        "path": address,
        "raw_path": address.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
        "subprotocols": [],
        "client": ("192.0.2.7", 5000),
        "server": (market.host, 80),
    }
    said: list[str] = []
    over = asyncio.Event()
    sent = iter(
        [
            {"type": "websocket.connect"},
            *({"type": "websocket.receive", "text": json.dumps(frame)} for frame in frames),
        ]
    )

    async def receive() -> dict[str, Any]:
        following = next(sent, None)
        if following is None:
            await over.wait()
            return {"type": "websocket.disconnect", "code": 1000}
        return following

    async def send(message: Any) -> None:
        said.append(str(message.get("text", "")))
        if message["type"] == "websocket.close" or '"pong"' in said[-1]:
            over.set()

    with suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS):
            await _app(scope, receive, send)
    return "".join(said)
