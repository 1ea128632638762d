"""Chains of models for programs that speak OpenAI's protocol, as such a program calls them."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from app.accounts import actors
from app.accounts.keys.issuing import make_key
from app.accounts.permissions import Permission
from app.api.application import routes
from app.api.guarding import Guarded
from app.database import tenant_session
from app.inference import relaying
from app.inference.breaker import breaker
from app.inference.budgets import Limits, set_budget, used_today
from app.inference.chains import ChainInput, set_chain
from app.inference.served import close_clients
from app.inference.settling import settled
from app.inference.targets import Link
from app.markets.directory import MarketCard
from tests.database.api.conftest import Browser, signed_up
from tests.database.api.test_tokens import bearer
from tests.factories import open_market
from tests.model_rows import model_endpoint, offered_model
from tests.stand_in import Manner, StandIn, standing_in

PATH = "/v1/chat/completions"
ASKED: list[dict[str, Any]] = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": "A tap leaks."}]},
]


@pytest.fixture(scope="module")
def server() -> Generator[StandIn]:
    with standing_in() as here:
        yield here


@pytest.fixture
async def here(server: StandIn) -> AsyncGenerator[StandIn]:
    server.forget()
    breaker.forget()
    relaying.forget()
    yield server
    await close_clients()


async def chained(market: MarketCard, here: StandIn, *models: str) -> None:
    """Let `vendor` be answered by these models at the stand-in, each at its own endpoint."""
    async with tenant_session(market.id) as session:
        links: list[Link] = []
        for name in models:
            endpoint = await model_endpoint(
                session, urls=[here.url], inside=True, kind="vllm", name=name
            )
            links.append(
                Link((await offered_model(session, endpoint_id=endpoint.id, name=name)).id)
            )
        chain = ChainInput(tuple(links), first_token_seconds=5)
        await set_chain(session, actors.system(market.id, "tests"), "vendor", 0, chain)


async def key_of(market: MarketCard, *scopes: Permission) -> dict[str, str]:
    async with tenant_session(market.id) as session:
        actor = actors.system(market.id, "tests")
        made = await make_key(session, actor, "tests", scopes or [Permission.ASK_MODELS])
    return bearer(made.secret)


def asked(**more: Any) -> dict[str, Any]:
    return {"model": "vendor", "messages": ASKED, **more}


def chunks(text: str) -> list[dict[str, Any]]:
    data = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    return [json.loads(one) for one in data if one != "[DONE]"]


def words_of(told: list[dict[str, Any]]) -> list[str]:
    deltas = [one["choices"][0]["delta"] for one in told if one.get("choices")]
    return [delta["content"] for delta in deltas if "content" in delta]


async def test_a_chain_answers_by_its_name_and_says_who_did(
    market: MarketCard, here: StandIn, browser: Browser
):
    await chained(market, here, "bad", "good")
    here.manners["bad"] = Manner(status=404)
    async with browser(market) as client:
        headers = await key_of(market)
        answer = await client.post(PATH, json=asked(max_tokens=50), headers=headers)
        named = (await client.get("/v1/models", headers=headers)).json()
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["choices"][0]["message"]["content"] == "A plumber is near you [1]."
    assert told["choices"][0]["finish_reason"] == "stop"
    assert told["model"] == "good (good)"
    assert told["tried"] == [{"model": "bad (bad)", "reason": "unknown_model"}]
    assert told["usage"] == {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    assert here.asked[-1]["messages"][1] == {"role": "user", "content": "A tap leaks."}
    assert here.asked[-1]["cache_salt"]
    assert [one["id"] for one in named["data"]] == ["vendor"]


async def test_a_stream_carries_each_word_and_ends_with_its_usage(
    market: MarketCard, here: StandIn, browser: Browser
):
    await chained(market, here, "m")
    body = asked(stream=True, stream_options={"include_usage": True})
    async with browser(market) as client:
        answer = await client.post(PATH, json=body, headers=await key_of(market))
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.endswith("data: [DONE]\n\n")
    told = chunks(answer.text)
    assert words_of(told) == ["A plumber ", "is near you ", "[1]."]
    assert told[-2]["choices"][0]["finish_reason"] == "stop"
    assert told[-1]["usage"]["total_tokens"] == 18
    assert {one["model"] for one in told} == {"m (m)"}
    assert len({one["id"] for one in told}) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        (bearer("agora_" + "0" * 12 + "_" + "x" * 43), 401),
        ("read", 403),
        ("member", 403),
        ("elsewhere", 401),
    ],
    ids=str,
)
async def test_only_a_key_that_may_ask_is_answered(
    market: MarketCard, here: StandIn, browser: Browser, headers: Any, status: int
):
    await chained(market, here, "m")
    async with browser(market) as client:
        if headers == "member":
            await signed_up(client)
            headers = {}
        elif headers == "read":
            headers = await key_of(market, Permission.READ, Permission.SEE_FIGURES)
        elif headers == "elsewhere":
            headers = await key_of(await open_market())
        for answer in (
            await client.post(PATH, json=asked(), headers=headers),
            await client.get("/v1/models", headers=headers),
        ):
            assert answer.status_code == status, answer.text
    assert here.asked == []


async def test_a_chain_of_another_market_is_not_there(
    market: MarketCard, here: StandIn, browser: Browser
):
    await chained(await open_market(), here, "theirs")
    async with browser(market) as client:
        headers = await key_of(market)
        for model in ("vendor", "theirs", "theirs (theirs)", "nobody"):
            answer = await client.post(PATH, json=asked(model=model), headers=headers)
            assert answer.status_code == 404
        assert (await client.get("/v1/models", headers=headers)).json()["data"] == []
    assert here.asked == []


async def test_the_markets_budget_pays_and_ends_it(
    market: MarketCard, here: StandIn, browser: Browser
):
    await chained(market, here, "m")
    system = actors.system(market.id, "tests")
    async with browser(market) as client:
        headers = await key_of(market)
        assert (await client.post(PATH, json=asked(), headers=headers)).status_code == 200
        await settled()
        async with tenant_session(market.id) as session:
            assert (await used_today(session, system)).tokens == 18
            await set_budget(session, system, 0, Limits(market_tokens=100))
        for stream in (False, True):
            refused = await client.post(PATH, json=asked(stream=stream), headers=headers)
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) > 60
    assert len(here.asked) == 1


async def test_a_program_may_ask_for_less_than_the_chain_allows_and_not_for_more(
    market: MarketCard, here: StandIn, browser: Browser
):
    await chained(market, here, "m")
    async with browser(market) as client:
        headers = await key_of(market)
        for told in ({"max_tokens": 5, "temperature": 0.1}, {"max_completion_tokens": 10**6}):
            await client.post(PATH, json=asked(**told), headers=headers)
    assert [one["max_tokens"] for one in here.asked] == [5, 1500]
    assert [one["temperature"] for one in here.asked] == [0.1, 0.7]


async def test_what_breaks_off_in_a_stream_ends_it_and_nobody_goes_on(
    market: MarketCard, here: StandIn, browser: Browser
):
    await chained(market, here, "bad", "good")
    here.manners["bad"] = Manner(words=("Half ", "an ", "answer"), cut_after=2)
    async with browser(market) as client:
        headers = await key_of(market)
        streamed = await client.post(PATH, json=asked(stream=True), headers=headers)
        whole = await client.post(PATH, json=asked(), headers=headers)
    told = chunks(streamed.text)
    assert words_of(told) == ["Half ", "an "]
    assert told[-1]["error"]["code"] == "broken_off"
    assert "[DONE]" not in streamed.text
    # What was not sent yet can begin anew where nobody sees it.
    assert whole.json()["choices"][0]["message"]["content"] == "A plumber is near you [1]."
    assert whole.json()["tried"] == [{"model": "bad (bad)", "reason": "cut"}]


@pytest.mark.parametrize("stream", [False, True])
async def test_where_nobody_answers_the_status_says_so(
    market: MarketCard, here: StandIn, browser: Browser, stream: bool
):
    await chained(market, here, "m")
    here.manners["m"] = Manner(status=401)
    async with browser(market) as client:
        answer = await client.post(PATH, json=asked(stream=stream), headers=await key_of(market))
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "wrong",
    [
        {"tools": []},
        {"n": 2},
        {"temperature": 3},
        {"max_tokens": 0},
        {"messages": []},
        {"messages": [{"role": "tool", "content": "x"}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "text": "x"}]}]},
        {"tenant_id": "018f3c5a-0000-7000-8000-00000000beef"},
    ],
    ids=str,
)
async def test_what_is_not_understood_is_refused(
    market: MarketCard, here: StandIn, browser: Browser, wrong: dict[str, Any]
):
    await chained(market, here, "m")
    async with browser(market) as client:
        answer = await client.post(PATH, json=asked(**wrong), headers=await key_of(market))
    assert answer.status_code == 422
    assert here.asked == []


async def test_the_log_says_who_answered_and_not_what_was_said(
    market: MarketCard, here: StandIn, browser: Browser, caplog: pytest.LogCaptureFixture
):
    await chained(market, here, "bad", "good")
    here.manners["bad"] = Manner(status=404)
    with caplog.at_level(logging.INFO, relaying.__name__):
        async with browser(market) as client:
            await client.post(PATH, json=asked(), headers=await key_of(market))
            here.manners["good"] = Manner(status=404)
            await client.post(PATH, json=asked(), headers=await key_of(market))
    first, second = (record.getMessage() for record in caplog.records)
    assert str(market.id) in first
    assert "good (good), tokens 11 + 7" in first
    assert "bad (bad): unknown_model" in first
    assert "nobody; failed: bad (bad): unknown_model, good (good): unknown_model" in second
    assert "tap" not in first + second
    assert "plumber" not in first + second


async def test_a_program_has_limits_of_its_own(market: MarketCard, here: StandIn, browser: Browser):
    await chained(market, here, "m")
    async with browser(market) as client:
        answer = await client.post(PATH, json=asked(), headers=await key_of(market))
    kinds = {one.partition(";")[0].strip() for one in answer.headers["ratelimit"].split(",")}
    assert kinds == {'"completions_address"', '"api_market"', '"completions"'}


@pytest.mark.parametrize(("stream", "before"), [(True, 0.0), (True, 30.0), (False, 30.0)])
async def test_whoever_goes_away_ends_the_request_at_the_server(
    market: MarketCard, here: StandIn, stream: bool, before: float
):
    await chained(market, here, "m")
    here.manners["m"] = Manner(words=("word ",) * 300, before=before, between=0.05)
    headers = {"content-type": "application/json", "host": market.host} | await key_of(market)
    body = json.dumps(asked(stream=stream)).encode()
    gone, begun, told = asyncio.Event(), asyncio.Event(), list[bytes]()
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if messages:
            return messages.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        told.append(message.get("body", b""))
        if b"word" in told[-1]:
            begun.set()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "path": PATH,
        "raw_path": PATH.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [
            (name.lower().encode(), value.encode())
            for name, value in httpx.Headers({**headers, "content-length": str(len(body))}).items()
        ],
        "client": ("192.0.2.7", 5000),
        "server": (market.host, 80),
    }
    answering = asyncio.create_task(Guarded(Starlette(routes=routes))(scope, receive, send))
    if before:
        async with asyncio.timeout(10):
            while not here.asked:  # noqa: ASYNC110  The stand-in runs in another thread.
                await asyncio.sleep(0.02)
    else:
        await asyncio.wait_for(begun.wait(), 10)
    gone.set()
    await asyncio.wait_for(answering, 10)
    async with asyncio.timeout(5):
        while not here.left:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    # One word a message: none waits for the next.
    assert all(one.count(b'"content"') <= 1 for one in told)
    await settled()
    async with tenant_session(market.id) as session:
        used = await used_today(session, actors.system(market.id, "tests"))
    # What was reserved and not used has been given back.
    assert used.tokens < 1000
