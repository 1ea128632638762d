"""What the states of the chat share: a row of the list, ids that clients send, the address bar."""

import dataclasses
from uuid import UUID

import reflex as rx

from app.conversations import feedback
from app.conversations.log import Entry
from app.database import TenantSession
from app.errors import NotFound


@dataclasses.dataclass(frozen=True)
class Row:
    """A conversation in the list."""

    id: str
    title: str
    pinned: bool = False
    archived: bool = False
    passage: str = ""


async def judgements(session: TenantSession, entries: list[Entry]) -> dict[str, str]:
    """What the person thought of the replies among these entries."""
    replies = [entry.id for entry in entries if entry.kind == "reply"]
    found = await feedback.judgements_in(session, replies)
    return {str(one): "good" if good else "bad" for one, (good, _reason) in found.items()}


def conversation_id_of(text: str) -> UUID:
    """The id that a client sent; raises `NotFound` when it is none."""
    try:
        return UUID(str(text))
    except ValueError as error:
        raise NotFound("There is no such conversation.") from error


def show_path(path: str):
    """Put a path of the market into the address bar."""
    # The address bar follows without a navigation, which would load the page anew.
    return rx.call_script(f"history.replaceState(history.state, '', {path!r})")
