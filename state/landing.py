"""The platform's own home: the open markets, to be searched and leafed through by anyone."""

import dataclasses

import reflex as rx

from app.i18n import LOCALES, own_name, translate
from app.markets.branding import brand_style
from app.markets.directory import MarketCard
from app.markets.showing import open_markets
from app.rendering import ssr
from app.rendering.structured_data import json_ld
from app.settings import settings
from state.filters import PageLink, page_links
from state.page import LanguageLink, PageState, not_found, speak

LONGEST = 100
"""Signs of a search that are looked at."""


@dataclasses.dataclass(frozen=True)
class MarketLink:
    """A market as the platform's page lists it."""

    name: str
    tagline: str
    href: str
    colour: str
    languages: str


class LandingState(rx.State):
    """A page of the open markets."""

    markets: rx.Field[list[MarketLink]] = rx.field(default_factory=list)
    words: rx.Field[str] = rx.field("")
    path: rx.Field[str] = rx.field("")
    total: rx.Field[int] = rx.field(0)
    links: rx.Field[list[PageLink]] = rx.field(default_factory=list)


async def show_landing(here: rx.State) -> None:
    """Show the page of markets that the address asks for; `here` is any state of the tab."""
    page, shown = await here.get_state(PageState), await here.get_state(LandingState)
    asked = here.router.url.path.strip("/")
    language = asked if asked in LOCALES else LOCALES[0]
    await speak(here, language)
    page.market_name, page.home, page.brand = "Agora", f"/{language}", brand_style({})
    page.in_market, page.crumbs = False, []
    page.languages = [
        LanguageLink(code, own_name(code), f"/{code}", current=code == language) for code in LOCALES
    ]
    query = here.router.url.query_parameters
    shown.words = query.get("q", "").strip()[:LONGEST]
    number = query.get("page", "1")
    found = await open_markets(
        shown.words, int(number) if number.isdecimal() and len(number) < 6 else 0
    )
    if asked not in LOCALES or not found.number:
        await not_found(here)
        return
    shown.total, shown.path = found.total, f"/{language}"
    shown.links = page_links(shown.path, {"q": shown.words}, found.number, found.pages)
    shown.markets = [_linked(market, language) for market in found.markets]
    origin = settings().origin(settings().platform_host)
    page.missing = False
    page.head_title = "Agora: " + translate(language, "Markets of local services")
    page.description = translate(
        language, "Find a service near you: every market searches and answers in your language."
    )
    more = f"?page={found.number}" if found.number > 1 else ""
    page.canonical = f"{origin}/{language}{more}"
    page.alternates = [{"lang": code, "href": f"{origin}/{code}{more}"} for code in LOCALES]
    page.alternates.append({"lang": "x-default", "href": f"{origin}/{LOCALES[0]}{more}"})
    page.structured_data = json_ld({"@type": "WebSite", "name": "Agora", "url": origin})
    # What somebody searched for is no page of ours to be found by.
    page.robots = "noindex, follow" if shown.words else ""
    ssr.hydrate("interaction")
    ssr.cache(60)


def _linked(market: MarketCard, language: str) -> MarketLink:
    return MarketLink(
        name=market.named(language),
        tagline=market.promise(language),
        href=settings().origin(market.host)
        + f"/{language if language in market.locales else market.default_locale}",
        colour=brand_style(market.brand)["--brand-light"],
        languages=" · ".join(code.upper() for code in market.locales),
    )
