"""The market's providers in the console: the table, and the page of one."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.invitations import invite
from app.accounts.permissions import Permission, Role
from app.catalogue.finding import ListedProvider, providers_found
from app.catalogue.providers import (
    acting_for,
    create_provider,
    delete_provider,
    edit_provider,
    provider_fields,
    provider_of,
    show_provider,
)
from app.catalogue.publishing import ProviderState
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_, own_name, translate
from state.admin.editing import EditedMarket, Told
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.filters import Option
from state.listings import NEW
from state.office.profile import About
from state.page import Crumb, refuse
from state.payloads import form_of, text_of, uuid_of
from state.session import current_market, path_parts


@dataclasses.dataclass(frozen=True)
class ProviderRow:
    """A provider as the table shows it."""

    id: str
    name: str
    listings: int
    waiting: int
    hidden: bool


class ProvidersState(rx.State):
    """One page of the providers."""

    rows: rx.Field[list[ProviderRow]] = rx.field(default_factory=list)
    words: rx.Field[str] = rx.field("")
    state: rx.Field[str] = rx.field("")
    may_edit: rx.Field[bool] = rx.field(False)
    total: rx.Field[int] = rx.field(0)
    number: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the providers by name."""
        entry = await enter(self, Permission.MODERATE, place="providers", title=N_("Providers"))
        if entry is None:
            return
        self.words, self.state, self.number = "", "", 1
        await self._refresh(entry)

    @rx.event
    async def search(self, form: dict[str, Any]):
        """Show the providers whose name holds the words."""
        form = form_of(form)
        self.words = text_of(form.get("words"), 100)
        state = form.get("state")
        self.state = next((one.value for one in ProviderState if one == state), "")
        self.number = 1
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
    async def show(self, provider_id: str, shown: bool):
        """Hide a provider with all they offer, or show them again."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await show_provider(session, entry.actor, uuid_of(provider_id), shown=shown is True)
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._refresh(entry)
        await say_done(self, N_("Saved."))

    async def _refresh(self, entry: Entry) -> None:
        try:
            async with tenant_session(entry.market.id) as session:
                found = await providers_found(
                    session, entry.actor, words=self.words, state=self.state, number=self.number
                )
        except AppError as error:
            await say_wrong(self, error)
            return
        self.rows = [_row(one) for one in found.rows]
        self.total, self.number, self.pages = found.total, found.number, found.pages
        self.may_edit = entry.actor.may(Permission.EDIT_CATALOGUE)
        self.loaded = True


class AdminProviderState(EditedMarket, rx.State):
    """One provider in the console."""

    provider_id: rx.Field[str] = rx.field("")
    """Empty for a provider that is not saved yet."""
    name: rx.Field[str] = rx.field("")
    abouts: rx.Field[list[About]] = rx.field(default_factory=list)
    people: rx.Field[list[str]] = rx.field(default_factory=list)
    """Names of those who act for the provider."""
    languages: rx.Field[list[Option]] = rx.field(default_factory=list)
    may_edit: rx.Field[bool] = rx.field(False)
    may_invite: rx.Field[bool] = rx.field(False)
    invited: rx.Field[int] = rx.field(0)
    """Counts the invitations sent, so that the form is empty after each."""
    ready: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the provider that the path names, or an empty form."""
        slug = self.router.url.path.rstrip("/").rpartition("/")[2]
        self.ready = False
        self.provider_id = "" if slug == NEW else slug
        try:
            await self._open()
        except AppError as error:
            await refuse(self, error)

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save name and text."""
        form = form_of(form)
        wanted = {"name": text_of(form.get("name"))}
        for about in self.abouts:
            wanted[f"about.{about.code}"] = text_of(form.get(f"about.{about.code}"))
        was_new = not self.provider_id
        await self._save(wanted, undo=not was_new)
        if was_new and self.provider_id:
            return rx.redirect(self.router.url.path.rpartition("/")[0] + "/" + self.provider_id)
        return None

    @rx.event
    async def invite(self, form: dict[str, Any]):
        """Invite a person to act for the provider."""
        entry, form = await acting(self), form_of(form)
        email, locale = text_of(form.get("email"), 320), text_of(form.get("locale"), 20)
        try:
            async with tenant_session(entry.market.id) as session:
                await provider_of(session, entry.actor, uuid_of(self.provider_id))
                await invite(
                    session,
                    entry.actor,
                    entry.market,
                    email,
                    Role.PROVIDER,
                    provider_id=uuid_of(self.provider_id),
                    locale=locale,
                )
        except AppError as error:
            await say_wrong(self, error)
            return
        self.invited += 1
        await say_done(self, N_("The invitation is on its way to %(email)s."), email=email.strip())

    @rx.event
    async def delete(self):
        """Delete the provider with everything they offer."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await delete_provider(session, entry.actor, uuid_of(self.provider_id))
        except AppError as error:
            await say_wrong(self, error)
            return None
        return rx.redirect(f"/{entry.locale}/admin/providers")

    async def _enter(self) -> Entry | None:
        entry = await enter(
            self,
            Permission.MODERATE,
            place="providers",
            title=N_("Provider"),
            under=(Crumb(translate(path_parts(self)[0], "Providers"), "providers"),),
        )
        if entry is not None:
            self.may_edit = entry.actor.may(Permission.EDIT_CATALOGUE)
            self.may_invite = entry.actor.may(Permission.INVITE)
        return entry

    async def _read(self, session: TenantSession, actor: Actor) -> tuple[Told, int]:
        if not self.provider_id:
            return {}, 0
        found = await provider_of(session, actor, uuid_of(self.provider_id))
        market = await current_market(self)
        told = {f"about.{code}": found.about.get(code, "") for code in market.locales}
        return {"name": found.name} | told, found.version

    async def _write(self, session: TenantSession, actor: Actor, wanted: Told, seen: int) -> None:
        about = {
            name.removeprefix("about."): text for name, text in wanted.items() if name != "name"
        }
        fields = provider_fields(wanted.get("name"), about)
        if self.provider_id:
            actor.must(Permission.EDIT_CATALOGUE)
            await edit_provider(session, actor, uuid_of(self.provider_id), seen, fields)
            return
        self.provider_id = str((await create_provider(session, actor, fields)).id)

    def _names(self, locale: str) -> Mapping[str, str]:
        about = translate(locale, "About the provider")
        named = {f"about.{one.code}": f"{about} ({one.language})" for one in self.abouts}
        return {"name": translate(locale, "Name")} | named

    async def _show(self, entry: Entry, stands: Told) -> None:
        market = entry.market
        self.people = []
        if self.provider_id:
            async with tenant_session(market.id) as session:
                self.people = await acting_for(session, entry.actor, uuid_of(self.provider_id))
        self.name = stands.get("name", "")
        self.abouts = [
            About(code, own_name(code), stands.get(f"about.{code}", "")) for code in market.locales
        ]
        self.languages = [Option(code, own_name(code)) for code in market.locales]
        self.ready = True


def _row(one: ListedProvider) -> ProviderRow:
    hidden = one.state == ProviderState.HIDDEN
    return ProviderRow(str(one.id), one.name, one.listings, one.waiting, hidden)
