"""Probes of search: the functions that look past row-level security, and whole searches."""

from sqlalchemy import text

from app.database import identity_session, tenant_session
from app.markets.directory import MarketCard
from app.search.asking import asked
from app.search.index import Hit
from app.search.serving import search_index
from tests.isolation.ledger import Ledger
from tests.isolation.world import World

KIND = "search"
LOOK_UPS = ("spelt_like", "worded_like")
NAMES_MARKETS = {
    "every_host": "the hosts of every market, for the platform and for tasks of the night",
    "every_market": "every market and its look, for the same; no row of a person's",
    "market_ids": "which markets there are",
    "market_of_host": "which market a host opens",
    "market_of_key": "which market has a key",
    "prune_audit": "probed with its table; deletes, and says how many",
}
"""Other functions that run as the owner of the tables, and what they say."""


async def probe(world: World, ledger: Ledger, *, whole: bool = True) -> None:
    """Look for their words by spelling, by words and by meaning."""
    word = world.canary
    guesses = [word, word.upper(), f"{word} taps", *(word[:size] for size in range(5, len(word)))]
    guesses += [f"{first} {word}" for first in ("best", "cheap", "near", "a", "the", "new", "old")]
    for name in LOOK_UPS:
        for kind in ("listing", "article", "provider"):
            for guess in guesses:
                for limit in (1, 10, 100):
                    for who in ("ours", "nobody"):
                        found = await _found(world, who, name, kind, guess, limit)
                        words = f"{who} found by {name}: {kind} {guess}"
                        ledger.probe(KIND, bool(found), words)
        found = await _found(world, "theirs", name, "listing", word, 10)
        ledger.control(KIND, bool(found), f"theirs find by {name}")
    if whole:
        for guess in ("plumber on call", f"plumber {word}", word):
            for kind in ("listing", "article"):
                hits = await _searched(world.ours, guess, kind)
                ids = {str(hit.id) for hit in hits} & _theirs(world)
                ledger.probe(KIND, bool(ids), f"ours searched {guess}")
        hits = await _searched(world.theirs, "plumber on call", "listing")
        ledger.control(KIND, bool(hits), "theirs search")


def _theirs(world: World) -> set[str]:
    return {row["id"] for table in ("listing", "article") for row in world.rows[table]} | {
        row["source_id"] for row in world.rows["search_entry"]
    }


async def _found(world: World, who: str, name: str, kind: str, guess: str, limit: int) -> list[str]:
    market = world.theirs if who == "theirs" else world.ours
    query = text(f"select id from app.{name}(:kind, :guess, :limit) as id")
    told = {"kind": kind, "guess": guess, "limit": limit}
    bound = identity_session() if who == "nobody" else tenant_session(market.id)
    async with bound as session:
        ids = {str(found) for found in (await session.execute(query, told)).scalars()}
    theirs = {row["id"] for row in world.rows["search_entry"]}
    return sorted(ids & theirs)


async def _searched(market: MarketCard, guess: str, kind: str) -> list[Hit]:
    query = asked({"q": guess, "kind": kind}, locale="en", currency="EUR")
    async with tenant_session(market.id) as session:
        return list(await search_index().search(session, query))
