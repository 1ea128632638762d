"""Sockets under load: cuts that lose and double nothing, coming back, and delivery among many.

    .venv/bin/python -m benchmarks.chat --cuts 1000 --idle 2000 --active 200

Starts a database and a server of its own, in a process of its own, with one market. First,
conversations are asked in and cut at random events until there were so many cuts; each comes back
with the last event's id, sends its message again where it did not hear that it arrived, and at the
end has every answer's text once, as the log has it. Then idle sockets are opened, and active ones,
two to a conversation: what one sends the other gets, and from the sending to the arrival is the
delivery. Coming back is from the first byte of the connection to `ready`. What is asked about is
found on a shelf of a few listings: searching has a benchmark of its own.

Fails when a text is lost or doubled. Each client comes from an address of its own, as through a
proxy, for limits by address are part of what is measured.
"""

import argparse
import asyncio
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.applications import Starlette

from agents import maestro
from agents.base import Deps
from agents.maestro import Maestro
from app.accounts.tokens import bearing
from app.api.application import routes
from app.api.forwarding import Forwarded
from app.api.guarding import Guarded
from app.api.sockets import keeping
from app.conversations import hearing, log, replies
from app.database import close_engines, tenant_session
from app.embedded.postgres import start
from app.inference.composer import Composer
from app.markets.directory import MarketCard
from app.migrations import migrate
from app.search.embeddings import sentence_embedder
from app.search.index import Hit
from app.settings import settings
from tests.factories import listing, open_market, person
from tests.shelf import Shelf
from tests.sockets import Closed, Socket, connected, served

ASKED = ("my tap drips", "anything cheaper?", "a plumber for Sunday", "how much is it?")
WITHIN = 120.0
CONVERSATIONS = 25
TOGETHER = 50
"""Idle sockets that are opened in the same moment."""
PAUSE = 3.0
"""Seconds between an answer and the next message of a pair; no less, for what one person may ask is
limited."""


@dataclass
class Came:
    """What was measured; times in milliseconds."""

    back: list[float] = field(default_factory=list[float])
    delivered: list[float] = field(default_factory=list[float])
    cuts: int = 0
    answers: int = 0
    wrong: list[str] = field(default_factory=list[str])


@dataclass
class Place:
    """Where everybody connects."""

    port: int
    market: MarketCard
    addresses: int = 0

    async def socket(self, token: str = "") -> Socket:
        """A socket from an address that nobody had yet."""
        self.addresses += 1
        high, low = divmod(self.addresses, 250)
        headers = {"x-forwarded-for": f"10.{high // 250}.{high % 250}.{low + 1}"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        return await connected(self.port, self.market.host, headers)


async def token_of(market: MarketCard) -> str:
    """The access token of a fresh person."""
    async with tenant_session(market.id) as session:
        somebody = await person(session)
        return (await bearing.start(session, somebody.id, settings().origin(market.host))).access


class Talker:
    """One person whose connection is cut again and again."""

    def __init__(self, place: Place, token: str, chance: random.Random, came: Came) -> None:
        self._place, self._token, self._chance, self._came = place, token, chance, came
        self._socket: Socket | None = None
        self._conversation = ""
        self._last = "0"

    async def ask_until(self, cuts: int) -> None:
        """Ask and be cut until all together were cut so often; then compare with the log."""
        number = 0
        texts: list[str] = []
        while self._came.cuts < cuts:
            number += 1
            texts.append(await self._asked(f"{number}", self._chance.choice(ASKED)))
        if self._socket is not None:
            self._socket.cut()
        async with tenant_session(self._place.market.id) as session:
            entries = await log.events_after(session, UUID(self._conversation), limit=10_000)
        kept = [entry.payload["text"] for entry in entries if entry.kind == "reply"]
        said = sum(entry.kind == "message" for entry in entries)
        if kept != texts or said != number:
            self._came.wrong.append(f"{self._conversation}: {said} of {number} messages, {kept}")

    async def _asked(self, name: str, message: str) -> str:
        """Ask one message, and return what the pieces that arrived say together."""
        pieces, sent, asked = "", False, 0
        while True:
            try:
                socket = self._socket or await self._come_back()
                if not sent:
                    # Said again after every cut until it is heard that it arrived.
                    await socket.send(type="chat_message", message=message, client_id=name)
                event = await socket.next(seconds=WITHIN)
            except (Closed, OSError) as error:
                self._came.wrong.append(f"{self._conversation}: {error!r}")
                self._socket = None
                continue
            sent = sent or event["type"] == "accepted"
            if event["type"] == "error" and event["status"] not in (409,):
                self._came.wrong.append(f"{self._conversation}: {event}")
            if "id" in event:
                self._last = event["id"]
            if event["type"] == "piece":
                pieces += event["text"]
            elif event["type"] == "restart":
                pieces = ""
            elif event["type"] == "chat_message" and event["author"] == "person":
                asked += 1
            elif event["type"] == "chat_message":
                self._came.answers += 1
                if pieces != event["text"] or asked != 1:
                    self._came.wrong.append(f"{self._conversation}: {asked} times, {pieces!r}")
                return event["text"]
            if self._chance.random() < 0.3:
                socket.cut()
                self._socket = None
                self._came.cuts += 1

    async def _come_back(self) -> Socket:
        began = time.perf_counter()
        self._socket = socket = await self._place.socket(self._token)
        if not self._conversation:
            await socket.send(type="init", locale="en")
            self._conversation = (await socket.next("ready"))["conversation_id"]
            await socket.next("history")
            return socket
        told = {"conversation_id": self._conversation, "last_event_id": self._last}
        await socket.send(type="init", locale="en", **told)
        await socket.next("ready", seconds=WITHIN)
        self._came.back.append((time.perf_counter() - began) * 1000)
        return socket


async def pair(place: Place, token: str, seconds: float, pause: float, came: Came) -> None:
    """Two devices of one person: what the one says the other hears."""
    await asyncio.sleep(random.random() * 2 * pause)
    one = await place.socket(token)
    await one.send(type="init", locale="en")
    held = (await one.next("ready", seconds=WITHIN))["conversation_id"]
    other = await place.socket(token)
    await other.send(type="init", locale="en", conversation_id=held)
    await other.next("ready", seconds=WITHIN)
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        number += 1
        began = time.perf_counter()
        await one.send(type="chat_message", message=ASKED[0], client_id=str(number))
        arrived = await _next(other, "person")
        came.delivered.append((arrived - began) * 1000)
        await asyncio.gather(_next(other, "agent"), _next(one, "agent"))
        await asyncio.sleep(pause)
    one.cut()
    other.cut()


async def _next(socket: Socket, author: str) -> float:
    """When the next message of `author` came."""
    while (await socket.next("chat_message", seconds=WITHIN))["author"] != author:
        pass
    return time.perf_counter()


async def idler(place: Place) -> Socket:
    """A socket that has its conversation and says nothing."""
    socket = await place.socket()
    await socket.send(type="init", locale="en")
    await socket.next("ready", seconds=WITHIN)
    return socket


async def quiet(socket: Socket, over: asyncio.Event) -> None:
    """Stay connected, and answer when asked whether one is there."""
    reading = asyncio.create_task(_answering(socket))
    await over.wait()
    if reading.done():
        raise reading.exception() or RuntimeError("an idle socket ended")
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    socket.cut()


async def _answering(socket: Socket) -> None:
    while True:
        await socket.next("ping", seconds=3600)
        await socket.send(type="pong")


async def cut(place: Place, cuts: int, came: Came) -> None:
    """Conversations that are cut, all at once."""
    tokens = [await token_of(place.market) for _ in range(CONVERSATIONS)]
    talkers = [
        Talker(place, token, random.Random(number), came) for number, token in enumerate(tokens)
    ]
    await asyncio.gather(*(talker.ask_until(cuts) for talker in talkers))


async def crowd(
    place: Place, idle: int, active: int, seconds: float, pause: float, came: Came
) -> None:
    """Idle sockets, and active ones among them."""
    over, waiting = asyncio.Event(), list[asyncio.Task[None]]()
    for begun in range(0, idle, TOGETHER):
        number = min(TOGETHER, idle - begun)
        for socket in await asyncio.gather(*(idler(place) for _ in range(number))):
            waiting.append(asyncio.create_task(quiet(socket, over)))
    tokens = [await token_of(place.market) for _ in range(active // 2)]
    try:
        await asyncio.gather(*(pair(place, token, seconds, pause, came) for token in tokens))
    finally:
        over.set()
    for done in await asyncio.gather(*waiting, return_exceptions=True):
        if isinstance(done, BaseException):
            came.wrong.append(f"an idle socket: {done!r}")


async def serve(listings: list[str]) -> None:
    """What the server's process does: say the port, and serve until a signal."""
    embedder = sentence_embedder()
    shelf = Shelf({"listing": [Hit("listing", UUID(one), 0.9) for one in listings]})
    answering = Maestro(Deps(index=shelf, embedder=embedder, model=Composer(embedder)))
    maestro.maestro = lambda: answering  # pyright: ignore[reportAttributeAccessIssue]
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    # The loop's own handler loses a signal that comes while thousands of sockets wake it.
    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(stopped.set))
    program: Any = Forwarded(Guarded(Starlette(routes=routes)))
    async with hearing.hearing(), served(program) as port:
        print(port, flush=True)
        await stopped.wait()
        await keeping.end_all()
        await replies.stop_all()


async def measure(cuts: int, idle: int, active: int, seconds: float, pause: float) -> Came:
    """A market, a server, and everything that is done to it."""
    market = await open_market("bench")
    async with tenant_session(market.id) as session:
        found = [str((await listing(session)).id) for _ in range(5)]
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.chat", "--serve", *found, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    try:
        port = int(await server.stdout.readline())
        came, place = Came(), Place(port, market)
        await cut(place, cuts, came)
        print(f"{came.cuts} cuts, {came.answers} answers, {len(came.wrong)} lost or doubled")
        print(
            f"coming back: p50 {statistics.median(came.back):.0f} ms, p95 {p95(came.back):.0f} ms"
        )
        await crowd(place, idle, active, seconds, pause, came)
        return came
    finally:
        server.terminate()
        await server.wait()
        await close_engines()


def p95(times: list[float]) -> float:
    """The time within which 95 of 100 came."""
    return statistics.quantiles(times, n=20)[18] if len(times) > 1 else float("nan")


def main() -> None:
    """Print the figures; ends as failed when something was lost or doubled."""
    asking = argparse.ArgumentParser()
    asking.add_argument("--cuts", type=int, default=1000)
    asking.add_argument("--idle", type=int, default=2000)
    asking.add_argument("--active", type=int, default=200)
    asking.add_argument("--seconds", type=float, default=30.0)
    asking.add_argument("--pause", type=float, default=PAUSE)
    asking.add_argument("--serve", nargs="*", metavar="LISTING", help="be the server")
    told = asking.parse_args()
    if told.serve is not None:
        asyncio.run(serve(told.serve))
        return
    with tempfile.TemporaryDirectory(prefix="agora-bench-", dir=os.environ.get("TMPDIR")) as folder:
        Path(folder).chmod(0o755)
        os.environ["AGORA_HOME"] = folder
        os.environ["AGORA_TRUSTED_PROXY_HOPS"] = "1"
        os.environ["AGORA_TRUSTED_PROXIES"] = "127.0.0.1"
        with start(Path(folder), hasty=True) as database:
            os.environ["DATABASE_URL"] = database.app_url
            os.environ["DATABASE_OWNER_URL"] = database.owner_url
            settings.cache_clear()
            migrate()
            came = asyncio.run(measure(told.cuts, told.idle, told.active, told.seconds, told.pause))
    print(
        f"delivery, {told.idle} idle and {told.active} active: {len(came.delivered)} messages,"
        f" p50 {statistics.median(came.delivered):.0f} ms, p95 {p95(came.delivered):.0f} ms"
    )
    for words in came.wrong[:20]:
        print(words)
    sys.exit(1 if came.wrong else 0)


if __name__ == "__main__":
    main()
