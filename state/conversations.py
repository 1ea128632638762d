"""What a person sees of their conversations with the market, and what they can do in them.

For the page: `on_load=ConversationState.load` on `/[locale]/chat` and `/[locale]/chat/[id]`.

- `ConversationState.conversations`: the list on the side; `conversation_id` is the open one
  (empty: a new one), `title` its title.
- `ConversationState.messages`: what was said, each `Message` with its `lines` (for marks as
  links) and `citations` (for cards). `author` is `person` or `agent`; `ending` is `done`,
  `stopped`, `failed` or `interrupted` (offer `retry` for all but `done`).
- `ReplyState.writing` / `.text` / `.agents`: the reply being written, as plain text.
- `loaded` is False until the first load, when neither list nor messages are known.
- `ConversationState.error`: what went wrong, in the person's language; empty when nothing did.
- Events: `ask` (form with a field `message`), `ask_this(text)`, `stop`, `retry`, `new`,
  `open(id)`, `rename(id, title)`, `remove(id)`, `dismiss_error`.
"""

import dataclasses
import time
from typing import Any
from uuid import UUID

import reflex as rx

from agents import answering
from agents.answering import AnswerEvent, Ended
from agents.maestro import Piece, Routed
from app.accounts import limits
from app.accounts.signing import Member
from app.conversations import log, reading
from app.conversations.replies import Reply
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.i18n import translate
from app.markets.directory import MarketCard
from app.rendering import ssr
from state.access import visitors_may
from state.messages import Message, shown
from state.page import arrive, present_unlisted
from state.session import current_market, current_person, page_locale, path_parts

SETTLED = 5.0
"""Seconds after which a page that loads is taken for another visit than the last question's."""

SEND_EVERY = 0.08
"""Seconds between two sendings of a reply that is being written."""


@dataclasses.dataclass(frozen=True)
class Row:
    """A conversation in the list."""

    id: str
    title: str


class ConversationState(rx.State):
    """The open conversation and the list of the others."""

    conversation_id: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    messages: rx.Field[list[Message]] = rx.field(default_factory=list)
    conversations: rx.Field[list[Row]] = rx.field(default_factory=list)
    error: rx.Field[str] = rx.field("")
    loaded: rx.Field[bool] = rx.field(False)
    _asked_at: float = -SETTLED

    @rx.event
    @visitors_may
    async def load(self):
        """Show the conversation that the path names; a reply still being written is followed.

        A question in the query (`?q=`, from the form on the home page) is asked at once.
        """
        visit = await arrive(self)
        if visit is None:
            return None
        await present_unlisted(self, visit, title=translate(visit.locale, "Ask Maestro"))
        ssr.hydrate("load")
        market = visit.market
        person = await current_person(self, market)
        self.error = ""
        wanted = path_parts(self)[2:3]
        if not wanted and self._just_asked():
            # A question sent while the page was still loading has opened a conversation already.
            wanted = [self.conversation_id]
        try:
            await self._show(market, person, wanted[0] if wanted else "")
        except NotFound as error:
            self._clear()
            ssr.status(404)
            self._say(market, error)
        await self._list(market, person)
        self.loaded = True
        question = visit.query.get("q", "").strip()
        if question and not wanted and not ssr.active:
            return await self._ask(question)
        return self._following()

    @rx.event
    @visitors_may
    async def ask(self, form: dict[str, Any]):
        """Say what the form's `message` holds, and have it answered."""
        return await self._ask(form.get("message"))

    @rx.event
    @visitors_may
    async def ask_this(self, text: str):
        """Say a given text, as a suggestion under an empty conversation does."""
        return await self._ask(text)

    @rx.event
    @visitors_may
    async def retry(self):
        """Have the last message answered once more."""
        if not self.conversation_id:
            return None
        market = await current_market(self)
        person = await current_person(self, market)
        self.error = ""
        try:
            await limits.spend("chat", market.id, self.router.session.client_ip)
            await answering.ask_again(
                market,
                page_locale(self, market),
                UUID(self.conversation_id),
                person,
                pace=answering.READING_PACE,
            )
            await self._show(market, person, self.conversation_id)
        except AppError as error:
            self._say(market, error)
        return self._following()

    @rx.event
    @visitors_may
    async def stop(self):
        """Stop the reply being written; what it said so far stays."""
        if not self.conversation_id:
            return
        market = await current_market(self)
        person = await current_person(self, market)
        await answering.stop(market, UUID(self.conversation_id), person)

    @rx.event
    @visitors_may
    async def new(self):
        """Begin a new conversation; the empty one is not kept until something is said."""
        market = await current_market(self)
        self._clear()
        return [ReplyState.follow(""), _show_path(f"/{page_locale(self, market)}/chat")]

    @rx.event
    @visitors_may
    async def open(self, conversation_id: str):
        """Open one of the person's conversations."""
        market = await current_market(self)
        person = await current_person(self, market)
        self.error = ""
        try:
            await self._show(market, person, str(conversation_id))
        except NotFound as error:
            self._say(market, error)
            return None
        path = f"/{page_locale(self, market)}/chat/{self.conversation_id}"
        return [self._following(), _show_path(path)]

    @rx.event
    async def rename(self, conversation_id: str, title: str):
        """Give a conversation another title."""
        market = await current_market(self)
        person = await current_person(self, market)
        try:
            wanted = _uuid(conversation_id)
            async with tenant_session(market.id) as session:
                await log.check_may_open(session, wanted, person.id if person else None)
                await log.rename(session, wanted, str(title))
        except AppError as error:
            self._say(market, error)
        await self._list(market, person)

    @rx.event
    async def remove(self, conversation_id: str):
        """Delete a conversation for good."""
        market = await current_market(self)
        person = await current_person(self, market)
        try:
            wanted = _uuid(conversation_id)
            await answering.stop(market, wanted, person)
            async with tenant_session(market.id) as session:
                await log.remove(session, wanted)
        except AppError as error:
            self._say(market, error)
            return None
        await self._list(market, person)
        if str(wanted) != self.conversation_id:
            return None
        self._clear()
        return [ReplyState.follow(""), _show_path(f"/{page_locale(self, market)}/chat")]

    @rx.event
    @visitors_may
    async def dismiss_error(self):
        """Take the error message away."""
        self.error = ""

    async def _ask(self, text: object):
        market = await current_market(self)
        person = await current_person(self, market)
        locale = page_locale(self, market)
        self.error = ""
        is_new = not self.conversation_id
        self._asked_at = time.monotonic()
        try:
            await limits.spend("chat", market.id, self.router.session.client_ip)
            conversation_id, _reply = await answering.ask(
                market,
                locale,
                # Nothing checks what a client sends for a parameter.
                text if isinstance(text, str) else "",
                None if is_new else _uuid(self.conversation_id),
                person,
                pace=answering.READING_PACE,
            )
            await self._show(market, person, str(conversation_id))
        except AppError as error:
            self._say(market, error)
            return None
        await self._list(market, person)
        following = self._following()
        return [following, _show_path(f"/{locale}/chat/{conversation_id}")] if is_new else following

    async def _show(self, market: MarketCard, person: Member | None, wanted: str) -> None:
        if not wanted:
            self._clear()
            return
        conversation_id = _uuid(wanted)
        async with tenant_session(market.id) as session:
            conversation = await log.check_may_open(
                session, conversation_id, person.id if person else None
            )
            await reading.close_left_behind(session, conversation_id)
            entries = await log.latest_events(session, conversation_id)
        self.conversation_id = str(conversation_id)
        self.title = conversation.title
        self.messages = [shown(said) for said in reading.spoken(entries)]

    async def _list(self, market: MarketCard, person: Member | None) -> None:
        if person is None:
            self.conversations = []
            return
        async with tenant_session(market.id) as session:
            found = await log.conversations_of(session, person.id)
        self.conversations = [Row(id=str(row.id), title=row.title) for row in found]

    def _just_asked(self) -> bool:
        asked = time.monotonic() - self._asked_at < SETTLED
        return asked and not ssr.active and self.conversation_id != ""

    def _clear(self) -> None:
        self.conversation_id, self.title, self.error = "", "", ""
        self.messages = []

    def _say(self, market: MarketCard, error: AppError) -> None:
        self.error = translate(page_locale(self, market), error.message, **error.params)

    def _following(self):
        # Also when nothing runs: it ends the following of another conversation's reply.
        return ReplyState.follow(self.conversation_id)


class ReplyState(rx.State):
    """The reply being written; small and alone, for it is sent many times a second."""

    writing: rx.Field[bool] = rx.field(False)
    text: rx.Field[str] = rx.field("")
    agents: rx.Field[list[str]] = rx.field(default_factory=list)

    @rx.event(background=True, supersedes=True)
    @visitors_may
    async def follow(self, conversation_id: str):
        """Show the reply being written in the open conversation until it has ended."""
        reply = await self._begin(str(conversation_id))
        if reply is None:
            return
        text, sent_at, agents = "", 0.0, None
        async for event in reply.follow():
            match event:
                case Piece(text=piece):
                    text += piece
                case Routed(route=route):
                    agents = list(route.agents)
                case Ended():
                    break
                case _:
                    continue
            now = time.monotonic()
            if agents is None and now - sent_at < SEND_EVERY:
                continue
            sent_at = now
            async with self:
                self.text = text
                if agents is not None:
                    self.agents, agents = agents, None
        await self._finish(str(conversation_id))

    async def _begin(self, conversation_id: str) -> Reply[AnswerEvent] | None:
        async with self:
            conversation = await self.get_state(ConversationState)
            # What may be followed is what `ConversationState` was allowed to open.
            is_open = bool(conversation_id) and conversation.conversation_id == conversation_id
            reply = answering.running(UUID(conversation_id)) if is_open else None
            self.writing, self.text, self.agents = reply is not None, "", []
        return reply

    async def _finish(self, conversation_id: str) -> None:
        async with self:
            conversation = await self.get_state(ConversationState)
            market = await current_market(self)
            person = await current_person(self, market)
            if conversation.conversation_id == conversation_id:
                await conversation._show(market, person, conversation_id)
            self.writing, self.text, self.agents = False, "", []


def _uuid(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as error:
        raise NotFound("There is no such conversation.") from error


def _show_path(path: str):
    # The address bar follows without a navigation, which would load the page anew.
    return rx.call_script(f"history.replaceState(history.state, '', {path!r})")
