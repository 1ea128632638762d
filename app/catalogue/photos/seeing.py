"""Who may see a photo: everybody, while its listing is on show, and else who may see that."""

from uuid import UUID

from sqlmodel import col, select

from app.accounts.actors import Actor
from app.catalogue.editing import listing_of
from app.catalogue.models import Listing, ListingPhoto
from app.catalogue.publishing import on_show
from app.database import TenantSession
from app.errors import AppError, NotFound


async def is_on_show(session: TenantSession, photo_id: UUID) -> bool:
    """Whether a photo hangs in a listing that everybody may see."""
    query = (
        select(ListingPhoto.id)
        .join(Listing, col(Listing.id) == col(ListingPhoto.listing_id))
        .where(ListingPhoto.id == photo_id, on_show())
    )
    return (await session.exec(query)).first() is not None


async def must_see(session: TenantSession, actor: Actor, photo_id: UUID) -> None:
    """Raise `NotFound` unless the actor may look at the listing that a photo hangs in.

    Whoever may not is told nothing else than of a photo that there is not.
    """
    photo = await session.get(ListingPhoto, photo_id)
    try:
        if photo is not None:
            await listing_of(session, actor, photo.listing_id)
            return
    except AppError:
        pass
    raise NotFound("There is no such file.")
