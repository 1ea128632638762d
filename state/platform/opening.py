"""Opening a market, with an invitation for who shall own it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from app.accounts.invitations import invite_owner
from app.accounts.signing import EmailRefused, normal_email
from app.errors import AppError, Unavailable
from app.i18n import LOCALES, N_, own_name
from app.markets.closing import deed_session, owner_is_configured
from app.markets.opening import create_market
from app.markets.shaping import NotAccepted
from app.settings import settings
from state.admin.entry import say_done, say_wrong, translated
from state.admin.place import Language, currency_options, zone_names
from state.filters import Option
from state.payloads import text_of
from state.platform.entry import enter_platform, running


class OpeningState(rx.State):
    """The form that opens a market, and the market that it opened last."""

    languages: rx.Field[list[Language]] = rx.field(default_factory=list)
    currencies: rx.Field[list[Option]] = rx.field(default_factory=list)
    zones: rx.Field[list[str]] = rx.field(default_factory=list)
    platform_host: rx.Field[str] = rx.field("")
    problem: rx.Field[str] = rx.field("")
    problem_field: rx.Field[str] = rx.field("")
    opened_id: rx.Field[str] = rx.field("")
    opened_name: rx.Field[str] = rx.field("")
    opened_home: rx.Field[str] = rx.field("")
    invited: rx.Field[str] = rx.field("")
    number: rx.Field[int] = rx.field(0)
    """Counts the markets opened, so that the form is empty after each."""

    @rx.event
    async def load(self):
        """Show the empty form."""
        entry = await enter_platform(self, place="open", title=N_("Open a market"))
        if entry is None:
            return
        self.languages = [Language(code, own_name(code), code == entry.locale) for code in LOCALES]
        self.currencies, self.zones = currency_options(entry.locale), zone_names()
        self.platform_host = settings().platform_host
        self.problem = self.problem_field = ""
        self.opened_id = self.opened_name = self.opened_home = self.invited = ""

    @rx.event
    async def open_market(self, form: dict[str, Any]):
        """Open the market that the form describes, and invite its owner."""
        told: Any = form if isinstance(form, dict) else {}
        self.problem = self.problem_field = ""
        try:
            await self._open({name: text_of(told.get(name), 300).strip() for name in told})
        except NotAccepted as error:
            self.problem, self.problem_field = await translated(self, error), error.field
            await say_wrong(self, error)
        except AppError as error:
            await say_wrong(self, error)

    async def _open(self, told: dict[str, str]) -> None:
        entry = await running(self)
        if not owner_is_configured():
            raise Unavailable("This needs the database's owner: set DATABASE_OWNER_URL.")
        email = told.get("owner", "")
        if email:
            try:
                email = normal_email(email)
            except EmailRefused as error:
                raise NotAccepted(error.message, field="owner") from error
        spoken = [code for code in LOCALES if told.get(f"speak.{code}")]
        first = told.get("default_locale", "")
        if spoken and first not in spoken:
            raise NotAccepted(
                "The first language must be one that the market speaks.", field="default_locale"
            )
        key = told.get("key", "")
        market = await create_market(
            key,
            name={code: told.get(f"name.{code}", "") for code in spoken},
            locales=sorted(spoken, key=lambda code: code != first),
            currency=told.get("currency", ""),
            timezone=told.get("timezone", ""),
            host=told.get("host") or f"{key}.{settings().platform_host}",
            actor=entry.actor,
        )
        self.opened_id, self.opened_name = str(market.id), market.named(entry.locale)
        self.opened_home = f"{settings().origin(market.host)}/{market.default_locale}"
        self.invited = ""
        self.number += 1
        if email:
            async with deed_session(market.id) as session:
                await invite_owner(session, entry.actor, market, email, entry.locale)
            self.invited = email
        await say_done(self, N_("%(name)s is open."), name=self.opened_name)
