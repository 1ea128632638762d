"""What the help pages show."""

from datetime import date

import reflex as rx

from app.database import tenant_session
from app.i18n import language_name, translate, written_date
from app.knowledge.former_addresses import moved_to
from app.knowledge.reading import ArticleCard, article_path, public_article, public_articles
from app.markets.changes import HELP
from app.rendering import ssr
from app.settings import settings
from state.access import visitors_may
from state.page import Crumb, arrive, not_found, present

NEIGHBOURS = 3


class HelpState(rx.State):
    """The help articles, or one of them."""

    articles: rx.Field[list[ArticleCard]] = rx.field(default_factory=list)
    card: rx.Field[ArticleCard | None] = rx.field(None)
    html: rx.Field[str] = rx.field("")
    updated: rx.Field[str] = rx.field("")
    text_locale: rx.Field[str] = rx.field("")
    foreign: rx.Field[str] = rx.field("")
    """The name of the language that the article is in, where it is not the visitor's."""

    @rx.event
    @visitors_may
    async def load_index(self):
        """List the articles that visitors may read."""
        visit = await arrive(self)
        if visit is None:
            return
        async with tenant_session(visit.market.id) as session:
            self.articles = await public_articles(session, visit.locale)
        ssr.shows(HELP)
        title = translate(visit.locale, "Help")
        origin = settings().origin(visit.market.host)
        await present(
            self,
            visit,
            title=title,
            description=translate(
                visit.locale,
                "Answers about %(market)s: paying, cancelling, checking a provider, and what to "
                "do when something goes wrong.",
                market=visit.market.named(visit.locale),
            ),
            structured_data=[
                {
                    "@type": "ItemList",
                    "name": title,
                    "numberOfItems": len(self.articles),
                    "itemListElement": [
                        {
                            "@type": "ListItem",
                            "position": position,
                            "name": article.title,
                            "url": origin + article.url,
                        }
                        for position, article in enumerate(self.articles, start=1)
                    ],
                }
            ],
            crumbs=[Crumb(title, "")],
        )

    @rx.event
    @visitors_may
    async def load_article(self):
        """Show the article that the path names."""
        visit = await arrive(self)
        if visit is None:
            return None
        async with tenant_session(visit.market.id) as session:
            detail = await public_article(session, visit.slug, visit.locale)
            others = await public_articles(session, visit.locale) if detail else []
            moved = None if detail else await moved_to(session, visit.slug)
        if moved is not None:
            ssr.status(301)
            return rx.redirect(article_path(visit.locale, moved))
        if detail is None:
            await not_found(self)
            return None
        ssr.shows(HELP)
        self.card, self.html = detail.card, detail.html
        self.updated = written_date(date.fromisoformat(detail.updated), visit.locale)
        self.text_locale = source = detail.text_locale
        self.foreign = language_name(source, visit.locale) if source != visit.locale else ""
        self.articles = _after(others, detail.card.slug)
        market = visit.market.named(visit.locale)
        await present(
            self,
            visit,
            title=detail.card.title,
            description=detail.card.summary,
            structured_data=[
                {
                    "@type": "Article",
                    "headline": detail.card.title,
                    "description": detail.card.summary,
                    "inLanguage": source,
                    "dateModified": detail.updated,
                    "mainEntityOfPage": visit.address(),
                    "author": {"@type": "Organization", "name": market},
                    "publisher": {"@type": "Organization", "name": market},
                }
            ],
            crumbs=[
                Crumb(translate(visit.locale, "Help"), f"{visit.home}/help"),
                Crumb(detail.card.title, ""),
            ],
            kind="article",
            written=detail.locales,
        )
        return None


def _after(articles: list[ArticleCard], slug: str) -> list[ArticleCard]:
    """The articles that follow this one in the list, from the beginning again at its end."""
    position = next((i for i, article in enumerate(articles) if article.slug == slug), 0)
    return (articles[position + 1 :] + articles[:position])[:NEIGHBOURS]
