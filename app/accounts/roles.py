"""Giving and taking roles, and handing the market over."""

from uuid import UUID

from sqlmodel import col, delete, select

from app.accounts.actors import Actor
from app.accounts.models import Person, RoleGrant
from app.accounts.permissions import GIVEN_BY, Permission, Role
from app.audit.log import record
from app.database import TenantSession
from app.errors import AppError, NotAllowed, NotFound


class LastOwner(AppError):
    """A market must keep an owner, and the platform too."""


async def roles_of(session: TenantSession, person_id: UUID) -> frozenset[Role]:
    """Every role of a person, that of a member among them."""
    found = await session.exec(select(RoleGrant.role).where(RoleGrant.person_id == person_id))
    return frozenset({Role.MEMBER, *(Role(name) for name in found)})


async def give_role(
    session: TenantSession,
    actor: Actor,
    person_id: UUID,
    role: Role,
    provider_id: UUID | None = None,
) -> None:
    """Give a role; `provider_id` says in whose name a provider acts. Twice is once.

    Raises `NotAllowed`, or `NotFound` where the market has no such person.
    """
    check_may_give(actor, role, provider_id)
    person = await _person(session, person_id)
    known = select(RoleGrant).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        col(RoleGrant.provider_id).is_not_distinct_from(provider_id),
    )
    if (await session.exec(known)).one_or_none() is not None:
        return
    session.add(
        RoleGrant(person_id=person_id, role=role, provider_id=provider_id, given_by=actor.id)
    )
    await session.flush()
    await record(
        session, actor, "role.given", "person", person.id, after={"role": role, "to": person.email}
    )


async def take_role(
    session: TenantSession,
    actor: Actor,
    person_id: UUID,
    role: Role,
    provider_id: UUID | None = None,
) -> None:
    """Take a role away; `provider_id` None takes all of a provider's. Raises as `give_role`."""
    _check_may_change(actor, role)
    person = await _person(session, person_id)
    if role is Role.PLATFORM_OWNER and person_id == actor.id:
        raise LastOwner("Hand the platform over to somebody else first.")
    taken = delete(RoleGrant).where(
        col(RoleGrant.person_id) == person_id, col(RoleGrant.role) == role
    )
    if provider_id is not None:
        taken = taken.where(col(RoleGrant.provider_id) == provider_id)
    done = await session.exec(taken)
    if done.rowcount:
        lost = {"role": role, "of": person.email}
        await record(session, actor, "role.taken", "person", person.id, before=lost)


async def transfer_market(session: TenantSession, actor: Actor, person_id: UUID) -> None:
    """Make `person_id`, who must be an admin, the owner; the former owner stays an admin.

    Raises `NotAllowed` unless the actor owns the market.
    """
    actor.must(Permission.TRANSFER)
    heir = await _person(session, person_id)
    if Role.ADMIN not in await roles_of(session, person_id):
        raise AppError("Only an admin can become the owner.")
    grants = (
        await session.exec(select(RoleGrant).where(RoleGrant.role == Role.OWNER).with_for_update())
    ).all()
    if actor.kind == "person" and actor.id not in {grant.person_id for grant in grants}:
        raise NotAllowed("You are not allowed to do this.")
    former = [grant.person_id for grant in grants]
    await session.exec(
        delete(RoleGrant).where(
            (col(RoleGrant.role) == Role.OWNER)
            | (
                (col(RoleGrant.role) == Role.ADMIN)
                & col(RoleGrant.person_id).in_([*former, person_id])
            )
        )
    )
    session.add(RoleGrant(person_id=person_id, role=Role.OWNER, given_by=actor.id))
    for owner in former:
        session.add(RoleGrant(person_id=owner, role=Role.ADMIN, given_by=actor.id))
    await session.flush()
    await record(
        session,
        actor,
        "market.transferred",
        "person",
        heir.id,
        before={"owners": [str(owner) for owner in former]},
        after={"owner": heir.email},
    )


def check_may_give(actor: Actor, role: Role, provider_id: UUID | None) -> None:
    """Raise `NotAllowed`, or `AppError` when a provider's role lacks its provider."""
    _check_may_change(actor, role)
    if (role is Role.PROVIDER) != (provider_id is not None):
        raise AppError("A provider's role needs a provider, and no other role has one.")


def _check_may_change(actor: Actor, role: Role) -> None:
    actor.must(Permission.INVITE)
    if actor.kind == "system":
        return
    if not any(role in GIVEN_BY.get(own, frozenset[Role]()) for own in actor.roles):
        raise NotAllowed("You are not allowed to do this.")


async def _person(session: TenantSession, person_id: UUID) -> Person:
    found = await session.get(Person, person_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found
