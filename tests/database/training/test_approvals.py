"""Only replies to people who agree, found good by staff, are learnt from."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.permissions import GRANTS, Role
from app.accounts.signing import sign_up
from app.audit.models import AuditEntry
from app.conversations import log
from app.conversations.models import ReplyApproval
from app.database import TenantSession, tenant_session
from app.errors import NotAllowed, NotFound
from app.markets.directory import MarketCard
from app.privacy.consents import say
from app.privacy.erasing import erase
from app.training.approvals import NotAgreed, approve, approved, disapprove, waiting
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


def staff(market: MarketCard, role: Role = Role.OPERATOR) -> Actor:
    roles = frozenset({role})
    return Actor(market.id, "person", uuid4(), "Olga", GRANTS[role], roles)


async def person(session: TenantSession, market: MarketCard, name: str, *, agrees: bool) -> Actor:
    member = await sign_up(session, f"{name}@example.com", name, "a long walk at dusk", "en")
    actor = actors.person(market.id, member)
    if agrees:
        await say(session, actor, "improvement", given=True)
    # To agree to something else says nothing of this.
    await say(session, actor, "newsletter", given=True)
    return actor


async def answered(session: TenantSession, person_id: UUID | None, **more: object) -> UUID:
    """A conversation with one reply; the reply's id."""
    talk = await log.start(session, "en", person_id)
    asked = await log.append(session, talk, "message", {"text": "A tap leaks", "locale": "de"})
    told = {"text": "Ada helps [1].", "agent": "vendor", "citations": [], "ending": "done"}
    entry = await log.append(session, talk, "reply", {**told, "asked": asked.seq, **more})
    return entry.id


async def test_a_reply_is_approved_noted_and_taken_back(market: MarketCard):
    actor = staff(market)
    async with tenant_session(market.id) as session:
        ada = await person(session, market, "Ada", agrees=True)
        reply = await answered(session, ada.id)
        (one,) = await waiting(session, actor)
        assert (one.id, one.asked, one.locale, one.name) == (reply, "A tap leaks", "de", "Ada")
        assert await approved(session, actor) == []
        await approve(session, actor, reply)
        await approve(session, actor, reply)
        assert await waiting(session, actor) == []
        assert [found.id for found in await approved(session, actor)] == [reply]
        await disapprove(session, actor, reply)
        assert await approved(session, actor) == []
        with pytest.raises(NotFound):
            await disapprove(session, actor, reply)
        entries = (await session.exec(select(AuditEntry).order_by("created_at"))).all()
    noted = [(one.action, one.subject_id, one.actor_id) for one in entries]
    assert [one for one in noted if one[0].startswith("reply.")] == [
        ("reply.approved", str(reply), actor.id),
        ("reply.disapproved", str(reply), actor.id),
    ]


async def test_nobody_is_learnt_from_without_having_agreed(market: MarketCard):
    actor = staff(market)
    async with tenant_session(market.id) as session:
        bob = await person(session, market, "Bob", agrees=False)
        replies = [await answered(session, bob.id), await answered(session, None)]
        assert await waiting(session, actor) == []
        for reply in replies:
            with pytest.raises(NotAgreed):
                await approve(session, actor, reply)


async def test_who_takes_the_consent_back_is_learnt_from_no_longer(market: MarketCard):
    actor = staff(market)
    async with tenant_session(market.id) as session:
        ada = await person(session, market, "Ada", agrees=True)
        await approve(session, actor, await answered(session, ada.id))
    async with tenant_session(market.id) as session:
        await say(session, ada, "improvement", given=False)
        await say(session, ada, "newsletter", given=False)
        await say(session, ada, "newsletter", given=True)
    async with tenant_session(market.id) as session:
        assert await approved(session, actor) == []


async def test_an_approval_goes_with_the_account(market: MarketCard):
    actor = staff(market)
    async with tenant_session(market.id) as session:
        ada = await person(session, market, "Ada", agrees=True)
        await approve(session, actor, await answered(session, ada.id))
    async with tenant_session(market.id) as session:
        assert ada.id is not None
        await erase(session, ada, ada.id)
        assert (await session.exec(select(ReplyApproval))).all() == []


async def test_only_finished_replies_can_be_approved(market: MarketCard):
    actor = staff(market)
    async with tenant_session(market.id) as session:
        ada = await person(session, market, "Ada", agrees=True)
        for more in ({"ending": "stopped"}, {"ending": "failed"}, {"text": ""}):
            with pytest.raises(NotAgreed):
                await approve(session, actor, await answered(session, ada.id, **more))
        with pytest.raises(NotFound):
            await approve(session, actor, uuid4())


async def test_only_staff_may_approve_and_only_in_their_market(market: MarketCard):
    other = await open_market()
    async with tenant_session(market.id) as session:
        ada = await person(session, market, "Ada", agrees=True)
        reply = await answered(session, ada.id)
        for deed in (approve, disapprove):
            with pytest.raises(NotAllowed):
                await deed(session, staff(market, Role.MEMBER), reply)
        with pytest.raises(NotAllowed):
            await waiting(session, staff(market, Role.MEMBER))
        with pytest.raises(NotAllowed):
            await approved(session, staff(market, Role.PROVIDER))
    async with tenant_session(other.id) as session:
        assert await waiting(session, staff(other)) == []
        with pytest.raises(NotFound):
            await approve(session, staff(other), reply)
