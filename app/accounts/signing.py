"""Signing up, signing in, and whom a session token belongs to."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from app.accounts import passwords
from app.accounts.models import Person, SignIn
from app.database import TenantSession
from app.errors import AppError
from app.i18n import LOCALES, SOURCE

SESSION_COOKIE = "agora_session"
"""The cookie that holds a browser's token; out of reach of scripts, never sent into a page."""

LASTS = timedelta(days=30)
"""A sign-in ends this long after it began, whatever happens."""
IDLE = timedelta(days=7)
"""A sign-in that nobody used for this long has ended."""
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last use is kept: a write at every page would be a waste."""

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


class WrongCredentials(AppError):
    """The e-mail or the password is wrong; which of them is not said."""

    code = "credentials"


@dataclass(frozen=True)
class Member:
    """A person of a market, as the rest of the program knows them."""

    id: UUID
    name: str
    email: str
    locale: str


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
    """Make a person; raises `EmailRefused`, `NameRefused`, `PasswordRefused` or `EmailTaken`."""
    address = normal_email(email)
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise NameRefused("Tell us your name, in at most %(count)s characters.", count=LONGEST_NAME)
    passwords.check_new(password, address)
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


async def sign_in(session: TenantSession, email: str, password: str, user_agent: str) -> str:
    """Return a new session token; raises `WrongCredentials`."""
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
    if passwords.outdated(person.password_hash):
        person.password_hash = await passwords.hash_password(given)
        session.add(person)
    return await start_sign_in(session, person.id, user_agent)


async def start_sign_in(session: TenantSession, person_id: UUID, user_agent: str) -> str:
    """Return a new session token of someone who has proved who they are."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    session.add(
        SignIn(
            person_id=person_id,
            token_hash=_kept(token),
            user_agent=user_agent[:300],
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
    now = datetime.now(UTC)
    row = (
        await session.exec(
            select(SignIn, Person)
            .join(Person, col(Person.id) == col(SignIn.person_id))
            .where(
                SignIn.token_hash == _kept(token),
                col(SignIn.revoked_at).is_(None),
                SignIn.expires_at > now,
                SignIn.seen_at > now - IDLE,
            )
        )
    ).one_or_none()
    if row is None:
        return None
    living, person = row
    if living.seen_at < now - SEEN_EVERY:
        living.seen_at = now
        session.add(living)
    return _member(person)


async def revoke(session: TenantSession, token: str) -> None:
    """End the sign-in of `token`, if there is one."""
    await session.exec(
        update(SignIn)
        .where(col(SignIn.token_hash) == _kept(token), col(SignIn.revoked_at).is_(None))
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


def _member(person: Person) -> Member:
    return Member(id=person.id, name=person.name, email=person.email, locale=person.locale)
