"""Where a market is at home: its languages, its currency and its time zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from babel.numbers import list_currencies

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.i18n import LOCALES
from app.markets.models import Market
from app.markets.shaping import NotAccepted, keep, market_as_it_is, market_to_edit


@dataclass(frozen=True)
class Place:
    """The languages in the order that visitors see them, and the first one to offer."""

    locales: tuple[str, ...]
    default_locale: str
    currency: str
    timezone: str


async def place_of(session: TenantSession, actor: Actor) -> tuple[Place, int]:
    """Where the market is at home, and the version that an editor begins from."""
    market = await market_as_it_is(session, actor, Permission.SHAPE)
    return _place(market), market.version


async def settle(session: TenantSession, actor: Actor, wanted: Place, seen: int) -> int:
    """Change languages, currency and time zone; returns the new version.

    Texts in a language that is taken away are kept and come back with it. Prices keep the
    currency that they were written in. Raises `NotAccepted` and `Conflict`.
    """
    market = await market_to_edit(session, actor, Permission.SHAPE, seen)
    before = vars(_place(market))
    locales = _known(wanted.locales)
    if wanted.default_locale not in locales:
        raise NotAccepted(
            "The first language must be one that the market speaks.", field="default_locale"
        )
    if wanted.currency not in list(list_currencies()):
        raise NotAccepted(
            "Not an ISO 4217 currency: %(currency)s",
            field="currency",
            currency=str(wanted.currency)[:10],
        )
    if wanted.timezone not in list(available_timezones()):
        raise NotAccepted(
            "Not a time zone: %(timezone)s", field="timezone", timezone=str(wanted.timezone)[:40]
        )
    market.locales, market.default_locale = locales, wanted.default_locale
    market.currency, market.timezone = wanted.currency, wanted.timezone
    return await keep(session, actor, market, "market.settled", before, vars(_place(market)))


def _known(locales: Sequence[str]) -> list[str]:
    known = [locale for locale in LOCALES if locale in list(locales)]
    if not known or len(known) != len(set(map(str, locales))):
        raise NotAccepted("Choose at least one language that Agora speaks.", field="locales")
    # The order is the editor's.
    return list(dict.fromkeys(locales))


def _place(market: Market) -> Place:
    return Place(tuple(market.locales), market.default_locale, market.currency, market.timezone)
