"""Tables of the search index."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import Computed, Index, Numeric, Text, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlmodel import Field

from app.database import Tenanted, tenant_table, text_array


class SearchEntry(Tenanted, table=True):
    """One text of a listing or an article in one language, ready to be found.

    `meaning` is the sentence encoder's vector, `wording` e5's; `hub` and `wording_hub` say how
    near the text is to needs in general. `digest` tells whether the source's texts have changed.
    The columns from `category` on repeat what filters ask of a listing; a listing that does not
    say has null there and never passes.
    """

    __tablename__ = "search_entry"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "search_entry",
        UniqueConstraint("tenant_id", "kind", "source_id", "locale", "part", name="search_part"),
        Index("search_by_category", "tenant_id", "kind", "category"),
        Index(
            "search_meaning",
            "meaning",
            postgresql_using="hnsw",
            postgresql_ops={"meaning": "halfvec_ip_ops"},
            postgresql_with={"m": 16, "ef_construction": 64},
        ),
        Index("search_words", "words", postgresql_using="gin"),
        Index(
            "search_spelling",
            "names",
            postgresql_using="gin",
            postgresql_ops={"names": "gin_trgm_ops"},
        ),
    )

    kind: str = Field(sa_type=Text)
    source_id: UUID
    locale: str = Field(sa_type=Text)
    part: int = 0
    digest: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    names: str = Field(sa_type=Text)
    """Title, provider and tags in lower case: what a person may mean by name, with typos."""
    words: Any = Field(
        default=None,
        sa_type=postgresql.TSVECTOR,
        sa_column_args=[Computed("to_tsvector('simple', names || ' ' || text)", persisted=True)],
    )
    meaning: Any = Field(sa_type=HALFVEC(512))  # pyright: ignore[reportArgumentType]
    wording: Any = Field(sa_type=HALFVEC(384))  # pyright: ignore[reportArgumentType]
    hub: float
    wording_hub: float
    facets: list[str] = Field(sa_column=text_array())
    category: str | None = Field(default=None, sa_type=Text)
    city: str | None = Field(default=None, sa_type=Text)
    languages: list[str] = Field(sa_column=text_array())
    price_amount: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))  # pyright: ignore[reportArgumentType]
    price_currency: str | None = Field(default=None, sa_type=Text)
    lat: float | None = None
    lon: float | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
