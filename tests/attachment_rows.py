"""Rows of files in conversations, for tests."""

from collections.abc import Callable
from typing import Any

from pgvector import HalfVector

from app.accounts.models import Person
from app.conversations.models import Attachment, AttachmentPassage, Conversation
from app.database import TenantSession
from tests.rows import kept, numbers


async def attachment(session: TenantSession, **more: Any) -> Attachment:
    """A file that was read, in a fresh conversation, and is not sent yet."""
    if "conversation_id" not in more:
        address = f"attaches{next(numbers)}@example.com"
        usual = {"email": address, "name": "Ada", "password_hash": "!", "locale": "en"}
        person = await kept(session, Person, usual, {})
        talk = await kept(session, Conversation, {"locale": "en", "person_id": person.id}, {})
        more["conversation_id"] = talk.id
    usual = {"name": "menu.md", "kind": "md", "bytes": 40, "state": "ready"}
    return await kept(session, Attachment, usual, more)


async def attachment_passage(session: TenantSession, **more: Any) -> AttachmentPassage:
    """The first passage of a fresh file."""
    if "attachment_id" not in more:
        more["attachment_id"] = (await attachment(session)).id
    usual = {
        "position": 0,
        "section": 0,
        "heading": [],
        "text": "Dinner is served at seven.",
        "meaning": HalfVector([1.0] + [0.0] * 511),
    }
    return await kept(session, AttachmentPassage, usual, more)


ATTACHMENT_ROWS: dict[str, Callable[..., Any]] = {
    "attachment": attachment,
    "attachment_passage": attachment_passage,
}
"""How to make a row of each table of files in conversations."""
