"""What a caller is told of their limits."""

import pytest
from limits import parse

from app.accounts import limits
from app.markets.directory import MarketCard
from tests.database.api.conftest import Browser
from tests.database.api.test_tokens import bearer, registered


async def test_answers_tell_where_the_limits_stand(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        token = (await registered(client))["access_token"]
        first = await client.get("/api/users/me", headers=bearer(token))
        second = await client.get("/api/users/me", headers=bearer(token))
    policy = first.headers["ratelimit-policy"]
    assert '"api_address";q=600;w=60' in policy
    assert '"api_person";q=600;w=60' in policy
    assert '"api_market";q=12000;w=60' in policy
    assert '"api_person";r=598;' in second.headers["ratelimit"]
    assert second.headers["x-ratelimit-limit"] == "600"
    left = [int(answer.headers["x-ratelimit-remaining"]) for answer in (first, second)]
    assert left[1] == left[0] - 1


@pytest.mark.parametrize("kind", ["api_address", "api_market", "api_person"])
async def test_whoever_asks_too_often_is_told_when_to_come_back(
    market: MarketCard, browser: Browser, kind: str, monkeypatch: pytest.MonkeyPatch
):
    async with browser(market) as client:
        token = (await registered(client))["access_token"]
        await limits.forget_attempts()
        monkeypatch.setitem(limits.LIMITS, kind, parse("2/minute"))
        answers = [await client.get("/api/users/me", headers=bearer(token)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refused = answers[2]
    assert refused.headers["content-type"] == "application/problem+json"
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert f'"{kind}";r=0' in refused.headers["ratelimit"]


async def test_nobody_is_told_how_often_a_password_was_tried(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        answer = await client.post(
            "/api/auth/login", json={"email": "ada@example.com", "password": "no such"}
        )
    assert answer.status_code == 401
    assert "sign_in" not in answer.headers["ratelimit"]
