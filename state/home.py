"""The home page of a market, and the list of markets on the platform's own host."""

import reflex as rx

from app.catalogue.addresses import provider_count
from app.catalogue.cards import CategoryCount, ListingCard
from app.catalogue.reading import counted_categories, featured, places_and_languages
from app.database import tenant_session
from app.i18n import LOCALES, negotiate, translate
from app.knowledge.reading import ArticleCard, public_articles
from app.markets.changes import HOME
from app.markets.directory import bare_host, market_for_host
from app.rendering import ssr
from app.settings import settings
from state.access import visitors_may
from state.landing import show_landing
from state.page import Visit, arrive, present

POPULAR = 12
ARTICLES = 4
FRONT = 3
CHOSEN = 6


class HomeState(rx.State):
    """What a market's home page shows."""

    popular: rx.Field[list[CategoryCount]] = rx.field(default_factory=list)
    more: rx.Field[list[CategoryCount]] = rx.field(default_factory=list)
    front: rx.Field[list[ListingCard]] = rx.field(default_factory=list)
    chosen: rx.Field[list[ListingCard]] = rx.field(default_factory=list)
    articles: rx.Field[list[ArticleCard]] = rx.field(default_factory=list)
    services: rx.Field[int] = rx.field(0)
    providers: rx.Field[int] = rx.field(0)
    spoken: rx.Field[int] = rx.field(0)
    on_platform: rx.Field[bool] = rx.field(default=False)

    @rx.event
    @visitors_may
    async def load(self):
        """Show the market's home, or the platform's list of markets on its own host."""
        host = self.router.headers.host
        market = await market_for_host(host)
        if market.is_platform if market else bare_host(host) == settings().platform_host:
            self.on_platform = True
            await show_landing(self)
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
            chosen = await featured(session, visit.locale, FRONT + CHOSEN)
            self.providers = await provider_count(session)
            _, spoken = await places_and_languages(session, visit.locale)
            self.articles = (await public_articles(session, visit.locale))[:ARTICLES]
        self.on_platform = False
        self.popular, self.more = counted[:POPULAR], counted[POPULAR:]
        # The front shows on wide screens alone, so a small market keeps everything below it.
        apart = FRONT if len(chosen) > CHOSEN else 0
        self.front, self.chosen = chosen[:apart], chosen[apart:]
        self.spoken = len(spoken)
        self.services = sum(category.listings for category in counted)
        name, tagline = visit.market.named(visit.locale), visit.market.promise(visit.locale)
        ssr.shows(HOME)
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
