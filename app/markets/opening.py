"""Opening a market."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from sqlalchemy.exc import IntegrityError

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import in_the_name_of, platform_session
from app.i18n import LOCALES
from app.markets.branding import LONGEST_NAME
from app.markets.directory import MarketCard, bare_host, forget, market_by_id
from app.markets.models import PLATFORM_KEY, Market, MarketHost
from app.markets.shaping import NotAccepted, line_of

KEY = re.compile(r"[a-z][a-z0-9-]{0,38}[a-z0-9]")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


class MarketExists(NotAccepted):
    """Another market has this key or this host; `field` says which."""


async def create_market(
    key: str,
    *,
    name: Mapping[str, str],
    locales: Sequence[str],
    currency: str,
    host: str | None = None,
    tagline: Mapping[str, str] | None = None,
    timezone: str = "UTC",
    brand: Mapping[str, Any] | None = None,
    actor: Actor | None = None,
) -> MarketCard:
    """Open a market; the first of `locales` is its default, `KEY.localhost` its default host.

    An `actor` of the platform must be allowed to, and the opening is noted in the platform's log;
    without one the program opens it for itself, as it does demo markets.

    Raises `NotAccepted` when an argument is not of its form and `MarketExists` when the key or the
    host is taken; both name the field. Needs the owner role.
    """
    if actor is not None:
        actor.must(Permission.PLATFORM)
    host = bare_host(host or f"{key}.localhost")
    named = _checked(key, name, locales, currency, timezone, host)
    market_id = uuid4()
    try:
        async with platform_session(market_id) as session:
            session.add(
                Market(
                    tenant_id=market_id,
                    key=key,
                    name=named,
                    tagline=dict(tagline or {}),
                    locales=list(dict.fromkeys(locales)),
                    default_locale=locales[0],
                    currency=currency,
                    timezone=timezone,
                    brand=dict(brand or {}),
                )
            )
            await session.flush()
            session.add(MarketHost(host=host, tenant_id=market_id, main=True))
            if actor is not None:
                told = {"key": key, "host": host, "locales": list(locales)}
                async with in_the_name_of(session, actor.market_id):
                    await record(session, actor, "market.opened", "market", market_id, after=told)
    except IntegrityError as error:
        taken = "key" if "market_key" in str(error.orig) else "host"
        raise MarketExists(
            "There is a market with the key %(key)s or the host %(host)s already.",
            field=taken,
            key=key,
            host=host,
        ) from error
    forget()
    card = await market_by_id(market_id)
    assert card is not None, "the market was committed just now"
    return card


def _checked(
    key: str,
    name: Mapping[str, str],
    locales: Sequence[str],
    currency: str,
    timezone: str,
    host: str,
) -> dict[str, str]:
    """Raise `NotAccepted` unless all is of its form; returns the names as they are kept."""
    if not KEY.fullmatch(key):
        raise NotAccepted(
            "A market's key is 2 to 40 letters a-z, digits and hyphens: %(key)s",
            field="key",
            key=key[:60],
        )
    if key == PLATFORM_KEY:
        raise MarketExists("This key is the platform's own.", field="key")
    unknown = [locale for locale in locales if locale not in LOCALES]
    if unknown or not locales:
        raise NotAccepted(
            "Languages that Agora speaks: %(known)s; not: %(unknown)s",
            field="locales",
            known=", ".join(LOCALES),
            unknown=", ".join(map(str, unknown)) or "-",
        )
    named = {locale: line_of(f"name.{locale}", text, LONGEST_NAME) for locale, text in name.items()}
    if not named.get(locales[0]):
        raise NotAccepted(
            "The market needs a name in its first language.", field=f"name.{locales[0]}"
        )
    if not HOST.fullmatch(host):
        raise NotAccepted("Not a host name: %(host)s", field="host", host=host[:253])
    if currency not in list_currencies():
        raise NotAccepted(
            "Not an ISO 4217 currency: %(currency)s", field="currency", currency=currency[:10]
        )
    if timezone not in available_timezones():
        raise NotAccepted("Not a time zone: %(timezone)s", field="timezone", timezone=timezone[:40])
    return {locale: text for locale, text in named.items() if text}
