"""What pages and agents read of the help articles."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from html import unescape
from uuid import UUID

import nh3
from markdown_it import MarkdownIt
from sqlmodel import col, select

from app.database import TenantSession
from app.i18n import in_locale, nearest
from app.knowledge.models import Article
from app.texts import locales_of

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclasses.dataclass(frozen=True)
class ArticleCard:
    """An article as a list shows it."""

    slug: str
    url: str
    title: str
    summary: str


@dataclasses.dataclass(frozen=True)
class ArticleDetail:
    """An article as its page shows it; `html` is made from Markdown and cleaned.

    `locales` are those that it is written in, and `text_locale` the one of them that is shown.
    """

    card: ArticleCard
    html: str
    locales: list[str]
    text_locale: str
    updated: str


def article_path(locale: str, slug: str) -> str:
    """The path of an article's page."""
    return f"/{locale}/help/{slug}"


async def public_articles(session: TenantSession, locale: str) -> list[ArticleCard]:
    """Every article that visitors may read, in the order of titles."""
    found = await session.exec(
        select(Article).where(col(Article.public).is_(True)).order_by(Article.slug)
    )
    return sorted((_card(article, locale) for article in found), key=lambda card: card.title)


async def public_article(session: TenantSession, slug: str, locale: str) -> ArticleDetail | None:
    """The public article with this slug, or None."""
    article = (
        await session.exec(
            select(Article).where(Article.slug == slug, col(Article.public).is_(True))
        )
    ).first()
    if article is None:
        return None
    written = locales_of(article.title, article.body)
    return ArticleDetail(
        card=_card(article, locale),
        html=rendered(in_locale(article.body, locale)),
        locales=written,
        text_locale=nearest(locale, written),
        updated=article.updated_at.date().isoformat(),
    )


@dataclasses.dataclass(frozen=True)
class ArticleText:
    """An article as agents read it; `body` is Markdown."""

    slug: str
    url: str
    title: str
    body: str


async def public_articles_by_id(
    session: TenantSession, ids: Sequence[UUID], locale: str
) -> dict[UUID, ArticleText]:
    """These articles, without those that visitors may not read."""
    if not ids:
        return {}
    found = await session.exec(
        select(Article).where(col(Article.id).in_(ids), col(Article.public).is_(True))
    )
    return {
        article.id: ArticleText(
            slug=article.slug,
            url=article_path(locale, article.slug),
            title=in_locale(article.title, locale),
            body=in_locale(article.body, locale),
        )
        for article in found
    }


@dataclasses.dataclass(frozen=True)
class Answered:
    """A question with its answer: the title of an article, and its Markdown.

    `locale` is the language of the answer, which is the reader's where there is one in it.
    """

    slug: str
    url: str
    question: str
    answer: str
    summary: str
    locale: str
    updated: datetime


async def answers_in(
    session: TenantSession, locale: str, ids: Sequence[UUID] | None = None
) -> list[Answered]:
    """These articles as questions and answers, in their order, or all by their questions.

    Those that visitors may not read are left out.
    """
    query = select(Article).where(col(Article.public).is_(True))
    if ids is not None:
        query = query.where(col(Article.id).in_(ids))
    found = {article.id: _answered(article, locale) for article in await session.exec(query)}
    if ids is None:
        return sorted(found.values(), key=lambda one: (one.question.casefold(), one.slug))
    return [found[one] for one in ids if one in found]


def _answered(article: Article, locale: str) -> Answered:
    written = next((code for code in (locale, "en", *article.body) if article.body.get(code)), "en")
    card = _card(article, locale)
    return Answered(
        slug=article.slug,
        url=card.url,
        question=card.title,
        answer=in_locale(article.body, locale),
        summary=card.summary,
        locale=written,
        updated=article.updated_at,
    )


def rendered(markdown: str) -> str:
    """Markdown as HTML that carries no script, style or frame, whoever wrote it."""
    return nh3.clean(_markdown.render(markdown))


def _card(article: Article, locale: str) -> ArticleCard:
    return ArticleCard(
        slug=article.slug,
        url=article_path(locale, article.slug),
        title=in_locale(article.title, locale),
        summary=_summary(in_locale(article.body, locale)),
    )


def _summary(markdown: str, limit: int = 150) -> str:
    """The first paragraph without marks, as far as a card and a search engine show it."""
    blocks = [block for block in markdown.split("\n\n") if not block.lstrip().startswith("#")]
    plain = nh3.clean(_markdown.render(blocks[0] if blocks else markdown), tags=set())
    words = " ".join(unescape(plain).split())
    return words if len(words) <= limit else words[: limit - 1].rsplit(" ", 1)[0] + "…"
