"""What can happen, and what is told of it: one model per name of event.

Payloads hold ids, dates and figures, and no words of a person: they leave for a broker where one is
configured, and what was told cannot be taken back when somebody has their data erased. Fields are
only ever added, with a default; what would change the meaning of one gets another name of event.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]


class Payload(BaseModel):
    """What is told of something that happened."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    NAME: ClassVar[str]
    OF: ClassVar[str]
    """The kind of thing it happened to; its id is the field `OF_id`."""

    @property
    def subject(self) -> str:
        """What it happened to; what happens to one thing is delivered in order."""
        return f"{self.OF}/{getattr(self, f'{self.OF}_id')}"


class MessageCreated(Payload):
    """Something was said in a conversation, by somebody who asked or by an agent in answer."""

    NAME = "message.created"
    OF = "conversation"

    conversation_id: UUID = Field(description="The conversation.")
    message_id: UUID = Field(description="The entry of its log.")
    number: int = Field(ge=1, description="Its number in the conversation's log.")
    author: Literal["person", "agent"] = Field(description="Who said it.")
    agent: str = Field(default="", description="Which agent answered; empty for a person.")


class EventCreated(Payload):
    """Somebody began to prepare an event."""

    NAME = "event.created"
    OF = "project"

    project_id: UUID = Field(description="The event's project.")
    kind: str = Field(description="The type of event, as `wedding`.")
    day: date | None = Field(default=None, description="On which day it is, where that is known.")
    guests: int | None = Field(default=None, ge=0, description="How many are expected.")


class EventCompleted(Payload):
    """An event is over, and its project was closed."""

    NAME = "event.completed"
    OF = "project"

    project_id: UUID = Field(description="The event's project.")
    kind: str = Field(description="The type of event, as `wedding`.")
    day: date | None = Field(default=None, description="On which day it is, where that is known.")


class BudgetCreated(Payload):
    """An event got a budget."""

    NAME = "budget.created"
    OF = "project"

    project_id: UUID = Field(description="The event's project.")
    planned: Decimal = Field(description="The sum of what is planned, as a decimal number.")
    currency: Currency = Field(description="ISO 4217.")


class VendorsRecommended(Payload):
    """Listings were proposed to somebody who looks for a provider."""

    NAME = "vendors.recommended"
    OF = "conversation"

    conversation_id: UUID = Field(description="Where they were proposed.")
    project_id: UUID | None = Field(default=None, description="For which event, where for one.")
    listing_ids: list[UUID] = Field(min_length=1, max_length=50, description="The best one first.")


KINDS: dict[str, type[Payload]] = {
    kind.NAME: kind
    for kind in (BudgetCreated, EventCompleted, EventCreated, MessageCreated, VendorsRecommended)
}
"""By the name of the event."""


def read_payload(name: str, payload: dict[str, Any]) -> Payload:
    """The payload of a row as its model.

    Raises `KeyError` for a name that is not known, `ValidationError` for a payload that is not as
    its model says.
    """
    return KINDS[name].model_validate(payload)
