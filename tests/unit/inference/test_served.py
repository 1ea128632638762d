"""Calling models over HTTP, against a stand-in that answers as it is told to."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Generator

import pytest

from app.inference import served
from app.inference.calling import (
    Called,
    CallFailed,
    ChatEvent,
    Finished,
    Text,
    Tool,
    ToolCall,
    Turn,
)
from app.inference.served import chat_at, close_clients
from app.inference.targets import Target
from tests.stand_in import Manner, StandIn, standing_in
from tests.unit.inference.targets import call, target


@pytest.fixture(scope="module")
def server() -> Generator[StandIn]:
    with standing_in() as here:
        yield here


@pytest.fixture
async def here(server: StandIn) -> AsyncGenerator[StandIn]:
    server.forget()
    yield server
    await close_clients()


async def answer(at: Target, here: StandIn, **more: object) -> list[ChatEvent]:
    chat = chat_at(at, here.url)
    return [event async for event in chat.stream(call(**more))]


async def seen(what: Callable[[], object]) -> None:
    """Wait until the stand-in, which runs in another thread, has seen it."""
    until = time.monotonic() + 3
    while not what() and time.monotonic() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


def text_of(events: list[ChatEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, Text))


@pytest.mark.parametrize("kind", ["openai", "vllm", "hub"])
async def test_an_answer_streams_and_counts_its_tokens(here: StandIn, kind: str):
    events = await answer(target(kind=kind), here)
    assert text_of(events) == "A plumber is near you [1]."
    assert len([event for event in events if isinstance(event, Text)]) == 3
    assert events[-1] == Finished(11, 7, "stop")
    (asked,) = here.asked
    assert [(said["role"], said["content"]) for said in asked["messages"]] == [
        ("system", "Be brief."),
        ("user", "A tap leaks."),
    ]
    assert (asked["temperature"], asked["top_p"], asked["max_tokens"]) == (0.4, 0.9, 100)
    assert asked["frequency_penalty"] == 0.1
    assert here.headers[0]["authorization"] == "Bearer the-key"


async def test_only_vllm_is_told_how_to_keep_markets_apart(here: StandIn):
    for kind in ("vllm", "openai"):
        await answer(target(kind=kind), here, salt="ours")
    assert [asked.get("cache_salt") for asked in here.asked] == ["ours", None]


@pytest.mark.parametrize("kind", ["openai", "vllm", "hub"])
async def test_a_schema_is_handed_on(here: StandIn, kind: str):
    schema = {"type": "object", "properties": {"intent": {"type": "string"}}}
    await answer(target(kind=kind), here, schema=schema)
    told = here.asked[0]["response_format"]
    if kind == "hub":
        # Its client says it in the words of the Hub's own server.
        assert told == {"type": "json_object", "value": schema}
        return
    assert told["type"] == "json_schema"
    assert told["json_schema"]["schema"]["properties"] == schema["properties"]


@pytest.mark.parametrize("kind", ["openai", "hub"])
async def test_a_model_wishes_for_a_tool_and_is_told_what_came_of_it(here: StandIn, kind: str):
    here.manners["m"] = Manner(tool=("find", '{"what": "tap"}'))
    tool = Tool("find", "Finds services.", {"type": "object", "properties": {}})
    events = await answer(target(kind=kind), here, tools=(tool,))
    wish = next(event.call for event in events if isinstance(event, Called))
    assert (wish.name, json.loads(wish.arguments)) == ("find", {"what": "tap"})
    assert here.asked[0]["tools"][0]["function"]["name"] == "find"
    here.manners.clear()
    turns = (
        *call().turns,
        Turn("agent", "", calls=(ToolCall("call-1", "find", "{}"),)),
        Turn("tool", "Nothing.", answers=wish),
    )
    chat = chat_at(target(kind=kind), here.url)
    asked = type(call())(turns, call().profile, tools=(tool,))
    assert text_of([event async for event in chat.stream(asked)])
    assert here.asked[1]["messages"][-1]["role"] == "tool"


async def test_vllm_is_asked_to_keep_to_the_schemas_of_tools(here: StandIn):
    """A real one keeps to them only where that is asked for, and knows optional properties."""
    schema = {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {}},
        "required": ["a"],
    }
    tool = Tool("find", "Finds services.", schema)
    for kind in ("vllm", "openai"):
        await answer(target(kind=kind), here, tools=(tool,))
    ours, others = (asked["tools"][0]["function"] for asked in here.asked)
    assert ours["strict"] is True
    assert ours["parameters"] == schema
    assert "strict" not in others


async def test_a_model_is_told_when_it_must_call_a_tool(here: StandIn):
    tool = Tool("find", "Finds services.", {"type": "object", "properties": {}})
    for must_call in (True, False):
        await answer(target(kind="vllm"), here, tools=(tool,), must_call=must_call)
    assert [asked["tool_choice"] for asked in here.asked] == ["required", "auto"]


@pytest.mark.parametrize("kind", ["openai", "vllm", "hub", "yandexgpt"])
@pytest.mark.parametrize(
    ("manner", "failure"),
    [
        (Manner(status=401), "unauthorized"),
        (Manner(status=403), "unauthorized"),
        (Manner(status=404), "unknown_model"),
        (Manner(status=400), "refused"),
        (Manner(status=429, headers={"retry-after": "7"}), "busy"),
        (Manner(status=500), "broken"),
        (Manner(status=503), "broken"),
        (Manner(garbage=True), "garbled"),
        (Manner(cut_after=2), "cut"),
        (Manner(cut_after=2, ends_politely=False), "cut"),
    ],
)
async def test_each_failure_is_told_apart(here: StandIn, kind: str, manner: Manner, failure: str):
    here.manners["m"] = manner
    at = target(kind=kind, told={"folder": "f1"} if kind == "yandexgpt" else {})
    if kind == "yandexgpt":
        here.manners["gpt://f1/m"] = manner
    with pytest.raises(CallFailed) as failed:
        await answer(at, here)
    assert failed.value.kind == failure
    assert "tap" not in str(failed.value)
    if failure == "busy":
        assert failed.value.retry_after == 7


async def test_where_nobody_listens_nobody_answers():
    events = chat_at(target(), "http://127.0.0.1:9/v1").stream(call())
    with pytest.raises(CallFailed) as failed:
        await anext(events)
    assert failed.value.kind == "unreachable"
    await close_clients()


@pytest.mark.parametrize("kind", ["openai", "hub"])
async def test_what_may_not_reach_inside_does_not(here: StandIn, kind: str):
    with pytest.raises(CallFailed) as failed:
        await answer(target(kind=kind, inside=False), here)
    assert failed.value.kind == "address"
    assert here.asked == []


@pytest.mark.parametrize("kind", ["openai", "hub"])
async def test_who_leaves_ends_the_request_at_the_server(here: StandIn, kind: str):
    here.manners["m"] = Manner(words=("word ",) * 200, between=0.05)
    events = chat_at(target(kind=kind), here.url).stream(call())
    assert isinstance(await anext(events), Text)
    await events.aclose()
    await seen(lambda: here.left)
    assert here.left == 1


async def test_a_cancelled_task_ends_the_request_before_the_first_word(here: StandIn):
    here.manners["m"] = Manner(before=30)

    async def ask() -> None:
        await answer(target(), here)

    asking = asyncio.create_task(ask())
    await seen(lambda: here.asked)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await seen(lambda: here.left)
    assert here.left == 1


def gigachat(here: StandIn, **more: object) -> Target:
    told = {"oauth": here.url.replace("/v1", "/oauth"), "scope": "GIGACHAT_API_B2B"}
    return target("GigaChat-2", kind="gigachat", told=told, **more)


async def test_gigachat_is_called_with_a_token_that_is_kept(here: StandIn):
    """As its reference describes it; against a stand-in, for it cannot be reached from here."""
    for _ in range(2):
        assert text_of(await answer(gigachat(here), here))
    assert here.tokens == 1
    assert [told["authorization"] for told in here.headers] == ["Bearer token-1"] * 2
    assert "frequency_penalty" not in here.asked[0]


async def test_a_token_that_gigachat_refuses_is_replaced(here: StandIn):
    await answer(gigachat(here), here)
    here.refused_token = "token-1"
    with pytest.raises(CallFailed, match="unauthorized"):
        await answer(gigachat(here), here)
    assert text_of(await answer(gigachat(here), here))
    assert here.tokens == 2


async def test_a_wrong_key_for_gigachat_is_said_to_be_one(here: StandIn):
    with pytest.raises(CallFailed, match="unauthorized"):
        await answer(gigachat(here, secret="wrong"), here)


async def test_yandexgpt_is_told_the_folder(here: StandIn):
    """As its documentation of OpenAI compatibility says; against a stand-in."""
    await answer(target("yandexgpt/latest", kind="yandexgpt", told={"folder": "f1"}), here)
    assert here.asked[0]["model"] == "gpt://f1/yandexgpt/latest"
    assert here.headers[0]["openai-project"] == "f1"


def test_no_key_is_in_what_a_target_prints():
    assert "the-key" not in repr(target())
    assert served.MOST_CLIENTS > 1
