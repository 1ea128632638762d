"""Proving an e-mail address, and getting back in without the password: letters with links.

A link opens a page whose button does the deed, for mail programs follow links by themselves.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from app.accounts import passwords, tickets
from app.accounts.actors import Actor, system
from app.accounts.factors.models import Authenticator, Passkey, RecoveryCode
from app.accounts.models import Person
from app.accounts.permissions import Permission
from app.accounts.signing import EmailRefused, EmailTaken, normal_email, revoke_all
from app.accounts.ways.models import Identity
from app.audit.log import record
from app.database import TenantSession, tenant_session
from app.errors import NotFound
from app.i18n import translate
from app.jobs.queue import enqueue
from app.jobs.work import Work, job
from app.mail.letters import Letter, post
from app.markets.directory import MarketCard, market_by_id
from app.settings import settings

VERIFIES = "email"
RESETS = "password"
VERIFY_LASTS = timedelta(days=3)
RESET_LASTS = timedelta(hours=1)


async def send_verification(session: TenantSession, market: MarketCard, person_id: UUID) -> None:
    """Send a person the link that proves their address, unless it is proved already."""
    person = await session.get_one(Person, person_id)
    if person.email_verified_at is None:
        await _send_proof(session, market, person, person.email)


async def ask_email(session: TenantSession, actor: Actor, market: MarketCard, email: str) -> None:
    """Send the link that makes `email` the address of who acts; until then the old one stays.

    Whether somebody has the address already is not said; such a link would open nothing. The old
    address is told. Raises `EmailRefused`.
    """
    actor.must(Permission.KEEP_ACCOUNT)
    address = normal_email(email)
    person = await session.get_one(Person, actor.person_id)
    taken = (await session.exec(select(Person.id).where(Person.email == address))).first()
    if taken is None:
        await _send_proof(session, market, person, address)
    locale, name = _spoken(person, market)
    await post(
        session,
        _us(market),
        Letter(
            to=person.email,
            subject=translate(locale, "Your e-mail address is about to change"),
            paragraphs=(
                translate(
                    locale,
                    "Somebody signed in as you asked to change the address of your account at "
                    "%(market)s. If it was not you, change your password now.",
                    market=name,
                ),
            ),
            locale=locale,
            sender=name,
        ),
    )
    await record(session, actor, "email.asked", "person", person.id)


async def prove(session: TenantSession, token: str) -> UUID:
    """Take the link of a letter: the address is the person's from now on.

    Raises `TicketRefused` or `EmailTaken`.
    """
    ticket = await tickets.use(session, VERIFIES, token)
    person = await session.get_one(Person, ticket.person_id)
    try:
        async with session.begin_nested():
            person.email = ticket.email
            person.email_verified_at = datetime.now(UTC)
            session.add(person)
    except IntegrityError as error:
        raise EmailTaken("There is an account with this e-mail already.") from error
    return person.id


async def ask_reset(session: TenantSession, market: MarketCard, email: str) -> None:
    """Have a link sent to the person with this address, if there is one.

    The look-up is the job's, so that neither the answer nor its time tells who has an account.
    """
    try:
        address = normal_email(email)
    except EmailRefused:
        return
    await enqueue(session, _us(market), "password.reset", {"email": address})


@job("password.reset", attempts=3)
async def send_reset(work: Work) -> None:
    """Send the link that sets a new password."""
    market = await market_by_id(work.market_id)
    async with tenant_session(work.market_id) as session:
        query = select(Person).where(
            Person.email == work.told["email"], col(Person.suspended_at).is_(None)
        )
        person = (await session.exec(query)).one_or_none()
        if market is None or person is None:
            return
        token = await tickets.issue(session, RESETS, person.email, RESET_LASTS, person_id=person.id)
        locale, name = _spoken(person, market)
        await post(
            session,
            _us(market),
            Letter(
                to=person.email,
                subject=translate(locale, "A new password for %(market)s", market=name),
                paragraphs=(
                    translate(
                        locale,
                        "Set a new password with the button. The link works once, for an hour.",
                    ),
                    translate(locale, "If you did not ask for this, do nothing."),
                ),
                locale=locale,
                sender=name,
                button=translate(locale, "Set a new password"),
                link=f"{settings().origin(market.host)}/{locale}/reset?ticket={token}",
            ),
        )


async def reset_password(
    session: TenantSession, market: MarketCard, token: str, password: str
) -> None:
    """Set a new password by the link of a letter, and end all sign-ins.

    Who had not proved the address before may not be who made the account: what they added to it
    goes. Raises `TicketRefused`, `PasswordRefused` or `NotFound`.
    """
    ticket = await tickets.look(session, RESETS, token)
    person = await session.get(Person, ticket.person_id, with_for_update=True)
    if person is None or person.email != ticket.email:
        raise NotFound("There is no such person.")
    passwords.check_new(password, person.email)
    await tickets.use(session, RESETS, token)
    if person.email_verified_at is None:
        for added in (Identity, Passkey, Authenticator, RecoveryCode):
            await session.exec(delete(added).where(col(added.person_id) == person.id))
        person.email_verified_at = datetime.now(UTC)
    await set_password(session, market, person, password)
    await revoke_all(session, person.id)


async def set_password(
    session: TenantSession, market: MarketCard, person: Person, password: str
) -> None:
    """Give a person a new password, which was checked, and tell them by mail."""
    person.password_hash = await passwords.hash_password(password)
    session.add(person)
    locale, name = _spoken(person, market)
    await post(
        session,
        _us(market),
        Letter(
            to=person.email,
            subject=translate(locale, "Your password was changed"),
            paragraphs=(
                translate(
                    locale,
                    "The password of your account at %(market)s was changed. If it was not you, "
                    "ask for a new one on the sign-in page.",
                    market=name,
                ),
            ),
            locale=locale,
            sender=name,
        ),
    )
    await record(session, _us(market), "password.changed", "person", person.id)


async def _send_proof(
    session: TenantSession, market: MarketCard, person: Person, address: str
) -> None:
    token = await tickets.issue(session, VERIFIES, address, VERIFY_LASTS, person_id=person.id)
    locale, name = _spoken(person, market)
    await post(
        session,
        _us(market),
        Letter(
            to=address,
            subject=translate(locale, "Confirm your e-mail address"),
            paragraphs=(
                translate(
                    locale,
                    "This address was given for an account at %(market)s. Confirm that it is "
                    "yours.",
                    market=name,
                ),
                translate(locale, "If you did not ask for this, do nothing."),
            ),
            locale=locale,
            sender=name,
            button=translate(locale, "Confirm the address"),
            link=f"{settings().origin(market.host)}/{locale}/confirm?ticket={token}",
        ),
    )


def _spoken(person: Person, market: MarketCard) -> tuple[str, str]:
    locale = person.locale if person.locale in market.locales else market.default_locale
    return locale, market.named(locale)


def _us(market: MarketCard) -> Actor:
    return system(market.id, "accounts")
