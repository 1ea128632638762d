"""Figures and events' returns over HTTP: who may, what is told, and what is missing."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from app.accounts import actors
from app.accounts.keys.issuing import make_key
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.database.api.conftest import Browser
from tests.database.api.test_tokens import bearer, registered
from tests.factories import ROWS

PATH = "/api/v1/analytics"
FIGURES = ("conversion-funnel", "anomalies", "predictions", "hypotheses")
LINE = {"category": "venue", "title": "The hall", "planned": "1200", "actual": "1000"}


@pytest.fixture
async def client(market: MarketCard, browser: Browser) -> AsyncGenerator[httpx.AsyncClient]:
    """A program of Ada's."""
    async with browser(market) as made:
        made.headers.update(bearer((await registered(made))["access_token"]))
        yield made


@pytest.fixture
async def program(market: MarketCard, browser: Browser) -> AsyncGenerator[httpx.AsyncClient]:
    """A program that may see figures."""
    async with tenant_session(market.id) as session:
        system = actors.system(market.id, "test")
        key = await make_key(session, system, "test", [Permission.SEE_FIGURES])
    async with browser(market) as made:
        made.headers.update(bearer(key.secret))
        yield made


async def event(client: httpx.AsyncClient) -> str:
    answer = await client.post("/api/v1/planning/events", json={"type": "conference"})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def test_a_new_market_says_that_there_is_not_enough(program: httpx.AsyncClient):
    told = {name: await program.get(f"{PATH}/{name}") for name in FIGURES}
    for name, answer in told.items():
        assert answer.status_code == 200, (name, answer.text)
    assert told["conversion-funnel"].json()["enough_data"] is False
    assert told["anomalies"].json()["anomalies"] == []
    assert "conversations" in told["anomalies"].json()["not_enough_data"]
    prediction = told["predictions"].json()
    assert (prediction["enough_data"], prediction["total"], prediction["needed"]) == (
        False,
        None,
        28,
    )
    verdicts = {one["verdict"] for one in told["hypotheses"].json()["hypotheses"]}
    assert verdicts == {"not_enough_data"}


async def test_figures_are_told_in_the_reader_s_language(
    market: MarketCard, program: httpx.AsyncClient
):
    async with tenant_session(market.id) as session:
        await ROWS["conversation_event"](session)
    russian = {"accept-language": "ru"}
    names = [
        stage["name"]
        for stage in (await program.get(f"{PATH}/conversion-funnel", headers=russian)).json()[
            "funnel"
        ]["stages"]
    ]
    assert all(any("а" <= sign <= "я" for sign in name.lower()) for name in names)
    report = {"metrics": ["conversations"], "step": "month", "first": "2020-01-01"}
    refused = await program.post(f"{PATH}/custom-report", json=report, headers=russian)
    assert (refused.status_code, refused.json()["code"]) == (400, "span")
    assert any("а" <= sign <= "я" for sign in refused.json()["detail"])


async def test_members_and_visitors_see_no_figures(
    market: MarketCard, browser: Browser, client: httpx.AsyncClient
):
    async with browser(market) as visitor:
        for name in FIGURES:
            assert (await client.get(f"{PATH}/{name}")).status_code == 403
            assert (await visitor.get(f"{PATH}/{name}")).status_code == 401
        told = {"metrics": ["members"]}
        assert (await client.post(f"{PATH}/custom-report", json=told)).status_code == 403


async def test_an_event_s_return_names_what_is_missing_and_then_tells_it(
    market: MarketCard, client: httpx.AsyncClient
):
    held = await event(client)
    path = f"{PATH}/events/{held}"
    bare = (await client.get(f"{path}/roi")).json()
    assert (bare["cost"], bare["roi_percent"], bare["revenue"]) == (None, None, "0.00")
    assert bare["missing"] == ["cost", "income", "registrations", "attendance", "ratings"]
    await client.post(f"/api/v1/finance/events/{held}/budget", json={"lines": [LINE]})
    for source, amount in (("tickets", "900"), ("sponsors", "600.50")):
        made = await client.post(f"{path}/income", json={"source": source, "amount": amount})
        assert made.status_code == 201, made.text
    async with tenant_session(market.id) as session:
        guests = [
            await ROWS["registration"](session, project_id=held, party=party, state=state)
            for party, state in ((4, "coming"), (1, "coming"), (3, "declined"))
        ]
        came = {"project_id": held, "registration_id": guests[0].id, "party": 3}
        await ROWS["attendance"](session, **came)
        await ROWS["attendance"](session, project_id=held, party=1)
        await ROWS["guest_feedback"](session, project_id=held, rating=4)
    told = (await client.get(f"{path}/roi")).json()
    assert (told["cost"], told["revenue"], told["profit"], told["roi_percent"]) == (
        "1000.00",
        "1500.50",
        "500.50",
        "50.05",
    )
    assert (told["cost_per_guest"], told["missing"]) == ("250.00", [])
    guests = told["guests"]
    assert (guests["invited"], guests["coming"], guests["came"], guests["rating"]) == (8, 5, 4, 4)
    assert (guests["came_of_yes"]["part"], guests["came_of_yes"]["share"]["share"]) == (3, 0.6)


async def test_income_is_listed_refused_and_taken_away(client: httpx.AsyncClient):
    path = f"{PATH}/events/{await event(client)}/income"
    made = (await client.post(path, json={"source": "gifts", "amount": "10"})).json()
    assert (await client.get(path)).json() == {"income": [made]}
    for told, status in (
        ({"source": "gifts", "amount": "0"}, 400),
        ({"source": "gifts", "amount": "1.234"}, 400),
        ({"source": "theft", "amount": "1"}, 422),
    ):
        assert (await client.post(path, json=told)).status_code == status
    assert (await client.delete(f"{path}/{made['id']}")).status_code == 204
    assert (await client.delete(f"{path}/{made['id']}")).status_code == 404
    assert (await client.delete(f"{path}/nothing")).status_code == 404
    assert (await client.get(path)).json() == {"income": []}


async def test_another_persons_event_does_not_exist(
    market: MarketCard,
    browser: Browser,
    client: httpx.AsyncClient,
    program: httpx.AsyncClient,
):
    held = await event(client)
    path = f"{PATH}/events/{held}"
    made = (await client.post(f"{path}/income", json={"source": "gifts", "amount": "77"})).json()
    own = await event(client)
    # An entry is not reached through an event that it does not belong to.
    assert (await client.delete(f"{PATH}/events/{own}/income/{made['id']}")).status_code == 404
    async with browser(market) as stranger:
        stranger.headers.update(
            bearer((await registered(stranger, "eve@example.com"))["access_token"])
        )
        for method, place in (
            ("GET", "roi"),
            ("GET", "income"),
            ("DELETE", f"income/{made['id']}"),
        ):
            answer = await stranger.request(method, f"{path}/{place}")
            assert answer.status_code == 404, place
        assert (
            await stranger.post(f"{path}/income", json={"source": "gifts", "amount": "1"})
        ).status_code == 404
    assert (await program.get(f"{path}/roi")).status_code == 403
