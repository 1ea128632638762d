"""An invitation gives its role once, to the address it was sent to and nobody else."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from app.accounts.actors import Actor, Member
from app.accounts.invitations import (
    AlreadyHasRole,
    OtherPersonInvited,
    accept_anew,
    accept_signed_in,
    invitations,
    invite,
    invited,
    revoke_invitation,
)
from app.accounts.models import Person, Ticket
from app.accounts.permissions import Role, granted
from app.accounts.roles import roles_of
from app.accounts.tickets import TicketRefused
from app.database import tenant_session
from app.errors import AppError, NotAllowed, NotFound
from app.jobs.work import work_off
from app.mail.letters import kept
from app.markets.directory import MarketCard
from tests.factories import open_market, person, provider

pytestmark = pytest.mark.usefixtures("database")
TOKEN = re.compile(r"ticket=([\w-]{43})")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


def acting(market: MarketCard, *roles: Role) -> Actor:
    held = frozenset(roles)
    return Actor(market.id, kind="person", name="Grace", roles=held, permissions=granted(held))


async def sent(
    market: MarketCard,
    email: str = "new@example.com",
    role: Role = Role.OPERATOR,
    provider_id: UUID | None = None,
    locale: str = "en",
) -> str:
    """The secret in the letter, as the person invited gets it."""
    # Letters of other tests go first, so that the newest is ours.
    await work_off()
    async with tenant_session(market.id) as session:
        admin = acting(market, Role.ADMIN)
        await invite(session, admin, market, email, role, provider_id=provider_id, locale=locale)
    await work_off()
    found = TOKEN.search(letter())
    assert found is not None
    return found.group(1)


def letter() -> str:
    message = message_from_bytes(kept()[-1].read_bytes(), policy=policy.default)
    plain = cast("EmailMessage", message).get_body(("plain",))
    assert plain is not None
    return f"{message['subject']}\n{plain.get_content()}"


async def member_of(market: MarketCard, email: str) -> Member:
    async with tenant_session(market.id) as session:
        one = await person(session, email=email)
    return Member(one.id, one.name, one.email, "en")


async def test_a_new_person_accepts_and_has_the_role_and_a_verified_address(market: MarketCard):
    token = await sent(market)
    async with tenant_session(market.id) as session:
        invitation, known = await invited(session, token)
        assert (invitation.email, invitation.role, known) == (
            "new@example.com",
            Role.OPERATOR,
            False,
        )
        person_id = await accept_anew(session, token, "Ada", "a long walk at dusk", "ru")
    async with tenant_session(market.id) as session:
        assert await roles_of(session, person_id) == {Role.MEMBER, Role.OPERATOR}
        made = await session.get_one(Person, person_id)
        assert made.email_verified_at is not None
        with pytest.raises(TicketRefused):
            await accept_anew(session, token, "Eve", "a long walk at dusk", "ru")


async def test_the_letter_is_in_the_language_chosen_and_names_who_invites(market: MarketCard):
    await sent(market, locale="ru")
    assert "Grace" in letter()
    assert market.named("ru") in letter()
    assert "/ru/invitation?ticket=" in letter()


async def test_a_member_accepts_while_signed_in(market: MarketCard):
    member = await member_of(market, "new@example.com")
    token = await sent(market)
    async with tenant_session(market.id) as session:
        assert (await invited(session, token))[1] is True
        await accept_signed_in(session, member, token)
        assert Role.OPERATOR in await roles_of(session, member.id)


async def test_somebody_else_who_is_signed_in_cannot_take_it_nor_spoil_it(market: MarketCard):
    other, member = (
        await member_of(market, "other@example.com"),
        await member_of(market, "new@example.com"),
    )
    token = await sent(market)
    async with tenant_session(market.id) as session:
        with pytest.raises(OtherPersonInvited):
            await accept_signed_in(session, other, token)
    async with tenant_session(market.id) as session:
        assert await roles_of(session, other.id) == {Role.MEMBER}
        await accept_signed_in(session, member, token)


async def test_a_provider_is_invited_to_act_for_one_provider(market: MarketCard):
    async with tenant_session(market.id) as session:
        firm = await provider(session)
    token = await sent(market, role=Role.PROVIDER, provider_id=firm.id)
    async with tenant_session(market.id) as session:
        person_id = await accept_anew(session, token, "Ada", "a long walk at dusk", "en")
        assert Role.PROVIDER in await roles_of(session, person_id)
        with pytest.raises(AppError, match="needs a provider"):
            await invite(
                session, acting(market, Role.ADMIN), market, "b@example.com", Role.PROVIDER
            )


async def test_a_link_of_another_market_opens_nothing(market: MarketCard):
    token = await sent(market)
    elsewhere = await open_market()
    async with tenant_session(elsewhere.id) as session:
        with pytest.raises(TicketRefused):
            await invited(session, token)


async def test_a_revoked_an_expired_and_a_replaced_invitation_are_void(market: MarketCard):
    first = await sent(market)
    second = await sent(market)
    admin = acting(market, Role.ADMIN)
    async with tenant_session(market.id) as session:
        with pytest.raises(TicketRefused):
            await invited(session, first)
        listed = await invitations(session, admin)
        assert [one.state for one in listed] == ["waiting", "revoked"]
        await revoke_invitation(session, admin, listed[0].id)
        with pytest.raises(TicketRefused):
            await invited(session, second)
        with pytest.raises(NotFound):
            await revoke_invitation(session, admin, listed[0].id)
    third = await sent(market)
    async with tenant_session(market.id) as session:
        await session.exec(
            update(Ticket)
            .where(col(Ticket.used_at).is_(None))
            .values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
        )
        with pytest.raises(TicketRefused):
            await invited(session, third)


@pytest.mark.parametrize("roles", [(Role.MEMBER,), (Role.MEMBER, Role.OPERATOR)])
async def test_those_who_may_not_invite_cannot(market: MarketCard, roles: tuple[Role, ...]):
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await invite(session, acting(market, *roles), market, "b@example.com", Role.OPERATOR)
        assert (await session.exec(select(Ticket))).all() == []


async def test_nobody_is_invited_to_own_the_market(market: MarketCard):
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await invite(session, acting(market, Role.OWNER), market, "b@example.com", Role.OWNER)


async def test_who_has_the_role_already_is_not_invited_again(market: MarketCard):
    member = await member_of(market, "new@example.com")
    await_token = await sent(market)
    async with tenant_session(market.id) as session:
        await accept_signed_in(session, member, await_token)
        with pytest.raises(AlreadyHasRole):
            await invite(
                session, acting(market, Role.ADMIN), market, "NEW@example.com", Role.OPERATOR
            )


async def test_members_see_no_invitations(market: MarketCard):
    await sent(market)
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await invitations(session, acting(market, Role.MEMBER))
