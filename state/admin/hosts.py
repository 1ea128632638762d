"""The market's domains, as an editor sees them."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_
from app.markets import directory
from app.markets import hosts as domain
from app.settings import settings
from state.admin.entry import acting, enter, say_done, say_wrong, translated


@dataclasses.dataclass(frozen=True)
class HostRow:
    """A domain and, while it is not proved, the TXT record that proves it."""

    host: str
    href: str
    main: bool
    own: bool
    record: str
    proof: str


class HostsState(rx.State):
    """Domains that open the market, and those that will."""

    rows: rx.Field[list[HostRow]] = rx.field(default_factory=list)
    problem: rx.Field[str] = rx.field("")
    checking: rx.Field[str] = rx.field("")
    added: rx.Field[int] = rx.field(0)

    @rx.event
    async def load(self):
        """Show the market's domains."""
        entry = await enter(self, Permission.HOSTS, place="hosts", title=N_("Domains"))
        if entry is None:
            return
        self.problem, self.checking = "", ""
        async with tenant_session(entry.market.id) as session:
            await self._list(session, entry.actor)

    @rx.event
    async def add(self, form: dict[str, Any]):
        """Claim the domain in the form."""
        self.problem = ""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await domain.claim_host(session, entry.actor, form.get("host"))
                await self._list(session, entry.actor)
        except AppError as error:
            self.problem = await translated(self, error)
            return
        self.added += 1
        await say_done(self, N_("Now publish the TXT record that is shown, then check it."))

    @rx.event
    async def check(self, host: str):
        """Look for the TXT record of a claimed domain."""
        entry = await acting(self)
        try:
            name = domain.domain_name(host)
            entry.actor.must(Permission.HOSTS)
            self.checking = name
            yield
            records = await domain.txt_records(domain.Host(name).record)
            async with tenant_session(entry.market.id) as session:
                await domain.prove_host(session, entry.actor, name, records)
                await self._list(session, entry.actor)
        except AppError as error:
            await say_wrong(self, error)
        else:
            await say_done(self, N_("The domain opens the market now."))
        finally:
            self.checking = ""

    @rx.event
    async def make_main(self, host: str):
        """Make a domain the main one."""
        await self._do(domain.make_main, host, N_("This is the main domain now."))

    @rx.event
    async def remove(self, host: str):
        """Take a domain or a claim away."""
        await self._do(domain.remove_host, host, N_("The domain is removed."))

    async def _do(
        self,
        act: Callable[[TenantSession, Actor, str], Awaitable[None]],
        host: str,
        said: str,
    ) -> None:
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await act(session, entry.actor, str(host))
                await self._list(session, entry.actor)
        except AppError as error:
            await say_wrong(self, error)
            return
        directory.forget_market(entry.market.id)
        await say_done(self, said)

    async def _list(self, session: TenantSession, actor: Actor) -> None:
        self.rows = [
            HostRow(
                one.host,
                settings().origin(one.host),
                one.main,
                one.own,
                one.record,
                one.proof,
            )
            for one in await domain.hosts_of(session, actor)
        ]
