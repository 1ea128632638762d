"""The people of a market, as its staff sees them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import exists, func, or_
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.models import Person, RoleGrant, SignIn
from app.accounts.permissions import Permission, Role
from app.accounts.roles import roles_of
from app.accounts.signing import revoke_all
from app.audit.log import record
from app.database import TenantSession
from app.errors import NotAllowed, NotFound

PER_PAGE = 25


@dataclass(frozen=True)
class Listed:
    """A person as a row of the list."""

    id: UUID
    name: str
    email: str
    roles: frozenset[Role]
    verified: bool
    suspended: bool
    joined_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True)
class PeoplePage:
    """One page of the list; `total` counts all pages."""

    people: list[Listed]
    total: int
    number: int
    pages: int


async def people_of(
    session: TenantSession,
    actor: Actor,
    *,
    words: str = "",
    role: Role | None = None,
    suspended: bool | None = None,
    number: int = 1,
) -> PeoplePage:
    """A page of the market's people, the newest first, filtered; raises `NotAllowed`.

    `words` is looked for in name and address. A page beyond the last is the last.
    """
    actor.must(Permission.SEE_PEOPLE)
    query = select(Person)
    if sought := " ".join(words.split())[:100].lower():
        like = f"%{_escaped(sought)}%"
        query = query.where(or_(func.lower(Person.name).like(like), col(Person.email).like(like)))
    if role not in (None, Role.MEMBER):
        query = query.where(
            exists().where(col(RoleGrant.person_id) == col(Person.id), col(RoleGrant.role) == role)
        )
    if suspended is not None:
        stated = col(Person.suspended_at)
        query = query.where(stated.is_not(None) if suspended else stated.is_(None))
    total = (await session.exec(select(func.count()).select_from(query.subquery()))).one()
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), pages)
    found = (
        await session.exec(
            query.order_by(col(Person.created_at).desc(), col(Person.id))
            .limit(PER_PAGE)
            .offset((number - 1) * PER_PAGE)
        )
    ).all()
    ids = [person.id for person in found]
    roles: dict[UUID, set[Role]] = {one: {Role.MEMBER} for one in ids}
    for grant in await session.exec(select(RoleGrant).where(col(RoleGrant.person_id).in_(ids))):
        roles[grant.person_id].add(Role(grant.role))
    last = await session.exec(
        select(SignIn.person_id, func.max(col(SignIn.seen_at)))
        .where(col(SignIn.person_id).in_(ids))
        .group_by(col(SignIn.person_id))
    )
    seen = dict(last.all())
    listed = [
        Listed(
            id=person.id,
            name=person.name,
            email=person.email,
            roles=frozenset(roles[person.id]),
            verified=person.email_verified_at is not None,
            suspended=person.suspended_at is not None,
            joined_at=person.created_at,
            seen_at=seen.get(person.id),
        )
        for person in found
    ]
    return PeoplePage(people=listed, total=total, number=number, pages=pages)


async def suspend(session: TenantSession, actor: Actor, person_id: UUID) -> None:
    """Close an account and end its sign-ins; raises `NotAllowed` or `NotFound`.

    Nobody suspends themselves or an owner, and only an owner suspends an admin.
    """
    person = await _reachable(session, actor, person_id)
    if person.suspended_at is not None:
        return
    person.suspended_at = datetime.now(UTC)
    session.add(person)
    await revoke_all(session, person.id)
    await record(session, actor, "person.suspended", "person", person.id)


async def readmit(session: TenantSession, actor: Actor, person_id: UUID) -> None:
    """Open a suspended account again; raises as `suspend`."""
    person = await _reachable(session, actor, person_id)
    if person.suspended_at is None:
        return
    person.suspended_at = None
    session.add(person)
    await record(session, actor, "person.readmitted", "person", person.id)


async def _reachable(session: TenantSession, actor: Actor, person_id: UUID) -> Person:
    actor.must(Permission.INVITE)
    person = await session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound("There is no such person.")
    held = await roles_of(session, person_id)
    above = {Role.OWNER, Role.PLATFORM_OWNER} | ({Role.ADMIN} - _outranked(actor))
    if person_id == actor.id or held & above:
        raise NotAllowed("You are not allowed to do this.")
    return person


def _outranked(actor: Actor) -> set[Role]:
    return {Role.ADMIN} if actor.kind == "system" or Role.OWNER in actor.roles else set()


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
