"""What happened, as others read it: CloudEvents 1.0 in their JSON format.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
"""

import json
from datetime import UTC
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.outbox.kinds import read_payload
from app.outbox.models import OutboxEvent

CONTENT_TYPE = "application/cloudevents+json"


class Envelope(BaseModel):
    """The attributes of an event that are the same for all; `data` is the payload.

    `market` and `sequence` are extensions: whose event it is, and its position, by which events of
    one subject are put in order. The pair of `source` and `id` names an event; it stays the same
    however often the event is delivered.
    """

    model_config = ConfigDict(frozen=True)

    specversion: str = Field(pattern=r"^1\.0$")
    id: UUID
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: str
    market: UUID
    sequence: str
    data: dict[str, Any]


def envelope(event: OutboxEvent) -> Envelope:
    """The event for a broker; raises `KeyError` or `ValidationError` where it is not as known."""
    payload = read_payload(event.name, event.payload)
    return Envelope(
        specversion="1.0",
        id=event.id,
        source=f"/markets/{event.tenant_id}",
        type=event.name,
        subject=event.subject,
        time=event.created_at.astimezone(UTC),
        datacontenttype="application/json",
        market=event.tenant_id,
        # Of a fixed width, as the extension asks, so that they compare as texts.
        sequence=f"{event.position:020d}",
        data=payload.model_dump(mode="json"),
    )


def written(told: Envelope) -> bytes:
    """The envelope as it is sent."""
    return json.dumps(told.model_dump(mode="json"), ensure_ascii=False).encode()
