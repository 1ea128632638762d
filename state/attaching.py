"""What a person does with the files that they send with their next message.

The browser hands files over to `/files/conversations/ID` itself (`assets/attach.js`); a state takes
no bytes. `begin` says into which conversation, and `arrived` is told when that is done.
"""

import asyncio
import time
from typing import Any

import reflex as rx

from app.accounts.actors import Member
from app.conversations import log
from app.conversations.attachments import taking
from app.database import tenant_session
from app.errors import AppError
from app.markets.directory import MarketCard
from app.markets.modules import check_on
from state.attachments import AttachmentState, show_attachments
from state.conversation_rows import conversation_id_of, show_path
from state.conversations import ConversationState
from state.payloads import text_of, uuid_of
from state.session import current_market, current_marketplace, current_person, page_locale

LOOKS_EVERY = 0.7
"""Seconds between two looks at how far reading is."""
LOOKS_FOR = 300.0
LONGEST_PROBLEM = 1000


class AttachingState(rx.State):
    """Putting files beside the message that is being written, and taking them back."""

    @rx.event
    async def begin(self):
        """Say into which conversation the browser shall put the files that were chosen."""
        market = await current_marketplace(self)
        person = await current_person(self, market)
        conversations = await self.get_state(ConversationState)
        if person is None:
            return None
        conversations.error = ""
        is_new = not conversations.conversation_id
        locale = page_locale(self, market)
        try:
            check_on(market, "chat")
            async with tenant_session(market.id) as session:
                if is_new:
                    held = await log.start(session, locale, person.id)
                else:
                    held = conversation_id_of(conversations.conversation_id)
                    await log.check_may_open(session, held, person.id)
        except AppError as error:
            conversations._say(market, error)
            return None
        conversations.conversation_id = str(held)
        (await self.get_state(AttachmentState)).sending = True
        send = rx.call_script(
            f"window.agoraAttach('/files/conversations/{held}')", callback=AttachingState.arrived
        )
        # The address keeps what was put there, for whoever loads the page anew.
        return [send, show_path(f"/{locale}/chat/{held}")] if is_new else send

    @rx.event
    async def arrived(self, problem: str):
        """Show what the browser has put there; `problem` is what the market said of the rest."""
        market = await current_marketplace(self)
        person = await current_person(self, market)
        (await self.get_state(AttachmentState)).sending = False
        conversations = await self.get_state(ConversationState)
        conversations.error = text_of(problem, LONGEST_PROBLEM)
        if await self._show(market, person):
            return AttachingState.follow
        return None

    @rx.event(background=True, supersedes=True)
    async def follow(self):
        """Show how far reading the files is, until all of them are read."""
        until = time.monotonic() + LOOKS_FOR
        while time.monotonic() < until:
            async with self:
                market = await current_marketplace(self)
                if not await self._show(market, await current_person(self, market)):
                    return
            await asyncio.sleep(LOOKS_EVERY)

    @rx.event
    async def remove(self, attachment_id: str):
        """Take a file back that was not sent yet."""
        market = await current_market(self)
        person = await current_person(self, market)
        conversations = await self.get_state(ConversationState)
        try:
            async with tenant_session(market.id) as session:
                await taking.remove(
                    session,
                    conversation_id_of(conversations.conversation_id),
                    person.id if person else None,
                    uuid_of(attachment_id),
                )
        except AppError as error:
            conversations._say(market, error)
        await self._show(market, person)

    async def _show(self, market: MarketCard, person: Member | None) -> bool:
        conversations: Any = await self.get_state(ConversationState)
        held = conversations.conversation_id
        try:
            return await show_attachments(
                self,
                market,
                conversation_id_of(held) if held else None,
                person,
                page_locale(self, market),
            )
        except AppError as error:
            conversations._say(market, error)
            return False
