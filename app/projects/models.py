"""Tables of event projects: the event, its tasks, and what its guests did and said."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, tenant_table, text_array


class Project(Tenanted, table=True):
    """An event that somebody prepares; without a person it is the market's own.

    What nobody said yet is None or empty. The budget is a limit: its lines are elsewhere.
    """

    __table_args__ = tenant_table(
        "project",
        belongs_to("person_id", "person"),
        CheckConstraint(
            "(budget_amount is null) = (budget_currency is null)", name="project_budget"
        ),
        Index("project_by_person", "tenant_id", "person_id", "updated_at"),
    )

    person_id: UUID | None = None
    kind: str = Field(default="other", sa_type=Text)
    """The type of event: a key of `app.projects.plans.TEMPLATES`."""
    title: str = Field(default="", sa_type=Text)
    """Empty while the type's name stands for it."""
    day: date | None = None
    begins: time | None = None
    """In the market's own time zone."""
    days: int = 1
    guests: int | None = None
    place: str = Field(default="", sa_type=Text)
    budget_amount: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))  # pyright: ignore[reportArgumentType]
    budget_currency: str | None = Field(default=None, sa_type=Text)
    notes: str = Field(default="", sa_type=Text)
    state: str = Field(default="draft", sa_type=Text)
    """`draft`, `active` (from when it has a plan) or `completed`."""
    left_out: list[str] = Field(default_factory=list, sa_column=text_array())
    """Steps of the template that the person deleted, so that planning anew spares them."""
    planned_on: date | None = None
    """The day from which the plan was reckoned, in the market's own time zone."""
    planned_for: str = Field(default="", sa_type=Text)
    """The facts that the plan was reckoned from; see `app.projects.planning.basis`."""
    version: int = 1
    """Counts the edits, so that two editors of the same thing notice each other."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    completed_at: datetime | None = None


class ProjectTask(Tenanted, table=True):
    """Something to be done for an event."""

    __tablename__ = "project_task"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "project_task",
        belongs_to("project_id", "project"),
        # A step of the template stands once in a plan; tasks of one's own have none.
        UniqueConstraint("tenant_id", "project_id", "step", name="project_task_step"),
        Index("project_task_order", "tenant_id", "project_id", "state", "position"),
    )

    project_id: UUID
    step: str | None = Field(default=None, sa_type=Text)
    """The step of the template that it came from; None for a task of one's own."""
    title: str = Field(default="", sa_type=Text)
    """Empty while the template's words stand for it, in the reader's language."""
    due: date | None = None
    due_is_own: bool = False
    """Whether a person set the date, so that planning anew leaves it."""
    days: int = 1
    """How many days the work takes."""
    state: str = Field(default="todo", sa_type=Text)
    """`todo`, `doing` or `done`."""
    position: int = 0
    assignee: str = Field(default="", sa_type=Text)
    version: int = 1
    """Counts the edits, so that two editors of the same thing notice each other."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    done_at: datetime | None = None


class TaskLink(Tenanted, table=True):
    """That a task can begin only when another is done."""

    __tablename__ = "task_link"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "task_link",
        belongs_to("task_id", "project_task"),
        belongs_to("needs_id", "project_task"),
        UniqueConstraint("tenant_id", "task_id", "needs_id", name="task_link_once"),
        CheckConstraint("task_id <> needs_id", name="task_link_other"),
        Index("task_link_by_needed", "tenant_id", "needs_id"),
    )

    task_id: UUID
    needs_id: UUID
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Registration(Tenanted, table=True):
    """Somebody who was invited to an event, or asked to come."""

    __table_args__ = tenant_table(
        "registration",
        belongs_to("project_id", "project"),
        CheckConstraint("party > 0", name="registration_party"),
        Index("registration_by_project", "tenant_id", "project_id", "created_at"),
        Index("registration_by_email", "tenant_id", "email"),
    )

    project_id: UUID
    name: str = Field(default="", sa_type=Text)
    email: str = Field(default="", sa_type=Text)
    """In small letters; empty where nobody gave one."""
    party: int = 1
    """How many come with them, they themselves counted."""
    state: str = Field(default="invited", sa_type=Text)
    """`invited`, `coming` or `declined`."""
    note: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Attendance(Tenanted, table=True):
    """That somebody came; once for a registration, and without one for who came unannounced."""

    __table_args__ = tenant_table(
        "attendance",
        belongs_to("project_id", "project"),
        belongs_to("registration_id", "registration"),
        UniqueConstraint("tenant_id", "registration_id", name="attendance_once"),
        CheckConstraint("party > 0", name="attendance_party"),
        Index("attendance_by_project", "tenant_id", "project_id", "arrived_at"),
    )

    project_id: UUID
    registration_id: UUID | None = None
    party: int = 1
    arrived_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class GuestFeedback(Tenanted, table=True):
    """What a guest thought of an event, from 1 to 5."""

    __tablename__ = "guest_feedback"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "guest_feedback",
        belongs_to("project_id", "project"),
        belongs_to("registration_id", "registration"),
        UniqueConstraint("tenant_id", "registration_id", name="guest_feedback_once"),
        CheckConstraint("rating between 1 and 5", name="guest_feedback_rating"),
        Index("guest_feedback_by_project", "tenant_id", "project_id", "created_at"),
    )

    project_id: UUID
    registration_id: UUID | None = None
    rating: int
    text: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
