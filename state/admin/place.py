"""Languages, currency and time zone, as an editor sees them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import reflex as rx
from babel import Locale
from babel.numbers import get_currency_name

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.i18n import LOCALES, N_, own_name, translate
from app.markets.locales import Place, place_of, settle
from state.admin.editing import EditedMarket, Told
from state.admin.entry import Entry, enter
from state.filters import Option

_CURRENCIES = (
    *("EUR", "USD", "RUB", "GBP", "CHF", "PLN", "CZK", "SEK", "NOK", "DKK", "HUF", "RON", "BGN"),
    *("TRY", "UAH", "BYN", "KZT", "UZS", "GEL", "AMD", "AZN", "AED", "SAR", "EGP", "MAD", "TND"),
    *("ILS", "INR", "CNY", "JPY", "KRW", "BRL", "ARS", "MXN", "CLP", "COP", "CAD", "AUD", "ZAR"),
)
"""Those that are offered; the market's own is added where it is another."""


@dataclasses.dataclass(frozen=True)
class Language:
    """A language to speak or not."""

    code: str
    name: str
    spoken: bool


class PlaceState(EditedMarket, rx.State):
    """Where the market is at home."""

    offered: rx.Field[list[Language]] = rx.field(default_factory=list)
    default_locale: rx.Field[str] = rx.field("")
    currency: rx.Field[str] = rx.field("")
    timezone: rx.Field[str] = rx.field("")
    currencies: rx.Field[list[Option]] = rx.field(default_factory=list)
    zones: rx.Field[list[str]] = rx.field(default_factory=list)

    @rx.event
    async def load(self):
        """Show languages, currency and time zone as they are."""
        await self._open()

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Take over what the form holds."""
        ticked = {code for code in LOCALES if form.get(f"speak.{code}")}
        ordered = [row.code for row in self.offered if row.code in ticked]
        await self._save(
            {
                "locales": ordered,
                "default_locale": str(form.get("default_locale", "")),
                "currency": str(form.get("currency", "")),
                "timezone": str(form.get("timezone", "")),
            }
        )

    async def _enter(self) -> Entry | None:
        return await enter(self, Permission.SHAPE, place="place", title=N_("Languages and money"))

    async def _read(self, session: TenantSession, actor: Actor) -> tuple[Told, int]:
        place, version = await place_of(session, actor)
        return vars(place) | {"locales": list(place.locales)}, version

    async def _write(self, session: TenantSession, actor: Actor, wanted: Told, seen: int) -> None:
        place = Place(**{**wanted, "locales": tuple(wanted["locales"])})
        await settle(session, actor, place, seen)

    def _names(self, locale: str) -> Mapping[str, str]:
        return {
            "locales": translate(locale, "Languages"),
            "default_locale": translate(locale, "First language"),
            "currency": translate(locale, "Currency"),
            "timezone": translate(locale, "Time zone"),
        }

    async def _show(self, entry: Entry, stands: Told) -> None:
        spoken = stands["locales"]
        self.offered = [
            Language(code, own_name(code), spoken=code in spoken)
            for code in (*spoken, *(code for code in LOCALES if code not in spoken))
        ]
        self.default_locale, self.currency = stands["default_locale"], stands["currency"]
        self.timezone = stands["timezone"]
        self.currencies = currency_options(entry.locale, self.currency)
        self.zones = zone_names()


def currency_options(locale: str, own: str = "EUR") -> list[Option]:
    """Currencies to choose from, `own` the first of them."""
    return [Option(code, _currency(code, locale)) for code in dict.fromkeys((own, *_CURRENCIES))]


def _currency(code: str, locale: str) -> str:
    return f"{code} · {get_currency_name(code, locale=Locale.parse(locale, sep='-'))}"


@cache
def zone_names() -> list[str]:
    """Time zones to choose from."""
    # Those of the world's regions; the others are old names for the same.
    regions = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe")
    return sorted(
        zone
        for zone in available_timezones()
        if zone == "UTC" or zone.partition("/")[0] in (*regions, "Indian", "Pacific")
    )
