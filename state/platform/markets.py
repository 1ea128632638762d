"""The list of markets, with what each of them holds."""

from __future__ import annotations

import dataclasses
from typing import Any

import reflex as rx

from app.database import tenant_session
from app.i18n import N_, in_locale
from app.markets.figures import STATES, MarketFigures, markets_with_figures
from app.settings import settings
from state.admin.entry import Entry
from state.filters import Option
from state.payloads import text_of
from state.platform.entry import (
    STATE_KINDS,
    enter_platform,
    running,
    size_told,
    state_name,
    when_told,
)


@dataclasses.dataclass(frozen=True)
class MarketRow:
    """A market as the list shows it."""

    id: str
    key: str
    name: str
    host: str
    home: str
    state: str
    state_name: str
    state_kind: str
    members: int
    listings: int
    conversations: int
    storage: str
    active: str


class MarketsState(rx.State):
    """One page of the markets."""

    rows: rx.Field[list[MarketRow]] = rx.field(default_factory=list)
    states: rx.Field[list[Option]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    number: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    words: rx.Field[str] = rx.field("")
    only: rx.Field[str] = rx.field("")
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the first page of all markets."""
        entry = await enter_platform(self, place="", title=N_("Markets"))
        if entry is None:
            return
        self.words, self.only, self.number = "", "", 1
        self.states = [Option(one, state_name(one, entry.locale)) for one in STATES]
        await self._list(entry)

    @rx.event
    async def search(self, form: dict[str, Any]):
        """Show the markets that the form asks for."""
        told: Any = form if isinstance(form, dict) else {}
        self.words = text_of(told.get("words"), 100)
        self.only = next((one for one in STATES if one == told.get("state")), "")
        self.number = 1
        await self._list(await running(self))

    @rx.event
    async def earlier(self):
        """Show the page before."""
        self.number = max(1, self.number - 1)
        await self._list(await running(self))

    @rx.event
    async def later(self):
        """Show the next page."""
        self.number += 1
        await self._list(await running(self))

    async def _list(self, entry: Entry) -> None:
        async with tenant_session(entry.market.id) as session:
            found = await markets_with_figures(
                session, entry.actor, words=self.words, state=self.only, number=self.number
            )
        self.rows = [_row(one, entry.locale) for one in found.markets]
        self.total, self.number, self.pages = found.total, found.number, found.pages
        self.loaded = True


def _row(one: MarketFigures, locale: str) -> MarketRow:
    return MarketRow(
        id=str(one.id),
        key=one.key,
        name=in_locale(one.name, locale, (one.default_locale,)),
        host=one.host,
        home=f"{settings().origin(one.host)}/{one.default_locale}",
        state=one.state,
        state_name=state_name(one.state, locale),
        state_kind=STATE_KINDS.get(one.state, "plain"),
        members=one.members,
        listings=one.listings,
        conversations=one.conversations,
        storage=size_told(one.storage),
        active=when_told(one.active_at, locale),
    )
