"""The home page of a market, and the list of markets on the platform's own host."""

import dataclasses

import reflex as rx

from app.catalogue.cards import CategoryCount, ListingCard
from app.catalogue.reading import counted_categories, featured
from app.database import tenant_session
from app.i18n import LOCALES, negotiate, own_name, translate
from app.knowledge.reading import ArticleCard, public_articles
from app.markets.branding import brand_style
from app.markets.directory import all_markets, bare_host, market_for_host
from app.rendering import ssr
from app.rendering.structured_data import json_ld
from app.settings import settings
from state.access import visitors_may
from state.page import LanguageLink, PageState, Visit, arrive, not_found, present, speak

POPULAR = 12
ARTICLES = 4


@dataclasses.dataclass(frozen=True)
class MarketLink:
    """A market as the platform's page lists it."""

    name: str
    tagline: str
    href: str
    colour: str
    languages: str


class HomeState(rx.State):
    """What a market's home page shows."""

    popular: rx.Field[list[CategoryCount]] = rx.field(default_factory=list)
    more: rx.Field[list[CategoryCount]] = rx.field(default_factory=list)
    chosen: rx.Field[list[ListingCard]] = rx.field(default_factory=list)
    articles: rx.Field[list[ArticleCard]] = rx.field(default_factory=list)
    services: rx.Field[int] = rx.field(0)
    markets: rx.Field[list[MarketLink]] = rx.field(default_factory=list)
    on_platform: rx.Field[bool] = rx.field(default=False)

    @rx.event
    @visitors_may
    async def load(self):
        """Show the market's home, or the platform's list of markets on its own host."""
        host = self.router.headers.host
        if await market_for_host(host) is None and bare_host(host) == settings().platform_host:
            await self._show_platform()
            return
        visit = await arrive(self)
        if visit is not None:
            await self._show_market(visit)

    @rx.event
    @visitors_may
    async def choose_language(self):
        """Send a visitor of `/` to the page in their language."""
        host = self.router.headers.host
        market = await market_for_host(host)
        if market is None and bare_host(host) != settings().platform_host:
            await arrive(self)
            return None
        offered = market.locales if market else LOCALES
        default = market.default_locale if market else LOCALES[0]
        ssr.header("vary", "Accept-Language")
        return rx.redirect(f"/{negotiate(self.router.headers.accept_language, offered, default)}")

    async def _show_market(self, visit: Visit) -> None:
        async with tenant_session(visit.market.id) as session:
            counted = await counted_categories(session, visit.locale)
            self.chosen = await featured(session, visit.locale, 6)
            self.articles = (await public_articles(session, visit.locale))[:ARTICLES]
        self.on_platform = False
        self.popular, self.more = counted[:POPULAR], counted[POPULAR:]
        self.services = sum(category.listings for category in counted)
        name, tagline = visit.market.named(visit.locale), visit.market.promise(visit.locale)
        home = visit.address()
        await present(
            self,
            visit,
            title=f"{name}: {tagline}" if tagline else name,
            description=translate(
                visit.locale,
                "%(tagline)s. %(services)s services in %(categories)s categories: search in any "
                "language, or ask and get an answer at once.",
                tagline=tagline.rstrip(".") or name,
                services=self.services,
                categories=len(counted),
            ),
            structured_data=[
                {
                    "@type": "Organization",
                    "@id": f"{home}#organization",
                    "name": name,
                    "url": home,
                    "slogan": tagline,
                },
                {
                    "@type": "WebSite",
                    "name": name,
                    "url": home,
                    "inLanguage": visit.locale,
                    "publisher": {"@id": f"{home}#organization"},
                    "potentialAction": {
                        "@type": "SearchAction",
                        "target": {
                            "@type": "EntryPoint",
                            "urlTemplate": f"{home}/search?q={{search_term_string}}",
                        },
                        "query-input": "required name=search_term_string",
                    },
                },
            ],
        )

    async def _show_platform(self) -> None:
        page = await self.get_state(PageState)
        asked = self.router.url.path.strip("/")
        language = asked if asked in LOCALES else LOCALES[0]
        await speak(self, language)
        page.market_name, page.home, page.brand = "Agora", f"/{language}", brand_style({})
        page.in_market, page.crumbs = False, []
        page.languages = [
            LanguageLink(code, own_name(code), f"/{code}", current=code == language)
            for code in LOCALES
        ]
        self.on_platform = True
        if asked not in LOCALES:
            await not_found(self)
            return
        self.markets = [
            MarketLink(
                name=market.named(language),
                tagline=market.promise(language),
                href=settings().origin(market.host)
                + f"/{language if language in market.locales else market.default_locale}",
                colour=brand_style(market.brand)["--brand-light"],
                languages=" · ".join(code.upper() for code in market.locales),
            )
            for market in await all_markets()
        ]
        origin = settings().origin(settings().platform_host)
        page.missing = False
        page.head_title = "Agora: " + translate(language, "Markets of local services")
        page.description = translate(
            language, "Find a service near you: every market searches and answers in your language."
        )
        page.canonical = f"{origin}/{language}"
        page.alternates = [{"lang": code, "href": f"{origin}/{code}"} for code in LOCALES]
        page.alternates.append({"lang": "x-default", "href": f"{origin}/{LOCALES[0]}"})
        page.structured_data = json_ld({"@type": "WebSite", "name": "Agora", "url": origin})
        page.robots = ""
        ssr.hydrate("interaction")
        ssr.cache(60)
