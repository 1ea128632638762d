"""The photos of a listing: hung, put in order, described and taken down.

The first is the listing's cover and stands in its own row, so that a card needs no second look.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from app.accounts.actors import Actor
from app.audit.log import record
from app.catalogue.editing import concerned, to_edit, told_of, trusted
from app.catalogue.inputs import PHOTOS
from app.catalogue.models import Listing, ListingPhoto
from app.catalogue.photos import storing
from app.catalogue.photos.drawing import Drawn
from app.catalogue.photos.showing import cover_of, photos_of
from app.catalogue.photos.sweeping import sweep_soon
from app.catalogue.publishing import ListingState
from app.database import TenantSession
from app.errors import AppError, NotFound
from app.markets.changes import announce
from app.markets.directory import MarketCard
from app.markets.quotas import Quota, leave_room
from app.search.following import follow

MOST = PHOTOS
LONGEST_ALT = 200


class TooManyPhotos(AppError):
    """The listing has as many photos as it may."""


async def hang(
    session: TenantSession, actor: Actor, market: MarketCard, listing_id: UUID, drawn: Drawn
) -> ListingPhoto:
    """Put a photo behind the others of a listing.

    Raises `NotFound`, `NotAllowed`, `TooManyPhotos` or `QuotaUsedUp`.
    """
    listing, photos = await _opened(session, actor, listing_id)
    if len(photos) >= MOST:
        raise TooManyPhotos("A service may have at most %(count)s photos.", count=MOST)
    await leave_room(session, Quota.STORAGE, drawn.size)
    photo = ListingPhoto(
        id=uuid4(),
        listing_id=listing.id,
        position=len(photos),
        width=drawn.width,
        height=drawn.height,
        bytes=drawn.size,
        tint=drawn.tint,
    )
    await storing.store(session.tenant_id, photo.id, drawn.files)
    try:
        session.add(photo)
        await _changed(session, actor, market, listing, [*photos, photo], "hung", photo.id)
    except BaseException:
        await storing.drop(session.tenant_id, [photo.id])
        raise
    return photo


async def take_down(
    session: TenantSession, actor: Actor, market: MarketCard, photo_id: UUID
) -> None:
    """Take a photo from its listing for good; raises `NotFound` or `NotAllowed`."""
    listing, photos = await _around(session, actor, photo_id)
    rest = [photo for photo in photos if photo.id != photo_id]
    await session.delete(next(photo for photo in photos if photo.id == photo_id))
    await _changed(session, actor, market, listing, rest, "taken_down", photo_id)
    await sweep_soon(session, [photo_id])


async def move(
    session: TenantSession, actor: Actor, market: MarketCard, photo_id: UUID, place: int
) -> None:
    """Give a photo another place among those of its listing; the first is 0."""
    listing, photos = await _around(session, actor, photo_id)
    moved = next(photo for photo in photos if photo.id == photo_id)
    rest = [photo for photo in photos if photo is not moved]
    place = min(max(place, 0), len(rest))
    ordered = [*rest[:place], moved, *rest[place:]]
    if ordered != photos:
        await _changed(session, actor, market, listing, ordered, "moved", photo_id)


async def describe(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    photo_id: UUID,
    texts: Mapping[str, str],
) -> None:
    """Say in words, by language, what a photo shows; languages that are left out stay.

    Raises `AppError` for a text that is too long.
    """
    listing, photos = await _around(session, actor, photo_id)
    photo = next(photo for photo in photos if photo.id == photo_id)
    if any(len(text) > LONGEST_ALT for text in texts.values()):
        raise AppError("A description has at most %(count)s characters.", count=LONGEST_ALT)
    said = photo.alt | {code: text.strip() for code, text in texts.items()}
    said = {code: text for code, text in said.items() if text}
    if said != photo.alt:
        photo.alt = said
        await _changed(session, actor, market, listing, photos, "described", photo_id)


async def _around(
    session: TenantSession, actor: Actor, photo_id: UUID
) -> tuple[Listing, list[ListingPhoto]]:
    """The listing that a photo hangs in, with all of its photos."""
    found = await session.get(ListingPhoto, photo_id)
    if found is None:
        raise NotFound("There is no such photo.")
    listing, photos = await _opened(session, actor, found.listing_id)
    if all(photo.id != photo_id for photo in photos):
        # Somebody took it down while we waited for the listing.
        raise NotFound("There is no such photo.")
    return listing, photos


async def _opened(
    session: TenantSession, actor: Actor, listing_id: UUID
) -> tuple[Listing, list[ListingPhoto]]:
    """A listing that the actor may change, locked, and its photos in order."""
    listing = await to_edit(session, actor, listing_id, None)
    return listing, await photos_of(session, listing_id)


async def _changed(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    listing: Listing,
    photos: Sequence[ListingPhoto],
    deed: str,
    photo_id: UUID,
) -> None:
    """Save the photos in this order, note the deed, and have the pages follow.

    The listing's version stays: who has its form open loses nothing of what they wrote. What a
    provider hangs after it was published is looked at, as all else that they change.
    """
    before = told_of(listing)
    for place, photo in enumerate(photos):
        photo.position = place
        session.add(photo)
    listing.cover = cover_of(photos[0]) if photos else {}
    listing.updated_at = datetime.now(UTC)
    waits = listing.state == ListingState.PUBLISHED and not trusted(actor, market)
    if waits:
        listing.state = ListingState.WAITING
    session.add(listing)
    await session.flush()
    told = {"photo": str(photo_id), "photos": len(photos), "state": listing.state}
    await record(session, actor, f"listing.photo_{deed}", "listing", listing.id, after=told)
    things = concerned(listing.id, before)
    if waits:
        await follow(session, actor, "listing", [listing.id], things)
    else:
        await announce(session, *things)
