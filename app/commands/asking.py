"""Asking a market's agents from a terminal."""

from typing import Annotated

import typer

from agents.base import Citation, Request
from agents.maestro import Anew, Cited, Done, Piece, Routed, answer
from app.commands import ready_database, run
from app.commands.markets import Key, market_of
from app.commands.steps import console
from app.errors import AppError
from app.settings import settings


def ask(
    message: Annotated[str, typer.Argument(help="What you would write in the chat.")],
    market: Key,
    locale: Annotated[
        str | None, typer.Option(help="Language of the answer; the market's own when not given.")
    ] = None,
) -> None:
    """Ask Maestro, and see what it cites."""
    with ready_database():
        run(_ask(message, market, locale))


async def _ask(message: str, key: str, locale: str | None) -> None:
    market = await market_of(key)
    if locale is not None and locale not in market.locales:
        raise AppError(
            "%(market)s speaks %(known)s, not %(locale)s.",
            market=key,
            known=", ".join(market.locales),
            locale=locale,
        )
    citations: tuple[Citation, ...] = ()
    request = Request(market=market, locale=locale or market.default_locale, message=message)
    async for event in answer(request):
        match event:
            case Routed(route):
                agents = ", ".join(route.agents)
                console.print(
                    f"{route.intent} ({route.confidence:.2f}) → {agents}\n",
                    style="dim",
                    markup=False,
                )
            case Piece(text):
                console.print(text, end="", markup=False)
            case Anew(model, reason):
                console.print(f"\n… {model}: {reason}; anew:", style="dim", markup=False)
            case Cited(cited):
                citations = cited
            case Done(model=model, credit=credit):
                console.print(f"\n\n— {model}", style="dim", markup=False)
                for tried in credit.tried if credit else ():
                    console.print(f"  {tried['model']}: {tried['reason']}", markup=False)
            case _:
                # Steps and blocks are for those who see them grow.
                continue
    for citation in citations:
        words = [f"[{citation.number}]", citation.title, citation.price]
        console.print(" ".join(word for word in words if word), markup=False)
        console.print(
            f"    {settings().origin(market.host)}{citation.url}", style="dim", markup=False
        )
