"""Writing, changing and deleting single listings, by the market's staff or their provider."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import changes, record
from app.catalogue.inputs import ListingFields
from app.catalogue.models import Listing, Provider
from app.catalogue.photos.sweeping import photos_among, sweep_soon
from app.catalogue.publishing import ListingState
from app.catalogue.slugs import plain, slug_for
from app.database import TenantSession
from app.errors import AppError, Conflict, NotAllowed, NotFound
from app.i18n import in_locale
from app.markets.changes import HOME, shown
from app.markets.directory import MarketCard
from app.markets.quotas import Quota, leave_room
from app.search.following import follow

TEXTS = ("title", "description")
LOOKED_AT = (ListingState.DRAFT, ListingState.REFUSED, ListingState.HIDDEN)
"""States from which a provider can send a listing to the market's staff."""


class NotReady(AppError):
    """The listing is not in a state in which this can be done to it."""


async def listing_of(session: TenantSession, actor: Actor, listing_id: UUID) -> Listing:
    """A listing in any state, for those who may change it or look it over; raises `NotFound`."""
    found = await session.get(Listing, listing_id, populate_existing=True)
    if found is None:
        raise NotFound("There is no such listing.")
    if not actor.may(Permission.MODERATE):
        must_write_for(actor, found.provider_id)
    return found


async def create_listing(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    provider_id: UUID,
    fields: ListingFields,
) -> Listing:
    """A new listing, as a draft that nobody else sees.

    Raises `NotAllowed`, `NotFound`, or `QuotaUsedUp`.
    """
    must_write_for(actor, provider_id)
    if await session.get(Provider, provider_id) is None:
        raise NotFound("There is no such provider.")
    await leave_room(session, Quota.LISTINGS)
    title = in_locale(fields.title, market.default_locale)
    listing_id = uuid4()
    taken = set(await session.exec(select(Listing.slug).where(Listing.slug == plain(title))))
    listing = Listing(
        id=listing_id,
        external_id=f"own-{listing_id.hex}",
        slug=slug_for(title, identity=listing_id.hex, taken=taken),
        provider_id=provider_id,
        state=ListingState.DRAFT,
        **fields.values(market),
    )
    session.add(listing)
    await session.flush()
    await record(session, actor, "listing.created", "listing", listing.id, after=told_of(listing))
    return listing


async def edit_listing(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    listing_id: UUID,
    seen: int,
    fields: ListingFields,
) -> Listing:
    """Make a listing what `fields` say; texts in languages that they leave out stay.

    What a provider changes after it was published is looked at again, unless the market publishes
    at once. Raises `NotAllowed`, `NotFound`, or `Conflict` unless `seen` is its version.
    """
    listing = await to_edit(session, actor, listing_id, seen)
    values = fields.values(market)
    for name in TEXTS:
        values[name] = _kept(getattr(listing, name), market) | values[name]
    if all(getattr(listing, name) == value for name, value in values.items()):
        return listing
    before = told_of(listing)
    for name, value in values.items():
        setattr(listing, name, value)
    if listing.state == ListingState.PUBLISHED and not trusted(actor, market):
        listing.state = ListingState.WAITING
    await keep(session, actor, listing, "listing.edited", before)
    return listing


async def send_for_approval(
    session: TenantSession, actor: Actor, market: MarketCard, listing_id: UUID
) -> Listing:
    """Give a listing to the market's staff, or publish it where the market does so at once.

    What the staff hid or refused before is always looked at. Raises `NotReady` besides the usual.
    """
    listing = await to_edit(session, actor, listing_id, None)
    if listing.state not in LOOKED_AT:
        raise NotReady("This listing has been sent already.")
    before = told_of(listing)
    at_once = listing.state == ListingState.DRAFT and trusted(actor, market)
    listing.state = ListingState.PUBLISHED if at_once else ListingState.WAITING
    await keep(session, actor, listing, "listing.sent", before)
    return listing


async def withdraw(session: TenantSession, actor: Actor, listing_id: UUID) -> Listing:
    """Take a listing back from the public or from the staff; it is a draft again."""
    listing = await to_edit(session, actor, listing_id, None)
    if listing.state not in (ListingState.PUBLISHED, ListingState.WAITING):
        raise NotReady("This listing is not shown to anybody.")
    before = told_of(listing)
    listing.state = ListingState.DRAFT
    await keep(session, actor, listing, "listing.withdrawn", before)
    return listing


async def delete_listing(session: TenantSession, actor: Actor, listing_id: UUID) -> None:
    """Delete a listing for good; the audit log keeps what it said."""
    listing = await to_edit(session, actor, listing_id, None)
    before, photos = told_of(listing), await photos_among(session, [listing_id])
    await session.delete(listing)
    await session.flush()
    await sweep_soon(session, photos)
    await record(session, actor, "listing.deleted", "listing", listing_id, before=before)
    await follow(session, actor, "listing", [listing_id], concerned(listing_id, before))


def must_write_for(actor: Actor, provider_id: UUID) -> None:
    """Raise unless the actor writes the catalogue, or acts for this provider."""
    if actor.may(Permission.EDIT_CATALOGUE):
        return
    actor.must(Permission.OFFER)
    if provider_id not in actor.providers:
        # Whoever guesses an id learns nothing of what others write.
        raise NotAllowed("You are not allowed to do this.")


def told_of(listing: Listing) -> dict[str, Any]:
    """What the audit log says of a listing."""
    left_out = {"id", "tenant_id", "external_id", "version", "created_at", "updated_at"}
    # These follow from rows of their own.
    left_out |= {"cover", "stars"}
    return {name: value for name, value in listing.model_dump().items() if name not in left_out}


async def keep(
    session: TenantSession, actor: Actor, listing: Listing, action: str, before: Mapping[str, Any]
) -> None:
    """Save a changed listing, note the deed, and have search and pages follow."""
    listing.version += 1
    listing.updated_at = datetime.now(UTC)
    session.add(listing)
    await session.flush()
    after = told_of(listing)
    was, is_now = changes(before, after)
    await record(session, actor, action, "listing", listing.id, before=was, after=is_now)
    await follow(session, actor, "listing", [listing.id], concerned(listing.id, before, after))


def concerned(listing_id: UUID, *told: Mapping[str, Any]) -> list[str]:
    """What a change of one listing shows in: where it stood before, and where it stands now."""
    things = [HOME, shown("listing", listing_id)]
    for state in told:
        if state:
            things += [
                shown("category", state["category"]),
                shown("provider", state["provider_id"]),
            ]
    return things


async def to_edit(
    session: TenantSession, actor: Actor, listing_id: UUID, seen: int | None
) -> Listing:
    """A listing that the actor may change, locked until the session ends.

    Raises `NotFound`, `NotAllowed`, or `Conflict` unless `seen` is its version.
    """
    listing = await session.get(Listing, listing_id, with_for_update=True, populate_existing=True)
    if listing is None:
        raise NotFound("There is no such listing.")
    must_write_for(actor, listing.provider_id)
    if seen is not None and listing.version != seen:
        raise Conflict("Somebody else changed this while you were editing.")
    return listing


def trusted(actor: Actor, market: MarketCard) -> bool:
    """Whether what the actor offers is shown without anybody looking at it first."""
    return actor.may(Permission.EDIT_CATALOGUE) or bool(market.policy.get("publish_at_once"))


def _kept(texts: Mapping[str, str], market: MarketCard) -> dict[str, str]:
    """Texts in languages that the market's forms do not show."""
    return {code: text for code, text in texts.items() if code not in market.locales}
