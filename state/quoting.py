"""Asking for quotes from an answer in the chat."""

from typing import Any
from uuid import UUID

import reflex as rx

from agents.quoting import keep_named, propose_quotes
from app.accounts import limits
from app.errors import AppError
from state.approvals import ApprovalState
from state.conversation_rows import conversation_id_of
from state.conversations import ConversationState
from state.payloads import uuid_of
from state.session import current_actor, current_marketplace, current_person, page_locale


class QuotingState(rx.State):
    """Turns the services that an answer names into a request that waits for approval."""

    @rx.event
    async def keep(self, message_id: str):
        """Keep the services that this answer names on the person's shortlist."""
        market = await current_marketplace(self)
        actor = await current_actor(self, market)
        conversation: Any = await self.get_state(ConversationState)
        conversation.error = ""
        try:
            held = conversation_id_of(conversation.conversation_id)
            await keep_named(market, actor, held, uuid_of(message_id))
        except AppError as error:
            conversation._say(market, error)
            return None
        return rx.redirect(f"/{page_locale(self, market)}/shortlist")

    @rx.event
    async def propose(self, message_id: str):
        """Propose to ask the providers of the services that this answer names."""
        market = await current_marketplace(self)
        actor = await current_actor(self, market)
        locale = page_locale(self, market)
        conversation: Any = await self.get_state(ConversationState)
        conversation.error = ""
        try:
            await limits.spend("quotes", market.id, str(actor.id))
            held: UUID = conversation_id_of(conversation.conversation_id)
            await propose_quotes(market, actor, locale, held, uuid_of(message_id))
            person = await current_person(self, market)
            await conversation._show(market, person, str(held))
        except AppError as error:
            conversation._say(market, error)
            return None
        return ApprovalState.follow
