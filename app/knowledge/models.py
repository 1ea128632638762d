"""Tables of knowledge."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from app.database import Tenanted, belongs_to, json_column, tenant_table, text_array


class Article(Tenanted, table=True):
    """A help article; title and body (Markdown) are `{locale: text}`."""

    __table_args__ = tenant_table(
        "article", UniqueConstraint("tenant_id", "slug", name="article_slug")
    )

    slug: str = Field(sa_type=Text)
    title: dict[str, str] = Field(sa_column=json_column())
    body: dict[str, str] = Field(sa_column=json_column())
    public: bool = True
    version: int = 1
    """Counts the edits, so that two editors of the same thing notice each other."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class FormerArticleAddress(Tenanted, table=True):
    """A slug that an article had; where no other article has taken it, it leads to that one."""

    __tablename__ = "former_article_address"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "former_article_address",
        belongs_to("article_id", "article"),
        UniqueConstraint("tenant_id", "slug", name="former_article_address_slug"),
    )

    slug: str = Field(sa_type=Text)
    article_id: UUID
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Document(Tenanted, table=True):
    """A document that the market answers from.

    `access` is `public`, `members` or `staff`. `source` is `upload`, `url` or `folder`, and
    `address` the file's name, the URL or the path below the folder. `current` is the number of the
    version that is read and cited, 0 while there is none.
    """

    __table_args__ = tenant_table(
        "document",
        Index("document_by_address", "tenant_id", "source", "address"),
    )

    title: str = Field(sa_type=Text)
    access: str = Field(default="staff", sa_type=Text)
    source: str = Field(sa_type=Text)
    address: str = Field(default="", sa_type=Text)
    current: int = 0
    job_id: UUID | None = None
    """The newest job that reads it."""
    version: int = 1
    """Counts the edits, so that two editors of the same thing notice each other."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class DocumentVersion(Tenanted, table=True):
    """A document's content at some time; the file stands under its `digest` (SHA-256)."""

    __tablename__ = "document_version"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "document_version",
        belongs_to("document_id", "document"),
        UniqueConstraint("tenant_id", "document_id", "number", name="document_version_number"),
        Index("document_by_digest", "tenant_id", "digest"),
    )

    document_id: UUID
    number: int
    digest: str = Field(sa_type=Text)
    name: str = Field(default="", sa_type=Text)
    """What the file was called, for its kind and for whoever takes it out."""
    media: str = Field(default="", sa_type=Text)
    """The media type that came with it."""
    kind: str = Field(default="", sa_type=Text)
    """What it turned out to be, a key of `extraction.kinds.KINDS`; empty until it is read."""
    language: str = Field(default="", sa_type=Text)
    bytes: int = 0
    pages: int = 0
    characters: int = 0
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class DocumentChunk(Tenanted, table=True):
    """A passage of a version; see `app.knowledge.chunking`."""

    __tablename__ = "document_chunk"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "document_chunk",
        belongs_to("version_id", "document_version"),
        UniqueConstraint("tenant_id", "version_id", "position", name="document_chunk_position"),
    )

    version_id: UUID
    position: int
    section: int
    heading: list[str] = Field(sa_column=text_array())
    page: int | None = None
    begins: int
    ends: int
    language: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class DocumentFolder(Tenanted, table=True):
    """A folder of this server whose files are the market's documents; the operator names it."""

    __tablename__ = "document_folder"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "document_folder", UniqueConstraint("tenant_id", "path", name="document_folder_path")
    )

    path: str = Field(sa_type=Text)
    access: str = Field(default="staff", sa_type=Text)
    """Who may see the documents that are made of its files."""
    job_id: UUID | None = None
    """The newest job that looks through it."""
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class FolderFile(Tenanted, table=True):
    """A file of a folder as it was when it was last looked at.

    `address` is its path below the folder, `stamp` its size and times, `digest` its content. Files
    with the same content share a document. `document_id` is None where somebody deleted the
    document: it is not taken in again until the file changes.
    """

    __tablename__ = "folder_file"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "folder_file",
        belongs_to("folder_id", "document_folder"),
        belongs_to("document_id", "document", ondelete="SET NULL (document_id)"),
        UniqueConstraint("tenant_id", "folder_id", "address", name="folder_file_address"),
        Index("folder_file_by_document", "tenant_id", "document_id"),
    )

    folder_id: UUID
    address: str = Field(sa_type=Text)
    stamp: str = Field(sa_type=Text)
    digest: str = Field(sa_type=Text)
    document_id: UUID | None = None
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class QuestionSet(Tenanted, table=True):
    """Questions whose answers are known, to measure retrieval by."""

    __tablename__ = "question_set"  # pyright: ignore[reportAssignmentType]
    __table_args__ = tenant_table(
        "question_set", UniqueConstraint("tenant_id", "name", name="question_set_name")
    )

    name: str = Field(sa_type=Text)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Question(Tenanted, table=True):
    """A question and the documents that answer it; with none, the right answer is none.

    `passages` are words that a passage must hold to count, any of them; empty for the whole
    document.
    """

    __table_args__ = tenant_table("question", belongs_to("set_id", "question_set"))

    set_id: UUID
    text: str = Field(sa_type=Text)
    locale: str = Field(sa_type=Text)
    documents: list[str] = Field(sa_column=text_array())
    passages: list[str] = Field(sa_column=text_array())
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Measurement(Tenanted, table=True):
    """How well the questions of a set were answered at some time."""

    __table_args__ = tenant_table("measurement", belongs_to("set_id", "question_set"))

    set_id: UUID
    note: str = Field(default="", sa_type=Text)
    figures: dict[str, Any] = Field(sa_column=json_column())
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
