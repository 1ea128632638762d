"""Shortlists: listings that a person keeps in mind, for a project of theirs or for none."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.catalogue import reading
from app.catalogue.cards import ListingCard
from app.database import TenantSession
from app.errors import AppError, NotAllowed, NotFound
from app.vendors.models import ShortlistEntry
from app.vendors.projects import check_own

MOST = 200
"""Services that one person can keep, over all projects."""


async def keep(
    session: TenantSession, actor: Actor, listing_id: UUID, project_id: UUID | None = None
) -> None:
    """Put a listing on the person's shortlist; twice is once. Raises `NotFound`."""
    person_id = _person(actor)
    await check_own(session, person_id, project_id)
    if not await reading.cards(session, [listing_id], "en"):
        raise NotFound("There is no such service: %(id)s", id=listing_id)
    own = select(func.count()).where(ShortlistEntry.person_id == person_id)
    if (await session.exec(own)).one() >= MOST:
        raise AppError("You can keep at most %(most)s services.", most=MOST)
    await session.exec(
        insert(ShortlistEntry)
        .values(
            id=uuid4(),
            person_id=person_id,
            listing_id=listing_id,
            project_id=project_id,
            created_at=datetime.now(UTC),
        )
        .on_conflict_do_nothing(constraint="shortlist_entry_once")
    )


async def drop(
    session: TenantSession, actor: Actor, listing_id: UUID, project_id: UUID | None = None
) -> None:
    """Take a listing off; nothing happens where it is not on."""
    await session.exec(
        delete(ShortlistEntry).where(
            col(ShortlistEntry.person_id) == _person(actor),
            col(ShortlistEntry.listing_id) == listing_id,
            col(ShortlistEntry.project_id).is_not_distinct_from(project_id),
        )
    )


async def shortlist(
    session: TenantSession, actor: Actor, locale: str, project_id: UUID | None = None
) -> list[ListingCard]:
    """The cards of what is kept, the oldest first; what is no longer on show is left out."""
    ids = await session.exec(
        select(ShortlistEntry.listing_id)
        .where(
            ShortlistEntry.person_id == _person(actor),
            col(ShortlistEntry.project_id).is_not_distinct_from(project_id),
        )
        .order_by(col(ShortlistEntry.created_at), col(ShortlistEntry.id))
        .limit(MOST)
    )
    return await reading.cards(session, list(ids), locale)


def _person(actor: Actor) -> UUID:
    actor.must(Permission.REQUEST_QUOTES)
    if actor.person_id is None:
        raise NotAllowed("You are not allowed to do this.")
    return actor.person_id
