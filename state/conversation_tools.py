"""What a person does with a conversation beside naming and deleting it; opened in its row.

`opened` holds the id of the row whose tools are shown, `share_url` the link by which that
conversation is shared, empty where it is not.
"""

from uuid import UUID

import reflex as rx

from app.accounts.actors import Member
from app.conversations import keeping, listing, sharing
from app.conversations.listing import Summary
from app.database import tenant_session
from app.errors import AppError
from app.markets.directory import MarketCard
from app.settings import settings
from state.conversation_rows import Row, conversation_id_of
from state.conversations import ConversationState
from state.session import current_market, current_person, page_locale


class ConversationToolsState(rx.State):
    """The tools of a row, what is put away, and what was searched for."""

    opened: rx.Field[str] = rx.field("")
    share_url: rx.Field[str] = rx.field("")
    query: rx.Field[str] = rx.field("")
    found: rx.Field[list[Row]] = rx.field(default_factory=list)
    shows_archived: rx.Field[bool] = rx.field(False)
    archived: rx.Field[list[Row]] = rx.field(default_factory=list)

    @rx.event
    async def open(self, conversation_id: str):
        """Show the tools of a conversation in its row, or put them away again."""
        wanted = str(conversation_id)
        self.opened, self.share_url = "" if self.opened == wanted else wanted, ""
        if not self.opened:
            return
        market = await current_market(self)
        person = await current_person(self, market)
        try:
            async with tenant_session(market.id) as session:
                link = await sharing.share_of(session, conversation_id_of(wanted), _id(person))
        except AppError as error:
            await self._say(market, error)
            return
        self.share_url = self._address(market, link.token) if link else ""

    @rx.event
    async def pin(self, conversation_id: str, on: bool):
        """Keep a conversation on top of the list, or no longer."""
        await self._keep(keeping.pin, conversation_id, on=on is True)

    @rx.event
    async def archive(self, conversation_id: str, on: bool):
        """Put a conversation out of the list, or back into it."""
        await self._keep(keeping.archive, conversation_id, on=on is True)

    @rx.event
    async def share(self, conversation_id: str):
        """Make a link to a conversation as it is now."""
        market = await current_market(self)
        person = await current_person(self, market)
        try:
            wanted = conversation_id_of(conversation_id)
            async with tenant_session(market.id) as session:
                link = await sharing.share(session, wanted, _id(person))
        except AppError as error:
            await self._say(market, error)
            return
        self.opened, self.share_url = str(wanted), self._address(market, link.token)

    @rx.event
    async def unshare(self, conversation_id: str):
        """Have the link to a conversation open nothing any more."""
        market = await current_market(self)
        person = await current_person(self, market)
        try:
            async with tenant_session(market.id) as session:
                await sharing.unshare(session, conversation_id_of(conversation_id), _id(person))
        except AppError as error:
            await self._say(market, error)
            return
        self.share_url = ""

    @rx.event(supersedes=True)
    async def search(self, query: str):
        """Show the conversations in which these words stand; all of them for no words."""
        self.query = query[:200] if isinstance(query, str) else ""
        market = await current_market(self)
        person = await current_person(self, market)
        if person is None or not self.query.strip():
            self.query, self.found = "", []
            return
        async with tenant_session(market.id) as session:
            found = await listing.search_conversations(session, person.id, self.query)
        self.found = [row_of(one) for one in found]

    @rx.event
    async def show_archived(self):
        """Show what was put away below the list, or hide it again."""
        self.shows_archived = not self.shows_archived
        await self._list_archived()

    async def _keep(self, deed: keeping.Deed, conversation_id: str, *, on: bool) -> None:
        market = await current_market(self)
        person = await current_person(self, market)
        conversations = await self.get_state(ConversationState)
        try:
            async with tenant_session(market.id) as session:
                await deed(session, conversation_id_of(conversation_id), _id(person), on=on)
        except AppError as error:
            await self._say(market, error)
            return
        self.opened = self.share_url = ""
        await conversations._list(market, person)
        await self._list_archived()

    async def _list_archived(self) -> None:
        market = await current_market(self)
        person = await current_person(self, market)
        if person is None or not self.shows_archived:
            self.archived = []
            return
        async with tenant_session(market.id) as session:
            found = await listing.conversations_of(session, person.id, 200, archived=True)
        self.archived = [row_of(one) for one in found]

    async def _say(self, market: MarketCard, error: AppError) -> None:
        (await self.get_state(ConversationState))._say(market, error)

    def _address(self, market: MarketCard, token: str) -> str:
        return f"{settings().origin(market.host)}/{page_locale(self, market)}/shared/{token}"


def row_of(one: Summary) -> Row:
    """A conversation as the list shows it."""
    return Row(str(one.id), one.title, one.pinned, one.archived, one.passage)


def _id(person: Member | None) -> UUID | None:
    return person.id if person else None
