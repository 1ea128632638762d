"""What a person does with what was said: saying it otherwise, judging it, branching from it.

`editing` holds the id of the message whose words stand in a field, `judging` that of the reply
for which a reason is asked.
"""

from typing import Any
from uuid import UUID

import reflex as rx

from agents import answering
from app.accounts import limits
from app.conversations import branching, feedback
from app.database import tenant_session
from app.errors import AppError
from state.access import visitors_may
from state.conversation_rows import conversation_id_of, show_path
from state.conversations import ConversationState
from state.session import current_marketplace, current_person, page_locale


class MessageToolsState(rx.State):
    """Which message is being changed or judged."""

    editing: rx.Field[str] = rx.field("")
    judging: rx.Field[str] = rx.field("")

    @rx.event
    @visitors_may
    async def begin_editing(self, message_id: str):
        """Show the words of a message in a field."""
        self.editing, self.judging = str(message_id), ""

    @rx.event
    @visitors_may
    async def leave(self):
        """Leave everything as it is."""
        self.editing = self.judging = ""

    @rx.event
    @visitors_may
    async def say_otherwise(self, form: dict[str, Any]):
        """Say the message that is being changed as the form's `message` has it."""
        conversations = await self.get_state(ConversationState)
        market = await current_marketplace(self)
        person = await current_person(self, market)
        seq = next((one.seq for one in conversations.messages if one.id == self.editing), 0)
        if not seq or not conversations.conversation_id:
            self.editing = ""
            return None
        conversations.error = ""
        text = form.get("message")
        try:
            await limits.spend("chat", market.id, self.router.session.client_ip)
            await answering.ask(
                market,
                page_locale(self, market),
                text if isinstance(text, str) else "",
                conversation_id_of(conversations.conversation_id),
                person,
                pace=answering.READING_PACE,
                edits=seq,
            )
            self.editing = ""
            await conversations._show(market, person, conversations.conversation_id)
        except AppError as error:
            conversations._say(market, error)
        return conversations._following()

    @rx.event
    @visitors_may
    async def judge(self, reply_id: str, good: bool):
        """Say whether a reply was good; said twice it is taken back. A bad one is asked why."""
        conversations = await self.get_state(ConversationState)
        said = "good" if good is True else "bad"
        known = any(one.id == reply_id and one.judged == said for one in conversations.messages)
        await self._judge(reply_id, None if known else good is True)
        self.judging = "" if known or good is True else str(reply_id)

    @rx.event
    @visitors_may
    async def judge_why(self, form: dict[str, Any]):
        """Say why the reply that is being judged was not good."""
        reason, note = form.get("reason"), form.get("note")
        await self._judge(
            self.judging,
            False,
            reason if isinstance(reason, str) else "",
            note if isinstance(note, str) else "",
        )
        self.judging = ""

    @rx.event
    async def branch(self, reply_id: str):
        """Go on in another conversation from a reply, and leave this one as it is."""
        conversations = await self.get_state(ConversationState)
        market = await current_marketplace(self)
        person = await current_person(self, market)
        seq = next((one.seq for one in conversations.messages if one.id == reply_id), 0)
        try:
            held = conversation_id_of(conversations.conversation_id)
            async with tenant_session(market.id) as session:
                made = await branching.branch(session, held, person.id if person else None, seq)
            await conversations._show(market, person, str(made))
        except AppError as error:
            conversations._say(market, error)
            return None
        await conversations._list(market, person)
        path = f"/{page_locale(self, market)}/chat/{made}"
        return [conversations._following(), show_path(path)]

    async def _judge(
        self, reply_id: str, good: bool | None, reason: str = "", note: str = ""
    ) -> None:
        conversations = await self.get_state(ConversationState)
        market = await current_marketplace(self)
        person = await current_person(self, market)
        person_id: UUID | None = person.id if person else None
        try:
            held = conversation_id_of(conversations.conversation_id)
            async with tenant_session(market.id) as session:
                await feedback.judge(
                    session,
                    held,
                    person_id,
                    conversation_id_of(reply_id),
                    good=good,
                    reason=reason,
                    note=note,
                )
            await conversations._show(market, person, str(held))
        except AppError as error:
            conversations._say(market, error)
