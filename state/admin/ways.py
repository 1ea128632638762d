"""The ways of signing in, as those see them who configure them."""

import dataclasses
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.permissions import Permission
from app.accounts.ways.configuring import (
    WayInput,
    add_way,
    all_ways,
    change_way,
    check_way,
    remove_way,
    switch_way,
)
from app.accounts.ways.models import SignInWay
from app.accounts.ways.presets import PRESETS
from app.accounts.ways.visiting import callback_address
from app.database import tenant_session
from app.errors import AppError, Conflict, NotFound
from app.i18n import N_, translate
from state.admin.differences import Difference, differences
from state.admin.entry import Entry, acting, enter, say_done, say_wrong

FIELDS = ("client_id", "name", "issuer", "team_id", "key_id")
"""What a form shows again; the secret is not among them, for it is only ever written."""
LONGEST_FIELD = 8192


@dataclasses.dataclass(frozen=True)
class WayRow:
    """A configured way."""

    id: str
    kind: str
    name: str
    issuer: str
    client_id: str
    callback: str
    enabled: bool
    version: int


@dataclasses.dataclass(frozen=True)
class PresetCard:
    """A provider that can be added."""

    kind: str
    name: str
    register_at: str


class WaysState(rx.State):
    """The list of ways, and the form of the one being added or changed."""

    rows: rx.Field[list[WayRow]] = rx.field(default_factory=list)
    presets: rx.Field[list[PresetCard]] = rx.field(default_factory=list)
    loaded: rx.Field[bool] = rx.field(False)
    kind: rx.Field[str] = rx.field("")
    """The kind in the form; empty while there is no form."""
    kind_name: rx.Field[str] = rx.field("")
    editing: rx.Field[str] = rx.field("")
    """The id of the way in the form; empty for a new one."""
    fields: rx.Field[dict[str, str]] = rx.field(default_factory=lambda: dict.fromkeys(FIELDS, ""))
    needs_secret: rx.Field[bool] = rx.field(False)
    register_at: rx.Field[str] = rx.field("")
    form_number: rx.Field[int] = rx.field(0)
    problem: rx.Field[str] = rx.field("")
    checked: rx.Field[str] = rx.field("")
    conflicts: rx.Field[list[Difference]] = rx.field(default_factory=list)
    _version: int = 0

    @rx.event
    async def load(self):
        """Show the ways of the market."""
        entry = await enter(self, Permission.SIGN_IN_WAYS, place="sign-in", title=N_("Sign-in"))
        if entry is None:
            return
        self.presets = [
            PresetCard(preset.kind, preset.name, preset.register_at) for preset in PRESETS.values()
        ]
        await self._refresh(entry)

    @rx.event
    async def add(self, kind: str):
        """Open the form for a new way."""
        if kind in PRESETS if isinstance(kind, str) else False:
            self._open(kind, "", {}, 0)

    @rx.event
    async def edit(self, way_id: str):
        """Open the form of a way."""
        found = await self._way(await acting(self), way_id)
        if found is not None:
            self._open(found.kind, str(found.id), _fields(found), found.version)

    @rx.event
    async def cancel(self):
        """Close the form."""
        self._close()

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Keep what the form says; its secret passes through and is not kept here."""
        told = {
            name: value[:LONGEST_FIELD]
            for name in (*FIELDS, "secret")
            if isinstance(value := form.get(name, ""), str)
        }
        self.fields = {name: told.get(name, "") for name in FIELDS}
        await self._save(WayInput(self.kind, **{"client_id": "", **told}))

    @rx.event
    async def keep_mine(self):
        """Save over what somebody else saved."""
        found = await self._way(await acting(self), self.editing)
        if found is not None:
            self._version = found.version
            await self._save(WayInput(self.kind, **self.fields))

    @rx.event
    async def take_theirs(self):
        """Put what somebody else saved into the form."""
        found = await self._way(await acting(self), self.editing)
        if found is not None:
            self._open(found.kind, str(found.id), _fields(found), found.version)

    @rx.event
    async def check(self, way_id: str):
        """Ask the provider of a way for its configuration."""
        entry = await acting(self)
        found = await self._way(entry, way_id)
        if found is None:
            return
        try:
            address = await check_way(entry.actor, found.kind, found.issuer)
        except AppError as error:
            await say_wrong(self, error)
        else:
            await say_done(
                self,
                N_("The provider answers; it signs people in at %(address)s."),
                address=address,
            )

    @rx.event
    async def switch(self, way_id: str, version: int, enabled: bool):
        """Offer a way, or no more."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await switch_way(
                    session, entry.actor, _id(way_id), int(version), enabled=enabled is True
                )
        except (AppError, TypeError, ValueError) as error:
            await say_wrong(self, _said(error))
        else:
            await say_done(
                self,
                N_("People can sign in by it now.") if enabled else N_("It is offered no more."),
            )
        await self._refresh(entry)

    @rx.event
    async def remove(self, way_id: str):
        """Remove a way and its secret."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await remove_way(session, entry.actor, _id(way_id))
        except AppError as error:
            await say_wrong(self, error)
        else:
            await say_done(self, N_("The sign-in way is removed."))
        if self.editing == way_id:
            self._close()
        await self._refresh(entry)

    async def _save(self, given: WayInput) -> None:
        entry = await acting(self)
        self.problem, self.conflicts = "", []
        try:
            async with tenant_session(entry.market.id) as session:
                if self.editing:
                    way_id = _id(self.editing)
                    await change_way(session, entry.actor, way_id, self._version, given)
                else:
                    await add_way(session, entry.actor, given)
        except Conflict:
            await self._show_conflict(entry)
            return
        except AppError as error:
            self.problem = translate(entry.locale, error.message, **error.params)
            return
        added = not self.editing
        self._close()
        await self._refresh(entry)
        await say_done(
            self,
            N_("It is saved. Switch it on once the provider knows the address to come back to.")
            if added
            else N_("The sign-in way is saved."),
        )

    async def _show_conflict(self, entry: Entry) -> None:
        found = await self._way(entry, self.editing)
        if found is None:
            return
        names = {
            "client_id": translate(entry.locale, "Client ID"),
            "name": translate(entry.locale, "Name on the button"),
            "issuer": translate(entry.locale, "Address of the issuer"),
            "team_id": translate(entry.locale, "Team ID"),
            "key_id": translate(entry.locale, "Key ID"),
        }
        self.conflicts = differences(names, _fields(found), self.fields)
        if not self.conflicts:
            self._version = found.version

    async def _refresh(self, entry: Entry) -> None:
        async with tenant_session(entry.market.id) as session:
            found = await all_ways(session, entry.actor)
        self.rows = [
            WayRow(
                str(way.id),
                way.kind,
                way.name,
                way.issuer,
                way.client_id,
                callback_address(entry.market.host, way.id),
                way.enabled,
                way.version,
            )
            for way in found
        ]
        self.loaded = True

    async def _way(self, entry: Entry, way_id: str) -> SignInWay | None:
        try:
            async with tenant_session(entry.market.id) as session:
                listed = await all_ways(session, entry.actor)
            return next(way for way in listed if way.id == _id(way_id))
        except StopIteration:
            await say_wrong(self, NotFound("There is no such sign-in way."))
        except AppError as error:
            await say_wrong(self, error)
        return None

    def _open(self, kind: str, way_id: str, fields: dict[str, str], version: int) -> None:
        preset = PRESETS[kind]
        self.kind, self.kind_name, self.editing = kind, preset.name, way_id
        self.fields = {name: fields.get(name, "") for name in FIELDS}
        if not way_id:
            self.fields["name"] = "" if kind == "oidc" else preset.name
        self.needs_secret = preset.needs_secret and not way_id
        self.register_at = preset.register_at
        self.problem, self.conflicts = "", []
        self.form_number += 1
        self._version = version

    def _close(self) -> None:
        self.kind = self.editing = self.problem = ""
        self.fields, self.conflicts = dict.fromkeys(FIELDS, ""), []


def _fields(way: SignInWay) -> dict[str, str]:
    return {
        "client_id": way.client_id,
        "name": way.name,
        "issuer": way.issuer,
        "team_id": str(way.details.get("team_id", "")),
        "key_id": str(way.details.get("key_id", "")),
    }


def _id(told: object) -> UUID:
    try:
        return UUID(str(told))
    except ValueError as error:
        raise NotFound("There is no such sign-in way.") from error


def _said(error: Exception) -> AppError:
    return error if isinstance(error, AppError) else NotFound("There is no such sign-in way.")
