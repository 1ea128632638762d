"""One listing in its provider's office."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.catalogue.editing import delete_listing, send_for_approval, withdraw
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_
from app.markets.directory import MarketCard
from state.admin.entry import Entry, acting, say_done, say_wrong
from state.listings import NEW, ListingForm
from state.office.entry import enter_office
from state.page import refuse
from state.payloads import uuid_of

Deed = Callable[[TenantSession, Actor, MarketCard, UUID], Awaitable[Any]]


class OfficeListingState(ListingForm, rx.State):
    """A draft, or what became of it."""

    @rx.event
    async def load(self):
        """Show the listing that the path names, or an empty form for a new one."""
        slug = self.router.url.path.rstrip("/").rpartition("/")[2]
        self.ready = False
        self.listing_id = "" if slug == NEW else slug
        self.provider_id = ""
        await self._opened()

    @rx.event
    async def send(self):
        """Send the listing to the market's staff."""
        await self._do(send_for_approval, N_("Sent. The market looks at it before it is shown."))

    @rx.event
    async def withdraw(self):
        """Take the listing off the pages."""

        async def back(
            session: TenantSession, actor: Actor, _market: MarketCard, listing_id: UUID
        ) -> None:
            await withdraw(session, actor, listing_id)

        await self._do(back, N_("It is a draft again, which nobody else sees."))

    @rx.event
    async def delete(self):
        """Delete the listing."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await delete_listing(session, entry.actor, uuid_of(self.listing_id))
        except AppError as error:
            await say_wrong(self, error)
            return None
        return rx.redirect(f"/{entry.locale}/office")

    async def _do(self, deed: Deed, message: str) -> None:
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await deed(session, entry.actor, entry.market, uuid_of(self.listing_id))
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._open()
        await say_done(self, message)

    def _place(self, listing_id: str) -> str:
        return self.router.url.path.rpartition("/")[0] + "/" + listing_id

    async def _enter(self) -> Entry | None:
        entry = await enter_office(self, title=N_("Service"))
        if entry is None:
            return None
        try:
            entry.actor.must(Permission.OFFER)
        except AppError as error:
            await refuse(self, error)
            return None
        if not self.listing_id:
            self.provider_id = str(next(iter(sorted(entry.actor.providers)), ""))
        return entry
