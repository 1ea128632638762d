"""Rows of documents and of what measures retrieval, for tests."""

from collections.abc import Callable
from typing import Any

from app.database import TenantSession
from app.knowledge.models import (
    Document,
    DocumentChunk,
    DocumentFolder,
    DocumentVersion,
    FolderFile,
    Measurement,
    Question,
    QuestionSet,
)
from tests.rows import kept, numbers


async def document(session: TenantSession, **more: Any) -> Document:
    """A public document with no version yet."""
    usual = {"title": "House rules", "access": "public", "source": "upload", "address": "rules.md"}
    return await kept(session, Document, usual, more)


async def document_version(session: TenantSession, **more: Any) -> DocumentVersion:
    """The version that a document shows."""
    if "document_id" not in more:
        more["document_id"] = (await document(session, current=1)).id
    usual = {"number": 1, "digest": "0" * 64, "name": "rules.md", "kind": "md", "language": "en"}
    return await kept(session, DocumentVersion, usual, more)


async def document_chunk(session: TenantSession, **more: Any) -> DocumentChunk:
    """The first passage of a version."""
    if "version_id" not in more:
        more["version_id"] = (await document_version(session)).id
    usual = {
        "position": 0,
        "section": 0,
        "heading": ["Cancelling"],
        "begins": 0,
        "ends": 44,
        "language": "en",
        "text": "You can cancel a booking up to a day before.",
    }
    return await kept(session, DocumentChunk, usual, more)


async def document_folder(session: TenantSession, **more: Any) -> DocumentFolder:
    """A folder that is not there."""
    return await kept(session, DocumentFolder, {"path": f"/nowhere/{next(numbers)}"}, more)


async def folder_file(session: TenantSession, **more: Any) -> FolderFile:
    """A file whose document was deleted."""
    if "folder_id" not in more:
        more["folder_id"] = (await document_folder(session)).id
    usual = {"address": f"rules/{next(numbers)}.md", "stamp": "1", "digest": "0" * 64}
    return await kept(session, FolderFile, usual, more)


async def question_set(session: TenantSession, **more: Any) -> QuestionSet:
    """A set without questions."""
    return await kept(session, QuestionSet, {"name": f"Set {next(numbers)}"}, more)


async def question(session: TenantSession, **more: Any) -> Question:
    """A question that nothing answers."""
    if "set_id" not in more:
        more["set_id"] = (await question_set(session)).id
    usual = {"text": "Who won the match?", "locale": "en", "documents": [], "passages": []}
    return await kept(session, Question, usual, more)


async def measurement(session: TenantSession, **more: Any) -> Measurement:
    """A measurement of nothing."""
    if "set_id" not in more:
        more["set_id"] = (await question_set(session)).id
    return await kept(session, Measurement, {"figures": {}}, more)


DOCUMENT_ROWS: dict[str, Callable[..., Any]] = {
    "document": document,
    "document_version": document_version,
    "document_chunk": document_chunk,
    "document_folder": document_folder,
    "folder_file": folder_file,
    "question_set": question_set,
    "question": question,
    "measurement": measurement,
}
"""How to make a row of each table of documents."""
