"""Tokens: whom they open, when they are over, and what a forged one is worth."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlmodel import select, update

from app.accounts import actors, limits
from app.accounts.models import Person, SignIn
from app.accounts.signing import revoke_all
from app.accounts.tokens.bearing import GRACE, REFRESH_LASTS
from app.accounts.tokens.models import SigningKey
from app.accounts.tokens.signing_keys import ROTATED_EVERY, rotate
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.settings import settings
from tests.database.api.conftest import PASSWORD, Browser, signed_up

ADA = {"email": "ada@example.com", "password": PASSWORD}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def registered(client: httpx.AsyncClient, email: str = "ada@example.com") -> dict[str, Any]:
    answer = await client.post(
        "/api/auth/register", json={"email": email, "name": "Ada", "password": PASSWORD}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def known_by(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.get("/api/users/me", headers=bearer(token))


async def renewed(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/api/auth/refresh", json={"refresh_token": token})


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims."""
    header, claims, _ = token.split(".")
    read = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, claims)]
    return read[0], read[1]


async def test_an_account_is_made_and_its_token_opens_it(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        told = await registered(client)
        assert (told["token_type"], told["expires_in"]) == ("Bearer", 900)
        answer = await known_by(client, told["access_token"])
        assert answer.status_code == 200
        me = answer.json()
        assert (me["name"], me["email"], me["roles"]) == ("Ada", "ada@example.com", ["member"])
        assert "account.keep" in me["permissions"]
        again = await client.post("/api/auth/login", json=ADA)
        assert again.status_code == 200
        assert (await known_by(client, again.json()["access_token"])).json()["id"] == me["id"]
    header, claims = parts(told["access_token"])
    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    assert claims["iss"] == claims["aud"] == settings().origin(market.host)
    assert claims["exp"] - claims["iat"] == 900
    header, claims = parts(told["refresh_token"])
    assert claims["exp"] - claims["iat"] in range(30 * 86400 - 2, 30 * 86400 + 2)


async def test_a_token_speaks_for_its_person_in_the_chat(
    market: MarketCard, browser: Browser, shelf: object
):
    async with browser(market) as client:
        token = (await registered(client))["access_token"]
        held = (
            await client.post("/api/v1/chat", json={"message": "hello"}, headers=bearer(token))
        ).json()["conversation_id"]
        assert (await client.get(f"/api/v1/chat/{held}")).status_code == 404
        assert (await client.get(f"/api/v1/chat/{held}", headers=bearer(token))).status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"email": "nonsense"}, 400, "email"),
        ({"name": " "}, 400, "name"),
        ({"password": "short"}, 400, "password_short"),
        ({}, 409, "taken"),
        ({"role": "admin"}, 422, None),
        ({"name": None}, 422, None),
    ],
)
async def test_a_refused_registration_says_why(
    market: MarketCard, browser: Browser, form: dict[str, Any], status: int, code: str | None
):
    async with browser(market) as client:
        await registered(client)
        answer = await client.post("/api/auth/register", json={**ADA, "name": "Ada", **form})
    assert (answer.status_code, answer.json().get("code")) == (status, code)


async def test_wrong_credentials_do_not_say_what_is_wrong(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        await registered(client)
        answers = [
            await client.post("/api/auth/login", json={**ADA, **wrong})
            for wrong in ({"password": "not it at all"}, {"email": "nobody@example.com"})
        ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].headers["www-authenticate"] == "Bearer"


async def test_a_refresh_token_is_good_once_and_its_theft_ends_the_sign_in(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        first = await registered(client)
        second = (await renewed(client, first["refresh_token"])).json()
        assert (await known_by(client, second["access_token"])).status_code == 200
        await let_pass(market, GRACE)
        stolen = await renewed(client, first["refresh_token"])
        assert stolen.status_code == 401
        assert stolen.json()["code"] == "token"
        # Whoever was first, thief or owner: both are out.
        assert (await renewed(client, second["refresh_token"])).status_code == 401
        for pair in (first, second):
            assert (await known_by(client, pair["access_token"])).status_code == 401
    async with tenant_session(market.id) as session:
        (entry,) = (await session.exec(select(AuditEntry))).all()
        kept = (await session.exec(select(SignIn))).one()
    assert (entry.action, entry.subject_id) == ("sign_in.token_reused", str(kept.id))


async def test_other_sign_ins_outlive_a_theft(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        stolen = await registered(client)
        other = (await client.post("/api/auth/login", json=ADA)).json()
        await renewed(client, stolen["refresh_token"])
        await let_pass(market, GRACE)
        assert (await renewed(client, stolen["refresh_token"])).status_code == 401
        assert (await known_by(client, other["access_token"])).status_code == 200


async def let_pass(market: MarketCard, time: timedelta) -> None:
    """Have the last refresh of everybody be that long ago."""
    async with tenant_session(market.id) as session:
        await session.exec(update(SignIn).values(refreshed_at=datetime.now(UTC) - time))


async def test_two_tabs_that_refresh_at_once_stay_signed_in(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        first = await registered(client)
        answers = await asyncio.gather(
            *(renewed(client, first["refresh_token"]) for _tab in range(4))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        (second,) = (answer.json() for answer in answers if answer.status_code == 200)
        for answer in answers:
            if answer.status_code == 409:
                assert answer.json()["code"] == "token_just_used"
                assert "refresh_token" not in answer.json()
        # Nothing has ended, and the one successor is good.
        assert (await known_by(client, second["access_token"])).status_code == 200
        assert (await renewed(client, second["refresh_token"])).status_code == 200


async def test_the_grace_is_for_the_last_token_alone(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        first = await registered(client)
        second = (await renewed(client, first["refresh_token"])).json()
        third = (await renewed(client, second["refresh_token"])).json()
        # Both were used up within the last seconds, but who has the older one is two steps behind.
        assert (await renewed(client, first["refresh_token"])).status_code == 401
        assert (await renewed(client, third["refresh_token"])).status_code == 401
        assert (await known_by(client, third["access_token"])).status_code == 401


async def test_refreshing_does_not_put_off_the_end(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        first = await registered(client)
        soon = datetime.now(UTC) + timedelta(minutes=5)
        async with tenant_session(market.id) as session:
            await session.exec(update(SignIn).values(expires_at=soon))
        second = (await renewed(client, first["refresh_token"])).json()
        assert second["refresh_expires_in"] <= 300
        _, claims = parts(second["access_token"])
        assert claims["exp"] <= soon.timestamp()


async def test_no_token_is_kept(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        told = await registered(client)
    async with tenant_session(market.id) as session:
        kept = (await session.exec(select(SignIn))).one()
    assert (kept.via, len(kept.token_hash)) == ("api", 32)
    assert told["refresh_token"].encode() not in kept.token_hash
    async with browser(market) as client:
        client.cookies["agora_session"] = told["refresh_token"]
        assert (await client.get("/api/users/me")).status_code == 401


async def test_signing_out_ends_both_tokens(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        told = await registered(client)
        left = await client.post("/api/auth/logout", headers=bearer(told["access_token"]))
        assert left.status_code == 204
        assert (await known_by(client, told["access_token"])).status_code == 401
        assert (await renewed(client, told["refresh_token"])).status_code == 401


@pytest.mark.parametrize("how", ["suspended", "signed out everywhere"])
async def test_who_is_shut_out_is_out_at_once(market: MarketCard, browser: Browser, how: str):
    async with browser(market) as client:
        told = await registered(client)
        async with tenant_session(market.id) as session:
            person = (await session.exec(select(Person))).one()
            if how == "suspended":
                await session.exec(update(Person).values(suspended_at=datetime.now(UTC)))
            else:
                await revoke_all(session, person.id)
        assert (await known_by(client, told["access_token"])).status_code == 401
        assert (await renewed(client, told["refresh_token"])).status_code == 401
        if how == "suspended":
            refused = await client.post("/api/auth/login", json=ADA)
            assert (refused.status_code, refused.json()["code"]) == (403, "suspended")


async def test_a_bad_token_does_not_become_a_visitor(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        await signed_up(client)
        assert (await client.get("/api/users/me")).status_code == 200
        for told in ("x", "", "agora_000000000000_" + "x" * 43):
            answer = await client.get("/api/v1/search?q=tap", headers=bearer(told))
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_after_a_rotation_old_tokens_are_good_until_they_are_over(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        before = await registered(client)
        async with tenant_session(market.id) as session:
            made = await rotate(session, actors.system(market.id, "test"))
        after = (await client.post("/api/auth/login", json=ADA)).json()
        assert parts(after["access_token"])[0]["kid"] == made
        kids = [key["kid"] for key in (await client.get("/.well-known/jwks.json")).json()["keys"]]
        assert kids == [made, parts(before["access_token"])[0]["kid"]]
        assert (await known_by(client, before["access_token"])).status_code == 200
        long_ago = datetime.now(UTC) - REFRESH_LASTS - timedelta(seconds=1)
        async with tenant_session(market.id) as session:
            former = SigningKey.kid != made
            await session.exec(update(SigningKey).where(former).values(retired_at=long_ago))  # pyright: ignore[reportArgumentType]
        assert (await known_by(client, before["access_token"])).status_code == 401
        assert (await renewed(client, before["refresh_token"])).status_code == 401
        assert (await known_by(client, after["access_token"])).status_code == 200


async def test_an_old_key_is_replaced_by_itself(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        before = parts((await registered(client))["access_token"])[0]["kid"]
        async with tenant_session(market.id) as session:
            old = datetime.now(UTC) - ROTATED_EVERY - timedelta(days=1)
            await session.exec(update(SigningKey).values(created_at=old))
        after = parts((await client.post("/api/auth/login", json=ADA)).json()["access_token"])[0]
        assert after["kid"] != before
        assert len((await client.get("/.well-known/jwks.json")).json()["keys"]) == 2


async def test_the_public_keys_check_a_token_and_tell_no_secret(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        token = (await registered(client))["access_token"]
        (told,) = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert "d" not in told
    assert jwt.decode(token, ECKey.import_key(told), algorithms=["ES256"]).claims["sub"]
    async with tenant_session(market.id) as session:
        kept = (await session.exec(select(SigningKey))).one()
        raw = (await session.connection()).exec_driver_sql("select private from signing_key")
        (sealed,) = (await raw).one()
    secret = json.loads(kept.private)["d"]
    assert secret not in sealed
    assert secret not in repr(kept)


async def test_guessing_over_the_api_is_slowed_down_and_a_known_device_still_gets_in(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        device = (await registered(client))["device"]
        for guess in range(60):
            await limits.spend_sign_in(
                market.id, f"198.51.100.{guess}", "ada@example.com", known=False
            )
        assert (await client.post("/api/auth/login", json=ADA)).status_code == 429
        known = await client.post("/api/auth/login", json={**ADA, "device": device})
        assert known.status_code == 200
