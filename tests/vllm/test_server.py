"""Our client against a real vLLM. Its tiny model says nothing that means anything."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable

import httpx
import pytest

from app.inference.breaker import Breaker
from app.inference.calling import (
    Call,
    Called,
    CallFailed,
    ChatEvent,
    Finished,
    Text,
    Tool,
    ToolCall,
    Turn,
)
from app.inference.metrics import Counts
from app.inference.presets import Profile
from app.inference.running import Answered, Restarted, Run
from app.inference.served import chat_at, close_clients
from app.inference.targets import Chain, Target
from tests.stand_in import standing_in
from tests.unit.inference.targets import call, target
from tests.vllm.server import KEY, MOST_REQUESTS, Server

SHORT = Profile(0.4, 24, 0.9, 0.1)
MIDDLE = Profile(0.4, 120, 0.9, 0.1)
LONG = Profile(1.0, 1800, 1.0, 0.0)
GREEDY = Profile(0.0, 24, 1.0, 0.0)
FIND = Tool(
    "find",
    "Finds services.",
    {
        "type": "object",
        "properties": {
            "what": {"type": "string", "enum": ["tap", "roof"]},
            "most": {"type": "integer", "minimum": 1, "maximum": 9},
        },
        "required": ["what"],
        "additionalProperties": False,
    },
)


@pytest.fixture(autouse=True)
async def clients() -> AsyncGenerator[None]:
    yield
    await close_clients()


def at(model: str = "base", **more: object) -> Target:
    return target(model, kind="vllm", **{"secret": KEY, **more})


async def answer(here: Server, one: Target, **more: object) -> list[ChatEvent]:
    asked = call(**{"profile": SHORT, **more})
    return [event async for event in chat_at(one, here.url).stream(asked)]


def text_of(events: list[ChatEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, Text))


async def failure(here: Server, one: Target, **more: object) -> CallFailed:
    with pytest.raises(CallFailed) as failed:
        await answer(here, one, **more)
    return failed.value


async def soon(what: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if await asyncio.to_thread(what):
            return True
        await asyncio.sleep(0.1)
    return False


async def test_an_answer_streams_and_its_tokens_are_counted(server: Server):
    began = time.monotonic()
    events = await answer(server, at(), profile=MIDDLE)
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.tokens_in > 20
    assert finished.tokens_out == 120
    assert finished.reason == "length"
    assert len([event for event in events if isinstance(event, Text)]) > 5
    print(f"a smoke figure: {120 / (time.monotonic() - began):.0f} tokens/s of a tiny model")


async def test_only_the_key_opens_it(server: Server):
    assert (await failure(server, at(secret="wrong"))).kind == "unauthorized"
    assert (await failure(server, at(secret=""))).kind == "unauthorized"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/invocations"),
        ("POST", "/adapters"),
        ("POST", "/scale_elastic_ep"),
        ("POST", "/inference/v1/abort_requests"),
        ("POST", "/tokenize"),
        ("POST", "/v1/load_lora_adapter"),
        ("POST", "/v1/completions"),
        ("GET", "/metrics"),
        ("GET", "/openapi.json"),
        ("GET", "/v1/models"),
    ],
)
def test_what_vllm_leaves_open_is_closed(server: Server, method: str, path: str):
    body = {"model": "base", "prompt": "a", "messages": [{"role": "user", "content": "a"}]}
    url = server.url.replace("/v1", path)
    asked = httpx.request(method, url, json=body | {"max_tokens": 1})
    assert asked.status_code == 401
    key = {"authorization": f"Bearer {KEY}"}
    expected = 200 if path in ("/metrics", "/v1/models") else 404
    assert httpx.request(method, url, json=body, headers=key).status_code == expected


async def test_a_model_that_is_not_there_is_said_to_be_unknown(server: Server):
    for name in ("nobody", "../base", "/etc"):
        assert (await failure(server, at(name))).kind == "unknown_model"


async def test_a_question_that_does_not_fit_is_refused(server: Server):
    assert (await failure(server, at(), profile=Profile(0.4, 5000, 0.9, 0.0))).kind == "refused"


async def test_who_comes_when_enough_are_waiting_is_told_to_come_later(server: Server):
    streams = [chat_at(at(), server.url).stream(call(profile=LONG)) for _ in range(MOST_REQUESTS)]
    for stream in streams:
        await anext(stream)
    refused = await failure(server, at())
    assert (refused.kind, refused.retry_after) == ("busy", 7)
    for stream in streams:
        await stream.aclose()
    assert await soon(lambda: server.metric("vllm:num_requests_running") == 0)
    assert text_of(await answer(server, at()))


async def test_a_schema_is_kept(server: Server):
    schema = {
        "type": "object",
        "properties": {
            "intent": {"type": "string", "enum": ["find", "ask"]},
            "guests": {"type": "integer", "minimum": 1, "maximum": 99},
        },
        "required": ["intent", "guests"],
        "additionalProperties": False,
    }
    for name in ("base", "planning"):
        told = json.loads(text_of(await answer(server, at(name), schema=schema, profile=MIDDLE)))
        assert told["intent"] in ("find", "ask")
        assert 1 <= told["guests"] <= 99
        assert set(told) == {"intent", "guests"}


async def test_a_tool_is_wished_for_with_arguments_that_follow_its_schema(server: Server):
    for _ in range(3):
        events = await answer(server, at(), tools=(FIND,), must_call=True, profile=MIDDLE)
        wish = next(event.call for event in events if isinstance(event, Called))
        told = json.loads(wish.arguments)
        assert wish.name == "find"
        assert told["what"] in ("tap", "roof")
        assert set(told) <= {"what", "most"}
        assert 1 <= told.get("most", 1) <= 9


async def test_what_a_tool_answered_is_understood(server: Server):
    wish = ToolCall("call-1", "find", '{"what": "tap"}')
    turns = (*call().turns, Turn("agent", "", calls=(wish,)), Turn("tool", "Two.", answers=wish))
    asked = Call(turns, SHORT, tools=(FIND,))
    events = [event async for event in chat_at(at(), server.url).stream(asked)]
    assert isinstance(events[-1], Finished)


async def test_adapters_are_chosen_by_name(server: Server):
    said = {
        name: text_of(await answer(server, at(name), profile=GREEDY))
        for name in ("base", "planning", "finance")
    }
    assert len(set(said.values())) == 3
    assert said["planning"] == text_of(await answer(server, at("planning"), profile=GREEDY))


async def test_a_salt_keeps_the_caches_of_markets_apart(server: Server):
    """The same question hits the cache for the same market, and not for another one."""

    async def hits(salt: str) -> float:
        before = server.metric("vllm:prefix_cache_hits_total")
        question = (Turn("person", "A tap leaks in the kitchen. " * 20),)
        events = chat_at(at(), server.url).stream(Call(question, SHORT, salt=salt))
        assert [event async for event in events]
        return server.metric("vllm:prefix_cache_hits_total") - before

    await hits("ours")
    assert await hits("ours") > 0
    assert await hits("theirs") == 0


async def test_who_leaves_stops_the_server_from_writing_on(server: Server):
    stream = chat_at(at(), server.url).stream(call(profile=LONG))
    for _ in range(3):
        await anext(stream)
    assert server.metric("vllm:num_requests_running") == 1
    await stream.aclose()
    assert await soon(lambda: server.metric("vllm:num_requests_running") == 0)
    written = server.metric("vllm:generation_tokens_total")
    await asyncio.sleep(1)
    assert server.metric("vllm:generation_tokens_total") == written


async def test_who_leaves_before_the_first_word_stops_it_too(server: Server):
    asking = asyncio.create_task(answer(server, at(), profile=LONG))
    assert await soon(lambda: server.metric("vllm:num_requests_running") == 1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await soon(lambda: server.metric("vllm:num_requests_running") == 0)


async def test_a_server_killed_in_mid_stream_is_followed_by_the_next_and_nothing_doubles(
    server: Server,
):
    """The last test: there is no server after it."""
    with standing_in() as other:
        links = (
            at("planning", urls=(server.url,)),
            target("m", other.url, endpoint="there"),
        )
        run = Run(
            chain=Chain("vendor", links, LONG, first_token_seconds=20, total_seconds=60),
            call=call(profile=LONG),
            calls=chat_at,
            breaker=Breaker(),
            counts=Counts(),
        )
        shown, before, events = "", "", list[object]()
        async for event in run.stream():
            events.append(event)
            match event:
                case Text(text):
                    shown += text
                    if len(events) == 5:
                        await asyncio.to_thread(server.kill)
                case Restarted(tried):
                    assert tried.reason == "cut"
                    before, shown = shown, ""
                case _:
                    pass
        assert before
        assert shown == "A plumber is near you [1]."
        assert sum(isinstance(event, Restarted) for event in events) == 1
        assert isinstance(events[-1], Answered)
        assert events[-1].tried[0].reason == "cut"
    gone = await failure(server, at())
    assert gone.kind == "unreachable"
