"""Who may configure sign-in ways, what is refused, and which addresses are never asked."""

import json
from collections.abc import Generator
from dataclasses import replace

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import text
from sqlmodel import select

from app.accounts import actors
from app.accounts.permissions import GRANTS, Role
from app.accounts.ways import fetching, visiting
from app.accounts.ways.configuring import (
    WayInput,
    WayRefused,
    add_way,
    all_ways,
    change_way,
    check_way,
    offered_way,
    offered_ways,
    remove_way,
    switch_way,
)
from app.accounts.ways.entering import LastWay, NoEmail, enter, identities_of, unlink
from app.accounts.ways.fetching import AnswerRefused, ask, check_address
from app.accounts.ways.models import SignInWay
from app.accounts.ways.presets import PRESETS
from app.accounts.ways.visiting import Outsider, apple_secret, come_back, send_away
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.errors import Conflict, NotAllowed, NotFound
from app.markets.directory import MarketCard
from app.outbound import AddressRefused, is_public
from app.settings import settings
from tests.factories import open_market, person, sign_in_way
from tests.providers import Liar, lying_provider

pytestmark = pytest.mark.usefixtures("database")

GOOGLE = WayInput("google", "us.apps.example", "a well kept secret")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


@pytest.fixture
def liar(monkeypatch: pytest.MonkeyPatch) -> Generator[Liar]:
    monkeypatch.setenv("AGORA_LOCAL_SIGN_IN_WAYS", "true")
    settings.cache_clear()
    with lying_provider() as running:
        yield running
    monkeypatch.undo()
    settings.cache_clear()


def someone(market: MarketCard, role: Role) -> actors.Actor:
    return actors.Actor(market.id, kind="person", permissions=GRANTS[role])


async def test_an_admin_adds_switches_on_and_removes_a_way(market: MarketCard):
    admin = someone(market, Role.ADMIN)
    async with tenant_session(market.id) as session:
        way = await add_way(session, admin, GOOGLE)
        assert (way.name, way.issuer) == ("Google", "https://accounts.google.com")
        assert await offered_ways(session) == []
        with pytest.raises(NotFound):
            await offered_way(session, way.id)
        await switch_way(session, admin, way.id, way.version, enabled=True)
        (button,) = await offered_ways(session)
        assert (button.id, button.name) == (str(way.id), "Google")
        await remove_way(session, admin, way.id)
        assert await all_ways(session, admin) == []


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OPERATOR, Role.PROVIDER])
async def test_others_configure_nothing(market: MarketCard, role: Role):
    other = someone(market, role)
    async with tenant_session(market.id) as session:
        way = await sign_in_way(session)
        for refused in (
            add_way(session, other, GOOGLE),
            change_way(session, other, way.id, 1, GOOGLE),
            switch_way(session, other, way.id, 1, enabled=True),
            remove_way(session, other, way.id),
            all_ways(session, other),
            check_way(other, "google", ""),
        ):
            with pytest.raises(NotAllowed):
                await refused


async def test_a_secret_is_sealed_and_stands_in_no_log(market: MarketCard):
    admin = someone(market, Role.ADMIN)
    async with tenant_session(market.id) as session:
        way = await add_way(session, admin, GOOGLE)
        await change_way(session, admin, way.id, 1, replace(GOOGLE, secret="another secret"))
        await session.flush()
        kept = (await session.execute(text("select secret from sign_in_way"))).scalar_one()
        assert "secret" not in kept
        deeds = (await session.exec(select(AuditEntry))).all()
        assert len(deeds) == 2
        told = json.dumps([[deed.before, deed.after] for deed in deeds])
        assert "well kept" not in told
        assert "another secret" not in told
        assert "secret" not in repr(way)


async def test_without_a_new_secret_the_old_one_stays_but_follows_to_no_new_address(
    market: MarketCard,
):
    admin = someone(market, Role.ADMIN)
    given = WayInput("oidc", "us", "a well kept secret", "Ours", "https://id.example.com")
    async with tenant_session(market.id) as session:
        way = await add_way(session, admin, given)
        await change_way(session, admin, way.id, 1, replace(given, secret="", name="Yours"))
        assert (way.secret, way.name) == ("a well kept secret", "Yours")
        moved = replace(given, secret="", issuer="https://evil.example.com")
        with pytest.raises(WayRefused, match="again"):
            await change_way(session, admin, way.id, 2, moved)


async def test_of_two_editors_the_second_is_told(market: MarketCard):
    admin = someone(market, Role.ADMIN)
    async with tenant_session(market.id) as session:
        way = await add_way(session, admin, GOOGLE)
        await change_way(session, admin, way.id, 1, GOOGLE)
        with pytest.raises(Conflict):
            await change_way(session, admin, way.id, 1, GOOGLE)
        with pytest.raises(Conflict):
            await switch_way(session, admin, way.id, 1, enabled=True)


@pytest.mark.parametrize(
    "given",
    [
        replace(GOOGLE, kind="facebook"),
        replace(GOOGLE, client_id=""),
        replace(GOOGLE, client_id="a b"),
        replace(GOOGLE, secret=""),
        replace(GOOGLE, secret="x" * 9000),
        replace(GOOGLE, name="x" * 100),
        WayInput("apple", "us", "no key", team_id="ABCDE12345", key_id="ABCDE12345"),
        WayInput("oidc", "us", issuer="https://id.example.com/?a=b"),
    ],
)
async def test_what_cannot_work_is_refused(market: MarketCard, given: WayInput):
    async with tenant_session(market.id) as session:
        with pytest.raises(WayRefused):
            await add_way(session, someone(market, Role.ADMIN), given)


async def test_apples_secret_is_a_token_signed_with_its_key(market: MarketCard):
    key = ECKey.generate_key("P-256")
    pem = key.as_pem(private=True).decode()
    given = WayInput("apple", "com.example", pem, team_id="TEAM123456", key_id="KEY1234567")
    async with tenant_session(market.id) as session:
        public = key.as_pem(private=False).decode()
        with pytest.raises(WayRefused):
            await add_way(session, someone(market, Role.ADMIN), replace(given, secret=public))
        way = await add_way(session, someone(market, Role.ADMIN), given)
    token = jwt.decode(apple_secret(way), key, algorithms=["ES256"])
    assert token.header["kid"] == "KEY1234567"
    assert (token.claims["iss"], token.claims["sub"]) == ("TEAM123456", "com.example")
    assert token.claims["exp"] - token.claims["iat"] <= 600


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:0a00:0001::1",
    ],
)
def test_addresses_of_inner_networks_are_not_public(address: str):
    assert not is_public(address)


def test_addresses_of_the_internet_are_public():
    assert all(map(is_public, ("142.250.74.78", "2a00:1450:4001:82a::200e")))


@pytest.mark.parametrize(
    "address",
    [
        "http://id.example.com",
        "https://",
        "https://a:b@id.example.com",
        "https://id.example.com/#a",
        "https://id.example.com:99999/",
        "https://id.example.com/ a",
        "ftp://id.example.com",
        "file:///etc/passwd",
        "https://пример.рф",
        "",
    ],
)
def test_what_is_no_address_of_a_provider_is_refused(address: str):
    with pytest.raises(AddressRefused):
        check_address(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "169.254.169.254", "0x7f.1"])
async def test_this_machine_and_its_network_are_not_asked(host: str):
    with pytest.raises(AddressRefused, match="public"):
        await ask(f"https://{host}/.well-known/openid-configuration")


async def test_who_does_not_answer_is_not_awaited_and_other_than_json_not_read(
    liar: Liar, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fetching, "SECONDS", 0.2)
    with pytest.raises(fetching.WayDown):
        # Nobody answers on this address; a host that swallows packets looks the same.
        await ask("http://192.0.2.1:81/")
    liar.raw["/moved"] = b"no JSON"
    with pytest.raises(AnswerRefused):
        await ask(f"{liar.issuer}/moved")


PROFILES = {
    "github": (
        {"/profile": {"id": 7, "login": "ada", "name": "Ada"}},
        Outsider("https://github.com", "7", "ada@example.com", email_verified=True, name="Ada"),
    ),
    "yandex": (
        {"/profile": {"id": "7", "default_email": "ada@example.com", "real_name": "Ада"}},
        Outsider("https://oauth.yandex.ru", "7", "ada@example.com", name="Ада"),
    ),
    "vk": (
        {"/profile": {"user": {"user_id": "7", "first_name": "Ада", "email": "ada@example.com"}}},
        Outsider("https://id.vk.com", "7", "ada@example.com", name="Ада"),
    ),
}


@pytest.mark.parametrize("kind", PROFILES)
async def test_a_provider_without_id_tokens_tells_the_profile(
    liar: Liar, kind: str, monkeypatch: pytest.MonkeyPatch
):
    answers, expected = PROFILES[kind]
    here = replace(PRESETS[kind], token=f"{liar.issuer}/token", profile=f"{liar.issuer}/profile")
    monkeypatch.setitem(visiting.PRESETS, kind, here)
    liar.raw = {path: json.dumps(told).encode() for path, told in answers.items()}
    emails = [
        {"email": "old@example.com", "primary": False, "verified": True},
        {"email": "ada@example.com", "primary": True, "verified": True},
    ]
    liar.raw["/profile/emails"] = json.dumps(emails).encode()
    way = SignInWay(kind=kind, name="", issuer=here.issuer, client_id="us", secret="s")
    _address, errand = await send_away(way, "https://market.example/back")
    assert await come_back(way, errand, {"code": "a", "device_id": "d"}) == expected
    assert liar.exchanged[0]["code_verifier"] == errand.verifier
    liar.raw["/profile"] = b"{}"
    with pytest.raises(AnswerRefused):
        await come_back(way, errand, {"code": "a"})


def test_google_vouches_for_its_own_addresses_only():
    told = {"email": "ada@firm.example", "email_verified": True}
    assert not visiting._vouches("google", told)
    assert visiting._vouches("google", told | {"hd": "firm.example"})
    assert visiting._vouches("google", told | {"email": "ada@gmail.com"})
    assert visiting._vouches("apple", told | {"email_verified": "true"})
    assert not visiting._vouches("oidc", told | {"email_verified": "no"})


async def test_without_an_address_nobody_is_made_and_the_last_way_stays(market: MarketCard):
    async with tenant_session(market.id) as session:
        with pytest.raises(NoEmail):
            await enter(session, Outsider("https://a.example", "1"), "A", "en")
        outsider = Outsider("https://a.example", "1", "a@example.com", True, "A\u202eB \x07")
        person_id, new = await enter(session, outsider, "A", "ru")
        assert new
        actor = actors.Actor(
            market.id, kind="person", id=person_id, permissions=GRANTS[Role.MEMBER]
        )
        (only,) = await identities_of(session, actor)
        with pytest.raises(LastWay):
            await unlink(session, actor, only.id)
        other = await person(session)
        stranger = actors.Actor(
            market.id, kind="person", id=other.id, permissions=GRANTS[Role.MEMBER]
        )
        with pytest.raises(NotFound):
            await unlink(session, stranger, only.id)
