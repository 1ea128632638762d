"""From somebody whom a provider vouches for to a person of the market."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from app.accounts.actors import Actor
from app.accounts.factors.models import Passkey
from app.accounts.models import Person
from app.accounts.permissions import Permission
from app.accounts.signing import LONGEST_NAME, EmailRefused, normal_email
from app.accounts.ways.models import Identity
from app.accounts.ways.visiting import Outsider
from app.audit.log import record
from app.database import TenantSession
from app.errors import AppError, NotFound
from app.i18n import LOCALES, SOURCE
from app.markets.quotas import Quota, leave_room


class NoEmail(AppError):
    """The provider told no e-mail address, and an account needs one."""

    code = "way_email"


class LinkFirst(AppError):
    """There is an account with this address, and not both sides have proved that it is theirs."""

    code = "link_first"


class WayTaken(AppError):
    """The identity belongs to somebody else of this market."""

    code = "way_taken"


class LastWay(AppError):
    """Without this one the person could not sign in any more."""

    code = "last_way"


async def enter(
    session: TenantSession, outsider: Outsider, way_name: str, locale: str
) -> tuple[UUID, bool]:
    """The person that `outsider` is here, made if need be, and whether they are new.

    An account that exists is linked by e-mail only where the provider vouches for the address and
    the account has proved it too: otherwise one could wait in the other's name. Raises `NoEmail`,
    `LinkFirst` or `QuotaUsedUp`.
    """
    known = await _identity(session, outsider)
    if known is not None:
        known.used_at = datetime.now(UTC)
        known.email = outsider.email
        session.add(known)
        return known.person_id, False
    try:
        address = normal_email(outsider.email)
    except EmailRefused as error:
        raise NoEmail(
            "The provider told us no e-mail address. Sign up with one, then link the provider in "
            "your account."
        ) from error
    first = LinkFirst(
        "There is an account with this e-mail. Sign in to it, then link the provider there."
    )
    person = (await session.exec(select(Person).where(Person.email == address))).one_or_none()
    if person is not None:
        if not (outsider.email_verified and person.email_verified_at):
            raise first
        await _link(session, person.id, outsider, way_name)
        return person.id, False
    await leave_room(session, Quota.MEMBERS)
    person = Person(
        email=address,
        name=_name(outsider, address),
        locale=locale if locale in LOCALES else SOURCE,
        email_verified_at=datetime.now(UTC) if outsider.email_verified else None,
    )
    try:
        async with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        raise first from error
    await _link(session, person.id, outsider, way_name)
    return person.id, True


async def link(session: TenantSession, actor: Actor, outsider: Outsider, way_name: str) -> None:
    """Let `outsider` sign in as the person who acts; raises `WayTaken`."""
    actor.must(Permission.KEEP_ACCOUNT)
    assert actor.person_id is not None
    known = await _identity(session, outsider)
    if known is not None and known.person_id != actor.person_id:
        raise WayTaken("This account of the provider belongs to somebody else here.")
    if known is None:
        await _link(session, actor.person_id, outsider, way_name)
        told = {"way": way_name, "issuer": outsider.issuer}
        await record(session, actor, "identity.linked", "person", actor.person_id, after=told)


async def identities_of(session: TenantSession, actor: Actor) -> list[Identity]:
    """The providers by which the person who acts can sign in."""
    actor.must(Permission.KEEP_ACCOUNT)
    query = select(Identity).where(Identity.person_id == actor.person_id)
    return list((await session.exec(query.order_by(col(Identity.created_at)))).all())


async def unlink(session: TenantSession, actor: Actor, identity_id: UUID) -> None:
    """Take a provider away; raises `NotFound`, or `LastWay` when nothing else would be left."""
    actor.must(Permission.KEEP_ACCOUNT)
    # The person is locked, so that two who take the last two at once do not both succeed.
    person = await session.get(Person, actor.person_id, with_for_update=True)
    found = await session.get(Identity, identity_id)
    if person is None or found is None or found.person_id != person.id:
        raise NotFound("There is no such sign-in way.")
    others = select(Identity.id).where(
        Identity.person_id == person.id, col(Identity.id) != identity_id
    )
    keys = select(Passkey.id).where(Passkey.person_id == person.id)
    if (
        person.password_hash is None
        and (await session.exec(others.limit(1))).first() is None
        and (await session.exec(keys.limit(1))).first() is None
    ):
        raise LastWay("Set a password first: without this you could not sign in any more.")
    await session.exec(delete(Identity).where(col(Identity.id) == identity_id))
    told = {"way": found.name, "issuer": found.issuer}
    await record(session, actor, "identity.unlinked", "person", person.id, before=told)


async def _identity(session: TenantSession, outsider: Outsider) -> Identity | None:
    query = select(Identity).where(
        Identity.issuer == outsider.issuer, Identity.subject == outsider.subject
    )
    return (await session.exec(query)).one_or_none()


async def _link(session: TenantSession, person_id: UUID, outsider: Outsider, way_name: str) -> None:
    made = Identity(
        person_id=person_id,
        issuer=outsider.issuer,
        subject=outsider.subject,
        name=way_name,
        email=outsider.email,
    )
    try:
        async with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        raise WayTaken("This account of the provider belongs to somebody else here.") from error


def _name(outsider: Outsider, address: str) -> str:
    called = "".join(sign for sign in " ".join(outsider.name.split()) if sign.isprintable())
    return called[:LONGEST_NAME].strip() or address.partition("@")[0][:LONGEST_NAME]
