"""What a person does to the list of their conversations: giving names, deleting.

Both begin in the row itself: `renaming` and `removing` hold the id of the conversation whose row
shows the field for a name, or asks whether to delete. `leave` closes either.
"""

import json
from typing import Any

import reflex as rx

from agents import answering
from app.conversations import keeping
from app.database import tenant_session
from app.errors import AppError
from state.conversation_rows import conversation_id_of, show_path
from state.conversations import ConversationState, ReplyState
from state.session import current_market, current_person, page_locale


class ConversationListState(rx.State):
    """Which row of the list is being changed, and the changes."""

    renaming: rx.Field[str] = rx.field("")
    removing: rx.Field[str] = rx.field("")

    @rx.event
    async def begin_renaming(self, conversation_id: str):
        """Show the field for a name in the row of this conversation."""
        self.renaming, self.removing = str(conversation_id), ""

    @rx.event
    async def begin_removing(self, conversation_id: str):
        """Ask in the row of this conversation whether to delete it."""
        self.renaming, self.removing = "", str(conversation_id)

    @rx.event
    async def leave(self):
        """Leave the row as it is; what has the keyboard is the row again."""
        row = self.renaming or self.removing
        self._close()
        return _focus_row(row)

    @rx.event
    async def rename(self, form: dict[str, Any]):
        """Give the conversation whose row has the field the name that its `title` holds."""
        conversations = await self.get_state(ConversationState)
        market = await current_market(self)
        person = await current_person(self, market)
        try:
            wanted = conversation_id_of(self.renaming)
            async with tenant_session(market.id) as session:
                title = await keeping.rename(
                    session, wanted, person.id if person else None, str(form.get("title", ""))
                )
        except AppError as error:
            conversations._say(market, error)
            return None
        if conversations.conversation_id == str(wanted):
            conversations.title = title
        await conversations._list(market, person)
        self._close()
        return _focus_row(str(wanted))

    @rx.event
    async def remove(self, conversation_id: str):
        """Delete a conversation for good."""
        conversations = await self.get_state(ConversationState)
        market = await current_market(self)
        person = await current_person(self, market)
        self._close()
        try:
            wanted = conversation_id_of(conversation_id)
            await answering.stop(market, wanted, person)
            async with tenant_session(market.id) as session:
                await keeping.remove(session, wanted, person.id if person else None)
        except AppError as error:
            conversations._say(market, error)
            return None
        await conversations._list(market, person)
        if conversations.conversation_id != str(wanted):
            return None
        conversations._clear()
        return [ReplyState.follow(""), show_path(f"/{page_locale(self, market)}/chat")]

    def _close(self) -> None:
        self.renaming = self.removing = ""


def _focus_row(conversation_id: str):
    wanted = json.dumps(conversation_id)
    # The list stands twice in the page, beside the thread and in the phone's drawer; one is shown.
    # A frame later, when the row is a row again.
    return rx.call_script(
        "requestAnimationFrame(() => [...document.querySelectorAll('[data-conversation]')]"
        f".find(row => row.dataset.conversation === {wanted} && row.offsetParent)?.focus())"
    )
