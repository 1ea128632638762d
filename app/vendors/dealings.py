"""Who has dealt with whom: a provider answered what a member had asked for."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app.database import TenantSession
from app.vendors.models import QuoteRequest

MOST = 200


async def has_dealt(session: TenantSession, person_id: UUID, listing_id: UUID) -> bool:
    """Whether the provider of a listing named this person a price for it."""
    services: Any = col(QuoteRequest.services)
    query = select(QuoteRequest.id).where(
        *_answered(person_id), services.contains([{"id": str(listing_id)}])
    )
    return (await session.exec(query.limit(1))).first() is not None


async def dealt_about(session: TenantSession, person_id: UUID) -> list[UUID]:
    """The listings that this person was named a price for, the latest answers first."""
    query = (
        select(QuoteRequest)
        .where(*_answered(person_id))
        .order_by(col(QuoteRequest.answered_at).desc())
        .limit(MOST)
    )
    named = [UUID(one["id"]) for row in await session.exec(query) for one in row.services]
    return list(dict.fromkeys(named))


def _answered(person_id: UUID) -> tuple[Any, ...]:
    return QuoteRequest.person_id == person_id, QuoteRequest.state == "answered"
