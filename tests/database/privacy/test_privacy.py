"""A person sees all that is held about them, and takes it with them when they go."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, col, select, update

import app.tables  # noqa: F401  (every table must be known before the list is read)
from app.accounts import actors
from app.accounts.actors import Actor, SignInNeeded
from app.accounts.models import Person, SignIn
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_up, start_sign_in
from app.audit.models import AuditEntry
from app.catalogue.models import Listing, Provider
from app.conversations import log
from app.conversations.models import Conversation, ConversationEvent
from app.database import TENANT_TABLES, TenantSession, tenant_session
from app.errors import AppError, NotAllowed, NotFound
from app.jobs.models import Job
from app.markets.directory import MarketCard, forget
from app.markets.policy import Policy, Retention
from app.privacy.consents import KINDS, say, standing
from app.privacy.erasing import OwnerStays, erase
from app.privacy.holdings import HOLDINGS, held_about
from app.privacy.retention import enforce, forget_old
from app.projects.models import Registration
from tests import factories
from tests.database.privacy.nobodys import NOBODYS

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await factories.open_market()


async def ada(market: MarketCard) -> Actor:
    """A member with a row in every table about people."""
    async with tenant_session(market.id) as session:
        member = await sign_up(session, "ada@example.com", "Ada", "a long walk at dusk", "en")
        actor = actors.person(market.id, member, address="192.0.2.1")
        await start_sign_in(session, member.id, "Firefox")
        await give_role(session, actors.system(market.id, "tests"), member.id, Role.OPERATOR)
        offer = await factories.listing(session, title={"en": "Ada's lessons"})
        await factories.listing_photo(session, listing_id=offer.id)
        acting = actors.system(market.id, "tests")
        await give_role(session, acting, member.id, Role.PROVIDER, offer.provider_id)
        await say(session, actor, "newsletter", given=True)
        conversation = await log.start(session, "en", member.id)
        said = await log.append(session, conversation, "message", {"text": "My tap leaks"})
        await factories.reply_approval(session, reply_id=said.id)
        await factories.reply_feedback(session, reply_id=said.id)
        await factories.conversation_share(session, conversation_id=conversation)
        file = await factories.ROWS["attachment"](session, conversation_id=conversation)
        await factories.ROWS["attachment_passage"](session, attachment_id=file.id)
        await factories.ticket(session, email=member.email)
        await factories.job(session, asked_by=member.id)
        await factories.upload(session, made_by=member.id, made_by_name="Ada")
        await an_event(session, member.id)
        who = {"person_id": member.id}
        await factories.ROWS["approval"](
            session, **who, conversation_id=conversation, arguments={"message": "My tap leaks"}
        )
        await factories.ROWS["quote_request"](session, **who, provider_id=offer.provider_id)
        await factories.ROWS["shortlist_entry"](session, **who, listing_id=offer.id)
        said = await factories.ROWS["review"](session, **who, listing_id=offer.id)
        await factories.ROWS["review_report"](session, **who, review_id=said.id)
        await factories.ROWS["mention"](session, provider_id=offer.provider_id)
        keys = ("identity", "passkey", "authenticator", "recovery_code")
        for kind in (*keys, "model_spending", "writing_version"):
            await factories.ROWS[kind](session, person_id=member.id)
    return actor


async def an_event(session: TenantSession, person_id: UUID) -> None:
    """An event of the person's, with a row of each kind."""
    event = await factories.ROWS["project"](session, person_id=person_id, title="Ada's party")
    task = await factories.ROWS["project_task"](session, project_id=event.id)
    later = await factories.ROWS["project_task"](session, project_id=event.id)
    await factories.ROWS["task_link"](session, task_id=later.id, needs_id=task.id)
    money = await factories.ROWS["budget"](session, project_id=event.id)
    await factories.ROWS["budget_line"](session, budget_id=money.id)
    for kind in ("registration", "attendance", "guest_feedback", "event_income", "event_report"):
        await factories.ROWS[kind](session, project_id=event.id)


def of(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id


def test_every_table_is_known_to_hold_something_of_a_person_or_nothing():
    assert {holding.name for holding in HOLDINGS} | NOBODYS == TENANT_TABLES
    for table in SQLModel.metadata.tables.values():
        if {"person_id", "asked_by", "actor_id", "made_by_name"} & set(table.columns.keys()):
            assert table.name in {holding.name for holding in HOLDINGS}


async def test_a_person_is_told_everything_and_no_secret(market: MarketCard):
    actor = await ada(market)
    async with tenant_session(market.id) as session:
        told = await held_about(session, of(actor))
        kept = (await session.exec(select(Person))).one()
    assert {name for name, rows in told.items() if not rows} == set()
    assert told["person"][0]["email"] == "ada@example.com"
    assert told["conversation_event"][0]["payload"] == {"text": "My tap leaks"}
    assert kept.password_hash is not None
    assert kept.password_hash not in str(told)
    assert "token_hash" not in str(told)
    assert "JBSWY3DPEHPK3PXP" not in str(told)


async def test_an_export_holds_nothing_of_others(market: MarketCard):
    actor = await ada(market)
    async with tenant_session(market.id) as session:
        other = await factories.conversation(session, title="A secret of Grace")
        await log.append(session, other.id, "message", {"text": "A secret of Grace"})
        told = await held_about(session, of(actor))
    assert "Grace" not in str(told)


async def test_an_erased_person_is_gone_from_every_table_but_those_named(market: MarketCard):
    actor = await ada(market)
    async with tenant_session(market.id) as session:
        await factories.conversation_event(session)
        report = await erase(session, actor, of(actor))
    assert report.gone["person"] == 1
    assert report.gone["conversation_event"] == 1
    assert set(report.kept) == {"audit_entry", "provider"}
    assert (report.gone["listing"], report.kept["provider"], report.unnamed) == (1, 1, 1)
    assert report.gone["listing_photo"] == 1
    async with tenant_session(market.id) as session:
        for holding in HOLDINGS:
            found = await session.execute(
                text(f"select count(*) from {holding.name} as t where t::text like '%ada@%'")
            )
            assert found.scalar_one() == 0 or holding.kept, holding.name
        # The other person's conversation is untouched.
        assert len((await session.exec(select(ConversationEvent))).all()) == 1
        last = await session.exec(select(AuditEntry).where(AuditEntry.action == "account.erased"))
        told = last.one().after
        assert (told["rows"]["person"], told["providers_unnamed"]) == (1, 1)


async def test_a_guest_who_proved_their_address_is_told_of_it_and_forgotten_with_the_account(
    market: MarketCard,
):
    actor = await ada(market)
    async with tenant_session(market.id) as session:
        theirs = await factories.ROWS["registration"](
            session, name="Ada", email="ada@example.com", note="Brings a friend"
        )
        unproved = await held_about(session, of(actor))
        person = await session.get_one(Person, of(actor))
        person.email_verified_at = datetime.now(UTC)
        await session.flush()
        proved = await held_about(session, of(actor))
        assert str(theirs.id) not in str(unproved["registration"])
        assert str(theirs.id) in str(proved["registration"])
        await erase(session, actor, of(actor))
    async with tenant_session(market.id) as session:
        left = await session.get_one(Registration, theirs.id)
        assert (left.name, left.email, left.note) == ("", "", "")


async def test_of_an_erased_provider_an_empty_hidden_entry_stays(market: MarketCard):
    actor = await ada(market)
    async with tenant_session(market.id) as session:
        own = (await session.exec(select(Provider))).one()
        own.name, own.slug, own.about = "Ada Lovelace", "ada-lovelace", {"en": "I am Ada."}
        own.external_id = "ada"
        untouched = await factories.listing(session)
    async with tenant_session(market.id) as session:
        await erase(session, actor, of(actor))
    async with tenant_session(market.id) as session:
        left = await session.get_one(Provider, own.id)
        assert (left.name, left.about, left.state) == ("Former provider", {}, "hidden")
        found = await session.execute(
            # An id may have these letters by chance.
            text(
                "select count(*) from provider as t"
                " where (to_jsonb(t) - 'id' - 'tenant_id')::text ilike '%ada%'"
            )
        )
        assert found.scalar_one() == 0
        assert [one.id for one in await session.exec(select(Listing))] == [untouched.id]
        noted = await session.exec(select(AuditEntry).where(AuditEntry.action == "provider.left"))
        assert [one.subject_id for one in noted] == [str(own.id)]


async def test_a_provider_that_others_act_for_stays_as_it_is(market: MarketCard):
    actor = await ada(market)
    async with tenant_session(market.id) as session:
        offer = (await session.exec(select(Listing))).one()
        colleague = await factories.person(session)
        acting = actors.system(market.id, "tests")
        await give_role(session, acting, colleague.id, Role.PROVIDER, offer.provider_id)
        name = (await session.get_one(Provider, offer.provider_id)).name
        report = await erase(session, actor, of(actor))
    assert (report.gone["listing"], report.kept["provider"], report.unnamed) == (0, 1, 0)
    assert report.gone["listing_photo"] == 0
    async with tenant_session(market.id) as session:
        kept = await session.get_one(Provider, offer.provider_id)
        assert (kept.name, kept.state) == (name, "published")
        assert await session.get(Listing, offer.id) is not None


async def test_nobody_erases_somebody_elses_account(market: MarketCard):
    actor = await ada(market)
    async with tenant_session(market.id) as session:
        other = await factories.person(session)
        with pytest.raises(NotFound):
            await erase(session, actor, other.id)
        with pytest.raises(NotAllowed):
            await erase(session, Actor(market.id, kind="key"), other.id)
        with pytest.raises(SignInNeeded):
            await erase(session, actors.visitor(market.id), other.id)
        assert await session.get(Person, other.id) is not None


async def test_the_owner_hands_the_market_over_before_going(market: MarketCard):
    actor = await ada(market)
    async with tenant_session(market.id) as session:
        await give_role(session, actors.system(market.id, "tests"), of(actor), Role.OWNER)
        with pytest.raises(OwnerStays):
            await erase(session, actor, of(actor))


async def test_the_newest_consent_holds_and_the_history_stays(market: MarketCard):
    actor = await ada(market)
    async with tenant_session(market.id) as session:
        await say(session, actor, "newsletter", given=True)
        await say(session, actor, "newsletter", given=False)
        held = {one.kind: one for one in await standing(session, of(actor))}
        rows = await session.execute(text("select given from consent order by created_at"))
    assert not held["newsletter"].given
    assert held["newsletter"].since is not None
    assert rows.scalars().all() == [True, False]
    assert held["improvement"].since is None
    assert tuple(held) == KINDS


async def test_consents_that_do_not_exist_and_terms_taken_back_are_refused(market: MarketCard):
    actor = await ada(market)
    async with tenant_session(market.id) as session:
        for kind, given in (("everything", True), ("terms", False)):
            with pytest.raises(AppError):
                await say(session, actor, kind, given=given)


async def aged(market: MarketCard, days: int) -> None:
    """Move everything that has a time back by `days`."""
    past = datetime.now(UTC) - timedelta(days=days)
    async with tenant_session(market.id) as session:
        await session.exec(update(Conversation).values(updated_at=past))
        await session.exec(update(SignIn).values(expires_at=past))
        await session.exec(update(Job).values(finished_at=past, state="done"))


async def test_what_is_old_is_forgotten_and_what_is_not_stays(market: MarketCard):
    await ada(market)
    async with tenant_session(market.id) as session:
        anonymous = await log.start(session, "en", None)
    await aged(market, 29)
    async with tenant_session(market.id) as session:
        assert set((await forget_old(session, Retention())).values()) == {0}
    await aged(market, 31)
    async with tenant_session(market.id) as session:
        gone = await forget_old(session, Retention())
        assert (gone["anonymous_conversation"], gone["job"], gone["sign_in"]) == (1, 1, 0)
        assert await session.get(Conversation, anonymous) is None
        assert (await forget_old(session, Retention(conversations=30)))["conversation"] == 1
    await aged(market, 91)
    async with tenant_session(market.id) as session:
        assert (await forget_old(session, Retention()))["sign_in"] == 1


async def test_the_audit_log_loses_nothing_younger_than_a_year(market: MarketCard):
    async with tenant_session(market.id) as session:
        for days in (1, 364, 366):
            await factories.audit_entry(
                session, created_at=datetime.now(UTC) - timedelta(days=days)
            )
        gone = await session.execute(text("select app.prune_audit(now())"))
        assert gone.scalar_one() == 1
        assert len((await session.exec(select(AuditEntry))).all()) == 2


async def test_each_night_every_market_is_held_to_its_own_policy(market: MarketCard):
    other = await factories.open_market()
    for one in (market, other):
        async with tenant_session(one.id) as session:
            await log.start(session, "en", None)
        await aged(one, 10)
    async with tenant_session(market.id) as session:
        await session.execute(
            text("update market set policy = :policy"),
            {"policy": '{"retention": {"anonymous_conversations": 7}}'},
        )
    forget()
    await enforce()
    for one, left in ((market, 0), (other, 1)):
        async with tenant_session(one.id) as session:
            found = await session.exec(
                select(Conversation).where(col(Conversation.person_id).is_(None))
            )
            assert len(found.all()) == left


def test_a_part_of_a_policy_that_cannot_be_read_is_its_default():
    kept = Policy.of({"retention": {"audit": 1}, "second_factor": True, "unknown": 1})
    assert kept == Policy(second_factor=True, retention=Retention())
    for told in (None, [], "x", {"second_factor": "perhaps"}):
        assert Policy.of(told) == Policy()
