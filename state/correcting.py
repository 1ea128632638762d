"""Putting right what was understood wrongly; the fields are those of `state.slots`."""

from typing import Any

import reflex as rx

from agents.correcting import correct
from app.accounts import limits
from app.errors import AppError
from app.i18n import translate
from state.access import visitors_may
from state.conversation_rows import conversation_id_of
from state.conversations import ConversationState
from state.payloads import form_of, text_of
from state.session import current_marketplace, current_person, page_locale
from state.slots import SlotState


class CorrectingState(rx.State):
    """What the person says of the slots of the open conversation."""

    @rx.event
    @visitors_may
    async def save(self, form: dict[str, Any]):
        """Keep what the form's `value` says, and have the last message answered with it."""
        market = await current_marketplace(self)
        person = await current_person(self, market)
        conversation = await self.get_state(ConversationState)
        slots = await self.get_state(SlotState)
        slots.problem = ""
        try:
            await limits.spend("chat", market.id, self.router.session.client_ip)
            await correct(
                market,
                conversation_id_of(conversation.conversation_id),
                person,
                slots.editing,
                text_of(form_of(form).get("value"), 200),
            )
        except AppError as error:
            slots.problem = translate(page_locale(self, market), error.message, **error.params)
            return None
        slots.editing = ""
        return ConversationState.retry
