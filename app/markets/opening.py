"""Opening a market."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

from babel.numbers import list_currencies
from sqlalchemy.exc import IntegrityError

from app.database import platform_session
from app.errors import AppError
from app.i18n import LOCALES
from app.markets.directory import MarketCard, bare_host, forget, market_by_id
from app.markets.models import Market, MarketHost

KEY = re.compile(r"[a-z][a-z0-9-]{0,38}[a-z0-9]")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


class MarketExists(AppError):
    """Another market has this key or this host."""


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
) -> MarketCard:
    """Open a market; the first of `locales` is its default, `KEY.localhost` its default host.

    Raises `AppError` when an argument is not of its form and `MarketExists` when the key or the
    host is taken. Needs the owner role.
    """
    host = bare_host(host or f"{key}.localhost")
    if not KEY.fullmatch(key):
        raise AppError(
            "A market's key is 2 to 40 letters a-z, digits and hyphens: %(key)s",
            key=key,
        )
    if not HOST.fullmatch(host):
        raise AppError("Not a host name: %(host)s", host=host)
    unknown = [locale for locale in locales if locale not in LOCALES]
    if unknown or not locales:
        raise AppError(
            "Languages that Agora speaks: %(known)s; not: %(unknown)s",
            known=", ".join(LOCALES),
            unknown=", ".join(unknown) or "-",
        )
    if currency not in list_currencies():
        raise AppError("Not an ISO 4217 currency: %(currency)s", currency=currency)
    if timezone not in available_timezones() or not ZoneInfo(timezone):
        raise AppError("Not a time zone: %(timezone)s", timezone=timezone)
    market_id = uuid4()
    try:
        async with platform_session(market_id) as session:
            session.add(
                Market(
                    tenant_id=market_id,
                    key=key,
                    name=dict(name),
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
    except IntegrityError as error:
        raise MarketExists(
            "There is a market with the key %(key)s or the host %(host)s already.",
            key=key,
            host=host,
        ) from error
    forget()
    card = await market_by_id(market_id)
    assert card is not None, "the market was committed just now"
    return card
