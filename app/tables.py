"""Every table of Agora in one import, for migrations and for the checks over the whole schema."""

from app.accounts.factors.models import Authenticator, Passkey, RecoveryCode
from app.accounts.keys.models import ApiKey
from app.accounts.models import Person, RoleGrant, SignIn, Ticket
from app.accounts.tokens.models import SigningKey
from app.accounts.ways.models import Identity, SignInWay
from app.analytics.models import EventIncome, EventReport
from app.approvals.models import Approval, OutsideEffect
from app.audit.models import AuditEntry
from app.budgets.models import Budget, BudgetLine
from app.catalogue.models import CategoryChoice, Listing, ListingPhoto, Provider, Upload
from app.conversations.models import (
    Attachment,
    AttachmentPassage,
    Conversation,
    ConversationEvent,
    ReplyApproval,
)
from app.inference.models import (
    ModelBudget,
    ModelChain,
    ModelEndpoint,
    ModelSpending,
    OfferedModel,
)
from app.jobs.models import Job
from app.knowledge.models import (
    Article,
    Document,
    DocumentChunk,
    DocumentFolder,
    DocumentVersion,
    FolderFile,
    Measurement,
    Question,
    QuestionSet,
)
from app.markets.models import HostClaim, Market, MarketHost
from app.outbox.models import EventConsumption, OutboxEvent
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
from app.search.models import EmbeddingSet, SearchEntry, SearchPlace, SearchVector
from app.social.models import Mention, MentionTopic
from app.vendors.models import QuoteRequest, ShortlistEntry
from app.writings.models import Writing, WritingVersion

__all__ = [
    "ApiKey",
    "Approval",
    "Article",
    "Attachment",
    "AttachmentPassage",
    "Attendance",
    "AuditEntry",
    "Authenticator",
    "Budget",
    "BudgetLine",
    "CategoryChoice",
    "Consent",
    "Conversation",
    "ConversationEvent",
    "Document",
    "DocumentChunk",
    "DocumentFolder",
    "DocumentVersion",
    "EmbeddingSet",
    "EventConsumption",
    "EventIncome",
    "EventReport",
    "FolderFile",
    "GuestFeedback",
    "HostClaim",
    "Identity",
    "Job",
    "Listing",
    "ListingPhoto",
    "Market",
    "MarketHost",
    "Measurement",
    "Mention",
    "MentionTopic",
    "ModelBudget",
    "ModelChain",
    "ModelEndpoint",
    "ModelSpending",
    "OfferedModel",
    "OutboxEvent",
    "OutsideEffect",
    "Passkey",
    "Person",
    "Project",
    "ProjectTask",
    "Provider",
    "Question",
    "QuestionSet",
    "QuoteRequest",
    "RecoveryCode",
    "Registration",
    "ReplyApproval",
    "Review",
    "ReviewReport",
    "RoleGrant",
    "SearchEntry",
    "SearchPlace",
    "SearchVector",
    "ShortlistEntry",
    "SignIn",
    "SignInWay",
    "SigningKey",
    "TaskLink",
    "Ticket",
    "Upload",
    "Writing",
    "WritingVersion",
]
