"""Signing in over the API where a second step is on."""

from datetime import UTC, datetime

from pyotp import random_base32
from pyotp.totp import TOTP
from sqlmodel import select

from app.accounts.factors.models import Authenticator
from app.accounts.models import Person, SignIn
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.database.api.conftest import Browser
from tests.database.api.test_tokens import ADA, registered


async def test_a_second_step_is_asked_for_and_a_code_is_good_once(
    market: MarketCard, browser: Browser
):
    secret = random_base32()
    async with browser(market) as client:
        await registered(client)
        async with tenant_session(market.id) as session:
            person = (await session.exec(select(Person))).one()
            now = datetime.now(UTC)
            session.add(Authenticator(person_id=person.id, secret=secret, confirmed_at=now))
        without = await client.post("/api/auth/login", json=ADA)
        assert (without.status_code, without.json()["code"]) == (401, "second_step")
        assert "access_token" not in without.json()
        # A wrong password is not told apart by whether a code is needed.
        wrong = await client.post("/api/auth/login", json={**ADA, "password": "not it at all"})
        assert wrong.json()["code"] == "credentials"
        for code in ("000", "", "x" * 500):
            refused = await client.post("/api/auth/login", json={**ADA, "code": code})
            assert refused.status_code in {400, 401}
        code = TOTP(secret).now()
        opened = await client.post("/api/auth/login", json={**ADA, "code": code})
        assert opened.status_code == 200
        again = await client.post("/api/auth/login", json={**ADA, "code": code})
        assert (again.status_code, again.json()["code"]) == (400, "code")
    async with tenant_session(market.id) as session:
        kept = (await session.exec(select(SignIn.factors))).all()
    assert sorted(map(tuple, kept)) == [("password",), ("password", "totp")]
