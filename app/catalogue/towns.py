"""The towns that a market's services are in, and where these lie: what a sketch of an area names.

They orient and no more, so what was read is used for a while, and no town is told that would give
away where one provider lives.
"""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.catalogue.models import Listing
from app.catalogue.publishing import on_show
from app.database import TenantSession

KEPT_SECONDS = 300.0
MOST_TOWNS = 1_000
"""Towns of a market that are kept, those with the most services first."""
MOST_MARKETS = 200
FEWEST_PROVIDERS = 3
"""The middle of a town with fewer would be nearly the place of each of them."""
DECIMALS = 2
"""Of the degrees that are shown: about a kilometre, so that nobody's door is."""


@dataclass(frozen=True)
class Town:
    """A town: as filters compare it, what readers call it, and the middle of what is offered."""

    city: str
    names: dict[str, str] = field(hash=False)
    lat: float
    lon: float
    services: int

    def named(self, locale: str) -> str:
        """What readers of `locale` call it."""
        return self.names.get(locale) or self.city


_kept: OrderedDict[UUID, tuple[float, list[Town]]] = OrderedDict()


def rough(degrees: float) -> float:
    """A latitude or longitude as precisely as anybody is shown it."""
    return round(degrees, DECIMALS)


async def towns(session: TenantSession) -> list[Town]:
    """The towns of the market with several providers, those with the most services first."""
    market_id = session.tenant_id
    until, found = _kept.get(market_id, (0.0, []))
    if time.monotonic() < until:
        return found
    found = await _read(session)
    _kept[market_id] = (time.monotonic() + KEPT_SECONDS, found)
    _kept.move_to_end(market_id)
    while len(_kept) > MOST_MARKETS:
        _kept.popitem(last=False)
    return found


async def _read(session: TenantSession) -> list[Town]:
    def middle(degrees: float | None) -> Any:
        # One position that somebody mistyped moves a mean, but no median.
        return func.percentile_cont(0.5).within_group(col(degrees))

    names = func.mode().within_group(col(Listing.city_names))
    query: Any = (
        select(col(Listing.city), names, middle(Listing.lat), middle(Listing.lon), func.count())
        .where(
            col(Listing.city).is_not(None),
            col(Listing.lat).is_not(None),
            col(Listing.lon).is_not(None),
            on_show(),
        )
        .group_by(col(Listing.city))
        .having(func.count(col(Listing.provider_id).distinct()) >= FEWEST_PROVIDERS)
        .order_by(func.count().desc(), col(Listing.city))
        .limit(MOST_TOWNS)
    )
    rows: Sequence[Any] = (await (await session.connection()).execute(query)).all()
    return [
        Town(city, called, rough(lat), rough(lon), services)
        for city, called, lat, lon, services in rows
    ]


def forget() -> None:
    """Forget what was read, as a test does."""
    _kept.clear()
