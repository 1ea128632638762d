"""Which articles have a page of their own, for sitemaps."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from app.knowledge.models import Article
from app.texts import locales_in


def article_addresses(locales: Sequence[str]) -> Select[UUID, str, datetime, list[str]]:
    """The public articles: `id`, `slug`, `updated_at`, and the `locales` each is written in."""
    return select(
        Article.id,
        Article.slug,
        Article.updated_at,
        locales_in(locales, col(Article.title), col(Article.body)).label("locales"),
    ).where(col(Article.public).is_(True))
