"""Roles are given and taken by those who may, and every such deed is in the audit log."""

import dataclasses
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor, Member, SecondFactorNeeded, SignInNeeded
from app.accounts.permissions import GIVEN_BY, GRANTS, KEY_SCOPES, Permission, Role, granted
from app.accounts.roles import LastOwner, give_role, roles_of, take_role, transfer_market
from app.accounts.signing import person_of_token, start_sign_in
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.errors import AppError, NotAllowed, NotFound
from app.markets.directory import MarketCard
from tests.factories import open_market, person, provider

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def somebody(market: MarketCard, *roles: Role) -> Actor:
    """A person with these roles, as an actor made from a real sign-in."""
    root = actors.system(market.id, "tests")
    async with tenant_session(market.id) as session:
        one = await person(session)
        for role in roles:
            await give_role(session, root, one.id, role)
        token = await start_sign_in(session, one.id, "")
    async with tenant_session(market.id) as session:
        member = await person_of_token(session, token)
    assert member is not None
    return actors.person(market.id, member)


def of(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id


async def test_a_sign_in_knows_the_roles_of_its_person(market: MarketCard):
    actor = await somebody(market, Role.OPERATOR)
    assert actor.roles == {Role.MEMBER, Role.OPERATOR}
    assert actor.permissions == GRANTS[Role.OPERATOR] | GRANTS[Role.MEMBER]


async def test_a_provider_acts_for_the_providers_given_and_no_others(market: MarketCard):
    root = actors.system(market.id, "tests")
    async with tenant_session(market.id) as session:
        one, firm, other = await person(session), await provider(session), await provider(session)
        await give_role(session, root, one.id, Role.PROVIDER, firm.id)
        token = await start_sign_in(session, one.id, "")
    async with tenant_session(market.id) as session:
        member = await person_of_token(session, token)
    assert member is not None
    assert member.providers == {firm.id}
    assert other.id not in actors.person(market.id, member).providers


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMIN])
@pytest.mark.parametrize("giver", [Role.MEMBER, Role.OPERATOR])
async def test_those_who_may_not_give_roles_cannot(market: MarketCard, giver: Role, role: Role):
    actor = await somebody(market, *({giver} - {Role.MEMBER}))
    other = await somebody(market)
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await give_role(session, actor, of(other), role)
        with pytest.raises(NotAllowed):
            await give_role(session, actor, of(actor), role)
        assert await roles_of(session, of(other)) == {Role.MEMBER}


@pytest.mark.parametrize("role", [Role.OWNER, Role.PLATFORM_OWNER])
async def test_an_admin_cannot_make_owners(market: MarketCard, role: Role):
    admin = await somebody(market, Role.ADMIN)
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await give_role(session, admin, of(admin), role)


async def test_giving_twice_is_giving_once_and_both_sides_are_audited(market: MarketCard):
    admin, other = await somebody(market, Role.ADMIN), await somebody(market)
    async with tenant_session(market.id) as session:
        await give_role(session, admin, of(other), Role.OPERATOR)
        await give_role(session, admin, of(other), Role.OPERATOR)
        await take_role(session, admin, of(other), Role.OPERATOR)
        await take_role(session, admin, of(other), Role.OPERATOR)
        assert await roles_of(session, of(other)) == {Role.MEMBER}
        deeds = await session.exec(
            select(AuditEntry.action, AuditEntry.subject_id).where(AuditEntry.actor_id == admin.id)
        )
    assert deeds.all() == [("role.given", str(other.id)), ("role.taken", str(other.id))]


async def test_a_role_is_not_given_to_a_person_of_another_market(market: MarketCard):
    admin, stranger = await somebody(market, Role.ADMIN), await somebody(await open_market())
    async with tenant_session(market.id) as session:
        with pytest.raises(NotFound):
            await give_role(session, admin, of(stranger), Role.OPERATOR)


async def test_a_market_is_handed_to_an_admin_and_to_nobody_else(market: MarketCard):
    # The owner holds the role of an admin too, which is no hindrance.
    owner = await somebody(market, Role.OWNER, Role.ADMIN)
    admin = await somebody(market, Role.ADMIN)
    member = await somebody(market)
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await transfer_market(session, admin, of(admin))
        with pytest.raises(AppError, match="Only an admin"):
            await transfer_market(session, owner, of(member))
        await transfer_market(session, owner, of(admin))
        assert await roles_of(session, of(owner)) == {Role.MEMBER, Role.ADMIN}
        assert await roles_of(session, of(admin)) == {Role.MEMBER, Role.OWNER}
        # The former owner's tab still believes to be the owner's.
        with pytest.raises(NotAllowed):
            await transfer_market(session, owner, of(owner))


async def test_the_last_platform_owner_cannot_step_down(market: MarketCard):
    owner = await somebody(market, Role.PLATFORM_OWNER)
    async with tenant_session(market.id) as session:
        with pytest.raises(LastOwner):
            await take_role(session, owner, of(owner), Role.PLATFORM_OWNER)


async def test_the_audit_log_cannot_be_rewritten(market: MarketCard):
    await somebody(market, Role.OPERATOR)
    for statement in ("update audit_entry set action = 'x'", "delete from audit_entry"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with tenant_session(market.id) as session:
                await session.execute(text(statement))


def test_a_visitor_is_asked_to_sign_in_and_a_member_is_refused(market: MarketCard):
    with pytest.raises(SignInNeeded):
        actors.visitor(market.id).must(Permission.SHAPE)
    with pytest.raises(NotAllowed):
        Actor(market.id, kind="person", permissions=GRANTS[Role.MEMBER]).must(Permission.SHAPE)


def test_staff_without_the_second_factor_have_what_members_have(market: MarketCard):
    admin = Member(
        market.id, "Ada", "a@example.com", "en", roles=frozenset({Role.MEMBER, Role.ADMIN})
    )
    held = actors.person(market.id, admin, second_factor=True)
    assert held.permissions == GRANTS[Role.MEMBER]
    with pytest.raises(SecondFactorNeeded):
        held.must(Permission.SHAPE)
    proved = dataclasses.replace(admin, factors=frozenset({"password", "totp"}))
    actors.person(market.id, proved, second_factor=True).must(Permission.SHAPE)


def test_the_table_names_every_role_and_grants_no_more_than_meant():
    assert set(GRANTS) == set(Role)
    assert all(GRANTS[role] >= GRANTS[Role.VISITOR] for role in Role)
    assert Permission.PLATFORM not in granted(frozenset(Role) - {Role.PLATFORM_OWNER})
    assert {role for role in Role if Permission.TRANSFER in GRANTS[role]} == {
        Role.OWNER,
        Role.PLATFORM_OWNER,
    }
    assert not any(Role.OWNER in given for given in GIVEN_BY.values())
    assert not KEY_SCOPES & {
        Permission.INVITE,
        Permission.SHAPE,
        Permission.EXPORT,
        Permission.KEYS,
    }
