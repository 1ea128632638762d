"""Files of a conversation, as the API shows them and as it is told of them."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.conversations.attachments.taking import Attached
from app.errors import NotFound
from app.i18n import translate
from app.markets.directory import MarketCard
from app.settings import settings


class AttachedFile(BaseModel):
    """A file in a conversation."""

    id: UUID
    name: str
    kind: str = Field(description="What it is, such as pdf.")
    bytes: int
    state: Literal["waiting", "ready", "failed"] = Field(
        description="Whether its text is still to be read, can be asked about, or cannot be read."
    )
    problem: str = Field(description="Why it cannot be read, in the reader's language.")
    pages: int
    sent: bool = Field(description="Whether it was sent with a message.")
    url: str = Field(description="Opens for the conversation's person alone.")


class AttachedFiles(BaseModel):
    """The files of a conversation, in the order in which they came."""

    attachments: list[AttachedFile]


def attachment_id_of(told: str) -> UUID:
    """The id of a file as it was written; raises `NotFound`."""
    try:
        return UUID(told)
    except ValueError:
        raise NotFound("There is no such file.") from None


def file_path(attachment_id: object) -> str:
    """Where a file can be opened, on the market's host."""
    return f"/files/attachments/{attachment_id}"


def shown_attached(market: MarketCard, one: Attached, locale: str) -> dict[str, Any]:
    """A file, with why it cannot be read in the reader's language."""
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind,
        "bytes": one.bytes,
        "state": one.state,
        "problem": translate(locale, one.problem) if one.problem else "",
        "pages": one.pages,
        "sent": one.sent,
        "url": settings().origin(market.host) + file_path(one.id),
    }


def shown_files(market: MarketCard, files: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The files that a message was sent with, with whole addresses."""
    origin = settings().origin(market.host)
    return [{**one, "url": origin + file_path(one["id"])} for one in files]
