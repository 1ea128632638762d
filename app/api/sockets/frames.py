"""What a client says over `/ws/chat`, and why the server hangs up: one JSON object a frame.

The description in AsyncAPI is made from these models and those of `events`.
"""

from enum import IntEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from agents.base import MESSAGE_LIMIT
from agents.binding import ANYBODY, CHOICES
from app.i18n import LOCALES

LARGEST = 64 * 1024
"""Bytes of a frame that a client may send."""

EVENT_ID = r"^\d{1,9}(\.\d{1,9})?$"


class CloseCode(IntEnum):
    """Why the server closes a socket."""

    NORMAL = 1000
    GOING_AWAY = 1001
    NO_TEXT = 1003
    TOO_LARGE = 1009
    FAILED = 1011
    TRY_LATER = 1013
    NOT_UNDERSTOOD = 4400
    SIGN_IN = 4401
    NOT_ALLOWED = 4403
    NOT_FOUND = 4404
    SILENT = 4408
    TOO_MANY = 4429
    TOO_SLOW = 4430


MEANINGS: dict[CloseCode, str] = {
    CloseCode.NORMAL: "You closed it.",
    CloseCode.GOING_AWAY: "The server ends or begins anew: come back in a few seconds.",
    CloseCode.NO_TEXT: "A frame was not text.",
    CloseCode.TOO_LARGE: f"A frame had more than {LARGEST} bytes.",
    CloseCode.FAILED: "A mistake of ours: come back.",
    CloseCode.TRY_LATER: "The market is suspended, or a part that is needed does not answer.",
    CloseCode.NOT_UNDERSTOOD: "The first frame was not `init`, or too many were not understood.",
    CloseCode.SIGN_IN: "The token, key or session is missing, over, revoked or wrong.",
    CloseCode.NOT_ALLOWED: "Another site's page opened the socket, or this may not be done.",
    CloseCode.NOT_FOUND: "There is no market at this address, or the conversation was deleted.",
    CloseCode.SILENT: "`init` did not come, or nothing was heard for 90 seconds.",
    CloseCode.TOO_MANY: "Too many sockets of one person, or too many frames.",
    CloseCode.TOO_SLOW: "What was sent was not read for 10 seconds.",
}
"""What each code tells a client to do."""


class Frame(BaseModel):
    """What a client sends; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Init(Frame):
    """The first frame: which conversation, with whom. It may leave `type` out."""

    type: Literal["init"] = "init"
    agent: str | None = Field(
        default=None,
        description=f"Who answers; without it Maestro decides ({ANYBODY}).",
        json_schema_extra={"examples": list(CHOICES)},
    )
    course_id: int | str | None = Field(
        default=None, description="The course that the agent `course` teaches; for it alone."
    )
    conversation_id: str | None = Field(
        default=None,
        description="The conversation that goes on; without it a new one begins.",
        json_schema_extra={"format": "uuid"},
    )
    last_event_id: str | None = Field(
        default=None,
        description="How far you are; what came since is sent instead of the history.",
        json_schema_extra={"pattern": EVENT_ID},
    )
    last_seq: int | None = Field(
        default=None, ge=0, description="The same, for who knows the number of an entry alone."
    )
    locale: str | None = Field(
        default=None,
        description="The language of answers and errors; without it the browser's.",
        json_schema_extra={"examples": list(LOCALES)},
    )


class ChatMessage(Frame):
    """A message to who answers."""

    type: Literal["chat_message"]
    message: str = Field(json_schema_extra={"minLength": 1, "maxLength": MESSAGE_LIMIT})
    client_id: str = Field(
        default="",
        max_length=64,
        description=(
            "What you call the message. Send it again with the same one when you did not hear that"
            " it arrived: it is asked once."
        ),
    )


class Resume(Frame):
    """Go on from here; what you had is not sent again."""

    type: Literal["resume"]
    last_event_id: str | None = Field(default=None, json_schema_extra={"pattern": EVENT_ID})
    last_seq: int | None = Field(default=None, ge=0)


class Typing(Frame):
    """Somebody writes, or has stopped. Send it at most each few seconds."""

    type: Literal["typing"]
    active: bool = True


class Read(Frame):
    """The person has seen everything up to this entry."""

    type: Literal["read"]
    seq: int = Field(ge=0)


class Stop(Frame):
    """Stop the reply that is being written; what it said is kept."""

    type: Literal["stop"]


class Retry(Frame):
    """Answer the last message once more."""

    type: Literal["retry"]


class Ping(Frame):
    """Ask whether the other side is there."""

    type: Literal["ping"]


class Pong(Frame):
    """The answer to `ping`."""

    type: Literal["pong"]


Sent = Annotated[
    Init | ChatMessage | Resume | Typing | Read | Stop | Retry | Ping | Pong,
    Field(discriminator="type"),
]
SENT: TypeAdapter[Any] = TypeAdapter(Sent)


CLIENT_FRAMES: tuple[type[Frame], ...] = (
    Init,
    ChatMessage,
    Resume,
    Typing,
    Read,
    Stop,
    Retry,
    Ping,
    Pong,
)
