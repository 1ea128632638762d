"""Endpoints, models and chains: who may configure them, what is refused, what leaks nothing."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.accounts.actors import Actor, system
from app.accounts.permissions import GRANTS, Role
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.errors import Conflict, NotAllowed
from app.inference.chains import ChainInput, chain_of, set_chain
from app.inference.endpoints import (
    EndpointInput,
    ModelInput,
    ModelRefused,
    add_endpoint,
    add_model,
    change_endpoint,
    remove_model,
)
from app.inference.models import ModelEndpoint
from app.inference.targets import Link
from app.markets.directory import MarketCard
from app.markets.platform import ensure_platform
from tests.factories import open_market
from tests.model_rows import model_endpoint, offered_model

HERE = EndpointInput("Ours", "openai", ("https://models.example.com/v1",), secret="s3cret-key")


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


def admin(market: MarketCard) -> Actor:
    return Actor(market.id, kind="person", permissions=GRANTS[Role.ADMIN])


async def added(market: MarketCard, given: EndpointInput, actor: Actor | None = None):
    async with tenant_session(market.id) as session:
        return await add_endpoint(session, actor or admin(market), given)


async def test_the_key_is_sealed_and_in_no_log(market: MarketCard):
    await added(market, HERE)
    async with tenant_session(market.id) as session:
        kept = await session.scalar(text("select secret from model_endpoint"))
        entries = (await session.exec(select(AuditEntry))).all()
    assert kept
    assert "s3cret" not in kept
    assert [entry.action for entry in entries] == ["model-endpoint.added"]
    assert "s3cret" not in str([entry.model_dump() for entry in entries])


@pytest.mark.parametrize(
    "given",
    [
        EndpointInput("Ours", "openai", ("http://models.example.com/v1",)),
        EndpointInput("Ours", "openai", ("https://name:word@models.example.com/v1",)),
        EndpointInput("Ours", "openai", ("file:///etc/passwd",)),
        EndpointInput("Ours", "openai", ()),
        EndpointInput("", "openai", ("https://models.example.com/v1",)),
        EndpointInput("Ours", "none", ("https://models.example.com/v1",)),
        EndpointInput("Ours", "gigachat"),
        EndpointInput("Ours", "gigachat", secret="x", told={"scope": "EVERYTHING"}),
        EndpointInput("Ours", "gigachat", secret="x", told={"oauth": "http://10.0.0.1/"}),
        EndpointInput("Ours", "yandexgpt", secret="x"),
        EndpointInput("Ours", "yandexgpt", secret="x", told={"folder": "a/../?b"}),
        EndpointInput("Ours", "vllm", ("https://a.example",), told={"ca": "no certificate"}),
    ],
)
async def test_what_cannot_be_an_endpoint_is_refused(market: MarketCard, given: EndpointInput):
    with pytest.raises(ModelRefused):
        await added(market, given)


@pytest.mark.parametrize(
    "given",
    [
        EndpointInput("Ours", "vllm", ("http://10.0.0.1/v1",), inside=True),
        EndpointInput("Ours", "vllm", ("https://models.example.com/v1",), shared=True),
        EndpointInput("Ours", "llamacpp"),
    ],
)
async def test_only_who_runs_the_platform_reaches_inside(market: MarketCard, given: EndpointInput):
    with pytest.raises(NotAllowed):
        await added(market, given)
    assert (await added(market, given, system(market.id, "agora models"))).name == "Ours"


async def test_members_and_operators_configure_nothing(market: MarketCard):
    for role in (Role.MEMBER, Role.OPERATOR):
        with pytest.raises(NotAllowed):
            await added(market, HERE, Actor(market.id, kind="person", permissions=GRANTS[role]))


async def test_a_key_is_not_sent_to_an_address_that_it_was_not_given_for(market: MarketCard):
    made = await added(market, HERE)
    moved = EndpointInput("Ours", "openai", ("https://thief.example.com/v1",))
    with pytest.raises(ModelRefused, match="secret again"):
        async with tenant_session(market.id) as session:
            await change_endpoint(session, admin(market), made.id, 1, moved)
    renamed = EndpointInput("Theirs", "openai", HERE.urls)
    async with tenant_session(market.id) as session:
        await change_endpoint(session, admin(market), made.id, 1, renamed)
    async with tenant_session(market.id) as session:
        kept = (await session.exec(select(ModelEndpoint))).one()
    assert (kept.name, kept.secret, kept.version) == ("Theirs", "s3cret-key", 2)
    with pytest.raises(Conflict):
        async with tenant_session(market.id) as session:
            await change_endpoint(session, admin(market), made.id, 1, renamed)


@pytest.mark.parametrize(
    "given",
    [
        ModelInput("m", price_in=Decimal(-1), currency="EUR"),
        ModelInput("m", price_out=Decimal("nan"), currency="EUR"),
        ModelInput("m", price_out=Decimal(1)),
        ModelInput("m", context=1),
        ModelInput("a\nb"),
        ModelInput(""),
    ],
)
async def test_what_cannot_be_a_model_is_refused(market: MarketCard, given: ModelInput):
    made = await added(market, HERE)
    with pytest.raises(ModelRefused):
        async with tenant_session(market.id) as session:
            await add_model(session, admin(market), made.id, given)


async def test_a_chain_names_models_of_its_market_alone(market: MarketCard):
    other = await open_market()
    async with tenant_session(other.id) as session:
        theirs = (await offered_model(session)).id
    with pytest.raises(ModelRefused):
        async with tenant_session(market.id) as session:
            await set_chain(session, admin(market), "vendor", 0, ChainInput((Link(theirs),)))


async def test_a_removed_model_leaves_the_chains_and_a_switched_off_endpoint_is_skipped(
    market: MarketCard,
):
    async with tenant_session(market.id) as session:
        first, second = await offered_model(session), await offered_model(session)
        links = (Link(first.id), Link(second.id))
        await set_chain(session, admin(market), "vendor", 0, ChainInput(links))
    async with tenant_session(market.id) as session:
        chain = await chain_of(session, "vendor")
        assert [link.model_id for link in chain.links] == [first.id, second.id]
        assert (chain.profile.temperature, chain.profile.max_tokens) == (0.7, 1500)
        (await session.get_one(ModelEndpoint, second.endpoint_id)).enabled = False
        await remove_model(session, admin(market), first.id, 1)
    async with tenant_session(market.id) as session:
        assert (await chain_of(session, "vendor")).links == ()


async def test_a_chain_of_the_platform_serves_markets_with_what_it_shares(market: MarketCard):
    home = await ensure_platform()
    actor = system(home.id, "agora models")
    async with tenant_session(home.id) as session:
        shared = await model_endpoint(session, name="shared", shared=True)
        kept = await model_endpoint(session, name="kept")
        one = await offered_model(session, endpoint_id=shared.id)
        two = await offered_model(session, endpoint_id=kept.id)
        chain = ChainInput((Link(two.id), Link(one.id)))
        await set_chain(session, actor, "analytics", 0, chain)
    try:
        async with tenant_session(market.id) as session:
            found = await chain_of(session, "analytics")
            assert [link.model_id for link in found.links] == [one.id]
            own = ChainInput((Link(one.id, shared=True),))
            await set_chain(session, admin(market), "vendor", 0, own)
            assert [link.model_id for link in (await chain_of(session, "vendor")).links] == [one.id]
        secret = ChainInput((Link(two.id, shared=True),))
        with pytest.raises(ModelRefused):
            async with tenant_session(market.id) as session:
                await set_chain(session, admin(market), "vendor", 1, secret)
    finally:
        async with tenant_session(home.id) as session:
            for table in ("model_chain", "model_endpoint"):
                await session.execute(text(f"delete from {table}"))


@pytest.mark.parametrize(
    "given",
    [
        ChainInput(first_token_seconds=0),
        ChainInput(first_token_seconds=20, total_seconds=10),
        ChainInput(total_seconds=float("nan")),
        ChainInput(total_seconds=10_000),
        ChainInput(hedge_seconds=-1),
    ],
)
async def test_deadlines_that_make_no_sense_are_refused(market: MarketCard, given: ChainInput):
    with pytest.raises(ModelRefused):
        async with tenant_session(market.id) as session:
            await set_chain(session, admin(market), "vendor", 0, given)
