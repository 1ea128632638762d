"""An event's money over HTTP: whose it is, texts for amounts, and refusals that say why."""

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.accounts import actors
from app.accounts.keys.issuing import make_key
from app.accounts.permissions import KEY_SCOPES
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.database.api.conftest import Browser
from tests.database.api.test_tokens import bearer, registered
from tests.factories import listing

HALL = {"category": "venue", "title": "The hall", "planned": "1200"}
CAKE = {"category": "catering", "title": "The cake", "planned": "300.50", "actual": "400"}


@pytest.fixture
async def client(market: MarketCard, browser: Browser) -> AsyncGenerator[httpx.AsyncClient]:
    """A program of Ada's."""
    async with browser(market) as made:
        made.headers.update(bearer((await registered(made))["access_token"]))
        yield made


async def event(client: httpx.AsyncClient, **more: Any) -> str:
    """The path of the money of a new event."""
    told = {"type": "wedding", "guests": 60, **more}
    answer = await client.post("/api/v1/planning/events", json=told)
    assert answer.status_code == 201, answer.text
    return f"/api/v1/finance/events/{answer.json()['id']}"


async def test_a_budget_is_made_read_and_changed(client: httpx.AsyncClient):
    path = await event(client, budget={"amount": "1500", "currency": "EUR"})
    made = await client.post(f"{path}/budget", json={"lines": [HALL, CAKE]})
    assert made.status_code == 201, made.text
    body = made.json()
    assert (body["currency"], body["version"], body["limit"]) == ("EUR", 1, "1500.00")
    assert (body["left"], body["over_limit"]) == ("-100.00", True)
    totals = body["totals"]
    assert (totals["planned"], totals["expected"], totals["difference"]) == (
        "1500.50",
        "1600.00",
        "99.50",
    )
    assert [(one["category"], one["over"]) for one in body["categories"]] == [
        ("venue", "0.00"),
        ("catering", "99.50"),
    ]
    assert (await client.get(f"{path}/budget")).json() == body
    kept = {name: body["lines"][0][name] for name in ("id", "category", "title", "planned")}
    changed = await client.put(
        f"{path}/budget", json={"version": 1, "lines": [kept | {"paid": True}]}
    )
    assert changed.status_code == 200, changed.text
    assert [line["id"] for line in changed.json()["lines"]] == [kept["id"]]
    assert (changed.json()["version"], changed.json()["totals"]["paid"]) == (2, "1200.00")
    late = await client.put(f"{path}/budget", json={"version": 1, "lines": []})
    assert (late.status_code, late.json()["code"]) == (409, "budget_changed")


async def test_a_limit_is_divided_by_the_kind_of_event_and_its_guests(client: httpx.AsyncClient):
    path = await event(client, budget={"amount": "10000.01", "currency": "EUR"})
    answer = await client.post(
        f"{path}/budget", json={"propose": {}}, headers={"accept-language": "ru"}
    )
    body = answer.json()
    assert body["totals"]["planned"] == "10000.01"
    assert body["lines"][0]["title"] == body["lines"][0]["category_name"] == "Площадка"
    other = await event(client)
    own = {"propose": {"total": "100", "shares": {"venue": 1, "music": 3}}}
    lines = (await client.post(f"{other}/budget", json=own)).json()["lines"]
    assert [(line["category"], line["planned"]) for line in lines] == [
        ("venue", "25.00"),
        ("music", "75.00"),
    ]
    without = await client.post(f"{await event(client)}/budget", json={"propose": {}})
    assert without.status_code == 400


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (HALL | {"planned": "1200.005"}, 400, "lines.1.planned"),
        (HALL | {"planned": "1e3"}, 400, "lines.1.planned"),
        (HALL | {"planned": "-1"}, 400, "lines.1.planned"),
        (HALL | {"title": ""}, 400, "lines.1.title"),
        (HALL | {"listing_id": "00000000-0000-0000-0000-000000000000"}, 400, "lines.1.listing_id"),
        (HALL | {"planned": 1200}, 422, None),
        (HALL | {"category": "yacht"}, 422, None),
        (HALL | {"tenant_id": "x"}, 422, None),
    ],
)
async def test_a_refused_line_is_named_by_its_place(
    client: httpx.AsyncClient, line: dict[str, Any], status: int, code: str | None
):
    path = await event(client)
    answer = await client.post(f"{path}/budget", json={"lines": [CAKE, line]})
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert (await client.get(f"{path}/budget")).json()["code"] == "no_budget"


async def test_a_second_budget_is_a_conflict(client: httpx.AsyncClient):
    path = await event(client)
    await client.post(f"{path}/budget", json={})
    answer = await client.post(f"{path}/budget", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "budget_exists")


async def test_another_persons_events_do_not_exist(
    client: httpx.AsyncClient, market: MarketCard, browser: Browser
):
    path = await event(client)
    await client.post(f"{path}/budget", json={"lines": [HALL]})
    async with tenant_session(market.id) as session:
        key = await make_key(session, actors.system(market.id, "test"), "test", KEY_SCOPES)
    async with browser(market) as stranger:
        eve = bearer((await registered(stranger, "eve@example.com"))["access_token"])
        for headers, status in ((eve, 404), (bearer(key.secret), 404), ({}, 401)):
            answers = [
                await stranger.get(f"{path}/budget", headers=headers),
                await stranger.post(f"{path}/budget", json={}, headers=headers),
                await stranger.put(
                    f"{path}/budget", json={"version": 1, "lines": []}, headers=headers
                ),
                await stranger.post(f"{path}/roi-analysis", json={"revenue": "1"}, headers=headers),
                await stranger.get(
                    f"{path.replace('/api/v1/finance', '')}/budget.csv", headers=headers
                ),
            ]
            assert {answer.status_code for answer in answers} == {status}
            assert "hall" not in "".join(answer.text for answer in answers)


async def test_a_return_is_reckoned_from_the_budget(client: httpx.AsyncClient):
    path = await event(client)
    await client.post(f"{path}/budget", json={"lines": [HALL, CAKE | {"actual": "800"}]})
    told = {
        "revenue": "2500",
        "break_even": {"price": "50", "variable_cost": "30", "planned_units": 200},
    }
    body = (await client.post(f"{path}/roi-analysis", json=told)).json()
    assert (body["basis"], body["cost"], body["profit"]) == ("expected", "2000.00", "500.00")
    assert (body["roi_percent"], body["margin_percent"]) == ("25.00", "20.00")
    assert body["break_even"] == {
        "contribution": "20.00",
        "units": 100,
        "revenue": "5000.00",
        "revenue_of_units": "5000.00",
        "planned_units": 200,
        "safety_percent": "50.00",
    }
    planned = await client.post(
        f"{path}/roi-analysis", json={"revenue": "1500.50", "basis": "planned"}
    )
    assert (planned.json()["cost"], planned.json()["roi_percent"]) == ("1500.50", "0.00")


async def test_what_never_pays_is_refused_with_a_sentence(client: httpx.AsyncClient):
    path = await event(client)
    await client.post(f"{path}/budget", json={"lines": [HALL]})
    told = {"revenue": "1", "break_even": {"price": "30", "variable_cost": "30"}}
    answer = await client.post(f"{path}/roi-analysis", json=told, headers={"accept-language": "de"})
    assert answer.status_code == 400
    assert "Jeder Verkauf kostet so viel" in answer.json()["detail"]
    empty = await event(client)
    await client.post(f"{empty}/budget", json={})
    answer = await client.post(f"{empty}/roi-analysis", json={"revenue": "1"})
    assert (answer.status_code, "cost" in answer.json()["detail"]) == (400, True)


async def test_prices_of_others_advise_and_too_few_do_not(
    client: httpx.AsyncClient, market: MarketCard
):
    asked = {"category": "craft/plumber", "unit": "hour", "price": "45", "unit_cost": "25"}
    told: dict[str, Any] = {"price_currency": "EUR", "price_unit": "hour"}
    for amount in (10, 20, 30, 40):
        async with tenant_session(market.id) as session:
            await listing(session, price_amount=Decimal(amount), **told)
    few = (await client.post("/api/v1/finance/pricing-optimization", json=asked)).json()
    assert (few["count"], few["least"], few["quartiles"], few["advice"]) == (4, 5, None, None)
    async with tenant_session(market.id) as session:
        await listing(session, price_amount=Decimal(50), **told)
    body = (await client.post("/api/v1/finance/pricing-optimization", json=asked)).json()
    assert body["quartiles"] == {
        "lowest": "10.00",
        "first": "20.00",
        "median": "30.00",
        "third": "40.00",
        "highest": "50.00",
    }
    assert body["advice"] == {"low": "25.00", "high": "40.00"}
    assert (body["stance"], body["cheaper"], body["cost_above_market"]) == ("above", 4, False)
    visitor = await client.post(
        "/api/v1/finance/pricing-optimization", json=asked, headers={"authorization": ""}
    )
    assert visitor.status_code == 401


async def test_the_file_is_in_the_readers_language_and_computes_nothing(client: httpx.AsyncClient):
    path = await event(client)
    lines = [HALL | {"title": '=HYPERLINK("https://example.com")'}]
    await client.post(f"{path}/budget", json={"lines": lines})
    address = path.replace("/api/v1/finance", "") + "/budget.csv"
    answer = await client.get(f"{address}?locale=ru")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert "Площадка" in answer.text
    assert "\"'=HYPERLINK" in answer.text


async def test_a_browser_without_javascript_makes_and_changes_a_budget(
    client: httpx.AsyncClient,
):
    path = await event(client)
    held = path.rpartition("/")[2]
    told = {"event": held, "locale": "ru", "origin": "x"}

    async def sent(**more: str) -> str:
        answer = await client.post("/events/budget", data=told | more)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix(f"/ru/events/{held}/budget?")

    assert await sent(deed="make", total="1 000,50") == "said=made"
    body = (await client.get(f"{path}/budget")).json()
    assert body["totals"]["planned"] == "1000.50"
    line, count = body["lines"][0], len(body["lines"])
    new = {"deed": "save", "category": "other", "title": "Шары", "planned": "99,9", "version": "1"}
    assert await sent(**new) == "said=added"
    assert await sent(**new) == "error=changed"
    assert await sent(**new | {"version": "2", "planned": "много"}) == "error=refused"
    assert await sent(deed="remove", version="2", id=line["id"]) == "said=removed"
    body = (await client.get(f"{path}/budget")).json()
    assert len(body["lines"]) == count
    assert (body["lines"][-1]["title"], body["lines"][-1]["planned"]) == ("Шары", "99.90")


async def test_a_browser_without_javascript_writes_income_down_and_takes_it_away(
    client: httpx.AsyncClient,
):
    path = await event(client)
    held = path.rpartition("/")[2]
    told = {"event": held, "locale": "ru"}

    async def sent(**more: str) -> str:
        answer = await client.post("/events/income", data=told | more)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix(f"/ru/events/{held}/budget?")

    async def entries() -> list[dict[str, Any]]:
        address = path.replace("/finance/", "/analytics/") + "/income"
        return (await client.get(address)).json()["income"]

    new = {"deed": "add", "source": "tickets", "amount": "1 200,50", "received": "2026-06-12"}
    assert await sent(**new) == "said=added"
    for wrong in ({"amount": "много"}, {"source": "lottery"}, {"received": "soon"}):
        assert await sent(**new | wrong) == "error=refused"
    (entry,) = await entries()
    assert (entry["amount"], entry["received"]) == ("1200.50", "2026-06-12")
    assert await sent(deed="remove", id=entry["id"]) == "said=removed"
    assert await entries() == []
    forged = await client.post("/events/income", data=told | {"deed": "remove", "id": "x"})
    assert forged.status_code == 404
