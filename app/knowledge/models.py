"""Tables of knowledge."""

from datetime import UTC, datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, json_column, tenant_table


class Article(Tenanted, table=True):
    """A help article; title and body (Markdown) are `{locale: text}`."""

    __table_args__ = tenant_table(
        "article", UniqueConstraint("tenant_id", "slug", name="article_slug")
    )

    slug: str = Field(sa_type=Text)
    title: dict[str, str] = Field(sa_column=json_column())
    body: dict[str, str] = Field(sa_column=json_column())
    public: bool = True
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
