"""API keys: what they open, what is kept of them, and when they are over."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select, update

from app.accounts import actors
from app.accounts.actors import Actor, Member
from app.accounts.keys.issuing import (
    USE_NOTED_EVERY,
    KeyRefused,
    actor_of_key,
    all_keys,
    make_key,
    revoke_key,
)
from app.accounts.keys.models import ApiKey
from app.accounts.keys.remembering import forget, remember, remembered
from app.accounts.permissions import KEY_SCOPES, Permission, Role
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.errors import NotAllowed, NotFound
from app.markets.directory import MarketCard
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")
READ = ["market.read"]


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


def someone(market: MarketCard, *roles: Role) -> Actor:
    member = Member(uuid4(), "Ada", "ada@example.com", "en", frozenset({Role.MEMBER, *roles}))
    return actors.person(market.id, member)


async def made(market: MarketCard, scopes: Any = READ, lasts: timedelta | None = None) -> str:
    async with tenant_session(market.id) as session:
        key = await make_key(session, someone(market, Role.ADMIN), " CRM  sync ", scopes, lasts)
    return key.secret


async def opened(market: MarketCard, key: str) -> Actor | None:
    async with tenant_session(market.id) as session:
        return await actor_of_key(session, key, "192.0.2.1")


async def test_a_key_may_what_was_chosen_and_no_more(market: MarketCard):
    actor = await opened(market, await made(market, ["market.read", "knowledge.edit"]))
    assert actor is not None
    assert (actor.kind, actor.name, actor.address) == ("key", "CRM sync", "192.0.2.1")
    assert actor.permissions == {Permission.READ, Permission.EDIT_KNOWLEDGE}
    assert actor.person_id is None
    with pytest.raises(NotAllowed):
        actor.must(Permission.EDIT_CATALOGUE)


async def test_of_a_key_only_a_hash_is_kept_and_nothing_in_the_log(market: MarketCard):
    secret = await made(market)
    async with tenant_session(market.id) as session:
        key = (await session.exec(select(ApiKey))).one()
        entry = (await session.exec(select(AuditEntry))).one()
    assert len(key.secret_hash) == 32
    hidden = secret.rpartition(key.prefix + "_")[2]
    assert len(hidden) == 43
    assert hidden not in repr(key)
    assert hidden not in repr(entry)
    assert (entry.action, entry.after["name"]) == ("api_key.made", "CRM sync")


async def test_a_wrong_key_opens_nothing(market: MarketCard):
    secret = await made(market)
    other = await made(market)
    mixed = other[:-43] + secret[-43:]
    for wrong in (secret[:-1] + "!", secret[:-1], secret + "x", mixed, "", "agora_", "agora_x_y"):
        assert await opened(market, wrong) is None, wrong
    assert await opened(market, secret) is not None


async def test_a_key_of_one_market_opens_nothing_in_another(market: MarketCard):
    elsewhere = await open_market()
    assert await opened(elsewhere, await made(market)) is None


@pytest.mark.parametrize("how", ["revoked", "expired"])
async def test_a_key_that_ended_opens_nothing(market: MarketCard, how: str):
    secret = await made(market, lasts=timedelta(days=1))
    assert await opened(market, secret) is not None
    async with tenant_session(market.id) as session:
        if how == "revoked":
            key = (await session.exec(select(ApiKey))).one()
            await revoke_key(session, someone(market, Role.OWNER), key.id)
        else:
            await session.exec(update(ApiKey).values(expires_at=datetime.now(UTC)))
    assert await opened(market, secret) is None


async def test_its_last_use_is_noted_once_a_minute(market: MarketCard):
    secret = await made(market)
    uses: list[datetime | None] = []
    for earlier in (timedelta(0), timedelta(seconds=30), USE_NOTED_EVERY):
        if earlier:
            async with tenant_session(market.id) as session:
                await session.exec(update(ApiKey).values(used_at=datetime.now(UTC) - earlier))
        await opened(market, secret)
        async with tenant_session(market.id) as session:
            uses.append((await session.exec(select(ApiKey.used_at))).one())
    now = datetime.now(UTC)
    assert [bool(use and use > now - timedelta(seconds=20)) for use in uses] == [True, False, True]


@pytest.mark.parametrize(
    ("name", "scopes", "lasts"),
    [
        ("", READ, None),
        ("x" * 81, READ, None),
        ("a\x00b", READ, None),
        ("ok", [], None),
        ("ok", ["nothing"], None),
        ("ok", ["keys.manage"], None),
        ("ok", ["market.read", "market.shape"], None),
        ("ok", READ, timedelta(0)),
        ("ok", READ, timedelta(days=9999)),
    ],
)
async def test_a_key_that_makes_no_sense_is_refused(
    market: MarketCard, name: str, scopes: list[str], lasts: timedelta | None
):
    async with tenant_session(market.id) as session:
        with pytest.raises(KeyRefused):
            await make_key(session, someone(market, Role.ADMIN), name, scopes, lasts)
        assert (await session.exec(select(ApiKey))).all() == []


@pytest.mark.parametrize("role", [Role.MEMBER, Role.PROVIDER, Role.OPERATOR])
async def test_only_who_manages_keys_makes_sees_and_revokes_them(market: MarketCard, role: Role):
    await made(market)
    async with tenant_session(market.id) as session:
        key = (await session.exec(select(ApiKey))).one()
        for deed in (
            make_key(session, someone(market, role), "mine", READ),
            all_keys(session, someone(market, role)),
            revoke_key(session, someone(market, role), key.id),
        ):
            with pytest.raises(NotAllowed):
                await deed


async def test_a_key_cannot_make_keys(market: MarketCard):
    actor = await opened(market, await made(market, [str(scope) for scope in KEY_SCOPES]))
    assert actor is not None
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await make_key(session, actor, "another", READ)


async def test_another_markets_key_cannot_be_revoked(market: MarketCard):
    elsewhere = await open_market()
    secret = await made(elsewhere)
    async with tenant_session(elsewhere.id) as session:
        key = (await session.exec(select(ApiKey))).one()
    async with tenant_session(market.id) as session:
        with pytest.raises(NotFound):
            await revoke_key(session, someone(market, Role.OWNER), key.id)
    assert await opened(elsewhere, secret) is not None


async def test_a_key_is_remembered_for_its_market_alone_until_it_ends(
    market: MarketCard,
):
    forget()
    secret = await made(market)
    assert remembered(market.id, secret, "") is None
    actor = await opened(market, secret)
    assert actor is not None
    known = remembered(market.id, secret, "192.0.2.7")
    assert known is not None
    assert (known.id, known.permissions, known.address) == (
        actor.id,
        actor.permissions,
        "192.0.2.7",
    )
    assert remembered((await open_market()).id, secret, "") is None
    assert remembered(market.id, secret[:-1], "") is None
    assert actor.id is not None
    async with tenant_session(market.id) as session:
        await revoke_key(session, someone(market, Role.ADMIN), actor.id)
    assert remembered(market.id, secret, "") is None
    remember(secret, actor, 0.0)
    assert remembered(market.id, secret, "") is None
    assert await opened(market, secret) is None
