"""Staff finds people, and closes accounts within its rank."""

from uuid import UUID

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.models import Person
from app.accounts.people import PER_PAGE, people_of, readmit, suspend
from app.accounts.permissions import Role, granted
from app.accounts.roles import give_role
from app.accounts.signing import (
    Suspended,
    WrongCredentials,
    person_of_token,
    sign_in,
    sign_up,
    start_sign_in,
)
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.errors import NotAllowed, NotFound
from app.markets.directory import MarketCard
from tests.factories import open_market, person

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def somebody(market: MarketCard, *roles: Role, **more: str) -> Actor:
    async with tenant_session(market.id) as session:
        one = await person(session, **more)
        for role in roles:
            await give_role(session, actors.system(market.id, "tests"), one.id, role)
    held = frozenset({Role.MEMBER, *roles})
    return Actor(market.id, "person", one.id, one.name, granted(held), held)


def of(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id


async def test_people_are_found_by_words_and_by_role(market: MarketCard):
    admin = await somebody(market, Role.ADMIN, name="Grace Hopper", email="grace@example.com")
    await somebody(market, name="Ада Лавлейс", email="ada@example.com")
    await somebody(market, name="100% Alan", email="alan_t@example.com")
    async with tenant_session(market.id) as session:

        async def found(**asked: object) -> list[str]:
            page = await people_of(session, admin, **asked)  # pyright: ignore[reportArgumentType]
            return sorted(one.name for one in page.people)

        assert await found() == ["100% Alan", "Grace Hopper", "Ада Лавлейс"]
        assert await found(words="  лавлейс ") == ["Ада Лавлейс"]
        assert await found(words="ADA@") == ["Ада Лавлейс"]
        assert await found(words="%") == ["100% Alan"]
        assert await found(words="_") == ["100% Alan"]
        assert await found(role=Role.ADMIN) == ["Grace Hopper"]
        assert await found(role=Role.MEMBER, suspended=True) == []


async def test_long_lists_come_in_pages(market: MarketCard):
    admin = await somebody(market, Role.ADMIN)
    async with tenant_session(market.id) as session:
        for _ in range(PER_PAGE):
            await person(session)
        first = await people_of(session, admin)
        last = await people_of(session, admin, number=99)
    assert (first.total, first.pages, len(first.people)) == (PER_PAGE + 1, 2, PER_PAGE)
    assert (last.number, len(last.people)) == (2, 1)
    assert not {one.id for one in first.people} & {one.id for one in last.people}


async def test_a_list_is_not_for_members_and_holds_no_other_markets_people(market: MarketCard):
    member = await somebody(market)
    await somebody(await open_market(), name="Elsewhere")
    admin = await somebody(market, Role.ADMIN)
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await people_of(session, member)
        names = {one.name for one in (await people_of(session, admin)).people}
    assert "Elsewhere" not in names


async def test_a_suspended_person_is_out_at_once_and_can_come_back(market: MarketCard):
    admin = await somebody(market, Role.ADMIN)
    async with tenant_session(market.id) as session:
        ada = await sign_up(session, "ada@example.com", "Ada", "a long walk at dusk", "en")
        token = await start_sign_in(session, ada.id, "")
        await suspend(session, admin, ada.id)
    async with tenant_session(market.id) as session:
        assert await person_of_token(session, token) is None
        with pytest.raises(Suspended):
            await sign_in(session, "ada@example.com", "a long walk at dusk", "")
        # Whether an account is suspended is told to its own person alone.
        with pytest.raises(WrongCredentials):
            await sign_in(session, "ada@example.com", "another password", "")
        await readmit(session, admin, ada.id)
        await sign_in(session, "ada@example.com", "a long walk at dusk", "")
        deeds = await session.exec(
            select(AuditEntry.action).where(AuditEntry.subject_id == str(ada.id))
        )
    assert deeds.all() == ["person.suspended", "person.readmitted"]


async def test_nobody_suspends_themselves_their_peers_or_an_owner(market: MarketCard):
    admin, peer = await somebody(market, Role.ADMIN), await somebody(market, Role.ADMIN)
    owner, operator = await somebody(market, Role.OWNER), await somebody(market, Role.OPERATOR)
    member = await somebody(market)
    async with tenant_session(market.id) as session:
        for actor, target in (
            (admin, admin),
            (admin, peer),
            (admin, owner),
            (owner, owner),
            (operator, member),
            (member, operator),
        ):
            with pytest.raises(NotAllowed):
                await suspend(session, actor, of(target))
        await suspend(session, owner, of(peer))
        await suspend(session, admin, of(operator))


async def test_a_person_of_another_market_is_out_of_reach(market: MarketCard):
    admin, stranger = await somebody(market, Role.ADMIN), await somebody(await open_market())
    async with tenant_session(market.id) as session:
        with pytest.raises(NotFound):
            await suspend(session, admin, of(stranger))
    async with tenant_session(stranger.market_id) as session:
        assert (await session.get_one(Person, of(stranger))).suspended_at is None
