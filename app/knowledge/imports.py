"""Articles from a file: what a row must be, and how rows become a market's knowledge."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import Field
from sqlmodel import col, select

from app.database import TenantSession
from app.knowledge.models import Article
from app.rows import Problem, Row, RowInput, Texts, Titles, read_rows


class ArticleInput(RowInput):
    """One row of a file of articles; `body` is Markdown."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
    title: Titles
    body: Texts
    public: bool = True

    def key(self) -> str:
        return self.slug


@dataclass
class Loaded:
    """What an import did; `changed` are the articles that the search index must read again."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    changed: set[UUID] = field(default_factory=set[UUID])


def read_articles(path: Path) -> Iterator[Row[ArticleInput] | Problem]:
    """Every row of a file of articles, good or a problem."""
    return read_rows(path, ArticleInput)


async def load_articles(
    session: TenantSession,
    rows: Iterable[ArticleInput],
    progress: Callable[[int], None] = lambda _: None,
) -> Loaded:
    """Make the market's articles what `rows` say, leaving those that no row names.

    All happens in the session's one unit of work. `progress` is told the number of rows done.
    """
    loaded = Loaded()
    for done, row in enumerate(rows, start=1):
        values: dict[str, Any] = {"title": row.title, "body": row.body, "public": row.public}
        article = (
            await session.exec(select(Article).where(col(Article.slug) == row.slug))
        ).one_or_none()
        if article is None:
            article = Article(id=uuid4(), slug=row.slug, **values)
            session.add(article)
            loaded.created += 1
        elif all(getattr(article, name) == value for name, value in values.items()):
            loaded.unchanged += 1
            progress(done)
            continue
        else:
            for name, value in values.items():
                setattr(article, name, value)
            article.version += 1
            article.updated_at = datetime.now(UTC)
            loaded.updated += 1
        loaded.changed.add(article.id)
        progress(done)
    await session.flush()
    return loaded
