"""The market's listings in the console: the table, deeds over many, and the page of one."""

import dataclasses
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.permissions import Permission
from app.catalogue.choices import kinds_to_choose
from app.catalogue.editing import delete_listing
from app.catalogue.finding import ORDERS, ListedListing, Order, Sought, listings_found
from app.catalogue.moderating import BECOMES, Former, Verdict, moderate, recategorise, take_back
from app.catalogue.reading import used_in_any_state
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.i18n import N_, language_name, translate, written_date
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.filters import Option
from state.listings import NEW, ListingForm, state_name, state_options
from state.page import Crumb
from state.payloads import text_of, uuid_of
from state.session import path_parts

PICK = "pick."


@dataclasses.dataclass(frozen=True)
class ListingRow:
    """A listing as the table shows it."""

    id: str
    title: str
    provider: str
    provider_id: str
    category: str
    state: str
    state_name: str
    price: str
    city: str
    changed: str


class ListingsState(rx.State):
    """One page of the listings, and what is sought."""

    rows: rx.Field[list[ListingRow]] = rx.field(default_factory=list)
    sought: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    states: rx.Field[list[Option]] = rx.field(default_factory=list)
    used: rx.Field[list[Option]] = rx.field(default_factory=list)
    """Categories that have listings."""
    spoken: rx.Field[list[Option]] = rx.field(default_factory=list)
    kinds: rx.Field[list[Option]] = rx.field(default_factory=list)
    may_edit: rx.Field[bool] = rx.field(False)
    total: rx.Field[int] = rx.field(0)
    number: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    all_picked: rx.Field[bool] = rx.field(False)
    shown: rx.Field[int] = rx.field(0)
    """Counts the readings of the table, so that ticks are gone after each deed."""
    loaded: rx.Field[bool] = rx.field(False)
    _former: list[Former] = []

    @rx.event
    async def load(self):
        """Show the newest listings, or those that the address asks for."""
        entry = await enter(self, Permission.MODERATE, place="listings", title=N_("Listings"))
        if entry is None:
            return
        asked = self.router.url.query_parameters
        self.number, self._former = 1, []
        self.sought = {
            name: text_of(asked.get(name), 200) for name in ("state", "provider", "category")
        }
        await self._refresh(entry)

    @rx.event
    async def search(self, form: dict[str, Any]):
        """Show the listings that fit the form."""
        names = ("words", "state", "category", "provider", "language", "order")
        told = {name: text_of(form.get(name), 200) for name in names}
        self.sought = told | {"provider": told["provider"] or self.sought.get("provider", "")}
        self.number = 1
        await self._refresh(await acting(self))

    @rx.event
    async def seek_all(self):
        """Forget what was sought."""
        self.sought, self.number = {}, 1
        await self._refresh(await acting(self))

    @rx.event
    async def earlier(self):
        """Show the page before."""
        self.number = max(1, self.number - 1)
        await self._refresh(await acting(self))

    @rx.event
    async def later(self):
        """Show the next page."""
        self.number += 1
        await self._refresh(await acting(self))

    @rx.event
    async def pick_all(self, picked: bool):
        """Tick every listing of the page, or none."""
        self.all_picked = picked is True
        self.shown += 1

    @rx.event
    async def apply(self, form: dict[str, Any]):
        """Do to the ticked listings what the form says."""
        entry = await acting(self)
        deed = text_of(form.get("deed"), 20)
        try:
            ids = [uuid_of(name.removeprefix(PICK)) for name in form if _is_pick(name)]
            if not ids:
                raise NotFound("Tick some listings first.")
            former = await _done(entry, ids, deed, form)
        except AppError as error:
            await say_wrong(self, error)
            return
        self._former = former
        await self._refresh(entry)
        await say_done(self, N_("Done: %(count)s changed."), undo=bool(former), count=len(former))

    @rx.event
    async def undo(self):
        """Take the last deed back."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                count = await take_back(session, entry.actor, self._former)
        except AppError as error:
            await say_wrong(self, error)
            return
        self._former = []
        await self._refresh(entry)
        await say_done(self, N_("It is as it was before: %(count)s."), count=count)

    async def _refresh(self, entry: Entry) -> None:
        locale, told = entry.locale, self.sought
        order: Order = ORDERS[0]
        for one in ORDERS:
            if one == told.get("order"):
                order = one
        owner = told.get("provider", "")
        try:
            provider = uuid_of(owner) if owner else None
        except NotFound:
            provider = UUID(int=0)
        sought = Sought(
            words=told.get("words", ""),
            state=told.get("state", ""),
            category=told.get("category", ""),
            provider=provider,
            language=told.get("language", ""),
            order=order,
            number=self.number,
        )
        async with tenant_session(entry.market.id) as session:
            found = await listings_found(session, entry.actor, sought, locale)
            kinds = await kinds_to_choose(session, locale)
            used, spoken = await used_in_any_state(session)
        self.kinds = [Option(kind.value, kind.name) for kind in kinds]
        self.used = [kind for kind in self.kinds if kind.value in used]
        self.spoken = [Option(code, language_name(code, locale)) for code in spoken]
        self.states = state_options(locale)
        self.may_edit = entry.actor.may(Permission.EDIT_CATALOGUE)
        self.rows = [_row(one, locale) for one in found.rows]
        self.total, self.number, self.pages = found.total, found.number, found.pages
        self.all_picked = False
        self.shown += 1
        self.loaded = True


class AdminListingState(ListingForm, rx.State):
    """One listing in the console."""

    may_edit: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the listing that the path names, or an empty form for a new one."""
        slug = self.router.url.path.rstrip("/").rpartition("/")[2]
        self.ready = False
        self.listing_id = "" if slug == NEW else slug
        self.provider_id = text_of(self.router.url.query_parameters.get("provider"), 40)
        await self._opened()

    @rx.event
    async def judge(self, form: dict[str, Any]):
        """Publish, hide or refuse the listing."""
        entry = await acting(self)
        verdict = _verdict(form.get("deed"))
        try:
            async with tenant_session(entry.market.id) as session:
                ids = [uuid_of(self.listing_id)]
                reason = text_of(form.get("reason"))
                await moderate(session, entry.actor, ids, verdict, reason)
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._open()
        await say_done(self, N_("Saved."))

    @rx.event
    async def delete(self):
        """Delete the listing."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await delete_listing(session, entry.actor, uuid_of(self.listing_id))
        except AppError as error:
            await say_wrong(self, error)
            return None
        return rx.redirect(f"/{entry.locale}/admin/listings")

    def _place(self, listing_id: str) -> str:
        return self.router.url.path.rpartition("/")[0] + "/" + listing_id

    async def _enter(self) -> Entry | None:
        entry = await enter(
            self,
            Permission.MODERATE,
            place="listings",
            title=N_("Listing"),
            under=(Crumb(translate(path_parts(self)[0], "Listings"), "listings"),),
        )
        if entry is not None:
            self.may_edit = entry.actor.may(Permission.EDIT_CATALOGUE)
        return entry


async def _done(entry: Entry, ids: list[UUID], deed: str, form: dict[str, Any]) -> list[Former]:
    async with tenant_session(entry.market.id) as session:
        if deed == "recategorise":
            key = text_of(form.get("category"), 200)
            return await recategorise(session, entry.actor, ids, key)
        reason = text_of(form.get("reason"))
        return await moderate(session, entry.actor, ids, _verdict(deed), reason)


def _is_pick(name: Any) -> bool:
    return isinstance(name, str) and name.startswith(PICK)


def _verdict(told: Any) -> Verdict:
    for verdict in BECOMES:
        if verdict == told:
            return verdict
    raise NotFound("Choose what to do.")


def _row(one: ListedListing, locale: str) -> ListingRow:
    return ListingRow(
        id=str(one.id),
        title=one.title,
        provider=one.provider,
        provider_id=str(one.provider_id),
        category=one.category,
        state=one.state,
        state_name=state_name(one.state, locale),
        price=one.price,
        city=one.city,
        changed=written_date(one.changed.date(), locale),
    )
