"""What the server says over `/ws/chat`: one JSON object a frame, told apart by `type`."""

from typing import Literal

from pydantic import BaseModel, Field

from app.api.conversing import Cited, Ending, Routing
from app.api.sockets.frames import EVENT_ID
from app.conversations.blocks import Blocks


class Event(BaseModel):
    """What the server sends; new fields and types may come, so pass over what you do not know."""


class Placed(Event):
    """An event that one can go on from."""

    id: str = Field(description="How far you are with it.", json_schema_extra={"pattern": EVENT_ID})


class Said(Event):
    """Something that was said; `author` tells by whom."""

    seq: int = Field(description="Its number in the log.")
    message_id: str
    author: Literal["person", "agent"]
    text: str
    at: str = Field(json_schema_extra={"format": "date-time"})
    client_id: str = ""
    agent: str = ""
    model: str = ""
    ending: Ending = "done"
    citations: list[Cited] = []
    blocks: Blocks = []


class Ready(Event):
    """The answer to `init`: the conversation is open."""

    type: Literal["ready"] = "ready"
    conversation_id: str
    agent: str
    course_id: str | None
    title: str
    last_seq: int
    read_seq: int = Field(description="Up to where its person has read, on whichever device.")
    writing: bool = Field(description="Whether a reply is being written at the moment.")
    signed_in: bool


class History(Placed):
    """What was said so far, the newest 200 entries; not sent to who said how far they are."""

    type: Literal["history"] = "history"
    messages: list[Said]


class Accepted(Event):
    """Your message is in the log, with this number."""

    type: Literal["accepted"] = "accepted"
    client_id: str
    seq: int
    reply_id: str = Field(description="The id that its answer will have.")


class Chatted(Said, Placed):
    """A message of the person, from whichever device, or a finished reply.

    A reply has `route` and replaces the pieces that came before it.
    """

    type: Literal["chat_message"] = "chat_message"
    route: Routing | None = None


class Retried(Placed):
    """The person asked for another answer: the last reply no longer stands."""

    type: Literal["retry"] = "retry"
    asked: int = Field(description="The number of the message.")


class Routed(Placed):
    """How the message was understood, and who works on it."""

    type: Literal["route"] = "route"
    conversation_id: str
    intent: str
    confidence: float
    agents: list[str]


class Working(Event):
    """A specialist has begun a step or ended it, where several work on one message."""

    type: Literal["working"] = "working"
    agent: str
    intent: str
    state: Literal["began", "done", "failed", "late", "skipped"]


class Citations(Placed):
    """What the numbers in the text to come refer to."""

    type: Literal["citations"] = "citations"
    citations: list[Cited]


class Piece(Placed):
    """Some more of the reply's text."""

    type: Literal["piece"] = "piece"
    text: str


class Restart(Placed):
    """The pieces so far are void: another model answers."""

    type: Literal["restart"] = "restart"
    reason: str


class TypingShown(Event):
    """Somebody writes, or has stopped: an agent, or a person on another device or side."""

    type: Literal["typing"] = "typing"
    author: Literal["person", "agent"]
    active: bool


class ReadShown(Event):
    """The person has read up to this entry, on another device."""

    type: Literal["read"] = "read"
    seq: int


class Changed(Event):
    """The conversation has another title, or the like: read it anew."""

    type: Literal["changed"] = "changed"


class Failure(Event):
    """Something could not be done; the socket stays open unless a close code follows."""

    type: Literal["error"] = "error"
    code: str = Field(
        description="A word for programs.", json_schema_extra={"examples": ["unknown_agent"]}
    )
    status: int = Field(description="The HTTP status that REST would have answered with.")
    detail: str = Field(description="A sentence for a person, in the language asked for.")
    client_id: str = ""
    retry_after: int | None = Field(default=None, description="Seconds.")


class Asked(Event):
    """Say something (`pong` will do), so that the server knows that you are there."""

    type: Literal["ping"] = "ping"


class Answered(Event):
    """The answer to your `ping`."""

    type: Literal["pong"] = "pong"


SERVER_EVENTS: tuple[type[Event], ...] = (
    Ready,
    History,
    Accepted,
    Chatted,
    Retried,
    Routed,
    Working,
    Citations,
    Piece,
    Restart,
    TypingShown,
    ReadShown,
    Changed,
    Failure,
    Asked,
    Answered,
)
