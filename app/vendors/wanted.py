"""What a member asks providers for, checked wherever it comes from: a form, a program, a model."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

MOST_ASKED = 5
"""Providers that are asked at once; who asks everybody gets worse answers."""


def _whole(told: Any) -> Any:
    """An empty field of a form says nothing."""
    if isinstance(told, str):
        told = told.strip()
        return told or None
    return told


def _plain(told: Any) -> Any:
    return told.replace("\x00", "").strip() if isinstance(told, str) else told


def _cents(told: Decimal) -> Decimal:
    return round(told, 2)


Message = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=2000)],
    BeforeValidator(_plain),
    WithJsonSchema({"type": "string", "maxLength": 2000, "pattern": r"^[^\s\u0000]"}),
]
Place = Annotated[
    Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] | None,
    BeforeValidator(_whole),
]
Day = Annotated[date | None, BeforeValidator(_whole)]
Count = Annotated[Annotated[int, Field(ge=1, le=100_000)] | None, BeforeValidator(_whole)]
Money = Annotated[
    Decimal,
    Field(ge=0, le=10**11),
    AfterValidator(_cents),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10**11}),
]
Amount = Annotated[Money | None, BeforeValidator(_whole)]


class QuotesWanted(BaseModel):
    """Who is asked for a price, what for, and what is known of the event."""

    model_config = ConfigDict(extra="forbid")

    listing_ids: list[UUID] = Field(
        min_length=1,
        max_length=MOST_ASKED,
        description="The services asked about; each provider gets one request.",
    )
    message: Message = Field(description="What is needed, in the person's own words.")
    date: Day = Field(default=None, description="The day of the event.")
    guests: Count = None
    place: Place = None
    budget: Amount = Field(
        default=None, description="What may be spent in all, in the market's currency."
    )
    project_id: UUID | None = None

    def facts(self, currency: str) -> dict[str, Any]:
        """What is known of the event, as it is kept."""
        told = self.model_dump(mode="json", include={"date", "guests", "place", "budget"})
        known = {name: value for name, value in told.items() if value is not None}
        return known | ({"currency": currency} if "budget" in known else {})

    def digest(self) -> str:
        """A mark of the whole question."""
        told = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()
