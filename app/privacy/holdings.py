"""Everything that is held about a person, table by table.

A test walks all tables: one that refers to a person and stands neither here nor among those that
hold nothing of them fails it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import LargeBinary, Select, Table, inspect, or_
from sqlalchemy import select as any_select
from sqlmodel import SQLModel, col

from app.accounts.factors.models import Authenticator, Passkey, RecoveryCode
from app.accounts.models import Person, RoleGrant, SignIn, Ticket
from app.accounts.ways.models import Identity
from app.analytics.models import EventIncome, EventReport
from app.approvals.models import Approval
from app.audit.models import AuditEntry
from app.budgets.models import Budget, BudgetLine
from app.catalogue.models import Listing, ListingPhoto, Provider, Upload
from app.conversations.models import (
    Attachment,
    AttachmentPassage,
    Conversation,
    ConversationEvent,
    ConversationShare,
    ReplyApproval,
    ReplyFeedback,
)
from app.database import TenantSession
from app.inference.models import ModelSpending
from app.jobs.models import Job
from app.privacy.models import Consent
from app.projects.models import (
    Attendance,
    GuestFeedback,
    Project,
    ProjectTask,
    Registration,
    TaskLink,
)
from app.reviews.models import Review, ReviewReport
from app.sealing import Sealed
from app.social.models import Mention
from app.vendors.models import QuoteRequest, ShortlistEntry
from app.writings.models import Writing, WritingVersion


@dataclass(frozen=True)
class Holding:
    """Rows of one table about one person."""

    table: type[SQLModel]
    of: Callable[[Person], Any]
    """The condition that picks a person's rows."""
    kept: bool = False
    """Whether the rows stay when the account is erased, because a law or a claim needs them."""
    hidden: frozenset[str] = frozenset()
    """Columns that are secrets and not told even to the person."""

    @property
    def name(self) -> str:
        """The table's name."""
        return _table(self.table).name

    def query(self, person: Person) -> Select[Any]:
        """The person's rows."""
        return any_select(self.table).where(self.of(person))


def _acted_for(person: Person) -> Select[Any]:
    """Those in whose name a person offers services."""
    return any_select(col(RoleGrant.provider_id)).where(
        col(RoleGrant.person_id) == person.id, col(RoleGrant.provider_id).is_not(None)
    )


def _of_own_project(column: Any) -> Callable[[Person], Any]:
    """The rows of the events that a person prepares."""
    return lambda person: col(column).in_(
        any_select(col(Project.id)).where(col(Project.person_id) == person.id)
    )


def _of_own_conversation(column: Any) -> Callable[[Person], Any]:
    """The rows of a person's conversations."""
    return lambda person: col(column).in_(
        any_select(col(Conversation.id)).where(col(Conversation.person_id) == person.id)
    )


def _registered(person: Person) -> Any:
    """Who comes to the person's own events, and where others wrote their address down.

    Only an address that they have proved is theirs: anybody can sign up with that of another.
    """
    own = _of_own_project(Registration.project_id)(person)
    if person.email_verified_at is None:
        return own
    return or_(own, col(Registration.email) == person.email)


HOLDINGS: tuple[Holding, ...] = (
    Holding(
        Person, lambda person: col(Person.id) == person.id, hidden=frozenset({"password_hash"})
    ),
    Holding(SignIn, lambda person: col(SignIn.person_id) == person.id),
    Holding(Identity, lambda person: col(Identity.person_id) == person.id),
    Holding(Passkey, lambda person: col(Passkey.person_id) == person.id),
    Holding(Authenticator, lambda person: col(Authenticator.person_id) == person.id),
    Holding(RecoveryCode, lambda person: col(RecoveryCode.person_id) == person.id),
    Holding(RoleGrant, lambda person: col(RoleGrant.person_id) == person.id),
    Holding(
        Ticket,
        lambda person: or_(col(Ticket.person_id) == person.id, col(Ticket.email) == person.email),
    ),
    Holding(Consent, lambda person: col(Consent.person_id) == person.id),
    Holding(Conversation, lambda person: col(Conversation.person_id) == person.id),
    Holding(
        ConversationEvent,
        _of_own_conversation(ConversationEvent.conversation_id),
        hidden=frozenset({"words"}),
    ),
    Holding(ConversationShare, _of_own_conversation(ConversationShare.conversation_id)),
    Holding(Attachment, _of_own_conversation(Attachment.conversation_id)),
    Holding(
        AttachmentPassage,
        lambda person: col(AttachmentPassage.attachment_id).in_(
            any_select(col(Attachment.id)).where(
                _of_own_conversation(Attachment.conversation_id)(person)
            )
        ),
        hidden=frozenset({"meaning"}),
    ),
    Holding(
        ReplyFeedback,
        lambda person: col(ReplyFeedback.reply_id).in_(
            any_select(col(ConversationEvent.id))
            .join(Conversation, col(Conversation.id) == col(ConversationEvent.conversation_id))
            .where(col(Conversation.person_id) == person.id)
        ),
    ),
    Holding(
        ReplyApproval,
        lambda person: col(ReplyApproval.reply_id).in_(
            any_select(col(ConversationEvent.id))
            .join(Conversation, col(Conversation.id) == col(ConversationEvent.conversation_id))
            .where(col(Conversation.person_id) == person.id)
        ),
    ),
    Holding(Project, lambda person: col(Project.person_id) == person.id),
    Holding(ProjectTask, _of_own_project(ProjectTask.project_id)),
    Holding(
        TaskLink,
        lambda person: col(TaskLink.task_id).in_(
            any_select(col(ProjectTask.id)).where(_of_own_project(ProjectTask.project_id)(person))
        ),
    ),
    Holding(Budget, _of_own_project(Budget.project_id)),
    Holding(
        BudgetLine,
        lambda person: col(BudgetLine.budget_id).in_(
            any_select(col(Budget.id)).where(_of_own_project(Budget.project_id)(person))
        ),
    ),
    Holding(Registration, _registered),
    Holding(Attendance, _of_own_project(Attendance.project_id)),
    Holding(GuestFeedback, _of_own_project(GuestFeedback.project_id)),
    Holding(EventIncome, _of_own_project(EventIncome.project_id)),
    Holding(EventReport, _of_own_project(EventReport.project_id)),
    Holding(Writing, lambda person: col(Writing.person_id) == person.id),
    Holding(
        WritingVersion,
        lambda person: col(WritingVersion.writing_id).in_(
            any_select(col(Writing.id)).where(col(Writing.person_id) == person.id)
        ),
    ),
    Holding(Approval, lambda person: col(Approval.person_id) == person.id),
    Holding(QuoteRequest, lambda person: col(QuoteRequest.person_id) == person.id),
    Holding(ShortlistEntry, lambda person: col(ShortlistEntry.person_id) == person.id),
    # The words may tell who wrote them, so they go with the account, and the stars with them.
    Holding(Review, lambda person: col(Review.person_id) == person.id),
    Holding(ReviewReport, lambda person: col(ReviewReport.person_id) == person.id),
    Holding(ModelSpending, lambda person: col(ModelSpending.person_id) == person.id),
    # The file itself is the market's; what is told of it is who brought it and when.
    Holding(Upload, lambda person: col(Upload.made_by) == person.id, hidden=frozenset({"content"})),
    # Erased with the account they keep no name and no text: see `app.catalogue.leaving`.
    Holding(Provider, lambda person: col(Provider.id).in_(_acted_for(person)), kept=True),
    Holding(Listing, lambda person: col(Listing.provider_id).in_(_acted_for(person))),
    Holding(
        ListingPhoto,
        lambda person: col(ListingPhoto.listing_id).in_(
            any_select(col(Listing.id)).where(col(Listing.provider_id).in_(_acted_for(person)))
        ),
    ),
    # What others wrote of those in whose name the person offers services.
    Holding(Mention, lambda person: col(Mention.provider_id).in_(_acted_for(person))),
    Holding(Job, lambda person: col(Job.asked_by) == person.id),
    Holding(
        AuditEntry,
        lambda person: or_(
            col(AuditEntry.actor_id) == person.id,
            (col(AuditEntry.subject_kind) == "person")
            & (col(AuditEntry.subject_id) == str(person.id)),
        ),
        kept=True,
    ),
)


async def held_about(session: TenantSession, person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """All rows about a person by table, as JSON can hold them, without secrets."""
    person = await session.get_one(Person, person_id)
    told: dict[str, list[dict[str, Any]]] = {}
    for holding in HOLDINGS:
        rows = (await session.scalars(holding.query(person))).all()
        told[holding.name] = [_told(row, holding.hidden) for row in rows]
    return told


def _table(model: type[SQLModel]) -> Table:
    return cast("Table", inspect(model).local_table)


def _told(row: SQLModel, hidden: frozenset[str]) -> dict[str, Any]:
    shown = {
        column.name: getattr(row, column.name)
        for column in _table(type(row)).columns
        if column.name not in hidden
        and column.name != "tenant_id"
        and not isinstance(column.type, (LargeBinary, Sealed))
    }
    return json.loads(json.dumps(shown, default=str))
