"""Vendors and approvals over HTTP."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID, uuid4

import pytest

from agents.tools import REQUEST_QUOTES
from app.accounts import actors
from app.accounts.signing import member_by_id
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.search.index import Hit
from tests.database.api.conftest import Browser
from tests.database.api.test_tokens import bearer, registered
from tests.database.approvals.proposing import proposed, work_through
from tests.database.vendors.offering import Offered, offered
from tests.shelf import Shelf


@pytest.fixture
async def offers(
    market: MarketCard, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[list[Offered]]:
    found = [await offered(market) for _ in range(2)]
    shelf.hits["listing"] = [Hit("listing", one.listing_id, 0.9) for one in found]
    monkeypatch.setattr("app.api.vendors.search_index", lambda: shelf)
    yield found
    await work_through(market)


async def test_vendors_are_found_read_and_compared(
    market: MarketCard, browser: Browser, offers: list[Offered]
):
    async with browser(market) as client:
        found = (await client.get("/api/v1/vendors/search?q=tap")).json()["results"]
        assert [one["id"] for one in found] == [str(one.listing_id) for one in offers]
        vendor = found[0]["vendor"]["id"]
        assert vendor == str(offers[0].provider_id)
        read = (await client.get(f"/api/v1/vendors/{vendor}")).json()
        assert (read["name"], len(read["offers"])) == (offers[0].provider, 1)
        ids = ",".join(one["id"] for one in found)
        beside = (await client.get(f"/api/v1/vendors/comparison?ids={ids}")).json()
        assert [one["missing"][0] for one in beside["offers"]] == ["price", "price"]
        for wrong, status in (
            ("comparison", 400),
            (f"comparison?ids={ids.split(',')[0]}", 400),
            ("comparison?ids=x,y", 404),
            (str(uuid4()), 404),
            ("search", 400),
        ):
            assert (await client.get(f"/api/v1/vendors/{wrong}")).status_code == status, wrong


async def test_a_request_sent_again_makes_one(
    market: MarketCard, browser: Browser, offers: list[Offered]
):
    body: dict[str, Any] = {
        "listing_ids": [str(one.listing_id) for one in offers],
        "message": "A leaking tap",
    }
    async with browser(market) as client:
        headers = bearer((await registered(client))["access_token"])
        path = "/api/v1/vendors/request-quote"
        assert (await client.post(path, json=body)).status_code in (400, 401)
        keyless = await client.post(path, json=body, headers=headers)
        assert keyless.status_code == 400
        keyed = headers | {"idempotency-key": "one"}
        first = await client.post(path, json=body, headers=keyed)
        again = await client.post(path, json=body, headers=keyed)
        assert first.status_code == again.status_code == 201
        made = {one["id"] for one in first.json()["requests"]}
        assert made == {one["id"] for one in again.json()["requests"]}
        assert len(made) == 2
        other = await client.post(path, json=body | {"message": "Another"}, headers=keyed)
        assert other.status_code == 409
        visitor = await client.post(path, json=body, headers={"idempotency-key": "two"})
        assert visitor.status_code == 401


async def test_what_waits_is_listed_changed_and_decided(
    market: MarketCard, browser: Browser, offers: list[Offered]
):
    async with browser(market) as client:
        told = await registered(client)
        headers = bearer(told["access_token"])
        me = (await client.get("/api/users/me", headers=headers)).json()
        async with tenant_session(market.id) as session:
            held = await member_by_id(session, UUID(me["id"]))
        assert held is not None
        actor = actors.person(market.id, held)
        asked = {"listing_ids": [str(offers[0].listing_id)], "message": "A leaking tap"}
        approval = await proposed(market, actor, REQUEST_QUOTES, asked)
        path = f"/api/v1/approvals/{approval.id}"
        (waiting,) = (await client.get("/api/v1/approvals", headers=headers)).json()["approvals"]
        assert waiting["what"].startswith("Your message goes to 1 provider")
        changes = {"version": 1, "arguments": {"message": "Two taps"}}
        changed = (await client.patch(path, json=changes, headers=headers)).json()
        assert (changed["version"], changed["arguments"]["message"]) == (2, "Two taps")
        stale = {"verdict": "approve", "version": 1}
        assert (
            await client.post(f"{path}/decision", json=stale, headers=headers)
        ).status_code == 409
        seen = {"verdict": "approve", "version": 2}
        assert (await client.post(f"{path}/decision", json=seen)).status_code == 401
        decided = (await client.post(f"{path}/decision", json=seen, headers=headers)).json()
        assert decided["state"] == "approved"
        await work_through(market)
        done = (await client.get(path, headers=headers)).json()
        assert (done["state"], len(done["result"]["requests"])) == ("done", 1)
        async with browser(market) as stranger:
            other = bearer((await registered(stranger, "eve@example.com"))["access_token"])
            assert (await stranger.get(path, headers=other)).status_code == 404
