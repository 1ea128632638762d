"""The market's people in the console: found, given roles, suspended, invited."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts import invitations as inviting
from app.accounts.actors import Actor
from app.accounts.invitations import Invitation, role_name
from app.accounts.people import Listed, people_of, readmit, suspend
from app.accounts.permissions import GIVEN_BY, Permission, Role
from app.accounts.roles import give_role, take_role, transfer_market
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.i18n import N_, own_name, translate, written_date
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.filters import Option

GIVEN_HERE = (Role.OPERATOR, Role.ADMIN)
"""Roles of people; a provider's is given beside the provider, for it needs one."""

Deed = Callable[[TenantSession, Actor, UUID], Awaitable[None]]


@dataclasses.dataclass(frozen=True)
class PersonRow:
    """A person as the table shows them, and what may be done with them."""

    id: str
    name: str
    email: str
    roles: str
    joined: str
    seen: str
    verified: bool
    suspended: bool
    operator: bool
    admin: bool
    reachable: bool
    """Whether the reader may change anything about them."""
    heir: bool
    """Whether the market can be handed to them."""


@dataclasses.dataclass(frozen=True)
class InvitationRow:
    """An invitation as the list shows it."""

    id: str
    email: str
    role: str
    state: str
    state_name: str
    until: str


class PeopleState(rx.State):
    """One page of the people, and the newest invitations."""

    rows: rx.Field[list[PersonRow]] = rx.field(default_factory=list)
    invitations: rx.Field[list[InvitationRow]] = rx.field(default_factory=list)
    offered: rx.Field[list[Option]] = rx.field(default_factory=list)
    """Roles that the reader may invite to."""
    roles: rx.Field[list[Option]] = rx.field(default_factory=list)
    languages: rx.Field[list[Option]] = rx.field(default_factory=list)
    words: rx.Field[str] = rx.field("")
    role: rx.Field[str] = rx.field("")
    total: rx.Field[int] = rx.field(0)
    number: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    loaded: rx.Field[bool] = rx.field(False)
    invited: rx.Field[int] = rx.field(0)
    """Counts the invitations sent, so that the form is empty after each."""

    @rx.event
    async def load(self):
        """Show the newest people."""
        entry = await enter(self, Permission.SEE_PEOPLE, place="people", title=N_("People"))
        if entry is None:
            return
        self.words, self.role, self.number = "", "", 1
        self.languages = [Option(code, own_name(code)) for code in entry.market.locales]
        await self._refresh(entry)

    @rx.event
    async def search(self, form: dict[str, Any]):
        """Show the people whose name or address holds the words, or who have the role."""
        words, role = form.get("words"), form.get("role")
        self.words = words[:100] if isinstance(words, str) else ""
        self.role = next((one.value for one in Role if one == role), "")
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
    async def set_role(self, person_id: str, role: str, held: bool):
        """Give a role or take it away."""
        known = next((one for one in GIVEN_HERE if one == role), None)
        if known is None or not isinstance(held, bool):
            await say_wrong(self, NotFound("There is no such role."))
            return

        async def change(session: TenantSession, actor: Actor, person: UUID) -> None:
            if held:
                await give_role(session, actor, person, known)
            else:
                await take_role(session, actor, person, known)

        await self._do(person_id, change, N_("The roles are changed."))

    @rx.event
    async def suspend(self, person_id: str):
        """Close an account until it is opened again."""
        await self._do(person_id, suspend, N_("The account is suspended."))

    @rx.event
    async def readmit(self, person_id: str):
        """Open a suspended account."""
        await self._do(person_id, readmit, N_("The account is open again."))

    @rx.event
    async def transfer(self, person_id: str):
        """Hand the market over."""
        await self._do(person_id, transfer_market, N_("The market has a new owner."))

    @rx.event
    async def invite(self, form: dict[str, Any]):
        """Send an invitation."""
        entry = await acting(self)
        email, role, locale = form.get("email"), form.get("role"), form.get("locale")
        known = next((one for one in GIVEN_HERE if one == role), None)
        if known is None or not isinstance(email, str):
            await say_wrong(self, NotFound("There is no such role."))
            return
        try:
            async with tenant_session(entry.market.id) as session:
                await inviting.invite(
                    session,
                    entry.actor,
                    entry.market,
                    email,
                    known,
                    locale=locale if isinstance(locale, str) else None,
                )
        except AppError as error:
            await say_wrong(self, error)
            return
        self.invited += 1
        await say_done(self, N_("The invitation is on its way to %(email)s."), email=email.strip())
        await self._refresh(entry)

    @rx.event
    async def revoke(self, invitation_id: str):
        """Make an invitation void."""
        await self._do(invitation_id, inviting.revoke_invitation, N_("The invitation is void."))

    async def _do(self, told: str, deed: Deed, message: str) -> None:
        entry = await acting(self)
        try:
            subject = UUID(told)
        except (ValueError, TypeError, AttributeError):
            await say_wrong(self, NotFound("There is no such person."))
            return
        try:
            async with tenant_session(entry.market.id) as session:
                await deed(session, entry.actor, subject)
        except AppError as error:
            await say_wrong(self, error)
        else:
            await say_done(self, message)
        # Looked up anew: who handed the market over may do less from now on.
        await self._refresh(await acting(self))

    async def _refresh(self, entry: Entry) -> None:
        actor, locale = entry.actor, entry.locale
        async with tenant_session(entry.market.id) as session:
            found = await people_of(
                session,
                actor,
                words=self.words,
                role=Role(self.role) if self.role else None,
                number=self.number,
            )
            sent = await inviting.invitations(session, actor, limit=30)
        givable = {one for held in actor.roles for one in GIVEN_BY.get(held, frozenset[Role]())}
        self.offered = [Option(one, role_name(one, locale)) for one in GIVEN_HERE if one in givable]
        self.roles = [
            Option(one, role_name(one, locale))
            for one in (Role.PROVIDER, Role.OPERATOR, Role.ADMIN, Role.OWNER)
        ]
        self.rows = [_row(one, actor, locale) for one in found.people]
        self.invitations = [_invitation(one, locale) for one in sent]
        self.total, self.number, self.pages = found.total, found.number, found.pages
        self.loaded = True


def _row(one: Listed, actor: Actor, locale: str) -> PersonRow:
    beyond = {Role.OWNER, Role.PLATFORM_OWNER}
    if Role.OWNER not in actor.roles:
        beyond.add(Role.ADMIN)
    told = sorted(one.roles - {Role.MEMBER}, key=list(Role).index) or [Role.MEMBER]
    return PersonRow(
        id=str(one.id),
        name=one.name,
        email=one.email,
        roles=", ".join(role_name(role, locale) for role in told),
        joined=written_date(one.joined_at.date(), locale),
        seen=written_date(one.seen_at.date(), locale) if one.seen_at else "",
        verified=one.verified,
        suspended=one.suspended,
        operator=Role.OPERATOR in one.roles,
        admin=Role.ADMIN in one.roles,
        reachable=(actor.may(Permission.INVITE) and one.id != actor.id and not one.roles & beyond),
        heir=actor.may(Permission.TRANSFER) and Role.ADMIN in one.roles and not one.suspended,
    )


def _invitation(one: Invitation, locale: str) -> InvitationRow:
    states = {
        "waiting": translate(locale, "waiting"),
        "accepted": translate(locale, "accepted"),
        "expired": translate(locale, "expired"),
        "revoked": translate(locale, "void"),
    }
    return InvitationRow(
        id=str(one.id),
        email=one.email,
        role=role_name(one.role, locale),
        state=one.state,
        state_name=states[one.state],
        until=written_date(one.expires_at.date(), locale),
    )
