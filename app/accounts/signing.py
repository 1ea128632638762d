"""Signing up, signing in, and whom a session token belongs to."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, func, literal, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from app.accounts import passwords
from app.accounts.actors import Member
from app.accounts.models import Person, RoleGrant, SignIn
from app.accounts.permissions import Role
from app.database import TenantSession
from app.errors import AppError
from app.i18n import LOCALES, SOURCE
from app.markets.quotas import Quota, leave_room

SESSION_COOKIE = "agora_session"
"""The cookie that holds a browser's token; out of reach of scripts, never sent into a page."""

LASTS = timedelta(days=30)
"""A sign-in ends this long after it began, whatever happens."""
IDLE = timedelta(days=7)
"""A sign-in that nobody used for this long has ended."""
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last use is kept: a write at every page would be a waste."""

_GRANTS = func.array(
    select(
        col(RoleGrant.role)
        + ":"
        + func.coalesce(cast(col(RoleGrant.provider_id), Text), literal(""))
    )
    .where(col(RoleGrant.person_id) == col(Person.id))
    .correlate(Person)
    .scalar_subquery(),
    type_=ARRAY(Text),
)
"""A person's roles as `role:provider`, the provider empty where there is none."""
Living = Select[SignIn, Person, Sequence[str]]


def living(*which: Any) -> Living:
    """What asks for the person of the sign-in that fits `which`, for `living_member`.

    To be made once, with `bindparam` for what changes: it is asked for each page, and to put the
    question together took longer than to answer it.
    """
    return (
        select(SignIn, Person, _GRANTS)
        .join(Person, col(Person.id) == col(SignIn.person_id))
        .where(
            *which,
            col(Person.suspended_at).is_(None),
            col(SignIn.revoked_at).is_(None),
            col(SignIn.expires_at) > bindparam("now"),
        )
    )


_BY_TOKEN = living(
    col(SignIn.token_hash) == bindparam("mark"), col(SignIn.seen_at) > bindparam("idle")
)

# One @, no spaces, a dot in the domain: the rest only a letter to it can prove.
EMAIL = re.compile(r"[^\s@<>\"'\\,;:()\[\]]{1,64}@[^\s@<>\"'\\,;:()\[\]_]+\.[^\s@.<>]{2,63}")
LONGEST_EMAIL = 254
LONGEST_NAME = 80
LONGEST_TOKEN = 100


class EmailRefused(AppError):
    """What was given is not an e-mail address."""

    code = "email"


class NameRefused(AppError):
    """The name is empty or too long."""

    code = "name"


class EmailTaken(AppError):
    """The market has a person with this e-mail already."""

    code = "taken"
    status = HTTPStatus.CONFLICT


class WrongCredentials(AppError):
    """The e-mail or the password is wrong; which of them is not said."""

    code = "credentials"
    status = HTTPStatus.UNAUTHORIZED


def normal_email(email: str) -> str:
    """The form under which an address is kept and compared; raises `EmailRefused`.

    The part before the @ is folded to lower case too: no provider in use tells `Anna@` from
    `anna@`, and people type both.
    """
    normal = email.strip().lower()
    domain = normal.rpartition("@")[2]
    try:
        domain.encode("idna")
    except UnicodeError:
        domain = ""
    if len(normal) > LONGEST_EMAIL or not domain or not EMAIL.fullmatch(normal) or ".." in normal:
        raise EmailRefused("This is not an e-mail address.")
    return normal


async def sign_up(
    session: TenantSession, email: str, name: str, password: str, locale: str
) -> Member:
    """Make a person.

    Raises `EmailRefused`, `NameRefused`, `PasswordRefused`, `EmailTaken` or `QuotaUsedUp`.
    """
    address = normal_email(email)
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise NameRefused("Tell us your name, in at most %(count)s characters.", count=LONGEST_NAME)
    passwords.check_new(password, address)
    await leave_room(session, Quota.MEMBERS)
    person = Person(
        email=address,
        name=called,
        password_hash=await passwords.hash_password(password),
        locale=locale if locale in LOCALES else SOURCE,
    )
    try:
        async with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        raise EmailTaken("There is an account with this e-mail already.") from error
    return _member(person)


class Suspended(AppError):
    """The market's staff has closed this account."""

    code = "suspended"
    status = HTTPStatus.FORBIDDEN


async def sign_in(
    session: TenantSession, email: str, password: str, user_agent: str, address: str = ""
) -> str:
    """Return a new session token; raises `WrongCredentials` or `Suspended`.

    It asks for no second step: see `app.accounts.factors`.
    """
    person_id = await who_signs_in(session, email, password)
    return await start_sign_in(
        session, person_id, user_agent, address=address, factors=("password",)
    )


async def who_signs_in(session: TenantSession, email: str, password: str) -> UUID:
    """The person whose e-mail and password these are; raises `WrongCredentials`."""
    wrong = WrongCredentials("The e-mail or the password is wrong.")
    try:
        address = normal_email(email)
    except EmailRefused:
        address = ""
    person = (await session.exec(select(Person).where(Person.email == address))).one_or_none()
    given = password[: passwords.LONGEST + 1]
    right = await passwords.verify(given, person.password_hash if person else None)
    if person is None or not right:
        raise wrong
    if person.password_hash and passwords.outdated(person.password_hash):
        person.password_hash = await passwords.hash_password(given)
        session.add(person)
    return person.id


async def start_sign_in(
    session: TenantSession,
    person_id: UUID,
    user_agent: str,
    *,
    address: str = "",
    factors: Sequence[str] = (),
) -> str:
    """Return a new session token of someone who has proved who they are, by `factors`.

    Raises `Suspended`.
    """
    person = await session.get(Person, person_id)
    if person is None or person.suspended_at is not None:
        raise Suspended("This account is suspended. Write to the market's staff.")
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    session.add(
        SignIn(
            person_id=person_id,
            token_hash=_kept(token),
            user_agent=user_agent[:300],
            address=address[:64],
            factors=list(factors),
            created_at=now,
            seen_at=now,
            expires_at=now + LASTS,
        )
    )
    await session.flush()
    return token


async def person_of_token(session: TenantSession, token: str) -> Member | None:
    """The person whose living sign-in `token` is; None when it ended, or never was."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    idle = datetime.now(UTC) - IDLE
    return await living_member(session, _BY_TOKEN, mark=_kept(token), idle=idle)


async def living_member(session: TenantSession, question: Living, **told: Any) -> Member | None:
    """The person whom a `living` question finds, unless their sign-in ended or they are suspended.

    `told` are the values of the question's parameters.
    """
    now = datetime.now(UTC)
    row = (await session.exec(question, params={"now": now, **told})).one_or_none()
    if row is None:
        return None
    sign_in_, person, grants = row
    if sign_in_.seen_at < now - SEEN_EVERY:
        sign_in_.seen_at = now
        session.add(sign_in_)
    return _member(person, grants, sign_in_)


async def member_by_id(session: TenantSession, person_id: UUID) -> Member | None:
    """A person without a sign-in, for what is done in their name later; None if suspended."""
    query = select(Person, _GRANTS).where(
        Person.id == person_id, col(Person.suspended_at).is_(None)
    )
    row = (await session.exec(query)).one_or_none()
    return _member(*row) if row else None


async def revoke(session: TenantSession, token: str) -> None:
    """End the sign-in of `token`, if there is one."""
    await session.exec(
        update(SignIn)
        .where(col(SignIn.token_hash) == _kept(token), col(SignIn.revoked_at).is_(None))
        .values(revoked_at=datetime.now(UTC))
    )


async def revoke_sign_in(session: TenantSession, sign_in_id: UUID) -> None:
    """End this sign-in."""
    await session.exec(
        update(SignIn)
        .where(col(SignIn.id) == sign_in_id, col(SignIn.revoked_at).is_(None))
        .values(revoked_at=datetime.now(UTC))
    )


async def revoke_all(session: TenantSession, person_id: UUID) -> None:
    """End every sign-in of a person, as after a stolen device."""
    await session.exec(
        update(SignIn)
        .where(col(SignIn.person_id) == person_id, col(SignIn.revoked_at).is_(None))
        .values(revoked_at=datetime.now(UTC))
    )


def _kept(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _member(person: Person, grants: Sequence[str] = (), living: SignIn | None = None) -> Member:
    held = [grant.partition(":") for grant in grants]
    return Member(
        id=person.id,
        name=person.name,
        email=person.email,
        locale=person.locale,
        roles=frozenset({Role.MEMBER, *(Role(role) for role, _, _ in held)}),
        providers=frozenset(UUID(provider) for _, _, provider in held if provider),
        factors=frozenset(living.factors) if living else frozenset(),
        sign_in_id=living.id if living else None,
        verified=person.email_verified_at is not None,
    )
