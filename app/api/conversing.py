"""What is sent to Maestro and what comes back, as the API describes it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agents.base import MESSAGE_LIMIT, Intent
from app.conversations.blocks import Blocks
from app.i18n import LOCALES

Ending = Literal["done", "stopped", "failed", "interrupted"]


class Asked(BaseModel):
    """A message to Maestro."""

    model_config = ConfigDict(extra="forbid", strict=True)

    # Lengths and languages are checked where they are used, so that every way in has one rule.
    message: str = Field(json_schema_extra={"minLength": 1, "maxLength": MESSAGE_LIMIT})
    conversation_id: str | None = Field(
        default=None,
        description="The conversation that goes on; without it a new one begins.",
        json_schema_extra={"format": "uuid"},
    )
    attachments: list[str] = Field(
        default=[],
        description="Files that were put into the conversation, to be sent with the message.",
        json_schema_extra={"items": {"type": "string", "format": "uuid"}},
    )
    locale: str | None = Field(
        default=None,
        description="The language to answer in; without it the browser's.",
        json_schema_extra={"examples": list(LOCALES)},
    )


class Again(BaseModel):
    """A message that is said otherwise, in whose place and what followed it this one stands."""

    model_config = ConfigDict(extra="forbid", strict=True)

    seq: int = Field(ge=1, le=2**31 - 2, description="The number of the message.")
    message: str = Field(json_schema_extra={"minLength": 1, "maxLength": MESSAGE_LIMIT})


class Routing(BaseModel):
    """What Maestro took the message for, how sure that is, and who worked on it."""

    intent: Intent
    confidence: float = Field(ge=0, le=1)
    agents: list[str]


class Cited(BaseModel):
    """What a number such as [1] in a text refers to."""

    number: int
    kind: Literal["listing", "article", "passage", "file"]
    external_id: str
    title: str
    url: str
    detail: str
    price: str


class Answer(BaseModel):
    """A finished reply."""

    conversation_id: str
    message_id: str
    agent: str
    route: Routing | None
    text: str
    citations: list[Cited]
    blocks: Blocks = []
    model: str
    ending: Ending


class SentFile(BaseModel):
    """A file that a message was sent with."""

    id: str
    name: str
    bytes: int
    url: str = Field(description="Opens for the conversation's person alone.")


class Message(BaseModel):
    """Something that was said."""

    message_id: str
    seq: int = Field(description="Its number in the conversation's log.")
    author: Literal["person", "agent"]
    text: str
    at: str = Field(json_schema_extra={"format": "date-time"})
    agent: str = ""
    model: str = ""
    ending: Ending = "done"
    citations: list[Cited] = []
    blocks: Blocks = []
    attachments: list[SentFile] = []


class Conversation(BaseModel):
    """What was said in a conversation."""

    conversation_id: str
    title: str
    last_event_id: str
    writing: bool = Field(description="Whether a reply is being written at the moment.")
    messages: list[Message]


STREAM: dict[str, Any] = {
    "description": "The reply; as events where `Accept: text/event-stream` asks for them.",
    "content": {
        "text/event-stream": {
            "schema": {
                "type": "object",
                "description": "One event; a reader goes on from its id.",
                "properties": {
                    "event": {"enum": ["route", "citations", "piece", "done"]},
                    "id": {"type": "string", "pattern": r"^\d+(\.\d+)?$"},
                    "data": {"type": "string", "contentMediaType": "application/json"},
                },
                "required": ["event", "id", "data"],
            }
        }
    },
}
