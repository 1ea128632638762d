"""A market opens under its own domain once it has shown that the domain is its own."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.errors import AppError, NotAllowed, NotFound
from app.markets.directory import MarketCard, forget_market, market_by_id, market_for_host
from app.markets.hosts import (
    MOST,
    HostTaken,
    ProofMissing,
    claim_host,
    domain_name,
    hosts_of,
    make_main,
    prove_host,
    remove_host,
)
from app.markets.shaping import NotAccepted
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


def admin(market: MarketCard) -> Actor:
    return actors.system(market.id, "tests", Permission.HOSTS)


async def proved(market: MarketCard, host: str) -> None:
    async with tenant_session(market.id) as session:
        claim = await claim_host(session, admin(market), host)
        await prove_host(session, admin(market), claim.host, ["spf", f" {claim.proof} "])


async def test_a_domain_opens_the_market_once_its_record_is_found(market: MarketCard):
    name = f"{market.key}.shop.example"
    async with tenant_session(market.id) as session:
        claim = await claim_host(session, admin(market), f"{name.upper()}.")
        again = await claim_host(session, admin(market), name)
    assert (claim.host, claim.record) == (name, f"_agora.{name}")
    assert again.proof == claim.proof
    assert await market_for_host(name) is None, "claimed is not proved"
    async with tenant_session(market.id) as session:
        with pytest.raises(ProofMissing):
            await prove_host(session, admin(market), name, ["agora-verify=", "v=spf1"])
    assert await market_for_host(name) is None
    async with tenant_session(market.id) as session:
        await prove_host(session, admin(market), name, [claim.proof])
        assert [one.host for one in await hosts_of(session, admin(market))] == [market.host, name]
        deeds = (await session.exec(select(AuditEntry.action))).all()
    found = await market_for_host(f"{name}:8000")
    assert found is not None
    assert found.id == market.id
    assert {"host.claimed", "host.proved"} <= set(deeds)


async def test_a_claim_keeps_a_domain_from_nobody(market: MarketCard):
    squatter, name = await open_market(), f"victim-{market.key}.example"
    async with tenant_session(squatter.id) as session:
        await claim_host(session, admin(squatter), name)
    await proved(market, name)
    async with tenant_session(squatter.id) as session:
        claim = await claim_host(session, admin(squatter), name)
        with pytest.raises(HostTaken):
            await prove_host(session, admin(squatter), name, [claim.proof])
    found = await market_for_host(name)
    assert found is not None
    assert found.id == market.id


async def test_the_proof_of_one_market_proves_nothing_for_another(market: MarketCard):
    other, name = await open_market(), f"two-{market.key}.example"
    async with tenant_session(other.id) as session:
        theirs = await claim_host(session, admin(other), name)
    async with tenant_session(market.id) as session:
        await claim_host(session, admin(market), name)
        with pytest.raises(ProofMissing):
            await prove_host(session, admin(market), name, [theirs.proof])
        with pytest.raises(NotFound):
            await prove_host(session, admin(market), "unclaimed.example", ["agora-verify="])


async def test_the_main_domain_is_the_one_that_addresses_name(market: MarketCard):
    name = f"main-{market.key}.example"
    await proved(market, name)
    async with tenant_session(market.id) as session:
        await make_main(session, admin(market), name)
        with pytest.raises(AppError, match="main"):
            await remove_host(session, admin(market), name)
        with pytest.raises(AppError, match="platform"):
            await remove_host(session, admin(market), market.host)
    forget_market(market.id)
    card = await market_by_id(market.id)
    assert card is not None
    assert card.host == name
    async with tenant_session(market.id) as session:
        await make_main(session, admin(market), market.host)
        await remove_host(session, admin(market), name)
    forget_market(market.id)
    assert await market_for_host(name) is None


async def test_another_markets_domain_is_neither_made_main_nor_removed(market: MarketCard):
    other = await open_market()
    async with tenant_session(market.id) as session:
        with pytest.raises(NotFound):
            await make_main(session, admin(market), other.host)
        with pytest.raises(NotFound):
            await remove_host(session, admin(market), other.host)
    forget_market(other.id)
    assert await market_for_host(other.host) is not None


async def test_who_may_not_cannot(market: MarketCard):
    nobody = actors.system(market.id, "tests", Permission.SHAPE)
    async with tenant_session(market.id) as session:
        for doing in (
            hosts_of(session, nobody),
            claim_host(session, nobody, "a.example"),
            prove_host(session, nobody, "a.example", []),
            make_main(session, nobody, market.host),
            remove_host(session, nobody, market.host),
        ):
            with pytest.raises(NotAllowed):
                await doing


async def test_the_database_refuses_a_host_that_was_not_proved(market: MarketCard):
    for statement in (
        "insert into market_host (host, tenant_id, main, proof) "
        "values ('bank.example', app.tenant_id(), false, '')",
        "update market_host set host = 'bank.example'",
    ):
        with pytest.raises(ProgrammingError):
            async with tenant_session(market.id) as session:
                await session.execute(text(statement))


async def test_claims_have_an_end(market: MarketCard):
    async with tenant_session(market.id) as session:
        for number in range(MOST - 1):
            await claim_host(session, admin(market), f"n{number}.example")
        with pytest.raises(NotAccepted):
            await claim_host(session, admin(market), "last.example")


@pytest.mark.parametrize(
    ("given", "name"),
    [("Shop.Example:443", "shop.example"), ("магазин.рф", "xn--80aairftm.xn--p1ai")],
)
def test_a_domain_is_written_as_dns_does(given: str, name: str):
    assert domain_name(given) == name


@pytest.mark.parametrize(
    "given",
    [
        *("", "localhost", "kazan.localhost", "x.localhost", "127.0.0.1", "[::1]", "a b.example"),
        *("-a.example", "a..example", "x" * 64 + ".example", "a.example/path", "http://a.example"),
        *(7, {"a": 1}, None, "a.example\x00"),
    ],
)
def test_what_is_no_domain_of_theirs_is_refused(given: object):
    with pytest.raises(NotAccepted):
        domain_name(given)
