"""Tables of budgets."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, tenant_table


class Budget(Tenanted, table=True):
    """What an event project may cost, one for each; its limit stands in the project."""

    __table_args__ = tenant_table(
        "budget",
        belongs_to("project_id", "project"),
        UniqueConstraint("tenant_id", "project_id", name="budget_once"),
    )

    project_id: UUID
    currency: str = Field(sa_type=Text)
    """Of every amount of its lines; chosen when it is made."""
    version: int = 1
    """Counts the edits, so that two editors of the same thing notice each other."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class BudgetLine(Tenanted, table=True):
    """One thing that is paid for."""

    __tablename__ = "budget_line"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "budget_line",
        belongs_to("budget_id", "budget"),
        belongs_to("listing_id", "listing", ondelete="SET NULL (listing_id)"),
        Index("budget_line_in_order", "tenant_id", "budget_id", "position"),
        Index("budget_line_by_listing", "tenant_id", "listing_id"),
    )

    budget_id: UUID
    position: int
    category: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    planned: Decimal = Field(sa_type=Numeric(18, 4))  # pyright: ignore[reportArgumentType]
    actual: Decimal | None = Field(default=None, sa_type=Numeric(18, 4))  # pyright: ignore[reportArgumentType]
    """None until it is known."""
    paid: bool = False
    listing_id: UUID | None = None
    """What of the market it buys; the line stays when that is gone."""
    note: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
