"""Answering a message: written to the log, said by a task of its own, followed by whoever asks."""

import asyncio
import dataclasses
import logging
from collections.abc import AsyncGenerator
from functools import partial
from http import HTTPStatus
from typing import cast
from uuid import UUID, uuid4

from agents import maestro
from agents.base import Citation, Request, Route, Said
from agents.maestro import Cited, Done, Piece, Routed
from app.accounts.signing import Member
from app.conversations import log, reading, replies
from app.conversations.log import Entry
from app.conversations.replies import Reply, ReplyRunning
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import LOCALES, translate
from app.markets.directory import MarketCard

READING_PACE = 0.03
"""Seconds between two pieces where a person watches: the composer itself takes no time, and a
text that is suddenly all there is harder to begin reading."""

REMEMBERED = 8
"""How many earlier messages an answer may rest on."""

_log = logging.getLogger(__name__)


class UnknownLocale(AppError):
    """A language that the program does not speak."""


@dataclasses.dataclass(frozen=True)
class Began:
    """The message is in the log and its answer is being made; first event of every answer.

    `message_id` is the id that the reply will have; `seq` the message's number in the log.
    """

    conversation_id: UUID
    message_id: UUID
    seq: int


@dataclasses.dataclass(frozen=True)
class Ended:
    """The answer is in the log, with this number; last event of every answer.

    `ending` is `done`, `stopped` (by the person), `failed` or `interrupted` (the program ended).
    """

    text: str
    agent: str
    model: str
    ending: str
    seq: int
    route: Route | None
    citations: tuple[Citation, ...]


AnswerEvent = Began | Routed | Cited | Piece | Ended


@dataclasses.dataclass(frozen=True)
class _Asked:
    """A message in the log that waits for its reply."""

    conversation_id: UUID
    entry: Entry
    request: Request
    pace: float


@dataclasses.dataclass
class _Draft:
    """A reply as far as it has been said."""

    text: str = ""
    citations: tuple[Citation, ...] = ()
    agent: str = "maestro"
    model: str = ""
    ending: str = "done"
    route: Route | None = None


async def answer(
    market: MarketCard,
    locale: str,
    message: str,
    conversation_id: UUID | None = None,
    person: Member | None = None,
    *,
    pace: float = 0.0,
) -> AsyncGenerator[AnswerEvent]:
    """Ask, and yield the answer's events: Began, Routed, Cited, Piece..., Ended.

    The answer is finished and kept also when nobody follows it any more. Raises `AppError`
    before the first event when the message cannot be asked.
    """
    _conversation, reply = await ask(market, locale, message, conversation_id, person, pace=pace)
    async for event in reply.follow():
        yield event


async def ask(
    market: MarketCard,
    locale: str,
    message: str,
    conversation_id: UUID | None = None,
    person: Member | None = None,
    *,
    pace: float = 0.0,
) -> tuple[UUID, Reply[AnswerEvent]]:
    """Put a message into a conversation (a new one for None) and begin to answer it."""
    said = maestro.checked(message)
    check_locale(locale)
    person_id = person.id if person else None
    async with tenant_session(market.id) as session:
        if conversation_id is None:
            conversation_id = await log.start(session, locale, person_id)
        else:
            await log.check_may_open(session, conversation_id, person_id)
            await reading.close_left_behind(session, conversation_id)
    reply = await _begin(market, locale, conversation_id, person_id, said, pace)
    return conversation_id, reply


async def ask_again(
    market: MarketCard,
    locale: str,
    conversation_id: UUID,
    person: Member | None = None,
    *,
    pace: float = 0.0,
) -> Reply[AnswerEvent]:
    """Answer the last message of a conversation once more."""
    check_locale(locale)
    person_id = person.id if person else None
    async with tenant_session(market.id) as session:
        await log.check_may_open(session, conversation_id, person_id)
        await reading.close_left_behind(session, conversation_id)
    return await _begin(market, locale, conversation_id, person_id, None, pace)


async def stop(market: MarketCard, conversation_id: UUID, person: Member | None) -> None:
    """Stop the reply being written in this conversation; what it said so far is kept."""
    async with tenant_session(market.id) as session:
        await log.check_may_open(session, conversation_id, person.id if person else None)
    reply = replies.running(conversation_id)
    if reply is not None:
        reply.stop(by_person=True)
        await reply.wait()


def running(conversation_id: UUID) -> Reply[AnswerEvent] | None:
    """The reply being written in this conversation, to be followed, or None."""
    return cast("Reply[AnswerEvent] | None", replies.running(conversation_id))


def check_locale(locale: str) -> None:
    """Raise `UnknownLocale` unless the program speaks this language."""
    if locale not in LOCALES:
        raise UnknownLocale("Agora does not speak the language %(language)s.", language=locale[:20])


async def _begin(
    market: MarketCard,
    locale: str,
    conversation_id: UUID,
    person_id: UUID | None,
    said: str | None,
    pace: float,
) -> Reply[AnswerEvent]:
    """Enter what was `said` (None: the last message again) and begin its reply."""
    reply: Reply[AnswerEvent] = Reply(uuid4())
    replies.claim(conversation_id, reply)
    try:
        async with tenant_session(market.id) as session:
            await log.check_may_open(session, conversation_id, person_id, writing=True)
            before = await log.latest_events(session, conversation_id, limit=40)
            if reading.unanswered(before) is not None:
                # Another process is writing the reply.
                raise ReplyRunning(
                    "The last message is still being answered.", status=HTTPStatus.CONFLICT
                )
            entry = await _enter(session, conversation_id, before, said, locale, reply.id)
    except BaseException:
        replies.release(conversation_id)
        raise
    reply.say(Began(conversation_id, reply.id, entry.seq))
    request = _request(market, locale, entry, before)
    replies.begin(
        conversation_id, reply, partial(_write, _Asked(conversation_id, entry, request, pace))
    )
    return reply


async def _enter(
    session: TenantSession,
    conversation_id: UUID,
    before: list[Entry],
    said: str | None,
    locale: str,
    reply_id: UUID,
) -> Entry:
    marks = {"locale": locale, "reply_id": str(reply_id), "process": replies.PROCESS}
    if said is not None:
        if not before:
            await log.name_after(session, conversation_id, said)
        return await log.append(session, conversation_id, "message", {"text": said, **marks})
    asked = next((entry for entry in reversed(before) if entry.kind == "message"), None)
    if asked is None:
        raise AppError("There is nothing to answer again.")
    again = {"text": asked.payload["text"], "asked": asked.seq}
    return await log.append(session, conversation_id, "retry", {**again, **marks})


def _request(market: MarketCard, locale: str, entry: Entry, before: list[Entry]) -> Request:
    """The message with what was said before it."""
    first = entry.payload.get("asked", entry.seq)
    earlier = reading.spoken([past for past in before if past.seq < first])
    return Request(
        market=market,
        locale=locale,
        message=entry.payload["text"],
        history=[
            Said("person" if past.author == "person" else "agent", past.text)
            for past in earlier[-REMEMBERED:]
        ],
        shown=frozenset(
            citation["external_id"] for past in earlier[-REMEMBERED:] for citation in past.citations
        ),
    )


async def _write(asked: _Asked, reply: Reply[AnswerEvent]) -> None:
    """Say the reply, and put it into the log however it ends."""
    draft = _Draft()
    try:
        async with asyncio.timeout(replies.LONGEST_REPLY.total_seconds()):
            await _say(asked, reply, draft)
        draft.ending = "done"
    except asyncio.CancelledError:
        draft.ending = "stopped" if reply.stopped_by_person else "interrupted"
    except Exception:
        _log.exception("The reply %s failed.", reply.id)
        draft.ending = "failed"
        if not draft.text:
            draft.text = translate(asked.request.locale, "Something went wrong. Please try again.")
            reply.say(Piece(draft.text))
    await _put_down(asked, reply, draft)


async def _say(asked: _Asked, reply: Reply[AnswerEvent], draft: _Draft) -> None:
    async for event in maestro.answer(asked.request):
        match event:
            case Routed(route=route):
                draft.route, draft.agent = route, route.agents[0]
                await _put_down_route(asked, route)
            case Cited(citations=citations):
                draft.citations = citations
            case Piece(text=text):
                draft.text += text
            case Done(agent=agent, model=model):
                draft.agent, draft.model = agent, model
                continue
        reply.say(event)
        if isinstance(event, Piece):
            await asyncio.sleep(asked.pace)


async def _put_down_route(asked: _Asked, route: Route) -> None:
    async with tenant_session(asked.request.market.id) as session:
        await log.append(session, asked.conversation_id, "route", dataclasses.asdict(route))


async def _put_down(asked: _Asked, reply: Reply[AnswerEvent], draft: _Draft) -> None:
    async with tenant_session(asked.request.market.id) as session:
        entry = await log.append(
            session,
            asked.conversation_id,
            "reply",
            {
                "text": draft.text,
                "citations": [dataclasses.asdict(citation) for citation in draft.citations],
                "agent": draft.agent,
                "model": draft.model,
                "asked": asked.entry.seq,
                "ending": draft.ending,
            },
            id=reply.id,
        )
    reply.say(
        Ended(
            text=draft.text,
            agent=draft.agent,
            model=draft.model,
            ending=draft.ending,
            seq=entry.seq,
            route=draft.route,
            citations=draft.citations,
        )
    )
