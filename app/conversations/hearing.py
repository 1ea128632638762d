"""Hearing at once what happens in a conversation, whichever process, tab or device did it.

    await tell(session, conversation_id, "entry")

in the transaction of a deed is all that a domain function does; the log does so for each entry.
Postgres passes it on when the transaction is committed. Who shows a conversation watches it:

    with watching(market_id, conversation_id) as watch:
        for news in await watch.next(seconds):

News say that there is something new, and the log says what it is, so news that are lost while the
database is away cost time and nothing else. What the log does not keep (that somebody types, how
far somebody has read) is told by the news alone.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import psycopg
from sqlalchemy import text

from app.database import TenantSession
from app.settings import settings

_CHANNEL = "conversation_news"
_AGAIN_SECONDS = 2.0
_MOST_WAITING = 50
"""News that a watcher keeps; of more, the oldest are forgotten, for the log has what matters."""

_log = logging.getLogger(__name__)

Kind = Literal["entry", "typing", "read", "changed", "gone"]
"""A new entry in the log; somebody types; somebody has read; title and the like; deleted."""


@dataclass(frozen=True)
class News:
    """That something happened in a conversation; `told` is small and holds no words of people."""

    kind: Kind
    told: dict[str, Any] = field(default_factory=dict[str, Any])

    def is_beyond(self, seq: int) -> bool:
        """Whether it may tell of an entry after `seq`; who was deaf for a while has to look."""
        return self.kind == "entry" and self.told.get("seq", seq + 1) > seq


class Watch:
    """The ears of one reader of one conversation."""

    def __init__(self) -> None:
        self._news: list[News] = []
        self._heard = asyncio.Event()

    def hear(self, news: News) -> None:
        """Take news in; what is told twice and was not asked about yet is one."""
        if news.kind == "entry" and news in self._news:
            return
        self._news.append(news)
        del self._news[:-_MOST_WAITING]
        self._heard.set()

    async def next(self, seconds: float) -> list[News]:
        """What was heard since the last call, at the latest after so long; then it may be empty."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._heard.wait()
        self._heard.clear()
        heard, self._news = self._news, []
        return heard


_watches: dict[tuple[UUID, UUID], set[Watch]] = {}


@contextmanager
def watching(market_id: UUID, conversation_id: UUID) -> Generator[Watch]:
    """Hear of one conversation as long as the block lasts; who may open it was checked before."""
    watch, key = Watch(), (market_id, conversation_id)
    _watches.setdefault(key, set()).add(watch)
    try:
        yield watch
    finally:
        _watches[key].discard(watch)
        if not _watches[key]:
            del _watches[key]


async def tell(
    session: TenantSession, conversation_id: UUID, kind: Kind, **told: str | int | bool
) -> None:
    """Have everybody who watches told, once `session` is committed."""
    payload = [str(session.tenant_id), str(conversation_id), kind, told]
    await session.scalar(
        text("select pg_notify(:channel, :payload)"),
        {"channel": _CHANNEL, "payload": json.dumps(payload)},
    )


def hear_here(market_id: UUID, conversation_id: UUID, seq: int) -> None:
    """Tell the watchers in this process at once of entry number `seq`, which is committed."""
    _pass_on(_watches.get((market_id, conversation_id), set()), News("entry", {"seq": seq}))


@asynccontextmanager
async def hearing() -> AsyncGenerator[None]:
    """Have this process hear the news as long as the block lasts."""
    listens = asyncio.Event()
    task = asyncio.create_task(_listen(listens), name="news of conversations")
    with suppress(TimeoutError):
        # Without a database the program starts all the same, and hears of it later.
        async with asyncio.timeout(_AGAIN_SECONDS):
            await listens.wait()
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _listen(listens: asyncio.Event) -> None:
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                settings().database_url or "", autocommit=True
            ) as connection:
                await connection.execute(f"listen {_CHANNEL}")
                listens.set()
                for watches in list(_watches.values()):
                    # What was said while nobody listened is in the log.
                    _pass_on(watches, News("entry"))
                async for notice in connection.notifies():
                    _hear(notice.payload)
        except psycopg.Error as error:
            _log.warning("News of conversations are not heard: %s", type(error).__name__)
        await asyncio.sleep(_AGAIN_SECONDS)


def _hear(payload: str) -> None:
    market_id, conversation_id, kind, told = json.loads(payload)
    watches = _watches.get((UUID(market_id), UUID(conversation_id)))
    if watches:
        _pass_on(watches, News(kind, told))


def _pass_on(watches: set[Watch], news: News) -> None:
    for watch in list(watches):
        watch.hear(news)
