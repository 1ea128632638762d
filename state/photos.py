"""What those who write a listing see of its photos, and do with them.

The browser hands files over to `/files/listings/ID` itself: by its own form, or with
`assets/photos.js` one after the other, which then sends `arrived`.
"""

import dataclasses
import json
from collections.abc import Awaitable, Callable
from typing import Any, cast
from uuid import UUID

import reflex as rx

from app.accounts import notes
from app.accounts.actors import Actor
from app.catalogue.editing import listing_of
from app.catalogue.photos.drawing import widths_of
from app.catalogue.photos.hanging import LONGEST_ALT, MOST, describe, move, take_down
from app.catalogue.photos.refusals import NOTE, said
from app.catalogue.photos.showing import PLACE, photos_of
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_, own_name
from app.markets.directory import MarketCard
from state.admin.entry import Entry, acting, say_done, say_wrong
from state.payloads import form_of, number_of, text_of, uuid_of

Deed = Callable[[TenantSession, Actor, MarketCard], Awaitable[None]]


@dataclasses.dataclass(frozen=True)
class AltText:
    """What a photo shows, in one language."""

    code: str
    language: str
    text: str


@dataclasses.dataclass(frozen=True)
class HungPhoto:
    """A photo as its editor shows it, with the places beside its own, which count from 0."""

    id: str
    src: str
    tint: str
    number: int
    earlier: int
    later: int
    first: bool
    last: bool
    texts: list[AltText]


class PhotosState(rx.State):
    """The photos of the listing whose form is open."""

    listing_id: rx.Field[str] = rx.field("")
    photos: rx.Field[list[HungPhoto]] = rx.field(default_factory=list)
    problems: rx.Field[list[str]] = rx.field(default_factory=list)
    room: rx.Field[int] = rx.field(MOST)
    """How many more there may be."""

    @rx.event
    async def arrived(self, told: str):
        """Show what hangs now; `told` is a JSON list of what is wrong with the other files."""
        try:
            found = json.loads(text_of(told))
        except ValueError:
            found = None
        listed = cast("list[Any]", found) if isinstance(found, list) else []
        self.problems = [text_of(one, 300) for one in listed[:MOST]]
        await self._do(None, "")

    @rx.event
    async def move(self, photo_id: str, place: int):
        """Put a photo in another place."""

        async def moved(session: TenantSession, actor: Actor, market: MarketCard) -> None:
            await move(session, actor, market, uuid_of(photo_id), number_of(place))

        await self._do(moved, N_("The order is saved."))

    @rx.event
    async def remove(self, photo_id: str):
        """Take a photo down."""

        async def removed(session: TenantSession, actor: Actor, market: MarketCard) -> None:
            await take_down(session, actor, market, uuid_of(photo_id))

        await self._do(removed, N_("The photo is deleted."))

    @rx.event
    async def describe(self, form: dict[str, Any]):
        """Save what a photo shows, in words."""
        told = form_of(form)

        async def described(session: TenantSession, actor: Actor, market: MarketCard) -> None:
            texts = {
                code: text_of(told[f"alt.{code}"], LONGEST_ALT + 1)
                for code in market.locales
                if f"alt.{code}" in told
            }
            await describe(session, actor, market, uuid_of(told.get("photo")), texts)

        await self._do(described, N_("Saved."))

    async def _do(self, deed: Deed | None, message: str) -> None:
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                if deed is not None:
                    await deed(session, entry.actor, entry.market)
            await self._open(entry, self.listing_id)
        except AppError as error:
            await say_wrong(self, error)
            return
        if deed is not None:
            self.problems = []
            await say_done(self, message)

    async def _open(self, entry: Entry, listing_id: str) -> None:
        """Show the photos of a listing that the person may change; raises `AppError`."""
        self.listing_id = listing_id
        async with tenant_session(entry.market.id) as session:
            listing = await listing_of(session, entry.actor, uuid_of(listing_id))
            found = await photos_of(session, listing.id)
        self.photos = [
            HungPhoto(
                id=str(photo.id),
                src=_small(photo.id, photo.width),
                tint=photo.tint,
                number=place + 1,
                earlier=place - 1,
                later=place + 1,
                first=place == 0,
                last=place == len(found) - 1,
                texts=[
                    AltText(code, own_name(code), photo.alt.get(code, ""))
                    for code in entry.market.locales
                ],
            )
            for place, photo in enumerate(found)
        ]
        self.room = max(0, MOST - len(found))


async def show_photos(state: rx.State, entry: Entry, listing_id: str) -> None:
    """Show the photos of a listing beside its form, and what its own form was just told."""
    photos = await state.get_state(PhotosState)
    if photos.listing_id != listing_id:
        photos.problems = []
    if not listing_id:
        photos.listing_id, photos.photos = "", []
        return
    await photos._open(entry, listing_id)
    note = state.router.url.query_parameters.get("photos", "")
    if note and isinstance(note, str):
        try:
            told = notes.read(NOTE, entry.market.id, note).told
        except AppError:
            # An address that was kept; what it told is long past.
            return
        photos.problems = said(told["problems"], entry.locale)


def _small(photo_id: UUID, width: int) -> str:
    return f"{PLACE}{photo_id.hex}-{widths_of(width)[0]}.webp"
