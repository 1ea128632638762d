"""Tables of the search index."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import Computed, Index, Numeric, Text, UniqueConstraint, literal_column, text
from sqlalchemy.dialects import postgresql
from sqlmodel import Field

from app.database import Tenanted, belongs_to, tenant_table, text_array
from app.inference.presets import DIMENSIONS


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
        Index("search_words", "tenant_id", "words", postgresql_using="gin"),
        Index(
            "search_spelling",
            "tenant_id",
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
    access: str = Field(
        default="public", sa_type=Text, sa_column_kwargs={"server_default": "public"}
    )
    """Who may find it: `public`, `members` or `staff`."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class SearchPlace(Tenanted, table=True):
    """Where the market's index lies in Weaviate; a market has one row, or none.

    `collection` is searched. `filling` is being filled to take its place; what changes meanwhile
    goes to both. The change-over is one update of this row.
    """

    __tablename__ = "search_place"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "search_place", UniqueConstraint("tenant_id", name="one_search_place")
    )

    collection: str | None = Field(default=None, sa_type=Text)
    filling: str | None = Field(default=None, sa_type=Text)
    used_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class EmbeddingSet(Tenanted, table=True):
    """The vectors that a model at an endpoint made of the market's entries.

    A market has at most one set that is `serving`, beside which the packaged vectors stay, and one
    that is `filling` to take its place. The change-over is one update of these rows.
    """

    __tablename__ = "embedding_set"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "embedding_set", UniqueConstraint("tenant_id", "state", name="one_embedding_set")
    )

    state: str = Field(default="filling", sa_type=Text)
    """`filling` or `serving`."""
    model_id: UUID
    """The model, of this market or of the platform; no key, for it may be removed."""
    model: str = Field(sa_type=Text)
    """What people read: the model at its endpoint."""
    dimensions: int
    scale: float = 1.0
    shift: float = 0.0
    """A similarity times `scale` plus `shift` is one as the packaged e5 would give."""
    job_id: UUID | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class SearchVector(Tenanted, table=True):
    """An entry's vector in a set, and how near it is to needs in general, by the same model."""

    __tablename__ = "search_vector"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "search_vector",
        belongs_to("set_id", "embedding_set"),
        belongs_to("entry_id", "search_entry"),
        UniqueConstraint("tenant_id", "entry_id", "set_id", name="one_search_vector"),
        Index("search_vector_by_set", "tenant_id", "set_id"),
        *(
            # A column has vectors of every size, an index of one only.
            Index(
                f"search_vector_{size}",
                literal_column(f"(vector::halfvec({size}))", HALFVEC(size)).label("sized"),
                postgresql_using="hnsw",
                postgresql_ops={"sized": "halfvec_ip_ops"},
                postgresql_with={"m": 16, "ef_construction": 64},
                postgresql_where=text(f"dimensions = {size}"),
            )
            for size in DIMENSIONS
        ),
    )

    set_id: UUID
    entry_id: UUID
    dimensions: int
    vector: Any = Field(sa_type=HALFVEC)  # pyright: ignore[reportArgumentType]
    hub: float
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
