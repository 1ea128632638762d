"""Answering a message: written to the log, said by a task of its own, followed by whoever asks."""

import asyncio
import dataclasses
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from functools import partial
from http import HTTPStatus
from typing import cast
from uuid import UUID, uuid4

from agents import maestro
from agents.base import Block, Citation, Request, Route
from agents.drafting import Draft
from agents.entering import Words, enter, refuse_repeated, request_of
from agents.events import (
    Anew,
    Blocked,
    Cited,
    Done,
    Event,
    Piece,
    Routed,
    Slotted,
    Traced,
    Working,
)
from agents.slots.keeping import kinds_of, loaded
from app.accounts.actors import Member
from app.conversations import log, reading, replies
from app.conversations.attachments.sending import standing_in
from app.conversations.hearing import hear_here
from app.conversations.log import Entry
from app.conversations.replies import Reply, ReplyRunning
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.i18n import LOCALES, translate
from app.knowledge.access import access_of_person
from app.markets.directory import MarketCard
from app.markets.modules import check_on

READING_PACE = 0.03
"""Seconds between two pieces where a person watches: the composer itself takes no time, and a
text that is suddenly all there is harder to begin reading."""

LINE = 24
"""Characters of a piece that is read as a whole; shorter ones are paced by so much less."""

_log = logging.getLogger(__name__)


class UnknownLocale(AppError):
    """A language that the program does not speak."""


@dataclasses.dataclass(frozen=True)
class Began:
    """The message is in the log and its answer is being made; first event of every answer.

    `message_id` is the id that the reply will have; `entry` the message, or the wish to have it
    answered again, as it stands in the log.
    """

    conversation_id: UUID
    message_id: UUID
    entry: Entry

    @property
    def seq(self) -> int:
        """The number of what is answered."""
        return self.entry.seq


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
    blocks: tuple[Block, ...] = ()


AnswerEvent = Began | Routed | Working | Slotted | Cited | Blocked | Piece | Anew | Ended


@dataclasses.dataclass(frozen=True)
class _Asked:
    """A message in the log that waits for its reply."""

    conversation_id: UUID
    entry: Entry
    request: Request
    pace: float


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
    client_id: str = "",
    edits: int = 0,
    attachments: tuple[UUID, ...] = (),
) -> tuple[UUID, Reply[AnswerEvent]]:
    """Put a message into a conversation (a new one for None) and begin to answer it.

    One that `edits` takes the place of the message with that number and of all that followed.
    Its `attachments` were put into the conversation before.
    A message whose `client_id` stands in the conversation raises `AlreadySaid`: who sends it again
    did not hear that it had arrived.
    """
    check_on(market, "chat")
    said = maestro.checked(message)
    check_locale(locale)
    if conversation_id is None:
        async with tenant_session(market.id) as session:
            conversation_id = await log.start(session, locale, person.id if person else None)
    words = Words(said, client_id, edits, attachments)
    reply = await _begin(market, locale, conversation_id, person, words, pace)
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
    check_on(market, "chat")
    check_locale(locale)
    return await _begin(market, locale, conversation_id, person, None, pace)


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
    person: Member | None,
    said: Words | None,
    pace: float,
) -> Reply[AnswerEvent]:
    """Enter what was `said` (None: the last message again) and begin its reply."""
    person_id = person.id if person else None
    reply: Reply[AnswerEvent] = Reply(uuid4())
    claimed = False
    try:
        async with tenant_session(market.id) as session:
            held = await log.check_may_open(session, conversation_id, person_id, writing=True)
            before = await log.latest_events(session, conversation_id, limit=40)
            if said is not None:
                refuse_repeated(before, said.client_id)
            if reading.unanswered(before) is not None:
                if not await reading.close_left_behind(session, conversation_id):
                    # It is being written, here or by another process.
                    raise ReplyRunning(
                        "The last message is still being answered.", status=HTTPStatus.CONFLICT
                    )
                before = await log.latest_events(session, conversation_id, limit=40)
            replies.claim(conversation_id, reply)
            claimed = True
            if said is not None and said.edits:
                # What its answer rests on is what was said before it was first said.
                earlier = await log.latest_events(session, conversation_id, 40, before=said.edits)
            else:
                earlier = before
            entry = await enter(session, conversation_id, before, said, locale, reply.id)
            first = entry.payload.get("edits") or entry.payload.get("asked", entry.seq)
            files = await standing_in(session, conversation_id, first)
    except BaseException:
        if claimed:
            replies.release(conversation_id)
        raise
    reply.say(Began(conversation_id, reply.id, entry))
    request = dataclasses.replace(
        request_of(market, locale, entry, earlier, conversation_id, person_id),
        access=access_of_person(market, person),
        earlier_files=tuple(files),
        agent=held.agent,
        course_id=held.course_id,
        kept=loaded(reading.slots(earlier)),
        corrected=kinds_of(reading.corrected(before, entry)),
    )
    replies.begin(
        conversation_id, reply, partial(_write, _Asked(conversation_id, entry, request, pace))
    )
    hear_here(market.id, conversation_id, entry.seq)
    return reply


async def _write(asked: _Asked, reply: Reply[AnswerEvent]) -> None:
    """Say the reply, and put it into the log however it ends."""
    draft = Draft()
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
    try:
        await _put_down(asked, reply, draft)
    except NotFound:
        # Whoever deleted the conversation meanwhile wanted its reply deleted too.
        _log.info("The reply %s belongs to no conversation any more.", reply.id)


async def _say(asked: _Asked, reply: Reply[AnswerEvent], draft: Draft) -> None:
    async with AsyncExitStack() as turn:
        await turn.enter_async_context(replies.turn())
        async for event in maestro.answer(asked.request):
            # What follows may wait for models, for minutes.
            await turn.aclose()
            await _heard(asked, reply, draft, event)


async def _heard(asked: _Asked, reply: Reply[AnswerEvent], draft: Draft, event: Event) -> None:
    match event:
        case Routed(route=route, trace=trace):
            draft.route, draft.agent, draft.trace = route, route.agents[0], trace
            await _put_down_route(asked, route)
        case Traced(trace=trace):
            draft.trace = trace
            return
        case Slotted():
            draft.slots = event
        case Blocked(blocks=blocks):
            draft.blocks = blocks
        case Working():
            pass
        case Cited(citations=citations):
            draft.citations = citations
        case Piece(text=text):
            draft.text += text
        case Anew():
            draft.voided += len(draft.text) + 1
            draft.text = ""
        case Done(agent=agent, model=model, credit=credit):
            draft.agent, draft.model, draft.credit = agent, model, credit
            return
    reply.say(event)
    if isinstance(event, Piece):
        # A model's words come one by one, and are not held back as a whole line would be.
        await asyncio.sleep(asked.pace * min(1.0, len(event.text) / LINE))


async def _put_down_route(asked: _Asked, route: Route) -> None:
    async with tenant_session(asked.request.market.id) as session:
        await log.append(session, asked.conversation_id, "route", dataclasses.asdict(route))


async def _put_down(asked: _Asked, reply: Reply[AnswerEvent], draft: Draft) -> None:
    async with tenant_session(asked.request.market.id) as session:
        entry = await log.append(
            session,
            asked.conversation_id,
            "reply",
            draft.told(asked.entry.seq),
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
            blocks=draft.blocks,
        )
    )
