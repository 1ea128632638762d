"""Tables of what events bring in, and of the reports on them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table


class EventIncome(Tenanted, table=True):
    """Money that an event brought in."""

    __tablename__ = "event_income"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "event_income",
        belongs_to("project_id", "project"),
        CheckConstraint("amount > 0", name="event_income_amount"),
        Index("event_income_by_project", "tenant_id", "project_id", "created_at"),
    )

    project_id: UUID
    source: str = Field(sa_type=Text)
    """A key of `app.analytics.income.SOURCES`."""
    title: str = Field(default="", sa_type=Text)
    amount: Decimal = Field(sa_type=Numeric(18, 4))  # pyright: ignore[reportArgumentType]
    currency: str = Field(sa_type=Text)
    received: date | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class DayCount(Tenanted, table=True):
    """How often something happened on a day of the market's clock that left no row of its own."""

    __tablename__ = "day_count"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "day_count",
        UniqueConstraint("tenant_id", "day", "kind", name="day_count_once"),
        CheckConstraint("number > 0", name="day_count_number"),
    )

    day: date
    kind: str = Field(sa_type=Text)
    """One of `app.analytics.metrics.Tallied`."""
    number: int = Field(sa_type=BigInteger)


class EventReport(Tenanted, table=True):
    """What was found of an event when it was over; made anew when it is completed again."""

    __tablename__ = "event_report"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "event_report",
        belongs_to("project_id", "project"),
        UniqueConstraint("tenant_id", "project_id", name="event_report_once"),
    )

    project_id: UUID
    event_id: UUID
    """The domain event that it was made for, so that the same one makes it once."""
    figures: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
