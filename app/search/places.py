"""Where the index of a market lies when it lies outside its database."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update

from app.database import TenantSession
from app.search.models import SearchPlace

NOTED_EVERY = timedelta(hours=1)
"""A use is written down at most this often, for a search should write nothing."""


async def place_of(session: TenantSession) -> SearchPlace | None:
    """The market's place; None when nothing was ever indexed."""
    return (await session.exec(select(SearchPlace))).one_or_none()


async def held_place(session: TenantSession) -> SearchPlace:
    """The market's place, made when missing, and held until the transaction ends."""
    await (await session.connection()).execute(insert(SearchPlace).on_conflict_do_nothing())
    query = select(SearchPlace).with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).one()


async def note_use(session: TenantSession, place: SearchPlace) -> None:
    """Write down that somebody searches here, so that the market is not put to sleep."""
    now = datetime.now(UTC)
    if now - place.used_at > NOTED_EVERY:
        # Whoever fills the index holds the row for long; a search does not wait for that.
        free = select(SearchPlace.id).with_for_update(skip_locked=True)
        await session.exec(
            update(SearchPlace).where(col(SearchPlace.id).in_(free)).values(used_at=now)
        )
