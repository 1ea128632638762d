"""Tables of chat models: where they are, which answer whom, and what they may cost."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Numeric, Text, UniqueConstraint, text
from sqlalchemy.dialects import postgresql
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table, text_array
from app.sealing import Sealed


def _money() -> Column[Any]:
    return Column(Numeric(18, 8), nullable=False, server_default=text("0"))


def _limit() -> Column[Any]:
    return Column(Numeric(18, 8), nullable=True)


class ModelEndpoint(Tenanted, table=True):
    """A server that chat models are reached at.

    Rows of the platform's own market with `shared` may be used by every market. `inside` lets the
    addresses be private ones; only who runs the platform can set either.
    """

    __tablename__ = "model_endpoint"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "model_endpoint", UniqueConstraint("tenant_id", "name", name="model_endpoint_name")
    )

    name: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    """A key of `app.inference.presets.KINDS`."""
    urls: list[str] = Field(default_factory=list, sa_column=text_array())
    """One address per replica."""
    secret: str | None = Field(default=None, sa_type=Sealed, repr=False)
    told: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    """What the kind needs beside: see `presets.Kind.asks`."""
    inside: bool = False
    shared: bool = False
    enabled: bool = True
    version: int = 1
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class OfferedModel(Tenanted, table=True):
    """A model, or an adapter on one, that an endpoint serves. Prices are per million tokens.

    One with `dimensions` makes vectors of texts for search, and writes nothing.
    """

    __tablename__ = "offered_model"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "offered_model",
        belongs_to("endpoint_id", "model_endpoint"),
        UniqueConstraint("tenant_id", "endpoint_id", "name", name="offered_model_name"),
    )

    endpoint_id: UUID
    name: str = Field(sa_type=Text)
    """What the endpoint calls it."""
    adapter_of: str = Field(default="", sa_type=Text)
    """The base model's name, where this is an adapter."""
    context: int = 8192
    """The most tokens of question and answer together."""
    tools: bool = False
    json_output: bool = False
    streams: bool = True
    dimensions: int = 0
    """How many numbers each of its vectors has; 0 where it writes."""
    query_prefix: str = Field(default="", sa_type=Text)
    passage_prefix: str = Field(default="", sa_type=Text)
    """What it wants before a question and before what is searched, as e5 does."""
    price_in: Decimal = Field(default=Decimal(0), sa_column=_money())
    price_out: Decimal = Field(default=Decimal(0), sa_column=_money())
    currency: str = Field(default="", sa_type=Text)
    """ISO 4217; empty where it costs nothing."""
    version: int = 1
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class ModelChain(Tenanted, table=True):
    """Who answers for an agent, in which order, how long each may take, and how it writes.

    `links` are `{"model": id, "shared": whether it is the platform's}`; the composer is always
    the last link and stands in none.
    """

    __tablename__ = "model_chain"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "model_chain", UniqueConstraint("tenant_id", "agent", name="model_chain_agent")
    )

    agent: str = Field(sa_type=Text)
    links: list[dict[str, Any]] = Field(
        default_factory=list,
        sa_column=Column(postgresql.JSONB, nullable=False, server_default=text("'[]'")),
    )
    first_token_seconds: float = 8.0
    total_seconds: float = 60.0
    hedge_seconds: float = 0.0
    """After how long without a word the next link is asked as well; 0 never."""
    temperature: float
    max_tokens: int
    top_p: float
    frequency_penalty: float
    version: int = 1
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class ModelBudget(Tenanted, table=True):
    """What a market's answers may use in a day (UTC); None is without a limit. One row at most."""

    __tablename__ = "model_budget"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "model_budget", UniqueConstraint("tenant_id", name="model_budget_once")
    )

    market_tokens: int | None = Field(default=None, sa_type=BigInteger)
    person_tokens: int | None = Field(default=None, sa_type=BigInteger)
    market_money: Decimal | None = Field(default=None, sa_column=_limit())
    person_money: Decimal | None = Field(default=None, sa_column=_limit())
    currency: str = Field(default="", sa_type=Text)
    version: int = 1
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class ModelSpending(Tenanted, table=True):
    """What was used on a day: by the market, and by each person with an account.

    Tokens stand in the row without a currency, money in a row for each. What is reserved for an
    answer being written counts from its beginning.
    """

    __tablename__ = "model_spending"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "model_spending",
        belongs_to("person_id", "person"),
        UniqueConstraint(
            "tenant_id",
            "day",
            "person_id",
            "currency",
            name="model_spending_once",
            postgresql_nulls_not_distinct=True,
        ),
    )

    day: date
    person_id: UUID | None = None
    """None for the market as a whole."""
    currency: str = Field(default="", sa_type=Text)
    tokens: int = Field(default=0, sa_type=BigInteger)
    money: Decimal = Field(default=Decimal(0), sa_column=_money())
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
