"""What is said and written for people, as the API shows it, and what is told of it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from agents.texts import LONGEST_NOTE, MOST_SERVICES, Text
from app.api.conversing import Message
from app.api.planned import Id
from app.inference.model import Channel, Tone
from app.markets.directory import MarketCard
from app.settings import settings

Words = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^[\w ]{0,200}$"})]
Language = Annotated[
    str | None,
    WithJsonSchema({"anyOf": [{"type": "string", "examples": ["en"]}, {"type": "null"}]}),
]


class Gone(BaseModel):
    """Numbers, both included, of messages that no longer stand."""

    first: int
    last: int


class Messages(BaseModel):
    """What was said in a conversation after a number that the reader knows."""

    conversation_id: UUID
    messages: list[Message]
    seq: int = Field(description="What to ask on from, as `after`.")
    more: bool = Field(description="Whether there is another page already.")
    gone: list[Gone] = Field(
        description="What stands no longer of what was said up to `after`: it was said otherwise"
        " or answered once more."
    )
    writing: bool = Field(description="Whether a reply is being written at the moment.")


class Answered(BaseModel):
    """A question with the market's answer."""

    question: str
    answer: str = Field(description="Markdown.")
    summary: str
    url: str
    locale: str = Field(description="The language of the answer.")
    updated: datetime


class Faq(BaseModel):
    """Questions and answers."""

    questions: list[Answered]
    count: int = Field(description="How many there are on all pages.")


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    locale: Language = Field(
        default=None, description="The language to write in; without it the browser's."
    )
    note: Words = Field(
        default="",
        description=f"What the text should pay heed to, at most {LONGEST_NOTE} characters.",
    )
    tone: Tone = Field(
        default="", description="How it should sound, which only a language model heeds."
    )


class WantedProposal(_Sent):
    """What to propose, and for which event."""

    event_id: Id | None = Field(default=None, description="An event of the caller's.")
    listing_ids: list[Id] = Field(
        default=[],
        description=f"At most {MOST_SERVICES} services; without any, those on the caller's"
        " shortlist, that of the event where there is one.",
    )


class WantedMarketing(_Sent):
    """What to make known."""

    subject: Literal["listing", "provider", "event"]
    id: Id
    length: Literal["short", "long"] = "long"
    channel: Channel = Field(
        default="", description="Where it will stand, which only a language model heeds."
    )


class SourceShown(BaseModel):
    """What a number such as [1] in a text refers to."""

    number: int
    kind: Literal["event", "listing", "provider"]
    id: UUID
    title: str
    url: str
    detail: str


class TextShown(BaseModel):
    """A text that rests on what it cites. It is kept nowhere, and sent to nobody."""

    title: str
    text: str
    citations: list[SourceShown]
    agent: Literal["communication"]
    model: str
    missing: list[Literal["day", "guests", "place", "budget"]] = Field(
        description="What of the event is not decided yet."
    )


def text_told(made: Text, market: MarketCard) -> dict[str, Any]:
    """A text with the whole addresses of what it cites."""
    origin = settings().origin(market.host)
    return {
        "title": made.title,
        "text": made.text,
        "citations": [
            {
                "number": one.number,
                "kind": one.kind,
                "id": one.id,
                "title": one.title,
                "url": origin + one.url,
                "detail": " · ".join(one.facts),
            }
            for one in made.sources
        ],
        "agent": "communication",
        "model": made.model,
        "missing": list(made.missing),
    }
