"""Opening and listing markets."""

from typing import Annotated

import typer
from rich.table import Table

from app.accounts.actors import Actor, system
from app.accounts.permissions import Permission
from app.commands import ready_database, run
from app.commands.steps import console
from app.errors import NotFound
from app.markets.directory import MarketCard, all_markets, market_by_key
from app.markets.opening import create_market
from app.markets.platform import ensure_platform
from app.settings import settings

commands = typer.Typer(no_args_is_help=True)
Key = Annotated[str, typer.Option("--market", help="The market's key.")]


@commands.command()
def create(
    key: Annotated[str, typer.Argument(help="Short name in addresses: letters, digits, hyphens.")],
    name: Annotated[
        list[str],
        typer.Option(help="The name, or one per locale: ru=Казань"),
    ],
    locales: Annotated[str, typer.Option(help="Languages, the default one first: ru,en")],
    currency: Annotated[str, typer.Option(help="ISO 4217, such as EUR")],
    host: Annotated[
        str | None, typer.Option(help="Host of its pages; KEY.localhost when not given.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="Such as Europe/Berlin")] = "UTC",
    tagline: Annotated[list[str] | None, typer.Option(help="Like --name.")] = None,
) -> None:
    """Open a market."""
    languages = [locale.strip() for locale in locales.split(",") if locale.strip()]

    async def opened() -> MarketCard:
        return await create_market(
            key,
            name=_per_locale(name, languages),
            tagline=_per_locale(tagline or [], languages),
            locales=languages,
            currency=currency,
            timezone=timezone,
            host=host or f"{key}.{settings().platform_host}",
            actor=await operator(),
        )

    with ready_database():
        market = run(opened())
    address = settings().origin(market.host)
    console.print(f"Opened {market.key}: {address}/{market.default_locale}", markup=False)


@commands.command("list")
def list_markets() -> None:
    """List the markets."""
    with ready_database():
        markets = run(all_markets())
    table = Table("key", "name", "address", "locales", "currency", "state", box=None)
    for market in markets:
        table.add_row(
            market.key,
            market.named(market.default_locale),
            settings().origin(market.host),
            ",".join(market.locales),
            market.currency,
            market.state,
        )
    console.print(table if markets else "There is no market yet; open one: agora market create")


async def operator() -> Actor:
    """Whoever runs commands here, in the name of the platform."""
    home = await ensure_platform()
    return system(home.id, "agora market", Permission.PLATFORM)


async def market_of(key: str) -> MarketCard:
    """The market with this key; raises `NotFound` with a word on what to do."""
    market = await market_by_key(key)
    if market is None:
        known = ", ".join(card.key for card in await all_markets()) or "none yet"
        raise NotFound("No market has the key %(key)s; there are: %(known)s.", key=key, known=known)
    return market


def _per_locale(texts: list[str], locales: list[str]) -> dict[str, str]:
    """Read `["ru=Казань", "en=Kazan"]`; a text without a locale stands for all the others."""
    named: dict[str, str] = {}
    for text in texts:
        locale, equals, words = text.partition("=")
        if equals and locale in locales:
            named[locale] = words
        else:
            named |= {other: text for other in locales if other not in named}
    return named
