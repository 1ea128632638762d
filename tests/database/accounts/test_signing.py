"""Signing up and in, and how long a session token opens an account."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlmodel import col, select, update

from app.accounts import passwords
from app.accounts.models import Person, SignIn
from app.accounts.passwords import PasswordRefused
from app.accounts.signing import (
    IDLE,
    LASTS,
    EmailRefused,
    EmailTaken,
    NameRefused,
    WrongCredentials,
    normal_email,
    person_of_token,
    revoke,
    revoke_all,
    sign_in,
    sign_up,
)
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")

PASSWORD = "a long walk at dusk"


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def signed_up(market: MarketCard, email: str = "ada@example.com") -> str:
    async with tenant_session(market.id) as session:
        await sign_up(session, email, "Ada", PASSWORD, "ru")
        return await sign_in(session, email, PASSWORD, "a browser")


async def person_behind(market: MarketCard, token: str):
    async with tenant_session(market.id) as session:
        return await person_of_token(session, token)


async def test_a_token_leads_to_its_person(market: MarketCard):
    token = await signed_up(market)
    person = await person_behind(market, token)
    assert person is not None
    assert (person.name, person.email, person.locale) == ("Ada", "ada@example.com", "ru")


async def test_neither_password_nor_token_is_kept(market: MarketCard):
    token = await signed_up(market)
    async with tenant_session(market.id) as session:
        person = (await session.exec(select(Person))).one()
        kept = (await session.exec(select(SignIn))).one()
    assert person.password_hash is not None
    assert person.password_hash.startswith("$argon2id$")
    assert PASSWORD not in person.password_hash
    assert len(kept.token_hash) == 32
    assert token.encode() not in kept.token_hash
    assert len(token) >= 43


async def test_an_email_is_compared_without_case(market: MarketCard):
    await signed_up(market, " Ada@Example.COM ")
    async with tenant_session(market.id) as session:
        assert await sign_in(session, "ada@example.com", PASSWORD, "")
        with pytest.raises(EmailTaken):
            await sign_up(session, "ADA@example.com", "Another", PASSWORD, "en")
        # The refusal leaves the session usable.
        assert await sign_in(session, "ada@example.com", PASSWORD, "")


async def test_the_same_email_may_sign_up_in_another_market_and_is_somebody_else(
    market: MarketCard,
):
    elsewhere = await open_market()
    token = await signed_up(market)
    other = await signed_up(elsewhere)
    assert await person_behind(elsewhere, token) is None
    assert await person_behind(market, other) is None


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com", "not an e-mail"])
async def test_wrong_credentials_do_not_say_what_is_wrong(market: MarketCard, email: str):
    await signed_up(market)
    async with tenant_session(market.id) as session:
        with pytest.raises(WrongCredentials) as refused:
            await sign_in(session, email, PASSWORD + "?", "")
    assert refused.value.message == "The e-mail or the password is wrong."


async def test_an_unknown_email_costs_the_same_work_as_a_known_one(
    market: MarketCard, monkeypatch: pytest.MonkeyPatch
):
    verified: list[str] = []

    class Counted(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes):  # noqa: A002
            verified.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counted)
    async with tenant_session(market.id) as session:
        with pytest.raises(WrongCredentials):
            await sign_in(session, "nobody@example.com", PASSWORD, "")
    assert len(verified) == 1


async def test_a_password_made_with_older_parameters_is_hashed_anew(market: MarketCard):
    await signed_up(market)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with tenant_session(market.id) as session:
        await session.exec(update(Person).values(password_hash=weak))
    async with tenant_session(market.id) as session:
        await sign_in(session, "ada@example.com", PASSWORD, "")
    async with tenant_session(market.id) as session:
        person = (await session.exec(select(Person))).one()
        assert person.password_hash != weak
        assert await sign_in(session, "ada@example.com", PASSWORD, "")


async def test_a_revoked_token_opens_nothing_and_others_go_on(market: MarketCard):
    token = await signed_up(market)
    async with tenant_session(market.id) as session:
        second = await sign_in(session, "ada@example.com", PASSWORD, "another browser")
        await revoke(session, token)
    assert await person_behind(market, token) is None
    person = await person_behind(market, second)
    assert person is not None
    async with tenant_session(market.id) as session:
        await revoke_all(session, person.id)
    assert await person_behind(market, second) is None


@pytest.mark.parametrize(
    ("column", "value", "opens"),
    [
        ("expires_at", timedelta(seconds=-1), False),
        ("expires_at", timedelta(seconds=60), True),
        ("seen_at", -IDLE - timedelta(seconds=1), False),
        ("seen_at", -IDLE + timedelta(hours=1), True),
    ],
)
async def test_a_sign_in_ends_by_its_age_and_by_being_idle(
    market: MarketCard, column: str, value: timedelta, opens: bool
):
    token = await signed_up(market)
    async with tenant_session(market.id) as session:
        await session.exec(update(SignIn).values({column: datetime.now(UTC) + value}))
    assert (await person_behind(market, token) is not None) is opens


async def test_a_use_is_noted_and_does_not_put_off_the_absolute_end(market: MarketCard):
    token = await signed_up(market)
    long_ago = datetime.now(UTC) - timedelta(days=2)
    async with tenant_session(market.id) as session:
        await session.exec(update(SignIn).values(seen_at=long_ago))
    await person_behind(market, token)
    async with tenant_session(market.id) as session:
        kept = (await session.exec(select(SignIn))).one()
    assert kept.seen_at > datetime.now(UTC) - timedelta(minutes=1)
    assert kept.expires_at - kept.created_at == LASTS


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\x00"])
async def test_nonsense_is_no_token(market: MarketCard, token: str):
    assert await person_behind(market, token) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_short"),
        ("x" * 201, "password_long"),
        ("Ada@example.com", "password_email"),
        ("Password123", "password_common"),
        ("йцукен12345", "password_common"),
        ("abababababab", "password_common"),
    ],
)
async def test_a_weak_password_is_refused_by_its_rule(market: MarketCard, password: str, code: str):
    async with tenant_session(market.id) as session:
        with pytest.raises(PasswordRefused) as refused:
            await sign_up(session, "ada@example.com", "Ada", password, "en")
    assert refused.value.code == code
    async with tenant_session(market.id) as session:
        assert (await session.exec(select(col(Person.id)))).all() == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b", "a\x1bb"])
async def test_a_name_must_be_readable(market: MarketCard, name: str):
    async with tenant_session(market.id) as session:
        with pytest.raises(NameRefused):
            await sign_up(session, "ada@example.com", name, PASSWORD, "en")


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "a da@example.com",
        "ada@exam ple.com",
        "ada@@example.com",
        "ada@example..com",
        "<ada@example.com>",
        "ada@example.com,b@c.de",
        "x" * 65 + "@example.com",
        "ada@" + "x" * 260 + ".com",
    ],
)
def test_what_is_not_an_address_is_refused(email: str):
    with pytest.raises(EmailRefused):
        normal_email(email)


@pytest.mark.parametrize(
    ("email", "normal"),
    [
        ("Ada+shop@Example.com", "ada+shop@example.com"),
        ("анна@почта.рф", "анна@почта.рф"),
        ("o_brien@mail.example.co.uk", "o_brien@mail.example.co.uk"),
    ],
)
def test_addresses_of_all_kinds_pass(email: str, normal: str):
    assert normal_email(email) == normal
