"""What a provider was asked to name a price for, and their answers."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_, in_locale, money, written_date
from app.markets.directory import MarketCard
from app.vendors.letters import facts_of
from app.vendors.quotes import Asked, answer_quote, decline_quote, requests_to
from state.admin.entry import acting, say_done, say_wrong
from state.office.entry import enter_office
from state.page import refuse
from state.payloads import form_of, text_of, uuid_of


@dataclasses.dataclass(frozen=True)
class QuoteRow:
    """A request as the office shows it."""

    id: str
    person: str
    services: str
    message: str
    facts: list[str]
    state: str
    price: str
    note: str
    asked: str
    until: str


class OfficeQuotesState(rx.State):
    """The requests to the providers that a person acts for, the newest first."""

    rows: rx.Field[list[QuoteRow]] = rx.field(default_factory=list)
    currency: rx.Field[str] = rx.field("")
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show what was asked."""
        self.loaded = False
        entry = await enter_office(self, title=N_("Requests for quotes"))
        if entry is None:
            return
        try:
            entry.actor.must(Permission.OFFER)
        except AppError as error:
            await refuse(self, error)
            return
        await self._show(entry.market, entry.actor, entry.locale)

    @rx.event
    async def answer(self, form: dict[str, Any]):
        """Name a price."""
        told = form_of(form)

        async def do(session: TenantSession, actor: Actor, market: MarketCard) -> None:
            which = uuid_of(told.get("request"))
            amount, note = told.get(f"amount-{which}"), text_of(told.get(f"note-{which}"))
            await answer_quote(session, actor, market, which, amount, note)

        await self._do(do, N_("Your price is on its way."))

    @rx.event
    async def decline(self, request_id: str):
        """Say that the provider will not do it."""

        async def do(session: TenantSession, actor: Actor, market: MarketCard) -> None:
            await decline_quote(session, actor, market, uuid_of(request_id), "")

        await self._do(do, N_("You declined the request."))

    async def _do(
        self, do: Callable[[TenantSession, Actor, MarketCard], Awaitable[None]], message: str
    ) -> None:
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await do(session, entry.actor, entry.market)
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._show(entry.market, entry.actor, entry.locale)
        await say_done(self, message)

    async def _show(self, market: MarketCard, actor: Actor, locale: str) -> None:
        async with tenant_session(market.id) as session:
            found = await requests_to(session, actor)
        self.rows = [_row(one, locale) for one in found]
        self.currency, self.loaded = market.currency, True


def _row(asked: Asked, locale: str) -> QuoteRow:
    row = asked.request
    return QuoteRow(
        id=str(row.id),
        person=asked.person,
        services=", ".join(in_locale(one["title"], locale) for one in row.services),
        message=row.message,
        facts=facts_of(row, locale),
        state=asked.state,
        price="" if row.amount is None else money(row.amount, row.currency, locale),
        note=row.note,
        asked=written_date(row.created_at.date(), locale),
        until=written_date(row.expires_at.date(), locale),
    )
