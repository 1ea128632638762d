"""Confirming an address, getting back in, and the second step, by forms without JavaScript."""

import quopri
import re
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pyotp.totp import TOTP
from sqlmodel import select, update

from app.accounts.factors.models import Passkey
from app.accounts.models import Person, SignIn
from app.accounts.signing import SESSION_COOKIE, person_of_token
from app.database import tenant_session
from app.jobs.work import work_off
from app.mail.letters import kept
from app.markets.directory import MarketCard
from tests.database.api.conftest import PASSWORD, Browser, signed_up
from tests.factories import identity, passkey

NEW = "a longer walk at dawn"
ADA = "ada@example.com"


async def letter(about: str) -> str:
    """The newest letter whose link leads to `about`; the ticket in it."""
    await work_off()
    for path in reversed(kept()):
        text = quopri.decodestring(path.read_bytes()).decode(errors="ignore")
        found = re.search(rf"/{about}\?ticket=([\w-]+)", text)
        if found:
            return found.group(1)
    raise AssertionError("no such letter")


async def sent(client: httpx.AsyncClient, path: str, **form: str) -> str:
    """Where a form leads: the code of what was done or refused, else the path."""
    answer = await client.post(path, data={"locale": "en", **form})
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["location"])
    told = parse_qs(parts.query)
    return (told.get("error") or told.get("done") or [parts.path])[0]


async def person(market: MarketCard) -> Person:
    async with tenant_session(market.id) as session:
        return (await session.exec(select(Person).where(Person.email == ADA))).one()


async def set_up(client: httpx.AsyncClient) -> tuple[TOTP, list[str]]:
    """Switch the second step on, a while ago, so that the next code is a new one."""
    form = {"locale": "en", "password": PASSWORD}
    shown = await client.post("/auth/second-step/set-up", data=form)
    assert "no-store" in shown.headers["cache-control"]
    key = re.search(r"id=key>(\w+)<", shown.text)
    assert key is not None
    totp = TOTP(key.group(1))
    code = totp.generate_otp(int(time.time()) // 30 - 1)
    codes = await client.post("/auth/second-step/set-up", data={"locale": "en", "code": code})
    return totp, re.findall(r"<li><code dir=ltr>([\w-]+)", codes.text)


async def test_the_letter_after_signing_up_proves_the_address_once(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client, browser(market) as anywhere:
        await signed_up(client)
        assert (await person(market)).email_verified_at is None
        ticket = await letter("confirm")
        assert await sent(anywhere, "/auth/confirm", ticket=ticket) == "verified"
        assert (await person(market)).email_verified_at is not None
        assert await sent(anywhere, "/auth/confirm", ticket=ticket) == "ticket"


async def test_a_new_letter_makes_the_former_void(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        await signed_up(client)
        former = await letter("confirm")
        assert await sent(client, "/auth/confirm/send") == "sent"
        assert await sent(client, "/auth/confirm", ticket=former) == "ticket"
        assert await sent(client, "/auth/confirm", ticket=await letter("confirm")) == "verified"


async def test_a_forgotten_password_is_set_anew_and_everybody_is_signed_out(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client, browser(market) as stranger:
        await signed_up(client)
        token = client.cookies[SESSION_COOKIE]
        assert await sent(stranger, "/auth/forgot", email=ADA) == "sent"
        ticket = await letter("reset")
        assert await sent(stranger, "/auth/reset", ticket=ticket, password="short") == (
            "password_short"
        )
        assert await sent(stranger, "/auth/reset", ticket=ticket, password=NEW) == "reset"
        assert await sent(stranger, "/auth/reset", ticket=ticket, password=PASSWORD) == "ticket"
        async with tenant_session(market.id) as session:
            assert await person_of_token(session, token) is None
        assert await sent(stranger, "/auth/signin", email=ADA, password=PASSWORD) == "credentials"
        assert await sent(stranger, "/auth/signin", email=ADA, password=NEW) == "/en/chat"


async def test_who_has_no_account_is_answered_the_same_and_written_to_never(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        await work_off()
        before = len(kept())
        assert await sent(client, "/auth/forgot", email="nobody@example.com") == "sent"
        assert await sent(client, "/auth/forgot", email="no address") == "sent"
        await work_off()
        assert len(kept()) == before


async def test_who_waited_in_another_persons_name_is_out_after_the_reset(
    market: MarketCard, browser: Browser
):
    async with browser(market) as squatter, browser(market) as owner:
        await signed_up(squatter)
        waiting = await person(market)
        async with tenant_session(market.id) as session:
            await identity(session, person_id=waiting.id)
            await passkey(session, person_id=waiting.id)
        await set_up(squatter)
        await sent(owner, "/auth/forgot", email=ADA)
        assert await sent(owner, "/auth/reset", ticket=await letter("reset"), password=NEW) == (
            "reset"
        )
        assert await sent(owner, "/auth/signin", email=ADA, password=NEW) == "/en/chat"
        async with tenant_session(market.id) as session:
            assert (await session.exec(select(Passkey))).all() == []


async def test_a_new_address_counts_when_its_letter_was_opened(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        await signed_up(client)
        form = {"email": "lovelace@example.com", "password": "wrong wrong wrong"}
        assert await sent(client, "/auth/account/email", **form) == "credentials"
        form["password"] = PASSWORD
        assert await sent(client, "/auth/account/email", **form) == "sent"
        assert (await person(market)).email == ADA
        assert await sent(client, "/auth/confirm", ticket=await letter("confirm")) == "verified"
        assert await sent(client, "/auth/signin", **form) == "/en/chat"


async def test_a_password_is_changed_by_who_knows_it_and_others_are_signed_out(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client, browser(market) as other:
        await signed_up(client)
        await sent(other, "/auth/signin", email=ADA, password=PASSWORD)
        path = "/auth/account/password"
        assert await sent(client, path, password="wrong wrong", new=NEW) == "credentials"
        assert await sent(client, path, password=PASSWORD, new=NEW) == "password"
        assert await sent(client, "/auth/account/profile", name="Ada L") == "profile"
        assert await sent(other, "/auth/account/profile", name="Eve") == "/en/signin"
    assert (await person(market)).name == "Ada L"


async def test_one_sees_and_ends_ones_own_sign_ins_alone(market: MarketCard, browser: Browser):
    async with browser(market) as client, browser(market) as other, browser(market) as eve:
        await signed_up(client)
        await sent(other, "/auth/signin", email=ADA, password=PASSWORD)
        await signed_up(eve, "eve@example.com")
        async with tenant_session(market.id) as session:
            mine = (await person(market)).id
            rows = await session.exec(select(SignIn).where(SignIn.person_id == mine))
            newest = max(rows, key=lambda row: row.created_at)
        assert await sent(eve, "/auth/account/end", id=str(newest.id)) == "failed"
        assert await sent(client, "/auth/account/end", id=str(newest.id)) == "ended"
        assert await sent(other, "/auth/account/profile", name="A") == "/en/signin"
        assert await sent(eve, "/auth/account/profile", name="Eve") == "profile"


async def test_a_sign_in_ends_the_browsers_former_one(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        await signed_up(client)
        former = client.cookies[SESSION_COOKIE]
        await sent(client, "/auth/signin", email=ADA, password=PASSWORD)
        async with tenant_session(market.id) as session:
            assert await person_of_token(session, former) is None


async def test_the_second_step_stands_between_the_password_and_the_account(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client, browser(market) as other, browser(market) as third:
        await signed_up(client)
        totp, codes = await set_up(client)
        assert len(set(codes)) == 10
        form = {"email": ADA, "password": PASSWORD}
        assert await sent(other, "/auth/signin", **form, next="/en/help") == "/en/second-step"
        assert SESSION_COOKIE not in other.cookies
        assert await sent(other, "/auth/second-step", code="000000") == "code"
        code = totp.now()
        assert await sent(other, "/auth/second-step", code=code) == "/en/help"
        async with tenant_session(market.id) as session:
            member = await person_of_token(session, other.cookies[SESSION_COOKIE])
        assert member is not None
        assert member.factors == {"password", "totp"}
        # The same code was seen over somebody's shoulder; a recovery code works once.
        await sent(third, "/auth/signin", **form)
        assert await sent(third, "/auth/second-step", code=code) == "code"
        assert await sent(third, "/auth/second-step", code=codes[0].upper()) == "/en/chat"
        await sent(third, "/auth/signin", **form)
        assert await sent(third, "/auth/second-step", code=codes[0]) == "code"


async def test_a_code_without_the_first_step_opens_nothing(market: MarketCard, browser: Browser):
    async with browser(market) as client, browser(market) as other:
        await signed_up(client)
        _totp, codes = await set_up(client)
        assert await sent(other, "/auth/second-step", code=codes[0]) == "expired"
        await sent(other, "/auth/signin", email=ADA, password=PASSWORD)
        tries = [await sent(other, "/auth/second-step", code="123456") for _ in range(9)]
        assert tries[-1] == "too_many"


async def test_the_second_step_is_switched_off_with_the_password_only(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        await signed_up(client)
        await set_up(client)
        assert await sent(client, "/auth/account/second-off", password="") == "credentials"
        assert await sent(client, "/auth/account/second-off", password=PASSWORD) == "second_off"
        assert await sent(client, "/auth/signin", email=ADA, password=PASSWORD) == "/en/chat"


@pytest.mark.parametrize("path", ["/auth/second-step/set-up", "/auth/recovery-codes"])
async def test_secrets_are_shown_to_nobody_else(market: MarketCard, browser: Browser, path: str):
    async with browser(market) as client, browser(market) as stranger:
        await signed_up(client)
        assert await sent(stranger, path) == "/en/signin"
        assert await sent(client, path, password="wrong wrong") == "credentials"


async def test_without_a_password_a_fresh_sign_in_is_proof_and_an_old_one_is_not(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        await signed_up(client)
        mine = await person(market)
        async with tenant_session(market.id) as session:
            await session.exec(update(Person).values(password_hash=None))
            await session.exec(update(SignIn).values(created_at=mine.created_at.replace(year=2020)))
        assert await sent(client, "/auth/account/password", new=NEW) == "stale"


async def test_a_passkey_that_was_never_asked_for_is_refused(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        assert (await client.post("/auth/passkeys", json={})).status_code == 400
        options = (await client.post("/auth/passkeys/challenge", json={})).json()
        assert options["userVerification"] == "required"
        forged = {"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"userHandle": "YQ"}}
        for credential in (forged, {}, None, [], {"rawId": {"a": 1}, "response": 7}):
            await client.post("/auth/passkeys/challenge", json={})
            answer = await client.post("/auth/passkeys", json={"credential": credential})
            assert answer.status_code == 400
            assert SESSION_COOKIE not in client.cookies
        assert (await client.post("/auth/passkeys/new/challenge", json={})).status_code == 401


async def test_a_client_of_the_api_gives_the_code_too(market: MarketCard, browser: Browser):
    async with browser(market) as client, browser(market) as api:
        await signed_up(client)
        _totp, codes = await set_up(client)
        told = {"email": ADA, "password": PASSWORD}
        asked = await api.post("/api/auth/login", json=told)
        assert (asked.status_code, asked.json()["code"]) == (401, "second_step")
        refused = await api.post("/api/auth/login", json=told | {"code": "000000"})
        assert refused.json()["code"] == "code"
        given = await api.post("/api/auth/login", json=told | {"code": codes[0]})
        assert given.status_code == 200
