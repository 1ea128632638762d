"""Inviting people by e-mail to a role, with a link that works once and for a week."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlmodel import col, select

from app.accounts import tickets
from app.accounts.actors import Actor, Member, system
from app.accounts.models import Person, RoleGrant, Ticket
from app.accounts.permissions import Permission, Role
from app.accounts.roles import check_may_give, give_role, roles_of
from app.accounts.signing import normal_email, sign_up
from app.audit.log import record
from app.database import TenantSession, in_the_name_of
from app.errors import AppError, NotAllowed, NotFound
from app.i18n import translate
from app.mail.letters import Letter, post
from app.markets.directory import MarketCard
from app.settings import settings

LASTS = timedelta(days=7)
PURPOSE = "invitation"

State = Literal["waiting", "accepted", "expired", "revoked"]


class OtherPersonInvited(NotAllowed):
    """The invitation was sent to another address than that of the person signed in."""

    code = "invited_other"


class AlreadyHasRole(AppError):
    """The person invited has the role already."""


class HasOwner(AppError):
    """Whoever owns the market hands it over themselves."""

    code = "ticket"


@dataclass(frozen=True)
class Invitation:
    """An invitation as lists show it."""

    id: UUID
    email: str
    role: Role
    provider_id: UUID | None
    state: State
    made_at: datetime
    expires_at: datetime


async def invite(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    email: str,
    role: Role,
    *,
    provider_id: UUID | None = None,
    locale: str | None = None,
) -> None:
    """Send an invitation; an earlier one to the same address is void from now on.

    Raises `NotAllowed`, `EmailRefused`, `AlreadyHasRole`, or `AppError` when a provider's role
    lacks its provider.
    """
    check_may_give(actor, role, provider_id)
    address = normal_email(email)
    known = (await session.exec(select(Person).where(Person.email == address))).one_or_none()
    if known is not None and provider_id is None and role in await roles_of(session, known.id):
        raise AlreadyHasRole("%(email)s has this role already.", email=address)
    token = await tickets.issue(
        session,
        PURPOSE,
        address,
        LASTS,
        told={"role": role, "provider_id": str(provider_id) if provider_id else None},
        made_by=actor.id,
    )
    spoken = locale if locale in market.locales else market.default_locale
    await post(session, actor, _letter(market, actor, address, role, spoken, token))
    await record(
        session, actor, "person.invited", "invitation", after={"email": address, "role": role}
    )


async def invite_owner(
    session: TenantSession, actor: Actor, market: MarketCard, email: str, locale: str | None = None
) -> None:
    """Have the platform send the invitation to own a market that has no owner yet.

    `session` is that market's, of the owner role, and `actor` is of the platform, in whose log it
    is noted. An earlier invitation to own it is void from now on. Raises `NotAllowed`,
    `EmailRefused` or `HasOwner`.
    """
    actor.must(Permission.PLATFORM)
    address = normal_email(email)
    await _must_lack_owner(session)
    earlier = await session.exec(
        select(Ticket).where(
            Ticket.purpose == PURPOSE, col(Ticket.used_at).is_(None), Ticket.email != address
        )
    )
    for ticket in earlier:
        if ticket.told.get("role") == Role.OWNER and ticket.revoked_at is None:
            ticket.revoked_at = datetime.now(UTC)
            session.add(ticket)
    told = {"role": Role.OWNER, "provider_id": None}
    token = await tickets.issue(session, PURPOSE, address, LASTS, told=told)
    spoken = locale if locale in market.locales else market.default_locale
    letter = _letter(market, actor, address, Role.OWNER, spoken, token)
    await post(session, system(market.id, actor.name, Permission.INVITE), letter)
    noted = {"key": market.key, "email": address, "role": Role.OWNER}
    async with in_the_name_of(session, actor.market_id):
        await record(session, actor, "person.invited", "market", market.id, after=noted)


async def owner_emails(session: TenantSession, actor: Actor) -> list[str]:
    """Who owns the market of `session`, for the platform to see."""
    actor.must(Permission.PLATFORM)
    query = select(Person.email).join(
        RoleGrant, (col(RoleGrant.person_id) == Person.id) & (RoleGrant.role == Role.OWNER)
    )
    return sorted((await session.exec(query)).all())


async def _must_lack_owner(session: TenantSession) -> None:
    query = select(RoleGrant.id).where(RoleGrant.role == Role.OWNER).limit(1)
    if (await session.exec(query)).first() is not None:
        raise HasOwner("This market has an owner already.")


async def invitations(session: TenantSession, actor: Actor, limit: int = 100) -> list[Invitation]:
    """The newest invitations, the newest first; raises `NotAllowed`."""
    actor.must(Permission.SEE_PEOPLE)
    found = await session.exec(
        select(Ticket)
        .where(Ticket.purpose == PURPOSE)
        .order_by(col(Ticket.created_at).desc())
        .limit(limit)
    )
    return [_invitation(ticket) for ticket in found]


async def revoke_invitation(session: TenantSession, actor: Actor, invitation_id: UUID) -> None:
    """Make an invitation void; raises `NotAllowed`, or `NotFound` when it is none that waits."""
    actor.must(Permission.INVITE)
    found = await session.get(Ticket, invitation_id, with_for_update=True)
    if found is None or found.purpose != PURPOSE or _state(found) != "waiting":
        raise NotFound("There is no such invitation.")
    found.revoked_at = datetime.now(UTC)
    session.add(found)
    await session.flush()
    await record(
        session, actor, "invitation.revoked", "invitation", found.id, before={"email": found.email}
    )


async def invited(session: TenantSession, token: str) -> tuple[Invitation, bool]:
    """What a link invites to, and whether its address has an account; raises `TicketRefused`."""
    ticket = await tickets.look(session, PURPOSE, token)
    query = select(Person.id).where(Person.email == ticket.email)
    return _invitation(ticket), (await session.exec(query)).one_or_none() is not None


async def accept_signed_in(session: TenantSession, member: Member, token: str) -> None:
    """Take the role as the person signed in; raises `TicketRefused` or `OtherPersonInvited`."""
    ticket = await tickets.look(session, PURPOSE, token)
    if ticket.email != member.email:
        raise OtherPersonInvited("This invitation was sent to another address.")
    await _accept(session, await tickets.use(session, PURPOSE, token), member.id)


async def accept_anew(
    session: TenantSession, token: str, name: str, password: str, locale: str
) -> UUID:
    """Make the account that the invitation is for, take the role, and return the person's id.

    The letter reached them, so the address is verified. Raises `TicketRefused`, `NameRefused`,
    `PasswordRefused` or `EmailTaken`.
    """
    ticket = await tickets.use(session, PURPOSE, token)
    member = await sign_up(session, ticket.email, name, password, locale)
    person = await session.get_one(Person, member.id)
    person.email_verified_at = datetime.now(UTC)
    session.add(person)
    await _accept(session, ticket, member.id)
    return member.id


async def _accept(session: TenantSession, ticket: Ticket, person_id: UUID) -> None:
    invitation = _invitation(ticket)
    if invitation.role is Role.OWNER:
        # Between the letter and today somebody else may have become the owner.
        await _must_lack_owner(session)
    # Whoever invited was allowed to when they did; the role is given in the market's name.
    giver = system(session.tenant_id, "invitation", Permission.INVITE)
    await give_role(session, giver, person_id, invitation.role, invitation.provider_id)


def _invitation(ticket: Ticket) -> Invitation:
    provider = ticket.told.get("provider_id")
    return Invitation(
        id=ticket.id,
        email=ticket.email,
        role=Role(ticket.told["role"]),
        provider_id=UUID(provider) if provider else None,
        state=_state(ticket),
        made_at=ticket.created_at,
        expires_at=ticket.expires_at,
    )


def _state(ticket: Ticket) -> State:
    if ticket.used_at is not None:
        return "accepted"
    if ticket.revoked_at is not None:
        return "revoked"
    return "expired" if ticket.expires_at < datetime.now(UTC) else "waiting"


def _letter(
    market: MarketCard, actor: Actor, address: str, role: Role, locale: str, token: str
) -> Letter:
    name = market.named(locale)
    return Letter(
        to=address,
        subject=translate(locale, "Invitation to %(market)s", market=name),
        paragraphs=(
            translate(
                locale,
                "%(person)s invites you to %(market)s. Your role: %(role)s.",
                person=actor.name,
                market=name,
                role=role_name(role, locale),
            ),
            translate(locale, "The link works once, for seven days."),
        ),
        locale=locale,
        sender=name,
        button=translate(locale, "Accept the invitation"),
        link=f"{settings().origin(market.host)}/{locale}/invitation?ticket={token}",
    )


def role_name(role: Role, locale: str) -> str:
    """What a role is called in `locale`."""
    return {
        Role.VISITOR: translate(locale, "visitor"),
        Role.MEMBER: translate(locale, "member"),
        Role.PROVIDER: translate(locale, "provider"),
        Role.OPERATOR: translate(locale, "operator"),
        Role.ADMIN: translate(locale, "admin"),
        Role.OWNER: translate(locale, "owner"),
        Role.PLATFORM_OWNER: translate(locale, "platform owner"),
    }[role]
