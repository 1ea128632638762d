"""Secrets sent by mail that open one thing once: `Ticket` rows, of which only a hash is kept."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from app.accounts.models import Ticket
from app.database import TenantSession
from app.errors import AppError


class TicketRefused(AppError):
    """The link was used, has expired, was revoked, or never was; which of them is not said."""

    code = "ticket"


async def issue(
    session: TenantSession,
    purpose: str,
    email: str,
    lasts: timedelta,
    *,
    person_id: UUID | None = None,
    told: dict[str, Any] | None = None,
    made_by: UUID | None = None,
) -> str:
    """Return a new secret; earlier ones for the same purpose and address open nothing more."""
    await session.exec(
        update(Ticket)
        .where(
            col(Ticket.purpose) == purpose,
            col(Ticket.email) == email,
            col(Ticket.used_at).is_(None),
            col(Ticket.revoked_at).is_(None),
        )
        .values(revoked_at=datetime.now(UTC))
    )
    token = secrets.token_urlsafe(32)
    session.add(
        Ticket(
            purpose=purpose,
            email=email,
            person_id=person_id,
            token_hash=_kept(token),
            told=told or {},
            made_by=made_by,
            expires_at=datetime.now(UTC) + lasts,
        )
    )
    await session.flush()
    return token


async def look(session: TenantSession, purpose: str, token: str) -> Ticket:
    """The living ticket, unused still; raises `TicketRefused`."""
    found = (
        await session.exec(
            select(Ticket)
            .where(
                Ticket.purpose == purpose,
                Ticket.token_hash == _kept(token),
                col(Ticket.used_at).is_(None),
                col(Ticket.revoked_at).is_(None),
                Ticket.expires_at > datetime.now(UTC),
            )
            .with_for_update()
        )
    ).one_or_none()
    if found is None:
        raise TicketRefused("This link is no longer valid. Ask for a new one.")
    return found


async def use(session: TenantSession, purpose: str, token: str) -> Ticket:
    """Use the ticket up and return it; of two who try at once, one gets it. Raises as `look`."""
    found = await look(session, purpose, token)
    found.used_at = datetime.now(UTC)
    session.add(found)
    await session.flush()
    return found


def _kept(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
