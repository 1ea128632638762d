"""One's own account: who one is, where one is signed in, and proving it again before deeds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select, update

from app.accounts import passwords
from app.accounts.actors import Actor, Member
from app.accounts.models import Person, SignIn
from app.accounts.permissions import Permission
from app.accounts.proving import set_password
from app.accounts.signing import IDLE, LONGEST_NAME, NameRefused, WrongCredentials
from app.database import TenantSession
from app.errors import AppError, NotFound
from app.i18n import LOCALES
from app.markets.directory import MarketCard

FRESH = timedelta(minutes=10)
"""How long after signing in a person without a password may do what else asks for it."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser/", "Yandex Browser"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class Stale(AppError):
    """The sign-in is too old for this, and there is no password to ask for."""

    code = "stale"


@dataclass(frozen=True)
class Living:
    """A sign-in that has not ended."""

    id: UUID
    browser: str
    system: str
    address: str
    via: str
    began_at: datetime
    seen_at: datetime
    own: bool


async def living_sign_ins(session: TenantSession, actor: Actor, own: UUID | None) -> list[Living]:
    """Where the person who acts is signed in, the latest first; `own` is this very sign-in."""
    actor.must(Permission.KEEP_ACCOUNT)
    now = datetime.now(UTC)
    query = select(SignIn).where(
        SignIn.person_id == actor.person_id,
        col(SignIn.revoked_at).is_(None),
        SignIn.expires_at > now,
        SignIn.seen_at > now - IDLE,
    )
    found = await session.exec(query.order_by(col(SignIn.seen_at).desc()).limit(100))
    return [
        Living(
            one.id,
            _named(one.user_agent, _BROWSERS),
            _named(one.user_agent, _SYSTEMS),
            one.address,
            one.via,
            one.created_at,
            one.seen_at,
            one.id == own,
        )
        for one in found
    ]


async def end_sign_in(session: TenantSession, actor: Actor, sign_in_id: UUID) -> None:
    """End one of one's own sign-ins; raises `NotFound`."""
    actor.must(Permission.KEEP_ACCOUNT)
    ended = await session.exec(
        update(SignIn)
        .where(
            col(SignIn.id) == sign_in_id,
            col(SignIn.person_id) == actor.person_id,
            col(SignIn.revoked_at).is_(None),
        )
        .values(revoked_at=datetime.now(UTC))
    )
    if not ended.rowcount:
        raise NotFound("There is no such sign-in.")


async def end_other_sign_ins(session: TenantSession, actor: Actor, own: UUID | None) -> None:
    """End all of one's own sign-ins but this one."""
    actor.must(Permission.KEEP_ACCOUNT)
    await session.exec(
        update(SignIn)
        .where(
            col(SignIn.person_id) == actor.person_id,
            col(SignIn.id) != own,
            col(SignIn.revoked_at).is_(None),
        )
        .values(revoked_at=datetime.now(UTC))
    )


async def prove_again(session: TenantSession, member: Member, password: str) -> Person:
    """The person, who gave their password again, or, having none, signed in just now.

    Raises `WrongCredentials` or `Stale`. Count the attempt first.
    """
    person = await session.get_one(Person, member.id)
    if person.password_hash:
        if not await passwords.verify(password[: passwords.LONGEST + 1], person.password_hash):
            raise WrongCredentials("The password is wrong.")
        return person
    living = await session.get(SignIn, member.sign_in_id)
    if living is None or living.created_at < datetime.now(UTC) - FRESH:
        raise Stale("Sign out and in again, then you can do this.")
    return person


async def change_profile(session: TenantSession, actor: Actor, name: str, locale: str) -> None:
    """Change one's name and the language of letters; raises `NameRefused`."""
    actor.must(Permission.KEEP_ACCOUNT)
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise NameRefused("Tell us your name, in at most %(count)s characters.", count=LONGEST_NAME)
    person = await session.get_one(Person, actor.person_id)
    person.name = called
    if locale in LOCALES:
        person.locale = locale
    session.add(person)
    await session.flush()


async def change_password(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    member: Member,
    present: str,
    new: str,
) -> None:
    """Set a new password and end the other sign-ins.

    Raises `WrongCredentials`, `Stale` or `PasswordRefused`.
    """
    actor.must(Permission.KEEP_ACCOUNT)
    person = await prove_again(session, member, present)
    passwords.check_new(new, person.email)
    await set_password(session, market, person, new)
    await end_other_sign_ins(session, actor, member.sign_in_id)


def _named(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in names if sign in user_agent), "")
