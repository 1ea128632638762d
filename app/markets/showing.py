"""The open markets, as the platform's own page shows them to anyone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import select

from app.database import identity_session
from app.markets.directory import MarketCard, card_of
from app.markets.models import Market

PAGE = 24

# Any language's name is searched, for a visitor need not read the language of the market.
_OPEN = """
    select tenant_id, count(*) over () as total
    from app.every_market()
    where kind = 'market' and state = 'open' and not exists (
        select from unnest(cast(:words as text[])) as word
        where strpos(lower(concat_ws(' ', key, name::text, tagline::text)), word) = 0
    )
    order by key
    limit :limit offset :offset
"""
_HOSTS = """
    select distinct on (tenant_id) tenant_id, host from app.every_host()
    where tenant_id = any(:markets)
    order by tenant_id, main desc, host
"""
_CARDS = "select * from app.every_market() where tenant_id = any(:markets) order by key"


@dataclass(frozen=True)
class OpenMarkets:
    """A page of open markets: its number from 1, how many there are of pages and of markets."""

    markets: Sequence[MarketCard]
    number: int
    pages: int
    total: int


async def open_markets(words: str = "", number: int = 1) -> OpenMarkets:
    """The page `number` of the open markets whose key, name or tagline has each of `words`.

    A page that is not there is empty, with `number` 0.
    """
    told = {"words": words.lower().split(), "limit": PAGE, "offset": (max(number, 1) - 1) * PAGE}
    async with identity_session() as session:
        connection = await session.connection()
        found = (await connection.execute(text(_OPEN), told)).all()
        total = found[0].total if found else 0
        chosen = {"markets": [row.tenant_id for row in found]}
        hosts = (await connection.execute(text(_HOSTS), chosen)).all()
        cards = (
            await session.scalars(select(Market).from_statement(text(_CARDS)), params=chosen)
        ).all()
    main = {row.tenant_id: row.host for row in hosts}
    there = number >= 1 and (bool(found) or number == 1)
    return OpenMarkets(
        [card_of(market, main.get(market.tenant_id, "")) for market in cards] if there else [],
        number if there else 0,
        max(1, -(-total // PAGE)),
        total,
    )
