"""Tokens that nobody was given: changed, forged, of another market or another kind."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey
from sqlmodel import select

from app.accounts.tokens.models import SigningKey
from app.accounts.tokens.signing_keys import signing_key
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.database.api.conftest import Browser
from tests.database.api.test_tokens import known_by, parts, registered, renewed
from tests.factories import open_market


def packed(told: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


async def forgeries(market: MarketCard, token: str, refresh: str) -> dict[str, str]:
    """Tokens of every kind that must open nothing, made from a good one."""
    header, claims = parts(token)
    async with tenant_session(market.id) as session:
        right = await signing_key(session)
        public = (await session.exec(select(SigningKey))).one().public
    own = ECKey.generate_key("P-256", {"kid": header["kid"]}, private=True)

    def by_secret(secret: bytes) -> str:
        text = f"{packed({**header, 'alg': 'HS256'})}.{packed(claims)}"
        mark = hmac.new(secret, text.encode(), hashlib.sha256).digest()
        return f"{text}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"

    def signed(key: Any = right, told: dict[str, Any] | None = None, **more: Any) -> str:
        head = {**header, **more}
        return jwt.encode(head, {**claims, **(told or {})}, key, algorithms=[head["alg"]])

    past = int(time.time()) - 60
    body = token.split(".")[1]
    unsigned = {**header, "alg": "none"}
    return {
        "no signature": f"{packed(unsigned)}.{body}.",
        "no signature in capitals": f"{packed({**header, 'alg': 'None'})}.{body}.",
        "a signature cut off": token.rpartition(".")[0] + ".",
        "HS256 with the public key": by_secret(json.dumps(public).encode()),
        "HS256 with the public key as PEM": by_secret(right.as_pem(private=False)),
        "another's key under the right name": signed(own),
        "an unknown key": signed(kid="nobody"),
        "no key named": signed(kid=""),
        "a key that it brings along": signed(own, jwk=own.as_dict(private=False)),
        "expired": signed(told={"exp": past}),
        "without an end": signed(told={"exp": None}),
        "of another issuer": signed(told={"iss": "http://elsewhere.localhost"}),
        "for another audience": signed(told={"aud": "http://elsewhere.localhost"}),
        "of no sign-in": signed(told={"sid": claims["sub"]}),
        "a sign-in that is no id": signed(told={"sid": {"$ne": ""}}),
        "of a plain type": signed(typ="JWT"),
        "a refresh token": refresh,
        "changed": ".".join([token.split(".", maxsplit=1)[0], packed({**claims, "sub": "x"}), "x"]),
        "too long": token + "x" * 3000,
        "nested without end": packed({}) + ".[[[[" + "." * 100,
        "not ASCII": token.replace(".", "é"),
    }


async def test_a_forged_token_opens_nothing(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        told = await registered(client)
        made = await forgeries(market, told["access_token"], told["refresh_token"])
        for kind, token in made.items():
            answer = await client.get(
                "/api/users/me", headers={b"authorization": f"Bearer {token}".encode()}
            )
            assert answer.status_code == 401, kind
            assert answer.json()["code"] == "token", kind
        assert (await known_by(client, told["access_token"])).status_code == 200
        # Nor is an access token a refresh token.
        assert (await renewed(client, told["access_token"])).status_code == 401


async def test_a_token_of_one_market_opens_nothing_in_another(market: MarketCard, browser: Browser):
    elsewhere = await open_market()
    async with browser(market) as client, browser(elsewhere) as other:
        ours, theirs = await registered(client), await registered(other)
        assert (await known_by(other, ours["access_token"])).status_code == 401
        assert (await renewed(other, ours["refresh_token"])).status_code == 401
        # Not even with the other market's own key, which knows no such sign-in.
        async with tenant_session(elsewhere.id) as session:
            key = await signing_key(session)
        _, claims = parts(ours["access_token"])
        header, their_claims = parts(theirs["access_token"])
        planted = {**claims, "iss": their_claims["iss"], "aud": their_claims["aud"]}
        token = jwt.encode(header, planted, key, algorithms=["ES256"])
        assert (await known_by(other, token)).status_code == 401
        assert (await known_by(client, ours["access_token"])).status_code == 200
