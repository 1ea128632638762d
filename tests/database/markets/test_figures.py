"""The platform's list of markets, the owner that it invites, and the archives that it takes."""

import io
import os
import zipfile
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import text
from sqlmodel import select

from app.accounts.actors import Actor, SignInNeeded, system, visitor
from app.accounts.invitations import HasOwner, invite_owner
from app.accounts.models import Ticket
from app.accounts.permissions import Permission, Role
from app.accounts.signing import EmailRefused
from app.audit.models import AuditEntry
from app.catalogue.uploads import receive
from app.database import tenant_session
from app.errors import NotAllowed, NotFound
from app.jobs.work import work_off
from app.markets.archive import ExportRunning
from app.markets.closing import deed_session, set_quotas, suspend
from app.markets.closing_archive import archives_of, ask_archive, hand_out
from app.markets.directory import MarketCard, all_markets, market_by_id
from app.markets.figures import MarketPage, market_with_figures, markets_with_figures
from app.markets.logos import hang_logo
from app.markets.opening import MarketExists, create_market
from app.markets.platform import ensure_platform
from app.markets.quotas import Quota, QuotaUsedUp, folder_of, used
from app.markets.shaping import NotAccepted
from tests.factories import conversation, listing, open_market, person, provider, role_grant

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def owner(database: object) -> Actor:
    home = await ensure_platform()
    return system(home.id, "Grace", Permission.PLATFORM)


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def listed(owner: Actor, words: str = "", state: str = "", number: int = 1) -> MarketPage:
    async with tenant_session(owner.market_id) as session:
        return await markets_with_figures(session, owner, words=words, state=state, number=number)


async def test_each_market_is_counted_by_itself_in_one_question(owner: Actor):
    name = uuid4().hex[:8]
    full, bare = await open_market(f"a{name}"), await open_market(f"b{name}")
    async with tenant_session(full.id) as session:
        await person(session)
        await listing(session, provider_id=(await provider(session)).id)
        talk = await conversation(session)
    folder_of(full.id).mkdir(parents=True)
    (folder_of(full.id) / "logo").write_bytes(b"x" * 700)
    async with tenant_session(owner.market_id) as session:
        found = await markets_with_figures(session, owner, words=f"{name.upper()}")
        bound = await session.scalar(text("select app.tenant_id()"))
        assert bound == owner.market_id, "counting leaves the session where it was"
    first, second = found.markets
    assert (first.id, second.id) == (full.id, bare.id)
    assert (first.members, first.listings, first.conversations, first.storage) == (2, 1, 1, 700)
    assert first.active_at == talk.updated_at
    assert (second.members, second.listings, second.storage, second.active_at) == (0, 0, 0, None)


async def test_markets_are_found_by_words_and_state_page_by_page(
    owner: Actor, market: MarketCard, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.markets.figures.PAGE", 1)
    key = f"c{uuid4().hex[:8]}"
    other = await open_market(f"{key}2", name={"en": "Zebra", "ru": "Зебра"})
    await open_market(f"{key}1")
    assert [one.key for one in (await listed(owner, f"{key} ЗЕБРА")).markets] == [other.key]
    found = await listed(owner, key)
    assert ([one.key for one in found.markets], found.total, found.pages) == ([f"{key}1"], 2, 2)
    assert [one.key for one in (await listed(owner, key, number=2)).markets] == [f"{key}2"]
    assert (await listed(owner, key, number=99)).number == 1
    assert (await listed(owner, f"{key}%")).markets == []
    async with deed_session(other.id) as session:
        await suspend(session, owner)
    closed = await listed(owner, key, "suspended")
    assert [one.key for one in closed.markets] == [other.key]
    assert await listed(owner, "", "no such state") == await listed(owner)


async def test_the_platform_is_not_listed_and_nobody_else_may_look(
    owner: Actor, market: MarketCard
):
    assert (await listed(owner, "platform")).total == 0
    with pytest.raises(NotAllowed):
        await listed(system(owner.market_id, "tests", Permission.SEE_FIGURES))
    async with tenant_session(owner.market_id) as session:
        with pytest.raises(NotFound):
            await market_with_figures(session, owner, owner.market_id)
        assert (await market_with_figures(session, owner, market.id)).key == market.key


async def test_all_markets_are_what_each_is_by_itself(market: MarketCard):
    listed = {card.id: card for card in await all_markets()}
    assert listed[market.id] == await market_by_id(market.id)


async def test_an_owner_is_invited_once_and_noted_at_the_platform(owner: Actor, market: MarketCard):
    async with deed_session(market.id) as session:
        await invite_owner(session, owner, market, "first@example.com")
        await invite_owner(session, owner, market, "Second@example.com ", "ru")
    async with tenant_session(market.id) as session:
        sent = {one.email: one for one in await session.exec(select(Ticket))}
        # Of two who were invited to own it, the later alone can.
        assert sent["first@example.com"].revoked_at is not None
        assert sent["second@example.com"].revoked_at is None
        assert sent["second@example.com"].told["role"] == Role.OWNER
        await role_grant(session, role=Role.OWNER)
    with pytest.raises(HasOwner):
        async with deed_session(market.id) as session:
            await invite_owner(session, owner, market, "third@example.com")
    with pytest.raises(EmailRefused):
        async with deed_session(market.id) as session:
            await invite_owner(session, owner, market, "nobody")
    admin = system(market.id, "an admin", Permission.INVITE)
    with pytest.raises(NotAllowed):
        async with deed_session(market.id) as session:
            await invite_owner(session, admin, market, "me@example.com")
    async with tenant_session(owner.market_id) as session:
        query = select(AuditEntry).where(AuditEntry.subject_id == str(market.id))
        noted = [one.after["email"] for one in await session.exec(query)]
    assert sorted(noted) == ["first@example.com", "second@example.com"]


async def test_the_platform_takes_a_markets_archive_and_both_logs_say_so(
    owner: Actor, market: MarketCard
):
    other = await open_market()
    async with deed_session(market.id) as session:
        job_id = await ask_archive(session, owner)
    with pytest.raises(ExportRunning):
        async with deed_session(market.id) as session:
            await ask_archive(session, owner)
    await work_off()
    async with tenant_session(market.id) as session:
        (made,) = await archives_of(session, owner)
        assert (made.id, made.state) == (job_id, "done")
    found = await hand_out(owner, market.id, job_id)
    with zipfile.ZipFile(found.file) as archive:
        assert market.key in archive.read("rows/market.jsonl").decode()
    # A job's id opens nothing under another market's name, and nothing to who may not export.
    with pytest.raises(NotFound):
        await hand_out(owner, other.id, job_id)
    with pytest.raises(NotAllowed):
        await hand_out(system(market.id, "x", Permission.EXPORT), market.id, job_id)
    for tenant in (owner.market_id, market.id):
        async with tenant_session(tenant) as session:
            query = select(AuditEntry.action).where(
                AuditEntry.subject_id.in_([str(market.id), str(job_id)])  # pyright: ignore
            )
            noted = set(await session.exec(query))
        assert noted == {"market.export_asked", "market.exported"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"key": "Ä"}, "key"),
        ({"key": "platform"}, "key"),
        ({"locales": ["xx"]}, "locales"),
        ({"name": {"ru": "Имя"}}, "name.en"),
        ({"name": {"en": "x" * 61}}, "name.en"),
        ({"currency": "E"}, "currency"),
        ({"timezone": "Moon"}, "timezone"),
        ({"host": "a b"}, "host"),
    ],
)
async def test_what_cannot_stand_is_refused_by_its_field(wrong: dict[str, object], field: str):
    asked = {"key": "finer", "name": {"en": "Fine"}, "locales": ["en"], "currency": "EUR"}
    with pytest.raises(NotAccepted) as refused:
        await create_market(**{**asked, **wrong})  # pyright: ignore[reportArgumentType]
    assert refused.value.field == field


async def test_a_taken_key_and_a_taken_host_are_told_apart(market: MarketCard):
    with pytest.raises(MarketExists) as key:
        await open_market(market.key, host="else.example")
    with pytest.raises(MarketExists) as host:
        await open_market("elsewhere", host=market.host)
    assert (key.value.field, host.value.field) == ("key", "host")


async def test_files_stop_at_the_quota_of_the_market(owner: Actor, market: MarketCard):
    admin = system(market.id, "tests")
    async with deed_session(market.id) as session:
        await set_quotas(session, owner, {Quota.STORAGE: 400})
    async with tenant_session(market.id) as session:
        await receive(session, admin, "listing", "a.jsonl", b"x" * 300)
        assert await used(session, Quota.STORAGE) == 300
    with pytest.raises(QuotaUsedUp):
        async with tenant_session(market.id) as session:
            await receive(session, admin, "listing", "b.jsonl", b"x" * 101)
    card = await market_by_id(market.id)
    assert card is not None
    drawn = io.BytesIO()
    # Noise, which no format makes small.
    Image.frombytes("RGB", (20, 20), os.urandom(1200)).save(drawn, "PNG")
    with pytest.raises(QuotaUsedUp):
        async with tenant_session(market.id) as session:
            await hang_logo(session, admin, drawn.getvalue(), card.version)
    # An archive is no file that the market keeps.
    exports = folder_of(market.id) / "exports"
    exports.mkdir(parents=True)
    (exports / "a.zip").write_bytes(b"x" * 500)
    async with tenant_session(market.id) as session:
        assert await used(session, Quota.STORAGE) == 300


async def test_a_stranger_is_asked_to_sign_in(owner: Actor):
    with pytest.raises(SignInNeeded):
        await listed(visitor(owner.market_id))
