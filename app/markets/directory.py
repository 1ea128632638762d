"""Which market a host opens, and what every page needs to know of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from app.database import identity_session, tenant_session
from app.i18n import in_locale
from app.markets.models import Market, MarketHost

FRESH_SECONDS = 5.0
"""How long a card is used before it is read again; a change shows within this time."""


@dataclass(frozen=True)
class MarketCard:
    """A market as pages, agents and routes see it; texts are `{locale: text}`."""

    id: UUID
    key: str
    name: Mapping[str, str]
    tagline: Mapping[str, str]
    locales: tuple[str, ...]
    default_locale: str
    currency: str
    timezone: str
    brand: Mapping[str, Any]
    host: str
    host_is_main: bool = field(default=False, compare=False)
    """Whether `host` was made the main one, and is not just the first of several; told where one
    market is looked up, not among all."""
    kind: str = "market"
    state: str = "open"
    switched_off: frozenset[str] = frozenset()
    policy: Mapping[str, Any] = field(default_factory=dict[str, Any])
    wording: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    version: int = 1
    quotas: Mapping[str, int] = field(default_factory=dict[str, int])
    erase_at: datetime | None = None
    suspended_because: str = ""

    @property
    def is_platform(self) -> bool:
        """Whether this is the platform itself, which offers nothing."""
        return self.kind == "platform"

    @property
    def is_open(self) -> bool:
        """Whether visitors are let in."""
        return self.state == "open"

    @property
    def asks_second_factor(self) -> bool:
        """Whether staff must prove themselves twice before they may act as such."""
        return bool(self.policy.get("second_factor"))

    def named(self, locale: str) -> str:
        """The market's name in `locale`."""
        return in_locale(self.name, locale, (self.default_locale,))

    def promise(self, locale: str) -> str:
        """The market's tagline in `locale`."""
        return in_locale(self.tagline, locale, (self.default_locale,))


_cards: dict[UUID, tuple[float, MarketCard]] = {}
_hosts: dict[str, tuple[float, UUID]] = {}

_EVERY_MARKET = "select * from app.every_market() where kind = 'market' order by key"
_EVERY_MAIN_HOST = (
    "select distinct on (tenant_id) tenant_id, host from app.every_host()"
    " order by tenant_id, main desc, host"
)


def bare_host(host: str) -> str:
    """The host name without port, in lower case: `Kazan.localhost:8000` is `kazan.localhost`."""
    name = host.strip().lower().rstrip(".")
    return name if name.endswith("]") else name.rsplit(":", 1)[0] if ":" in name else name


async def market_for_host(host: str) -> MarketCard | None:
    """The market that `host` (with or without port) opens; None for any other host."""
    name = bare_host(host)
    known = _hosts.get(name)
    if known and known[0] > time.monotonic():
        return await market_by_id(known[1])
    async with identity_session() as session:
        found = await session.scalar(text("select app.market_of_host(:host)"), {"host": name})
    if found is None:
        # Unknown hosts are not remembered: a stranger could fill the memory with them.
        _hosts.pop(name, None)
        return None
    _hosts[name] = (time.monotonic() + FRESH_SECONDS, found)
    return await market_by_id(found)


async def market_by_key(key: str) -> MarketCard | None:
    """The market with this key, or None."""
    async with identity_session() as session:
        found = await session.scalar(text("select app.market_of_key(:key)"), {"key": key})
    return None if found is None else await market_by_id(found)


async def all_markets() -> list[MarketCard]:
    """Every market, open or suspended, in the order of their keys; the platform is none of them."""
    async with identity_session() as session:
        markets = (await session.scalars(select(Market).from_statement(text(_EVERY_MARKET)))).all()
        connection = await session.connection()
        hosts = (await connection.execute(text(_EVERY_MAIN_HOST))).all()
    main: dict[UUID, str] = {row.tenant_id: row.host for row in hosts}
    return [card_of(market, main.get(market.tenant_id, "")) for market in markets]


async def market_by_id(market_id: UUID) -> MarketCard | None:
    """The market with this id, or None; at most `FRESH_SECONDS` old."""
    known = _cards.get(market_id)
    if known and known[0] > time.monotonic():
        return known[1]
    async with tenant_session(market_id) as session:
        market = (await session.exec(select(Market))).one_or_none()
        hosts = (await session.exec(select(MarketHost))).all()
    if market is None:
        _cards.pop(market_id, None)
        return None
    main = sorted(hosts, key=lambda host: (not host.main, host.host))
    card = card_of(market, main[0].host if main else "")
    card = replace(card, host_is_main=bool(main) and main[0].main)
    _cards[market_id] = (time.monotonic() + FRESH_SECONDS, card)
    return card


def card_of(market: Market, host: str) -> MarketCard:
    """What is remembered of a market whose main host is `host`."""
    return MarketCard(
        id=market.tenant_id,
        key=market.key,
        name=market.name,
        tagline=market.tagline,
        locales=tuple(market.locales),
        default_locale=market.default_locale,
        currency=market.currency,
        timezone=market.timezone,
        brand=market.brand,
        host=host,
        kind=market.kind,
        state=market.state,
        switched_off=frozenset(market.switched_off),
        policy=market.policy,
        wording=market.wording,
        version=market.version,
        quotas=market.quotas,
        erase_at=market.erase_at,
        suspended_because=market.suspended_because,
    )


def hosts_of(market_id: UUID) -> list[str]:
    """The hosts that a market was seen under by this process."""
    return [host for host, (_until, known) in _hosts.items() if known == market_id]


def forget_market(market_id: UUID) -> list[str]:
    """Drop what is remembered of one market, and return the hosts that it was seen under."""
    _cards.pop(market_id, None)
    hosts = hosts_of(market_id)
    for host in hosts:
        # Looked up anew, and still known as a host of this market to the next change.
        _hosts[host] = (0.0, market_id)
    return hosts


def forget() -> None:
    """Drop what is remembered, so that the next look-up reads the database."""
    _cards.clear()
    _hosts.clear()
