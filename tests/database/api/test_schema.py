"""The API keeps to its own description, whatever is sent: no 5xx, no answer outside the schema.

Schemathesis makes the requests from the OpenAPI document, some that fit it and some that do not;
they go to the application in this process, over the real database, as a visitor, as a person and
as a program with a key.
"""

from collections.abc import Generator
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from limits import parse
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.accounts import actors, limits
from app.accounts.keys.issuing import make_key
from app.accounts.permissions import KEY_SCOPES
from app.api.application import api
from app.database import tenant_session
from app.inference.chains import ChainInput, set_chain
from app.inference.presets import PROFILES
from app.inference.targets import Link
from app.markets.directory import MarketCard
from app.search.index import Hit
from tests.database.api.conftest import Browser
from tests.database.api.test_tokens import bearer, registered
from tests.factories import ROWS, article, listing
from tests.model_rows import model_endpoint, offered_model
from tests.shelf import Shelf
from tests.stand_in import StandIn, standing_in

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
DESCRIBED = schemathesis.openapi.from_dict(api.openapi())
OPERATIONS: list[Any] = [cast("Any", one).ok() for one in DESCRIBED.get_all_operations()]
AMOUNTS = {
    "actual",
    "fixed_cost",
    "planned",
    "price",
    "revenue",
    "unit_cost",
    "variable_cost",
}
"""Fields whose texts fit a pattern by chance, and the decimals of a currency rarely."""
FILE = {"file": ("notes.txt", b"We open at nine, and on Sundays at ten.")}
"""Nothing made by chance is a file that can be read."""
EACH = 8
"""Requests per operation, of each kind, for each caller."""


def cases(operation: Any, mode: GenerationMode) -> list[schemathesis.Case]:
    """Requests to one operation, the same in every run."""
    found: list[schemathesis.Case] = []

    @seed(1)
    @settings(
        max_examples=EACH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.filter_too_much,
            HealthCheck.data_too_large,
        ],
    )
    @given(operation.as_strategy(generation_mode=mode))
    def collect(case: schemathesis.Case) -> None:
        found.append(case)

    collect()
    return found


@pytest.fixture(scope="module")
def models() -> Generator[StandIn]:
    with standing_in() as here:
        yield here


@pytest.fixture
async def stocked(
    market: MarketCard, shelf: Shelf, models: StandIn, monkeypatch: pytest.MonkeyPatch
) -> MarketCard:
    """The market with something to find, whatever is looked for, and a model for every agent."""
    async with tenant_session(market.id) as session:
        shelf.hits["listing"] = [Hit("listing", (await listing(session)).id, 0.9)]
        shelf.hits["article"] = [Hit("article", (await article(session)).id, 0.9)]
        endpoint = await model_endpoint(session, urls=[models.url], inside=True)
        links = (Link((await offered_model(session, endpoint_id=endpoint.id, context=10**6)).id),)
        for agent in PROFILES:
            await set_chain(session, actors.system(market.id, "test"), agent, 0, ChainInput(links))
    monkeypatch.setattr("app.api.search.search_index", lambda: shelf)
    monkeypatch.setattr("app.api.vendors.search_index", lambda: shelf)
    monkeypatch.setattr("app.api.communication.search_index", lambda: shelf)
    return market


@pytest.fixture
async def callers(
    market: MarketCard, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> dict[str, dict[str, str]]:
    """The headers of a visitor, a person and a key, none of whom is held back by limits."""
    for kind in limits.LIMITS:
        monkeypatch.setitem(limits.LIMITS, kind, parse("1000000/minute"))
    async with browser(market) as client:
        person = await registered(client)
    async with tenant_session(market.id) as session:
        key = await make_key(session, actors.system(market.id, "test"), "test", KEY_SCOPES)
    return {
        "visitor": {},
        "person": bearer(person["access_token"]),
        "key": bearer(key.secret),
        "stranger": bearer("agora_" + "0" * 12 + "_" + "x" * 43),
    }


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
async def test_every_answer_is_one_that_the_description_promises(
    stocked: MarketCard,
    browser: Browser,
    callers: dict[str, dict[str, str]],
    operation: Any,
    mode: GenerationMode,
):
    told = [*operation.iter_parameters(), *operation.body]
    if mode is GenerationMode.NEGATIVE and not told:
        pytest.skip("there is nothing to get wrong")
    seen: set[tuple[str, int]] = set()
    async with browser(stocked) as client:
        held = await known_things(client, stocked, callers["person"])
        for number, case in enumerate(cases(operation, mode)):
            body: Any = case.body
            if mode is GenerationMode.POSITIVE and isinstance(body, dict) and "seq" in body:
                # 5.0 is a whole number to JSON Schema, and none to a strict reader.
                body["seq"] = int(cast("float", body["seq"]))
            if number % 2:
                # Nothing made by chance names a thing that there is.
                name_known(case, held)
            if number % 2 and mode is GenerationMode.POSITIVE:
                await name_what_there_is(stocked, client, callers["person"], case, number)
            for caller, headers in callers.items():
                file = FILE if mode is GenerationMode.POSITIVE else None
                answer = await client.send(prepared(case, stocked, headers, file))
                case.validate_response(answer, checks=list(CHECKS))
                seen.add((caller, answer.status_code))
    assert seen
    if mode is GenerationMode.POSITIVE:
        # What fits the description is understood: nobody gets to hear that the form is wrong.
        assert not {status for _, status in seen} & {415, 422}
        if not operation.path.startswith("/api/auth/"):
            # Nothing made by chance signs anybody in; all else has been answered well, too.
            assert {status for _, status in seen} & {200, 201, 204}


async def name_what_there_is(
    market: MarketCard,
    client: httpx.AsyncClient,
    headers: dict[str, str],
    case: schemathesis.Case,
    number: int,
) -> None:
    """Put ids of ours where nothing made by chance names what there is."""
    if "approval_id" in case.path_parameters:
        me = (await client.get("/api/users/me", headers=headers)).json()["id"]
        async with tenant_session(market.id) as session:
            waiting = await ROWS["approval"](session, person_id=UUID(me))
        case.path_parameters["approval_id"] = str(waiting.id)
        if isinstance(case.body, dict):
            cast("dict[str, Any]", case.body)["version"] = 1
    if "message_id" in case.path_parameters:
        async with tenant_session(market.id) as session:
            thought = await ROWS["reply_feedback"](session)
        case.path_parameters["message_id"] = str(thought.reply_id)
    if "mention_id" in case.path_parameters:
        async with tenant_session(market.id) as session:
            case.path_parameters["mention_id"] = str((await ROWS["mention"](session)).id)
    if "attachment_id" in case.path_parameters:
        async with tenant_session(market.id) as session:
            held = UUID(case.path_parameters["conversation_id"])
            made = await ROWS["attachment"](session, conversation_id=held)
        case.path_parameters["attachment_id"] = str(made.id)
    if "listing" in case.path_parameters:
        async with tenant_session(market.id) as session:
            case.path_parameters["listing"] = (await listing(session)).slug
    if not case.path.startswith(("/api/v1/vendors", "/api/v1/communication")):
        return
    async with tenant_session(market.id) as session:
        one, two = await listing(session), await listing(session)
    if "vendor_id" in case.path_parameters:
        case.path_parameters["vendor_id"] = str(one.provider_id)
    if "ids" in case.query:
        case.query["ids"] = f"{one.id},{two.id}"
    if isinstance(case.body, dict) and "listing_ids" in case.body:
        cast("dict[str, Any]", case.body)["listing_ids"] = [str(one.id)]
    if "request-quote" in case.path and isinstance(case.body, dict):
        cast("dict[str, Any]", case.body)["project_id"] = None
        case.headers["Idempotency-Key"] = f"key-{number}-{one.id}"
    if case.path.endswith("/marketing-texts") and isinstance(case.body, dict):
        cast("dict[str, Any]", case.body).update(subject="listing", id=str(one.id))


async def known_things(
    client: httpx.AsyncClient, market: MarketCard, headers: dict[str, str]
) -> dict[str, str]:
    """Ids of new things of whoever sends these headers, by the names that they are asked by."""
    talk = await client.post("/api/v1/chat", json={"message": "hello"}, headers=headers)
    today = datetime.now(ZoneInfo(market.timezone)).date().isoformat()
    told: dict[str, Any] = {"type": "birthday", "day": today}
    event = await client.post("/api/v1/planning/events", json=told, headers=headers)
    told = {"event_id": event.json()["id"], "title": "Bake a cake"}
    task = await client.post("/api/v1/planning/tasks", json=told, headers=headers)
    spent = {"lines": [{"category": "catering", "title": "The cake", "planned": "40"}]}
    path = f"/api/v1/finance/events/{event.json()['id']}/budget"
    await client.post(path, json=spent, headers=headers)
    bare = await client.post("/api/v1/planning/events", json={"type": "course"}, headers=headers)
    held = talk.json()["conversation_id"]
    await client.post(f"/api/v1/conversations/{held}/share", headers=headers)
    path = f"/api/v1/analytics/events/{event.json()['id']}/income"
    told = {"source": "tickets", "title": "The evening", "amount": "40"}
    income = await client.post(path, json=told, headers=headers)
    path = f"/api/v1/planning/events/{event.json()['id']}/registrations"
    guest = await client.post(path, json={"name": "Zoe"}, headers=headers)
    return {
        "registration_id": guest.json()["id"],
        "bare_id": bare.json()["id"],
        "conversation_id": held,
        "income_id": income.json()["id"],
        "message_id": talk.json()["message_id"],
        "event_id": event.json()["id"],
        "task_id": task.json()["id"],
    }


def name_known(case: schemathesis.Case, held: dict[str, str]) -> None:
    """Have a request ask for things that there are."""
    places: list[Any] = [case.path_parameters]
    told = ("/api/v1/planning/", "/api/v1/conversations/", "/api/v1/communication/")
    if case.operation.path.startswith(told):
        places += [case.body, case.query]
    for place in places:
        for name in set(place) & set(held) if isinstance(place, dict) else ():
            place[name] = held[name]
    if case.operation.path.startswith("/api/v1/finance/"):
        name_money(case, held)
    if isinstance(case.body, dict) and "seq" in case.body:
        # The first entry is what was asked; the newest is the reply, from which one may go on.
        case.body["seq"] = 1 if case.operation.path.endswith("/edit") else 3
    if case.operation.path == "/api/v1/planning/tasks" and isinstance(case.body, dict):
        if "id" in case.body:
            case.body |= {"id": held["task_id"], "needs": []}
            case.body.pop("version", None)
        elif "event_id" in case.body:
            case.body.pop("needs", None)


def name_money(case: schemathesis.Case, held: dict[str, str]) -> None:
    """Have a request tell amounts that its event's currency has, of a budget that stands."""
    if case.operation.method == "post" and case.operation.path.endswith("/budget"):
        case.path_parameters["event_id"] = held["bare_id"]
    body: Any = case.body
    if not isinstance(body, dict):
        return
    parts: list[Any] = [body, body.get("break_even"), *(cast("Any", body).get("lines") or ())]
    for part in parts:
        for name in AMOUNTS & set(part if isinstance(part, dict) else ()):
            part[name] = "20" if name == "variable_cost" else "40.50"
        if isinstance(part, dict) and "planned" in part:
            part |= {"id": None, "listing_id": None}
    for name in {"propose", "currency"} & set(body):
        body[name] = None
    if "version" in body:
        body["version"] = 1


def prepared(
    case: schemathesis.Case, market: MarketCard, headers: dict[str, str], file: Any = None
) -> httpx.Request:
    """The case as a request of ours, with `file` where a file belongs that can be read."""
    asked = case.as_transport_kwargs(base_url=f"http://{market.host}")
    files = asked.get("files") and (file or asked["files"])
    ready = requests.Request(
        method=asked["method"],
        url=asked["url"],
        headers=asked["headers"],
        params=asked.get("params"),
        json=asked.get("json"),
        data=asked.get("data"),
        files=files,
    ).prepare()
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    for name, value in ready.headers.items():
        told = value if isinstance(value, bytes) else value.encode("utf-8")
        raw.append((name.encode(), told))
    body = cast("str | bytes | None", ready.body)
    return httpx.Request(case.method, str(ready.url), headers=raw, content=body)
