"""Who acts: the one thing that every checked domain function takes beside its session."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal
from uuid import UUID

from app.accounts.permissions import GRANTS, STAFF, Permission, Role, granted
from app.errors import AppError, NotAllowed

Kind = Literal["visitor", "person", "key", "system"]


class SignInNeeded(AppError):
    """Nobody is signed in, and the thing asked for needs somebody."""

    status = HTTPStatus.UNAUTHORIZED


class SecondFactorNeeded(NotAllowed):
    """The market asks its staff for a second factor, and this sign-in has none."""


@dataclass(frozen=True)
class Member:
    """A person of a market, as the rest of the program knows them."""

    id: UUID
    name: str
    email: str
    locale: str
    roles: frozenset[Role] = frozenset({Role.MEMBER})
    providers: frozenset[UUID] = frozenset()
    """The providers in whose name they act."""
    factors: frozenset[str] = frozenset()
    """How this sign-in was proved: `password`, `oidc`, `totp`, `recovery`, `passkey`."""
    sign_in_id: UUID | None = None
    verified: bool = False
    """Whether they have shown that the e-mail address is theirs."""

    @property
    def is_staff(self) -> bool:
        """Whether one of their roles belongs to the market's staff."""
        return bool(self.roles & STAFF)

    @property
    def twice_proved(self) -> bool:
        """Whether the sign-in has a second factor; a passkey is two in one."""
        return bool(self.factors & {"totp", "recovery", "passkey"})


@dataclass(frozen=True)
class Actor:
    """Who acts in a market and what they may do; never made from a payload.

    `id` is the person's or the key's, `address` where the request came from.
    """

    market_id: UUID
    kind: Kind = "visitor"
    id: UUID | None = None
    name: str = ""
    permissions: frozenset[Permission] = GRANTS[Role.VISITOR]
    roles: frozenset[Role] = frozenset({Role.VISITOR})
    providers: frozenset[UUID] = frozenset()
    address: str = ""
    lacks_factor: bool = False
    """Whether permissions are held back until a second factor is given."""

    @property
    def person_id(self) -> UUID | None:
        """The person's id, or None for visitors, keys and the system."""
        return self.id if self.kind == "person" else None

    def may(self, permission: Permission) -> bool:
        """Whether this is allowed."""
        return permission in self.permissions

    def must(self, permission: Permission) -> None:
        """Raise `SignInNeeded`, `SecondFactorNeeded` or `NotAllowed` unless it is allowed."""
        if permission in self.permissions:
            return
        if self.kind == "visitor":
            raise SignInNeeded("Sign in to do this.")
        if self.lacks_factor and permission in granted(self.roles):
            raise SecondFactorNeeded("This market asks its staff for a second factor.")
        raise NotAllowed("You are not allowed to do this.")


def visitor(market_id: UUID, address: str = "") -> Actor:
    """Somebody of whom nothing is known."""
    return Actor(market_id=market_id, address=address)


def person(
    market_id: UUID, member: Member, *, address: str = "", second_factor: bool = False
) -> Actor:
    """A signed-in person; with `second_factor` the market requires one of its staff."""
    lacks = second_factor and member.is_staff and not member.twice_proved
    held = member.roles - STAFF if lacks else member.roles
    return Actor(
        market_id=market_id,
        kind="person",
        id=member.id,
        name=member.name,
        permissions=granted(held),
        roles=member.roles,
        providers=member.providers,
        address=address,
        lacks_factor=lacks,
    )


def system(market_id: UUID, name: str, *permissions: Permission) -> Actor:
    """The program itself: a job or a command of the operator, with the permissions named."""
    return Actor(
        market_id=market_id,
        kind="system",
        name=name,
        permissions=frozenset(permissions) or frozenset(Permission),
    )
