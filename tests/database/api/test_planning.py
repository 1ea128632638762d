"""Preparing an event over HTTP: as a person, as a program with a key, and as nobody."""

import dataclasses
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.accounts import actors
from app.accounts.keys.issuing import make_key
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.projects.keeping import today_in
from tests.database.api.conftest import Browser
from tests.database.api.test_tokens import bearer, registered

EVENTS = "/api/v1/planning/events"
TASKS = "/api/v1/planning/tasks"


@pytest.fixture
def wedding(market: MarketCard) -> dict[str, Any]:
    day = today_in(market) + timedelta(days=400)
    budget = {"amount": "500000.00", "currency": "RUB"}
    return {"type": "wedding", "day": day.isoformat(), "guests": 80, "budget": budget}


async def signed_in(client: httpx.AsyncClient, email: str = "ada@example.com") -> None:
    told = await registered(client, email)
    client.headers.update(bearer(told["access_token"]))


async def test_an_event_is_planned_and_its_timeline_read(
    market: MarketCard, browser: Browser, wedding: dict[str, Any]
):
    async with browser(market) as client:
        await signed_in(client)
        made = await client.post(EVENTS, json=wedding)
        assert made.status_code == 201, made.text
        event = made.json()
        assert event["budget"] == wedding["budget"]
        assert (event["title"], event["state"], event["begins"]) == ("Wedding", "draft", None)
        address = f"{EVENTS}/{event['id']}"
        planned = await client.post(f"{address}/plan")
        assert planned.status_code == 200, planned.text
        plan = planned.json()
        again = (await client.post(f"{address}/plan", headers={"accept-language": "ru"})).json()
        timeline = (await client.get(f"{address}/timeline")).json()
    assert (plan["added"], plan["squeezed"], plan["fits"]) == (19, False, True)
    assert (again["added"], again["moved"], again["kept"]) == (0, 0, 19)
    assert again["tasks"][0]["title"] == "Составить список гостей"
    assert plan["critical_path"][0] == plan["tasks"][0]["id"]
    assert [one["id"] for one in plan["tasks"] if one["critical"]] == plan["critical_path"]
    assert timeline["tasks"] == plan["tasks"]
    assert timeline["event"]["state"] == "active"
    (arrival,) = [one for one in timeline["hours"] if one["key"] == "arrival"]
    assert arrival["starts"].startswith(f"{wedding['day']}T15:00:00")
    assert len(arrival["starts"]) > len("2027-06-12T15:00:00")


async def test_tasks_are_listed_written_and_changed(
    market: MarketCard, browser: Browser, wedding: dict[str, Any]
):
    async with browser(market) as client:
        await signed_in(client)
        event = (await client.post(EVENTS, json=wedding)).json()["id"]
        first, second = [
            (await client.post(TASKS, json={"event_id": event, "title": title})).json()
            for title in ("Ask Grace", "Buy rice")
        ]
        told = {"id": second["id"], "place": 0, "needs": [first["id"]], "version": 1}
        changed = await client.put(TASKS, json=told)
        assert changed.status_code == 200, changed.text
        stale = await client.put(TASKS, json={"id": second["id"], "version": 1, "title": "x"})
        circle = await client.put(TASKS, json={"id": first["id"], "needs": [second["id"]]})
        done = await client.put(TASKS, json={"id": first["id"], "state": "done"})
        listed = (await client.get(TASKS, params={"event_id": event})).json()["tasks"]
        open_ones = (await client.get(TASKS, params={"state": "todo"})).json()["tasks"]
        gone = await client.delete(f"{TASKS}/{first['id']}")
        left = (await client.get(TASKS)).json()["tasks"]
    assert (changed.json()["position"], changed.json()["needs"]) == (0, [first["id"]])
    assert (stale.status_code, circle.status_code) == (409, 400)
    assert circle.json()["code"] == "circle"
    assert done.json()["state"] == "done"
    assert [one["title"] for one in listed] == ["Buy rice", "Ask Grace"]
    assert [one["title"] for one in open_ones] == ["Buy rice"]
    assert gone.status_code == 204
    assert [(one["title"], one["needs"]) for one in left] == [("Buy rice", [])]


async def test_a_change_leaves_the_rest_and_null_forgets(
    market: MarketCard, browser: Browser, wedding: dict[str, Any]
):
    async with browser(market) as client:
        await signed_in(client)
        event = (await client.post(EVENTS, json=wedding)).json()
        address = f"{EVENTS}/{event['id']}"
        changed = (await client.put(address, json={"guests": 60, "begins": "16:30"})).json()
        forgotten = (await client.put(address, json={"budget": None, "day": None})).json()
        undated = await client.post(f"{address}/plan")
        stale = await client.put(address, json={"guests": 61, "version": 1})
        wrong = await client.put(address, json={"budget": {"amount": 1, "currency": "XXZ"}})
    assert (changed["guests"], changed["begins"], changed["day"]) == (60, "16:30", wedding["day"])
    assert (forgotten["budget"], forgotten["day"], forgotten["guests"]) == (None, None, 60)
    assert (undated.status_code, undated.json()["code"]) == (400, "day")
    assert (stale.status_code, wrong.status_code) == (409, 400)


async def test_events_of_others_are_not_there(
    market: MarketCard, browser: Browser, wedding: dict[str, Any]
):
    async with browser(market) as client, browser(market) as other:
        await signed_in(client)
        await signed_in(other, "grace@example.com")
        event = (await client.post(EVENTS, json=wedding)).json()["id"]
        task = (await client.post(TASKS, json={"event_id": event, "title": "a"})).json()["id"]
        who = other
        for status in (404, 401):
            answers = [
                await who.get(f"{EVENTS}/{event}"),
                await who.put(f"{EVENTS}/{event}", json={"title": "Mine"}),
                await who.post(f"{EVENTS}/{event}/plan"),
                await who.get(f"{EVENTS}/{event}/timeline"),
                await who.post(f"{EVENTS}/{event}/complete"),
                await who.delete(f"{EVENTS}/{event}"),
                await who.get(TASKS, params={"event_id": event}),
                await who.post(TASKS, json={"event_id": event, "title": "x"}),
                await who.put(TASKS, json={"id": task, "title": "x"}),
                await who.delete(f"{TASKS}/{task}"),
            ]
            assert {one.status_code for one in answers} == {status}
            assert {one.headers["content-type"] for one in answers} == {"application/problem+json"}
            # The second time round it is nobody.
            who.headers.pop("authorization", None)
        assert (await client.get(f"{EVENTS}/{event}")).json()["title"] == "Wedding"


async def test_a_key_with_the_scope_prepares_the_markets_own_events(
    market: MarketCard, browser: Browser, wedding: dict[str, Any]
):
    system = actors.system(market.id, "test")
    async with tenant_session(market.id) as session:
        able = await make_key(session, system, "able", {Permission.RUN_PROJECTS})
        unable = await make_key(session, system, "unable", {Permission.READ})
    async with browser(market) as client:
        await signed_in(client)
        hers = (await client.post(EVENTS, json=wedding)).json()["id"]
        client.headers.update(bearer(able.secret))
        own = await client.post(EVENTS, json=wedding)
        assert own.status_code == 201, own.text
        listed = (await client.get(EVENTS)).json()["events"]
        assert (await client.get(f"{EVENTS}/{hers}")).status_code == 404
        client.headers.update(bearer(unable.secret))
        refused = await client.get(EVENTS)
    assert [one["id"] for one in listed] == [own.json()["id"]]
    assert refused.status_code == 403


async def test_a_market_without_planning_has_none_of_it(
    market: MarketCard, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    async with browser(market) as client:
        await signed_in(client)
        assert (await client.get(EVENTS)).json() == {"events": []}
        monkeypatch.setattr("app.api.requests.market_for_host", off(market))
        assert (await client.get(EVENTS)).status_code == 404


def off(market: MarketCard) -> Any:
    without = dataclasses.replace(market, switched_off=frozenset({"planning"}))

    async def found(_host: str) -> MarketCard:
        return without

    return found
