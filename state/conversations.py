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
  `open(id)`, `dismiss_error`; what changes the list stands in `state.conversation_list`.
"""

import dataclasses
import time
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any
from uuid import UUID

import reflex as rx

from agents import answering
from agents.answering import AnswerEvent
from app.accounts import limits
from app.accounts.actors import Member
from app.conversations import listing, log, reading
from app.conversations.hearing import News, watching
from app.conversations.replies import Reply
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.i18n import translate
from app.markets.directory import MarketCard
from app.rendering import ssr
from state.access import visitors_may
from state.approvals import show_approvals, with_approvals
from state.attachments import show_attachments, waiting_files
from state.conversation_rows import Row, conversation_id_of, judgements, show_path
from state.messages import Message, Step, shown
from state.page import arrive, present_unlisted
from state.receipts import note_read, show_receipt
from state.replying import as_written
from state.session import current_marketplace, current_person, page_locale, path_parts
from state.slots import show_slots

SETTLED = 5.0
"""Seconds after which a page that loads is taken for another visit than the last question's."""

RESTS = 1800.0
"""Seconds without news after which a tab no longer listens, until something is done in it."""
STEPS = ("entry", "changed", "gone")
"""News that change what a tab shows."""


class ConversationState(rx.State):
    """The open conversation and the list of the others."""

    conversation_id: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    messages: rx.Field[list[Message]] = rx.field(default_factory=list)
    conversations: rx.Field[list[Row]] = rx.field(default_factory=list)
    error: rx.Field[str] = rx.field("")
    loaded: rx.Field[bool] = rx.field(False)
    _shown_to: int = 0
    """The number of the newest entry of the log that was there when it was shown."""
    _asked_at: float = -SETTLED
    _asked_early: bool = False
    """Whether something was asked before the page had loaded at all, however long that takes."""

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
        wanted, just_asked = path_parts(self)[2:3], self._just_asked()
        if not wanted and just_asked:
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
        # Who is quick presses it on the page as it was sent, which is not loaded here yet.
        wanted = self.conversation_id or next(iter(path_parts(self)[2:3]), "")
        if not wanted:
            return None
        market = await current_marketplace(self)
        person = await current_person(self, market)
        self.error = ""
        try:
            await limits.spend("chat", market.id, self.router.session.client_ip)
            locale, asked = page_locale(self, market), conversation_id_of(wanted)
            await answering.ask_again(market, locale, asked, person, pace=answering.READING_PACE)
            await self._show(market, person, wanted)
        except AppError as error:
            self._say(market, error)
        return self._following()

    @rx.event
    @visitors_may
    async def stop(self):
        """Stop the reply being written; what it said so far stays."""
        if not self.conversation_id:
            return
        market = await current_marketplace(self)
        person = await current_person(self, market)
        await answering.stop(market, UUID(self.conversation_id), person)

    @rx.event
    @visitors_may
    async def new(self):
        """Begin a new conversation; the empty one is not kept until something is said."""
        market = await current_marketplace(self)
        self._clear()
        await show_slots(self, market, (), page_locale(self, market))
        await show_attachments(self, market, None, None, page_locale(self, market))
        return [ReplyState.follow(""), show_path(f"/{page_locale(self, market)}/chat")]

    @rx.event
    @visitors_may
    async def open(self, conversation_id: str):
        """Open one of the person's conversations."""
        market = await current_marketplace(self)
        person = await current_person(self, market)
        self.error = ""
        try:
            await self._show(market, person, str(conversation_id))
        except NotFound as error:
            self._say(market, error)
            return None
        path = f"/{page_locale(self, market)}/chat/{self.conversation_id}"
        return [self._following(), show_path(path)]

    @rx.event
    @visitors_may
    async def dismiss_error(self):
        """Take the error message away."""
        self.error = ""

    async def _ask(self, text: object):
        market = await current_marketplace(self)
        person = await current_person(self, market)
        locale = page_locale(self, market)
        self.error = ""
        is_new = not self.conversation_id
        self._asked_at, self._asked_early = time.monotonic(), not self.loaded
        try:
            await limits.spend("chat", market.id, self.router.session.client_ip)
            conversation_id, _reply = await answering.ask(
                market,
                locale,
                # Nothing checks what a client sends for a parameter.
                text if isinstance(text, str) else "",
                None if is_new else conversation_id_of(self.conversation_id),
                person,
                pace=answering.READING_PACE,
                attachments=() if is_new else await waiting_files(self),
            )
            await self._show(market, person, str(conversation_id))
        except AppError as error:
            self._say(market, error)
            return None
        await self._list(market, person)
        following = self._following()
        return [following, show_path(f"/{locale}/chat/{conversation_id}")] if is_new else following

    async def _show(self, market: MarketCard, person: Member | None, wanted: str) -> None:
        if not wanted:
            self._clear()
            await show_slots(self, market, (), page_locale(self, market))
            await show_attachments(self, market, None, person, page_locale(self, market))
            return
        conversation_id = conversation_id_of(wanted)
        async with tenant_session(market.id) as session:
            conversation = await log.check_may_open(
                session, conversation_id, person.id if person else None
            )
            await reading.close_left_behind(session, conversation_id)
            entries = await log.latest_events(session, conversation_id)
            judged = await judgements(session, entries)
            await note_read(session, conversation, person.id if person else None)
        self.conversation_id = str(conversation_id)
        self.title, self._shown_to = conversation.title, conversation.last_seq
        told = with_approvals(reading.spoken(entries), entries)
        language = page_locale(self, market)
        self.messages = [
            dataclasses.replace(shown(said, language), judged=judged.get(said.id, ""))
            for said in told
        ]
        await show_receipt(self, conversation_id, told)
        await show_approvals(self, market, conversation_id)
        await show_slots(self, market, entries, language)
        await show_attachments(self, market, conversation_id, person, language)

    async def _show_or_clear(self, market: MarketCard, person: Member | None) -> None:
        """Show the open conversation as it is now, or none where it no longer is this person's."""
        try:
            await self._show(market, person, self.conversation_id)
        except NotFound:
            # Who signed out, or deleted the conversation, meanwhile or in another tab.
            self._clear()

    async def _is_behind(self, market: MarketCard) -> bool:
        """Whether the log of the open conversation has more than is shown."""
        async with tenant_session(market.id) as session:
            return await log.last_number(session, UUID(self.conversation_id)) != self._shown_to

    async def _list(self, market: MarketCard, person: Member | None) -> None:
        if person is None:
            self.conversations = []
            return
        async with tenant_session(market.id) as session:
            found = await listing.conversations_of(session, person.id)
        self.conversations = [Row(str(row.id), row.title, row.pinned) for row in found]

    def _just_asked(self) -> bool:
        asked = self._asked_early or time.monotonic() - self._asked_at < SETTLED
        self._asked_early = False
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
    steps: rx.Field[list[Step]] = rx.field(default_factory=list)
    """Who works on what, where several do."""
    anew: rx.Field[bool] = rx.field(False)
    """Whether what was shown before was taken back, for another model answers."""

    @rx.event(background=True, supersedes=True)
    @visitors_may
    async def follow(self, conversation_id: str):
        """Show the reply being written in the open conversation until it has ended."""
        reply = await self._begin(str(conversation_id))
        if reply is not None:
            async with aclosing(as_written(reply)) as sendings:
                async for one in sendings:
                    async with self:
                        self.text, self.anew = one.text, one.anew
                        if one.agents is not None:
                            self.agents = one.agents
                        if one.steps is not None:
                            self.steps = one.steps
            await self._finish(str(conversation_id))
        return ReplyState.keep_step(str(conversation_id))

    @rx.event(background=True, supersedes=True)
    @visitors_may
    async def keep_step(self, conversation_id: str):
        """Show what other tabs and devices do in the open conversation, until it rests."""
        async with self:
            if not await self._is_open(conversation_id):
                return None
            market = await current_marketplace(self)
        with watching(market.id, UUID(conversation_id)) as watch:
            # What came before somebody watched is in the log.
            news: Sequence[News] = [News("entry")]
            while news:
                if any(one.kind in STEPS for one in news):
                    async with self:
                        if not await self._is_open(conversation_id):
                            return None
                        await self._catch_up(market, news)
                    if answering.running(UUID(conversation_id)):
                        return ReplyState.follow(conversation_id)
                news = await watch.next(RESTS)
        return None

    async def _begin(self, conversation_id: str) -> Reply[AnswerEvent] | None:
        async with self:
            is_open = await self._is_open(conversation_id)
            reply = answering.running(UUID(conversation_id)) if is_open else None
            self.writing, self.text, self.agents = reply is not None, "", []
            self.anew, self.steps = False, []
        return reply

    async def _is_open(self, conversation_id: object) -> bool:
        # What may be followed is what `ConversationState` was allowed to open.
        conversation = await self.get_state(ConversationState)
        return bool(conversation_id) and conversation.conversation_id == conversation_id

    async def _catch_up(self, market: MarketCard, news: Sequence[News]) -> None:
        conversation = await self.get_state(ConversationState)
        person = await current_person(self, market)
        if {one.kind for one in news} == {"entry"} and not await conversation._is_behind(market):
            return
        await conversation._show_or_clear(market, person)
        await conversation._list(market, person)

    async def _finish(self, conversation_id: str) -> None:
        async with self:
            conversation = await self.get_state(ConversationState)
            if conversation.conversation_id == conversation_id:
                market = await current_marketplace(self)
                await conversation._show_or_clear(market, await current_person(self, market))
            self.writing, self.text, self.agents = False, "", []
            self.steps = []
