"""Addresses that articles had: each leads to the article for as long as no other has taken it."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from app.database import TenantSession
from app.knowledge.models import Article, FormerArticleAddress


async def keep_former(session: TenantSession, article_id: UUID, slug: str) -> None:
    """Have `slug`, which the article had until now, lead to it from now on."""
    kept = insert(FormerArticleAddress).values(
        id=uuid4(), slug=slug, article_id=article_id, created_at=datetime.now(UTC)
    )
    # Of several articles that had the address one after another the last one is meant.
    newest = kept.on_conflict_do_update(
        constraint="former_article_address_slug", set_={"article_id": article_id}
    )
    await (await session.connection()).execute(newest)


async def moved_to(session: TenantSession, slug: str) -> str | None:
    """The slug of the public article that had `slug` before, or None.

    Asked where no public article has that slug, so that it never leads to where it was asked.
    """
    found = await session.exec(
        select(Article.slug)
        .join(FormerArticleAddress, col(FormerArticleAddress.article_id) == col(Article.id))
        .where(
            FormerArticleAddress.slug == slug, Article.slug != slug, col(Article.public).is_(True)
        )
    )
    return found.first()
