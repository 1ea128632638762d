"""What the market can do without, as an editor sees it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.i18n import N_, translate
from app.markets.modules import MODULES, modules_of, switch_off
from state.admin.editing import EditedMarket, Told
from state.admin.entry import Entry, enter


@dataclasses.dataclass(frozen=True)
class Switch:
    """A module and whether the market has it."""

    key: str
    name: str
    about: str
    on: bool


class ModulesState(EditedMarket, rx.State):
    """Modules, on and off."""

    switches: rx.Field[list[Switch]] = rx.field(default_factory=list)

    @rx.event
    async def load(self):
        """Show which modules the market has."""
        await self._open()

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Have those that are ticked, and no others."""
        off = sorted(module.key for module in MODULES if not form.get(f"module.{module.key}"))
        await self._save({"switched_off": off})

    async def _enter(self) -> Entry | None:
        return await enter(self, Permission.SHAPE, place="modules", title=N_("Modules"))

    async def _read(self, session: TenantSession, actor: Actor) -> tuple[Told, int]:
        off, version = await modules_of(session, actor)
        return {"switched_off": off}, version

    async def _write(self, session: TenantSession, actor: Actor, wanted: Told, seen: int) -> None:
        await switch_off(session, actor, wanted["switched_off"], seen)

    def _names(self, locale: str) -> Mapping[str, str]:
        return {"switched_off": translate(locale, "Switched off")}

    async def _show(self, entry: Entry, stands: Told) -> None:
        self.switches = [
            Switch(
                module.key,
                translate(entry.locale, module.name),
                translate(entry.locale, module.about),
                on=module.key not in stands["switched_off"],
            )
            for module in MODULES
        ]
