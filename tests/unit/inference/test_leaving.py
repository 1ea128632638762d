"""What leaves for models outside is masked, or does not leave at all."""

import json
from collections.abc import AsyncGenerator, Generator
from dataclasses import replace

import pytest

from app.inference import leaving
from app.inference.calling import Call, Called, CallFailed, ChatEvent, Text, ToolCall, Turn
from app.inference.leaving import is_ours
from app.inference.reaching import chat_at
from app.inference.served import close_clients
from app.inference.transport import client
from app.outbound import AddressRefused
from app.trust import masking
from tests.stand_in import Manner, StandIn, standing_in
from tests.unit.inference.targets import PROFILE, target

LETTER = "My name is John Smith, ring +44 20 7946 0958 or write to john@example.com."
SECRETS = ("John", "Smith", "7946", "john@example.com")


@pytest.fixture(scope="module")
def server() -> Generator[StandIn]:
    with standing_in() as here:
        yield here


@pytest.fixture
async def here(server: StandIn) -> AsyncGenerator[StandIn]:
    server.forget()
    yield server
    await close_clients()


@pytest.fixture
def outside(here: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The stand-in, at an address that counts as one of the internet."""
    monkeypatch.setattr(leaving, "is_public", lambda _address: True)
    return here


def letter(**more: object) -> Call:
    past = Turn("agent", "", (ToolCall("1", "note", '{"who": "john@example.com"}'),))
    turns = (Turn("system", "Be brief."), Turn("person", LETTER), past)
    answers = Turn("tool", "Noted for John Smith.", answers=past.calls[0])
    call = Call((*turns, answers, Turn("person", "Thanks")), PROFILE)
    return replace(call, **more)  # pyright: ignore[reportArgumentType]


async def told(here: StandIn, call: Call, kind: str = "openai") -> list[ChatEvent]:
    chat = chat_at(target(kind=kind), here.url)
    return [event async for event in chat.stream(call)]


def sent(here: StandIn) -> str:
    return json.dumps(here.asked, ensure_ascii=False)


@pytest.mark.parametrize("kind", ["openai", "vllm", "hub", "yandexgpt"])
async def test_nothing_personal_reaches_an_endpoint_outside(outside: StandIn, kind: str):
    call = letter()
    await told(outside, call, kind)
    assert outside.asked
    assert not [secret for secret in SECRETS if secret in sent(outside)]
    assert call.masked == {"PERSON": 1, "PHONE": 1, "EMAIL": 1}


async def test_the_answer_has_the_values_back_also_where_a_sign_is_cut(outside: StandIn):
    def words(body: dict[str, object]) -> tuple[str, ...]:
        asked = json.dumps(body["messages"])
        at = asked.index("<EMAIL-")
        sign = asked[at : asked.index(">", at) + 1]
        return ("Writing to ", sign[:3], sign[3:9], sign[9:], ". ", sign[1:-1])

    outside.manners["m"] = Manner(says=words)
    events = await told(outside, letter())
    text = "".join(event.text for event in events if isinstance(event, Text))
    assert text == "Writing to john@example.com. john@example.com"


async def test_a_tool_is_called_with_the_values(outside: StandIn):
    def tool(body: dict[str, object]) -> tuple[str, str]:
        asked = json.dumps(body["messages"])
        at = asked.index("<EMAIL-")
        return ("note", json.dumps({"to": asked[at : asked.index(">", at) + 1]}))

    outside.manners["m"] = Manner(calls=tool)
    events = await told(outside, letter())
    (called,) = [event for event in events if isinstance(event, Called)]
    assert json.loads(called.call.arguments) == {"to": "john@example.com"}


async def test_what_cannot_be_masked_is_not_sent(
    outside: StandIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(text: str) -> list[object]:
        raise ValueError(text)

    monkeypatch.setattr(masking, "found_in", fail)
    with pytest.raises(CallFailed) as failed:
        await told(outside, letter())
    assert failed.value.kind == "unmasked"
    assert outside.asked == []
    assert "Smith" not in caplog.text


async def test_our_own_endpoints_are_told_all(here: StandIn):
    await told(here, letter())
    assert "John Smith" in sent(here)


async def test_where_the_rule_says_so_it_leaves_as_it_is(outside: StandIn):
    call = letter(may_leave=True)
    await told(outside, call)
    assert "John Smith" in sent(outside)
    assert not call.masked


@pytest.mark.parametrize(
    ("url", "inside", "ours"),
    [
        ("http://127.0.0.1:8000/v1", True, True),
        ("http://127.0.0.1:8000/v1", False, False),
        ("http://10.0.0.5:8000/v1", True, True),
        ("http://[::1]:8000/v1", True, True),
        ("http://localhost:8000/v1", True, True),
        ("https://8.8.8.8/v1", True, False),
        ("https://no-such-name.invalid/v1", True, False),
        ("https:///v1", True, False),
    ],
)
async def test_ours_is_what_is_inside_and_of_no_public_network(url: str, inside: bool, ours: bool):
    assert await is_ours(target(inside=inside), url) is ours


async def test_a_name_that_the_hubs_client_looks_up_itself_is_outside():
    at = target(inside=True, kind="hub")
    assert not await is_ours(at, "http://localhost:8000/v1")
    assert await is_ours(at, "http://127.0.0.1:8000/v1")


async def test_a_name_that_turns_public_after_it_was_looked_at_gets_nothing(
    here: StandIn, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.inference.transport.is_public", lambda _address: True)
    async with client(private=True, near=True) as http:
        with pytest.raises(AddressRefused):
            await http.post(f"{here.url}/chat/completions", json={"model": "m"})
    assert here.asked == []
