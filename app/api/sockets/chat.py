"""`/ws/chat`: one conversation over one socket; `frames` says what is said, `docs/api.md` how.

The socket holds nothing that is not in the log: it may be cut at any moment, and whoever comes
back with the last event's id gets the rest. Replies are written by tasks of their own.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from functools import partial
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from agents import answering as answers
from agents import binding
from agents.entering import AlreadySaid
from app.accounts import limits
from app.accounts.actors import SignInNeeded
from app.accounts.permissions import Permission
from app.api.callers import Caller, any_caller
from app.api.following import Place, Told, feed
from app.api.problems import failed, locale_of
from app.api.requests import BadBody, address_of
from app.api.sockets import keeping
from app.api.sockets.admitting import accept, admitted
from app.api.sockets.connection import Connection, Ended
from app.api.sockets.events import Accepted, Answered, History
from app.api.sockets.frames import (
    SENT,
    ChatMessage,
    CloseCode,
    Init,
    Ping,
    Pong,
    Read,
    Resume,
    Retry,
    Stop,
    Typing,
)
from app.api.sockets.speaking import (
    conversation_named,
    event_of,
    failure,
    has_place,
    parsed,
    place_of,
    ready,
    refusal,
    said,
)
from app.conversations import hearing, log, marking, reading
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.markets.directory import MarketCard

INIT_WITHIN = 10.0
MISTAKES = 10
"""Frames that are not understood before the socket is closed."""

_CODES = {
    401: CloseCode.SIGN_IN,
    403: CloseCode.NOT_ALLOWED,
    404: CloseCode.NOT_FOUND,
    429: CloseCode.TOO_MANY,
    500: CloseCode.FAILED,
    503: CloseCode.TRY_LATER,
}

_log = logging.getLogger(__name__)


async def chat(websocket: WebSocket) -> None:
    """Serve one socket until either side closes it."""
    await accept(websocket)
    connection = Connection(websocket)
    code = CloseCode.FAILED
    try:
        async with asyncio.timeout(INIT_WITHIN):
            market, caller = await admitted(websocket)
        async with keeping.counted(caller.actor):
            code = await _Socket(connection, market, caller).serve()
    except AppError as error:
        await connection.send(failure(error, locale_of(websocket)))
        code = _CODES.get(error.status, CloseCode.NOT_UNDERSTOOD)
    except TimeoutError:
        code = CloseCode.TRY_LATER
    except Exception:
        _log.exception("A socket failed.")
    await connection.close(code)


class _Socket:
    """What one client has open."""

    def __init__(self, connection: Connection, market: MarketCard, caller: Caller) -> None:
        self.connection = connection
        self.checked_at = time.monotonic()
        task = asyncio.current_task()
        assert task is not None
        self.task = task
        self._market, self._caller = market, caller
        self._websocket = connection.websocket
        self._locale = locale_of(self._websocket)
        self._conversation_id: UUID | None = None
        self._feeding: asyncio.Task[None] | None = None
        self._mistakes = 0
        self._mark = secrets.token_hex(6)

    async def serve(self) -> CloseCode:
        """Take frames in and send events out; returns why it is over."""
        listening = asyncio.create_task(self._guarded(self._listen))
        try:
            async with keeping.tended(self):
                return await self.connection.ended()
        finally:
            tasks = [task for task in (listening, self._feeding) if task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def check(self) -> None:
        """End the connection when its credential has come to nothing."""
        self.checked_at = time.monotonic()
        try:
            self._caller = await any_caller(self._websocket, self._market)
            self._caller.actor.must(Permission.READ)
        except SignInNeeded as error:
            await self.connection.send(failure(error, self._locale))
            self.connection.end(CloseCode.SIGN_IN)
        except AppError as error:
            await self.connection.send(failure(error, self._locale))

    async def _guarded(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Let `work` run to its end; whatever ends it ends the socket with a code."""
        try:
            await work()
        except Ended as over:
            self.connection.end(over.code)
        except AppError as error:
            await self.connection.send(failure(error, self._locale))
            self.connection.end(_CODES.get(error.status, CloseCode.NOT_UNDERSTOOD))
        except Exception:
            _log.exception("A socket failed.")
            await self.connection.send(failure(failed(), self._locale))
            self.connection.end(CloseCode.FAILED)

    async def _listen(self) -> None:
        try:
            async with asyncio.timeout(INIT_WITHIN):
                while self._conversation_id is None:
                    await self._begin_with(await self.connection.receive())
        except TimeoutError as error:
            raise Ended(CloseCode.SILENT) from error
        while True:
            await self._take(await self.connection.receive())

    async def _begin_with(self, text: str) -> None:
        try:
            told = parsed(text)
            frame = SENT.validate_python({"type": "init", **told})
        except (BadBody, ValidationError) as error:
            await self.connection.send(failure(refusal(error), self._locale))
            raise Ended(CloseCode.NOT_UNDERSTOOD) from error
        if not isinstance(frame, Init):
            await self.connection.send(failure(BadBody("Send init first."), self._locale))
            raise Ended(CloseCode.NOT_UNDERSTOOD)
        await self._tried(self._init(frame))

    async def _take(self, text: str) -> None:
        try:
            frame = SENT.validate_python(parsed(text))
        except (BadBody, ValidationError) as error:
            self._mistakes += 1
            await self.connection.send(failure(refusal(error), self._locale))
            if self._mistakes >= MISTAKES:
                raise Ended(CloseCode.NOT_UNDERSTOOD) from error
            return
        if isinstance(frame, Ping):
            await self.connection.send(Answered())
        elif not isinstance(frame, Pong):
            await self._tried(self._do(frame), getattr(frame, "client_id", ""))

    async def _tried(self, work: Coroutine[None, None, None], client_id: str = "") -> None:
        """Do it; what cannot be done is said, and only who is nobody any more is sent away."""
        try:
            await work
        except SignInNeeded:
            raise
        except AppError as error:
            await self.connection.send(failure(error, self._locale, client_id))

    async def _do(self, frame: Any) -> None:
        self.checked_at = time.monotonic()
        # Looked up at each use, as for a request: who was signed out is out at once.
        self._caller = await any_caller(self._websocket, self._market)
        self._caller.actor.must(Permission.READ)
        match frame:
            case Init():
                await self._init(frame)
            case ChatMessage():
                await self._say(frame)
            case Resume():
                self._feed_from(place_of(frame))
            case Typing(active=active):
                await self._tell_typing(active)
            case Read(seq=seq):
                async with tenant_session(self._market.id) as session:
                    await marking.mark_read(session, self._open_id, self._caller.person_id, seq)
            case Stop():
                await answers.stop(self._market, self._open_id, self._caller.member)
            case Retry():
                await self._spend()
                await answers.ask_again(
                    self._market,
                    self._locale,
                    self._open_id,
                    self._caller.member,
                    pace=answers.READING_PACE,
                )
            case _:
                raise AssertionError(frame)

    @property
    def _open_id(self) -> UUID:
        assert self._conversation_id is not None
        return self._conversation_id

    async def _init(self, frame: Init) -> None:
        if frame.locale is not None:
            answers.check_locale(frame.locale)
            self._locale = frame.locale
        elif self._locale not in self._market.locales:
            self._locale = self._market.default_locale
        place = place_of(frame) if has_place(frame) else None
        opened = await self._opened(frame)
        async with tenant_session(self._market.id) as session:
            conversation = await log.check_may_open(session, opened, self._caller.person_id)
            # An interrupted reply that is owed is the entry after the last.
            closed = await reading.close_left_behind(session, opened)
            last = conversation.last_seq + closed
            entries = await log.latest_events(session, opened) if place is None else []
        self._stop_feeding()
        self._conversation_id = conversation.id
        await self.connection.send(ready(conversation, last, self._caller))
        if place is None:
            place = Place(last)
            messages = [said(self._market, one) for one in reading.spoken(entries)]
            await self.connection.send(History(id=str(place), messages=messages))
        self._feed_from(place)

    async def _opened(self, frame: Init) -> UUID:
        """The conversation that is named, or a new one, bound to the agent that is asked for."""
        person, agent = self._caller.member, frame.agent
        if frame.conversation_id is None:
            agent = binding.ANYBODY if agent is None else agent
            made = await binding.begin_with(
                self._market, self._locale, person, agent, frame.course_id
            )
            return made.id
        conversation_id = conversation_named(frame.conversation_id)
        if agent is not None or frame.course_id is not None:
            agent = binding.ANYBODY if agent is None else agent
            await binding.bind(self._market, conversation_id, person, agent, frame.course_id)
        return conversation_id

    async def _say(self, frame: ChatMessage) -> None:
        await self._spend()
        try:
            _id, reply = await answers.ask(
                self._market,
                self._locale,
                frame.message,
                self._open_id,
                self._caller.member,
                pace=answers.READING_PACE,
                client_id=frame.client_id,
            )
        except AlreadySaid as known:
            seq, reply_id = known.entry.seq, str(known.entry.payload["reply_id"])
        else:
            began = reply.steps[0]
            assert isinstance(began, answers.Began)
            seq, reply_id = began.seq, str(reply.id)
        await self.connection.send(Accepted(client_id=frame.client_id, seq=seq, reply_id=reply_id))

    async def _spend(self) -> None:
        await limits.spend("chat", self._market.id, address_of(self._websocket))

    async def _tell_typing(self, active: bool) -> None:
        async with tenant_session(self._market.id) as session:
            await log.check_may_open(session, self._open_id, self._caller.person_id)
            await hearing.tell(
                session, self._open_id, "typing", active=active, author="person", by=self._mark
            )

    def _feed_from(self, place: Place) -> None:
        self._stop_feeding()
        self._feeding = asyncio.create_task(self._guarded(partial(self._feed, place)))

    def _stop_feeding(self) -> None:
        if self._feeding is not None:
            self._feeding.cancel()
            self._feeding = None

    async def _feed(self, place: Place) -> None:
        events = feed(self._market, self._open_id, self._caller.person_id, place)
        async with aclosing(events):
            async for told in self._meant_for_us(events):
                await self.connection.send_json(told)

    async def _meant_for_us(self, events: AsyncGenerator[Told]) -> AsyncGenerator[dict[str, Any]]:
        async for told in events:
            if told.data.get("by") == self._mark:
                # Who types knows it.
                continue
            if told.kind == "gone":
                raise NotFound("There is no such conversation.")
            yield event_of(told)


routes = [WebSocketRoute("/ws/chat", chat)]
