"""Editing what others may edit at the same time: a version, a conflict, a way back.

    class BrandState(EditedMarket):
        async def _enter(self): ...                     # by `enter`, with the permission needed
        async def _read(self, session, actor): ...      # what stands, flat, and its version
        async def _write(self, session, actor, wanted, seen): ...
        def _names(self, locale): ...                   # what a reader calls each field
        async def _show(self, entry, stands): ...       # put it into the fields of the page

`wanted` and what stands are `{field: text or list of texts}`, so that two of them can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.database import TenantSession, tenant_session
from app.errors import AppError, Conflict
from app.i18n import N_
from app.markets import directory
from app.markets.shaping import NotAccepted
from state.admin.differences import Difference, differences
from state.admin.entry import Entry, acting, say_done, say_wrong, translated

Told = dict[str, Any]


class EditedMarket(rx.State, mixin=True):
    """What every page that edits the market's row has in common."""

    version: rx.Field[int] = rx.field(0)
    """The version of the market that this editor saw; also remakes the form after a save."""
    conflicts: rx.Field[list[Difference]] = rx.field(default_factory=list)
    problem: rx.Field[str] = rx.field("")
    problem_field: rx.Field[str] = rx.field("")
    # Reflex copies these defaults for each tab.
    _base: Told = {}
    _mine: Told = {}
    _theirs: Told = {}
    _theirs_version: int = 0
    _former: Told = {}
    _can_undo: bool = False

    @rx.event
    async def keep_mine(self):
        """Save over what somebody else saved in the meantime."""
        wanted, self._mine = self._mine, {}
        if wanted:
            # Over what was shown, no more: a third change since then is shown too.
            self._base, self.version = self._theirs, self._theirs_version
            await self._save(wanted)

    @rx.event
    async def take_theirs(self):
        """Forget one's own changes."""
        try:
            await self._open()
        except AppError as error:
            await say_wrong(self, error)

    @rx.event
    async def undo(self):
        """Take the last change back."""
        if self._can_undo:
            await self._save(self._former, said=N_("It is as it was before."), undo=False)

    async def _save(self, wanted: Told, *, said: str = N_("Saved."), undo: bool = True) -> None:
        entry = await acting(self)
        self.problem, self.problem_field = "", ""
        try:
            async with tenant_session(entry.market.id) as session:
                former, _version = await self._read(session, entry.actor)
                await self._write(session, entry.actor, wanted, self.version)
        except Conflict:
            await self._collide(entry, wanted)
        except NotAccepted as error:
            self.problem = await translated(self, error)
            self.problem_field = error.field
            await say_wrong(self, error)
        except AppError as error:
            await say_wrong(self, error)
        else:
            # Other processes hear of it; this page shall show it at once.
            directory.forget_market(entry.market.id)
            await self._open()
            self._former, self._can_undo = former, undo
            await say_done(self, said, undo=undo)

    async def _collide(self, entry: Entry, wanted: Told) -> None:
        try:
            async with tenant_session(entry.market.id) as session:
                stands, version = await self._read(session, entry.actor)
        except AppError as error:
            # It was deleted, or the right to it taken, between the two looks.
            await say_wrong(self, error)
            return
        if stands == self._base:
            # Something else of the market was changed, which this page does not touch.
            self.version = version
            await self._save(wanted)
            return
        self._mine, self._theirs, self._theirs_version = wanted, stands, version
        self.conflicts = differences(self._names(entry.locale), stands, wanted)
        if not self.conflicts:
            await self._open()

    async def _open(self) -> None:
        """Show what stands; the page's `load` calls it too."""
        entry = await self._enter()
        if entry is None:
            return
        async with tenant_session(entry.market.id) as session:
            stands, self.version = await self._read(session, entry.actor)
        self.conflicts, self.problem, self.problem_field, self._mine = [], "", "", {}
        self._base = stands
        await self._show(entry, stands)

    async def _enter(self) -> Entry | None:
        raise NotImplementedError

    async def _read(self, session: TenantSession, actor: Actor) -> tuple[Told, int]:
        raise NotImplementedError

    async def _write(self, session: TenantSession, actor: Actor, wanted: Told, seen: int) -> None:
        raise NotImplementedError

    def _names(self, locale: str) -> Mapping[str, str]:
        raise NotImplementedError

    async def _show(self, entry: Entry, stands: Told) -> None:
        raise NotImplementedError
